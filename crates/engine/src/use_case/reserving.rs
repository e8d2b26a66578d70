//! Planned work that a person lays aside for themselves, for a time: a round to be done without a network is not begun
//! by two. It is a word among people, not a lock: whoever has a reason takes the order over, and two who laid the same
//! one aside apart hear at the node whose it is.

use millwright_local_db::Session;
use millwright_model::*;

use super::work_order::changed;
use super::{actor, elsewhere};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The reservation of an order that nobody has begun, where it holds.
fn reserved(order: &WorkOrder, now: TimestampMs) -> Option<&Reservation> {
    let begun = match order.status {
        WorkOrderStatus::Planned | WorkOrderStatus::Released => false,
        WorkOrderStatus::InProgress
        | WorkOrderStatus::OnHold
        | WorkOrderStatus::Completed
        | WorkOrderStatus::Cancelled => true,
    };
    order.reservation.as_ref().filter(|reserved| !begun && reserved.holds(now))
}

fn is_of(engine: &Inner, reserved: &Reservation, person_id: PersonId) -> bool {
    engine.people.stands_for(reserved.by) == engine.people.stands_for(person_id)
}

/// Whether a person may begin an order.
///
/// # Errors
/// When somebody else laid it aside.
pub(crate) async fn may_begin(
    unit: &mut Unit<'_>,
    order: &WorkOrder,
    person_id: PersonId,
) -> Result<(), EngineError> {
    match reserved(order, unit.now) {
        Some(reserved) if !is_of(unit.engine, reserved, person_id) => {
            let who = unit.engine.people.name(Some(reserved.by)).unwrap_or_default();
            Err(EngineError::Precondition(Refusal::ReservedByAnother { who, until: reserved.until }))
        }
        _ => Ok(()),
    }
}

/// For whom an order is laid aside, for its page.
pub(crate) async fn view(
    engine: &Inner,
    session: &mut Session,
    order: &WorkOrder,
) -> Result<Option<ReservationView>, EngineError> {
    let Some(reserved) = reserved(order, engine.now()) else { return Ok(None) };
    Ok(Some(ReservationView {
        who: Whereabouts {
            person_name: engine.people.name(Some(reserved.by)),
            device_name: elsewhere::device_name(session, reserved.on).await?,
        },
        until: reserved.until,
        is_mine: engine.person().is_some_and(|person_id| is_of(engine, reserved, person_id)),
    }))
}

pub(crate) async fn reserve(engine: &Inner, command: WorkOrderReserve) -> Result<Done, EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    if !matches!(order.status, WorkOrderStatus::Planned | WorkOrderStatus::Released) {
        return Err(EngineError::Precondition(Refusal::NotToReserve));
    }
    may_begin(&mut unit, &order, person_id).await?;
    let hours = command.hours.clamp(1, Reservation::HOURS_MAX);
    let reservation = Some(Reservation {
        by: person_id,
        on: engine.device.device_id,
        at: unit.now,
        until: unit.now.plus_ms(i64::from(hours) * 3_600_000),
    });
    let after = WorkOrder { reservation, ..order.clone() };
    unit.update(&order, &after).await?;
    changed(&mut unit, &after);
    unit.commit().await
}

pub(crate) async fn release(engine: &Inner, command: WorkOrderRelease) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    if order.reservation.is_none() {
        return Ok(Done { txn_id: None, undo_until: None });
    }
    let after = WorkOrder { reservation: None, ..order.clone() };
    unit.update(&order, &after).await?;
    changed(&mut unit, &after);
    unit.commit().await
}
