//! Lines run again and again beside each other, under the same luck.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use millwright_methods::discrete::Duration;
use millwright_methods::discrete::line::{
    self, Buffer, Condition, Costs, Crews, Failures, Line, Machine, Maintenance, Measure, Outlook, Period,
    Replications, Shifts, WorkingSpan,
};
use millwright_methods::discrete::statistics::Estimate;
use millwright_model::*;

use super::{of_run, unfit};
use crate::EngineError;
use crate::engine::Inner;

/// Farther ahead nobody looks at a line as it stands now: a quarter.
const HOURS_MAX: f64 = 24.0 * 92.0;
/// So often at most: the band is narrow enough long before.
const REPLICATIONS_MAX: u32 = 2_000;
/// What all chance follows from: the same for each run, so that only changes change something.
const SEED: u64 = 1;
/// Repairs vary by so much of their mean.
const REPAIR_SPREAD: f64 = 0.8;
/// A cycle varies by so much of its mean.
const CYCLE_SPREAD: f64 = 0.1;
const DAY_H: f64 = 24.0;

/// The run that is under way: the next one ends it.
#[derive(Default)]
pub(crate) struct Running(Mutex<Arc<AtomicBool>>);

impl Running {
    /// A new run's own mark; that of the run before is set.
    fn take_turn(&self) -> Arc<AtomicBool> {
        let new = Arc::<AtomicBool>::default();
        if let Ok(mut under_way) = self.0.lock() {
            under_way.store(true, Ordering::Relaxed);
            *under_way = new.clone();
        }
        new
    }
}

pub(crate) async fn run(engine: &Inner, command: WhatIfRun) -> Result<WhatIfComparison, EngineError> {
    let WhatIfRun { line, options, hours, replications } = command;
    if options.len() > WhatIfOption::MAX {
        let must = format!("at most {} options at a time", WhatIfOption::MAX);
        return Err(unfit(WhatIfFault::Unfit { place: "options".to_owned(), must }));
    }
    if !(hours > 0.0 && hours <= HOURS_MAX) {
        let must = format!("must be above 0 and at most {HOURS_MAX} hours");
        return Err(unfit(WhatIfFault::Unfit { place: "how far ahead".to_owned(), must }));
    }
    if !(2..=REPLICATIONS_MAX).contains(&replications) {
        let must = format!("must be between 2 and {REPLICATIONS_MAX}");
        return Err(unfit(WhatIfFault::Unfit { place: "how often".to_owned(), must }));
    }
    let base = line_of(&line, &line)?;
    let changed: Vec<Line> =
        options.iter().map(|option| line_of(&option.line, &line)).collect::<Result<_, _>>()?;
    let is_cancelled = engine.what_if.take_turn();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).try_into().unwrap_or(1);
    let told = tokio::task::spawn_blocking(move || {
        let many = Replications { many: replications, threads };
        let cancelled = || is_cancelled.load(Ordering::Relaxed);
        line::compare(&base, &changed, &Period::of(hours, SEED), many, &cancelled)
    });
    let told = told.await.map_err(EngineError::internal)?.map_err(of_run)?;
    let mut outlooks = vec![outlook(None, &line, &told.base, &[])];
    for (option, (comes, changes)) in options.iter().zip(&told.options) {
        let changes: Vec<(Measure, Estimate)> =
            changes.iter().map(|change| (change.measure, change.change)).collect();
        outlooks.push(outlook(Some(option.name.clone()), &option.line, comes, &changes));
    }
    Ok(WhatIfComparison { hours, replications, outlooks })
}

fn outlook(
    name: Option<String>,
    line: &LineFork,
    comes: &Outlook,
    changes: &[(Measure, Estimate)],
) -> WhatIfOutlook {
    let measures = WhatIfMeasure::ALL.map(|measure| estimate(measure, comes.measure(in_methods(measure))));
    let changes = WhatIfMeasure::ALL.into_iter().filter_map(|measure| {
        let found = changes.iter().find(|(of, _)| *of == in_methods(measure));
        found.map(|(_, change)| estimate(measure, *change))
    });
    let times = line.machines.iter().zip(&comes.machine_times).map(|(machine, times)| WhatIfTimes {
        name: machine.name.clone(),
        working_h: times.working_h,
        waiting_h: times.starved_h + times.blocked_h,
        broken_h: times.waiting_for_crew_h + times.under_repair_h,
        maintenance_h: times.planned_stop_h,
        off_shift_h: times.off_shift_h,
    });
    WhatIfOutlook { name, measures: measures.to_vec(), changes: changes.collect(), times: times.collect() }
}

