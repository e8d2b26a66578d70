//! How long something takes: constant or by chance, and its numbers drawn many at a time.

use serde::{Deserialize, Serialize};

use super::Invalid;
use crate::elementary::{exp, ln, ln_of_normal, pow};
use crate::random::{Chance, Stream};
use crate::special::{ln_gamma, normal_distribution, normal_quantile};

/// A duration, in the unit that the field says which holds it. All are drawn by their quantile function from one number
/// each: a longer mean makes each draw longer, and options that are compared share their chance.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Duration {
    /// Always the same.
    Constant {
        /// So long.
        value: f64,
    },
    /// Without memory.
    Exponential {
        /// On average.
        mean: f64,
    },
    /// Time to failure of what wears out (shape above 1) or fails early (below 1).
    Weibull {
        /// The time by which 63 % have failed.
        scale: f64,
        /// 1 is the exponential distribution.
        shape: f64,
    },
    /// Anything between two with equal chance.
    Uniform {
        /// The shortest.
        low: f64,
        /// The longest.
        high: f64,
    },
    /// Estimated by people.
    Triangular {
        /// The shortest.
        low: f64,
        /// The most likely.
        mode: f64,
        /// The longest.
        high: f64,
    },
    /// Of tasks by hand, repairs say: its logarithm is normal.
    LogNormal {
        /// On average.
        mean: f64,
        /// The standard deviation of the duration itself.
        deviation: f64,
    },
}

impl Duration {
    /// The average.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Constant { value } => value,
            Self::Exponential { mean } | Self::LogNormal { mean, .. } => mean,
            Self::Weibull { scale, shape } => scale * exp(ln_gamma(1.0 + 1.0 / shape)),
            Self::Uniform { low, high } => (low + high) / 2.0,
            Self::Triangular { low, mode, high } => (low + mode + high) / 3.0,
        }
    }

    /// The duration below which a share of all lies.
    #[inline(always)]
    pub fn quantile(&self, share: f64) -> f64 {
        match *self {
            Self::Constant { value } => value,
            Self::Exponential { mean } => -mean * ln(1.0 - share),
            Self::Weibull { scale, shape } => scale * exp(ln(-ln(1.0 - share)) / shape),
            Self::Uniform { low, high } => low + (high - low) * share,
            Self::Triangular { low, mode, high } => {
                let width = high - low;
                if share * width < mode - low {
                    low + (share * width * (mode - low)).sqrt()
                } else {
                    high - ((1.0 - share) * width * (high - mode)).sqrt()
                }
            }
            Self::LogNormal { mean, deviation } => {
                let variance = ln(1.0 + (deviation / mean) * (deviation / mean));
                exp(ln(mean) - variance / 2.0 + variance.sqrt() * normal_quantile(share))
            }
        }
    }

    /// The share of all that is not longer than `value`.
    pub fn distribution(&self, value: f64) -> f64 {
        let share = match *self {
            Self::Constant { value: constant } => f64::from(u8::from(value >= constant)),
            Self::Exponential { mean } => 1.0 - exp(-value / mean),
            Self::Weibull { scale, shape } => 1.0 - exp(-pow(value.max(0.0) / scale, shape)),
            Self::Uniform { low, high } => {
                if value >= high {
                    1.0
                } else {
                    (value - low) / (high - low)
                }
            }
            Self::Triangular { low, mode, high } => {
                let (below, above) = ((value - low).max(0.0), (high - value).max(0.0));
                if value < mode {
                    below * below / ((high - low) * (mode - low))
                } else if above > 0.0 {
                    1.0 - above * above / ((high - low) * (high - mode))
                } else {
                    1.0
                }
            }
            Self::LogNormal { mean, deviation } => {
                let variance = ln(1.0 + (deviation / mean) * (deviation / mean));
                if value <= 0.0 {
                    0.0
                } else if variance > 0.0 {
                    normal_distribution((ln(value / mean) + variance / 2.0) / variance.sqrt())
                } else {
                    f64::from(u8::from(value >= mean))
                }
            }
        };
        share.clamp(0.0, 1.0)
    }

    /// The same, each so many times as long: in another unit, or of a slower machine.
    pub fn times(&self, factor: f64) -> Self {
        match *self {
            Self::Constant { value } => Self::Constant { value: value * factor },
            Self::Exponential { mean } => Self::Exponential { mean: mean * factor },
            Self::Weibull { scale, shape } => Self::Weibull { scale: scale * factor, shape },
            Self::Uniform { low, high } => Self::Uniform { low: low * factor, high: high * factor },
            Self::Triangular { low, mode, high } => {
                Self::Triangular { low: low * factor, mode: mode * factor, high: high * factor }
            }
            Self::LogNormal { mean, deviation } => {
                Self::LogNormal { mean: mean * factor, deviation: deviation * factor }
            }
        }
    }

    /// Whether durations can be drawn of it, and all are above 0. `unit` and the names are for the error alone.
    ///
    /// # Errors
    /// [`Invalid`] with the place, and what must hold there.
    pub fn check(&self, place: &str, name: &str, unit: &str) -> Result<(), Invalid> {
        let invalid = |must: &str| Err(Invalid::new(place, format!("{name} {must}")));
        let above_0 = |value: f64| value > 0.0 && value <= LONGEST;
        match *self {
            Self::Constant { value } if !above_0(value) => invalid(&format!("must be above 0 {unit}")),
            Self::Exponential { mean } | Self::LogNormal { mean, .. } if !above_0(mean) => {
                invalid(&format!("must be above 0 {unit} on average"))
            }
            Self::LogNormal { deviation, .. } if !(0.0..=LONGEST).contains(&deviation) => {
                invalid(&format!("must have a deviation of 0 {unit} or more"))
            }
            Self::Weibull { scale, .. } if !above_0(scale) => {
                invalid(&format!("must have a scale above 0 {unit}"))
            }
            Self::Weibull { shape, .. } if !(SHAPES.0..=SHAPES.1).contains(&shape) => {
                invalid(&format!("must have a shape between {} and {}", SHAPES.0, SHAPES.1))
            }
            Self::Uniform { low, high } | Self::Triangular { low, high, .. }
                if !(low >= 0.0 && above_0(high) && low <= high) =>
            {
                invalid(&format!("must lie between two durations, of which the shorter is 0 {unit} or more"))
            }
            Self::Triangular { low, mode, high } if !(low..=high).contains(&mode) => {
                invalid("must be most likely between its shortest and its longest")
            }
            _ => Ok(()),
        }
    }
}

