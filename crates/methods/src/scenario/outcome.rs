//! What comes of many trials: mean, deviation, percentiles, how often something is reached.

use serde::Serialize;

use super::syntax::Better;

/// The percentiles that are told.
pub const PERCENTILES: [f64; 7] = [1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0];

/// One figure of a result, over all trials.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// The result's name.
    pub name: String,
    /// The members of its indexes.
    pub members: Vec<String>,
    /// What it is read in.
    pub unit: String,
    /// Whether it is yes or no: then its mean is how probable yes is.
    pub is_truth: bool,
    /// Which of two is better, where the model says so.
    pub better: Option<Better>,
    /// The mean of all trials.
    pub mean: f64,
    /// What the mean may be off by: one standard error.
    pub mean_error: f64,
    /// The standard deviation of the trials.
    pub deviation: f64,
    /// The smallest one.
    pub least: f64,
    /// The largest one.
    pub greatest: f64,
    /// The figures below which [`PERCENTILES`] of the trials lie.
    pub percentiles: Vec<f64>,
    /// All of them, in the order of the trials.
    #[serde(skip)]
    pub trials: Vec<f64>,
}

impl Figures {
    pub(super) fn new(
        (name, members): (String, Vec<String>),
        unit: String,
        is_truth: bool,
        better: Option<Better>,
        trials: Vec<f64>,
    ) -> Self {
        let (mean, deviation) = moments(&trials);
        let (least, greatest, _) = span(&trials);
        let percentiles = percentiles(&trials, (least, greatest), &PERCENTILES);
        let mean_error = deviation / (trials.len() as f64).max(1.0).sqrt();
        Self {
            name,
            members,
            unit,
            is_truth,
            better,
            mean,
            mean_error,
            deviation,
            least,
            greatest,
            percentiles,
            trials,
        }
    }

    /// The share of trials above `limit`.
    pub fn share_above(&self, limit: f64) -> f64 {
        let count = self.trials.iter().filter(|value| **value > limit).count();
        count as f64 / (self.trials.len() as f64).max(1.0)
    }

    /// How often each of some limits is exceeded: from the least to the greatest trial, in even steps.
    pub fn exceedance(&self, points: usize) -> Vec<(f64, f64)> {
        let mut sorted = self.trials.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let count = sorted.len() as f64;
        let span = self.greatest - self.least;
        let limit = |point: usize| self.least + span * point as f64 / (points.max(2) - 1) as f64;
        (0..points)
            .map(|point| {
                let limit = limit(point);
                let below = sorted.partition_point(|value| *value <= limit);
                (limit, 1.0 - below as f64 / count.max(1.0))
            })
            .collect()
    }
}

/// How many partial sums are kept side by side.
const PARTS: usize = 8;

/// The sum of a function of all trials, block by block in their order: the same bits, whoever reckoned them.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn sum_of_squares_off(trials: &[f64], middle: f64) -> (f64, f64) {
    let (mut sum, mut squares) = (0.0, 0.0);
    for block in trials.chunks(super::run::BLOCK) {
        let (mut parts, mut square_parts) = ([0.0; PARTS], [0.0; PARTS]);
        let (eights, rest) = block.as_chunks::<PARTS>();
        for eight in eights {
            for part in 0..PARTS {
                let off = eight[part] - middle;
                parts[part] += off;
                square_parts[part] += off * off;
            }
        }
        for value in rest {
            let off = value - middle;
            parts[0] += off;
            square_parts[0] += off * off;
        }
        sum += parts.iter().sum::<f64>();
        squares += square_parts.iter().sum::<f64>();
    }
    (sum, squares)
}

/// Mean and standard deviation (of the sample).
pub(super) fn moments(trials: &[f64]) -> (f64, f64) {
    let count = trials.len() as f64;
    let Some(first) = trials.first() else { return (f64::NAN, f64::NAN) };
    // Near the mean, squares lose nothing.
    let near = first + sum_of_squares_off(trials, *first).0 / count;
    let (sum, squares) = sum_of_squares_off(trials, near);
    let mean = near + sum / count;
    let variance = (squares - sum * sum / count).max(0.0) / (count - 1.0).max(1.0);
    (mean, variance.sqrt())
}

