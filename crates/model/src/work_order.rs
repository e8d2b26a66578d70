//! Work orders: the order itself, its checklist, and everything recorded on it.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{
    AssetId, AttachmentId, CivilDate, Continued, FindingCodeId, GuideId, GuidePlace, GuideRevisionId,
    LabourId, LiveCondition, NoteId, PartId, PartUseId, PassedOn, PersonId, PlanOccasion, Quantity,
    ReadingId, RequestId, Reservation, SignatureId, TagBindingId, Taken, TimerId, TimestampMs, WorkOrderId,
    WorkStepId,
};

/// How urgent work is; 1 is the most urgent (SAP `MaintPriority`).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Now.
    Emergency,
    /// Today.
    High,
    /// As planned.
    #[default]
    Medium,
    /// When there is time.
    Low,
}

impl Priority {
    /// All of them, most urgent first.
    pub const ALL: [Self; 4] = [Self::Emergency, Self::High, Self::Medium, Self::Low];

    /// 1 (most urgent) to 4.
    pub fn number(self) -> u8 {
        match self {
            Self::Emergency => 1,
            Self::High => 2,
            Self::Medium => 3,
            Self::Low => 4,
        }
    }

    /// The priority of a number; anything outside 1–4 is nothing.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.number() == number)
    }
}

/// Where an order stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkOrderStatus {
    /// Planned, not yet released to work on.
    Planned,
    /// May be started.
    Released,
    /// Someone works on it.
    InProgress,
    /// Interrupted, with a reason.
    OnHold,
    /// The work is done.
    Completed,
    /// It will not be done, with a reason.
    Cancelled,
}

impl WorkOrderStatus {
    /// All of them, in the order of an order's life.
    pub const ALL: [Self; 6] =
        [Self::Planned, Self::Released, Self::InProgress, Self::OnHold, Self::Completed, Self::Cancelled];

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Released => "released",
            Self::InProgress => "in_progress",
            Self::OnHold => "on_hold",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a person may move an order from here to `to`. Completed work is corrected, not reopened.
    pub fn may_become(self, to: Self) -> bool {
        use WorkOrderStatus::{Cancelled, Completed, InProgress, OnHold, Planned, Released};
        match self {
            Planned => matches!(to, Released | Cancelled),
            Released => matches!(to, InProgress | Completed | Cancelled),
            InProgress => matches!(to, OnHold | Completed | Cancelled),
            OnHold => matches!(to, InProgress | Completed | Cancelled),
            Completed | Cancelled => false,
        }
    }

    /// Whether there is still something to do.
    pub fn is_open(self) -> bool {
        match self {
            Self::Planned | Self::Released | Self::InProgress | Self::OnHold => true,
            Self::Completed | Self::Cancelled => false,
        }
    }
}

/// What kind of work an order is (EN 13306).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// After a fault.
    #[default]
    Corrective,
    /// Planned, against wear.
    Preventive,
    /// A round of inspection.
    Inspection,
}

/// What an interrupted order waits for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldCause {
    /// A part.
    Part,
    /// That production lets go of the machine.
    Production,
    /// Somebody's help.
    Help,
    /// The next shift.
    ShiftEnd,
}

