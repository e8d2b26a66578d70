//! What may come by chance: distributions, drawn by their quantiles.
//!
//! A draw begins as a share between 0 and 1, or as the deviations of a normal distribution below which that share lies, and
//! ends as the value below which the same share of the distribution lies. So one share gives one value, whatever way it came:
//! by chance, spread evenly, or correlated with another.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};

use super::fault::RangeFault;
use super::quantile::ShareTable;
use crate::elementary::{exp, ln};
use crate::special::{beta_distribution, gamma_distribution, ln_gamma, normal_distribution, normal_quantile};

/// What a tabled quantile reaches to on either side, in deviations, and how many cells it has for each. Beyond the last
/// cell lies one draw in 10¹⁵.
const TABLE_REACH: f64 = 8.0;
const CELLS_PER_DEVIATION: f64 = 32.0;
const DEVIATIONS_PER_CELL: f64 = 1.0 / CELLS_PER_DEVIATION;
/// The knot of the median.
const MIDDLE_KNOT: usize = (TABLE_REACH * CELLS_PER_DEVIATION) as usize;
/// The largest mean that is counted one by one.
const POISSON_MEAN_MAX: f64 = 10_000.0;
/// The deviations between which 90 % of a normal distribution lie.
pub(super) const NINETY_PERCENT: f64 = 1.644_853_626_951_472_7;

/// A distribution, with its figures as they are for all trials or for each: see [`Parameter`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Distribution<P> {
    /// Evenly between two figures.
    Uniform {
        low: P,
        high: P,
    },
    /// By three figures, straight up to the likeliest and down from there.
    Triangular {
        low: P,
        mode: P,
        high: P,
    },
    Normal {
        mean: P,
        deviation: P,
    },
    /// By the mean and the deviation of its logarithm.
    Lognormal {
        log_mean: P,
        log_deviation: P,
    },
    Exponential {
        mean: P,
    },
    Weibull {
        shape: P,
        scale: P,
    },
    /// One where it happens, with a probability, and zero where not.
    Chance {
        probability: P,
    },
    /// By tables of its quantiles, stretched and moved.
    Tabled {
        table: Arc<Quantiles>,
        from: f64,
        span: f64,
    },
    /// These values, each below its share of all.
    Stepped {
        values: Arc<[f64]>,
        until: Arc<[f64]>,
    },
}

/// Quantiles as a smooth curve over the deviations of a normal distribution: even where a density ends in zero or beyond all
/// bounds, that curve has no kink.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QuantileTable {
    /// Four terms of each cell's cubic.
    cells: Vec<[f64; 4]>,
}

/// The quantiles of a distribution, by shares and by deviations.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantiles {
    /// Which distribution, with its figures.
    of: Shape,
    by_share: ShareTable,
    by_deviations: QuantileTable,
}

/// A distribution that needs a table of its own.
#[derive(Copy, Clone, Debug, PartialEq)]
enum Shape {
    Beta(f64, f64),
    Gamma(f64),
    /// From 0 to 1, where what is drawn, and one more part, grows evenly by factors up to so much.
    Factors(f64),
}

impl Shape {
    fn bits(self) -> [u64; 3] {
        match self {
            Self::Beta(a, b) => [0, a.to_bits(), b.to_bits()],
            Self::Gamma(shape) => [1, shape.to_bits(), 0],
            Self::Factors(ratio) => [2, ratio.to_bits(), 0],
        }
    }
}

/// How many tables are kept for whoever asks again.
const TABLES_KEPT: usize = 64;

impl Quantiles {
    /// Those of a shape. A table takes a while: a model that is read again, with one figure changed, finds the others here.
    fn of(of: Shape) -> Arc<Self> {
        static KEPT: Mutex<VecDeque<Arc<Quantiles>>> = Mutex::new(VecDeque::new());
        let find = |kept: &VecDeque<Arc<Self>>| {
            kept.iter().find(|quantiles| quantiles.of.bits() == of.bits()).cloned()
        };
        if let Ok(kept) = KEPT.lock()
            && let Some(found) = find(&kept)
        {
            return found;
        }
        let made = Self::new(of);
        if let Ok(mut kept) = KEPT.lock() {
            kept.push_back(Arc::clone(&made));
            if kept.len() > TABLES_KEPT {
                kept.pop_front();
            }
        }
        made
    }

