//! Work on another device: who has an order in hand and where, what a device holds, and taking an order over.

use std::collections::{BTreeMap, BTreeSet};

use millwright_local_db::{Session, StoredTxn};
use millwright_model::*;
use millwright_team::DeviceFacts;

use super::work_order::{changed, moved, overviews};
use super::{actor, recording, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::team::facts::{self, Told};
use crate::unit::Unit;

/// How many transactions of an order are looked at for the one that took it in hand.
const TXNS_MAX: i64 = 100;
/// How many orders that are under way are looked at.
const UNDER_WAY_MAX: i64 = 200;
/// How many open orders of one person are looked at.
const ASSIGNED_MAX: u32 = 100;

/// Who has an order in hand.
pub(crate) struct Hand {
    pub(crate) person_id: Option<PersonId>,
    pub(crate) device_id: DeviceId,
    pub(crate) since: TimestampMs,
}

/// The transactions on an order in the node's order, the last one first; what waits here comes after all of them.
pub(crate) async fn in_order(
    session: &mut Session,
    work_order_id: WorkOrderId,
    limit: i64,
) -> Result<Vec<StoredTxn>, EngineError> {
    let record = BTreeSet::from([(Entity::WorkOrder, work_order_id.0)]);
    let mut txns = session.txns_of_records(&record, limit).await?;
    txns.sort_by_key(|stored| std::cmp::Reverse((stored.ledger_seq.unwrap_or(i64::MAX), stored.local_seq)));
    Ok(txns)
}

/// Who began an order that is under way, or took it over last; nothing where no op here tells.
pub(crate) async fn hand_of(session: &mut Session, order: &WorkOrder) -> Result<Option<Hand>, EngineError> {
    if !matches!(order.status, WorkOrderStatus::InProgress | WorkOrderStatus::OnHold) {
        return Ok(None);
    }
    let mut taken_back = BTreeSet::new();
    for stored in in_order(session, order.work_order_id, TXNS_MAX).await? {
        let txn = stored.txn()?;
        taken_back.extend(txn.undoes);
        if txn.undoes.is_some() || taken_back.contains(&txn.txn_id) {
            continue;
        }
        let ops = stored.verdict.effective(&txn);
        let took = ops.iter().find(|op| op.entity_id == order.work_order_id.0 && takes_in_hand(op));
        if let Some(op) = took {
            return Ok(Some(Hand {
                person_id: op.actor.person_id(),
                device_id: txn.device_id,
                since: TimestampMs(i64::try_from(txn.hlc.wall_ms()).unwrap_or(i64::MAX)),
            }));
        }
    }
    // A device that joined later has the row without the ops that made it.
    Ok(order.continued.as_ref().map(|continued| Hand {
        person_id: Some(continued.by),
        device_id: continued.on,
        since: continued.at,
    }))
}

fn takes_in_hand(op: &Op) -> bool {
    let became = |field: &str| op.fields.get(field).map(|change| &change.to);
    let by_a_person = matches!(op.actor.actor_kind, ActorKind::Person | ActorKind::Unnamed);
    let began = became("status").is_some_and(|to| *to == WorkOrderStatus::InProgress.as_str());
    by_a_person && (began || became("continued").is_some_and(|to| !to.is_null()))
}

/// What people call a device; nothing where there is no such record.
pub(crate) async fn device_name(
    session: &mut Session,
    device_id: DeviceId,
) -> Result<Option<String>, EngineError> {
    Ok(session.get::<Device>(device_id).await?.map(|device| device.name))
}

/// Who has an order in hand, for its page.
pub(crate) async fn hand_view(
    engine: &Inner,
    session: &mut Session,
    order: &WorkOrder,
) -> Result<Option<HandView>, EngineError> {
    let Some(hand) = hand_of(session, order).await? else { return Ok(None) };
    Ok(Some(HandView {
        who: Whereabouts {
            person_name: engine.people.name(hand.person_id),
            device_name: device_name(session, hand.device_id).await?,
        },
        since: hand.since,
        is_here: is_here(engine, &hand),
    }))
}

fn is_here(engine: &Inner, hand: &Hand) -> bool {
    let person = hand.person_id.map(|person_id| engine.people.stands_for(person_id));
    person == engine.person() && hand.device_id == engine.device.device_id
}

/// Takes an order over from whoever has it in hand, and goes on with it here.
pub(crate) async fn carry_on(engine: &Inner, command: WorkOrderContinue) -> Result<Done, EngineError> {
    let reason = required_text(&command.reason, Input::Reason, 500)?;
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let here = engine.device.device_id;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order: WorkOrder = unit.need(command.work_order_id, Missing::Order).await?;
    let hand = hand_of(&mut unit, &order).await?;
    let mut after = match order.status {
        WorkOrderStatus::InProgress if hand.as_ref().is_some_and(|hand| is_here(engine, hand)) => {
            return Ok(Done { txn_id: None, undo_until: None });
        }
        WorkOrderStatus::InProgress => order.clone(),
        _ => moved(&order, WorkOrderStatus::InProgress, None)?,
    };
    let reserved = order.reservation.clone().filter(|reserved| reserved.holds(unit.now));
    let continued = Continued {
        from_person: hand
            .as_ref()
            .and_then(|hand| hand.person_id)
            .or(reserved.as_ref().map(|reserved| reserved.by))
            .or(order.assignee_id),
        from_device: hand.map(|hand| hand.device_id).or(reserved.map(|reserved| reserved.on)),
        by: person_id,
        on: here,
        at: unit.now,
        reason: reason.clone(),
    };
    after.started_at = after.started_at.or(Some(unit.now));
    after.assignee_id = Some(person_id);
    after.continued = Some(continued);
    after.reservation = None;
    unit.reason = Some(reason);
    unit.update(&order, &after).await?;
    end_timers_of_others(&mut unit, &after, person_id).await?;
    recording::begin_timer(&mut unit, order.work_order_id, person_id).await?;
    changed(&mut unit, &after);
    unit.commit().await
}

/// Whoever left an order on this very device has worked until now; what runs elsewhere is told from there.
async fn end_timers_of_others(
    unit: &mut Unit<'_>,
    order: &WorkOrder,
    person_id: PersonId,
) -> Result<(), EngineError> {
    for timer in unit.running_timers(order.work_order_id).await? {
        if timer.person_id != person_id && !runs_elsewhere(unit.engine, order, &timer) {
            let minutes = recording::end_timer(unit, &timer).await?;
            recording::book(unit, order, timer.person_id, minutes).await?;
        }
    }
    Ok(())
}

/// Whether a timer runs on the device from which its order was taken over: only that device knows until when its person
/// worked, and books it.
pub(crate) fn runs_elsewhere(engine: &Inner, order: &WorkOrder, timer: &LabourTimer) -> bool {
    order.continued.as_ref().is_some_and(|continued| {
        continued.from_device.is_some_and(|device_id| device_id != engine.device.device_id)
            && continued.from_person == Some(timer.person_id)
            && continued.by != timer.person_id
    })
}

/// The open orders of each device: those in hand there, and the other ones of the person who holds it. A person who
/// moved on to another device took theirs along.
pub(crate) async fn orders_by_device(
    session: &mut Session,
    told: &Told,
) -> Result<BTreeMap<DeviceId, Vec<WorkOrder>>, EngineError> {
    let mut held: BTreeMap<DeviceId, Vec<WorkOrder>> = BTreeMap::new();
    let mut in_hand = BTreeSet::new();
    for order in session.begun_orders(UNDER_WAY_MAX).await? {
        if let Some(hand) = hand_of(session, &order).await? {
            in_hand.insert(order.work_order_id);
            held.entry(hand.device_id).or_default().push(order);
        }
    }
    for (person_id, device_id) in holders(&told.facts.devices) {
        let filter = WorkOrderFilter {
            open_only: true,
            assignee_id: Some(person_id),
            limit: Some(ASSIGNED_MAX),
            ..Default::default()
        };
        let assigned = session.work_orders(&filter).await?;
        let assigned = assigned.into_iter().filter(|order| !in_hand.contains(&order.work_order_id));
        held.entry(device_id).or_default().extend(assigned);
    }
    Ok(held)
}

/// The device on which each person was heard last.
fn holders(devices: &[DeviceFacts]) -> BTreeMap<PersonId, DeviceId> {
    let mut latest: BTreeMap<PersonId, &DeviceFacts> = BTreeMap::new();
    for device in devices.iter().filter(|device| device.silent_ms.is_some()) {
        let Some(holder) = device.holder else { continue };
        let known = latest.entry(holder).or_insert(device);
        if device.silent_ms < known.silent_ms {
            *known = device;
        }
    }
    latest.into_iter().map(|(person_id, device)| (person_id, device.device_id)).collect()
}

pub(crate) async fn device_orders(
    engine: &Inner,
    command: TeamDeviceOrders,
) -> Result<Vec<WorkOrderOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let told = facts::known(engine, &mut session).await?.ok_or(EngineError::Precondition(Refusal::NoTeam))?;
    let orders = orders_by_device(&mut session, &told).await?.remove(&command.device_id);
    overviews(engine, &mut session, orders.unwrap_or_default()).await
}

