//! What is reckoned for each trial, as steps over many trials at a time.

use super::distribution::{Begin, Distribution, Parameter};
use super::fault::Place;
use super::syntax::Method;
use crate::elementary::{cos, exp, floor, ln, pow, sin};

/// Trials that are taken at a time: their columns stay close to the processor.
pub(super) const CHUNK: usize = 256;

/// A column of figures, one for each trial of a chunk.
pub(super) type Column = u32;

/// A figure that a step takes: one for all trials, or a column.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Fixed(f64),
    Column(Column),
}

/// When something is reckoned.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Once, before time begins.
    Once,
    /// In each step of time.
    InTime,
    /// Once, when time is over.
    After,
}

/// One step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) to: Column,
    pub(super) act: Act,
    /// What it was written as.
    pub(super) place: Place,
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Draws by chance: by its place among all draws.
    Draw(usize),
    Single(Single, Operand),
    Pair(Pair, Operand, Operand),
    Choose(Operand, Operand, Operand),
}

/// Functions of one figure.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Single {
    Same,
    Negative,
    Not,
    Size,
    Exponential,
    Logarithm,
    Logarithm10,
    Root,
    Floor,
    Ceiling,
    Round,
    Sine,
    Cosine,
}

impl Single {
    #[inline(always)]
    pub(super) fn of(self, x: f64) -> f64 {
        match self {
            Self::Same => x,
            Self::Negative => -x,
            Self::Not => 1.0 - x,
            Self::Size => x.abs(),
            Self::Exponential => exp(x),
            Self::Logarithm => ln(x),
            Self::Logarithm10 => ln(x) * std::f64::consts::LOG10_E,
            Self::Root => x.sqrt(),
            Self::Floor => floor(x),
            Self::Ceiling => -floor(-x),
            Self::Round => floor(x + 0.5),
            Self::Sine => sin(x),
            Self::Cosine => cos(x),
        }
    }
}

/// Functions of two figures.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Least,
    Greatest,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    And,
    Or,
}

impl Pair {
    #[inline(always)]
    pub(super) fn of(self, x: f64, y: f64) -> f64 {
        let truth = |is: bool| if is { 1.0 } else { 0.0 };
        // What is no number stays none: a least or greatest must not hide it.
        let chosen = |x: f64, y: f64, takes_x: bool| if x.is_nan() || takes_x { x } else { y };
        match self {
            Self::Plus => x + y,
            Self::Minus => x - y,
            Self::Times => x * y,
            Self::Over => x / y,
            Self::Power => pow(x, y),
            Self::Least => chosen(x, y, x < y),
            Self::Greatest => chosen(x, y, x > y),
            Self::Equal => truth(x == y),
            Self::NotEqual => truth(x != y),
            Self::Less => truth(x < y),
            Self::LessOrEqual => truth(x <= y),
            Self::And => x * y,
            Self::Or => truth(x + y > 0.0),
        }
    }
}

/// What is drawn by chance.
#[derive(Clone, Debug)]
pub(super) struct Draw {
    /// Names its stream: by what it is drawn for, so that it is the same whatever else changes.
    pub(super) purpose: u64,
    pub(super) distribution: Distribution<Operand>,
    /// Whether each step of time draws anew.
    pub(super) each_step: bool,
    /// What its deviations are made of, where it is correlated: the draws before it in its group, and itself, with the factors
    /// of each.
    pub(super) mixed: Vec<(usize, f64)>,
}

/// A figure that is carried from step to step.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    /// In time.
    pub(super) level: Column,
    pub(super) initial: Operand,
    /// Per second.
    pub(super) change: Operand,
}

/// What is kept of a figure in time.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) to: Column,
    pub(super) of: Operand,
    pub(super) what: Keeps,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    Last,
    Highest,
    Lowest,
}

/// How time goes by.
#[derive(Copy, Clone, Debug)]
pub(super) struct Horizon {
    pub(super) steps: u32,
    pub(super) step_s: f64,
    pub(super) method: Method,
}

/// Everything that is reckoned for a trial.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) columns: u32,
    pub(super) once: Vec<Step>,
    pub(super) in_time: Vec<Step>,
    pub(super) after: Vec<Step>,
    pub(super) draws: Vec<Draw>,
    pub(super) stocks: Vec<Stock>,
    pub(super) kept: Vec<Kept>,
    pub(super) horizon: Option<Horizon>,
    /// The time since the beginning, in seconds.
    pub(super) clock: Option<Column>,
}

