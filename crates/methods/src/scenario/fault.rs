//! What is wrong with a model, and where.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A stretch of a model's text. Lines and columns count from one, columns in characters.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The byte at which it begins.
    pub start: usize,
    /// The byte before which it ends.
    pub end: usize,
    /// The line of its beginning.
    pub line: usize,
    /// The column of its beginning.
    pub column: usize,
}

impl Place {
    /// From the beginning of one place to the end of another.
    pub(super) fn until(self, other: Self) -> Self {
        Self { end: other.end.max(self.end), ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Error, Serialize, Deserialize)]
#[error("{place}: {fault}")]
pub struct ModelFault {
    /// Where in the text.
    pub place: Place,
    /// What it is.
    pub fault: Fault,
}

/// What may be wrong with a model.
#[derive(Clone, Debug, PartialEq, Error, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Fault {
    /// The text is longer than a model may be.
    #[error("the model is longer than {0} bytes")]
    TooLong(usize),
    /// There are more of something than there may be.
    #[error("more than {most} {what}")]
    TooMany {
        /// Of what.
        what: Counted,
        /// How many there may be.
        most: usize,
    },
    /// A sign that means nothing here.
    #[error("«{0}» means nothing here")]
    UnknownSign(char),
    /// Quotation marks that do not end on their line.
    #[error("this text has no end")]
    OpenText,
    /// Something else is expected.
    #[error("{expected} is expected here, not {found}")]
    Unexpected {
        /// What is expected.
        expected: Expected,
        /// What is there.
        found: Found,
    },
    /// A number that is none, or too large.
    #[error("«{0}» is not a number")]
    NotANumber(String),
    /// A name that is not known.
    #[error("«{0}» is not known")]
    UnknownName(String),
    /// A unit that is not known.
    #[error("«{0}» is not a known unit; «unit {0}» makes it one")]
    UnknownUnit(String),
    /// A function that is not known.
    #[error("there is no function «{0}»")]
    UnknownFunction(String),
    /// A name that is taken.
    #[error("«{0}» has a meaning already")]
    NameTaken(String),
    /// Figures of different kinds.
    #[error("{left} and {right} do not go together")]
    UnitsDiffer {
        /// The unit on the left, or wanted.
        left: String,
        /// The unit on the right, or found.
        right: String,
    },
    /// A figure with a unit where there must be none.
    #[error("a figure without a unit is expected here, not one in {0}")]
    UnitNotWanted(String),
    /// A figure of another kind than wanted.
    #[error("a figure in {wanted} is expected here, not one in {found}")]
    UnitWanted {
        /// What is wanted.
        wanted: String,
        /// What is there.
        found: String,
    },
    /// A number where yes or no is expected, or the other way around.
    #[error("{expected} is expected here")]
    WrongKind {
        /// What is expected.
        expected: Wanted,
    },
    /// Figures that need each other.
    #[error("these need each other: {0}")]
    Cycle(String),
    /// An argument that a function does not have, or that is missing.
    #[error("{function} takes {takes}")]
    Arguments {
        /// The function.
        function: String,
        /// Its arguments.
        takes: Takes,
    },
    /// A distribution that cannot be.
    #[error("{0}")]
    OutOfRange(RangeFault),
    /// A figure by chance or in time where a fixed one is needed.
    #[error("this must be a fixed figure: neither by chance nor in the course of time")]
    NotFixed,
    /// What is in the course of time, where the model has none.
    #[error("the model has no «horizon», so nothing happens in the course of time")]
    NoHorizon,
    /// What must be in the course of time and is not.
    #[error("this does not change in the course of time")]
    NotInTime,
    /// A result in the course of time, which is not one figure.
    #[error(
        "this changes in the course of time; «total», «last», «average», «highest» or «lowest» makes it one figure"
    )]
    StillInTime,
    /// An index that a figure does not have.
    #[error("{name} has no index «{index}»")]
    NoSuchIndex {
        /// The figure.
        name: String,
        /// The index.
        index: String,
    },
    /// A member that an index does not have.
    #[error("«{member}» is not one of {index}")]
    NoSuchMember {
        /// The member.
        member: String,
        /// The index.
        index: String,
    },
    /// A list that is shorter or longer than its index.
    #[error("{index} has {wanted} members, and here are {found} figures")]
    ListLength {
        /// The index.
        index: String,
        /// How many there must be.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// A value over an index that it may not have here.
    #[error("this is one figure for each of {0}; «sum(… over {0})» makes it one")]
    StillOverIndex(String),
    /// Correlations that contradict each other.
    #[error("these correlations contradict each other")]
    Correlations,
    /// A correlation of something that is not drawn by chance.
    #[error("«{0}» is not drawn by chance from one distribution, so nothing is correlated with it")]
    NotDrawn(String),
    /// More or less than one figure, where one is written.
    #[error("this is not one figure under its own name: «{0}»")]
    NotOneFigure(String),
    /// A figure that others are made of.
    #[error("«{name}» is still needed by {by}")]
    StillNeeded {
        /// The figure.
        name: String,
        /// What is made of it.
        by: String,
    },
    /// A model with nothing to tell.
    #[error("the model has no «result»")]
    NoResult,
    /// A figure that is not one: it was divided by zero, or is beyond all numbers.
    #[error("{0} came out as no number: something was divided by zero, or is too large")]
    NoNumber(String),
    /// More work than is reasonable.
    #[error("this takes {0} single steps, which is too many; take fewer trials, or longer steps")]
    TooMuchWork(u64),
}

