//! A line as it runs: what each event means for machines, buffers and crews.
//!
//! Each machine has one event ahead: the end of its piece or its failure, whichever comes first, or the end of the work on
//! it. Everything else follows from that: a piece handed on, the machine before it freed, a crew for the next.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use super::super::{Bounds, Calendar, Cancelled, Draws, Duration, Error, Model, run};
use super::figures::{Figures, MachineFigures, Ratios, Times};
use super::input::{Condition, Line, Machine, Period};
use super::shifts::Shifts;
use crate::random::Stream;

const SECONDS_PER_HOUR: f64 = 3_600.0;

/// What a machine draws, each by a stream of its own: what is changed about one leaves the others' chance as it was.
const QUANTITIES: u64 = 8;
const CYCLE: u64 = 0;
const TO_FAILURE: u64 = 1;
const REPAIR: u64 = 2;
const MAINTENANCE: u64 = 3;
const SCRAP: u64 = 4;
/// A share of pieces, drawn many at a time as durations are: anything between 0 and 1 with equal chance.
const SHARE: Duration = Duration::Uniform { low: 0.0, high: 1.0 };

/// One run of a line. Runs of one seed and replication share their chance, machine by machine and quantity by quantity.
///
/// # Errors
/// [`Error::Invalid`] names what cannot be; [`Error::Stopped`] where it was cancelled, or too much happened.
pub fn simulate(
    line: &Line,
    period: &Period,
    replication: u64,
    cancelled: Cancelled<'_>,
) -> Result<Figures, Error> {
    line.check()?;
    period.check()?;
    let mut plant = Plant::new(line, Stream { seed: period.seed, purpose: 0, block: replication });
    let mut calendar = Calendar::new(plant.places());
    plant.begin(period.warm_up_h * SECONDS_PER_HOUR, &mut calendar);
    let until_s = (period.warm_up_h + period.counted_h) * SECONDS_PER_HOUR;
    let bounds = Bounds { until_s, events_max: period.events_max, cancelled };
    let events = run(&mut plant, &mut calendar, bounds)?;
    plant.look(until_s);
    Ok(plant.figures(period.counted_h, events))
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Activity {
    Working,
    Starved,
    Blocked,
    WaitingForCrew,
    UnderRepair,
    PlannedStop,
    OffShift,
}
const ACTIVITIES: usize = 7;

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Piece {
    None,
    InWork,
    Finished,
}

/// What is done to a machine.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Job {
    None,
    Repair,
    Maintenance,
}

struct Station<'a> {
    machine: &'a Machine,
    cycle: Draws,
    to_failure: Option<Draws>,
    repair: Option<Draws>,
    maintenance: Option<Draws>,
    scrap: Draws,
    piece: Piece,
    /// Of the piece in work.
    left_s: f64,
    /// Of the working time until it fails.
    failure_left_s: f64,
    job: Job,
    job_left_s: f64,
    /// Somebody has taken it up.
    attended: bool,
    /// And works on it now, not off shift.
    goes_on: bool,
    /// That somebody is one of the crews.
    holds_crew: bool,
    maintenance_due: bool,
    /// Since when the work or the job goes on without a break.
    since_s: f64,
    activity: Activity,
    active_since_s: f64,
    spent_s: [f64; ACTIVITIES],
    repaired_s: f64,
    maintained_s: f64,
    finished: u64,
    scrapped: u64,
    failures: u64,
}

/// Places: the machines; the shifts' changes; the end of the warm-up; each machine's due maintenance.
struct Plant<'a> {
    line: &'a Line,
    stations: Vec<Station<'a>>,
    held: Vec<u32>,
    shifts: Option<&'a Shifts>,
    changes: u64,
    on_shift: bool,
    crews_free: u32,
    /// Machines that wait for a crew, the longest first.
    in_need: VecDeque<usize>,
    started: u64,
    good: u64,
    in_line_at_begin: u64,
}

impl<'a> Plant<'a> {
    fn new(line: &'a Line, stream: Stream) -> Self {
        let shifts = line.shifts.as_ref().filter(|shifts| shifts.ever_stands());
        let on_shift = shifts.is_none_or(Shifts::works_at_begin);
        let stations = line.machines.iter().zip(0_u64..).map(|(machine, place)| {
            let stream = |quantity| Stream { purpose: place * QUANTITIES + quantity, ..stream };
            Station::new(machine, on_shift, stream)
        });
        Self {
            line,
            stations: stations.collect(),
            held: line.buffers.iter().map(|buffer| buffer.holds).collect(),
            shifts,
            changes: 0,
            on_shift,
            crews_free: line.crews.many.unwrap_or(u32::MAX),
            in_need: VecDeque::new(),
            started: 0,
            good: 0,
            in_line_at_begin: 0,
        }
    }

