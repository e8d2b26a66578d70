//! A decided card: ours reaches the ERP over theirs, theirs is told to nobody, and either can be taken back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::*;
use millwright_engine::Handle;
use millwright_model::*;

fn edit(order: WorkOrderId, title: &str, priority: Priority) -> WorkOrderEdit {
    WorkOrderEdit {
        work_order_id: order,
        title: title.into(),
        description: String::new(),
        priority,
        due_at: None,
        assignee_id: None,
        asset_id: None,
    }
}

fn theirs() -> ErpWorkOrder {
    ErpWorkOrder { changed_by: Some("MUELLER".into()), ..erp_order("4000127", "Theirs") }
}

/// Pulls an order of theirs, and answers the open cards.
async fn pull(world: &World, order: ErpWorkOrder) -> Vec<Conflict> {
    world.erp.page(vec![ErpRecord::WorkOrder(order)]);
    world.engine.synchronise().await.unwrap();
    world.sync().await.conflicts
}

/// An order whose title was changed on both sides; nothing of it left.
async fn with_card(world: &World) -> (WorkOrderId, Conflict) {
    let order = world.pulled_order().await;
    world.engine.handle(edit(order, "Ours", Priority::High)).await.unwrap();
    let mut cards = pull(world, theirs()).await;
    assert_eq!(cards.len(), 1);
    (order, cards.remove(0))
}

async fn decide(world: &World, card: &Conflict, keep: Side) -> TxnId {
    let command = ConflictResolve { conflict_id: card.conflict_id, keep };
    world.engine.handle(command).await.unwrap().txn_id.unwrap()
}

async fn title(world: &World, order: WorkOrderId) -> String {
    world.show(order).await.overview.order.title
}

type TitleAndPriority = (Option<(String, String)>, Option<(Priority, Priority)>);

/// What the ERP was told of titles and priorities.
fn told(world: &World) -> Vec<TitleAndPriority> {
    let told = world.erp.facts().into_iter().filter_map(|fact| match fact {
        Fact::OrderChanged { title, priority, .. } => {
            Some((title.map(|title| (title.from, title.to)), priority.map(|one| (one.from, one.to))))
        }
        _ => None,
    });
    told.collect()
}

fn words(from: &str, to: &str) -> Option<(String, String)> {
    Some((from.to_owned(), to.to_owned()))
}

#[tokio::test]
async fn ours_is_told_over_theirs_and_the_trail_says_who_decided() {
    let world = World::new().await;
    let (order, card) = with_card(&world).await;
    decide(&world, &card, Side::Ours).await;
    assert_eq!(title(&world, order).await, "Ours");
    let view = world.sync().await;
    assert_eq!((view.conflicts.len(), view.waiting.len()), (0, 1), "one step takes the place of the edit's");
    let said = view.discarded[0].error.as_deref().unwrap();
    assert!(said.contains("Anna Weber") && said.contains("our value stays"), "{said}");
    world.deliver().await;
    assert_eq!(told(&world), [(words("Theirs", "Ours"), None)]);
    assert_eq!(world.sync().await.state.needs_you, 0);
    let history = HistoryShow { entity: Entity::WorkOrder, entity_id: order.0 };
    let history = world.engine.handle(history).await.unwrap();
    let decided =
        history.iter().find(|one| one.fields.get("title").is_some_and(|title| title.from == "Theirs"));
    assert_eq!(decided.unwrap().actor, "Anna Weber");
    assert_eq!(decided.unwrap().fields["title"].to, "Ours");

    // Its echo is no news, and neither is theirs until it has arrived.
    let echo = ErpWorkOrder { title: "Ours".into(), ..theirs() };
    assert!(pull(&world, echo).await.is_empty());
    assert_eq!(title(&world, order).await, "Ours");
}

#[tokio::test]
async fn theirs_is_taken_and_told_to_nobody() {
    let world = World::new().await;
    let (order, card) = with_card(&world).await;
    decide(&world, &card, Side::Theirs).await;
    let view = world.sync().await;
    assert!(view.waiting.is_empty(), "{:?}", view.waiting);
    assert!(view.discarded[0].error.as_deref().unwrap().contains("the ERP's value stays"));
    world.deliver().await;
    assert!(world.erp.pushes.lock().unwrap().is_empty());
    assert_eq!(title(&world, order).await, "Theirs");
}

