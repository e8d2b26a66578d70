//! How far a point of a body may be from where a pose says it is.

use super::estimate::{PoseEstimate, PosePair};
use crate::linear::{apply, length};

/// What bounds are widened by: the fit takes the world for straight near its answer, and it is a little bent.
const WIDENING: f64 = 1.15;
/// The place of the standard normal distribution below which 95 % lie.
const NORMAL_95: f64 = 1.645;

/// How far off a point and an attitude may be.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PointError {
    /// One standard deviation of the point's place, over all directions, in millimetres.
    pub sigma_mm: f64,
    /// The distance that its error stays within in 95 of 100 frames, in millimetres.
    pub bound_mm: f64,
    /// The angle that the attitude's error stays within in 95 of 100 frames, in degrees.
    pub bound_deg: f64,
}

impl PoseEstimate {
    /// How far off a point of the body may be, in the camera's frame.
    pub fn error_at(&self, point_in_body_m: [f64; 3]) -> PointError {
        let [x, y, z] = apply(&self.camera_from_body.rotation, &point_in_body_m);
        // A small turn moves the point by its cross product.
        let rows = [[1.0, 0.0, 0.0, 0.0, z, -y], [0.0, 1.0, 0.0, -z, 0.0, x], [0.0, 0.0, 1.0, y, -x, 0.0]];
        let spread = rows.map(|row| apply(&self.covariance, &row));
        let of_place = [0, 1, 2].map(|row| {
            [0, 1, 2].map(|column: usize| {
                rows[row].iter().zip(spread[column]).map(|(one, other)| one * other).sum()
            })
        });
        let of_attitude =
            [3, 4, 5].map(|row: usize| [3, 4, 5].map(|column: usize| self.covariance[row][column]));
        let trace: f64 = (0..3).map(|axis| of_place[axis][axis]).sum();
        PointError {
            sigma_mm: trace.max(0.0).sqrt() * 1_000.0,
            bound_mm: length_95(&of_place) * WIDENING * 1_000.0,
            bound_deg: (length_95(&of_attitude) * WIDENING).to_degrees(),
        }
    }
}

impl PosePair {
    /// How far off a point of the body may be, in the camera's frame. While the other pose may be the true one, it lies
    /// within the bounds.
    pub fn error_at(&self, point_in_body_m: [f64; 3]) -> PointError {
        let error = self.best.error_at(point_in_body_m);
        let Some(other) = self.other.as_ref().filter(|_| self.is_ambiguous()) else { return error };
        let [here, there] = [&self.best, other].map(|pose| pose.camera_from_body.apply(point_in_body_m));
        let apart_mm = length([0, 1, 2].map(|axis| here[axis] - there[axis])) * 1_000.0;
        let turned_deg = self.best.camera_from_body.angle_to_rad(&other.camera_from_body).to_degrees();
        let at_other = other.error_at(point_in_body_m);
        PointError {
            sigma_mm: error.sigma_mm.max(apart_mm / 2.0),
            bound_mm: error.bound_mm.max(apart_mm + at_other.bound_mm),
            bound_deg: error.bound_deg.max(turned_deg + at_other.bound_deg),
        }
    }
}

/// The length that a normally distributed vector stays within in 95 of 100 cases: its square is taken for a scaled
/// chi-square with the same mean and variance (Satterthwaite; Wilson and Hilferty).
fn length_95(covariance: &[[f64; 3]; 3]) -> f64 {
    let mean: f64 = (0..3).map(|axis| covariance[axis][axis]).sum();
    let half_variance: f64 = covariance.iter().flatten().map(|cell| cell * cell).sum();
    if mean.is_nan() || mean <= 0.0 || half_variance <= 0.0 {
        return 0.0;
    }
    let degrees = mean * mean / half_variance;
    let part = 2.0 / (9.0 * degrees);
    (mean * (1.0 - part + NORMAL_95 * part.sqrt()).powi(3)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_and_one_sided_spreads_have_their_known_bounds() {
        let even = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        assert!((length_95(&even) - 7.815_f64.sqrt()).abs() < 0.02);
        let one_sided = [[1.0, 0.0, 0.0], [0.0; 3], [0.0; 3]];
        assert!((length_95(&one_sided) - 1.96).abs() < 0.04);
    }
}