fn in_methods(measure: WhatIfMeasure) -> Measure {
    match measure {
        WhatIfMeasure::Oee => Measure::Oee,
        WhatIfMeasure::Output => Measure::Good,
        WhatIfMeasure::Cost => Measure::Cost,
        WhatIfMeasure::CostPerGood => Measure::CostPerGood,
    }
}

fn estimate(measure: WhatIfMeasure, of: Estimate) -> WhatIfEstimate {
    WhatIfEstimate { measure, mean: of.mean, half_width: of.half_width }
}

/// A forked line as it is run; `base` says what its machines were planned to do.
fn line_of(fork: &LineFork, base: &LineFork) -> Result<Line, EngineError> {
    if fork.machines.len() > LineFork::MACHINES_MAX {
        let limit = LineFork::MACHINES_MAX as u64;
        return Err(unfit(WhatIfFault::TooManyMachines { limit }));
    }
    let machines = fork.machines.iter().map(|machine| {
        let before = base.machines.iter().find(|before| before.asset_id == machine.asset_id);
        machine_of(machine, before.unwrap_or(machine), fork.taken_at)
    });
    let buffers = fork.buffers.iter().map(|buffer| Buffer { capacity: buffer.capacity, holds: buffer.holds });
    let ForkedCosts { shift_per_h, repair_per_h, maintenance_per_h, material_per_piece } = fork.costs;
    Ok(Line {
        machines: machines.collect(),
        buffers: buffers.collect(),
        shifts: shifts_of(fork)?,
        crews: Crews { many: fork.crews, work_off_shift: false },
        costs: Costs {
            shift_per_h,
            repair_per_h,
            maintenance_per_h,
            material_per_piece,
            energy_per_kwh: 0.0,
        },
    })
}

fn machine_of(machine: &ForkedMachine, before: &ForkedMachine, taken_at: TimestampMs) -> Machine {
    let cycle_s = machine.cycle_time_s.value;
    let repair_h = machine.repair_h.value;
    let stood_h = machine.stands_since.map(|since| taken_at.since_ms(since) as f64 / 3_600_000.0);
    Machine {
        // A machine that is made slower is measured against what it should do, one that is made faster against its new pace.
        planned_cycle_time_s: Some(before.cycle_time_s.value.min(cycle_s)),
        failures: Some(Failures {
            time_to_failure_h: Duration::Exponential { mean: machine.time_to_failure_h.value },
            repair_time_h: Duration::LogNormal { mean: repair_h, deviation: repair_h * REPAIR_SPREAD },
        }),
        maintenance: machine.maintenance.as_ref().map(|planned| Maintenance {
            every_h: planned.every_h.value,
            first_after_h: planned.first_after_h,
            duration_h: Duration::Constant { value: planned.takes_h.value },
            needs_crew: false,
        }),
        scrap_share: machine.scrap_share.value,
        begins: match stood_h {
            // Of a standstill that goes on nobody knows how long it takes yet: as long as one takes on average, less what is over.
            Some(stood_h) => {
                Condition::Down { left_h: Some((repair_h - stood_h).max(repair_h * 0.1)), piece_left_s: None }
            }
            None => Condition::Empty,
        },
        ..Machine::new(
            &machine.name,
            Duration::Triangular {
                low: cycle_s * (1.0 - CYCLE_SPREAD),
                mode: cycle_s,
                high: cycle_s * (1.0 + CYCLE_SPREAD),
            },
        )
    }
}

