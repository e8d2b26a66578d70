//! How the node judges a transaction: by class of field, op by op, against the records as they are accepted.
//!
//! Free text and dates merge by field, and a field that both sides changed keeps the accepted value. Status moves along
//! its machine. What is only ever added (bookings, signatures, readings) is always taken. Nothing is overwritten
//! silently: every value that gives way is named in the verdict.

use millwright_model::{
    ActorKind, Assurance, Entity, FieldChange, HeldBack, HeldBackBecause, OP_FORMAT, Op, OpKind,
    RejectReason, RevisionStatus, Txn, Verdict, WorkOrderStatus,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::BLOB_MAX_BYTES;
use crate::four_eyes;

/// The most ops of one transaction.
pub const OPS_MAX: usize = 50_000;
/// The most bytes of one transaction.
pub const TXN_MAX_BYTES: usize = 8 * 1024 * 1024;

/// The most fields of one op.
pub const FIELDS_MAX: usize = 200;
/// The longest name of a field, in bytes.
pub const FIELD_NAME_MAX_BYTES: usize = 64;
/// The most bytes of one value: the longest text or list that any record has.
pub const VALUE_MAX_BYTES: usize = 512 * 1024;
/// How deep a value may be nested.
pub const VALUE_DEPTH_MAX: usize = 16;

/// What goes with a status: a move that is refused takes these along.
const MOVE_FIELDS: [&str; 8] = [
    "status",
    "status_reason",
    "started_at",
    "completed_at",
    "hold_cause",
    "details_pending",
    "decided_at",
    "decided_by",
];

/// A record as it is accepted, when an op on it is judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Current {
    /// Its fields, also of a removed one; nothing when it never was.
    pub fields: Option<Map<String, Json>>,
    /// Whether it was removed.
    pub deleted: bool,
    /// The record that it gave way to, or that has the code which this op claims.
    pub taken_by: Option<Uuid>,
}

/// What one op comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// The parts that take no effect.
    pub held_back: Vec<HeldBack>,
    /// Whether others had changed the same record's other fields, or said the same.
    pub merged: bool,
}

impl Judged {
    /// The verdict over a whole transaction.
    pub fn verdict(self) -> Verdict {
        let held_back = self.held_back;
        if held_back.iter().any(|part| part.because != HeldBackBecause::Repeated) {
            return Verdict::Conflict { held_back };
        }
        if self.merged || !held_back.is_empty() { Verdict::Merged { held_back } } else { Verdict::Accepted }
    }

    /// Adds what another op of the same transaction comes to.
    pub fn add(&mut self, other: Self) {
        self.held_back.extend(other.held_back);
        self.merged |= other.merged;
    }

    fn whole(op: &Op, accepted: Json, because: HeldBackBecause) -> Self {
        Self { held_back: vec![HeldBack { op_id: op.op_id, field: None, accepted, because }], merged: false }
    }
}

