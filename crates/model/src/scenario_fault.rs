//! What scenarios are refused for.

use serde::{Deserialize, Serialize};

use crate::ScenarioTextWrong;

/// Why something about a scenario is not done.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ScenarioFault {
    /// There is no such template.
    #[error("There is no template «{key}».")]
    NoTemplate {
        /// What was asked for.
        key: String,
    },
    /// A scenario begins from one thing.
    #[error("A scenario begins from a template or from a text.")]
    NoBeginning,
    /// The model is wrong at a place.
    #[error("Line {line}, column {column}: {says}")]
    TextUnfit {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
        /// What is wrong, in English.
        says: String,
        /// What is wrong.
        wrong: Box<ScenarioTextWrong>,
    },
    /// The model asks for no such figure.
    #[error("The model has no figure «{name}» to answer.")]
    NoFigure {
        /// Its name.
        name: String,
    },
    /// The model has no such result.
    #[error("The model has no result «{name}».")]
    NoResult {
        /// Its name.
        name: String,
    },
    /// A decision has no such option.
    #[error("«{decision}» has no option «{option}».")]
    NoOption {
        /// The decision.
        decision: String,
        /// The option.
        option: String,
    },
    /// More of something than there may be.
    #[error("There are at most {limit} {what}.")]
    TooMany {
        /// Of what.
        what: String,
        /// The most.
        limit: u64,
    },
    /// The document was begun by a newer version, or its updates are broken.
    #[error("The scenario cannot be read here: {reason}. Nothing of it is lost.")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
    /// An axis is something that nobody knows, and this is known.
    #[error("«{name}» has no range: an axis is something that nobody knows.")]
    NoRange {
        /// The figure.
        name: String,
    },
    /// A later run took its place.
    #[error("A later run took the place of this one.")]
    Overtaken,
    /// What was told is no figure.
    #[error("«{name}» wants a figure.")]
    NoNumber {
        /// What is wanted.
        name: String,
    },
    /// A tag must stay beyond its limit for longer than is watched.
    #[error("A signpost watches for at most a year.")]
    HoldsTooLong,
}