    fn machines(&self) -> usize {
        self.stations.len()
    }

    fn places(&self) -> u32 {
        let looked_after = self.stations.iter().any(|station| station.maintenance.is_some());
        (self.machines() * (1 + usize::from(looked_after)) + 2) as u32
    }

    fn shift_place(&self) -> usize {
        self.machines()
    }

    fn warm_up_place(&self) -> usize {
        self.machines() + 1
    }

    fn maintenance_place(&self, place: usize) -> usize {
        self.machines() + 2 + place
    }

    fn begin(&mut self, warm_up_s: f64, calendar: &mut Calendar) {
        if let Some(shifts) = self.shifts {
            calendar.set(self.shift_place(), shifts.change_s(0));
        }
        if warm_up_s > 0.0 {
            calendar.set(self.warm_up_place(), warm_up_s);
        }
        self.in_line_at_begin = self.in_line();
        for place in 0..self.machines() {
            if let Some(maintenance) = self.stations[place].machine.maintenance {
                calendar.set(self.maintenance_place(place), maintenance.first_after_h * SECONDS_PER_HOUR);
            }
            if self.stations[place].job == Job::Repair {
                self.call_crew(place, 0.0, calendar);
            }
        }
        for place in (0..self.machines()).rev() {
            self.go_on(place, 0.0, calendar);
        }
    }

    fn in_line(&self) -> u64 {
        let held: u64 = self.held.iter().map(|held| u64::from(*held)).sum();
        held + self.stations.iter().filter(|station| station.piece != Piece::None).count() as u64
    }

    /// Whether the machine can take a piece, or go on with one.
    #[inline(always)]
    fn is_able(&self, place: usize) -> bool {
        let station = &self.stations[place];
        self.on_shift && station.job == Job::None && !station.maintenance_due
    }

    fn jobs_go_on(&self) -> bool {
        self.on_shift || self.line.crews.work_off_shift
    }

    /// What the machine's time goes to from now on.
    #[cold]
    #[inline(never)]
    fn show(&mut self, place: usize, now_s: f64) {
        let on_shift = self.on_shift;
        let station = &mut self.stations[place];
        let activity = match (station.job, station.piece) {
            _ if !on_shift => Activity::OffShift,
            (Job::Repair | Job::Maintenance, _) if !station.attended => Activity::WaitingForCrew,
            (Job::Repair, _) => Activity::UnderRepair,
            (Job::Maintenance, _) => Activity::PlannedStop,
            (Job::None, Piece::InWork) => Activity::Working,
            (Job::None, Piece::Finished) => Activity::Blocked,
            (Job::None, Piece::None) => Activity::Starved,
        };
        station.enter(activity, now_s);
    }

    /// A machine that may have stood does what it can.
    #[cold]
    #[inline(never)]
    fn go_on(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        if self.is_able(place) {
            match self.stations[place].piece {
                Piece::None => self.feed(place, now_s, calendar),
                Piece::InWork => self.work(place, now_s, calendar),
                Piece::Finished => {
                    if self.hand_on(place, now_s, calendar) {
                        self.feed(place, now_s, calendar);
                    }
                }
            }
        } else {
            self.show(place, now_s);
        }
    }

    #[inline(always)]
    fn work(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let station = &mut self.stations[place];
        station.since_s = now_s;
        let ahead_s =
            if station.left_s < station.failure_left_s { station.left_s } else { station.failure_left_s };
        calendar.set(place, now_s + ahead_s);
        station.enter(Activity::Working, now_s);
    }

    #[inline(always)]
    fn load(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let station = &mut self.stations[place];
        station.piece = Piece::InWork;
        station.left_s = station.cycle.draw();
        self.work(place, now_s, calendar);
    }

