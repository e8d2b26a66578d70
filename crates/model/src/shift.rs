//! Shifts: their pattern, what people write into the shift log, and what one shift hands over to the next.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::record::record;
use crate::{
    AcknowledgementId, AssetId, AttachmentId, CivilDate, HandoverId, PersonId, ShiftEntryId, ShiftPatternId,
    StepOutcome, TagBindingId, TimestampMs, WorkOrderId, WorkOrderStatus,
};

/// A shift as the plant repeats it every day.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftTime {
    /// What people call it (`Night`).
    pub name: String,
    /// When it begins, in minutes since midnight by the plant's clock. It ends when the next one begins.
    pub starts_min: i64,
}

impl ShiftTime {
    /// Minutes of a day by the clock on the wall.
    pub const DAY_MIN: i64 = 24 * 60;
    /// The most shifts of a day.
    pub const COUNT_MAX: usize = 8;

    /// What a plant works by until it says otherwise: three shifts.
    pub fn usual() -> Vec<Self> {
        [("Early", 6), ("Late", 14), ("Night", 22)]
            .map(|(name, hour)| Self { name: name.to_owned(), starts_min: hour * 60 })
            .to_vec()
    }
}

/// When the plant's shifts begin. There is one: it belongs to the plant, not to a device, so it is a record.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftPattern {
    /// Its id, always [`ShiftPattern::ID`].
    pub shift_pattern_id: ShiftPatternId,
    /// The shifts of a day, by when they begin.
    pub shifts: Vec<ShiftTime>,
}
record!(ShiftPattern, ShiftPattern, shift_pattern_id);

impl ShiftPattern {
    /// The id of the one pattern that a plant has.
    pub const ID: ShiftPatternId = ShiftPatternId(Uuid::from_u128(0x5b1f_7a52_9c0e_5f0e_8d2a_1f6c_33a0_7e01));
}

/// One shift of one day.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftSpan {
    /// What people call it.
    pub name: String,
    /// When it begins.
    pub starts_at: TimestampMs,
    /// When it ends, exclusive.
    pub ends_at: TimestampMs,
    /// The plant's day on which it begins.
    pub starts_on: CivilDate,
    /// When it begins by the plant's clock, in minutes since midnight.
    pub starts_min: i64,
    /// When it ends by the plant's clock, in minutes since midnight.
    pub ends_min: i64,
}

/// What a line of the shift log is about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftEntryKind {
    /// Something worth knowing.
    #[default]
    Note,
    /// Something is wrong.
    Fault,
    /// To be kept an eye on.
    Watch,
    /// It can harm somebody.
    Safety,
    /// Something was done that no order tells.
    Done,
}

impl ShiftEntryKind {
    /// All of them, in the order shown.
    pub const ALL: [Self; 5] = [Self::Note, Self::Fault, Self::Watch, Self::Safety, Self::Done];

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Fault => "fault",
            Self::Watch => "watch",
            Self::Safety => "safety",
            Self::Done => "done",
        }
    }
}

/// What an automatic line is about: the rule that wrote it, its subject and the occasion.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum ShiftEntryAbout {
    /// A tag of a machine that fell silent.
    StaleTag {
        /// The tag.
        tag_binding_id: TagBindingId,
        /// When its last value came.
        since: TimestampMs,
    },
}

/// A line of the shift log: written by a person, or by a rule where no op tells what happened.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftEntry {
    /// Its id.
    pub shift_entry_id: ShiftEntryId,
    /// What it is about.
    pub entry_kind: ShiftEntryKind,
    /// What it says; empty where a photo or voice note says it.
    pub text: String,
    /// The machine or place.
    pub asset_id: Option<AssetId>,
    /// The order.
    pub work_order_id: Option<WorkOrderId>,
    /// The photo or voice note.
    pub attachment_id: Option<AttachmentId>,
    /// What a rule wrote it about; nothing for a person's line.
    pub about: Option<ShiftEntryAbout>,
    /// When it was written.
    pub written_at: TimestampMs,
    /// By whom.
    pub written_by: Option<PersonId>,
}
record!(ShiftEntry, ShiftEntry, shift_entry_id);

/// What happened, as the log tells it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ShiftHappening {
    /// What the person says who hands over.
    Said {
        /// In their words.
        text: String,
    },
    /// Work on an order began or went on.
    OrderStarted,
    /// An order was interrupted.
    OrderHeld {
        /// Why.
        reason: String,
        /// Whether it waits for a part.
        waits_for_part: bool,
    },
    /// An order was completed.
    OrderCompleted {
        /// What was found and done, in words.
        words: String,
        /// Whether the details are still missing.
        details_pending: bool,
    },
    /// An order was given up.
    OrderCancelled {
        /// Why.
        reason: String,
    },
    /// An order is not finished at the end of the shift.
    StillOpen {
        /// Where it stands.
        status: WorkOrderStatus,
    },
    /// A step was not done.
    StepSkipped {
        /// Its title.
        step: String,
        /// Why.
        reason: String,
        /// Whether the order may not be closed without it.
        mandatory: bool,
    },
    /// A reading lies outside the limits of its step.
    ReadingBeyond {
        /// The title of the step.
        step: String,
        /// The reading.
        value: f64,
        /// Its unit.
        unit: String,
    },
    /// Somebody said that something is wrong with a machine.
    RequestRaised {
        /// What.
        text: String,
        /// Whether the machine stands still.
        machine_down: bool,
    },
    /// A maintenance plan raised an order.
    PlanRaised,
    /// Somebody wrote a line.
    Written {
        /// What it is about.
        entry_kind: ShiftEntryKind,
        /// What it says.
        text: String,
        /// The photo or voice note.
        attachment_id: Option<AttachmentId>,
    },
    /// A tag fell silent.
    TagStale {
        /// What people call it.
        tag: String,
        /// When its last value came.
        since: TimestampMs,
    },
}

