//! The machines' physics: load, wear and first-order lags. Pure: a seed and the time come in, values come out.
//!
//! Every quantity heads for `nominal · load^exponent + per_wear · wear` (the exponents of a pump follow its affinity
//! laws) and follows with its own time constant; all quantities of a machine share load and wear, so they move
//! together. The same seed gives the same values.

mod random;

use crate::seed::{Fault, Load, Machine, Tag};
use random::Random;

/// All machines. They start in the steady state: the plant has been running for a while.
#[derive(Clone, Debug)]
pub struct Simulation {
    machines: Vec<Running>,
    elapsed_s: f64,
}

#[derive(Clone, Debug)]
struct Running {
    load: Load,
    fault: Option<Fault>,
    random: Random,
    /// The slow wandering of the load, within about ±`wander`.
    wander: f64,
    tags: Vec<Quantity>,
}

#[derive(Clone, Debug)]
struct Quantity {
    law: Tag,
    /// Where it stands without noise.
    level: f64,
    measured: f64,
}

/// A measured value.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Reading {
    /// The machine, by its place in the list.
    pub machine: usize,
    /// The tag, by its place in the machine's list.
    pub tag: usize,
    /// What was measured.
    pub value: f64,
}

impl Simulation {
    /// A plant at rest in its usual state.
    pub fn new(machines: &[Machine], seed: u64) -> Self {
        let machines = machines.iter().zip(0..).map(|(machine, index)| Running::new(machine, seed, index));
        Self { machines: machines.collect(), elapsed_s: 0.0 }
    }

    /// Seconds since the start.
    pub fn elapsed_s(&self) -> f64 {
        self.elapsed_s
    }

    /// Lets `step_s` seconds pass.
    pub fn advance(&mut self, step_s: f64) {
        self.elapsed_s += step_s;
        for machine in &mut self.machines {
            machine.advance(self.elapsed_s, step_s);
        }
    }

    /// What the sensors say now; a machine that fell silent says nothing.
    pub fn readings(&self) -> Vec<Reading> {
        let mut readings = Vec::new();
        for (machine, running) in self.machines.iter().enumerate() {
            if running.is_silent(self.elapsed_s) {
                continue;
            }
            let tags = running.tags.iter().enumerate();
            readings.extend(tags.map(|(tag, quantity)| Reading { machine, tag, value: quantity.measured }));
        }
        readings
    }
}

impl Running {
    fn new(machine: &Machine, seed: u64, index: u64) -> Self {
        let mut running = Self {
            load: machine.load,
            fault: machine.fault,
            random: Random::new(seed ^ (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            wander: 0.0,
            tags: Vec::new(),
        };
        let load = running.load_at(0.0);
        running.tags = machine
            .tags
            .iter()
            .map(|law| {
                let level = target(law, running.load.running, load, 0.0);
                Quantity { law: law.clone(), level, measured: rounded(level) }
            })
            .collect();
        running
    }

    fn advance(&mut self, elapsed_s: f64, step_s: f64) {
        // An Ornstein-Uhlenbeck walk: it wanders within minutes and always comes back.
        let pull = (step_s / 120.0).min(1.0);
        self.wander +=
            -self.wander * pull + self.load.wander * (2.0 * pull).sqrt() * self.random.normal() * 0.6;
        self.wander = self.wander.clamp(-2.0 * self.load.wander, 2.0 * self.load.wander);
        let load = self.load_at(elapsed_s);
        let wear = self.wear_at(elapsed_s);
        for quantity in &mut self.tags {
            let target = target(&quantity.law, self.load.running, load, wear);
            let share = 1.0 - (-step_s / quantity.law.lag_s.max(0.1)).exp();
            quantity.level += (target - quantity.level) * share;
            // A standing machine still has a little noise on its sensors.
            let noise = quantity.law.noise * if self.load.running { 1.0 } else { 0.2 };
            let noisy = quantity.level + noise * self.random.normal();
            let lowest = if quantity.law.unit == "Cel" { f64::MIN } else { 0.0 };
            quantity.measured = rounded(noisy.max(lowest));
        }
    }

    fn load_at(&self, elapsed_s: f64) -> f64 {
        let cycle = if self.load.cycle_s > 0.0 {
            self.load.cycle_depth * (std::f64::consts::TAU * elapsed_s / self.load.cycle_s).sin()
        } else {
            0.0
        };
        (1.0 + self.wander + cycle).max(0.05)
    }

    fn wear_at(&self, elapsed_s: f64) -> f64 {
        match self.fault {
            Some(Fault::Wears { after_s, over_s }) if elapsed_s > after_s => {
                1.0 - (-(elapsed_s - after_s) / over_s.max(1.0)).exp()
            }
            Some(Fault::Wears { .. } | Fault::FallsSilent { .. }) | None => 0.0,
        }
    }

    fn is_silent(&self, elapsed_s: f64) -> bool {
        match self.fault {
            Some(Fault::FallsSilent { after_s }) => elapsed_s >= after_s,
            Some(Fault::Wears { .. }) | None => false,
        }
    }
}

fn target(law: &Tag, running: bool, load: f64, wear: f64) -> f64 {
    if running { law.nominal * load.powf(law.load_exponent) + law.per_wear * wear } else { law.stopped }
}

/// Sensors do not send seventeen digits.
fn rounded(value: f64) -> f64 {
    let steps = if value.abs() >= 100.0 {
        10.0
    } else if value.abs() >= 10.0 {
        100.0
    } else {
        1000.0
    };
    (value * steps).round() / steps
}

#[cfg(test)]
mod tests;