/// What no tablet may write, whatever it is about.
///
/// # Errors
/// When the transaction is rejected as a whole.
pub fn bounds(txn: &Txn, bytes: usize) -> Result<(), RejectReason> {
    let too_large = |what: &str, count: usize, limit: usize| RejectReason::TooLarge {
        what: what.to_owned(),
        count: count as u64,
        limit: limit as u64,
    };
    if bytes > TXN_MAX_BYTES {
        return Err(too_large("bytes", bytes, TXN_MAX_BYTES));
    }
    if txn.ops.len() > OPS_MAX {
        return Err(too_large("ops", txn.ops.len(), OPS_MAX));
    }
    if txn.format > OP_FORMAT {
        return Err(RejectReason::FormatUnknown { format: txn.format, known: OP_FORMAT });
    }
    for op in &txn.ops {
        // Who decides a card says what stands at the ERP in the ERP's name; nobody else speaks for it.
        let speaks_for_the_erp = op.actor.actor_kind == ActorKind::Erp && txn.decides.is_none();
        // Nobody can show more yet than that they were picked on the device.
        let shows_what_it_cannot = !matches!(op.actor.assurance, Assurance::None | Assurance::Picked);
        let names_nobody = op.actor.actor_kind == ActorKind::Person && op.actor.person_id().is_none();
        if speaks_for_the_erp || shows_what_it_cannot || names_nobody {
            return Err(RejectReason::ActorForged { actor: op.actor.actor_id.clone().unwrap_or_default() });
        }
        if op.entity == Entity::Device {
            return Err(RejectReason::OnlyTheNode);
        }
        signed_where_it_says(txn, op)?;
        if op.fields.len() > FIELDS_MAX {
            return Err(too_large("fields", op.fields.len(), FIELDS_MAX));
        }
        for (name, change) in &op.fields {
            if name.len() > FIELD_NAME_MAX_BYTES {
                return Err(too_large("bytes of a field's name", name.len(), FIELD_NAME_MAX_BYTES));
            }
            for value in [&change.from, &change.to] {
                let (bytes, depth) = extent(value, 0);
                if bytes > VALUE_MAX_BYTES {
                    return Err(too_large("bytes of a value", bytes, VALUE_MAX_BYTES));
                }
                if depth > VALUE_DEPTH_MAX {
                    return Err(too_large("levels of a value", depth, VALUE_DEPTH_MAX));
                }
            }
        }
        let photo_bytes = op.fields.get("size_bytes").filter(|_| op.entity == Entity::Attachment);
        if let Some(bytes) = photo_bytes.and_then(|change| change.to.as_u64())
            && bytes > BLOB_MAX_BYTES
        {
            let (what, limit) = ("bytes of a photo".to_owned(), BLOB_MAX_BYTES);
            return Err(RejectReason::TooLarge { what, count: bytes, limit });
        }
    }
    Ok(())
}

/// Refuses an update of a document, or a workshop, that says that another device wrote it than the one that signs it, and
/// one that says so anew: what a board lets in hangs on it.
fn signed_where_it_says(txn: &Txn, op: &Op) -> Result<(), RejectReason> {
    let field = match op.entity {
        Entity::DocumentUpdate => "written_on",
        Entity::Workshop => "created_on",
        _ => return Ok(()),
    };
    let Some(change) = op.fields.get(field) else { return Ok(()) };
    let is_own = || change.to.is_null() || change.to.as_str() == Some(txn.device_id.to_string().as_str());
    let fits = match op.kind {
        OpKind::Create => is_own(),
        OpKind::Update => false,
        OpKind::Delete => true,
    };
    if fits { Ok(()) } else { Err(RejectReason::ValueUnfit { field: field.to_owned() }) }
}

/// About how many bytes a value takes, and how deep it is nested. Bytes that were read as JSON are at most 128 deep.
fn extent(value: &Json, depth: usize) -> (usize, usize) {
    let over = |parts: &mut dyn Iterator<Item = (usize, &Json)>| {
        parts.fold((2, depth), |(bytes, deepest), (name, part)| {
            let (more, deep) = extent(part, depth + 1);
            (bytes + name + more, deepest.max(deep))
        })
    };
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => (8, depth),
        Json::String(text) => (text.len(), depth),
        Json::Array(parts) => over(&mut parts.iter().map(|part| (1, part))),
        Json::Object(parts) => over(&mut parts.iter().map(|(name, part)| (name.len(), part))),
    }
}

