//! What is drawn by chance: distributions in expressions, and what is correlated.

use super::build::{Builder, Made, said};
use super::distribution::{self, Distribution};
use super::fault::{Fault, ModelFault, Place, RangeFault, Takes, fault};
use super::meaning::{Meaning, cell_count};
use super::program::{Act, Draw, Operand, Stage};
use super::syntax::{Argument, Expression, Form, Named};
use super::unit::Dimension;

/// The functions that draw.
const DISTRIBUTIONS: &[&str] = &[
    "uniform",
    "anywhere",
    "triangular",
    "pert",
    "normal",
    "lognormal",
    "beta",
    "gamma",
    "weibull",
    "exponential",
    "poisson",
    "discrete",
    "sample",
    "chance",
    "each_step",
];

/// Whether a function draws by chance.
pub(super) fn is_distribution(function: &str) -> bool {
    DISTRIBUTIONS.contains(&function)
}

/// The smallest part of a correlation that may be left to a figure's own chance.
const OWN_SHARE_MIN: f64 = 1e-12;

impl Distribution<Operand> {
    /// All figures that are not the same for all trials, or may be.
    pub(super) fn operands(&self) -> Vec<Operand> {
        match self {
            Self::Uniform { low, high } => vec![*low, *high],
            Self::Triangular { low, mode, high } => vec![*low, *mode, *high],
            Self::Normal { mean, deviation } => vec![*mean, *deviation],
            Self::Lognormal { log_mean, log_deviation } => vec![*log_mean, *log_deviation],
            Self::Exponential { mean } => vec![*mean],
            Self::Weibull { shape, scale } => vec![*shape, *scale],
            Self::Chance { probability } => vec![*probability],
            Self::Tabled { .. } | Self::Stepped { .. } => vec![],
        }
    }
}

/// The same distribution, with figures that are the same in all trials.
fn fixed(distribution: Distribution<f64>) -> Distribution<Operand> {
    distribution.map(|value| Operand::Fixed(*value))
}

impl<'a> Builder<'a> {
    /// Ninety per cent lie between two figures.
    pub(super) fn range(
        &mut self,
        low: &'a Expression,
        high: &'a Expression,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let mut from = self.number(low, context)?;
        let to = self.number(high, context)?;
        // «2 to 10 weeks»: a plain number takes the unit of what it leads to.
        if let (true, Some(unit)) = (low.is_bare(), &to.unit)
            && unit.dimension == to.dimension
            && let Some(value) = from.fixed()
        {
            from = Meaning::of_number(value * unit.scale, unit.dimension.clone(), Some(unit.clone()));
        }
        self.same_dimension(&from, &to, place)?;
        let (Some(low), Some(high)) = (from.fixed(), to.fixed()) else {
            return fault(place, Fault::NotFixed);
        };
        let made = at(place, distribution::range(low, high))?;
        let unit = from.unit.or_else(|| to.unit.clone());
        self.drawn(vec![fixed(made)], Meaning { unit, ..to }, context, place)
    }

    fn same_dimension(&self, one: &Meaning, other: &Meaning, place: Place) -> Made<()> {
        if one.dimension == other.dimension {
            return Ok(());
        }
        fault(place, Fault::UnitsDiffer { left: said(one), right: said(other) })
    }

    /// A draw for each combination of members of `context`, of the one distribution or of one for each.
    fn drawn(
        &mut self,
        distributions: Vec<Distribution<Operand>>,
        like: Meaning,
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let count = cell_count(&self.indexes, context);
        let mut cells = vec![];
        let mut all = distributions.into_iter().cycle();
        for cell in 0..count {
            let Some(distribution) = all.next() else { break };
            let purpose = purpose(&self.owner, self.draws_of_owner, cell as u64);
            let draw = self.program.draws.len();
            self.program.draws.push(Draw { purpose, distribution, each_step: false, mixed: vec![] });
            cells.push(self.step(Act::Draw(draw), Stage::Once, place)?);
        }
        self.draws_of_owner += 1;
        Ok(Meaning { cells, indexes: context.to_vec(), stage: Stage::Once, ..like })
    }

