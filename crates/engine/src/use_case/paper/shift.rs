//! A shift on one page of paper: what it handed over and who read it, then what happened by machine.

use millwright_model::*;
use millwright_paper::{Block, Row};

use super::voice::{Voice, clock};
use super::words::filled;
use super::{Told, heading, joined, table, words};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::shift;

/// So much of one line is printed: a page has room for all machines.
const LINE_CHARS: usize = 240;

pub(super) async fn told(
    engine: &Inner,
    voice: &Voice,
    at: Option<TimestampMs>,
) -> Result<Told, EngineError> {
    let view = shift::show(engine, ShiftShow { at }).await?;
    let (span, language) = (&view.shift, voice.language);
    let mut blocks = Vec::new();
    for handover in &view.handovers {
        blocks.extend(handed_over(voice, handover));
    }
    if view.handovers.is_empty() {
        blocks.push(words("", language.not_handed_over()));
    }
    for group in &view.groups {
        let name = match (&group.asset_code, &group.asset_name) {
            (Some(code), Some(name)) => format!("{code} {name}"),
            _ => language.no_machine().to_owned(),
        };
        let columns =
            [(language.time(), 1.2), (language.what(), 7.0), (language.order(), 3.5), (language.who(), 2.5)];
        let rows = group.lines.iter().map(|line| log_row(voice, line)).collect();
        blocks.extend([heading(&name), table(columns, rows)]);
    }
    if view.more {
        blocks.push(words("", language.only_newest()));
    }
    if view.groups.is_empty() {
        blocks.push(words("", language.nothing_happened()));
    }
    let times = format!("{}\u{2013}{}", clock(span.starts_min), clock(span.ends_min));
    Ok(Told {
        stem: format!("shift-{}-{}", span.starts_on, span.name),
        name: format!("{} {}", language.shift(), voice.day(span.starts_on)),
        title: format!("{} {times}", voice.shift_name(&span.name)),
        standing: String::new(),
        blocks,
        single_page: true,
    })
}

fn handed_over(voice: &Voice, handover: &HandoverView) -> Vec<Block> {
    let language = voice.language;
    let person = voice.person(handover.given_by_name.as_deref());
    let at = voice.moment(handover.given_at);
    let row = |item: &HandoverLine| {
        let line = &item.line;
        let read: Vec<String> =
            item.acknowledged.iter().map(|read| voice.person(read.person_name.as_deref())).collect();
        let read = if read.is_empty() { language.not_read().to_owned() } else { read.join(", ") };
        let order = line.order_number.clone().unwrap_or_default();
        Row {
            cells: vec![
                line.asset_code.clone().unwrap_or_default(),
                joined([happening(voice, &line.item.happening), order]),
                read,
            ],
            strong: false,
        }
    };
    let columns = [(language.machine(), 2.0), (language.what(), 8.0), (language.read_by(), 4.0)];
    vec![
        heading(&filled(language.handed_over(), &[("person", &person), ("at", &at)])),
        table(columns, handover.lines.iter().map(row).collect()),
    ]
}

fn log_row(voice: &Voice, line: &ShiftLine) -> Row {
    let order = match (&line.order_number, &line.order_title) {
        (Some(number), Some(title)) => format!("{number} {title}"),
        _ => String::new(),
    };
    Row {
        cells: vec![
            voice.time(line.item.at),
            happening(voice, &line.item.happening),
            order,
            line.by_name.clone().unwrap_or_default(),
        ],
        strong: line.item.happening.matters(),
    }
}

/// What happened, in words.
fn happening(voice: &Voice, happening: &ShiftHappening) -> String {
    let language = voice.language;
    let words = match happening {
        ShiftHappening::Said { text } => text.clone(),
        ShiftHappening::OrderStarted => language.begun().to_owned(),
        ShiftHappening::OrderHeld { reason, waits_for_part } => {
            let held = if *waits_for_part { language.held_for_part() } else { language.held() };
            filled(held, &[("reason", reason)])
        }
        ShiftHappening::OrderCompleted { details_pending: true, .. } => language.closed_pending().to_owned(),
        ShiftHappening::OrderCompleted { words, .. } if words.is_empty() => language.closed_bare().to_owned(),
        ShiftHappening::OrderCompleted { words, .. } => filled(language.closed(), &[("words", words)]),
        ShiftHappening::OrderCancelled { reason } => filled(language.given_up(), &[("reason", reason)]),
        ShiftHappening::StillOpen { status } => {
            filled(language.still_open(), &[("status", voice.status(*status))])
        }
        ShiftHappening::StepSkipped { step, reason, mandatory } => {
            let skipped = if *mandatory { language.mandatory_skipped() } else { language.step_skipped() };
            filled(skipped, &[("step", step), ("reason", reason)])
        }
        ShiftHappening::ReadingBeyond { step, value, unit } => {
            let value = voice.with_unit(*value, unit);
            filled(language.reading_beyond(), &[("step", step), ("value", &value)])
        }
        ShiftHappening::RequestRaised { text, machine_down } => {
            let raised = if *machine_down { language.stands_still() } else { language.asked() };
            filled(raised, &[("text", text)])
        }
        ShiftHappening::PlanRaised => language.plan_raised().to_owned(),
        ShiftHappening::Written { entry_kind, text, attachment_id } => {
            let written = match entry_kind {
                ShiftEntryKind::Note => text.clone(),
                ShiftEntryKind::Fault => filled(language.entry_fault(), &[("text", text)]),
                ShiftEntryKind::Watch => filled(language.entry_watch(), &[("text", text)]),
                ShiftEntryKind::Safety => filled(language.entry_safety(), &[("text", text)]),
                ShiftEntryKind::Done => filled(language.entry_done(), &[("text", text)]),
            };
            match attachment_id {
                Some(_) => filled(language.with_file(), &[("text", &written)]),
                None => written,
            }
        }
        ShiftHappening::TagStale { tag, .. } => filled(language.silent(), &[("tag", tag)]),
    };
    let line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LINE_CHARS {
        return line;
    }
    let cut: String = line.chars().take(LINE_CHARS).collect();
    format!("{}\u{2026}", cut.trim_end())
}
