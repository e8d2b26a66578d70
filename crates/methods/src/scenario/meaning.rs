//! What an expression means: figures over indexes, what they measure, and when they are known.

use super::program::{Operand, Stage};
use super::unit::{Dimension, Unit};

/// The most figures under one name.
pub(super) const CELLS_MAX: usize = 4_096;

/// An index of a model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) members: Vec<String>,
}

/// What an expression means.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    pub(super) dimension: Dimension,
    /// Whether it is yes or no.
    pub(super) is_truth: bool,
    /// Over which indexes, by their place in the model, in its order.
    pub(super) indexes: Vec<usize>,
    /// One for each combination of members; the last index runs fastest.
    pub(super) cells: Vec<Operand>,
    pub(super) stage: Stage,
    /// What people read it in, where that is known.
    pub(super) unit: Option<Unit>,
}

impl Meaning {
    pub(super) fn of_number(value: f64, dimension: Dimension, unit: Option<Unit>) -> Self {
        Self {
            dimension,
            is_truth: false,
            indexes: vec![],
            cells: vec![Operand::Fixed(value)],
            stage: Stage::Once,
            unit,
        }
    }

    pub(super) fn of_truth(is: bool) -> Self {
        let value = if is { 1.0 } else { 0.0 };
        Self { is_truth: true, ..Self::of_number(value, Dimension::none(), None) }
    }

    /// The figure, where it is one, and the same in all trials.
    pub(super) fn fixed(&self) -> Option<f64> {
        match self.cells[..] {
            [Operand::Fixed(value)] => Some(value),
            _ => None,
        }
    }
}

/// How many figures there are over some indexes.
pub(super) fn cell_count(all: &[Index], indexes: &[usize]) -> usize {
    indexes.iter().map(|index| all.get(*index).map_or(1, |index| index.members.len())).product()
}

/// For each combination of members of `wide`, the place of the one of `narrow` that it belongs to. All of `narrow` are among
/// `wide`.
pub(super) fn places(all: &[Index], narrow: &[usize], wide: &[usize]) -> Vec<usize> {
    let length = |index: usize| all.get(index).map_or(1, |index| index.members.len());
    // How far a step along each index of `wide` leads in `narrow`.
    let strides: Vec<(usize, usize)> = wide
        .iter()
        .map(|index| {
            let stride = narrow
                .iter()
                .position(|other| other == index)
                .map_or(0, |place| narrow.iter().skip(place + 1).map(|index| length(*index)).product());
            (length(*index), stride)
        })
        .collect();
    let mut places = vec![0];
    for (length, stride) in strides {
        places =
            places.iter().flat_map(|place| (0..length).map(move |member| place + member * stride)).collect();
    }
    places
}

/// The indexes of either, in the model's order.
pub(super) fn united(one: &[usize], other: &[usize]) -> Vec<usize> {
    let mut all: Vec<usize> = one.iter().chain(other).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_spread_over_indexes_that_they_do_not_have() {
        let index = |name: &str, members: &[&str]| Index {
            name: name.to_owned(),
            members: members.iter().map(|member| (*member).to_owned()).collect(),
        };
        let all = [index("product", &["a", "b", "c"]), index("site", &["x", "y"])];
        assert_eq!(places(&all, &[1], &[0, 1]), [0, 1, 0, 1, 0, 1]);
        assert_eq!(places(&all, &[0], &[0, 1]), [0, 0, 1, 1, 2, 2]);
        assert_eq!(places(&all, &[], &[1]), [0, 0]);
        assert_eq!(places(&all, &[0, 1], &[0, 1]), [0, 1, 2, 3, 4, 5]);
        assert_eq!(cell_count(&all, &[0, 1]), 6);
    }
}
