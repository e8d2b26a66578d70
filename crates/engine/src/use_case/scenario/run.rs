//! Trials: options compared while somebody drags a slider, what a result hangs on, and what a change did.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use millwright_methods::scenario::{
    self as language, Better, Comparison, Figures, Model, Run, RunFault, Session as Trials, Spread, Watch,
};
use millwright_model::*;

use super::draft::{Reading, document, of_updates};
use super::{convert, of_model, of_run, unfit};
use crate::EngineError;
use crate::engine::Inner;

/// The most trials of a run: their figures are held in memory.
pub(super) const TRIALS_MAX: u32 = 1_000_000;
/// The most trials for each run of what a result hangs on: it takes two for each figure that comes by chance.
const INFLUENCE_TRIALS_MAX: u32 = 100_000;
/// The most answers that are tried out at once.
const TRIES_MAX: usize = 64;
/// The trials by which changes are told from each other.
const CHANGE_TRIALS: usize = 20_000;
/// What all chance of scenarios follows from: the same for each, so that a figure that stays is the same figure.
const SEED: u64 = 1;
/// Stretches of a result that a picture tells apart.
const STRETCHES: usize = 60;
/// So many scenarios are held ready: the columns of one may take 400 MB.
const READY_MAX: usize = 1;

/// Scenarios that are being tried out: what is known of their trials, and which run is under way.
#[derive(Default)]
pub(crate) struct Calculations(Mutex<Vec<Ready>>);

struct Ready {
    scenario_id: ScenarioId,
    /// The document's mark and its effective text.
    text: Option<((i64, i64), Arc<str>)>,
    trials: Arc<Mutex<Trials>>,
    under_way: Arc<Watch>,
}

impl Calculations {
    /// The trials of a scenario, and a watch under which they are run: it ends the run before.
    fn take_turn(&self, scenario_id: ScenarioId) -> (Arc<Mutex<Trials>>, Arc<Watch>) {
        self.with(scenario_id, |ready| {
            ready.under_way.is_cancelled.store(true, Ordering::Relaxed);
            ready.under_way = Arc::default();
            (ready.trials.clone(), ready.under_way.clone())
        })
    }

    fn known_text(&self, scenario_id: ScenarioId, mark: (i64, i64)) -> Option<Arc<str>> {
        self.with(scenario_id, |ready| {
            ready.text.as_ref().filter(|(known, _)| *known == mark).map(|(_, text)| text.clone())
        })
    }

    fn keep_text(&self, scenario_id: ScenarioId, mark: (i64, i64), text: Arc<str>) {
        self.with(scenario_id, |ready| ready.text = Some((mark, text)));
    }

    /// What is ready of a scenario; the one that was asked for last is at the end.
    fn with<T>(&self, scenario_id: ScenarioId, act: impl FnOnce(&mut Ready) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter().position(|ready| ready.scenario_id == scenario_id);
        let mut ready = match known {
            Some(at) => all.remove(at),
            None => Ready { scenario_id, text: None, trials: Arc::default(), under_way: Arc::default() },
        };
        if all.len() >= READY_MAX {
            all.remove(0);
        }
        let answer = act(&mut ready);
        all.push(ready);
        answer
    }
}

/// The text of a scenario, as far as it can be read.
pub(super) async fn text_of(engine: &Inner, scenario_id: ScenarioId) -> Result<Arc<str>, EngineError> {
    let mut session = engine.database.read().await?;
    let mark = session.mark_of_document(scenario_id.0).await?;
    if let Some(text) = engine.calculations.known_text(scenario_id, mark) {
        return Ok(text);
    }
    let scenario: Option<Scenario> = session.get(scenario_id).await?;
    scenario.ok_or(EngineError::NotFound(Missing::Scenario))?;
    let (draft, _) = document(&mut session, scenario_id).await?;
    let reading = Reading::of(&draft.text());
    reading.model()?;
    let text: Arc<str> = reading.text.into();
    engine.calculations.keep_text(scenario_id, mark, text.clone());
    Ok(text)
}

/// The model with answers that are tried out.
pub(super) fn tried(text: &str, tries: &[ScenarioTry]) -> Result<Model, EngineError> {
    if tries.len() > TRIES_MAX {
        return Err(unfit(ScenarioFault::TooMany {
            what: "answers to try".to_owned(),
            limit: TRIES_MAX as u64,
        }));
    }
    let mut text = text.to_owned();
    for one in tries {
        text = language::answer(&text, &one.name, &convert::answer(&one.answer), None)
            .map_err(|fault| of_model(&fault))?;
    }
    Model::read(&text).map_err(|fault| of_model(&fault))
}

pub(super) fn run_of(trials: usize, choice: BTreeMap<String, usize>) -> Run {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(64);
    Run { trials, seed: SEED, spread: Spread::ByChance, threads, choice }
}

pub(super) fn within(trials: u32, most: u32) -> Result<usize, EngineError> {
    if !(1..=most).contains(&trials) {
        return Err(unfit(ScenarioFault::TooMany { what: "trials".to_owned(), limit: u64::from(most) }));
    }
    Ok(trials as usize)
}

