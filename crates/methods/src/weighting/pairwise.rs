//! The analytic hierarchy process: weights out of judgements of pairs, how far the judgements hold together, and which of
//! them holds least.

use serde::{Deserialize, Serialize};

use super::{Weight, WeightingError, distinct};
use crate::elementary::{exp, ln};

/// The most items judged in pairs here. A workshop asks for fewer: with 7 there are 21 pairs already.
pub const JUDGED_ITEMS_MAX: usize = 10;
/// Up to this consistency ratio the judgements hold together (Saaty, The Analytic Hierarchy Process, 1980).
pub const CONSISTENT_TO: f64 = 0.1;
/// The mean consistency index of judgements made by chance, by the number of items from 0 on: Saaty 1980.
const RANDOM_INDEX: [f64; JUDGED_ITEMS_MAX + 1] =
    [0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49];
/// The scale of judgements ends at «absolutely more important».
const TIMES_MAX: f64 = 9.0;
/// A judgement this near to what the weights say fits.
const FITS_TO: f64 = 1e-9;

/// One judgement of a pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// This item …
    pub item: String,
    /// … against that one …
    pub other: String,
    /// … is so many times as important: 1/9 to 9.
    pub times: f64,
}

/// The judgement that holds least with the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorstJudgement {
    /// As it was given.
    pub judgement: Judgement,
    /// How many times as important the weights say that the item is.
    pub fitting: f64,
}

/// What judgements of pairs come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pairwise {
    /// The weights, in the order of the items.
    pub weights: Vec<Weight>,
    /// The principal eigenvalue: as large as the number of items where all judgements hold together, else larger.
    pub lambda_max: f64,
    /// (lambda − n) / (n − 1).
    pub consistency_index: f64,
    /// The index by that of judgements made by chance; above 0.1 the judgements want another look.
    pub consistency_ratio: f64,
    /// The values that fit best where no judgement was given.
    pub completed: Vec<Judgement>,
    /// The judgement farthest from what the weights say; none where all fit.
    pub worst: Option<WorstJudgement>,
}

/// Weights out of judgements: the principal eigenvector of their matrix (Saaty 1980). Where judgements are missing, their
/// values are those with the smallest principal eigenvalue (Bozóki, Fülöp and Rónyai, «On optimal completion of incomplete
/// pairwise comparison matrices», Mathematical and Computer Modelling 52, 2010).
///
/// # Errors
/// When there are no items or more than ten, a judgement is no number from 1/9 to 9, a pair is judged twice or against
/// itself, or an item is not connected with the others.
pub fn pairwise(items: &[String], judgements: &[Judgement]) -> Result<Pairwise, WeightingError> {
    let mut matrix = Matrix::of(items, judgements)?;
    let missing = matrix.missing();
    let principal = matrix.complete(&missing);
    let count = items.len();
    let consistency_index =
        if count > 2 { ((principal.value - count as f64) / (count - 1) as f64).max(0.0) } else { 0.0 };
    let random = RANDOM_INDEX.get(count).copied().unwrap_or_default();
    let name = |place: usize| items.get(place).cloned().unwrap_or_default();
    let completed = missing
        .iter()
        .map(|(row, column)| Judgement {
            item: name(*row),
            other: name(*column),
            times: matrix.at(*row, *column),
        })
        .collect();
    Ok(Pairwise {
        worst: worst(items, judgements, &principal.right),
        weights: items
            .iter()
            .zip(&principal.right)
            .map(|(item, weight)| Weight { item: item.clone(), weight: *weight })
            .collect(),
        lambda_max: principal.value,
        consistency_index,
        consistency_ratio: if random > 0.0 { consistency_index / random } else { 0.0 },
        completed,
    })
}

