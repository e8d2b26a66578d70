//! Simple bodies that stand in for parts of a machine that has no model, or none of that part yet.

use glam::{DAffine3, DVec3, Quat, Vec3};
use serde::Deserialize;

use super::body::{block, rod};
use crate::geometry::Shape;
use crate::model::{Alpha, Material, MaterialId, Mesh, MeshId, Model, ModelFault, Part, Pose};

/// Edges that bend by more stay sharp.
const CREASE_RAD: f32 = 0.7;
/// Sides of a cylinder.
const SEGMENTS: usize = 48;
/// How much of an edge is broken, as a share of the smallest length: an edge that catches light is seen.
const BROKEN: f64 = 0.06;

/// A simple body with the name of the part that it stands in for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StandIn {
    /// The part's name.
    pub part: String,
    /// Its shape, around its middle.
    pub shape: StandInShape,
    /// Where it is.
    pub machine_from_part: StandInPose,
}

/// The shape of a stand-in, around its middle.
#[derive(Copy, Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StandInShape {
    /// A box.
    Block {
        /// Along x, y and z, in metres.
        size_m: [f64; 3],
    },
    /// A cylinder along z.
    Cylinder {
        /// In metres.
        radius_m: f64,
        /// In metres.
        length_m: f64,
    },
}

/// Where a stand-in is, in the machine's frame.
#[derive(Copy, Clone, Debug, PartialEq, Deserialize)]
pub struct StandInPose {
    /// In metres.
    pub position_m: [f64; 3],
    /// A unit quaternion: x, y, z, w.
    pub rotation: [f64; 4],
}

impl StandInShape {
    fn shape(self) -> Shape {
        match self {
            Self::Block { size_m: [x, y, z] } => block(DVec3::new(x, y, z), x.min(y) * BROKEN),
            Self::Cylinder { radius_m, length_m } => {
                let broken_m = radius_m.min(length_m / 2.0) * BROKEN;
                // A rod lies along X from its end; this one stands along Z around its middle.
                let along_z = DAffine3::from_rotation_y(-std::f64::consts::FRAC_PI_2);
                rod(length_m, radius_m, broken_m, SEGMENTS)
                    .moved(DVec3::X * (-length_m / 2.0))
                    .placed(&along_z)
            }
        }
    }
}

/// The model with bodies for the parts that it does not have itself: a part that came with a model takes the place of
/// its stand-in.
///
/// # Errors
/// When a body makes no mesh: a length that is none, or more parts than a model has.
pub fn with_stand_ins(model: Model, stand_ins: &[StandIn]) -> Result<Model, ModelFault> {
    let missing: Vec<&StandIn> =
        stand_ins.iter().filter(|stand_in| model.part_named(&stand_in.part).is_none()).collect();
    if missing.is_empty() {
        return Ok(model);
    }
    let mut contents = model.into_contents();
    contents.materials.push(Material {
        name: "stand-in".to_owned(),
        base_color: [0.42, 0.45, 0.48, 1.0],
        metallic: 0.0,
        roughness: 0.6,
        texture: None,
        double_sided: false,
        alpha: Alpha::Opaque,
    });
    let material = MaterialId::at(contents.materials.len() - 1);
    for stand_in in missing {
        let mut surface = stand_in.shape.shape().surface(CREASE_RAD);
        surface.material = Some(material);
        contents.meshes.push(Mesh { name: stand_in.part.clone(), surfaces: vec![surface] });
        let StandInPose { position_m, rotation } = stand_in.machine_from_part;
        contents.parts.push(Part {
            name: stand_in.part.clone(),
            parent: None,
            parent_from_part: Pose::turned(
                Vec3::from_array(position_m.map(|part| part as f32)),
                Quat::from_array(rotation.map(|part| part as f32)).normalize(),
            ),
            mesh: Some(MeshId::at(contents.meshes.len() - 1)),
            extras: Default::default(),
        });
    }
    Model::of(contents)
}
