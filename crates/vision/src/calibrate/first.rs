//! First guesses: focal lengths from how planes are seen (Zhang, 2000, with the centre and without distortion), and the
//! pose of each board.

use super::board::BoardView;
use crate::camera::{CameraModel, CameraNumbers};
use crate::homography::Homography;
use crate::linear::{add_equation, solve};
use crate::pose::{RigidPose, cost_of, fit, two_poses};

/// What a guessed focal length may be of the picture's longer side.
const FOCAL_SHARE_MIN: f64 = 0.3;
const FOCAL_SHARE_MAX: f64 = 10.0;

/// The camera with focal lengths that explain how the boards' planes are seen; `start` where they do not.
pub(super) fn focal_from_planes(start: &CameraModel, views: &[BoardView]) -> CameraModel {
    let numbers = start.numbers();
    let [centre_x, centre_y] = numbers.centre_px;
    let mut normal = [[0.0; 2]; 2];
    let mut right = [0.0; 2];
    for view in views {
        let pairs: Vec<_> = view
            .sights
            .iter()
            .map(|sight| {
                let [x, y, _] = sight.point_m;
                ([x, y], [sight.pixel[0] - centre_x, sight.pixel[1] - centre_y])
            })
            .collect();
        let Some(homography) = Homography::of_pairs(&pairs) else { continue };
        let column = |index: usize| homography.rows.map(|row| row[index]);
        let (h, v) = (column(0), column(1));
        // Of the same length and at right angles, once directions are known: two equations for 1 / f² of each axis.
        let scale = h[0].powi(2) + h[1].powi(2) + v[0].powi(2) + v[1].powi(2);
        let equations = [
            ([h[0] * v[0], h[1] * v[1]], -h[2] * v[2]),
            ([h[0] * h[0] - v[0] * v[0], h[1] * h[1] - v[1] * v[1]], v[2] * v[2] - h[2] * h[2]),
        ];
        for (row, value) in equations {
            let weight = 1.0 / (scale * scale).max(1e-30);
            add_equation(&mut normal, &mut right, &row, value, weight);
        }
    }
    let side = f64::from(numbers.size_px[0].max(numbers.size_px[1]));
    let sound = |focal: &f64| (FOCAL_SHARE_MIN * side..=FOCAL_SHARE_MAX * side).contains(focal);
    let focal_px =
        solve(normal, right).map(|inverse_squares| inverse_squares.map(|value| (1.0 / value).sqrt()));
    match focal_px.filter(|focal_px| focal_px.iter().all(sound)) {
        Some(focal_px) => {
            CameraModel::new(CameraNumbers { focal_px, ..numbers.clone() }).unwrap_or_else(|_| start.clone())
        }
        None => start.clone(),
    }
}

/// The pose of each board; nothing when one cannot be told.
pub(super) fn poses(camera: &CameraModel, views: &[BoardView]) -> Option<Vec<RigidPose>> {
    views.iter().map(|view| pose(camera, view)).collect()
}

fn pose(camera: &CameraModel, view: &BoardView) -> Option<RigidPose> {
    let pairs: Option<Vec<_>> = view
        .sights
        .iter()
        .map(|sight| Some(([sight.point_m[0], sight.point_m[1]], camera.unproject(sight.pixel)?)))
        .collect();
    let pairs = pairs?;
    let seeds = two_poses(&Homography::of_pairs(&pairs)?, &pairs)?;
    let fits = seeds.iter().filter_map(|seed| fit(camera, &view.sights, *seed));
    let best = fits.min_by(|one, other| one.cost.total_cmp(&other.cost))?.camera_from_body;
    cost_of(camera, &view.sights, &best).map(|_| best)
}
