//! What expressions mean: operators, functions, indexes and time.

use super::build::{Builder, Made, said};
use super::fault::{Expected, Fault, Found, Place, Takes, Wanted, fault};
use super::meaning::{Meaning, cell_count, places, united};
use super::program::{Act, Keeps, Kept, Operand, Pair, Single, Stage, Stock};
use super::syntax::{Argument, Expression, Form, Named, Operator};
use super::unit::{Dimension, Unit, time};

/// Functions over an index.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Over {
    Sum,
    Product,
    Mean,
    Least,
    Greatest,
}

/// What makes one figure of one in time.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum OfTime {
    Total,
    Average,
    Kept(Keeps),
}

impl<'a> Builder<'a> {
    /// What an expression means, where draws are made for each combination of members of `context`.
    pub(super) fn value(&mut self, expression: &'a Expression, context: &[usize]) -> Made<Meaning> {
        let place = expression.place;
        match &expression.form {
            Form::Number { value, unit } => {
                let unit = unit.as_ref().map(|unit| self.units.read(unit)).transpose()?;
                let (scale, dimension) = unit
                    .as_ref()
                    .map_or((1.0, Dimension::none()), |unit| (unit.scale, unit.dimension.clone()));
                Ok(Meaning::of_number(value * scale, dimension, unit))
            }
            Form::YesOrNo(is) => Ok(Meaning::of_truth(*is)),
            Form::Name(name) if name == "time" => match self.program.clock {
                Some(clock) => Ok(Meaning {
                    cells: vec![Operand::Column(clock)],
                    stage: Stage::InTime,
                    ..Meaning::of_number(0.0, time(), None)
                }),
                None => fault(place, Fault::NoHorizon),
            },
            Form::Name(name) => self.figure(name, place),
            Form::Part(name, part) => self.part(name, part, place),
            Form::Member { of, index, member } => self.member(of, index, member, context, place),
            Form::List(_) => {
                fault(place, Fault::Unexpected { expected: Expected::Figure, found: Found::List })
            }
            Form::Negative(of) => {
                let value = self.number(of, context)?;
                self.each(Single::Negative, value, place)
            }
            Form::Not(of) => {
                let value = self.truth(of, context)?;
                self.each(Single::Not, value, place)
            }
            Form::Pair(operator, one, other) => self.operator(*operator, one, other, context, place),
            Form::Range(low, high) => self.range(low, high, context, place),
            Form::If(condition, then, otherwise) => self.choice(condition, then, otherwise, context, place),
            Form::Call { function, arguments, over } => {
                self.call(function, arguments, over.as_ref(), context, place)
            }
        }
    }

    /// A number, not yes or no.
    pub(super) fn number(&mut self, expression: &'a Expression, context: &[usize]) -> Made<Meaning> {
        let meaning = self.value(expression, context)?;
        if meaning.is_truth {
            return fault(expression.place, Fault::WrongKind { expected: Wanted::Number });
        }
        Ok(meaning)
    }

    fn truth(&mut self, expression: &'a Expression, context: &[usize]) -> Made<Meaning> {
        let meaning = self.value(expression, context)?;
        if !meaning.is_truth {
            return fault(expression.place, Fault::WrongKind { expected: Wanted::YesOrNo });
        }
        Ok(meaning)
    }

    /// A plain number.
    fn plain(&mut self, expression: &'a Expression, context: &[usize]) -> Made<Meaning> {
        let meaning = self.number(expression, context)?;
        self.want(&meaning, &Dimension::none(), expression.place)?;
        Ok(meaning)
    }

    /// A function of each figure.
    pub(super) fn each(&mut self, single: Single, of: Meaning, place: Place) -> Made<Meaning> {
        let cells: Made<_> =
            of.cells.iter().map(|cell| self.single(single, *cell, of.stage, place)).collect();
        Ok(Meaning { cells: cells?, ..of })
    }