    fn new(of: Shape) -> Arc<Self> {
        let by_deviations = match of {
            Shape::Beta(a, b) => QuantileTable::beta(a, b),
            Shape::Gamma(shape) => QuantileTable::gamma(shape),
            Shape::Factors(ratio) => QuantileTable::factors(ratio),
        };
        let low = |share: f64| by_deviations.at(normal_quantile(share));
        let high = |share: f64| by_deviations.at(-normal_quantile(share));
        let by_share = ShareTable::new(low, high);
        Arc::new(Self { of, by_share, by_deviations })
    }
}

impl QuantileTable {
    /// From the quantiles at all knots, and the density.
    fn new(quantiles: &[f64], density: impl Fn(f64) -> f64) -> Self {
        let knots: Vec<(f64, f64)> = quantiles
            .iter()
            .enumerate()
            .map(|(knot, value)| {
                let slope = normal_density(deviations_of(knot)) / density(*value) * DEVIATIONS_PER_CELL;
                (*value, if slope.is_finite() { slope } else { 0.0 })
            })
            .collect();
        let cells = knots.windows(2).map(|pair| {
            let [(from, rise), (to, next_rise)] = [pair[0], pair[1]];
            // Hermite's cubic; where the ends' slopes would overshoot, they give way, so that it always rises.
            let chord = to - from;
            let (rise, next_rise) = (rise.clamp(0.0, 3.0 * chord), next_rise.clamp(0.0, 3.0 * chord));
            [from, rise, 3.0 * chord - 2.0 * rise - next_rise, rise + next_rise - 2.0 * chord]
        });
        Self { cells: cells.collect() }
    }

    /// The quantile at some deviations.
    #[inline]
    fn at(&self, deviations: f64) -> f64 {
        let place = ((deviations + TABLE_REACH) * CELLS_PER_DEVIATION)
            .clamp(0.0, 2.0 * TABLE_REACH * CELLS_PER_DEVIATION - 1e-9);
        let cell = place as usize;
        let part = place - cell as f64;
        let [constant, linear, square, cubic] = self.cells.get(cell).copied().unwrap_or([f64::NAN; 4]);
        constant + part * (linear + part * (square + part * cubic))
    }

    /// A beta distribution on 0 to 1.
    fn beta(a: f64, b: f64) -> Self {
        let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
        let density = |a: f64, b: f64, x: f64| exp(front + (a - 1.0) * ln(x) + (b - 1.0) * ln(1.0 - x));
        // From the nearer end: shares next to 1 are told apart by what is left.
        let half =
            |a, b| quantiles(0..=MIDDLE_KNOT, 1.0, |x| beta_distribution(x, a, b), |x| density(a, b, x));
        let mut all = half(a, b);
        let above = half(b, a);
        all.extend(above.iter().rev().skip(1).map(|left| 1.0 - left));
        Self::new(&all, |x| density(a, b, x))
    }

    /// 1 to `ratio` by even factors, brought to 0 to 1.
    fn factors(ratio: f64) -> Self {
        let (span, ln_ratio) = (ratio - 1.0, ln(ratio));
        let quantile = |knot: usize| (exp(normal_distribution(deviations_of(knot)) * ln_ratio) - 1.0) / span;
        let all: Vec<f64> = (0..=2 * MIDDLE_KNOT).map(quantile).collect();
        Self::new(&all, |x| span / ((1.0 + span * x) * ln_ratio))
    }

    /// A gamma distribution with scale 1.
    fn gamma(shape: f64) -> Self {
        let front = ln_gamma(shape);
        let density = |x: f64| exp((shape - 1.0) * ln(x) - x - front);
        let most = shape + 60.0 * shape.sqrt() + 120.0;
        let all = quantiles(0..=2 * MIDDLE_KNOT, most, |x| gamma_distribution(x, shape), density);
        Self::new(&all, density)
    }
}

