//! A line as it stands, to be tried out: what each of its machines does, where that is known from, and what changes would do.

use serde::{Deserialize, Serialize};

use crate::{AssetId, TimestampMs};

/// Where a figure of a forked line comes from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum ForkedFrom {
    /// Nobody said: a round figure to begin with.
    #[default]
    Assumption,
    /// Somebody put it in.
    Person,
    /// Standstills that were recorded.
    Standstills {
        /// How many.
        count: u32,
        /// In so many days.
        days: u32,
    },
    /// A maintenance plan of the machine.
    Plan {
        /// What it is called.
        title: String,
    },
    /// The newest value of a tag.
    Tag {
        /// What the tag is called.
        name: String,
        /// When it was heard.
        at: TimestampMs,
    },
}

/// A figure of a forked line.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForkedFigure {
    /// Its value.
    pub value: f64,
    /// Where it comes from.
    pub from: ForkedFrom,
}

impl ForkedFigure {
    /// A round figure to begin with.
    pub fn assumed(value: f64) -> Self {
        Self { value, from: ForkedFrom::Assumption }
    }

    /// What somebody put in.
    pub fn said(value: f64) -> Self {
        Self { value, from: ForkedFrom::Person }
    }
}

/// Planned work on a machine of a forked line.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForkedMaintenance {
    /// From one to the next, in hours by the clock.
    pub every_h: ForkedFigure,
    /// When it is due first, in hours from now.
    pub first_after_h: f64,
    /// How long it takes, in hours.
    pub takes_h: ForkedFigure,
}

/// A machine of a forked line.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForkedMachine {
    /// Which.
    pub asset_id: AssetId,
    /// What it is called.
    pub name: String,
    /// How long it works on a piece, in seconds.
    pub cycle_time_s: ForkedFigure,
    /// How long it works from repair to failure on average, in hours.
    pub time_to_failure_h: ForkedFigure,
    /// How long a repair takes on average, in hours.
    pub repair_h: ForkedFigure,
    /// The share of its pieces that is scrap, 0 to 1.
    pub scrap_share: ForkedFigure,
    /// Planned work; nothing where nothing is planned.
    pub maintenance: Option<ForkedMaintenance>,
    /// Since when it stands still; nothing where it runs.
    pub stands_since: Option<TimestampMs>,
}

/// What lies between two machines.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkedBuffer {
    /// How many pieces it holds at most.
    pub capacity: u32,
    /// How many it holds now.
    pub holds: u32,
}

/// A shift of a day, and whether the line works in it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForkedShift {
    /// What people call it.
    pub name: String,
    /// When it begins, in hours of the day.
    pub from_h: f64,
    /// When it ends, in hours of the day; below its begin where that is on the next day.
    pub to_h: f64,
    /// Whether the line works.
    pub works: bool,
}

/// What a forked line costs, in the plant's currency.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ForkedCosts {
    /// An hour on shift: people, room.
    pub shift_per_h: f64,
    /// An hour of repair.
    pub repair_per_h: f64,
    /// An hour of planned work on a machine.
    pub maintenance_per_h: f64,
    /// The material of a piece.
    pub material_per_piece: f64,
}

/// A line as it stands at a moment. Trying it out changes nothing of the plant.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineFork {
    /// Which line.
    pub line_id: AssetId,
    /// What it is called.
    pub name: String,
    /// When it was taken.
    pub taken_at: TimestampMs,
    /// Its machines, in the order in which a piece goes through them.
    pub machines: Vec<ForkedMachine>,
    /// Between them: one less than there are machines.
    pub buffers: Vec<ForkedBuffer>,
    /// The shifts of a day.
    pub shifts: Vec<ForkedShift>,
    /// Where in the day it was taken, in hours by the plant's clock.
    pub begins_at_h: f64,
    /// How many machines are mended at a time; as many as stand, if nothing is said.
    pub crews: Option<u32>,
    /// What it costs.
    pub costs: ForkedCosts,
}

impl LineFork {
    /// The most machines.
    pub const MACHINES_MAX: usize = 40;
}

/// A line that can be tried out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIfLine {
    /// Which.
    pub line_id: AssetId,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// How many machines it has.
    pub machine_count: u32,
}

/// A line as it might be.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIfOption {
    /// What it is called.
    pub name: String,
    /// The line with its changes.
    pub line: LineFork,
}

impl WhatIfOption {
    /// The most at a time.
    pub const MAX: usize = 5;
    /// The longest name, in characters.
    pub const NAME_CHARS: usize = 80;
}

/// What lines are compared by.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhatIfMeasure {
    /// Overall equipment effectiveness (ISO 22400-2), measured by what the line was planned to do.
    Oee,
    /// Good pieces.
    Output,
    /// Everything together.
    Cost,
    /// For each good piece.
    CostPerGood,
}

impl WhatIfMeasure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Oee, Self::Output, Self::Cost, Self::CostPerGood];

    /// Whether more of it is better.
    pub fn more_is_better(self) -> bool {
        matches!(self, Self::Oee | Self::Output)
    }
}

/// A mean over all runs, and how far off it may be.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIfEstimate {
    /// Which measure.
    pub measure: WhatIfMeasure,
    /// The mean.
    pub mean: f64,
    /// With 95 % confidence the true mean lies within this of it.
    pub half_width: f64,
}

/// What the time of a machine goes to, in hours on average.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIfTimes {
    /// Of which machine.
    pub name: String,
    /// It works.
    pub working_h: f64,
    /// It waits for pieces, or for room.
    pub waiting_h: f64,
    /// It is broken.
    pub broken_h: f64,
    /// Somebody looks after it.
    pub maintenance_h: f64,
    /// Off shift.
    pub off_shift_h: f64,
}

/// What came of one line.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIfOutlook {
    /// What it is called; nothing for the line as it stands.
    pub name: Option<String>,
    /// In the order of [`WhatIfMeasure::ALL`].
    pub measures: Vec<WhatIfEstimate>,
    /// How far it lies from the line as it stands, run by run under the same luck; nothing for that line itself.
    pub changes: Vec<WhatIfEstimate>,
    /// Machine by machine.
    pub times: Vec<WhatIfTimes>,
}

/// A line as it stands beside what it might be.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIfComparison {
    /// How far it was looked ahead, in hours.
    pub hours: f64,
    /// How often each was run.
    pub replications: u32,
    /// The line as it stands, then the options.
    pub outlooks: Vec<WhatIfOutlook>,
}

/// Why a line is not tried out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum WhatIfFault {
    /// It has no machines.
    #[error("This line has no machines: put them below it first.")]
    NoMachines,
    /// It has too many.
    #[error("At most {limit} machines of a line are tried out.")]
    TooManyMachines {
        /// How many can be.
        limit: u64,
    },
    /// Something of it cannot be.
    #[error("{place}: {must}.")]
    Unfit {
        /// Where.
        place: String,
        /// What must hold there.
        must: String,
    },
    /// Another run began meanwhile.
    #[error("Another run began meanwhile.")]
    Overtaken,
}
