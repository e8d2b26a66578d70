//! Weighting: what matters more than what, by points, by rank or by judgements of pairs, and the matrices built on it.
//!
//! Items are named by whoever calls (an id, say); every answer and every refusal names them again.

mod agreement;
mod matrices;
mod pairwise;
mod share;

pub use agreement::{Agreement, Place, TiedPair, WeighedBy, agreement};
pub use matrices::{
    Attractiveness, Factor, FactorKind, FactorScore, FactorTable, RatedStrategy, STRONG_FROM, StrategyScore,
    TowsPair, TowsQuadrant, factor_table, strategy_matrix, tows_pairs,
};
pub use pairwise::{
    CONSISTENT_TO, JUDGED_ITEMS_MAX, Judgement, Pairwise, WorstJudgement, group_judgements, pairwise,
};
use serde::{Deserialize, Serialize};
pub use share::{POINTS, mean_weights, points, proportional, ranked};

/// What one item weighs: a share of 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weight {
    /// Which item.
    pub item: String,
    /// Its share; those of all items add up to 1.
    pub weight: f64,
}

/// Why items cannot be weighed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WeightingError {
    /// Nothing is to be weighed.
    #[error("there is nothing to weigh")]
    NoItems,
    /// More items than can be judged in pairs.
    #[error("{count} items are too many to be judged in pairs: at most {limit}")]
    TooManyItems {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// An item is named twice.
    #[error("{item} is named twice")]
    NamedTwice {
        /// Which.
        item: String,
    },
    /// An item is spoken of that is none of them.
    #[error("{item} is none of the items")]
    Unknown {
        /// Which.
        item: String,
    },
    /// An item has no value that can be reckoned with.
    #[error("{item} has the value {value}, which is not {wanted}")]
    OutOfRange {
        /// Which.
        item: String,
        /// What it has.
        value: f64,
        /// What it may have.
        wanted: &'static str,
    },
    /// An item is left out.
    #[error("{item} has no value")]
    Missing {
        /// Which.
        item: String,
    },
    /// The points given are not all that there are, or more.
    #[error("{given} points are given, not {POINTS}")]
    PointsDoNotSum {
        /// How many are given.
        given: u64,
    },
    /// The weights of a table do not add up to 1.
    #[error("the weights add up to {sum}, not to 1")]
    WeightsDoNotSum {
        /// What they add up to.
        sum: f64,
    },
    /// A pair is judged twice.
    #[error("{item} and {other} are judged twice")]
    JudgedTwice {
        /// One of the pair.
        item: String,
        /// The other.
        other: String,
    },
    /// No chain of judgements leads from the first item to this one.
    #[error("{item} is not judged against any of the others, not even by way of another item")]
    NotConnected {
        /// Which.
        item: String,
    },
    /// A rating that this kind of factor cannot have.
    #[error("{item} is rated {rating}; {rule}")]
    RatingAgainstRule {
        /// Which factor.
        item: String,
        /// How it is rated.
        rating: u8,
        /// What holds for its kind.
        rule: &'static str,
    },
    /// A factor is left blank for some strategies, and not for others.
    #[error(
        "{factor} is left blank for {strategy}, and not for the others: a factor bears on all or on none"
    )]
    BlankForSome {
        /// Which factor.
        factor: String,
        /// For which strategy.
        strategy: String,
    },
}

/// That no item is named twice.
fn distinct<'i>(items: impl IntoIterator<Item = &'i str>) -> Result<(), WeightingError> {
    let mut seen = std::collections::BTreeSet::new();
    for item in items {
        if !seen.insert(item) {
            return Err(WeightingError::NamedTwice { item: item.to_owned() });
        }
    }
    if seen.is_empty() { Err(WeightingError::NoItems) } else { Ok(()) }
}
