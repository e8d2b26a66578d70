//! A team: the devices that share a plant, and what the node made of each transaction.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::record::record;
use crate::{AssetId, DeviceId, LinkState, Op, OpId, OpKind, TimestampMs, Txn};

/// A device of the team. The node alone writes these records.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Its id.
    pub device_id: DeviceId,
    /// The three letters before the numbers that it gives.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The Ed25519 key that its transactions are signed with, as 64 hex digits.
    pub verifying_key: String,
    /// The X25519 key that secrets for it are sealed to, as 64 hex digits.
    pub sealing_key: String,
    /// What it holds.
    pub scope: Scope,
    /// When a person let it in.
    pub joined_at: TimestampMs,
    /// When it was shut out.
    pub revoked_at: Option<TimestampMs>,
    /// Why.
    pub revoked_reason: Option<String>,
}
record!(Device, Device, device_id);

/// Which part of the plant a device holds. What belongs to no area (people, parts, codes) everybody holds.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope {
    /// The assets at whose top it may look, with all below them; none for the whole plant.
    pub areas: Vec<AssetId>,
}

impl Scope {
    /// Whether it is the whole plant.
    pub fn is_whole_plant(&self) -> bool {
        self.areas.is_empty()
    }
}

/// What the node made of a transaction. Stored and exchanged: only added to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// All of it took effect on what it was written on.
    #[default]
    Accepted,
    /// All of it took effect, beside what others changed in the meantime or had said as well.
    Merged {
        /// What others had said as well.
        #[serde(default)]
        held_back: Vec<HeldBack>,
    },
    /// Part of it is held back, and a card asks about each such part.
    Conflict {
        /// What is held back.
        held_back: Vec<HeldBack>,
    },
    /// None of it took effect.
    Rejected {
        /// Why.
        reason: RejectReason,
    },
}

/// A part of a transaction that took no effect.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldBack {
    /// The op.
    pub op_id: OpId,
    /// The field; nothing for the whole op.
    pub field: Option<String>,
    /// What stands instead.
    pub accepted: Json,
    /// Why.
    pub because: HeldBackBecause,
}

impl HeldBack {
    /// What is left of an op without what is held back of it.
    pub fn rest_of(held_back: &[Self], op: &Op) -> Option<Op> {
        let mut rest = op.clone();
        for part in held_back.iter().filter(|part| part.op_id == op.op_id) {
            rest.fields.remove(part.field.as_ref()?);
        }
        (rest.kind != OpKind::Update || !rest.fields.is_empty()).then_some(rest)
    }
}

/// Why a part of a transaction took no effect.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBackBecause {
    /// Somebody else had changed the same field.
    ChangedByAnother,
    /// The order had gone where this move does not lead from.
    MoveRefused,
    /// The record had been removed.
    Removed,
    /// Another record has this code.
    CodeTaken,
    /// It says what stands already: somebody else had said it, or an automatic act is repeated.
    Repeated,
}

/// Why the node let no part of a transaction take effect.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum RejectReason {
    /// The bytes cannot be read as a transaction.
    #[error("its bytes cannot be read")]
    Unreadable,
    /// The format is newer than the node's.
    #[error("it has format {format}, and the node reads {known} at most")]
    FormatUnknown {
        /// Its format.
        format: u16,
        /// The newest that the node reads.
        known: u16,
    },
    /// It says another device wrote it than the one that offers it.
    #[error("it names another device than the one that offered it")]
    OtherDevice,
    /// It acts as somebody that no tablet can be.
    #[error("it acts as {actor}, which no tablet may")]
    ActorForged {
        /// As whom.
        actor: String,
    },
    /// One of its ops is known under another transaction.
    #[error("an op of it was used before")]
    OpReplayed,
    /// It is about a record outside the device's scope.
    #[error("it is about a record outside the scope of this device")]
    OutOfScope,
    /// It changes a record that the node does not have.
    #[error("it changes a record that the node does not have")]
    RecordUnknown,
    /// It changes what only the node changes.
    #[error("it changes what only the node changes")]
    OnlyTheNode,
    /// A field holds what its column cannot.
    #[error("{field} does not hold what it should")]
    ValueUnfit {
        /// The field, as the schema names it.
        field: String,
    },
    /// It is larger than a transaction may be.
    #[error("it has {count} {what}; at most {limit} are taken")]
    TooLarge {
        /// Of what.
        what: String,
        /// How many.
        count: u64,
        /// How many may be.
        limit: u64,
    },
}

impl Verdict {
    /// The parts that took no effect; nothing where the whole transaction did not.
    pub fn held_back(&self) -> &[HeldBack] {
        match self {
            Self::Merged { held_back } | Self::Conflict { held_back } => held_back,
            Self::Accepted | Self::Rejected { .. } => &[],
        }
    }