/// The place of a result among all; the first where none is named.
pub(super) fn place_of(model: &Model, result: Option<&str>) -> Result<usize, EngineError> {
    let Some(name) = result else { return Ok(0) };
    let place = model.result_names().iter().position(|other| other == name);
    place.ok_or_else(|| unfit(ScenarioFault::NoResult { name: name.to_owned() }))
}

/// What is chosen, by the places of the options.
pub(super) fn chosen(
    model: &Model,
    choice: &[ScenarioChoice],
) -> Result<BTreeMap<String, usize>, EngineError> {
    let decisions = model.decisions();
    let place = |choice: &ScenarioChoice| {
        let decision = decisions.iter().find(|decision| decision.name == choice.decision);
        let place = decision.and_then(|of| of.options.iter().position(|option| *option == choice.option));
        let place = place.ok_or_else(|| {
            unfit(ScenarioFault::NoOption {
                decision: choice.decision.clone(),
                option: choice.option.clone(),
            })
        })?;
        Ok((choice.decision.clone(), place))
    };
    choice.iter().map(place).collect()
}

pub(crate) async fn run(engine: &Inner, command: ScenarioRun) -> Result<ScenarioPicture, EngineError> {
    let trials = within(command.trials, TRIALS_MAX)?;
    let text = text_of(engine, command.scenario_id).await?;
    let (ready, watch) = engine.calculations.take_turn(command.scenario_id);
    let act = move || {
        let began = Instant::now();
        let model = tried(&text, &command.tries)?;
        let place = place_of(&model, command.result.as_deref())?;
        let run = run_of(trials, BTreeMap::new());
        let comparison = {
            let mut ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
            language::compare_in(&mut ready, &model, place, &run, &watch)
        };
        let comparison = comparison.map_err(|fault| of_run(&fault))?;
        Ok(picture(&model, place, &comparison, began))
    };
    tokio::task::spawn_blocking(act).await.map_err(EngineError::internal)?
}

pub(super) fn picture(
    model: &Model,
    place: usize,
    comparison: &Comparison,
    began: Instant,
) -> ScenarioPicture {
    let columns: Vec<&Figures> =
        comparison.options.iter().filter_map(|option| option.figures.get(place)).collect();
    let limits = limits(&columns);
    let decisions = model.decisions();
    let options = comparison.options.iter().zip(&columns).map(|(option, figures)| {
        let (shares, exceedance) = spread(&figures.trials, &limits);
        let [_, p5, _, p50, _, p95, _] = seven(figures);
        ScenarioOption {
            choice: convert::choice(&decisions, &option.options),
            mean: figures.mean,
            mean_error: figures.mean_error,
            p5,
            p50,
            p95,
            exceedance,
            shares,
            better_by: option.better_by,
            best_share: option.best_share,
            regret_mean: option.regret_mean,
            regret_most: option.regret_most,
            means: option.figures.iter().map(|figures| figures.mean).collect(),
        }
    });
    let first = columns.first();
    ScenarioPicture {
        result: first.map(|figures| convert::labelled(&figures.name, &figures.members)).unwrap_or_default(),
        unit: first.map(|figures| figures.unit.clone()).unwrap_or_default(),
        is_truth: first.is_some_and(|figures| figures.is_truth),
        lower_is_better: first
            .and_then(|figures| figures.better.as_ref())
            .map(|better| matches!(better, Better::Lower)),
        trials: first.map_or(0, |figures| figures.trials.len() as u64),
        options: options.collect(),
        limits,
        best: comparison.best as u32,
        least_regret: comparison.least_regret as u32,
        perfect_information: comparison.perfect_information,
        took_ms: began.elapsed().as_secs_f64() * 1_000.0,
    }
}

/// The percentiles that figures tell, as many as there are; those that are missing are the mean.
pub(super) fn seven(figures: &Figures) -> [f64; 7] {
    let mut seven = [figures.mean; 7];
    for (to, from) in seven.iter_mut().zip(&figures.percentiles) {
        *to = *from;
    }
    seven
}

/// Even steps over what matters of all options: from the first to the last of a hundred.
fn limits(columns: &[&Figures]) -> Vec<f64> {
    let all = columns.iter().map(|figures| seven(figures));
    let (mut low, mut high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), seven| {
        (low.min(seven[0]), high.max(seven[6]))
    });
    if !(low.is_finite() && high.is_finite()) {
        return vec![];
    }
    if high <= low {
        let about = low.abs().max(1.0) * 0.5;
        (low, high) = (low - about, high + about);
    }
    let step = (high - low) / STRETCHES as f64;
    (0..=STRETCHES).map(|place| low + step * place as f64).collect()
}

