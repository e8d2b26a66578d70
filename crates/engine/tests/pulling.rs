//! What the ERP says becomes ops only where it is news, and never silently over what was done here.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::*;
use millwright_engine::Handle;
use millwright_erp::OrderField;
use millwright_model::*;

async fn op_count(world: &World, order: WorkOrderId) -> usize {
    world.engine.handle(HistoryShow { entity: Entity::WorkOrder, entity_id: order.0 }).await.unwrap().len()
}

#[tokio::test]
async fn the_same_answer_twice_makes_no_op() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let after_the_first = op_count(&world, order).await;
    assert!(after_the_first > 0);
    world.erp.page(vec![ErpRecord::WorkOrder(erp_order("4000127", "Replace mechanical seal"))]);
    world.engine.synchronise().await.unwrap();
    assert_eq!(op_count(&world, order).await, after_the_first);
}

#[tokio::test]
async fn a_field_changed_there_only_is_taken() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.erp.page(vec![ErpRecord::WorkOrder(erp_order("4000127", "Replace the seal and the gasket"))]);
    world.engine.synchronise().await.unwrap();
    assert_eq!(world.show(order).await.overview.order.title, "Replace the seal and the gasket");
}

#[tokio::test]
async fn a_field_changed_on_both_sides_keeps_ours_and_opens_a_card_with_both() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let edit = WorkOrderEdit {
        work_order_id: order,
        title: "Ours".into(),
        description: String::new(),
        priority: Priority::High,
        due_at: None,
        assignee_id: None,
        asset_id: None,
    };
    world.engine.handle(edit).await.unwrap();
    let theirs = ErpWorkOrder { changed_by: Some("MUELLER".into()), ..erp_order("4000127", "Theirs") };
    world.shell.0.lock().unwrap().clear();
    world.erp.page(vec![ErpRecord::WorkOrder(theirs)]);
    world.engine.synchronise().await.unwrap();
    let told = world.shell.0.lock().unwrap().clone();
    assert!(
        told.iter().any(|event| matches!(event, Event::Changed(tags) if tags.contains(&CacheTag::Sync))),
        "the window is told that there is a card"
    );
    let view = world.sync().await;
    assert_eq!(view.conflicts.len(), 1);
    let card = &view.conflicts[0];
    assert_eq!(
        (card.field.as_str(), card.ours.as_str(), card.theirs.as_str(), card.changed_by.as_deref()),
        ("title", Some("Ours"), Some("Theirs"), Some("MUELLER"))
    );
    assert_eq!(world.show(order).await.overview.order.title, "Ours");
    world.engine.handle(ConflictResolve { conflict_id: card.conflict_id, keep: Side::Theirs }).await.unwrap();
    assert_eq!(world.show(order).await.overview.order.title, "Theirs");
    assert_eq!(world.sync().await.state.needs_you, 0);
}

#[tokio::test]
async fn different_fields_changed_on_both_sides_are_merged() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let edit = WorkOrderEdit {
        work_order_id: order,
        title: "Ours".into(),
        description: String::new(),
        priority: Priority::High,
        due_at: None,
        assignee_id: None,
        asset_id: None,
    };
    world.engine.handle(edit).await.unwrap();
    let theirs =
        ErpWorkOrder { priority: Priority::Emergency, ..erp_order("4000127", "Replace mechanical seal") };
    world.erp.page(vec![ErpRecord::WorkOrder(theirs)]);
    world.engine.synchronise().await.unwrap();
    let merged = world.show(order).await.overview.order;
    assert_eq!((merged.title.as_str(), merged.priority), ("Ours", Priority::Emergency));
    assert!(world.sync().await.conflicts.is_empty());
}

fn edit(order: WorkOrderId, title: &str, due_at: Option<TimestampMs>) -> WorkOrderEdit {
    WorkOrderEdit {
        work_order_id: order,
        title: title.into(),
        description: "Isolate first".into(),
        priority: Priority::Emergency,
        due_at,
        assignee_id: None,
        asset_id: None,
    }
}

async fn in_berlin(world: &World) {
    let settings = Settings { plant_zone: "Europe/Berlin".into(), ..Settings::default() };
    world.engine.handle(SettingsSave { settings }).await.unwrap();
}

fn november(day: u32) -> CivilDate {
    CivilDate::from_ymd(2026, 11, day).unwrap()
}

