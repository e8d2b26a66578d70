//! What a line is made of, what it costs, and in what state it begins.

use serde::{Deserialize, Serialize};

use super::super::{Duration, Invalid};
use super::Shifts;

/// A line of more machines is not run.
pub const MACHINES_MAX: usize = 200;
/// A buffer holds no more.
pub const BUFFER_CAPACITY_MAX: u32 = 1_000_000;
/// A run goes no further: ten years.
pub const HORIZON_MAX_H: f64 = 87_660.0;
/// No figure of costs, power or time is larger.
const LARGEST: f64 = 1e12;

/// Machines in series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// In the order in which a piece goes through them.
    pub machines: Vec<Machine>,
    /// Between them: one less than there are machines.
    pub buffers: Vec<Buffer>,
    /// When the line works; always, if nothing is said.
    #[serde(default)]
    pub shifts: Option<Shifts>,
    /// Who mends it.
    #[serde(default)]
    pub crews: Crews,
    /// What it costs.
    #[serde(default)]
    pub costs: Costs,
}

/// One machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// For people.
    pub name: String,
    /// How long it works on a piece.
    pub cycle_time_s: Duration,
    /// What a piece is planned to take (ISO 22400-2: planned run time per item), where that is not the cycle time's mean:
    /// a machine that was slowed down is measured against what it should do.
    #[serde(default)]
    pub planned_cycle_time_s: Option<f64>,
    /// How it breaks; never, if nothing is said.
    #[serde(default)]
    pub failures: Option<Failures>,
    /// How it is looked after; never, if nothing is said.
    #[serde(default)]
    pub maintenance: Option<Maintenance>,
    /// Of its pieces, so large a share is scrap, found at once and taken out of the line.
    #[serde(default)]
    pub scrap_share: f64,
    /// What it draws while it works.
    #[serde(default)]
    pub working_kw: f64,
    /// What it draws on shift while it does not.
    #[serde(default)]
    pub idle_kw: f64,
    /// What an hour of its work costs, beside energy.
    #[serde(default)]
    pub working_cost_per_h: f64,
    /// How it stands when the run begins.
    #[serde(default)]
    pub begins: Condition,
    /// How long it had worked since its last failure.
    #[serde(default)]
    pub worked_since_failure_h: f64,
}

/// How a machine breaks.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failures {
    /// Of its own working time, from repair to failure.
    pub time_to_failure_h: Duration,
    /// By a crew, without the waiting for one.
    pub repair_time_h: Duration,
}

/// Planned work on a machine, which stands meanwhile.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    /// From one due moment to the next, by the clock.
    pub every_h: f64,
    /// When it is due first.
    pub first_after_h: f64,
    /// How long it takes.
    pub duration_h: Duration,
    /// Whether a crew does it, and the machine stands and waits for one where all are busy.
    #[serde(default)]
    pub needs_crew: bool,
}

/// How a machine stands.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Condition {
    /// Holds nothing.
    #[default]
    Empty,
    /// Has a piece in work.
    Working {
        /// That is finished after so long.
        left_s: f64,
    },
    /// Holds a finished piece.
    Finished,
    /// Broken.
    Down {
        /// A crew takes so long yet; as long as its repairs take, if nothing is said.
        left_h: Option<f64>,
        /// Of the piece in work, if there is one, so much is left.
        piece_left_s: Option<f64>,
    },
}

/// Between two machines.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buffer {
    /// How many pieces it holds at most; with 0, a piece goes from machine to machine.
    pub capacity: u32,
    /// How many it holds when the run begins.
    #[serde(default)]
    pub holds: u32,
}

/// Who mends.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crews {
    /// How many machines are mended at a time; as many as are down, if nothing is said.
    #[serde(default)]
    pub many: Option<u32>,
    /// Whether they work while the line is off shift, too: repairs and maintenance.
    #[serde(default)]
    pub work_off_shift: bool,
}

/// What it costs, in whichever currency.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Costs {
    /// An hour on shift: people, room.
    pub shift_per_h: f64,
    /// An hour of a crew's repair.
    pub repair_per_h: f64,
    /// An hour of planned maintenance.
    pub maintenance_per_h: f64,
    /// Of each piece that the first machine takes.
    pub material_per_piece: f64,
    /// Energy.
    pub energy_per_kwh: f64,
}