/// The judgements of a group: for each pair the geometric mean of those who judged it, the only mean that keeps «A twice B»
/// and «B half of A» the same (Aczél and Saaty, Journal of Mathematical Psychology 27, 1983).
///
/// # Errors
/// When somebody's judgements cannot be read.
pub fn group_judgements(
    items: &[String],
    people: &[Vec<Judgement>],
) -> Result<Vec<Judgement>, WeightingError> {
    let count = items.len();
    let mut sums = vec![(0.0_f64, 0_u32); count * count];
    for judgements in people {
        let matrix = Matrix::read(items, judgements)?;
        for (place, sum) in sums.iter_mut().enumerate() {
            let (row, column) = (place / count, place % count);
            if row < column && matrix.at(row, column) > 0.0 {
                *sum = (sum.0 + ln(matrix.at(row, column)), sum.1 + 1);
            }
        }
    }
    let mut group = Vec::new();
    for (place, (sum, judged)) in sums.into_iter().enumerate() {
        if let (Some(item), Some(other), true) =
            (items.get(place / count), items.get(place % count), judged > 0)
        {
            group.push(Judgement {
                item: item.clone(),
                other: other.clone(),
                times: exp(sum / f64::from(judged)),
            });
        }
    }
    Ok(group)
}

fn worst(items: &[String], judgements: &[Judgement], weights: &[f64]) -> Option<WorstJudgement> {
    let weight =
        |item: &String| items.iter().position(|known| known == item).and_then(|place| weights.get(place));
    let mut found: Option<(f64, WorstJudgement)> = None;
    for judgement in judgements {
        let fitting = weight(&judgement.item)? / weight(&judgement.other)?;
        let off = ln(judgement.times / fitting).abs();
        if off > FITS_TO && found.as_ref().is_none_or(|(most, _)| off > *most) {
            found = Some((off, WorstJudgement { judgement: judgement.clone(), fitting }));
        }
    }
    found.map(|(_, worst)| worst)
}

/// A positive matrix in which each pair of places holds a number and its inverse; 0 where nothing is known.
struct Matrix {
    count: usize,
    cells: Vec<f64>,
}

/// The largest eigenvalue with its eigenvectors, each with the sum 1.
struct Principal {
    value: f64,
    right: Vec<f64>,
    left: Vec<f64>,
}

impl Matrix {
    fn of(items: &[String], judgements: &[Judgement]) -> Result<Self, WeightingError> {
        let matrix = Self::read(items, judgements)?;
        matrix.connected(items)?;
        Ok(matrix)
    }

    fn read(items: &[String], judgements: &[Judgement]) -> Result<Self, WeightingError> {
        distinct(items.iter().map(String::as_str))?;
        let count = items.len();
        if count > JUDGED_ITEMS_MAX {
            return Err(WeightingError::TooManyItems { count, limit: JUDGED_ITEMS_MAX });
        }
        let mut matrix = Self { count, cells: vec![0.0; count * count] };
        for place in 0..count {
            matrix.set(place, place, 1.0);
        }
        let place = |item: &String| {
            items
                .iter()
                .position(|known| known == item)
                .ok_or_else(|| WeightingError::Unknown { item: item.clone() })
        };
        // A little more than the scale, for what is a third of a third in decimals.
        let scale = 1.0 / (TIMES_MAX + 0.01)..=TIMES_MAX + 0.01;
        for judgement in judgements {
            let (row, column) = (place(&judgement.item)?, place(&judgement.other)?);
            if !scale.contains(&judgement.times) {
                return Err(WeightingError::OutOfRange {
                    item: judgement.item.clone(),
                    value: judgement.times,
                    wanted: "from 1/9 to 9",
                });
            }
            if matrix.at(row, column) > 0.0 {
                return Err(WeightingError::JudgedTwice {
                    item: judgement.item.clone(),
                    other: judgement.other.clone(),
                });
            }
            matrix.set(row, column, judgement.times);
        }
        Ok(matrix)
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.cells.get(row * self.count + column).copied().unwrap_or_default()
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        for (place, value) in [(row * self.count + column, value), (column * self.count + row, 1.0 / value)] {
            if let Some(cell) = self.cells.get_mut(place) {
                *cell = value;
            }
        }
    }

    fn missing(&self) -> Vec<(usize, usize)> {
        let pairs = (0..self.count).flat_map(|row| (row + 1..self.count).map(move |column| (row, column)));
        pairs.filter(|(row, column)| self.at(*row, *column) <= 0.0).collect()
    }

