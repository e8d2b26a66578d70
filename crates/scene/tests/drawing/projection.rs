//! Whether what is drawn stands where the numbers of the camera say, to half a pixel.

use std::sync::Arc;

use glam::{Quat, Vec2, Vec3, Vec3A};
use millwright_scene::camera::{Camera, Fit, Intrinsics, Lens, Rigid};
use millwright_scene::frame::{Background, Fill, Frame, Look, Theme};
use millwright_scene::model::{Contents, Mesh, MeshId, Model, Part, Pose, Surface};
use millwright_scene::render::{Picture, Pixels, Pixmap};

use crate::stage;

fn camera(lens: Lens, fit: Fit) -> Camera {
    Camera {
        intrinsics: Intrinsics {
            fx_px: 610.0,
            fy_px: 590.0,
            cx_px: 395.0,
            cy_px: 170.0,
            width_px: 640,
            height_px: 400,
        },
        lens,
        camera_from_machine: Rigid {
            translation_m: Vec3::new(0.08, -0.05, 1.6),
            rotation: (Quat::from_rotation_x(0.5) * Quat::from_rotation_z(0.3)).normalize(),
        },
        near_m: 0.05,
        far_m: 20.0,
        fit,
    }
}

/// Where the pinhole puts a point, by hand: the formula of the textbook and nothing of ours.
fn by_hand(camera: &Camera, point: Vec3) -> Vec2 {
    let Rigid { translation_m, rotation } = camera.camera_from_machine;
    let seen = rotation * point + translation_m;
    let lens = &camera.intrinsics;
    Vec2::new(lens.fx_px * seen.x / seen.z + lens.cx_px, lens.fy_px * seen.y / seen.z + lens.cy_px)
}

const POINTS: [Vec3; 5] = [
    Vec3::ZERO,
    Vec3::new(0.30, 0.05, 0.10),
    Vec3::new(-0.35, 0.20, -0.15),
    Vec3::new(0.10, -0.18, 0.25),
    Vec3::new(-0.55, 0.10, 0.05),
];

/// A small white ball at a point, on black.
fn ball(point: Vec3) -> Arc<Model> {
    let directions: Vec<Vec3> = (0..200_u16)
        .map(|index| {
            let turn = f32::from(index) * 2.399_963_2;
            let z = 1.0 - 2.0 * (f32::from(index) + 0.5) / 200.0;
            Vec3::new(turn.cos() * (1.0 - z * z).sqrt(), turn.sin() * (1.0 - z * z).sqrt(), z)
        })
        .collect();
    // Three squares across each other are round enough where only their middle counts.
    let mut surface = Surface::default();
    for (a, b) in [(Vec3::X, Vec3::Y), (Vec3::Y, Vec3::Z), (Vec3::Z, Vec3::X)] {
        let first = surface.positions.len() as u32;
        surface.positions.extend([a + b, b - a, -a - b, a - b].map(|corner| corner * 0.012));
        surface.normals.extend([directions[0]; 4]);
        surface.triangles.extend([[first, first + 1, first + 2], [first, first + 2, first + 3]]);
    }
    let white = millwright_scene::model::Material { double_sided: true, ..Default::default() };
    surface.material = Some(millwright_scene::model::MaterialId(0));
    let contents = Contents {
        parts: vec![Part { parent_from_part: Pose::moved(point), mesh: Some(MeshId(0)), ..Part::default() }],
        meshes: vec![Mesh { name: "ball".into(), surfaces: vec![surface] }],
        materials: vec![white],
        ..Contents::default()
    };
    Arc::new(Model::of(contents).unwrap())
}

/// The middle of what is opaque, pixels.
fn middle_of_opaque(picture: &Pixmap) -> Vec2 {
    let (mut sum, mut weight) = (Vec2::ZERO, 0.0);
    for y in 0..picture.height_px {
        for x in 0..picture.width_px {
            let cover = f32::from(picture.at(x, y).unwrap()[3]) / 255.0;
            sum += Vec2::new(x as f32 + 0.5, y as f32 + 0.5) * cover;
            weight += cover;
        }
    }
    assert!(weight > 20.0, "it is not seen");
    sum / weight
}

