//! How long frames take without a browser, on whatever adapter there is: a graphics card, or Mesa's software one. The same
//! machine as beside three.js: 10,000 parts over 100 shapes, 250,000 triangles, 1280 × 720 pixels, the camera moving.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot set up its world stops, and says what it measured"
)]

use std::sync::Arc;
use std::time::Instant;

use millwright_scene::camera::Orbit;
use millwright_scene::frame::{Accent, Background, Fill, Frame, Look, PartRef, Reach, Rule};
use millwright_scene::machine::Pump;
use millwright_scene::model::{Contents, Material, MaterialId, Mesh, MeshId, Model, Part, Pose, Surface};
use millwright_scene::render::{Drawn, Picture, Pixels, Stage};

const PARTS: usize = 10_000;
const MESHES: usize = 100;
const SIDE: usize = 100;
const STEP_M: f32 = 0.1;
const WIDTH_PX: u32 = 1_280;
const HEIGHT_PX: u32 = 720;
const FRAMES: u32 = 60;
const PUMP: &str = "the pump";

/// A flat-shaded prism: with 7 sides 24 triangles, with 8 sides 28.
fn prism(sides: usize, radius_m: f32, height_m: f32) -> Surface {
    let mut surface = Surface { material: Some(MaterialId(0)), ..Surface::default() };
    let ring = |place: usize, up_m: f32| {
        let turn = std::f32::consts::TAU * place as f32 / sides as f32;
        glam::Vec3::new(radius_m * turn.cos(), up_m, radius_m * turn.sin())
    };
    let corner = |surface: &mut Surface, at: glam::Vec3, normal: glam::Vec3| {
        surface.positions.push(at);
        surface.normals.push(normal);
        surface.positions.len() as u32 - 1
    };
    for place in 0..sides {
        let middle = std::f32::consts::TAU * (place as f32 + 0.5) / sides as f32;
        let out = glam::Vec3::new(middle.cos(), 0.0, middle.sin());
        let corners = [(place, 0.0), (place + 1, 0.0), (place + 1, height_m), (place, height_m)];
        let [a, b, c, d] = corners.map(|(at, up_m)| corner(&mut surface, ring(at, up_m), out));
        surface.triangles.extend([[a, c, b], [a, d, c]]);
    }
    for (up_m, way) in [(height_m, 1.0), (0.0, -1.0)] {
        let rim: Vec<u32> =
            (0..sides).map(|place| corner(&mut surface, ring(place, up_m), glam::Vec3::Y * way)).collect();
        for two in rim.get(1..).unwrap_or_default().windows(2) {
            let [b, c] = two else { continue };
            surface.triangles.push(if way > 0.0 { [rim[0], *c, *b] } else { [rim[0], *b, *c] });
        }
    }
    surface
}

fn many() -> Model {
    let meshes = (0..MESHES).map(|place| Mesh {
        name: format!("mesh {place}"),
        surfaces: vec![prism(
            if place % 4 == 0 { 8 } else { 7 },
            0.02 + (place % 5) as f32 * 0.004,
            0.02 + (place % 9) as f32 * 0.006,
        )],
    });
    let middle = SIDE as f32 / 2.0;
    let parts = (0..PARTS).map(|place| Part {
        name: format!("part {place}"),
        parent: None,
        parent_from_part: Pose::moved(glam::Vec3::new(
            ((place % SIDE) as f32 - middle) * STEP_M,
            0.0,
            ((place / SIDE) as f32 - middle) * STEP_M,
        )),
        mesh: Some(MeshId::at((place * 37) % MESHES)),
        extras: Default::default(),
    });
    let material = Material { metallic: 0.0, roughness: 0.7, ..Material::default() };
    Model::of(Contents {
        name: "many".to_owned(),
        parts: parts.collect(),
        meshes: meshes.collect(),
        materials: vec![material],
        ..Contents::default()
    })
    .unwrap()
}

