//! What a board comes to, as screens show it.

use std::str::FromStr;

use millwright_documents::workshop::{SideScores, score};
use millwright_methods::weighting::{CONSISTENT_TO, Pairwise, TowsQuadrant};
use millwright_model::*;

/// Reckons a board, with how far the judgements of `me` hold together by themselves.
pub(crate) fn of(board: &Board, me: Option<ParticipantId>) -> WorkshopScores {
    let scores = score(board);
    let mut own = board.clone();
    own.weighings.retain(|weighing| Some(weighing.participant_id) == me);
    let own = score(&own);
    let pair = |pair: &millwright_methods::weighting::TowsPair| {
        Some(WorkshopPair {
            kind: match pair.quadrant {
                TowsQuadrant::StrengthOpportunity => PairKind::StrengthOpportunity,
                TowsQuadrant::StrengthThreat => PairKind::StrengthThreat,
                TowsQuadrant::WeaknessOpportunity => PairKind::WeaknessOpportunity,
                TowsQuadrant::WeaknessThreat => PairKind::WeaknessThreat,
            },
            internal: id(&pair.internal)?,
            external: id(&pair.external)?,
            score: pair.score,
        })
    };
    let strategies = scores.strategies.as_deref().unwrap_or_default();
    WorkshopScores {
        internal: side(&scores.internal, &own.internal),
        external: side(&scores.external, &own.external),
        pairs: scores.pairs.iter().filter_map(pair).collect(),
        strategies: strategies
            .iter()
            .filter_map(|one| Some(StrategyTotal { strategy_id: id(&one.strategy)?, total: one.total }))
            .collect(),
    }
}

fn side(scores: &SideScores, own: &SideScores) -> WorkshopSideScores {
    let weights = scores.weights.iter().flatten();
    let ties = scores.agreement.iter().flat_map(|agreement| &agreement.ties);
    WorkshopSideScores {
        side: scores.side,
        weights: weights
            .filter_map(|one| Some(ItemWeight { item_id: id(&one.item)?, weight: one.weight }))
            .collect(),
        consistency: scores.pairs.as_ref().map(consistency),
        own_consistency: own.pairs.as_ref().map(consistency),
        ties: ties
            .filter_map(|tie| Some(ItemTie { item_id: id(&tie.item)?, other_id: id(&tie.other)? }))
            .collect(),
        points_not_100: scores.points_not_100.clone(),
        total: scores.table.as_ref().map(|table| table.total),
        missing: scores.missing.clone(),
    }
}

fn consistency(pairs: &Pairwise) -> WorkshopConsistency {
    let worst = pairs.worst.as_ref().and_then(|worst| {
        let judgement = &worst.judgement;
        Some(WorstPair {
            item_id: id(&judgement.item)?,
            other_id: id(&judgement.other)?,
            times: judgement.times,
            fitting: worst.fitting,
        })
    });
    let ratio = pairs.consistency_ratio;
    WorkshopConsistency { ratio, holds: ratio <= CONSISTENT_TO, worst }
}

/// The formulas name things by the texts of their ids.
fn id<Id: FromStr>(text: &str) -> Option<Id> {
    text.parse().ok()
}
