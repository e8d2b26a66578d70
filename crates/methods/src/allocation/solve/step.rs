//! One step: both solvers are asked, and what they say is held against the program itself.

use super::Unsolved;
use super::program::{Program, SAME_TO, Said, reckoned, size};
use super::{highs, second};
use crate::allocation::{Checked, OneSolver};

/// The best of a step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub values: Vec<f64>,
    pub reached: f64,
    /// What the goal changes by with each row's bound; none where something is whole.
    pub prices: Option<Vec<f64>>,
    pub checked: Checked,
}

/// What came of a step.
pub(super) enum Stepped {
    Best(Step),
    /// Nothing keeps all limits, says each solver that was asked.
    Infeasible,
}

/// Makes the goal least.
///
/// # Errors
/// [`Unsolved`] when time is up, or what a solver says cannot be.
pub(super) fn step(program: &Program, goal: &[f64], limit_ms: u64) -> Result<Stepped, Unsolved> {
    let first = found(program, goal, &highs::solve(program, goal, limit_ms));
    match first {
        Found::Best(mut step) if step.prices.is_some() => {
            let proved = program.proved_least(goal, step.prices.as_deref().unwrap_or_default());
            if is_same(step.reached, proved, size(program, goal, &step.values)) {
                step.checked = Checked::ByProof;
                return Ok(Stepped::Best(step));
            }
            // Prices that prove nothing: the other solver is asked.
            beside(program, goal, limit_ms, Found::Best(step))
        }
        Found::Best(_) | Found::Infeasible | Found::Broken | Found::Failed(_) => {
            beside(program, goal, limit_ms, first)
        }
        Found::TooLong => Err(Unsolved::TooLong { limit_ms }),
    }
}

/// What a solver's word is worth.
enum Found {
    Best(Step),
    Infeasible,
    /// It breaks a limit.
    Broken,
    TooLong,
    Failed(String),
}

fn found(program: &Program, goal: &[f64], said: &Said) -> Found {
    match said {
        Said::Best { values, prices } if program.is_kept_by(values) => {
            let values = program.rounded(values).unwrap_or_else(|| values.clone());
            Found::Best(Step {
                reached: reckoned(goal, &values),
                values,
                prices: prices.clone(),
                checked: Checked::ByOne { why: OneSolver::Failed },
            })
        }
        Said::Best { .. } => Found::Broken,
        Said::Infeasible => Found::Infeasible,
        Said::TooLong => Found::TooLong,
        // Every column has its bounds.
        Said::Unbounded => Found::Failed("it found no end, where every amount has one".to_owned()),
        Said::Failed(said) => Found::Failed(said.clone()),
    }
}

/// Asks the second solver too.
fn beside(program: &Program, goal: &[f64], limit_ms: u64, first: Found) -> Result<Stepped, Unsolved> {
    if !second::takes(program) {
        return alone(first, OneSolver::TooLarge, limit_ms);
    }
    match (first, found(program, goal, &second::solve(program, goal, limit_ms))) {
        (Found::Best(first), Found::Best(second)) => {
            let is_same = is_same(
                first.reached,
                second.reached,
                size(program, goal, &first.values).max(size(program, goal, &second.values)),
            );
            let checked = if is_same {
                Checked::ByBoth
            } else {
                Checked::TheyDiffer { first: Some(first.reached), second: Some(second.reached) }
            };
            let better = if is_same || first.reached <= second.reached { first } else { second };
            Ok(Stepped::Best(Step { checked, ..better }))
        }
        // What keeps every limit is there, whatever the other says.
        (Found::Infeasible | Found::Broken | Found::Failed(_), Found::Best(step)) => {
            let checked = Checked::TheyDiffer { first: None, second: Some(step.reached) };
            Ok(Stepped::Best(Step { checked, ..step }))
        }
        (Found::Best(step), Found::Infeasible) => {
            let checked = Checked::TheyDiffer { first: Some(step.reached), second: None };
            Ok(Stepped::Best(Step { checked, ..step }))
        }
        (first, Found::TooLong) => alone(first, OneSolver::TookTooLong, limit_ms),
        (first, Found::Infeasible | Found::Broken | Found::Failed(_)) => {
            alone(first, OneSolver::Failed, limit_ms)
        }
        (Found::TooLong, Found::Best(_)) => Err(Unsolved::TooLong { limit_ms }),
    }
}

fn alone(first: Found, why: OneSolver, limit_ms: u64) -> Result<Stepped, Unsolved> {
    match first {
        Found::Best(step) => Ok(Stepped::Best(Step { checked: Checked::ByOne { why }, ..step })),
        Found::Infeasible => Ok(Stepped::Infeasible),
        Found::Broken => Err(Unsolved::Wrong { place: "a step on the way".to_owned() }),
        Found::TooLong => Err(Unsolved::TooLong { limit_ms }),
        Found::Failed(said) => Err(Unsolved::Failed { said }),
    }
}

fn is_same(one: f64, other: f64, size: f64) -> bool {
    (one - other).abs() <= SAME_TO * size.max(one.abs()).max(1e-9)
}