    /// A function of each figure of one with that of the other; dimension, kind and unit are those of the first.
    fn both(&mut self, pair: Pair, one: &Meaning, other: &Meaning, place: Place) -> Made<Meaning> {
        let indexes = united(&one.indexes, &other.indexes);
        if cell_count(&self.indexes, &indexes) > super::meaning::CELLS_MAX {
            let most = super::meaning::CELLS_MAX;
            return fault(place, Fault::TooMany { what: super::fault::Counted::Cells, most });
        }
        let stage = self.later(one, other, place)?;
        let (ones, others) = (self.spread(one, &indexes), self.spread(other, &indexes));
        let cells: Made<_> = ones
            .into_iter()
            .zip(others)
            .map(|(one, other)| self.pair(pair, one, other, stage, place))
            .collect();
        Ok(Meaning { cells: cells?, indexes, stage, ..one.clone() })
    }

    /// When both are known. What is told at the end of time is of no use in its course.
    fn later(&self, one: &Meaning, other: &Meaning, place: Place) -> Made<Stage> {
        match (one.stage, other.stage) {
            (Stage::InTime, Stage::After) | (Stage::After, Stage::InTime) => fault(place, Fault::StillInTime),
            (one, other) => Ok(one.max(other)),
        }
    }

    fn same(&self, one: &Meaning, other: &Meaning, place: Place) -> Made<()> {
        if one.is_truth != other.is_truth || one.dimension != other.dimension {
            return fault(place, Fault::UnitsDiffer { left: said(one), right: said(other) });
        }
        Ok(())
    }

