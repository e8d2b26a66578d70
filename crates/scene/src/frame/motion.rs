//! How the parts of a machine stand at a moment.

use std::collections::BTreeMap;

use glam::{Quat, Vec3};
use serde::{Deserialize, Serialize};

use super::PartRef;

/// What moves the parts from where they rest. It is applied in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Motion {
    /// Movements that are under way or done, one after the other: steps of taking the machine apart.
    pub played: Vec<Played>,
    /// Joints by name, radians or metres.
    pub joints: BTreeMap<String, f32>,
    /// Parts that stand somewhere else in the part above.
    pub placed: Vec<Placed>,
    /// How far the machine is pulled apart: 0 not at all, 1 so far that every part is seen alone.
    pub exploded: f32,
}

/// A movement at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Played {
    /// Its name.
    pub animation: String,
    /// Seconds since its start.
    pub at_s: f32,
}

/// A part that is put somewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    /// Which.
    pub part: PartRef,
    /// In the part above, metres.
    pub translation_m: Vec3,
    /// A unit quaternion, x, y, z, w.
    #[serde(default)]
    pub rotation: Quat,
}
