//! What a device says to the node, and what the node answers: one answer for each message, and every message may be
//! repeated without another effect.

use millwright_model::{AlertLadder, DeviceId, Entity, PersonId, Scope, TxnId, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// The exchange that this version speaks. The node speaks this one and the one before.
pub const EXCHANGE_FORMAT: u16 = 1;
/// The oldest exchange that a node of this version speaks.
pub const EXCHANGE_FORMAT_MIN: u16 = 1;
/// The most transactions in one message.
pub const TXNS_MAX: usize = 200;
/// The most steps of one transaction that were given up.
pub const GIVEN_UP_MAX: usize = 1_000;
/// The most rows in one message.
pub const ROWS_MAX: usize = 2_000;
/// The most devices of which one message tells.
pub const DEVICES_MAX: usize = 200;
/// The most bytes of a blob in one message.
pub const PIECE_MAX_BYTES: usize = 512 * 1024;
/// The largest blob that is taken.
pub const BLOB_MAX_BYTES: u64 = 50 * 1024 * 1024;

/// What a device says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToNode {
    /// A stranger asks to be let in.
    Join(JoinAsk),
    /// A member begins to talk.
    Hello {
        /// The exchange it speaks.
        format: u16,
        /// The newest format of ops that it reads.
        op_format: u16,
        /// How far it has come in the node's order.
        checkpoint: i64,
        /// Who holds it.
        holder: Option<PersonId>,
        /// How many transactions wait there.
        pending: u64,
    },
    /// Its own transactions, in the order of its chain.
    Offer {
        /// At most [`TXNS_MAX`].
        txns: Vec<OfferedTxn>,
        /// Keys of people that it made, sealed to the node.
        person_keys: Vec<SealedPersonKey>,
    },
    /// Transactions of the device that it was before its directory was restored or copied, in the order of their chain
    /// and signed by that device. Said to a node that takes them.
    OfferFormer {
        /// The device that it was.
        device_id: DeviceId,
        /// The key that they are signed with, as 64 hex digits. Where the node knows the device it goes by its own.
        verifying_key: String,
        /// The place behind the last of them: what was written before may have gaps where the node never knew the device.
        next_seq: u64,
        /// At most [`TXNS_MAX`].
        txns: Vec<OfferedTxn>,
        /// Keys of people that it made, sealed to the node.
        person_keys: Vec<SealedPersonKey>,
    },
    /// The rows of its scope, for a first start: the page after `after`.
    Rows {
        /// The last row it has.
        after: Option<(Entity, Uuid)>,
    },
    /// What was accepted after a checkpoint.
    Fetch {
        /// The checkpoint.
        after: i64,
    },
    /// Which of these blobs the node lacks.
    BlobsKept {
        /// Their hashes.
        hashes: Vec<String>,
    },
    /// A piece of a blob.
    BlobPut {
        /// Its hash.
        hash: String,
        /// Where the piece begins.
        offset: u64,
        /// How large the blob is.
        size: u64,
        /// The piece, in base64.
        piece: String,
    },
    /// A piece of a blob is wanted.
    BlobGet {
        /// Its hash.
        hash: String,
        /// From where.
        offset: u64,
    },
    /// Answer as soon as something was accepted after a checkpoint, or after a while.
    Wait {
        /// The checkpoint.
        after: i64,
    },
    /// Where other members find it, on the address that it comes from. Said to a node that passes it on.
    ListensAt {
        /// The port.
        port: u16,
    },
    /// A piece of a sealed letter to the node ([`crate::Letter`]). Said to another member it asks it to keep the letter
    /// until the node has it; said to the node it hands the letter over.
    LetterPut {
        /// The hash of the letter's bytes.
        hash: String,
        /// Where the piece begins.
        offset: u64,
        /// How large the letter is.
        size: u64,
        /// The piece, in base64.
        piece: String,
    },
}

/// A stranger's wish to be let in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinAsk {
    /// The one-time code of the invitation.
    pub code: String,
    /// Its id.
    pub device_id: DeviceId,
    /// The three letters before its numbers.
    pub device_code: String,
    /// What people call it.
    pub name: String,
    /// The Ed25519 key that its transactions are signed with, as 64 hex digits.
    pub verifying_key: String,
    /// The X25519 key that secrets for it are sealed to, as 64 hex digits.
    pub sealing_key: String,
    /// The place of its next op: what was written before may have gaps.
    pub next_seq: u64,
}

/// A transaction as it is offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferedTxn {
    /// Its id.
    pub txn_id: TxnId,
    /// The place of its first op.
    pub first_seq: u64,
    /// The hash before it, as 64 hex digits.
    pub prev_hash: String,
    /// The signature over its hash, as 128 hex digits.
    pub sig: String,
    /// Its bytes: UTF-8, verbatim.
    pub bytes: String,
    /// When the device recorded it, by its own clock.
    pub recorded_at: i64,
    /// It was taken back before it left, or has had its effect outside: nothing is delivered for it.
    pub settled: bool,
    /// Where the device had begun to deliver it before it joined: an older node does not read it, and nothing is said
    /// where there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<Begun>,
}

