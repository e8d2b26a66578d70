//! What a result hangs on: each figure that comes by chance, held against it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Model;
use super::build::Built;
use super::outcome::moments;
use super::program::Operand;
use super::run::{BLOCK, ByChance, Run, RunFault, Source, Watch, check_work, run_columns};
use crate::random::Chance;

/// How much one figure by chance bears on a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Influence {
    /// The figure.
    pub name: String,
    /// The members of its indexes.
    pub members: Vec<String>,
    /// The result where this figure is low (a tenth lies below; what happens or not does not) and all others are at their
    /// medians.
    pub at_low: f64,
    /// The result where this figure is high (a tenth lies above; what happens or not does) and all others are at their medians.
    pub at_high: f64,
    /// How the ranks of both go together, from -1 to 1 (Spearman).
    pub rank_correlation: f64,
    /// The share of the result's variance that this figure alone is the cause of (Sobol's first-order index).
    pub first_order: f64,
    /// The share that goes where this figure is known, together with all that it does through others (the total index).
    pub total: f64,
}

/// Shares of the one run, and for some draws those of the other.
struct Exchanged {
    one: ByChance,
    other: ByChance,
    of_other: Vec<bool>,
}

impl Exchanged {
    fn of(&self, draw: usize) -> ByChance {
        if self.of_other.get(draw).copied().unwrap_or(false) { self.other } else { self.one }
    }
}

impl Source for Exchanged {
    type State = Chance;

    fn begin(&self, draw: usize, purpose: u64, block: u64) -> Chance {
        self.of(draw).begin(draw, purpose, block)
    }

    fn next(&self, state: &mut Chance, to: &mut [f64]) {
        state.fill(to);
    }

    fn step(&self, draw: usize, purpose: u64, chunk: u64, to: &mut [f64]) {
        self.of(draw).step(draw, purpose, chunk, to);
    }
}

/// Every draw at its median, but one.
struct AtMedian {
    moved: usize,
    to: f64,
}

impl AtMedian {
    fn of(&self, draw: usize) -> f64 {
        if draw == self.moved { self.to } else { 0.5 }
    }
}

impl Source for AtMedian {
    type State = f64;

    fn begin(&self, draw: usize, _purpose: u64, _block: u64) -> f64 {
        self.of(draw)
    }

    fn next(&self, state: &mut f64, to: &mut [f64]) {
        to.fill(*state);
    }

    fn step(&self, draw: usize, _purpose: u64, _chunk: u64, to: &mut [f64]) {
        to.fill(self.of(draw));
    }
}

/// What the result `result` (its first figure of that name) hangs on, the strongest first. Sobol's indices by the estimators of
/// Saltelli and others («Variance based sensitivity analysis of model output», Computer Physics Communications 181, 2010,
/// table 2: (b) and (f)), with `run.trials` trials for each run.
///
/// # Errors
/// As [`Model::run`].
pub fn influences(
    model: &Model,
    result: usize,
    run: &Run,
    watch: &Watch,
) -> Result<Vec<Influence>, RunFault> {
    let built = model.with(&run.choice)?;
    let draws = inputs(&built);
    check_work(&built, run.trials, draws.len() as u64 + 4)?;
    let outputs: Vec<(Operand, f64)> = built
        .results
        .iter()
        .flat_map(|result| result.cells.iter().map(move |(_, operand)| (*operand, result.unit.scale)))
        .collect();
    let Some((output, scale)) = outputs.get(result).copied() else { return Ok(vec![]) };
    // The figures themselves, beside the result.
    let mut wanted = vec![output];
    wanted.extend(draws.iter().map(|input| Operand::Column(input.column)));
    let (one, other) = (ByChance { seed: run.seed }, ByChance { seed: run.seed ^ 0x5DEE_CE66_D5DE_ECE6 });
    let go = |wanted: &[Operand], source: &Exchanged| {
        run_columns(&built.program, wanted, source, run.trials, run.threads, watch)
    };
    let count = built.program.draws.len();
    let exchanged = |of_other: Vec<bool>| Exchanged { one, other, of_other };
    let mut first = go(&wanted, &exchanged(vec![false; count]))?;
    let second = go(&[output], &exchanged(vec![true; count]))?;
    let inputs = first.split_off(1);
    let (Some(first), Some(second)) = (first.into_iter().next(), second.into_iter().next()) else {
        return Ok(vec![]);
    };
    if first.iter().any(|value| !value.is_finite()) {
        // The plain run says where.
        super::run::run(&built, run, watch)?;
    }
    let variance = moments(&first).1 * moments(&first).1;
    let ranks_of_result = ranks(&first);
    let mut influences = vec![];
    for (input, figures) in draws.iter().zip(&inputs) {
        let mut of_other = vec![false; count];
        if let Some(slot) = of_other.get_mut(input.draw) {
            *slot = true;
        }
        let mixed = go(&[output], &exchanged(of_other))?;
        let mixed = mixed.into_iter().next().unwrap_or_default();
        let (first_order, total) = indices(&first, &second, &mixed, variance);
        let at = |share: f64| -> Result<f64, RunFault> {
            let source = AtMedian { moved: input.draw, to: share };
            let column = run_columns(&built.program, &[output], &source, 1, 1, watch)?;
            Ok(column.first().and_then(|column| column.first()).copied().unwrap_or(f64::NAN) / scale)
        };
        // What happens or not has both as its ends, however rare it is.
        let (low, high) = if input.is_truth { (1.0 - f64::EPSILON, 0.0) } else { (0.1, 0.9) };
        influences.push(Influence {
            name: input.name.clone(),
            members: input.members.clone(),
            at_low: at(low)?,
            at_high: at(high)?,
            rank_correlation: correlation(&ranks_of_result, &ranks(figures)),
            first_order,
            total,
        });
    }
    influences.sort_by(|one, other| other.total.total_cmp(&one.total));
    Ok(influences)
}

