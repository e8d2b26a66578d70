//! When a maintenance plan is due next: arithmetic of calendar and meter alone.

use millwright_model::{CalendarUnit, CivilDate, MaintenancePlan, OccasionDue, PlanMode, PlanRhythm};

/// An order that a plan raised, and what became of it.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Raised {
    /// When it was due.
    pub(crate) due: OccasionDue,
    /// When it was done, where it was; nothing where it was given up or is still open.
    pub(crate) done: Option<DoneOn>,
}

/// When an order was done.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct DoneOn {
    /// The plant's day.
    pub(crate) on: CivilDate,
    /// Where the meter stood, where that is known.
    pub(crate) meter: Option<f64>,
}

/// The next time that a plan is due.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Next {
    /// When.
    pub(crate) due: OccasionDue,
    /// Its name: an order raised for it again is the same order.
    pub(crate) occasion: String,
}

/// How a plan stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standing {
    /// The plant's day.
    pub(crate) today: CivilDate,
    /// Where the meter stands.
    pub(crate) meter: Option<f64>,
    /// The plant's day of `last_done_at`.
    pub(crate) done_before: Option<CivilDate>,
    /// The orders it raised.
    pub(crate) raised: Vec<Raised>,
}

/// When the plan is due next; nothing beyond the calendar.
pub(crate) fn next(plan: &MaintenancePlan, standing: &Standing) -> Option<Next> {
    match &plan.rhythm {
        PlanRhythm::Calendar { every, unit, first_due } => {
            let due = match plan.mode {
                PlanMode::Fixed => by_calendar(*first_due, *every, *unit, plan.lead_days, standing)?,
                PlanMode::Floating => {
                    let Some(from) = last_day(standing) else {
                        return Some(Next {
                            due: OccasionDue::Day(*first_due),
                            occasion: "first".to_owned(),
                        });
                    };
                    let due = OccasionDue::Day(unit.after(from, *every)?);
                    // Named by the day it is counted from: work that was done early may fall due on the same day again.
                    return Some(Next { due, occasion: format!("after {from}") });
                }
            };
            Some(Next { due: OccasionDue::Day(due), occasion: due.to_string() })
        }
        PlanRhythm::Meter { every, counted_from, ahead, source: _ } => {
            let (stand, occasion) = match plan.mode {
                PlanMode::Fixed => {
                    let stand = by_meter(*counted_from, *every, *ahead, standing);
                    (stand, format!("{stand}"))
                }
                PlanMode::Floating => match last_stand(standing) {
                    Some(from) => (from + every, format!("after {from}")),
                    None => (counted_from + every, "first".to_owned()),
                },
            };
            stand.is_finite().then_some(Next { due: OccasionDue::Meter(stand), occasion })
        }
    }
}

/// Whether the order for `due` is to be raised now.
pub(crate) fn is_time(plan: &MaintenancePlan, due: OccasionDue, standing: &Standing) -> bool {
    match (due, &plan.rhythm) {
        (OccasionDue::Day(day), _) => raised_on(plan, day) <= standing.today,
        (OccasionDue::Meter(stand), PlanRhythm::Meter { ahead, .. }) => {
            standing.meter.is_some_and(|meter| meter >= stand - ahead)
        }
        (OccasionDue::Meter(_), PlanRhythm::Calendar { .. }) => false,
    }
}

/// The day on which the order for `due` is raised.
pub(crate) fn raised_on(plan: &MaintenancePlan, due: CivilDate) -> CivilDate {
    due.plus_days(-plan.lead_days).unwrap_or(due)
}

/// The last day on which the work was done, or was due and given up.
fn last_day(standing: &Standing) -> Option<CivilDate> {
    let raised = standing.raised.iter().filter_map(|raised| match (raised.done, raised.due) {
        (Some(done), _) => Some(done.on),
        (None, OccasionDue::Day(day)) => Some(day),
        (None, OccasionDue::Meter(_)) => None,
    });
    raised.chain(standing.done_before).max()
}

/// The last stand of the meter at which the work was done, or was due and given up.
fn last_stand(standing: &Standing) -> Option<f64> {
    let raised = standing.raised.iter().filter_map(|raised| match (raised.done, raised.due) {
        (Some(DoneOn { meter: Some(meter), .. }), _) => Some(meter),
        // Nobody knows where it stood then: where it was due is the next best.
        (_, OccasionDue::Meter(stand)) => Some(stand),
        (_, OccasionDue::Day(_)) => None,
    });
    raised.max_by(f64::total_cmp)
}

