//! Guides as screens show them: lists, drafts, revisions, and a guide while an order is worked by it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Asset, AttachmentId, EnergySource, Fiducial, FiducialId, Guide, GuideContent, GuideId, GuideRevision,
    GuideRevisionId, GuideStepId, MachineModel, Pose, Quality, RevisionStatus, StepView, TagState,
    TimestampMs, WorkOrderId,
};

/// A guide as lists show it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideOverview {
    /// The guide.
    pub guide: Guide,
    /// The machine that it is for, by its code.
    pub asset_code: Option<String>,
    /// The number of the revision that people work by.
    pub approved_number: Option<i64>,
    /// How many steps that has.
    pub step_count: i64,
    /// The revision that somebody is to look at.
    pub in_review: Option<GuideRevisionId>,
}

/// A revision as lists show it, without what it says.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionOverview {
    /// Which.
    pub guide_revision_id: GuideRevisionId,
    /// Its number.
    pub number: i64,
    /// Where it stands.
    pub status: RevisionStatus,
    /// Why it was returned or withdrawn.
    pub status_reason: Option<String>,
    /// What is new in it.
    pub news: String,
    /// Who wrote on it, by name.
    pub author_names: Vec<String>,
    /// When it was handed in.
    pub submitted_at: TimestampMs,
    /// When somebody decided on it.
    pub decided_at: Option<TimestampMs>,
    /// Who, by name.
    pub decided_by_name: Option<String>,
    /// Whether whoever asks may decide on it: they did not write it, and it waits.
    pub may_decide: bool,
    /// Who has read it, by name.
    pub reader_names: Vec<String>,
}

/// One guide with its revisions.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideView {
    /// The guide.
    pub guide: Guide,
    /// The machine that it is for.
    pub asset: Option<Asset>,
    /// Its revisions, the newest first.
    pub revisions: Vec<RevisionOverview>,
    /// What people work by.
    pub approved: Option<GuideRevision>,
    /// Whether whoever asks has still to read and sign that.
    pub to_read: bool,
    /// How long its steps take, where enough were counted.
    pub times: Vec<StepTimes>,
}

/// How long a step takes.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepTimes {
    /// The step.
    pub step_id: GuideStepId,
    /// How many were counted.
    pub count: i64,
    /// Half of them took no longer, in milliseconds.
    pub median_ms: i64,
    /// Nine of ten took no longer, in milliseconds.
    pub p90_ms: i64,
}

/// A draft while it is written.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideDraftView {
    /// The guide.
    pub guide: Guide,
    /// What the draft says.
    pub content: GuideContent,
    /// The moment in its writing: who edits says which moment they saw.
    pub version: String,
    /// The number of the newest revision.
    pub newest_number: Option<i64>,
    /// Whether the draft says something else than that.
    pub is_new: bool,
    /// Models that it can show.
    pub models: Vec<MachineModel>,
}

/// A revision that is new to somebody who worked by the one before.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideNews {
    /// The guide.
    pub guide: Guide,
    /// The new revision.
    pub guide_revision_id: GuideRevisionId,
    /// Its number.
    pub number: i64,
    /// What is new in it.
    pub news: String,
    /// When it was approved.
    pub approved_at: TimestampMs,
}

/// A guide while an order is worked by it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideRunView {
    /// The order.
    pub work_order_id: WorkOrderId,
    /// Its number.
    pub order_number: String,
    /// The machine.
    pub asset: Option<Asset>,
    /// The revision that it pinned.
    pub revision: GuideRevision,
    /// The number of a newer one that was approved since.
    pub newer_number: Option<i64>,
    /// The steps in the order in which they are done, with what was recorded.
    pub steps: Vec<RunStep>,
    /// The step that comes next.
    pub at: Option<GuideStepId>,
    /// Labels that hang on the machine.
    pub fiducials: Vec<Fiducial>,
    /// Whether whoever holds the device has still to read and sign the revision.
    pub to_read: bool,
}