/// How long, and by which chance.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Not counted: until what the line begins with no longer matters. 0 for a fork of a line as it stands.
    pub warm_up_h: f64,
    /// Counted, after that.
    pub counted_h: f64,
    /// Of all chance.
    pub seed: u64,
    /// A run in which more happens is refused.
    pub events_max: u64,
}

impl Line {
    /// Whether it can be run.
    ///
    /// # Errors
    /// [`Invalid`] names the first place at which it cannot, and what must hold there.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.machines.is_empty() || self.machines.len() > MACHINES_MAX {
            return Err(Invalid::new(
                "line",
                format!("number of machines must be between 1 and {MACHINES_MAX}"),
            ));
        }
        if self.buffers.len() + 1 != self.machines.len() {
            let must = format!(
                "number of buffers must be {}: one between each two machines",
                self.machines.len() - 1
            );
            return Err(Invalid::new("line", must));
        }
        for (machine, number) in self.machines.iter().zip(1..) {
            machine.check(&format!("machine {number} «{}»", machine.name))?;
        }
        for (buffer, number) in self.buffers.iter().zip(1..) {
            buffer.check(&format!("buffer {number}"))?;
        }
        if let Some(shifts) = &self.shifts {
            shifts.check()?;
        }
        if self.crews.many == Some(0) && self.machines.iter().any(Machine::needs_crew) {
            return Err(Invalid::new("crews", "must be 1 or more where machines break"));
        }
        let Costs { shift_per_h, repair_per_h, maintenance_per_h, material_per_piece, energy_per_kwh } =
            self.costs;
        not_negative("costs", "cost of an hour on shift", shift_per_h)?;
        not_negative("costs", "cost of an hour of repair", repair_per_h)?;
        not_negative("costs", "cost of an hour of maintenance", maintenance_per_h)?;
        not_negative("costs", "cost of a piece's material", material_per_piece)?;
        not_negative("costs", "price of a kWh", energy_per_kwh)
    }

    /// The machine that is planned to take longest for a piece, the first of such: what the line is measured by.
    pub fn constraint(&self) -> usize {
        let planned = |place: usize| self.machines[place].planned_s();
        (1..self.machines.len())
            .fold(0, |longest, place| if planned(place) > planned(longest) { place } else { longest })
    }
}

impl Machine {
    /// A machine that does nothing but work: the rest is said where it is known.
    pub fn new(name: &str, cycle_time_s: Duration) -> Self {
        Self {
            name: name.to_owned(),
            cycle_time_s,
            planned_cycle_time_s: None,
            failures: None,
            maintenance: None,
            scrap_share: 0.0,
            working_kw: 0.0,
            idle_kw: 0.0,
            working_cost_per_h: 0.0,
            begins: Condition::Empty,
            worked_since_failure_h: 0.0,
        }
    }

    /// The planned run time per item.
    pub fn planned_s(&self) -> f64 {
        self.planned_cycle_time_s.unwrap_or_else(|| self.cycle_time_s.mean())
    }

    fn needs_crew(&self) -> bool {
        let is_down = matches!(self.begins, Condition::Down { .. });
        is_down
            || self.failures.is_some()
            || self.maintenance.is_some_and(|maintenance| maintenance.needs_crew)
    }

    fn check(&self, place: &str) -> Result<(), Invalid> {
        self.cycle_time_s.check(place, "cycle time", "s")?;
        if let Some(planned_s) = self.planned_cycle_time_s {
            above_0(place, "planned cycle time", planned_s, "s")?;
        }
        if let Some(failures) = &self.failures {
            failures.time_to_failure_h.check(place, "time to failure", "h")?;
            failures.repair_time_h.check(place, "repair time", "h")?;
        }
        if let Some(maintenance) = &self.maintenance {
            above_0(place, "time between maintenances", maintenance.every_h, "h")?;
            not_negative(place, "time to the first maintenance", maintenance.first_after_h)?;
            maintenance.duration_h.check(place, "maintenance", "h")?;
        }
        if !(0.0..=1.0).contains(&self.scrap_share) {
            return Err(Invalid::new(place, "scrap share must be between 0 and 1"));
        }
        not_negative(place, "power while working", self.working_kw)?;
        not_negative(place, "power while idle", self.idle_kw)?;
        not_negative(place, "cost of an hour of work", self.working_cost_per_h)?;
        not_negative(place, "time worked since the last failure", self.worked_since_failure_h)?;
        match self.begins {
            Condition::Empty | Condition::Finished => Ok(()),
            Condition::Working { left_s } => not_negative(place, "time left of the piece in work", left_s),
            Condition::Down { left_h, piece_left_s } => {
                if left_h.is_none() && self.failures.is_none() {
                    return Err(Invalid::new(
                        place,
                        "is down: how long yet must be said, or how long repairs take",
                    ));
                }
                not_negative(place, "time left of the repair", left_h.unwrap_or(0.0))?;
                not_negative(place, "time left of the piece in work", piece_left_s.unwrap_or(0.0))
            }
        }
    }
}

