//! What comes out of files, and what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot set up its world fails, and one that lacks its data says so"
)]

mod glb;
mod machines;
mod real;
mod round_trip;
mod stl;
mod texts;
mod urdf;

use glam::{Vec2, Vec3};
use millwright_scene::model::{Contents, Material, MaterialId, Mesh, MeshId, Model, Part, Pose, Surface};

/// A plate with a bolt on it: two parts, two meshes, one material.
pub fn plate_with_bolt() -> Model {
    let triangle = |size: f32| Surface {
        positions: vec![Vec3::ZERO, Vec3::X * size, Vec3::Y * size],
        normals: vec![Vec3::Z; 3],
        uvs: vec![Vec2::ZERO, Vec2::X, Vec2::Y],
        triangles: vec![[0, 1, 2]],
        material: Some(MaterialId(0)),
    };
    let part = |name: &str, parent, mesh, at| Part {
        name: name.into(),
        parent,
        parent_from_part: Pose::moved(at),
        mesh: Some(mesh),
        ..Part::default()
    };
    let contents = Contents {
        name: "plate".into(),
        parts: vec![
            part("PLATE-1", None, MeshId(0), Vec3::ZERO),
            part("BOLT-M8", Some(millwright_scene::model::PartId(0)), MeshId(1), Vec3::new(0.1, 0.2, 0.3)),
        ],
        meshes: vec![
            Mesh { name: "plate".into(), surfaces: vec![triangle(1.0)] },
            Mesh { name: "bolt".into(), surfaces: vec![triangle(0.01)] },
        ],
        materials: vec![Material { name: "steel".into(), ..Material::default() }],
        ..Contents::default()
    };
    Model::of(contents).unwrap()
}
