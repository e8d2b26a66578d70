//! The matrices of strategic planning: internal and external factors (IFE, EFE), pairs of both (TOWS), and strategies
//! compared by the factors (QSPM).

use serde::{Deserialize, Serialize};

use super::{WeightingError, distinct};

/// Weights that people write down are rounded: their sum may be off by this.
const SUM_TOLERANCE: f64 = 0.005;
/// A total from here on is above the average of firms (David, Strategic Management): below it, weak.
pub const STRONG_FROM: f64 = 2.5;

/// What a factor is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Within the plant, for it.
    Strength,
    /// Within the plant, against it.
    Weakness,
    /// Outside, for it.
    Opportunity,
    /// Outside, against it.
    Threat,
}

impl FactorKind {
    /// Whether it lies within the plant.
    pub fn is_internal(self) -> bool {
        matches!(self, Self::Strength | Self::Weakness)
    }
}

/// A factor of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// Which.
    pub item: String,
    /// What it is.
    pub kind: FactorKind,
    /// Its share of all factors of the table.
    pub weight: f64,
    /// 1 to 4. Within the plant: a major (1) or minor (2) weakness, a minor (3) or major (4) strength; outside: how well the
    /// plant answers it, from poorly (1) to superbly (4).
    pub rating: u8,
}

/// A factor's part in the total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactorScore {
    /// Which.
    pub item: String,
    /// Weight × rating.
    pub score: f64,
}

/// A table of factors, reckoned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactorTable {
    /// Each factor's part, in their order.
    pub scores: Vec<FactorScore>,
    /// 1 to 4.
    pub total: f64,
}

/// The evaluation of internal (IFE) or external (EFE) factors: Σ weight × rating. David, Strategic Management: Concepts and
/// Cases; strengths are rated 3 or 4 only, weaknesses 1 or 2 only.
///
/// # Errors
/// When a factor is named twice, internal and external factors are mixed, the weights do not add up to 1, or a rating is
/// against the rule of its kind.
pub fn factor_table(factors: &[Factor]) -> Result<FactorTable, WeightingError> {
    distinct(factors.iter().map(|factor| factor.item.as_str()))?;
    let internal = factors.first().is_some_and(|factor| factor.kind.is_internal());
    for factor in factors {
        weight_within(&factor.item, factor.weight)?;
        let against = |rule| {
            Err(WeightingError::RatingAgainstRule { item: factor.item.clone(), rating: factor.rating, rule })
        };
        if factor.kind.is_internal() != internal {
            return against("internal and external factors have a table each");
        }
        match (factor.kind, factor.rating) {
            (FactorKind::Strength, 3..=4)
            | (FactorKind::Weakness, 1..=2)
            | (FactorKind::Opportunity | FactorKind::Threat, 1..=4) => {}
            (FactorKind::Strength, _) => return against("a strength is rated 3 or 4"),
            (FactorKind::Weakness, _) => return against("a weakness is rated 1 or 2"),
            _ => return against("a rating is 1 to 4"),
        }
    }
    let sum: f64 = factors.iter().map(|factor| factor.weight).sum();
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        return Err(WeightingError::WeightsDoNotSum { sum });
    }
    let scores: Vec<FactorScore> = factors
        .iter()
        .map(|factor| FactorScore {
            item: factor.item.clone(),
            score: factor.weight * f64::from(factor.rating),
        })
        .collect();
    let total = scores.iter().map(|score| score.score).sum();
    Ok(FactorTable { scores, total })
}

/// Which side meets which.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TowsQuadrant {
    /// A strength takes an opportunity.
    StrengthOpportunity,
    /// A strength wards off a threat.
    StrengthThreat,
    /// A weakness is mended by an opportunity.
    WeaknessOpportunity,
    /// A weakness is kept from a threat.
    WeaknessThreat,
}

impl TowsQuadrant {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] =
        [Self::StrengthOpportunity, Self::StrengthThreat, Self::WeaknessOpportunity, Self::WeaknessThreat];

    /// Where two kinds meet; nowhere if both are internal or both external.
    pub fn of(internal: FactorKind, external: FactorKind) -> Option<Self> {
        match (internal, external) {
            (FactorKind::Strength, FactorKind::Opportunity) => Some(Self::StrengthOpportunity),
            (FactorKind::Strength, FactorKind::Threat) => Some(Self::StrengthThreat),
            (FactorKind::Weakness, FactorKind::Opportunity) => Some(Self::WeaknessOpportunity),
            (FactorKind::Weakness, FactorKind::Threat) => Some(Self::WeaknessThreat),
            _ => None,
        }
    }
}

