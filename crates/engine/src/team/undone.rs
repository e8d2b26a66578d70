//! What a transaction that is taken back was not let do: whoever takes it back must not take back what others did.

use std::collections::{BTreeMap, BTreeSet};

use millwright_local_db::Session;
use millwright_model::{Entity, HeldBack, HeldBackBecause, Op, Txn, Verdict};
use millwright_team::{Current, Judged};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::EngineError;

/// What had no effect of the transaction that another one takes back.
#[derive(Default)]
pub(super) struct Undone {
    /// None of it had.
    nothing: bool,
    /// Records, and the fields of each that kept what others had said; no field for all of it.
    held: BTreeMap<(Entity, Uuid), BTreeSet<Option<String>>>,
}

impl Undone {
    /// What had no effect of what `txn` takes back.
    pub(super) async fn of(session: &mut Session, txn: &Txn) -> Result<Self, EngineError> {
        let Some(undoes) = txn.undoes else { return Ok(Self::default()) };
        let Some(undone) = session.txn(undoes).await? else { return Ok(Self::default()) };
        if matches!(undone.verdict, Verdict::Rejected { .. }) {
            return Ok(Self { nothing: true, held: BTreeMap::new() });
        }
        let mut held: BTreeMap<_, BTreeSet<Option<String>>> = BTreeMap::new();
        let ops = undone.txn()?.ops;
        for part in undone.verdict.held_back() {
            if let Some(op) = ops.iter().find(|op| op.op_id == part.op_id) {
                held.entry((op.entity, op.entity_id)).or_default().insert(part.field.clone());
            }
        }
        Ok(Self { nothing: false, held })
    }

    /// Holds back of an op what it would take back without its having been done.
    pub(super) fn hold_back(&self, op: &Op, current: &Current, judged: &mut Judged) {
        let held = self.held.get(&(op.entity, op.entity_id));
        let because = HeldBackBecause::Repeated;
        if self.nothing || held.is_some_and(|fields| fields.contains(&None)) {
            judged.held_back = vec![HeldBack { op_id: op.op_id, field: None, accepted: Json::Null, because }];
            return;
        }
        for field in held.into_iter().flatten().flatten().filter(|field| op.fields.contains_key(*field)) {
            if judged.held_back.iter().any(|part| part.field.as_ref() == Some(field)) {
                continue;
            }
            let stands = current.fields.as_ref().and_then(|fields| fields.get(field));
            let accepted = stands.cloned().unwrap_or(Json::Null);
            judged.held_back.push(HeldBack {
                op_id: op.op_id,
                field: Some(field.clone()),
                accepted,
                because,
            });
        }
    }
}
