//! What is shown of scenarios, what is written in them, and what is asked of them.

use serde::{Deserialize, Serialize};

use crate::{
    AssetId, PartId, Quantity, Scenario, ScenarioBaselineId, ScenarioChoice, ScenarioDecision,
    ScenarioOutcome, ScenarioTextWrong, Signpost, SignpostCrossing, SupplierId, TagBindingId, TagState,
    TimestampMs,
};

/// A model that scenarios begin from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioTemplate {
    /// Its key (`key-supplier`).
    pub key: String,
    /// What it is called, in the language that was asked for.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// How many questions it asks.
    pub question_count: u32,
}

/// A line of the list of scenarios.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioOverview {
    /// The scenario.
    pub scenario: Scenario,
    /// When it was written last.
    pub written_at: TimestampMs,
    /// The newest decision.
    pub decided_at: Option<TimestampMs>,
    /// How many signposts are set.
    pub signpost_count: u32,
    /// How many are crossed, and nobody has looked at it.
    pub crossed_count: u32,
}

/// What kind of source a figure comes from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioOriginKind {
    /// A tag of the plant.
    Tag,
    /// The plant's ERP.
    Erp,
    /// A file.
    File,
    /// A person said so.
    Person,
    /// It is assumed.
    Assumption,
}

/// Where a figure comes from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioOrigin {
    /// What kind of source.
    pub kind: ScenarioOriginKind,
    /// Which one, and of when.
    pub of: String,
}

/// An answer, in the question's unit.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ScenarioAnswer {
    /// One figure.
    Figure {
        /// Which.
        value: f64,
    },
    /// Ninety per cent lie between.
    Between {
        /// The lower one.
        low: f64,
        /// The upper one.
        high: f64,
    },
    /// Yes or no.
    YesOrNo {
        /// Which.
        yes: bool,
    },
    /// Nobody knows: as wide as is taken for an answer, or much wider than it was.
    Unknown,
    /// Something else, in the language of models.
    Other {
        /// What.
        formula: String,
    },
}

/// What a figure is taken from when the baseline is frozen.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ScenarioDriver {
    /// A tag: its range over the last days, or its newest value.
    Tag {
        /// Which.
        tag_binding_id: TagBindingId,
        /// Over how many days; 0 for its newest value alone.
        days: u32,
        /// One of the tag's unit is so many of the question's.
        times: f64,
    },
    /// The stock of a part, over all places.
    Stock {
        /// Which.
        part_id: PartId,
        /// One piece is so many of the question's unit.
        times: f64,
    },
}

/// What people call what a figure is bound to, and where it is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioBound {
    /// A tag's name, or a part's number and name.
    pub name: String,
    /// The tag's machine.
    pub asset_id: Option<AssetId>,
}

/// A question that a scenario asks.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioQuestion {
    /// The figure's name in the model.
    pub name: String,
    /// The question.
    pub question: String,
    /// What it is answered in.
    pub unit: String,
    /// What is answered so far.
    pub answer: ScenarioAnswer,
    /// The least that is taken for an answer.
    pub least: Option<f64>,
    /// The most that is taken for an answer.
    pub most: Option<f64>,
    /// Where the answer comes from.
    pub origin: Option<ScenarioOrigin>,
    /// What it is bound to.
    pub driver: Option<ScenarioDriver>,
    /// What people call that.
    pub bound_to: Option<ScenarioBound>,
    /// When it was answered last: nothing for what the template said.
    pub answered_at: Option<TimestampMs>,
    /// By whom, as they are called.
    pub answered_by: Option<String>,
}

/// Something to decide.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioQuestionToDecide {
    /// Its name in the model.
    pub name: String,
    /// Its options, as they are called.
    pub options: Vec<String>,
}

/// What a figure of a model is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioFigureKind {
    /// Given as it is.
    Given,
    /// Comes by chance.
    Chance,
    /// Made of others.
    Formula,
    /// Carried from step to step of time.
    Stock,
    /// To be decided.
    Decision,
    /// May go wrong.
    Disruption,
    /// Asked for.
    Result,
}

