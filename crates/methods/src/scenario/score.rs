//! How good a range was, once it is known what came.

use serde::Serialize;

use super::outcome::Figures;

/// A result's range, held against what came.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// The share of trials below what came: for ranges that tell the truth, each share comes as often as any other.
    pub share_below: f64,
    /// Whether it lies where 90 % were expected.
    pub is_within_ninety_percent: bool,
    /// How far off the whole distribution was, in the result's unit: 0 where it knew, and the distance where it was one figure.
    /// The continuous ranked probability score (Gneiting and Raftery, «Strictly proper scoring rules, prediction, and
    /// estimation», JASA 102, 2007, equation 21): nobody gains by telling a range that is wider or narrower than believed.
    pub off: f64,
}

/// Holds the trials of a result against what came, in the result's unit.
pub fn score(figures: &Figures, came: f64) -> Score {
    let mut sorted = figures.trials.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let below = sorted.partition_point(|trial| *trial < came) as f64;
    let alike = sorted.partition_point(|trial| *trial <= came) as f64 - below;
    let share_below = (below + alike / 2.0) / count;
    let distance = sorted.iter().map(|trial| (trial - came).abs()).sum::<f64>() / count;
    // Half the mean distance of any two trials, by their order.
    let apart: f64 =
        sorted.iter().enumerate().map(|(place, trial)| (2.0 * place as f64 + 1.0 - count) * trial).sum();
    let off = (distance - apart / (count * count)).max(0.0);
    Score { share_below, is_within_ninety_percent: (0.05..=0.95).contains(&share_below), off }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Model, Run, Spread, Watch};

    fn figures(text: &str) -> Figures {
        let run = Run { trials: 65_536, spread: Spread::Even, ..Run::default() };
        Model::read(text).unwrap().run(&run, &Watch::default()).unwrap().remove(0)
    }

    #[test]
    fn a_normal_distribution_is_scored_as_published() {
        // Gneiting and Raftery 2007: σ (z (2 Φ(z) − 1) + 2 φ(z) − 1/√π); 0.23370 at the middle, 0.60244 one deviation off.
        let of = figures("result x = normal(10, 2)");
        assert!((score(&of, 10.0).off / 2.0 - 0.233_70).abs() < 1e-4, "{:?}", score(&of, 10.0));
        assert!((score(&of, 12.0).off / 2.0 - 0.602_44).abs() < 1e-4, "{:?}", score(&of, 12.0));
        assert!((score(&of, 12.0).share_below - 0.841_34).abs() < 1e-3);
        assert!(score(&of, 12.0).is_within_ninety_percent && !score(&of, 14.0).is_within_ninety_percent);
    }

    #[test]
    fn one_figure_is_off_by_its_distance() {
        let of = figures("result x = 5");
        assert_eq!((score(&of, 5.0).off, score(&of, 7.0).off), (0.0, 2.0));
        assert_eq!(score(&of, 5.0).share_below, 0.5);
    }
}
