//! How a brief says figures, answers, origins and options.

use millwright_model::*;

use super::words::Words;
use crate::use_case::paper::voice::Voice;
use crate::use_case::paper::words::{Language, filled};

/// Digits that count in a figure of a result.
const DIGITS: i32 = 3;
/// Stands between groups of three: neither mark of decimals, so that nobody takes it for one.
const GROUP: char = '\u{a0}';
/// An hour.
const HOUR_MS: f64 = 3_600_000.0;

/// A language, its words, and the plant's clock.
#[derive(Clone)]
pub(super) struct Say {
    pub(super) words: Words,
    pub(super) voice: Voice,
}

impl Say {
    pub(super) fn new(language: &str, zone: &str) -> Self {
        let language = Language::of_tag(language);
        Self { words: Words(language), voice: Voice { language, zone: zone.to_owned() } }
    }

    /// A figure of a result: three digits that count, four of a large one.
    pub(super) fn figure(&self, value: f64) -> String {
        if !value.is_finite() {
            return "\u{2013}".to_owned();
        }
        let before = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
        let decimals = (DIGITS - 1 - before).clamp(0, 9);
        // Digits before the mark that do not count are zeros: a mean of 123 456 is not known to its last one.
        let unit = 10_f64.powi(before - DIGITS);
        let rounded = if before > DIGITS { (value / unit).round() * unit } else { value };
        self.written(&format!("{rounded:.*}", decimals as usize))
    }

    /// A figure as somebody gave it: all of its digits.
    pub(super) fn given(&self, value: f64) -> String {
        self.written(&format!("{}", (value * 1e9).round() / 1e9))
    }

    fn written(&self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("\u{2212}", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        if whole.trim_matches('0').is_empty() && fraction.is_empty() {
            return "0".to_owned();
        }
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            let left = whole.len() - place;
            if place > 0 && left.is_multiple_of(3) && whole.len() > 4 {
                grouped.push(GROUP);
            }
            grouped.push(digit);
        }
        let mark = match self.voice.language {
            Language::English => '.',
            Language::German => ',',
        };
        if fraction.is_empty() {
            format!("{sign}{grouped}")
        } else {
            format!("{sign}{grouped}{mark}{fraction}")
        }
    }

    pub(super) fn percent(&self, share: f64) -> String {
        format!("{}{GROUP}%", self.figure((share * 1_000.0).round() / 10.0))
    }

    /// A figure of the result of a picture: a share where the result is yes or no.
    pub(super) fn of_result(&self, picture: &ScenarioPicture, value: f64) -> String {
        if picture.is_truth { self.percent(value) } else { self.figure(value) }
    }

    /// A result with its unit.
    pub(super) fn result(&self, picture: &ScenarioPicture) -> String {
        let name = readable(&picture.result);
        if picture.unit.is_empty() {
            return name;
        }
        format!("{name} {}", filled(self.words.in_unit(), &[("unit", &picture.unit)]))
    }

    /// What is chosen.
    pub(super) fn choice(&self, choice: &[ScenarioChoice]) -> String {
        let options: Vec<&str> = choice.iter().map(|choice| choice.option.as_str()).collect();
        if options.is_empty() { self.words.as_it_is().to_owned() } else { options.join(" \u{b7} ") }
    }

    pub(super) fn answer(&self, answer: &ScenarioAnswer) -> String {
        match answer {
            ScenarioAnswer::Figure { value } => self.given(*value),
            ScenarioAnswer::Between { low, high } => {
                let (low, high) = (self.given(*low), self.given(*high));
                filled(self.words.range(), &[("low", &low), ("high", &high)])
            }
            ScenarioAnswer::YesOrNo { yes } => self.yes_or_no(*yes).to_owned(),
            ScenarioAnswer::Unknown => self.words.not_known().to_owned(),
            ScenarioAnswer::Other { formula } => formula.clone(),
        }
    }

    pub(super) fn yes_or_no(&self, yes: bool) -> &'static str {
        if yes { self.words.yes() } else { self.words.no() }
    }

    pub(super) fn origin_kind(&self, kind: ScenarioOriginKind) -> &'static str {
        match kind {
            ScenarioOriginKind::Tag => self.words.source_tag(),
            ScenarioOriginKind::Erp => self.words.source_erp(),
            ScenarioOriginKind::File => self.words.source_file(),
            ScenarioOriginKind::Person => self.words.source_person(),
            ScenarioOriginKind::Assumption => self.words.source_assumption(),
        }
    }

    /// Where a figure comes from: what kind of source, which one, who said so and when.
    pub(super) fn origin(&self, assumption: &BriefAssumption) -> String {
        let kind = assumption.origin.as_ref().map(|origin| self.origin_kind(origin.kind).to_owned());
        let of = assumption.origin.as_ref().map(|origin| origin.of.clone());
        let parts =
            [kind, of, assumption.answered_by.clone(), self.voice.moment_or_none(assumption.answered_at)];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// On which side of which figure a signpost is crossed.
    pub(super) fn threshold(&self, signpost: &BriefSignpost) -> String {
        let value = format!("{} {}", self.given(signpost.threshold), signpost.unit);
        let side = match signpost.side {
            SignpostSide::Above => self.words.above(),
            SignpostSide::Below => self.words.below(),
        };
        let side = filled(side, &[("value", value.trim_end())]);
        if signpost.holds_ms <= 0 {
            return side;
        }
        let hours = self.figure(signpost.holds_ms as f64 / HOUR_MS);
        filled(self.words.for_hours(), &[("side", &side), ("count", &hours)])
    }

    pub(super) fn signpost_stands(&self, signpost: &BriefSignpost) -> String {
        match (signpost.crossed_at, &signpost.tag) {
            (Some(at), _) => filled(self.words.crossed(), &[("at", &self.voice.moment(at))]),
            (None, None) => self.words.unbound().to_owned(),
            (None, Some(_)) => self.words.quiet().to_owned(),
        }
    }

    /// An instant, and who acted then.
    pub(super) fn at_by(&self, at: TimestampMs, person: Option<&str>) -> String {
        let at = self.voice.moment(at);
        match person {
            Some(person) => filled(self.words.by_person(), &[("at", &at), ("person", person)]),
            None => at,
        }
    }
}

/// A name of the language of models as people read it.
pub(super) fn readable(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_the_digits_that_count_and_groups_that_are_no_marks() {
        let (english, german) = (Say::new("en", "UTC"), Say::new("de-AT", "UTC"));
        for (value, said) in [
            (0.0, "0"),
            (12_345.678, "12\u{a0}350"),
            (1_234_567.0, "1\u{a0}235\u{a0}000"),
            (1234.0, "1234"),
            (12.345, "12.3"),
            (0.012_345, "0.0123"),
            (-98_765.0, "\u{2212}98\u{a0}770"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(english.figure(value), said, "{value}");
        }
        assert_eq!(german.figure(12.345), "12,3");
        assert_eq!(german.given(0.05), "0,05");
        assert_eq!(english.given(100_000_000.0), "100\u{a0}000\u{a0}000");
        assert_eq!(english.percent(0.123_4), "12.3\u{a0}%");
    }
}