#[tokio::test]
async fn an_echo_of_our_own_edit_makes_no_op_and_no_card() {
    let world = World::new().await;
    in_berlin(&world).await;
    let order = world.pulled_order().await;
    let long = "Replace the mechanical seal at the drive end of pump P-101A";
    // Friday, 00:30 in Berlin, is still Thursday in UTC.
    let due = TimestampMs(1_795_735_800_000);
    world.engine.handle(edit(order, long, Some(due))).await.unwrap();
    world.deliver().await;
    let told = world.erp.facts();
    let [
        Fact::OrderChanged {
            title: Some(title),
            description: Some(_),
            priority: Some(_),
            due: Some(said),
            ..
        },
    ] = told.as_slice()
    else {
        panic!("{told:?}")
    };
    assert_eq!((title.from.as_str(), title.to.as_str()), ("Replace mechanical seal", long));
    assert_eq!((said.from, said.to.map(|due| due.on)), (None, Some(november(27))));
    let before = op_count(&world, order).await;
    let echo = ErpWorkOrder {
        description: "Isolate first".into(),
        priority: Priority::Emergency,
        due: Some(ErpTime::Day { day: november(27) }),
        ..erp_order("4000127", "Replace the mechanical seal at the driv…")
    };
    world.erp.page(vec![ErpRecord::WorkOrder(echo.clone())]);
    world.engine.synchronise().await.unwrap();
    assert_eq!(op_count(&world, order).await, before);
    assert!(world.sync().await.conflicts.is_empty());
    let kept = world.show(order).await.overview.order;
    assert_eq!(
        (kept.title.as_str(), kept.due_at),
        (long, Some(due)),
        "what the ERP has no room for stays here"
    );

    // What somebody changes there afterwards is news, not a change on both sides.
    let news = ErpWorkOrder {
        title: "Replace the pump".into(),
        due: Some(ErpTime::Day { day: november(30) }),
        ..echo
    };
    world.erp.page(vec![ErpRecord::WorkOrder(news)]);
    world.engine.synchronise().await.unwrap();
    let after = world.show(order).await.overview.order;
    assert_eq!(after.title, "Replace the pump");
    assert_eq!(after.due_at, Some(TimestampMs(1_796_079_599_000)), "the end of the plant's day");
    assert!(world.sync().await.conflicts.is_empty());
}

#[tokio::test]
async fn an_echo_of_an_edit_is_none_of_a_later_one_that_is_still_on_its_way() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(edit(order, "First", None)).await.unwrap();
    world.deliver().await;
    world.engine.handle(edit(order, "Second", None)).await.unwrap();
    let echo = |title| ErpWorkOrder {
        description: "Isolate first".into(),
        priority: Priority::Emergency,
        ..erp_order("4000127", title)
    };
    world.erp.page(vec![ErpRecord::WorkOrder(echo("First"))]);
    world.engine.synchronise().await.unwrap();
    assert!(world.sync().await.conflicts.is_empty(), "«First» is our own word");
    assert_eq!(world.show(order).await.overview.order.title, "Second");
    world.deliver().await;
    world.erp.page(vec![ErpRecord::WorkOrder(echo("Second"))]);
    world.engine.synchronise().await.unwrap();
    assert!(world.sync().await.conflicts.is_empty());
    let titles: Vec<(String, String)> = world
        .erp
        .facts()
        .into_iter()
        .filter_map(|fact| match fact {
            Fact::OrderChanged { title, .. } => title.map(|title| (title.from, title.to)),
            _ => None,
        })
        .collect();
    let expected = [("Replace mechanical seal", "First"), ("First", "Second")];
    assert_eq!(titles, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

#[tokio::test]
async fn what_was_written_below_our_description_there_is_taken() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(edit(order, "Replace mechanical seal", None)).await.unwrap();
    world.deliver().await;
    let grown = ErpWorkOrder {
        description: "Isolate first\nKey at the gate".into(),
        priority: Priority::Emergency,
        ..erp_order("4000127", "Replace mechanical seal")
    };
    world.erp.page(vec![ErpRecord::WorkOrder(grown)]);
    world.engine.synchronise().await.unwrap();
    assert_eq!(world.show(order).await.overview.order.description, "Isolate first\nKey at the gate");
    assert!(world.sync().await.conflicts.is_empty());
}

#[tokio::test]
async fn an_erps_days_and_times_are_those_of_the_plant() {
    let world = World::new().await;
    in_berlin(&world).await;
    let order = ErpWorkOrder {
        due: Some(ErpTime::Day { day: november(30) }),
        planned_start: Some(ErpTime::TimeOfDay { day: november(30), time_ms: 8 * 3_600_000 }),
        ..erp_order("4000127", "Replace mechanical seal")
    };
    world.erp.page(vec![ErpRecord::WorkOrder(order)]);
    world.engine.synchronise().await.unwrap();
    let orders = world.engine.handle(WorkOrderList { filter: Default::default() }).await.unwrap();
    let order = &orders[0].order;
    assert_eq!(order.due_at, Some(TimestampMs(1_796_079_599_000)), "23:59:59 in Berlin");
    assert_eq!(order.planned_start_at, Some(TimestampMs(1_796_022_000_000)), "08:00 in Berlin");
}

#[tokio::test]
async fn an_echo_of_our_own_close_makes_no_op_and_no_card() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(5) }).await.unwrap();
    world.deliver().await;
    let before = op_count(&world, order).await;
    let echo = ErpWorkOrder {
        status: WorkOrderStatus::Completed,
        ..erp_order("4000127", "Replace mechanical seal")
    };
    world.erp.page(vec![ErpRecord::WorkOrder(echo)]);
    world.engine.synchronise().await.unwrap();
    assert_eq!(op_count(&world, order).await, before);
    assert!(world.sync().await.conflicts.is_empty());
}

