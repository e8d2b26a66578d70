//! Makes a program of a model: every name, unit, index and circle is checked on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{Counted, Fault, ModelFault, Place, RangeFault, fault};
use super::meaning::{CELLS_MAX, Index, Meaning, cell_count, places};
use super::program::{Act, Column, Horizon, Operand, Pair, Program, Single, Stage, Step, Stock};
use super::syntax::{
    Better, DecisionOption, Disruption, Expression, Form, Named, Says, UnitText, Variable, Written,
};
use super::unit::{Dimension, Unit, Units};

/// The most steps of time.
pub const TIME_STEPS_MAX: usize = 100_000;
/// The most single steps of a program.
const STEPS_MAX: usize = 200_000;
/// How much of a step of time may be missing at the horizon's end.
const ROUNDING_SHARE: f64 = 1e-6;

/// What comes of a model with its decisions made.
#[derive(Clone, Debug)]
pub(super) struct Built {
    pub(super) title: String,
    pub(super) program: Program,
    pub(super) results: Vec<BuiltResult>,
    pub(super) decisions: Vec<BuiltDecision>,
    /// What units mean in it.
    pub(super) units: Units,
    /// Figures that are drawn by chance, in the order of the text: name, member of its indexes, draw.
    pub(super) drawn: Vec<DrawnFigure>,
}

/// A figure that the model is asked for.
#[derive(Clone, Debug)]
pub(super) struct BuiltResult {
    pub(super) name: String,
    pub(super) place: Place,
    /// One for each combination of members of its indexes.
    pub(super) cells: Vec<(Vec<String>, Operand)>,
    pub(super) unit: Unit,
    pub(super) is_truth: bool,
    pub(super) better: Option<Better>,
}

/// What is to be decided.
#[derive(Clone, Debug)]
pub(super) struct BuiltDecision {
    pub(super) name: String,
    pub(super) options: Vec<String>,
}

/// A figure that is drawn by chance.
#[derive(Clone, Debug)]
pub(super) struct DrawnFigure {
    pub(super) name: String,
    pub(super) members: Vec<String>,
    pub(super) column: Column,
    /// Whether it happens or not: its ends are both.
    pub(super) is_truth: bool,
}

/// What a name stands for.
#[derive(Copy, Clone, Debug)]
enum Definition<'a> {
    Variable(&'a Variable),
    Decision(&'a Named, &'a [DecisionOption]),
    Disruption(&'a Disruption),
}

/// A stock of which the change is not known yet.
struct Pending<'a> {
    variable: &'a Variable,
    levels: Vec<Operand>,
    meaning: Meaning,
    initial: Vec<Operand>,
}

/// Builds a program.
pub(super) struct Builder<'a> {
    pub(super) units: Units,
    pub(super) indexes: Vec<Index>,
    definitions: BTreeMap<&'a str, Definition<'a>>,
    order: Vec<&'a str>,
    /// Which option of each decision.
    choice: &'a BTreeMap<String, usize>,
    done: BTreeMap<String, Meaning>,
    /// The figures that are being made, each for the one before.
    making: Vec<String>,
    pending: Vec<Pending<'a>>,
    decisions: Vec<BuiltDecision>,
    pub(super) program: Program,
    pub(super) step_count: usize,
    /// The figure that is being made, and how many draws it has so far: what names them.
    pub(super) owner: String,
    pub(super) draws_of_owner: u64,
    /// The draws of figures that are one distribution.
    pub(super) plain_draws: BTreeMap<String, Vec<usize>>,
    drawn: Vec<DrawnFigure>,
    /// Parts of disruptions, by «name.part».
    parts: BTreeMap<String, Meaning>,
}

pub(super) type Made<T> = Result<T, ModelFault>;

/// Builds the program of `written` with the options of `choice`; the first one where none is chosen.
pub(super) fn build(written: &Written, choice: &BTreeMap<String, usize>) -> Made<Built> {
    let builder = Builder {
        units: Units::new(),
        indexes: vec![],
        definitions: BTreeMap::new(),
        order: vec![],
        choice,
        done: BTreeMap::new(),
        making: vec![],
        pending: vec![],
        decisions: vec![],
        program: Program::default(),
        step_count: 0,
        owner: String::new(),
        draws_of_owner: 0,
        plain_draws: BTreeMap::new(),
        drawn: vec![],
        parts: BTreeMap::new(),
    };
    builder.build(written)
}