#[tokio::test]
async fn a_decision_taken_back_brings_the_row_the_card_and_the_edit_back() {
    for keep in [Side::Ours, Side::Theirs] {
        let world = World::new().await;
        let (order, card) = with_card(&world).await;
        let txn_id = decide(&world, &card, keep).await;
        world.pass_ms(9_000);
        world.engine.handle(TxnUndo { txn_id }).await.unwrap();
        assert_eq!(title(&world, order).await, "Ours", "{keep:?}");
        let view = world.sync().await;
        assert_eq!(view.conflicts, [card], "{keep:?}");
        let waiting: Vec<TxnId> = view.waiting.iter().map(|delivery| delivery.txn_id).collect();
        assert!(waiting.len() == 1 && waiting[0] != txn_id, "the edit waits as before: {:?}", view.waiting);
        world.deliver().await;
        assert_eq!(told(&world), [(words("Replace mechanical seal", "Ours"), None)]);
        let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
        world.engine.database().rebuild().await.unwrap();
        let after = world.engine.database().read().await.unwrap().dump().await.unwrap();
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn rows_built_anew_hold_what_was_decided() {
    for keep in [Side::Ours, Side::Theirs] {
        let world = World::new().await;
        let (_, card) = with_card(&world).await;
        decide(&world, &card, keep).await;
        let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
        world.engine.database().rebuild().await.unwrap();
        let after = world.engine.database().read().await.unwrap().dump().await.unwrap();
        assert_eq!(before, after);
    }
}

/// An edit of two fields that came back as a conflict, then a close behind it, then a card about the title.
async fn with_refused_edit(world: &World) -> (WorkOrderId, Conflict) {
    let order = world.pulled_order().await;
    world.erp.set_mood(Mood::Conflicts);
    world.engine.handle(edit(order, "Ours", Priority::Low)).await.unwrap();
    world.deliver().await;
    world.erp.set_mood(Mood::Well);
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(0) }).await.unwrap();
    let mut cards = pull(world, theirs()).await;
    let view = world.sync().await;
    assert_eq!(view.needs_you[0].state, DeliveryState::Conflict);
    assert_eq!((view.state.needs_you, cards.len()), (2, 1));
    (order, cards.remove(0))
}

#[tokio::test]
async fn what_came_back_is_settled_and_its_other_fields_leave_before_the_close() {
    for (keep, expected) in [(Side::Ours, words("Theirs", "Ours")), (Side::Theirs, None)] {
        let world = World::new().await;
        let (order, card) = with_refused_edit(&world).await;
        decide(&world, &card, keep).await;
        assert_eq!(world.sync().await.state.needs_you, 0, "{keep:?}: there is nothing left to ask");
        world.deliver().await;
        assert_eq!(told(&world), [(expected, Some((Priority::High, Priority::Low)))], "{keep:?}");
        let facts = world.erp.facts();
        assert!(
            matches!(facts[0], Fact::OrderChanged { .. }),
            "a closed order takes no more edits: {facts:?}"
        );
        assert!(matches!(facts[1], Fact::OrderStatusChanged { .. }), "{facts:?}");
        assert_eq!(world.sync().await.state.erp_waiting, 0);
        assert_eq!(world.show(order).await.overview.order.priority, Priority::Low);
    }
}

#[tokio::test]
async fn what_came_back_asks_again_when_the_decision_is_taken_back() {
    let world = World::new().await;
    let (order, card) = with_refused_edit(&world).await;
    let txn_id = decide(&world, &card, Side::Ours).await;
    world.engine.handle(TxnUndo { txn_id }).await.unwrap();
    world.erp.set_mood(Mood::Conflicts);
    world.deliver().await;
    let view = world.sync().await;
    assert_eq!((view.conflicts.len(), view.needs_you.len()), (1, 1));
    assert_eq!(view.needs_you[0].state, DeliveryState::Conflict);
    let kept = world.show(order).await.overview.order;
    assert_eq!((kept.title.as_str(), kept.priority), ("Ours", Priority::Low));
}

#[tokio::test]
async fn an_edit_that_comes_back_after_the_decision_is_settled_too() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(edit(order, "Ours", Priority::High)).await.unwrap();
    world.erp.set_mood(Mood::LosesAnswers);
    world.deliver().await;
    let lost = world.sync().await.waiting[0].clone();
    assert_eq!(lost.state, DeliveryState::Unknown);
    world.erp.effects.lock().unwrap().clear();
    let cards = pull(&world, theirs()).await;
    decide(&world, &cards[0], Side::Ours).await;
    world.erp.set_mood(Mood::Conflicts);
    world.pass_ms(4_000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(world.sync().await.state.needs_you, 0);
    assert_eq!(world.sync().await.discarded[0].delivery_id, lost.delivery_id);
    world.erp.set_mood(Mood::Well);
    world.deliver().await;
    assert_eq!(told(&world), [(words("Theirs", "Ours"), None)]);
}

#[tokio::test]
async fn a_decided_status_moves_nothing_at_the_erp_and_can_be_taken_back() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(0) }).await.unwrap();
    world.deliver().await;
    let before = world.erp.facts().len();
    let cancelled = ErpWorkOrder {
        status: WorkOrderStatus::Cancelled,
        ..erp_order("4000127", "Replace mechanical seal")
    };
    let cards = pull(&world, cancelled).await;
    assert_eq!(cards[0].field, "status");
    let txn_id = decide(&world, &cards[0], Side::Theirs).await;
    assert_eq!(world.show(order).await.overview.order.status, WorkOrderStatus::Cancelled);
    world.engine.handle(TxnUndo { txn_id }).await.unwrap();
    assert_eq!(world.show(order).await.overview.order.status, WorkOrderStatus::Completed);
    decide(&world, &world.sync().await.conflicts[0], Side::Ours).await;
    world.deliver().await;
    assert_eq!(world.erp.facts().len(), before);
    assert_eq!(world.show(order).await.overview.order.status, WorkOrderStatus::Completed);
}
