//! What comes of many trials: mean, deviation, percentiles, how often something is reached.

use serde::Serialize;

use super::column::{Told, sums_off};
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
        told: Told,
    ) -> Self {
        let Told { mean, deviation, least, greatest, percentiles, trials } = told;
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

/// The sum of how far all trials are off a figure, and of the squares, block by block in their order: the same bits, whoever
/// reckoned them.
fn sum_of_squares_off(trials: &[f64], middle: f64) -> (f64, f64) {
    trials
        .chunks(super::run::BLOCK)
        .map(|block| sums_off(block, middle))
        .fold((0.0, 0.0), |(sum, squares), (of_sum, of_squares)| (sum + of_sum, squares + of_squares))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let told = super::super::column::tell(trials, 1.0, 1).unwrap();
        let figures = Figures::new((String::new(), vec![]), String::new(), false, None, told);
        assert!((figures.share_above(50.0) - 50.0 / 101.0).abs() < 1e-15);
        let curve = figures.exceedance(3);
        assert_eq!(curve.iter().map(|point| point.0).collect::<Vec<_>>(), [0.0, 50.0, 100.0]);
        assert_eq!(curve[2].1, 0.0);
    }
}
