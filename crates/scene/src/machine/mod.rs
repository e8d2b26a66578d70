//! Machines made by code, to a scale of one: a pump unit, a gear reducer and a belt conveyor.
//!
//! Frame of each: metres, +Y up, the floor at y = 0; shafts lie along +X, a conveyor runs along
//! +X, and one stands in front of the machine looking along -Z. Every part is named by its part number and knows in its `extras` what it is
//! called, how it is tightened, what it endangers, where it is locked, and where labels sit; the animations take the
//! machine apart, step by step.

mod assembly;
mod body;
mod conveyor;
mod gear;
mod mount;
mod paint;
mod print;
mod pump;
mod stand_in;
mod stock;

pub use conveyor::Conveyor;
pub use gear::GearReducer;
pub use mount::{LabelMount, LabelMountFault, label_mounts};
pub use pump::Pump;
pub use stand_in::{StandIn, StandInPose, StandInShape, with_stand_ins};

use crate::model::{Model, ModelFault};

/// The machines that are shipped, each with the name of its file in `assets/machines`.
///
/// # Errors
/// When one makes no model, which the tests would have seen.
pub fn all() -> Result<Vec<(&'static str, Model)>, ModelFault> {
    Ok(vec![
        ("belt-conveyor.glb", Conveyor::default().model()?),
        ("gear-reducer.glb", GearReducer::default().model()?),
        ("pump.glb", Pump::default().model()?),
    ])
}
