//! The shift at a terminal: its log, a line, handing over, having read it, and the page for the wall.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;
use uuid::Uuid;

use crate::cli::{EntryWord, ShiftAct};
use crate::face::Face;
use crate::output::answer;
use crate::paper;
use crate::run::{find_asset, find_order, invalid};
use crate::shift_paper::{line_words, machine_and_words, page};

/// How far back a shift can be asked for.
const BACK_MAX: u32 = 1_000;

pub(crate) async fn shift(face: &Face, json: bool, act: &ShiftAct) -> Result<(), ApiError> {
    match act {
        ShiftAct::Show { back } => {
            let view = shift_back(face, *back).await?;
            answer(json, "shift", &view, shift_lines)
        }
        ShiftAct::Add { text, kind, asset, order, file } => {
            let asset_id = match asset {
                Some(code) => Some(find_asset(face, code).await?),
                None => None,
            };
            let work_order_id = match order {
                Some(order) => Some(find_order(face, order).await?),
                None => None,
            };
            let entry_kind = match kind {
                EntryWord::Note => ShiftEntryKind::Note,
                EntryWord::Fault => ShiftEntryKind::Fault,
                EntryWord::Watch => ShiftEntryKind::Watch,
                EntryWord::Safety => ShiftEntryKind::Safety,
                EntryWord::Done => ShiftEntryKind::Done,
            };
            let attachment = file.as_deref().map(attached).transpose()?;
            let command =
                ShiftEntryAdd { entry_kind, text: text.clone(), asset_id, work_order_id, attachment };
            let done = face.call(command).await?;
            answer(json, "done", &done, |_done| vec!["Written.".to_owned()])
        }
        ShiftAct::HandOver { text, back, item, dry_run } => {
            hand_over(face, json, text, *back, item, *dry_run).await
        }
        ShiftAct::Acknowledge { item } => acknowledge(face, json, item.as_deref()).await,
        ShiftAct::Pdf { back, words } => {
            let at = Some(shift_back(face, *back).await?.shift.starts_at);
            paper::write(face, json, PaperSubject::Shift { at }, words).await
        }
        ShiftAct::Page { out, back } => {
            let view = shift_back(face, *back).await?;
            let html = page(&view, span_words);
            std::fs::write(out, html).map_err(|error| invalid(format!("{}: {error}", out.display())))?;
            answer(json, "shift-page", &out.display().to_string(), |out| vec![format!("{out} is written.")])
        }
        ShiftAct::Pattern { shifts } => {
            let shifts = shifts.iter().map(|text| shift_time(text)).collect::<Result<_, _>>()?;
            let done = face.call(ShiftPatternSave { shifts }).await?;
            answer(json, "done", &done, |_done| vec!["Kept.".to_owned()])
        }
    }
}

/// The shift so many back from the one that runs.
async fn shift_back(face: &Face, back: u32) -> Result<ShiftView, ApiError> {
    if back > BACK_MAX {
        return Err(invalid(format!("at most {BACK_MAX} shifts back can be asked for")));
    }
    let mut view = face.call(ShiftShow { at: None }).await?;
    let mut left = back as usize;
    while left > 0 {
        let reach = left.min(view.earlier.len());
        let Some(span) = reach.checked_sub(1).and_then(|place| view.earlier.get(place)) else { break };
        view = face.call(ShiftShow { at: Some(span.starts_at) }).await?;
        left -= reach;
    }
    Ok(view)
}

/// A shift in words, by the plant's clock.
fn span_words(span: &ShiftSpan) -> String {
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    format!("{} {} {}\u{2013}{}", span.name, span.starts_on, clock(span.starts_min), clock(span.ends_min))
}

fn shift_lines(view: &ShiftView) -> Vec<String> {
    let mut lines = vec![span_words(&view.shift)];
    for group in &view.groups {
        lines.push(group.asset_code.clone().unwrap_or_else(|| "no machine".to_owned()));
        lines.extend(group.lines.iter().map(|line| format!("  {}", line_words(line))));
    }
    for handover in &view.handovers {
        lines.push(format!("handed over by {}", handover.given_by_name.as_deref().unwrap_or("?")));
        lines.extend(handover.lines.iter().map(|line| {
            format!("  {} ({} read it)", machine_and_words(&line.line), line.acknowledged.len())
        }));
    }
    lines.extend(
        view.unread
            .iter()
            .flat_map(|handover| &handover.lines)
            .map(|line| format!("unread {}\t{}", line.line.item.item_id, machine_and_words(&line.line))),
    );
    lines
}

