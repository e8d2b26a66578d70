//! Orders in files, open and closed: new ones as they stand, open ones edited as on their page, closed ones untouched.

use std::collections::{BTreeMap, BTreeSet};

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, Machines, NAME_CHARS, Persons};
use super::line::{Fault, Line, Read, instant_cell, optional_cell, text_cell, whole_cell};
use super::plan::{Known, Plan, Seen};
use crate::EngineError;

/// So long may the texts of an order be, as on its page.
const TEXT_CHARS: usize = 4_000;
/// A year of work.
const MINUTES_MAX: i64 = 525_600;
/// More orders than a device holds.
const ORDERS_MAX: u32 = 1_000_000;

const STATUSES: &[(&str, &[&str], WorkOrderStatus)] = &[
    ("planned", &["geplant"], WorkOrderStatus::Planned),
    ("released", &["open", "freigegeben", "offen"], WorkOrderStatus::Released),
    ("in_progress", &["in progress", "in arbeit"], WorkOrderStatus::InProgress),
    ("on_hold", &["on hold", "unterbrochen"], WorkOrderStatus::OnHold),
    ("completed", &["done", "closed", "abgeschlossen", "erledigt"], WorkOrderStatus::Completed),
    ("cancelled", &["canceled", "storniert", "abgebrochen"], WorkOrderStatus::Cancelled),
];

const PRIORITIES: &[(&str, &[&str], Priority)] = &[
    ("emergency", &["1", "notfall", "sofort"], Priority::Emergency),
    ("high", &["2", "hoch"], Priority::High),
    ("medium", &["3", "mittel"], Priority::Medium),
    ("low", &["4", "niedrig"], Priority::Low),
];

const KINDS: &[(&str, &[&str], WorkKind)] = &[
    ("corrective", &["repair", "instandsetzung", "reparatur"], WorkKind::Corrective),
    ("preventive", &["maintenance", "wartung", "vorbeugend"], WorkKind::Preventive),
    ("inspection", &["inspektion", "rundgang"], WorkKind::Inspection),
];

/// What orders name.
struct Books {
    machines: Machines,
    persons: Persons,
    found_codes: Known,
    done_codes: Known,
    by_number: BTreeMap<String, WorkOrder>,
    zone: String,
    now: TimestampMs,
}

impl Books {
    async fn here(desk: &mut Desk<'_>) -> Result<Self, EngineError> {
        let codes: Vec<FindingCode> = desk.session.all().await?;
        let of = |kind: FindingKind| -> Known {
            codes.iter().filter(|code| code.finding_kind == kind).map(|code| code.code.clone()).collect()
        };
        let (found_codes, done_codes) = (of(FindingKind::Found), of(FindingKind::Done));
        let filter = WorkOrderFilter { limit: Some(ORDERS_MAX), ..Default::default() };
        let mut by_number = BTreeMap::new();
        for order in desk.session.work_orders(&filter).await? {
            for number in [&order.erp_number, &order.local_number].into_iter().flatten() {
                by_number.insert(number.clone(), order.clone());
            }
        }
        Ok(Self {
            machines: Machines::here(desk).await?,
            persons: Persons::here(desk),
            found_codes,
            done_codes,
            by_number,
            zone: desk.zone.clone(),
            now: desk.now,
        })
    }

