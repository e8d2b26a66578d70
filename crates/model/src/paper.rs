//! Records on paper.

use serde::{Deserialize, Serialize};

use crate::{
    AssetId, ExerciseId, GuideRevisionId, MaintenancePlanId, PartId, RequestId, TimestampMs, WorkOrderId,
    WorkshopId,
};

/// The record that goes on paper.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PaperSubject {
    /// An order with all that was recorded on it.
    WorkOrder {
        /// Which.
        work_order_id: WorkOrderId,
    },
    /// A request.
    Request {
        /// Which.
        request_id: RequestId,
    },
    /// A machine or place with its orders, tags and parts.
    Asset {
        /// Which.
        asset_id: AssetId,
    },
    /// A part with its stock and suppliers.
    Part {
        /// Which.
        part_id: PartId,
    },
    /// A shift and what it handed over, on one page.
    Shift {
        /// An instant in the shift; nothing for the one that runs.
        at: Option<TimestampMs>,
    },
    /// A maintenance plan and the orders that it raised.
    Plan {
        /// Which.
        maintenance_plan_id: MaintenancePlanId,
    },
    /// A revision of a guide, with its pictures.
    Guide {
        /// Which.
        guide_revision_id: GuideRevisionId,
    },
    /// A workshop's board with what it comes to.
    Workshop {
        /// Which.
        workshop_id: WorkshopId,
    },
    /// The after-action report of an exercise.
    Exercise {
        /// Which.
        exercise_id: ExerciseId,
    },
}

/// A record as a PDF.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFile {
    /// What to call it.
    pub file_name: String,
    /// How many pages of A4 it has.
    pub pages: u32,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}
