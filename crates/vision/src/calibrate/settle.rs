//! All numbers of the camera and all poses of the board at once, by Levenberg–Marquardt; poses are eliminated first.

use std::array;

use super::board::BoardView;
use crate::camera::{CameraModel, CameraNumbers};
use crate::linear::{add_equation, apply, inverse, solve};
use crate::pose::{RigidPose, cost_of, residuals, sight_slopes, trust};

/// fx, fy, cx, cy, k1, k2, p1, p2, k3.
const NUMBERS: usize = 9;
/// What those are taken to be off by before anything is seen: nothing for focal lengths and centre (in pictures' sides),
/// and what lenses have of distortion.
const PRIOR: [f64; NUMBERS] = [f64::INFINITY, f64::INFINITY, 0.25, 0.25, 1.0, 1.0, 0.05, 0.05, 0.5];
/// Steps at most.
const ROUNDS: usize = 60;

/// What was settled.
pub(super) struct Settled {
    pub(super) camera: CameraModel,
    /// One standard deviation of focal lengths and centre, in pixels.
    pub(super) sigmas_px: [f64; 4],
    pub(super) residual_px: f64,
}

type Numbers = [f64; NUMBERS];
type Block = [[f64; NUMBERS]; NUMBERS];

/// One picture's part of the equations.
struct Part {
    pose: [[f64; 6]; 6],
    pose_right: [f64; 6],
    /// Rows: the camera's numbers; columns: the pose.
    mixed: [[f64; 6]; NUMBERS],
}

pub(super) fn settle(camera: CameraModel, poses: Vec<RigidPose>, views: &[BoardView]) -> Option<Settled> {
    let start = numbers_of(&camera);
    let prior = priors(&camera);
    let (mut camera, mut poses) = (camera, poses);
    let mut cost = cost(&camera, &poses, views, &start, &prior)?;
    let mut damping = 1e-3;
    for _ in 0..ROUNDS {
        let (block, right, parts) = equations(&camera, &poses, views, &start, &prior)?;
        let moved = step(&block, &right, &parts, damping)
            .and_then(|(change, pose_changes)| {
                let camera = changed(&camera, &change)?;
                let poses: Vec<RigidPose> =
                    poses.iter().zip(pose_changes).map(|(pose, change)| pose.changed(change)).collect();
                Some((camera, poses))
            })
            .and_then(|(camera, poses)| {
                let lower = self::cost(&camera, &poses, views, &start, &prior)?;
                (lower <= cost).then_some((camera, poses, lower))
            });
        match moved {
            Some((better, better_poses, lower)) => {
                let gain = cost - lower;
                (camera, poses, cost) = (better, better_poses, lower);
                damping = (damping * 0.2).max(1e-12);
                if gain <= cost * 1e-10 {
                    break;
                }
            }
            None => {
                damping *= 10.0;
                if damping > 1e10 {
                    break;
                }
            }
        }
    }
    let (block, _, parts) = equations(&camera, &poses, views, &start, &prior)?;
    let covariance = inverse(&reduced(&block, &parts)?)?;
    let sights: usize = views.iter().map(|view| view.sights.len()).sum();
    let free = (2 * sights).saturating_sub(NUMBERS + 6 * views.len()).max(1) as f64;
    let excess = (cost / free).max(1.0);
    let sigmas_px = array::from_fn(|index| (covariance[index][index] * excess).max(0.0).sqrt());
    let squares: f64 = views
        .iter()
        .zip(&poses)
        .flat_map(|(view, pose)| residuals(&camera, &view.sights, pose))
        .flatten()
        .map(|[x, y]| x * x + y * y)
        .sum();
    Some(Settled { camera, sigmas_px, residual_px: (squares / (2 * sights).max(1) as f64).sqrt() })
}

fn numbers_of(camera: &CameraModel) -> Numbers {
    let CameraNumbers { focal_px: [fx, fy], centre_px: [cx, cy], distortion: [k1, k2, p1, p2, k3], .. } =
        *camera.numbers();
    [fx, fy, cx, cy, k1, k2, p1, p2, k3]
}

fn changed(camera: &CameraModel, change: &Numbers) -> Option<CameraModel> {
    let before = numbers_of(camera);
    let [fx, fy, cx, cy, k1, k2, p1, p2, k3] = array::from_fn(|index| before[index] + change[index]);
    CameraModel::new(CameraNumbers {
        focal_px: [fx, fy],
        centre_px: [cx, cy],
        distortion: [k1, k2, p1, p2, k3],
        ..camera.numbers().clone()
    })
    .ok()
}

/// The weights of what is known beforehand.
fn priors(camera: &CameraModel) -> Numbers {
    let side = f64::from(camera.numbers().size_px[0]);
    array::from_fn(|index| {
        let sigma = if index < 4 { PRIOR[index] * side } else { PRIOR[index] };
        1.0 / (sigma * sigma)
    })
}

