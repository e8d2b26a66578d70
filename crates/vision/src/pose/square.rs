//! The two poses from which a flat square looks nearly the same (Collins and Bartoli, «Infinitesimal plane-based pose
//! estimation», 2014): the seeds of what follows.

use super::rigid::RigidPose;
use crate::homography::Homography;
use crate::linear::{add_equation, apply, cross, solve};

/// Both poses of a plane, from what is seen of it: its homography into directions (x and y at one metre ahead) and the
/// points in metres that it takes there.
pub(crate) fn two_poses(
    direction_from_plane: &Homography,
    pairs: &[([f64; 2], [f64; 2])],
) -> Option<[RigidPose; 2]> {
    let rotations = two_rotations(direction_from_plane)?;
    let [one, other] = rotations.map(|rotation| {
        let position_m = position(&rotation, pairs)?;
        Some(RigidPose { rotation, position_m })
    });
    Some([one?, other?])
}

fn two_rotations(homography: &Homography) -> Option<[[[f64; 3]; 3]; 2]> {
    let scale = homography.rows[2][2];
    if scale.abs() < 1e-12 {
        return None;
    }
    let h = homography.rows.map(|row| row.map(|cell| cell / scale));
    // The direction of the plane's origin, and how directions change there with the plane.
    let (p, q) = (h[0][2], h[1][2]);
    let change =
        [[h[0][0] - h[2][0] * p, h[0][1] - h[2][1] * p], [h[1][0] - h[2][0] * q, h[1][1] - h[2][1] * q]];
    let turn = towards(p, q);
    // How a plane that faces that direction is seen.
    let b = [
        [turn[0][0] - p * turn[2][0], turn[0][1] - p * turn[2][1]],
        [turn[1][0] - q * turn[2][0], turn[1][1] - q * turn[2][1]],
    ];
    let area = b[0][0] * b[1][1] - b[0][1] * b[1][0];
    if area.abs() < 1e-12 {
        return None;
    }
    let a = [0, 1].map(|column| {
        let (x, y) = (change[0][column], change[1][column]);
        [(b[1][1] * x - b[0][1] * y) / area, (b[0][0] * y - b[1][0] * x) / area]
    });
    // Columns of the affine change; its larger stretch is one over the distance.
    let dot = |one: [f64; 2], other: [f64; 2]| one[0] * other[0] + one[1] * other[1];
    let (xx, yy, xy) = (dot(a[0], a[0]), dot(a[1], a[1]), dot(a[0], a[1]));
    let stretch = (f64::midpoint(xx, yy) + ((xx - yy) / 2.0).hypot(xy)).sqrt();
    if stretch.is_nan() || stretch <= 0.0 {
        return None;
    }
    let [x, y] = a.map(|column| column.map(|part| part / stretch));
    let away_x = (1.0 - dot(x, x)).max(0.0).sqrt();
    let away_y = (1.0 - dot(y, y)).max(0.0).sqrt();
    let away_y = if dot(x, y) > 0.0 { -away_y } else { away_y };
    Some([1.0, -1.0].map(|sign| {
        let right = [x[0], x[1], sign * away_x];
        let up = [y[0], y[1], sign * away_y];
        let columns = [right, up, cross(right, up)].map(|column| apply(&turn, &column));
        [0, 1, 2].map(|row| [0, 1, 2].map(|column: usize| columns[column][row]))
    }))
}

/// The shortest rotation that takes the axis ahead to the direction (p, q, 1).
fn towards(p: f64, q: f64) -> [[f64; 3]; 3] {
    let long = (p * p + q * q + 1.0).sqrt();
    let cosine = 1.0 / long;
    let (x, y) = (p / long, q / long);
    let rest = 1.0 / (1.0 + cosine);
    [[1.0 - x * x * rest, -x * y * rest, x], [-x * y * rest, 1.0 - y * y * rest, y], [-x, -y, cosine]]
}

/// The place of a plane of known attitude that is seen in given directions.
fn position(rotation: &[[f64; 3]; 3], pairs: &[([f64; 2], [f64; 2])]) -> Option<[f64; 3]> {
    let mut normal = [[0.0; 3]; 3];
    let mut right = [0.0; 3];
    for ([x, y], [across, down]) in pairs {
        let turned = apply(rotation, &[*x, *y, 0.0]);
        add_equation(&mut normal, &mut right, &[1.0, 0.0, -across], across * turned[2] - turned[0], 1.0);
        add_equation(&mut normal, &mut right, &[0.0, 1.0, -down], down * turned[2] - turned[1], 1.0);
    }
    solve(normal, right).filter(|place| place[2] > 0.0)
}
