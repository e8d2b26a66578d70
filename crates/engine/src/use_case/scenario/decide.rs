//! What was decided, on what, and how good the ranges were that it was decided on.

use std::collections::BTreeMap;

use millwright_methods::scenario::{Figures, Model, Watch, score};
use millwright_model::*;

use super::draft::{Reading, document};
use super::run::{chosen, run_of, seven};
use super::{convert, of_model, of_run, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, required_text};

/// The trials that a decision is written down with.
const TRIALS: usize = 100_000;

pub(crate) async fn decide(
    engine: &Inner,
    command: ScenarioDecide,
) -> Result<ScenarioDecisionId, EngineError> {
    let actor = actor(engine)?;
    let reason = required_text(&command.reason, Input::Reason, ScenarioDecision::REASON_CHARS)?;
    if let Some(owner) = command.owner
        && engine.people.get(owner).is_none()
    {
        return Err(EngineError::NotFound(Missing::Person));
    }
    let mut session = engine.database.read().await?;
    let scenario: Option<Scenario> = session.get(command.scenario_id).await?;
    let scenario = scenario.ok_or(EngineError::NotFound(Missing::Scenario))?;
    let (draft, _) = document(&mut session, scenario.scenario_id).await?;
    drop(session);
    let reading = Reading::of(&draft.text());
    let model = reading.model()?;
    let decisions = model.decisions();
    let by_name: BTreeMap<String, String> =
        command.choice.iter().map(|choice| (choice.decision.clone(), choice.option.clone())).collect();
    let choice = convert::choice(&decisions, &by_name);
    let text = reading.text.clone();
    let figures = figures_of(text.clone(), command.choice).await?;
    let expected = figures.iter().map(expected).collect();
    let mut unit = Unit::begin(engine, actor).await?;
    unit.need::<Scenario>(scenario.scenario_id, Missing::Scenario).await?;
    let decision = ScenarioDecision {
        scenario_decision_id: unit.mint(),
        scenario_id: scenario.scenario_id,
        text,
        choice,
        expected,
        reason,
        owner: command.owner,
        review_on: command.review_on,
        decided_at: unit.now,
        decided_by: engine.person(),
    };
    unit.create(&decision).await?;
    unit.stale(CacheTag::Scenarios);
    unit.commit().await?;
    Ok(decision.scenario_decision_id)
}

fn expected(figures: &Figures) -> ExpectedResult {
    let [_, p5, _, p50, _, p95, _] = seven(figures);
    ExpectedResult {
        name: convert::labelled(&figures.name, &figures.members),
        unit: figures.unit.clone(),
        is_truth: figures.is_truth,
        mean: figures.mean,
        p5,
        p50,
        p95,
    }
}

/// What a model comes out as under a choice, off the threads that answer people.
async fn figures_of(text: String, choice: Vec<ScenarioChoice>) -> Result<Vec<Figures>, EngineError> {
    let act = move || {
        let model = Model::read(&text).map_err(|fault| of_model(&fault))?;
        let run = run_of(TRIALS, chosen(&model, &choice)?);
        model.run(&run, &Watch::default()).map_err(|fault| of_run(&fault))
    };
    tokio::task::spawn_blocking(act).await.map_err(EngineError::internal)?
}

pub(crate) async fn outcome_tell(
    engine: &Inner,
    command: ScenarioOutcomeTell,
) -> Result<ScenarioOutcome, EngineError> {
    let actor = actor(engine)?;
    if !command.came.is_finite() {
        return Err(unfit(ScenarioFault::NoNumber { name: command.result }));
    }
    let mut session = engine.database.read().await?;
    let decision: Option<ScenarioDecision> = session.get(command.scenario_decision_id).await?;
    let decision = decision.ok_or(EngineError::NotFound(Missing::ScenarioDecision))?;
    drop(session);
    let figures = figures_of(decision.text.clone(), decision.choice.clone()).await?;
    let of = figures.iter().find(|one| convert::labelled(&one.name, &one.members) == command.result);
    let of = of.ok_or_else(|| unfit(ScenarioFault::NoResult { name: command.result.clone() }))?;
    let score = score(of, command.came);
    let mut unit = Unit::begin(engine, actor).await?;
    let outcome = ScenarioOutcome {
        scenario_outcome_id: unit.mint(),
        scenario_id: decision.scenario_id,
        scenario_decision_id: decision.scenario_decision_id,
        result: command.result,
        unit: of.unit.clone(),
        came: command.came,
        share_below: score.share_below,
        is_within_ninety_percent: score.is_within_ninety_percent,
        off: score.off,
        told_at: unit.now,
        told_by: engine.person(),
    };
    unit.create(&outcome).await?;
    unit.stale(CacheTag::Scenarios);
    unit.commit().await?;
    Ok(outcome)
}
