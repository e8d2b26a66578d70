//! The pose of a machine from points that a person laid over its picture: nothing is known of where it stands before.

use super::estimate::{PoseError, PosePair, settle};
use super::fit::{Sight, fit};
use super::rigid::{RigidPose, rotation_of};
use crate::camera::CameraModel;

/// Fewer points leave more than one pose.
pub const POINTS_MIN: usize = 4;
/// More than a person lays.
const POINTS_MAX: usize = 64;
/// Poses nearer to each other than this are one, in radians.
const SAME_POSE_RAD: f64 = 0.01;

/// A point of a machine, and where a person saw it.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PointView {
    /// In the machine's frame, in metres.
    pub point_m: [f64; 3],
    /// In the picture, in pixels.
    pub at_px: [f64; 2],
    /// One standard deviation on each axis, in pixels.
    pub sigma_px: f64,
}

/// The pose of the machine whose points are seen at these pixels.
///
/// # Errors
/// When there are too few, numbers are none, or no pose explains them.
pub fn estimate_points(camera: &CameraModel, points: &[PointView]) -> Result<PosePair, PoseError> {
    if !(POINTS_MIN..=POINTS_MAX).contains(&points.len()) {
        return Err(PoseError::Points);
    }
    let is_sound = |point: &PointView| {
        let numbers = point.point_m.iter().chain(&point.at_px);
        numbers.into_iter().all(|number| number.is_finite() && number.abs() < 1e5)
            && (point.sigma_px > 0.0 && point.sigma_px <= 100.0)
    };
    if !points.iter().all(is_sound) {
        return Err(PoseError::Sigma);
    }
    let sights: Vec<Sight> = points
        .iter()
        .map(|point| Sight { point_m: point.point_m, pixel: point.at_px, sigma_px: point.sigma_px })
        .collect();
    let middle_m = mean(points.iter().map(|point| point.point_m));
    let middle_px = mean(points.iter().map(|point| point.at_px));
    let wide_m = points.iter().map(|point| away(point.point_m, middle_m)).sum::<f64>();
    let wide_px = points.iter().map(|point| away(point.at_px, middle_px)).sum::<f64>();
    if wide_m < 1e-6 || wide_px < 1e-3 {
        return Err(PoseError::NoPose);
    }
    let [x, y] = camera.unproject(middle_px).ok_or(PoseError::NotSeen)?;
    let far_m = camera.numbers().focal_px[0] * wide_m / wide_px;
    let mut fits: Vec<(f64, RigidPose)> = attitudes()
        .filter_map(|rotation| {
            let turned = RigidPose { rotation, position_m: [0.0; 3] }.apply(middle_m);
            let position_m = [x * far_m - turned[0], y * far_m - turned[1], far_m - turned[2]];
            let found = fit(camera, &sights, RigidPose { rotation, position_m })?;
            Some((found.cost, found.camera_from_body))
        })
        .collect();
    fits.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut seeds: Vec<RigidPose> = vec![];
    for (_, pose) in fits {
        if seeds.iter().all(|seed| seed.angle_to_rad(&pose) > SAME_POSE_RAD) {
            seeds.push(pose);
        }
    }
    settle(camera, &sights, &seeds)
}

fn mean<const N: usize>(places: impl Iterator<Item = [f64; N]>) -> [f64; N] {
    let (sum, count) = places.fold(([0.0; N], 0.0), |(sum, count), place| {
        (std::array::from_fn(|axis| sum[axis] + place[axis]), count + 1.0)
    });
    sum.map(|part: f64| part / f64::max(count, 1.0))
}

