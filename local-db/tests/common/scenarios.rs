//! Scenarios, decisions and signposts to put into a store.

use millwright_model::*;
use uuid::Uuid;

const AT: TimestampMs = TimestampMs(1_000);

fn person() -> Option<PersonId> {
    Some(PersonId(Uuid::from_u128(21)))
}

/// A scenario that was put away.
pub fn scenario(number: u128) -> Scenario {
    Scenario {
        scenario_id: ScenarioId(Uuid::from_u128(number)),
        name: format!("Scenario {number}"),
        language: "en".into(),
        created_at: AT,
        created_by: person(),
        ended_at: Some(AT),
    }
}

pub fn scenario_baseline(number: u128, scenario: u128, taken_at: i64) -> ScenarioBaseline {
    ScenarioBaseline {
        scenario_baseline_id: ScenarioBaselineId(Uuid::from_u128(number)),
        scenario_id: ScenarioId(Uuid::from_u128(scenario)),
        text: "result loss = 1".into(),
        taken_at: TimestampMs(taken_at),
        taken_by: person(),
    }
}

pub fn scenario_decision(number: u128, scenario: u128, decided_at: i64) -> ScenarioDecision {
    ScenarioDecision {
        scenario_decision_id: ScenarioDecisionId(Uuid::from_u128(number)),
        scenario_id: ScenarioId(Uuid::from_u128(scenario)),
        text: "result loss = 1".into(),
        choice: vec![ScenarioChoice { decision: "prepare".into(), option: "double the stock".into() }],
        expected: vec![ExpectedResult {
            name: "loss".into(),
            unit: "EUR".into(),
            is_truth: false,
            mean: 1.5,
            p5: 0.25,
            p50: 1.25,
            p95: 4.5,
        }],
        reason: "Cheapest".into(),
        owner: person(),
        review_on: CivilDate::from_ymd(2027, 3, 1),
        decided_at: TimestampMs(decided_at),
        decided_by: person(),
    }
}

pub fn scenario_outcome(number: u128, decision: u128, told_at: i64) -> ScenarioOutcome {
    ScenarioOutcome {
        scenario_outcome_id: ScenarioOutcomeId(Uuid::from_u128(number)),
        scenario_id: ScenarioId(Uuid::from_u128(5)),
        scenario_decision_id: ScenarioDecisionId(Uuid::from_u128(decision)),
        result: "loss".into(),
        unit: "EUR".into(),
        came: 2.5,
        share_below: 0.75,
        is_within_ninety_percent: true,
        off: 0.5,
        told_at: TimestampMs(told_at),
        told_by: person(),
    }
}

/// A signpost that was taken away.
pub fn signpost(number: u128, scenario: u128) -> Signpost {
    Signpost {
        signpost_id: SignpostId(Uuid::from_u128(number)),
        scenario_id: ScenarioId(Uuid::from_u128(scenario)),
        name: "Late deliveries".into(),
        tag_binding_id: TagBindingId(Uuid::from_u128(3)),
        side: SignpostSide::Below,
        threshold: 20.5,
        holds_ms: 60_000,
        set_at: AT,
        set_by: person(),
        ended_at: Some(AT),
    }
}

/// A crossing that somebody has looked at.
pub fn signpost_crossing(number: u128, signpost: u128, crossed_at: i64) -> SignpostCrossing {
    SignpostCrossing {
        signpost_crossing_id: SignpostCrossingId(Uuid::from_u128(number)),
        signpost_id: SignpostId(Uuid::from_u128(signpost)),
        scenario_id: ScenarioId(Uuid::from_u128(5)),
        value: 21.5,
        crossed_at: TimestampMs(crossed_at),
        seen_at: Some(AT),
        seen_by: person(),
    }
}