impl<'a> Builder<'a> {
    fn build(mut self, written: &'a Written) -> Made<Built> {
        let mut title = String::new();
        let mut correlations = vec![];
        let mut horizon = None;
        let mut taken = BTreeSet::new();
        for statement in &written.statements {
            let name = match &statement.says {
                Says::Title(text) => {
                    title.clone_from(text);
                    None
                }
                Says::Horizon { length, step, method } => {
                    if horizon.is_some() {
                        return fault(statement.place, Fault::NameTaken("horizon".to_owned()));
                    }
                    horizon = Some((length, step, *method));
                    None
                }
                Says::Unit { name, definition } => {
                    let unit = definition.as_ref().map(|(count, unit)| Ok((*count, self.units.read(unit)?)));
                    let unit = unit.transpose()?;
                    self.units.add(&name.name, unit.as_ref().map(|(count, unit)| (*count, unit)));
                    Some(name)
                }
                Says::Index { name, members } => {
                    self.index(name, members)?;
                    Some(name)
                }
                Says::Variable(variable) => {
                    self.define(&variable.name, Definition::Variable(variable));
                    Some(&variable.name)
                }
                Says::Decision { name, options } => {
                    self.define(name, Definition::Decision(name, options));
                    Some(name)
                }
                Says::Disruption(disruption) => {
                    self.define(&disruption.name, Definition::Disruption(disruption));
                    Some(&disruption.name)
                }
                Says::Correlation { one, other, value } => {
                    correlations.push((one, other, value));
                    None
                }
            };
            if let Some(Named { name, place }) = name
                && !taken.insert(name.as_str())
            {
                return fault(*place, Fault::NameTaken(name.clone()));
            }
        }
        if let Some((length, step, method)) = horizon {
            self.set_horizon(length, step, method)?;
        }
        for name in self.order.clone() {
            self.figure(name, Place::default())?;
        }
        while let Some(stock) = self.pending.pop() {
            self.change(stock)?;
        }
        self.correlate(&correlations)?;
        let results = self.results(written)?;
        let Self { mut program, decisions, drawn, units, .. } = self;
        let wanted = results.iter().flat_map(|result| result.cells.iter().map(|(_, operand)| *operand));
        drop_unused(&mut program, wanted.collect());
        Ok(Built { title, program, results, decisions, units, drawn })
    }

    fn define(&mut self, name: &'a Named, definition: Definition<'a>) {
        self.definitions.insert(&name.name, definition);
        self.order.push(&name.name);
    }

    fn index(&mut self, name: &Named, members: &[Named]) -> Made<()> {
        if members.len() > CELLS_MAX {
            return fault(name.place, Fault::TooMany { what: Counted::Members, most: CELLS_MAX });
        }
        let mut names = BTreeSet::new();
        for member in members {
            if !names.insert(&member.name) {
                return fault(member.place, Fault::NameTaken(member.name.clone()));
            }
        }
        let members = members.iter().map(|member| member.name.clone()).collect();
        self.indexes.push(Index { name: name.name.clone(), members });
        Ok(())
    }

    fn set_horizon(
        &mut self,
        length: &'a Expression,
        step: &'a Expression,
        method: super::syntax::Method,
    ) -> Made<()> {
        let [length_s, step_s] = [length, step].map(|expression| self.fixed_time(expression));
        let (length_s, step_s) = (length_s?, step_s?);
        if step_s > length_s {
            return fault(step.place, Fault::OutOfRange(RangeFault::StepTooLong));
        }
        let steps = length_s / step_s;
        if steps > TIME_STEPS_MAX as f64 {
            return fault(step.place, Fault::TooMany { what: Counted::Steps, most: TIME_STEPS_MAX });
        }
        let steps = crate::elementary::floor(steps + ROUNDING_SHARE).max(1.0) as u32;
        self.program.horizon = Some(Horizon { steps, step_s, method });
        self.program.clock = Some(self.column());
        Ok(())
    }

    fn fixed_time(&mut self, expression: &'a Expression) -> Made<f64> {
        let meaning = self.value(expression, &[])?;
        self.want(&meaning, &super::unit::time(), expression.place)?;
        match meaning.fixed() {
            Some(time_s) if time_s > 0.0 => Ok(time_s),
            Some(_) => fault(expression.place, Fault::OutOfRange(RangeFault::NotAboveZero)),
            None => fault(expression.place, Fault::NotFixed),
        }
    }

