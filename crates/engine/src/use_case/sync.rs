//! The Sync centre: what waits, what needs a person, and what a person decides; and the changes of a record.

use std::collections::BTreeMap;

use millwright_model::*;
use serde_json::Value as Json;

use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;

const LIST_MAX: i64 = 200;
const DONE_MAX: i64 = 50;

pub(crate) async fn show(engine: &Inner, _command: SyncShow) -> Result<SyncView, EngineError> {
    use DeliveryState::{Conflict, Discarded, Done, Rejected, Sending, Unknown, Waiting};
    let mut session = engine.database.read().await?;
    let conflicts = session.open_conflicts().await?;
    let values = conflicts.iter().flat_map(|card| [&card.ours, &card.theirs]);
    let names = names_in(engine, &mut session, values).await?;
    let waiting = session.deliveries_in(&[Waiting, Sending, Unknown], false, LIST_MAX).await?;
    let (may_have_gone, waiting): (Vec<Delivery>, Vec<Delivery>) =
        waiting.into_iter().partition(Delivery::may_have_gone);
    let mut needs_you = session.deliveries_in(&[Conflict, Rejected], false, LIST_MAX).await?;
    needs_you.extend(may_have_gone);
    Ok(SyncView {
        names,
        state: super::status::sync_state(engine, &mut session).await?,
        waiting,
        needs_you,
        conflicts,
        done: session.deliveries_in(&[Done], true, DONE_MAX).await?,
        discarded: session.deliveries_in(&[Discarded], true, DONE_MAX).await?,
        findings: session.findings().await?,
    })
}

