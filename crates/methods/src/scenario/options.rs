//! Options held against each other, under the same chances.

use std::collections::BTreeMap;

use serde::Serialize;

use super::outcome::{Figures, moments};
use super::run::{Run, RunFault, Watch};
use super::session::Session;
use super::syntax::Better;
use super::{Counted, Fault, Model, ModelFault, Place};

/// The most combinations of options that are compared.
pub const COMBINATIONS_MAX: usize = 256;
/// The deviations between which 95 % of a normal distribution lie.
const NINETY_FIVE_PERCENT: f64 = 1.959_963_984_540_054;

/// One combination of options.
#[derive(Clone, Debug, Serialize)]
pub struct OptionFigures {
    /// The option of each decision, by name.
    pub options: BTreeMap<String, String>,
    /// The figures of all results.
    pub figures: Vec<Figures>,
    /// By how much the result's mean is better than that of the first combination; what is worse is below zero.
    pub better_by: f64,
    /// Half of the width of that figure's 95 % interval: as all options meet the same chances, it is narrow.
    pub better_by_error: f64,
    /// The share of trials in which it is better than the first combination.
    pub better_share: f64,
    /// The share of trials in which no other combination is better.
    pub best_share: f64,
    /// What it misses on average, against the best combination of each trial: the expected regret.
    pub regret_mean: f64,
    /// What it misses at most, in any trial.
    pub regret_most: f64,
}

/// All combinations of options, held against each other by one result.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The result by which they are compared.
    pub result: String,
    /// The combinations, in the order of the text.
    pub options: Vec<OptionFigures>,
    /// The one with the best mean.
    pub best: usize,
    /// The one with the least greatest regret.
    pub least_regret: usize,
    /// What it would be worth to know all chances before deciding: the expected value of perfect information.
    pub perfect_information: f64,
}

/// Compares all combinations of options by the result `result` (by its place among all figures), under common random numbers.
///
/// # Errors
/// As [`Model::run`], and when there are too many combinations.
pub fn compare(model: &Model, result: usize, run: &Run, watch: &Watch) -> Result<Comparison, RunFault> {
    compare_by(model, result, run, |run| model.run(run, watch))
}

/// As [`compare`], within a session: what the last comparison knows already is not reckoned again.
///
/// # Errors
/// As [`compare`].
pub fn compare_in(
    session: &mut Session,
    model: &Model,
    result: usize,
    run: &Run,
    watch: &Watch,
) -> Result<Comparison, RunFault> {
    compare_by(model, result, run, |run| session.run(model, run, watch))
}

fn compare_by(
    model: &Model,
    result: usize,
    run: &Run,
    mut figures_of: impl FnMut(&Run) -> Result<Vec<Figures>, RunFault>,
) -> Result<Comparison, RunFault> {
    let decisions = model.decisions();
    let count =
        decisions.iter().fold(1_usize, |count, decision| count.saturating_mul(decision.options.len()));
    if count > COMBINATIONS_MAX {
        let fault = Fault::TooMany { what: Counted::Options, most: COMBINATIONS_MAX };
        return Err(ModelFault { place: Place { line: 1, column: 1, ..Place::default() }, fault }.into());
    }
    let mut all = vec![];
    for combination in 0..count {
        let (mut choice, mut names, mut rest) = (BTreeMap::new(), BTreeMap::new(), combination);
        for decision in decisions.iter().rev() {
            let option = rest % decision.options.len();
            rest /= decision.options.len();
            choice.insert(decision.name.clone(), option);
            names.insert(decision.name.clone(), decision.options[option].clone());
        }
        all.push((names, figures_of(&Run { choice, ..run.clone() })?));
    }
    Ok(held_against(all, result))
}

fn held_against(all: Vec<(BTreeMap<String, String>, Vec<Figures>)>, result: usize) -> Comparison {
    let columns: Vec<&Figures> = all.iter().filter_map(|(_, figures)| figures.get(result)).collect();
    let sign = match columns.first().and_then(|figures| figures.better) {
        Some(Better::Lower) => -1.0,
        Some(Better::Higher) | None => 1.0,
    };
    let name = columns.first().map(|figures| figures.name.clone()).unwrap_or_default();
    let trials = columns.iter().map(|figures| figures.trials.len()).min().unwrap_or(0);
    let value = |option: usize, trial: usize| {
        columns
            .get(option)
            .and_then(|figures| figures.trials.get(trial))
            .map_or(f64::NAN, |value| sign * value)
    };
    let best_of: Vec<f64> = (0..trials)
        .map(|trial| {
            (0..columns.len()).fold(f64::NEG_INFINITY, |best, option| best.max(value(option, trial)))
        })
        .collect();
    let told: Vec<(f64, f64, f64, f64, f64, f64)> = (0..columns.len())
        .map(|option| {
            let differences: Vec<f64> =
                (0..trials).map(|trial| value(option, trial) - value(0, trial)).collect();
            let regrets: Vec<f64> =
                best_of.iter().enumerate().map(|(trial, best)| best - value(option, trial)).collect();
            let (better_by, deviation) = moments(&differences);
            let count = trials as f64;
            let share = |all: &[f64], is: fn(f64) -> bool| {
                all.iter().filter(|value| is(**value)).count() as f64 / count
            };
            (
                better_by,
                NINETY_FIVE_PERCENT * deviation / count.sqrt(),
                share(&differences, |value| value > 0.0),
                share(&regrets, |value| value <= 0.0),
                moments(&regrets).0,
                regrets.iter().fold(0.0, |most: f64, regret| most.max(*regret)),
            )
        })
        .collect();
    let first_least = |of: &dyn Fn(usize) -> f64| {
        (0..told.len()).fold(0, |least, option| if of(option) < of(least) { option } else { least })
    };
    let best = first_least(&|option| -told[option].0);
    let least_regret = first_least(&|option| told[option].5);
    let perfect_information = told.get(best).map_or(f64::NAN, |told| told.4);
    let options = all
        .into_iter()
        .zip(&told)
        .map(|((options, figures), told)| OptionFigures {
            options,
            figures,
            better_by: told.0,
            better_by_error: told.1,
            better_share: told.2,
            best_share: told.3,
            regret_mean: told.4,
            regret_most: told.5,
        })
        .collect();
    Comparison { result: name, options, best, least_regret, perfect_information }
}
