//! Automatic acts: orders of maintenance plans, lines of the shift log that no op tells, and signposts that were crossed. Each has an id made of its
//! rule, subject and occasion, so that a repeat is the same record.

use std::sync::Arc;
use std::time::Duration;

use millwright_model::{
    Actor, CacheTag, Entity, ShiftEntry, ShiftEntryAbout, ShiftEntryId, ShiftEntryKind, StaleReason,
    TagState, TimestampMs,
};
use tokio::time::MissedTickBehavior;

use crate::EngineError;
use crate::engine::Inner;
use crate::mail::{calling, digest};
use crate::unit::Unit;
use crate::use_case::shift_time::Shifts;
use crate::use_case::{occasion_id, plan, scenario, tag};

/// How often it is looked for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// The rule that writes of silent tags, as ops name it.
const STALE_TAG: &str = "stale_tag";
/// A tag that was silent for less is no news for a shift.
const SILENT_FOR_MS: i64 = 10 * 60_000;
/// How many lines are written in one look: a broker that went away is not told tag by tag.
const LINES_MAX: usize = 50;

/// Acts until the engine ends: at its start, also after weeks, and then again and again.
pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return,
            _ = look.tick() => {}
        }
        if let Err(error) = act(&engine).await {
            tracing::error!("automatic acts stopped for now: {error}");
        }
    }
}

/// Does what is due now.
pub(crate) async fn act(engine: &Inner) -> Result<(), EngineError> {
    if !engine.speaks_outside() {
        // In a team the node acts, once for all.
        return Ok(());
    }
    plan::raise_due(engine).await?;
    note_silent_tags(engine).await?;
    scenario::note_crossed(engine).await?;
    digest::write_due(engine).await?;
    calling::write_due(engine).await
}

/// Since when a tag is silent by itself, where it is: a lost link is told by the chips, not machine by machine.
fn silent_since(state: &TagState, now: TimestampMs) -> Option<TimestampMs> {
    let live = state.live.as_ref()?;
    let by_itself = match live.stale? {
        StaleReason::Silence | StaleReason::Death => true,
        StaleReason::LinkLost | StaleReason::AgeUnknown => false,
    };
    let since = live.sample.at();
    let long = now.since_ms(since) >= SILENT_FOR_MS.max(state.binding.silence_ms);
    (by_itself && long).then_some(since)
}

/// Writes a line for each tag that is silent in this shift, once a shift.
async fn note_silent_tags(engine: &Inner) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let shift = Shifts::kept(&mut session).await?.at(now);
    let mut silent = Vec::new();
    for state in tag::states(engine, session.tag_bindings().await?) {
        let Some(since) = silent_since(&state, now) else { continue };
        let tag_binding_id = state.binding.tag_binding_id;
        let id = occasion_id(STALE_TAG, &tag_binding_id.to_string(), shift.starts_at.0);
        if session.fields(Entity::ShiftEntry, id).await?.is_none() {
            silent.push((ShiftEntryId(id), state.binding, since));
        }
        if silent.len() == LINES_MAX {
            break;
        }
    }
    drop(session);
    if silent.is_empty() {
        return Ok(());
    }
    let mut unit = Unit::begin(engine, Actor::rule(STALE_TAG)).await?;
    for (shift_entry_id, binding, since) in silent {
        let entry = ShiftEntry {
            shift_entry_id,
            entry_kind: ShiftEntryKind::Watch,
            text: binding.name,
            asset_id: Some(binding.asset_id),
            work_order_id: None,
            attachment_id: None,
            about: Some(ShiftEntryAbout::StaleTag { tag_binding_id: binding.tag_binding_id, since }),
            written_at: unit.now,
            written_by: None,
        };
        unit.create(&entry).await?;
    }
    unit.stale(CacheTag::Shift);
    unit.commit().await?;
    Ok(())
}

#[cfg(test)]
#[path = "acting_tests.rs"]
mod tests;