    pub(super) fn column(&mut self) -> Column {
        let column = self.program.columns;
        self.program.columns += 1;
        column
    }

    /// Adds a step, and tells where its figures are.
    pub(super) fn step(&mut self, act: Act, stage: Stage, place: Place) -> Made<Operand> {
        self.step_count += 1;
        if self.step_count > STEPS_MAX {
            return fault(place, Fault::TooMuchWork(STEPS_MAX as u64));
        }
        let to = self.column();
        let steps = match stage {
            Stage::Once => &mut self.program.once,
            Stage::InTime => &mut self.program.in_time,
            Stage::After => &mut self.program.after,
        };
        steps.push(Step { to, act, place });
        Ok(Operand::Column(to))
    }

    pub(super) fn single(
        &mut self,
        single: Single,
        of: Operand,
        stage: Stage,
        place: Place,
    ) -> Made<Operand> {
        match of {
            Operand::Fixed(value) => finite(single.of(value), place),
            Operand::Column(_) => self.step(Act::Single(single, of), stage, place),
        }
    }

    pub(super) fn pair(
        &mut self,
        pair: Pair,
        one: Operand,
        other: Operand,
        stage: Stage,
        place: Place,
    ) -> Made<Operand> {
        match (one, other) {
            (Operand::Fixed(one), Operand::Fixed(other)) => finite(pair.of(one, other), place),
            _ => self.step(Act::Pair(pair, one, other), stage, place),
        }
    }

    /// The figures of a meaning over wider indexes.
    pub(super) fn spread(&self, meaning: &Meaning, indexes: &[usize]) -> Vec<Operand> {
        let places = places(&self.indexes, &meaning.indexes, indexes);
        places.into_iter().filter_map(|place| meaning.cells.get(place).copied()).collect()
    }

    /// A figure by its name.
    pub(super) fn figure(&mut self, name: &str, place: Place) -> Made<Meaning> {
        if let Some(done) = self.done.get(name) {
            return Ok(done.clone());
        }
        let Some(definition) = self.definitions.get(name).copied() else {
            return fault(place, Fault::UnknownName(name.to_owned()));
        };
        if let Some(first) = self.making.iter().position(|making| making == name) {
            let mut circle: Vec<&str> = self.making.iter().skip(first).map(String::as_str).collect();
            circle.push(name);
            return fault(place, Fault::Cycle(circle.join(" → ")));
        }
        if self.making.len() >= super::parse::DEPTH_MAX * 8 {
            let most = super::parse::DEPTH_MAX * 8;
            return fault(place, Fault::TooMany { what: Counted::Levels, most });
        }
        self.making.push(name.to_owned());
        let before =
            (std::mem::replace(&mut self.owner, name.to_owned()), std::mem::take(&mut self.draws_of_owner));
        let meaning = match definition {
            Definition::Variable(variable) => self.variable(variable),
            Definition::Decision(name, options) => self.decision(name, options),
            Definition::Disruption(disruption) => self.disruption(disruption),
        };
        (self.owner, self.draws_of_owner) = before;
        self.making.pop();
        let meaning = meaning?;
        self.done.insert(name.to_owned(), meaning.clone());
        Ok(meaning)
    }

    /// A part of a disruption.
    pub(super) fn part(&mut self, name: &str, part: &str, place: Place) -> Made<Meaning> {
        self.figure(name, place)?;
        let whole = format!("{name}.{part}");
        match self.parts.get(&whole) {
            Some(meaning) => Ok(meaning.clone()),
            None => fault(place, Fault::UnknownName(whole)),
        }
    }

    pub(super) fn index_named(&self, name: &str) -> Option<usize> {
        self.indexes.iter().position(|index| index.name == name)
    }

