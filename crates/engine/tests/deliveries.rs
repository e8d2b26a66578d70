//! What leaves takes its effect once: with a dead ERP, lost answers, kills, restores and refusals.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::*;
use millwright_engine::{Engine, Handle};
use millwright_model::*;

async fn closed_order(world: &World) -> WorkOrderId {
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(42) }).await.unwrap();
    order
}

#[tokio::test]
async fn an_order_closed_while_the_erp_was_dead_has_its_effects_once_when_it_is_back() {
    let world = World::new().await;
    let order = closed_order(&world).await;
    world.erp.set_mood(Mood::Dead);
    world.pass_ms(11_000);
    assert!(world.engine.synchronise().await.is_err(), "the pull says that the ERP is not there");
    assert!(world.sync().await.state.erp_waiting > 0);
    world.erp.set_mood(Mood::Well);
    world.pass_ms(120_000);
    world.engine.synchronise().await.unwrap();
    world.engine.synchronise().await.unwrap();
    assert!(world.erp.effect_counts().values().all(|count| *count == 1), "each step once");
    let labour: Vec<i64> = world
        .erp
        .facts()
        .iter()
        .filter_map(|fact| match fact {
            Fact::LabourBooked { minutes, .. } => Some(*minutes),
            _ => None,
        })
        .collect();
    assert_eq!(labour, [42]);
    assert_eq!(world.sync().await.state.erp_waiting, 0);
    assert!(world.show(order).await.deliveries.iter().all(|delivery| delivery.state == DeliveryState::Done));
}

