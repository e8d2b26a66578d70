//! Transactions and ops: the log whose projection every row is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Actor, ConflictId, DeliveryId, DeviceId, Entity, OpId, Record, Side, TxnId};

/// The newest format that this version reads and writes. Formats only add: new kinds of records, and fields, which
/// older versions keep as they are.
pub const OP_FORMAT: u16 = 3;

/// The format of a transaction with these ops: the oldest that reads them, so that what an older node can take does not
/// wait for its update.
pub fn format_of(ops: &[Op]) -> u16 {
    ops.iter().map(|op| op.entity.since_format()).max().unwrap_or(1)
}

/// A hybrid logical clock's stamp: 48 bits of milliseconds, 16 of counter.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hlc(pub u64);

impl Hlc {
    /// The stamp of `wall_ms` and `counter`.
    pub fn from_parts(wall_ms: u64, counter: u16) -> Self {
        Self((wall_ms << 16) | u64::from(counter))
    }

    /// The wall clock's part, in milliseconds since the epoch.
    pub fn wall_ms(self) -> u64 {
        self.0 >> 16
    }

    /// The counter's part.
    pub fn counter(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    /// The next stamp after `self` when the wall clock says `wall_ms`: never earlier, whatever the clock does.
    pub fn next(self, wall_ms: u64) -> Self {
        if wall_ms > self.wall_ms() {
            return Self::from_parts(wall_ms, 0);
        }
        match self.counter().checked_add(1) {
            Some(counter) => Self::from_parts(self.wall_ms(), counter),
            None => Self::from_parts(self.wall_ms() + 1, 0),
        }
    }
}

/// What an op does to its record.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpKind {
    /// The record comes to be.
    Create,
    /// Fields change.
    Update,
    /// The record is removed; a tombstone stays.
    Delete,
}

impl OpKind {
    /// What it does, as events tell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Update => "changed",
            Self::Delete => "removed",
        }
    }
}

/// A field's change. At a creation `from` is null, at a deletion `to` is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// What it was.
    pub from: Json,
    /// What it is.
    pub to: Json,
}

/// One change of one record.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Op {
    /// Its id: also the idempotency key outside.
    pub op_id: OpId,
    /// Its place in the device's chain, without gaps.
    pub seq: u64,
    /// Who acted.
    #[serde(flatten)]
    pub actor: Actor,
    /// The kind of record.
    pub entity: Entity,
    /// Which.
    pub entity_id: Uuid,
    /// What it does.
    pub kind: OpKind,
    /// The fields that change.
    pub fields: BTreeMap<String, FieldChange>,
}

/// A card that a transaction decides. Its ops by the ERP say what stands there, its ops by the person what they want.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The card.
    pub conflict_id: ConflictId,
    /// The field it is about.
    pub field: String,
    /// Whose value stands.
    pub keep: Side,
    /// Deliveries of earlier edits of the same order that had not reached the ERP; what this transaction tells takes
    /// their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<DeliveryId>,
}

/// A transaction: ops that take effect together. These are the bytes that are hashed and exchanged.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Txn {
    /// Its id.
    pub txn_id: TxnId,
    /// The device that wrote it.
    pub device_id: DeviceId,
    /// The place of its first op in the device's chain.
    pub first_seq: u64,
    /// The format of its ops.
    pub format: u16,
    /// When, by the device's hybrid clock.
    pub hlc: Hlc,
    /// The transaction that this one takes back, where it is an undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<TxnId>,
    /// Why, where the person said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The card that it decides, where it is a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decides: Option<Decision>,
    /// The ops, in order.
    pub ops: Vec<Op>,
}

/// The fields in which two states of a record differ; `before` is nothing at a creation, `after` at a deletion.
///
/// # Errors
/// When a record does not serialise to a JSON object.
pub fn field_changes<R: Record>(
    before: Option<&R>,
    after: Option<&R>,
) -> Result<BTreeMap<String, FieldChange>, serde_json::Error> {
    let object = |record: Option<&R>| -> Result<serde_json::Map<String, Json>, serde_json::Error> {
        match record.map(serde_json::to_value).transpose()? {
            Some(Json::Object(map)) => Ok(map),
            _ => Ok(serde_json::Map::new()),
        }
    };
    let mut before = object(before)?;
    let after = object(after)?;
    let mut changes = BTreeMap::new();
    for (name, to) in after {
        let from = before.remove(&name).unwrap_or(Json::Null);
        if from != to {
            changes.insert(name, FieldChange { from, to });
        }
    }
    for (name, from) in before {
        if !from.is_null() {
            changes.insert(name, FieldChange { from, to: Json::Null });
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Label, LabelId};

    fn label(code: &str) -> Label {
        Label { label_id: LabelId(Uuid::from_u128(1)), code: code.to_owned(), asset_id: Default::default() }
    }

    #[test]
    fn an_update_holds_only_what_changed() {
        let changes = field_changes(Some(&label("a")), Some(&label("b"))).unwrap();
        assert_eq!(changes.len(), 1, "only the code changed");
        assert_eq!(changes["code"], FieldChange { from: "a".into(), to: "b".into() });
    }

    #[test]
    fn a_creation_holds_every_field_that_is_not_null() {
        assert_eq!(field_changes(None, Some(&label("a"))).unwrap().len(), 3);
    }

    #[test]
    fn the_clock_never_goes_back_even_when_the_wall_clock_does() {
        let mut stamp = Hlc::default();
        for wall_ms in [1_000, 1_000, 5_000, 10, 10, 5_001] {
            let next = stamp.next(wall_ms);
            assert!(next > stamp, "{wall_ms}");
            stamp = next;
        }
    }

    #[test]
    fn a_full_counter_moves_the_clock_on() {
        let full = Hlc::from_parts(7, u16::MAX);
        assert_eq!(full.next(7), Hlc::from_parts(8, 0));
    }
}