impl Program {
    /// How many single steps a trial takes, about.
    pub(super) fn steps_per_trial(&self) -> u64 {
        let steps = self.horizon.map_or(0, |horizon| {
            let rounds = if horizon.method == Method::RungeKutta { 4 } else { 1 };
            u64::from(horizon.steps) * rounds
        });
        let in_time = (self.in_time.len() + self.stocks.len() + self.kept.len()) as u64;
        (self.once.len() + self.after.len()) as u64 + in_time * steps
    }
}

/// Where the deviations or shares of draws come from.
pub(super) trait Chances {
    /// The shares of a draw for the chunk at hand, in step `time_step` of time.
    fn shares(&mut self, draw: usize, time_step: u32, to: &mut [f64]);
}

/// Columns to reckon in.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// Columns, each a chunk long.
    figures: Vec<Vec<f64>>,
    trials: usize,
    /// Room for what a draw begins with, and for what it mixes.
    shares: Vec<f64>,
    mixed: Vec<f64>,
    /// Runge and Kutta's: levels at the step's beginning, and the sum of what changes.
    levels: Vec<f64>,
    changes: Vec<f64>,
    /// The trial that is watched, and the first place where it turned into no number.
    watched: Option<usize>,
    turned: Option<Place>,
}

impl Sheet {
    /// Puts in the figures of a column that is known already.
    pub(super) fn load(&mut self, program: &Program, column: Column, figures: &[f64]) {
        self.make_room(program);
        if let Some(room) =
            self.figures.get_mut(column as usize).and_then(|room| room.get_mut(..figures.len()))
        {
            room.copy_from_slice(figures);
        }
    }

    fn make_room(&mut self, program: &Program) {
        self.figures.resize_with(program.columns as usize, || vec![0.0; CHUNK]);
    }

    /// Reckons `program` for `trials` trials, at most a chunk of them.
    pub(super) fn run(&mut self, program: &Program, trials: usize, chances: &mut impl Chances) {
        self.trials = trials.min(CHUNK);
        self.make_room(program);
        self.shares.resize(CHUNK, 0.0);
        self.mixed.resize(CHUNK, 0.0);
        self.all(program, &program.once, 0, chances);
        if let Some(horizon) = program.horizon {
            self.go_through_time(program, horizon, chances);
        }
        self.all(program, &program.after, 0, chances);
    }

    /// Reckons again while one trial is watched: where it first turns into no number.
    pub(super) fn find_turn(
        &mut self,
        program: &Program,
        trials: usize,
        watched: usize,
        chances: &mut impl Chances,
    ) -> Option<Place> {
        self.watched = Some(watched);
        self.turned = None;
        self.run(program, trials, chances);
        self.watched = None;
        self.turned
    }

    /// The figures of a column.
    pub(super) fn column(&self, column: Column) -> &[f64] {
        self.figures.get(column as usize).and_then(|figures| figures.get(..self.trials)).unwrap_or_default()
    }