/// The result `result` where all figures that come by chance are at their medians: where the bars of a tornado stand.
///
/// # Errors
/// As [`Model::run`].
pub fn at_medians(model: &Model, result: usize, run: &Run, watch: &Watch) -> Result<f64, RunFault> {
    let built = model.with(&run.choice)?;
    let all =
        built.results.iter().flat_map(|of| of.cells.iter().map(|(_, operand)| (*operand, of.unit.scale)));
    let Some((output, scale)) = all.into_iter().nth(result) else { return Ok(f64::NAN) };
    let source = AtMedian { moved: usize::MAX, to: 0.5 };
    let column = run_columns(&built.program, &[output], &source, 1, 1, watch)?;
    Ok(column.first().and_then(|column| column.first()).copied().unwrap_or(f64::NAN) / scale)
}

/// A figure that a result may hang on.
struct Input {
    name: String,
    members: Vec<String>,
    column: u32,
    draw: usize,
    is_truth: bool,
}

fn inputs(built: &Built) -> Vec<Input> {
    let steps: BTreeMap<u32, usize> = built
        .program
        .once
        .iter()
        .filter_map(|step| match step.act {
            super::program::Act::Draw(draw) => Some((step.to, draw)),
            _ => None,
        })
        .collect();
    let used = built.drawn.iter().filter_map(|figure| steps.get(&figure.column).map(|draw| (figure, *draw)));
    used.map(|(figure, draw)| Input {
        name: figure.name.clone(),
        members: figure.members.clone(),
        column: figure.column,
        draw,
        is_truth: figure.is_truth,
    })
    .collect()
}

/// First-order and total index, from the results of both runs and of the first with one figure of the second.
fn indices(first: &[f64], second: &[f64], mixed: &[f64], variance: f64) -> (f64, f64) {
    if variance == 0.0 {
        return (0.0, 0.0);
    }
    let count = first.len() as f64;
    let (mut of_first, mut of_total) = (0.0, 0.0);
    for ((first, second), mixed) in first.chunks(BLOCK).zip(second.chunks(BLOCK)).zip(mixed.chunks(BLOCK)) {
        let (mut first_part, mut total_part) = (0.0, 0.0);
        for ((first, second), mixed) in first.iter().zip(second).zip(mixed) {
            first_part += second * (mixed - first);
            total_part += (first - mixed) * (first - mixed);
        }
        of_first += first_part;
        of_total += total_part;
    }
    (of_first / count / variance, of_total / (2.0 * count) / variance)
}

/// The place of each figure among all; those that are alike share the middle of theirs.
fn ranks(figures: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..figures.len()).collect();
    order.sort_unstable_by(|one, other| figures[*one].total_cmp(&figures[*other]).then(one.cmp(other)));
    let mut ranks = vec![0.0; figures.len()];
    let mut from = 0;
    while from < order.len() {
        let value = figures[order[from]];
        let to =
            order[from..].iter().position(|at| figures[*at] != value).map_or(order.len(), |long| from + long);
        let middle = (from + to - 1) as f64 / 2.0;
        for at in &order[from..to] {
            ranks[*at] = middle;
        }
        from = to;
    }
    ranks
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let ((one_mean, one_deviation), (other_mean, other_deviation)) = (moments(one), moments(other));
    let product: f64 =
        one.iter().zip(other).map(|(one, other)| (one - one_mean) * (other - other_mean)).sum();
    let scale = one_deviation * other_deviation * (one.len() as f64 - 1.0);
    if scale > 0.0 { (product / scale).clamp(-1.0, 1.0) } else { 0.0 }
}
