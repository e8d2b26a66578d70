//! Steps that somebody has to look at.

use millwright_model::*;

use crate::common::*;

const ORDER: u128 = 20;

pub fn step(number: u128, mandatory: bool, outcome: StepOutcome, recorded_at: i64) -> WorkStep {
    WorkStep {
        work_step_id: WorkStepId(uuid::Uuid::from_u128(number)),
        work_order_id: WorkOrderId(uuid::Uuid::from_u128(ORDER)),
        position: number as i64,
        title: "Measure".to_owned(),
        hint: None,
        form: StepForm::Check,
        mandatory,
        outcome: Some(outcome),
        recorded_at: Some(TimestampMs(recorded_at)),
        recorded_by: Some(PersonId(uuid::Uuid::from_u128(21))),
        instrument: None,
        guide_place: None,
    }
}

fn signature(number: u128, person: u128, signed_at: i64) -> Signature {
    Signature {
        signature_id: SignatureId(uuid::Uuid::from_u128(number)),
        work_order_id: WorkOrderId(uuid::Uuid::from_u128(ORDER)),
        person_id: PersonId(uuid::Uuid::from_u128(person)),
        meaning: "Checked".to_owned(),
        attachment_id: None,
        signed_at: TimestampMs(signed_at),
    }
}

#[tokio::test]
async fn what_was_overridden_asks_until_somebody_else_signs() {
    let store = Store::new().await;
    let skipped = || StepOutcome::Skipped { reason: "no access".to_owned() };
    let measured = |in_limits| StepOutcome::Measured { value: 0.08, in_limits };
    put(&store, &[work_order(ORDER, WorkOrderStatus::InProgress)]).await;
    put(
        &store,
        &[
            step(1, true, skipped(), 100),
            step(2, false, skipped(), 100),
            step(3, false, measured(false), 110),
            step(4, true, measured(true), 110),
            step(5, true, StepOutcome::Checked, 110),
            step(6, true, skipped(), 40),
        ],
    )
    .await;
    let overridden = async || -> Vec<u128> {
        let mut session = store.database.read().await.unwrap();
        let steps = session.overridden_steps(TimestampMs(50), 10).await.unwrap();
        steps.iter().map(|step| step.work_step_id.0.as_u128()).collect()
    };
    assert_eq!(overridden().await, [3, 1]);
    put(&store, &[signature(1, 21, 120), signature(2, 22, 105)]).await;
    assert_eq!(overridden().await, [3], "one's own signature settles nothing, nor one from before");
    put(&store, &[signature(3, 22, 110)]).await;
    assert!(overridden().await.is_empty());
}
