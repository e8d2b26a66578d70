//! Which shift runs when: the plant's pattern laid over its calendar. Pure, but for where the pattern is kept.

use millwright_local_db::Session;
use millwright_model::{ShiftPattern, ShiftSpan, ShiftTime, TimestampMs};

use super::date;
use crate::EngineError;

const MINUTE_MS: i64 = 60_000;

/// The plant's shifts on the plant's clock.
pub(crate) struct Shifts {
    pub(crate) pattern: Vec<ShiftTime>,
    zone: String,
}

impl Shifts {
    /// As they are kept; three usual ones until somebody says otherwise.
    pub(crate) async fn kept(session: &mut Session) -> Result<Self, EngineError> {
        let kept: Option<ShiftPattern> = session.get(ShiftPattern::ID).await?;
        let zone = date::plant_zone(session).await?;
        let pattern = kept.map(|kept| kept.shifts).filter(|shifts| !shifts.is_empty());
        Ok(Self { pattern: pattern.unwrap_or_else(ShiftTime::usual), zone })
    }

    /// The shift in which `at` lies. A night in which the clock is changed is an hour shorter or longer: begin and end
    /// are what the clock on the wall says.
    pub(crate) fn at(&self, at: TimestampMs) -> ShiftSpan {
        let today = date::civil_date(at, &self.zone);
        let mut starts: Vec<(TimestampMs, &str)> = Vec::with_capacity(self.pattern.len() * 5);
        for day in -2..=2 {
            let Some(day) = today.plus_days(day) else { continue };
            for shift in &self.pattern {
                let starts_at = date::instant(day, shift.starts_min * MINUTE_MS, &self.zone);
                starts.push((starts_at, &shift.name));
            }
        }
        // Where the clock jumps over the begin of one shift, two may begin at once: the one that is later on the wall
        // is the one that runs.
        starts.sort_by_key(|(starts_at, _)| *starts_at);
        let running = starts.iter().rposition(|(starts_at, _)| *starts_at <= at).unwrap_or_default();
        let (starts_at, name) = starts.get(running).copied().unwrap_or((at, ""));
        let later = starts.iter().map(|(starts_at, _)| *starts_at).find(|starts_at| *starts_at > at);
        span(name, starts_at, later.unwrap_or_else(|| at.plus_ms(ShiftTime::DAY_MIN * MINUTE_MS)), &self.zone)
    }

    /// The shift before `span`.
    pub(crate) fn before(&self, span: &ShiftSpan) -> ShiftSpan {
        self.at(span.starts_at.plus_ms(-1))
    }
}

/// A shift with what the plant's clock says of its begin and end.
pub(crate) fn span(name: &str, starts_at: TimestampMs, ends_at: TimestampMs, zone: &str) -> ShiftSpan {
    let (begin, end) = (date::plant_time(starts_at, zone), date::plant_time(ends_at, zone));
    ShiftSpan {
        name: name.to_owned(),
        starts_at,
        ends_at,
        starts_on: begin.on,
        starts_min: begin.time_ms / MINUTE_MS,
        ends_min: end.time_ms / MINUTE_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millwright_model::CivilDate;

    const HOUR_MS: i64 = 60 * MINUTE_MS;

    fn berlin(pattern: Vec<ShiftTime>) -> Shifts {
        Shifts { pattern, zone: "Europe/Berlin".to_owned() }
    }

    fn clock(day: &str, hour: i64) -> TimestampMs {
        date::instant(CivilDate::try_from(day.to_owned()).unwrap(), hour * HOUR_MS, "Europe/Berlin")
    }

    #[test]
    fn a_night_shift_belongs_to_the_evening_it_began_in() {
        let shifts = berlin(ShiftTime::usual());
        let night = shifts.at(clock("2026-11-24", 3));
        assert_eq!((night.name.as_str(), night.starts_at), ("Night", clock("2026-11-23", 22)));
        assert_eq!(night.ends_at, clock("2026-11-24", 6));
        assert_eq!(
            (night.starts_on.to_string().as_str(), night.starts_min, night.ends_min),
            ("2026-11-23", 1_320, 360)
        );
        assert_eq!(shifts.before(&night).name, "Late");
        assert_eq!(shifts.at(night.ends_at).name, "Early", "the end belongs to the next shift");
        assert_eq!(shifts.at(night.ends_at.plus_ms(-1)), night);
    }

    #[test]
    fn the_night_of_the_clock_change_is_an_hour_shorter_or_longer() {
        let shifts = berlin(ShiftTime::usual());
        for (evening, hours) in [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-23", 8)] {
            let night = shifts.at(clock(evening, 23));
            assert_eq!(night.ends_at.since_ms(night.starts_at), hours * HOUR_MS, "{evening}");
            let next = shifts.at(night.ends_at);
            assert_eq!((next.name.as_str(), next.starts_at), ("Early", night.ends_at), "{evening}");
        }
    }

    #[test]
    fn a_begin_that_the_clock_jumps_over_is_after_the_jump() {
        let half_past_two = ShiftTime { name: "Odd".to_owned(), starts_min: 150 };
        let noon = ShiftTime { name: "Noon".to_owned(), starts_min: 720 };
        let shifts = berlin(vec![half_past_two, noon]);
        let odd = shifts.at(clock("2026-03-29", 5));
        assert_eq!((odd.name.as_str(), odd.ends_at), ("Odd", clock("2026-03-29", 12)));
        assert_eq!(odd.starts_at, clock("2026-03-29", 3).plus_ms(30 * MINUTE_MS));
    }

    #[test]
    fn one_shift_a_day_runs_round_the_clock() {
        let shifts = berlin(vec![ShiftTime { name: "Day".to_owned(), starts_min: 420 }]);
        let span = shifts.at(clock("2026-11-23", 3));
        assert_eq!(span.starts_at, clock("2026-11-22", 7));
        assert_eq!(span.ends_at, clock("2026-11-23", 7));
    }
}
