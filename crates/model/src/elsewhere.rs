//! Work that goes on elsewhere: who has an order in hand and where, who took it over, and what was done twice.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AlertSubject, DeviceId, PersonId, TimestampMs, WorkOrderStatus};

/// That somebody took an order over which another person or device had in hand.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continued {
    /// Who had it in hand.
    pub from_person: Option<PersonId>,
    /// The device on which they had it, where that is known.
    pub from_device: Option<DeviceId>,
    /// Who goes on with it.
    pub by: PersonId,
    /// On which device.
    pub on: DeviceId,
    /// When, by that device's clock.
    pub at: TimestampMs,
    /// Why.
    pub reason: String,
}

/// That a person laid an order aside for themselves: nobody else begins it before it runs out, without saying why.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// For whom.
    pub by: PersonId,
    /// On which device.
    pub on: DeviceId,
    /// When, by that device's clock.
    pub at: TimestampMs,
    /// Until when, by that device's clock.
    pub until: TimestampMs,
}

impl Reservation {
    /// The longest, in hours: a reservation is for a shift or two, not for a week on the shelf.
    pub const HOURS_MAX: u32 = 72;

    /// Whether it holds: it runs out by itself, and no longer than it may be holds whatever a clock says.
    pub fn holds(&self, now: TimestampMs) -> bool {
        (1..=i64::from(Self::HOURS_MAX) * 3_600_000).contains(&self.until.since_ms(now))
    }
}

/// For whom an order is laid aside.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationView {
    /// For whom, and on which device it was said.
    pub who: Whereabouts,
    /// Until when.
    pub until: TimestampMs,
    /// Whether it is the person who holds this device.
    pub is_mine: bool,
}

/// A person at a device, as people call them.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The person.
    pub person_name: Option<String>,
    /// The device; nothing where it is not known.
    pub device_name: Option<String>,
}

/// Who has an order in hand.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandView {
    /// Who, and on which device.
    pub who: Whereabouts,
    /// Since when, by that device's clock.
    pub since: TimestampMs,
    /// Whether it is the person who holds this device, on this device.
    pub is_here: bool,
}

/// Something that a person should know about work that went on apart. It is told until they say that they have seen it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamNoticeView {
    /// Its id.
    pub notice_id: Uuid,
    /// The order or request.
    pub about: AlertSubject,
    /// The number that people see.
    pub number: String,
    /// What is to be done, or what is wrong.
    pub title: String,
    /// What happened.
    pub happened: TeamHappening,
}

/// What happened to an order or request on two devices.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TeamHappening {
    /// Somebody took it over.
    Continued {
        /// Who had it in hand.
        from: Whereabouts,
        /// Who goes on with it.
        by: Whereabouts,
        /// When.
        at: TimestampMs,
        /// Why.
        reason: String,
    },
    /// Two devices worked on it without knowing of each other.
    WorkedTwice {
        /// What counts.
        first: DeedView,
        /// What came to the node after it.
        second: DeedView,
    },
    /// Two people took it on without knowing of each other.
    TakenBefore {
        /// Whose word came first: who has it.
        by: Whereabouts,
        /// Whose word came after it.
        second: Whereabouts,
    },
}

/// Who moved an order where, and when.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeedView {
    /// Who, and on which device.
    pub who: Whereabouts,
    /// Where they moved it.
    pub did: WorkOrderStatus,
    /// When, by that device's clock.
    pub at: TimestampMs,
}
