//! Deliveries: what is on its way to outside systems, and cards that ask a person to decide.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::record::record;
use crate::{
    Cause, ConflictId, DeliveryId, Entity, PersonId, PlainConsentId, Receipt, StepLabel, TimestampMs,
    Trouble, TxnId,
};

/// Where a delivery goes.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryTarget {
    /// The ERP system.
    Erp,
    /// The plant's broker.
    Broker,
    /// People, by e-mail.
    Mail,
}

impl DeliveryTarget {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Erp, Self::Broker, Self::Mail];

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Erp => "erp",
            Self::Broker => "broker",
            Self::Mail => "mail",
        }
    }

    /// The target of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.as_str() == name)
    }
}

/// Where a step of a delivery stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not sent yet.
    Waiting,
    /// On its way now.
    Sending,
    /// Sent, and the answer was lost: it is looked up before anything is sent again.
    Unknown,
    /// It took effect.
    Done,
    /// The other side changed meanwhile: a person decides.
    Conflict,
    /// The other side refused it: a person mends or discards it.
    Rejected,
    /// A person gave it up, or it was undone before it left.
    Discarded,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::Unknown,
        Self::Done,
        Self::Conflict,
        Self::Rejected,
        Self::Discarded,
    ];

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Done => "done",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::Discarded => "discarded",
        }
    }

    /// The state of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether nothing more will happen to it.
    pub fn is_settled(self) -> bool {
        match self {
            Self::Done | Self::Discarded => true,
            Self::Waiting | Self::Sending | Self::Unknown | Self::Conflict | Self::Rejected => false,
        }
    }
}

/// One step of a delivery.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id.
    pub delivery_id: DeliveryId,
    /// The transaction it delivers.
    pub txn_id: TxnId,
    /// Where it goes.
    pub target: DeliveryTarget,
    /// Its place among the steps of its transaction at its target, from 0.
    pub step: i64,
    /// The key by which the other side can be searched for its effect.
    pub step_key: String,
    /// What it does.
    pub label: StepLabel,
    /// The record it is about.
    pub entity: Entity,
    /// Which.
    pub entity_id: Uuid,
    /// The number of that record that people know.
    pub entity_label: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: i64,
    /// Not before this.
    pub next_attempt_at: TimestampMs,
    /// When it was planned.
    pub planned_at: TimestampMs,
    /// What the other side answered.
    pub receipt: Option<Receipt>,
    /// What went wrong, in words.
    pub error: Option<String>,
    /// Why, where it is on our list: for faces that say it in the person's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

impl Delivery {
    /// Whether this is an e-mail of which nobody knows if it went: only a person has it sent again.
    pub fn may_have_gone(&self) -> bool {
        self.target == DeliveryTarget::Mail && self.state == DeliveryState::Unknown
    }

    /// What went wrong with it.
    pub fn trouble(&self) -> Option<Trouble> {
        let said = self.error.clone()?;
        Some(Trouble { cause: self.cause.clone().unwrap_or_default(), said })
    }
}

/// A card: the same field was changed here and there, or a move was refused. Both values are kept.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Its id.
    pub conflict_id: ConflictId,
    /// The kind of record.
    pub entity: Entity,
    /// Which.
    pub entity_id: Uuid,
    /// The number of that record that people know.
    pub entity_label: String,
    /// The field.
    pub field: String,
    /// Our value, as JSON.
    pub ours: serde_json::Value,
    /// Theirs, as JSON.
    pub theirs: serde_json::Value,
    /// Who changed it there, where known.
    pub changed_by: Option<String>,
    /// When it was noticed.
    pub noticed_at: TimestampMs,
    /// When a person decided.
    pub resolved_at: Option<TimestampMs>,
    /// Whose values stand against each other.
    #[serde(default)]
    pub between: Between,
}

/// Whose values a card asks about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// Ours stands here, theirs at the ERP.
    #[default]
    UsAndErp,
    /// Theirs is what the team accepted and stands here; ours was held back.
    TwoDevices,
}

/// Whether a link to an outside system works.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LinkState {
    /// None was set up.
    #[default]
    NotConfigured,
    /// The first try is under way.
    Connecting,
    /// It works.
    Up {
        /// Since when.
        since: TimestampMs,
    },
    /// It does not.
    Down {
        /// Since when.
        since: TimestampMs,
        /// Why, in words.
        problem: String,
        /// Why, for faces that say it in the person's language.
        #[serde(default)]
        cause: Cause,
    },
}

impl LinkState {
    /// It does not work since then, for this.
    pub fn down(since: TimestampMs, trouble: Trouble) -> Self {
        Self::Down { since, problem: trouble.said, cause: trouble.cause }
    }
}

/// How values that the broker holds for us (QoS 1 of the Unified Namespace) reach history.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldValues {
    /// Messages that were handed over and are not on the disk yet: the broker still has them.
    pub on_the_way: u64,
    /// So many the broker hands over before it waits for our word.
    pub window: u64,
    /// Messages a second that this window allows at the pace of the last commits; nothing before the first.
    pub reachable_per_s: Option<u64>,
    /// How often the broker had forgotten what it held, since the start.
    pub forgotten: u64,
    /// Whether the protocol leaves the window to the broker (MQTT 3.1.1): then it is usually narrow, and bounds the
    /// pace.
    #[serde(default)]
    pub window_of_broker: bool,
}