impl Buffer {
    /// An empty one.
    pub fn of(capacity: u32) -> Self {
        Self { capacity, holds: 0 }
    }

    fn check(&self, place: &str) -> Result<(), Invalid> {
        if self.capacity > BUFFER_CAPACITY_MAX {
            return Err(Invalid::new(
                place,
                format!("capacity must be at most {BUFFER_CAPACITY_MAX} pieces"),
            ));
        }
        if self.holds > self.capacity {
            let must = format!("must hold no more than its capacity of {} pieces", self.capacity);
            return Err(Invalid::new(place, must));
        }
        Ok(())
    }
}

impl Period {
    /// So long, counted from the begin.
    pub fn of(counted_h: f64, seed: u64) -> Self {
        Self { warm_up_h: 0.0, counted_h, seed, events_max: 100_000_000 }
    }

    pub(super) fn check(&self) -> Result<(), Invalid> {
        not_negative("period", "warm-up", self.warm_up_h)?;
        above_0("period", "time counted", self.counted_h, "h")?;
        if self.warm_up_h + self.counted_h > HORIZON_MAX_H {
            return Err(Invalid::new(
                "period",
                format!("must be at most {HORIZON_MAX_H} h with its warm-up"),
            ));
        }
        if self.events_max == 0 {
            return Err(Invalid::new("period", "number of events must be above 0"));
        }
        Ok(())
    }
}

fn not_negative(place: &str, name: &str, value: f64) -> Result<(), Invalid> {
    if (0.0..=LARGEST).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::new(place, format!("{name} must be 0 or more, and below a million millions")))
    }
}

fn above_0(place: &str, name: &str, value: f64, unit: &str) -> Result<(), Invalid> {
    if value > 0.0 && value <= LARGEST {
        Ok(())
    } else {
        Err(Invalid::new(place, format!("{name} must be above 0 {unit}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        let machine = |name| Machine::new(name, Duration::Constant { value: 10.0 });
        Line {
            machines: vec![machine("Depalletiser"), machine("Rinser"), machine("Filler")],
            buffers: vec![Buffer::of(5), Buffer::of(5)],
            shifts: None,
            crews: Crews::default(),
            costs: Costs::default(),
        }
    }

    #[test]
    fn errors_name_the_place() {
        let error = |change: fn(&mut Line)| {
            let mut line = line();
            change(&mut line);
            line.check().unwrap_err().to_string()
        };
        assert_eq!(line().check(), Ok(()));
        assert_eq!(
            error(|line| line.machines[2].cycle_time_s = Duration::Constant { value: 0.0 }),
            "machine 3 «Filler»: cycle time must be above 0 s"
        );
        assert_eq!(
            error(|line| line.buffers[1].holds = 6),
            "buffer 2: must hold no more than its capacity of 5 pieces"
        );
        assert_eq!(
            error(|line| line.buffers[0].capacity = 1_000_001),
            "buffer 1: capacity must be at most 1000000 pieces"
        );
        assert_eq!(
            error(|line| line.machines[0].scrap_share = 1.1),
            "machine 1 «Depalletiser»: scrap share must be between 0 and 1"
        );
        assert!(error(|line| line.buffers.clear()).starts_with("line: number of buffers must be 2"));
        assert!(
            error(|line| line.machines.clear())
                .starts_with("line: number of machines must be between 1 and 200")
        );
        assert!(
            error(|line| line.costs.energy_per_kwh = f64::NAN).starts_with("costs: price of a kWh must be")
        );
    }

    #[test]
    fn a_line_is_read_from_few_words() {
        let text = r#"{"machines": [{"name": "Filler", "cycle_time_s": {"kind": "constant", "value": 3}}], "buffers": []}"#;
        let line: Line = serde_json::from_str(text).unwrap();
        assert_eq!(line.machines[0], Machine::new("Filler", Duration::Constant { value: 3.0 }));
    }
}
