//! The way of a hand-held camera before a machine.

use std::f64::consts::{PI, TAU};

use glam::{DMat3, DQuat, DVec3};
use millwright_vision::RigidPose;

use crate::board::{BOARD_DURATION_S, camera_from_board};

/// A smooth way round a point that the camera looks at, with the sway of a hand.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct CameraPath {
    /// What is looked at, in the machine's frame.
    pub target_m: [f64; 3],
    /// How far off the camera is in the middle of its way, and how much nearer and farther it comes.
    pub distance_m: [f64; 2],
    /// From this side of straight ahead to the other.
    pub azimuth_rad: f64,
    /// Above the horizon, and how much higher and lower it goes.
    pub elevation_rad: [f64; 2],
    /// How far the hand sways, one amplitude of each turn.
    pub sway_rad: f64,
    /// How long it takes.
    pub duration_s: f64,
}

impl CameraPath {
    /// From one side of the front to the other, near enough that the largest label is 60 pixels wide and far enough that
    /// all of the pump is seen: as one walks along a machine with a tablet in the hand.
    pub fn along_the_front(target_m: [f64; 3], duration_s: f64) -> Self {
        Self {
            target_m,
            distance_m: [1.05, 0.18],
            azimuth_rad: 0.6,
            elevation_rad: [0.22, 0.14],
            // A hand trembles by about half a degree at 1 to 2 Hz, beside the physiological 8 Hz of far less.
            sway_rad: 0.008,
            duration_s,
        }
    }

    /// Where the machine stands before the camera at a time.
    pub fn camera_from_machine(&self, at_s: f64) -> RigidPose {
        let part = at_s / self.duration_s;
        let azimuth = -self.azimuth_rad * (PI * part).cos();
        let elevation = self.elevation_rad[0] + self.elevation_rad[1] * (TAU * at_s / 5.3 + 0.4).sin();
        let distance_m = self.distance_m[0] + self.distance_m[1] * (TAU * at_s / 7.1 + 1.0).sin();
        let (sin_azimuth, cos_azimuth) = azimuth.sin_cos();
        let (sin_elevation, cos_elevation) = elevation.sin_cos();
        let towards_eye = DVec3::new(sin_azimuth * cos_elevation, sin_elevation, cos_azimuth * cos_elevation);
        let eye_m = DVec3::from_array(self.target_m) + towards_eye * distance_m;
        let forward = -towards_eye;
        let right = DVec3::new(cos_azimuth, 0.0, -sin_azimuth);
        let machine_from_level = DMat3::from_cols(right, forward.cross(right), forward);
        let sway = |hertz: f64, phase: f64| self.sway_rad * (TAU * hertz * at_s + phase).sin();
        let level_from_camera = DQuat::from_scaled_axis(DVec3::new(
            sway(1.1, 0.0) + sway(1.9, 2.0),
            sway(0.9, 1.0) + sway(1.6, 0.5),
            2.0 * sway(0.7, 3.0),
        ));
        let machine_from_camera = DQuat::from_mat3(&machine_from_level) * level_from_camera;
        RigidPose::of_quaternion(machine_from_camera.normalize().to_array(), eye_m.to_array()).inverse()
    }
}

/// How a machine and the camera move before each other.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Way {
    /// The camera goes along the machine.
    Along(CameraPath),
    /// The board is held before the camera.
    BoardByHand,
}

impl Way {
    /// How long it takes, in seconds.
    pub(crate) fn duration_s(&self) -> f64 {
        match self {
            Self::Along(path) => path.duration_s,
            Self::BoardByHand => BOARD_DURATION_S,
        }
    }

    /// Where the machine stands before the camera at a time.
    pub(crate) fn camera_from_machine(&self, at_s: f64) -> RigidPose {
        match self {
            Self::Along(path) => path.camera_from_machine(at_s),
            Self::BoardByHand => camera_from_board(at_s),
        }
    }

    /// Where the machine stands while the camera is open around a time; the first is the middle. A blink is one place.
    pub(crate) fn while_open(&self, at_s: f64, exposure_s: f64) -> Vec<RigidPose> {
        // At some 60 pixels a second, 8 ms are half a pixel.
        let pairs = (exposure_s / 0.016) as usize;
        let step_s = exposure_s / (2 * pairs + 1) as f64;
        let away = (1..=pairs).flat_map(|pair| [-(pair as f64), pair as f64]);
        let times = std::iter::once(0.0).chain(away).map(|steps| at_s + steps * step_s);
        times.map(|at_s| self.camera_from_machine(at_s)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_stays_near_the_middle_and_up_is_up() {
        let path = CameraPath::along_the_front([0.3, 0.2, 0.1], 6.0);
        for step in 0..=60 {
            let pose = path.camera_from_machine(f64::from(step) * 0.1);
            let [x, y, z] = pose.apply(path.target_m);
            assert!((0.8..1.3).contains(&z), "{z}");
            assert!((x / z).hypot(y / z) < 0.04);
            let above = pose.apply([0.3, 0.3, 0.1]);
            assert!(above[1] < y, "up is up");
        }
    }

    #[test]
    fn it_moves_as_a_hand_does() {
        let path = CameraPath::along_the_front([0.3, 0.2, 0.1], 6.0);
        for step in 0..60 {
            let [one, other] = [0.0, 0.1].map(|more| path.camera_from_machine(f64::from(step) * 0.1 + more));
            assert!(one.angle_to_rad(&other).to_degrees() < 4.0);
        }
    }
}