/// The median and the slowest of the frames, each waited for, in milliseconds.
fn measured(stage: &mut Stage, orbit: &Orbit, turns: bool) -> (f64, f64, u32) {
    let mut took_ms = Vec::new();
    let mut draws = 0;
    for turn in 0..FRAMES {
        let mut orbit = *orbit;
        if turns {
            orbit.azimuth_rad += turn as f32 * 0.02;
        }
        let frame = Frame::of(WIDTH_PX, HEIGHT_PX, orbit.camera(WIDTH_PX, HEIGHT_PX));
        let began = Instant::now();
        let drawn = stage.draw(&frame).unwrap();
        stage.finish().unwrap();
        took_ms.push(began.elapsed().as_secs_f64() * 1_000.0);
        if let Drawn::Anew(work) = drawn {
            draws = work.draws;
        }
    }
    took_ms.sort_by(f64::total_cmp);
    (took_ms[took_ms.len() / 2], took_ms[took_ms.len() - 1], draws)
}

/// The pump as what hides, with one part outlined and named, over a camera's picture of 640 × 480 that is another one each
/// time, on as many pixels as a step's picture has in a window of 1280 × 800: median and slowest.
fn over_a_picture(stage: &mut Stage, orbit: &Orbit, share: f32, is_smooth: bool) -> (f64, f64) {
    let [width_px, height_px] = [760.0_f32, 640.0].map(|px| (px * share) as u32);
    let mut grey = vec![90_u8; 640 * 480];
    let mut took_ms = Vec::new();
    for turn in 0..FRAMES {
        let mut orbit = *orbit;
        orbit.azimuth_rad += turn as f32 * 0.005;
        grey.rotate_right(3);
        let picture = Picture { width_px: 640, height_px: 480, pixels: Pixels::Grey(&grey) };
        let occluder = Look::of(Fill::Occluder);
        let frame = Frame {
            px_scale: share,
            is_smooth,
            background: Background::Picture,
            look: occluder,
            rules: vec![Rule {
                part: PartRef::Name("MOT-100".to_owned()),
                reach: Reach::default(),
                look: occluder.with(Accent::Outline),
            }],
            ..Frame::of(width_px, height_px, orbit.camera(width_px, height_px))
        };
        let began = Instant::now();
        stage.show_picture(&picture).unwrap();
        stage.draw(&frame).unwrap();
        stage.finish().unwrap();
        took_ms.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    took_ms.sort_by(f64::total_cmp);
    (took_ms[took_ms.len() / 2], took_ms[took_ms.len() - 1])
}

fn main() {
    let mut stage = Stage::headless().unwrap();
    println!("adapter: {}", stage.adapter_name());
    for (name, model) in [("10,000 parts", many()), (PUMP, Pump::default().model().unwrap())] {
        let triangles = model.drawn_triangles();
        let (rig, mut stance) = (millwright_scene::pose::Rig::of(&model), Default::default());
        rig.stand(&model, &Default::default(), &mut stance);
        let bounds = rig.bounds(&stance);
        let orbit = Orbit::around(bounds.low.into(), bounds.high.into(), 0.3, 0.7);
        let began = Instant::now();
        stage.load(Arc::new(model)).unwrap();
        stage.finish().unwrap();
        println!(
            "{name}: {triangles} triangles, on the device in {:.0} ms",
            began.elapsed().as_secs_f64() * 1_000.0
        );
        let (median_ms, slowest_ms, draws) = measured(&mut stage, &orbit, true);
        println!("  the camera moving: median {median_ms:.2} ms, slowest {slowest_ms:.2} ms, {draws} draws");
        let (median_ms, slowest_ms, _) = measured(&mut stage, &orbit, false);
        println!("  the frame before again: median {median_ms:.4} ms, slowest {slowest_ms:.2} ms");
        if name != PUMP {
            continue;
        }
        for (share, is_smooth) in [(1.0, true), (1.0, false), (0.7, false), (0.5, false)] {
            let (median_ms, slowest_ms) = over_a_picture(&mut stage, &orbit, share, is_smooth);
            let samples = if is_smooth { 4 } else { 1 };
            println!(
                "  over a picture, {share} of the pixels each way, {samples} samples: median {median_ms:.2} ms, slowest {slowest_ms:.2} ms"
            );
        }
    }
}
