//! What a board comes to: the weights of a group by each method, what the methods agree on, and the matrices.

use millwright_methods::weighting::{
    self, Agreement, Attractiveness, Factor, FactorKind, FactorTable, Judgement, Pairwise, RatedStrategy,
    StrategyScore, TowsPair, WeighedBy, Weight, WeightingError,
};
use millwright_model::*;
use serde::{Deserialize, Serialize};

/// The weights of one half of the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideScores {
    /// Which half.
    pub side: BoardSide,
    /// The group's weights by the workshop's method: what is reckoned on with. None as long as nobody weighed.
    pub weights: Option<Vec<Weight>>,
    /// The group's judgements of pairs, reckoned: with how far they hold together, and the one that holds least.
    pub pairs: Option<Pairwise>,
    /// What all methods by which somebody weighed agree on.
    pub agreement: Option<Agreement>,
    /// Participants whose points are not 100 in all, after two devices gave them apart or before they are done: the shares
    /// of what they gave count.
    pub points_not_100: Vec<ParticipantId>,
    /// IFE or EFE, once all items on the short list are weighed and rated.
    pub table: Option<FactorTable>,
    /// Why something is not there, in the order of the fields.
    pub missing: Vec<String>,
}

/// What a board comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardScores {
    /// Strengths and weaknesses.
    pub internal: SideScores,
    /// Opportunities and threats.
    pub external: SideScores,
    /// Pairs to talk about, once both halves are weighed.
    pub pairs: Vec<TowsPair>,
    /// Strategies compared, once both halves are weighed; an error where a factor is blank for some only.
    pub strategies: Result<Vec<StrategyScore>, String>,
}

/// Reckons a board. Items are named by their ids.
pub fn score(board: &Board) -> BoardScores {
    let (internal, external) = (side(board, BoardSide::Internal), side(board, BoardSide::External));
    let weighed: Vec<(String, FactorKind, f64)> = [&internal, &external]
        .into_iter()
        .flat_map(|side| side.weights.iter().flatten())
        .filter_map(|weight| {
            let item = board.items.iter().find(|item| item.item_id.to_string() == weight.item)?;
            Some((weight.item.clone(), kind(item)?, weight.weight))
        })
        .collect();
    let both = internal.weights.is_some() && external.weights.is_some();
    let pairs = if both { weighting::tows_pairs(&weighed).unwrap_or_default() } else { Vec::new() };
    let strategies = if both && !board.strategies.is_empty() {
        let factors: Vec<(String, f64)> =
            weighed.iter().map(|(item, _, weight)| (item.clone(), *weight)).collect();
        let bears = |scored: &ItemAttractiveness| {
            let factor = scored.item_id.to_string();
            let known = factors.iter().any(|(item, _)| *item == factor);
            known.then_some(Attractiveness { factor, score: Some(scored.score) })
        };
        let rated: Vec<RatedStrategy> = board
            .strategies
            .iter()
            .map(|strategy| RatedStrategy {
                strategy: strategy.strategy_id.to_string(),
                attractiveness: strategy.attractiveness.iter().filter_map(bears).collect(),
            })
            // Of one that nobody has judged yet, nothing can be said.
            .filter(|rated| !rated.attractiveness.is_empty())
            .collect();
        if rated.is_empty() {
            Ok(Vec::new())
        } else {
            weighting::strategy_matrix(&factors, &rated).map_err(|error| error.to_string())
        }
    } else {
        Ok(Vec::new())
    };
    BoardScores { internal, external, pairs, strategies }
}

fn kind(item: &BoardItem) -> Option<FactorKind> {
    match FrameKind::of(&item.frame) {
        FrameKind::Strengths => Some(FactorKind::Strength),
        FrameKind::Weaknesses => Some(FactorKind::Weakness),
        FrameKind::Opportunities => Some(FactorKind::Opportunity),
        FrameKind::Threats => Some(FactorKind::Threat),
        FrameKind::Other => None,
    }
}

