//! Quantities as ERPs count them: whole numbers of a declared scale.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of something in thousandths of its unit (SAP's quantity fields are 13,3).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// Thousandths of `unit`.
    pub thousandths: i64,
    /// The unit's UCUM code, or the ERP's own where it has none (`EA`).
    pub unit: String,
}

impl Quantity {
    /// `whole` pieces of `unit`.
    pub fn whole(whole: i64, unit: &str) -> Self {
        Self { thousandths: whole.saturating_mul(1000), unit: unit.to_owned() }
    }

    /// How many decimals people may give for a unit: pieces are whole, all else has up to three.
    pub fn decimals_of(unit: &str) -> u8 {
        match unit {
            "EA" | "PC" | "ST" | "{pcs}" | "{count}" | "u" | "1" => 0,
            _ => 3,
        }
    }

    /// The amount of a number a person gave, rounded to thousandths; nothing when it does not fit or the unit allows
    /// no such decimals.
    pub fn from_number(number: f64, unit: &str) -> Option<Self> {
        let thousandths = (number * 1000.0).round();
        let whole = Self::decimals_of(unit) == 0;
        if !number.is_finite() || thousandths.abs() > 1e15 || (whole && thousandths % 1000.0 != 0.0) {
            return None;
        }
        Some(Self { thousandths: thousandths as i64, unit: unit.to_owned() })
    }

    /// Reads a decimal number with at most three decimals and a point; nothing when it is not one or does not fit.
    pub fn parse_decimal(text: &str, unit: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 3 || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let fraction: i64 = format!("{fraction:0<3}").parse().ok()?;
        let magnitude = whole.checked_mul(1000)?.checked_add(fraction)?;
        Some(Self { thousandths: if negative { -magnitude } else { magnitude }, unit: unit.to_owned() })
    }

    /// The amount as a decimal number with a point and no needless zeros (`1.5`, `2`).
    pub fn decimal(&self) -> String {
        let sign = if self.thousandths < 0 { "-" } else { "" };
        let magnitude = self.thousandths.unsigned_abs();
        let (whole, fraction) = (magnitude / 1000, magnitude % 1000);
        if fraction == 0 {
            return format!("{sign}{whole}");
        }
        let fraction = format!("{fraction:03}");
        format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }

    /// The same amount taken back.
    pub fn negated(&self) -> Self {
        Self { thousandths: self.thousandths.saturating_neg(), unit: self.unit.clone() }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_survive_the_way_there_and_back() {
        for text in ["0", "1", "1.5", "-2.125", "12345678.001"] {
            assert_eq!(Quantity::parse_decimal(text, "EA").map(|q| q.decimal()).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_not_a_quantity_of_three_decimals_is_refused() {
        for text in ["", ".", "1,5", "1.2345", "NaN", "1e3", "--1", "9223372036854775807"] {
            assert_eq!(Quantity::parse_decimal(text, "EA"), None, "{text}");
        }
    }

    #[test]
    fn pieces_are_whole_and_oil_is_not() {
        assert_eq!(Quantity::from_number(1.5, "EA"), None);
        assert_eq!(Quantity::from_number(2.0, "EA"), Some(Quantity::whole(2, "EA")));
        assert_eq!(Quantity::from_number(0.75, "L").map(|quantity| quantity.thousandths), Some(750));
        assert_eq!(Quantity::from_number(f64::NAN, "L"), None);
        assert_eq!(Quantity::from_number(1e300, "L"), None);
    }

    #[test]
    fn trailing_zeros_do_not_count_as_decimals() {
        assert_eq!(Quantity::parse_decimal("2.5000", "EA"), Quantity::parse_decimal("2.5", "EA"));
    }
}
