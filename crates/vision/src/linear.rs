//! Small systems of linear equations, and rotations.

use std::array;

/// Adds `weight` × (`row` · unknowns = `value`) to the normal equations of a least-squares problem.
pub(crate) fn add_equation<const N: usize>(
    normal: &mut [[f64; N]; N],
    right: &mut [f64; N],
    row: &[f64; N],
    value: f64,
    weight: f64,
) {
    for i in 0..N {
        let scaled = row[i] * weight;
        for j in 0..N {
            normal[i][j] += scaled * row[j];
        }
        right[i] += scaled * value;
    }
}

/// Completes a symmetric matrix of which the upper half is known.
pub(crate) fn mirror<const N: usize>(matrix: &mut [[f64; N]; N]) {
    let upper = *matrix;
    for (row, cells) in matrix.iter_mut().enumerate() {
        for (cell, above) in cells.iter_mut().zip(&upper).take(row) {
            *cell = above[row];
        }
    }
}

/// Solves `matrix` · x = `right`; nothing when there is not one answer.
pub(crate) fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for column in 0..N {
        let pivot =
            (column..N).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        let scale = matrix[pivot].iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let value = matrix[pivot][column];
        if !value.is_finite() || value.abs() <= scale * 1e-13 || value == 0.0 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let lead = matrix[column];
        for row in column + 1..N {
            let factor = matrix[row][column] / lead[column];
            for (cell, above) in matrix[row].iter_mut().zip(lead).skip(column) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right.iter().all(|value| value.is_finite()).then_some(right)
}

/// A symmetric matrix of which all squares are positive, as the product of a lower triangle and its transpose (Cholesky).
#[derive(Clone, Debug)]
pub(crate) struct Factored<const N: usize> {
    /// The triangle, with one over its diagonal in place of that.
    lower: [[f64; N]; N],
}

impl<const N: usize> Factored<N> {
    /// The factors of `matrix`, of which the lower half is read; nothing when it is not positive.
    pub(crate) fn new(mut matrix: [[f64; N]; N]) -> Option<Self> {
        for row in 0..N {
            for column in 0..=row {
                let (above, here) = matrix.split_at_mut(row);
                let line = &mut here[0];
                let other = if column < row { above[column] } else { *line };
                let known: f64 = line[..column].iter().zip(&other[..column]).map(|(a, b)| a * b).sum();
                let left = line[column] - known;
                if column < row {
                    line[column] = left * other[column];
                } else if left.is_finite() && left > line[column].abs() * 1e-13 {
                    line[column] = 1.0 / left.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(Self { lower: matrix })
    }

    /// The triangle's answer for `right`.
    fn lower_solve(&self, mut right: [f64; N]) -> [f64; N] {
        for row in 0..N {
            let line = &self.lower[row];
            let known: f64 = line[..row].iter().zip(&right[..row]).map(|(a, b)| a * b).sum();
            right[row] = (right[row] - known) * line[row];
        }
        right
    }

    /// x in matrix · x = `right`.
    pub(crate) fn solve(&self, right: [f64; N]) -> [f64; N] {
        let mut right = self.lower_solve(right);
        for row in (0..N).rev() {
            right[row] *= self.lower[row][row];
            for column in 0..row {
                right[column] -= self.lower[row][column] * right[row];
            }
        }
        right
    }

    /// `vector` · inverse · `vector`.
    pub(crate) fn square_of(&self, vector: &[f64; N]) -> f64 {
        self.lower_solve(*vector).iter().map(|part| part * part).sum()
    }
}

/// The inverse of `matrix`; nothing when it has none.
pub(crate) fn inverse<const N: usize>(matrix: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut columns = [[0.0; N]; N];
    for (index, column) in columns.iter_mut().enumerate() {
        *column = solve(*matrix, array::from_fn(|row| if row == index { 1.0 } else { 0.0 }))?;
    }
    Some(transpose(&columns))
}

/// Rows for columns.
pub(crate) fn transpose<const N: usize>(matrix: &[[f64; N]; N]) -> [[f64; N]; N] {
    array::from_fn(|row| array::from_fn(|column| matrix[column][row]))
}

/// `left` · `right`.
pub(crate) fn multiply<const N: usize>(left: &[[f64; N]; N], right: &[[f64; N]; N]) -> [[f64; N]; N] {
    array::from_fn(|row| {
        array::from_fn(|column| (0..N).map(|inner| left[row][inner] * right[inner][column]).sum())
    })
}

/// `matrix` · `vector`.
pub(crate) fn apply<const N: usize>(matrix: &[[f64; N]; N], vector: &[f64; N]) -> [f64; N] {
    matrix.map(|row| row.iter().zip(vector).map(|(cell, value)| cell * value).sum())
}

/// The length of (x, y). Quicker than `hypot`, which minds numbers that no picture has.
pub(crate) fn length_of(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// The cross product.
pub(crate) fn cross([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3]) -> [f64; 3] {
    [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
}

/// The scalar product.
pub(crate) fn dot(one: [f64; 3], other: [f64; 3]) -> f64 {
    one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
}

/// The length of a vector.
pub(crate) fn length(vector: [f64; 3]) -> f64 {
    dot(vector, vector).sqrt()
}

/// `vector` × `factor`.
pub(crate) fn scaled(vector: [f64; 3], factor: f64) -> [f64; 3] {
    vector.map(|value| value * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let matrix = [[0.0, 2.0, 1.0], [1.0, 1.0, 0.0], [3.0, 0.0, 4.0]];
        let one = multiply(&matrix, &inverse(&matrix).unwrap());
        for (row, cells) in one.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                assert!((cell - f64::from(u8::from(row == column))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn factors_give_the_same_answers_as_the_matrix() {
        let matrix = [[4.0, 2.0, -1.0], [2.0, 5.0, 0.5], [-1.0, 0.5, 3.0]];
        let right = [1.0, -2.0, 0.5];
        let factored = Factored::new(matrix).unwrap();
        let [one, other] = [factored.solve(right), solve(matrix, right).unwrap()];
        assert!(one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-12));
        let square: f64 =
            apply(&inverse(&matrix).unwrap(), &right).iter().zip(right).map(|(a, b)| a * b).sum();
        assert!((factored.square_of(&right) - square).abs() < 1e-12);
    }

    #[test]
    fn a_singular_system_has_no_answer() {
        assert!(solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 1.0]).is_none());
        assert!(Factored::new([[1.0, 2.0], [2.0, 4.0]]).is_none());
    }
}