/// How far a device that was alone had come with the deliveries of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    /// The steps that a person gave up there: nobody takes them up again. Every other one may have had its effect, and
    /// is looked up before it is sent.
    pub given_up: Vec<String>,
}

/// The key of a person, sealed to one device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedPersonKey {
    /// Whose.
    pub person_id: PersonId,
    /// The sealed key, in base64.
    pub sealed: String,
}

/// What the node answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum ToDevice {
    /// A person has still to let the stranger in.
    Asked,
    /// The stranger is a member.
    Joined {
        /// The team.
        team_id: Uuid,
        /// What people call the plant.
        plant_name: String,
        /// The certificate for the device's key, as DER in base64.
        certificate: String,
        /// What it holds.
        scope: Scope,
        /// The X25519 key that secrets for the node are sealed to, as 64 hex digits.
        sealing_key: String,
        /// The plant's zone.
        zone: String,
        /// The three letters before its numbers: others, where another device has the same.
        device_code: String,
    },
    /// The member may go on.
    Welcome {
        /// The exchange they speak.
        format: u16,
        /// The newest format of ops that everybody reads: nothing newer is written.
        op_format: u16,
        /// How far the node has come.
        checkpoint: i64,
        /// How the team's devices stand; an older node does not say, and an older device does not read it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamFacts>,
    },
    /// What became of an offer.
    Judged {
        /// In the order of the offer.
        judgements: Vec<Judgement>,
    },
    /// A page of rows.
    Rows {
        /// How far the node had come when it was read.
        checkpoint: i64,
        /// The rows, in the order of their kinds and ids.
        rows: Vec<Row>,
        /// Whether there are more.
        more: bool,
        /// Keys of people, sealed to the device.
        person_keys: Vec<SealedPersonKey>,
    },
    /// What was accepted.
    Entries {
        /// How far the device has come with these.
        checkpoint: i64,
        /// Whether there are more.
        more: bool,
        /// The accepted transactions, in the node's order.
        entries: Vec<Entry>,
        /// Rows that came into scope, or left it, with this.
        rows: Vec<Row>,
        /// Keys of people, sealed to the device.
        person_keys: Vec<SealedPersonKey>,
    },
    /// Which blobs the node lacks, and from where.
    BlobsWanted {
        /// Hash, and the first byte that is not there.
        wanted: Vec<(String, u64)>,
    },
    /// How much of a blob the node has.
    BlobHas {
        /// The first byte that is not there.
        offset: u64,
    },
    /// A piece of a blob; nothing when the node has no such blob.
    BlobPiece {
        /// The piece, in base64, and how large the blob is.
        piece: Option<(String, u64)>,
    },
    /// How far the node has come.
    News {
        /// The node's checkpoint.
        checkpoint: i64,
        /// How the team's devices stand; an older node does not say, and an older device does not read it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamFacts>,
    },
    /// It was noted; said to an offer, the node keeps it for a person to look at.
    Noted,
    /// How much of a letter has come; all of it: it is kept, or the node needs it no longer.
    LetterHas {
        /// The first byte that is not there.
        offset: u64,
    },
    /// No.
    Refused {
        /// Why.
        why: RefusedTalk,
    },
}

/// What the node alone knows of the team, told to its members. Spans, not instants: clocks differ.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeamFacts {
    /// After how many hours without a word a device counts as silent.
    pub silent_after_hours: u32,
    /// The devices that are let in, those silent longest first: at most [`DEVICES_MAX`].
    pub devices: Vec<DeviceFacts>,
    /// The node takes letters of others, and passes on where members find each other. An older one does neither.
    #[serde(default)]
    pub passes_on: bool,
    /// The node takes what a member recorded as the device that it was before. An older one does not.
    #[serde(default)]
    pub takes_former: bool,
    /// What counts as an alert in this plant; nothing where the node is of a version without alerts.
    #[serde(default)]
    pub alerts: Option<AlertLadder>,
    /// What members seal with what they say to each other over the plant's broker; an older node does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together_key: Option<SharedKey>,
}

/// A secret of the whole team, as 64 hex digits. It is never shown, not even to a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedKey(pub String);

impl std::fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedKey(…)")
    }
}

/// How the node's talk with one device stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceFacts {
    /// Which.
    pub device_id: DeviceId,
    /// For how many milliseconds it has not spoken; nothing when it never did.
    pub silent_ms: Option<i64>,
    /// Who held it when it last spoke.
    pub holder: Option<PersonId>,
    /// How many of its transactions waited there.
    pub pending: i64,
    /// How many places of the node's order it had still to hear of.
    pub behind: i64,
    /// Why nothing more is taken from it, where that is so.
    pub quarantined: Option<String>,
    /// Host and port where other members found it when it last spoke to the node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listens_at: Option<String>,
}