/// What was heard on the plant's link since the start, and what of it was refused.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlantHeard {
    /// Values that were taken in.
    pub values: u64,
    /// Messages that could not be read, and those for whose size a topic filter was left out.
    pub messages_refused: u64,
    /// What was refused last.
    pub last_refused: Option<RefusedMessage>,
}

/// A message or value of the plant that was refused.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedMessage {
    /// When.
    pub at: TimestampMs,
    /// Its topic; its series for a value; the topic filter behind which it lies, where no more is known.
    pub topic: String,
    /// Why.
    pub fault: MessageFault,
}

/// Why a message or value of the plant is refused.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum MessageFault {
    /// The topic cannot name a series.
    #[error("the topic has {bytes} bytes, more than {limit}")]
    TopicTooLong {
        /// Its length.
        bytes: u64,
        /// How long it may be.
        limit: u64,
    },
    /// It is no text.
    #[error("not UTF-8 at line {line}, column {column}")]
    NotUtf8 {
        /// The line, from 1.
        line: u64,
        /// The place in it, from 1.
        column: u64,
    },
    /// It is no JSON, or goes beyond the limits.
    #[error("{reason} at line {line}, column {column}")]
    NotJson {
        /// In the reader's words.
        reason: String,
        /// The line, from 1.
        line: u64,
        /// The place in it, from 1.
        column: u64,
    },
    /// Its payload is larger than is read.
    #[error("the payload has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The most that is read.
        limit: u64,
    },
    /// It is larger than is taken from the broker: what lies behind the filter is left out.
    #[error("a message of {bytes} bytes is more than is taken; this filter is left out")]
    LeftOut {
        /// Its size.
        bytes: u64,
    },
    /// It does not follow Sparkplug.
    #[error("{said}")]
    Sparkplug {
        /// In the reader's words.
        said: String,
    },
    /// It is of a tag beyond the most that are kept.
    #[error("there are more tags than the {limit} that are kept")]
    TooManyTags {
        /// The most that are kept.
        limit: u64,
    },
}

/// How many steps and cards need a person, by whom they concern.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Steps for the ERP, and values that stand against its own.
    pub erp: i64,
    /// Events for the broker.
    pub broker: i64,
    /// E-mails.
    pub mail: i64,
    /// Values of two devices of the team that stand against each other.
    pub team: i64,
}

/// The sync state that every screen shows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SyncState {
    /// How the talk with the team's node goes; nothing without a team, and on the node itself.
    #[serde(default)]
    pub team: Option<LinkState>,
    /// The plant's broker.
    pub plant: LinkState,
    /// The ERP.
    pub erp: LinkState,
    /// The mail server: how the last try went.
    #[serde(default)]
    pub mail: LinkState,
    /// When the last pull from the ERP ended well.
    pub erp_pulled_at: Option<TimestampMs>,
    /// Steps for the ERP that wait.
    pub erp_waiting: i64,
    /// Steps for the broker that wait.
    pub broker_waiting: i64,
    /// E-mails that wait.
    #[serde(default)]
    pub mail_waiting: i64,
    /// Steps and cards that need a person.
    pub needs_you: i64,
    /// The same, by whom it concerns.
    #[serde(default)]
    pub needs: Needs,
    /// Transactions that are only on this tablet.
    pub records_only_here: i64,
    /// Photos and files that are only on this tablet.
    pub photos_only_here: i64,
    /// The oldest of both.
    pub oldest_only_here_at: Option<TimestampMs>,
    /// Transactions that wait for the node, and of which another member has a copy.
    #[serde(default)]
    pub records_copied: i64,
    /// Photos and files that wait for the node, and of which another member has a copy.
    #[serde(default)]
    pub photos_copied: i64,
    /// What people call the members that have copies.
    #[serde(default)]
    pub copied_to: Vec<String>,
    /// Samples of telemetry given up because the store could not keep pace.
    pub samples_dropped: u64,
    /// Values of tags beyond the most that are kept, since the start.
    pub values_refused: u64,
    /// What the broker holds until it is on the disk.
    pub held: HeldValues,
    /// What was heard of the plant, and what of it was refused.
    #[serde(default)]
    pub heard: PlantHeard,
    /// Free space is below the reserve: only recording goes on.
    pub disk_low: bool,
    /// Links to other hosts that are not encrypted because a person accepted it.
    pub plain_links: Vec<PlainLink>,
}

/// A link to another host that is not encrypted because a person accepted it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlainLink {
    /// Where it leads.
    pub target: DeliveryTarget,
    /// The other host.
    pub host: String,
    /// Why it was accepted.
    pub reason: String,
    /// Who accepted it, where their name is known.
    pub accepted_by: Option<String>,
    /// When.
    pub accepted_at: Option<TimestampMs>,
}

/// A person's acceptance of a link to another host that is not encrypted: what anybody on the way can read and change.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlainConsent {
    /// Its id.
    pub plain_consent_id: PlainConsentId,
    /// Where the link leads.
    pub target: DeliveryTarget,
    /// The other host.
    pub host: String,
    /// Why it is accepted.
    pub reason: String,
    /// When it was accepted.
    pub accepted_at: TimestampMs,
    /// By whom.
    pub accepted_by: PersonId,
    /// When the link went or became encrypted.
    pub ended_at: Option<TimestampMs>,
}
record!(PlainConsent, PlainConsent, plain_consent_id);