pub(crate) async fn delivery_retry(engine: &Inner, command: DeliveryRetry) -> Result<(), EngineError> {
    actor(engine)?;
    let now = engine.now();
    let mut session = engine.database.write().await?;
    let row = session.delivery(command.delivery_id).await?.ok_or(EngineError::NotFound(Missing::Delivery))?;
    if row.delivery.target == DeliveryTarget::Mail && engine.team.follows() {
        // In a team the node writes.
        return Err(EngineError::Precondition(Refusal::NothingToRetry));
    }
    let next = match row.delivery.state {
        // What was refused did not take effect; what is in conflict or unknown is looked up before it is sent.
        DeliveryState::Waiting | DeliveryState::Rejected | DeliveryState::Conflict => DeliveryState::Waiting,
        // An e-mail cannot be looked up: a person says that it goes again, under the same Message-ID.
        DeliveryState::Unknown if row.delivery.may_have_gone() => DeliveryState::Waiting,
        DeliveryState::Unknown => DeliveryState::Unknown,
        DeliveryState::Sending | DeliveryState::Done | DeliveryState::Discarded => {
            return Err(EngineError::Precondition(Refusal::NothingToRetry));
        }
    };
    let trouble = row.delivery.trouble();
    session.postpone_delivery(command.delivery_id, next, trouble.as_ref(), now, now).await?;
    session.commit().await?;
    engine.wake_delivering.notify_waiters();
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn delivery_discard(engine: &Inner, command: DeliveryDiscard) -> Result<(), EngineError> {
    let reason = required_text(&command.reason, Input::Reason, 500)?;
    let person = actor(engine)?;
    let name = engine.people.name(person.person_id()).unwrap_or_default();
    let now = engine.now();
    let mut session = engine.database.write().await?;
    let row = session.delivery(command.delivery_id).await?.ok_or(EngineError::NotFound(Missing::Delivery))?;
    match row.delivery.state {
        DeliveryState::Waiting
        | DeliveryState::Rejected
        | DeliveryState::Conflict
        | DeliveryState::Unknown => {}
        DeliveryState::Sending | DeliveryState::Done | DeliveryState::Discarded => {
            return Err(EngineError::Precondition(Refusal::NotGivenUp));
        }
    }
    let said = format!("given up by {name}: {reason}");
    let given_up = Trouble::new(Cause::GivenUp { by: name, reason: reason.to_owned() }, said);
    // Steps that lack the key which this step would have brought can never leave: they go with it.
    for dependent in session.dependents_of(command.delivery_id).await? {
        let lacks_key = dependent.planned.needs.iter().any(|need| need.id == row.delivery.entity_id);
        if lacks_key {
            session
                .settle_delivery(
                    dependent.delivery.delivery_id,
                    DeliveryState::Discarded,
                    None,
                    Some(&given_up),
                    now,
                )
                .await?;
        }
    }
    session
        .settle_delivery(command.delivery_id, DeliveryState::Discarded, None, Some(&given_up), now)
        .await?;
    session.commit().await?;
    engine.wake_delivering.notify_waiters();
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn history_show(
    engine: &Inner,
    command: HistoryShow,
) -> Result<Vec<HistoryEntry>, EngineError> {
    let mut session = engine.database.read().await?;
    let records = session.with_what_hangs_on_it(command.entity, command.entity_id).await?;
    let mut entries = Vec::new();
    for stored in session.txns_of_records(&records, LIST_MAX).await? {
        let txn = stored.txn()?;
        for op in txn.ops.into_iter().filter(|op| records.contains(&(op.entity, op.entity_id))) {
            let itself = op.entity == command.entity && op.entity_id == command.entity_id;
            let values = op.fields.values().flat_map(|change| [&change.from, &change.to]);
            let names = names_in(engine, &mut session, values).await?;
            entries.push(HistoryEntry {
                entity: op.entity,
                about: if itself { None } else { called(&mut session, op.entity, op.entity_id).await? },
                names,
                at: stored.recorded_at,
                actor: actor_in_words(engine, &op.actor),
                assurance: op.actor.assurance,
                kind: op.kind,
                fields: op.fields,
                reason: txn.reason.clone(),
                txn_id: txn.txn_id,
                op_id: op.op_id.0,
            });
        }
    }
    Ok(entries)
}

/// What people call a record that hangs on another: the title of a step, the name of a tag, the number of a part.
async fn called(
    session: &mut millwright_local_db::Session,
    entity: Entity,
    id: uuid::Uuid,
) -> Result<Option<String>, EngineError> {
    let Some(fields) = session.fields(entity, id).await? else { return Ok(None) };
    if let Some(part_id) =
        fields.get("part_id").and_then(Json::as_str).and_then(|id| id.parse::<PartId>().ok())
    {
        return Ok(session.get::<Part>(part_id).await?.map(|part| part.name));
    }
    let named =
        ["title", "name", "code", "file_name"].into_iter().find_map(|field| fields.get(field)?.as_str());
    Ok(named.map(str::to_owned))
}

/// The names of the records whose ids stand in `values`: people, machines, requests, parts, devices, skills.
async fn names_in<'v>(
    engine: &Inner,
    session: &mut millwright_local_db::Session,
    values: impl Iterator<Item = &'v Json>,
) -> Result<BTreeMap<String, String>, EngineError> {
    let mut names = BTreeMap::new();
    let texts = values.flat_map(|value| match value {
        // What is kept as a whole (an order that was taken over) names people and devices inside.
        Json::Object(inside) => inside.values().filter_map(Json::as_str).collect(),
        other => Vec::from_iter(other.as_str()),
    });
    for text in texts {
        let Ok(id) = uuid::Uuid::parse_str(text) else { continue };
        if names.contains_key(text) {
            continue;
        }
        let name = if let Some(person) = engine.people.get(PersonId(id)) {
            person.name
        } else if let Some(asset) = session.get::<Asset>(id).await? {
            Some(format!("{} {}", asset.code, asset.name))
        } else if let Some(part) = session.get::<Part>(id).await? {
            Some(part.name)
        } else if let Some(order) = session.get::<WorkOrder>(id).await? {
            Some(order.number().to_owned())
        } else if let Some(device) = session.get::<Device>(id).await? {
            Some(device.name)
        } else if let Some(skill) = session.get::<Skill>(id).await? {
            Some(skill.name)
        } else {
            let request = session.get::<Request>(id).await?;
            request.and_then(|request| request.erp_number.or(request.local_number))
        };
        if let Some(name) = name {
            names.insert(text.to_owned(), name);
        }
    }
    Ok(names)
}

fn actor_in_words(engine: &Inner, actor: &Actor) -> String {
    let who = match actor.actor_kind {
        ActorKind::Person => engine
            .people
            .name(actor.person_id())
            .unwrap_or_else(|| "a person whose name was erased".to_owned()),
        ActorKind::Erp => format!("ERP {}", actor.actor_id.as_deref().unwrap_or_default()),
        ActorKind::Rule => format!("rule {}", actor.actor_id.as_deref().unwrap_or_default()),
        ActorKind::System => "Millwright".to_owned(),
        ActorKind::Unnamed => "nobody named".to_owned(),
    };
    match &actor.via {
        Some(token) if actor.actor_kind == ActorKind::Unnamed => format!("via token {token}"),
        Some(token) => format!("{who} via token {token}"),
        None => who,
    }
}
