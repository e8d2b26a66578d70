//! Functions that distributions are made of: the normal one both ways, and the incomplete beta and gamma functions.

use std::f64::consts::{PI, TAU};

use crate::elementary::{exp, ln};

/// The normal distribution's quantile: the deviations below which a share lies. Wichura, Algorithm AS 241 (PPND16), Applied
/// Statistics 37, 1988: good to about 1e-16 of the value. `share` lies between 0 and 1.
#[inline(always)]
pub fn normal_quantile(share: f64) -> f64 {
    let off = share - 0.5;
    let middle = {
        let r = 0.180_625 - off * off;
        off * ratio(r, &MIDDLE)
    };
    let tail = {
        let nearer = if off < 0.0 { share } else { 1.0 - share };
        let r = (-ln(nearer)).max(0.0).sqrt();
        let (near, far) = (ratio(r - 1.6, &NEAR_TAIL), ratio(r - 5.0, &FAR_TAIL));
        let size = if r <= 5.0 { near } else { far };
        if off < 0.0 { -size } else { size }
    };
    if off.abs() <= 0.425 { middle } else { tail }
}

/// A numerator's and a denominator's terms, from the highest power down.
type Ratio = ([f64; 8], [f64; 8]);

#[inline(always)]
fn ratio(r: f64, (above, below): &Ratio) -> f64 {
    let sum = |terms: &[f64; 8]| terms.iter().fold(0.0, |sum, term| sum * r + term);
    sum(above) / sum(below)
}

const MIDDLE: Ratio = (
    [
        2.509_080_928_730_122_6e3,
        3.343_057_558_358_813e4,
        6.726_577_092_700_87e4,
        4.592_195_393_154_987e4,
        1.373_169_376_550_946e4,
        1.971_590_950_306_551_4e3,
        1.331_416_678_917_843_8e2,
        3.387_132_872_796_366_6,
    ],
    [
        5.226_495_278_852_854e3,
        2.872_908_573_572_194_3e4,
        3.930_789_580_009_271e4,
        2.121_379_430_158_659_6e4,
        5.394_196_021_424_751e3,
        6.871_870_074_920_579e2,
        4.231_333_070_160_091e1,
        1.0,
    ],
);

const NEAR_TAIL: Ratio = (
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_5e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_6,
        5.769_497_221_460_691,
        4.630_337_846_156_545,
        1.423_437_110_749_683_6,
    ],
    [
        1.050_750_071_644_416_8e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
);

const FAR_TAIL: Ratio = (
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_3e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_104,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_7e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_88e-1,
        1.0,
    ],
);

/// The share of the normal distribution that lies below `deviations`.
pub fn normal_distribution(deviations: f64) -> f64 {
    let square = deviations * deviations;
    let density = exp(-square / 2.0) / TAU.sqrt();
    let size = deviations.abs();
    // All terms of the series are positive; of the fraction, too.
    let tail = if size < 3.0 {
        let (mut term, mut sum, mut odd) = (size, size, 1.0);
        while term > sum * 1e-17 {
            odd += 2.0;
            term *= square / odd;
            sum += term;
        }
        0.5 - density * sum
    } else {
        let mut fraction = size;
        for step in (1..=120).rev() {
            fraction = size + f64::from(step) / fraction;
        }
        density / fraction
    };
    if deviations > 0.0 { 1.0 - tail } else { tail }
}

/// The logarithm of the gamma function of `x` > 0: Stirling's series, from 12 upwards.
pub fn ln_gamma(x: f64) -> f64 {
    let (mut at, mut product) = (x, 1.0);
    while at < 12.0 {
        product *= at;
        at += 1.0;
    }
    let square = 1.0 / (at * at);
    let terms = [1.0 / 156.0, -691.0 / 360_360.0, 1.0 / 1_188.0, -1.0 / 1_680.0, 1.0 / 1_260.0, -1.0 / 360.0];
    let series = terms.iter().fold(0.0, |sum, term| (sum + term) * square) + 1.0 / 12.0;
    (at - 0.5) * ln(at) - at + 0.5 * ln(2.0 * PI) + series / at - ln(product)
}

/// How many steps a continued fraction or a series may take.
const STEPS_MAX: u32 = 10_000;
const PRECISION: f64 = 1e-16;
const TINY: f64 = 1e-300;

/// The regularised incomplete beta function I_x(a, b): the share of a beta distribution below `x`. a, b > 0. By its continued
/// fraction (DLMF 8.17.22), evaluated as Lentz does.
pub fn beta_distribution(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_distribution(1.0 - x, b, a);
    }
    let front = exp(a * ln(x) + b * ln(1.0 - x) + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)) / a;
    let mut lentz = Lentz::new();
    for step in 0..STEPS_MAX {
        let m = f64::from(step);
        if step > 0 {
            let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
            lentz.add(even);
        }
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        if lentz.add(odd) {
            break;
        }
    }
    (front / lentz.value).clamp(0.0, 1.0)
}