/// The next day of a fixed rhythm: the first that is not dealt with, or the latest whose order could be raised by
/// today. What lies between was missed and does not pile up.
fn by_calendar(
    first_due: CivilDate,
    every: i64,
    unit: CalendarUnit,
    lead_days: i64,
    standing: &Standing,
) -> Option<CivilDate> {
    let due = |count: i64| unit.after(first_due, count.checked_mul(every)?);
    let dealt_with = standing
        .raised
        .iter()
        .filter_map(|raised| match raised.due {
            OccasionDue::Day(day) => Some(raised.done.map_or(day, |done| day.max(done.on))),
            OccasionDue::Meter(_) => raised.done.map(|done| done.on),
        })
        .chain(standing.done_before)
        .max();
    let window = standing.today.plus_days(lead_days)?;
    let open = match dealt_with {
        Some(day) => last_count(&due, first_due, day).map_or(0, |count| count + 1),
        None => 0,
    };
    let in_window = last_count(&due, first_due, window).unwrap_or(0);
    due(open.max(in_window))
}

/// How many times after the first the rhythm last fell on `day` or before; nothing before the first.
fn last_count(due: &impl Fn(i64) -> Option<CivilDate>, first_due: CivilDate, day: CivilDate) -> Option<i64> {
    if day < first_due {
        return None;
    }
    // The rhythm only goes on: halving finds the place. A rhythm of a day cannot come round more often than days pass.
    let (mut low, mut high) = (0_i64, i64::from(day.days()) - i64::from(first_due.days()) + 1);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        match due(middle) {
            Some(found) if found <= day => low = middle,
            _ => high = middle,
        }
    }
    Some(low)
}

/// The next stand of a fixed rhythm, by the same rule.
fn by_meter(counted_from: f64, every: f64, ahead: f64, standing: &Standing) -> f64 {
    let count_at = |stand: f64| ((stand - counted_from) / every).floor();
    let open = last_stand(standing)
        .into_iter()
        .chain(standing.raised.iter().filter_map(|raised| match raised.due {
            OccasionDue::Meter(stand) => Some(stand),
            OccasionDue::Day(_) => None,
        }))
        .map(|stand| count_at(stand) + 1.0)
        .fold(1.0, f64::max);
    let in_window = standing.meter.map_or(1.0, |meter| count_at(meter + ahead));
    counted_from + open.max(in_window) * every
}

#[cfg(test)]
mod tests {
    use super::*;
    use millwright_model::*;

    fn date(text: &str) -> CivilDate {
        CivilDate::try_from(text.to_owned()).unwrap()
    }

    fn plan(rhythm: PlanRhythm, mode: PlanMode, lead_days: i64) -> MaintenancePlan {
        MaintenancePlan {
            maintenance_plan_id: MaintenancePlanId::default(),
            asset_id: AssetId::default(),
            title: "Grease".into(),
            steps: vec![],
            priority: Priority::Medium,
            planned_minutes: None,
            rhythm,
            mode,
            lead_days,
            last_done_at: None,
            ended_at: None,
        }
    }

    fn monthly(mode: PlanMode, lead_days: i64) -> MaintenancePlan {
        let rhythm =
            PlanRhythm::Calendar { every: 1, unit: CalendarUnit::Month, first_due: date("2026-01-31") };
        plan(rhythm, mode, lead_days)
    }

    fn standing(today: &str, raised: Vec<Raised>) -> Standing {
        Standing { today: date(today), meter: None, done_before: None, raised }
    }

    fn done(due: &str, on: &str) -> Raised {
        Raised { due: OccasionDue::Day(date(due)), done: Some(DoneOn { on: date(on), meter: None }) }
    }

    fn day(plan: &MaintenancePlan, standing: &Standing) -> String {
        match next(plan, standing).unwrap().due {
            OccasionDue::Day(day) => day.to_string(),
            OccasionDue::Meter(stand) => format!("at {stand}"),
        }
    }

    #[test]
    fn a_fixed_plan_keeps_its_day_and_the_last_of_short_months() {
        let plan = monthly(PlanMode::Fixed, 0);
        assert_eq!(day(&plan, &standing("2026-01-01", vec![])), "2026-01-31");
        let late = [done("2026-01-31", "2026-02-10")];
        assert_eq!(day(&plan, &standing("2026-02-10", late.to_vec())), "2026-02-28");
        let early = [done("2026-02-28", "2026-02-20")];
        assert_eq!(
            day(&plan, &standing("2026-02-20", early.to_vec())),
            "2026-03-31",
            "not the same one again"
        );
    }

