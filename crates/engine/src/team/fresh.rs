//! Creations that come in bulk: what the node has to know of their ids and codes, asked once for a whole transaction.

use std::collections::{BTreeMap, BTreeSet};

use millwright_local_db::WriteSession;
use millwright_model::{Entity, Op, OpKind, Txn};
use uuid::Uuid;

use crate::EngineError;

/// Fewer ops than this are looked at one by one: that takes fewer questions.
const WORTH_ASKING: usize = 4;

/// The creations of a transaction that meet nothing the node has: no record with their id, and nobody with their code.
#[derive(Default)]
pub(super) struct Fresh {
    ids: BTreeSet<(Entity, Uuid)>,
}

impl Fresh {
    /// Looks at all creations of `txn` at once.
    pub(super) async fn of(session: &mut WriteSession, txn: &Txn) -> Result<Self, EngineError> {
        let mut created: BTreeMap<Entity, Vec<&Op>> = BTreeMap::new();
        let mut named: BTreeMap<Uuid, usize> = BTreeMap::new();
        for op in &txn.ops {
            *named.entry(op.entity_id).or_default() += 1;
            if op.kind == OpKind::Create && may_be_fresh(op.entity) {
                created.entry(op.entity).or_default().push(op);
            }
        }
        let mut fresh = Self::default();
        if txn.ops.len() < WORTH_ASKING {
            return Ok(fresh);
        }
        for (entity, ops) in created {
            let ids: Vec<Uuid> = ops.iter().map(|op| op.entity_id).collect();
            let there = session.rows_there(entity, &ids).await?;
            let codes: Vec<&str> = ops.iter().filter_map(|op| code_of(op)).collect();
            let taken = session.codes_taken(entity, &codes).await?;
            let mut claimed: BTreeMap<&str, usize> = BTreeMap::new();
            for code in &codes {
                *claimed.entry(code).or_default() += 1;
            }
            fresh.ids.extend(
                ops.iter()
                    // A record that later ops change is looked at one by one, and so are two with one code.
                    .filter(|op| named.get(&op.entity_id) == Some(&1) && !there.contains(&op.entity_id))
                    .filter(|op| {
                        code_of(op).is_none_or(|code| !taken.contains(code) && claimed.get(code) == Some(&1))
                    })
                    .map(|op| (entity, op.entity_id)),
            );
        }
        Ok(fresh)
    }

    /// Whether an op creates a record that meets nothing.
    pub(super) fn holds(&self, op: &Op) -> bool {
        op.kind == OpKind::Create && self.ids.contains(&(op.entity, op.entity_id))
    }
}

/// A person may be somebody whom the node knows by number, an alias leads other rows, and devices are the node's own.
fn may_be_fresh(entity: Entity) -> bool {
    !matches!(entity, Entity::Person | Entity::Alias | Entity::Device)
}

/// The code or number by which two records would be one.
fn code_of(op: &Op) -> Option<&str> {
    let change = op.fields.get("code").or_else(|| op.fields.get("number"))?;
    change.to.as_str()
}