    fn variable(&mut self, variable: &'a Variable) -> Made<Meaning> {
        let mut indexes = vec![];
        for index in &variable.indexes {
            match self.index_named(&index.name) {
                Some(place) => indexes.push(place),
                None => return fault(index.place, Fault::UnknownName(index.name.clone())),
            }
        }
        let written_order = indexes.clone();
        indexes.sort_unstable();
        indexes.dedup();
        if indexes.len() != written_order.len() {
            return fault(variable.name.place, Fault::NameTaken(variable.name.name.clone()));
        }
        if cell_count(&self.indexes, &indexes) > CELLS_MAX {
            return fault(variable.name.place, Fault::TooMany { what: Counted::Cells, most: CELLS_MAX });
        }
        let mut meaning = match &variable.value.form {
            Form::List(figures) => self.list(figures, &written_order, variable.value.place)?,
            _ => self.value(&variable.value, &indexes)?,
        };
        if let Some(extra) = meaning.indexes.iter().find(|index| !indexes.contains(index)) {
            let name = self.indexes.get(*extra).map(|index| index.name.clone()).unwrap_or_default();
            return fault(variable.value.place, Fault::StillOverIndex(name));
        }
        meaning.cells = self.spread(&meaning, &indexes);
        meaning.indexes = indexes;
        if let Some(unit) = &variable.unit {
            self.show_in(&mut meaning, unit)?;
        }
        self.check_asked(variable, &meaning)?;
        self.note_draws(variable, &meaning);
        if variable.change.is_some() {
            return self.stock(variable, meaning);
        }
        Ok(meaning)
    }

    /// Whether what is asked for lies within its bounds: both ends of a range, too.
    fn check_asked(&mut self, variable: &'a Variable, meaning: &Meaning) -> Made<()> {
        let Some((least, most)) = variable.asked.as_ref().and_then(|asked| asked.between.as_ref()) else {
            return Ok(());
        };
        let mut bounds = [f64::NAN; 2];
        for (bound, expression) in bounds.iter_mut().zip([least, most]) {
            let value = self.number(expression, &[])?;
            self.want(&value, &meaning.dimension, expression.place)?;
            match value.fixed() {
                Some(fixed) => *bound = fixed,
                None => return fault(expression.place, Fault::NotFixed),
            }
        }
        let [low, high] = bounds;
        if low >= high {
            return fault(least.place, Fault::OutOfRange(RangeFault::LowNotBelowHigh));
        }
        let ends = match &variable.value.form {
            Form::Range(..) => super::question::ends(&self.units, &variable.value).unwrap_or_default(),
            _ => meaning.fixed().into_iter().collect(),
        };
        // What was reckoned in another unit is off by a little.
        let leeway = (high - low) * 1e-9;
        match ends.iter().all(|end| (low - leeway..=high + leeway).contains(end)) {
            true => Ok(()),
            false => fault(variable.value.place, Fault::OutOfRange(RangeFault::Outside)),
        }
    }

    fn show_in(&self, meaning: &mut Meaning, unit: &UnitText) -> Made<()> {
        let wanted = self.units.read(unit)?;
        if meaning.is_truth || wanted.dimension != meaning.dimension {
            let (left, right) = (wanted.name, said(meaning));
            return fault(unit.place, Fault::UnitsDiffer { left, right });
        }
        meaning.unit = Some(wanted);
        Ok(())
    }

    /// Remembers what is drawn by chance under this name.
    fn note_draws(&mut self, variable: &Variable, meaning: &Meaning) {
        let is_plain = matches!(&variable.value.form, Form::Range(..))
            || matches!(&variable.value.form, Form::Call { function, .. } if super::chance::is_distribution(function));
        let draws: Option<Vec<usize>> =
            meaning.cells.iter().map(|cell| self.draw_of(*cell).map(|(_, draw)| draw)).collect();
        let Some(draws) = draws.filter(|_| is_plain) else { return };
        let labels = self.labels(&meaning.indexes);
        for (members, cell) in labels.into_iter().zip(&meaning.cells) {
            if let Operand::Column(column) = cell {
                let (name, is_truth) = (variable.name.name.clone(), meaning.is_truth);
                self.drawn.push(DrawnFigure { name, members, column: *column, is_truth });
            }
        }
        self.plain_draws.insert(variable.name.name.clone(), draws);
    }

    /// Remembers what is drawn for a part of a disruption, unless it is a figure that is known by a name of its own.
    fn note_part(&mut self, name: String, meaning: &Meaning) {
        let [cell @ Operand::Column(column)] = meaning.cells[..] else { return };
        let is_known = self.drawn.iter().any(|known| known.column == column);
        if !is_known && self.draw_of(cell).is_some() {
            self.drawn.push(DrawnFigure { name, members: vec![], column, is_truth: meaning.is_truth });
        }
    }