/// A figure of a model, as the diagram shows it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioFigure {
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: ScenarioFigureKind,
    /// What it is, in the language of models.
    pub value: String,
    /// Its whole statement.
    pub says: String,
    /// What is remarked on it.
    pub remarks: Vec<String>,
    /// Where it comes from.
    pub origin: Option<ScenarioOrigin>,
    /// The figures that it is made of.
    pub made_of: Vec<String>,
}

/// Where a figure stands in the diagram that somebody moved there.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioPlace {
    /// The figure.
    pub name: String,
    /// From the left, in pixels at full size.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

impl ScenarioPlace {
    /// As far from the corner as a figure may stand.
    pub const MOST: i32 = 20_000;
}

/// Where a model is wrong.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioTextFault {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The figure that is told there, where there is one.
    pub name: Option<String>,
    /// What is wrong, in English.
    pub says: String,
    /// What is wrong.
    pub wrong: Box<ScenarioTextWrong>,
}

/// A result of a model.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioResultName {
    /// Its name, with its members in brackets where it has some.
    pub name: String,
}

/// Two people told the same figure without knowing of each other: one of both is to be kept.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioTwice {
    /// The figure's name.
    pub name: String,
    /// The lines that tell it, from 1, with what they say.
    pub lines: Vec<(u32, String)>,
}

/// A signpost as it stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignpostView {
    /// The signpost.
    pub signpost: Signpost,
    /// The tag with its newest value, while it is bound.
    pub tag: Option<TagState>,
    /// The crossing that nobody has looked at.
    pub crossing: Option<SignpostCrossing>,
}

/// A baseline, without its text.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioBaselineView {
    /// Which.
    pub scenario_baseline_id: ScenarioBaselineId,
    /// When it was frozen.
    pub taken_at: TimestampMs,
    /// By whom, as they are called.
    pub taken_by: Option<String>,
}

/// A decision with names.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioDecisionView {
    /// The decision.
    pub decision: ScenarioDecision,
    /// Who decided, as they are called.
    pub decided_by: Option<String>,
    /// Who sees to it, as they are called.
    pub owner: Option<String>,
    /// What came of it.
    pub outcomes: Vec<ScenarioOutcome>,
}

/// One scenario with all on it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioView {
    /// The scenario.
    pub scenario: Scenario,
    /// The model's text.
    pub text: String,
    /// The moment of its writing, for [`ScenarioEdit::Text`].
    pub version: String,
    /// What is wrong with it: then what follows is of the last time at which it was right.
    pub fault: Option<ScenarioTextFault>,
    /// Figures that are told more than once.
    pub twice: Vec<ScenarioTwice>,
    /// What it asks.
    pub questions: Vec<ScenarioQuestion>,
    /// What is to be decided.
    pub decisions: Vec<ScenarioQuestionToDecide>,
    /// Its results.
    pub results: Vec<ScenarioResultName>,
    /// Its figures.
    pub figures: Vec<ScenarioFigure>,
    /// Where figures stand in the diagram that somebody moved.
    pub places: Vec<ScenarioPlace>,
    /// Its signposts.
    pub signposts: Vec<SignpostView>,
    /// Its frozen baselines, newest first.
    pub baselines: Vec<ScenarioBaselineView>,
    /// Its decisions, newest first.
    pub decided: Vec<ScenarioDecisionView>,
    /// Stories that people wrote for how things may go, by the axis or option that they are about.
    pub narratives: Vec<ScenarioNarrative>,
    /// When it was written last.
    pub written_at: TimestampMs,
}

/// A story for one way in which things may go.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioNarrative {
    /// What it is about: two figures' names with their ends (`demand high, price low`), or an option.
    pub about: String,
    /// The story.
    pub text: String,
}

