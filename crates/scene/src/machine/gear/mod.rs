//! A gear reducer: two helical stages on three parallel shafts in a housing that splits at the shafts.

mod housing;
mod steps;
mod train;

use glam::DVec3;
use serde_json::json;

use super::assembly::{Assembly, Called, Piece};
use crate::model::{JointKind, Model, ModelFault, PartId};

/// What can be chosen of a reducer; the rest follows.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct GearReducer {
    /// Teeth of pinion and wheel of the first stage.
    pub first_teeth: [u32; 2],
    /// Teeth of pinion and wheel of the second stage.
    pub second_teeth: [u32; 2],
    /// Module of the first stage, metres.
    pub first_module_m: f64,
    /// Module of the second stage, metres.
    pub second_module_m: f64,
}

impl Default for GearReducer {
    /// 16 to 1, with centres 125 and 180 mm apart.
    fn default() -> Self {
        Self { first_teeth: [20, 80], second_teeth: [18, 72], first_module_m: 0.0025, second_module_m: 0.004 }
    }
}

/// Where the shafts lie across the housing, and how large it is; metres, from the middle of the housing and the split.
struct Layout {
    spec: GearReducer,
    /// Along Z: the shaft that drives, the one between, and the one that is driven.
    shafts_z: [f64; 3],
    /// Outer radius of the bosses, and of the bearings in them.
    bearings_m: [f64; 3],
    /// Half the width inside, along X.
    half_width: f64,
    wall: f64,
    /// From the split to the floor.
    height: f64,
    /// Ends of the housing along Z.
    front: f64,
    back: f64,
}

impl Layout {
    fn of(spec: GearReducer) -> Self {
        let centres = |teeth: [u32; 2], module: f64| f64::from(teeth[0] + teeth[1]) * module / 2.0;
        let (first, second) = (
            centres(spec.first_teeth, spec.first_module_m),
            centres(spec.second_teeth, spec.second_module_m),
        );
        let wheel = f64::from(spec.second_teeth[1]) * spec.second_module_m / 2.0;
        let driving = 0.55 * (first + second);
        let shafts_z = [driving, driving - first, driving - first - second];
        Self {
            spec,
            shafts_z,
            bearings_m: [0.040, 0.045, 0.060],
            half_width: 0.085,
            wall: 0.012,
            height: wheel + 0.065,
            front: shafts_z[0] + 0.075,
            back: shafts_z[2] - wheel - 0.035,
        }
    }
}

/// The parts that steps move.
struct Parts {
    upper: PartId,
    split_screws: Vec<PartId>,
    hatch: PartId,
    hatch_screws: Vec<PartId>,
    covers: Vec<PartId>,
    shafts: [PartId; 3],
    drain: PartId,
}

const UNIT: Called = Called { number: "GBX-100", en: "Helical gear reducer", de: "Stirnradgetriebe" };

impl GearReducer {
    /// Makes the reducer.
    ///
    /// # Errors
    /// When the sizes make no model.
    pub fn model(&self) -> Result<Model, ModelFault> {
        let layout = Layout::of(*self);
        let mut assembly = Assembly::of("Helical gear reducer 16:1");
        let unit = assembly.root(
            Piece::of(UNIT)
                .at(DVec3::Y * layout.height)
                .knows("hazard", json!(["W017", "W025"]))
                .knows("mass_kg", json!(185.0)),
        );
        let housing = housing::build(&mut assembly, unit, &layout);
        let train = train::build(&mut assembly, unit, &layout);
        for (name, shaft) in ["input", "intermediate", "output"].into_iter().zip(train.shafts) {
            assembly.joint(name, shaft, JointKind::Continuous { axis: glam::Vec3::X });
        }
        let parts = Parts {
            upper: housing.upper,
            split_screws: housing.split_screws,
            hatch: housing.hatch,
            hatch_screws: housing.hatch_screws,
            drain: housing.drain,
            covers: train.covers,
            shafts: train.shafts,
        };
        steps::build(&mut assembly, &parts);
        assembly.model()
    }
}