    /// The members of each combination.
    fn labels(&self, indexes: &[usize]) -> Vec<Vec<String>> {
        let mut labels: Vec<Vec<String>> = vec![vec![]];
        for index in indexes.iter().filter_map(|index| self.indexes.get(*index)) {
            let longer = labels.iter().flat_map(|label| {
                index.members.iter().map(|member| label.iter().chain([member]).cloned().collect())
            });
            labels = longer.collect();
        }
        labels
    }

    /// Figures one by one over the indexes of a variable, in the order in which those were written.
    fn list(&mut self, figures: &'a [Expression], indexes: &[usize], place: Place) -> Made<Meaning> {
        let Some((first, rest)) = indexes.split_first() else {
            return fault(place, Fault::StillOverIndex("…".to_owned()));
        };
        let Some(Index { name, members }) = self.indexes.get(*first).cloned() else {
            return fault(place, Fault::UnknownName(String::new()));
        };
        if members.len() != figures.len() {
            let (wanted, found) = (members.len(), figures.len());
            return fault(place, Fault::ListLength { index: name, wanted, found });
        }
        let sorted = united_sorted(indexes);
        let mut whole: Option<Meaning> = None;
        for (member, figure) in figures.iter().enumerate() {
            let one = match &figure.form {
                Form::List(inner) => self.list(inner, rest, figure.place)?,
                _ => self.value(figure, &united_sorted(rest))?,
            };
            let inner = united_sorted(rest);
            let cells = self.spread(&one, &inner);
            let all = whole.get_or_insert_with(|| Meaning {
                indexes: sorted.clone(),
                cells: vec![Operand::Fixed(0.0); cell_count(&self.indexes, &sorted)],
                ..one.clone()
            });
            if all.is_truth != one.is_truth || all.dimension != one.dimension {
                let (left, right) = (said(all), said(&one));
                return fault(figure.place, Fault::UnitsDiffer { left, right });
            }
            all.stage = all.stage.max(one.stage);
            // Where this member's figures lie among all.
            let of_first = places(&self.indexes, &[*first], &sorted);
            let of_rest = places(&self.indexes, &inner, &sorted);
            for ((cell, first), rest) in all.cells.iter_mut().zip(of_first).zip(of_rest) {
                if first == member
                    && let Some(value) = cells.get(rest)
                {
                    *cell = *value;
                }
            }
        }
        whole.map_or_else(|| fault(place, Fault::UnknownName(String::new())), Ok)
    }

    /// A stock: its level is known at once, and how it changes later.
    fn stock(&mut self, variable: &'a Variable, initial: Meaning) -> Made<Meaning> {
        if self.program.horizon.is_none() {
            return fault(variable.name.place, Fault::NoHorizon);
        }
        if initial.stage != Stage::Once {
            return fault(variable.value.place, Fault::NotFixed);
        }
        let levels: Vec<Operand> = initial.cells.iter().map(|_| Operand::Column(self.column())).collect();
        let meaning = Meaning { cells: levels.clone(), stage: Stage::InTime, ..initial.clone() };
        self.pending.push(Pending { variable, levels, meaning: meaning.clone(), initial: initial.cells });
        Ok(meaning)
    }

    fn change(&mut self, stock: Pending<'a>) -> Made<()> {
        let Some(expression) = &stock.variable.change else { return Ok(()) };
        self.owner = format!("{} change", stock.variable.name.name);
        self.draws_of_owner = 0;
        let change = self.value(expression, &stock.meaning.indexes)?;
        let wanted = stock.meaning.dimension.times(&super::unit::time(), -1);
        self.want(&change, &wanted, expression.place)?;
        if change.stage == Stage::After {
            return fault(expression.place, Fault::StillInTime);
        }
        if let Some(extra) = change.indexes.iter().find(|index| !stock.meaning.indexes.contains(index)) {
            let name = self.indexes.get(*extra).map(|index| index.name.clone()).unwrap_or_default();
            return fault(expression.place, Fault::StillOverIndex(name));
        }
        let changes = self.spread(&change, &stock.meaning.indexes);
        for ((level, initial), change) in stock.levels.into_iter().zip(stock.initial).zip(changes) {
            if let Operand::Column(level) = level {
                self.program.stocks.push(Stock { level, initial, change });
            }
        }
        Ok(())
    }

