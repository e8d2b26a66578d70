//! What is written of a transaction, and to whom: planned with it, one step for each reader.

use millwright_local_db::{NewDelivery, WriteSession};
use millwright_mail::Mail;
use millwright_model::{
    ActorKind, Asset, AssetId, DeliveryId, DeliveryTarget, Entity, MailConnection, Op, OpKind, PlannedStep,
    Priority, Request, StepLabel, TimestampMs, Txn, TxnId, WorkOrder,
};
use uuid::Uuid;

use super::words::{self, Reader};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::occasion_id;

/// What came here later than this is no alarm any more: a tablet that was away tells it in lists.
const NEWS_FOR_MS: i64 = 24 * 3_600_000;

/// A new request or order, as a reader is told of it.
pub(super) struct News {
    pub(super) entity: Entity,
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) priority: Priority,
    pub(super) text: String,
    pub(super) machine: Option<String>,
    pub(super) machine_down: bool,
    pub(super) due_at: Option<TimestampMs>,
}

/// A letter to one reader and the record that it is about.
pub(super) struct Letter {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) entity: Entity,
    pub(super) entity_id: Uuid,
    pub(super) entity_label: String,
}

/// Plans what is written of a transaction, in the transaction that keeps it.
pub(crate) async fn plan(
    engine: &Inner,
    session: &mut WriteSession,
    mail: &MailConnection,
    txn: &Txn,
    not_before: TimestampMs,
    now: TimestampMs,
) -> Result<(), EngineError> {
    let recorded_at = TimestampMs(txn.hlc.wall_ms() as i64);
    let nobody = mail.readers.iter().all(|reader| reader.from_priority.is_none());
    if nobody || now.since_ms(recorded_at) > NEWS_FOR_MS {
        return Ok(());
    }
    let news = news_of(session, txn).await?;
    let mut step = 0;
    for reader in &mail.readers {
        let Some(from_priority) = reader.from_priority else { continue };
        let mut told: Vec<&News> =
            news.iter().filter(|news| news.priority.number() <= from_priority.number()).collect();
        told.sort_by_key(|news| news.priority.number());
        let Some(first) = told.first() else { continue };
        let words = Reader::of(session, &reader.language).await?;
        let letter = Letter {
            to: reader.address.clone(),
            subject: words.subject_of(&told),
            text: words.text_of(&told),
            entity: first.entity,
            entity_id: first.id,
            entity_label: first.number.clone(),
        };
        plan_letter(engine, session, mail, txn.txn_id, step, letter, not_before, now).await?;
        step += 1;
    }
    Ok(())
}

/// Plans one letter as a step of a transaction. Its Message-ID comes from the transaction and the reader: sent again it is the
/// same, so that the receiving side can tell.
pub(super) async fn plan_letter(
    engine: &Inner,
    session: &mut WriteSession,
    mail: &MailConnection,
    txn_id: TxnId,
    step: i64,
    letter: Letter,
    not_before: TimestampMs,
    now: TimestampMs,
) -> Result<(), EngineError> {
    let id = occasion_id("mail", &txn_id.to_string(), letter.to.to_ascii_lowercase());
    let message = Mail {
        message_id: words::message_id(id, &mail.from),
        to: letter.to,
        subject: letter.subject,
        text: letter.text,
        written_at: now,
    };
    let delivery = NewDelivery {
        delivery_id: DeliveryId(engine.ports.mint.uuid(now)),
        txn_id,
        target: DeliveryTarget::Mail,
        step,
        planned: PlannedStep {
            step_key: id.to_string(),
            label: StepLabel::SendMail { to: message.to.clone(), subject: message.subject.clone() },
            bytes: serde_json::to_vec(&message)?,
            needs: Vec::new(),
        },
        entity: letter.entity,
        entity_id: letter.entity_id,
        entity_label: letter.entity_label,
        not_before,
        planned_at: now,
    };
    session.plan_delivery(&delivery).await?;
    Ok(())
}

/// New requests and orders. What the ERP said itself is known where people look at the ERP; an order that answers a
/// request was told with the request.
async fn news_of(session: &mut WriteSession, txn: &Txn) -> Result<Vec<News>, EngineError> {
    let mut news = Vec::new();
    for op in txn.ops.iter().filter(|op| op.kind == OpKind::Create && op.actor.actor_kind != ActorKind::Erp) {
        match op.entity {
            Entity::Request => news.extend(new_request(session, op).await?),
            Entity::WorkOrder => news.extend(new_order(session, op).await?),
            _ => {}
        }
    }
    Ok(news)
}

async fn new_request(session: &mut WriteSession, op: &Op) -> Result<Option<News>, EngineError> {
    let Some(request) = session.get::<Request>(op.entity_id).await? else { return Ok(None) };
    Ok(Some(News {
        entity: Entity::Request,
        id: op.entity_id,
        number: request.erp_number.or(request.local_number).unwrap_or_default(),
        priority: request.priority,
        text: request.text,
        machine: machine(session, Some(request.asset_id)).await?,
        machine_down: request.machine_down,
        due_at: None,
    }))
}

async fn new_order(session: &mut WriteSession, op: &Op) -> Result<Option<News>, EngineError> {
    let Some(order) = session.get::<WorkOrder>(op.entity_id).await? else { return Ok(None) };
    if order.request_id.is_some() || !order.status.is_open() {
        return Ok(None);
    }
    Ok(Some(News {
        entity: Entity::WorkOrder,
        id: op.entity_id,
        number: order.number().to_owned(),
        priority: order.priority,
        text: order.title.clone(),
        machine: machine(session, order.asset_id).await?,
        machine_down: false,
        due_at: order.due_at,
    }))
}

async fn machine(
    session: &mut WriteSession,
    asset_id: Option<AssetId>,
) -> Result<Option<String>, EngineError> {
    let Some(asset_id) = asset_id else { return Ok(None) };
    let asset = session.get::<Asset>(asset_id).await?;
    Ok(asset.map(|asset| format!("{} {}", asset.code, asset.name).trim().to_owned()))
}
