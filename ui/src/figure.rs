//! Numbers and spans of time as people write them, and reading them back without guessing.

use millwright_model::Quantity;

use crate::text::{self, Language, language};

/// Room on a disk, in the unit that people see there.
pub(crate) fn room(bytes: i64) -> String {
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    if mebibytes < 1.0 {
        text::room_kib(fixed((mebibytes * 1024.0).ceil(), 0))
    } else if mebibytes < 1024.0 {
        text::room_mib(fixed(mebibytes, 1))
    } else {
        text::room_gib(fixed(mebibytes / 1024.0, 1))
    }
}

/// A number with this many decimals.
pub(crate) fn fixed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    // A negative zero says nothing.
    let text = if text.trim_start_matches('-').chars().all(|character| matches!(character, '0' | '.')) {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    };
    text.replace('.', &language().decimal_mark().to_string()).replace('-', "−")
}

/// A number with as many decimals as its size is worth.
pub(crate) fn measured(number: f64) -> String {
    let decimals = match number.abs() {
        size if size == size.trunc() && size >= 10.0 => 0,
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 0.1 || size == 0.0 => 2,
        _ => 3,
    };
    let text = fixed(number, decimals);
    let mark = language().decimal_mark();
    if decimals > 1 && text.ends_with('0') && text.contains(mark) {
        let cut = text.trim_end_matches('0');
        // One decimal stays, so that a number does not change its width with every sample.
        return if cut.ends_with(mark) { format!("{cut}0") } else { cut.to_owned() };
    }
    text
}

/// A limit or a band's end: no needless zeros.
pub(crate) fn plain(number: f64) -> String {
    format!("{number}").replace('.', &language().decimal_mark().to_string()).replace('-', "−")
}

/// A quantity without its unit.
pub(crate) fn amount(quantity: &Quantity) -> String {
    quantity.decimal().replace('.', &language().decimal_mark().to_string()).replace('-', "−")
}

/// A count in groups of three, with the thin space that no language takes for a decimal mark.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A unit as people write it, from its UCUM code.
pub(crate) fn unit(code: &str) -> String {
    match code {
        "Cel" => "°C".to_owned(),
        "[degF]" => "°F".to_owned(),
        "1" | "" => String::new(),
        "EA" | "PC" | "{pcs}" | "{count}" | "u" => text::unit_pieces().to_owned(),
        "r/min" | "{rpm}" | "1/min" | "/min" => text::unit_rpm().to_owned(),
        other => other.replace("m3", "m³").replace("m2", "m²").replace("Cel", "°C").replace(['{', '}'], ""),
    }
}

/// The UCUM code of a unit that people wrote as we show it.
pub(crate) fn unit_code(written: &str) -> String {
    match written {
        "°C" => "Cel".to_owned(),
        "°F" => "[degF]".to_owned(),
        _ if written == text::unit_pieces() => "EA".to_owned(),
        _ if written == text::unit_rpm() => "r/min".to_owned(),
        other => other.replace("m³", "m3").replace("m²", "m2").replace('°', ""),
    }
}

/// A span in words: `5 s`, `12 min`, `4 h`, `3 d`.
pub(crate) fn span(span_ms: i64) -> String {
    let seconds = (span_ms / 1000).max(0);
    match seconds {
        0..60 => text::span_seconds(seconds),
        60..3600 => text::span_minutes(seconds / 60),
        3600..172_800 => text::span_hours(seconds / 3600),
        _ => text::span_days(seconds / 86_400),
    }
}

/// A stopwatch: `00:42`, `1:02:10`.
pub(crate) fn stopwatch(span_ms: i64) -> String {
    let seconds = (span_ms / 1000).max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

/// What a typed number means.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) enum Typed {
    /// Nothing was typed, or it is no number.
    Nothing,
    /// This number.
    Number(f64),
    /// `1.500` may be one and a half or fifteen hundred: the person says which.
    Ambiguous(f64, f64),
}

/// Reads a typed number; `plain_mark` is set where our own pad wrote the decimal mark.
pub(crate) fn typed(text: &str, plain_mark: bool) -> Typed {
    let text = text.trim().replace('−', "-");
    let marks: Vec<char> = text.chars().filter(|character| matches!(character, '.' | ',')).collect();
    let parse = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    match marks.as_slice() {
        [] => parse(&text).map_or(Typed::Nothing, Typed::Number),
        [mark] => {
            let Some(fraction) = parse(&text.replace(*mark, ".")) else { return Typed::Nothing };
            let (before, after) = text.split_once(*mark).unwrap_or((&text, ""));
            let whole_digits = before.trim_start_matches('-');
            let grouped =
                after.len() == 3 && matches!(whole_digits.len(), 1..=3) && !whole_digits.starts_with('0');
            match parse(&text.replace(*mark, "")) {
                Some(whole) if grouped && !plain_mark => Typed::Ambiguous(fraction, whole),
                _ => Typed::Number(fraction),
            }
        }
        // Two kinds of mark: the last is the decimal one.
        [first, .., last] if first != last => {
            parse(&text.replace(*first, "").replace(*last, ".")).map_or(Typed::Nothing, Typed::Number)
        }
        [first, ..] => parse(&text.replace(*first, "")).map_or(Typed::Nothing, Typed::Number),
    }
}

/// Reads a typed number where no answer is expected back: what is ambiguous is nothing.
pub(crate) fn typed_number(text: &str) -> Option<f64> {
    match typed(text, language() != Language::German && text.contains('.') || text.contains(',')) {
        Typed::Number(number) => Some(number),
        Typed::Nothing | Typed::Ambiguous(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_two_ways_is_asked_back() {
        assert_eq!(typed("1.500", false), Typed::Ambiguous(1.5, 1500.0));
        assert_eq!(typed("12,345", false), Typed::Ambiguous(12.345, 12_345.0));
        assert_eq!(typed("1.500", true), Typed::Number(1.5), "our own pad writes no thousands");
    }

    #[test]
    fn what_can_be_read_one_way_is_read() {
        for (text, number) in [
            ("0.500", 0.5),
            ("0,03", 0.03),
            ("1.50", 1.5),
            ("-2,5", -2.5),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("7", 7.0),
        ] {
            assert_eq!(typed(text, false), Typed::Number(number), "{text}");
        }
        for text in ["", "-", "a", "1e", "NaN", "inf", "."] {
            assert_eq!(typed(text, false), Typed::Nothing, "{text}");
        }
    }

    #[test]
    fn a_figure_is_as_long_as_it_is_worth() {
        for (number, text) in [
            (3.2, "3.2"),
            (0.84, "0.84"),
            (1480.0, "1480"),
            (61.04, "61.0"),
            (0.0304, "0.03"),
            (-0.0001, "0.0"),
        ] {
            assert_eq!(measured(number), text);
        }
    }

    #[test]
    fn a_count_is_grouped() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(41_500_000), "41\u{202f}500\u{202f}000");
    }

    #[test]
    fn a_stopwatch_counts_past_the_hour() {
        assert_eq!(stopwatch(42_000), "00:42");
        assert_eq!(stopwatch(3_730_000), "1:02:10");
    }
}
