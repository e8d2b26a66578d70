//! How the parts of a model stand: from rest, movements, joints and being pulled apart to one transform per part.

mod bounds;
mod explode;
mod rig;

pub use bounds::Bounds;
pub use rig::{Rig, Stance};