/// A work order.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkOrder {
    /// Its id: also the key that we give the ERP where it lets us choose one.
    pub work_order_id: WorkOrderId,
    /// The ERP's number, once known.
    pub erp_number: Option<String>,
    /// The number given here, `<device code>-<counter>`, shown until the ERP has given one.
    pub local_number: Option<String>,
    /// One line of what is to be done.
    pub title: String,
    /// More on it.
    pub description: String,
    /// What kind of work it is.
    pub work_kind: WorkKind,
    /// The machine or place.
    pub asset_id: Option<AssetId>,
    /// The request it answers.
    pub request_id: Option<RequestId>,
    /// Where it stands.
    pub status: WorkOrderStatus,
    /// Why it is on hold or cancelled.
    pub status_reason: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it should be done.
    pub due_at: Option<TimestampMs>,
    /// The planned start.
    pub planned_start_at: Option<TimestampMs>,
    /// How long it is planned to take.
    pub planned_minutes: Option<i64>,
    /// Who is to do it.
    pub assignee_id: Option<PersonId>,
    /// What was found, at closing: a finding code.
    pub found_code: Option<String>,
    /// What was found, in words.
    pub found_text: Option<String>,
    /// What was done, at closing: a finding code.
    pub done_code: Option<String>,
    /// What was done, in words.
    pub done_text: Option<String>,
    /// It was closed with «done, details later», and they are still missing.
    pub details_pending: bool,
    /// When work began.
    pub started_at: Option<TimestampMs>,
    /// When it was completed.
    pub completed_at: Option<TimestampMs>,
    /// When the record came to be.
    pub created_at: TimestampMs,
    /// What it waits for while it is on hold, where that is on the list.
    #[serde(default)]
    pub hold_cause: Option<HoldCause>,
    /// The plan that raised it, and the occasion.
    #[serde(default)]
    pub plan_occasion: Option<PlanOccasion>,
    /// Who took it over last, from whom, and why.
    #[serde(default)]
    pub continued: Option<Continued>,
    /// For whom it is laid aside, while nobody has begun it.
    #[serde(default)]
    pub reservation: Option<Reservation>,
    /// Who took it on while it asked for somebody; whoever is to do it now is the assignee.
    #[serde(default)]
    pub taken: Option<Taken>,
    /// Who passed it on while it asked for somebody.
    #[serde(default)]
    pub passed_on: Option<PassedOn>,
    /// The revision of a guide by which it is worked: pinned, whatever comes later.
    #[serde(default)]
    pub guide_revision_id: Option<GuideRevisionId>,
}
record!(WorkOrder, WorkOrder, work_order_id);

impl WorkOrder {
    /// The number people see: the ERP's, before that our own.
    pub fn number(&self) -> &str {
        self.erp_number.as_deref().or(self.local_number.as_deref()).unwrap_or("–")
    }

    /// Whether it is interrupted for want of a part.
    pub fn waits_for_part(&self) -> bool {
        self.status == WorkOrderStatus::OnHold && self.hold_cause == Some(HoldCause::Part)
    }
}

/// What a step asks for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StepForm {
    /// Tick when done.
    Check,
    /// Passed or failed.
    Inspection,
    /// A number with a unit and limits.
    Measurement {
        /// The unit's UCUM code.
        unit: String,
        /// The lowest value that is in order.
        low: Option<f64>,
        /// The highest value that is in order.
        high: Option<f64>,
        /// How many decimals are asked for.
        decimals: u8,
    },
    /// A short text.
    Text,
    /// One of several.
    Choice {
        /// What can be chosen.
        options: Vec<String>,
    },
    /// A photo.
    Photo,
    /// A signature, and what it means.
    Signature {
        /// What it means (`Isolated and tried out`).
        meaning: String,
    },
    /// A person's own try-out that energy is gone, beside what the plant shows of it.
    TryOut {
        /// What the plant is to show.
        condition: LiveCondition,
    },
}

impl StepForm {
    /// The unit that a measurement is taken in; empty where nothing is measured.
    pub fn unit(&self) -> &str {
        match self {
            Self::Measurement { unit, .. } => unit.as_str(),
            Self::Check
            | Self::Inspection
            | Self::Text
            | Self::Choice { .. }
            | Self::Photo
            | Self::Signature { .. }
            | Self::TryOut { .. } => "",
        }
    }
}

/// What a person recorded on a step.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StepOutcome {
    /// Done.
    Checked,
    /// Passed.
    Passed,
    /// Failed, with what is wrong.
    Failed {
        /// What is wrong.
        remark: String,
    },
    /// A number in the step's unit.
    Measured {
        /// The number.
        value: f64,
        /// Whether it was within the step's limits when recorded.
        in_limits: bool,
    },
    /// A text.
    Written {
        /// The text.
        text: String,
    },
    /// The chosen option.
    Chosen {
        /// The option.
        option: String,
    },
    /// A photo was taken.
    Photographed {
        /// The photo.
        attachment_id: AttachmentId,
    },
    /// Signed.
    Signed {
        /// The signature.
        signature_id: SignatureId,
    },
    /// Tried out by hand: nothing moved.
    TriedOut {
        /// What the plant showed meanwhile, where its word held.
        shown: Option<PlantProof>,
        /// A second person who was there; wanted where the plant's word did not hold.
        second_person_id: Option<PersonId>,
    },
    /// Not done, with the reason.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// What the plant showed when a person tried out that energy is gone.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantProof {
    /// The tag.
    pub tag_binding_id: TagBindingId,
    /// Its value.
    pub value: f64,
    /// Its unit's UCUM code.
    pub unit: String,
    /// When it was sampled.
    pub sampled_at: TimestampMs,
    /// For how long it had been within, in milliseconds.
    pub held_ms: i64,
}