    pub(super) fn distribution(
        &mut self,
        function: &str,
        arguments: &'a [Argument],
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        match function {
            "uniform" => {
                let [low, high] = self.arguments(function, arguments, ["low", "high"], place)?;
                let figures = self.alike([low, high], context)?;
                self.in_order(&figures, [low, high])?;
                self.by_cells(&figures, context, place, |[low, high]| Distribution::Uniform { low, high })
            }
            "triangular" => {
                let names = ["low", "mode", "high"];
                let [low, mode, high] = self.arguments(function, arguments, names, place)?;
                let figures = self.alike([low, mode, high], context)?;
                if let [Some(low_value), Some(mode_value), Some(high_value)] =
                    [0, 1, 2].map(|at| figures.get(at).and_then(Meaning::fixed))
                {
                    if low_value >= high_value {
                        return fault(place, Fault::OutOfRange(RangeFault::LowNotBelowHigh));
                    }
                    if !(low_value..=high_value).contains(&mode_value) {
                        return fault(mode.place, Fault::OutOfRange(RangeFault::ModeOutside));
                    }
                }
                self.by_cells(&figures, context, place, |[low, mode, high]| Distribution::Triangular {
                    low,
                    mode,
                    high,
                })
            }
            "normal" => {
                let [mean, deviation] = self.arguments(function, arguments, ["mean", "deviation"], place)?;
                let figures = self.alike([mean, deviation], context)?;
                self.above_zero(&figures[1], deviation.place)?;
                self.by_cells(&figures, context, place, |[mean, deviation]| Distribution::Normal {
                    mean,
                    deviation,
                })
            }
            "lognormal" => {
                let [mean, deviation] = self.arguments(function, arguments, ["mean", "deviation"], place)?;
                let figures = self.alike([mean, deviation], context)?;
                let [mean_value, deviation_value] = self.all_fixed(&figures, [mean, deviation])?;
                let made = at(place, distribution::lognormal(mean_value, deviation_value))?;
                self.drawn(vec![fixed(made)], figures[0].clone(), context, place)
            }
            "exponential" => {
                let [mean] = self.arguments(function, arguments, ["mean"], place)?;
                let figures = self.alike([mean], context)?;
                self.above_zero(&figures[0], mean.place)?;
                self.by_cells(&figures, context, place, |[mean]| Distribution::Exponential { mean })
            }
            "weibull" => {
                let [shape, scale] = self.arguments(function, arguments, ["shape", "scale"], place)?;
                let (of_shape, of_scale) = (self.number(shape, context)?, self.number(scale, context)?);
                self.want(&of_shape, &Dimension::none(), shape.place)?;
                self.above_zero(&of_shape, shape.place)?;
                self.above_zero(&of_scale, scale.place)?;
                // What is drawn is measured as the scale is.
                let figures = [of_scale, of_shape];
                self.by_cells(&figures, context, place, |[scale, shape]| Distribution::Weibull {
                    shape,
                    scale,
                })
            }
            "chance" => {
                let [probability] = self.arguments(function, arguments, ["probability"], place)?;
                self.occurs_for(probability, context)
            }
            "each_step" => self.each_step(arguments, context, place),
            _ => self.tabled(function, arguments, context, place),
        }
    }

