//! What is met, and what is not.

use super::*;
use crate::camera::Orbit;
use crate::frame::{Frame, Motion};
use crate::model::{Contents, Mesh, MeshId, Part, Pose, Surface};

/// A square of a metre in the XY plane, looking along +Z.
fn square() -> Mesh {
    let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)];
    let surface = Surface {
        positions: corners.iter().map(|(x, y)| Vec3::new(*x, *y, 0.0)).collect(),
        normals: vec![Vec3::Z; 4],
        triangles: vec![[0, 1, 2], [0, 2, 3]],
        ..Surface::default()
    };
    Mesh { name: "square".into(), surfaces: vec![surface] }
}

/// A square at z = 1 before a larger one at z = 0.
fn two_squares() -> Model {
    let part = |name: &str, z: f32, size: f32| Part {
        name: name.into(),
        parent_from_part: Pose { translation: Vec3::Z * z, scale: Vec3::splat(size), ..Pose::IDENTITY },
        mesh: Some(MeshId(0)),
        ..Part::default()
    };
    let parts = vec![part("front", 1.0, 0.5), part("back", 0.0, 2.0)];
    Model::of(Contents { parts, meshes: vec![square()], ..Contents::default() }).unwrap()
}

/// What is met at a pixel of 200 × 200, seen along -Z.
fn met(looks: [Look; 2], sections: &[Section], at_px: Vec2) -> Option<Hit> {
    let model = two_squares();
    let (rig, mut stance) = (Rig::of(&model), Stance::default());
    rig.stand(&model, &Motion::default(), &mut stance);
    let orbit = Orbit {
        target_m: Vec3::ZERO,
        distance_m: 5.0,
        azimuth_rad: 0.0,
        elevation_rad: 0.0,
        vertical_view_rad: 0.6,
    };
    let view = Frame::of(200, 200, orbit.camera(200, 200)).camera.view(200, 200);
    let scene = Scene { model: &model, rig: &rig, stance: &stance, looks: &looks, sections };
    Picker::of(&model).pick(&scene, &view, at_px)
}

const MIDDLE: Vec2 = Vec2::splat(100.0);
const SHADED: Look = Look::of(Fill::Shaded);

#[test]
fn the_nearer_part_is_met_at_its_distance() {
    let hit = met([SHADED; 2], &[], MIDDLE).unwrap();
    assert_eq!(hit.part, PartId(0));
    assert!((hit.distance_m - 4.0).abs() < 1e-4 && hit.point_m.abs_diff_eq(Vec3::Z, 1e-4), "{hit:?}");
    assert!(hit.normal.abs_diff_eq(Vec3::Z, 1e-5), "towards the eye");
}

#[test]
fn beside_everything_nothing_is_met() {
    assert_eq!(met([SHADED; 2], &[], Vec2::new(1.0, 1.0)), None);
    assert_eq!(met([SHADED; 2], &[], Vec2::new(-3.0, 100.0)), None);
}

#[test]
fn what_is_hidden_is_not_met_and_an_occluder_is() {
    assert_eq!(met([Look::of(Fill::Hidden), SHADED], &[], MIDDLE).unwrap().part, PartId(1));
    assert_eq!(met([Look::of(Fill::Occluder), SHADED], &[], MIDDLE).unwrap().part, PartId(0));
}

#[test]
fn through_a_veil_one_means_what_lies_behind() {
    assert_eq!(met([Look::of(Fill::Ghost), SHADED], &[], MIDDLE).unwrap().part, PartId(1));
    assert_eq!(met([Look::of(Fill::Ghost), Look::of(Fill::Hidden)], &[], MIDDLE).unwrap().part, PartId(0));
}

#[test]
fn what_is_seen_through_others_is_met_through_them() {
    let through = SHADED.with(Accent::XRay);
    assert_eq!(met([SHADED, through], &[], MIDDLE).unwrap().part, PartId(1));
}

#[test]
fn what_is_cut_away_is_not_met_but_what_is_left_whole_is() {
    let section = Section { point_m: Vec3::Z * 0.5, normal: Vec3::Z };
    assert_eq!(met([SHADED; 2], &[section], MIDDLE).unwrap().part, PartId(1));
    let whole = SHADED.with(Accent::Uncut);
    assert_eq!(met([whole, SHADED], &[section], MIDDLE).unwrap().part, PartId(0));
}

#[test]
fn a_point_near_a_corner_is_drawn_to_it_and_one_near_an_edge_to_that() {
    let model = two_squares();
    let (rig, mut stance) = (Rig::of(&model), Stance::default());
    rig.stand(&model, &Motion::default(), &mut stance);
    let scene = Scene { model: &model, rig: &rig, stance: &stance, looks: &[], sections: &[] };
    let hit = |point_m| Hit { part: PartId(1), point_m, normal: Vec3::Z, distance_m: 1.0 };
    assert_eq!(snap(&scene, &hit(Vec3::new(0.97, 0.98, 0.0)), 0.1), Snap::Corner(Vec3::new(1.0, 1.0, 0.0)));
    let edge = snap(&scene, &hit(Vec3::new(0.97, 0.2, 0.0)), 0.1);
    assert!(
        matches!(edge, Snap::Edge(point) if point.abs_diff_eq(Vec3::new(1.0, 0.2, 0.0), 1e-5)),
        "{edge:?}"
    );
    assert_eq!(snap(&scene, &hit(Vec3::ZERO), 0.1), Snap::Surface(Vec3::ZERO));
}

#[test]
fn lengths_are_in_millimetres() {
    assert!((measured_mm(Vec3::ZERO, Vec3::new(0.3, 0.4, 0.0)) - 500.0).abs() < 1e-3);
}
