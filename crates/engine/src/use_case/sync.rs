//! The Sync centre: what waits, what needs a person, and what a person decides; and the changes of a record.

use millwright_model::*;
use serde_json::Value as Json;

use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

const LIST_MAX: i64 = 200;
const DONE_MAX: i64 = 50;

pub(crate) async fn show(engine: &Inner, _command: SyncShow) -> Result<SyncView, EngineError> {
    use DeliveryState::{Conflict, Discarded, Done, Rejected, Sending, Unknown, Waiting};
    let mut session = engine.database.read().await?;
    Ok(SyncView {
        state: super::status::sync_state(engine, &mut session).await?,
        waiting: session.deliveries_in(&[Waiting, Sending, Unknown], false, LIST_MAX).await?,
        needs_you: session.deliveries_in(&[Conflict, Rejected], false, LIST_MAX).await?,
        conflicts: session.open_conflicts().await?,
        done: session.deliveries_in(&[Done], true, DONE_MAX).await?,
        discarded: session.deliveries_in(&[Discarded], true, DONE_MAX).await?,
        findings: session.findings().await?,
    })
}

pub(crate) async fn delivery_retry(engine: &Inner, command: DeliveryRetry) -> Result<(), EngineError> {
    actor(engine)?;
    let now = engine.now();
    let mut session = engine.database.write().await?;
    let row = session.delivery(command.delivery_id).await?.ok_or(EngineError::NotFound("This delivery"))?;
    let next = match row.delivery.state {
        // What was refused did not take effect; what is in conflict or unknown is looked up before it is sent.
        DeliveryState::Waiting | DeliveryState::Rejected | DeliveryState::Conflict => DeliveryState::Waiting,
        DeliveryState::Unknown => DeliveryState::Unknown,
        DeliveryState::Sending | DeliveryState::Done | DeliveryState::Discarded => {
            return Err(EngineError::Precondition("There is nothing to retry here.".to_owned()));
        }
    };
    session.postpone_delivery(command.delivery_id, next, row.delivery.error.as_deref(), now, now).await?;
    session.commit().await?;
    engine.wake_delivering.notify_waiters();
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn delivery_discard(engine: &Inner, command: DeliveryDiscard) -> Result<(), EngineError> {
    let reason = required_text(&command.reason, "The reason", 500)?;
    let person = actor(engine)?;
    let name = engine.people.name(person.person_id()).unwrap_or_default();
    let now = engine.now();
    let mut session = engine.database.write().await?;
    let row = session.delivery(command.delivery_id).await?.ok_or(EngineError::NotFound("This delivery"))?;
    match row.delivery.state {
        DeliveryState::Waiting
        | DeliveryState::Rejected
        | DeliveryState::Conflict
        | DeliveryState::Unknown => {}
        DeliveryState::Sending | DeliveryState::Done | DeliveryState::Discarded => {
            return Err(EngineError::Precondition("It cannot be given up any more.".to_owned()));
        }
    }
    let words = format!("given up by {name}: {reason}");
    // Steps that lack the key which this step would have brought can never leave: they go with it.
    for dependent in session.dependents_of(command.delivery_id).await? {
        let lacks_key = dependent.planned.needs.iter().any(|need| need.id == row.delivery.entity_id);
        if lacks_key {
            session
                .settle_delivery(
                    dependent.delivery.delivery_id,
                    DeliveryState::Discarded,
                    None,
                    Some(&words),
                    now,
                )
                .await?;
        }
    }
    session.settle_delivery(command.delivery_id, DeliveryState::Discarded, None, Some(&words), now).await?;
    session.commit().await?;
    engine.wake_delivering.notify_waiters();
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn conflict_resolve(engine: &Inner, command: ConflictResolve) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let card = unit.conflict(command.conflict_id).await?.ok_or(EngineError::NotFound("This card"))?;
    if card.resolved_at.is_some() {
        return Err(EngineError::Precondition("Somebody decided this already.".to_owned()));
    }
    if command.keep == Side::Theirs {
        let fields =
            unit.fields(card.entity, card.entity_id).await?.ok_or(EngineError::NotFound("This record"))?;
        let from = fields.get(&card.field).cloned().unwrap_or(Json::Null);
        let change = FieldChange { from, to: card.theirs.clone() };
        unit.add(card.entity, card.entity_id, OpKind::Update, [(card.field.clone(), change)].into()).await?;
    }
    let now = unit.now;
    unit.session.resolve_conflict(command.conflict_id, now).await?;
    unit.stale(CacheTag::Sync);
    unit.stale(CacheTag::WorkOrders);
    if card.entity == Entity::WorkOrder {
        unit.stale(CacheTag::WorkOrder(WorkOrderId(card.entity_id)));
    }
    unit.commit().await
}

pub(crate) async fn history_show(
    engine: &Inner,
    command: HistoryShow,
) -> Result<Vec<HistoryEntry>, EngineError> {
    let mut session = engine.database.read().await?;
    let mut entries = Vec::new();
    for stored in session.txns_of_record(command.entity, command.entity_id, LIST_MAX).await? {
        let txn = stored.txn()?;
        for op in txn.ops.iter().filter(|op| op.entity == command.entity && op.entity_id == command.entity_id)
        {
            entries.push(HistoryEntry {
                at: stored.recorded_at,
                actor: actor_in_words(engine, &op.actor),
                assurance: op.actor.assurance,
                kind: op.kind,
                fields: op.fields.clone(),
                reason: txn.reason.clone(),
                txn_id: txn.txn_id,
                op_id: op.op_id.0,
            });
        }
    }
    Ok(entries)
}

fn actor_in_words(engine: &Inner, actor: &Actor) -> String {
    match actor.actor_kind {
        ActorKind::Person => engine
            .people
            .name(actor.person_id())
            .unwrap_or_else(|| "a person whose name was erased".to_owned()),
        ActorKind::Erp => format!("ERP {}", actor.actor_id.as_deref().unwrap_or_default()),
        ActorKind::Rule => format!("rule {}", actor.actor_id.as_deref().unwrap_or_default()),
        ActorKind::System => "Millwright".to_owned(),
        ActorKind::Unnamed => "nobody named".to_owned(),
    }
}