/// The continued fraction 1 + c₁ / (1 + c₂ / (1 + …)).
struct Lentz {
    value: f64,
    above: f64,
    below: f64,
}

impl Lentz {
    fn new() -> Self {
        Self { value: 1.0, above: 1.0, below: 0.0 }
    }

    /// Takes in a coefficient; whether it changed nothing any more.
    fn add(&mut self, coefficient: f64) -> bool {
        let not_nothing = |x: f64| if x.abs() < TINY { TINY } else { x };
        self.below = 1.0 / not_nothing(1.0 + coefficient * self.below);
        self.above = not_nothing(1.0 + coefficient / self.above);
        let change = self.above * self.below;
        self.value *= change;
        (change - 1.0).abs() < PRECISION
    }
}

/// The regularised lower incomplete gamma function P(a, x): the share of a gamma distribution of shape `a` and scale 1 below
/// `x`. By its series (DLMF 8.11.4), or beyond the middle by its continued fraction (8.9.2).
pub fn gamma_distribution(x: f64, a: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = exp(a * ln(x) - x - ln_gamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut at) = (1.0 / a, 1.0 / a, a);
        for _ in 0..STEPS_MAX {
            at += 1.0;
            term *= x / at;
            sum += term;
            if term < sum * PRECISION {
                break;
            }
        }
        return (front * sum).min(1.0);
    }
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / TINY, 1.0 / b);
    let mut value = d;
    for step in 1..STEPS_MAX {
        let i = f64::from(step);
        let coefficient = -i * (i - a);
        b += 2.0;
        let not_nothing = |x: f64| if x.abs() < TINY { TINY } else { x };
        d = 1.0 / not_nothing(coefficient * d + b);
        c = not_nothing(b + coefficient / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < PRECISION {
            break;
        }
    }
    1.0 - (front * value).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64, share: f64) -> bool {
        (one - other).abs() <= share * other.abs()
    }

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        // NIST DLMF and Abramowitz and Stegun, table 26.5, to their digits and beyond (Wolfram).
        let known = [
            (0.95, 1.644_853_626_951_472_7),
            (0.975, 1.959_963_984_540_054_2),
            (0.999, 3.090_232_306_167_813_5),
            (0.6, 0.253_347_103_135_799_8),
            (1e-10, -6.361_340_902_404_056),
            (1e-20, -9.262_340_089_798_41),
        ];
        for (share, deviations) in known {
            let found = normal_quantile(share);
            assert!(near(found, deviations, 4e-15), "{share}: {found} is not {deviations}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    #[test]
    fn the_normal_distribution_leads_back() {
        for step in 1..1_000 {
            let share = f64::from(step) / 1_000.0;
            let back = normal_distribution(normal_quantile(share));
            assert!(near(back, share, 1e-13), "{share}: {back}");
        }
        assert!(near(normal_distribution(-9.0), 1.128_588_405_953_840_6e-19, 1e-13));
    }

    #[test]
    fn gamma_functions_are_factorials() {
        let mut factorial = 1.0_f64;
        for n in 1..30_u32 {
            assert!((ln_gamma(f64::from(n)) - factorial.ln()).abs() < 1e-13 * factorial.ln().max(1.0), "{n}");
            factorial *= f64::from(n);
        }
        assert!((ln_gamma(0.5) - PI.sqrt().ln()).abs() < 1e-14);
    }

    #[test]
    fn beta_distributions_of_whole_parameters_are_sums() {
        // I_x(2, 3) = 6 x² − 8 x³ + 3 x⁴
        for step in 0..=100 {
            let x = f64::from(step) / 100.0;
            let exact = 6.0 * x * x - 8.0 * x * x * x + 3.0 * x * x * x * x;
            assert!((beta_distribution(x, 2.0, 3.0) - exact).abs() < 1e-14, "{x}");
        }
        assert!((beta_distribution(0.5, 40.0, 40.0) - 0.5).abs() < 1e-13);
    }

    #[test]
    fn gamma_distributions_of_whole_shape_are_sums() {
        // P(3, x) = 1 − e^(−x) (1 + x + x²/2)
        for step in 1..=200 {
            let x = f64::from(step) / 10.0;
            let exact = 1.0 - (-x).exp() * (1.0 + x + x * x / 2.0);
            assert!((gamma_distribution(x, 3.0) - exact).abs() < 1e-14, "{x}");
        }
    }
}
