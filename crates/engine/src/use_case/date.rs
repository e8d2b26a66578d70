//! Days in the plant's zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use millwright_model::{CivilDate, TimestampMs};

/// The day of an instant in a zone; in UTC when the zone's name is not known.
pub(crate) fn civil_date(at: TimestampMs, zone: &str) -> CivilDate {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let Ok(instant) = Timestamp::from_millisecond(at.0) else { return civil_date_utc(at) };
    let date = instant.to_zoned(zone).date();
    CivilDate::from_ymd(i32::from(date.year()), date.month() as u32, date.day() as u32)
        .unwrap_or_else(|| civil_date_utc(at))
}

/// The day of an instant in UTC.
pub(crate) fn civil_date_utc(at: TimestampMs) -> CivilDate {
    CivilDate::from_days(i32::try_from(at.0.div_euclid(86_400_000)).unwrap_or_default())
}

/// Whether `zone` is the name of a time zone.
pub(crate) fn is_zone(zone: &str) -> bool {
    TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_evening_in_utc_is_already_tomorrow_in_berlin() {
        let at = TimestampMs(1_795_476_600_000);
        assert_eq!(civil_date_utc(at).to_string(), "2026-11-23");
        assert_eq!(civil_date(at, "Europe/Berlin").to_string(), "2026-11-24");
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        assert_eq!(civil_date(TimestampMs(0), "Mars/Olympus").to_string(), "1970-01-01");
        assert!(!is_zone("Mars/Olympus"));
    }
}
