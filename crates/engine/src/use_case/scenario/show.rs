//! Scenarios as lists show them, and one with all on it.

use millwright_documents::ScenarioDraft;
use millwright_local_db::Session;
use millwright_model::*;

use super::draft::{Reading, document};
use super::{convert, signpost};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::document::text_of;

pub(crate) async fn list(
    engine: &Inner,
    _command: ScenarioList,
) -> Result<Vec<ScenarioOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let crossings = session.open_crossings().await?;
    let mut overviews = Vec::new();
    for scenario in session.scenarios().await? {
        let scenario_id = scenario.scenario_id;
        let (_, written_at) = session.mark_of_document(scenario_id.0).await?;
        overviews.push(ScenarioOverview {
            written_at: TimestampMs(written_at.max(scenario.created_at.0)),
            decided_at: session.decided_at(scenario_id).await?,
            signpost_count: session.signposts_of(scenario_id).await?.len() as u32,
            crossed_count: crossings.iter().filter(|one| one.scenario_id == scenario_id).count() as u32,
            scenario,
        });
    }
    overviews.sort_by_key(|overview| {
        (std::cmp::Reverse(overview.crossed_count.min(1)), std::cmp::Reverse(overview.written_at))
    });
    Ok(overviews)
}

pub(crate) async fn show(engine: &Inner, command: ScenarioShow) -> Result<ScenarioView, EngineError> {
    let mut session = engine.database.read().await?;
    let scenario: Option<Scenario> = session.get(command.scenario_id).await?;
    let scenario = scenario.ok_or(EngineError::NotFound(Missing::Scenario))?;
    let (draft, updates) = document(&mut session, scenario.scenario_id).await?;
    view(engine, &mut session, scenario, &draft, &updates).await
}

/// What people call what a figure is bound to.
async fn bound(session: &mut Session, driver: ScenarioDriver) -> Result<Option<ScenarioBound>, EngineError> {
    Ok(match driver {
        ScenarioDriver::Tag { tag_binding_id, .. } => session
            .get::<TagBinding>(tag_binding_id)
            .await?
            .map(|tag| ScenarioBound { name: tag.name, asset_id: Some(tag.asset_id) }),
        ScenarioDriver::Stock { part_id, .. } => session
            .get::<Part>(part_id)
            .await?
            .map(|part| ScenarioBound { name: format!("{} {}", part.number, part.name), asset_id: None }),
    })
}

/// A scenario with all on it.
pub(super) async fn view(
    engine: &Inner,
    session: &mut Session,
    scenario: Scenario,
    draft: &ScenarioDraft,
    updates: &[DocumentUpdate],
) -> Result<ScenarioView, EngineError> {
    let text = draft.text();
    let mut drivers = Vec::new();
    for (name, driver) in draft.drivers() {
        let bound = bound(session, driver).await?;
        drivers.push((name, driver, bound));
    }
    let reading = Reading::of(&text);
    let model = reading.model.as_ref();
    let name = |person| engine.people.name(person);
    let mut decided = Vec::new();
    for decision in session.decisions_of(scenario.scenario_id).await? {
        decided.push(ScenarioDecisionView {
            decided_by: name(decision.decided_by),
            owner: name(decision.owner),
            outcomes: session.outcomes_of(decision.scenario_decision_id).await?,
            decision,
        });
    }
    let baselines = session.baselines_of(scenario.scenario_id).await?;
    let baselines = baselines.into_iter().map(|baseline| ScenarioBaselineView {
        scenario_baseline_id: baseline.scenario_baseline_id,
        taken_at: baseline.taken_at,
        taken_by: name(baseline.taken_by),
    });
    Ok(ScenarioView {
        version: text_of(&draft.version()),
        twice: reading.twice(),
        questions: model.map_or_else(Vec::new, |model| {
            let asked = model.questions().into_iter();
            asked.map(|question| convert::question(engine, question, &drivers)).collect()
        }),
        decisions: model.map_or_else(Vec::new, |model| {
            let decisions = model.decisions().into_iter();
            decisions
                .map(|decision| ScenarioQuestionToDecide { name: decision.name, options: decision.options })
                .collect()
        }),
        results: model.map_or_else(Vec::new, |model| {
            model.result_names().into_iter().map(|name| ScenarioResultName { name }).collect()
        }),
        figures: model
            .map_or_else(Vec::new, |model| model.figures().into_iter().map(convert::figure).collect()),
        signposts: signpost::of_scenario(engine, session, scenario.scenario_id).await?,
        baselines: baselines.collect(),
        decided,
        narratives: draft.narratives(),
        places: draft.places(),
        written_at: updates.iter().map(|update| update.written_at).max().unwrap_or(scenario.created_at),
        fault: reading.fault,
        scenario,
        text,
    })
}
