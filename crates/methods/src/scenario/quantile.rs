//! Quantiles by table: from a share between 0 and 1 to a value, in a few steps that are the same for every distribution.
//!
//! Cells are as a floating-point number has them: 64 in each octave, from either end, so that the tails are told as well as
//! the middle. Within a cell lies a cubic through four points. Against the functions themselves it is off by less than a
//! millionth of the spread, and far less in the middle.

use std::sync::OnceLock;

use crate::elementary::ln;
use crate::special::normal_quantile;

/// Bits of a share's fraction that choose a cell.
const CELL_BITS: u32 = 6;
/// The bits of a number's fraction.
const FRACTION_BITS: u32 = 52;
/// The exponent of the smallest share that is told apart, as its bits have it: 2⁻⁵⁴.
const EXPONENT_MIN: u64 = 1023 - 54;
/// Cells on either side, more than the octaves need: a power of two, so that no index is ever outside.
const SIDE: usize = 4_096;

/// How many shares are looked up in one go.
const CELLS_AT_ONCE: usize = 256;

/// A cubic, from its constant up.
type Cubic = [f64; 4];

/// The quantiles of a distribution.
#[derive(Clone, PartialEq)]
pub(super) struct ShareTable {
    cells: Box<[Cubic; 2 * SIDE]>,
}

impl std::fmt::Debug for ShareTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShareTable")
    }
}

impl ShareTable {
    /// From the value below which a share lies (`low`, for shares up to a half), and the value above which one lies (`high`).
    pub(super) fn new(low: impl Fn(f64) -> f64, high: impl Fn(f64) -> f64) -> Self {
        let mut cells = vec![[0.0; 4]; 2 * SIDE];
        let used = ((1023 - EXPONENT_MIN) as usize) << CELL_BITS;
        for at in 0..used {
            let bits = (at as u64 + (EXPONENT_MIN << CELL_BITS)) << (FRACTION_BITS - CELL_BITS);
            let (from, to) =
                (f64::from_bits(bits), f64::from_bits(bits + (1 << (FRACTION_BITS - CELL_BITS))));
            let place = |third: u32| from + (to - from) * f64::from(third) / 3.0;
            let share = [from, place(1), place(2), to];
            cells[at] = cubic(share.map(&low));
            cells[SIDE + at] = cubic(share.map(&high));
        }
        let cells: Box<[Cubic]> = cells.into();
        match cells.try_into() {
            Ok(cells) => Self { cells },
            // There are as many as were made.
            Err(_) => Self { cells: Box::new([[f64::NAN; 4]; 2 * SIDE]) },
        }
    }

    /// The standard normal distribution.
    pub(super) fn normal() -> &'static Self {
        static TABLE: OnceLock<ShareTable> = OnceLock::new();
        TABLE.get_or_init(|| Self::new(normal_quantile, |above| -normal_quantile(above)))
    }

    /// The exponential distribution of mean 1.
    pub(super) fn exponential() -> &'static Self {
        static TABLE: OnceLock<ShareTable> = OnceLock::new();
        TABLE.get_or_init(|| Self::new(|below| -ln_of_rest(below), |above| -ln(above)))
    }

    /// The logarithm of such: what a Weibull distribution is a power of.
    pub(super) fn ln_exponential() -> &'static Self {
        static TABLE: OnceLock<ShareTable> = OnceLock::new();
        TABLE.get_or_init(|| Self::new(|below| ln(-ln_of_rest(below)), |above| ln(-ln(above))))
    }

    /// The value below which `share` lies.
    #[inline(always)]
    pub(super) fn at(&self, share: f64) -> f64 {
        let (cell, part) = place(share);
        self.within(cell, part)
    }

    /// The values below which `shares` lie, each made into what `value` says: those of [`Self::at`]. In two goes: where
    /// each share lies is told for many at a time, and then nothing but the table's own numbers is waited for.
    #[inline(always)]
    pub(super) fn each(&self, shares: &[f64], to: &mut [f64], value: impl Fn(f64) -> f64) {
        let mut cells = [0_u64; CELLS_AT_ONCE];
        for (shares, to) in shares.chunks(CELLS_AT_ONCE).zip(to.chunks_mut(CELLS_AT_ONCE)) {
            for ((share, cell), part) in shares.iter().zip(&mut cells).zip(to.iter_mut()) {
                (*cell, *part) = place(*share);
            }
            for (cell, to) in cells.iter().zip(to) {
                *to = value(self.within(*cell, *to));
            }
        }
    }

    #[inline(always)]
    fn within(&self, cell: u64, part: f64) -> f64 {
        let [constant, linear, square, cubic] = self.cells[cell as usize % (2 * SIDE)];
        constant + part * (linear + part * (square + part * cubic))
    }
}

