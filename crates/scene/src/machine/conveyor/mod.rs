//! A belt conveyor: frame and legs, drums, rollers, belt, a geared motor on the head drum, guards and the emergency stop.

mod belt;
mod drive;
mod frame;
mod guard;
mod steps;

use serde_json::json;

use super::assembly::{Assembly, Called, Piece};
use crate::model::{Model, ModelFault, PartId};

/// What can be chosen of a conveyor; the rest follows.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Conveyor {
    /// Between the drums, metres.
    pub length_m: f64,
    /// Of the belt, metres.
    pub width_m: f64,
    /// From the floor to the belt, metres.
    pub height_m: f64,
}

impl Default for Conveyor {
    fn default() -> Self {
        Self { length_m: 3.0, width_m: 0.5, height_m: 0.85 }
    }
}

/// Where things are; metres, from the floor beneath the middle of the conveyor. It runs along +X.
struct Layout {
    spec: Conveyor,
    /// Height of the axes of the drums.
    axis: f64,
    drum: f64,
    /// Along X: tail and head.
    tail: f64,
    head: f64,
    /// Inner face of the side channels.
    side: f64,
}

impl Layout {
    fn of(spec: Conveyor) -> Self {
        let drum = 0.100;
        let axis = spec.height_m - drum - belt::THICK_M;
        Self {
            spec,
            axis,
            drum,
            tail: -spec.length_m / 2.0,
            head: spec.length_m / 2.0,
            side: spec.width_m / 2.0 + 0.035,
        }
    }
}

/// The parts that steps move.
struct Parts {
    head_guard: PartId,
    head_guard_screws: Vec<PartId>,
    tail_guard: PartId,
    tail_guard_screws: Vec<PartId>,
    tail_drum: PartId,
    head_drum: PartId,
    belt: PartId,
    rollers: Vec<PartId>,
    gear_motor: PartId,
    torque_arm_screw: PartId,
    scraper: PartId,
}

const UNIT: Called = Called { number: "CNV-100", en: "Belt conveyor", de: "Gurtförderer" };

impl Conveyor {
    /// Makes the conveyor.
    ///
    /// # Errors
    /// When the sizes make no model.
    pub fn model(&self) -> Result<Model, ModelFault> {
        let layout = Layout::of(*self);
        let mut assembly = Assembly::of("Belt conveyor");
        let unit = assembly.root(
            Piece::of(UNIT)
                .knows("hazard", json!(["W025", "W018", "W019"]))
                .knows("lock_points", json!(["CNV-300"])),
        );
        frame::build(&mut assembly, unit, &layout);
        let belt = belt::build(&mut assembly, unit, &layout);
        let drive = drive::build(&mut assembly, unit, &layout);
        let guard = guard::build(&mut assembly, unit, &layout);
        let parts = Parts {
            head_guard: guard.head,
            head_guard_screws: guard.head_screws,
            tail_guard: guard.tail,
            tail_guard_screws: guard.tail_screws,
            tail_drum: belt.tail_drum,
            head_drum: belt.head_drum,
            belt: belt.belt,
            rollers: belt.rollers,
            gear_motor: drive.gear_motor,
            torque_arm_screw: drive.torque_arm_screw,
            scraper: belt.scraper,
        };
        steps::build(&mut assembly, &parts);
        assembly.model()
    }
}