#[test]
fn a_point_is_drawn_where_the_pinhole_puts_it() {
    let camera = camera(Lens::default(), Fit::Contain);
    for point in POINTS {
        let frame = Frame { background: Background::Clear, ..Frame::of(640, 400, camera) };
        let drawn = middle_of_opaque(&stage(&ball(point)).picture(&frame).unwrap());
        let wanted = by_hand(&camera, point);
        assert!(drawn.distance(wanted) < 0.5, "{point} is drawn at {drawn} and should be at {wanted}");
        let seen = camera.view(640, 400).see(Vec3A::from(point)).unwrap().at_px;
        assert!(seen.distance(wanted) < 0.01, "{seen} and {wanted}");
    }
}

#[test]
fn on_a_surface_of_another_shape_points_stay_on_their_picture() {
    for (fit, width, height) in [(Fit::Contain, 500, 500), (Fit::Cover, 500, 500), (Fit::Contain, 1280, 800)]
    {
        let camera = camera(Lens::default(), fit);
        let frame = Frame { background: Background::Clear, ..Frame::of(width, height, camera) };
        let drawn = middle_of_opaque(&stage(&ball(Vec3::new(0.1, 0.0, 0.0))).picture(&frame).unwrap());
        let (x, y) = (width as f32 / 640.0, height as f32 / 400.0);
        let scale = if fit == Fit::Cover { x.max(y) } else { x.min(y) };
        let offset = (Vec2::new(width as f32, height as f32) - Vec2::new(640.0, 400.0) * scale) / 2.0;
        let wanted = by_hand(&camera, Vec3::new(0.1, 0.0, 0.0)) * scale + offset;
        assert!(drawn.distance(wanted) < 0.5, "{fit:?} on {width} × {height}: {drawn} and {wanted}");
    }
}

/// Where a lens that bends puts a point, by hand (Brown and Conrady).
fn bent_by_hand(camera: &Camera, point: Vec3) -> Vec2 {
    let lens = &camera.intrinsics;
    let flat =
        (by_hand(camera, point) - Vec2::new(lens.cx_px, lens.cy_px)) / Vec2::new(lens.fx_px, lens.fy_px);
    let (x, y, r2) = (flat.x, flat.y, flat.length_squared());
    let Lens { k1, k2, p1, p2, k3 } = camera.lens;
    let radial = 1.0 + k1 * r2 + k2 * r2 * r2 + k3 * r2 * r2 * r2;
    let bent = Vec2::new(
        x * radial + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x),
        y * radial + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y,
    );
    bent * Vec2::new(lens.fx_px, lens.fy_px) + Vec2::new(lens.cx_px, lens.cy_px)
}

#[test]
fn the_straightened_picture_of_a_lens_that_bends_lies_under_the_straight_machine() {
    let lens = Lens { k1: -0.21, k2: 0.06, p1: 0.002, p2: -0.003, k3: -0.01 };
    let camera = camera(lens, Fit::Contain);
    for point in POINTS {
        // A picture as that camera takes it: a white dot where it sees the point.
        let dot = bent_by_hand(&camera, point);
        let pixels: Vec<u8> = (0..400_u16)
            .flat_map(|y| (0..640_u16).map(move |x| Vec2::new(f32::from(x) + 0.5, f32::from(y) + 0.5)))
            .map(|pixel| ((4.0 - pixel.distance(dot)).clamp(0.0, 1.0) * 255.0) as u8)
            .collect();
        let model = ball(point);
        let mut stage = stage(&model);
        stage
            .show_picture(&Picture { width_px: 640, height_px: 400, pixels: Pixels::Grey(&pixels) })
            .unwrap();
        let frame = Frame {
            background: Background::Picture,
            theme: Theme { backdrop: millwright_scene::frame::Rgba([0, 0, 0, 255]), ..Theme::LIGHT },
            look: Look::of(Fill::Hidden),
            ..Frame::of(640, 400, camera)
        };
        let picture = stage.picture(&frame).unwrap();
        let (mut sum, mut weight) = (Vec2::ZERO, 0.0);
        for y in 0..400 {
            for x in 0..640 {
                let light = f32::from(picture.at(x, y).unwrap()[0]) / 255.0;
                sum += Vec2::new(x as f32 + 0.5, y as f32 + 0.5) * light;
                weight += light;
            }
        }
        let seen = sum / weight;
        let wanted = by_hand(&camera, point);
        assert!(seen.distance(wanted) < 0.5, "the dot is at {seen}, the machine at {wanted}");
    }
}
