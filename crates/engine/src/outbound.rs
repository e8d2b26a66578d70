//! What a transaction means outside: facts for the ERP and events for the plant, planned with their transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use millwright_local_db::{NewDelivery, Session, WriteSession};
use millwright_model::{
    ActorKind, Asset, Changed, Decision, DeliveryId, DeliveryTarget, Entity, ExternalKind, ExternalRef, Fact,
    Labour, Op, OpId, OpKind, OutboundTxn, Part, PartLine, PartUse, PersonId, PlannedStep, Request, Side,
    StepLabel, TimestampMs, Txn, WebhookId, WorkOrder, WorkOrderId, WorkOrderStatus,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::EngineError;
use crate::engine::Inner;
use crate::mail;
use crate::use_case::date;
use crate::webhook;

/// A fact and the record whose deliveries it must keep its order with.
struct Told {
    entity: Entity,
    entity_id: Uuid,
    entity_label: String,
    fact: Fact,
}

/// An event as the broker gets it: always the same bytes for the same op.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BrokerEvent {
    pub(crate) topic: String,
    pub(crate) payload: String,
}

/// Plans the deliveries of a transaction, in the transaction that keeps it.
pub(crate) async fn plan_deliveries(
    engine: &Inner,
    session: &mut WriteSession,
    txn: &Txn,
    not_before: TimestampMs,
    now: TimestampMs,
) -> Result<(), EngineError> {
    if engine.team.follows() {
        // The node plans what leaves, once it has accepted the transaction.
        return Ok(());
    }
    let connections = crate::connection::kept(session).await?;
    let root = event_root(engine, &connections);
    let wishes = session.webhook_wishes().await?;
    let news = match engine.erp().is_some() || root.is_some() || !wishes.is_empty() {
        true => news_of(session, txn).await?,
        false => Vec::new(),
    };
    if let Some(erp) = engine.erp() {
        plan_for_erp(engine, session, &*erp, txn, &news, not_before, now).await?;
    } else if connections.erp.is_some() || engine.mode() == millwright_model::AppMode::Demo {
        // The adapter is being set up this very moment (start of the demo plant): plan with what will be there.
        tracing::warn!(
            "transaction {} was kept before the ERP adapter was ready; it is planned when it is",
            txn.txn_id
        );
        remember_unplanned(session, txn).await?;
    }
    if let Some(root) = root {
        plan_for_broker(engine, session, &root, txn, &news, not_before, now).await?;
    }
    if let Some(mail) = &connections.mail {
        mail::planning::plan(engine, session, mail, txn, not_before, now).await?;
    }
    plan_for_webhooks(session, txn, &news, &wishes, not_before).await
}

/// Plans what people are written of what the ERP said by itself: nothing else leaves of it.
pub(crate) async fn plan_e_mails(
    engine: &Inner,
    session: &mut WriteSession,
    txn: &Txn,
    not_before: TimestampMs,
    now: TimestampMs,
) -> Result<(), EngineError> {
    match mail::connection::kept(session).await? {
        Some(mail) if !engine.team.follows() => {
            mail::planning::plan(engine, session, &mail, txn, not_before, now).await
        }
        _ => Ok(()),
    }
}

const UNPLANNED: &str = "unplanned_txns";

async fn remember_unplanned(session: &mut WriteSession, txn: &Txn) -> Result<(), EngineError> {
    let mut unplanned: Vec<millwright_model::TxnId> = session.setting(UNPLANNED).await?.unwrap_or_default();
    unplanned.push(txn.txn_id);
    session.set_setting(UNPLANNED, &unplanned).await?;
    Ok(())
}

