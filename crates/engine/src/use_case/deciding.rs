//! A card is decided: the value that stays is kept with who decided, and ours is told to the ERP over theirs.

use std::collections::BTreeMap;

use millwright_model::*;
use serde_json::Value as Json;

use super::actor;
use crate::EngineError;
use crate::engine::Inner;
use crate::outbound::EDITED_FIELDS;
use crate::unit::Unit;

/// Edits of the card's record that have not reached the ERP, and what they said of other fields.
#[derive(Default)]
struct Untold {
    deliveries: Vec<Delivery>,
    fields: BTreeMap<String, FieldChange>,
}

pub(crate) async fn conflict_resolve(engine: &Inner, command: ConflictResolve) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let card = unit.conflict(command.conflict_id).await?.ok_or(EngineError::NotFound(Missing::Card))?;
    if card.resolved_at.is_some() {
        return Err(EngineError::Precondition(Refusal::DecidedAlready));
    }
    let fields =
        unit.fields(card.entity, card.entity_id).await?.ok_or(EngineError::NotFound(Missing::Record))?;
    let now = unit.now;
    unit.session.resolve_conflict(command.conflict_id, now).await?;
    let untold = untold(&mut unit, &card, &fields).await?;
    settle(&mut unit, &untold.deliveries, command.keep).await?;

    let here = fields.get(&card.field).cloned().unwrap_or(Json::Null);
    if card.between == Between::TwoDevices {
        return between_devices(unit, &card, command.keep, here).await;
    }
    let ours = here;
    let differ = ours != card.theirs;
    let taken = FieldChange { from: ours, to: card.theirs.clone() };
    // What the ERP has is said by an op of the ERP and what the person wants by one of theirs: the row ends as it
    // should, the ERP is told the way from the one to the other, and an undo goes the same way back.
    let mut stands_there: BTreeMap<String, FieldChange> =
        untold.fields.iter().map(|(name, change)| (name.clone(), turned(change))).collect();
    let mut wanted = untold.fields;
    match command.keep {
        Side::Ours if differ => {
            wanted.insert(card.field.clone(), turned(&taken));
            stands_there.insert(card.field.clone(), taken);
        }
        Side::Theirs if differ => {
            wanted.insert(card.field.clone(), taken);
        }
        Side::Ours | Side::Theirs => {}
    }
    unit.decides = Some(Decision {
        conflict_id: command.conflict_id,
        field: card.field.clone(),
        keep: command.keep,
        supersedes: untold.deliveries.iter().map(|delivery| delivery.delivery_id).collect(),
    });
    if !stands_there.is_empty() {
        let erp = Actor::erp(engine.erp().as_deref().map(|erp| erp.system()).unwrap_or_default());
        unit.add_by(erp, card.entity, card.entity_id, OpKind::Update, stands_there).await?;
    }
    if !wanted.is_empty() {
        unit.add(card.entity, card.entity_id, OpKind::Update, wanted).await?;
    }
    say_stale(&mut unit, &card);
    unit.commit().await
}

fn say_stale(unit: &mut Unit<'_>, card: &Conflict) {
    for tag in [CacheTag::Sync, CacheTag::WorkOrders] {
        unit.stale(tag);
    }
    match card.entity {
        Entity::WorkOrder => unit.stale(CacheTag::WorkOrder(WorkOrderId(card.entity_id))),
        Entity::Asset => unit.stale(CacheTag::Assets),
        Entity::Part | Entity::Supplier | Entity::Offer | Entity::Stock => unit.stale(CacheTag::Parts),
        _ => {}
    }
}

