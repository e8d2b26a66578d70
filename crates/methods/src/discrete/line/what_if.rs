//! What a change would do: the line as it stands and the line as it might be, run again and again by the same chance.

use serde::{Deserialize, Serialize};

use super::super::statistics::Estimate;
use super::super::{Cancelled, Error, Invalid};
use super::figures::{Figures, Times};
use super::input::{Line, Period};
use super::simulate;

/// More replications are not run at once.
pub const REPLICATIONS_MAX: u32 = 100_000;
/// Of all replications of all options together, so many machines.
const MACHINE_RUNS_MAX: usize = 2_000_000;
/// More threads are not started.
const THREADS_MAX: u32 = 256;

/// How often each line is run.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replications {
    /// Each by a chance of its own, which all options share: at least two, or nothing is known of how far off a mean is.
    pub many: u32,
    /// Side by side. The result does not depend on it.
    pub threads: u32,
}

/// What lines are compared by.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Good pieces.
    Good,
    /// Pieces taken out.
    Scrapped,
    /// Good pieces per hour.
    ThroughputPerH,
    /// The line's availability.
    Availability,
    /// Its effectiveness.
    Effectiveness,
    /// Its quality ratio.
    Quality,
    /// All three.
    Oee,
    /// Energy drawn.
    EnergyKwh,
    /// Everything together.
    Cost,
    /// For each good piece.
    CostPerGood,
}

impl Measure {
    /// In their order.
    pub const ALL: [Self; 10] = [
        Self::Good,
        Self::Scrapped,
        Self::ThroughputPerH,
        Self::Availability,
        Self::Effectiveness,
        Self::Quality,
        Self::Oee,
        Self::EnergyKwh,
        Self::Cost,
        Self::CostPerGood,
    ];

    /// Its value in one run.
    pub fn of(self, figures: &Figures) -> f64 {
        match self {
            Self::Good => figures.good as f64,
            Self::Scrapped => figures.scrapped as f64,
            Self::ThroughputPerH => figures.throughput_per_h,
            Self::Availability => figures.ratios.availability,
            Self::Effectiveness => figures.ratios.effectiveness,
            Self::Quality => figures.ratios.quality,
            Self::Oee => figures.ratios.oee,
            Self::EnergyKwh => figures.energy_kwh,
            Self::Cost => figures.cost,
            Self::CostPerGood => figures.cost_per_good,
        }
    }
}

/// What a line will do, over all its runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outlook {
    /// Each measure, in the order of [`Measure::ALL`].
    pub measures: Vec<(Measure, Estimate)>,
    /// What each machine's time goes to, on average.
    pub machine_times: Vec<Times>,
    /// How much happened in all runs.
    pub events: u64,
}

impl Outlook {
    /// One measure.
    pub fn measure(&self, measure: Measure) -> Estimate {
        let nothing = Estimate { mean: f64::NAN, half_width: f64::INFINITY };
        self.measures.iter().find(|(of, _)| *of == measure).map_or(nothing, |(_, estimate)| *estimate)
    }
}

/// How a measure of an option lies to that of the base.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Which.
    pub measure: Measure,
    /// Option less base, run by run.
    pub change: Estimate,
}

impl Difference {
    /// Whether it is more than chance: the interval does not hold 0.
    pub fn is_clear(&self) -> bool {
        !self.change.covers(0.0)
    }
}

/// The base and its options.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The line as it stands.
    pub base: Outlook,
    /// Each option and its differences, in the order of [`Measure::ALL`].
    pub options: Vec<(Outlook, Vec<Difference>)>,
}

/// Runs a line again and again.
///
/// # Errors
/// As [`super::simulate`]; and where there are too many replications.
pub fn outlook(
    line: &Line,
    period: &Period,
    replications: Replications,
    cancelled: Cancelled<'_>,
) -> Result<Outlook, Error> {
    Ok(compare(line, &[], period, replications, cancelled)?.base)
}