    fn decision(&mut self, name: &'a Named, options: &'a [DecisionOption]) -> Made<Meaning> {
        let mut chosen: Option<Meaning> = None;
        let wanted = self.choice.get(&name.name).copied().unwrap_or(0);
        let mut labels = vec![];
        for (place, option) in options.iter().enumerate() {
            let value = self.value(&option.value, &[])?;
            if value.fixed().is_none() {
                return fault(option.value.place, Fault::NotFixed);
            }
            if let Some(first) = &chosen
                && (first.is_truth != value.is_truth || first.dimension != value.dimension)
            {
                let (left, right) = (said(first), said(&value));
                return fault(option.value.place, Fault::UnitsDiffer { left, right });
            }
            labels.push(option.label.clone().unwrap_or_else(|| super::format::expression(&option.value)));
            if place == wanted || chosen.is_none() {
                chosen = Some(value);
            }
        }
        self.decisions.push(BuiltDecision { name: name.name.clone(), options: labels });
        chosen.map_or_else(|| fault(name.place, Fault::UnknownName(name.name.clone())), Ok)
    }

    /// How much of something is down: 1 while it lasts, and less and less while it recovers. Without time, whether it happens.
    fn disruption(&mut self, disruption: &'a Disruption) -> Made<Meaning> {
        let place = disruption.name.place;
        let name = &disruption.name.name;
        let occurs = self.occurs(&disruption.probability)?;
        let mut times = [Operand::Fixed(0.0); 3];
        let parts =
            [("start", &disruption.start), ("lasts", &disruption.lasts), ("recovers", &disruption.recovers)];
        for ((part, expression), time) in parts.into_iter().zip(&mut times) {
            let Some(expression) = expression else { continue };
            let meaning = self.value(expression, &[])?;
            self.want(&meaning, &super::unit::time(), expression.place)?;
            if meaning.stage != Stage::Once {
                return fault(expression.place, Fault::NotFixed);
            }
            if let Some(value) = meaning.cells.first() {
                *time = *value;
            }
            self.note_part(format!("{name}.{part}"), &meaning);
            self.parts.insert(format!("{name}.{part}"), meaning);
        }
        let occurs_cell = occurs.cells.first().copied().unwrap_or(Operand::Fixed(0.0));
        let occurs = Meaning { is_truth: true, ..occurs };
        self.note_part(format!("{name}.occurs"), &occurs);
        self.parts.insert(format!("{name}.occurs"), occurs);
        let plain = |cell: Operand, stage: Stage| Meaning {
            cells: vec![cell],
            stage,
            ..Meaning::of_number(0.0, Dimension::none(), None)
        };
        let Some(clock) = self.program.clock else { return Ok(plain(occurs_cell, Stage::Once)) };
        let [start, lasts, recovers] = times;
        let clock = Operand::Column(clock);
        let in_time = Stage::InTime;
        let ends = self.pair(Pair::Plus, start, lasts, Stage::Once, place)?;
        let has_begun = self.pair(Pair::LessOrEqual, start, clock, in_time, place)?;
        // Without an end it lasts for good.
        let down = if disruption.lasts.is_none() {
            Operand::Fixed(1.0)
        } else if disruption.recovers.is_none() {
            self.pair(Pair::Less, clock, ends, in_time, place)?
        } else {
            let recovered = self.pair(Pair::Plus, ends, recovers, Stage::Once, place)?;
            let left = self.pair(Pair::Minus, recovered, clock, in_time, place)?;
            // A recovery in no time is one within a microsecond.
            let recovers = self.pair(Pair::Greatest, recovers, Operand::Fixed(1e-6), Stage::Once, place)?;
            let share = self.pair(Pair::Over, left, recovers, in_time, place)?;
            let share = self.pair(Pair::Greatest, share, Operand::Fixed(0.0), in_time, place)?;
            self.pair(Pair::Least, share, Operand::Fixed(1.0), in_time, place)?
        };
        let down = self.pair(Pair::Times, down, has_begun, in_time, place)?;
        Ok(plain(self.pair(Pair::Times, down, occurs_cell, in_time, place)?, in_time))
    }

