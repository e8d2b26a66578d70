//! What a supervisor has to see to: each exception has one next act.

use serde::{Deserialize, Serialize};

use crate::*;

/// Something that does not go as it should.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "exception", rename_all = "snake_case")]
pub enum TodayException {
    /// Something urgent was passed on since nobody took it on: take it, or give it to somebody.
    NobodyTakes {
        /// What it is.
        alert: Box<AlertView>,
    },
    /// An open order is past its due date: plan it anew.
    Late {
        /// The order.
        order: Box<WorkOrderOverview>,
    },
    /// Nobody is to do an open order: hand it to somebody.
    Unassigned {
        /// The order.
        order: Box<WorkOrderOverview>,
    },
    /// An order is interrupted for want of a part: see to the part.
    WaitingForParts {
        /// The order.
        order: Box<WorkOrderOverview>,
        /// The part of the machine that is short, where one is known.
        part_id: Option<PartId>,
    },
    /// The other side refused what was sent: look at it in the Sync centre.
    DeliveryRejected {
        /// What was sent.
        delivery: Box<Delivery>,
    },
    /// An order was closed with «details later»: have them added.
    DetailsLater {
        /// The order.
        order: Box<WorkOrderOverview>,
    },
    /// A mandatory step was skipped, or a reading lies outside its limits, and nobody else has signed the order since:
    /// look at it and sign.
    Override {
        /// The order.
        order: Box<WorkOrderOverview>,
        /// The steps.
        steps: Vec<ShiftHappening>,
    },
    /// A device of the team has not spoken for long, and work depends on it: see its open orders.
    SilentDevice {
        /// The device.
        device_id: DeviceId,
        /// What people call it.
        name: String,
        /// Who held it when it last spoke.
        holder: Option<String>,
        /// When that was.
        contact_at: TimestampMs,
        /// How many transactions waited there.
        pending: i64,
        /// How many open orders it holds.
        open_orders: i64,
    },
    /// A signpost was crossed: its scenario asks to be looked at.
    SignpostCrossed {
        /// The scenario.
        scenario: Box<Scenario>,
        /// The signpost, with its crossing.
        signpost: Box<SignpostView>,
    },
    /// The last workshop was held a year ago: it is time to look again.
    WorkshopAgain {
        /// Which.
        workshop_id: WorkshopId,
        /// What it is called.
        title: String,
        /// When it was held.
        held_on: CivilDate,
    },
    /// Two devices worked on the same order without knowing of each other: look at it.
    WorkedTwice {
        /// What happened.
        notice: Box<TeamNoticeView>,
    },
}
