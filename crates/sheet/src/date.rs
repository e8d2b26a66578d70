//! Days and times: as Excel counts them, and as people write them.

/// A day of the calendar that exists.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i32,
    month: u32,
    of_month: u32,
}

/// A day, and a time of it where one is said. Nothing says in which zone.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Milliseconds since midnight, where a time is said.
    pub time_ms: Option<i64>,
}

/// Why a text is not read as a day.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// It is none, or no such day exists.
    NotADate,
    /// Day and month can change places (`03/04/2026`), or the year has two digits.
    Ambiguous,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Day {
    /// The day `of_month` (from 1) of `month` (from 1); nothing where there is none.
    pub fn new(year: i32, month: u32, of_month: u32) -> Option<Self> {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=last).contains(&of_month)).then_some(Self {
            year,
            month,
            of_month,
        })
    }

    /// Year, month from 1, day from 1.
    pub fn ymd(self) -> (i32, u32, u32) {
        (self.year, self.month, self.of_month)
    }

    /// The day that comes `days` after 1899-12-31, counted through the calendar.
    fn after_1899(days: i64) -> Option<Self> {
        // Whole years first, then months: at most some thousand steps for what a person means.
        let mut rest = days - 1;
        let mut year = 1900_i32;
        loop {
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            let length = if leap { 366 } else { 365 };
            if rest < length {
                break;
            }
            rest -= length;
            year += 1;
            if year > 9999 {
                return None;
            }
        }
        let mut month = 1_u32;
        loop {
            let length = (28..=31).rev().find(|day| Self::new(year, month, *day).is_some())?;
            if rest < i64::from(length) {
                return Self::new(year, month, u32::try_from(rest).ok()? + 1);
            }
            rest -= i64::from(length);
            month += 1;
        }
    }
}

impl Moment {
    /// The moment of Excel's serial number. Counted from 1900, day 60 is a 29 February that never was: it is no day,
    /// and those before it are one less than they would be. A whole number has no time.
    pub fn of_serial(serial: f64, from_1904: bool) -> Option<Self> {
        if !serial.is_finite() || !(0.0..3_000_000.0).contains(&serial) {
            return None;
        }
        let all_ms = (serial * DAY_MS as f64).round() as i64;
        let (days, time_ms) = (all_ms.div_euclid(DAY_MS), all_ms.rem_euclid(DAY_MS));
        let day = if from_1904 {
            // 1904-01-01 is day 0, and day 1461 of the calendar after 1899-12-31.
            Day::after_1899(days + 1461)?
        } else {
            match days {
                0 | 60 => return None,
                1..60 => Day::after_1899(days)?,
                _ => Day::after_1899(days - 1)?,
            }
        };
        let whole = time_ms == 0 && serial == serial.trunc();
        Some(Self { day, time_ms: (!whole).then_some(time_ms) })
    }

    /// The time of day in milliseconds, midnight where none is said.
    pub fn time_or_midnight_ms(self) -> i64 {
        self.time_ms.unwrap_or_default()
    }
}

/// The day, and the time where there is one, in a text: `2026-11-23`, `2026-11-23 14:30:05`, `23.11.2026`,
/// `23.11.2026 14:30`, `23/11/2026` where it can only be that.
///
/// # Errors
/// When it is no day that exists, or can be read in two ways.
pub fn read_moment(text: &str) -> Result<Moment, DateFault> {
    let text = text.trim();
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let day = read_day(day)?;
    let time_ms = time.map(|time| read_time(time).ok_or(DateFault::NotADate)).transpose()?;
    Ok(Moment { day, time_ms })
}

fn read_day(text: &str) -> Result<Day, DateFault> {
    let mark = ['-', '.', '/'].into_iter().find(|mark| text.contains(*mark)).ok_or(DateFault::NotADate)?;
    let pieces: Vec<&str> = text.split(mark).collect();
    let [first, second, third] = pieces.as_slice() else { return Err(DateFault::NotADate) };
    let number = |piece: &str| {
        let digits = !piece.is_empty() && piece.len() <= 4 && piece.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| piece.parse::<u32>().ok()).flatten().ok_or(DateFault::NotADate)
    };
    let (one, two, three) = (number(first)?, number(second)?, number(third)?);
    let day = |year: u32, month: u32, of_month: u32| {
        i32::try_from(year).ok().and_then(|year| Day::new(year, month, of_month)).ok_or(DateFault::NotADate)
    };
    if first.len() == 4 {
        return day(one, two, three);
    }
    if third.len() == 2 {
        return Err(DateFault::Ambiguous);
    }
    if third.len() != 4 {
        return Err(DateFault::NotADate);
    }
    match mark {
        '.' => day(three, two, one),
        _ if one > 12 => day(three, two, one),
        _ if two > 12 => day(three, one, two),
        _ if one == two => day(three, one, two),
        _ => Err(DateFault::Ambiguous),
    }
}