/// How trials spread over the stretches between limits, and how often each limit is exceeded.
fn spread(trials: &[f64], limits: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (Some(low), Some(high)) = (limits.first(), limits.last()) else { return (vec![], vec![]) };
    let stretches = limits.len() - 1;
    let scale = stretches as f64 / (high - low);
    // What lies below the first limit, each stretch, and what lies above the last.
    let mut counts = vec![0_u32; stretches + 2];
    for value in trials {
        let place = ((value - low) * scale + 1.0).clamp(0.0, stretches as f64 + 1.0) as usize;
        // Exactly on the last limit is still within.
        let place = if place > stretches && value <= high { stretches } else { place };
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }
    let all = trials.len().max(1) as f64;
    let shares = counts[1..=stretches].iter().map(|count| f64::from(*count) / all).collect();
    let mut above = 0_u32;
    let mut exceedance: Vec<f64> = counts
        .iter()
        .rev()
        .map(|count| {
            above += count;
            f64::from(above) / all
        })
        .collect();
    exceedance.reverse();
    // Above the first limit lies all but what is counted before it.
    exceedance.remove(0);
    (shares, exceedance)
}

pub(crate) async fn influences_show(
    engine: &Inner,
    command: ScenarioInfluences,
) -> Result<Vec<ScenarioInfluence>, EngineError> {
    let trials = within(command.trials, INFLUENCE_TRIALS_MAX)?;
    let text = text_of(engine, command.scenario_id).await?;
    let act = move || {
        let model = tried(&text, &command.tries)?;
        let place = place_of(&model, command.result.as_deref())?;
        let run = run_of(trials, chosen(&model, &command.choice)?);
        let found =
            language::influences(&model, place, &run, &Watch::default()).map_err(|fault| of_run(&fault))?;
        Ok(told_influences(&model, found))
    };
    tokio::task::spawn_blocking(act).await.map_err(EngineError::internal)?
}

/// What a result hangs on, each figure with the question that asks for it.
pub(super) fn told_influences(model: &Model, found: Vec<language::Influence>) -> Vec<ScenarioInfluence> {
    let questions = model.questions();
    let told = |influence: language::Influence| ScenarioInfluence {
        question: questions
            .iter()
            .find(|question| question.name == influence.name)
            .map(|question| question.question.clone()),
        name: convert::labelled(&influence.name, &influence.members),
        at_low: influence.at_low,
        at_high: influence.at_high,
        rank_correlation: influence.rank_correlation,
        first_order: influence.first_order,
        total: influence.total,
    };
    found.into_iter().map(told).collect()
}

pub(crate) async fn changes_show(
    engine: &Inner,
    command: ScenarioChangesShow,
) -> Result<ScenarioChanges, EngineError> {
    let now = text_of(engine, command.scenario_id).await?;
    let mut session = engine.database.read().await?;
    let updates = session.updates_of_document(command.scenario_id.0).await?;
    drop(session);
    // Before it was begun there was nothing: then it is held against its beginning.
    let first = updates.first().map_or(TimestampMs(0), |update| update.written_at);
    let since = TimestampMs(command.since.0.max(first.0));
    let before = of_updates(updates.iter().filter(|update| update.written_at <= since))?.text();
    let act = move || {
        let (before, after) = (Reading::of(&before), Model::read(&now).map_err(|fault| of_model(&fault))?);
        let before = before.model()?;
        let place = place_of(&after, command.result.as_deref())?;
        let name = after.result_names().get(place).cloned().unwrap_or_default();
        let run = run_of(CHANGE_TRIALS, BTreeMap::new());
        let told = |fault: RunFault| of_run(&fault);
        let watch = Watch::default();
        let found = language::changes(before, &after, &name, &run, &watch).map_err(told)?;
        let figures = after.run(&run, &watch).map_err(told)?;
        let result = figures.get(place);
        let mean_after = result.map_or(f64::NAN, |figures| figures.mean);
        let moved: f64 = found.iter().map(|change| change.moved).sum();
        let changes = found.into_iter().map(|change| ScenarioChange {
            name: change.name,
            before: change.before,
            after: change.after,
            moved: change.moved,
        });
        Ok(ScenarioChanges {
            since,
            result: name,
            unit: result.map(|figures| figures.unit.clone()).unwrap_or_default(),
            mean_before: mean_after - moved,
            mean_after,
            changes: changes.collect(),
        })
    };
    tokio::task::spawn_blocking(act).await.map_err(EngineError::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trial_is_in_one_stretch_or_beyond_the_ends() {
        let limits: Vec<f64> = (0..=4).map(f64::from).collect();
        let (shares, exceedance) = spread(&[-1.0, 0.0, 0.5, 1.0, 3.5, 4.0, 9.0, 9.0], &limits);
        assert_eq!(shares, [0.25, 0.125, 0.0, 0.25]);
        assert_eq!(exceedance, [0.875, 0.625, 0.5, 0.5, 0.25]);
    }

    #[test]
    fn a_later_run_ends_the_one_before() {
        let calculations = Calculations::default();
        let scenario_id = ScenarioId::default();
        let (_, first) = calculations.take_turn(scenario_id);
        let (_, second) = calculations.take_turn(scenario_id);
        assert!(first.is_cancelled.load(Ordering::Relaxed));
        assert!(!second.is_cancelled.load(Ordering::Relaxed));
    }
}
