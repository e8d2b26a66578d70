//! What a frame costs: nothing where nothing changed, little where little did, and few draws however many parts.

use std::sync::Arc;

use glam::{Quat, Vec3};
use millwright_scene::frame::{
    Accent, Background, Fill, Frame, Look, Motion, PartRef, Placed, Rule, Section,
};
use millwright_scene::model::{
    Contents, Material, MaterialId, Mesh, MeshId, Model, Part, PartId, Pose, Surface,
};
use millwright_scene::render::{Drawn, Picture, Pixels, Work};

use crate::{frame_around, pump, stage};

fn work(drawn: Drawn) -> Work {
    match drawn {
        Drawn::Anew(work) => work,
        Drawn::Unchanged => panic!("it was drawn before"),
    }
}

/// An assembly of many parts with meshes of their own.
fn many(parts: usize) -> Arc<Model> {
    let mesh = |index: usize| {
        let size = 0.4 + (index % 7) as f32 * 0.05;
        let surface = Surface {
            positions: vec![Vec3::ZERO, Vec3::X * size, Vec3::Y * size, Vec3::Z * size],
            normals: vec![Vec3::X; 4],
            triangles: vec![[0, 1, 2], [0, 2, 3], [0, 3, 1], [1, 3, 2]],
            material: Some(MaterialId((index % 2) as u32)),
            ..Surface::default()
        };
        Mesh { name: format!("mesh {index}"), surfaces: vec![surface] }
    };
    let part = |index: usize| Part {
        name: format!("part {index}"),
        parent: (index > 0).then_some(PartId(0)),
        parent_from_part: Pose::moved(Vec3::new((index % 50) as f32, (index / 50) as f32, 0.0)),
        mesh: (index > 0).then(|| MeshId::at(index - 1)),
        ..Part::default()
    };
    let contents = Contents {
        parts: (0..=parts).map(part).collect(),
        meshes: (0..parts).map(mesh).collect(),
        materials: vec![Material::default(), Material { double_sided: true, ..Material::default() }],
        ..Contents::default()
    };
    Arc::new(Model::of(contents).unwrap())
}

#[test]
fn a_frame_that_is_the_one_before_costs_nothing() {
    let model = pump();
    let mut stage = stage(&model);
    let frame = frame_around(&model, Motion::default(), 0.3, 0.3, 1.0);
    work(stage.draw(&frame).unwrap());
    let before = stage.totals();
    for _ in 0..5 {
        assert_eq!(stage.draw(&frame.clone()).unwrap(), Drawn::Unchanged);
    }
    let after = stage.totals();
    assert_eq!(
        (after.frames, after.draws, after.uploaded_bytes),
        (before.frames, before.draws, before.uploaded_bytes)
    );
    assert_eq!(after.unchanged, before.unchanged + 5);
}

#[test]
fn two_thousand_parts_take_few_draws_however_they_look() {
    let model = many(2_000);
    let mut stage = stage(&model);
    let mut frame = frame_around(&model, Motion::default(), 0.0, 0.2, 1.0);
    let plain = work(stage.draw(&frame).unwrap());
    assert!(plain.draws <= 4, "{} draws where all look alike", plain.draws);
    let looks = [
        Look::of(Fill::Shaded).with(Accent::Edges),
        Look::of(Fill::Ghost).with(Accent::Edges),
        Look::of(Fill::Shaded).with(Accent::XRay),
        Look::of(Fill::Occluder),
        Look::of(Fill::Shaded).with(Accent::Outline),
        Look::of(Fill::Hidden),
        Look::of(Fill::Shaded).with(Accent::Highlight).with(Accent::Hatch),
    ];
    let rule = |index: u32| Rule {
        part: PartRef::Id(PartId(index)),
        reach: millwright_scene::frame::Reach::Alone,
        look: looks[index as usize * 31 % 7],
    };
    frame.rules = (1..=2_000).map(rule).collect();
    frame.sections = vec![Section { point_m: Vec3::new(25.0, 0.0, 0.0), normal: Vec3::X }];
    let mixed = work(stage.draw(&frame).unwrap());
    assert!(mixed.draws <= 50, "{} draws where every part looks another way", mixed.draws);
}