/// What an op comes to against the record as it is accepted.
///
/// # Errors
/// When the transaction is rejected as a whole.
pub fn judge(op: &Op, current: &Current) -> Result<Judged, RejectReason> {
    four_eyes::check(op, current.fields.as_ref())?;
    if let Some(taken_by) = current.taken_by {
        return Ok(Judged::whole(op, taken_by.to_string().into(), HeldBackBecause::CodeTaken));
    }
    match (op.kind, &current.fields) {
        (OpKind::Create, None) => Ok(Judged::default()),
        (OpKind::Create, Some(fields)) => Ok(created_again(op, fields)),
        (OpKind::Update | OpKind::Delete, None) => Err(RejectReason::RecordUnknown),
        (OpKind::Update, Some(_)) if current.deleted => {
            Ok(Judged::whole(op, Json::Null, HeldBackBecause::Removed))
        }
        (OpKind::Update, Some(fields)) => Ok(updated(op, fields)),
        (OpKind::Delete, Some(_)) if current.deleted => {
            Ok(Judged::whole(op, Json::Null, HeldBackBecause::Repeated))
        }
        (OpKind::Delete, Some(fields)) => Ok(removed(op, fields)),
    }
}

/// A record that is there comes to be once more: an automatic act that two devices did, or the same record named by
/// what it is.
fn created_again(op: &Op, fields: &Map<String, Json>) -> Judged {
    let by_itself = !matches!(op.actor.actor_kind, ActorKind::Person | ActorKind::Unnamed);
    let same = op.fields.iter().all(|(name, change)| value_of(fields, name) == change.to);
    if by_itself || same {
        return Judged::whole(op, Json::Null, HeldBackBecause::Repeated);
    }
    let held_back = op
        .fields
        .iter()
        .filter(|(name, change)| value_of(fields, name) != change.to)
        .map(|(name, _)| held(op, fields, name, HeldBackBecause::ChangedByAnother))
        .collect();
    Judged { held_back, merged: true }
}

fn updated(op: &Op, fields: &Map<String, Json>) -> Judged {
    let mut judged = Judged::default();
    let move_held = move_held_back(op, fields);
    for (name, change) in &op.fields {
        let accepted = value_of(fields, name);
        let of_the_move = MOVE_FIELDS.contains(&name.as_str());
        if let Some(because) = move_held.filter(|_| of_the_move) {
            judged.held_back.push(held(op, fields, name, because));
            continue;
        }
        if accepted == change.from {
            continue;
        }
        judged.merged = true;
        // The companions of a move that is allowed go with it: they say when and why it was made.
        let goes_with_the_move = op.fields.contains_key("status") && of_the_move;
        if accepted == change.to {
            judged.held_back.push(held(op, fields, name, HeldBackBecause::Repeated));
        } else if !goes_with_the_move {
            judged.held_back.push(held(op, fields, name, HeldBackBecause::ChangedByAnother));
        }
    }
    judged
}

/// Why the move of an order or of a guide's revision takes no effect, if it does not: it has gone where this move does not lead from, or is
/// there already. Of the same move twice the first one says when and why.
fn move_held_back(op: &Op, fields: &Map<String, Json>) -> Option<HeldBackBecause> {
    let FieldChange { from, to } = op.fields.get("status")?;
    let may_become: fn(&Json, &Json) -> bool = match op.entity {
        Entity::WorkOrder => |from, to| leads(WorkOrderStatus::may_become, from, to),
        Entity::GuideRevision => |from, to| leads(RevisionStatus::may_become, from, to),
        _ => return None,
    };
    let accepted = value_of(fields, "status");
    if accepted == *from {
        return None;
    }
    if accepted == *to {
        return Some(HeldBackBecause::Repeated);
    }
    (!may_become(&accepted, to)).then_some(HeldBackBecause::MoveRefused)
}

/// Whether a state machine leads from one value to another.
fn leads<S: DeserializeOwned + Copy>(may_become: fn(S, S) -> bool, from: &Json, to: &Json) -> bool {
    let status = |value: &Json| serde_json::from_value::<S>(value.clone()).ok();
    matches!((status(from), status(to)), (Some(from), Some(to)) if may_become(from, to))
}

/// A removal gives way to a change that it did not know of.
fn removed(op: &Op, fields: &Map<String, Json>) -> Judged {
    let changed = op.fields.iter().any(|(name, change)| value_of(fields, name) != change.from);
    if changed {
        return Judged::whole(op, Json::Object(fields.clone()), HeldBackBecause::ChangedByAnother);
    }
    Judged::default()
}