#[tokio::test]
async fn nothing_leaves_while_it_can_be_undone() {
    let world = World::new().await;
    closed_order(&world).await;
    world.pass_ms(9_000);
    world.engine.synchronise().await.unwrap();
    assert!(world.erp.pushes.lock().unwrap().is_empty());
    world.pass_ms(2_000);
    world.engine.synchronise().await.unwrap();
    assert!(!world.erp.pushes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_after_the_request_limit_and_never_sent_twice() {
    let world = World::new().await;
    closed_order(&world).await;
    world.erp.set_mood(Mood::LosesAnswers);
    world.deliver().await;
    assert!(
        world.erp.lookups.lock().unwrap().is_empty(),
        "before the limit «absent» may still become «done»"
    );
    world.erp.set_mood(Mood::Well);
    for _ in 0..6 {
        world.pass_ms(4_000);
        world.engine.synchronise().await.unwrap();
    }
    assert!(!world.erp.lookups.lock().unwrap().is_empty());
    assert!(world.erp.effect_counts().values().all(|count| *count == 1), "{:?}", world.erp.effect_counts());
    assert_eq!(world.sync().await.state.erp_waiting, 0);
}

/// Does something to an engine from where nothing can be waited for.
fn at_once<C: Command + Send + 'static>(engine: &Engine, command: C) -> Box<dyn FnOnce() + Send>
where
    Engine: Handle<C>,
    C::Output: std::fmt::Debug,
{
    let (engine, runtime) = (engine.clone(), tokio::runtime::Handle::current());
    Box::new(move || {
        tokio::task::block_in_place(|| runtime.block_on(engine.handle(command))).unwrap();
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_undone_after_its_step_was_found_due_never_leaves() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let started = world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.pass_ms(11_000);
    // Found due; then the clock is set right, back into the time of undoing, and the person undoes.
    let undo = at_once(&world.engine, TxnUndo { txn_id: started.txn_id.unwrap() });
    let clock = world.clock.clone();
    let set_back_and_undo = move || {
        clock.0.fetch_sub(8_000, std::sync::atomic::Ordering::SeqCst);
        undo();
    };
    world.erp.set_mood(Mood::Dead);
    world.erp.asked_for_news.store(false, std::sync::atomic::Ordering::SeqCst);
    *world.erp.before_the_mark.lock().unwrap() = Some(Box::new(set_back_and_undo));
    assert!(world.engine.synchronise().await.is_err(), "the pull says that the ERP is not there");
    assert!(world.erp.before_the_mark.lock().unwrap().is_none(), "it happened in between");
    assert_eq!(*world.erp.pushes.lock().unwrap(), [""; 0]);
    let deliveries = world.show(order).await.deliveries;
    assert!(deliveries.iter().all(|delivery| delivery.state == DeliveryState::Discarded), "{deliveries:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_while_it_is_looked_up_is_not_sent_after_all() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.erp.set_mood(Mood::LosesAnswers);
    world.deliver().await;
    world.erp.set_mood(Mood::Well);
    // The ERP forgets it, so that the look finds nothing; a person gives it up at that moment.
    world.erp.effects.lock().unwrap().clear();
    let delivery_id = world.show(order).await.deliveries[0].delivery_id;
    let give_up = DeliveryDiscard { delivery_id, reason: "done by hand there".into() };
    *world.erp.during_lookup.lock().unwrap() = Some(at_once(&world.engine, give_up));
    let pushed = world.erp.pushes.lock().unwrap().len();
    for _ in 0..4 {
        world.pass_ms(4_000);
        world.engine.synchronise().await.unwrap();
    }
    assert_eq!(world.erp.lookups.lock().unwrap().len(), 1);
    assert_eq!(world.erp.pushes.lock().unwrap().len(), pushed);
    assert_eq!(world.show(order).await.deliveries[0].state, DeliveryState::Discarded);
}

#[tokio::test]
async fn a_step_whose_end_could_not_be_noted_is_looked_up_as_soon_as_the_store_takes_something() {
    let world = World::new().await;
    closed_order(&world).await;
    // Somebody else's hand in the store stands for a disk that fails at that one moment.
    let file = format!("sqlite://{}", world.folder.path().join("millwright.db").display());
    let store = sqlx::SqlitePool::connect(&file).await.unwrap();
    let refuse = "create trigger refuse before update on delivery when new.state = 'done' \
                  begin select raise(abort, 'the disk failed'); end";
    sqlx::query(refuse).execute(&store).await.unwrap();
    world.pass_ms(11_000);
    assert!(world.engine.synchronise().await.is_err());
    let sent = world.erp.effect_counts().len();
    assert_eq!(sent, 1, "it had its effect there, and nothing else of the order left");
    sqlx::query("drop trigger refuse").execute(&store).await.unwrap();
    for _ in 0..6 {
        world.pass_ms(4_000);
        world.engine.synchronise().await.unwrap();
    }
    assert!(!world.erp.lookups.lock().unwrap().is_empty(), "it is looked up, without a new start");
    assert!(world.erp.effect_counts().values().all(|count| *count == 1), "{:?}", world.erp.effect_counts());
    assert_eq!(world.sync().await.state.erp_waiting, 0);
}

#[tokio::test]
async fn a_kill_between_sending_and_the_answer_is_looked_up_at_the_next_start() {
    let world = World::new().await;
    closed_order(&world).await;
    world.erp.set_mood(Mood::LosesAnswers);
    world.deliver().await;
    let world = world.after_kill().await;
    world.erp.set_mood(Mood::Well);
    for _ in 0..6 {
        world.pass_ms(4_000);
        world.engine.synchronise().await.unwrap();
    }
    assert!(world.erp.effect_counts().values().all(|count| *count == 1), "{:?}", world.erp.effect_counts());
    assert_eq!(world.sync().await.state.erp_waiting, 0);
}

#[tokio::test]
async fn a_database_restored_from_yesterday_looks_everything_up_before_it_sends() {
    let world = World::new().await;
    closed_order(&world).await;
    let outside = tempfile::tempdir().unwrap();
    let archive = outside.path().join("yesterday.tar");
    world.engine.back_up(&archive).await.unwrap();
    // After the backup everything leaves; then the tablet breaks and yesterday's backup goes onto a new one.
    world.deliver().await;
    let effects = world.erp.effect_counts();
    let restored = outside.path().join("restored");
    millwright_local_db::restore(&archive, &restored).unwrap();
    let engine = open(&restored, &world.clock, &world.shell, &world.erp, [9; 32]).await;
    let device_before = world.engine.handle(AppStatus {}).await.unwrap().device_code;
    assert_ne!(
        engine.handle(AppStatus {}).await.unwrap().device_code,
        device_before,
        "a restored directory is another device"
    );
    for _ in 0..6 {
        world.pass_ms(4_000);
        engine.synchronise().await.unwrap();
    }
    assert_eq!(world.erp.effect_counts(), effects, "nothing took effect twice");
    assert_eq!(engine.handle(SyncShow {}).await.unwrap().state.erp_waiting, 0);
}

#[tokio::test]
async fn a_rejected_delivery_waits_for_a_person_and_holds_up_nothing_else() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.erp.set_mood(Mood::Rejects);
    world.deliver().await;
    let view = world.sync().await;
    assert_eq!(view.needs_you.len(), 1);
    assert_eq!(view.needs_you[0].error.as_deref(), Some("the period is closed"), "the ERP's own words");
    assert_eq!(view.needs_you[0].cause, Some(Cause::SaysNo));
    assert_eq!(view.state.needs, Needs { erp: 1, ..Needs::default() });
    world.erp.set_mood(Mood::Well);
    world
        .engine
        .handle(WorkOrderCreate {
            title: "Another".into(),
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
    world.deliver().await;
    assert_eq!(world.erp.effect_counts().len(), 1, "the other order left");
    world.engine.handle(DeliveryRetry { delivery_id: view.needs_you[0].delivery_id }).await.unwrap();
    world.engine.synchronise().await.unwrap();
    assert_eq!(world.erp.effect_counts().len(), 2, "mended there and retried here");
    assert_eq!(world.sync().await.state.needs_you, 0);
}

#[tokio::test]
async fn a_discarded_delivery_takes_with_it_what_could_never_leave_without_it() {
    let world = World::new().await;
    let order = world
        .engine
        .handle(WorkOrderCreate {
            title: "Ours".into(),
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
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.erp.set_mood(Mood::Rejects);
    world.deliver().await;
    let rejected = world.sync().await.needs_you;
    assert_eq!(rejected.len(), 1, "the creation was refused; the rest waits behind it");
    world
        .engine
        .handle(DeliveryDiscard { delivery_id: rejected[0].delivery_id, reason: "not wanted there".into() })
        .await
        .unwrap();
    let view = world.sync().await;
    assert!(view.waiting.is_empty(), "a step that needs the order's key can never leave");
    assert!(
        view.discarded.iter().all(|delivery| delivery.error.as_deref().unwrap().contains("Anna Weber")),
        "who gave it up is kept"
    );
}

#[tokio::test]
async fn an_order_born_here_gets_the_erps_number_from_the_receipt() {
    let world = World::new().await;
    let order = world
        .engine
        .handle(WorkOrderCreate {
            title: "Ours".into(),
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
    assert!(world.show(order).await.overview.order.local_number.is_some());
    world.deliver().await;
    assert_eq!(world.show(order).await.overview.order.erp_number.as_deref(), Some("900"));
}

#[tokio::test]
async fn a_correction_after_delivery_reaches_the_erp_with_the_right_sum() {
    let world = World::new().await;
    let order = closed_order(&world).await;
    world.deliver().await;
    let booked = world.show(order).await.labour[0].labour.clone();
    let correction = LabourCorrection { labour_id: booked.labour_id, minutes: 30 };
    world
        .engine
        .handle(WorkOrderCorrect {
            work_order_id: order,
            reason: "typed wrong".into(),
            labour: vec![correction],
            parts: vec![],
            found_text: None,
            done_text: None,
        })
        .await
        .unwrap();
    world.deliver().await;
    let corrected = world.erp.facts().into_iter().find_map(|fact| match fact {
        Fact::LabourCorrected { minutes, previous_minutes, reason, .. } => {
            Some((previous_minutes, minutes, reason))
        }
        _ => None,
    });
    assert_eq!(corrected, Some((42, 30, "typed wrong".to_owned())));
    assert_eq!(world.show(order).await.labour_minutes, 30);
}

#[tokio::test]
async fn an_edit_says_only_what_it_changed_and_one_that_changes_nothing_there_says_nothing() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let before = world.show(order).await.overview.order;
    let edit = WorkOrderEdit {
        work_order_id: order,
        title: before.title.clone(),
        description: before.description.clone(),
        priority: Priority::Low,
        due_at: before.due_at,
        assignee_id: None,
        asset_id: None,
    };
    world.engine.handle(edit.clone()).await.unwrap();
    world.engine.handle(edit).await.unwrap();
    let undone = world.engine.handle(WorkOrderAssign { work_order_id: order, assignee_id: None }).await;
    assert_eq!(undone.unwrap().txn_id, None, "nothing changed");
    world.deliver().await;
    let told = world.erp.facts();
    let [Fact::OrderChanged { title: None, description: None, priority: Some(priority), due: None, .. }] =
        told.as_slice()
    else {
        panic!("{told:?}")
    };
    assert_eq!((priority.from, priority.to), (Priority::High, Priority::Low));
}

#[tokio::test]
async fn an_edit_reaches_the_erp_before_the_close_that_follows_it() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let edit = WorkOrderEdit {
        work_order_id: order,
        title: "Replace seal and gasket".into(),
        description: String::new(),
        priority: Priority::High,
        due_at: None,
        assignee_id: None,
        asset_id: None,
    };
    world.engine.handle(edit).await.unwrap();
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(0) }).await.unwrap();
    world.deliver().await;
    let told = world.erp.facts();
    assert!(
        matches!(told.as_slice(), [Fact::OrderChanged { .. }, Fact::OrderStatusChanged { .. }]),
        "{told:?}"
    );
}

#[tokio::test]
async fn an_edit_that_comes_back_from_the_erp_is_not_told_to_it() {
    let world = World::new().await;
    world.pulled_order().await;
    world.erp.page(vec![ErpRecord::WorkOrder(erp_order("4000127", "Replace the seal and the gasket"))]);
    world.engine.synchronise().await.unwrap();
    world.deliver().await;
    assert!(world.erp.pushes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn parts_taken_after_midnight_are_moved_on_the_plants_day_from_their_bin() {
    let world = World::new().await;
    let settings = Settings { plant_zone: "Europe/Berlin".into(), ..Settings::default() };
    world.engine.handle(SettingsSave { settings }).await.unwrap();
    let order = world.pulled_order().await;
    let part =
        ErpPart { key: "S45".into(), number: "S45".into(), name: "Seal 45 mm".into(), unit: "EA".into() };
    let stock = ErpStock {
        part_key: "S45".into(),
        location_key: "1010/0001".into(),
        location: "Stores".into(),
        bin: Some("C-14".into()),
        on_hand: Quantity::whole(2, "EA"),
    };
    world.erp.page(vec![ErpRecord::Part(part), ErpRecord::Stock(stock)]);
    world.engine.synchronise().await.unwrap();
    let parts = world.engine.handle(PartList { containing: "seal".into(), asset_id: None }).await.unwrap();
    // 23:30 in UTC is half past midnight in Berlin.
    world.pass_ms(14 * 3_600_000 + 30 * 60_000);
    let quantity = Quantity::whole(1, "EA");
    let part_id = parts[0].part.part_id;
    world
        .engine
        .handle(PartUseAdd { work_order_id: order, part_id, quantity, location: None })
        .await
        .unwrap();
    world.deliver().await;
    let told = world.erp.facts();
    let [Fact::PartsIssued { on, lines, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(Some(*on), CivilDate::from_ymd(2026, 11, 24));
    let from = (lines[0].from_location.as_deref(), lines[0].from_bin.as_deref());
    assert_eq!(from, (Some("1010/0001"), Some("C-14")));
}

#[tokio::test]
async fn an_undone_close_leaves_nothing_behind_at_the_erp() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let done = world
        .engine
        .handle(WorkOrderClose { work_order_id: order, closing: full_closing(10) })
        .await
        .unwrap();
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    let view = world.show(order).await;
    assert_eq!(view.overview.order.status, WorkOrderStatus::Released);
    assert!(view.labour.is_empty());
    world.deliver().await;
    assert!(world.erp.pushes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_has_left_cannot_be_undone_and_the_error_says_what_to_do() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let done = world
        .engine
        .handle(WorkOrderClose { work_order_id: order, closing: full_closing(10) })
        .await
        .unwrap();
    world.deliver().await;
    let error = world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap_err();
    assert_eq!(error.code, Code::Precondition);
    assert!(error.message.contains("Correct the order"), "{}", error.message);
}

#[tokio::test]
async fn a_clock_set_back_a_day_stops_no_delivery() {
    let world = World::new().await;
    closed_order(&world).await;
    world.erp.set_mood(Mood::LosesAnswers);
    world.deliver().await;
    world.erp.set_mood(Mood::Well);
    world.pass_ms(-24 * 60 * 60 * 1000);
    for _ in 0..6 {
        world.pass_ms(4_000);
        world.engine.synchronise().await.unwrap();
    }
    assert_eq!(world.sync().await.state.erp_waiting, 0, "a wrong clock is no reason to wait a day");
    assert!(world.erp.effect_counts().values().all(|count| *count == 1));
}