/// An internal and an external factor that may make a strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TowsPair {
    /// Where they meet.
    pub quadrant: TowsQuadrant,
    /// The internal one.
    pub internal: String,
    /// The external one.
    pub external: String,
    /// The product of both weights: what weighs much on both sides is talked about first.
    pub score: f64,
}

/// All pairs of an internal with an external factor: by quadrant, in each the highest score first, and equal ones by name.
/// The pairs are Weihrich's («The TOWS Matrix», Long Range Planning 15(2), 1982), who leaves their order to the people; the
/// score only proposes one.
///
/// # Errors
/// When an item is named twice, or a weight is below 0 or no number.
pub fn tows_pairs(weights: &[(String, FactorKind, f64)]) -> Result<Vec<TowsPair>, WeightingError> {
    distinct(weights.iter().map(|(item, _, _)| item.as_str()))?;
    for (item, _, weight) in weights {
        weight_within(item, *weight)?;
    }
    let mut pairs = Vec::new();
    for (internal, kind, weight) in weights {
        for (external, other_kind, other_weight) in weights {
            if let Some(quadrant) = TowsQuadrant::of(*kind, *other_kind) {
                let (internal, external) = (internal.clone(), external.clone());
                pairs.push(TowsPair { quadrant, internal, external, score: weight * other_weight });
            }
        }
    }
    pairs.sort_by(|one, other| {
        (one.quadrant.cmp(&other.quadrant))
            .then(other.score.total_cmp(&one.score))
            .then_with(|| (&one.internal, &one.external).cmp(&(&other.internal, &other.external)))
    });
    Ok(pairs)
}

/// How well a strategy answers a factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attractiveness {
    /// Which factor.
    pub factor: String,
    /// 1 (not attractive) to 4 (highly); none where the factor does not bear on the choice.
    pub score: Option<u8>,
}

/// A strategy to compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatedStrategy {
    /// Which.
    pub strategy: String,
    /// How well it answers each factor; a factor left out is blank.
    pub attractiveness: Vec<Attractiveness>,
}

/// What a strategy comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyScore {
    /// Which.
    pub strategy: String,
    /// Σ weight × attractiveness.
    pub total: f64,
}

/// The quantitative strategic planning matrix: the sum of weight × attractiveness of each strategy, in their order. David,
/// «The Quantitative Strategic Planning Matrix», Long Range Planning 19(5), 1986: a factor that does not bear on the choice
/// is blank for all strategies.
///
/// # Errors
/// When something is named twice or unknown, a weight is below 0, an attractiveness is not 1 to 4, or a factor is blank for
/// some strategies only.
pub fn strategy_matrix(
    weights: &[(String, f64)],
    strategies: &[RatedStrategy],
) -> Result<Vec<StrategyScore>, WeightingError> {
    distinct(weights.iter().map(|(item, _)| item.as_str()))?;
    distinct(strategies.iter().map(|strategy| strategy.strategy.as_str()))?;
    for (item, weight) in weights {
        weight_within(item, *weight)?;
    }
    for strategy in strategies {
        if strategy.attractiveness.is_empty() {
            continue;
        }
        distinct(strategy.attractiveness.iter().map(|one| one.factor.as_str()))?;
        for one in &strategy.attractiveness {
            if !weights.iter().any(|(item, _)| *item == one.factor) {
                return Err(WeightingError::Unknown { item: one.factor.clone() });
            }
            if let Some(score) = one.score.filter(|score| !(1..=4).contains(score)) {
                return Err(WeightingError::OutOfRange {
                    item: one.factor.clone(),
                    value: f64::from(score),
                    wanted: "1 to 4",
                });
            }
        }
    }
    let score = |strategy: &RatedStrategy, factor: &str| {
        strategy.attractiveness.iter().find(|one| one.factor == factor).and_then(|one| one.score)
    };
    for (factor, _) in weights {
        let bears = strategies.iter().any(|strategy| score(strategy, factor).is_some());
        if let Some(blank) = strategies.iter().find(|strategy| bears && score(strategy, factor).is_none()) {
            return Err(WeightingError::BlankForSome {
                factor: factor.clone(),
                strategy: blank.strategy.clone(),
            });
        }
    }
    Ok(strategies
        .iter()
        .map(|strategy| StrategyScore {
            strategy: strategy.strategy.clone(),
            total: weights
                .iter()
                .filter_map(|(factor, weight)| Some(weight * f64::from(score(strategy, factor)?)))
                .sum(),
        })
        .collect())
}

fn weight_within(item: &str, weight: f64) -> Result<(), WeightingError> {
    if (0.0..=1.0 + SUM_TOLERANCE).contains(&weight) {
        return Ok(());
    }
    Err(WeightingError::OutOfRange { item: item.to_owned(), value: weight, wanted: "from 0 to 1" })
}