/// No duration's parameter is longer.
const LONGEST: f64 = 1e12;
/// Weibull shapes beyond these are mistakes.
const SHAPES: (f64, f64) = (0.1, 100.0);

/// Durations drawn one after the other: the same ones, however many are made at a time.
#[derive(Clone, Debug)]
pub struct Draws {
    chance: Chance,
    duration: Duration,
    ready: Vec<f64>,
    used: usize,
}

/// First a few: of most failures, few are needed. Then more and more.
const READY_FIRST: usize = 8;
/// Those of all machines of a line fit into a processor's nearest memory.
const READY_MOST: usize = 256;

impl Draws {
    /// From a stream's beginning.
    pub fn new(duration: Duration, stream: Stream) -> Self {
        Self { chance: Chance::new(stream), duration, ready: Vec::new(), used: 0 }
    }

    /// The next duration.
    #[inline]
    pub fn draw(&mut self) -> f64 {
        if self.used == self.ready.len() {
            self.refill();
        }
        let value = self.ready[self.used];
        self.used += 1;
        value
    }

    /// The next duration, of those that are longer than `past`, less that: what is left of one that has begun.
    pub fn draw_rest(&mut self, past: f64) -> f64 {
        let before = self.duration.distribution(past);
        let share = before + (1.0 - before) * self.chance.share();
        let rest = self.duration.quantile(share) - past;
        // Further out than the numbers reach, it ends at once.
        if rest < f64::INFINITY { rest.max(0.0) } else { 0.0 }
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        self.used = 0;
        let many = (2 * self.ready.len()).clamp(READY_FIRST, READY_MOST);
        if let Duration::Constant { value } = self.duration {
            self.ready.resize(many, value);
            return;
        }
        self.ready.resize(many, 0.0);
        self.chance.fill(&mut self.ready);
        quantiles(self.duration, &mut self.ready);
    }
}

/// Shares become the durations below which they lie: those of [`Duration::quantile`]. In loops of their own, without a choice
/// in them, several at a time; and in as many as there are functions to go through, each of which is a long chain of steps:
/// a processor goes on with the next numbers while it waits for the first. Shares lie far enough from 0 and 1 that no
/// logarithm is of anything but a normal number.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn quantiles(duration: Duration, shares: &mut [f64]) {
    match duration {
        Duration::Exponential { mean } => {
            each(shares, |share| -mean * ln_of_normal(1.0 - share));
        }
        Duration::Weibull { scale, shape } => {
            each(shares, |share| -ln_of_normal(1.0 - share));
            each(shares, |hazard| ln_of_normal(hazard) / shape);
            each(shares, |log_of_time| scale * exp(log_of_time));
        }
        Duration::LogNormal { mean, deviation } => {
            let variance = ln(1.0 + (deviation / mean) * (deviation / mean));
            let (middle, log_deviation) = (ln(mean) - variance / 2.0, variance.sqrt());
            each(shares, |share| middle + log_deviation * normal_quantile(share));
            each(shares, exp);
        }
        Duration::Uniform { low, high } => {
            each(shares, |share| Duration::Uniform { low, high }.quantile(share))
        }
        other => each(shares, |share| other.quantile(share)),
    }
}