/// The cell of a share, and where in it that lies, from 0 to 1. Without a choice that a processor makes one by one.
#[inline(always)]
fn place(share: f64) -> (u64, f64) {
    let above_half = share - 0.5;
    let nearer = if above_half >= 0.0 { 1.0 - share } else { share };
    let bits = nearer.to_bits();
    let cell = (bits >> (FRACTION_BITS - CELL_BITS)).wrapping_sub(EXPONENT_MIN << CELL_BITS) % SIDE as u64;
    // The sign says which side.
    let side = (!above_half.to_bits() >> 63) * SIDE as u64;
    // The rest of the fraction, as a number from 0 to 1.
    let part = f64::from_bits(0x3FF0_0000_0000_0000 | bits << CELL_BITS & 0x000F_FFFF_FFFF_FFFF) - 1.0;
    (side | cell, part)
}

/// ln (1 − x), good also where x is next to nothing.
fn ln_of_rest(x: f64) -> f64 {
    if x < 1e-4 { -x * (1.0 + x * (0.5 + x * (1.0 / 3.0 + x / 4.0))) } else { ln(1.0 - x) }
}

/// The cubic through four points, evenly from 0 to 1.
fn cubic([a, b, c, d]: [f64; 4]) -> Cubic {
    let linear = (-11.0 * a + 18.0 * b - 9.0 * c + 2.0 * d) / 2.0;
    let square = (18.0 * a - 45.0 * b + 36.0 * c - 9.0 * d) / 2.0;
    let cubic = (-9.0 * a + 27.0 * b - 27.0 * c + 9.0 * d) / 2.0;
    [a, linear, square, cubic]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_functions() {
        let shares = [1e-15, 1e-9, 1e-4, 0.013, 0.2, 0.499_999, 0.5, 0.500_01, 0.77, 0.999, 1.0 - 1e-9];
        for share in shares {
            let (found, exact) = (ShareTable::normal().at(share), normal_quantile(share));
            assert!((found - exact).abs() < 1e-8 * (1.0 + exact.abs()), "{share}: {found} is not {exact}");
            let (found, exact) = (ShareTable::exponential().at(share), -ln_of_rest(share));
            assert!((found - exact).abs() < 1e-8 * (1.0 + exact.abs()), "{share}: {found} is not {exact}");
            let (found, exact) = (ShareTable::ln_exponential().at(share), ln(-ln_of_rest(share)));
            assert!((found - exact).abs() < 1e-7 * (1.0 + exact.abs()), "{share}: {found} is not {exact}");
        }
    }

    #[test]
    fn many_at_a_time_are_those_one_by_one() {
        let mut shares = vec![0.0; 1_003];
        crate::random::fill(crate::random::Stream { seed: 1, purpose: 2, block: 3 }, &mut shares);
        shares.extend([0.5, 0.25, 0.75, 1e-15, 1.0 - 1e-15]);
        let mut values = vec![0.0; shares.len()];
        ShareTable::normal().each(&shares, &mut values, |value| 2.0 * value);
        for (share, value) in shares.iter().zip(values) {
            assert_eq!(value.to_bits(), (2.0 * ShareTable::normal().at(*share)).to_bits(), "{share}");
        }
    }

    #[test]
    fn quantiles_rise() {
        let mut last = f64::NEG_INFINITY;
        for step in 1..1_000_000 {
            let value = ShareTable::normal().at(f64::from(step) / 1e6);
            assert!(value > last, "{step}");
            last = value;
        }
    }
}
