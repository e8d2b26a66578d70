//! When a machine stood still, and why.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{AssetId, DowntimeId, PersonId, TimestampMs};

/// A span in which a machine stood still.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Downtime {
    /// Its id.
    pub downtime_id: DowntimeId,
    /// The machine.
    pub asset_id: AssetId,
    /// From when.
    pub from_at: TimestampMs,
    /// To when; nothing while it still stands.
    pub to_at: Option<TimestampMs>,
    /// Why: the code of a choice of what is found.
    pub reason_code: Option<String>,
    /// Why, in words.
    pub reason_text: Option<String>,
    /// Who recorded it.
    pub recorded_by: Option<PersonId>,
}
record!(Downtime, Downtime, downtime_id);
