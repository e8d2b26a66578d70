//! What a supervisor has to see to: who sees it, what it is, and when it goes away.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

const DAY: i64 = 86_400_000;

/// A supervisor holds the device.
async fn supervised() -> World {
    let world = World::new().await;
    let person_id = person(&world).await;
    world.engine.handle(PersonRoleSet { person_id, role: PersonRole::Supervisor }).await.unwrap();
    world
}

async fn person(world: &World) -> PersonId {
    world.engine.handle(AppStatus {}).await.unwrap().person.unwrap().person_id
}

/// The kinds of exceptions that are shown, in order.
async fn shown(world: &World) -> Vec<&'static str> {
    let today = world.engine.handle(TodayShow {}).await.unwrap();
    today
        .exceptions
        .iter()
        .map(|exception| match exception {
            TodayException::NobodyTakes { .. } => "nobody takes",
            TodayException::Late { .. } => "late",
            TodayException::Unassigned { .. } => "unassigned",
            TodayException::WaitingForParts { .. } => "parts",
            TodayException::DeliveryRejected { .. } => "rejected",
            TodayException::DetailsLater { .. } => "details",
            TodayException::Override { .. } => "override",
            TodayException::SilentDevice { .. } => "silent",
            TodayException::SignpostCrossed { .. } => "signpost",
            TodayException::WorkshopAgain { .. } => "workshop",
            TodayException::WorkedTwice { .. } => "twice",
        })
        .collect()
}

async fn order(world: &World, due_at: Option<TimestampMs>, steps: Vec<StepDraft>) -> WorkOrderId {
    let create = WorkOrderCreate {
        title: "Check the seal".into(),
        description: String::new(),
        asset_id: None,
        priority: Priority::Medium,
        request_id: None,
        due_at,
        assignee_id: None,
        steps,
    };
    world.engine.handle(create).await.unwrap()
}

#[tokio::test]
async fn only_who_sees_to_it_is_asked_and_the_role_can_be_undone() {
    let world = World::new().await;
    order(&world, None, vec![]).await;
    assert!(shown(&world).await.is_empty());
    let set = PersonRoleSet { person_id: person(&world).await, role: PersonRole::Supervisor };
    let done = world.engine.handle(set.clone()).await.unwrap();
    assert_eq!(shown(&world).await, ["unassigned"]);
    let again = world.engine.handle(set.clone()).await.unwrap();
    assert_eq!(again.txn_id, None, "nothing changes twice");
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert!(shown(&world).await.is_empty());
    world.engine.handle(set).await.unwrap();
    let world = world.after_kill().await;
    assert_eq!(shown(&world).await, ["unassigned"], "the role is kept");
}

#[tokio::test]
async fn an_order_asks_once_for_what_is_nearest_to_its_cause() {
    let world = supervised().await;
    let late = order(&world, Some(MORNING.plus_ms(DAY)), vec![]).await;
    assert_eq!(shown(&world).await, ["unassigned"]);
    world.pass_ms(2 * DAY);
    assert_eq!(shown(&world).await, ["late"]);
    world.engine.handle(WorkOrderStart { work_order_id: late }).await.unwrap();
    let hold = |cause| WorkOrderHold { work_order_id: late, reason: "Seal".into(), cause };
    world.engine.handle(hold(Some(HoldCause::Part))).await.unwrap();
    assert_eq!(shown(&world).await, ["parts"]);
    world.engine.handle(WorkOrderStart { work_order_id: late }).await.unwrap();
    world.engine.handle(hold(None)).await.unwrap();
    assert_eq!(shown(&world).await, ["late"], "what it waited for before is over");
    let closing = Closing::DetailsLater;
    world.engine.handle(WorkOrderStart { work_order_id: late }).await.unwrap();
    world.engine.handle(WorkOrderClose { work_order_id: late, closing }).await.unwrap();
    assert_eq!(shown(&world).await, ["details"]);
}

#[tokio::test]
async fn a_rejected_delivery_comes_first() {
    let world = supervised().await;
    let id = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: id }).await.unwrap();
    world.engine.handle(WorkOrderClose { work_order_id: id, closing: full_closing(5) }).await.unwrap();
    world.erp.set_mood(Mood::Rejects);
    world.deliver().await;
    let exceptions = shown(&world).await;
    assert!(!exceptions.is_empty() && exceptions.iter().all(|kind| *kind == "rejected"), "{exceptions:?}");
}

#[tokio::test]
async fn an_override_asks_until_somebody_else_signs() {
    let world = supervised().await;
    let step = |title: &str, mandatory| StepDraft { title: title.into(), form: StepForm::Check, mandatory };
    let id = order(&world, None, vec![step("Lock", true), step("Wipe", false)]).await;
    let supervisor = person(&world).await;
    let add = PersonAdd { name: "Bernd".into(), erp_number: None, language: "en".into() };
    let bernd = world.engine.handle(add).await.unwrap();
    world.engine.handle(PersonPick { person_id: Some(bernd) }).await.unwrap();
    world.engine.handle(WorkOrderStart { work_order_id: id }).await.unwrap();
    let steps = world.show(id).await.steps;
    for view in &steps {
        let outcome = Some(StepOutcome::Skipped { reason: "no time".into() });
        let record = WorkStepRecord { work_step_id: view.step.work_step_id, outcome, instrument: None };
        world.engine.handle(record).await.unwrap();
    }
    let sign = SignatureAdd { work_order_id: id, meaning: "Work done".into() };
    world.engine.handle(sign.clone()).await.unwrap();
    world.engine.handle(PersonPick { person_id: Some(supervisor) }).await.unwrap();
    let today = world.engine.handle(TodayShow {}).await.unwrap();
    let [TodayException::Override { steps, .. }] = &today.exceptions[..] else { panic!("{today:?}") };
    let skipped =
        ShiftHappening::StepSkipped { step: "Lock".into(), reason: "no time".into(), mandatory: true };
    assert_eq!(steps, &[skipped], "only what was mandatory");
    world.engine.handle(sign).await.unwrap();
    assert!(shown(&world).await.is_empty());
}
