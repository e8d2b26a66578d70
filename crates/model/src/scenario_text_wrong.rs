//! What may be wrong with the model of a scenario, so that screens can say it in the reader's language.

use serde::{Deserialize, Serialize};

/// What is wrong.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum ScenarioTextWrong {
    /// The text is longer than a model may be.
    TooLong(u64),
    /// There are more of something than there may be.
    TooMany {
        /// Of what.
        what: ScenarioTextCounted,
        /// How many there may be.
        most: u64,
    },
    /// A sign that means nothing here.
    UnknownSign(String),
    /// Quotation marks that do not end on their line.
    OpenText,
    /// Something else is expected.
    Unexpected {
        /// What is expected.
        expected: ScenarioTextExpected,
        /// What is there.
        found: ScenarioTextFound,
    },
    /// A number that is none, or too large.
    NotANumber(String),
    /// A name that is not known.
    UnknownName(String),
    /// A unit that is not known.
    UnknownUnit(String),
    /// A function that is not known.
    UnknownFunction(String),
    /// A name that is taken.
    NameTaken(String),
    /// Figures of different kinds.
    UnitsDiffer {
        /// The unit on the left, or wanted.
        left: String,
        /// The unit on the right, or found.
        right: String,
    },
    /// A figure with a unit where there must be none.
    UnitNotWanted(String),
    /// A figure of another kind than wanted.
    UnitWanted {
        /// What is wanted.
        wanted: String,
        /// What is there.
        found: String,
    },
    /// A number where yes or no is expected, or the other way around.
    WrongKind {
        /// What is expected.
        expected: ScenarioTextWanted,
    },
    /// Figures that need each other.
    Cycle(String),
    /// An argument that a function does not have, or that is missing.
    Arguments {
        /// The function.
        function: String,
        /// Its arguments.
        takes: ScenarioTextTakes,
    },
    /// A distribution that cannot be.
    OutOfRange(ScenarioTextRange),
    /// A figure by chance or in time where a fixed one is needed.
    NotFixed,
    /// What is in the course of time, where the model has none.
    NoHorizon,
    /// What must be in the course of time and is not.
    NotInTime,
    /// A result in the course of time, which is not one figure.
    StillInTime,
    /// An index that a figure does not have.
    NoSuchIndex {
        /// The figure.
        name: String,
        /// The index.
        index: String,
    },
    /// A member that an index does not have.
    NoSuchMember {
        /// The member.
        member: String,
        /// The index.
        index: String,
    },
    /// A list that is shorter or longer than its index.
    ListLength {
        /// The index.
        index: String,
        /// How many there must be.
        wanted: u64,
        /// How many there are.
        found: u64,
    },
    /// A value over an index that it may not have here.
    StillOverIndex(String),
    /// Correlations that contradict each other.
    Correlations,
    /// A correlation of something that is not drawn by chance.
    NotDrawn(String),
    /// More or less than one figure, where one is written.
    NotOneFigure(String),
    /// A figure that others are made of.
    StillNeeded {
        /// The figure.
        name: String,
        /// What is made of it.
        by: String,
    },
    /// A model with nothing to tell.
    NoResult,
    /// A figure that is not one: it was divided by zero, or is beyond all numbers.
    NoNumber(String),
    /// More work than is reasonable.
    TooMuchWork(u64),
}

/// What is expected at a place.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum ScenarioTextExpected {
    /// One of these words or signs.
    OneOf(Vec<String>),
    /// The end of the line.
    LineEnd,
    /// A name.
    Name,
    /// A text in quotation marks.
    Text,
    /// A number with a unit.
    NumberWithUnit,
    /// A unit.
    Unit,
    /// A part that was not told yet.
    AnotherPart,
    /// A part of a disruption.
    DisruptionPart,
    /// A power of a unit.
    Power,
    /// A figure.
    Figure,
}

/// What stands where something else is expected.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum ScenarioTextFound {
    /// A word, a number or a sign, as it is written.
    Written(String),
    /// A text.
    Text,
    /// The end of the line.
    LineEnd,
    /// A remark.
    Remark,
    /// Several figures.
    List,
    /// The end of the model.
    End,
}

/// What a function takes.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum ScenarioTextTakes {
    /// These, in this order or by their names.
    Named(Vec<String>),
    /// Two figures or more.
    TwoOrMore,
    /// Figures over an index, by «over».
    OverIndex,
    /// No index: these functions do.
    NoIndex(Vec<String>),
    /// Values with their probabilities.
    WithProbabilities,
    /// Figures that were seen.
    Seen,
}

/// What there may be too many of.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioTextCounted {
    /// Lines that say something.
    Statements,
    /// Brackets in brackets.
    Levels,
    /// Members of an index.
    Members,
    /// Figures of one name, over all its indexes.
    Cells,
    /// Steps of time.
    Steps,
    /// Options of all decisions together.
    Options,
    /// Figures in a list.
    Figures,
    /// Trials.
    Trials,
}

/// What kind of value is wanted.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioTextWanted {
    /// A number.
    Number,
    /// Yes or no.
    YesOrNo,
}

/// Why a figure is outside of what it may be.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioTextRange {
    /// A range that ends before it begins.
    LowNotBelowHigh,
    /// A likeliest figure outside of least and most.
    ModeOutside,
    /// A figure that must be above zero.
    NotAboveZero,
    /// A figure that must not be below zero.
    BelowZero,
    /// A probability that is none.
    NoProbability,
    /// Probabilities that are not whole together.
    NotWhole,
    /// A correlation that is none.
    NoCorrelation,
    /// Too large to be drawn one by one.
    TooLarge,
    /// A figure that is asked for within bounds, and lies outside.
    Outside,
    /// A step that is longer than the horizon.
    StepTooLong,
}