/// Plans what was kept before the ERP adapter was ready.
pub(crate) async fn plan_remembered(engine: &Inner) -> Result<(), EngineError> {
    let Some(erp) = engine.erp() else { return Ok(()) };
    let mut session = engine.database.write().await?;
    let unplanned: Vec<millwright_model::TxnId> = session.setting(UNPLANNED).await?.unwrap_or_default();
    if unplanned.is_empty() {
        return Ok(());
    }
    let now = engine.now();
    for txn_id in unplanned {
        if let Some(stored) = session.txn(txn_id).await? {
            let (txn, not_before) = (stored.txn()?, stored.held_until.unwrap_or(now));
            let news = news_of(&mut session, &txn).await?;
            plan_for_erp(engine, &mut session, &*erp, &txn, &news, not_before, now).await?;
        }
    }
    session.set_setting(UNPLANNED, &Vec::<millwright_model::TxnId>::new()).await?;
    session.commit().await?;
    Ok(())
}

async fn plan_for_erp(
    engine: &Inner,
    session: &mut WriteSession,
    erp: &dyn millwright_erp::ErpPort,
    txn: &Txn,
    news: &[News<'_>],
    not_before: TimestampMs,
    now: TimestampMs,
) -> Result<(), EngineError> {
    let told = facts_of(engine, session, erp.system(), txn, news).await?;
    let mut step = 0;
    for told in told {
        let outbound = OutboundTxn { txn_id: txn.txn_id, facts: vec![told.fact] };
        let planned = match erp.plan(&outbound) {
            Ok(planned) => planned,
            Err(error) => {
                // A mapping without a place for this fact is the integrator's matter, never the technician's.
                session.add_finding("mapping", &error.to_string(), now).await?;
                continue;
            }
        };
        for planned in planned {
            let delivery = NewDelivery {
                delivery_id: DeliveryId(engine.ports.mint.uuid(now)),
                txn_id: txn.txn_id,
                target: DeliveryTarget::Erp,
                step,
                planned,
                entity: told.entity,
                entity_id: told.entity_id,
                entity_label: told.entity_label.clone(),
                not_before,
                planned_at: now,
            };
            session.plan_delivery(&delivery).await?;
            if let Some(decision) = &txn.decides {
                session.take_place(delivery.delivery_id, &decision.supersedes).await?;
            }
            step += 1;
        }
    }
    Ok(())
}

/// An op that is news outside: what the ERP has is known to it, and was told to the plant when it was decided on.
struct News<'t> {
    op: &'t Op,
    /// The order or request that it belongs to: events are in order per such record. Nothing for what no event tells.
    behind: Option<Behind>,
    /// It is about an order that was closed before it came here, brought in from a file: it was other books' business,
    /// and the ERP neither knows it nor is told of it.
    is_history: bool,
}

/// The record that an op belongs to.
enum Behind {
    WorkOrder(Arc<WorkOrder>),
    Request { request_id: Uuid, label: String },
}

impl Behind {
    fn record(&self) -> (Entity, Uuid, &str) {
        match self {
            Self::WorkOrder(order) => (Entity::WorkOrder, order.work_order_id.0, order.number()),
            Self::Request { request_id, label } => (Entity::Request, *request_id, label),
        }
    }

    fn order(&self) -> Option<&WorkOrder> {
        match self {
            Self::WorkOrder(order) => Some(order),
            Self::Request { .. } => None,
        }
    }
}

/// What of a transaction is news outside.
async fn news_of<'t>(session: &mut Session, txn: &'t Txn) -> Result<Vec<News<'t>>, EngineError> {
    let mut news: Vec<News<'t>> = Vec::new();
    let mut orders: BTreeMap<Uuid, Arc<WorkOrder>> = BTreeMap::new();
    for op in txn.ops.iter().filter(|op| op.actor.actor_kind != ActorKind::Erp) {
        let behind = behind(session, op, &mut orders).await?;
        let is_history = match behind.as_ref().and_then(Behind::order) {
            Some(order) => is_history(session, txn, op, order).await?,
            None => false,
        };
        news.push(News { op, behind, is_history });
    }
    Ok(news)
}

