//! Completing an order with four inputs or «details later», and correcting it afterwards.

use millwright_model::*;

use super::elsewhere::runs_elsewhere;
use super::guide;
use super::work_order::{TEXT_CHARS, changed, moved};
use super::{actor, optional_text, recording, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The most minutes that one booking may hold: four days round the clock.
const MINUTES_MAX: i64 = 4 * 24 * 60;

pub(crate) async fn close(engine: &Inner, command: WorkOrderClose) -> Result<Done, EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    let adds_details = order.status == WorkOrderStatus::Completed && order.details_pending;
    let mut after =
        if adds_details { order.clone() } else { moved(&order, WorkOrderStatus::Completed, None)? };
    after.started_at = after.started_at.or(Some(unit.now));
    after.completed_at = after.completed_at.or(Some(unit.now));
    match command.closing {
        Closing::DetailsLater if adds_details => return Ok(Done { txn_id: None, undo_until: None }),
        Closing::DetailsLater => {
            after.details_pending = true;
            recording::book_running_timers(&mut unit, &order).await?;
        }
        Closing::Full { found_code, found_text, done_code, done_text, minutes } => {
            if !(0..=MINUTES_MAX).contains(&minutes) {
                return Err(EngineError::Invalid(Refusal::MinutesAtOnce { minutes, limit: MINUTES_MAX }));
            }
            let steps = unit.work_steps_of(order.work_order_id).await?;
            let missing = guide::missing_of(&mut unit, &order, &steps).await?;
            if !missing.is_empty() {
                return Err(EngineError::Precondition(Refusal::StepsToDo { steps: missing }));
            }
            after.found_text = Some(required_text(&found_text, Input::Found, TEXT_CHARS)?);
            after.done_text = Some(required_text(&done_text, Input::Done, TEXT_CHARS)?);
            after.found_code = found_code;
            after.done_code = done_code;
            after.details_pending = false;
            end_timers_with(&mut unit, &order, person_id, minutes).await?;
        }
    }
    unit.update(&order, &after).await?;
    changed(&mut unit, &after);
    unit.commit().await
}

/// Books `minutes` for the person who closes, whatever their timer said; others get what theirs said, except those from
/// whose device the order was taken over: they book there.
async fn end_timers_with(
    unit: &mut Unit<'_>,
    order: &WorkOrder,
    person_id: PersonId,
    minutes: i64,
) -> Result<(), EngineError> {
    for timer in unit.running_timers(order.work_order_id).await? {
        if runs_elsewhere(unit.engine, order, &timer) {
            continue;
        }
        let measured = recording::end_timer(unit, &timer).await?;
        if timer.person_id != person_id {
            recording::book(unit, order, timer.person_id, measured).await?;
        }
    }
    if minutes > 0 {
        recording::book(unit, order, person_id, minutes).await?;
    }
    Ok(())
}

pub(crate) async fn correct(engine: &Inner, command: WorkOrderCorrect) -> Result<Done, EngineError> {
    let reason = required_text(&command.reason, Input::Reason, TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    unit.reason = Some(reason.clone());
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    for correction in &command.labour {
        correct_labour(&mut unit, &order, correction, &reason).await?;
    }
    for correction in &command.parts {
        correct_part(&mut unit, &order, correction, &reason).await?;
    }
    let mut after = order.clone();
    if let Some(text) = &command.found_text {
        after.found_text = Some(optional_text(text, Input::Found, TEXT_CHARS)?);
    }
    if let Some(text) = &command.done_text {
        after.done_text = Some(optional_text(text, Input::Done, TEXT_CHARS)?);
    }
    unit.update(&order, &after).await?;
    changed(&mut unit, &after);
    unit.stale(CacheTag::Parts);
    unit.commit().await
}

async fn correct_labour(
    unit: &mut Unit<'_>,
    order: &WorkOrder,
    correction: &LabourCorrection,
    reason: &str,
) -> Result<(), EngineError> {
    let first: Labour = unit.need(correction.labour_id, Missing::Booking).await?;
    if first.work_order_id != order.work_order_id || first.corrects.is_some() {
        return Err(EngineError::Invalid(Refusal::NoFirstBooking));
    }
    if !(0..=MINUTES_MAX).contains(&correction.minutes) {
        return Err(EngineError::Invalid(Refusal::MinutesUnbookable { minutes: correction.minutes }));
    }
    let chain = unit.labour_of(order.work_order_id).await?;
    let booked: i64 = chain
        .iter()
        .filter(|booking| booking.labour_id == first.labour_id || booking.corrects == Some(first.labour_id))
        .map(|booking| booking.minutes)
        .sum();
    if booked == correction.minutes {
        return Ok(());
    }
    let difference = Labour {
        labour_id: unit.mint(),
        minutes: correction.minutes - booked,
        corrects: Some(first.labour_id),
        reason: Some(reason.to_owned()),
        recorded_at: unit.now,
        ..first
    };
    unit.create(&difference).await?;
    Ok(())
}

async fn correct_part(
    unit: &mut Unit<'_>,
    order: &WorkOrder,
    correction: &PartCorrection,
    reason: &str,
) -> Result<(), EngineError> {
    let first: PartUse = unit.need(correction.part_use_id, Missing::Use).await?;
    if first.work_order_id != order.work_order_id || first.corrects.is_some() {
        return Err(EngineError::Invalid(Refusal::NoFirstUse));
    }
    let chain = unit.part_uses_of(order.work_order_id).await?;
    let used: i64 = chain
        .iter()
        .filter(|part_use| {
            part_use.part_use_id == first.part_use_id || part_use.corrects == Some(first.part_use_id)
        })
        .map(|part_use| part_use.quantity.thousandths)
        .sum();
    let right = correction.quantity.thousandths;
    if right < 0 || right > used || correction.quantity.unit != first.quantity.unit {
        let used = Quantity { thousandths: used, unit: first.quantity.unit.clone() };
        return Err(EngineError::Invalid(Refusal::MoreThanUsed { used }));
    }
    if right == used {
        return Ok(());
    }
    let return_of = PartUse {
        part_use_id: unit.mint(),
        quantity: Quantity { thousandths: right - used, unit: first.quantity.unit.clone() },
        corrects: Some(first.part_use_id),
        reason: Some(reason.to_owned()),
        recorded_at: unit.now,
        recorded_by: unit.engine.person(),
        ..first
    };
    unit.create(&return_of).await?;
    Ok(())
}
