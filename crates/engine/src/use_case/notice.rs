//! What people should know of work that went on apart: an order that was taken over, one that two devices worked on, and
//! what two people took on.
//! It is read off transactions as they are accepted, told once, and kept until who it concerns has seen it.

use std::collections::BTreeSet;

use millwright_local_db::{Session, WriteSession};
use millwright_model::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::elsewhere::{device_name, in_order};
use crate::EngineError;
use crate::engine::Inner;

const SETTING: &str = "team_notices";
/// The most that are kept: the oldest give way.
const NOTICES_MAX: usize = 200;
/// How long something is told.
const TOLD_FOR_MS: i64 = 14 * 86_400_000;
/// How many transactions of an order are looked at for the one that came first.
const TXNS_MAX: i64 = 100;

/// Something to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Notice {
    notice_id: Uuid,
    /// The transaction that tells it: taken back, it tells nothing.
    txn_id: TxnId,
    /// The order; nil where it is a request.
    work_order_id: WorkOrderId,
    /// The request, where it is one.
    #[serde(default)]
    request_id: Option<RequestId>,
    noticed_at: TimestampMs,
    happened: Happened,
    seen_by: BTreeSet<PersonId>,
}

/// What happened, with ids in place of names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Happened {
    Continued { continued: Continued },
    WorkedTwice { first: Deed, second: Deed },
    TakenBefore { first: PersonId, second: Taken },
}

/// Who moved an order where, on which device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Deed {
    person_id: Option<PersonId>,
    device_id: DeviceId,
    did: WorkOrderStatus,
    at: TimestampMs,
}

impl Notice {
    fn about(&self) -> AlertSubject {
        match self.request_id {
            Some(request_id) => AlertSubject::Request(request_id),
            None => AlertSubject::WorkOrder(self.work_order_id),
        }
    }

    /// Whether it is told to whoever holds a device: on the device that was left, and to the people whose work it is.
    fn concerns(&self, person_id: Option<PersonId>, device_id: DeviceId) -> bool {
        let theirs = |owner: Option<PersonId>, device: Option<DeviceId>| match owner {
            Some(owner) => Some(owner) == person_id,
            None => device == Some(device_id),
        };
        match &self.happened {
            Happened::Continued { continued } => {
                let theirs = theirs(continued.from_person, continued.from_device);
                // Who goes on with their own order on another device knows it there.
                theirs && (continued.on != device_id || Some(continued.by) != person_id)
            }
            Happened::WorkedTwice { first, second } => {
                [first, second].into_iter().any(|deed| theirs(deed.person_id, Some(deed.device_id)))
            }
            // Who has it knows that they have it.
            Happened::TakenBefore { second, .. } => theirs(Some(second.by), Some(second.on)),
        }
    }

    /// Whether it is told on the order's page on this device, whoever holds it: work was left here.
    fn left(&self, device_id: DeviceId, person_id: Option<PersonId>) -> bool {
        match &self.happened {
            Happened::Continued { continued } => {
                continued.from_device == Some(device_id) && Some(continued.by) != person_id
            }
            Happened::WorkedTwice { .. } | Happened::TakenBefore { .. } => false,
        }
    }

    fn is_open_for(&self, person_id: Option<PersonId>, now: TimestampMs) -> bool {
        let seen = person_id.is_some_and(|person_id| self.seen_by.contains(&person_id));
        !seen && now.since_ms(self.noticed_at) < TOLD_FOR_MS
    }
}

/// Forgets all of them: this device is out of its team.
pub(crate) async fn forget(session: &mut WriteSession) -> Result<(), EngineError> {
    Ok(session.set_setting(SETTING, &Vec::<Notice>::new()).await?)
}

async fn kept(session: &mut Session) -> Result<Vec<Notice>, EngineError> {
    Ok(session.setting(SETTING).await?.unwrap_or_default())
}