/// Devices that have not spoken for longer than the plant allows, and that work depends on.
pub(crate) async fn silent(
    engine: &Inner,
    session: &mut Session,
) -> Result<Vec<TodayException>, EngineError> {
    let Some(told) = facts::known(engine, session).await? else { return Ok(Vec::new()) };
    let here = engine.device.device_id;
    let silent: Vec<&DeviceFacts> = told
        .facts
        .devices
        .iter()
        .filter(|device| device.device_id != here && told.facts.is_silent(device))
        .collect();
    if silent.is_empty() {
        return Ok(Vec::new());
    }
    let held = orders_by_device(session, &told).await?;
    let mut exceptions = Vec::new();
    for device in silent {
        let open_orders = held.get(&device.device_id).map_or(0, Vec::len) as i64;
        let contact_at = told.contact_at(device);
        let (Some(contact_at), true) = (contact_at, open_orders > 0 || device.pending > 0) else { continue };
        // A device that was shut out since is nobody's to wait for.
        let Some(record) = session.get::<Device>(device.device_id).await? else { continue };
        if record.revoked_at.is_some() {
            continue;
        }
        exceptions.push(TodayException::SilentDevice {
            device_id: device.device_id,
            name: record.name,
            holder: engine.people.name(device.holder),
            contact_at,
            pending: device.pending,
            open_orders,
        });
    }
    Ok(exceptions)
}
