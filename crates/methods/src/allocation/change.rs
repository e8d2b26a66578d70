//! What changed between two problems, and what moved between their allocations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Allocation, Problem};

/// A figure of a problem that is not what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// As a person would look for it: «resource «Assembly»: capacity».
    pub place: String,
    /// What it was; none where there was nothing.
    pub before: Option<f64>,
    /// What it is; none where there is nothing any more.
    pub after: Option<f64>,
}

/// What moved.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MovedWhat {
    /// The value of all.
    Value,
    /// The amount of an activity.
    Amount,
    /// What is missing of a demand.
    Short,
    /// What is used of a resource.
    Used,
}

/// A figure of an allocation that is not what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Which figure.
    pub what: MovedWhat,
    /// Of which activity, demand or resource; nothing for the value.
    pub name: String,
    /// What it was; none where there was no such thing.
    pub before: Option<f64>,
    /// What it is; none where there is no such thing any more.
    pub after: Option<f64>,
}

/// Every figure that changed, by its place.
pub fn differences(before: &Problem, after: &Problem) -> Vec<Difference> {
    beside(figures(before), figures(after), |one, other| one == other)
        .map(|(place, before, after)| Difference { place, before, after })
        .collect()
}

/// Every figure that moved, by more than solvers are exact: the value first, then amounts, shortages and uses.
pub fn moved(before: &Allocation, after: &Allocation) -> Vec<Moved> {
    let is_same = |one: f64, other: f64| (one - other).abs() <= 1e-6 * one.abs().max(other.abs()).max(1.0);
    beside(results(before), results(after), is_same)
        .map(|((what, name), before, after)| Moved { what, name, before, after })
        .collect()
}

fn beside<K: Ord + Clone>(
    before: BTreeMap<K, f64>,
    after: BTreeMap<K, f64>,
    is_same: impl Fn(f64, f64) -> bool,
) -> impl Iterator<Item = (K, Option<f64>, Option<f64>)> {
    let mut both: BTreeMap<K, (Option<f64>, Option<f64>)> = BTreeMap::new();
    for (key, figure) in before {
        both.entry(key).or_default().0 = Some(figure);
    }
    for (key, figure) in after {
        both.entry(key).or_default().1 = Some(figure);
    }
    both.into_iter()
        .filter(move |(_, (before, after))| match (before, after) {
            (Some(before), Some(after)) => !is_same(*before, *after),
            _ => true,
        })
        .map(|(key, (before, after))| (key, before, after))
}

fn figures(problem: &Problem) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    for resource in &problem.resources {
        figures.insert(format!("resource «{}»: capacity", resource.name), resource.capacity);
    }
    for activity in &problem.activities {
        let mut note = |what: &str, figure: f64| {
            figures.insert(format!("activity «{}»: {what}", activity.name), figure);
        };
        note("least", activity.least);
        note("gain", activity.gain);
        note("cost", activity.cost);
        note("fixed cost", activity.fixed_cost);
        note("least if any", activity.least_if_any);
        if activity.whole {
            note("whole", 1.0);
        }
        if let Some(most) = activity.most {
            note("most", most);
        }
        if let Some(priority) = activity.priority {
            note("priority", f64::from(priority));
        }
        for (resource, figure) in &activity.uses {
            note(&format!("use of «{resource}»"), *figure);
        }
    }
    for demand in &problem.demands {
        let mut note = |what: &str, figure: f64| {
            figures.insert(format!("demand «{}»: {what}", demand.name), figure);
        };
        note("amount", demand.amount);
        if let Some(priority) = demand.priority {
            note("priority", f64::from(priority));
        }
        for (activity, figure) in &demand.met_by {
            note(&format!("met by «{activity}»"), *figure);
        }
    }
    figures
}

fn results(allocation: &Allocation) -> BTreeMap<(MovedWhat, String), f64> {
    let mut results = BTreeMap::from([((MovedWhat::Value, String::new()), allocation.value)]);
    for amount in &allocation.amounts {
        results.insert((MovedWhat::Amount, amount.activity.clone()), amount.amount);
    }
    for demand in &allocation.demands {
        results.insert((MovedWhat::Short, demand.demand.clone()), demand.short);
    }
    for used in &allocation.uses {
        results.insert((MovedWhat::Used, used.resource.clone()), used.used);
    }
    results
}
