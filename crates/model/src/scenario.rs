//! Scenarios as records: the scenario, its frozen baselines, decisions, what came of them, signposts and their crossings.
//! The model's text is a document ([`crate::DocumentUpdate`]) that several people write.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{
    CivilDate, PersonId, ScenarioBaselineId, ScenarioDecisionId, ScenarioId, ScenarioOutcomeId,
    SignpostCrossingId, SignpostId, TagBindingId, TimestampMs,
};

/// A scenario: a model of what may happen and what could be done about it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its id: also that of the document in which its model is written.
    pub scenario_id: ScenarioId,
    /// What people call it.
    pub name: String,
    /// The language that it was begun in.
    pub language: String,
    /// When it was begun.
    pub created_at: TimestampMs,
    /// By whom.
    pub created_by: Option<PersonId>,
    /// When it was put away.
    pub ended_at: Option<TimestampMs>,
}
record!(Scenario, Scenario, scenario_id);

impl Scenario {
    /// The longest name, in characters.
    pub const NAME_CHARS: usize = 120;
}

/// A scenario's model as it stood when it was frozen: append-only.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioBaseline {
    /// Its id.
    pub scenario_baseline_id: ScenarioBaselineId,
    /// Of which scenario.
    pub scenario_id: ScenarioId,
    /// The model's text, with the plant's figures of that moment in it.
    pub text: String,
    /// When it was frozen.
    pub taken_at: TimestampMs,
    /// By whom.
    pub taken_by: Option<PersonId>,
}
record!(ScenarioBaseline, ScenarioBaseline, scenario_baseline_id);

/// An option of a decision.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioChoice {
    /// The decision's name in the model.
    pub decision: String,
    /// What the option is called.
    pub option: String,
}

/// What a result was expected to come out as.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpectedResult {
    /// The result's name in the model, with its members in brackets where it has some.
    pub name: String,
    /// What it is read in.
    pub unit: String,
    /// Whether it is yes or no: then its mean is how probable yes is.
    pub is_truth: bool,
    /// The mean.
    pub mean: f64,
    /// One in twenty lies below.
    pub p5: f64,
    /// One half lies below.
    pub p50: f64,
    /// One in twenty lies above.
    pub p95: f64,
}

/// What was decided, and on what: append-only.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioDecision {
    /// Its id.
    pub scenario_decision_id: ScenarioDecisionId,
    /// In which scenario.
    pub scenario_id: ScenarioId,
    /// The model's text as it was decided on.
    pub text: String,
    /// What is chosen.
    pub choice: Vec<ScenarioChoice>,
    /// What it was expected to come to.
    pub expected: Vec<ExpectedResult>,
    /// Why.
    pub reason: String,
    /// Who sees to it.
    pub owner: Option<PersonId>,
    /// When it is looked at again.
    pub review_on: Option<CivilDate>,
    /// When it was decided.
    pub decided_at: TimestampMs,
    /// By whom.
    pub decided_by: Option<PersonId>,
}
record!(ScenarioDecision, ScenarioDecision, scenario_decision_id);

impl ScenarioDecision {
    /// The longest reason, in characters.
    pub const REASON_CHARS: usize = 2_000;
}

/// What came of a result after a decision, and how good the range was: append-only.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioOutcome {
    /// Its id.
    pub scenario_outcome_id: ScenarioOutcomeId,
    /// In which scenario.
    pub scenario_id: ScenarioId,
    /// After which decision.
    pub scenario_decision_id: ScenarioDecisionId,
    /// The result's name.
    pub result: String,
    /// What it is read in.
    pub unit: String,
    /// What came.
    pub came: f64,
    /// The share of trials below what came.
    pub share_below: f64,
    /// Whether it lies where 90 % were expected.
    pub is_within_ninety_percent: bool,
    /// How far off the whole distribution was, in the result's unit (continuous ranked probability score).
    pub off: f64,
    /// When it was told.
    pub told_at: TimestampMs,
    /// By whom.
    pub told_by: Option<PersonId>,
}
record!(ScenarioOutcome, ScenarioOutcome, scenario_outcome_id);

/// On which side of its threshold a tag raises a scenario.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignpostSide {
    /// Above it.
    #[default]
    Above,
    /// Below it.
    Below,
}

impl SignpostSide {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Above, Self::Below];

    /// Whether a value lies on this side of a threshold.
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Above => value > threshold,
            Self::Below => value < threshold,
        }
    }
}

/// A sign that a scenario comes true: a tag that stays beyond a threshold.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signpost {
    /// Its id.
    pub signpost_id: SignpostId,
    /// Of which scenario.
    pub scenario_id: ScenarioId,
    /// What it means, in words.
    pub name: String,
    /// The tag that is watched.
    pub tag_binding_id: TagBindingId,
    /// On which side.
    pub side: SignpostSide,
    /// Of which figure, in the tag's unit.
    pub threshold: f64,
    /// For how long it must stay there, in milliseconds; 0 for the first sample.
    pub holds_ms: i64,
    /// When it was set.
    pub set_at: TimestampMs,
    /// By whom.
    pub set_by: Option<PersonId>,
    /// When it was taken away.
    pub ended_at: Option<TimestampMs>,
}
record!(Signpost, Signpost, signpost_id);

impl Signpost {
    /// The longest name, in characters.
    pub const NAME_CHARS: usize = 200;
    /// The longest time that a tag must stay beyond: a year.
    pub const HOLDS_MAX_MS: i64 = 366 * 86_400_000;
    /// The most of one scenario.
    pub const OF_SCENARIO_MAX: usize = 24;
}

/// That a signpost was crossed. Until somebody has looked at it, it asks for it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignpostCrossing {
    /// Its id, made of the signpost and how often it was crossed before: found twice, it is the same record.
    pub signpost_crossing_id: SignpostCrossingId,
    /// Which signpost.
    pub signpost_id: SignpostId,
    /// Of which scenario.
    pub scenario_id: ScenarioId,
    /// The value that was heard.
    pub value: f64,
    /// When it was sampled.
    pub crossed_at: TimestampMs,
    /// When somebody had looked at it.
    pub seen_at: Option<TimestampMs>,
    /// Who.
    pub seen_by: Option<PersonId>,
}
record!(SignpostCrossing, SignpostCrossing, signpost_crossing_id);