fn deviations_of(knot: usize) -> f64 {
    knot as f64 * DEVIATIONS_PER_CELL - TABLE_REACH
}

fn normal_density(deviations: f64) -> f64 {
    exp(-deviations * deviations / 2.0) / std::f64::consts::TAU.sqrt()
}

/// The quantiles at some knots, each from the one before: by Newton's steps, which never leave what is known to hold it.
fn quantiles(
    knots: RangeInclusive<usize>,
    most: f64,
    distribution: impl Fn(f64) -> f64,
    density: impl Fn(f64) -> f64,
) -> Vec<f64> {
    let mut values: Vec<f64> = vec![];
    for knot in knots {
        let deviations = deviations_of(knot);
        let share = normal_distribution(deviations);
        let Some(last) = values.last().copied() else {
            values.push(solve(share, 0.0, most, &distribution));
            continue;
        };
        let (mut low, mut high) = (last, most);
        let rise = normal_density(deviations - DEVIATIONS_PER_CELL) / density(last) * DEVIATIONS_PER_CELL;
        let mut value = last + rise;
        for _ in 0..100 {
            if !(low < value && value < high) {
                value = if high > 2.0 * low { (low * high).sqrt() } else { f64::midpoint(low, high) };
            }
            let over = distribution(value) - share;
            if over < 0.0 {
                low = value;
            } else {
                high = value;
            }
            let change = over / density(value);
            let is_settled = change.abs() <= 1e-14 * value || high - low <= 1e-15 * high;
            value -= change;
            if is_settled {
                break;
            }
        }
        values.push(if value.is_finite() { value.clamp(last, most) } else { last });
    }
    values
}

