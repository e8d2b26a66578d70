//! A shift as one page of paper: HTML of its own, without anything to be fetched.

use std::fmt::Write as _;

use millwright_model::{HandoverView, ShiftEntryKind, ShiftHappening, ShiftLine, ShiftSpan, ShiftView};

/// So many lines fit on one page; the rest is named by its count.
const LINES_MAX: usize = 46;
/// So much of a line is printed.
const LINE_CHARS: usize = 160;

const STYLE: &str = "@page{size:A4;margin:12mm}body{font:10.5px/1.35 system-ui,sans-serif;color:#000;margin:0}\
h1{font-size:17px;margin:0}h2{font-size:12px;margin:8px 0 2px;border-top:1px solid #000;padding-top:3px}\
p{margin:2px 0 6px;color:#333}ul{list-style:none;margin:0;padding:0}li{padding:1px 0;break-inside:avoid}\
b.m::before{content:'\\25B2\\00A0'}small{color:#333}";

/// The page.
pub(crate) fn page(view: &ShiftView, said: impl Fn(&ShiftSpan) -> String) -> String {
    let mut room = LINES_MAX;
    let mut body = String::new();
    for handover in &view.handovers {
        let by = handover.given_by_name.as_deref().unwrap_or("a person without a name");
        section(&mut body, &format!("Handed over by {by}"), handed_over(handover), &mut room);
    }
    for group in &view.groups {
        let name = match (&group.asset_code, &group.asset_name) {
            (Some(code), Some(name)) => format!("{code} {name}"),
            _ => "No machine".to_owned(),
        };
        let lines = group.lines.iter().map(|line| (line.item.happening.matters(), line_words(line)));
        section(&mut body, &name, lines.collect(), &mut room);
    }
    if body.is_empty() {
        body.push_str("<p>Nothing happened.</p>");
    }
    let title = format!("{} {}", view.plant_name, said(&view.shift));
    let title = escaped(title.trim());
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><h1>{title}</h1><p>\u{25B2} marks what the next shift should know.</p>{body}</body></html>\n"
    )
}

fn handed_over(handover: &HandoverView) -> Vec<(bool, String)> {
    let line = |line: &millwright_model::HandoverLine| {
        let names: Vec<&str> =
            line.acknowledged.iter().map(|read| read.person_name.as_deref().unwrap_or("?")).collect();
        let read = if names.is_empty() { "not read yet".to_owned() } else { names.join(", ") };
        (true, format!("{} [{read}]", line_words(&line.line)))
    };
    handover.lines.iter().map(line).collect()
}

fn section(body: &mut String, name: &str, lines: Vec<(bool, String)>, room: &mut usize) {
    let shown = lines.len().min(*room);
    *room -= shown;
    let mut text = format!("<h2>{}</h2><ul>", escaped(name));
    for (matters, line) in lines.iter().take(shown) {
        let cut: String = line.chars().take(LINE_CHARS).collect();
        let ending = if cut.len() < line.len() { "\u{2026}" } else { "" };
        let tag = if *matters { "<b class=\"m\">" } else { "<b style=\"font-weight:400\">" };
        // Writing to a String cannot fail.
        let _infallible = write!(text, "<li>{tag}{}{ending}</b></li>", escaped(&cut)).is_ok();
    }
    if shown < lines.len() {
        let _infallible =
            write!(text, "<li><small>and {} more in the app</small></li>", lines.len() - shown).is_ok();
    }
    text.push_str("</ul>");
    body.push_str(&text);
}

/// What happened, with its order and who did it.
pub(crate) fn line_words(line: &ShiftLine) -> String {
    let mut parts = vec![happening(&line.item.happening)];
    if let (Some(number), Some(title)) = (&line.order_number, &line.order_title) {
        parts.push(format!("{number} {title}"));
    }
    parts.extend(line.by_name.clone());
    parts.join(" \u{b7} ")
}