/// Bins into which trials are counted before any is compared with another.
const BINS: usize = 4_096;
/// Fewer trials than this are sorted.
const SORTED_MAX: usize = 4_096;

/// Percentiles, between trials in a straight line (Hyndman and Fan's seventh kind, as numpy and R have it). `least` and
/// `greatest` are those of the trials.
pub(super) fn percentiles(trials: &[f64], (least, greatest): (f64, f64), wanted: &[f64]) -> Vec<f64> {
    let last = trials.len().saturating_sub(1);
    let place = |percent: f64| percent / 100.0 * last as f64;
    // Each percentile lies between a trial and the next, by their order.
    let mut orders: Vec<usize> = wanted
        .iter()
        .flat_map(|percent| {
            let at = place(*percent) as usize;
            [at, (at + 1).min(last)]
        })
        .collect();
    orders.sort_unstable();
    orders.dedup();
    let found = by_order(trials, (least, greatest), &orders);
    let value = |order: usize| {
        orders.binary_search(&order).ok().and_then(|at| found.get(at).copied()).unwrap_or(f64::NAN)
    };
    wanted
        .iter()
        .map(|percent| {
            let at = place(*percent) as usize;
            let part = place(*percent) - at as f64;
            let low = value(at);
            if part == 0.0 { low } else { low + part * (value((at + 1).min(last)) - low) }
        })
        .collect()
}