fn cost(
    camera: &CameraModel,
    poses: &[RigidPose],
    views: &[BoardView],
    start: &Numbers,
    prior: &Numbers,
) -> Option<f64> {
    let numbers = numbers_of(camera);
    let known: f64 = (0..NUMBERS).map(|index| prior[index] * (numbers[index] - start[index]).powi(2)).sum();
    views
        .iter()
        .zip(poses)
        .try_fold(known, |sum, (view, pose)| Some(sum + cost_of(camera, &view.sights, pose)?))
}

fn equations(
    camera: &CameraModel,
    poses: &[RigidPose],
    views: &[BoardView],
    start: &Numbers,
    prior: &Numbers,
) -> Option<(Block, Numbers, Vec<Part>)> {
    let numbers = numbers_of(camera);
    let mut block = [[0.0; NUMBERS]; NUMBERS];
    let mut right = [0.0; NUMBERS];
    for index in 0..NUMBERS {
        block[index][index] = prior[index];
        right[index] = prior[index] * (start[index] - numbers[index]);
    }
    let mut parts = Vec::with_capacity(views.len());
    for (view, pose) in views.iter().zip(poses) {
        let mut part = Part { pose: [[0.0; 6]; 6], pose_right: [0.0; 6], mixed: [[0.0; 6]; NUMBERS] };
        for sight in &view.sights {
            let (projection, pose_rows) = sight_slopes(camera, pose, sight)?;
            let left: [f64; 2] = array::from_fn(|axis| sight.pixel[axis] - projection.pixel[axis]);
            let weight = trust(left, sight.sigma_px) / (sight.sigma_px * sight.sigma_px);
            let number_rows = camera.slopes_by_numbers(&projection);
            for axis in 0..2 {
                let (numbers_row, pose_row, value) = (&number_rows[axis], &pose_rows[axis], left[axis]);
                add_equation(&mut block, &mut right, numbers_row, value, weight);
                add_equation(&mut part.pose, &mut part.pose_right, pose_row, value, weight);
                for (cells, slope) in part.mixed.iter_mut().zip(numbers_row) {
                    for (cell, other) in cells.iter_mut().zip(pose_row) {
                        *cell += weight * slope * other;
                    }
                }
            }
        }
        parts.push(part);
    }
    Some((block, right, parts))
}

/// The camera's part once poses follow it.
fn reduced(block: &Block, parts: &[Part]) -> Option<Block> {
    let mut reduced = *block;
    for part in parts {
        let pose = inverse(&part.pose)?;
        for (row, mixed) in reduced.iter_mut().zip(&part.mixed) {
            let through = apply(&pose, mixed);
            for (cell, other) in row.iter_mut().zip(&part.mixed) {
                *cell -= through.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
            }
        }
    }
    Some(reduced)
}

/// The change of the camera's numbers and of each pose.
fn step(block: &Block, right: &Numbers, parts: &[Part], damping: f64) -> Option<(Numbers, Vec<[f64; 6]>)> {
    let damp = 1.0 + damping;
    let mut left = *block;
    for (index, row) in left.iter_mut().enumerate() {
        row[index] *= damp;
    }
    let mut right = *right;
    let mut inverses = Vec::with_capacity(parts.len());
    for part in parts {
        let mut pose = part.pose;
        for (index, row) in pose.iter_mut().enumerate() {
            row[index] *= damp;
        }
        let pose = inverse(&pose)?;
        let toward = apply(&pose, &part.pose_right);
        for ((row, mixed), value) in left.iter_mut().zip(&part.mixed).zip(&mut right) {
            let through = apply(&pose, mixed);
            for (cell, other) in row.iter_mut().zip(&part.mixed) {
                *cell -= through.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
            }
            *value -= mixed.iter().zip(toward).map(|(one, other)| one * other).sum::<f64>();
        }
        inverses.push(pose);
    }
    // Numbers of very different size: scaled to be alike.
    let scale: Numbers = array::from_fn(|index| left[index][index].abs().max(1e-30).sqrt());
    let scaled: Block =
        array::from_fn(|row| array::from_fn(|column| left[row][column] / (scale[row] * scale[column])));
    let solved = solve(scaled, array::from_fn(|index| right[index] / scale[index]))?;
    let change: Numbers = array::from_fn(|index| solved[index] / scale[index]);
    let poses = parts.iter().zip(&inverses).map(|(part, inverse)| {
        let mut value = part.pose_right;
        for (mixed, number) in part.mixed.iter().zip(change) {
            for (cell, slope) in value.iter_mut().zip(mixed) {
                *cell -= slope * number;
            }
        }
        apply(inverse, &value)
    });
    Some((change, poses.collect()))
}