/// What happened, in words.
fn happening(happening: &ShiftHappening) -> String {
    match happening {
        ShiftHappening::Said { text } => text.clone(),
        ShiftHappening::OrderStarted => "work begun".to_owned(),
        ShiftHappening::OrderHeld { reason, waits_for_part: true } => format!("waits for a part: {reason}"),
        ShiftHappening::OrderHeld { reason, waits_for_part: false } => format!("interrupted: {reason}"),
        ShiftHappening::OrderCompleted { details_pending: true, .. } => {
            "completed, details still missing".to_owned()
        }
        ShiftHappening::OrderCompleted { words, .. } if words.is_empty() => "completed".to_owned(),
        ShiftHappening::OrderCompleted { words, .. } => format!("completed: {words}"),
        ShiftHappening::OrderCancelled { reason } => format!("cancelled: {reason}"),
        ShiftHappening::StillOpen { status } => {
            format!("not finished: {}", status.as_str().replace('_', " "))
        }
        ShiftHappening::StepSkipped { step, reason, mandatory } => {
            let kind = if *mandatory { "mandatory step" } else { "step" };
            format!("{kind} «{step}» skipped: {reason}")
        }
        ShiftHappening::ReadingBeyond { step, value, unit } => {
            format!("«{step}»: {value} {unit}, outside the limits")
        }
        ShiftHappening::RequestRaised { text, machine_down: true } => format!("stands still: {text}"),
        ShiftHappening::RequestRaised { text, machine_down: false } => format!("request: {text}"),
        ShiftHappening::PlanRaised => "due by its plan".to_owned(),
        ShiftHappening::Written { entry_kind, text, attachment_id } => {
            let with = if attachment_id.is_some() { " (with a photo or voice note)" } else { "" };
            match entry_kind {
                ShiftEntryKind::Note => format!("{text}{with}"),
                ShiftEntryKind::Fault
                | ShiftEntryKind::Watch
                | ShiftEntryKind::Safety
                | ShiftEntryKind::Done => format!("{}: {text}{with}", entry_kind.as_str()),
            }
        }
        ShiftHappening::TagStale { tag, .. } => format!("{tag} silent"),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use millwright_model::{ShiftGroup, ShiftItem, TimestampMs};

    fn line(text: &str) -> ShiftLine {
        ShiftLine {
            item: ShiftItem {
                item_id: Default::default(),
                at: TimestampMs(0),
                by: None,
                asset_id: None,
                work_order_id: None,
                happening: ShiftHappening::Written {
                    entry_kind: ShiftEntryKind::Watch,
                    text: text.to_owned(),
                    attachment_id: None,
                },
            },
            by_name: Some("Anna <b>".to_owned()),
            asset_code: None,
            asset_name: None,
            order_number: None,
            order_title: None,
            attachment: None,
        }
    }

    fn view(lines: Vec<ShiftLine>) -> ShiftView {
        let groups = if lines.is_empty() {
            vec![]
        } else {
            vec![ShiftGroup { asset_id: None, asset_code: None, asset_name: None, lines }]
        };
        ShiftView {
            shift: ShiftSpan {
                name: "Night".into(),
                starts_at: TimestampMs(0),
                ends_at: TimestampMs(1),
                starts_on: Default::default(),
                starts_min: 0,
                ends_min: 0,
            },
            current: true,
            earlier: vec![],
            later: None,
            groups,
            more: false,
            handovers: vec![],
            unread: vec![],
            pattern: vec![],
            plant_name: "North & South".into(),
        }
    }

    fn paper(lines: Vec<ShiftLine>) -> String {
        page(&view(lines), |shift| shift.name.clone())
    }

    #[test]
    fn what_people_wrote_is_text_and_never_markup() {
        let page = paper(vec![line("<script>alert('x')</script>")]);
        assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
        assert!(
            page.contains("&lt;script&gt;alert(&#39;x&#39;)") && page.contains("North &amp; South Night")
        );
    }

    #[test]
    fn a_long_shift_still_is_one_page_and_says_what_is_left_out() {
        let page =
            paper((0..200).map(|number| line(&format!("line {number} {}", "x".repeat(500)))).collect());
        assert_eq!(page.matches("<li>").count(), LINES_MAX + 1);
        assert!(page.contains("and 154 more in the app"), "{page}");
    }

    #[test]
    fn a_quiet_shift_says_so_and_fetches_nothing() {
        let page = paper(vec![]);
        assert!(page.contains("Nothing happened.") && !page.contains("http") && !page.contains("src="));
    }
}
