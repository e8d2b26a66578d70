//! Instants and dates. Zone arithmetic lives in the engine; formatting in the UI.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An instant in milliseconds since the Unix epoch, UTC.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimestampMs(pub i64);

impl TimestampMs {
    /// The earliest instant a plant's clock may honestly say: 2000-01-01T00:00:00Z.
    pub const PLAUSIBLE_MIN: Self = Self(946_684_800_000);
    /// How far ahead of ours another clock may be before its stamp is not believed.
    pub const PLAUSIBLE_AHEAD_MS: i64 = 24 * 60 * 60 * 1000;

    /// Milliseconds from `earlier` to `self`; negative when `self` is before it.
    pub fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This instant moved by `delta_ms`.
    pub fn plus_ms(self, delta_ms: i64) -> Self {
        Self(self.0.saturating_add(delta_ms))
    }

    /// Whether a source that says this instant can be believed at `now`.
    pub fn is_plausible_at(self, now: Self) -> bool {
        self >= Self::PLAUSIBLE_MIN && self.since_ms(now) <= Self::PLAUSIBLE_AHEAD_MS
    }
}

/// An instant, and what a clock on the plant's wall says of it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlantTime {
    /// The instant.
    pub at: TimestampMs,
    /// The day.
    pub on: CivilDate,
    /// The time of day, in milliseconds since midnight.
    pub time_ms: i64,
}

impl PlantTime {
    /// The last second of a day, as milliseconds since midnight: what is due on a day is due by then.
    pub const LAST_SECOND_MS: i64 = 24 * 60 * 60 * 1000 - 1000;

    /// Whether it means the day as a whole.
    pub fn ends_its_day(&self) -> bool {
        self.time_ms >= Self::LAST_SECOND_MS
    }
}

/// A calendar date in the plant's zone, as days since 1970-01-01.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CivilDate {
    days: i32,
}

impl CivilDate {
    /// The date `days` after 1970-01-01.
    pub fn from_days(days: i32) -> Self {
        Self { days }
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.days
    }

    /// The date of `year`, `month` 1–12, `day` 1–31; nothing when there is no such day.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=12).contains(&month)
            || day == 0
            || day > days_in_month(year, month)
            || !(1..=9999).contains(&year)
        {
            return None;
        }
        // Howard Hinnant, «chrono-compatible low-level date algorithms», days_from_civil.
        let shifted_year = if month <= 2 { year - 1 } else { year };
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let month_from_march = ((month + 9) % 12) as i32;
        let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self { days: era * 146_097 + day_of_era - 719_468 })
    }

    /// `(year, month, day)`.
    pub fn ymd(self) -> (i32, u32, u32) {
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
        let month = (if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 }) as u32;
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month, day)
    }
}

impl CivilDate {
    /// The day so many days later, or earlier; nothing beyond the year 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let days = i64::from(self.days).checked_add(days)?;
        let date = Self { days: i32::try_from(days).ok().filter(|days| days.abs() < 4_000_000)? };
        (1..=9999).contains(&date.ymd().0).then_some(date)
    }

    /// The same day so many months later; the last day of a month that lacks it.
    pub fn plus_months(self, months: i64) -> Option<Self> {
        let (year, month, day) = self.ymd();
        let since_zero = (i64::from(year) * 12 + i64::from(month) - 1).checked_add(months)?;
        let year = i32::try_from(since_zero.div_euclid(12)).ok()?;
        let month = since_zero.rem_euclid(12) as u32 + 1;
        Self::from_ymd(year, month, day.min(days_in_month(year, month)))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for CivilDate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CivilDate".into()
    }

    fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date",
            "description": "A calendar date in the plant's zone.",
        })
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl From<CivilDate> for String {
    fn from(date: CivilDate) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for CivilDate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parsed = (|| {
            let mut parts = text.split('-');
            let year = parts.next()?.parse().ok()?;
            let month = parts.next()?.parse().ok()?;
            let day = parts.next()?.parse().ok()?;
            if parts.next().is_some() {
                return None;
            }
            Self::from_ymd(year, month, day)
        })();
        parsed.ok_or_else(|| format!("«{text}» is not a date of the form 2026-11-23"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_survives_the_way_to_days_and_back() {
        for days in (-40_000..80_000).step_by(17) {
            let date = CivilDate::from_days(days);
            let (year, month, day) = date.ymd();
            assert_eq!(CivilDate::from_ymd(year, month, day), Some(date), "{date}");
        }
    }

    #[test]
    fn a_known_date_has_its_known_day_number() {
        assert_eq!(CivilDate::from_ymd(1970, 1, 1).map(CivilDate::days), Some(0));
        assert_eq!(CivilDate::from_ymd(2000, 3, 1).map(CivilDate::days), Some(11_017));
    }

    #[test]
    fn the_thirty_first_comes_back_after_a_short_month() {
        let date = |text: &str| CivilDate::try_from(text.to_owned()).unwrap();
        let end = date("2026-01-31");
        assert_eq!(end.plus_months(1), Some(date("2026-02-28")));
        assert_eq!(end.plus_months(2), Some(date("2026-03-31")));
        assert_eq!(end.plus_months(-2), Some(date("2025-11-30")));
        assert_eq!(date("2024-02-29").plus_months(12), Some(date("2025-02-28")));
        assert_eq!(end.plus_days(29), Some(date("2026-03-01")));
    }

    #[test]
    fn the_calendar_ends_where_it_ends() {
        let date = CivilDate::from_ymd(2026, 11, 23).unwrap();
        for far in [i64::MAX, i64::MIN, 4_000_000] {
            assert_eq!(date.plus_days(far), None, "{far} days");
            assert_eq!(date.plus_months(far), None, "{far} months");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        assert_eq!(CivilDate::from_ymd(2026, 2, 29), None);
        assert!(CivilDate::try_from("2026-13-01".to_owned()).is_err());
    }

    #[test]
    fn clocks_from_1970_and_2100_are_not_believed() {
        let now = TimestampMs(1_795_400_000_000);
        assert!(!TimestampMs(0).is_plausible_at(now), "1970 is before any plant had this app");
        assert!(!TimestampMs(4_102_444_800_000).is_plausible_at(now), "2100 is ahead of our clock");
        assert!(now.is_plausible_at(now));
    }
}