#[inline(always)]
fn each(values: &mut [f64], of: impl Fn(f64) -> f64) {
    values.iter_mut().for_each(|value| *value = of(*value));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Duration; 6] = [
        Duration::Constant { value: 3.0 },
        Duration::Exponential { mean: 3.0 },
        Duration::Weibull { scale: 3.0, shape: 2.5 },
        Duration::Uniform { low: 1.0, high: 4.0 },
        Duration::Triangular { low: 1.0, mode: 2.0, high: 6.0 },
        Duration::LogNormal { mean: 3.0, deviation: 2.0 },
    ];

    const STREAM: Stream = Stream { seed: 5, purpose: 6, block: 7 };

    #[test]
    fn draws_have_the_mean_that_is_said() {
        for duration in ALL {
            let mut draws = Draws::new(duration, STREAM);
            let mean = (0..400_000).map(|_| draws.draw()).sum::<f64>() / 4e5;
            assert!(
                (mean / duration.mean() - 1.0).abs() < 0.006,
                "{duration:?}: {mean} is not {}",
                duration.mean()
            );
        }
    }

    #[test]
    fn draws_are_the_quantiles_of_their_shares() {
        for duration in ALL {
            let (mut draws, mut chance) = (Draws::new(duration, STREAM), Chance::new(STREAM));
            for _ in 0..1_000 {
                assert_eq!(
                    draws.draw().to_bits(),
                    duration.quantile(chance.share()).to_bits(),
                    "{duration:?}"
                );
            }
        }
    }

    #[test]
    fn quantiles_and_distributions_lead_back() {
        for duration in &ALL[1..] {
            for step in 1..100 {
                let share = f64::from(step) / 100.0;
                let back = duration.distribution(duration.quantile(share));
                assert!((back - share).abs() < 1e-12, "{duration:?}, {share}: {back}");
            }
        }
    }

    #[test]
    fn twice_as_long_is_twice_each_draw() {
        for duration in ALL {
            let (mut once, mut twice) =
                (Draws::new(duration, STREAM), Draws::new(duration.times(2.0), STREAM));
            for _ in 0..100 {
                let (one, two) = (once.draw(), twice.draw());
                assert!((two / one - 2.0).abs() < 1e-12, "{duration:?}");
            }
        }
    }

    #[test]
    fn what_is_left_of_an_exponential_duration_is_one_of_its_kind() {
        let mut draws = Draws::new(Duration::Exponential { mean: 3.0 }, STREAM);
        let mean = (0..100_000).map(|_| draws.draw_rest(50.0)).sum::<f64>() / 1e5;
        assert!((mean / 3.0 - 1.0).abs() < 0.02, "{mean}");
        let mut draws = Draws::new(Duration::Weibull { scale: 3.0, shape: 3.0 }, STREAM);
        let mean = (0..100_000).map(|_| draws.draw_rest(3.0)).sum::<f64>() / 1e5;
        assert!(mean < 1.0, "what wears out has less left: {mean}");
        assert_eq!(Draws::new(ALL[0], STREAM).draw_rest(1.0), 2.0);
    }

    #[test]
    fn errors_name_the_place() {
        let error =
            Duration::Constant { value: 0.0 }.check("machine 3 «Filler»", "cycle time", "s").unwrap_err();
        assert_eq!(error.to_string(), "machine 3 «Filler»: cycle time must be above 0 s");
        let wrong = [
            Duration::Constant { value: f64::NAN },
            Duration::Exponential { mean: -1.0 },
            Duration::Weibull { scale: 1.0, shape: 0.0 },
            Duration::Uniform { low: 2.0, high: 1.0 },
            Duration::Triangular { low: 1.0, mode: 5.0, high: 3.0 },
            Duration::LogNormal { mean: 1.0, deviation: f64::INFINITY },
        ];
        assert!(wrong.iter().all(|duration| duration.check("", "", "").is_err()));
        assert!(ALL.iter().all(|duration| duration.check("", "", "").is_ok()));
    }
}