/// Runs a line and its options again and again, by the same chance: the first run of each meets the same failures, repairs
/// and cycle times, machine by machine, and so on. Machines are told apart by their place in the line.
///
/// # Errors
/// As [`super::simulate`], with the number of the option before its place; and where there are too many replications.
pub fn compare(
    base: &Line,
    options: &[Line],
    period: &Period,
    replications: Replications,
    cancelled: Cancelled<'_>,
) -> Result<Comparison, Error> {
    base.check()?;
    for (option, number) in options.iter().zip(1..) {
        option
            .check()
            .map_err(|Invalid { place, must }| Invalid::new(format!("option {number}: {place}"), must))?;
    }
    if !(2..=REPLICATIONS_MAX).contains(&replications.many) {
        let must = format!("number must be between 2 and {REPLICATIONS_MAX}");
        return Err(Invalid::new("replications", must).into());
    }
    let lines: Vec<&Line> = std::iter::once(base).chain(options).collect();
    let many = replications.many as usize;
    let machines = lines.iter().map(|line| line.machines.len()).sum::<usize>();
    if machines.saturating_mul(many) > MACHINE_RUNS_MAX {
        let must = format!("times the machines of all lines must be at most {MACHINE_RUNS_MAX}");
        return Err(Invalid::new("replications", must).into());
    }
    let of_line = |run: usize| simulate(lines[run / many], period, (run % many) as u64, cancelled);
    let runs = side_by_side(lines.len() * many, replications.threads, &of_line)?;
    let mut outlooks: Vec<(Outlook, Vec<Difference>)> = Vec::with_capacity(lines.len());
    let of_base = &runs[..many];
    for of_line in runs.chunks(many) {
        let differences = Measure::ALL.map(|measure| {
            let change = Estimate::of_difference(&values(of_line, measure), &values(of_base, measure));
            Difference { measure, change }
        });
        outlooks.push((summary(of_line), differences.to_vec()));
    }
    let options = outlooks.split_off(1);
    let base = outlooks.swap_remove(0).0;
    Ok(Comparison { base, options })
}

fn values(runs: &[Figures], measure: Measure) -> Vec<f64> {
    runs.iter().map(|figures| measure.of(figures)).collect()
}

fn summary(runs: &[Figures]) -> Outlook {
    let measures = Measure::ALL.map(|measure| (measure, Estimate::of(&values(runs, measure)))).to_vec();
    let machines = runs.first().map_or(0, |figures| figures.machines.len());
    let of_machine = |place: usize| {
        let mean = |of: fn(&Times) -> f64| {
            runs.iter().map(|figures| of(&figures.machines[place].times)).sum::<f64>() / runs.len() as f64
        };
        Times {
            working_h: mean(|times| times.working_h),
            starved_h: mean(|times| times.starved_h),
            blocked_h: mean(|times| times.blocked_h),
            waiting_for_crew_h: mean(|times| times.waiting_for_crew_h),
            under_repair_h: mean(|times| times.under_repair_h),
            planned_stop_h: mean(|times| times.planned_stop_h),
            off_shift_h: mean(|times| times.off_shift_h),
        }
    };
    let machine_times = (0..machines).map(of_machine).collect();
    Outlook { measures, machine_times, events: runs.iter().map(|figures| figures.events).sum() }
}

/// All runs in their order, whichever thread takes which; of errors the first in that order.
fn side_by_side(
    many: usize,
    threads: u32,
    run: &(impl Fn(usize) -> Result<Figures, Error> + Sync),
) -> Result<Vec<Figures>, Error> {
    let threads = if cfg!(target_family = "wasm") { 1 } else { threads.clamp(1, THREADS_MAX) as usize };
    if threads == 1 {
        return (0..many).map(run).collect();
    }
    let share = many.div_ceil(threads);
    std::thread::scope(|scope| {
        let of_thread = |first: usize| {
            scope.spawn(move || {
                (first..many.min(first + share)).map(run).collect::<Result<Vec<Figures>, Error>>()
            })
        };
        let started: Vec<_> = (0..many).step_by(share).map(of_thread).collect();
        let mut all = Vec::with_capacity(many);
        for thread in started {
            match thread.join() {
                Ok(runs) => all.extend(runs?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(all)
    })
}