    /// The ops of `txn` as they took effect.
    pub fn effective(&self, txn: &Txn) -> Vec<Op> {
        match self {
            Self::Rejected { .. } => Vec::new(),
            Self::Accepted => txn.ops.clone(),
            Self::Merged { held_back } | Self::Conflict { held_back } => {
                txn.ops.iter().filter_map(|op| HeldBack::rest_of(held_back, op)).collect()
            }
        }
    }
}

/// How this device stands in a team.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeamView {
    /// What it is.
    pub role: TeamRole,
    /// How the talk with the node goes, for one that asks or follows.
    pub talk: LinkState,
    /// How many of its transactions the node has still to judge.
    pub pending: i64,
    /// How many of them are written in a newer format than the node reads: they wait for its update.
    #[serde(default)]
    pub pending_newer: i64,
    /// How far it has come in the node's order.
    pub checkpoint: i64,
    /// The devices of the team, those that were silent longest first.
    pub devices: Vec<DeviceView>,
    /// When a member heard from the node how its devices stand.
    #[serde(default)]
    pub told_at: Option<TimestampMs>,
    /// Devices that ask to be let in; only the node knows them.
    pub asks: Vec<AskView>,
    /// Letters of others that lie here: on a member until the node has them, on the node those of devices that are shut out,
    /// until a person says what becomes of them.
    #[serde(default)]
    pub carried: Vec<CarriedView>,
}

/// Letters of one device that lie on this one.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedView {
    /// Whose.
    pub device_id: DeviceId,
    /// What people call it.
    pub device_name: String,
    /// How many letters: each holds records, or a photo.
    pub letters: u64,
    /// How large they are together.
    pub size_bytes: u64,
    /// Since when the oldest lies here.
    pub since: TimestampMs,
}

/// What a device is in a team.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum TeamRole {
    /// It has no team.
    #[default]
    Alone,
    /// Its order is everyone's.
    Node,
    /// It waits for a person to let it in.
    Asking {
        /// Where the node is.
        address: String,
    },
    /// It follows the node.
    Member {
        /// Where the node is.
        address: String,
        /// Whether it has all that it is to hold.
        filled: bool,
    },
    /// It was shut out, and what it held of the team was removed.
    ShutOut,
}

/// A device of the team, for a list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceView {
    /// The device.
    pub device: Device,
    /// Whether it is this one.
    pub is_this: bool,
    /// When it last spoke to the node; members know it from the node.
    pub contact_at: Option<TimestampMs>,
    /// Who held it then.
    pub holder: Option<String>,
    /// How many of its transactions waited there when it last spoke.
    pub pending: i64,
    /// How many places of the node's order it had still to hear of.
    pub behind: i64,
    /// Why nothing more is taken from it, where that is so.
    pub quarantined: Option<String>,
    /// Open orders in hand there, and those of the person who holds it.
    pub open_orders: Vec<String>,
    /// Whether it has not spoken for longer than the plant allows.
    #[serde(default)]
    pub silent: bool,
    /// Whether others know where to find it, and may leave copies there.
    #[serde(default)]
    pub keeps_copies: bool,
}

/// A device that asks to be let in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskView {
    /// Its id.
    pub device_id: DeviceId,
    /// What people call it.
    pub name: String,
    /// Six letters that it shows too: the same device stands before both people.
    pub proof: String,
    /// Since when.
    pub asked_at: TimestampMs,
}

/// An invitation for one device.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvitationView {
    /// What the device reads: as a QR code, or pasted.
    pub invitation: String,
    /// The same as a QR code: its rows from the top, `#` for dark.
    pub modules: Vec<String>,
    /// Until when it may be used.
    pub expires_at: TimestampMs,
}

/// A letter to the team's node, to be carried there.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LetterWritten {
    /// What the file is to be called.
    pub file_name: String,
    /// The file, in base64.
    pub bytes_base64: String,
    /// How many transactions it holds.
    pub transactions: u64,
    /// How many photos and files it holds.
    pub photos: u64,
    /// How many did not fit: they go with the next.
    pub photos_left: u64,
}

/// What came of a letter that was taken.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LetterTaken {
    /// Transactions of the device that the node has judged.
    pub transactions: u64,
    /// Transactions of others that came with it.
    pub accepted: u64,
    /// The node's answer, to be carried back; nothing on a device.
    pub answer: Option<LetterAnswerFile>,
}

/// The node's answer to a letter, as a file.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LetterAnswerFile {
    /// What it is to be called.
    pub file_name: String,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}
