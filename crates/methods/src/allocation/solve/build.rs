//! The problem as columns and rows, and the goals: what is missing of each priority, the value, what is nearest.

use super::program::{Column, Program, SAME_TO, Side};
use super::step::Step;
use crate::allocation::problem::Linked;
use crate::allocation::{Aim, Allocation, Missing, Problem};

/// Columns: activities, then their switches, then shortages. Rows: resources, then demands, then switches.
pub(super) struct Built<'a> {
    pub problem: &'a Problem,
    pub program: Program,
    /// Of each activity that is done or not.
    switches: Vec<Option<usize>>,
    /// Of each demand that may be short.
    shortages: Vec<Option<usize>>,
}

impl<'a> Built<'a> {
    pub fn new(problem: &'a Problem, linked: &Linked) -> Self {
        let mut program = Program::default();
        for activity in &problem.activities {
            let (least, most) = (activity.least, activity.bound());
            let (least, most) = if activity.whole { (least.ceil(), most.floor()) } else { (least, most) };
            program.add(Column { least, most, is_whole: activity.whole });
        }
        let switches = problem.activities.iter();
        let switches: Vec<Option<usize>> =
            switches.map(|activity| activity.has_switch().then(|| program.add(Column::switch()))).collect();
        let shortages = problem.demands.iter().map(|demand| {
            demand.priority.is_some().then(|| program.add(Column::between(0.0, demand.amount)))
        });
        let shortages: Vec<Option<usize>> = shortages.collect();
        for (resource, uses) in problem.resources.iter().zip(&linked.uses) {
            program.limit(uses.clone(), Side::AtMost, resource.capacity);
        }
        for ((demand, meets), shortage) in problem.demands.iter().zip(&linked.meets).zip(&shortages) {
            let mut terms = meets.clone();
            terms.extend(shortage.map(|column| (column, 1.0)));
            program.limit(terms, Side::AtLeast, demand.amount);
        }
        for (column, (activity, switch)) in problem.activities.iter().zip(&switches).enumerate() {
            let Some(switch) = switch else { continue };
            program.limit(vec![(column, 1.0), (*switch, -activity.bound())], Side::AtMost, 0.0);
            if activity.least_if_any > 0.0 {
                program.limit(vec![(column, 1.0), (*switch, -activity.least_if_any)], Side::AtLeast, 0.0);
            }
        }
        Self { problem, program, switches, shortages }
    }

    /// The row of a resource.
    pub fn row_of(&self, resource: usize) -> usize {
        resource
    }

    /// All priorities, what comes first first.
    pub fn priorities(&self) -> Vec<u8> {
        let demands = self.problem.demands.iter().filter_map(|demand| demand.priority);
        let activities = self.problem.activities.iter().filter_map(|activity| activity.priority);
        let mut priorities: Vec<u8> = demands.chain(activities).collect();
        priorities.sort_unstable();
        priorities.dedup();
        priorities
    }

    /// What is missing of a priority, as the sum of shares; of activities, less the one that all of it would be.
    pub fn missing_of(&self, priority: u8) -> Vec<f64> {
        let mut goal = self.nothing();
        for (column, amount) in self.short_of(priority) {
            goal[column] = 1.0 / amount;
        }
        for (column, activity) in self.of(priority) {
            goal[column] = -1.0 / activity.bound().max(f64::MIN_POSITIVE);
        }
        goal
    }

    /// The same as a share that is missing.
    pub fn share_missing(&self, priority: u8, reached: f64) -> f64 {
        (reached + self.of(priority).count() as f64).max(0.0)
    }

    /// From now on no more is missing of this priority.
    pub fn keep(&mut self, priority: u8, goal: &[f64], reached: f64, short: f64) {
        if short <= SAME_TO {
            // All of it, to the last digit.
            let shortages: Vec<usize> = self.short_of(priority).map(|(column, _)| column).collect();
            let full: Vec<usize> = self.of(priority).map(|(column, _)| column).collect();
            for column in shortages {
                self.program.columns[column].most = 0.0;
            }
            for column in full {
                self.program.columns[column].least = self.program.columns[column].most;
            }
            return;
        }
        let terms = goal.iter().enumerate().filter(|(_, figure)| **figure != 0.0);
        let terms = terms.map(|(column, figure)| (column, *figure)).collect();
        self.program.limit(terms, Side::AtMost, reached + 1e-10 * reached.abs());
    }

