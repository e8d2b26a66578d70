//! What stands behind the machine: a wall with a door, shelves and windows, so that light and outlines are there that no
//! label has.

use millwright_vision::{CameraModel, RigidPose};

/// How far the wall stands behind the machine's frame, in metres.
const WALL_BEHIND_M: f64 = 1.4;
/// Painted brick and board, as shares of white.
const WALL_LIGHT: f32 = 0.42;
const FLOOR_LIGHT: f32 = 0.20;
/// Rays along each side of a pixel.
const RAYS: usize = 2;

/// How bright the windows of the hall are; 1 is white in the same hall.
pub(crate) type WindowLight = f32;

/// Light from the hall behind, for each pixel that the machine does not fill.
pub(crate) fn light_behind(
    camera: &CameraModel,
    camera_from_machine: &RigidPose,
    filled: &[f32],
    windows: WindowLight,
) -> Vec<f32> {
    let [width, height] = camera.numbers().size_px.map(|side| side as usize);
    let machine_from_camera = camera_from_machine.inverse();
    let eye = machine_from_camera.position_m;
    let mut light = vec![0.0; width * height];
    for (at, (light, filled)) in light.iter_mut().zip(filled).enumerate() {
        if *filled >= 1.0 {
            continue;
        }
        let mut sum = 0.0;
        for ray in 0..RAYS * RAYS {
            let part = |index: usize| (index as f64 + 0.5) / RAYS as f64;
            let pixel = [(at % width) as f64 + part(ray % RAYS), (at / width) as f64 + part(ray / RAYS)];
            // A hall needs no lens: what it bends is a few pixels of a wall.
            let numbers = camera.numbers();
            let ahead = [
                (pixel[0] - numbers.centre_px[0]) / numbers.focal_px[0],
                (pixel[1] - numbers.centre_px[1]) / numbers.focal_px[1],
                1.0,
            ];
            let towards = [0, 1, 2].map(|axis| machine_from_camera.apply(ahead)[axis] - eye[axis]);
            sum += met(eye, towards, windows);
        }
        *light = sum / (RAYS * RAYS) as f32;
    }
    light
}

/// What a ray meets: the floor, or the wall.
fn met(eye: [f64; 3], towards: [f64; 3], windows: WindowLight) -> f32 {
    let to_wall = if towards[2] < -1e-6 { (-WALL_BEHIND_M - eye[2]) / towards[2] } else { f64::INFINITY };
    let to_floor = if towards[1] < -1e-6 { -eye[1] / towards[1] } else { f64::INFINITY };
    if to_floor < to_wall {
        let (x, z) = (eye[0] + towards[0] * to_floor, eye[2] + towards[2] * to_floor);
        // Tiles of 30 cm with dark joints.
        let joint = |place: f64| (place / 0.3).rem_euclid(1.0) < 0.02;
        return if joint(x) || joint(z) { FLOOR_LIGHT * 0.5 } else { FLOOR_LIGHT };
    }
    if !to_wall.is_finite() {
        return WALL_LIGHT;
    }
    on_wall(eye[0] + towards[0] * to_wall, eye[1] + towards[1] * to_wall, windows)
}

fn on_wall(x: f64, y: f64, windows: WindowLight) -> f32 {
    let within = |low: f64, high: f64, place: f64| place >= low && place < high;
    // A row of windows with frames, as high as the camera is held.
    if within(0.30, 1.55, y) && within(-1.6, 2.4, x) {
        let (across, up) = ((x + 1.6).rem_euclid(1.0), y - 0.30);
        let is_frame = across < 0.08 || !within(0.06, 1.19, up) || within(0.60, 0.65, up);
        return if is_frame { 0.12 } else { windows };
    }
    // A dado, and a pipe along it.
    if within(0.12, 0.16, y) {
        return 0.55;
    }
    if y < 0.25 { WALL_LIGHT * 0.6 } else { WALL_LIGHT }
}