    /// What each item weighs beside the first one by way of judgements alone, the shortest way for each; nothing for an item
    /// that no way leads to.
    fn by_way_of_judgements(&self) -> Vec<f64> {
        let (mut weights, mut open) = (vec![0.0; self.count], vec![(0, 1.0)]);
        while !open.is_empty() {
            let mut next = Vec::new();
            for (place, weight) in open {
                match weights.get_mut(place) {
                    Some(known) if *known <= 0.0 => *known = weight,
                    _ => continue,
                }
                let judged = (0..self.count).filter(|other| self.at(*other, place) > 0.0);
                next.extend(judged.map(|other| (other, weight * self.at(other, place))));
            }
            open = next;
        }
        weights
    }

    fn connected(&self, items: &[String]) -> Result<(), WeightingError> {
        match items.iter().zip(self.by_way_of_judgements()).find(|(_, weight)| *weight <= 0.0) {
            Some((item, _)) => Err(WeightingError::NotConnected { item: item.clone() }),
            None => Ok(()),
        }
    }

    /// Fills in the missing pairs so that the largest eigenvalue is smallest, and answers it.
    ///
    /// In the logarithms of the missing values the eigenvalue is convex (Bozóki et al., theorem 2), and at its minimum each
    /// is ln √(v_i u_j / (u_i v_j)) with u and v the left and right eigenvectors. The way there from any values goes down at
    /// its beginning, so it is walked only as far as the eigenvalue falls.
    fn complete(&mut self, missing: &[(usize, usize)]) -> Principal {
        // Begun with what the judgements say already: where they hold together, that is the end of it.
        let begun = self.by_way_of_judgements();
        for (row, column) in missing {
            if let (Some(one), Some(other)) = (begun.get(*row), begun.get(*column)) {
                self.set(*row, *column, one / other);
            }
        }
        let mut principal = self.principal();
        if missing.is_empty() {
            return principal;
        }
        for _ in 0..ROUNDS_MAX {
            let way: Vec<(usize, usize, f64, f64)> = missing
                .iter()
                .map(|(row, column)| {
                    let (of, now) = (
                        |places: &[f64], at: usize| places.get(at).copied().unwrap_or(1.0),
                        ln(self.at(*row, *column)),
                    );
                    let ratio = of(&principal.right, *row) * of(&principal.left, *column)
                        / (of(&principal.left, *row) * of(&principal.right, *column));
                    (*row, *column, now, ln(ratio) / 2.0 - now)
                })
                .collect();
            if way.iter().all(|(_, _, _, step)| step.abs() < STEP_MIN) {
                break;
            }
            let (before, mut share) = (principal.value, 1.0);
            loop {
                for (row, column, from, step) in &way {
                    self.set(*row, *column, exp(from + share * step));
                }
                let next = self.principal();
                if next.value < before {
                    principal = next;
                    break;
                }
                share /= 2.0;
                if share < SHARE_MIN {
                    for (row, column, from, _) in &way {
                        self.set(*row, *column, exp(*from));
                    }
                    return principal;
                }
            }
        }
        principal
    }

    fn principal(&self) -> Principal {
        let (right, value) = self.powers(|row, column| self.at(row, column));
        let (left, _) = self.powers(|row, column| self.at(column, row));
        Principal { value, right, left }
    }

    /// Power iteration: of a positive matrix it always arrives (Perron and Frobenius).
    fn powers(&self, at: impl Fn(usize, usize) -> f64) -> (Vec<f64>, f64) {
        let (mut vector, mut value) = (vec![1.0 / self.count as f64; self.count], self.count as f64);
        for _ in 0..POWERS_MAX {
            let next: Vec<f64> = (0..self.count)
                .map(|row| vector.iter().enumerate().map(|(column, part)| at(row, column) * part).sum())
                .collect();
            value = next.iter().sum();
            let next: Vec<f64> = next.into_iter().map(|part| part / value).collect();
            let moved = next.iter().zip(&vector).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max);
            vector = next;
            if moved < VECTOR_MIN {
                break;
            }
        }
        (vector, value)
    }
}

const ROUNDS_MAX: usize = 500;
const POWERS_MAX: usize = 1_000;
const STEP_MIN: f64 = 1e-9;
const SHARE_MIN: f64 = 1e-6;
const VECTOR_MIN: f64 = 1e-15;
