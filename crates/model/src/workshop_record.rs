//! A workshop as a record: what is known of it beside its board, which is a document of its own.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{CivilDate, DeviceId, PersonId, TimestampMs, WorkshopId};

/// A SWOT workshop. What is on its board are updates of the document with its id.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workshop {
    /// Its id: also that of the document that is its board.
    pub workshop_id: WorkshopId,
    /// What people call it, as it was begun; the board may call it something else since.
    pub title: String,
    /// When it came to be.
    pub created_at: TimestampMs,
    /// Who began it: its first facilitator.
    pub created_by: Option<PersonId>,
    /// On which device: the one that signs it, as the node makes sure of. Its board begins with what that device writes.
    pub created_on: Option<DeviceId>,
    /// The day on which it is held.
    pub held_on: Option<CivilDate>,
    /// When it ended; the board stays as it is, and its actions go on.
    pub ended_at: Option<TimestampMs>,
    /// Where guests come in by their browsers; nothing as long as nobody does.
    #[serde(default)]
    pub door: Option<WorkshopDoor>,
}

/// A door for guests by browser, as it was opened: over plain HTTP, which is why somebody had to say so. What was said stays
/// in the log when it is closed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopDoor {
    /// When.
    pub opened_at: TimestampMs,
    /// On which device.
    pub opened_on: DeviceId,
    /// Where: an address of that device, and a port.
    pub address: String,
    /// Why what is said there may be read along in that network.
    pub reason: String,
}
record!(Workshop, Workshop, workshop_id);
