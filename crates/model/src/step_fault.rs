//! What is wrong with a step that nobody could answer.

use serde::{Deserialize, Serialize};

/// Why nobody could answer a step.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum StepFault {
    /// A limit is infinite or not a number.
    #[error("a limit is not a number")]
    LimitNotANumber,
    /// No value lies between its limits.
    #[error("the lower limit {low} is above the upper limit {high}")]
    LimitsCrossed {
        /// The lower one.
        low: f64,
        /// The upper one.
        high: f64,
    },
    /// It asks for too many decimals.
    #[error("at most {limit} decimals can be asked for")]
    TooManyDecimals {
        /// The most.
        limit: u8,
    },
    /// Two answers are the same.
    #[error("the choice «{option}» is there twice")]
    ChoiceTwice {
        /// Which.
        option: String,
    },
    /// Nothing to choose from, or too much.
    #[error("a choice has 2 to {limit} options, not {count}")]
    ChoiceCount {
        /// The most.
        limit: u64,
        /// How many there are.
        count: u64,
    },
}
