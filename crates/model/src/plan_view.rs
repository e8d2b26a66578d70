//! What the commands of maintenance plans answer.

use serde::{Deserialize, Serialize};

use crate::*;

/// A plan and how it stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanView {
    /// The plan.
    pub plan: MaintenancePlan,
    /// What the plant calls the machine.
    pub asset_code: String,
    /// What the machine is.
    pub asset_name: String,
    /// When it is due next; nothing where an order is open, or its meter was never read.
    pub next: Option<OccasionDue>,
    /// When the next order is raised, by the calendar.
    pub raised_on: Option<CivilDate>,
    /// When it was last done.
    pub last_done_at: Option<TimestampMs>,
    /// Where its meter stands.
    pub meter: Option<f64>,
    /// The unit of its meter.
    pub meter_unit: Option<String>,
    /// What its meter is called.
    pub meter_name: Option<String>,
    /// Its order that is not done yet.
    pub open_order: Option<WorkOrder>,
}