fn event_root(engine: &Inner, connections: &millwright_model::Connections) -> Option<String> {
    let plant = match engine.mode() {
        millwright_model::AppMode::Demo => return Some(crate::connection::DEMO_EVENT_ROOT.to_owned()),
        millwright_model::AppMode::FirstStart | millwright_model::AppMode::Plant => {
            connections.plant.as_ref()?
        }
    };
    if plant.listen_only { None } else { plant.event_root.clone().filter(|root| !root.is_empty()) }
}

async fn plan_for_broker(
    engine: &Inner,
    session: &mut WriteSession,
    root: &str,
    txn: &Txn,
    news: &[News<'_>],
    not_before: TimestampMs,
    now: TimestampMs,
) -> Result<(), EngineError> {
    let mut step = 0;
    for News { op, behind, is_history } in news {
        let Some((entity, entity_id, label)) = behind.as_ref().map(Behind::record) else { continue };
        if op.kind == OpKind::Create && *is_history {
            continue;
        }
        let event = BrokerEvent { topic: topic_of(root, op), payload: payload_of(txn, op)? };
        let delivery = NewDelivery {
            delivery_id: DeliveryId(engine.ports.mint.uuid(now)),
            txn_id: txn.txn_id,
            target: DeliveryTarget::Broker,
            step,
            planned: PlannedStep {
                step_key: op.op_id.to_string(),
                label: StepLabel::TellEvent { entity: op.entity, kind: op.kind },
                bytes: serde_json::to_vec(&event)?,
                needs: Vec::new(),
            },
            entity,
            entity_id,
            entity_label: label.to_owned(),
            not_before,
            planned_at: now,
        };
        session.plan_delivery(&delivery).await?;
        step += 1;
    }
    Ok(())
}

/// Plans what receivers of changes are told: the same news as the plant's, of every kind of record that they asked for.
async fn plan_for_webhooks(
    session: &mut WriteSession,
    txn: &Txn,
    news: &[News<'_>],
    wishes: &[(WebhookId, Vec<Entity>)],
    not_before: TimestampMs,
) -> Result<(), EngineError> {
    if wishes.is_empty() {
        return Ok(());
    }
    for News { op, is_history, .. } in news {
        let wanted: Vec<_> = wishes.iter().filter(|(_, entities)| entities.contains(&op.entity)).collect();
        if wanted.is_empty() || (op.kind == OpKind::Create && *is_history) {
            continue;
        }
        let body = webhook::body_of(txn, op)?;
        for (webhook_id, _) in wanted {
            session.plan_webhook_event(*webhook_id, op.op_id.0, txn.txn_id, &body, not_before).await?;
        }
    }
    Ok(())
}

fn topic_of(root: &str, op: &Op) -> String {
    format!("{root}/_maintenance_v1/{}/{}", op.entity.as_str(), op.kind.as_str())
}

fn payload_of(txn: &Txn, op: &Op) -> Result<String, EngineError> {
    // Keys in alphabetical order, as serde_json's map keeps them: the same op gives the same bytes for ever.
    let fields: serde_json::Map<String, serde_json::Value> =
        op.fields.iter().map(|(name, change)| (name.clone(), change.to.clone())).collect();
    let body = serde_json::json!({
        "op_id": op.op_id,
        "entity_id": op.entity_id,
        "txn_id": txn.txn_id,
        "hlc": txn.hlc,
        "timestamp_ms": txn.hlc.wall_ms(),
        "actor": op.actor.actor_id,
        "fields": fields,
    });
    Ok(serde_json::to_string(&body)?)
}

/// The order or request that an op belongs to.
async fn behind(
    session: &mut Session,
    op: &Op,
    orders: &mut BTreeMap<Uuid, Arc<WorkOrder>>,
) -> Result<Option<Behind>, EngineError> {
    let order_id = match op.entity {
        Entity::WorkOrder => Some(op.entity_id),
        Entity::WorkStep | Entity::Labour | Entity::PartUse | Entity::Signature => {
            let said =
                op.fields.get("work_order_id").and_then(|change| change.to.as_str()).map(str::to_owned);
            let id = match said {
                Some(id) => Some(id),
                None => {
                    let fields = session.fields(op.entity, op.entity_id).await?.unwrap_or_default();
                    fields.get("work_order_id").and_then(|id| id.as_str()).map(str::to_owned)
                }
            };
            id.and_then(|id| Uuid::parse_str(&id).ok())
        }
        Entity::Request => {
            let request: Option<Request> = session.get(op.entity_id).await?;
            let label =
                request.and_then(|request| request.erp_number.or(request.local_number)).unwrap_or_default();
            return Ok(Some(Behind::Request { request_id: op.entity_id, label }));
        }
        Entity::Asset
        | Entity::TagBinding
        | Entity::Label
        | Entity::LabourTimer
        | Entity::Note
        | Entity::Attachment
        | Entity::Reading
        | Entity::Part
        | Entity::Supplier
        | Entity::Offer
        | Entity::WhereUsed
        | Entity::Stock
        | Entity::Person
        | Entity::FindingCode
        | Entity::PlainConsent
        | Entity::Alias
        | Entity::Device
        | Entity::Downtime
        | Entity::Skill
        | Entity::SkillLevel
        | Entity::ShiftPattern
        | Entity::ShiftEntry
        | Entity::Handover
        | Entity::HandoverAcknowledgement
        | Entity::MaintenancePlan
        | Entity::Guide
        | Entity::DocumentUpdate
        | Entity::GuideRevision
        | Entity::GuideRead
        | Entity::StepTime
        | Entity::Fiducial
        | Entity::CameraProfile
        | Entity::MachineModel
        | Entity::EnergySource
        | Entity::Scenario
        | Entity::ScenarioBaseline
        | Entity::ScenarioDecision
        | Entity::ScenarioOutcome
        | Entity::Signpost
        | Entity::SignpostCrossing
        | Entity::Workshop
        | Entity::Exercise
        | Entity::ExerciseRole
        | Entity::ExerciseInject
        | Entity::ExerciseMove
        | Entity::ExerciseEntry
        | Entity::ExerciseAction => None,
    };
    let Some(order_id) = order_id else { return Ok(None) };
    if let Some(order) = orders.get(&order_id) {
        return Ok(Some(Behind::WorkOrder(order.clone())));
    }
    let Some(order) = session.get::<WorkOrder>(order_id).await?.map(Arc::new) else { return Ok(None) };
    orders.insert(order_id, order.clone());
    Ok(Some(Behind::WorkOrder(order)))
}

/// Whether `order`, which an op is about, was closed before it came here.
async fn is_history(
    session: &mut Session,
    txn: &Txn,
    op: &Op,
    order: &WorkOrder,
) -> Result<bool, EngineError> {
    if order.status.is_open() {
        return Ok(false);
    }
    let order_id = order.work_order_id.0;
    let was_created_closed = |op: &Op| {
        op.entity == Entity::WorkOrder
            && op.entity_id == order_id
            && op.kind == OpKind::Create
            && op.actor.actor_kind != ActorKind::Erp
            && op.fields.get("status").is_some_and(|status| {
                let closed = [WorkOrderStatus::Completed, WorkOrderStatus::Cancelled];
                closed.iter().any(|closed| status.to == closed.as_str())
            })
    };
    if was_created_closed(op) || txn.ops.iter().any(was_created_closed) {
        return Ok(true);
    }
    let Some((created_by, _)) = session.creating_op(Entity::WorkOrder, order_id).await? else {
        return Ok(false);
    };
    let Some(stored) = session.txn(created_by).await? else { return Ok(false) };
    Ok(stored.txn()?.ops.iter().any(was_created_closed))
}

/// The facts of a transaction, in the order of its ops.
async fn facts_of(
    engine: &Inner,
    session: &mut Session,
    system: &str,
    txn: &Txn,
    news: &[News<'_>],
) -> Result<Vec<Told>, EngineError> {
    let zone = date::plant_zone(session).await?;
    let mut told = Vec::new();
    let mut issued: Vec<(OpId, PartUse, &WorkOrder)> = Vec::new();
    for News { op, behind, .. } in news.iter().filter(|news| !news.is_history) {
        let order = behind.as_ref().and_then(Behind::order);
        match (op.entity, op.kind) {
            (Entity::WorkOrder, OpKind::Update) if txn.decides.is_some() => {
                told.extend(order_edited(session, system, &zone, op, txn.decides.as_ref()).await?);
            }
            (Entity::WorkOrder, OpKind::Create) => {
                told.extend(order_created(session, system, &zone, op).await?);
            }
            (Entity::WorkOrder, OpKind::Update) => {
                // The edit goes first: an order that is completed there takes no more changes.
                told.extend(order_edited(session, system, &zone, op, None).await?);
                told.extend(order_moved(session, system, op, txn).await?);
            }
            (Entity::Labour, OpKind::Create) => {
                if let Some(order) = order {
                    told.extend(labour(engine, session, system, op, order).await?);
                }
            }
            (Entity::Request, OpKind::Create) => told.extend(request(session, system, &zone, op).await?),
            (Entity::PartUse, OpKind::Create) => {
                if let Some(order) = order {
                    issued.push((op.op_id, created(op)?, order));
                }
            }
            _ => {}
        }
    }
    for (op_id, part_use, order) in issued {
        told.extend(part_moved(session, system, &zone, op_id, &part_use, order).await?);
    }
    Ok(told)
}

/// The record that an op created, as its writer wrote it.
fn created<R: DeserializeOwned>(op: &Op) -> Result<R, EngineError> {
    let fields = op.fields.iter().map(|(name, change)| (name.clone(), change.to.clone())).collect();
    Ok(serde_json::from_value(serde_json::Value::Object(fields))?)
}

async fn reference<Id: Copy + Into<Uuid>>(
    session: &mut Session,
    system: &str,
    kind: ExternalKind,
    id: Id,
    label: &str,
) -> Result<ExternalRef<Id>, EngineError> {
    let key = session.external_key(system, kind, id.into()).await?;
    Ok(ExternalRef { id, external_key: key.map(|(key, _)| key), label: label.to_owned() })
}

async fn order_reference(
    session: &mut Session,
    system: &str,
    order: &WorkOrder,
) -> Result<ExternalRef<WorkOrderId>, EngineError> {
    reference(session, system, ExternalKind::WorkOrder, order.work_order_id, order.number()).await
}

fn about_order(order: &WorkOrder, fact: Fact) -> Told {
    Told {
        entity: Entity::WorkOrder,
        entity_id: order.work_order_id.0,
        entity_label: order.number().to_owned(),
        fact,
    }
}

async fn order_created(
    session: &mut Session,
    system: &str,
    zone: &str,
    op: &Op,
) -> Result<Option<Told>, EngineError> {
    let Some(order) = session.get::<WorkOrder>(op.entity_id).await? else { return Ok(None) };
    let asset = match order.asset_id {
        Some(asset_id) => match session.get::<Asset>(asset_id).await? {
            Some(asset) => {
                Some(reference(session, system, ExternalKind::Asset, asset_id, &asset.code).await?)
            }
            None => None,
        },
        None => None,
    };
    let fact = Fact::OrderCreated {
        op_id: op.op_id,
        order: order_reference(session, system, &order).await?,
        asset,
        title: order.title.clone(),
        description: order.description.clone(),
        priority: order.priority,
        due: order.due_at.map(|due| date::plant_time(due, zone)),
    };
    Ok(Some(about_order(&order, fact)))
}

/// The fields of an order whose edits an ERP is told.
pub(crate) const EDITED_FIELDS: [&str; 4] = ["title", "description", "priority", "due_at"];

/// What an op changed of a field; nothing where it left it alone.
fn changed<T: DeserializeOwned>(op: &Op, field: &str) -> Result<Option<Changed<T>>, EngineError> {
    let Some(change) = op.fields.get(field) else { return Ok(None) };
    Ok(Some(Changed {
        from: serde_json::from_value(change.from.clone())?,
        to: serde_json::from_value(change.to.clone())?,
    }))
}

async fn order_edited(
    session: &mut Session,
    system: &str,
    zone: &str,
    op: &Op,
    decision: Option<&Decision>,
) -> Result<Option<Told>, EngineError> {
    let mut op = op.clone();
    if let Some(decision) = decision.filter(|decision| decision.keep == Side::Theirs) {
        // Its own value is no news to the ERP.
        op.fields.remove(&decision.field);
    }
    let title = changed::<String>(&op, "title")?;
    let description = changed::<String>(&op, "description")?;
    let priority = changed(&op, "priority")?;
    let due = changed::<Option<TimestampMs>>(&op, "due_at")?.map(|due| {
        let said = |due: Option<TimestampMs>| due.map(|due| date::plant_time(due, zone));
        Changed { from: said(due.from), to: said(due.to) }
    });
    if title.is_none() && description.is_none() && priority.is_none() && due.is_none() {
        return Ok(None);
    }
    let Some(order) = session.get::<WorkOrder>(op.entity_id).await? else { return Ok(None) };
    let reference = order_reference(session, system, &order).await?;
    let fact = Fact::OrderChanged { op_id: op.op_id, order: reference, title, description, priority, due };
    Ok(Some(about_order(&order, fact)))
}

async fn order_moved(
    session: &mut Session,
    system: &str,
    op: &Op,
    txn: &Txn,
) -> Result<Option<Told>, EngineError> {
    let details = ["found_text", "done_text"].iter().any(|name| op.fields.contains_key(*name));
    let status = op.fields.get("status");
    if status.is_none() && !details {
        return Ok(None);
    }
    let Some(order) = session.get::<WorkOrder>(op.entity_id).await? else { return Ok(None) };
    let from: WorkOrderStatus = match status {
        Some(change) => serde_json::from_value(change.from.clone())?,
        None => order.status,
    };
    let words = [order.found_text.as_deref(), order.done_text.as_deref()];
    let text = words.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" – ");
    let fact = Fact::OrderStatusChanged {
        op_id: op.op_id,
        order: order_reference(session, system, &order).await?,
        from,
        to: order.status,
        text: if text.is_empty() { order.status_reason.clone().unwrap_or_default() } else { text },
        at: TimestampMs(txn.hlc.wall_ms() as i64),
    };
    Ok(Some(about_order(&order, fact)))
}

async fn labour(
    engine: &Inner,
    session: &mut Session,
    system: &str,
    op: &Op,
    order: &WorkOrder,
) -> Result<Option<Told>, EngineError> {
    let labour: Labour = created(op)?;
    let order_ref = order_reference(session, system, order).await?;
    let person = person_reference(engine, session, system, labour.person_id).await?;
    let fact = match labour.corrects {
        None => Fact::LabourBooked {
            op_id: op.op_id,
            order: order_ref,
            person,
            minutes: labour.minutes,
            on: labour.worked_on,
            text: order.title.clone(),
        },
        Some(corrected) => {
            let chain = session.labour_of(order.work_order_id).await?;
            let minutes = chain
                .iter()
                .filter(|booking| booking.labour_id == corrected || booking.corrects == Some(corrected))
                .map(|booking| booking.minutes)
                .sum();
            let Some((_, first_op)) = session.creating_op(Entity::Labour, corrected.0).await? else {
                return Ok(None);
            };
            Fact::LabourCorrected {
                op_id: op.op_id,
                corrects: OpId(first_op),
                order: order_ref,
                person,
                minutes,
                previous_minutes: minutes - labour.minutes,
                on: labour.worked_on,
                reason: labour.reason.clone().unwrap_or_default(),
            }
        }
    };
    Ok(Some(about_order(order, fact)))
}

async fn person_reference(
    engine: &Inner,
    session: &mut Session,
    system: &str,
    person_id: PersonId,
) -> Result<ExternalRef<PersonId>, EngineError> {
    let number = engine.people.get(person_id).and_then(|person| person.erp_number);
    let mut reference =
        reference(session, system, ExternalKind::Person, person_id, number.as_deref().unwrap_or_default())
            .await?;
    // A person who was typed in here is known to the ERP by the number they gave, without a pull.
    reference.external_key = reference.external_key.or(number);
    Ok(reference)
}

async fn part_moved(
    session: &mut Session,
    system: &str,
    zone: &str,
    op_id: OpId,
    part_use: &PartUse,
    order: &WorkOrder,
) -> Result<Option<Told>, EngineError> {
    let Some(part) = session.get::<Part>(part_use.part_id).await? else { return Ok(None) };
    let at = session.part_at(system, order.work_order_id, part.part_id).await?;
    let order_ref =
        ExternalRef { id: order.work_order_id, external_key: at.order_key, label: order.number().to_owned() };
    let part_ref = ExternalRef { id: part.part_id, external_key: at.part_key, label: part.number.clone() };
    // From the place that was named, else from the one that holds most.
    let named = at.places.iter().find(|place| Some(&place.location) == part_use.location.as_ref());
    let from = named.or(at.places.first()).cloned();
    let (from_location, from_bin) = from.map(|place| (place.location_key, place.bin)).unzip();
    let (from_location, from_bin) = (from_location.flatten(), from_bin.flatten());
    let on = date::civil_date(part_use.recorded_at, zone);
    let fact = match part_use.corrects {
        None => Fact::PartsIssued {
            op_id,
            order: order_ref,
            lines: vec![PartLine {
                part: part_ref,
                quantity: part_use.quantity.clone(),
                from_location,
                from_bin,
            }],
            on,
        },
        Some(corrected) => {
            let Some((_, first_op)) = session.creating_op(Entity::PartUse, corrected.0).await? else {
                return Ok(None);
            };
            Fact::PartsReturned {
                op_id,
                corrects: OpId(first_op),
                order: order_ref,
                lines: vec![PartLine {
                    part: part_ref,
                    quantity: part_use.quantity.negated(),
                    from_location,
                    from_bin,
                }],
                on,
                reason: part_use.reason.clone().unwrap_or_default(),
            }
        }
    };
    Ok(Some(about_order(order, fact)))
}

async fn request(
    session: &mut Session,
    system: &str,
    zone: &str,
    op: &Op,
) -> Result<Option<Told>, EngineError> {
    let Some(request) = session.get::<Request>(op.entity_id).await? else { return Ok(None) };
    let Some(asset) = session.get::<Asset>(request.asset_id).await? else { return Ok(None) };
    let label = request.erp_number.clone().or(request.local_number.clone()).unwrap_or_default();
    let fact = Fact::RequestRaised {
        op_id: op.op_id,
        request: reference(session, system, ExternalKind::Request, request.request_id, &label).await?,
        asset: reference(session, system, ExternalKind::Asset, asset.asset_id, &asset.code).await?,
        // The ERP knows no parts of a model: it is told in words which one it is about.
        text: match &request.part {
            Some(part) => format!("{part}: {}", request.text),
            None => request.text.clone(),
        },
        priority: request.priority,
        at: date::plant_time(request.raised_at, zone),
    };
    Ok(Some(Told { entity: Entity::Request, entity_id: request.request_id.0, entity_label: label, fact }))
}