    /// What is to be made least last: what is spent, less what is gained.
    pub fn value(&self) -> Vec<f64> {
        let mut goal = self.nothing();
        for (column, (activity, switch)) in self.problem.activities.iter().zip(&self.switches).enumerate() {
            goal[column] = -activity.earns();
            if let Some(switch) = switch {
                goal[*switch] = activity.fixed_cost;
            }
        }
        goal
    }

    /// Adds that the value stays as good as the step has it; the goal is then to be near earlier amounts.
    pub fn nearest_to(&mut self, near: &Allocation, value: &[f64], step: &Step) -> Vec<f64> {
        let terms: Vec<(usize, f64)> =
            value.iter().copied().enumerate().filter(|(_, figure)| *figure != 0.0).collect();
        if !terms.is_empty() {
            self.program.limit(terms, Side::AtMost, step.reached + 1e-10 * step.reached.abs());
        }
        let mut off = Vec::new();
        for (column, activity) in self.problem.activities.iter().enumerate() {
            let Some(before) = near.amounts.iter().find(|amount| amount.activity == activity.name) else {
                continue;
            };
            let distance = self.program.add(Column::between(0.0, activity.bound().max(before.amount)));
            self.program.limit(vec![(column, 1.0), (distance, -1.0)], Side::AtMost, before.amount);
            self.program.limit(vec![(column, 1.0), (distance, 1.0)], Side::AtLeast, before.amount);
            off.push((distance, 1.0 / before.amount.abs().max(1.0)));
        }
        let mut goal = self.nothing();
        off.into_iter().for_each(|(column, weight)| goal[column] = weight);
        goal
    }

    /// The same where resources and what must be met have room at a price: which column is whose room.
    pub fn with_room(&self) -> (Program, Vec<f64>, Vec<(usize, Missing)>) {
        let mut program = self.program.clone();
        let mut goal = self.nothing();
        let mut places = Vec::new();
        let resources = self
            .problem
            .resources
            .iter()
            .map(|resource| (format!("resource «{}»", resource.name), &resource.unit, resource.capacity));
        let demands = self
            .problem
            .demands
            .iter()
            .map(|demand| (format!("demand «{}»", demand.name), &demand.unit, demand.amount));
        for (row, (place, unit, size)) in resources.chain(demands).enumerate() {
            // Far enough for whatever activities can use.
            let column = program.add(Column::between(0.0, 1e15));
            let room = if program.rows[row].side == Side::AtMost { -1.0 } else { 1.0 };
            program.rows[row].terms.push((column, room));
            goal.push(1.0 / size.abs().max(1.0));
            places.push((column, Missing { place, amount: 0.0, unit: unit.clone() }));
        }
        (program, goal, places)
    }

    /// Whether the value is told as gain.
    pub fn is_gain(problem: &Problem) -> bool {
        problem.aim == Aim::MostGain
    }

    fn nothing(&self) -> Vec<f64> {
        vec![0.0; self.program.columns.len()]
    }

    /// Columns of shortages of this priority, with what is wanted.
    fn short_of(&self, priority: u8) -> impl Iterator<Item = (usize, f64)> + '_ {
        let all = self.problem.demands.iter().zip(&self.shortages);
        all.filter(move |(demand, _)| demand.priority == Some(priority))
            .filter_map(|(demand, column)| column.map(|column| (column, demand.amount)))
    }

    /// Activities of this priority with their columns.
    fn of(&self, priority: u8) -> impl Iterator<Item = (usize, &'a crate::allocation::Activity)> + '_ {
        let all = self.problem.activities.iter().enumerate();
        all.filter(move |(_, activity)| activity.priority == Some(priority) && activity.bound() > 0.0)
    }
}
