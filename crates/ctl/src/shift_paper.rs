//! A shift as one page of paper: HTML of its own, without anything to be fetched.

use std::fmt::Write as _;

use millwright_model::{HandoverView, ShiftEntryKind, ShiftHappening, ShiftLine, ShiftSpan, ShiftView};

/// What an A4 page of this style has room for below its head, in CSS pixels (273 mm at 96 to the inch, less the head).
const ROOM_PX: usize = 940;
/// What a heading, a line, and a row of running words take of it.
const HEADING_PX: usize = 30;
const LINE_PX: usize = 17;
/// So many characters surely stand in one row of running words.
const ROW_CHARS: usize = 100;
/// So much of what a person says is printed.
const SAID_CHARS: usize = 1_000;
/// So much of a line is printed; the page cuts it at its edge.
const LINE_CHARS: usize = 160;

const STYLE: &str = "@page{size:A4;margin:12mm}body{font:10.5px/1.4 system-ui,sans-serif;color:#000;margin:0;\
max-width:186mm}h1{font-size:17px;margin:0;line-height:24px}h2{font-size:12px;line-height:17px;margin:6px 0 2px;\
border-top:1px solid #000;padding-top:3px}h1,h2,li{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}\
p{margin:2px 0 6px}ul{list-style:none;margin:0;padding:0}li{line-height:17px}li.said{white-space:pre-wrap}\
li.m{font-weight:600}li.m::before{content:'\\25B2\\00A0'}";

/// A line of the page.
struct Row {
    class: &'static str,
    words: String,
    height_px: usize,
}

/// The page, and what there is room for on it.
struct Paper {
    body: String,
    room_px: usize,
    left_out: usize,
}

impl Paper {
    /// Adds what there is room for under a heading; one line stays free for what is left out.
    fn add(&mut self, heading: &str, rows: Vec<Row>) {
        let first_px = rows.first().map_or(LINE_PX, |row| row.height_px);
        if self.room_px < HEADING_PX + first_px + LINE_PX {
            self.left_out += rows.len();
            return;
        }
        self.room_px -= HEADING_PX;
        let mut text = format!("<h2>{}</h2><ul>", escaped(heading));
        for row in rows {
            if self.room_px < row.height_px + LINE_PX {
                self.left_out += 1;
                continue;
            }
            self.room_px -= row.height_px;
            // Writing to a String cannot fail.
            let _infallible =
                write!(text, "<li class=\"{}\">{}</li>", row.class, escaped(&row.words)).is_ok();
        }
        self.body.push_str(&text);
        self.body.push_str("</ul>");
    }
}

/// The page.
pub(crate) fn page(view: &ShiftView, said: impl Fn(&ShiftSpan) -> String) -> String {
    let mut paper = Paper { body: String::new(), room_px: ROOM_PX, left_out: 0 };
    for handover in &view.handovers {
        let by = handover.given_by_name.as_deref().unwrap_or("a person without a name");
        paper.add(&format!("Handed over by {by}"), handed_over(handover));
    }
    for group in &view.groups {
        let name = match (&group.asset_code, &group.asset_name) {
            (Some(code), Some(name)) => format!("{code} {name}"),
            _ => "No machine".to_owned(),
        };
        let rows = group.lines.iter().map(|line| row(line.item.happening.matters(), &line_words(line)));
        paper.add(&name, rows.collect());
    }
    if view.handovers.is_empty() && view.groups.is_empty() {
        paper.body.push_str("<p>Nothing happened.</p>");
    }
    if paper.left_out > 0 || view.more {
        let count = paper.left_out;
        let _infallible = write!(paper.body, "<p>and {count} more in the app</p>").is_ok();
    }
    let title = format!("{} {}", view.plant_name, said(&view.shift));
    let title = escaped(title.trim());
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><h1>{title}</h1><p>\u{25B2} marks what the next shift should know.</p>{}</body></html>\n",
        paper.body
    )
}

fn row(matters: bool, words: &str) -> Row {
    // One row, whatever was typed: the page cuts it at its edge.
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LINE_CHARS).collect();
    Row { class: if matters { "m" } else { "" }, words, height_px: LINE_PX }
}

fn handed_over(handover: &HandoverView) -> Vec<Row> {
    let line = |line: &millwright_model::HandoverLine| {
        let names: Vec<&str> =
            line.acknowledged.iter().map(|read| read.person_name.as_deref().unwrap_or("?")).collect();
        let read = if names.is_empty() { "not read yet".to_owned() } else { names.join(", ") };
        match &line.line.item.happening {
            ShiftHappening::Said { text } => {
                let cut: String = text.chars().take(SAID_CHARS).collect();
                let ending = if cut.len() < text.len() { "\u{2026}" } else { "" };
                let words = format!("{cut}{ending} [{read}]");
                let rows: usize =
                    words.lines().map(|line| line.chars().count().div_ceil(ROW_CHARS).max(1)).sum();
                Row { class: "said", words, height_px: rows * LINE_PX }
            }
            // Who read it stands first: the end of a long line is cut.
            _ => row(true, &format!("[{read}] {}", machine_and_words(&line.line))),
        }
    };
    handover.lines.iter().map(line).collect()
}

/// A line with its machine in front, for lists that are not by machine.
pub(crate) fn machine_and_words(line: &ShiftLine) -> String {
    match &line.asset_code {
        Some(code) => format!("{code} \u{b7} {}", line_words(line)),
        None => line_words(line),
    }
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
        let long = |number: usize| line(&format!("line {number}\n{}", "x".repeat(500)));
        let page = paper((0..200).map(long).collect());
        let shown = page.matches("<li").count();
        assert_eq!(shown, (ROOM_PX - HEADING_PX - LINE_PX) / LINE_PX);
        assert!(page.contains(&format!("and {} more in the app", 200 - shown)), "{page}");
        let of_many_machines: Vec<ShiftGroup> = (0..100)
            .map(|number| ShiftGroup {
                asset_id: None,
                asset_code: Some(format!("P-{number}")),
                asset_name: Some("Pump".to_owned()),
                lines: vec![line("Runs warm")],
            })
            .collect();
        let many = ShiftView { groups: of_many_machines, ..view(vec![]) };
        let page = super::page(&many, |shift| shift.name.clone());
        assert!(page.matches("<h2>").count() * (HEADING_PX + LINE_PX) <= ROOM_PX, "{page}");
        assert!(page.contains("more in the app"));
    }

    #[test]
    fn a_quiet_shift_says_so_and_fetches_nothing() {
        let page = paper(vec![]);
        assert!(page.contains("Nothing happened.") && !page.contains("http") && !page.contains("src="));
    }
}
