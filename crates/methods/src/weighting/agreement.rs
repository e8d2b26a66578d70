//! What several ways of weighing agree on: an order in which a difference that flips between them is a tie.

use serde::{Deserialize, Serialize};

use super::{Weight, WeightingError, distinct};

/// Weights nearer than this are equal: what rounding leaves is no difference.
const EQUAL_TO: f64 = 1e-9;

/// The weights that one way of weighing gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeighedBy {
    /// The way, as whoever calls names it.
    pub method: String,
    /// What it gave.
    pub weights: Vec<Weight>,
}

/// An item's place in the order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Which item.
    pub item: String,
    /// 1 and on: one more than there are items before it by every method. Several may have the same.
    pub place: usize,
    /// The mean of its weights, to list those of one place by; not a ground to prefer one.
    pub mean_weight: f64,
}

/// Two items of which one method puts one first, and another method the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TiedPair {
    /// One.
    pub item: String,
    /// The other.
    pub other: String,
    /// A method that puts the one first.
    pub item_first_by: String,
    /// A method that puts the other first.
    pub other_first_by: String,
}

/// What the methods agree on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The items, first place first.
    pub places: Vec<Place>,
    /// Pairs whose order flips.
    pub ties: Vec<TiedPair>,
}

/// Compares the orders that several methods give. An item stands before another only if no method says otherwise and one
/// says so.
///
/// # Errors
/// When there is no method, or one weighs other items than the first.
pub fn agreement(methods: &[WeighedBy]) -> Result<Agreement, WeightingError> {
    let first = methods.first().ok_or(WeightingError::NoItems)?;
    let items: Vec<&str> = first.weights.iter().map(|weight| weight.item.as_str()).collect();
    let mut table: Vec<(&str, Vec<f64>)> = Vec::with_capacity(methods.len());
    for method in methods {
        distinct(method.weights.iter().map(|weight| weight.item.as_str()))?;
        if let Some(other) = method.weights.iter().find(|weight| !items.contains(&weight.item.as_str())) {
            return Err(WeightingError::Unknown { item: other.item.clone() });
        }
        let mut row = Vec::with_capacity(items.len());
        for item in &items {
            let own = method.weights.iter().find(|weight| weight.item == *item);
            let own = own.ok_or_else(|| WeightingError::Missing { item: (*item).to_owned() })?;
            if !own.weight.is_finite() {
                return Err(WeightingError::OutOfRange {
                    item: (*item).to_owned(),
                    value: own.weight,
                    wanted: "a number",
                });
            }
            row.push(own.weight);
        }
        table.push((method.method.as_str(), row));
    }
    // Who puts the item at `one` before the item at `other`.
    let first_by = |one: usize, other: usize| {
        table.iter().find_map(|(method, row)| (row.get(one)? - row.get(other)? > EQUAL_TO).then_some(*method))
    };
    let (mut places, mut ties) = (Vec::new(), Vec::new());
    for (one, item) in items.iter().enumerate() {
        let before = (0..items.len())
            .filter(|other| first_by(*other, one).is_some() && first_by(one, *other).is_none())
            .count();
        let sum: f64 = table.iter().filter_map(|(_, row)| row.get(one)).sum();
        places.push(Place {
            item: (*item).to_owned(),
            place: before + 1,
            mean_weight: sum / table.len() as f64,
        });
        for (other, other_item) in items.iter().enumerate().skip(one + 1) {
            if let (Some(item_first_by), Some(other_first_by)) = (first_by(one, other), first_by(other, one))
            {
                ties.push(TiedPair {
                    item: (*item).to_owned(),
                    other: (*other_item).to_owned(),
                    item_first_by: item_first_by.to_owned(),
                    other_first_by: other_first_by.to_owned(),
                });
            }
        }
    }
    places.sort_by(|one, other| {
        (one.place.cmp(&other.place))
            .then(other.mean_weight.total_cmp(&one.mean_weight))
            .then_with(|| one.item.cmp(&other.item))
    });
    Ok(Agreement { places, ties })
}