impl ShiftHappening {
    /// Whether the next shift should hear of it, unless the person who hands over takes it out.
    pub fn matters(&self) -> bool {
        match self {
            Self::Said { .. }
            | Self::OrderHeld { .. }
            | Self::StillOpen { .. }
            | Self::ReadingBeyond { .. }
            | Self::TagStale { .. } => true,
            Self::OrderCompleted { details_pending, .. } => *details_pending,
            Self::StepSkipped { mandatory, .. } => *mandatory,
            Self::RequestRaised { .. } => true,
            Self::Written { entry_kind, .. } => match entry_kind {
                ShiftEntryKind::Note
                | ShiftEntryKind::Fault
                | ShiftEntryKind::Watch
                | ShiftEntryKind::Safety => true,
                ShiftEntryKind::Done => false,
            },
            Self::OrderStarted | Self::OrderCancelled { .. } | Self::PlanRaised => false,
        }
    }
}

/// One thing in the log or in a hand-over. Of people and machines it holds ids alone.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftItem {
    /// What tells it: an op, an entry, an order that is still open, or the hand-over itself.
    pub item_id: Uuid,
    /// When.
    pub at: TimestampMs,
    /// By whom.
    pub by: Option<PersonId>,
    /// The machine or place.
    pub asset_id: Option<AssetId>,
    /// The order.
    pub work_order_id: Option<WorkOrderId>,
    /// What happened.
    pub happening: ShiftHappening,
}

/// What one shift handed over. It keeps the items as they stood: what changes later does not change what was said.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handover {
    /// Its id.
    pub handover_id: HandoverId,
    /// What people call the shift.
    pub shift_name: String,
    /// When the shift began.
    pub shift_starts_at: TimestampMs,
    /// When it ended.
    pub shift_ends_at: TimestampMs,
    /// When it was handed over.
    pub given_at: TimestampMs,
    /// By whom.
    pub given_by: PersonId,
    /// What the person says beside the items; may be empty.
    pub text: String,
    /// The items, in order.
    pub items: Vec<ShiftItem>,
}
record!(Handover, Handover, handover_id);

impl Handover {
    /// What there is to acknowledge: the words, where there are any, then the items.
    pub fn to_acknowledge(&self) -> Vec<ShiftItem> {
        let words = (!self.text.is_empty()).then(|| ShiftItem {
            item_id: self.handover_id.0,
            at: self.given_at,
            by: Some(self.given_by),
            asset_id: None,
            work_order_id: None,
            happening: ShiftHappening::Said { text: self.text.clone() },
        });
        words.into_iter().chain(self.items.iter().cloned()).collect()
    }
}

/// That a person has read one item of a hand-over: append-only. Its id is made of the three, so that a repeat is the
/// same record.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverAcknowledgement {
    /// Its id.
    pub handover_acknowledgement_id: AcknowledgementId,
    /// The hand-over.
    pub handover_id: HandoverId,
    /// The item.
    pub item_id: Uuid,
    /// Who read it.
    pub person_id: PersonId,
    /// When.
    pub acknowledged_at: TimestampMs,
}
record!(HandoverAcknowledgement, HandoverAcknowledgement, handover_acknowledgement_id);

/// What a recorded step means for the log and for whoever signs off; nothing for one that is in order.
pub fn override_of(
    title: &str,
    mandatory: bool,
    unit: &str,
    outcome: &StepOutcome,
) -> Option<ShiftHappening> {
    match outcome {
        StepOutcome::Skipped { reason } => {
            Some(ShiftHappening::StepSkipped { step: title.to_owned(), reason: reason.clone(), mandatory })
        }
        StepOutcome::Measured { value, in_limits: false } => Some(ShiftHappening::ReadingBeyond {
            step: title.to_owned(),
            value: *value,
            unit: unit.to_owned(),
        }),
        StepOutcome::Measured { in_limits: true, .. }
        | StepOutcome::Checked
        | StepOutcome::Passed
        | StepOutcome::Failed { .. }
        | StepOutcome::Written { .. }
        | StepOutcome::Chosen { .. }
        | StepOutcome::Photographed { .. }
        | StepOutcome::Signed { .. }
        | StepOutcome::TriedOut { .. } => None,
    }
}
