//! A centrifugal pump with spacer coupling and motor on a base frame: sizes as a pump of ISO 2858 has them.

mod base;
mod coupling;
mod drive;
mod rotor;
mod steps;
mod volute;

use glam::DVec3;
use serde_json::json;

use super::assembly::{Assembly, Called, Piece};
use crate::model::{JointKind, Model, ModelFault, PartId};

/// What can be chosen of a pump unit; the rest follows.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Pump {
    /// Bore of the suction flange, millimetres.
    pub suction_dn: u32,
    /// Bore of the discharge flange, millimetres.
    pub discharge_dn: u32,
    /// Diameter of the impeller, metres.
    pub impeller_m: f64,
    /// Height of the shaft over the feet, metres.
    pub shaft_height_m: f64,
    /// Room between the shafts of pump and motor, metres.
    pub spacer_m: f64,
    /// Height of the motor's shaft over its feet (IEC 60072), metres.
    pub motor_height_m: f64,
}

impl Default for Pump {
    /// 65-40-200 with a motor of 5.5 kW.
    fn default() -> Self {
        Self {
            suction_dn: 65,
            discharge_dn: 40,
            impeller_m: 0.200,
            shaft_height_m: 0.160,
            spacer_m: 0.100,
            motor_height_m: 0.132,
        }
    }
}

/// Where the parts of the unit stand along its shaft, and how large they are; metres, from the shaft and from the axis
/// of the discharge.
struct Layout {
    spec: Pump,
    /// From the feet of pump and motor to the floor.
    frame_height: f64,
    /// How much larger than that of 200 mm.
    scale: f64,
    suction_face: f64,
    discharge_face: f64,
    /// End of the pump's shaft.
    shaft_end: f64,
    /// End of the motor's shaft.
    motor_shaft: f64,
    /// Where the motor's body begins.
    motor_body: f64,
    motor_length: f64,
    motor_radius: f64,
}

impl Layout {
    fn of(spec: Pump) -> Self {
        let scale = spec.impeller_m / 0.200;
        let shaft_end = 0.395;
        let motor_shaft = shaft_end + spec.spacer_m;
        let motor_scale = spec.motor_height_m / 0.132;
        Self {
            spec,
            frame_height: 0.130,
            scale,
            suction_face: -0.100 * scale,
            discharge_face: 0.180 * scale,
            shaft_end,
            motor_shaft,
            motor_body: motor_shaft + 0.080 * motor_scale,
            motor_length: 0.270 * motor_scale,
            motor_radius: 0.122 * motor_scale,
        }
    }

    /// Height of the shaft over the floor.
    fn axis_height(&self) -> f64 {
        self.frame_height + self.spec.shaft_height_m
    }
}

/// The parts that steps move and that other parts hang on.
struct Parts {
    pull_out: PartId,
    cover: PartId,
    impeller: PartId,
    impeller_nut: PartId,
    seal: PartId,
    seal_screws: Vec<PartId>,
    casing_nuts: Vec<PartId>,
    foot_screws: Vec<PartId>,
    guard: PartId,
    guard_screws: Vec<PartId>,
    spacer: PartId,
    pump_hub: PartId,
    spacer_screws: Vec<PartId>,
    motor: PartId,
    motor_screws: Vec<PartId>,
    fan_cowl: PartId,
}

const UNIT: Called = Called { number: "PMP-100", en: "Process pump unit", de: "Prozesspumpenaggregat" };
const PUMP: Called = Called { number: "PMP-110", en: "Pump", de: "Pumpe" };

impl Pump {
    /// Makes the unit.
    ///
    /// # Errors
    /// When the sizes make no model: the limits of a model are far beyond what a pump has.
    pub fn model(&self) -> Result<Model, ModelFault> {
        let layout = Layout::of(*self);
        let mut assembly = Assembly::of("Centrifugal pump unit 65-40-200");
        let unit = assembly.root(
            Piece::of(UNIT)
                .knows("hazard", json!(["W012", "W019", "W018"]))
                .knows("lock_points", json!(["MOT-120", "VLV-1", "VLV-2"])),
        );
        base::build(&mut assembly, unit, &layout);
        let at_axis = DVec3::Y * layout.axis_height();
        let pump = assembly.part(unit, Piece::of(PUMP).at(at_axis));
        volute::build(&mut assembly, pump, &layout);
        let rotor = rotor::build(&mut assembly, pump, &layout);
        let drive = drive::build(&mut assembly, unit, &layout);
        let coupling = coupling::build(&mut assembly, unit, &rotor, drive.shaft, &layout);
        assembly.joint("shaft", rotor.shaft, JointKind::Continuous { axis: glam::Vec3::X });
        let parts = Parts {
            pull_out: rotor.pull_out,
            cover: rotor.cover,
            impeller: rotor.impeller,
            impeller_nut: rotor.impeller_nut,
            seal: rotor.seal,
            seal_screws: rotor.seal_screws,
            casing_nuts: rotor.casing_nuts,
            foot_screws: rotor.foot_screws,
            guard: coupling.guard,
            guard_screws: coupling.guard_screws,
            spacer: coupling.spacer,
            pump_hub: coupling.pump_hub,
            spacer_screws: coupling.spacer_screws,
            motor: drive.motor,
            motor_screws: drive.screws,
            fan_cowl: drive.cowl,
        };
        steps::build(&mut assembly, &parts, &layout);
        assembly.model()
    }
}
