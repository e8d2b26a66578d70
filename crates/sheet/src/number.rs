//! Numbers as people write them: with a comma or a point, with groups or without, and never guessed.

/// What stands between whole and fraction.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1,5`
    Comma,
    /// `1.5`
    Point,
}

impl DecimalMark {
    fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }

    fn of(character: char) -> Self {
        if character == ',' { Self::Comma } else { Self::Point }
    }
}

/// Why a text is not read as a number. Numbers are given as decimals with a point and without groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// It is none.
    NotANumber,
    /// It can be read in two ways.
    Ambiguous {
        /// What it is if a comma is the decimal mark.
        with_comma: String,
        /// What it is if a point is.
        with_point: String,
    },
}

/// A number's text taken apart.
enum Reading {
    Sure(String, Option<DecimalMark>),
    Open { with_comma: String, with_point: String },
}

/// The number in a text, as a decimal with a point and without groups. A text like `1.500` is only read where the
/// decimal mark is known.
///
/// # Errors
/// When it is no number, or can be read in two ways.
pub fn read_decimal(text: &str, mark: Option<DecimalMark>) -> Result<String, NumberFault> {
    match (reading(text).ok_or(NumberFault::NotANumber)?, mark) {
        (Reading::Sure(decimal, None), _) => Ok(decimal),
        (Reading::Sure(decimal, Some(_)), None) => Ok(decimal),
        (Reading::Sure(decimal, Some(shown)), Some(mark)) if shown == mark => Ok(decimal),
        // It says the other mark than the file: neither may be right.
        (Reading::Sure(..), Some(_)) => Err(NumberFault::NotANumber),
        (Reading::Open { with_comma, .. }, Some(DecimalMark::Comma)) => Ok(with_comma),
        (Reading::Open { with_point, .. }, Some(DecimalMark::Point)) => Ok(with_point),
        (Reading::Open { with_comma, with_point }, None) => {
            Err(NumberFault::Ambiguous { with_comma, with_point })
        }
    }
}

/// The decimal mark that a text shows beyond doubt; nothing where it shows none.
pub fn decimal_evidence(text: &str) -> Option<DecimalMark> {
    match reading(text)? {
        Reading::Sure(_, shown) => shown,
        Reading::Open { .. } => None,
    }
}

/// More digits than any quantity has.
const DIGITS_MAX: usize = 30;

fn reading(text: &str) -> Option<Reading> {
    let text = text.trim();
    let (sign, body) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if body.is_empty() || body.chars().filter(char::is_ascii_digit).count() > DIGITS_MAX {
        return None;
    }
    let is_gap = |character: char| matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’');
    let is_mark = |character: char| matches!(character, ',' | '.');
    if !body.chars().all(|character| character.is_ascii_digit() || is_gap(character) || is_mark(character)) {
        return None;
    }
    let commas = body.matches(',').count();
    let points = body.matches('.').count();
    let gaps = body.contains(is_gap);
    let signed = |whole: &str, fraction: &str| {
        let whole = if whole.is_empty() { "0" } else { whole };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    };
    let split_at_last = |mark: char| body.rsplit_once(mark);
    match (commas, points) {
        (0, 0) => Some(Reading::Sure(signed(&ungrouped(body, is_gap)?, ""), None)),
        (1, 0) | (0, 1) => {
            let mark = if commas == 1 { ',' } else { '.' };
            let (whole, fraction) = split_at_last(mark)?;
            if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let whole_digits = ungrouped_or_empty(whole, is_gap)?;
            let may_be_group =
                fraction.len() == 3 && !gaps && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            let decimal = signed(&whole_digits, fraction);
            if !may_be_group {
                return Some(Reading::Sure(decimal, Some(DecimalMark::of(mark))));
            }
            let grouped = signed(&format!("{whole_digits}{fraction}"), "");
            Some(match DecimalMark::of(mark) {
                DecimalMark::Comma => Reading::Open { with_comma: decimal, with_point: grouped },
                DecimalMark::Point => Reading::Open { with_comma: grouped, with_point: decimal },
            })
        }
        (_, 0) | (0, _) => {
            // The same mark again and again stands between groups, so the other one is the decimal mark.
            let (group, other) =
                if points == 0 { (',', DecimalMark::Point) } else { ('.', DecimalMark::Comma) };
            let whole = ungrouped(body, |character| character == group)?;
            Some(Reading::Sure(signed(&whole, ""), Some(other)))
        }
        _ => {
            let last = body.chars().rev().find(|character| is_mark(*character))?;
            let mark = DecimalMark::of(last);
            let (whole, fraction) = split_at_last(mark.character())?;
            if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let group = if mark == DecimalMark::Comma { '.' } else { ',' };
            let whole = ungrouped(whole, |character| character == group)?;
            Some(Reading::Sure(signed(&whole, fraction), Some(mark)))
        }
    }
}