    /// An empty machine that is able takes a piece, if there is one; then the one before it may hand on what it holds, and
    /// is empty itself.
    #[inline(always)]
    fn feed(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let mut place = place;
        while let Some(before) = place.checked_sub(1) {
            let is_held = self.held[before] > 0;
            let is_before_finished = self.stations[before].piece == Piece::Finished;
            if !is_held && !is_before_finished {
                return self.stations[place].enter(Activity::Starved, now_s);
            }
            self.load(place, now_s, calendar);
            if !is_before_finished {
                self.held[before] -= 1;
                return;
            }
            // From the buffer one goes and one comes; without a buffer it goes from machine to machine.
            self.stations[before].piece = Piece::None;
            if !self.is_able(before) {
                return self.show(before, now_s);
            }
            place = before;
        }
        self.started += 1;
        self.load(place, now_s, calendar);
    }

    /// A finished piece leaves the machine, which is able, if there is room for it: whether it did.
    #[inline(always)]
    fn hand_on(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) -> bool {
        let next = place + 1;
        if next == self.machines() {
            self.good += 1;
        } else if self.held[place] == 0 && self.stations[next].piece == Piece::None && self.is_able(next) {
            self.load(next, now_s, calendar);
        } else if self.held[place] < self.line.buffers[place].capacity {
            self.held[place] += 1;
        } else {
            let station = &mut self.stations[place];
            station.piece = Piece::Finished;
            station.enter(Activity::Blocked, now_s);
            return false;
        }
        self.stations[place].piece = Piece::None;
        true
    }

    /// The work of a machine, or on it, has come to its next event.
    #[inline(always)]
    fn step(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let station = &mut self.stations[place];
        if station.job != Job::None {
            return self.end_job(place, now_s, calendar);
        }
        if station.left_s > station.failure_left_s {
            station.left_s -= station.failure_left_s;
            return self.fail(place, now_s, calendar);
        }
        station.failure_left_s -= station.left_s;
        station.finished += 1;
        let share = station.machine.scrap_share;
        if share > 0.0 && station.scrap.draw() < share {
            station.scrapped += 1;
            station.piece = Piece::None;
        } else if !self.hand_on(place, now_s, calendar) {
            return;
        }
        self.feed(place, now_s, calendar);
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let station = &mut self.stations[place];
        station.failures += 1;
        station.failure_left_s = station.to_failure.as_mut().map_or(f64::INFINITY, Draws::draw);
        station.job = Job::Repair;
        station.job_left_s = station.repair.as_mut().map_or(0.0, Draws::draw);
        self.call_crew(place, now_s, calendar);
    }

    #[cold]
    #[inline(never)]
    fn call_crew(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        if self.crews_free > 0 {
            self.crews_free -= 1;
            self.stations[place].holds_crew = true;
            self.start_job(place, now_s, calendar);
        } else {
            self.in_need.push_back(place);
            self.show(place, now_s);
        }
    }

    #[cold]
    #[inline(never)]
    fn start_job(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let goes_on = self.jobs_go_on();
        let station = &mut self.stations[place];
        (station.attended, station.goes_on) = (true, goes_on);
        station.since_s = now_s;
        if goes_on {
            calendar.set(place, now_s + station.job_left_s);
        }
        self.show(place, now_s);
    }

    #[cold]
    #[inline(never)]
    fn end_job(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let station = &mut self.stations[place];
        station.tally(now_s);
        station.job = Job::None;
        (station.attended, station.goes_on) = (false, false);
        if std::mem::take(&mut station.holds_crew) {
            self.crews_free += 1;
            if let Some(next) = self.in_need.pop_front() {
                self.call_crew(next, now_s, calendar);
            }
        }
        if self.stations[place].maintenance_due {
            self.maintain(place, now_s, calendar);
        } else {
            self.go_on(place, now_s, calendar);
        }
    }

    /// Maintenance that is due begins; a piece in work waits.
    #[cold]
    #[inline(never)]
    fn maintain(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        let station = &mut self.stations[place];
        station.pause_work(now_s);
        calendar.clear(place);
        station.maintenance_due = false;
        station.job = Job::Maintenance;
        station.job_left_s = station.maintenance.as_mut().map_or(0.0, Draws::draw);
        if station.machine.maintenance.is_some_and(|maintenance| maintenance.needs_crew) {
            self.call_crew(place, now_s, calendar);
        } else {
            self.start_job(place, now_s, calendar);
        }
    }

