//! Exponential, logarithm, sine and their kin: the same bits on every machine.
//!
//! What a system's own library answers differs from one to the next in the last bit. These use nothing but the operations
//! that IEEE 754 rounds exactly (+, −, ×, ÷, √), none of them contracted, and no branches: loops over many numbers become
//! instructions over several at a time. Good to about one unit in the last place where nothing else is said.

use std::f64::consts::{FRAC_2_PI, LN_2, SQRT_2};

/// ln 2 in two parts, the first with 20 bits to spare, so that its multiples by whole numbers are exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Added to a number below 2⁵¹, this rounds it to a whole one, which the lowest bits then hold.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// The bits of the exponent of 1.
const EXPONENT_OF_ONE: u64 = 1023;
/// The bits of a number's fraction.
const FRACTION_BITS: u32 = 52;
/// Beyond these, the exponential is infinite, or nothing.
const EXP_MAX: f64 = 709.782_712_893_384;
const EXP_MIN: f64 = -745.2;

/// 1/n! for n = 13 down to 2.
const EXP_TERMS: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
];

/// e to the power of `x`. What is too large is infinite, what is not a number stays so.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let within = x.clamp(EXP_MIN, EXP_MAX);
    // x = whole · ln 2 + rest, and the rest is small.
    let shifted = within * (1.0 / LN_2) + ROUNDING;
    let whole = shifted - ROUNDING;
    let rest = (within - whole * LN_2_HIGH) - whole * LN_2_LOW;
    let mut series = 0.0;
    for term in EXP_TERMS {
        series = series * rest + term;
    }
    let of_rest = 1.0 + (rest + rest * rest * series);
    // In two steps: the smallest numbers have an exponent of their own.
    let whole = (shifted.to_bits() as i64).wrapping_sub(ROUNDING.to_bits() as i64);
    let (half, other) = (whole >> 1, whole - (whole >> 1));
    let result = of_rest * power_of_two(half) * power_of_two(other);
    if x > EXP_MAX { f64::INFINITY } else { result }
}

/// 2 to the power of a whole number from -1022 to 1023.
#[inline(always)]
fn power_of_two(whole: i64) -> f64 {
    f64::from_bits(((whole + EXPONENT_OF_ONE as i64) as u64) << FRACTION_BITS)
}

/// The natural logarithm of `x`: not a number below 0, and −∞ at 0.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    const SMALLEST_NORMAL: f64 = f64::MIN_POSITIVE;
    const LIFT: f64 = 18_014_398_509_481_984.0; // 2^54
    let is_tiny = x < SMALLEST_NORMAL;
    let lifted = if is_tiny { x * LIFT } else { x };
    let result = ln_lifted(lifted, if is_tiny { 54.0 } else { 0.0 });
    if x > 0.0 && x < f64::INFINITY {
        result
    } else if x == 0.0 {
        f64::NEG_INFINITY
    } else if x == f64::INFINITY {
        x
    } else {
        f64::NAN
    }
}

/// [`ln`] of what is known to be above 0, not infinite and no smaller than the smallest normal number: nothing else is
/// looked for.
#[inline(always)]
pub fn ln_of_normal(x: f64) -> f64 {
    ln_lifted(x, 0.0)
}

/// The logarithm of a normal number that was multiplied by 2 to the power of `lift`.
#[inline(always)]
fn ln_lifted(lifted: f64, lift: f64) -> f64 {
    let bits = lifted.to_bits();
    // The fraction between √½ and √2, so that the series below is short.
    let offset = bits.wrapping_sub((SQRT_2 / 2.0).to_bits());
    let exponent = (offset as i64) >> FRACTION_BITS;
    let fraction = f64::from_bits(bits.wrapping_sub((exponent as u64) << FRACTION_BITS));
    let exponent = small_to_f64(exponent) - lift;
    // ln f = 2 artanh((f − 1) / (f + 1))
    let above_one = fraction - 1.0;
    let s = above_one / (2.0 + above_one);
    let square = s * s;
    let mut series = 0.0;
    for odd in [23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        series = series * square + 2.0 / odd;
    }
    // 2 s = f − 1 − s (f − 1): the first part is exact.
    let of_fraction = above_one - s * (above_one - square * series);
    exponent * LN_2_HIGH + (of_fraction + exponent * LN_2_LOW)
}