    fn results(&mut self, written: &Written) -> Made<Vec<BuiltResult>> {
        let mut results = vec![];
        for statement in &written.statements {
            let Says::Variable(variable) = &statement.says else { continue };
            if !variable.is_result {
                continue;
            }
            let meaning = self.figure(&variable.name.name, variable.name.place)?;
            if meaning.stage == Stage::InTime {
                return fault(variable.value.place, Fault::StillInTime);
            }
            let unit = meaning.unit.clone().unwrap_or_else(|| Unit {
                name: if meaning.dimension.is_none() { String::new() } else { meaning.dimension.to_string() },
                scale: 1.0,
                dimension: meaning.dimension.clone(),
            });
            results.push(BuiltResult {
                name: variable.name.name.clone(),
                place: statement.place,
                cells: self.labels(&meaning.indexes).into_iter().zip(meaning.cells).collect(),
                unit,
                is_truth: meaning.is_truth,
                better: variable.better,
            });
        }
        if results.is_empty() {
            return fault(Place { line: 1, column: 1, ..Place::default() }, Fault::NoResult);
        }
        Ok(results)
    }

    /// Whether a meaning measures what is wanted.
    pub(super) fn want(&self, meaning: &Meaning, wanted: &Dimension, place: Place) -> Made<()> {
        if meaning.is_truth {
            return fault(place, Fault::WrongKind { expected: super::fault::Wanted::Number });
        }
        if meaning.dimension == *wanted {
            return Ok(());
        }
        if wanted.is_none() {
            return fault(place, Fault::UnitNotWanted(said(meaning)));
        }
        fault(place, Fault::UnitWanted { wanted: wanted.to_string(), found: said(meaning) })
    }
}

fn united_sorted(indexes: &[usize]) -> Vec<usize> {
    super::meaning::united(indexes, &[])
}

/// What a meaning is measured in, as people would call it.
pub(super) fn said(meaning: &Meaning) -> String {
    if meaning.is_truth {
        return "yes or no".to_owned();
    }
    match &meaning.unit {
        Some(unit) if !unit.name.is_empty() && unit.dimension == meaning.dimension => unit.name.clone(),
        _ => meaning.dimension.to_string(),
    }
}

fn finite(value: f64, place: Place) -> Made<Operand> {
    if value.is_finite() {
        Ok(Operand::Fixed(value))
    } else {
        fault(place, Fault::NoNumber("this".to_owned()))
    }
}

/// Leaves out what no result needs.
fn drop_unused(program: &mut Program, wanted: Vec<Operand>) {
    let mut needed = vec![false; program.columns as usize];
    let need = |needed: &mut Vec<bool>, operand: Operand| {
        if let Operand::Column(column) = operand
            && let Some(needed) = needed.get_mut(column as usize)
        {
            *needed = true;
        }
    };
    let is_needed = |needed: &[bool], column: Column| needed.get(column as usize).copied().unwrap_or(false);
    for operand in wanted {
        need(&mut needed, operand);
    }
    let draws = program.draws.clone();
    let operands = |act: &Act| -> Vec<Operand> {
        match act {
            Act::Draw(draw) => draws.get(*draw).map(|draw| draw.distribution.operands()).unwrap_or_default(),
            Act::Single(_, of) => vec![*of],
            Act::Pair(_, one, other) => vec![*one, *other],
            Act::Choose(condition, then, otherwise) => vec![*condition, *then, *otherwise],
        }
    };
    let back = |needed: &mut Vec<bool>, steps: &[Step]| {
        for step in steps.iter().rev() {
            if is_needed(needed, step.to) {
                for operand in operands(&step.act) {
                    need(needed, operand);
                }
            }
        }
    };
    back(&mut needed, &program.after);
    for kept in &program.kept {
        if is_needed(&needed, kept.to) {
            need(&mut needed, kept.of);
        }
    }
    // Stocks are needed by what changes them: again and again, until nothing more is.
    loop {
        let before = needed.iter().filter(|needed| **needed).count();
        for stock in &program.stocks {
            if is_needed(&needed, stock.level) {
                need(&mut needed, stock.initial);
                need(&mut needed, stock.change);
            }
        }
        back(&mut needed, &program.in_time);
        if needed.iter().filter(|needed| **needed).count() == before {
            break;
        }
    }
    back(&mut needed, &program.once);
    program.once.retain(|step| is_needed(&needed, step.to));
    program.in_time.retain(|step| is_needed(&needed, step.to));
    program.after.retain(|step| is_needed(&needed, step.to));
    program.kept.retain(|kept| is_needed(&needed, kept.to));
    program.stocks.retain(|stock| is_needed(&needed, stock.level));
    if program.in_time.is_empty() && program.stocks.is_empty() && program.kept.is_empty() {
        program.horizon = None;
    }
}
