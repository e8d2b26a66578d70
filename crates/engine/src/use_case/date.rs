//! Days in the plant's zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use millwright_local_db::Session;
use millwright_model::{CivilDate, ErpTime, PlantTime, TimestampMs};

use crate::EngineError;

/// The name of the plant's zone, as it is set.
pub(crate) async fn plant_zone(session: &mut Session) -> Result<String, EngineError> {
    let settings = crate::settings::kept(session).await?;
    Ok(settings.plant_zone)
}

/// The day of an instant in a zone; in UTC when the zone's name is not known.
pub(crate) fn civil_date(at: TimestampMs, zone: &str) -> CivilDate {
    plant_time(at, zone).on
}

/// What the clock in a zone says of an instant.
pub(crate) fn plant_time(at: TimestampMs, zone: &str) -> PlantTime {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let clock = Timestamp::from_millisecond(at.0).map(|instant| instant.to_zoned(zone));
    let Ok(clock) = clock else {
        return PlantTime { at, on: civil_date_utc(at), time_ms: at.0.rem_euclid(DAY_MS) };
    };
    let (date, time) = (clock.date(), clock.time());
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    let on = CivilDate::from_ymd(i32::from(date.year()), date.month() as u32, date.day() as u32)
        .unwrap_or_else(|| civil_date_utc(at));
    PlantTime { at, on, time_ms: seconds * 1000 + i64::from(time.millisecond()) }
}

/// The instant at which the clock in a zone says this time of this day. Where the clock is put forward past it, the
/// same time after the gap; where it is put back, the first of the two.
pub(crate) fn instant(day: CivilDate, time_ms: i64, zone: &str) -> TimestampMs {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let in_utc = TimestampMs(i64::from(day.days()) * DAY_MS).plus_ms(time_ms);
    let (year, month, of_month) = day.ymd();
    let clock = i16::try_from(year).ok().and_then(|year| {
        let date = Date::new(year, month as i8, of_month as i8).ok()?;
        let (seconds, millis) = (time_ms.clamp(0, DAY_MS - 1) / 1000, time_ms.clamp(0, DAY_MS - 1) % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        date.at(hour as i8, minute as i8, second as i8, millis as i32 * 1_000_000).to_zoned(zone).ok()
    });
    clock.map_or(in_utc, |clock| TimestampMs(clock.timestamp().as_millisecond()))
}

/// When something is due of which an ERP says this: work due on a day is due by its end.
pub(crate) fn due_at(said: ErpTime, zone: &str) -> TimestampMs {
    match said {
        ErpTime::At { at } => at,
        ErpTime::Day { day } => instant(day, PlantTime::LAST_SECOND_MS, zone),
        ErpTime::TimeOfDay { day, time_ms } => instant(day, time_ms, zone),
    }
}

/// When something begins of which an ERP says this.
pub(crate) fn begins_at(said: ErpTime, zone: &str) -> TimestampMs {
    match said {
        ErpTime::At { at } => at,
        ErpTime::Day { day } => instant(day, 0, zone),
        ErpTime::TimeOfDay { day, time_ms } => instant(day, time_ms, zone),
    }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The day of an instant in UTC.
fn civil_date_utc(at: TimestampMs) -> CivilDate {
    CivilDate::from_days(i32::try_from(at.0.div_euclid(DAY_MS)).unwrap_or_default())
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
        assert_eq!(civil_date(at, "UTC").to_string(), "2026-11-23");
        assert_eq!(civil_date(at, "Europe/Berlin").to_string(), "2026-11-24");
    }

    #[test]
    fn a_day_ends_when_the_plants_clock_says_so() {
        let day = CivilDate::from_ymd(2026, 11, 30).unwrap();
        let end = due_at(ErpTime::Day { day }, "Europe/Berlin");
        assert_eq!(end, TimestampMs(1_796_079_599_000), "2026-11-30T22:59:59Z");
        let said = plant_time(end, "Europe/Berlin");
        assert_eq!((said.on, said.time_ms, said.ends_its_day()), (day, PlantTime::LAST_SECOND_MS, true));
        let shift = ErpTime::TimeOfDay { day, time_ms: 14 * 3_600_000 };
        assert_eq!(due_at(shift, "Europe/Berlin"), begins_at(shift, "Europe/Berlin"));
        assert_eq!(plant_time(due_at(shift, "Europe/Berlin"), "Europe/Berlin").time_ms, 14 * 3_600_000);
    }

    #[test]
    fn a_day_on_which_the_clock_changes_ends_at_its_own_midnight() {
        for (month, of_month) in [(3, 29), (10, 25)] {
            let day = CivilDate::from_ymd(2026, month, of_month).unwrap();
            let end = plant_time(due_at(ErpTime::Day { day }, "Europe/Berlin"), "Europe/Berlin");
            assert_eq!((end.on, end.time_ms), (day, PlantTime::LAST_SECOND_MS));
            let begin = plant_time(begins_at(ErpTime::Day { day }, "Europe/Berlin"), "Europe/Berlin");
            assert_eq!((begin.on, begin.time_ms), (day, 0));
        }
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        assert_eq!(civil_date(TimestampMs(0), "Mars/Olympus").to_string(), "1970-01-01");
        assert!(!is_zone("Mars/Olympus"));
    }
}