/// When the line works: shifts one after the other are one span; nothing where it always works.
fn shifts_of(fork: &LineFork) -> Result<Option<Shifts>, EngineError> {
    let must = |must: &str| unfit(WhatIfFault::Unfit { place: "shifts".to_owned(), must: must.to_owned() });
    if fork.shifts.iter().all(|shift| shift.works) {
        return Ok(None);
    }
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for shift in fork.shifts.iter().filter(|shift| shift.works) {
        if !(0.0..DAY_H).contains(&shift.from_h) || !(0.0..=DAY_H).contains(&shift.to_h) {
            return Err(must("must begin and end within a day"));
        }
        if shift.from_h < shift.to_h {
            spans.push((shift.from_h, shift.to_h));
        } else {
            // Over midnight.
            spans.push((shift.from_h, DAY_H));
            spans.push((0.0, shift.to_h));
        }
    }
    spans.retain(|(from, to)| from < to);
    spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut working: Vec<WorkingSpan> = Vec::new();
    for (from_h, to_h) in spans {
        match working.last_mut() {
            Some(last) if from_h <= last.to_h => last.to_h = last.to_h.max(to_h),
            _ => working.push(WorkingSpan { from_h, to_h }),
        }
    }
    if working.is_empty() {
        return Err(must("the line works in at least one of them"));
    }
    Ok(Some(Shifts { pattern_h: DAY_H, working, begins_at_h: fork.begins_at_h.clamp(0.0, DAY_H - 1e-9) }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn machine(number: u128, cycle_s: f64) -> ForkedMachine {
        ForkedMachine {
            asset_id: AssetId(Uuid::from_u128(number)),
            name: format!("Machine {number}"),
            cycle_time_s: ForkedFigure::assumed(cycle_s),
            time_to_failure_h: ForkedFigure::assumed(50.0),
            repair_h: ForkedFigure::assumed(1.0),
            scrap_share: ForkedFigure::assumed(0.0),
            maintenance: None,
            stands_since: None,
        }
    }

    fn fork() -> LineFork {
        let shift = |name: &str, from_h, to_h| ForkedShift { name: name.into(), from_h, to_h, works: true };
        LineFork {
            line_id: AssetId(Uuid::from_u128(9)),
            name: "Line".into(),
            taken_at: TimestampMs(0),
            machines: vec![machine(1, 60.0), machine(2, 90.0)],
            buffers: vec![ForkedBuffer { capacity: 10, holds: 5 }],
            shifts: vec![shift("Early", 6.0, 14.0), shift("Late", 14.0, 22.0), shift("Night", 22.0, 6.0)],
            begins_at_h: 7.0,
            crews: None,
            costs: ForkedCosts::default(),
        }
    }

    #[test]
    fn a_night_over_midnight_is_two_spans_and_shifts_that_touch_are_one() {
        let mut fork = fork();
        assert_eq!(shifts_of(&fork).unwrap(), None, "three shifts are always");
        fork.shifts[0].works = false;
        let working = shifts_of(&fork).unwrap().unwrap().working;
        let spans: Vec<(f64, f64)> = working.iter().map(|span| (span.from_h, span.to_h)).collect();
        assert_eq!(spans, [(0.0, 6.0), (14.0, 24.0)]);
        fork.shifts.iter_mut().for_each(|shift| shift.works = false);
        assert!(shifts_of(&fork).is_err());
    }

    #[test]
    fn a_slowed_machine_is_measured_against_what_it_should_do() {
        let before = machine(1, 60.0);
        let planned =
            |cycle_s| machine_of(&machine(1, cycle_s), &before, TimestampMs(0)).planned_cycle_time_s;
        assert_eq!((planned(80.0), planned(45.0)), (Some(60.0), Some(45.0)));
    }

    #[test]
    fn a_machine_that_stands_begins_broken() {
        let stands = ForkedMachine { stands_since: Some(TimestampMs(0)), ..machine(1, 60.0) };
        let begins =
            |at_h: f64| machine_of(&stands, &stands, TimestampMs((at_h * 3_600_000.0) as i64)).begins;
        assert_eq!(begins(0.25), Condition::Down { left_h: Some(0.75), piece_left_s: None });
        assert_eq!(begins(8.0), Condition::Down { left_h: Some(0.1), piece_left_s: None });
        assert_eq!(line_of(&fork(), &fork()).unwrap().machines[0].begins, Condition::Empty);
    }
}