/// A step as people write it, before it is on an order.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDraft {
    /// One line of what is to be done.
    pub title: String,
    /// What it asks for.
    pub form: StepForm,
    /// Whether the order may not be closed without it.
    pub mandatory: bool,
}

/// One step of an order's checklist.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkStep {
    /// Its id.
    pub work_step_id: WorkStepId,
    /// The order.
    pub work_order_id: WorkOrderId,
    /// Its place, from 1.
    pub position: i64,
    /// One line of what is to be done.
    pub title: String,
    /// A hint below it.
    pub hint: Option<String>,
    /// What it asks for.
    pub form: StepForm,
    /// Whether the order may not be closed without it (shown before the job starts).
    pub mandatory: bool,
    /// What was recorded.
    pub outcome: Option<StepOutcome>,
    /// When.
    pub recorded_at: Option<TimestampMs>,
    /// By whom.
    pub recorded_by: Option<PersonId>,
    /// The instrument that it was measured with, where that is named.
    #[serde(default)]
    pub instrument: Option<String>,
    /// The step of a guide that it comes from.
    #[serde(default)]
    pub guide_place: Option<GuidePlace>,
}
record!(WorkStep, WorkStep, work_step_id);

/// A booking of labour: append-only. A correction is a further booking that names the one it corrects.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labour {
    /// Its id.
    pub labour_id: LabourId,
    /// The order.
    pub work_order_id: WorkOrderId,
    /// Who worked.
    pub person_id: PersonId,
    /// Minutes worked; for a correction the difference, which may be negative.
    pub minutes: i64,
    /// The day it counts for.
    pub worked_on: CivilDate,
    /// The booking this one corrects.
    pub corrects: Option<LabourId>,
    /// Why, for a correction.
    pub reason: Option<String>,
    /// When it was recorded.
    pub recorded_at: TimestampMs,
}
record!(Labour, Labour, labour_id);

/// A labour timer: running while `stopped_at` is empty.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabourTimer {
    /// Its id.
    pub timer_id: TimerId,
    /// The order.
    pub work_order_id: WorkOrderId,
    /// Who works.
    pub person_id: PersonId,
    /// Since when.
    pub started_at: TimestampMs,
    /// Until when.
    pub stopped_at: Option<TimestampMs>,
}
record!(LabourTimer, LabourTimer, timer_id);

/// A use of a part: append-only. A return is a negative use that names the one it corrects.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartUse {
    /// Its id.
    pub part_use_id: PartUseId,
    /// The order.
    pub work_order_id: WorkOrderId,
    /// The part.
    pub part_id: PartId,
    /// How many; negative for a return.
    pub quantity: Quantity,
    /// The stock location it came from, by name.
    pub location: Option<String>,
    /// The use this one takes back.
    pub corrects: Option<PartUseId>,
    /// Why, for a return.
    pub reason: Option<String>,
    /// When it was recorded.
    pub recorded_at: TimestampMs,
    /// By whom.
    pub recorded_by: Option<PersonId>,
}
record!(PartUse, PartUse, part_use_id);

/// A note on an order or an asset.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub note_id: NoteId,
    /// The order, where it is on one.
    pub work_order_id: Option<WorkOrderId>,
    /// The asset, where it is on one.
    pub asset_id: Option<AssetId>,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_at: TimestampMs,
    /// By whom.
    pub written_by: Option<PersonId>,
}
record!(Note, Note, note_id);

/// A photo or file. Its bytes are a blob that is found by its hash.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id.
    pub attachment_id: AttachmentId,
    /// The order, where it is on one.
    pub work_order_id: Option<WorkOrderId>,
    /// The step, where it is evidence for one.
    pub work_step_id: Option<WorkStepId>,
    /// The asset, where it is on one.
    pub asset_id: Option<AssetId>,
    /// The request, where it is on one.
    pub request_id: Option<RequestId>,
    /// BLAKE3 of the bytes, in hex.
    pub blob: String,
    /// How many bytes.
    pub size_bytes: i64,
    /// Its media type (`image/jpeg`).
    pub media_type: String,
    /// Its name.
    pub file_name: String,
    /// When it was taken.
    pub taken_at: TimestampMs,
    /// By whom.
    pub taken_by: Option<PersonId>,
    /// The guide, where it is a picture of one.
    #[serde(default)]
    pub guide_id: Option<GuideId>,
    /// What of a machine it shows or is about, where that is known: the name of a part.
    #[serde(default)]
    pub part: Option<String>,
}
record!(Attachment, Attachment, attachment_id);

