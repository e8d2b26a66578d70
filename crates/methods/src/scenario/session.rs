//! A model that is being tried out: what a change leaves as it was is not reckoned again.
//!
//! Columns are kept by what they are made of: their function, and the columns and figures that it takes. Two that are made
//! alike are alike, whatever the model around them has become; so a changed figure costs what hangs on it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Model;
use super::build::Built;
use super::outcome::Figures;
use super::program::{Act, Column, Draw, Operand, Program, Step};
use super::run::{Given, Run, RunFault, Spread, Watch, check_work, figures_of, run_with, shares_of};

/// How much is kept, in bytes.
const KEPT_MAX_BYTES: usize = 400 << 20;

/// What a column is made of.
type Key = u64;

/// The columns of a model that is being tried out.
#[derive(Debug, Default)]
pub struct Session {
    /// Trials, seed and spread that the columns are of.
    of: Option<(usize, u64, bool)>,
    kept: HashMap<Key, Kept>,
    /// What was new in the last run and was not kept: asked for again, it is.
    passing: HashSet<Key>,
    /// Counts runs: what was not needed for longest goes first.
    round: u64,
}

#[derive(Debug)]
struct Kept {
    figures: Vec<f64>,
    /// Whether it is drawn by chance: that takes longest.
    is_drawn: bool,
    last_round: u64,
}

impl Session {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a model as [`Model::run`] does, with the same figures, and only as far as what it is made of is new. What happens
    /// in the course of time is always reckoned again.
    ///
    /// # Errors
    /// As [`Model::run`].
    pub fn run(&mut self, model: &Model, run: &Run, watch: &Watch) -> Result<Vec<Figures>, RunFault> {
        let built = model.with(&run.choice)?;
        check_work(&built, run.trials, 1)?;
        if built.program.horizon.is_some() {
            return super::run::run(&built, run, watch);
        }
        let of = (run.trials, run.seed, run.spread == Spread::Even);
        if self.of != Some(of) {
            self.kept.clear();
            self.passing.clear();
            self.of = Some(of);
        }
        self.round += 1;
        self.run_new(&built, run, watch)
    }

    fn run_new(&mut self, built: &Built, run: &Run, watch: &Watch) -> Result<Vec<Figures>, RunFault> {
        let keys = keys(&built.program, run.spread == Spread::Even);
        let results: Vec<Operand> = built
            .results
            .iter()
            .flat_map(|result| result.cells.iter().map(|(_, operand)| *operand))
            .collect();
        let (program, given, fresh) = self.missing(&built.program, run.trials, &keys, &results);
        let mut wanted: Vec<Operand> = fresh.iter().map(|column| Operand::Column(*column)).collect();
        let missing_results: Vec<Operand> =
            results.iter().copied().filter(|result| !self.is_kept(&keys, *result)).collect();
        wanted.extend(&missing_results);
        let columns: Vec<Given<'_>> = given
            .iter()
            .filter_map(|(column, key)| self.kept.get(key).map(|kept| (*column, &kept.figures[..])))
            .collect();
        let source = shares_of(run, &built.program);
        let mut told = run_with(&program, &wanted, &columns, &source, run.trials, run.threads, watch)?;
        let told_results = told.split_off(fresh.len());
        let mut told_results = told_results.into_iter();
        let all: Vec<Vec<f64>> = results
            .iter()
            .map(|result| match self.is_kept(&keys, *result) {
                true => self.kept_figures(&keys, *result),
                false => told_results.next().unwrap_or_default(),
            })
            .collect();
        let figures = figures_of(built, all, &source, run);
        for (column, figures) in fresh.into_iter().zip(told) {
            let is_drawn =
                program.once.iter().any(|step| step.to == column && matches!(step.act, Act::Draw(_)));
            if let Some(key) = keys.get(&column) {
                self.kept.insert(*key, Kept { figures, is_drawn, last_round: self.round });
            }
        }
        self.make_room(run.trials);
        figures
    }

