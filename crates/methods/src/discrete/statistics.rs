//! What many runs, or one long one, say about a mean: how far off it may be.

use serde::Serialize;

use crate::special::{beta_distribution, normal_quantile};

/// The confidence of every interval here.
pub const CONFIDENCE: f64 = 0.95;

/// A mean and how far off it may be.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Of what was observed.
    pub mean: f64,
    /// The true mean lies within this of it, with 95 % confidence (Student's t). Infinite if one observation is all there is.
    pub half_width: f64,
}

impl Estimate {
    /// From observations that do not depend on each other.
    pub fn of(observed: &[f64]) -> Self {
        let many = observed.len() as f64;
        let mean = observed.iter().sum::<f64>() / many;
        if observed.len() < 2 {
            return Self { mean, half_width: f64::INFINITY };
        }
        let squares = observed.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        let error = (squares / (many - 1.0) / many).sqrt();
        Self { mean, half_width: student_quantile((1.0 + CONFIDENCE) / 2.0, many - 1.0) * error }
    }

    /// How far `option` lies above `base`, from runs that share their chance one by one.
    pub fn of_difference(option: &[f64], base: &[f64]) -> Self {
        let differences: Vec<f64> = option.iter().zip(base).map(|(option, base)| option - base).collect();
        Self::of(&differences)
    }

    /// Whether the interval holds a value.
    pub fn covers(&self, value: f64) -> bool {
        (value - self.mean).abs() <= self.half_width
    }
}

/// Student's t distribution's quantile, for any number of degrees of freedom above 0: the zero of its distribution function
/// (NIST DLMF 8.17), between bounds that close on it, or a series where there are many.
pub fn student_quantile(share: f64, degrees: f64) -> f64 {
    if share == 0.5 {
        return 0.0;
    }
    if share < 0.5 {
        return -student_quantile(1.0 - share, degrees);
    }
    if degrees >= DEGREES_OF_SERIES {
        return near_normal(normal_quantile(share), degrees);
    }
    // P(T > t) = I_x(ν/2, ½) / 2 with x = ν / (ν + t²)
    let above = |t: f64| beta_distribution(degrees / (degrees + t * t), degrees / 2.0, 0.5) / 2.0;
    let (mut low, mut high) = (0.0, normal_quantile(share).max(1.0));
    while above(high) > 1.0 - share && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if above(middle) > 1.0 - share {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// From so many degrees on, five terms are good to the last digits.
const DEGREES_OF_SERIES: f64 = 2_000.0;

/// The normal quantile, corrected: Abramowitz and Stegun 26.7.5.
fn near_normal(z: f64, degrees: f64) -> f64 {
    let square = z * z;
    let of = |terms: &[f64]| z * terms.iter().fold(0.0, |sum, term| sum * square + term);
    let first = of(&[1.0, 1.0]) / 4.0;
    let second = of(&[5.0, 16.0, 3.0]) / 96.0;
    let third = of(&[3.0, 19.0, 17.0, -15.0]) / 384.0;
    let fourth = of(&[79.0, 776.0, 1_482.0, -1_920.0, -945.0]) / 92_160.0;
    z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_quantiles_are_those_of_the_tables() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, and beyond its digits by the sums of cosines that
        // whole degrees have (Abramowitz and Stegun 26.7.3 and 26.7.4).
        let known = [
            (0.975, 1.0, 12.706_204_736_174_7),
            (0.975, 2.0, 4.302_652_729_749_46),
            (0.975, 10.0, 2.228_138_851_986_274),
            (0.975, 29.0, 2.045_229_642_132_706),
            (0.95, 5.0, 2.015_048_373_333_022_4),
            (0.995, 30.0, 2.749_995_653_567_224),
        ];
        for (share, degrees, t) in known {
            let found = student_quantile(share, degrees);
            assert!((found / t - 1.0).abs() < 1e-12, "{share}, {degrees}: {found} is not {t}");
            assert_eq!(student_quantile(0.25, degrees), -student_quantile(0.75, degrees));
        }
        // With many degrees it is nearly the normal one, and both ways meet.
        assert!((student_quantile(0.975, 1e9) - 1.959_963_984_540_054 - 2.372e-9).abs() < 1e-11);
        let (before, after) = (student_quantile(0.99, 1_999.999_999), student_quantile(0.99, 2_000.0));
        assert!((before - after).abs() < 1e-11, "{before}, {after}");
    }

    #[test]
    fn an_interval_is_as_wide_as_by_hand() {
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(estimate.mean, 2.5);
        // s = √(5/3), t₃ = 3.182446
        assert!((estimate.half_width - 3.182_446_305_283_706 * (5.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-12);
        assert!(estimate.covers(0.5) && !estimate.covers(0.4));
    }

    #[test]
    fn one_observation_says_nothing_about_how_far_off_it_is() {
        assert_eq!(Estimate::of(&[7.0]), Estimate { mean: 7.0, half_width: f64::INFINITY });
    }

    #[test]
    fn shared_chance_cancels_in_a_difference() {
        let base = [10.0, 20.0, 30.0];
        let option = [11.0, 21.0, 31.0];
        assert_eq!(Estimate::of_difference(&option, &base), Estimate { mean: 1.0, half_width: 0.0 });
    }
}
