//! Guides as records: the guide, the updates of its draft, its revisions, who has read them, and how long steps take.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{
    AssetId, DeviceId, DocumentUpdateId, GuideContent, GuideId, GuideReadId, GuideRevisionId, GuideStepId,
    PersonId, StepTimeId, TimestampMs, WorkOrderId,
};

/// A guide: work instructions for one machine, or for a class of machines.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// Its id: also that of the document in which its draft is written.
    pub guide_id: GuideId,
    /// What people call it.
    pub name: String,
    /// The machine that it is for.
    pub asset_id: Option<AssetId>,
    /// The class of machines that it is for (`centrifugal pump`).
    pub asset_class: Option<String>,
    /// When it came to be.
    pub created_at: TimestampMs,
    /// Who began it.
    pub created_by: Option<PersonId>,
    /// When it was given up; orders that pinned a revision keep it.
    pub ended_at: Option<TimestampMs>,
}
record!(Guide, Guide, guide_id);

/// One step of the writing of a document: append-only, and merged with all others of its document.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentUpdate {
    /// Its id.
    pub document_update_id: DocumentUpdateId,
    /// The document: the id of the record whose draft it is.
    pub document_id: uuid::Uuid,
    /// The update as the document's own format has it, in base64.
    pub bytes: String,
    /// When it was written.
    pub written_at: TimestampMs,
    /// By whom.
    pub written_by: Option<PersonId>,
    /// On which device: the one that signs it, as the node makes sure of; nothing where an older version wrote it.
    #[serde(default)]
    pub written_on: Option<DeviceId>,
}
record!(DocumentUpdate, DocumentUpdate, document_update_id);

impl DocumentUpdate {
    /// The longest update, in bytes.
    pub const BYTES_MAX: usize = 256 * 1024;
}

/// Where a revision stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionStatus {
    /// Somebody else is to look at it.
    InReview,
    /// It is what people work by.
    Approved,
    /// It goes back to its authors, with a reason.
    Returned,
    /// It is not worked by any more, with a reason.
    Withdrawn,
}

impl RevisionStatus {
    /// All of them, in the order of a revision's life.
    pub const ALL: [Self; 4] = [Self::InReview, Self::Approved, Self::Returned, Self::Withdrawn];

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether a person may move a revision from here to `to`. What was approved is never written again.
    pub fn may_become(self, to: Self) -> bool {
        matches!(
            (self, to),
            (Self::InReview, Self::Approved | Self::Returned) | (Self::Approved, Self::Withdrawn)
        )
    }
}

/// A guide as it stood when its authors handed it in. What it says never changes; only where it stands does.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideRevision {
    /// Its id.
    pub guide_revision_id: GuideRevisionId,
    /// The guide.
    pub guide_id: GuideId,
    /// Its number, from 1.
    pub number: i64,
    /// What it says.
    pub content: GuideContent,
    /// BLAKE3 of what it says, in hex, as it was handed in.
    pub content_hash: String,
    /// The moment of the draft's writing that it holds, in base64.
    pub draft_version: String,
    /// What is new in it, for people who know the one before.
    pub news: String,
    /// Who wrote on it since the one before.
    pub authors: Vec<PersonId>,
    /// Where it stands.
    pub status: RevisionStatus,
    /// Why it was returned or withdrawn.
    pub status_reason: Option<String>,
    /// When it was handed in.
    pub submitted_at: TimestampMs,
    /// By whom.
    pub submitted_by: Option<PersonId>,
    /// When somebody else decided on it.
    pub decided_at: Option<TimestampMs>,
    /// Who.
    pub decided_by: Option<PersonId>,
}
record!(GuideRevision, GuideRevision, guide_revision_id);

/// That a person has read a revision, and signed that they have.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideRead {
    /// Its id, made of the revision and the person: signed twice, it is the same record.
    pub guide_read_id: GuideReadId,
    /// The revision.
    pub guide_revision_id: GuideRevisionId,
    /// Who.
    pub person_id: PersonId,
    /// When.
    pub read_at: TimestampMs,
}
record!(GuideRead, GuideRead, guide_read_id);

/// How long a step took: without a person, so that nobody is timed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepTime {
    /// Its id.
    pub step_time_id: StepTimeId,
    /// The revision.
    pub guide_revision_id: GuideRevisionId,
    /// The step.
    pub step_id: GuideStepId,
    /// The order, where it was one.
    pub work_order_id: Option<WorkOrderId>,
    /// How long it was in hand, in milliseconds.
    pub took_ms: i64,
    /// When it was left.
    pub recorded_at: TimestampMs,
}
record!(StepTime, StepTime, step_time_id);

/// The step of a guide that a step of an order comes from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidePlace {
    /// The revision.
    pub guide_revision_id: GuideRevisionId,
    /// Its step.
    pub step_id: GuideStepId,
    /// Which of the step's evidence it asks for, from 0.
    pub evidence: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_approved_is_only_ever_withdrawn() {
        for to in RevisionStatus::ALL {
            assert_eq!(
                RevisionStatus::Approved.may_become(to),
                to == RevisionStatus::Withdrawn,
                "approved to {to:?}"
            );
        }
    }
}