    fn operand(&self, operand: Operand) -> Parameter<'_> {
        match operand {
            Operand::Fixed(value) => Parameter::All(value),
            Operand::Column(column) => Parameter::Each(self.column(column)),
        }
    }

    /// Takes a column out to be written while others are read, and puts it back. Only what was in it before is not there to
    /// be read meanwhile.
    fn write(&mut self, to: Column, write: impl FnOnce(&Self, &mut [f64])) {
        let Some(mut room) = self.figures.get_mut(to as usize).map(std::mem::take) else { return };
        if let Some(room) = room.get_mut(..self.trials) {
            write(self, room);
        }
        if let Some(place) = self.figures.get_mut(to as usize) {
            *place = room;
        }
    }

    fn all(&mut self, program: &Program, steps: &[Step], time_step: u32, chances: &mut impl Chances) {
        for step in steps {
            match &step.act {
                Act::Draw(draw) => self.draw(program, *draw, step.to, time_step, chances),
                Act::Single(single, of) => {
                    self.write(step.to, |sheet, to| apply_single(*single, sheet.operand(*of), to));
                }
                Act::Pair(pair, one, other) => {
                    self.write(step.to, |sheet, to| {
                        apply_pair(*pair, sheet.operand(*one), sheet.operand(*other), to);
                    });
                }
                Act::Choose(condition, then, otherwise) => self.write(step.to, |sheet, to| {
                    let [condition, then, otherwise] =
                        [condition, then, otherwise].map(|operand| sheet.operand(*operand));
                    choose(condition, then, otherwise, to);
                }),
            }
            if let Some(watched) = self.watched
                && self.turned.is_none()
                && self.column(step.to).get(watched).is_some_and(|value| !value.is_finite())
            {
                self.turned = Some(step.place);
            }
        }
    }

    fn draw(
        &mut self,
        program: &Program,
        draw: usize,
        to: Column,
        time_step: u32,
        chances: &mut impl Chances,
    ) {
        let Some(Draw { distribution, mixed, .. }) = program.draws.get(draw) else { return };
        let trials = self.trials;
        let mut shares = std::mem::take(&mut self.shares);
        let mut sum = std::mem::take(&mut self.mixed);
        if let (Some(shares), Some(sum)) = (shares.get_mut(..trials), sum.get_mut(..trials)) {
            if mixed.is_empty() {
                chances.shares(draw, time_step, shares);
            } else {
                sum.fill(0.0);
                for (other, factor) in mixed {
                    chances.shares(*other, time_step, shares);
                    for (sum, share) in sum.iter_mut().zip(&*shares) {
                        *sum += factor * crate::special::normal_quantile(*share);
                    }
                }
            }
            let begin = if mixed.is_empty() { Begin::Shares(shares) } else { Begin::Deviations(sum) };
            self.write(to, |sheet, to| distribution.fill(|figure| sheet.operand(*figure), begin, to));
        }
        (self.shares, self.mixed) = (shares, sum);
    }

    fn go_through_time(&mut self, program: &Program, horizon: Horizon, chances: &mut impl Chances) {
        for stock in &program.stocks {
            self.write(stock.level, |sheet, to| apply_single(Single::Same, sheet.operand(stock.initial), to));
        }
        for step in 0..=horizon.steps {
            self.tell_time(program, f64::from(step) * horizon.step_s);
            self.all(program, &program.in_time, step, chances);
            self.keep(program, step == 0);
            if step == horizon.steps {
                break;
            }
            match horizon.method {
                Method::Euler => self.add_changes(program, horizon.step_s),
                Method::RungeKutta => self.runge_kutta(program, horizon.step_s, step, chances),
            }
        }
    }

    fn tell_time(&mut self, program: &Program, time_s: f64) {
        if let Some(clock) = program.clock {
            self.write(clock, |_, to| to.fill(time_s));
        }
    }

    fn keep(&mut self, program: &Program, is_first: bool) {
        for kept in &program.kept {
            self.write(kept.to, |sheet, to| {
                for (trial, to) in to.iter_mut().enumerate() {
                    let value = at(sheet.operand(kept.of), trial);
                    *to = match kept.what {
                        Keeps::Last => value,
                        _ if is_first => value,
                        Keeps::Highest => Pair::Greatest.of(value, *to),
                        Keeps::Lowest => Pair::Least.of(value, *to),
                    };
                }
            });
        }
    }

    fn add_changes(&mut self, program: &Program, step_s: f64) {
        // All changes are those of the step's beginning: levels are told after all of them are known.
        let changes = self.changes_of(program);
        for (place, stock) in program.stocks.iter().enumerate() {
            let changes = changes.get(place * CHUNK..).unwrap_or_default();
            self.write(stock.level, |_, to| {
                for (level, change) in to.iter_mut().zip(changes) {
                    *level += step_s * change;
                }
            });
        }
        self.changes = changes;
    }

    /// The changes of all stocks as they are now.
    fn changes_of(&mut self, program: &Program) -> Vec<f64> {
        let mut changes = std::mem::take(&mut self.changes);
        changes.resize(program.stocks.len() * CHUNK, 0.0);
        for (stock, changes) in program.stocks.iter().zip(changes.chunks_exact_mut(CHUNK)) {
            for (trial, change) in changes.iter_mut().take(self.trials).enumerate() {
                *change = at(self.operand(stock.change), trial);
            }
        }
        changes
    }

    fn runge_kutta(&mut self, program: &Program, step_s: f64, step: u32, chances: &mut impl Chances) {
        let mut levels = std::mem::take(&mut self.levels);
        levels.resize(program.stocks.len() * CHUNK, 0.0);
        for (stock, levels) in program.stocks.iter().zip(levels.chunks_exact_mut(CHUNK)) {
            let column = self.column(stock.level);
            if let Some(levels) = levels.get_mut(..column.len()) {
                levels.copy_from_slice(column);
            }
        }
        let mut sum = vec![0.0; levels.len()];
        let begin_s = f64::from(step) * step_s;
        for (weight, next) in [(1.0, Some(0.5)), (2.0, Some(0.5)), (2.0, Some(1.0)), (1.0, None)] {
            let changes = self.changes_of(program);
            for (sum, change) in sum.iter_mut().zip(&changes) {
                *sum += weight * change;
            }
            let (far, along) = match next {
                Some(share) => (share * step_s, &changes),
                None => (step_s / 6.0, &sum),
            };
            for (place, stock) in program.stocks.iter().enumerate() {
                let from = levels.get(place * CHUNK..).unwrap_or_default();
                let along = along.get(place * CHUNK..).unwrap_or_default();
                self.write(stock.level, |_, to| {
                    for ((to, from), along) in to.iter_mut().zip(from).zip(along) {
                        *to = from + far * along;
                    }
                });
            }
            self.changes = changes;
            if let Some(share) = next {
                self.tell_time(program, begin_s + share * step_s);
                self.all(program, &program.in_time, step, chances);
            }
        }
        self.levels = levels;
    }
}