    fn cells(&self, order: &WorkOrder) -> Vec<Value> {
        fn name<T: PartialEq>(
            known: &'static [(&'static str, &'static [&'static str], T)],
            one: &T,
        ) -> Value {
            optional_cell(known.iter().find(|(_, _, known)| known == one).map(|(name, _, _)| *name))
        }
        let at = |at: Option<TimestampMs>| instant_cell(at, &self.zone);
        let text = |text: &Option<String>| optional_cell(text.as_deref());
        vec![
            text_cell(order.number()),
            text_cell(&order.title),
            text_cell(&order.description),
            name(KINDS, &order.work_kind),
            self.machines.cell(order.asset_id),
            name(STATUSES, &order.status),
            text(&order.status_reason),
            name(PRIORITIES, &order.priority),
            at(order.due_at),
            at(order.planned_start_at),
            order.planned_minutes.map_or(Value::Empty, whole_cell),
            text_cell(self.persons.label(order.assignee_id)),
            text(&order.found_code),
            text(&order.found_text),
            text(&order.done_code),
            text(&order.done_text),
            at(order.started_at),
            at(order.completed_at),
            at(Some(order.created_at)),
        ]
    }
}

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let books = Books::here(desk).await?;
    let mut seen = Seen::default();
    let mut spoken_of: BTreeSet<WorkOrderId> = BTreeSet::new();
    for line in lines {
        let read = line.needed(DataField::Number, CODE_CHARS).and_then(|number| {
            seen.once(line, &[&number])?;
            let before = books.by_number.get(&number);
            let first = before.is_none_or(|before| spoken_of.insert(before.work_order_id));
            if !first {
                // Its number at the ERP and our own stand in two rows.
                return Err(Fault::at(DataField::Number, RowFault::Several { given: number }));
            }
            Ok((before, read(line, number, before, &books)?))
        });
        match read {
            Ok((before, mut after)) => {
                if before.is_none() {
                    after.work_order_id = desk.mint();
                }
                let label = format!("{} {}", after.number(), after.title);
                plan.take(line.row, &label, before, after, |order| books.cells(order));
            }
            Err(fault) => plan.refuse(line, fault),
        }
    }
    Ok(())
}

fn read(line: &Line<'_>, number: String, before: Option<&WorkOrder>, books: &Books) -> Read<WorkOrder> {
    let base = match before {
        Some(before) => before.clone(),
        None => blank(number, books.now),
    };
    let lines_of = |field: DataField, kept: &Option<String>| {
        line.or_kept(field, kept.clone(), |line| line.lines(field, TEXT_CHARS))
    };
    let time = |field: DataField, kept: Option<TimestampMs>, ends_its_day: bool| {
        line.or_kept(field, kept, |line| line.instant(field, kept, ends_its_day))
    };
    let description = Some(base.description.clone()).filter(|text| !text.is_empty());
    let assignee_id = line.or_kept(DataField::Assignee, base.assignee_id, |line| {
        // Somebody whose name is sealed for ever is written as nobody and stays.
        match books.persons.named(line, DataField::Assignee)? {
            None if base.assignee_id.is_some() && books.persons.label(base.assignee_id).is_empty() => {
                Ok(base.assignee_id)
            }
            named => Ok(named),
        }
    })?;
    let after = WorkOrder {
        title: line.needed(DataField::Title, NAME_CHARS)?,
        description: lines_of(DataField::Description, &description)?.unwrap_or_default(),
        work_kind: line.one_of(DataField::WorkKind, KINDS)?.unwrap_or(base.work_kind),
        asset_id: line
            .or_kept(DataField::Asset, base.asset_id, |line| books.machines.named(line, DataField::Asset))?,
        status: line.one_of(DataField::Status, STATUSES)?.unwrap_or(base.status),
        status_reason: lines_of(DataField::StatusReason, &base.status_reason)?,
        priority: line.one_of(DataField::Priority, PRIORITIES)?.unwrap_or(base.priority),
        due_at: time(DataField::Due, base.due_at, true)?,
        planned_start_at: time(DataField::PlannedStart, base.planned_start_at, false)?,
        planned_minutes: line.or_kept(DataField::PlannedMinutes, base.planned_minutes, |line| {
            line.whole(DataField::PlannedMinutes, 0, MINUTES_MAX)
        })?,
        assignee_id,
        found_code: code(line, DataField::FoundCode, &base.found_code, &books.found_codes)?,
        found_text: lines_of(DataField::Found, &base.found_text)?,
        done_code: code(line, DataField::DoneCode, &base.done_code, &books.done_codes)?,
        done_text: lines_of(DataField::Done, &base.done_text)?,
        started_at: time(DataField::Started, base.started_at, false)?,
        completed_at: time(DataField::Completed, base.completed_at, false)?,
        created_at: time(DataField::Created, Some(base.created_at), false)?.unwrap_or(base.created_at),
        ..base.clone()
    };
    match before {
        Some(before) if *before == after => Ok(after),
        Some(before) => edited(before, after),
        None => new(after),
    }
}

