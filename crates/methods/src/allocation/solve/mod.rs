//! From the problem to programs, one for each priority and one for the value, and back, with everything checked again.

mod build;
mod check;
mod highs;
mod program;
mod second;
mod step;

use crate::discrete::{Cancelled, Invalid};

use self::build::Built;
use self::program::SAME_TO;
use self::step::{Step, Stepped, step};
use super::problem::Linked;
use super::{Allocation, Checked, FAR, Limit, Missing, Problem, Worth};

/// How long all of it takes at most, where nothing else is said.
pub const LIMIT_MS: u64 = 60_000;
/// Of no more resources it is looked at what one unit more would be worth, where amounts are whole.
const ONE_MORE_MAX: usize = 12;

/// How it is looked at.
#[derive(Copy, Clone)]
pub struct Look<'a> {
    /// All steps together take no longer.
    pub limit_ms: u64,
    /// Of everything that is best, what is nearest to this is chosen: what need not move stays.
    pub near: Option<&'a Allocation>,
    /// Whether nobody waits any more: asked before each step.
    pub cancelled: Cancelled<'a>,
}

/// Why there is no allocation, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unsolved {
    /// The input cannot be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not everything that must be can be.
    #[error(
        "not everything that must be can be done: {}. Have more of it, ask for less, or give demands a priority",
        listed(missing)
    )]
    Infeasible {
        /// The least that would have to be there for it.
        missing: Vec<Missing>,
    },
    /// The more, the better, without end.
    #[error("there is no end to {}: say the most of it, or what it uses", names(activities))]
    Unbounded {
        /// Of which activities.
        activities: Vec<String>,
    },
    /// Time is up.
    #[error(
        "no proven answer within {} s: allow more time, or ask for fewer whole amounts",
        *limit_ms as f64 / 1000.0
    )]
    TooLong {
        /// What was allowed for the step.
        limit_ms: u64,
    },
    /// What a solver answered breaks a limit.
    #[error(
        "what the solver answered breaks {place}, and is not shown: bring the figures nearer to each other"
    )]
    Wrong {
        /// Which.
        place: String,
    },
    /// A solver gave up.
    #[error("the solver gave up ({said}): bring the figures nearer to each other")]
    Failed {
        /// What it said.
        said: String,
    },
    /// Nobody waits any more.
    #[error("cancelled")]
    Cancelled,
}

fn listed(missing: &[Missing]) -> String {
    missing.iter().map(Missing::to_string).collect::<Vec<_>>().join("; ")
}

fn names(activities: &[String]) -> String {
    activities.iter().map(|name| format!("«{name}»")).collect::<Vec<_>>().join(", ")
}

/// The best that can be done.
///
/// # Errors
/// [`Unsolved`] says why there is nothing, and what to do about it.
pub fn allocate(problem: &Problem, look: &Look<'_>) -> Result<Allocation, Unsolved> {
    let linked = problem.link()?;
    let asked = Asked { problem, linked: &linked, look };
    let solved = asked.solve()?;
    let mut allocation = check::told(problem, &linked, &solved.values);
    check::keeps_all(problem, &linked, &allocation).map_err(|place| Unsolved::Wrong { place })?;
    allocation.checked = solved.checked;
    allocation.limits = asked.limits(&allocation, &solved)?;
    Ok(allocation)
}

struct Asked<'a> {
    problem: &'a Problem,
    linked: &'a Linked,
    look: &'a Look<'a>,
}

/// All steps.
struct Solved {
    /// Of the columns of activities.
    values: Vec<f64>,
    /// Of each priority, what is missing, as the sum of shares.
    missing: Vec<(u8, f64)>,
    /// The value to be made least.
    reached: f64,
    checked: Checked,
    /// Of each resource, what more of it is worth; none where something is whole.
    worth: Option<Vec<Worth>>,
}

