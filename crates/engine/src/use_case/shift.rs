//! The shift log: one shift with all that happened in it, a line by hand, and when the plant's shifts begin.

use millwright_model::*;

use super::shift_time::Shifts;
use super::work_order::TEXT_CHARS;
use super::{actor, handover, optional_text, recording, required_text, shift_log};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// How many shifts back are offered.
const EARLIER: usize = 9;
const NAME_CHARS: usize = 40;

pub(crate) async fn show(engine: &Inner, command: ShiftShow) -> Result<ShiftView, EngineError> {
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let shifts = Shifts::kept(&mut session).await?;
    let running = shifts.at(now);
    let shift = shifts.at(command.at.unwrap_or(now));
    if shift.starts_at > now {
        return Err(EngineError::Precondition(Refusal::ShiftNotBegun));
    }
    let log = shift_log::between(&mut session, shift.starts_at, shift.ends_at).await?;
    let lines = shift_log::lines(engine, &mut session, log.items).await?;
    let earlier: Vec<ShiftSpan> =
        std::iter::successors(Some(shifts.before(&shift)), |span| Some(shifts.before(span)))
            .take(EARLIER)
            .collect();
    let current = shift == running;
    Ok(ShiftView {
        earlier,
        later: (!current).then(|| shifts.at(shift.ends_at)),
        groups: shift_log::groups(lines),
        more: log.more,
        handovers: handover::of_shift(engine, &mut session, &shift).await?,
        unread: handover::unread(engine, &mut session).await?,
        plant_name: session.setting("plant_name").await?.unwrap_or_default(),
        pattern: shifts.pattern,
        current,
        shift,
    })
}

pub(crate) async fn pattern_save(engine: &Inner, command: ShiftPatternSave) -> Result<Done, EngineError> {
    let unfit = || EngineError::Invalid(Refusal::ShiftsUnfit { limit: ShiftTime::COUNT_MAX as u64 });
    if !(1..=ShiftTime::COUNT_MAX).contains(&command.shifts.len()) {
        return Err(unfit());
    }
    let mut shifts: Vec<ShiftTime> = Vec::with_capacity(command.shifts.len());
    for shift in command.shifts {
        let within = (0..ShiftTime::DAY_MIN).contains(&shift.starts_min);
        if !within || shifts.iter().any(|other| other.starts_min == shift.starts_min) {
            return Err(unfit());
        }
        shifts.push(ShiftTime { name: required_text(&shift.name, Input::ShiftName, NAME_CHARS)?, ..shift });
    }
    shifts.sort_by_key(|shift| shift.starts_min);
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let before: Option<ShiftPattern> = unit.get(ShiftPattern::ID).await?;
    let after = ShiftPattern { shift_pattern_id: ShiftPattern::ID, shifts };
    match before {
        Some(before) => unit.update(&before, &after).await.map(|_| ())?,
        None => unit.create(&after).await.map(|_| ())?,
    }
    unit.stale(CacheTag::Shift);
    unit.commit().await
}

pub(crate) async fn entry_add(engine: &Inner, command: ShiftEntryAdd) -> Result<Done, EngineError> {
    let text = optional_text(&command.text, Input::ShiftLine, TEXT_CHARS)?;
    if text.is_empty() && command.attachment.is_none() {
        return Err(EngineError::Invalid(Refusal::LineSaysNothing));
    }
    let actor = actor(engine)?;
    // The bytes are on disk before anything else happens: a voice is not spoken twice.
    let kept = command.attachment.map(|draft| recording::keep_bytes(engine, draft)).transpose()?;
    let mut unit = Unit::begin(engine, actor).await?;
    if let Some(asset_id) = command.asset_id {
        unit.need::<Asset>(asset_id, Missing::Machine).await?;
        unit.stale(CacheTag::Asset(asset_id));
    }
    if let Some(work_order_id) = command.work_order_id {
        unit.need::<WorkOrder>(work_order_id, Missing::Order).await?;
        unit.stale(CacheTag::WorkOrder(work_order_id));
    }
    let mut attachment_id = None;
    if let Some(kept) = kept {
        let attachment = Attachment {
            attachment_id: unit.mint(),
            work_order_id: command.work_order_id,
            work_step_id: None,
            asset_id: command.asset_id,
            request_id: None,
            blob: kept.hash.to_string(),
            size_bytes: kept.size_bytes,
            media_type: kept.media_type,
            file_name: kept.file_name,
            taken_at: unit.now,
            taken_by: engine.person(),
            guide_id: None,
            part: None,
        };
        unit.create(&attachment).await?;
        attachment_id = Some(attachment.attachment_id);
    }
    let entry = ShiftEntry {
        shift_entry_id: unit.mint(),
        entry_kind: command.entry_kind,
        text,
        asset_id: command.asset_id,
        work_order_id: command.work_order_id,
        attachment_id,
        about: None,
        written_at: unit.now,
        written_by: engine.person(),
    };
    unit.create(&entry).await?;
    unit.stale(CacheTag::Shift);
    unit.commit().await
}