    fn operator(
        &mut self,
        operator: Operator,
        one: &'a Expression,
        other: &'a Expression,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        match operator {
            Operator::And | Operator::Or => {
                let (one, other) = (self.truth(one, context)?, self.truth(other, context)?);
                let pair = if operator == Operator::And { Pair::And } else { Pair::Or };
                self.both(pair, &one, &other, place)
            }
            Operator::Plus | Operator::Minus => {
                let (one, other) = (self.number(one, context)?, self.number(other, context)?);
                self.same(&one, &other, place)?;
                let pair = if operator == Operator::Plus { Pair::Plus } else { Pair::Minus };
                let unit = one.unit.clone().or_else(|| other.unit.clone());
                Ok(Meaning { unit, ..self.both(pair, &one, &other, place)? })
            }
            Operator::Times | Operator::Over => {
                let (one, other) = (self.number(one, context)?, self.number(other, context)?);
                let (pair, power) =
                    if operator == Operator::Times { (Pair::Times, 1) } else { (Pair::Over, -1) };
                let product = self.both(pair, &one, &other, place)?;
                let dimension = one.dimension.times(&other.dimension, power);
                // What only grows or shrinks is read as before.
                let unit = [one.unit, other.unit].into_iter().flatten();
                let unit = unit.into_iter().find(|unit| !dimension.is_none() && unit.dimension == dimension);
                Ok(Meaning { dimension, unit, ..product })
            }
            Operator::Power => self.power(one, other, context, place),
            _ => {
                let (one, other) = (self.value(one, context)?, self.value(other, context)?);
                self.same(&one, &other, place)?;
                let compared = match operator {
                    Operator::Equal => self.both(Pair::Equal, &one, &other, place)?,
                    Operator::NotEqual => self.both(Pair::NotEqual, &one, &other, place)?,
                    Operator::Less => self.both(Pair::Less, &one, &other, place)?,
                    Operator::LessOrEqual => self.both(Pair::LessOrEqual, &one, &other, place)?,
                    Operator::Greater => self.both(Pair::Less, &other, &one, place)?,
                    _ => self.both(Pair::LessOrEqual, &other, &one, place)?,
                };
                Ok(Meaning { is_truth: true, dimension: Dimension::none(), unit: None, ..compared })
            }
        }
    }

    fn power(
        &mut self,
        base: &'a Expression,
        exponent: &'a Expression,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let of = self.number(base, context)?;
        let to = self.plain(exponent, context)?;
        let raised = self.both(Pair::Power, &of, &to, place)?;
        if of.dimension.is_none() {
            return Ok(Meaning { unit: None, ..raised });
        }
        // What has a unit is raised to a whole power that is known.
        let Some(power) =
            to.fixed().filter(|power| power.abs() <= 6.0 && *power == crate::elementary::trunc(*power))
        else {
            return fault(base.place, Fault::UnitNotWanted(said(&of)));
        };
        let dimension = Dimension::none().times(&of.dimension, power as i8);
        Ok(Meaning { dimension, unit: None, ..raised })
    }

    fn choice(
        &mut self,
        condition: &'a Expression,
        then: &'a Expression,
        otherwise: &'a Expression,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let condition = self.truth(condition, context)?;
        let (then, otherwise) = (self.value(then, context)?, self.value(otherwise, context)?);
        self.same(&then, &otherwise, place)?;
        let indexes = united(&condition.indexes, &united(&then.indexes, &otherwise.indexes));
        if cell_count(&self.indexes, &indexes) > super::meaning::CELLS_MAX {
            let most = super::meaning::CELLS_MAX;
            return fault(place, Fault::TooMany { what: super::fault::Counted::Cells, most });
        }
        let unknown = Meaning { stage: self.later(&then, &otherwise, place)?, ..then.clone() };
        let stage = self.later(&condition, &unknown, place)?;
        let [conditions, thens, otherwises] =
            [&condition, &then, &otherwise].map(|meaning| self.spread(meaning, &indexes));
        let mut cells = vec![];
        for ((condition, then), otherwise) in conditions.into_iter().zip(thens).zip(otherwises) {
            cells.push(match condition {
                Operand::Fixed(is) if is != 0.0 => then,
                Operand::Fixed(_) => otherwise,
                Operand::Column(_) => self.step(Act::Choose(condition, then, otherwise), stage, place)?,
            });
        }
        let unit = then.unit.clone().or(otherwise.unit);
        Ok(Meaning { indexes, cells, stage, unit, ..then })
    }

    fn member(
        &mut self,
        of: &'a Expression,
        index: &str,
        member: &str,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let whole = self.value(of, context)?;
        let Some(chosen) = self.index_named(index) else {
            return fault(place, Fault::UnknownName(index.to_owned()));
        };
        if !whole.indexes.contains(&chosen) {
            let name = super::format::expression(of);
            return fault(place, Fault::NoSuchIndex { name, index: index.to_owned() });
        }
        let members = self.indexes.get(chosen).map(|index| index.members.clone()).unwrap_or_default();
        let Some(wanted) = members.iter().position(|name| name == member) else {
            return fault(place, Fault::NoSuchMember { member: member.to_owned(), index: index.to_owned() });
        };
        let of_member = places(&self.indexes, &[chosen], &whole.indexes);
        let cells = whole
            .cells
            .iter()
            .zip(of_member)
            .filter(|(_, member)| *member == wanted)
            .map(|(cell, _)| *cell)
            .collect();
        let indexes = whole.indexes.iter().copied().filter(|index| *index != chosen).collect();
        Ok(Meaning { cells, indexes, ..whole })
    }

    fn call(
        &mut self,
        function: &str,
        arguments: &'a [Argument],
        over: Option<&Named>,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        if let Some(kind) = over_index(function)
            && let Some(index) = over
        {
            return self.over(kind, function, arguments, index, context, place);
        }
        if over.is_some() {
            let takes = Takes::NoIndex(OVER_INDEX.map(str::to_owned).to_vec());
            return fault(place, Fault::Arguments { function: function.to_owned(), takes });
        }
        if super::chance::is_distribution(function) {
            return self.distribution(function, arguments, context, place);
        }
        if let Some(what) = of_time(function) {
            let [of] = self.arguments(function, arguments, ["series"], place)?;
            return self.of_time(what, of, context, place);
        }
        match function {
            "min" | "max" => {
                let pair = if function == "min" { Pair::Least } else { Pair::Greatest };
                let mut all = arguments.iter();
                let takes = || Fault::Arguments { function: function.to_owned(), takes: Takes::TwoOrMore };
                let (Some(first), true) = (all.next(), arguments.len() >= 2) else {
                    return fault(place, takes());
                };
                let mut value = self.number(&first.value, context)?;
                for next in all {
                    let other = self.number(&next.value, context)?;
                    self.same(&value, &other, next.value.place)?;
                    let unit = value.unit.clone().or_else(|| other.unit.clone());
                    value = Meaning { unit, ..self.both(pair, &value, &other, place)? };
                }
                Ok(value)
            }
            "clamp" => {
                let [of, low, high] =
                    self.arguments(function, arguments, ["figure", "least", "most"], place)?;
                let values = [of, low, high].map(|expression| self.number(expression, context));
                let [of, low, high] = values;
                let (of, low, high) = (of?, low?, high?);
                self.same(&of, &low, place)?;
                self.same(&of, &high, place)?;
                let above = self.both(Pair::Greatest, &of, &low, place)?;
                self.both(Pair::Least, &above, &high, place)
            }
            "abs" => {
                let [of] = self.arguments(function, arguments, ["figure"], place)?;
                let value = self.number(of, context)?;
                self.each(Single::Size, value, place)
            }
            "sqrt" => {
                let [of] = self.arguments(function, arguments, ["figure"], place)?;
                let value = self.number(of, context)?;
                let Some(dimension) = value.dimension.root() else {
                    return fault(of.place, Fault::UnitNotWanted(said(&value)));
                };
                Ok(Meaning { dimension, unit: None, ..self.each(Single::Root, value, place)? })
            }
            "round" | "floor" | "ceiling" => self.rounded(function, arguments, context, place),
            "sin" | "cos" | "exp" | "ln" | "log10" => {
                let single = match function {
                    "sin" => Single::Sine,
                    "cos" => Single::Cosine,
                    "exp" => Single::Exponential,
                    "ln" => Single::Logarithm,
                    _ => Single::Logarithm10,
                };
                let [of] = self.arguments(function, arguments, ["number"], place)?;
                let value = self.plain(of, context)?;
                Ok(Meaning { unit: None, ..self.each(single, value, place)? })
            }
            _ if over_index(function).is_some() => {
                fault(place, Fault::Arguments { function: function.to_owned(), takes: Takes::OverIndex })
            }
            _ => fault(place, Fault::UnknownFunction(function.to_owned())),
        }
    }

    /// To whole numbers, or to multiples of a second figure.
    fn rounded(
        &mut self,
        function: &str,
        arguments: &'a [Argument],
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let single = match function {
            "round" => Single::Round,
            "floor" => Single::Floor,
            _ => Single::Ceiling,
        };
        if let [of] = arguments {
            let value = self.plain(&of.value, context)?;
            return self.each(single, value, place);
        }
        let [of, to] = self.arguments(function, arguments, ["figure", "multiple"], place)?;
        let (value, multiple) = (self.number(of, context)?, self.number(to, context)?);
        self.same(&value, &multiple, place)?;
        let count = self.both(Pair::Over, &value, &multiple, place)?;
        let whole = self.each(single, count, place)?;
        self.both(Pair::Times, &whole, &multiple, place)
    }

    /// Exactly these arguments: by their order, or by their names.
    pub(super) fn arguments<const N: usize>(
        &self,
        function: &str,
        arguments: &'a [Argument],
        names: [&str; N],
        place: Place,
    ) -> Made<[&'a Expression; N]> {
        let wrong = || Fault::Arguments {
            function: function.to_owned(),
            takes: Takes::Named(names.map(str::to_owned).to_vec()),
        };
        let mut found: [Option<&'a Expression>; N] = [None; N];
        for (order, argument) in arguments.iter().enumerate() {
            let slot = match &argument.label {
                None => Some(order),
                Some(Expression { form: Form::Name(label), .. }) => {
                    names.iter().position(|name| name == label)
                }
                Some(_) => None,
            };
            let slot = slot.and_then(|slot| found.get_mut(slot)).filter(|slot| slot.is_none());
            match slot {
                Some(slot) => *slot = Some(&argument.value),
                None => return fault(argument.value.place, wrong()),
            }
        }
        let all: Option<Vec<&'a Expression>> = found.into_iter().collect();
        match all.and_then(|all| all.try_into().ok()) {
            Some(all) => Ok(all),
            None => fault(place, wrong()),
        }
    }

    fn over(
        &mut self,
        kind: Over,
        function: &str,
        arguments: &'a [Argument],
        index: &Named,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let [of] = self.arguments(function, arguments, ["figures"], place)?;
        let Some(gone) = self.index_named(&index.name) else {
            return fault(index.place, Fault::UnknownName(index.name.clone()));
        };
        let inner = united(context, &[gone]);
        let whole = self.value(of, &inner)?;
        if whole.is_truth && !matches!(kind, Over::Sum | Over::Mean) {
            return fault(of.place, Fault::WrongKind { expected: Wanted::Number });
        }
        if !whole.indexes.contains(&gone) {
            let name = super::format::expression(of);
            return fault(place, Fault::NoSuchIndex { name, index: index.name.clone() });
        }
        let kept: Vec<usize> = whole.indexes.iter().copied().filter(|other| *other != gone).collect();
        let length = self.indexes.get(gone).map_or(1, |index| index.members.len());
        if kind == Over::Product && !whole.dimension.is_none() {
            return fault(of.place, Fault::UnitNotWanted(said(&whole)));
        }
        let pair = match kind {
            Over::Sum | Over::Mean => Pair::Plus,
            Over::Product => Pair::Times,
            Over::Least => Pair::Least,
            Over::Greatest => Pair::Greatest,
        };
        let of_kept = places(&self.indexes, &kept, &whole.indexes);
        let mut cells: Vec<Option<Operand>> = vec![None; cell_count(&self.indexes, &kept)];
        for (cell, at) in whole.cells.iter().zip(of_kept) {
            let Some(slot) = cells.get_mut(at) else { continue };
            let sum = match *slot {
                None => *cell,
                Some(sum) => self.pair(pair, sum, *cell, whole.stage, place)?,
            };
            *slot = Some(sum);
        }
        let mut cells: Vec<Operand> = cells.into_iter().flatten().collect();
        if kind == Over::Mean {
            for cell in &mut cells {
                *cell = self.pair(Pair::Over, *cell, Operand::Fixed(length as f64), whole.stage, place)?;
            }
        }
        Ok(Meaning { cells, indexes: kept, is_truth: false, ..whole })
    }

    fn of_time(
        &mut self,
        what: OfTime,
        of: &'a Expression,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let Some(horizon) = self.program.horizon else { return fault(place, Fault::NoHorizon) };
        let whole = self.value(of, context)?;
        if whole.stage == Stage::After {
            return fault(of.place, Fault::NotInTime);
        }
        let length_s = f64::from(horizon.steps) * horizon.step_s;
        let cells: Made<Vec<Operand>> = whole
            .cells
            .iter()
            .map(|cell| match what {
                OfTime::Kept(what) => self.keep(what, *cell),
                // A stock of its own that what is summed up flows into.
                OfTime::Total => self.summed(*cell),
                OfTime::Average => {
                    let total = self.summed(*cell)?;
                    self.pair(Pair::Over, total, Operand::Fixed(length_s), Stage::After, place)
                }
            })
            .collect();
        let cells = cells?;
        if what != OfTime::Total {
            let is_truth = whole.is_truth && what != OfTime::Average;
            return Ok(Meaning { cells, stage: Stage::After, is_truth, ..whole });
        }
        let dimension = whole.dimension.times(&time(), 1);
        let unit: Option<Unit> = None;
        Ok(Meaning { cells, stage: Stage::After, dimension, unit, is_truth: false, ..whole })
    }

    fn keep(&mut self, what: Keeps, of: Operand) -> Made<Operand> {
        let to = self.column();
        self.program.kept.push(Kept { to, of, what });
        Ok(Operand::Column(to))
    }

    fn summed(&mut self, change: Operand) -> Made<Operand> {
        let level = self.column();
        self.program.stocks.push(Stock { level, initial: Operand::Fixed(0.0), change });
        self.keep(Keeps::Last, Operand::Column(level))
    }
}

/// The functions that go over an index.
const OVER_INDEX: [&str; 5] = ["sum", "product", "mean", "least", "greatest"];

fn over_index(function: &str) -> Option<Over> {
    Some(match function {
        "sum" => Over::Sum,
        "product" => Over::Product,
        "mean" => Over::Mean,
        "least" => Over::Least,
        "greatest" => Over::Greatest,
        _ => return None,
    })
}

fn of_time(function: &str) -> Option<OfTime> {
    Some(match function {
        "total" => OfTime::Total,
        "average" => OfTime::Average,
        "last" => OfTime::Kept(Keeps::Last),
        "highest" => OfTime::Kept(Keeps::Highest),
        "lowest" => OfTime::Kept(Keeps::Lowest),
        _ => return None,
    })
}