/// Where a rising function reaches a share, by halving: geometrically while far below the upper end, so that the smallest
/// values are as good as the others.
fn solve(share: f64, low: f64, high: f64, distribution: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low.max(1e-300), high);
    for _ in 0..200 {
        let middle = if high > 2.0 * low { (low * high).sqrt() } else { f64::midpoint(low, high) };
        if middle <= low || middle >= high {
            break;
        }
        if distribution(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

type Made = Result<Distribution<f64>, RangeFault>;

/// A range that 90 % lie in: lognormal where all is above zero, else normal.
pub(super) fn range(low: f64, high: f64) -> Made {
    if low >= high {
        return Err(RangeFault::LowNotBelowHigh);
    }
    if low > 0.0 {
        let (low, high) = (ln(low), ln(high));
        let log_deviation = (high - low) / (2.0 * NINETY_PERCENT);
        return Ok(Distribution::Lognormal { log_mean: f64::midpoint(low, high), log_deviation });
    }
    let deviation = (high - low) / (2.0 * NINETY_PERCENT);
    Ok(Distribution::Normal { mean: f64::midpoint(low, high), deviation })
}

/// A lognormal distribution by its own mean and deviation.
pub(super) fn lognormal(mean: f64, deviation: f64) -> Made {
    if mean <= 0.0 || deviation <= 0.0 {
        return Err(RangeFault::NotAboveZero);
    }
    let square = ln(1.0 + (deviation / mean) * (deviation / mean));
    Ok(Distribution::Lognormal { log_mean: ln(mean) - square / 2.0, log_deviation: square.sqrt() })
}

/// A beta distribution on 0 to 1.
pub(super) fn beta(a: f64, b: f64) -> Made {
    if !(a > 0.0 && b > 0.0) {
        return Err(RangeFault::NotAboveZero);
    }
    if a.max(b) > 1e6 {
        return Err(RangeFault::TooLarge);
    }
    Ok(Distribution::Tabled { table: Quantiles::of(Shape::Beta(a, b)), from: 0.0, span: 1.0 })
}

/// A PERT distribution: beta on least to most, with the likeliest figure weighted by four (Malcolm and others, «Application
/// of a technique for research and development program evaluation», Operations Research 7, 1959).
pub(super) fn pert(low: f64, mode: f64, high: f64) -> Made {
    if low >= high {
        return Err(RangeFault::LowNotBelowHigh);
    }
    if !(low..=high).contains(&mode) {
        return Err(RangeFault::ModeOutside);
    }
    let span = high - low;
    let shape = Shape::Beta(1.0 + 4.0 * (mode - low) / span, 1.0 + 4.0 * (high - mode) / span);
    Ok(Distribution::Tabled { table: Quantiles::of(shape), from: low, span })
}

/// Anywhere from the least to the most, where nothing else is known: by even factors where both are above zero (the
/// reciprocal distribution, which is the same in whatever unit it is read; Jeffreys, «Theory of Probability», 3.1), else
/// evenly.
pub(super) fn anywhere(low: f64, high: f64) -> Made {
    if low >= high {
        return Err(RangeFault::LowNotBelowHigh);
    }
    if low <= 0.0 {
        return Ok(Distribution::Uniform { low, high });
    }
    let table = Quantiles::of(Shape::Factors(high / low));
    Ok(Distribution::Tabled { table, from: low, span: high - low })
}

/// A gamma distribution by its shape and scale.
pub(super) fn gamma(shape: f64, scale: f64) -> Made {
    if !(shape > 0.0 && scale > 0.0) {
        return Err(RangeFault::NotAboveZero);
    }
    if shape > 1e6 {
        return Err(RangeFault::TooLarge);
    }
    Ok(Distribution::Tabled { table: Quantiles::of(Shape::Gamma(shape)), from: 0.0, span: scale })
}

/// A Poisson distribution by its mean.
pub(super) fn poisson(mean: f64) -> Made {
    if mean.is_nan() || mean < 0.0 {
        return Err(RangeFault::BelowZero);
    }
    if mean > POISSON_MEAN_MAX {
        return Err(RangeFault::TooLarge);
    }
    let (mut values, mut until) = (vec![], vec![]);
    let (mut sum, mut count) = (0.0_f64, 0.0);
    let most = mean + 12.0 * mean.sqrt() + 30.0;
    while count <= most {
        let term = if mean == 0.0 {
            f64::from(u8::from(count == 0.0))
        } else {
            exp(count * ln(mean) - mean - ln_gamma(count + 1.0))
        };
        sum += term;
        // What no share of 52 bits tells apart is left out.
        if term > 1e-17 {
            values.push(count);
            until.push(sum);
        }
        count += 1.0;
    }
    Ok(stepped(values, until))
}

/// Some values with their probabilities.
pub(super) fn discrete(values: &[(f64, f64)]) -> Made {
    if values.iter().any(|(_, probability)| !(0.0..=1.0 + 1e-9).contains(probability)) {
        return Err(RangeFault::NoProbability);
    }
    let whole: f64 = values.iter().map(|(_, probability)| probability).sum();
    if (whole - 1.0).abs() > 1e-9 {
        return Err(RangeFault::NotWhole);
    }
    let mut values = values.to_vec();
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut sum = 0.0;
    let until = values.iter().map(|(_, probability)| {
        sum += probability;
        sum
    });
    let until = until.collect();
    Ok(stepped(values.into_iter().map(|(value, _)| value).collect(), until))
}

/// As often as in figures that were seen.
pub(super) fn of_data(figures: &[f64]) -> Distribution<f64> {
    let mut values = figures.to_vec();
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let until = (1..=values.len()).map(|place| place as f64 / count).collect();
    stepped(values, until)
}

fn stepped(values: Vec<f64>, mut until: Vec<f64>) -> Distribution<f64> {
    if let Some(last) = until.last_mut() {
        *last = f64::INFINITY;
    }
    Distribution::Stepped { values: values.into(), until: until.into() }
}

/// One figure of a distribution: the same for all trials, or one for each.
#[derive(Copy, Clone, Debug)]
pub(super) enum Parameter<'a> {
    All(f64),
    Each(&'a [f64]),
}

impl Parameter<'_> {
    #[inline(always)]
    fn at(self, trial: usize) -> f64 {
        match self {
            Self::All(value) => value,
            Self::Each(values) => values.get(trial).copied().unwrap_or(f64::NAN),
        }
    }
}

impl<P> Distribution<P> {
    /// The same distribution, with its figures told in another way.
    pub(super) fn map<Q>(&self, tell: impl Fn(&P) -> Q) -> Distribution<Q> {
        match self {
            Self::Uniform { low, high } => Distribution::Uniform { low: tell(low), high: tell(high) },
            Self::Triangular { low, mode, high } => {
                Distribution::Triangular { low: tell(low), mode: tell(mode), high: tell(high) }
            }
            Self::Normal { mean, deviation } => {
                Distribution::Normal { mean: tell(mean), deviation: tell(deviation) }
            }
            Self::Lognormal { log_mean, log_deviation } => {
                Distribution::Lognormal { log_mean: tell(log_mean), log_deviation: tell(log_deviation) }
            }
            Self::Exponential { mean } => Distribution::Exponential { mean: tell(mean) },
            Self::Weibull { shape, scale } => {
                Distribution::Weibull { shape: tell(shape), scale: tell(scale) }
            }
            Self::Chance { probability } => Distribution::Chance { probability: tell(probability) },
            Self::Tabled { table, from, span } => {
                Distribution::Tabled { table: Arc::clone(table), from: *from, span: *span }
            }
            Self::Stepped { values, until } => {
                Distribution::Stepped { values: Arc::clone(values), until: Arc::clone(until) }
            }
        }
    }

    /// Takes in which distribution it is, and all figures but those that trials may differ in.
    pub(super) fn hash_shape(&self, hasher: &mut impl Hasher) {
        std::mem::discriminant(self).hash(hasher);
        match self {
            Self::Tabled { table, from, span } => {
                (table.of.bits(), from.to_bits(), span.to_bits()).hash(hasher);
            }
            Self::Stepped { values, until } => {
                for value in values.iter().chain(until.iter()) {
                    value.to_bits().hash(hasher);
                }
            }
            Self::Uniform { .. }
            | Self::Triangular { .. }
            | Self::Normal { .. }
            | Self::Lognormal { .. }
            | Self::Exponential { .. }
            | Self::Weibull { .. }
            | Self::Chance { .. } => {}
        }
    }
}

/// What a draw begins with.
#[derive(Copy, Clone, Debug)]
pub(super) enum Begin<'a> {
    /// Shares between 0 and 1.
    Shares(&'a [f64]),
    /// Deviations of a normal distribution.
    Deviations(&'a [f64]),
}

impl<P> Distribution<P> {
    /// The values of as many trials as `to` holds; `tell` tells figures as they are for these.
    pub(super) fn fill<'a>(&self, tell: impl Fn(&P) -> Parameter<'a>, begin: Begin<'_>, to: &mut [f64]) {
        match (self, begin) {
            // A table has no figures of trials. Threads share it, and none says to the others that it looks at it.
            (Self::Tabled { table, from, span }, begin) => fill_by_table(table, (*from, *span), begin, to),
            (_, Begin::Shares(shares)) => fill_by_shares(&self.map(tell), shares, to),
            (_, Begin::Deviations(deviations)) => fill_by_deviations(&self.map(tell), deviations, to),
        }
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn fill_by_table(table: &Quantiles, (from, span): (f64, f64), begin: Begin<'_>, to: &mut [f64]) {
    match begin {
        Begin::Shares(shares) => table.by_share.each(shares, to, |value| from + span * value),
        Begin::Deviations(deviations) => {
            each(deviations, to, |deviations, _| from + span * table.by_deviations.at(deviations));
        }
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn fill_by_shares(distribution: &Distribution<Parameter<'_>>, shares: &[f64], to: &mut [f64]) {
    use Parameter::All;
    match distribution {
        Distribution::Uniform { low: All(low), high: All(high) } => {
            each(shares, to, |share, _| low + (high - low) * share)
        }
        Distribution::Normal { mean: All(mean), deviation: All(deviation) } => {
            let table = ShareTable::normal();
            table.each(shares, to, |value| mean + deviation * value);
        }
        Distribution::Normal { mean, deviation } => {
            let table = ShareTable::normal();
            each(shares, to, |share, trial| mean.at(trial) + deviation.at(trial) * table.at(share));
        }
        Distribution::Lognormal { log_mean: All(log_mean), log_deviation: All(log_deviation) } => {
            let table = ShareTable::normal();
            // In two goes: the second takes many at a time.
            table.each(shares, to, |value| log_mean + log_deviation * value);
            for value in to.iter_mut() {
                *value = exp(*value);
            }
        }
        Distribution::Lognormal { log_mean, log_deviation } => {
            let table = ShareTable::normal();
            each(shares, to, |share, trial| {
                exp(log_mean.at(trial) + log_deviation.at(trial) * table.at(share))
            });
        }
        Distribution::Exponential { mean: All(mean) } => {
            ShareTable::exponential().each(shares, to, |value| mean * value);
        }
        Distribution::Exponential { mean } => {
            let table = ShareTable::exponential();
            each(shares, to, |share, trial| mean.at(trial) * table.at(share));
        }
        Distribution::Weibull { shape: All(shape), scale: All(scale) } => {
            let (table, power) = (ShareTable::ln_exponential(), 1.0 / shape);
            table.each(shares, to, |value| value * power);
            for value in to.iter_mut() {
                *value = scale * exp(*value);
            }
        }
        Distribution::Weibull { shape, scale } => {
            let table = ShareTable::ln_exponential();
            each(shares, to, |share, trial| scale.at(trial) * exp(table.at(share) * (1.0 / shape.at(trial))));
        }
        Distribution::Triangular { low: All(low), mode: All(mode), high: All(high) } => {
            each(shares, to, |share, _| triangular(share, *low, *mode, *high));
        }
        other => each(shares, to, |share, trial| other.by_share(share, trial)),
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn fill_by_deviations(distribution: &Distribution<Parameter<'_>>, deviations: &[f64], to: &mut [f64]) {
    match distribution {
        Distribution::Normal { mean, deviation } => {
            each(deviations, to, |deviations, trial| mean.at(trial) + deviation.at(trial) * deviations);
        }
        Distribution::Lognormal { log_mean, log_deviation } => each(deviations, to, |deviations, trial| {
            exp(log_mean.at(trial) + log_deviation.at(trial) * deviations)
        }),
        other => {
            each(deviations, to, |deviations, trial| other.by_share(normal_distribution(deviations), trial))
        }
    }
}

#[inline(always)]
fn each(begin: &[f64], to: &mut [f64], value: impl Fn(f64, usize) -> f64) {
    for (trial, (to, begin)) in to.iter_mut().zip(begin).enumerate() {
        *to = value(*begin, trial);
    }
}

#[inline(always)]
fn triangular(share: f64, low: f64, mode: f64, high: f64) -> f64 {
    let span = high - low;
    let is_left = share * span < mode - low;
    // One root, of whichever side it is on.
    let left = share * span * (mode - low);
    let right = (1.0 - share) * span * (high - mode);
    let off = if is_left { left } else { right }.sqrt();
    if is_left { low + off } else { high - off }
}

impl Distribution<Parameter<'_>> {
    /// One trial's value.
    #[inline(always)]
    fn by_share(&self, share: f64, trial: usize) -> f64 {
        match self {
            Self::Uniform { low, high } => low.at(trial) + (high.at(trial) - low.at(trial)) * share,
            Self::Triangular { low, mode, high } => {
                triangular(share, low.at(trial), mode.at(trial), high.at(trial))
            }
            Self::Normal { mean, deviation } => {
                mean.at(trial) + deviation.at(trial) * ShareTable::normal().at(share)
            }
            Self::Lognormal { log_mean, log_deviation } => {
                exp(log_mean.at(trial) + log_deviation.at(trial) * ShareTable::normal().at(share))
            }
            Self::Exponential { mean } => mean.at(trial) * ShareTable::exponential().at(share),
            Self::Weibull { shape, scale } => {
                scale.at(trial) * exp(ShareTable::ln_exponential().at(share) * (1.0 / shape.at(trial)))
            }
            Self::Chance { probability } => {
                if share < probability.at(trial) {
                    1.0
                } else {
                    0.0
                }
            }
            Self::Tabled { table, from, span } => from + span * table.by_share.at(share),
            Self::Stepped { values, until } => {
                let place = until.partition_point(|until| *until <= share);
                values.get(place).copied().unwrap_or(f64::NAN)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, fill};

    const DRAWS: usize = 1_000_000;

    fn drawn(distribution: &Distribution<f64>, purpose: u64) -> Vec<f64> {
        let mut shares = vec![0.0; DRAWS];
        fill(Stream { seed: 7, purpose, block: 0 }, &mut shares);
        let mut values = vec![0.0; DRAWS];
        distribution.fill(|value| Parameter::All(*value), Begin::Shares(&shares), &mut values);
        values
    }

    /// The greatest distance between the share of draws below a value and what it should be (Kolmogorov and Smirnov).
    fn distance(distribution: &Distribution<f64>, below: impl Fn(f64) -> f64) -> f64 {
        let mut values = drawn(distribution, 1);
        values.sort_by(f64::total_cmp);
        let count = values.len() as f64;
        values.iter().enumerate().fold(0.0, |most, (place, value)| {
            let wanted = below(*value);
            f64::max(
                most,
                (wanted - place as f64 / count).abs().max((wanted - (place + 1) as f64 / count).abs()),
            )
        })
    }

    /// Beyond this, one sample in a thousand would lie: 1.95 / √n.
    const FAR: f64 = 0.001_95;

    #[test]
    fn draws_are_spread_as_their_distributions_say() {
        let check = |name: &str, distribution: &Distribution<f64>, below: &dyn Fn(f64) -> f64| {
            let far = distance(distribution, below);
            assert!(far < FAR, "{name} is {far} off");
        };
        check("uniform", &Distribution::Uniform { low: 2.0, high: 5.0 }, &|x| (x - 2.0) / 3.0);
        check("triangular", &Distribution::Triangular { low: 1.0, mode: 2.0, high: 5.0 }, &|x| {
            if x < 2.0 { (x - 1.0) * (x - 1.0) / 4.0 } else { 1.0 - (5.0 - x) * (5.0 - x) / 12.0 }
        });
        check("normal", &Distribution::Normal { mean: 10.0, deviation: 3.0 }, &|x| {
            normal_distribution((x - 10.0) / 3.0)
        });
        check("lognormal", &range(2.0, 10.0).unwrap(), &|x| {
            normal_distribution((x.ln() - 1.497_87) / 0.489_23)
        });
        check("exponential", &Distribution::Exponential { mean: 4.0 }, &|x| 1.0 - (-x / 4.0).exp());
        check("Weibull", &Distribution::Weibull { shape: 2.5, scale: 1_000.0 }, &|x| {
            1.0 - (-(x / 1_000.0).powf(2.5)).exp()
        });
        check("beta", &beta(2.0, 3.0).unwrap(), &|x| 6.0 * x * x - 8.0 * x.powi(3) + 3.0 * x.powi(4));
        check("beta with open ends", &beta(0.5, 0.5).unwrap(), &|x| {
            x.sqrt().asin() * 2.0 / std::f64::consts::PI
        });
        check("gamma", &gamma(3.0, 2.0).unwrap(), &|x| {
            let x = x / 2.0;
            1.0 - (-x).exp() * (1.0 + x + x * x / 2.0)
        });
        check("anywhere from 100 to ten millions", &anywhere(100.0, 1e7).unwrap(), &|x| {
            (x / 100.0).ln() / 1e5_f64.ln()
        });
        check("anywhere from 2 to 3", &anywhere(2.0, 3.0).unwrap(), &|x| (x / 2.0).ln() / 1.5_f64.ln());
        check("PERT", &pert(10.0, 12.0, 20.0).unwrap(), &|x| beta_distribution((x - 10.0) / 10.0, 1.8, 4.2));
    }

    #[test]
    fn counted_draws_come_as_often_as_they_should() {
        let counts = drawn(&poisson(3.0).unwrap(), 2);
        let mut factorial = 1.0;
        for count in 0..10 {
            if count > 0 {
                factorial *= f64::from(count);
            }
            let wanted = (-3.0_f64).exp() * 3.0_f64.powi(count) / factorial;
            let found =
                counts.iter().filter(|value| **value == f64::from(count)).count() as f64 / DRAWS as f64;
            let error = (wanted * (1.0 - wanted) / DRAWS as f64).sqrt();
            assert!((found - wanted).abs() < 4.5 * error, "{count}: {found} is not {wanted}");
        }
        let dice = drawn(&discrete(&[(5.0, 0.2), (1.0, 0.8)]).unwrap(), 3);
        let fives = dice.iter().filter(|value| **value == 5.0).count() as f64 / DRAWS as f64;
        assert!((fives - 0.2).abs() < 0.002 && dice.iter().all(|value| [1.0, 5.0].contains(value)));
        let happened =
            drawn(&Distribution::Chance { probability: 0.04 }, 4).iter().sum::<f64>() / DRAWS as f64;
        assert!((happened - 0.04).abs() < 0.001);
    }

    #[test]
    fn two_to_ten_is_the_published_lognormal() {
        // Squiggle, «2 to 10»: μ 1.49787, σ 0.48923, mean 5.0407, median 4.4721 (V05).
        let Ok(Distribution::Lognormal { log_mean, log_deviation }) = range(2.0, 10.0) else {
            panic!("not lognormal")
        };
        assert!((log_mean - 1.497_87).abs() < 5e-6 && (log_deviation - 0.489_23).abs() < 5e-6);
        assert!((exp(log_mean + log_deviation * log_deviation / 2.0) - 5.040_7).abs() < 5e-5);
        assert!((exp(log_mean) - 4.472_1).abs() < 5e-5);
        let values = drawn(&range(2.0, 10.0).unwrap(), 5);
        let below = values.iter().filter(|value| **value < 2.0).count() as f64 / DRAWS as f64;
        assert!((below - 0.05).abs() < 0.001);
    }

    #[test]
    fn tabled_quantiles_are_good_far_into_the_tails() {
        let Ok(Distribution::Tabled { table, .. }) = beta(2.0, 3.0) else { panic!("not tabled") };
        for deviations in [-6.3, -3.01, -0.7, 0.013, 1.9, 4.44] {
            let exact = if deviations < 0.0 {
                solve(normal_distribution(deviations), 0.0, 1.0, |x| beta_distribution(x, 2.0, 3.0))
            } else {
                1.0 - solve(normal_distribution(-deviations), 0.0, 1.0, |x| beta_distribution(x, 3.0, 2.0))
            };
            let found = table.by_deviations.at(deviations);
            assert!((found - exact).abs() < 1e-6 * exact, "{deviations}: {found} is not {exact}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(range(10.0, 2.0), Err(RangeFault::LowNotBelowHigh));
        assert_eq!(pert(1.0, 9.0, 5.0), Err(RangeFault::ModeOutside));
        assert_eq!(beta(0.0, 1.0), Err(RangeFault::NotAboveZero));
        assert_eq!(poisson(-1.0), Err(RangeFault::BelowZero));
        assert_eq!(poisson(1e9), Err(RangeFault::TooLarge));
        assert_eq!(discrete(&[(1.0, 0.5), (2.0, 0.6)]), Err(RangeFault::NotWhole));
        assert_eq!(discrete(&[(1.0, 1.5), (2.0, -0.5)]), Err(RangeFault::NoProbability));
    }
}
