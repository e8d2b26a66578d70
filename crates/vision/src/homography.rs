//! Planes seen by a camera: which place of a picture shows which place of a square, and of any points on a plane.

use crate::linear;

/// A mapping between planes in homogeneous coordinates.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Homography {
    pub(crate) rows: [[f64; 3]; 3],
}

impl Homography {
    /// The mapping that takes the corners of a square of `side`, (0, side), (side, side), (side, 0) and (0, 0), to
    /// `corners`. Nothing when those do not span a surface.
    pub(crate) fn of_square(side: f64, corners: &[[f64; 2]; 4]) -> Option<Self> {
        let [lower_left, lower_right, upper_right, upper_left] = *corners;
        let (dx1, dy1) = (upper_right[0] - lower_right[0], upper_right[1] - lower_right[1]);
        let (dx2, dy2) = (lower_left[0] - lower_right[0], lower_left[1] - lower_right[1]);
        let dx3 = upper_left[0] - upper_right[0] + lower_right[0] - lower_left[0];
        let dy3 = upper_left[1] - upper_right[1] + lower_right[1] - lower_left[1];
        let area = dx1 * dy2 - dx2 * dy1;
        if area.abs() < 1e-9 {
            return None;
        }
        let g = (dx3 * dy2 - dx2 * dy3) / area;
        let h = (dx1 * dy3 - dx3 * dy1) / area;
        let row = |axis: usize| {
            [
                (upper_right[axis] - upper_left[axis] + g * upper_right[axis]) / side,
                (lower_left[axis] - upper_left[axis] + h * lower_left[axis]) / side,
                upper_left[axis],
            ]
        };
        Some(Self { rows: [row(0), row(1), [g / side, h / side, 1.0]] })
    }

    /// The mapping that takes the first of each pair to the second with the least error; four pairs or more. Nothing
    /// when they do not span a surface.
    pub(crate) fn of_pairs(pairs: &[([f64; 2], [f64; 2])]) -> Option<Self> {
        if pairs.len() < 4 {
            return None;
        }
        let from = Scale::of(pairs.iter().map(|pair| pair.0))?;
        let to = Scale::of(pairs.iter().map(|pair| pair.1))?;
        let mut normal = [[0.0; 8]; 8];
        let mut right = [0.0; 8];
        for pair in pairs {
            let ([x, y], [u, v]) = (from.apply(pair.0), to.apply(pair.1));
            let equations = [
                ([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], u),
                ([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y], v),
            ];
            for (row, value) in equations {
                linear::add_equation(&mut normal, &mut right, &row, value, 1.0);
            }
        }
        let [a, b, c, d, e, f, g, h] = linear::solve(normal, right)?;
        let scaled = [[a, b, c], [d, e, f], [g, h, 1.0]];
        Some(Self { rows: linear::multiply(&to.inverse(), &linear::multiply(&scaled, &from.matrix())) })
    }

    /// Where `point` is taken.
    pub(crate) fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.rows;
        let share = 1.0 / (g * x + h * y + i);
        [(a * x + b * y + c) * share, (d * x + e * y + f) * share]
    }
}

/// Points moved and scaled to be around zero and one away from it: then squares of them do not drown each other.
struct Scale {
    centre: [f64; 2],
    factor: f64,
}

impl Scale {
    fn of(points: impl Iterator<Item = [f64; 2]> + Clone) -> Option<Self> {
        let count = points.clone().count() as f64;
        let sum = points.clone().fold([0.0, 0.0], |sum, point| [sum[0] + point[0], sum[1] + point[1]]);
        let centre = sum.map(|sum| sum / count);
        let reach =
            points.map(|point| (point[0] - centre[0]).hypot(point[1] - centre[1])).sum::<f64>() / count;
        (reach > 0.0 && reach.is_finite()).then_some(Self { centre, factor: 1.0 / reach })
    }

    fn apply(&self, point: [f64; 2]) -> [f64; 2] {
        [(point[0] - self.centre[0]) * self.factor, (point[1] - self.centre[1]) * self.factor]
    }

    fn matrix(&self) -> [[f64; 3]; 3] {
        let Self { centre: [x, y], factor } = *self;
        [[factor, 0.0, -x * factor], [0.0, factor, -y * factor], [0.0, 0.0, 1.0]]
    }

    fn inverse(&self) -> [[f64; 3]; 3] {
        let Self { centre: [x, y], factor } = *self;
        [[1.0 / factor, 0.0, x], [0.0, 1.0 / factor, y], [0.0, 0.0, 1.0]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNERS: [[f64; 2]; 4] = [[10.0, 90.0], [80.0, 100.0], [70.0, 20.0], [15.0, 30.0]];
    const SQUARE: [[f64; 2]; 4] = [[0.0, 8.0], [8.0, 8.0], [8.0, 0.0], [0.0, 0.0]];

    fn far(one: [f64; 2], other: [f64; 2]) -> f64 {
        (one[0] - other[0]).hypot(one[1] - other[1])
    }

    #[test]
    fn the_corners_of_a_square_go_where_they_should() {
        let homography = Homography::of_square(8.0, &CORNERS).unwrap();
        for (from, to) in SQUARE.into_iter().zip(CORNERS) {
            assert!(far(homography.apply(from), to) < 1e-9);
        }
    }

    #[test]
    fn pairs_give_the_same_mapping_as_a_square() {
        let pairs: Vec<_> = SQUARE.into_iter().zip(CORNERS).collect();
        let one = Homography::of_square(8.0, &CORNERS).unwrap();
        let other = Homography::of_pairs(&pairs).unwrap();
        assert!(far(one.apply([3.0, 5.0]), other.apply([3.0, 5.0])) < 1e-9);
    }

    #[test]
    fn points_on_a_line_span_nothing() {
        let line = [0.0, 1.0, 2.0, 3.0].map(|x| ([x, 0.0], [x, 0.0]));
        assert!(Homography::of_pairs(&line).is_none());
        assert!(Homography::of_square(8.0, &[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]).is_none());
    }
}
