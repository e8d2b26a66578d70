//! What stands behind the machine: a floor of tiles, a wall with a pipe, and windows, so that light and outlines are there that no
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

/// What stands behind, of each pixel: the light of walls and floor, and the share of windows.
#[derive(Clone, Debug)]
pub(crate) struct Hall {
    walls: Vec<f32>,
    windows: Vec<f32>,
}

impl Hall {
    /// The hall behind a machine that fills a share of each pixel.
    pub(crate) fn behind(camera: &CameraModel, camera_from_machine: &RigidPose, filled: &[f32]) -> Self {
        let numbers = camera.numbers();
        let width = numbers.size_px[0] as usize;
        let machine_from_camera = camera_from_machine.inverse();
        let turn = RigidPose { position_m: [0.0; 3], ..machine_from_camera };
        let mut hall = Self { walls: vec![0.0; filled.len()], windows: vec![0.0; filled.len()] };
        let pixels = hall.walls.iter_mut().zip(&mut hall.windows).zip(filled);
        for (at, ((wall, window), filled)) in pixels.enumerate() {
            if *filled >= 1.0 {
                continue;
            }
            let share = (1.0 - filled) / (RAYS * RAYS) as f32;
            for ray in 0..RAYS * RAYS {
                let part = |index: usize| (index as f64 + 0.5) / RAYS as f64;
                let pixel = [(at % width) as f64 + part(ray % RAYS), (at / width) as f64 + part(ray / RAYS)];
                // A hall needs no lens: what that bends is a few pixels of a wall.
                let [x, y] =
                    [0, 1].map(|axis| (pixel[axis] - numbers.centre_px[axis]) / numbers.focal_px[axis]);
                match met(machine_from_camera.position_m, turn.apply([x, y, 1.0])) {
                    Met::Wall(light) => *wall += light * share,
                    Met::Window => *window += share,
                }
            }
        }
        hall
    }

    /// Its light in each pixel.
    pub(crate) fn light(&self, windows: WindowLight) -> impl Iterator<Item = f32> {
        self.walls.iter().zip(&self.windows).map(move |(wall, window)| wall + window * windows)
    }
}

/// What a ray meets.
enum Met {
    Wall(f32),
    Window,
}

fn met(eye: [f64; 3], towards: [f64; 3]) -> Met {
    let to_wall = if towards[2] < -1e-6 { (-WALL_BEHIND_M - eye[2]) / towards[2] } else { f64::INFINITY };
    let to_floor = if towards[1] < -1e-6 { -eye[1] / towards[1] } else { f64::INFINITY };
    if to_floor < to_wall {
        let (x, z) = (eye[0] + towards[0] * to_floor, eye[2] + towards[2] * to_floor);
        // Tiles of 30 cm with dark joints.
        let joint = |place: f64| (place / 0.3).rem_euclid(1.0) < 0.02;
        return Met::Wall(if joint(x) || joint(z) { FLOOR_LIGHT * 0.5 } else { FLOOR_LIGHT });
    }
    if !to_wall.is_finite() {
        return Met::Wall(WALL_LIGHT);
    }
    on_wall(eye[0] + towards[0] * to_wall, eye[1] + towards[1] * to_wall)
}

fn on_wall(x: f64, y: f64) -> Met {
    let within = |low: f64, high: f64, place: f64| place >= low && place < high;
    // A row of windows with frames, as high as the camera is held.
    if within(0.30, 1.55, y) && within(-1.6, 2.4, x) {
        let (across, up) = ((x + 1.6).rem_euclid(1.0), y - 0.30);
        let is_frame = across < 0.08 || !within(0.06, 1.19, up) || within(0.60, 0.65, up);
        return if is_frame { Met::Wall(0.12) } else { Met::Window };
    }
    // A pipe along a dado.
    Met::Wall(match y {
        y if within(0.12, 0.16, y) => 0.55,
        y if y < 0.25 => WALL_LIGHT * 0.6,
        _ => WALL_LIGHT,
    })
}