    /// Distributions of which the figures must be the same in all trials.
    fn tabled(
        &mut self,
        function: &str,
        arguments: &'a [Argument],
        context: &[usize],
        place: Place,
    ) -> Made<Meaning> {
        let plain = || Meaning::of_number(0.0, Dimension::none(), None);
        match function {
            "pert" => {
                let expressions = self.arguments(function, arguments, ["low", "mode", "high"], place)?;
                let figures = self.alike(expressions, context)?;
                let [low, mode, high] = self.all_fixed(&figures, expressions)?;
                let made = at(place, distribution::pert(low, mode, high))?;
                self.drawn(vec![fixed(made)], figures[0].clone(), context, place)
            }
            "anywhere" => {
                let expressions = self.arguments(function, arguments, ["low", "high"], place)?;
                let figures = self.alike(expressions, context)?;
                let [low, high] = self.all_fixed(&figures, expressions)?;
                let made = at(place, distribution::anywhere(low, high))?;
                self.drawn(vec![fixed(made)], figures[0].clone(), context, place)
            }
            "beta" => {
                let expressions = self.arguments(function, arguments, ["alpha", "beta"], place)?;
                let figures = self.alike(expressions, context)?;
                self.want(&figures[0], &Dimension::none(), place)?;
                let [alpha, beta] = self.all_fixed(&figures, expressions)?;
                self.drawn(vec![fixed(at(place, distribution::beta(alpha, beta))?)], plain(), context, place)
            }
            "gamma" => {
                let [shape, scale] = self.arguments(function, arguments, ["shape", "scale"], place)?;
                let (of_shape, of_scale) = (self.number(shape, context)?, self.number(scale, context)?);
                self.want(&of_shape, &Dimension::none(), shape.place)?;
                let figures = [of_shape, of_scale];
                let [shape_value, scale_value] = self.all_fixed(&figures, [shape, scale])?;
                let made = at(place, distribution::gamma(shape_value, scale_value))?;
                self.drawn(vec![fixed(made)], figures[1].clone(), context, place)
            }
            "poisson" => {
                let [mean] = self.arguments(function, arguments, ["mean"], place)?;
                let figures = self.alike([mean], context)?;
                let unit = figures[0].unit.as_ref().filter(|unit| unit.dimension == figures[0].dimension);
                // Pieces are counted one by one, whatever they are read in.
                let scale = unit.map_or(1.0, |unit| unit.scale);
                let [value] = self.all_fixed(&figures, [mean])?;
                let made = at(place, distribution::poisson(value / scale))?;
                let made = match made {
                    Distribution::Stepped { values, until } => Distribution::Stepped {
                        values: values.iter().map(|value| value * scale).collect(),
                        until,
                    },
                    other => other,
                };
                self.drawn(vec![fixed(made)], figures[0].clone(), context, place)
            }
            "discrete" => {
                let mut values = vec![];
                let mut like: Option<Meaning> = None;
                for argument in arguments {
                    let Some(label) = &argument.label else {
                        let takes = Takes::WithProbabilities;
                        return fault(place, Fault::Arguments { function: function.to_owned(), takes });
                    };
                    let (value, probability) =
                        (self.number(label, context)?, self.number(&argument.value, context)?);
                    self.want(&probability, &Dimension::none(), argument.value.place)?;
                    if let Some(like) = &like {
                        self.same_dimension(like, &value, label.place)?;
                    }
                    let (Some(of), Some(share)) = (value.fixed(), probability.fixed()) else {
                        return fault(label.place, Fault::NotFixed);
                    };
                    values.push((of, share));
                    like.get_or_insert(value);
                }
                let made = at(place, distribution::discrete(&values))?;
                self.drawn(vec![fixed(made)], like.unwrap_or_else(plain), context, place)
            }
            _ => {
                let mut figures = vec![];
                let mut like: Option<Meaning> = None;
                for argument in arguments {
                    let value = self.number(&argument.value, context)?;
                    if let Some(like) = &like {
                        self.same_dimension(like, &value, argument.value.place)?;
                    }
                    let Some(figure) = value.fixed() else {
                        return fault(argument.value.place, Fault::NotFixed);
                    };
                    figures.push(figure);
                    like.get_or_insert(value);
                }
                let Some(like) = like else {
                    let takes = Takes::Seen;
                    return fault(place, Fault::Arguments { function: function.to_owned(), takes });
                };
                self.drawn(vec![fixed(distribution::of_data(&figures))], like, context, place)
            }
        }
    }