/// The trials at some places of their order, which rise. Trials are counted into bins, and only those of the bins that hold a
/// place are sorted.
fn by_order(trials: &[f64], (least, greatest): (f64, f64), orders: &[usize]) -> Vec<f64> {
    if trials.len() <= SORTED_MAX || greatest <= least {
        let mut sorted = trials.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        return orders.iter().map(|order| sorted.get(*order).copied().unwrap_or(f64::NAN)).collect();
    }
    let scale = BINS as f64 / (greatest - least) * (1.0 - 1e-12);
    let mut bins = vec![0_u16; trials.len()];
    sort_into(trials, least, scale, &mut bins);
    // Four counts side by side: neighbours in one bin do not wait for each other.
    let mut counts = vec![[0_u32; 4]; BINS];
    for four in bins.chunks(4) {
        for (lane, bin) in four.iter().enumerate() {
            counts[usize::from(*bin) % BINS][lane] += 1;
        }
    }
    let mut before = 0;
    let mut wanted = orders.iter().copied().peekable();
    // Of each bin with places that are asked for: how many trials lie before it, and its own.
    let mut rooms: Vec<(usize, Vec<f64>)> = vec![];
    let mut room_of = vec![u16::MAX; BINS];
    for (bin, count) in counts.iter().enumerate() {
        let count = count.iter().sum::<u32>() as usize;
        if wanted.next_if(|order| *order < before + count).is_some() {
            room_of[bin] = rooms.len() as u16;
            rooms.push((before, Vec::with_capacity(count)));
            while wanted.next_if(|order| *order < before + count).is_some() {}
        }
        before += count;
    }
    for (trial, bin) in trials.iter().zip(&bins) {
        if let Some((_, room)) = rooms.get_mut(usize::from(room_of[usize::from(*bin) % BINS])) {
            room.push(*trial);
        }
    }
    for (_, room) in &mut rooms {
        room.sort_unstable_by(f64::total_cmp);
    }
    let of_order = |order: &usize| {
        let (before, room) = rooms.iter().rev().find(|(before, _)| before <= order)?;
        room.get(order - before).copied()
    };
    orders.iter().map(|order| of_order(order).unwrap_or(f64::NAN)).collect()
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn sort_into(trials: &[f64], least: f64, scale: f64, bins: &mut [u16]) {
    for (bin, trial) in bins.iter_mut().zip(trials) {
        *bin = ((trial - least) * scale) as i32 as u16;
    }
}

/// The smallest and the largest, and whether all are numbers.
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub(super) fn span(trials: &[f64]) -> (f64, f64, bool) {
    let (mut low, mut high, mut sum) = ([f64::INFINITY; PARTS], [f64::NEG_INFINITY; PARTS], [0.0; PARTS]);
    let (eights, rest) = trials.as_chunks::<PARTS>();
    for eight in eights {
        for part in 0..PARTS {
            low[part] = if eight[part] < low[part] { eight[part] } else { low[part] };
            high[part] = if eight[part] > high[part] { eight[part] } else { high[part] };
            // Nothing times a number is nothing; times what is none, it is not.
            sum[part] += eight[part] * 0.0;
        }
    }
    for value in rest {
        low[0] = if *value < low[0] { *value } else { low[0] };
        high[0] = if *value > high[0] { *value } else { high[0] };
        sum[0] += value * 0.0;
    }
    let least = low.iter().fold(f64::INFINITY, |least, value| least.min(*value));
    let greatest = high.iter().fold(f64::NEG_INFINITY, |greatest, value| greatest.max(*value));
    (least, greatest, sum.iter().sum::<f64>() == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_trials_in_a_straight_line() {
        let trials = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(
            percentiles(&trials, (1.0, 5.0), &[0.0, 25.0, 50.0, 90.0, 100.0]),
            [1.0, 2.0, 3.0, 4.6, 5.0]
        );
        assert_eq!(percentiles(&[7.0], (7.0, 7.0), &[5.0, 95.0]), [7.0, 7.0]);
    }

    #[test]
    fn percentiles_of_many_trials_are_those_of_their_order() {
        let mut trials = vec![0.0; 50_000];
        crate::random::fill(crate::random::Stream { seed: 3, purpose: 0, block: 0 }, &mut trials);
        for value in &mut trials {
            // Far from even: most bins are all but empty.
            *value = (20.0 * *value).exp();
        }
        let mut sorted = trials.clone();
        sorted.sort_by(f64::total_cmp);
        let (least, greatest, all_are_numbers) = span(&trials);
        assert!(all_are_numbers && least == sorted[0] && greatest == sorted[49_999]);
        for percent in [0.0, 1.0, 5.0, 33.3, 50.0, 99.0, 99.99, 100.0] {
            let place: f64 = percent / 100.0 * 49_999.0;
            let at = place as usize;
            let next = sorted[(at + 1).min(49_999)];
            let wanted = if place == at as f64 {
                sorted[at]
            } else {
                sorted[at] + (place - at as f64) * (next - sorted[at])
            };
            assert_eq!(percentiles(&trials, (least, greatest), &[percent]), [wanted], "{percent}");
        }
    }

    #[test]
    fn what_is_no_number_is_noticed() {
        let mut trials = vec![1.0; 100];
        assert!(span(&trials).2);
        trials[57] = f64::NAN;
        assert!(!span(&trials).2);
        trials[57] = f64::INFINITY;
        assert!(!span(&trials).2);
    }

    #[test]
    fn moments_lose_nothing_far_from_zero() {
        let trials: Vec<f64> = (0..10_000).map(|trial| 1e9 + f64::from(trial % 2)).collect();
        let (mean, deviation) = moments(&trials);
        assert_eq!(mean, 1e9 + 0.5);
        assert!((deviation - 0.5).abs() < 1e-4);
    }

    #[test]
    fn half_of_the_trials_lie_above_the_median() {
        let trials: Vec<f64> = (0..101).map(f64::from).collect();
        let figures = Figures::new((String::new(), vec![]), String::new(), false, None, trials);
        assert!((figures.share_above(50.0) - 50.0 / 101.0).abs() < 1e-15);
        let curve = figures.exceedance(3);
        assert_eq!(curve.iter().map(|point| point.0).collect::<Vec<_>>(), [0.0, 50.0, 100.0]);
        assert_eq!(curve[2].1, 0.0);
    }
}
