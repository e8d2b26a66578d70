//! What workshops refuse.

use serde::{Deserialize, Serialize};

use crate::{WorkshopNeeds, WorkshopPhase};

/// Why something is not done in a workshop.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum WorkshopFault {
    /// Its board has not come to this device yet.
    #[error("The board of this workshop is not on this device yet: it comes with the next exchange.")]
    NotHereYet,
    /// It ended.
    #[error("The workshop has ended: its board stays as it is.")]
    Ended,
    /// Who holds the device takes no part in it.
    #[error("Who holds this device is not let into the workshop: whoever leads it lets people in.")]
    NotLetIn,
    /// This device may not write for whoever holds it.
    #[error("This device is not let into the workshop yet: the next change by whoever leads it lets it in.")]
    DeviceNotLetIn,
    /// Who acts has no right to.
    #[error("This needs a {needed}.")]
    NoRight {
        /// Who may.
        needed: WorkshopNeeds,
    },
    /// It is not the time for it.
    #[error("This is not done while the workshop stands at «{phase:?}».")]
    NotNow {
        /// Where it stands.
        phase: WorkshopPhase,
    },
    /// The frame is locked.
    #[error("The frame «{frame}» is locked.")]
    Locked {
        /// Which.
        frame: String,
    },
    /// What is spoken of is not on the board any more.
    #[error("{what} is not on the board (any more).")]
    NotThere {
        /// What.
        what: String,
    },
    /// What is to be added is there already.
    #[error("{what} is on the board already.")]
    ThereAlready {
        /// What.
        what: String,
    },
    /// There are not so many votes left.
    #[error("{left} votes are left, not {wanted}.")]
    NoVotesLeft {
        /// How many are.
        left: u32,
        /// How many more are wanted.
        wanted: u32,
    },
    /// The board would hold more than it can.
    #[error("A board has at most {limit} {what}.")]
    Full {
        /// Of what.
        what: String,
        /// How many it can have.
        limit: u64,
    },
    /// Something cannot be as it is said.
    #[error("{what} does not fit: {reason}.")]
    Unfit {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
    /// A file is no board, or the board cannot be read here.
    #[error("The board cannot be read: {reason}. Nothing of it is lost.")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
    /// Guests come in at another device, or nobody lets them in.
    #[error("Guests are not let in at this device: start it first.")]
    NoDoor,
    /// Guests cannot be let in at this address.
    #[error("Guests cannot be let in at {address}: {reason}. Nothing was opened.")]
    DoorRefused {
        /// Where.
        address: String,
        /// What the system says.
        reason: String,
    },
    /// An address that is not this machine's.
    #[error("{address} is no address of this machine.")]
    NotOurAddress {
        /// Which.
        address: String,
    },
    /// Who is spoken of is no guest of this workshop.
    #[error("This is no guest of the workshop.")]
    NoGuest,
}