    fn is_kept(&self, keys: &BTreeMap<Column, Key>, operand: Operand) -> bool {
        let Operand::Column(column) = operand else { return false };
        keys.get(&column).is_some_and(|key| self.kept.contains_key(key))
    }

    fn kept_figures(&self, keys: &BTreeMap<Column, Key>, operand: Operand) -> Vec<f64> {
        let Operand::Column(column) = operand else { return vec![] };
        keys.get(&column)
            .and_then(|key| self.kept.get(key))
            .map(|kept| kept.figures.clone())
            .unwrap_or_default()
    }

    /// The part of a program that is not kept, the kept columns that it takes, and those of its own that are to be kept.
    fn missing(
        &mut self,
        program: &Program,
        trials: usize,
        keys: &BTreeMap<Column, Key>,
        results: &[Operand],
    ) -> (Program, Vec<(Column, Key)>, Vec<Column>) {
        let mut needed = vec![false; program.columns as usize];
        let need = |needed: &mut Vec<bool>, operand: Operand| {
            if let Operand::Column(column) = operand
                && let Some(needed) = needed.get_mut(column as usize)
            {
                *needed = true;
            }
        };
        for result in results {
            need(&mut needed, *result);
        }
        let (mut steps, mut given) = (vec![], vec![]);
        for step in program.once.iter().rev() {
            if !needed.get(step.to as usize).copied().unwrap_or(false) {
                continue;
            }
            let kept = keys.get(&step.to).and_then(|key| self.kept.get_mut(key).map(|kept| (key, kept)));
            if let Some((key, kept)) = kept {
                kept.last_round = self.round;
                given.push((step.to, *key));
                continue;
            }
            for operand in operands(program, step) {
                need(&mut needed, operand);
            }
            steps.push(step.clone());
        }
        steps.reverse();
        // What follows from a figure that moves and moves is another one each time: it is kept only when it comes again, or
        // when nothing is known yet.
        let is_first = self.kept.is_empty();
        let passing = std::mem::take(&mut self.passing);
        let (mut fresh, mut others) = (vec![], vec![]);
        for step in &steps {
            let Some(key) = keys.get(&step.to) else { continue };
            if matches!(step.act, Act::Draw(_)) {
                fresh.push(step.to);
            } else if is_first || passing.contains(key) {
                others.push(step.to);
            } else {
                self.passing.insert(*key);
            }
        }
        fresh.append(&mut others);
        fresh.truncate(most_kept(trials));
        (Program { once: steps, ..program.clone() }, given, fresh)
    }

    fn make_room(&mut self, trials: usize) {
        let most = most_kept(trials);
        if self.kept.len() <= most {
            return;
        }
        let mut order: Vec<(bool, u64, Key)> =
            self.kept.iter().map(|(key, kept)| (kept.is_drawn, kept.last_round, *key)).collect();
        // First what was not needed for long, and of that what is soon made again.
        order.sort_unstable_by_key(|(is_drawn, last_round, key)| (*last_round, *is_drawn, *key));
        for (_, _, key) in order.iter().take(self.kept.len() - most) {
            self.kept.remove(key);
        }
    }
}

/// How many columns are kept.
fn most_kept(trials: usize) -> usize {
    KEPT_MAX_BYTES / (trials * size_of::<f64>()).max(1)
}

fn operands(program: &Program, step: &Step) -> Vec<Operand> {
    match &step.act {
        Act::Draw(draw) => {
            program.draws.get(*draw).map(|draw| draw.distribution.operands()).unwrap_or_default()
        }
        Act::Single(_, of) => vec![*of],
        Act::Pair(_, one, other) => vec![*one, *other],
        Act::Choose(condition, then, otherwise) => vec![*condition, *then, *otherwise],
    }
}