    #[cold]
    #[inline(never)]
    fn maintenance_is_due(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) {
        if let Some(maintenance) = self.stations[place].machine.maintenance {
            calendar.set(self.maintenance_place(place), now_s + maintenance.every_h * SECONDS_PER_HOUR);
        }
        match self.stations[place].job {
            Job::Maintenance => {}
            Job::None if self.jobs_go_on() => self.maintain(place, now_s, calendar),
            Job::None | Job::Repair => self.stations[place].maintenance_due = true,
        }
    }

    #[cold]
    #[inline(never)]
    fn change_shift(&mut self, now_s: f64, calendar: &mut Calendar) {
        self.on_shift = !self.on_shift;
        self.changes += 1;
        if let Some(shifts) = self.shifts {
            calendar.set(self.shift_place(), shifts.change_s(self.changes));
        }
        let jobs_pause = !self.line.crews.work_off_shift;
        for place in (0..self.machines()).rev() {
            let station = &mut self.stations[place];
            if !self.on_shift {
                if station.activity == Activity::Working {
                    station.pause_work(now_s);
                    calendar.clear(place);
                } else if jobs_pause && station.goes_on {
                    station.tally(now_s);
                    station.goes_on = false;
                    calendar.clear(place);
                }
                self.show(place, now_s);
            } else if station.attended && !station.goes_on {
                self.start_job(place, now_s, calendar);
            } else if station.job != Job::None {
                self.show(place, now_s);
            } else if station.maintenance_due {
                self.maintain(place, now_s, calendar);
            } else {
                self.go_on(place, now_s, calendar);
            }
        }
    }

    /// All times up to now are written down.
    fn look(&mut self, now_s: f64) {
        for station in &mut self.stations {
            station.enter_anew(now_s);
            station.tally(now_s);
        }
    }

    #[cold]
    #[inline(never)]
    fn end_warm_up(&mut self, now_s: f64) {
        self.look(now_s);
        for station in &mut self.stations {
            station.spent_s = [0.0; ACTIVITIES];
            (station.repaired_s, station.maintained_s) = (0.0, 0.0);
            (station.finished, station.scrapped, station.failures) = (0, 0, 0);
        }
        (self.started, self.good) = (0, 0);
        self.in_line_at_begin = self.in_line();
    }

    fn figures(&self, counted_h: f64, events: u64) -> Figures {
        let machines: Vec<MachineFigures> = self.stations.iter().map(Station::figures).collect();
        let scrapped = self.stations.iter().map(|station| station.scrapped).sum::<u64>();
        let constraint = self.line.constraint();
        let (of_constraint, costs) = (&machines[constraint].times, &self.line.costs);
        let planned_s = self.line.machines[constraint].planned_s();
        let ratios = Ratios::of(of_constraint, planned_s, self.good + scrapped, self.good);
        let (mut energy_kwh, mut cost) = (0.0, costs.shift_per_h * of_constraint.on_shift_h());
        for (machine, figures) in self.line.machines.iter().zip(&machines) {
            let times = &figures.times;
            energy_kwh += machine.working_kw * times.working_h
                + machine.idle_kw * (times.on_shift_h() - times.working_h);
            cost += machine.working_cost_per_h * times.working_h
                + costs.repair_per_h * figures.repair_h
                + costs.maintenance_per_h * figures.maintenance_h;
        }
        cost += costs.material_per_piece * self.started as f64 + costs.energy_per_kwh * energy_kwh;
        Figures {
            good: self.good,
            scrapped,
            started: self.started,
            in_line_at_begin: self.in_line_at_begin,
            in_line_at_end: self.in_line(),
            throughput_per_h: self.good as f64 / counted_h,
            ratios,
            constraint,
            energy_kwh,
            cost,
            cost_per_good: cost / self.good.max(1) as f64,
            machines,
            events,
        }
    }
}

impl Model for Plant<'_> {
    fn happen(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) -> ControlFlow<()> {
        if place < self.machines() {
            self.step(place, now_s, calendar);
        } else if place == self.shift_place() {
            self.change_shift(now_s, calendar);
        } else if place == self.warm_up_place() {
            self.end_warm_up(now_s);
        } else {
            self.maintenance_is_due(place - self.maintenance_place(0), now_s, calendar);
        }
        ControlFlow::Continue(())
    }
}

