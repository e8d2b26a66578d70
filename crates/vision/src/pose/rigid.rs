//! Where something stands and how it is turned.

use crate::linear::{apply, length, multiply, scaled, transpose};

/// A place and an attitude: a point `p` of the inner frame is at `rotation · p + position_m` of the outer one.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct RigidPose {
    /// Rows of a rotation matrix.
    pub rotation: [[f64; 3]; 3],
    /// Metres.
    pub position_m: [f64; 3],
}

impl RigidPose {
    /// Where both frames are one.
    pub const IDENTITY: Self =
        Self { rotation: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], position_m: [0.0; 3] };

    /// The pose of a unit quaternion (x, y, z, w) and a place.
    pub fn of_quaternion([x, y, z, w]: [f64; 4], position_m: [f64; 3]) -> Self {
        let rotation = [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - z * w), 2.0 * (x * z + y * w)],
            [2.0 * (x * y + z * w), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - x * w)],
            [2.0 * (x * z - y * w), 2.0 * (y * z + x * w), 1.0 - 2.0 * (x * x + y * y)],
        ];
        Self { rotation, position_m }
    }

    /// Its attitude as a unit quaternion: x, y, z, w with w not negative.
    pub fn quaternion(&self) -> [f64; 4] {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.rotation;
        let squares = [1.0 + a - e - i, 1.0 - a + e - i, 1.0 - a - e + i, 1.0 + a + e + i];
        let largest = (0..4).fold(3, |best, index| if squares[index] > squares[best] { index } else { best });
        let raw = match largest {
            0 => [squares[0], b + d, c + g, h - f],
            1 => [b + d, squares[1], f + h, c - g],
            2 => [c + g, f + h, squares[2], d - b],
            _ => [h - f, c - g, d - b, squares[3]],
        };
        let long = raw.iter().map(|part| part * part).sum::<f64>().sqrt();
        let sign = if raw[3] < 0.0 { -1.0 } else { 1.0 };
        raw.map(|part| part * sign / long)
    }

    /// Where a point of the inner frame is in the outer one.
    pub fn apply(&self, point_m: [f64; 3]) -> [f64; 3] {
        let turned = apply(&self.rotation, &point_m);
        [0, 1, 2].map(|axis| turned[axis] + self.position_m[axis])
    }

    /// `self` after `inner`: `a_from_b.then(b_from_c)` is `a_from_c`.
    pub fn then(&self, inner: &Self) -> Self {
        Self { rotation: multiply(&self.rotation, &inner.rotation), position_m: self.apply(inner.position_m) }
    }

    /// The outer frame in the inner one.
    pub fn inverse(&self) -> Self {
        let rotation = transpose(&self.rotation);
        Self { rotation, position_m: scaled(apply(&rotation, &self.position_m), -1.0) }
    }

    /// The angle between two attitudes, in radians.
    pub fn angle_to_rad(&self, other: &Self) -> f64 {
        let between = multiply(&transpose(&self.rotation), &other.rotation);
        let [x, y, z] =
            [between[2][1] - between[1][2], between[0][2] - between[2][0], between[1][0] - between[0][1]];
        let trace = between[0][0] + between[1][1] + between[2][2];
        length([x, y, z]).atan2(trace - 1.0)
    }

    /// The distance between two places, in metres.
    pub fn distance_to_m(&self, other: &Self) -> f64 {
        length([0, 1, 2].map(|axis| self.position_m[axis] - other.position_m[axis]))
    }

    /// Moved by the first three of `change` (metres) and turned by the rest (a rotation vector in radians), both in the
    /// outer frame; the turn is around the inner frame's origin.
    pub(crate) fn changed(&self, [dx, dy, dz, rx, ry, rz]: [f64; 6]) -> Self {
        let turn = rotation_of([rx, ry, rz]);
        let [x, y, z] = self.position_m;
        Self { rotation: upright(multiply(&turn, &self.rotation)), position_m: [x + dx, y + dy, z + dz] }
    }
}

/// The rotation by a rotation vector, in radians.
pub(crate) fn rotation_of(vector_rad: [f64; 3]) -> [[f64; 3]; 3] {
    let half = length(vector_rad) / 2.0;
    let share = if half < 1e-9 { 0.5 } else { half.sin() / (2.0 * half) };
    let [x, y, z] = scaled(vector_rad, share);
    RigidPose::of_quaternion([x, y, z, half.cos()], [0.0; 3]).rotation
}

#[cfg(test)]
/// The rotation vector of a rotation, in radians.
pub(crate) fn vector_of(rotation: [[f64; 3]; 3]) -> [f64; 3] {
    let [x, y, z, w] = RigidPose { rotation, position_m: [0.0; 3] }.quaternion();
    let sine = length([x, y, z]);
    let share = if sine < 1e-12 { 2.0 } else { 2.0 * sine.atan2(w) / sine };
    scaled([x, y, z], share)
}

/// The rotation next to a matrix that rounding took a little away from being one.
fn upright(matrix: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let pose = RigidPose { rotation: matrix, position_m: [0.0; 3] };
    RigidPose::of_quaternion(pose.quaternion(), [0.0; 3]).rotation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pose() -> RigidPose {
        RigidPose { rotation: rotation_of([0.3, -1.2, 2.0]), position_m: [1.0, -2.0, 0.5] }
    }

    #[test]
    fn a_pose_and_its_inverse_are_nothing() {
        let nothing = pose().then(&pose().inverse());
        assert!(nothing.angle_to_rad(&RigidPose::IDENTITY) < 1e-12);
        assert!(nothing.distance_to_m(&RigidPose::IDENTITY) < 1e-12);
    }

    #[test]
    fn an_attitude_survives_as_quaternion_and_as_vector() {
        for vector in [[0.0; 3], [3.1, 0.0, 0.0], [0.1, -3.0, 0.2], [0.5, 0.5, -2.9], [1e-7, 0.0, 0.0]] {
            let rotation = rotation_of(vector);
            let turned = RigidPose { rotation, position_m: [0.0; 3] };
            assert!(RigidPose::of_quaternion(turned.quaternion(), [0.0; 3]).angle_to_rad(&turned) < 1e-12);
            for (one, other) in vector_of(rotation).into_iter().zip(vector) {
                assert!((one - other).abs() < 1e-9, "{vector:?}");
            }
        }
    }
}