#[test]
fn a_part_that_moves_is_written_alone() {
    let model = many(2_000);
    let mut stage = stage(&model);
    let mut frame = frame_around(&model, Motion::default(), 0.0, 0.2, 1.0);
    let whole = work(stage.draw(&frame).unwrap()).uploaded_bytes;
    assert!(whole > 100_000, "at first all 2,000 are written");
    let placed = Placed { part: PartRef::Id(PartId(7)), translation_m: Vec3::Z, rotation: Quat::IDENTITY };
    frame.motion.placed = vec![placed];
    let moved = work(stage.draw(&frame).unwrap()).uploaded_bytes;
    assert!(moved < 24_000, "{moved} bytes for one part of 2,000");
}

#[test]
fn a_camera_that_moves_writes_no_part() {
    let model = many(2_000);
    let mut stage = stage(&model);
    stage.draw(&frame_around(&model, Motion::default(), 0.0, 0.2, 1.0)).unwrap();
    let moved = work(stage.draw(&frame_around(&model, Motion::default(), 0.1, 0.2, 1.0)).unwrap());
    assert!(moved.uploaded_bytes < 4_000, "{} bytes", moved.uploaded_bytes);
}

#[test]
fn a_picture_is_drawn_anew_only_where_it_is_seen() {
    let model = pump();
    let mut stage = stage(&model);
    let mut frame = frame_around(&model, Motion::default(), 0.3, 0.3, 1.0);
    let pixels = vec![90; 64 * 48];
    let picture = Picture { width_px: 64, height_px: 48, pixels: Pixels::Grey(&pixels) };
    stage.draw(&frame).unwrap();
    stage.show_picture(&picture).unwrap();
    assert_eq!(stage.draw(&frame).unwrap(), Drawn::Unchanged, "nobody sees it");
    frame.background = Background::Picture;
    stage.draw(&frame).unwrap();
    stage.show_picture(&picture).unwrap();
    work(stage.draw(&frame).unwrap());
    assert_eq!(stage.draw(&frame).unwrap(), Drawn::Unchanged);
}

#[test]
fn a_mesh_that_many_parts_share_is_kept_once() {
    let screws = |count: usize, is_shared: bool| {
        let model = pump();
        let screw = model.part(model.part_named("PMP-211-1").unwrap()).unwrap().mesh.unwrap();
        let mesh = model.meshes()[screw.index()].clone();
        let part = |index: usize| Part {
            name: format!("screw {index}"),
            parent_from_part: Pose::moved(Vec3::X * index as f32 * 0.05),
            mesh: Some(MeshId(if is_shared { 0 } else { index as u32 })),
            ..Part::default()
        };
        let contents = Contents {
            parts: (0..count).map(part).collect(),
            meshes: vec![mesh; if is_shared { 1 } else { count }],
            materials: model.materials().to_vec(),
            textures: model.textures().to_vec(),
            ..Contents::default()
        };
        Arc::new(Model::of(contents).unwrap())
    };
    let bytes = |is_shared| {
        let model = screws(200, is_shared);
        let mut stage = stage(&model);
        let frame = frame_around(&model, Motion::default(), 0.3, 0.3, 1.0);
        (stage.picture(&frame).unwrap(), stage.totals().model_bytes)
    };
    let ((one, shared), (other, apart)) = (bytes(true), bytes(false));
    assert!(shared * 50 < apart, "{shared} and {apart} bytes");
    assert!(one == other, "both are the same picture");
}

#[test]
fn bytes_that_do_not_fill_a_picture_are_refused() {
    let mut stage = stage(&pump());
    let picture = Picture { width_px: 64, height_px: 48, pixels: Pixels::Rgba(&[0; 100]) };
    assert_eq!(
        stage.show_picture(&picture).unwrap_err().to_string(),
        "a picture of 64 × 48 pixels has 100 bytes; it should have 12288"
    );
    let model = pump();
    let frame = Frame { width_px: 0, ..frame_around(&model, Motion::default(), 0.3, 0.3, 1.0) };
    assert!(stage.draw(&frame).unwrap_err().to_string().starts_with("0 × 240 pixels cannot be drawn on"));
}