/// What each column is made of. Evenly spread draws are known by their place too: it decides their dimension.
fn keys(program: &Program, is_even: bool) -> BTreeMap<Column, Key> {
    let mut keys: BTreeMap<Column, Key> = BTreeMap::new();
    for step in &program.once {
        let mut hasher = DefaultHasher::new();
        match &step.act {
            Act::Draw(draw) => {
                0_u8.hash(&mut hasher);
                if is_even {
                    draw.hash(&mut hasher);
                }
                if let Some(drawn) = program.draws.get(*draw) {
                    hash_draw(program, drawn, is_even, &mut hasher);
                }
            }
            Act::Single(single, _) => (1_u8, *single as u8).hash(&mut hasher),
            Act::Pair(pair, _, _) => (2_u8, *pair as u8).hash(&mut hasher),
            Act::Choose(..) => 3_u8.hash(&mut hasher),
        }
        for operand in operands(program, step) {
            match operand {
                Operand::Fixed(value) => (0_u8, value.to_bits()).hash(&mut hasher),
                Operand::Column(column) => (1_u8, keys.get(&column)).hash(&mut hasher),
            }
        }
        keys.insert(step.to, hasher.finish());
    }
    keys
}

fn hash_draw(program: &Program, draw: &Draw, is_even: bool, hasher: &mut DefaultHasher) {
    draw.purpose.hash(hasher);
    draw.distribution.hash_shape(hasher);
    for (other, factor) in &draw.mixed {
        if is_even {
            other.hash(hasher);
        }
        (program.draws.get(*other).map(|other| other.purpose), factor.to_bits()).hash(hasher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(moved: f64, spread: &str) -> String {
        format!(
            "moved = {moved}\na = normal(100, 10)\nb = {spread}\nc = 2 to 10\ncorrelate a, c = 0.5\n\
             result all = (a * b + moved) * c\nresult part = a * b"
        )
    }

    fn bits(figures: &[Figures]) -> Vec<u64> {
        figures.iter().flat_map(|figures| figures.trials.iter().map(|value| value.to_bits())).collect()
    }

    #[test]
    fn a_session_tells_what_a_run_from_nothing_does() {
        let mut session = Session::new();
        for spread in [super::super::Spread::ByChance, super::super::Spread::Even] {
            for (moved, b) in [
                (1.0, "beta(2, 3)"),
                (2.0, "beta(2, 3)"),
                (2.0, "beta(2, 4)"),
                (1.0, "poisson(3)"),
                (1.0, "beta(2, 3)"),
            ] {
                let model = Model::read(&text(moved, b)).unwrap();
                let run = Run { trials: 10_000, threads: 2, spread, ..Run::default() };
                let kept = session.run(&model, &run, &Watch::default()).unwrap();
                let anew = model.run(&run, &Watch::default()).unwrap();
                assert_eq!(bits(&kept), bits(&anew), "{moved}, {b}");
            }
        }
    }

    #[test]
    fn only_what_hangs_on_a_change_is_reckoned_again() {
        let mut session = Session::new();
        let run = Run { trials: 5_000, ..Run::default() };
        let mut go = |moved| {
            session.run(&Model::read(&text(moved, "beta(2, 3)")).unwrap(), &run, &Watch::default()).unwrap();
            session.kept.values().filter(|kept| kept.last_round == session.round).count()
        };
        go(1.0);
        // The product of a and b and what c is are taken as they were; the sum and the last product are new, and pass.
        assert_eq!(go(2.0), 2);
        // Asked for again, the last product is kept, and then taken as it is: beside it only the plain product.
        go(2.0);
        assert_eq!(go(2.0), 2);
    }

    #[test]
    fn a_fault_is_said_at_its_place_in_a_session_too() {
        let mut session = Session::new();
        let model = Model::read("a = chance(50 %)\nresult x = 1 / (if a then 1 else 0)").unwrap();
        let fault = session.run(&model, &Run::default(), &Watch::default()).unwrap_err();
        assert!(fault.to_string().starts_with("line 2, column 12"), "{fault}");
    }
}