/// A code of a closed list of this device, or the one that is here already.
fn code(line: &Line<'_>, field: DataField, kept: &Option<String>, known: &Known) -> Read<Option<String>> {
    line.or_kept(field, kept.clone(), |line| {
        let Some(given) = line.text(field, CODE_CHARS)? else { return Ok(None) };
        if known.contains(&given) || kept.as_ref() == Some(&given) {
            return Ok(Some(given));
        }
        let known = known.iter().take(20).cloned().collect();
        Err(Fault::at(field, RowFault::NotOneOf { given, known }))
    })
}

fn blank(number: String, now: TimestampMs) -> WorkOrder {
    WorkOrder {
        work_order_id: WorkOrderId::default(),
        erp_number: None,
        local_number: Some(number),
        title: String::new(),
        description: String::new(),
        work_kind: WorkKind::Corrective,
        asset_id: None,
        request_id: None,
        status: WorkOrderStatus::Released,
        status_reason: None,
        priority: Priority::Medium,
        due_at: None,
        planned_start_at: None,
        planned_minutes: None,
        assignee_id: None,
        found_code: None,
        found_text: None,
        done_code: None,
        done_text: None,
        details_pending: false,
        started_at: None,
        completed_at: None,
        created_at: now,
        hold_cause: None,
        plan_occasion: None,
        continued: None,
        reservation: None,
        taken: None,
        passed_on: None,
        guide_revision_id: None,
    }
}

/// A new order, if what it says of itself goes together.
fn new(after: WorkOrder) -> Read<WorkOrder> {
    let needs = |there: bool, field: DataField| {
        if there { Ok(()) } else { Err(Fault::at(field, RowFault::Empty)) }
    };
    match after.status {
        WorkOrderStatus::Completed => needs(after.completed_at.is_some(), DataField::Completed)?,
        WorkOrderStatus::Cancelled | WorkOrderStatus::OnHold => {
            needs(after.status_reason.is_some(), DataField::StatusReason)?;
        }
        WorkOrderStatus::Planned | WorkOrderStatus::Released | WorkOrderStatus::InProgress => {}
    }
    if let (Some(started), Some(completed)) = (after.started_at, after.completed_at)
        && started > completed
    {
        let why = RowFault::Crossed { low: "started".to_owned(), high: "completed".to_owned() };
        return Err(Fault::at(DataField::Completed, why));
    }
    if after.completed_at.is_some() && after.status != WorkOrderStatus::Completed {
        return Err(Fault::at(
            DataField::Completed,
            RowFault::StatusByHand { to: WorkOrderStatus::Completed },
        ));
    }
    Ok(after)
}

/// An order that is here, if files may change what changes.
fn edited(before: &WorkOrder, after: WorkOrder) -> Read<WorkOrder> {
    if !before.status.is_open() {
        return Err(Fault::row(RowFault::OrderClosed { status: before.status }));
    }
    for (same, field) in [
        (before.found_code == after.found_code, DataField::FoundCode),
        (before.found_text == after.found_text, DataField::Found),
        (before.done_code == after.done_code, DataField::DoneCode),
        (before.done_text == after.done_text, DataField::Done),
        (before.started_at == after.started_at, DataField::Started),
        (before.completed_at == after.completed_at, DataField::Completed),
        (before.created_at == after.created_at, DataField::Created),
    ] {
        if !same {
            return Err(Fault::at(field, RowFault::Fixed));
        }
    }
    if before.status == after.status {
        if before.status_reason != after.status_reason {
            return Err(Fault::at(DataField::StatusReason, RowFault::Fixed));
        }
        return Ok(after);
    }
    let to = after.status;
    let by_file = matches!(to, WorkOrderStatus::Released | WorkOrderStatus::Cancelled);
    if !by_file || !before.status.may_become(to) {
        return Err(Fault::at(DataField::Status, RowFault::StatusByHand { to }));
    }
    if to == WorkOrderStatus::Cancelled && after.status_reason.is_none() {
        return Err(Fault::at(DataField::StatusReason, RowFault::Empty));
    }
    Ok(after)
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let books = Books::here(desk).await?;
    let filter =
        WorkOrderFilter { limit: Some(seen.orders.limit.unwrap_or(ORDERS_MAX)), ..seen.orders.clone() };
    let orders = desk.session.work_orders(&filter).await?;
    let wanted = orders.iter().filter(|order| super::books::is_seen(seen, &[order.number(), &order.title]));
    Ok(wanted.map(|order| books.cells(order)).collect())
}