/// A file as it is kept with a line; its kind is told by its name.
fn attached(file: &Path) -> Result<AttachmentDraft, ApiError> {
    let bytes = std::fs::read(file).map_err(|error| invalid(format!("{}: {error}", file.display())))?;
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let media_type = match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "webm" => "audio/webm",
        "ogg" | "oga" => "audio/ogg",
        "m4a" | "mp4" => "audio/mp4",
        "wav" => "audio/wav",
        other => return Err(invalid(format!("«.{other}» is neither a photo nor a voice note"))),
    };
    Ok(AttachmentDraft {
        media_type: media_type.to_owned(),
        file_name: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        bytes_base64: STANDARD.encode(bytes),
    })
}

fn item_id(text: &str) -> Result<Uuid, ApiError> {
    text.parse().map_err(|_not_an_id| invalid(format!("«{text}» is not the id of an item")))
}

async fn hand_over(
    face: &Face,
    json: bool,
    text: &str,
    back: Option<u32>,
    items: &[String],
    dry_run: bool,
) -> Result<(), ApiError> {
    let at = match back {
        Some(back) => Some(shift_back(face, back).await?.shift.starts_at),
        None => None,
    };
    let mut proposal = face.call(HandoverPrepare { at }).await?;
    if !items.is_empty() {
        let wanted = items.iter().map(|item| item_id(item)).collect::<Result<Vec<_>, _>>()?;
        for item in &mut proposal.items {
            item.keep = wanted.contains(&item.line.item.item_id);
        }
    }
    if dry_run {
        return answer(json, "handover-proposal", &proposal, |proposal| {
            let mut lines = vec![span_words(&proposal.shift)];
            lines.extend(proposal.items.iter().map(|item| {
                let mark = if item.keep { "x" } else { " " };
                format!("[{mark}] {}\t{}", item.line.item.item_id, machine_and_words(&item.line))
            }));
            lines
        });
    }
    let kept: Vec<Uuid> =
        proposal.items.iter().filter(|item| item.keep).map(|item| item.line.item.item_id).collect();
    let count = kept.len();
    let command = HandoverGive { at: proposal.shift.starts_at, text: text.to_owned(), items: kept };
    let done = face.call(command).await?;
    answer(json, "done", &done, |_done| {
        vec![format!("{}: handed over, {count} items.", span_words(&proposal.shift))]
    })
}

async fn acknowledge(face: &Face, json: bool, item: Option<&str>) -> Result<(), ApiError> {
    let only = item.map(item_id).transpose()?;
    let unread = face.call(ShiftShow { at: None }).await?.unread;
    let mut read = 0_usize;
    for handover in unread {
        let items: Vec<Uuid> = handover
            .lines
            .iter()
            .map(|line| line.line.item.item_id)
            .filter(|item| only.is_none_or(|only| only == *item))
            .collect();
        if !items.is_empty() {
            read += items.len();
            face.call(HandoverAcknowledge { handover_id: handover.handover_id, items }).await?;
        }
    }
    if only.is_some() && read == 0 {
        return Err(ApiError::new(Code::NotFound, "There is no such unread item"));
    }
    answer(json, "acknowledged", &read, |read| vec![format!("{read} items read.")])
}

fn shift_time(text: &str) -> Result<ShiftTime, ApiError> {
    let parsed = text.split_once('=').and_then(|(name, clock)| {
        let (hour, minute) = clock.split_once(':')?;
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        let within = (0..24).contains(&hour) && (0..60).contains(&minute);
        within.then(|| ShiftTime { name: name.trim().to_owned(), starts_min: hour * 60 + minute })
    });
    parsed.ok_or_else(|| invalid(format!("«{text}» is not NAME=HH:MM")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_written_by_name_and_begin() {
        assert_eq!(shift_time("Night=22:30").unwrap(), ShiftTime { name: "Night".into(), starts_min: 1_350 });
        for wrong in ["Night", "Night=24:00", "Night=22", "Night=22:60", "Night=-1:00"] {
            assert!(shift_time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_shift_is_told_with_its_day() {
        let span = ShiftSpan {
            name: "Night".into(),
            starts_at: TimestampMs(0),
            ends_at: TimestampMs(1),
            starts_on: CivilDate::from_ymd(2026, 11, 23).unwrap(),
            starts_min: 1_350,
            ends_min: 365,
        };
        assert_eq!(span_words(&span), "Night 2026-11-23 22:30\u{2013}06:05");
    }
}
