//! When the line works: a pattern of a day or a week that repeats.

use serde::{Deserialize, Serialize};

use super::super::Invalid;

/// More spans are no pattern.
pub const SPANS_MAX: usize = 200;

/// Hours of the pattern in which the line works.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingSpan {
    /// Begins.
    pub from_h: f64,
    /// Ends.
    pub to_h: f64,
}

/// The pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shifts {
    /// After so long it repeats: 24 or 168, mostly.
    pub pattern_h: f64,
    /// One after the other, apart from each other.
    pub working: Vec<WorkingSpan>,
    /// Where in the pattern the run begins.
    #[serde(default)]
    pub begins_at_h: f64,
}

const SECONDS_PER_HOUR: f64 = 3_600.0;

impl Shifts {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        let invalid = |place: String, must: String| Err(Invalid::new(place, must));
        if !(self.pattern_h > 0.0 && self.pattern_h <= 10_000.0) {
            return invalid(
                "shifts".to_owned(),
                "pattern must be above 0 h and at most 10000 h long".to_owned(),
            );
        }
        if !(self.begins_at_h >= 0.0 && self.begins_at_h < self.pattern_h) {
            return invalid("shifts".to_owned(), "begin must lie within the pattern".to_owned());
        }
        if self.working.is_empty() || self.working.len() > SPANS_MAX {
            return invalid(
                "shifts".to_owned(),
                format!("number of spans must be between 1 and {SPANS_MAX}"),
            );
        }
        let mut last_h = 0.0;
        for (span, number) in self.working.iter().zip(1..) {
            let place = format!("shifts: span {number}");
            if !(span.from_h < span.to_h && span.to_h <= self.pattern_h) {
                return invalid(place, format!("must end after it begins, and within {} h", self.pattern_h));
            }
            // Two that touch are one: a shift's end and the next one's begin would be at one moment.
            if span.from_h < last_h || number > 1 && span.from_h == last_h {
                return invalid(place, format!("must begin after {last_h} h, apart from the one before"));
            }
            last_h = span.to_h;
        }
        Ok(())
    }

    /// Whether the line works at the begin of the run.
    pub(super) fn works_at_begin(&self) -> bool {
        self.working.iter().any(|span| span.from_h <= self.begins_at_h && self.begins_at_h < span.to_h)
    }

    /// When it stops or begins for the `change`-th time since the begin of the run: moments that grow, without end.
    pub(super) fn change_s(&self, change: u64) -> f64 {
        let in_pattern = 2 * self.working.len() as u64;
        let passed = self.moments().filter(|at_h| *at_h <= self.begins_at_h).count() as u64;
        let counted = passed + change;
        let (patterns, within) = (counted / in_pattern, (counted % in_pattern) as usize);
        let at_h = self.moments().nth(within).unwrap_or(0.0);
        (patterns as f64 * self.pattern_h + at_h - self.begins_at_h) * SECONDS_PER_HOUR
    }

    fn moments(&self) -> impl Iterator<Item = f64> {
        self.working.iter().flat_map(|span| [span.from_h, span.to_h])
    }

    /// Whether there is a moment at all at which the line stands.
    pub(super) fn ever_stands(&self) -> bool {
        !matches!(self.working[..], [WorkingSpan { from_h, to_h }] if from_h == 0.0 && to_h == self.pattern_h)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_shifts() -> Shifts {
        let working = vec![WorkingSpan { from_h: 6.0, to_h: 14.0 }, WorkingSpan { from_h: 15.0, to_h: 23.0 }];
        Shifts { pattern_h: 24.0, working, begins_at_h: 10.0 }
    }

    #[test]
    fn changes_follow_the_pattern_from_where_the_run_begins() {
        let shifts = two_shifts();
        assert!(shifts.works_at_begin());
        let changes: Vec<f64> = (0..5).map(|change| shifts.change_s(change) / 3_600.0).collect();
        assert_eq!(changes, [4.0, 5.0, 13.0, 20.0, 28.0]);
    }

    #[test]
    fn a_run_that_begins_with_a_shift_works_at_once() {
        let shifts = Shifts { begins_at_h: 6.0, ..two_shifts() };
        assert!(shifts.works_at_begin());
        assert_eq!(shifts.change_s(0), 8.0 * 3_600.0);
        let shifts = Shifts { begins_at_h: 14.0, ..two_shifts() };
        assert!(!shifts.works_at_begin());
        assert_eq!(shifts.change_s(0), 3_600.0);
    }

    #[test]
    fn spans_that_cannot_be_are_named() {
        let mut shifts = two_shifts();
        assert_eq!(shifts.check(), Ok(()));
        shifts.working[1].from_h = 13.0;
        let error = shifts.check().unwrap_err().to_string();
        assert_eq!(error, "shifts: span 2: must begin after 14 h, apart from the one before");
        shifts.working[0].to_h = f64::NAN;
        assert!(
            shifts.check().unwrap_err().to_string().starts_with("shifts: span 1: must end after it begins")
        );
    }
}
