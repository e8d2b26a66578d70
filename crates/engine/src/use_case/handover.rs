//! Handing a shift over: a proposal made of the log, what was given, and who read which item of it.

use std::collections::BTreeSet;

use millwright_local_db::Session;
use millwright_model::*;
use uuid::Uuid;

use super::shift_log::{self, lines};
use super::shift_time::{self, Shifts};
use super::work_order::TEXT_CHARS;
use super::{actor, date, occasion_id, optional_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The most items that are handed over at once.
const ITEMS_MAX: usize = 200;
/// How many hand-overs of a shift, and how many unread ones, are shown.
const HANDOVERS_MAX: i64 = 20;
/// How long a hand-over asks everybody who comes; after that it asks only for what nobody has read.
const NEWS_FOR_MS: i64 = 72 * 3_600_000;
/// Who hands over a little late means the shift that has just ended.
const LATE_MS: i64 = 3_600_000;
/// How many orders that somebody began are proposed.
const BEGUN_MAX: i64 = 50;

pub(crate) async fn prepare(
    engine: &Inner,
    command: HandoverPrepare,
) -> Result<HandoverProposal, EngineError> {
    let mut session = engine.database.read().await?;
    let shifts = Shifts::kept(&mut session).await?;
    let now = engine.now();
    let shift = match command.at {
        Some(at) => shifts.at(at),
        None => usual_shift(&mut session, &shifts, now).await?,
    };
    let items = proposed(engine, &mut session, &shifts, &shift, now).await?;
    let given = session.handovers_of_span(shift.starts_at, shift.ends_at, HANDOVERS_MAX).await?;
    Ok(HandoverProposal { shift, items, given_before: given.len() as i64 })
}

/// The shift that is meant where nobody says which: the running one, or the one before it while it has just ended
/// with something to tell and nobody has handed it over.
async fn usual_shift(
    session: &mut Session,
    shifts: &Shifts,
    now: TimestampMs,
) -> Result<ShiftSpan, EngineError> {
    let running = shifts.at(now);
    let before = shifts.before(&running);
    if now.since_ms(running.starts_at) >= LATE_MS
        || !session.handovers_of_span(before.starts_at, before.ends_at, 1).await?.is_empty()
        || shift_log::between(session, before.starts_at, before.ends_at).await?.items.is_empty()
    {
        return Ok(running);
    }
    Ok(before)
}

/// The lines that a shift could hand over: what is still open, what matters, the rest.
async fn proposed(
    engine: &Inner,
    session: &mut Session,
    shifts: &Shifts,
    shift: &ShiftSpan,
    now: TimestampMs,
) -> Result<Vec<ProposedItem>, EngineError> {
    if shift.starts_at > now {
        return Err(EngineError::Precondition(Refusal::ShiftNotBegun));
    }
    let mut items = shift_log::between(session, shift.starts_at, shift.ends_at).await?.items;
    let running = shifts.at(now);
    // What stands open now says nothing of a shift of last week.
    if *shift == running || *shift == shifts.before(&running) {
        for order in session.begun_orders(BEGUN_MAX).await? {
            let told = items.iter().any(|item| {
                item.work_order_id == Some(order.work_order_id)
                    && order.status == WorkOrderStatus::OnHold
                    && matches!(item.happening, ShiftHappening::OrderHeld { .. })
            });
            if !told {
                items.push(ShiftItem {
                    item_id: order.work_order_id.0,
                    at: order.started_at.unwrap_or(order.created_at),
                    by: order.assignee_id,
                    asset_id: order.asset_id,
                    work_order_id: Some(order.work_order_id),
                    happening: ShiftHappening::StillOpen { status: order.status },
                });
            }
        }
    }
    items.sort_by_key(|item| {
        let open = matches!(item.happening, ShiftHappening::StillOpen { .. });
        (!open, !item.happening.matters(), item.at)
    });
    items.truncate(ITEMS_MAX);
    let lines = lines(engine, session, items).await?;
    Ok(lines.into_iter().map(|line| ProposedItem { keep: line.item.happening.matters(), line }).collect())
}

pub(crate) async fn give(engine: &Inner, command: HandoverGive) -> Result<Done, EngineError> {
    let text = optional_text(&command.text, Input::Handover, TEXT_CHARS)?;
    let given_by = engine.person().ok_or(EngineError::NoActor)?;
    if command.items.len() > ITEMS_MAX {
        return Err(EngineError::Invalid(Refusal::HandoverTooLong { limit: ITEMS_MAX as u64 }));
    }
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let now = unit.now;
    let shifts = Shifts::kept(&mut unit).await?;
    let shift = shifts.at(command.at);
    // What is handed over is what the log says, not what a screen remembers of it.
    let mut wanted: BTreeSet<Uuid> = command.items.into_iter().collect();
    let mut items = Vec::with_capacity(wanted.len());
    for proposed in proposed(engine, &mut unit, &shifts, &shift, now).await? {
        if wanted.remove(&proposed.line.item.item_id) {
            items.push(proposed.line.item);
        }
    }
    if !wanted.is_empty() {
        return Err(EngineError::NotFound(Missing::Line));
    }
    let handover = Handover {
        handover_id: unit.mint(),
        shift_name: shift.name,
        shift_starts_at: shift.starts_at,
        shift_ends_at: shift.ends_at,
        given_at: now,
        given_by,
        text,
        items,
    };
    unit.create(&handover).await?;
    unit.stale(CacheTag::Shift);
    unit.commit().await
}

pub(crate) async fn acknowledge(engine: &Inner, command: HandoverAcknowledge) -> Result<Done, EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let handover: Handover = unit.need(command.handover_id, Missing::Handover).await?;
    let known: BTreeSet<Uuid> = handover.to_acknowledge().iter().map(|item| item.item_id).collect();
    let items: BTreeSet<Uuid> = command.items.into_iter().collect();
    if !items.is_subset(&known) {
        return Err(EngineError::NotFound(Missing::Line));
    }
    let handover_id = handover.handover_id;
    for item_id in items {
        let id = occasion_id("handover_acknowledgement", &format!("{handover_id}/{item_id}"), person_id);
        let acknowledgement = HandoverAcknowledgement {
            handover_acknowledgement_id: AcknowledgementId(id),
            handover_id,
            item_id,
            person_id,
            acknowledged_at: unit.now,
        };
        // Read is read: the first time counts.
        if unit.get::<HandoverAcknowledgement>(id).await?.is_none() {
            unit.create(&acknowledgement).await?;
        }
    }
    unit.stale(CacheTag::Shift);
    unit.commit().await
}

