//! What is written of a transaction, and to whom: planned with it, one step for each reader.

use millwright_local_db::{NewDelivery, WriteSession};
use millwright_mail::Mail;
use millwright_model::{
    ActorKind, Asset, AssetId, DeliveryId, DeliveryTarget, Entity, MailConnection, MailReader, Op, OpKind,
    PlannedStep, Priority, Request, ShiftSpan, StepLabel, TimestampMs, Txn, TxnId, WorkOrder,
};
use uuid::Uuid;

use super::words::{self, Reader};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::occasion_id;
use crate::use_case::shift_time::Shifts;

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
    /// Whether the ERP made it.
    pub(super) of_erp: bool,
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
    // Who hears only of what nobody takes on is written to as time passes.
    let at_once = |reader: &&MailReader| reader.from_priority.is_some() && reader.after_minutes == 0;
    if !mail.readers.iter().any(|reader| at_once(&reader)) || now.since_ms(recorded_at) > NEWS_FOR_MS {
        return Ok(());
    }
    let news = news_of(session, txn).await?;
    if news.is_empty() {
        return Ok(());
    }
    let shift = Shifts::kept(session).await?.at(now);
    let mut step = 0;
    for reader in mail.readers.iter().filter(at_once).filter(|reader| is_on_shift(reader, &shift)) {
        let mut told: Vec<&News> = news.iter().filter(|news| is_told_of(reader, news)).collect();
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

/// Whether a reader is written to in a shift.
pub(super) fn is_on_shift(reader: &MailReader, shift: &ShiftSpan) -> bool {
    reader.shifts.is_empty() || reader.shifts.contains(&shift.name)
}

fn is_told_of(reader: &MailReader, news: &News) -> bool {
    let urgent = reader.from_priority.is_some_and(|from| news.priority.number() <= from.number());
    urgent && (reader.erp_orders || !news.of_erp)
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

/// New requests and orders; an order that answers a request was told with the request.
async fn news_of(session: &mut WriteSession, txn: &Txn) -> Result<Vec<News>, EngineError> {
    let mut news = Vec::new();
    for op in txn.ops.iter().filter(|op| op.kind == OpKind::Create) {
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
        of_erp: op.actor.actor_kind == ActorKind::Erp,
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
        of_erp: op.actor.actor_kind == ActorKind::Erp,
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
