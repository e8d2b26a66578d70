//! What is told, and every limit once more: on the problem as it was given, without what the solvers were asked.

use super::build::Built;
use super::program::KEPT_TO;
use crate::allocation::problem::Linked;
use crate::allocation::{Allocation, Amount, Checked, Met, OneSolver, Problem, Use};

/// The amounts with what they use, meet and are worth. Whole amounts are whole, and bounds are kept to the last digit.
pub(super) fn told(problem: &Problem, linked: &Linked, values: &[f64]) -> Allocation {
    let amounts: Vec<f64> = problem
        .activities
        .iter()
        .zip(values)
        .map(|(activity, value)| {
            let value = if activity.whole { value.round() } else { *value };
            // Off a bound by less than counts is on it.
            let off = KEPT_TO * value.abs().max(1.0);
            if (value - activity.least).abs() <= off {
                activity.least
            } else if (value - activity.bound()).abs() <= off {
                activity.bound()
            } else {
                value
            }
        })
        .collect();
    let uses = problem.resources.iter().zip(&linked.uses).map(|(resource, uses)| Use {
        resource: resource.name.clone(),
        used: sum(uses, &amounts),
        capacity: resource.capacity,
        unit: resource.unit.clone(),
    });
    let demands = problem.demands.iter().zip(&linked.meets).map(|(demand, meets)| {
        let met = sum(meets, &amounts);
        let short = demand.amount - met;
        Met {
            demand: demand.name.clone(),
            wanted: demand.amount,
            met,
            short: if short > KEPT_TO * demand.amount { short } else { 0.0 },
            unit: demand.unit.clone(),
            priority: demand.priority,
        }
    });
    let earned: f64 = problem
        .activities
        .iter()
        .zip(&amounts)
        .map(|(activity, amount)| {
            let fixed = if *amount > 0.0 { activity.fixed_cost } else { 0.0 };
            activity.earns() * amount - fixed
        })
        .sum();
    let value = if Built::is_gain(problem) { earned } else { -earned };
    Allocation {
        value: if value == 0.0 { 0.0 } else { value },
        uses: uses.collect(),
        demands: demands.collect(),
        amounts: problem
            .activities
            .iter()
            .zip(amounts)
            .map(|(activity, amount)| Amount {
                activity: activity.name.clone(),
                amount,
                unit: activity.unit.clone(),
            })
            .collect(),
        limits: Vec::new(),
        checked: Checked::ByOne { why: OneSolver::Failed },
    }
}

fn sum(terms: &[(usize, f64)], amounts: &[f64]) -> f64 {
    terms.iter().map(|(activity, figure)| figure * amounts[*activity]).sum()
}

/// Whether every limit of the problem is kept.
///
/// # Errors
/// The place of the first one that is not.
pub(super) fn keeps_all(problem: &Problem, linked: &Linked, told: &Allocation) -> Result<(), String> {
    for (activity, amount) in problem.activities.iter().zip(&told.amounts) {
        let amount = amount.amount;
        let off = KEPT_TO * amount.abs().max(1.0);
        let place = |limit: &str| Err(format!("{limit} of activity «{}»", activity.name));
        if !amount.is_finite() || amount < activity.least - off {
            return place("the least");
        }
        if amount > activity.bound() + off {
            return place("the most");
        }
        if activity.whole && amount.fract() != 0.0 {
            return place("the wholeness");
        }
        if amount > 0.0 && amount < activity.least_if_any - off {
            return place("the smallest lot");
        }
    }
    let largest = |terms: &[(usize, f64)]| {
        let sizes = terms
            .iter()
            .map(|(activity, figure)| (figure * told.amounts[*activity].amount).abs().max(figure.abs()));
        sizes.fold(0.0, f64::max)
    };
    for ((resource, uses), used) in problem.resources.iter().zip(&linked.uses).zip(&told.uses) {
        let off = KEPT_TO * largest(uses).max(resource.capacity);
        if used.used > resource.capacity + off {
            return Err(format!("the capacity of resource «{}»", resource.name));
        }
    }
    for ((demand, meets), met) in problem.demands.iter().zip(&linked.meets).zip(&told.demands) {
        let off = KEPT_TO * largest(meets).max(demand.amount);
        let missing = if demand.priority.is_some() { met.short } else { 0.0 };
        if met.met + missing < demand.amount - off {
            return Err(format!("demand «{}»", demand.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::allocation::{Activity, Demand, Resource};

    /// 3 of 10 hours for each of at most 4 whole pumps in lots of 2, of which Anna wants 5 and must have them.
    fn problem() -> Problem {
        let pump = Activity {
            name: "Pump".to_owned(),
            least: 1.0,
            most: Some(4.0),
            whole: true,
            least_if_any: 2.0,
            uses: BTreeMap::from([("Line".to_owned(), 3.0)]),
            ..Activity::default()
        };
        let anna = Demand {
            name: "Anna".to_owned(),
            amount: 2.0,
            unit: String::new(),
            met_by: BTreeMap::from([("Pump".to_owned(), 1.0)]),
            priority: None,
        };
        let line = Resource { name: "Line".to_owned(), capacity: 10.0, unit: "h".to_owned() };
        Problem { resources: vec![line], activities: vec![pump], demands: vec![anna], ..Problem::default() }
    }

    #[test]
    fn a_wrong_answer_of_a_solver_is_told_by_the_limit_that_it_breaks() {
        let place = |amount: f64, change: fn(&mut Problem)| {
            let mut problem = problem();
            change(&mut problem);
            let linked = problem.link().unwrap();
            let mut allocation = told(&problem, &linked, &[amount]);
            // As a solver said it, unrounded.
            allocation.amounts[0].amount = amount;
            keeps_all(&problem, &linked, &allocation).err()
        };
        let as_it_is: fn(&mut Problem) = |_| ();
        assert_eq!(place(3.0, as_it_is), None);
        assert_eq!(place(4.0, as_it_is).as_deref(), Some("the capacity of resource «Line»"));
        assert_eq!(place(5.0, as_it_is).as_deref(), Some("the most of activity «Pump»"));
        assert_eq!(place(0.0, as_it_is).as_deref(), Some("the least of activity «Pump»"));
        assert_eq!(place(2.5, as_it_is).as_deref(), Some("the wholeness of activity «Pump»"));
        assert_eq!(place(1.0, as_it_is).as_deref(), Some("the smallest lot of activity «Pump»"));
        assert_eq!(place(f64::NAN, as_it_is).as_deref(), Some("the least of activity «Pump»"));
        assert_eq!(place(2.0, |problem| problem.demands[0].amount = 3.0).as_deref(), Some("demand «Anna»"));
    }
}
