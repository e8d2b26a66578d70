//! Weights out of points shared out, and out of an order.

use super::{Weight, WeightingError, distinct};

/// So many points are shared out.
pub const POINTS: u32 = 100;

/// Weights out of 100 points that a person shared out among all items: the share of each.
///
/// Constant-sum allocation, as in Metfessel, «A Proposal for Quantitative Reporting of Comparative Judgments», Journal of
/// Psychology 24, 1947.
///
/// # Errors
/// When an item is named twice, or not exactly 100 points are given.
pub fn points(given: &[(String, u32)]) -> Result<Vec<Weight>, WeightingError> {
    distinct(given.iter().map(|(item, _)| item.as_str()))?;
    let sum: u64 = given.iter().map(|(_, points)| u64::from(*points)).sum();
    if sum != u64::from(POINTS) {
        return Err(WeightingError::PointsDoNotSum { given: sum });
    }
    proportional(&given.iter().map(|(item, points)| (item.clone(), f64::from(*points))).collect::<Vec<_>>())
}

/// Weights in proportion to values: what is left of points where two devices shared them out apart, or of votes.
///
/// # Errors
/// When an item is named twice, a value is below 0 or no number, or all are 0.
pub fn proportional(values: &[(String, f64)]) -> Result<Vec<Weight>, WeightingError> {
    distinct(values.iter().map(|(item, _)| item.as_str()))?;
    if let Some((item, value)) = values.iter().find(|(_, value)| !value.is_finite() || *value < 0.0) {
        return Err(WeightingError::OutOfRange { item: item.clone(), value: *value, wanted: "0 or above" });
    }
    let sum: f64 = values.iter().map(|(_, value)| value).sum();
    if sum <= 0.0 || !sum.is_finite() {
        return Err(WeightingError::WeightsDoNotSum { sum });
    }
    Ok(values.iter().map(|(item, value)| Weight { item: item.clone(), weight: value / sum }).collect())
}

/// Weights out of an order, the most important first: the rank-order centroid, the mean of all weights that agree with the
/// order. Barron and Barrett, «Decision Quality Using Ranked Attribute Weights», Management Science 42(11), 1996; SMARTER in
/// Edwards and Barron, Organizational Behavior and Human Decision Processes 60, 1994.
///
/// # Errors
/// When an item is named twice, or there is none.
pub fn ranked(order: &[String]) -> Result<Vec<Weight>, WeightingError> {
    distinct(order.iter().map(String::as_str))?;
    let count = order.len() as f64;
    let mut weights = Vec::with_capacity(order.len());
    let mut sum = 0.0;
    // From the last place, so that the smallest terms are added first.
    for (place, item) in order.iter().enumerate().rev() {
        sum += 1.0 / (place + 1) as f64;
        weights.push(Weight { item: item.clone(), weight: sum / count });
    }
    weights.reverse();
    Ok(weights)
}

/// The weights of a group: the mean of each person's, every person alike. Items are those of the first person; who left out
/// one of them is an error, since a mean over different people would compare what cannot be compared.
///
/// # Errors
/// When nobody weighed anything, or somebody left out an item or weighed another one.
pub fn mean_weights(people: &[Vec<Weight>]) -> Result<Vec<Weight>, WeightingError> {
    let first = people.first().ok_or(WeightingError::NoItems)?;
    distinct(first.iter().map(|weight| weight.item.as_str()))?;
    let mut mean: Vec<Weight> =
        first.iter().map(|weight| Weight { item: weight.item.clone(), weight: 0.0 }).collect();
    for weights in people {
        distinct(weights.iter().map(|weight| weight.item.as_str()))?;
        if let Some(other) = weights.iter().find(|one| !first.iter().any(|known| known.item == one.item)) {
            return Err(WeightingError::Unknown { item: other.item.clone() });
        }
        for sum in &mut mean {
            let own = weights
                .iter()
                .find(|weight| weight.item == sum.item)
                .ok_or_else(|| WeightingError::Missing { item: sum.item.clone() })?;
            sum.weight += own.weight / people.len() as f64;
        }
    }
    Ok(mean)
}