/// What a shift handed over, and who read it.
pub(crate) async fn of_shift(
    engine: &Inner,
    session: &mut Session,
    shift: &ShiftSpan,
) -> Result<Vec<HandoverView>, EngineError> {
    let mut views = Vec::new();
    for handover in session.handovers_of_span(shift.starts_at, shift.ends_at, HANDOVERS_MAX).await? {
        views.push(view(engine, session, handover).await?);
    }
    Ok(views)
}

/// What the person who holds the device still has to read, the latest first.
pub(crate) async fn unread(engine: &Inner, session: &mut Session) -> Result<Vec<HandoverView>, EngineError> {
    let Some(person_id) = engine.person() else { return Ok(Vec::new()) };
    let since = engine.now().plus_ms(-NEWS_FOR_MS);
    let mut views = Vec::new();
    for handover in session.handovers_to_read(person_id, since, HANDOVERS_MAX).await? {
        let mut view = view(engine, session, handover).await?;
        view.lines.retain(|line| line.unread);
        if !view.lines.is_empty() {
            views.push(view);
        }
    }
    Ok(views)
}

async fn view(
    engine: &Inner,
    session: &mut Session,
    handover: Handover,
) -> Result<HandoverView, EngineError> {
    let person = engine.person();
    let news = engine.now().since_ms(handover.given_at) < NEWS_FOR_MS;
    let zone = date::plant_zone(session).await?;
    let read = session.acknowledgements_of(handover.handover_id).await?;
    let lines = lines(engine, session, handover.to_acknowledge()).await?;
    let line = |line: ShiftLine| {
        let acknowledged: Vec<AcknowledgedBy> = read
            .iter()
            .filter(|read| read.item_id == line.item.item_id)
            .map(|read| AcknowledgedBy {
                person_id: read.person_id,
                person_name: engine.people.name(Some(read.person_id)),
                at: read.acknowledged_at,
            })
            .collect();
        let by_me = acknowledged.iter().any(|read| Some(read.person_id) == person);
        let others = person.is_some_and(|person| person != handover.given_by);
        HandoverLine { unread: others && !by_me && (news || acknowledged.is_empty()), acknowledged, line }
    };
    Ok(HandoverView {
        handover_id: handover.handover_id,
        shift: shift_time::span(
            &handover.shift_name,
            handover.shift_starts_at,
            handover.shift_ends_at,
            &zone,
        ),
        given_at: handover.given_at,
        given_by_name: engine.people.name(Some(handover.given_by)),
        lines: lines.into_iter().map(line).collect(),
    })
}