fn side(board: &Board, side: BoardSide) -> SideScores {
    let items: Vec<&BoardItem> = board.shortlist(side).collect();
    let names: Vec<String> = items.iter().map(|item| item.item_id.to_string()).collect();
    let mut missing = Vec::new();
    let mut points_not_100 = Vec::new();
    let by_points = points(board, &names, &mut points_not_100).transpose();
    let by_rank = ranks(board, side, &names).transpose();
    let pairs = judged(board, &names).transpose();
    let mut take = |what: &str, error: WeightingError| missing.push(format!("{what}: {error}"));
    let by_points = by_points.unwrap_or_else(|error| {
        take("points", error);
        None
    });
    let by_rank = by_rank.unwrap_or_else(|error| {
        take("rank", error);
        None
    });
    let pairs = pairs.unwrap_or_else(|error| {
        take("pairs", error);
        None
    });
    let by_pairs = pairs.as_ref().map(|pairs| pairs.weights.clone());
    let methods: Vec<WeighedBy> = [("points", &by_points), ("rank", &by_rank), ("pairs", &by_pairs)]
        .into_iter()
        .filter_map(|(method, weights)| {
            Some(WeighedBy { method: method.to_owned(), weights: weights.clone()? })
        })
        .collect();
    let agreement = (!methods.is_empty()).then(|| weighting::agreement(&methods));
    let agreement = agreement.transpose().unwrap_or_else(|error| {
        take("agreement", error);
        None
    });
    let weights = match board.method {
        WeighingMethod::Points => by_points,
        WeighingMethod::Rank => by_rank,
        WeighingMethod::Pairs => by_pairs,
    };
    let factors: Option<Vec<Factor>> = weights.as_ref().and_then(|weights| {
        let factor = |(item, weight): (&&BoardItem, &Weight)| {
            let item_name = weight.item.clone();
            Some(Factor { item: item_name, kind: kind(item)?, weight: weight.weight, rating: item.rating? })
        };
        items.iter().zip(weights).map(factor).collect()
    });
    let table =
        factors.map(|factors| weighting::factor_table(&factors)).transpose().unwrap_or_else(|error| {
            take("table", error);
            None
        });
    SideScores { side, weights, pairs, agreement, points_not_100, table, missing }
}

type Reckoned<T> = Option<Result<T, WeightingError>>;

/// The mean of everybody's points; who gave none to this half says nothing about it.
fn points(board: &Board, names: &[String], not_100: &mut Vec<ParticipantId>) -> Reckoned<Vec<Weight>> {
    let mut people = Vec::new();
    for weighing in &board.weighings {
        let of_item = |name: &String| {
            weighing
                .points
                .iter()
                .find(|count| count.item_id.to_string() == *name)
                .map_or(0, |count| count.count)
        };
        let given: Vec<(String, u32)> = names.iter().map(|name| (name.clone(), of_item(name))).collect();
        let sum: u32 = given.iter().map(|(_, points)| points).sum();
        if sum == 0 {
            continue;
        }
        if sum != weighting::POINTS {
            not_100.push(weighing.participant_id);
        }
        let shares: Vec<(String, f64)> =
            given.into_iter().map(|(name, points)| (name, f64::from(points))).collect();
        people.push(weighting::proportional(&shares));
    }
    mean(people)
}

/// The mean of everybody's ranks; an order in which an item is missing is not done yet.
fn ranks(board: &Board, side: BoardSide, names: &[String]) -> Reckoned<Vec<Weight>> {
    let mut people = Vec::new();
    for order in board.weighings.iter().flat_map(|weighing| &weighing.orders) {
        if order.side != side || order.items.len() != names.len() {
            continue;
        }
        let order: Vec<String> = order.items.iter().map(ToString::to_string).collect();
        people.push(weighting::ranked(&order).map(|weights| {
            let at = |name: &String| weights.iter().find(|weight| weight.item == *name).cloned();
            names.iter().filter_map(at).collect()
        }));
    }
    mean(people)
}

fn mean(people: Vec<Result<Vec<Weight>, WeightingError>>) -> Reckoned<Vec<Weight>> {
    if people.is_empty() {
        return None;
    }
    Some(
        people.into_iter().collect::<Result<Vec<_>, _>>().and_then(|people| weighting::mean_weights(&people)),
    )
}

fn judged(board: &Board, names: &[String]) -> Reckoned<Pairwise> {
    let of = |judgement: &ItemJudgement| Judgement {
        item: judgement.item_id.to_string(),
        other: judgement.other_id.to_string(),
        times: judgement.times,
    };
    let within = |judgement: &Judgement| names.contains(&judgement.item) && names.contains(&judgement.other);
    let people: Vec<Vec<Judgement>> = board
        .weighings
        .iter()
        .map(|weighing| weighing.judgements.iter().map(of).filter(within).collect::<Vec<_>>())
        .filter(|judgements| !judgements.is_empty())
        .collect();
    if people.is_empty() {
        return None;
    }
    let group = weighting::group_judgements(names, &people);
    Some(group.and_then(|group| weighting::pairwise(names, &group)))
}