fn read_time(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let pieces: Vec<&str> = clock.split(':').collect();
    if !(2..=3).contains(&pieces.len()) || fraction.len() > 3 {
        return None;
    }
    let number = |piece: &str, below: i64| {
        let fits = (1..=2).contains(&piece.len()) && piece.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| piece.parse::<i64>().ok()).flatten().filter(|number| *number < below)
    };
    let hour = number(pieces.first()?, 24)?;
    let minute = number(pieces.get(1)?, 60)?;
    let second = pieces.get(2).map_or(Some(0), |piece| number(piece, 60))?;
    let millis = if fraction.is_empty() {
        0
    } else if pieces.len() == 3 && fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{fraction:0<3}").parse::<i64>().ok()?
    } else {
        return None;
    };
    Some(((hour * 60 + minute) * 60 + second) * 1000 + millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, of_month: u32) -> Day {
        Day::new(year, month, of_month).unwrap()
    }

    #[test]
    fn excel_counts_days_from_1900_with_a_day_that_never_was() {
        for (serial, expected) in [
            (1.0, Some(day(1900, 1, 1))),
            (59.0, Some(day(1900, 2, 28))),
            (60.0, None),
            (61.0, Some(day(1900, 3, 1))),
            (45_000.0, Some(day(2023, 3, 15))),
            (46_349.0, Some(day(2026, 11, 23))),
            (2_958_465.0, Some(day(9999, 12, 31))),
            (2_958_466.0, None),
            (0.0, None),
            (-1.0, None),
            (f64::NAN, None),
        ] {
            let found = Moment::of_serial(serial, false);
            assert_eq!(found.map(|moment| moment.day), expected, "{serial}");
            assert!(found.is_none_or(|moment| moment.time_ms.is_none()), "{serial} is a day as a whole");
        }
    }

    #[test]
    fn macs_counted_from_1904() {
        assert_eq!(Moment::of_serial(0.0, true).map(|moment| moment.day), Some(day(1904, 1, 1)));
        assert_eq!(Moment::of_serial(44_887.0, true).map(|moment| moment.day), Some(day(2026, 11, 23)));
    }

    #[test]
    fn a_fraction_is_the_time_of_day_to_the_millisecond() {
        let moment = Moment::of_serial(46_349.604_224_537_04, false).unwrap();
        assert_eq!((moment.day, moment.time_ms), (day(2026, 11, 23), Some(52_205_000)), "14:30:05");
        // A hair before midnight is midnight.
        let moment = Moment::of_serial(46_349.999_999_999_99, false).unwrap();
        assert_eq!(moment.day, day(2026, 11, 24));
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let plain = |year, month, of_month| Ok(Moment { day: day(year, month, of_month), time_ms: None });
        for (text, expected) in [
            ("2026-11-23", plain(2026, 11, 23)),
            ("23.11.2026", plain(2026, 11, 23)),
            ("3.4.2026", plain(2026, 4, 3)),
            ("23/11/2026", plain(2026, 11, 23)),
            ("11/23/2026", plain(2026, 11, 23)),
            ("5/5/2026", plain(2026, 5, 5)),
            ("2024-02-29", plain(2024, 2, 29)),
            ("03/04/2026", Err(DateFault::Ambiguous)),
            ("3-4-2026", Err(DateFault::Ambiguous)),
            ("23.11.26", Err(DateFault::Ambiguous)),
            ("2026-02-29", Err(DateFault::NotADate)),
            ("31.04.2026", Err(DateFault::NotADate)),
            ("tomorrow", Err(DateFault::NotADate)),
            ("", Err(DateFault::NotADate)),
            ("2026-11", Err(DateFault::NotADate)),
            ("20261123", Err(DateFault::NotADate)),
        ] {
            assert_eq!(read_moment(text), expected, "{text}");
        }
    }

    #[test]
    fn times_are_read_to_the_millisecond() {
        for (text, time_ms) in [
            ("2026-11-23 14:30", Some(52_200_000)),
            ("2026-11-23T14:30:05", Some(52_205_000)),
            ("23.11.2026 0:00", Some(0)),
            ("2026-11-23 14:30:05.25", Some(52_205_250)),
            ("2026-11-23 24:00", None),
            ("2026-11-23 14:60", None),
            ("2026-11-23 14", None),
            ("2026-11-23 14:30.5", None),
        ] {
            assert_eq!(read_moment(text).ok().and_then(|moment| moment.time_ms), time_ms, "{text}");
        }
    }
}