fn away<const N: usize>(place: [f64; N], from: [f64; N]) -> f64 {
    place.iter().zip(from).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

/// Attitudes all round: a machine may be looked at from everywhere, by a tablet that is held anyhow.
fn attitudes() -> impl Iterator<Item = [[f64; 3]; 3]> {
    let eighth = std::f64::consts::FRAC_PI_4;
    let turn = move |x: i32, y: i32, z: i32| {
        let [about_x, about_y, about_z] = [x, y, z].map(|eighths| f64::from(eighths) * eighth);
        let (x, y, z) = ([about_x, 0.0, 0.0], [0.0, about_y, 0.0], [0.0, 0.0, about_z]);
        let [x, y, z] =
            [x, y, z].map(|vector| RigidPose { rotation: rotation_of(vector), position_m: [0.0; 3] });
        z.then(&x).then(&y).rotation
    };
    (0..4).flat_map(move |z| (-3..=3).flat_map(move |x| (0..8).map(move |y| turn(x, y, 2 * z))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]
mod tests {
    use super::*;
    use crate::linear::length;

    const POINTS: [[f64; 3]; 5] =
        [[0.0, 0.0, 0.0], [0.6, 0.05, 0.0], [0.55, 0.4, 0.1], [0.05, 0.35, -0.2], [0.3, 0.1, 0.25]];

    fn seen(camera: &CameraModel, pose: &RigidPose, off_px: f64) -> Vec<PointView> {
        let turns = [[1.0, 0.3], [-0.6, 0.8], [0.2, -1.0], [-0.9, -0.2], [0.4, 0.6]];
        let look = |(point_m, turn): ([f64; 3], [f64; 2])| {
            let [x, y] = camera.project(pose.apply(point_m)).unwrap();
            PointView { point_m, at_px: [x + off_px * turn[0], y + off_px * turn[1]], sigma_px: 3.0 }
        };
        POINTS.into_iter().zip(turns).map(look).collect()
    }

    #[test]
    fn points_that_are_laid_over_a_machine_say_where_it_stands_from_every_side() {
        let camera = CameraModel::unmeasured(640, 480).unwrap();
        for turn in 0..12 {
            let vector = [0.3 * f64::from(turn % 3) + 2.8, 0.5 * f64::from(turn), 0.2];
            let pose = RigidPose { rotation: rotation_of(vector), position_m: [-0.2, 0.1, 1.6] };
            let found = estimate_points(&camera, &seen(&camera, &pose, 0.0)).unwrap().best.camera_from_body;
            assert!(found.distance_to_m(&pose) < 1e-4, "turn {turn}: {found:?}");
            assert!(found.angle_to_rad(&pose) < 1e-4, "turn {turn}");
        }
    }

    #[test]
    fn a_hand_that_is_off_by_pixels_is_told_as_such() {
        let camera = CameraModel::unmeasured(640, 480).unwrap();
        let pose = RigidPose { rotation: rotation_of([3.0, 0.4, 0.1]), position_m: [-0.2, 0.1, 1.6] };
        let pair = estimate_points(&camera, &seen(&camera, &pose, 3.0)).unwrap();
        let [found, truth] = [&pair.best.camera_from_body, &pose].map(|pose| pose.apply([0.3, 0.2, 0.0]));
        let off_mm = length([0, 1, 2].map(|axis| found[axis] - truth[axis])) * 1_000.0;
        let bound_mm = pair.error_at([0.3, 0.2, 0.0]).bound_mm;
        assert!(off_mm > 1.0 && off_mm < bound_mm, "off by {off_mm} mm, the bound is {bound_mm} mm");
    }

    #[test]
    fn three_points_points_in_one_place_and_no_numbers_are_refused() {
        let camera = CameraModel::unmeasured(640, 480).unwrap();
        let point = PointView { point_m: [0.1; 3], at_px: [320.0, 240.0], sigma_px: 3.0 };
        assert_eq!(estimate_points(&camera, &[point; 3]).unwrap_err(), PoseError::Points);
        assert_eq!(estimate_points(&camera, &[point; 4]).unwrap_err(), PoseError::NoPose);
        let broken = PointView { at_px: [f64::NAN, 0.0], ..point };
        assert_eq!(estimate_points(&camera, &[broken; 4]).unwrap_err(), PoseError::Sigma);
    }
}