    /// Figures that are measured alike.
    fn alike<const N: usize>(
        &mut self,
        expressions: [&'a Expression; N],
        context: &[usize],
    ) -> Made<Vec<Meaning>> {
        let mut all: Vec<Meaning> = vec![];
        for expression in expressions {
            let meaning = self.number(expression, context)?;
            if let Some(first) = all.first() {
                self.same_dimension(first, &meaning, expression.place)?;
            }
            if meaning.stage != Stage::Once {
                return fault(expression.place, Fault::NotFixed);
            }
            all.push(meaning);
        }
        Ok(all)
    }

    fn all_fixed<const N: usize>(
        &self,
        meanings: &[Meaning],
        expressions: [&'a Expression; N],
    ) -> Made<[f64; N]> {
        let mut values = [0.0; N];
        for ((value, meaning), expression) in values.iter_mut().zip(meanings).zip(expressions) {
            match meaning.fixed() {
                Some(fixed) => *value = fixed,
                None => return fault(expression.place, Fault::NotFixed),
            }
        }
        Ok(values)
    }

    fn in_order(&self, figures: &[Meaning], expressions: [&'a Expression; 2]) -> Made<()> {
        if let [Some(low), Some(high)] = [0, 1].map(|at| figures.get(at).and_then(Meaning::fixed))
            && low >= high
        {
            let place = expressions[0].place.until(expressions[1].place);
            return fault(place, Fault::OutOfRange(RangeFault::LowNotBelowHigh));
        }
        Ok(())
    }

    fn above_zero(&self, meaning: &Meaning, place: Place) -> Made<()> {
        match meaning.cells.iter().all(|cell| !matches!(cell, Operand::Fixed(value) if *value <= 0.0)) {
            true => Ok(()),
            false => fault(place, Fault::OutOfRange(RangeFault::NotAboveZero)),
        }
    }

    /// A draw for each combination, with figures of its own.
    fn by_cells<const N: usize>(
        &mut self,
        figures: &[Meaning],
        context: &[usize],
        place: Place,
        make: impl Fn([Operand; N]) -> Distribution<Operand>,
    ) -> Made<Meaning> {
        for figure in figures {
            if let Some(extra) = figure.indexes.iter().find(|index| !context.contains(index)) {
                let name = self.indexes.get(*extra).map(|index| index.name.clone()).unwrap_or_default();
                return fault(place, Fault::StillOverIndex(name));
            }
        }
        let spread: Vec<Vec<Operand>> = figures.iter().map(|figure| self.spread(figure, context)).collect();
        let count = cell_count(&self.indexes, context);
        let cell = |cell: usize| {
            let mut all = [Operand::Fixed(0.0); N];
            for (slot, figure) in all.iter_mut().zip(&spread) {
                if let Some(operand) = figure.get(cell) {
                    *slot = *operand;
                }
            }
            make(all)
        };
        let distributions = (0..count).map(cell).collect();
        let Some(like) = figures.first().cloned() else { return fault(place, Fault::NotFixed) };
        self.drawn(distributions, like, context, place)
    }

    /// Whether a disruption happens.
    pub(super) fn occurs(&mut self, probability: &'a Expression) -> Made<Meaning> {
        self.occurs_for(probability, &[])
    }

    fn occurs_for(&mut self, probability: &'a Expression, context: &[usize]) -> Made<Meaning> {
        let share = self.number(probability, context)?;
        self.want(&share, &Dimension::none(), probability.place)?;
        if share.stage != Stage::Once {
            return fault(probability.place, Fault::NotFixed);
        }
        if share
            .cells
            .iter()
            .any(|cell| matches!(cell, Operand::Fixed(value) if !(0.0..=1.0).contains(value)))
        {
            return fault(probability.place, Fault::OutOfRange(RangeFault::NoProbability));
        }
        let drawn = self.by_cells(&[share], context, probability.place, |[probability]| {
            Distribution::Chance { probability }
        })?;
        Ok(Meaning { is_truth: true, unit: None, ..drawn })
    }

    /// The step before time that draws a figure, and its draw; nothing where it is made otherwise.
    pub(super) fn draw_of(&self, cell: Operand) -> Option<(usize, usize)> {
        let Operand::Column(column) = cell else { return None };
        let at = self.program.once.iter().rposition(|step| step.to == column)?;
        match self.program.once.get(at)?.act {
            Act::Draw(draw) => Some((at, draw)),
            _ => None,
        }
    }

    /// A distribution that is drawn from anew in each step of time.
    fn each_step(&mut self, arguments: &'a [Argument], context: &[usize], place: Place) -> Made<Meaning> {
        let [of] = self.arguments("each_step", arguments, ["distribution"], place)?;
        let is_drawn = matches!(&of.form, Form::Range(..))
            || matches!(&of.form, Form::Call { function, .. } if is_distribution(function) && function != "each_step");
        if !is_drawn {
            return fault(of.place, Fault::NotDrawn(super::format::expression(of)));
        }
        if self.program.horizon.is_none() {
            return fault(place, Fault::NoHorizon);
        }
        let drawn = self.value(of, context)?;
        // These draws alone go into time: what their figures are made of, which may be drawn meanwhile too, stays before it.
        for cell in &drawn.cells {
            let Some((at, draw)) = self.draw_of(*cell) else { continue };
            let step = self.program.once.remove(at);
            self.program.in_time.push(step);
            if let Some(draw) = self.program.draws.get_mut(draw) {
                draw.each_step = true;
            }
        }
        Ok(Meaning { stage: Stage::InTime, ..drawn })
    }

    /// Correlates figures by their ranks: what they are drawn from is mixed of normal deviations.
    pub(super) fn correlate(&mut self, correlations: &[(&'a Named, &'a Named, &'a Expression)]) -> Made<()> {
        let mut pairs = vec![];
        for (one, other, value) in correlations {
            let meaning = self.number(value, &[])?;
            self.want(&meaning, &Dimension::none(), value.place)?;
            let Some(rank) = meaning.fixed() else { return fault(value.place, Fault::NotFixed) };
            if !(-1.0..=1.0).contains(&rank) {
                return fault(value.place, Fault::OutOfRange(RangeFault::NoCorrelation));
            }
            let (ones, others) = (self.draws_of(one)?, self.draws_of(other)?);
            if ones.len() != others.len() || one.name == other.name {
                return fault(other.place, Fault::NotDrawn(other.name.clone()));
            }
            // The deviations' own correlation, for ranks that are correlated so: Pearson 1907.
            let own = 2.0 * crate::elementary::sin(std::f64::consts::PI * rank / 6.0);
            for (one, other) in ones.into_iter().zip(others) {
                pairs.push((one.min(other), one.max(other), own, value.place));
            }
        }
        let Some(place) = pairs.first().map(|pair| pair.3) else { return Ok(()) };
        for group in groups(&pairs) {
            let mut matrix = vec![vec![0.0; group.len()]; group.len()];
            for (row, line) in matrix.iter_mut().enumerate() {
                line[row] = 1.0;
            }
            for (one, other, own, _) in &pairs {
                let at = |draw| group.iter().position(|member| *member == draw);
                if let (Some(one), Some(other)) = (at(*one), at(*other)) {
                    matrix[one][other] = *own;
                    matrix[other][one] = *own;
                }
            }
            let Some(factors) = cholesky(&matrix) else { return fault(place, Fault::Correlations) };
            for (draw, factors) in group.iter().zip(factors) {
                if let Some(drawn) = self.program.draws.get_mut(*draw) {
                    drawn.mixed =
                        group.iter().copied().zip(factors).filter(|(_, factor)| *factor != 0.0).collect();
                }
            }
        }
        Ok(())
    }

    fn draws_of(&self, name: &Named) -> Made<Vec<usize>> {
        match self.plain_draws.get(&name.name) {
            Some(draws) => Ok(draws.clone()),
            None => fault(name.place, Fault::NotDrawn(name.name.clone())),
        }
    }
}

/// Draws that are correlated with each other, over others too, in their order.
fn groups(pairs: &[(usize, usize, f64, Place)]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = vec![];
    for (one, other, _, _) in pairs {
        let (mut joined, apart): (Vec<Vec<usize>>, Vec<Vec<usize>>) =
            groups.into_iter().partition(|group| group.contains(one) || group.contains(other));
        let mut whole: Vec<usize> = joined.drain(..).flatten().chain([*one, *other]).collect();
        whole.sort_unstable();
        whole.dedup();
        groups = apart;
        groups.push(whole);
    }
    groups
}

/// The lower triangle of which the product with itself is `matrix`; nothing where there is none.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let sum: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let rest = matrix[row][column] - sum;
            lower[row][column] = if row == column {
                // A figure that is wholly another's has nothing of its own.
                if rest < -OWN_SHARE_MIN {
                    return None;
                }
                rest.max(0.0).sqrt()
            } else if lower[column][column] > OWN_SHARE_MIN.sqrt() {
                rest / lower[column][column]
            } else if rest.abs() < OWN_SHARE_MIN.sqrt() {
                0.0
            } else {
                return None;
            };
        }
    }
    Some(lower)
}

fn at<T>(place: Place, made: Result<T, RangeFault>) -> Result<T, ModelFault> {
    made.map_err(|range| ModelFault { place, fault: Fault::OutOfRange(range) })
}

/// Names a draw by what it is for (FNV-1a over the name, the draw's place in it and the member's): whatever else changes in
/// a model, it is the same.
fn purpose(owner: &str, draw: u64, cell: u64) -> u64 {
    let numbers = draw.to_le_bytes().into_iter().chain(cell.to_le_bytes());
    owner
        .bytes()
        .chain(numbers)
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_times_itself_is_the_matrix() {
        let matrix = vec![vec![1.0, 0.5, 0.2], vec![0.5, 1.0, -0.3], vec![0.2, -0.3, 1.0]];
        let lower = cholesky(&matrix).unwrap();
        for row in 0..3 {
            for column in 0..3 {
                let product: f64 = (0..3).map(|k| lower[row][k] * lower[column][k]).sum();
                assert!((product - matrix[row][column]).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn correlations_that_contradict_each_other_have_no_triangle() {
        let matrix = vec![vec![1.0, 0.9, -0.9], vec![0.9, 1.0, 0.9], vec![-0.9, 0.9, 1.0]];
        assert_eq!(cholesky(&matrix), None);
    }

    #[test]
    fn ninety_percent_lie_between_these_deviations() {
        let below = crate::special::normal_distribution(distribution::NINETY_PERCENT);
        assert!((below - 0.95).abs() < 1e-15);
    }

    #[test]
    fn other_purposes_have_other_names() {
        let names = [purpose("a", 0, 0), purpose("a", 1, 0), purpose("a", 0, 1), purpose("b", 0, 0)];
        assert!(names.iter().enumerate().all(|(place, name)| !names[..place].contains(name)));
    }
}