/// Notes what an accepted transaction tells.
pub(crate) async fn take(
    session: &mut WriteSession,
    txn: &Txn,
    ledger_seq: i64,
    verdict: &Verdict,
    now: TimestampMs,
) -> Result<(), EngineError> {
    if let Some(undone) = txn.undoes {
        let mut notices = kept(session).await?;
        let before = notices.len();
        notices.retain(|notice| notice.txn_id != undone);
        if notices.len() < before {
            session.set_setting(SETTING, &notices).await?;
        }
        return Ok(());
    }
    let mut told = Vec::new();
    for op in txn.ops.iter().filter(|op| takes_over(op, verdict)) {
        if let Some(continued) = became::<Continued>(op, "continued") {
            let notice_id = Uuid::new_v5(&op.op_id.0, b"continued");
            told.push((notice_id, subject(op), Happened::Continued { continued }));
        }
    }
    for op in txn.ops.iter().filter(|op| done_already(op, verdict)) {
        let Some(first) = deed_before(session, op.entity_id, txn.device_id, ledger_seq).await? else {
            continue;
        };
        let second = Deed {
            person_id: op.actor.person_id(),
            device_id: txn.device_id,
            did: became(op, "status").unwrap_or(WorkOrderStatus::InProgress),
            at: written_at(txn),
        };
        // One for each order and pair of devices: what both did last is what counts.
        let pair = [first.device_id.0.as_bytes().as_slice(), second.device_id.0.as_bytes()].concat();
        let notice_id = Uuid::new_v5(&op.entity_id, &pair);
        told.push((notice_id, subject(op), Happened::WorkedTwice { first, second }));
    }
    for op in &txn.ops {
        if let Some(first) = taken_before(op, verdict)
            && let Some(second) = became::<Taken>(op, "taken")
        {
            let notice_id = Uuid::new_v5(&op.op_id.0, b"taken");
            told.push((notice_id, subject(op), Happened::TakenBefore { first, second }));
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    let mut notices = kept(session).await?;
    for (notice_id, about, happened) in told {
        let (work_order_id, request_id) = match about {
            AlertSubject::WorkOrder(work_order_id) => (work_order_id, None),
            AlertSubject::Request(request_id) => (WorkOrderId::default(), Some(request_id)),
        };
        notices.retain(|notice| notice.notice_id != notice_id);
        notices.push(Notice {
            notice_id,
            txn_id: txn.txn_id,
            work_order_id,
            request_id,
            noticed_at: now,
            happened,
            seen_by: BTreeSet::new(),
        });
    }
    let too_many = notices.len().saturating_sub(NOTICES_MAX);
    notices.drain(..too_many);
    Ok(session.set_setting(SETTING, &notices).await?)
}

fn subject(op: &Op) -> AlertSubject {
    match op.entity {
        Entity::Request => AlertSubject::Request(RequestId(op.entity_id)),
        _ => AlertSubject::WorkOrder(WorkOrderId(op.entity_id)),
    }
}

/// Who had taken on what an op takes on; nothing where that took effect.
fn taken_before(op: &Op, verdict: &Verdict) -> Option<PersonId> {
    op.fields.get("taken").filter(|change| !change.to.is_null())?;
    let held_back = verdict.held_back().iter().filter(|part| part.op_id == op.op_id);
    held_back.into_iter().find_map(|part| match part.field.as_deref() {
        Some("taken") if op.entity == Entity::Request => {
            serde_json::from_value::<Taken>(part.accepted.clone()).ok().map(|taken| taken.by)
        }
        Some("assignee_id") => serde_json::from_value(part.accepted.clone()).ok(),
        _ => None,
    })
}

/// Whether an op took an order over, and that took effect.
fn takes_over(op: &Op, verdict: &Verdict) -> bool {
    let stands = match verdict {
        Verdict::Rejected { .. } => false,
        Verdict::Accepted | Verdict::Merged { .. } | Verdict::Conflict { .. } => !held_back(op, verdict),
    };
    stands && op.entity == Entity::WorkOrder && op.fields.contains_key("continued")
}

/// Whether the move or the taking over of an op took no effect.
fn held_back(op: &Op, verdict: &Verdict) -> bool {
    verdict.held_back().iter().any(|part| {
        part.op_id == op.op_id && matches!(part.field.as_deref(), None | Some("status" | "continued"))
    })
}

/// Whether an op began, finished or took over an order that another device had moved on already.
fn done_already(op: &Op, verdict: &Verdict) -> bool {
    let works = op.entity == Entity::WorkOrder
        && (op.fields.contains_key("continued")
            || matches!(
                became::<WorkOrderStatus>(op, "status"),
                Some(WorkOrderStatus::InProgress | WorkOrderStatus::Completed)
            ));
    works && held_back(op, verdict)
}

/// The last deed of another device on an order before a place in the node's order.
async fn deed_before(
    session: &mut Session,
    order: Uuid,
    device_id: DeviceId,
    ledger_seq: i64,
) -> Result<Option<Deed>, EngineError> {
    for stored in in_order(session, WorkOrderId(order), TXNS_MAX).await? {
        let earlier = stored.ledger_seq.is_some_and(|place| place < ledger_seq);
        if !earlier || stored.device_id == device_id {
            continue;
        }
        let txn = stored.txn()?;
        for op in stored.verdict.effective(&txn).iter().rev() {
            if op.entity != Entity::WorkOrder || op.entity_id != order {
                continue;
            }
            let did = match became(op, "status") {
                None if op.fields.contains_key("continued") => WorkOrderStatus::InProgress,
                Some(did @ (WorkOrderStatus::InProgress | WorkOrderStatus::Completed)) => did,
                _ => continue,
            };
            let (person_id, at) = (op.actor.person_id(), written_at(&txn));
            return Ok(Some(Deed { person_id, device_id: txn.device_id, did, at }));
        }
    }
    Ok(None)
}

fn written_at(txn: &Txn) -> TimestampMs {
    TimestampMs(i64::try_from(txn.hlc.wall_ms()).unwrap_or(i64::MAX))
}

fn became<T: serde::de::DeserializeOwned>(op: &Op, field: &str) -> Option<T> {
    serde_json::from_value(op.fields.get(field)?.to.clone()).ok()
}

/// What the person who holds this device has not seen yet, of one order or of all.
pub(crate) async fn unseen(
    engine: &Inner,
    session: &mut Session,
    order: Option<WorkOrderId>,
) -> Result<Vec<TeamNoticeView>, EngineError> {
    let (person_id, here) = (engine.person(), engine.device.device_id);
    let supervises = order.is_some() && super::today::supervises(engine);
    let concerns = |notice: &Notice| {
        let twice = matches!(notice.happened, Happened::WorkedTwice { .. });
        let left_here = order.is_some() && notice.left(here, person_id);
        notice.concerns(person_id, here) || left_here || (supervises && twice)
    };
    let of_order =
        |notice: &Notice| order.is_none_or(|order| notice.about() == AlertSubject::WorkOrder(order));
    views(engine, session, |notice| of_order(notice) && concerns(notice)).await
}

/// Orders of others that two devices worked on, for whoever sees to that and has not seen them yet.
pub(crate) async fn worked_twice(
    engine: &Inner,
    session: &mut Session,
) -> Result<Vec<TeamNoticeView>, EngineError> {
    let (person_id, here) = (engine.person(), engine.device.device_id);
    let of_others = |notice: &Notice| !notice.concerns(person_id, here);
    let twice = |notice: &Notice| matches!(notice.happened, Happened::WorkedTwice { .. });
    views(engine, session, |notice| twice(notice) && of_others(notice)).await
}

async fn views(
    engine: &Inner,
    session: &mut Session,
    tells: impl Fn(&Notice) -> bool,
) -> Result<Vec<TeamNoticeView>, EngineError> {
    let (person_id, now) = (engine.person(), engine.now());
    let notices = kept(session).await?;
    let mut views = Vec::new();
    for notice in
        notices.into_iter().rev().filter(|notice| notice.is_open_for(person_id, now) && tells(notice))
    {
        let about = notice.about();
        // What left this device's area is no business of its holder any more.
        let Some((number, title)) = named(session, about).await? else { continue };
        let happened = in_words(engine, session, notice.happened).await?;
        views.push(TeamNoticeView { notice_id: notice.notice_id, about, number, title, happened });
    }
    Ok(views)
}

/// The number and the words of an order or request; nothing where it is not here.
async fn named(session: &mut Session, about: AlertSubject) -> Result<Option<(String, String)>, EngineError> {
    Ok(match about {
        AlertSubject::WorkOrder(work_order_id) => session
            .get::<WorkOrder>(work_order_id)
            .await?
            .map(|order| (order.number().to_owned(), order.title)),
        AlertSubject::Request(request_id) => session
            .get::<Request>(request_id)
            .await?
            .map(|request| (request.erp_number.or(request.local_number).unwrap_or_default(), request.text)),
    })
}

async fn in_words(
    engine: &Inner,
    session: &mut Session,
    happened: Happened,
) -> Result<TeamHappening, EngineError> {
    Ok(match happened {
        Happened::Continued { continued } => TeamHappening::Continued {
            from: who(engine, session, continued.from_person, continued.from_device).await?,
            by: who(engine, session, Some(continued.by), Some(continued.on)).await?,
            at: continued.at,
            reason: continued.reason,
        },
        Happened::WorkedTwice { first, second } => TeamHappening::WorkedTwice {
            first: deed(engine, session, first).await?,
            second: deed(engine, session, second).await?,
        },
        Happened::TakenBefore { first, second } => TeamHappening::TakenBefore {
            by: who(engine, session, Some(first), None).await?,
            second: who(engine, session, Some(second.by), Some(second.on)).await?,
        },
    })
}

async fn deed(engine: &Inner, session: &mut Session, deed: Deed) -> Result<DeedView, EngineError> {
    let who = who(engine, session, deed.person_id, Some(deed.device_id)).await?;
    Ok(DeedView { who, did: deed.did, at: deed.at })
}

async fn who(
    engine: &Inner,
    session: &mut Session,
    person_id: Option<PersonId>,
    device_id: Option<DeviceId>,
) -> Result<Whereabouts, EngineError> {
    let device_name = match device_id {
        Some(device_id) => device_name(session, device_id).await?,
        None => None,
    };
    Ok(Whereabouts { person_name: engine.people.name(person_id), device_name })
}

/// Notes that the person who holds this device has seen it.
pub(crate) async fn seen(engine: &Inner, command: TeamNoticeSeen) -> Result<(), EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut session = engine.database.write().await?;
    let mut notices = kept(&mut session).await?;
    if let Some(notice) = notices.iter_mut().find(|notice| notice.notice_id == command.notice_id) {
        notice.seen_by.insert(person_id);
        session.set_setting(SETTING, &notices).await?;
        session.commit().await?;
    }
    engine.tell_stale([CacheTag::WorkOrders].into());
    Ok(())
}