/// A step of a guide on an order.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStep {
    /// The step.
    pub step_id: GuideStepId,
    /// What it asks for, with what was recorded, in order.
    pub records: Vec<StepView>,
    /// Whether all that it asks for is recorded.
    pub done: bool,
    /// Whether branches lead past it.
    pub passed_over: bool,
    /// Whether the person who holds the device lacks the skill that it wants.
    pub skill_lacking: bool,
}

/// Why a live condition holds a step back.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum HeldStep {
    /// The source has no tag that two people agree on.
    NotBound,
    /// Nothing was heard of the tag on this device.
    NeverHeard,
    /// What was heard is not good.
    QualityNot {
        /// How good it is.
        quality: Quality,
    },
    /// It comes from a simulation.
    Simulated,
    /// The newest value is too old.
    TooOld {
        /// How old, in milliseconds.
        age_ms: i64,
    },
    /// It is outside what counts as gone.
    OutOfTolerance {
        /// The value.
        value: f64,
    },
    /// It has not been within for long enough.
    NotLongEnough {
        /// For how long, in milliseconds.
        held_ms: i64,
    },
    /// The tag was never seen to be anything else: it may be stuck.
    NeverMoved,
}

/// How a live condition of a step stands. It can only hold back: a person's own try-out is wanted as well.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConditionView {
    /// The source of energy.
    pub source: EnergySource,
    /// Its tag as it stands, where one is bound and approved.
    pub tag: Option<TagState>,
    /// The lowest value that counts as gone.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// Why the plant's word is not enough; nothing where it shows the source as gone.
    pub held: Option<HeldStep>,
}

/// A file that was kept for a guide.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideFile {
    /// The attachment that brings its bytes.
    pub attachment_id: AttachmentId,
    /// BLAKE3 of the bytes, in hex.
    pub blob: String,
    /// The names of the parts, where it is a model.
    pub parts: Vec<String>,
}

/// A page of a manual as a picture.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualPageView {
    /// Which page, from 1.
    pub page: u32,
    /// How many the manual has.
    pub page_count: u32,
    /// Pixels across.
    pub width_px: u32,
    /// Pixels downwards.
    pub height_px: u32,
    /// The media type of the picture.
    pub media_type: String,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}

/// A piece of a page: shares of its width and height, from the upper left corner.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageArea {
    /// From 0 (left) to 1.
    pub left: f64,
    /// From 0 (top) to 1.
    pub top: f64,
    /// A share of the page's width.
    pub width: f64,
    /// A share of the page's height.
    pub height: f64,
}

/// A format in which guides are exchanged.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuideFormat {
    /// All that it says, with its pictures.
    Json,
    /// Text that people read.
    Markdown,
    /// ARLEM (IEEE 1589-2020): activity and workplace in one archive.
    Arlem,
}

/// A guide as a file.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideFileOut {
    /// What to call it.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}

/// What a file was understood as.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideImported {
    /// The guide that was begun.
    pub guide_id: GuideId,
    /// The format.
    pub format: GuideFormat,
    /// How many steps it has.
    pub step_count: i64,
    /// What the file says and a guide has no place for, by name.
    pub left_out: Vec<String>,
}

/// Where a label was found to hang.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiducialFound {
    /// Which.
    pub fiducial_id: FiducialId,
    /// Where, in the machine's frame.
    pub machine_from_label: Pose,
    /// One standard deviation of its place, in metres, and of its attitude, in radians.
    pub sigma: [f64; 6],
}

/// A machine on which a label with a number hangs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiducialCandidate {
    /// The label.
    pub fiducial: Fiducial,
    /// The machine.
    pub asset: Asset,
    /// The places above it.
    pub path: String,
}

/// Where whoever holds the device was, and what they had typed: kept, so that a device that dies comes back to it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptPlace {
    /// The address of the screen.
    pub place: String,
    /// What was typed there and not kept yet, by field.
    pub typed: BTreeMap<String, String>,
}