#[inline(always)]
fn at(parameter: Parameter<'_>, trial: usize) -> f64 {
    match parameter {
        Parameter::All(value) => value,
        Parameter::Each(values) => values.get(trial).copied().unwrap_or(f64::NAN),
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn apply_single(single: Single, of: Parameter<'_>, to: &mut [f64]) {
    match of {
        Parameter::All(value) => to.fill(single.of(value)),
        Parameter::Each(values) => match single {
            Single::Same => each(values, to, |x| x),
            Single::Negative => each(values, to, |x| -x),
            Single::Not => each(values, to, |x| 1.0 - x),
            Single::Exponential => each(values, to, exp),
            Single::Logarithm => each(values, to, ln),
            Single::Root => each(values, to, f64::sqrt),
            other => each(values, to, |x| other.of(x)),
        },
    }
}

#[inline(always)]
fn each(values: &[f64], to: &mut [f64], of: impl Fn(f64) -> f64) {
    for (to, value) in to.iter_mut().zip(values) {
        *to = of(*value);
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn apply_pair(pair: Pair, one: Parameter<'_>, other: Parameter<'_>, to: &mut [f64]) {
    match pair {
        Pair::Plus => both(one, other, to, |x, y| x + y),
        Pair::Minus => both(one, other, to, |x, y| x - y),
        Pair::Times => both(one, other, to, |x, y| x * y),
        Pair::Over => both(one, other, to, |x, y| x / y),
        Pair::Least => both(one, other, to, |x, y| Pair::Least.of(x, y)),
        Pair::Greatest => both(one, other, to, |x, y| Pair::Greatest.of(x, y)),
        Pair::Less => both(one, other, to, |x, y| Pair::Less.of(x, y)),
        rest => both(one, other, to, |x, y| rest.of(x, y)),
    }
}

#[inline(always)]
fn both(one: Parameter<'_>, other: Parameter<'_>, to: &mut [f64], of: impl Fn(f64, f64) -> f64) {
    match (one, other) {
        (Parameter::All(x), Parameter::All(y)) => to.fill(of(x, y)),
        (Parameter::Each(xs), Parameter::All(y)) => {
            for (to, x) in to.iter_mut().zip(xs) {
                *to = of(*x, y);
            }
        }
        (Parameter::All(x), Parameter::Each(ys)) => {
            for (to, y) in to.iter_mut().zip(ys) {
                *to = of(x, *y);
            }
        }
        (Parameter::Each(xs), Parameter::Each(ys)) => {
            for ((to, x), y) in to.iter_mut().zip(xs).zip(ys) {
                *to = of(*x, *y);
            }
        }
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn choose(condition: Parameter<'_>, then: Parameter<'_>, otherwise: Parameter<'_>, to: &mut [f64]) {
    for (trial, to) in to.iter_mut().enumerate() {
        let (then, otherwise) = (at(then, trial), at(otherwise, trial));
        *to = if at(condition, trial) != 0.0 { then } else { otherwise };
    }
}