impl TeamFacts {
    /// Whether a device has not spoken for longer than the plant allows.
    pub fn is_silent(&self, device: &DeviceFacts) -> bool {
        let limit_ms = i64::from(self.silent_after_hours) * 3_600_000;
        device.silent_ms.is_some_and(|silent_ms| silent_ms >= limit_ms)
    }
}

/// Why the node does not talk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum RefusedTalk {
    /// The invitation is used up, too old, or never was.
    #[error("the invitation is used up or too old: ask for a new one")]
    CodeUnknown,
    /// A person said no.
    #[error("a person did not let this device in")]
    NotLetIn,
    /// The device is no member.
    #[error("this device is no member of the team")]
    NoMember,
    /// The device was shut out: what it holds of the team is to be removed.
    #[error("this device was shut out of the team")]
    Revoked,
    /// The exchange is older or newer than the node speaks.
    #[error("the exchange {format} is not spoken; the node speaks {min} to {max}")]
    FormatUnknown {
        /// The device's.
        format: u16,
        /// The oldest the node speaks.
        min: u16,
        /// The newest.
        max: u16,
    },
    /// The device's chain does not go on where the node knows its end: it was forked, and is quarantined.
    #[error("the chain of this device was forked: it is quarantined until a person has looked")]
    ChainForked,
    /// A signature does not hold.
    #[error("a signature does not hold: the device is quarantined until a person has looked")]
    SignatureWrong,
    /// What it builds on has not come yet.
    #[error("what this builds on has not come yet")]
    TooEarly,
    /// There is no room for it.
    #[error("there is no room for more")]
    Full,
    /// The message is not what the node expects.
    #[error("the message cannot be taken: {what}")]
    Unfit {
        /// What is wrong.
        what: String,
    },
    /// The node cannot answer now.
    #[error("the node cannot answer now")]
    Unable,
}

/// What became of one transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Which.
    pub txn_id: TxnId,
    /// Its place in the node's order.
    pub ledger_seq: i64,
    /// What became of it.
    pub verdict: Verdict,
}

/// A row as the node has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The kind of record.
    pub entity: Entity,
    /// Which.
    pub id: Uuid,
    /// Its fields; nothing when it left the device's scope.
    pub fields: Option<Map<String, Json>>,
    /// Whether it was removed.
    pub deleted: bool,
}

/// An accepted transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the node's order.
    pub ledger_seq: i64,
    /// What took effect of it.
    pub verdict: Verdict,
    /// When the node recorded it.
    pub recorded_at: i64,
    /// The hash before it, as 64 hex digits.
    pub prev_hash: String,
    /// The signature over its hash, as 128 hex digits.
    pub sig: String,
    /// Its bytes: UTF-8. Where some of its ops are out of scope they were left out, and `excerpt` says so.
    pub bytes: String,
    /// Whether ops were left out: then the hash and the signature are of the whole, and cannot be checked here.
    pub excerpt: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The answer as devices of the first release read it.
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "answer", rename_all = "snake_case")]
    enum OfTheFirstRelease {
        Welcome { format: u16, op_format: u16, checkpoint: i64 },
        News { checkpoint: i64 },
    }

    fn facts() -> TeamFacts {
        let device = DeviceFacts {
            device_id: DeviceId(Uuid::from_u128(1)),
            silent_ms: Some(8 * 3_600_000),
            holder: None,
            pending: 3,
            behind: 0,
            quarantined: None,
            listens_at: None,
        };
        let alerts = Some(AlertLadder::default());
        TeamFacts {
            silent_after_hours: 8,
            devices: vec![device],
            passes_on: true,
            takes_former: true,
            alerts,
            together_key: None,
        }
    }

    #[test]
    fn an_older_device_reads_past_what_it_does_not_know() {
        let welcome = ToDevice::Welcome { format: 1, op_format: 1, checkpoint: 9, team: Some(facts()) };
        let read: OfTheFirstRelease = serde_json::from_value(serde_json::to_value(welcome).unwrap()).unwrap();
        assert_eq!(read, OfTheFirstRelease::Welcome { format: 1, op_format: 1, checkpoint: 9 });
        let news = ToDevice::News { checkpoint: 9, team: Some(facts()) };
        let read: OfTheFirstRelease = serde_json::from_value(serde_json::to_value(news).unwrap()).unwrap();
        assert_eq!(read, OfTheFirstRelease::News { checkpoint: 9 });
    }

    #[test]
    fn an_older_node_says_nothing_of_the_team() {
        let news: ToDevice = serde_json::from_value(json!({"answer": "news", "checkpoint": 9})).unwrap();
        assert_eq!(news, ToDevice::News { checkpoint: 9, team: None });
    }

    #[test]
    fn a_device_is_silent_from_the_hour_that_the_plant_says() {
        let mut facts = facts();
        assert!(facts.is_silent(&facts.devices[0]));
        facts.devices[0].silent_ms = Some(8 * 3_600_000 - 1);
        assert!(!facts.is_silent(&facts.devices[0]));
        facts.devices[0].silent_ms = None;
        assert!(!facts.is_silent(&facts.devices[0]), "one that was just let in has not fallen silent");
    }
}