/// What somebody writes in a scenario.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum ScenarioEdit {
    /// Answers a question.
    Answer {
        /// The figure.
        name: String,
        /// The answer.
        answer: ScenarioAnswer,
        /// Where it comes from; nothing for the person who says it.
        origin: Option<ScenarioOrigin>,
    },
    /// Keeps one of the lines that tell a figure more than once.
    KeepLine {
        /// The figure.
        name: String,
        /// The line that stays, as it reads.
        says: String,
    },
    /// Says what a figure is, in the language of models.
    Value {
        /// The figure.
        name: String,
        /// What it is.
        formula: String,
    },
    /// Makes a figure anew, under the name that it has.
    Define {
        /// The figure.
        name: String,
        /// Its whole statement.
        says: String,
    },
    /// Adds a figure.
    Add {
        /// Its whole statement.
        says: String,
    },
    /// Calls a figure something else, wherever it is named.
    Rename {
        /// The figure.
        name: String,
        /// What it is called from now on.
        to: String,
    },
    /// Takes a figure out that nothing else is made of.
    Remove {
        /// The figure.
        name: String,
    },
    /// Moves a figure in the diagram, or gives it back to where it falls.
    Place {
        /// The figure.
        name: String,
        /// From the left and from the top, in pixels at full size.
        at: Option<(i32, i32)>,
    },
    /// Writes the model anew. What others wrote meanwhile in other lines stays.
    Text {
        /// The moment that the author saw: [`ScenarioView::version`].
        version: String,
        /// The text as it is to be.
        text: String,
    },
    /// Binds a figure to what it is taken from, or frees it.
    Drive {
        /// The figure.
        name: String,
        /// From what.
        driver: Option<ScenarioDriver>,
    },
    /// Tells a story; an empty one is taken out.
    Narrative {
        /// What it is about.
        about: String,
        /// The story.
        text: String,
    },
}

/// An answer that is tried out and not written.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioTry {
    /// The figure.
    pub name: String,
    /// The answer.
    pub answer: ScenarioAnswer,
}

/// What one option comes to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioOption {
    /// What is chosen; nothing where nothing is to be decided.
    pub choice: Vec<ScenarioChoice>,
    /// The mean of the result.
    pub mean: f64,
    /// What the mean may be off by: one standard error.
    pub mean_error: f64,
    /// One in twenty lies below.
    pub p5: f64,
    /// One half lies below.
    pub p50: f64,
    /// One in twenty lies above.
    pub p95: f64,
    /// How often it lies above each of [`ScenarioPicture::limits`].
    pub exceedance: Vec<f64>,
    /// How its trials spread over the stretches between [`ScenarioPicture::limits`]: shares.
    pub shares: Vec<f64>,
    /// By how much its mean is better than that of the first option.
    pub better_by: f64,
    /// The share of trials in which no other option is better.
    pub best_share: f64,
    /// What it misses on average, against the best option of each trial.
    pub regret_mean: f64,
    /// What it misses at most.
    pub regret_most: f64,
    /// The means of all results, in the order of [`ScenarioView::results`].
    pub means: Vec<f64>,
}

/// What a scenario's trials come out as.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioPicture {
    /// The result.
    pub result: String,
    /// What it is read in.
    pub unit: String,
    /// Whether it is yes or no: then its mean is how probable yes is.
    pub is_truth: bool,
    /// Whether less of it is better; nothing where the model does not say.
    pub lower_is_better: Option<bool>,
    /// How many trials.
    pub trials: u64,
    /// Figures in even steps, from the least to the greatest that matters.
    pub limits: Vec<f64>,
    /// The options, in the order of the text.
    pub options: Vec<ScenarioOption>,
    /// The option with the best mean.
    pub best: u32,
    /// The option with the least greatest regret.
    pub least_regret: u32,
    /// What it would be worth to know all chances before deciding.
    pub perfect_information: f64,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

/// How much one figure bears on a result.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioInfluence {
    /// The figure's name, with its members in brackets where it has some.
    pub name: String,
    /// The question that asks for it.
    pub question: Option<String>,
    /// The result where this figure is low (a tenth lies below), all others at their medians.
    pub at_low: f64,
    /// The result where this figure is high (a tenth lies above), all others at their medians.
    pub at_high: f64,
    /// How the ranks of both go together, from -1 to 1.
    pub rank_correlation: f64,
    /// The share of the result's variance that this figure alone is the cause of.
    pub first_order: f64,
    /// The share that goes where this figure is known.
    pub total: f64,
}

/// One of four ways in which two figures may turn out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioWorld {
    /// Whether the figure across is high in it.
    pub is_across_high: bool,
    /// Whether the figure upwards is.
    pub is_up_high: bool,
    /// What the figure across is, in its question's unit.
    pub across: f64,
    /// What the figure upwards is.
    pub up: f64,
    /// What its story is kept under: [`ScenarioNarrative::about`].
    pub about: String,
    /// What each option comes to.
    pub options: Vec<ScenarioWorldOption>,
    /// The option with the best mean.
    pub best: u32,
}