#[tokio::test]
async fn work_going_on_here_is_not_reset_by_an_erp_that_knows_less() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    let news = ErpWorkOrder { priority: Priority::Low, ..erp_order("4000127", "Replace mechanical seal") };
    world.erp.page(vec![ErpRecord::WorkOrder(news)]);
    world.engine.synchronise().await.unwrap();
    let after = world.show(order).await.overview.order;
    assert_eq!((after.status, after.priority), (WorkOrderStatus::InProgress, Priority::Low));
}

#[tokio::test]
async fn an_order_cancelled_there_while_it_was_closed_here_opens_a_card() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(5) }).await.unwrap();
    let cancelled = ErpWorkOrder {
        status: WorkOrderStatus::Cancelled,
        ..erp_order("4000127", "Replace mechanical seal")
    };
    world.erp.page(vec![ErpRecord::WorkOrder(cancelled)]);
    world.engine.synchronise().await.unwrap();
    assert_eq!(world.show(order).await.overview.order.status, WorkOrderStatus::Completed);
    assert_eq!(world.sync().await.conflicts.len(), 1);
}

#[tokio::test]
async fn what_an_erp_has_no_place_for_stays_ours() {
    let world = World::new().await;
    *world.erp.lacks.lock().unwrap() = vec![OrderField::Priority, OrderField::Due];
    let create = WorkOrderCreate {
        title: "Ours".into(),
        description: String::new(),
        asset_id: None,
        priority: Priority::Emergency,
        request_id: None,
        due_at: Some(MORNING.plus_ms(3_600_000)),
        assignee_id: None,
        steps: vec![],
    };
    let born = world.engine.handle(create).await.unwrap();
    world.deliver().await;
    let say = |title: &str| {
        let order = ErpWorkOrder {
            our_id: Some(born),
            priority: Priority::Medium,
            operations: vec![],
            ..erp_order("900", title)
        };
        world.erp.page(vec![ErpRecord::WorkOrder(order)]);
    };
    for title in ["Ours", "Ours, with a new gasket"] {
        say(title);
        world.engine.synchronise().await.unwrap();
        assert!(world.sync().await.conflicts.is_empty(), "{:?}", world.sync().await.conflicts);
        let kept = world.show(born).await.overview.order;
        assert_eq!((kept.title.as_str(), kept.priority), (title, Priority::Emergency));
        assert_eq!(kept.due_at, Some(MORNING.plus_ms(3_600_000)));
    }
}

#[tokio::test]
async fn a_deleted_order_is_cancelled_here_with_the_reason() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.erp.page(vec![ErpRecord::Deleted(ErpDeleted {
        record_kind: ExternalKind::WorkOrder,
        key: "4000127".into(),
    })]);
    world.engine.synchronise().await.unwrap();
    let after = world.show(order).await.overview.order;
    assert_eq!(after.status, WorkOrderStatus::Cancelled);
    assert!(after.status_reason.unwrap().contains("deleted"));
}

#[tokio::test]
async fn stock_is_the_erps_balance_less_what_was_used_here_since() {
    let world = World::new().await;
    let part =
        ErpPart { key: "S45".into(), number: "S45".into(), name: "Seal 45 mm".into(), unit: "EA".into() };
    let stock = ErpStock {
        part_key: "S45".into(),
        location_key: "0001".into(),
        location: "Stores".into(),
        bin: Some("C-14".into()),
        on_hand: Quantity::whole(2, "EA"),
    };
    world.erp.page(vec![ErpRecord::Part(part), ErpRecord::Stock(stock)]);
    world.engine.synchronise().await.unwrap();
    world.pass_ms(1);
    let order = world
        .engine
        .handle(WorkOrderCreate {
            title: "x".into(),
            description: String::new(),
            asset_id: None,
            priority: Priority::Low,
            request_id: None,
            due_at: None,
            assignee_id: None,
            steps: vec![],
        })
        .await
        .unwrap();
    let part_id = world.engine.handle(PartList { containing: "seal".into(), asset_id: None }).await.unwrap()
        [0]
    .part
    .part_id;
    world
        .engine
        .handle(PartUseAdd {
            work_order_id: order,
            part_id,
            quantity: Quantity::whole(1, "EA"),
            location: None,
        })
        .await
        .unwrap();
    let overview = world.engine.handle(PartShow { part_id }).await.unwrap().overview;
    assert_eq!(overview.on_hand, Quantity::whole(1, "EA"));
    assert_eq!(overview.place.as_deref(), Some("Stores, C-14"));
}

#[tokio::test]
async fn rows_built_anew_from_the_log_equal_the_rows_that_grew() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    let done = world.engine.handle(NoteAdd { work_order_id: order, text: "x".into() }).await.unwrap();
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(5) }).await.unwrap();
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    world.engine.database().rebuild().await.unwrap();
    let after = world.engine.database().read().await.unwrap().dump().await.unwrap();
    assert_eq!(before, after);
    assert_eq!(world.engine.database().read().await.unwrap().chain_fault().await.unwrap(), None);
}