/// A signature on an order, and what it means.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Its id.
    pub signature_id: SignatureId,
    /// The order.
    pub work_order_id: WorkOrderId,
    /// Who signed.
    pub person_id: PersonId,
    /// What the signature means (`work done`, `handed over`).
    pub meaning: String,
    /// The drawn line as an attachment, where one was drawn.
    pub attachment_id: Option<AttachmentId>,
    /// When.
    pub signed_at: TimestampMs,
}
record!(Signature, Signature, signature_id);

/// A value a person read off a machine: append-only. A correction names the one it corrects.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Its id.
    pub reading_id: ReadingId,
    /// The asset.
    pub asset_id: AssetId,
    /// The order, where it was read for one.
    pub work_order_id: Option<WorkOrderId>,
    /// What was read (`Operating hours`).
    pub name: String,
    /// The value, in `unit`.
    pub value: f64,
    /// The unit's UCUM code.
    pub unit: String,
    /// The reading this one corrects.
    pub corrects: Option<ReadingId>,
    /// Why, for a correction.
    pub reason: Option<String>,
    /// When.
    pub read_at: TimestampMs,
    /// By whom.
    pub read_by: Option<PersonId>,
}
record!(Reading, Reading, reading_id);

/// Where a request stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    /// Nobody has looked at it.
    #[default]
    New,
    /// It became an order.
    Ordered,
    /// It was turned down, with a reason.
    Declined,
}

/// A request: something is wrong with a machine (SAP: notification).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub request_id: RequestId,
    /// The ERP's number, once known.
    pub erp_number: Option<String>,
    /// The number given here.
    pub local_number: Option<String>,
    /// The machine.
    pub asset_id: AssetId,
    /// The part of the machine that it is about, by its name in the machine's model.
    #[serde(default)]
    pub part: Option<String>,
    /// What is wrong.
    pub text: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Whether the machine stands still.
    pub machine_down: bool,
    /// Where it stands.
    pub status: RequestStatus,
    /// Why it was declined.
    pub status_reason: Option<String>,
    /// When it was raised.
    pub raised_at: TimestampMs,
    /// By whom.
    pub raised_by: Option<PersonId>,
    /// Who took it on.
    #[serde(default)]
    pub taken: Option<Taken>,
    /// Who passed it on, while nobody has taken it on.
    #[serde(default)]
    pub passed_on: Option<PassedOn>,
}
record!(Request, Request, request_id);

/// Whether a code says what was found or what was done (ISO 14224: failure mode, maintenance activity).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// What was found.
    Found,
    /// What was done.
    Done,
}

/// A choice for «found» or «done» at closing, for a class of machines.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingCode {
    /// Its id.
    pub finding_code_id: FindingCodeId,
    /// Found or done.
    pub finding_kind: FindingKind,
    /// The code (`ELP`, external leakage process medium).
    pub code: String,
    /// What it says.
    pub text: String,
    /// The class of machines it is offered for; nothing for all.
    pub asset_class: Option<String>,
}
record!(FindingCode, FindingCode, finding_code_id);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completed_work_is_corrected_and_never_reopened() {
        for to in WorkOrderStatus::ALL {
            assert!(!WorkOrderStatus::Completed.may_become(to), "completed must not become {to:?}");
            assert!(!WorkOrderStatus::Cancelled.may_become(to), "cancelled must not become {to:?}");
        }
    }

    #[test]
    fn every_open_order_can_be_cancelled() {
        for from in WorkOrderStatus::ALL.into_iter().filter(|status| status.is_open()) {
            assert!(from.may_become(WorkOrderStatus::Cancelled), "{from:?}");
        }
    }

    #[test]
    fn priorities_have_the_numbers_the_erp_uses() {
        for priority in Priority::ALL {
            assert_eq!(Priority::from_number(priority.number()), Some(priority));
        }
        assert_eq!(Priority::from_number(5), None);
    }
}