    #[test]
    fn what_a_fixed_plan_missed_does_not_pile_up() {
        let plan = monthly(PlanMode::Fixed, 5);
        let away = standing("2026-07-15", vec![done("2026-01-31", "2026-01-31")]);
        assert_eq!(day(&plan, &away), "2026-06-30", "one of five, the latest");
        assert!(is_time(&plan, next(&plan, &away).unwrap().due, &away));
        let done_late = [done("2026-03-31", "2026-07-15")];
        assert_eq!(day(&plan, &standing("2026-07-15", done_late.to_vec())), "2026-07-31");
    }

    #[test]
    fn an_order_is_raised_so_many_days_ahead() {
        let plan = monthly(PlanMode::Fixed, 5);
        for (today, time) in [("2026-01-25", false), ("2026-01-26", true), ("2026-01-31", true)] {
            let standing = standing(today, vec![]);
            assert_eq!(is_time(&plan, next(&plan, &standing).unwrap().due, &standing), time, "{today}");
        }
    }

    #[test]
    fn a_floating_plan_counts_from_the_day_it_was_done() {
        let plan = monthly(PlanMode::Floating, 0);
        assert_eq!(day(&plan, &standing("2026-01-01", vec![])), "2026-01-31");
        let late = standing("2026-02-20", vec![done("2026-01-31", "2026-02-20")]);
        assert_eq!(day(&plan, &late), "2026-03-20");
        let given_up = Raised { due: OccasionDue::Day(date("2026-03-20")), done: None };
        let after = standing("2026-03-25", vec![done("2026-01-31", "2026-02-20"), given_up]);
        assert_eq!(day(&plan, &after), "2026-04-20", "what was given up counts as dealt with");
    }

    #[test]
    fn a_floating_occasion_that_falls_on_the_same_day_again_is_another_one() {
        let plan = plan(
            PlanRhythm::Calendar { every: 5, unit: CalendarUnit::Day, first_due: date("2026-01-10") },
            PlanMode::Floating,
            5,
        );
        let first = next(&plan, &standing("2026-01-05", vec![])).unwrap();
        let again = next(&plan, &standing("2026-01-05", vec![done("2026-01-10", "2026-01-05")])).unwrap();
        assert_eq!(first.due, again.due);
        assert_ne!(first.occasion, again.occasion);
    }

    fn hours(mode: PlanMode, ahead: f64) -> MaintenancePlan {
        let source = MeterSource::Reading { name: "Operating hours".into(), unit: "h".into() };
        plan(PlanRhythm::Meter { every: 500.0, source, counted_from: 100.0, ahead }, mode, 7)
    }

    fn at_meter(meter: Option<f64>, raised: Vec<Raised>) -> Standing {
        Standing { meter, ..standing("2026-01-01", raised) }
    }

    #[test]
    fn a_meter_plan_is_due_when_the_meter_is_near_it() {
        let plan = hours(PlanMode::Fixed, 50.0);
        for (meter, due, time) in [
            (None, 600.0, false),
            (Some(549.0), 600.0, false),
            (Some(550.0), 600.0, true),
            (Some(700.0), 600.0, true),
            (Some(1_720.0), 1_600.0, true),
        ] {
            let standing = at_meter(meter, vec![]);
            let next = next(&plan, &standing).unwrap().due;
            assert_eq!((next, is_time(&plan, next, &standing)), (OccasionDue::Meter(due), time), "{meter:?}");
        }
    }

    #[test]
    fn a_meter_plan_goes_on_from_its_mark_or_from_where_it_was_done() {
        let late = Raised {
            due: OccasionDue::Meter(600.0),
            done: Some(DoneOn { on: date("2026-01-01"), meter: Some(680.0) }),
        };
        let at = at_meter(Some(680.0), vec![late]);
        assert_eq!(next(&hours(PlanMode::Fixed, 0.0), &at).unwrap().due, OccasionDue::Meter(1_100.0));
        assert_eq!(next(&hours(PlanMode::Floating, 0.0), &at).unwrap().due, OccasionDue::Meter(1_180.0));
        let unknown = Raised { done: Some(DoneOn { on: date("2026-01-01"), meter: None }), ..late };
        let at = at_meter(Some(680.0), vec![unknown]);
        assert_eq!(next(&hours(PlanMode::Floating, 0.0), &at).unwrap().due, OccasionDue::Meter(1_100.0));
    }

    #[test]
    fn a_plan_beyond_the_calendar_is_due_no_more() {
        let rhythm =
            PlanRhythm::Calendar { every: 1_000, unit: CalendarUnit::Year, first_due: date("9000-01-01") };
        let plan = plan(rhythm, PlanMode::Floating, 0);
        assert_eq!(next(&plan, &standing("9000-01-01", vec![done("9000-01-01", "9000-01-01")])), None);
    }
}
