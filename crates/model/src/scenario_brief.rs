//! A scenario in two pages, as it is told to people who were not there, and its assumptions as rows of a file.

use serde::{Deserialize, Serialize};

use crate::{
    CivilDate, RowFault, ScenarioAnswer, ScenarioChoice, ScenarioInfluence, ScenarioOrigin, ScenarioOutcome,
    ScenarioPicture, SignpostSide, TimestampMs,
};

/// A scenario as a brief tells it: what comes of each option, what moves it most, what was decided, and on which assumptions.
/// It holds names of people as they are called, never their ids.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioBrief {
    /// What people call the scenario.
    pub name: String,
    /// What it is about, as its text says at its head; empty where it says nothing.
    pub question: String,
    /// Whose it is: the plant.
    pub plant: String,
    /// When the brief was made.
    pub made_at: TimestampMs,
    /// The newest frozen baseline, where there is one.
    pub baseline: Option<BriefBaseline>,
    /// What the trials came out as, by the result that options are compared by.
    pub picture: ScenarioPicture,
    /// That result where all figures that come by chance are at their medians, under the first option of every decision.
    pub at_medians: Option<f64>,
    /// What that result hangs on, the strongest first.
    pub influences: Vec<ScenarioInfluence>,
    /// The newest decision, where something was decided.
    pub decided: Option<BriefDecision>,
    /// The signposts that are set.
    pub signposts: Vec<BriefSignpost>,
    /// All figures that are put in: those that are asked for in the order of the text, then the others.
    pub assumptions: Vec<BriefAssumption>,
}

/// When a scenario's baseline was frozen, and by whom.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefBaseline {
    /// When.
    pub taken_at: TimestampMs,
    /// By whom, as they are called.
    pub taken_by: Option<String>,
}

/// A decision with names.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefDecision {
    /// What is chosen.
    pub choice: Vec<ScenarioChoice>,
    /// Why.
    pub reason: String,
    /// Who sees to it, as they are called.
    pub owner: Option<String>,
    /// When it is looked at again.
    pub review_on: Option<CivilDate>,
    /// When it was decided.
    pub decided_at: TimestampMs,
    /// By whom, as they are called.
    pub decided_by: Option<String>,
    /// What came of it.
    pub outcomes: Vec<BriefOutcome>,
}

/// What came of a result after a decision.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefOutcome {
    /// The result's name.
    pub result: String,
    /// What it is read in.
    pub unit: String,
    /// What came.
    pub came: f64,
    /// Whether it lies where 90 % were expected.
    pub is_within_ninety_percent: bool,
    /// When it was told.
    pub told_at: TimestampMs,
}

impl From<&ScenarioOutcome> for BriefOutcome {
    fn from(outcome: &ScenarioOutcome) -> Self {
        Self {
            result: outcome.result.clone(),
            unit: outcome.unit.clone(),
            came: outcome.came,
            is_within_ninety_percent: outcome.is_within_ninety_percent,
            told_at: outcome.told_at,
        }
    }
}

/// A signpost and how it stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefSignpost {
    /// What it means.
    pub name: String,
    /// What people call the tag, while it is bound.
    pub tag: Option<String>,
    /// On which side of the threshold the scenario comes true.
    pub side: SignpostSide,
    /// The threshold, in `unit`.
    pub threshold: f64,
    /// The tag's unit; empty where it is not known.
    pub unit: String,
    /// For how long it must stay there, in milliseconds.
    pub holds_ms: i64,
    /// When it was crossed, where nobody has looked at it yet.
    pub crossed_at: Option<TimestampMs>,
}

/// A figure that is put in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefAssumption {
    /// Its name in the model.
    pub name: String,
    /// The question that asks for it; empty where it is not asked.
    pub question: String,
    /// What is answered, in `unit`; for a figure that is not asked, what it is in the language of models.
    pub answer: ScenarioAnswer,
    /// What it is answered in; empty where the answer says it.
    pub unit: String,
    /// Where it comes from.
    pub origin: Option<ScenarioOrigin>,
    /// When it was answered last, where a person did.
    pub answered_at: Option<TimestampMs>,
    /// By whom, as they are called.
    pub answered_by: Option<String>,
    /// What is remarked on it in the text.
    pub remarks: Vec<String>,
}

/// What a file of assumptions would change, or did.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScenarioSheetReport {
    /// The figures that are answered anew, by their names.
    pub answered: Vec<String>,
    /// How many rows say what stands there already, or nothing.
    pub same: u32,
    /// Rows that are not taken: they change nothing.
    pub refused: Vec<ScenarioRowRefusal>,
}

/// A row of a file of assumptions that is not taken.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioRowRefusal {
    /// Its number in the file.
    pub row: u32,
    /// The column's letter.
    pub column: String,
    /// Why.
    pub fault: ScenarioRowFault,
}

impl std::fmt::Display for ScenarioRowRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}: {}", self.column, self.row, self.fault)
    }
}

/// Why a row of a file of assumptions is not taken.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ScenarioRowFault {
    /// A cell cannot be read.
    #[error("{fault}")]
    Cell {
        /// Why.
        fault: RowFault,
    },
    /// The model asks for no such figure.
    #[error("the model does not ask for «{name}»")]
    NoQuestion {
        /// What stands there.
        name: String,
    },
    /// The question is answered in another unit.
    #[error("it is answered in {unit} here, not in {given}")]
    OtherUnit {
        /// The question's unit.
        unit: String,
        /// What stands there.
        given: String,
    },
    /// The model is wrong with this answer.
    #[error("{says}")]
    Model {
        /// What is wrong, in English.
        says: String,
    },
}

/// As what a brief is written.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BriefForm {
    /// Two pages on paper.
    Pdf,
    /// Slides.
    Pptx,
    /// Text.
    Markdown,
    /// For programs.
    Json,
    /// The assumptions alone, as a workbook that can be taken in again.
    Xlsx,
}

impl BriefForm {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Pptx, Self::Xlsx, Self::Markdown, Self::Json];

    /// What ends the file's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Pptx => "pptx",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }
}
