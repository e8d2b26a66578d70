//! An allocation as it is printed: what is done, what is short, what limits, how far it is proved, what moved.

use millwright_methods::allocation::{
    Aim, Allocation, Checked, Difference, Look, Moved, MovedWhat, OneSolver, Problem, Unsolved, Worth,
    allocate, differences, moved,
};
use millwright_model::{ApiError, Code};
use serde::Serialize;

use crate::allocate::AllocateWords;
use crate::output::answer;

/// The allocation, and what moved where another problem is beside it.
#[derive(Debug, Serialize)]
struct Told {
    title: String,
    aim: Aim,
    unit: String,
    #[serde(flatten)]
    allocation: Allocation,
    /// What changed in the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Vec<Difference>>,
    /// What moved by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<Vec<Moved>>,
}

pub(crate) fn act(
    json: bool,
    words: &AllocateWords,
    problem: &Problem,
    before: Option<&Problem>,
) -> Result<(), ApiError> {
    let look = Look { limit_ms: u64::from(words.limit_s) * 1000, near: None, cancelled: &|| false };
    let failed = |file: &std::path::Path, unsolved: Unsolved| {
        ApiError::new(code(&unsolved), format!("{}: {unsolved}", file.display()))
    };
    let earlier = match (before, &words.before) {
        (Some(before), Some(file)) => {
            let allocation = allocate(before, &look).map_err(|unsolved| failed(file, unsolved))?;
            Some((before, allocation))
        }
        _ => None,
    };
    let look = Look { near: earlier.as_ref().map(|(_, allocation)| allocation), ..look };
    let allocation = allocate(problem, &look).map_err(|unsolved| failed(&words.problem, unsolved))?;
    let told = Told {
        title: problem.title.clone(),
        aim: problem.aim,
        unit: problem.unit.clone(),
        changed: earlier.as_ref().map(|(before, _)| differences(before, problem)),
        moved: earlier.as_ref().map(|(_, before)| moved(before, &allocation)),
        allocation,
    };
    answer(json, "allocation", &told, lines)
}

fn code(unsolved: &Unsolved) -> Code {
    match unsolved {
        Unsolved::Invalid(_) | Unsolved::Unbounded { .. } => Code::Invalid,
        Unsolved::Infeasible { .. } | Unsolved::TooLong { .. } | Unsolved::Cancelled => Code::Precondition,
        Unsolved::Wrong { .. } | Unsolved::Failed { .. } => Code::Internal,
    }
}

fn lines(told: &Told) -> Vec<String> {
    let allocation = &told.allocation;
    let name = match told.aim {
        Aim::MostGain => "gain",
        Aim::LeastCost => "cost",
    };
    let mut lines =
        vec![format!("{name}\t{}\t{}", with_unit(allocation.value, &told.unit), proof(allocation.checked))];
    let done = allocation.amounts.iter().filter(|amount| amount.amount != 0.0);
    lines.extend(
        done.map(|amount| format!("do\t{}\t{}", amount.activity, with_unit(amount.amount, &amount.unit))),
    );
    for demand in allocation.demands.iter().filter(|demand| demand.short > 0.0) {
        let short = with_unit(demand.short, &demand.unit);
        lines.push(format!("short\t{}\t{short} of {}", demand.demand, figure(demand.wanted)));
    }
    for limit in &allocation.limits {
        let per = if limit.unit.is_empty() { "one".to_owned() } else { format!("1 {}", limit.unit) };
        let worth = match limit.worth {
            Worth::PerUnit { better_by } => format!("{} for {per} more", with_unit(better_by, &told.unit)),
            Worth::OneMore { better_by } => {
                format!("{} for {per} more, whole amounts", with_unit(better_by, &told.unit))
            }
            Worth::LessShort { priority } => format!("more of it helps what has priority {priority}"),
            Worth::Unknown => "not looked at: too large".to_owned(),
        };
        lines.push(format!("limit\t{}\t{worth}", limit.resource));
    }
    let beside = |before: Option<f64>, after: Option<f64>| {
        let part = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), figure);
        format!("{} → {}", part(before), part(after))
    };
    for change in told.changed.iter().flatten() {
        lines.push(format!("changed\t{}\t{}", change.place, beside(change.before, change.after)));
    }
    for moved in told.moved.iter().flatten() {
        let what = match moved.what {
            MovedWhat::Value => name,
            MovedWhat::Amount => "do",
            MovedWhat::Short => "short",
            MovedWhat::Used => "used",
        };
        let of = if moved.name.is_empty() { what.to_owned() } else { format!("{what} {}", moved.name) };
        lines.push(format!("moved\t{of}\t{}", beside(moved.before, moved.after)));
    }
    lines
}

fn proof(checked: Checked) -> String {
    match checked {
        Checked::ByProof => "proved: nothing is better".to_owned(),
        Checked::ByBoth => "two solvers agree".to_owned(),
        Checked::TheyDiffer { first, second } => {
            let found = |value: Option<f64>| value.map_or_else(|| "nothing".to_owned(), figure);
            format!("two solvers differ: {} and {}; the better one is shown", found(first), found(second))
        }
        Checked::ByOne { why: OneSolver::TooLarge } => "one solver: too large for the second".to_owned(),
        Checked::ByOne { why: OneSolver::TookTooLong } => "one solver: the second took too long".to_owned(),
        Checked::ByOne { why: OneSolver::Failed } => {
            "one solver: the second found nothing that holds".to_owned()
        }
    }
}

fn with_unit(value: f64, unit: &str) -> String {
    if unit.is_empty() { figure(value) } else { format!("{} {unit}", figure(value)) }
}

/// Up to four decimals, none that say nothing.
fn figure(value: f64) -> String {
    let told = format!("{value:.4}");
    let told = told.trim_end_matches('0').trim_end_matches('.');
    if told == "-0" { "0".to_owned() } else { told.to_owned() }
}
