//! The brief of a scenario: two pages for people who were not there, as PDF, slides, Markdown and JSON, and its assumptions as
//! rows of a workbook that go out and come in again. All of it is made of views alone.

mod deck;
mod json;
mod markdown;
mod page;
mod picture;
mod say;
mod sheet;
mod words;

pub use deck::pptx;
pub use json::json;
pub use markdown::markdown;
pub(super) use markdown::{escaped, fact, table};
pub use page::pdf;
pub use sheet::{Brought, bring_assumptions, write_assumptions};

use millwright_model::*;

/// What is told of options on a page, at most.
const OPTIONS_MAX: usize = 8;
/// What is told of what moves a result, at most.
const INFLUENCES_MAX: usize = 8;

/// Why a brief is not written.
#[derive(Debug, thiserror::Error)]
pub enum BriefFault {
    /// The document cannot be written.
    #[error(transparent)]
    Paper(#[from] millwright_paper::PaperFault),
    /// The deck cannot be written.
    #[error(transparent)]
    Slides(#[from] millwright_slides::SlidesFault),
    /// The workbook cannot be written or read.
    #[error(transparent)]
    Sheet(#[from] millwright_sheet::SheetFault),
    /// The text cannot be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A model is wrong at a place.
    #[error(transparent)]
    Model(#[from] millwright_methods::scenario::ModelFault),
    /// A file of assumptions lacks a column.
    #[error("the file has no column «{column}»")]
    ColumnMissing {
        /// Its name.
        column: String,
    },
}

/// For whom a brief is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The language, a BCP 47 tag: German, or English for every other.
    pub language: String,
    /// The zone of the plant's clock, by its name.
    pub zone: String,
}

/// Where a brief stands: the plant, the moment, and what its result comes to where nothing is left to chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Occasion {
    /// Whose it is.
    pub plant: String,
    /// When it is made.
    pub made_at: TimestampMs,
    /// The result where all figures that come by chance are at their medians.
    pub at_medians: Option<f64>,
}

/// The brief of a scenario, from what is shown of it.
pub fn brief(
    view: &ScenarioView,
    picture: ScenarioPicture,
    influences: Vec<ScenarioInfluence>,
    occasion: Occasion,
) -> ScenarioBrief {
    ScenarioBrief {
        name: view.scenario.name.clone(),
        question: about(&view.text),
        plant: occasion.plant,
        made_at: occasion.made_at,
        baseline: view.baselines.first().map(|baseline| BriefBaseline {
            taken_at: baseline.taken_at,
            taken_by: baseline.taken_by.clone(),
        }),
        picture,
        at_medians: occasion.at_medians.filter(|value| value.is_finite()),
        influences,
        decided: view.decided.first().map(decision),
        signposts: view
            .signposts
            .iter()
            .filter(|view| view.signpost.ended_at.is_none())
            .map(signpost)
            .collect(),
        assumptions: assumptions(view),
    }
}

/// What a model's text says of itself: the remark at its head.
fn about(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    lines.map(|line| line.trim_start_matches('#').trim()).collect::<Vec<_>>().join(" ")
}

fn decision(view: &ScenarioDecisionView) -> BriefDecision {
    let decision = &view.decision;
    BriefDecision {
        choice: decision.choice.clone(),
        reason: decision.reason.clone(),
        owner: view.owner.clone(),
        review_on: decision.review_on,
        decided_at: decision.decided_at,
        decided_by: view.decided_by.clone(),
        outcomes: view.outcomes.iter().map(BriefOutcome::from).collect(),
    }
}

fn signpost(view: &SignpostView) -> BriefSignpost {
    let signpost = &view.signpost;
    BriefSignpost {
        name: signpost.name.clone(),
        tag: view.tag.as_ref().map(|tag| tag.binding.name.clone()),
        side: signpost.side,
        threshold: signpost.threshold,
        unit: view.tag.as_ref().map(|tag| tag.binding.unit.clone()).unwrap_or_default(),
        holds_ms: signpost.holds_ms,
        crossed_at: view.crossing.as_ref().map(|crossing| crossing.crossed_at),
    }
}

/// All figures that are put in: those that are asked for, then those that the text gives without asking.
fn assumptions(view: &ScenarioView) -> Vec<BriefAssumption> {
    let remarks = |name: &str| {
        let figure = view.figures.iter().find(|figure| figure.name == name);
        figure.map(|figure| figure.remarks.clone()).unwrap_or_default()
    };
    let asked = view.questions.iter().map(|question| BriefAssumption {
        name: question.name.clone(),
        question: question.question.clone(),
        answer: tidy(&question.answer),
        unit: question.unit.clone(),
        origin: question.origin.clone(),
        answered_at: question.answered_at,
        answered_by: question.answered_by.clone(),
        remarks: remarks(&question.name),
    });
    let is_put_in = |figure: &&ScenarioFigure| match figure.kind {
        // What is made of others is told by them.
        ScenarioFigureKind::Given | ScenarioFigureKind::Chance | ScenarioFigureKind::Disruption => {
            figure.made_of.is_empty() && view.questions.iter().all(|question| question.name != figure.name)
        }
        ScenarioFigureKind::Formula
        | ScenarioFigureKind::Stock
        | ScenarioFigureKind::Decision
        | ScenarioFigureKind::Result => false,
    };
    let told = view.figures.iter().filter(is_put_in).map(|figure| BriefAssumption {
        name: figure.name.clone(),
        question: String::new(),
        answer: ScenarioAnswer::Other { formula: figure.value.clone() },
        unit: String::new(),
        origin: figure.origin.clone(),
        answered_at: None,
        answered_by: None,
        remarks: figure.remarks.clone(),
    });
    asked.chain(told).collect()
}

/// An answer without what reckoning in base units left in its last digits.
fn tidy(answer: &ScenarioAnswer) -> ScenarioAnswer {
    match answer {
        ScenarioAnswer::Figure { value } => ScenarioAnswer::Figure { value: twelve_digits(*value) },
        ScenarioAnswer::Between { low, high } => {
            ScenarioAnswer::Between { low: twelve_digits(*low), high: twelve_digits(*high) }
        }
        ScenarioAnswer::YesOrNo { .. } | ScenarioAnswer::Unknown | ScenarioAnswer::Other { .. } => {
            answer.clone()
        }
    }
}

/// A figure to twelve digits that count: more than anybody gives.
fn twelve_digits(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// The options that are told, by their places: all of them, or the first, the best and that with the least regret among the
/// first so many, in the order of the text.
fn told_options(picture: &ScenarioPicture, most: usize) -> Vec<usize> {
    let count = picture.options.len();
    let mut told: Vec<usize> = vec![0, picture.best as usize, picture.least_regret as usize];
    told.extend(0..count);
    let mut kept: Vec<usize> = vec![];
    for place in told.into_iter().filter(|place| *place < count) {
        if kept.len() < most && !kept.contains(&place) {
            kept.push(place);
        }
    }
    kept.sort_unstable();
    kept
}