/// What is expected at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Expected {
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

impl Expected {
    /// One of these words or signs.
    pub(super) fn words<const N: usize>(words: [&str; N]) -> Self {
        Self::OneOf(words.map(str::to_owned).to_vec())
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneOf(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("«{word}»")).collect();
                return match quoted.as_slice() {
                    [all @ .., last] if !all.is_empty() => write!(f, "{} or {last}", all.join(", ")),
                    all => f.write_str(&all.concat()),
                };
            }
            Self::LineEnd => "the end of the line",
            Self::Name => "a name",
            Self::Text => "a text in quotation marks",
            Self::NumberWithUnit => "a number with a unit",
            Self::Unit => "a unit",
            Self::AnotherPart => "another part",
            Self::DisruptionPart => "a part of a disruption",
            Self::Power => "a whole power from 1 to 9",
            Self::Figure => "a figure",
        })
    }
}

/// What stands where something else is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Found {
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

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Written(written) => return write!(f, "«{written}»"),
            Self::Text => "a text",
            Self::LineEnd => "the end of the line",
            Self::Remark => "a remark",
            Self::List => "a list of them",
            Self::End => "the end of the model",
        })
    }
}

/// What a function takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Takes {
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

impl fmt::Display for Takes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Named(names) => return f.write_str(&names.join(", ")),
            Self::TwoOrMore => "two figures or more",
            Self::OverIndex => "figures over an index: «(… over …)»",
            Self::NoIndex(these) => return write!(f, "no index; these do: {}", these.join(", ")),
            Self::WithProbabilities => "values with their probabilities: «1 day: 80 %, 5 days: 20 %»",
            Self::Seen => "figures that were seen",
        })
    }
}

/// What there may be too many of.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
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

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Statements => "statements",
            Self::Levels => "levels of brackets",
            Self::Members => "members of an index",
            Self::Cells => "figures under one name",
            Self::Steps => "steps of time",
            Self::Options => "combinations of options",
            Self::Figures => "figures in a list",
            Self::Trials => "trials",
        })
    }
}

/// What kind of value is wanted.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A number.
    Number,
    /// Yes or no.
    YesOrNo,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a number",
            Self::YesOrNo => "yes or no",
        })
    }
}

/// Why a figure is outside of what it may be.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RangeFault {
    /// A range that ends before it begins.
    #[error("the first figure must lie below the second")]
    LowNotBelowHigh,
    /// A likeliest figure outside of least and most.
    #[error("the likeliest figure must lie between the least and the most")]
    ModeOutside,
    /// A figure that must be above zero.
    #[error("this must be above zero")]
    NotAboveZero,
    /// A figure that must not be below zero.
    #[error("this must not be below zero")]
    BelowZero,
    /// A probability that is none.
    #[error("a probability lies between 0 and 100 %")]
    NoProbability,
    /// Probabilities that are not whole together.
    #[error("these probabilities are not 100 % together")]
    NotWhole,
    /// A correlation that is none.
    #[error("a correlation lies between -1 and 1")]
    NoCorrelation,
    /// Too large to be drawn one by one.
    #[error("this is too large to be counted one by one; «normal» with the same mean is as good")]
    TooLarge,
    /// A figure that is asked for within bounds, and lies outside.
    #[error("this lies outside of what is asked for")]
    Outside,
    /// A step that is longer than the horizon.
    #[error("a step must be shorter than the horizon")]
    StepTooLong,
}

/// A fault at a place.
pub(super) fn fault<T>(place: Place, fault: Fault) -> Result<T, ModelFault> {
    Err(ModelFault { place, fault })
}