/// What an option comes to in one of four worlds.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioWorldOption {
    /// What is chosen.
    pub choice: Vec<ScenarioChoice>,
    /// The mean of the result.
    pub mean: f64,
    /// One in twenty lies below.
    pub p5: f64,
    /// One in twenty lies above.
    pub p95: f64,
}

/// A change of a model, and what it did.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioChange {
    /// What changed.
    pub name: String,
    /// As it was; nothing where it is new.
    pub before: Option<String>,
    /// As it is; nothing where it is gone.
    pub after: Option<String>,
    /// By how much it moved the mean of the result.
    pub moved: f64,
}

/// What changed since a moment.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioChanges {
    /// The moment.
    pub since: TimestampMs,
    /// The result.
    pub result: String,
    /// What it is read in.
    pub unit: String,
    /// Its mean then.
    pub mean_before: f64,
    /// Its mean now.
    pub mean_after: f64,
    /// The changes.
    pub changes: Vec<ScenarioChange>,
}

/// What a frozen baseline took from the plant.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioFrozen {
    /// The baseline.
    pub scenario_baseline_id: ScenarioBaselineId,
    /// Figures that were taken from the plant or the ERP.
    pub taken: Vec<String>,
    /// Figures that are bound, and had nothing to take: they stay as they were.
    pub left: Vec<ScenarioLeft>,
}

/// A bound figure that stayed as it was.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioLeft {
    /// The figure.
    pub name: String,
    /// Why.
    pub why: ScenarioLeftWhy,
}

/// Why a bound figure stayed as it was.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioLeftWhy {
    /// The tag has no value, or none that is good and new.
    NoValue,
    /// What it is bound to is gone.
    Gone,
    /// It lies outside of what is taken for an answer.
    OutOfRange,
    /// The model does not ask for it any more.
    NotAsked,
}

/// What a scenario of supply is about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ScenarioSubject {
    /// All that a supplier offers.
    Supplier {
        /// Which.
        supplier_id: SupplierId,
    },
    /// One part, whose first supplier it is about.
    Part {
        /// Which.
        part_id: PartId,
    },
}

impl ScenarioSubject {
    /// For how many weeks the stock lasts.
    pub const STOCK_REACH: &str = "stock_reach";
    /// What share can be bought elsewhere at once.
    pub const ELSEWHERE: &str = "elsewhere";
    /// How long until somebody else delivers as much as is needed.
    pub const RAMP_UP: &str = "ramp_up";
    /// The figures that the store can answer, by the names that they have in templates.
    pub const FIGURES: [&str; 3] = [Self::STOCK_REACH, Self::ELSEWHERE, Self::RAMP_UP];
}

/// What the store knew for a scenario, and what it did not.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioFilled {
    /// Figures that were answered.
    pub filled: Vec<String>,
    /// Figures that people, a tag or a file had answered: they stay.
    pub stays: Vec<String>,
    /// What nobody has said yet, and the store does not know.
    pub missing: Vec<ScenarioMissing>,
    /// The parts that were looked at: what only one supplier offers first.
    pub parts: Vec<ScenarioPart>,
}

/// A figure that is missing.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioMissing {
    /// The figure.
    pub name: String,
    /// Its question.
    pub question: String,
    /// Why.
    pub why: ScenarioMissingWhy,
}

/// Why a figure is missing.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioMissingWhy {
    /// Nothing of the kind is kept here: somebody has to say.
    NotKept,
    /// No part is known of it.
    NoPart,
    /// No stock is known of its parts.
    NoStock,
    /// None of its parts was used within a year.
    NoUse,
    /// Nobody else offers its parts.
    NoOtherOffer,
    /// What was found lies outside of what is taken for an answer.
    OutOfRange,
}

/// A part that a scenario is about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioPart {
    /// Which.
    pub part_id: PartId,
    /// Its number.
    pub number: String,
    /// What it is.
    pub name: String,
    /// How many are on stock; nothing where no stock is known.
    pub on_hand: Option<Quantity>,
    /// How many were used within a year.
    pub used_in_a_year: Quantity,
    /// Whether nobody else offers it.
    pub single_source: bool,
    /// The codes of the machines it is built into.
    pub machines: Vec<String>,
}