impl<'a> Station<'a> {
    fn new(machine: &'a Machine, on_shift: bool, stream: impl Fn(u64) -> Stream) -> Self {
        let hours =
            |duration: Duration, quantity| Draws::new(duration.times(SECONDS_PER_HOUR), stream(quantity));
        let mut to_failure = machine.failures.map(|failures| hours(failures.time_to_failure_h, TO_FAILURE));
        let mut repair = machine.failures.map(|failures| hours(failures.repair_time_h, REPAIR));
        let worked_s = machine.worked_since_failure_h * SECONDS_PER_HOUR;
        let is_down = matches!(machine.begins, Condition::Down { .. });
        let failure_left_s = to_failure.as_mut().map_or(f64::INFINITY, |draws| {
            if worked_s > 0.0 && !is_down { draws.draw_rest(worked_s) } else { draws.draw() }
        });
        let (piece, left_s, job) = match machine.begins {
            Condition::Empty => (Piece::None, 0.0, Job::None),
            Condition::Working { left_s } => (Piece::InWork, left_s, Job::None),
            Condition::Finished => (Piece::Finished, 0.0, Job::None),
            Condition::Down { piece_left_s: Some(left_s), .. } => (Piece::InWork, left_s, Job::Repair),
            Condition::Down { piece_left_s: None, .. } => (Piece::None, 0.0, Job::Repair),
        };
        let job_left_s = match machine.begins {
            Condition::Down { left_h: Some(left_h), .. } => left_h * SECONDS_PER_HOUR,
            Condition::Down { left_h: None, .. } => repair.as_mut().map_or(0.0, Draws::draw),
            _ => 0.0,
        };
        Self {
            machine,
            cycle: Draws::new(machine.cycle_time_s, stream(CYCLE)),
            to_failure,
            repair,
            maintenance: machine.maintenance.map(|maintenance| hours(maintenance.duration_h, MAINTENANCE)),
            scrap: Draws::new(SHARE, stream(SCRAP)),
            piece,
            left_s,
            failure_left_s,
            job,
            job_left_s,
            attended: false,
            goes_on: false,
            holds_crew: false,
            maintenance_due: false,
            since_s: 0.0,
            activity: if on_shift { Activity::Starved } else { Activity::OffShift },
            active_since_s: 0.0,
            spent_s: [0.0; ACTIVITIES],
            repaired_s: 0.0,
            maintained_s: 0.0,
            finished: 0,
            scrapped: 0,
            failures: 0,
        }
    }

    #[inline(always)]
    fn enter(&mut self, activity: Activity, now_s: f64) {
        if activity != self.activity {
            self.enter_anew(now_s);
            self.activity = activity;
        }
    }

    fn enter_anew(&mut self, now_s: f64) {
        self.spent_s[self.activity as usize] += now_s - self.active_since_s;
        self.active_since_s = now_s;
    }

    /// The work, if it goes on, is broken off.
    fn pause_work(&mut self, now_s: f64) {
        if self.activity == Activity::Working {
            let worked_s = now_s - self.since_s;
            self.left_s = (self.left_s - worked_s).max(0.0);
            self.failure_left_s = (self.failure_left_s - worked_s).max(0.0);
        }
    }

    /// The time of a job that goes on is written down.
    fn tally(&mut self, now_s: f64) {
        if !self.goes_on {
            return;
        }
        let lasted_s = now_s - self.since_s;
        self.since_s = now_s;
        self.job_left_s = (self.job_left_s - lasted_s).max(0.0);
        match self.job {
            Job::Repair => self.repaired_s += lasted_s,
            Job::Maintenance => self.maintained_s += lasted_s,
            Job::None => {}
        }
    }

    fn figures(&self) -> MachineFigures {
        let hours = |activity: Activity| self.spent_s[activity as usize] / SECONDS_PER_HOUR;
        let times = Times {
            working_h: hours(Activity::Working),
            starved_h: hours(Activity::Starved),
            blocked_h: hours(Activity::Blocked),
            waiting_for_crew_h: hours(Activity::WaitingForCrew),
            under_repair_h: hours(Activity::UnderRepair),
            planned_stop_h: hours(Activity::PlannedStop),
            off_shift_h: hours(Activity::OffShift),
        };
        MachineFigures {
            times,
            ratios: Ratios::of(
                &times,
                self.machine.planned_s(),
                self.finished,
                self.finished - self.scrapped,
            ),
            failures: self.failures,
            repair_h: self.repaired_s / SECONDS_PER_HOUR,
            maintenance_h: self.maintained_s / SECONDS_PER_HOUR,
        }
    }
}