/// A whole number below 2³¹ as it is: in instructions that every processor has for many at a time.
#[inline(always)]
fn small_to_f64(whole: i64) -> f64 {
    f64::from_bits((ROUNDING.to_bits() as i64).wrapping_add(whole) as u64) - ROUNDING
}

/// `base` to the power of `exponent`, for a base that is not negative, or a whole exponent. Off by up to |exponent · ln base|
/// units in the last place; whole powers up to 64 are products, and off by less.
pub fn pow(base: f64, exponent: f64) -> f64 {
    let is_whole = exponent == trunc(exponent);
    if is_whole && exponent.abs() <= 64.0 {
        let power = whole_power(base, exponent.abs() as u32);
        return if exponent < 0.0 { 1.0 / power } else { power };
    }
    if base > 0.0 {
        return exp(exponent * ln(base));
    }
    if base == 0.0 {
        return if exponent > 0.0 { 0.0 } else { f64::INFINITY };
    }
    if !is_whole {
        return f64::NAN;
    }
    let is_odd = exponent.abs() < ROUNDING && exponent / 2.0 != trunc(exponent / 2.0);
    let size = exp(exponent * ln(-base));
    if is_odd { -size } else { size }
}

/// `base` to a whole power, by squares.
#[inline(always)]
pub fn whole_power(base: f64, exponent: u32) -> f64 {
    let (mut result, mut square, mut left) = (1.0, base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result *= square;
        }
        square *= square;
        left >>= 1;
    }
    result
}

/// The whole part, towards 0: exact in every processor, and without a call of the system's library.
#[inline(always)]
pub fn trunc(x: f64) -> f64 {
    // Beyond 2⁵² all numbers are whole.
    if x.abs() < 4_503_599_627_370_496.0 { (x as i64) as f64 } else { x }
}

/// The greatest whole number that is not above `x`.
#[inline(always)]
pub fn floor(x: f64) -> f64 {
    let whole = trunc(x);
    if whole > x { whole - 1.0 } else { whole }
}

/// The sine of `x` radians. Good to 1e-15 for |x| up to a million; not a number beyond 1e9, where turns are no longer told
/// apart well.
#[inline(always)]
pub fn sin(x: f64) -> f64 {
    let (quarter, rest) = quarters(x);
    let (sine, cosine) = (sine_series(rest), cosine_series(rest));
    let value = if quarter & 1 == 0 { sine } else { cosine };
    if quarter & 2 == 0 { value } else { -value }
}

/// The cosine of `x` radians; see [`sin`].
#[inline(always)]
pub fn cos(x: f64) -> f64 {
    let (quarter, rest) = quarters(x);
    let (sine, cosine) = (sine_series(rest), cosine_series(rest));
    let value = if quarter & 1 == 0 { cosine } else { sine };
    if (quarter + 1) & 2 == 0 { value } else { -value }
}

/// How many quarters of a turn are in `x`, and what is left.
#[inline(always)]
fn quarters(x: f64) -> (i64, f64) {
    /// π/2 in three parts: products of the first two with whole numbers below 2²⁰ are exact.
    const PARTS: [f64; 3] = [1.570_796_326_734_125_6, 6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21];
    let within = if x.abs() <= 1e9 { x } else { f64::NAN };
    let shifted = within * FRAC_2_PI + ROUNDING;
    let whole = shifted - ROUNDING;
    let rest = ((within - whole * PARTS[0]) - whole * PARTS[1]) - whole * PARTS[2];
    ((shifted.to_bits() as i64).wrapping_sub(ROUNDING.to_bits() as i64), rest)
}