/// The digits of a whole number, if what stands between them stands between groups of three.
fn ungrouped(whole: &str, is_gap: impl Fn(char) -> bool) -> Option<String> {
    let mut groups = whole.split(is_gap);
    let first = groups.next()?;
    let digits_only = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    if first.is_empty() || !digits_only(first) {
        return None;
    }
    let mut digits = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !digits_only(group) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

fn ungrouped_or_empty(whole: &str, is_gap: impl Fn(char) -> bool) -> Option<String> {
    if whole.is_empty() { Some(String::new()) } else { ungrouped(whole, is_gap) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(decimal: &str) -> Result<String, NumberFault> {
        Ok(decimal.to_owned())
    }

    #[test]
    fn numbers_that_can_be_read_in_one_way_are_read() {
        for (text, decimal) in [
            ("1500", "1500"),
            ("1,5", "1.5"),
            ("1.5", "1.5"),
            ("-0,125", "-0.125"),
            ("0.125", "0.125"),
            (".5", "0.5"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234.567", "1234567"),
            ("1 234 567", "1234567"),
            ("1\u{a0}234,500", "1234.500"),
            ("12'345.678", "12345.678"),
            ("1234.567", "1234.567"),
            ("1.2345", "1.2345"),
            ("+7", "7"),
            ("\u{2212}3", "-3"),
        ] {
            assert_eq!(read_decimal(text, None), sure(decimal), "{text}");
        }
    }

    #[test]
    fn a_number_that_can_be_read_in_two_ways_is_asked_back() {
        let open = |with_comma: &str, with_point: &str| {
            Err(NumberFault::Ambiguous { with_comma: with_comma.into(), with_point: with_point.into() })
        };
        assert_eq!(read_decimal("1.500", None), open("1500", "1.500"));
        assert_eq!(read_decimal("-12,345", None), open("-12.345", "-12345"));
        assert_eq!(read_decimal("1.500", Some(DecimalMark::Comma)), sure("1500"));
        assert_eq!(read_decimal("1.500", Some(DecimalMark::Point)), sure("1.500"));
    }

    #[test]
    fn a_number_with_the_other_mark_than_the_files_is_none() {
        assert_eq!(read_decimal("2.5", Some(DecimalMark::Comma)), Err(NumberFault::NotANumber));
        assert_eq!(read_decimal("1,234.5", Some(DecimalMark::Comma)), Err(NumberFault::NotANumber));
        assert_eq!(read_decimal("1.234", Some(DecimalMark::Comma)), sure("1234"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "-",
            "a",
            "1,",
            "1.",
            "1,2,3",
            "1.23.456",
            "12 34",
            "1e3",
            "NaN",
            "--1",
            "1-2",
            "1.234,56,7",
            "0x1F",
        ] {
            assert_eq!(read_decimal(text, None), Err(NumberFault::NotANumber), "{text}");
        }
        assert_eq!(read_decimal(&"9".repeat(31), None), Err(NumberFault::NotANumber));
    }

    #[test]
    fn the_mark_is_shown_only_beyond_doubt() {
        for (text, mark) in [
            ("1,5", Some(DecimalMark::Comma)),
            ("1.5", Some(DecimalMark::Point)),
            ("1.234,5", Some(DecimalMark::Comma)),
            ("1.234.567", Some(DecimalMark::Comma)),
            ("1.500", None),
            ("12", None),
            ("word", None),
        ] {
            assert_eq!(decimal_evidence(text), mark, "{text}");
        }
    }
}
