//! What happened in a span of time, asked of the ops: the log of a shift is never written twice.

use std::collections::BTreeMap;

use millwright_local_db::Session;
use millwright_model::*;
use serde::de::DeserializeOwned;

use crate::EngineError;
use crate::engine::Inner;

/// How many transactions of a span are looked at: the newest.
const TXNS_MAX: i64 = 2_000;
/// How many written lines of a span are shown: the newest.
const ENTRIES_MAX: i64 = 500;

/// What happened.
pub(crate) struct Log {
    /// Oldest first.
    pub(crate) items: Vec<ShiftItem>,
    /// Whether more happened than was looked at.
    pub(crate) more: bool,
}

/// All that happened from `from` until before `until`: what the ops tell, and what people and rules wrote.
pub(crate) async fn between(
    session: &mut Session,
    from: TimestampMs,
    until: TimestampMs,
) -> Result<Log, EngineError> {
    let told = [Entity::WorkOrder, Entity::WorkStep, Entity::Request];
    // What the ERP did is in the orders; what its pulls bring in one go is no news of this shift.
    let here = [ActorKind::Person, ActorKind::Unnamed, ActorKind::Rule];
    let txns = session.txns_between(from, until, &told, &here, TXNS_MAX).await?;
    let entries = session.shift_entries(from, until, ENTRIES_MAX).await?;
    let more = txns.len() as i64 == TXNS_MAX || entries.len() as i64 == ENTRIES_MAX;
    let mut items: Vec<ShiftItem> = Vec::new();
    for stored in txns.iter().rev() {
        for op in stored.txn()?.ops {
            if here.contains(&op.actor.actor_kind) {
                items.extend(told_by(session, &op, stored.recorded_at).await?);
            }
        }
    }
    items.extend(entries.into_iter().rev().map(of_entry));
    items.sort_by_key(|item| item.at);
    Ok(Log { items, more })
}

/// A written line as the log tells it.
fn of_entry(entry: ShiftEntry) -> ShiftItem {
    let happening = match entry.about {
        Some(ShiftEntryAbout::StaleTag { since, .. }) => ShiftHappening::TagStale { tag: entry.text, since },
        None => ShiftHappening::Written {
            entry_kind: entry.entry_kind,
            text: entry.text,
            attachment_id: entry.attachment_id,
        },
    };
    ShiftItem {
        item_id: entry.shift_entry_id.0,
        at: entry.written_at,
        by: entry.written_by,
        asset_id: entry.asset_id,
        work_order_id: entry.work_order_id,
        happening,
    }
}

/// What an op tells the next shift; nothing for most.
async fn told_by(session: &mut Session, op: &Op, at: TimestampMs) -> Result<Option<ShiftItem>, EngineError> {
    let item = |asset_id, work_order_id, happening| {
        let item_id = op.op_id.0;
        Some(ShiftItem { item_id, at, by: op.actor.person_id(), asset_id, work_order_id, happening })
    };
    match (op.entity, op.kind) {
        (Entity::WorkOrder, OpKind::Create | OpKind::Update) => {
            let Some(order) = session.get::<WorkOrder>(op.entity_id).await? else { return Ok(None) };
            let happening = if op.kind == OpKind::Create {
                op.fields.contains_key("plan_occasion").then_some(ShiftHappening::PlanRaised)
            } else {
                moved(op)
            };
            Ok(happening.and_then(|happening| item(order.asset_id, Some(order.work_order_id), happening)))
        }
        (Entity::WorkStep, OpKind::Update) => {
            let Some(outcome) = said::<StepOutcome>(op, "outcome") else { return Ok(None) };
            let Some(step) = session.get::<WorkStep>(op.entity_id).await? else { return Ok(None) };
            if step.outcome.as_ref() != Some(&outcome) {
                // The record was taken back or changed since: the later op tells what holds.
                return Ok(None);
            }
            let unit = step.form.unit();
            let Some(happening) = override_of(&step.title, step.mandatory, unit, &outcome) else {
                return Ok(None);
            };
            let order: Option<WorkOrder> = session.get(step.work_order_id).await?;
            Ok(item(order.and_then(|order| order.asset_id), Some(step.work_order_id), happening))
        }
        (Entity::Request, OpKind::Create) => {
            let happening = ShiftHappening::RequestRaised {
                text: said(op, "text").unwrap_or_default(),
                machine_down: said(op, "machine_down").unwrap_or_default(),
            };
            Ok(item(said(op, "asset_id"), None, happening))
        }
        _ => Ok(None),
    }
}

