//! What is written as GLB reads back equal, and what was damaged on the way is refused or read, never a panic.

use glam::{Quat, Vec2, Vec3};
use millwright_scene::import::{Limits, StlReading, read, read_gltf, read_urdf};
use millwright_scene::model::{
    Alpha, Animation, Channel, Contents, Joint, JointKind, JointLimits, Keys, Material, MaterialId, Mesh,
    MeshId, Model, Part, PartId, Pose, SplineKey, Surface, Texture, TextureId, Track,
};
use millwright_scene::to_glb;
use proptest::prelude::*;
use serde_json::json;

use crate::plate_with_bolt;

fn back(model: &Model) -> Model {
    read_gltf(&to_glb(model).unwrap(), "other", &|_| None, &Limits::default()).unwrap().model
}

fn vec3() -> impl Strategy<Value = Vec3> {
    prop::array::uniform3(-1.0e3_f32..1.0e3).prop_map(Vec3::from)
}

fn turn() -> impl Strategy<Value = Quat> {
    (vec3(), -3.0_f32..3.0)
        .prop_map(|(axis, angle)| Quat::from_axis_angle((axis + Vec3::Y * 2.0e3).normalize(), angle))
}

fn surface() -> impl Strategy<Value = Surface> {
    (prop::collection::vec((vec3(), prop::array::uniform2(0.0_f32..1.0)), 3..12), any::<bool>()).prop_map(
        |(corners, has_uvs)| Surface {
            positions: corners.iter().map(|(position, _)| *position).collect(),
            normals: corners.iter().map(|(position, _)| (*position + Vec3::Z * 3.0e3).normalize()).collect(),
            uvs: if has_uvs { corners.iter().map(|(_, uv)| Vec2::from(*uv)).collect() } else { Vec::new() },
            triangles: (0..corners.len() as u32 - 2).map(|first| [first, first + 1, first + 2]).collect(),
            material: Some(MaterialId(0)),
        },
    )
}

fn keys<V: Copy + std::fmt::Debug>(value: V, other: V, kind: u8) -> Keys<V> {
    match kind {
        0 => Keys::Step(vec![value, other]),
        1 => Keys::Linear(vec![value, other]),
        _ => Keys::Spline(
            [value, other].map(|value| SplineKey { arriving: other, value, leaving: other }).to_vec(),
        ),
    }
}

prop_compose! {
    /// Any model: a chain and a fan of parts, with everything that a part can have.
    fn model()(
        surfaces in prop::collection::vec(surface(), 1..4),
        places in prop::collection::vec((vec3(), turn(), 0.1_f32..9.0, any::<bool>()), 1..12),
        name in "[a-zA-Z0-9 äöü°«»\"\\\\-]{0,12}",
        color in prop::array::uniform4(0.0_f32..1.0),
        kind in 0_u8..3,
        far in (vec3(), vec3(), turn()),
    ) -> Model {
        let mesh_count = surfaces.len();
        let parts: Vec<Part> = places.iter().enumerate().map(|(index, (translation, rotation, scale, deep))| Part {
            name: format!("{name} {index}"),
            parent: index.checked_sub(1).map(|before| PartId::at(if *deep { before } else { 0 })),
            parent_from_part: Pose { translation: *translation, rotation: *rotation, scale: Vec3::splat(*scale) },
            mesh: (index % 2 == 0).then(|| MeshId::at(index % mesh_count)),
            extras: json!({ "part_number": name, "torque_nm": scale, "mounts": [{ "at": [1, 2.5, -3e-9] }] })
                .as_object().cloned().unwrap_or_default(),
        }).collect();
        let times_s = vec![0.25, 1.5];
        let channels = vec![
            Channel { part: PartId(0), track: Track::Translation { times_s: times_s.clone(), keys: keys(far.0, far.1, kind) } },
            Channel { part: PartId(0), track: Track::Scale { times_s: times_s.clone(), keys: keys(far.1, far.0, kind) } },
            Channel { part: PartId(0), track: Track::Rotation { times_s, keys: keys(far.2, Quat::IDENTITY, kind) } },
        ];
        let limits = JointLimits { lower: -1.0, upper: color[0], velocity: Some(color[1]), effort: None };
        let axis = far.0.try_normalize().unwrap_or(Vec3::X);
        let kinds = [
            JointKind::Revolute { axis, limits },
            JointKind::Continuous { axis },
            JointKind::Prismatic { axis, limits },
        ];
        let alphas = [Alpha::Opaque, Alpha::Mask(color[2]), Alpha::Blend];
        Model::of(Contents {
            name: name.clone(),
            parts,
            meshes: surfaces.into_iter().map(|surface| Mesh { name: name.clone(), surfaces: vec![surface] }).collect(),
            materials: alphas.into_iter().map(|alpha| Material {
                name: name.clone(), base_color: color, metallic: color[0], roughness: color[1],
                texture: Some(TextureId(0)), double_sided: kind == 0, alpha,
            }).collect(),
            textures: vec![Texture { name: name.clone(), width_px: 2, height_px: 1, rgba: vec![1, 2, 3, 255, 4, 5, 6, 0] }],
            joints: kinds.into_iter().map(|kind| Joint { name: name.clone(), part: PartId(0), kind }).collect(),
            animations: vec![Animation { name, channels }],
            extras: json!({ "maker": "us" }).as_object().cloned().unwrap_or_default(),
        }).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_model_that_is_written_reads_back_equal(model in model()) {
        prop_assert_eq!(back(&model), model);
    }

    #[test]
    fn a_damaged_glb_is_refused_or_read_and_never_a_panic(model in model(), places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = to_glb(&model).unwrap();
        for (place, byte) in places {
            let length = bytes.len();
            bytes[place.index(length)] = byte;
        }
        let _outcome = read_gltf(&bytes, "damaged", &|_| None, &Limits::default());
    }

    #[test]
    fn any_bytes_are_refused_or_read_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _outcome = read(&bytes, "bytes", &StlReading::default());
        let _outcome = read_urdf(&bytes, &|_| Some(bytes.clone()), &Limits::default());
    }
}

#[test]
fn the_same_model_is_the_same_bytes() {
    assert_eq!(to_glb(&plate_with_bolt()).unwrap(), to_glb(&plate_with_bolt()).unwrap());
}

#[test]
fn a_large_mesh_reads_back_with_its_wide_indices() {
    let count = 70_000_u32;
    let surface = Surface {
        positions: (0..count).map(|index| Vec3::new(index as f32, 0.0, 1.0)).collect(),
        normals: vec![Vec3::Y; count as usize],
        triangles: vec![[0, 1, count - 1]],
        ..Surface::default()
    };
    let contents = Contents {
        parts: vec![Part { mesh: Some(MeshId(0)), ..Part::default() }],
        meshes: vec![Mesh { name: "long".into(), surfaces: vec![surface] }],
        ..Contents::default()
    };
    let model = Model::of(contents).unwrap();
    assert_eq!(back(&model), model);
}
