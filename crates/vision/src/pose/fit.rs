//! The likeliest pose behind places in a picture, and how sure it is.

use super::rigid::RigidPose;
use crate::camera::{CameraModel, Projection};
use crate::linear::{add_equation, apply, inverse, solve};

/// Steps of a fit.
const ROUNDS: usize = 30;
/// Beyond so many standard deviations, a place counts less (Huber).
const HUBER_SIGMAS: f64 = 2.5;

/// A point of a body, and where it is seen.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Sight {
    /// In the frame of the body, in metres.
    pub(crate) point_m: [f64; 3],
    pub(crate) pixel: [f64; 2],
    /// One standard deviation on each axis, in pixels.
    pub(crate) sigma_px: f64,
}

/// A pose and how well it fits.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) camera_from_body: RigidPose,
    /// What is left, in squares of standard deviations, large ones damped.
    pub(crate) cost: f64,
    /// The root mean square of what is left on each axis, in pixels.
    pub(crate) residual_px: f64,
}

/// Fits a pose, starting from `seed`. Nothing when points would be behind the camera.
pub(crate) fn fit(camera: &CameraModel, sights: &[Sight], seed: RigidPose) -> Option<Fit> {
    let mut pose = seed;
    let mut cost = cost_of(camera, sights, &pose)?;
    let mut damping = 1e-4;
    for _ in 0..ROUNDS {
        let (normal, right) = equations(camera, sights, &pose)?;
        let mut damped = normal;
        for (index, row) in damped.iter_mut().enumerate() {
            row[index] *= 1.0 + damping;
        }
        let Some(step) = solve(damped, right) else {
            damping *= 10.0;
            continue;
        };
        let moved = pose.changed(step);
        match cost_of(camera, sights, &moved) {
            Some(lower) if lower <= cost => {
                let gain = cost - lower;
                (pose, cost) = (moved, lower);
                damping = (damping * 0.2).max(1e-12);
                if gain <= cost * 1e-12 + 1e-15 {
                    break;
                }
            }
            _ => {
                damping *= 10.0;
                if damping > 1e12 {
                    break;
                }
            }
        }
    }
    let squares: f64 =
        residuals(camera, sights, &pose).map(|left| left.map_or(0.0, |[x, y]| x * x + y * y)).sum();
    let residual_px = (squares / (2 * sights.len()).max(1) as f64).sqrt();
    Some(Fit { camera_from_body: pose, cost, residual_px })
}

/// How sure a pose is: the covariance of its place (metres) and its attitude (radians, around the body's origin), both in
/// the camera's frame. What the camera's own numbers may be off by is in it, and what is left when that is more than the
/// places should be off by. Nothing when the places do not settle it.
pub(crate) fn covariance(camera: &CameraModel, sights: &[Sight], fitted: &Fit) -> Option<[[f64; 6]; 6]> {
    let pose = &fitted.camera_from_body;
    let (normal, _) = equations(camera, sights, pose)?;
    let mut covariance = inverse(&normal)?;
    let free = (2 * sights.len()).saturating_sub(6).max(1) as f64;
    let excess = (fitted.cost / free).max(1.0);
    for cell in covariance.iter_mut().flatten() {
        *cell *= excess;
    }
    // The camera's numbers: focal lengths and centre move all places together.
    let mut by_numbers = [[0.0; 6]; 4];
    for sight in sights {
        let (projection, rows) = sight_slopes(camera, pose, sight)?;
        let weight = 1.0 / (sight.sigma_px * sight.sigma_px);
        for (axis, row) in rows.iter().enumerate() {
            for (index, slope) in row.iter().enumerate() {
                by_numbers[axis][index] += weight * slope * projection.direction[axis];
                by_numbers[2 + axis][index] += weight * slope;
            }
        }
    }
    let plain = inverse(&normal)?;
    for (moments, sigma) in by_numbers.iter().zip(camera.numbers().sigma_px) {
        let shift = apply(&plain, moments);
        for (row, one) in covariance.iter_mut().zip(shift) {
            for (cell, other) in row.iter_mut().zip(shift) {
                *cell += one * other * sigma * sigma;
            }
        }
    }
    covariance.iter().flatten().all(|cell| cell.is_finite()).then_some(covariance)
}

/// What is left of each sight, in pixels; nothing where it would not be seen.
pub(crate) fn residuals(
    camera: &CameraModel,
    sights: &[Sight],
    pose: &RigidPose,
) -> impl Iterator<Item = Option<[f64; 2]>> {
    sights.iter().map(|sight| {
        let [x, y] = camera.project(pose.apply(sight.point_m))?;
        Some([sight.pixel[0] - x, sight.pixel[1] - y])
    })
}

/// The damped squares of what is left.
pub(crate) fn cost_of(camera: &CameraModel, sights: &[Sight], pose: &RigidPose) -> Option<f64> {
    residuals(camera, sights, pose).zip(sights).try_fold(0.0, |sum, (left, sight)| {
        let [x, y] = left?;
        let sigmas = x.hypot(y) / sight.sigma_px;
        let damped = if sigmas <= HUBER_SIGMAS {
            sigmas * sigmas
        } else {
            HUBER_SIGMAS * (2.0 * sigmas - HUBER_SIGMAS)
        };
        Some(sum + damped)
    })
}

/// How much a sight counts by what is left of it, in pixels: 1, and less from where it is an outlier.
pub(crate) fn trust(left_px: [f64; 2], sigma_px: f64) -> f64 {
    let sigmas = left_px[0].hypot(left_px[1]) / sigma_px;
    if sigmas <= HUBER_SIGMAS { 1.0 } else { HUBER_SIGMAS / sigmas }
}

/// Where a sight is expected, and how that changes with the pose.
pub(crate) fn sight_slopes(
    camera: &CameraModel,
    pose: &RigidPose,
    sight: &Sight,
) -> Option<(Projection, [[f64; 6]; 2])> {
    let [x, y, z] = apply(&pose.rotation, &sight.point_m);
    let [px, py, pz] = pose.position_m;
    let projection = camera.project_fully([x + px, y + py, z + pz])?;
    let rows = projection.by_point.map(|[a, b, c]| [a, b, c, c * y - b * z, a * z - c * x, b * x - a * y]);
    Some((projection, rows))
}

fn equations(camera: &CameraModel, sights: &[Sight], pose: &RigidPose) -> Option<([[f64; 6]; 6], [f64; 6])> {
    let mut normal = [[0.0; 6]; 6];
    let mut right = [0.0; 6];
    for sight in sights {
        let (projection, rows) = sight_slopes(camera, pose, sight)?;
        let left = [0, 1].map(|axis| sight.pixel[axis] - projection.pixel[axis]);
        let weight = trust(left, sight.sigma_px) / (sight.sigma_px * sight.sigma_px);
        for (row, value) in rows.iter().zip(left) {
            add_equation(&mut normal, &mut right, row, value, weight);
        }
    }
    Some((normal, right))
}
