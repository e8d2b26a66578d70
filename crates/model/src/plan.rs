//! Maintenance plans: work that comes round by the calendar or by a meter.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{AssetId, CivilDate, MaintenancePlanId, Priority, StepDraft, TagBindingId, TimestampMs};

/// A unit of the calendar.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarUnit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months; the last day of a short month stands for days that it lacks.
    Month,
    /// Years.
    Year,
}

impl CalendarUnit {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// Its name, for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The day `count` of these after `from`; nothing beyond the calendar.
    pub fn after(self, from: CivilDate, count: i64) -> Option<CivilDate> {
        match self {
            Self::Day => from.plus_days(count),
            Self::Week => from.plus_days(count.checked_mul(7)?),
            Self::Month => from.plus_months(count),
            Self::Year => from.plus_months(count.checked_mul(12)?),
        }
    }
}

/// What a meter is read from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum MeterSource {
    /// A tag of the machine that counts.
    Tag {
        /// The tag.
        tag_binding_id: TagBindingId,
    },
    /// What people read off the machine.
    Reading {
        /// What is read (`Operating hours`).
        name: String,
        /// Its unit.
        unit: String,
    },
}

/// When work comes round.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum PlanRhythm {
    /// By the calendar.
    Calendar {
        /// Every so many …
        every: i64,
        /// … of these.
        unit: CalendarUnit,
        /// The first day it is due.
        first_due: CivilDate,
    },
    /// By a meter.
    Meter {
        /// Every so much on the meter.
        every: f64,
        /// What is read.
        source: MeterSource,
        /// Where the meter stood when the counting began.
        counted_from: f64,
        /// The order is raised when so much is left.
        ahead: f64,
    },
}

impl PlanRhythm {
    /// The most units between two occasions.
    pub const EVERY_MAX: i64 = 1_000;
    /// The most a meter may count between two occasions.
    pub const METER_MAX: f64 = 1e12;
}

/// What the next occasion is counted from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanMode {
    /// The calendar or the meter alone, whenever the work was done. What was missed does not pile up.
    #[default]
    Fixed,
    /// The last time it was done.
    Floating,
}

/// Work that comes round on a machine.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaintenancePlan {
    /// Its id.
    pub maintenance_plan_id: MaintenancePlanId,
    /// The machine.
    pub asset_id: AssetId,
    /// One line of what is to be done.
    pub title: String,
    /// Its checklist.
    pub steps: Vec<StepDraft>,
    /// How urgent its orders are.
    pub priority: Priority,
    /// How long it takes.
    pub planned_minutes: Option<i64>,
    /// When it comes round.
    pub rhythm: PlanRhythm,
    /// What the next occasion is counted from.
    pub mode: PlanMode,
    /// By the calendar: the order is raised so many days before it is due. By a meter: so many days are left to do it.
    pub lead_days: i64,
    /// When it was last done before the plan's first order, where somebody knows.
    pub last_done_at: Option<TimestampMs>,
    /// When it was given up.
    pub ended_at: Option<TimestampMs>,
}
record!(MaintenancePlan, MaintenancePlan, maintenance_plan_id);

impl MaintenancePlan {
    /// The longest lead.
    pub const LEAD_DAYS_MAX: i64 = 365;
}

/// One time that a plan is due.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "on", content = "value", rename_all = "snake_case")]
pub enum OccasionDue {
    /// A day of the plant.
    Day(CivilDate),
    /// A stand of the meter.
    Meter(f64),
}

impl OccasionDue {
    /// The occasion's name, of which ids are made.
    pub fn name(&self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Meter(stand) => format!("{stand}"),
        }
    }
}

/// The plan that raised an order, and the occasion.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanOccasion {
    /// The plan.
    pub maintenance_plan_id: MaintenancePlanId,
    /// When it was due.
    pub due: OccasionDue,
}