fn value_of(fields: &Map<String, Json>, name: &str) -> Json {
    fields.get(name).cloned().unwrap_or(Json::Null)
}

fn held(op: &Op, fields: &Map<String, Json>, name: &str, because: HeldBackBecause) -> HeldBack {
    HeldBack { op_id: op.op_id, field: Some(name.to_owned()), accepted: value_of(fields, name), because }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use millwright_model::{Actor, OpId, PersonId};
    use serde_json::json;

    use super::*;

    fn op(entity: Entity, kind: OpKind, fields: &[(&str, Json, Json)]) -> Op {
        let change = |from: &Json, to: &Json| FieldChange { from: from.clone(), to: to.clone() };
        let fields: BTreeMap<String, FieldChange> =
            fields.iter().map(|(name, from, to)| ((*name).to_owned(), change(from, to))).collect();
        Op {
            op_id: OpId(Uuid::from_u128(1)),
            seq: 0,
            actor: Actor::picked(PersonId(Uuid::from_u128(2))),
            entity,
            entity_id: Uuid::from_u128(3),
            kind,
            fields,
        }
    }

    fn order(fields: Json) -> Current {
        Current { fields: fields.as_object().cloned(), ..Current::default() }
    }

    fn held_fields(judged: &Judged) -> Vec<(&str, HeldBackBecause)> {
        judged.held_back.iter().map(|part| (part.field.as_deref().unwrap_or("*"), part.because)).collect()
    }

    #[test]
    fn different_fields_merge() {
        let edit = op(Entity::WorkOrder, OpKind::Update, &[("title", json!("a"), json!("b"))]);
        let judged = judge(&edit, &order(json!({"title": "a", "priority": "high"}))).unwrap();
        assert_eq!(judged.verdict(), Verdict::Accepted);
    }

    #[test]
    fn the_same_field_changed_on_both_sides_keeps_the_accepted_value_and_names_it() {
        let edit = op(
            Entity::WorkOrder,
            OpKind::Update,
            &[("title", json!("a"), json!("b")), ("description", json!(""), json!("x"))],
        );
        let judged = judge(&edit, &order(json!({"title": "c", "description": ""}))).unwrap();
        assert_eq!(held_fields(&judged), [("title", HeldBackBecause::ChangedByAnother)]);
        assert_eq!(judged.held_back[0].accepted, json!("c"));
    }

    #[test]
    fn the_same_change_on_both_sides_is_one() {
        let edit = op(Entity::WorkOrder, OpKind::Update, &[("title", json!("a"), json!("b"))]);
        let judged = judge(&edit, &order(json!({"title": "b"}))).unwrap();
        assert_eq!(held_fields(&judged), [("title", HeldBackBecause::Repeated)]);
        assert!(matches!(judged.verdict(), Verdict::Merged { .. }), "nobody has to decide anything");
    }

    #[test]
    fn a_close_of_a_cancelled_order_is_held_back_with_its_time_but_not_its_findings() {
        let close = op(
            Entity::WorkOrder,
            OpKind::Update,
            &[
                ("status", json!("in_progress"), json!("completed")),
                ("completed_at", json!(null), json!(5)),
                ("found_text", json!(null), json!("worn")),
            ],
        );
        let judged = judge(&close, &order(json!({"status": "cancelled"}))).unwrap();
        assert_eq!(
            held_fields(&judged),
            [("completed_at", HeldBackBecause::MoveRefused), ("status", HeldBackBecause::MoveRefused)]
        );
    }

    #[test]
    fn a_close_of_an_order_that_somebody_put_on_hold_goes_through() {
        let close =
            op(Entity::WorkOrder, OpKind::Update, &[("status", json!("in_progress"), json!("completed"))]);
        let judged = judge(&close, &order(json!({"status": "on_hold", "status_reason": "part"}))).unwrap();
        assert_eq!(judged.verdict(), Verdict::Merged { held_back: vec![] });
    }

    #[test]
    fn an_order_is_completed_once() {
        let close =
            op(Entity::WorkOrder, OpKind::Update, &[("status", json!("in_progress"), json!("completed"))]);
        let judged = judge(&close, &order(json!({"status": "completed"}))).unwrap();
        assert_eq!(held_fields(&judged), [("status", HeldBackBecause::Repeated)]);
    }

    #[test]
    fn who_closes_with_details_later_takes_no_details_from_an_order_that_has_them() {
        let close = op(
            Entity::WorkOrder,
            OpKind::Update,
            &[
                ("status", json!("in_progress"), json!("completed")),
                ("details_pending", json!(false), json!(true)),
            ],
        );
        let judged = judge(&close, &order(json!({"status": "completed", "details_pending": false}))).unwrap();
        assert_eq!(
            held_fields(&judged),
            [("details_pending", HeldBackBecause::Repeated), ("status", HeldBackBecause::Repeated)]
        );
    }

    #[test]
    fn a_removal_gives_way_to_a_change_it_did_not_know_of() {
        let remove = op(Entity::WorkStep, OpKind::Delete, &[("outcome", json!(null), json!(null))]);
        let recorded = order(json!({"outcome": {"outcome": "checked"}}));
        assert_eq!(
            held_fields(&judge(&remove, &recorded).unwrap()),
            [("*", HeldBackBecause::ChangedByAnother)]
        );
        assert_eq!(judge(&remove, &order(json!({}))).unwrap().verdict(), Verdict::Accepted);
    }

    #[test]
    fn a_change_of_a_record_that_nobody_knows_is_rejected() {
        let edit = op(Entity::Asset, OpKind::Update, &[("name", json!("a"), json!("b"))]);
        assert_eq!(judge(&edit, &Current::default()), Err(RejectReason::RecordUnknown));
    }

    #[test]
    fn nobody_speaks_for_the_erp_or_for_the_node() {
        let txn = |op: Op| Txn {
            txn_id: millwright_model::TxnId(Uuid::from_u128(9)),
            device_id: millwright_model::DeviceId(Uuid::from_u128(8)),
            first_seq: 0,
            format: OP_FORMAT,
            hlc: millwright_model::Hlc::default(),
            undoes: None,
            reason: None,
            decides: None,
            ops: vec![op],
        };
        let mut forged = op(Entity::Asset, OpKind::Update, &[]);
        forged.actor = Actor::erp("sap");
        assert!(matches!(bounds(&txn(forged), 1), Err(RejectReason::ActorForged { .. })));
        let device = op(Entity::Device, OpKind::Create, &[]);
        assert_eq!(bounds(&txn(device), 1), Err(RejectReason::OnlyTheNode));
    }

    #[test]
    fn what_is_written_on_a_board_says_the_device_that_signs_it() {
        let signer = millwright_model::DeviceId(Uuid::from_u128(8));
        let txn = |op: Op| Txn {
            txn_id: millwright_model::TxnId(Uuid::from_u128(9)),
            device_id: signer,
            first_seq: 0,
            format: OP_FORMAT,
            hlc: millwright_model::Hlc::default(),
            undoes: None,
            reason: None,
            decides: None,
            ops: vec![op],
        };
        let said = |entity, kind, field: &str, device: Json| {
            bounds(&txn(op(entity, kind, &[(field, json!(null), device)])), 1)
        };
        let refused = |field: &str| Err(RejectReason::ValueUnfit { field: field.to_owned() });
        for (entity, field) in [(Entity::DocumentUpdate, "written_on"), (Entity::Workshop, "created_on")] {
            assert_eq!(said(entity, OpKind::Create, field, json!(signer)), Ok(()));
            assert_eq!(said(entity, OpKind::Create, field, json!(Uuid::from_u128(7))), refused(field));
            assert_eq!(said(entity, OpKind::Update, field, json!(signer)), refused(field), "not anew");
        }
    }
}