#[inline(always)]
fn sine_series(x: f64) -> f64 {
    let square = x * x;
    let mut series = 0.0;
    for factor in [272.0, 210.0, 156.0, 110.0, 72.0, 42.0, 20.0, 6.0] {
        series = (1.0 + series) * (-square / factor);
    }
    x + x * series
}

#[inline(always)]
fn cosine_series(x: f64) -> f64 {
    let square = x * x;
    let mut series = 0.0;
    for factor in [306.0, 240.0, 182.0, 132.0, 90.0, 56.0, 30.0, 12.0] {
        series = (1.0 + series) * (-square / factor);
    }
    1.0 - square / 2.0 * (1.0 + series)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many numbers lie between two.
    fn apart(one: f64, other: f64) -> u64 {
        let ordered = |x: f64| {
            let bits = x.to_bits() as i64;
            if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
        };
        ordered(one).abs_diff(ordered(other))
    }

    fn far_most(from: f64, to: f64, ours: impl Fn(f64) -> f64, theirs: impl Fn(f64) -> f64) -> u64 {
        (0..=100_000)
            .map(|step| from + (to - from) * f64::from(step) / 100_000.0)
            .map(|x| apart(ours(x), theirs(x)))
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn exponentials_are_as_the_systems_library_has_them_to_two_units() {
        assert!(far_most(-40.0, 40.0, exp, f64::exp) <= 2);
        assert!(far_most(-708.0, 709.7, exp, f64::exp) <= 2);
    }

    #[test]
    fn exponentials_end_where_numbers_do() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(710.0), f64::INFINITY);
        assert_eq!(exp(-800.0), 0.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert!(exp(f64::NAN).is_nan());
        assert!(apart(exp(-740.0), f64::exp(-740.0)) <= 1);
    }

    #[test]
    fn logarithms_are_as_the_systems_library_has_them_to_two_units() {
        assert!(far_most(1e-6, 3.0, ln, f64::ln) <= 2);
        assert!(far_most(1e-300, 1e300, ln, f64::ln) <= 2);
        assert!(apart(ln(5e-324), f64::ln(5e-324)) <= 2);
    }

    #[test]
    fn logarithms_of_normal_numbers_need_no_other_case() {
        for x in [f64::MIN_POSITIVE, 1e-300, 1e-16, 0.3, 0.5, 1.0, 1.5, 36.7, 1e300, f64::MAX] {
            assert_eq!(ln_of_normal(x).to_bits(), ln(x).to_bits(), "{x}");
        }
    }

    #[test]
    fn logarithms_of_what_has_none_say_so() {
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
    }

    #[test]
    fn sines_and_cosines_are_good_to_the_last_digits() {
        for step in -200_000..=200_000 {
            let x = f64::from(step) * 0.005;
            assert!((sin(x) - x.sin()).abs() < 1e-15, "sin {x}: {} is not {}", sin(x), x.sin());
            assert!((cos(x) - x.cos()).abs() < 1e-15, "cos {x}: {} is not {}", cos(x), x.cos());
        }
        assert!(sin(1e12).is_nan() && sin(f64::INFINITY).is_nan());
    }

    #[test]
    fn powers_are_products_where_they_are_whole() {
        assert_eq!(pow(2.0, 10.0), 1024.0);
        assert_eq!(pow(-3.0, 3.0), -27.0);
        assert_eq!(pow(2.0, -1.0), 0.5);
        assert_eq!(pow(0.0, 0.0), 1.0);
        assert!((pow(2.0, 0.5) - SQRT_2).abs() < 1e-15);
        assert!(pow(-2.0, 0.5).is_nan());
        assert_eq!(pow(0.0, 0.5), 0.0);
        assert_eq!(pow(0.0, -0.5), f64::INFINITY);
        assert!(pow(-1.0, 101.0) == -1.0 && pow(-1.0, 102.0) == 1.0);
    }

    #[test]
    fn floors_lie_below() {
        let floors = [2.5, -2.5, 3.0, -0.0, 1e300].map(floor);
        assert_eq!(floors, [2.0, -3.0, 3.0, 0.0, 1e300]);
    }
}