/// A card between two devices: what the team accepted stays, or what was held back takes its place. The transaction
/// travels also where nothing changes, so that the card closes everywhere.
async fn between_devices(
    mut unit: Unit<'_>,
    card: &Conflict,
    keep: Side,
    here: Json,
) -> Result<Done, EngineError> {
    unit.decides = Some(Decision {
        conflict_id: card.conflict_id,
        field: card.field.clone(),
        keep,
        supersedes: Vec::new(),
    });
    let wanted = match keep {
        Side::Ours if here != card.ours => {
            BTreeMap::from([(card.field.clone(), FieldChange { from: here, to: card.ours.clone() })])
        }
        Side::Ours | Side::Theirs => BTreeMap::new(),
    };
    unit.add(card.entity, card.entity_id, OpKind::Update, wanted).await?;
    say_stale(&mut unit, card);
    unit.commit().await
}

fn turned(change: &FieldChange) -> FieldChange {
    FieldChange { from: change.to.clone(), to: change.from.clone() }
}

/// The edits from the first one on that spoke of the card's field: none of them can leave as it was planned. What they
/// said of other fields is told anew, except where another card asks about it.
async fn untold(
    unit: &mut Unit<'_>,
    card: &Conflict,
    here: &serde_json::Map<String, Json>,
) -> Result<Untold, EngineError> {
    let mut untold = Untold::default();
    if card.entity != Entity::WorkOrder {
        return Ok(untold);
    }
    let asked: Vec<String> = unit
        .open_conflicts()
        .await?
        .into_iter()
        .filter(|open| open.entity_id == card.entity_id)
        .map(|open| open.field)
        .collect();
    for delivery in unit.deliveries_of(card.entity_id).await? {
        let is_edit = delivery.target == DeliveryTarget::Erp
            && matches!(delivery.label, StepLabel::ChangeOrder { .. })
            && !matches!(delivery.state, DeliveryState::Done | DeliveryState::Discarded);
        if !is_edit {
            continue;
        }
        let Some(stored) = unit.txn(delivery.txn_id).await? else { continue };
        let told = told_fields(&stored.txn()?, card.entity_id);
        if untold.deliveries.is_empty() && !told.contains_key(&card.field) {
            continue;
        }
        for (name, change) in told {
            let to = here.get(&name).cloned().unwrap_or(Json::Null);
            if name != card.field && !asked.contains(&name) {
                untold.fields.entry(name).or_insert(FieldChange { from: change.from, to });
            }
        }
        untold.deliveries.push(delivery);
    }
    untold.fields.retain(|_, change| change.from != change.to);
    Ok(untold)
}

/// What a transaction told the ERP of an order's fields.
fn told_fields(txn: &Txn, order: uuid::Uuid) -> BTreeMap<String, FieldChange> {
    let theirs = txn.decides.as_ref().filter(|decision| decision.keep == Side::Theirs);
    let ops = txn.ops.iter().filter(|op| {
        op.entity == Entity::WorkOrder && op.entity_id == order && op.actor.actor_kind != ActorKind::Erp
    });
    let fields = ops.flat_map(|op| op.fields.clone());
    fields
        .filter(|(name, _)| EDITED_FIELDS.contains(&name.as_str()))
        .filter(|(name, _)| theirs.is_none_or(|decision| decision.field != *name))
        .collect()
}

/// Settles what is not on its way this very moment; the loop settles the rest when its answer comes.
async fn settle(unit: &mut Unit<'_>, deliveries: &[Delivery], keep: Side) -> Result<(), EngineError> {
    let name = unit.engine.people.name(unit.actor.person_id()).unwrap_or_default();
    let said = match keep {
        Side::Ours => format!("settled by {name}: our value stays, and is told over the ERP's"),
        Side::Theirs => format!("settled by {name}: the ERP's value stays"),
    };
    let decided = Trouble::new(Cause::Decided { by: name, keep }, said);
    let now = unit.now;
    for delivery in deliveries {
        if matches!(delivery.state, DeliveryState::Sending | DeliveryState::Unknown) {
            continue;
        }
        let (id, state) = (delivery.delivery_id, DeliveryState::Discarded);
        unit.session.settle_delivery(id, state, None, Some(&decided), now).await?;
    }
    Ok(())
}
