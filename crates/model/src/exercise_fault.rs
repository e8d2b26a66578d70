//! What tabletop exercises refuse.

use serde::{Deserialize, Serialize};

/// Why something is not done in an exercise.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ExerciseFault {
    /// There is no such template.
    #[error("There is no template «{key}».")]
    NoTemplate {
        /// The key that was asked for.
        key: String,
    },
    /// It was not begun.
    #[error("The exercise has not begun: start its clock first.")]
    NotStarted,
    /// It was begun already.
    #[error("The exercise has begun already.")]
    StartedAlready,
    /// Its clock stands already.
    #[error("The clock stands still already.")]
    PausedAlready,
    /// Its clock runs already.
    #[error("The clock runs already.")]
    RunsAlready,
    /// It is over.
    #[error("The exercise is over: its clock does not move any more.")]
    Ended,
    /// A speed that no clock runs at.
    #[error("A clock runs at {least} to {most} % of the speed of one on the wall.")]
    SpeedUnfit {
        /// The slowest.
        least: u32,
        /// The fastest.
        most: u32,
    },
    /// A time that no exercise has.
    #[error("Exercise time goes from 0 to 24 hours.")]
    TimeUnfit,
    /// A time that is over.
    #[error("The exercise is past this time already.")]
    TimePassed,
    /// An inject that came already.
    #[error("This inject has come already: what was played stays as it is.")]
    InjectCame,
    /// An inject that did not come yet.
    #[error("This inject has not come yet.")]
    InjectNotCome,
    /// An inject without a response, or a response without one.
    #[error("A response says to which inject, and how it met what was expected.")]
    ResponseUnfit,
    /// A role that injects go to.
    #[error("{count} injects go to this role: let them go to another one first.")]
    RoleInUse {
        /// How many.
        count: u64,
    },
    /// A role, inject or entry of another exercise.
    #[error("This belongs to another exercise.")]
    AnotherExercise,
    /// Too many of something.
    #[error("An exercise has at most {limit} {what}.")]
    TooMany {
        /// Of what.
        what: String,
        /// How many there may be.
        limit: u64,
    },
}