/// What a field became in an op.
fn said<T: DeserializeOwned>(op: &Op, field: &str) -> Option<T> {
    serde_json::from_value(op.fields.get(field)?.to.clone()).ok()
}

/// What the move of an order tells.
fn moved(op: &Op) -> Option<ShiftHappening> {
    let text = |field: &str| said::<String>(op, field).unwrap_or_default();
    if said::<Continued>(op, "continued").is_some() {
        return Some(ShiftHappening::OrderStarted);
    }
    match said::<WorkOrderStatus>(op, "status")? {
        WorkOrderStatus::Planned | WorkOrderStatus::Released => None,
        WorkOrderStatus::InProgress => Some(ShiftHappening::OrderStarted),
        WorkOrderStatus::OnHold => Some(ShiftHappening::OrderHeld {
            reason: text("status_reason"),
            waits_for_part: said::<HoldCause>(op, "hold_cause") == Some(HoldCause::Part),
        }),
        WorkOrderStatus::Completed => {
            let words = [text("found_text"), text("done_text")];
            let words: Vec<String> = words.into_iter().filter(|words| !words.is_empty()).collect();
            Some(ShiftHappening::OrderCompleted {
                words: words.join(" – "),
                details_pending: said(op, "details_pending").unwrap_or_default(),
            })
        }
        WorkOrderStatus::Cancelled => Some(ShiftHappening::OrderCancelled { reason: text("status_reason") }),
    }
}

/// Items with the names that belong to them, as they are now.
pub(crate) async fn lines(
    engine: &Inner,
    session: &mut Session,
    items: Vec<ShiftItem>,
) -> Result<Vec<ShiftLine>, EngineError> {
    let mut assets: BTreeMap<AssetId, Option<Asset>> = BTreeMap::new();
    let mut orders: BTreeMap<WorkOrderId, Option<WorkOrder>> = BTreeMap::new();
    let mut lines = Vec::with_capacity(items.len());
    for mut item in items {
        if let Some(asset_id) = item.asset_id
            && !assets.contains_key(&asset_id)
        {
            assets.insert(asset_id, session.get(asset_id).await?);
        }
        if let Some(work_order_id) = item.work_order_id
            && !orders.contains_key(&work_order_id)
        {
            orders.insert(work_order_id, session.get(work_order_id).await?);
        }
        let asset = item.asset_id.and_then(|asset_id| assets.get(&asset_id)?.as_ref());
        let order = item.work_order_id.and_then(|order_id| orders.get(&order_id)?.as_ref());
        // A machine that gave way since is called by the one that stays.
        item.asset_id = asset.map(|asset| asset.asset_id).or(item.asset_id);
        let attachment = match &item.happening {
            ShiftHappening::Written { attachment_id: Some(attachment_id), .. } => {
                session.get::<Attachment>(*attachment_id).await?
            }
            _ => None,
        };
        lines.push(ShiftLine {
            by_name: engine.people.name(item.by),
            asset_code: asset.map(|asset| asset.code.clone()),
            asset_name: asset.map(|asset| asset.name.clone()),
            order_number: order.map(|order| order.number().to_owned()),
            order_title: order.map(|order| order.title.clone()),
            attachment,
            item,
        });
    }
    Ok(lines)
}

/// Lines by machine: those with something that matters first, then those where something happened last.
pub(crate) fn groups(lines: Vec<ShiftLine>) -> Vec<ShiftGroup> {
    let mut groups: Vec<ShiftGroup> = Vec::new();
    for line in lines {
        match groups.iter_mut().find(|group| group.asset_id == line.item.asset_id) {
            Some(group) => group.lines.push(line),
            None => groups.push(ShiftGroup {
                asset_id: line.item.asset_id,
                asset_code: line.asset_code.clone(),
                asset_name: line.asset_name.clone(),
                lines: vec![line],
            }),
        }
    }
    groups.sort_by_key(|group| {
        let matters = group.lines.iter().any(|line| line.item.happening.matters());
        (!matters, std::cmp::Reverse(group.lines.last().map(|line| line.item.at)))
    });
    groups
}
