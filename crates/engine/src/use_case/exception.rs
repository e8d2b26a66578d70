//! What a supervisor has to see to, each with one next act; an order asks once, for what is nearest to its cause.

use std::collections::BTreeSet;

use millwright_local_db::Session;
use millwright_model::*;

use super::{alert, elsewhere, notice, part, scenario, work_order, workshop};
use crate::EngineError;
use crate::engine::Inner;

/// How many of each kind are shown: the rest is one tap away.
const EACH_MAX: i64 = 20;
const STEPS_MAX: i64 = 200;
/// How long an override asks for a signature.
const OVERRIDES_FOR_MS: i64 = 14 * 86_400_000;

/// All of them.
pub(crate) async fn all(engine: &Inner, session: &mut Session) -> Result<Vec<TodayException>, EngineError> {
    let now = engine.now();
    let mut exceptions = Vec::new();
    exceptions.extend(alert::nobody_takes(engine, session).await?);
    let mut told: BTreeSet<WorkOrderId> = exceptions.iter().filter_map(order_that_asks).collect();
    let mut fresh = |orders: Vec<WorkOrder>| -> Vec<WorkOrder> {
        orders.into_iter().filter(|order| told.insert(order.work_order_id)).collect()
    };
    for delivery in session.deliveries_in(&[DeliveryState::Rejected], false, EACH_MAX).await? {
        exceptions.push(TodayException::DeliveryRejected { delivery: Box::new(delivery) });
    }
    for (scenario, signpost) in scenario::unseen(engine, session).await? {
        let (scenario, signpost) = (Box::new(scenario), Box::new(signpost));
        exceptions.push(TodayException::SignpostCrossed { scenario, signpost });
    }
    exceptions.extend(workshop::again(engine, session).await?);
    exceptions.extend(elsewhere::silent(engine, session).await?);
    for notice in notice::worked_twice(engine, session).await? {
        exceptions.push(TodayException::WorkedTwice { notice: Box::new(notice) });
    }
    let waiting = fresh(session.orders_waiting_for_parts(EACH_MAX).await?);
    for order in work_order::overviews(engine, session, waiting).await? {
        let part_id = short_part(session, &order.order).await?;
        exceptions.push(TodayException::WaitingForParts { order: Box::new(order), part_id });
    }
    let late = fresh(session.late_orders(now, EACH_MAX).await?);
    for order in work_order::overviews(engine, session, late).await? {
        exceptions.push(TodayException::Late { order: Box::new(order) });
    }
    let unassigned = fresh(session.unassigned_orders(EACH_MAX).await?);
    for order in work_order::overviews(engine, session, unassigned).await? {
        exceptions.push(TodayException::Unassigned { order: Box::new(order) });
    }
    exceptions.extend(overrides(engine, session, now).await?);
    let pending =
        WorkOrderFilter { details_pending: true, limit: Some(EACH_MAX as u32), ..Default::default() };
    let pending = session.work_orders(&pending).await?;
    for order in work_order::overviews(engine, session, pending).await? {
        exceptions.push(TodayException::DetailsLater { order: Box::new(order) });
    }
    Ok(exceptions)
}

/// The order that nobody takes on.
fn order_that_asks(exception: &TodayException) -> Option<WorkOrderId> {
    match exception {
        TodayException::NobodyTakes { alert } => match alert.about {
            AlertSubject::WorkOrder(work_order_id) => Some(work_order_id),
            AlertSubject::Request(_) => None,
        },
        _ => None,
    }
}

/// The part of an order's machine that is short.
async fn short_part(session: &mut Session, order: &WorkOrder) -> Result<Option<PartId>, EngineError> {
    let Some(asset_id) = order.asset_id else { return Ok(None) };
    let parts = part::of_asset(session, asset_id).await?;
    Ok(parts.iter().find(|part| part.on_hand.thousandths <= 0).map(|part| part.part.part_id))
}

/// Orders with steps that were skipped or lie outside their limits, and that nobody else has signed since.
async fn overrides(
    engine: &Inner,
    session: &mut Session,
    now: TimestampMs,
) -> Result<Vec<TodayException>, EngineError> {
    let mut orders: Vec<(WorkOrderId, Vec<ShiftHappening>)> = Vec::new();
    for step in session.overridden_steps(now.plus_ms(-OVERRIDES_FOR_MS), STEPS_MAX).await? {
        let unit = step.form.unit();
        let Some(happening) =
            step.outcome.as_ref().and_then(|outcome| override_of(&step.title, step.mandatory, unit, outcome))
        else {
            continue;
        };
        match orders.iter_mut().find(|(work_order_id, _)| *work_order_id == step.work_order_id) {
            Some((_, steps)) => steps.push(happening),
            None => orders.push((step.work_order_id, vec![happening])),
        }
    }
    orders.truncate(EACH_MAX as usize);
    let mut exceptions = Vec::with_capacity(orders.len());
    for (work_order_id, steps) in orders {
        let Some(order) = session.get::<WorkOrder>(work_order_id).await? else { continue };
        for order in work_order::overviews(engine, session, vec![order]).await? {
            exceptions.push(TodayException::Override { order: Box::new(order), steps: steps.clone() });
        }
    }
    Ok(exceptions)
}
