//! Why something is not done in a workshop, or an update not let in.

use millwright_model::{WorkshopDevice, WorkshopNeeds, WorkshopPhase};

/// Why an act is not done, or an update not let in. The board is then as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkshopRefusal {
    /// The update is too large to be looked at.
    #[error("the update has {bytes} bytes, more than {limit}")]
    UpdateTooLarge {
        /// How many it has.
        bytes: usize,
        /// How many are looked at.
        limit: usize,
    },
    /// The bytes are no update that this version reads.
    #[error("the update cannot be read: {reason}")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
    /// It builds on what is not here yet. It can be brought again with that.
    #[error("the update builds on changes that are not here yet")]
    TooEarly,
    /// What it builds on was compacted away, or the board has moved past the version asked for.
    #[error("this version is older than what the document still knows")]
    TooOld,
    /// It was written by a device that nobody let in; by the facilitator's next change it may be.
    #[error("device {device} is not let into the workshop")]
    UnknownDevice {
        /// Which.
        device: WorkshopDevice,
    },
    /// A device brings what another one wrote, and is not trusted to.
    #[error("device {device} wrote this, not {carrier} who brings it")]
    NotItsOwn {
        /// Who wrote.
        device: WorkshopDevice,
        /// Who brings it.
        carrier: WorkshopDevice,
    },
    /// A device wrote where it has no right to.
    #[error("device {device} wrote in «{area}», where it has no right to")]
    Forged {
        /// Which.
        device: WorkshopDevice,
        /// Where.
        area: String,
    },
    /// There is something in it that a board does not have.
    #[error("device {device} wrote what a board does not have: {what}")]
    Foreign {
        /// Which.
        device: WorkshopDevice,
        /// What.
        what: String,
    },
    /// The board would hold more than it can.
    #[error("the board would have more than {limit} {what}")]
    Full {
        /// Of what.
        what: &'static str,
        /// How many it can have.
        limit: usize,
    },
    /// It is not the board of this workshop.
    #[error("this is the board of another workshop")]
    AnotherWorkshop,
    /// It is no board.
    #[error("this is no board: {reason}")]
    NoBoard {
        /// What is wrong.
        reason: String,
    },
    /// Who acts has no right to.
    #[error("this needs a {needed}")]
    NoRight {
        /// Who may.
        needed: WorkshopNeeds,
    },
    /// It is not the time for it.
    #[error("this is not done while the workshop stands at «{phase:?}»")]
    NotNow {
        /// Where it stands.
        phase: WorkshopPhase,
    },
    /// The frame is locked.
    #[error("the frame «{frame}» is locked")]
    Locked {
        /// Which.
        frame: String,
    },
    /// What is spoken of is not on the board.
    #[error("{what} is not on the board")]
    NotThere {
        /// What.
        what: String,
    },
    /// What is to be added is there already.
    #[error("{what} is on the board already")]
    ThereAlready {
        /// What.
        what: String,
    },
    /// Something cannot be as it is said.
    #[error("{what} does not fit: {reason}")]
    Unfit {
        /// What.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// There are not so many votes left.
    #[error("{left} votes are left, not {wanted}")]
    NoVotesLeft {
        /// How many are.
        left: u32,
        /// How many more are wanted.
        wanted: u32,
    },
    /// Of a device that writes here it is not known what it has: compacting could leave it behind.
    #[error("it is not known what device {device} has: nothing is compacted")]
    UnknownReplica {
        /// Which.
        device: WorkshopDevice,
    },
    /// The library failed.
    #[error("the document cannot be edited: {0}")]
    Failed(String),
}

impl From<loro::LoroError> for WorkshopRefusal {
    fn from(error: loro::LoroError) -> Self {
        Self::Failed(error.to_string())
    }
}