impl Asked<'_> {
    fn solve(&self) -> Result<Solved, Unsolved> {
        let mut built = Built::new(self.problem, self.linked);
        let priorities = built.priorities();
        // One for each priority, the value, what is left once whole amounts stand, and what is nearest.
        let limit_ms = (self.look.limit_ms / (priorities.len() as u64 + 3)).max(1);
        let mut checked = Checked::ByProof;
        let mut missing = Vec::with_capacity(priorities.len());
        let mut less_short: Vec<Option<u8>> = vec![None; self.problem.resources.len()];
        for priority in priorities {
            let goal = built.missing_of(priority);
            let step = self.step(&built, &goal, limit_ms)?;
            checked = checked.and(step.checked);
            let short = built.share_missing(priority, step.reached);
            if short > SAME_TO {
                note_less_short(&step, &built, priority, &mut less_short);
            }
            built.keep(priority, &goal, step.reached, short);
            missing.push((priority, short));
        }
        let mut goal = built.value();
        let mut step = self.step(&built, &goal, limit_ms)?;
        checked = checked.and(step.checked);
        self.has_end(&step)?;
        let reached = step.reached;
        let worth = prices(&built, &step, &less_short);
        if let Some(near) = self.look.near {
            goal = built.nearest_to(near, &goal, &step);
            step = self.step(&built, &goal, limit_ms)?;
        }
        if built.program.has_whole() {
            // Nearly whole is rounded; what is not whole is then solved for exactly those.
            built.program = built.program.held_at(&step.values);
            step = self.step(&built, &goal, limit_ms)?;
        }
        Ok(Solved { values: step.values, missing, reached, checked, worth })
    }

    fn step(&self, built: &Built<'_>, goal: &[f64], limit_ms: u64) -> Result<Step, Unsolved> {
        if (self.look.cancelled)() {
            return Err(Unsolved::Cancelled);
        }
        match step(&built.program, goal, limit_ms)? {
            Stepped::Best(step) => Ok(step),
            Stepped::Infeasible => Err(self.why_not(limit_ms)?),
        }
    }

    /// What would have to be there for everything that must be.
    fn why_not(&self, limit_ms: u64) -> Result<Unsolved, Unsolved> {
        let built = Built::new(self.problem, self.linked);
        let (program, goal, places) = built.with_room();
        let Stepped::Best(step) = step(&program, &goal, limit_ms)? else {
            return Ok(Unsolved::Failed {
                said: "it finds nothing even where everything is allowed".to_owned(),
            });
        };
        let missing: Vec<Missing> = places
            .into_iter()
            .filter_map(|(column, mut missing)| {
                missing.amount = step.values.get(column).copied().unwrap_or_default();
                (missing.amount > SAME_TO * missing.amount.max(1.0)).then_some(missing)
            })
            .collect();
        if missing.is_empty() {
            return Ok(Unsolved::Failed { said: "it finds nothing, though nothing is missing".to_owned() });
        }
        Ok(Unsolved::Infeasible { missing })
    }

    /// Whether no amount went as far as amounts can go at all.
    fn has_end(&self, step: &Step) -> Result<(), Unsolved> {
        let far = self.problem.activities.iter().zip(&step.values);
        let activities: Vec<String> = far
            .filter(|(activity, amount)| activity.most.is_none() && **amount > FAR / 2.0)
            .map(|(activity, _)| activity.name.clone())
            .collect();
        if activities.is_empty() { Ok(()) } else { Err(Unsolved::Unbounded { activities }) }
    }

    fn limits(&self, allocation: &Allocation, solved: &Solved) -> Result<Vec<Limit>, Unsolved> {
        let used_up: Vec<usize> = allocation
            .uses
            .iter()
            .enumerate()
            .filter(|(_, of)| of.used > of.capacity - SAME_TO * of.capacity.abs().max(1.0))
            .filter(|(place, _)| !self.linked.uses[*place].is_empty())
            .map(|(place, _)| place)
            .collect();
        let looks =
            used_up.len() <= ONE_MORE_MAX && second::takes(&Built::new(self.problem, self.linked).program);
        let mut limits = Vec::with_capacity(used_up.len());
        for place in used_up {
            let worth = match &solved.worth {
                Some(worth) => worth[place],
                None if looks => self.one_more(place, solved)?,
                None => Worth::Unknown,
            };
            let resource = &self.problem.resources[place];
            limits.push(Limit { resource: resource.name.clone(), unit: resource.unit.clone(), worth });
        }
        Ok(limits)
    }

    /// Solves it again with one unit more.
    fn one_more(&self, place: usize, solved: &Solved) -> Result<Worth, Unsolved> {
        let mut problem = self.problem.clone();
        problem.resources[place].capacity += 1.0;
        let look = Look { near: None, ..*self.look };
        let more = match (Asked { problem: &problem, linked: self.linked, look: &look }).solve() {
            Ok(more) => more,
            Err(Unsolved::TooLong { .. }) => return Ok(Worth::Unknown),
            Err(unsolved) => return Err(unsolved),
        };
        let moved =
            solved.missing.iter().zip(&more.missing).find(|(before, after)| after.1 < before.1 - SAME_TO);
        Ok(match moved {
            Some(((priority, _), _)) => Worth::LessShort { priority: *priority },
            None => {
                Worth::OneMore { better_by: without_noise(solved.reached - more.reached, solved.reached) }
            }
        })
    }
}

/// Which resources would help what is short of this priority.
fn note_less_short(step: &Step, built: &Built<'_>, priority: u8, less_short: &mut [Option<u8>]) {
    let Some(prices) = &step.prices else { return };
    for (place, noted) in less_short.iter_mut().enumerate() {
        let price = prices.get(built.row_of(place)).copied().unwrap_or_default();
        let resource = built.problem.resources[place].capacity.abs().max(1.0);
        if noted.is_none() && -price * resource > SAME_TO {
            *noted = Some(priority);
        }
    }
}

/// What more of each resource is worth, by the prices of the step for the value; none where something is whole.
fn prices(built: &Built<'_>, step: &Step, less_short: &[Option<u8>]) -> Option<Vec<Worth>> {
    let prices = step.prices.as_ref()?;
    let worth = less_short.iter().enumerate().map(|(place, priority)| match priority {
        Some(priority) => Worth::LessShort { priority: *priority },
        None => {
            let price = prices.get(built.row_of(place)).copied().unwrap_or_default();
            Worth::PerUnit { better_by: without_noise(-price, -price) }
        }
    });
    Some(worth.collect())
}

/// Never worse for having more, and nothing where it is less than a millionth.
fn without_noise(better_by: f64, beside: f64) -> f64 {
    if better_by > SAME_TO * 1e-3 * beside.abs().max(1e-6) { better_by } else { 0.0 }
}
