//! What is urgent: who is asked, who takes it on, who hears of it next, and who is never woken.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::postbox::{Manner, Postbox};
use common::team::*;
use common::*;
use millwright_engine::Handle;
use millwright_model::*;

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

async fn raise(world: &World, text: &str, priority: Priority) -> AlertSubject {
    let asset_id = world.asset("P-101").await;
    let request = RequestRaise { asset_id, part: None, text: text.into(), priority, machine_down: true };
    AlertSubject::Request(world.engine.handle(request).await.unwrap())
}

async fn order(world: &World, title: &str, priority: Priority) -> AlertSubject {
    let create = WorkOrderCreate {
        title: title.into(),
        description: String::new(),
        asset_id: None,
        priority,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    AlertSubject::WorkOrder(world.engine.handle(create).await.unwrap())
}

async fn alerts(world: &World) -> Vec<AlertView> {
    world.engine.handle(AlertList {}).await.unwrap().alerts
}

async fn words(world: &World) -> Vec<String> {
    alerts(world).await.into_iter().map(|alert| alert.text).collect()
}

async fn take(world: &World, about: AlertSubject) -> Result<Done, ApiError> {
    world.engine.handle(AlertTake { about }).await
}

async fn pass(
    world: &World,
    about: AlertSubject,
    to: Option<PersonId>,
    word: &str,
) -> Result<Done, ApiError> {
    world.engine.handle(AlertPass { about, to, word: word.into() }).await
}

async fn me(world: &World) -> PersonId {
    world.engine.handle(AppStatus {}).await.unwrap().person.unwrap().person_id
}

async fn settings(world: &World, change: impl FnOnce(&mut Settings)) {
    let mut settings = world.engine.handle(SettingsShow {}).await.unwrap();
    change(&mut settings);
    world.engine.handle(SettingsSave { settings }).await.unwrap();
}

/// What the system's notifications said, in order.
fn rings(world: &World) -> Vec<String> {
    world.shell.1.lock().unwrap().iter().map(|ring| ring.title.clone()).collect()
}

/// Lets minutes pass, with a look at each.
async fn minutes(world: &World, minutes: i64) {
    for _ in 0..minutes {
        world.pass_ms(MINUTE);
        world.engine.act().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_urgent_asks_until_somebody_takes_it_on_by_name() {
    let world = World::new().await;
    raise(&world, "Paint flakes", Priority::Low).await;
    let about = raise(&world, "Seal leaks", Priority::Emergency).await;
    order(&world, "Replace the fan", Priority::High).await;
    assert_eq!(words(&world).await, ["Seal leaks", "Replace the fan"], "the most urgent first");
    take(&world, about).await.unwrap();
    assert_eq!(words(&world).await, ["Replace the fan"]);
    let requests = world.engine.handle(RequestList { open_only: true }).await.unwrap();
    assert_eq!(requests.len(), 2, "it stays a request to be answered");
    let seal = requests.iter().find(|one| one.request.text == "Seal leaks").unwrap();
    assert_eq!(seal.taken_by_name.as_deref(), Some("Anna Weber"));
    let again = take(&world, about).await.unwrap();
    assert_eq!(again.txn_id, None, "who has it takes it once");
}

#[tokio::test]
async fn who_takes_an_order_on_is_to_do_it_and_may_take_that_back() {
    let world = World::new().await;
    let about = order(&world, "Replace the fan", Priority::High).await;
    let done = take(&world, about).await.unwrap();
    let AlertSubject::WorkOrder(id) = about else { panic!("an order") };
    assert_eq!(world.show(id).await.overview.order.assignee_id, Some(me(&world).await));
    assert_eq!(words(&world).await, [""; 0]);
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert_eq!(world.show(id).await.overview.order.assignee_id, None);
    assert_eq!(words(&world).await, ["Replace the fan"]);
}

#[tokio::test]
async fn planned_work_what_is_laid_aside_and_orders_of_the_erp_ask_nobody() {
    let world = World::new().await;
    world.pulled_order().await;
    let AlertSubject::WorkOrder(aside) = order(&world, "Lay me aside", Priority::High).await else {
        panic!("an order")
    };
    world.engine.handle(WorkOrderReserve { work_order_id: aside, hours: 4 }).await.unwrap();
    assert_eq!(words(&world).await, [""; 0]);
    settings(&world, |settings| settings.alerts.erp_orders = true).await;
    assert_eq!(words(&world).await, ["Replace mechanical seal"], "where the plant says so");
    settings(&world, |settings| settings.alerts.from_priority = None).await;
    assert_eq!(words(&world).await, [""; 0]);
}

#[tokio::test]
async fn a_device_calls_once_a_rung_also_across_a_restart_and_only_what_can_no_longer_be_undone() {
    let world = World::new().await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.engine.act().await.unwrap();
    assert_eq!(rings(&world), [""; 0], "it can still be undone");
    world.pass_ms(11_000);
    for _ in 0..3 {
        world.engine.act().await.unwrap();
    }
    assert_eq!(rings(&world), ["Notfall: P-101 Pump"], "in the language of who holds the device");
    assert!(!world.shell.1.lock().unwrap()[0].text.contains("Anna"), "names stay inside");
    let world = world.after_kill().await;
    minutes(&world, 30).await;
    let again = "Niemand hat es übernommen: Notfall: P-101 Pump";
    assert_eq!(rings(&world), ["Notfall: P-101 Pump", again]);
}

#[tokio::test]
async fn what_is_undone_or_taken_within_ten_seconds_calls_nobody() {
    let world = World::new().await;
    let AlertSubject::Request(_) = raise(&world, "A mistake", Priority::Emergency).await else {
        panic!("a request")
    };
    let entry = world.engine.handle(ShiftShow { at: None }).await.unwrap();
    assert!(!entry.groups.is_empty());
    let history = world.engine.handle(AlertList {}).await.unwrap();
    let (entity, entity_id) = (Entity::Request, history.alerts[0].about.id());
    let txn_id = world.engine.handle(HistoryShow { entity, entity_id }).await.unwrap()[0].txn_id;
    world.pass_ms(9_000);
    world.engine.handle(TxnUndo { txn_id }).await.unwrap();
    let about = raise(&world, "Seal leaks", Priority::Emergency).await;
    world.pass_ms(9_000);
    take(&world, about).await.unwrap();
    minutes(&world, 15).await;
    assert_eq!(rings(&world), [""; 0]);
}

#[tokio::test]
async fn many_at_once_are_one_call_and_a_device_says_from_which_priority_up() {
    let world = World::new().await;
    settings(&world, |settings| settings.bell_from = Some(Priority::Emergency)).await;
    order(&world, "Replace the fan", Priority::High).await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    raise(&world, "Motor smokes", Priority::Emergency).await;
    minutes(&world, 1).await;
    assert_eq!(rings(&world).len(), 1);
    let text = world.shell.1.lock().unwrap()[0].text.clone();
    assert!(text.contains("und 1 weitere"), "{text}");
    settings(&world, |settings| settings.bell_from = None).await;
    minutes(&world, 15).await;
    assert_eq!(rings(&world).len(), 1, "it is off");
    assert_eq!(alerts(&world).await.len(), 3, "the app shows them all the same");
}

#[tokio::test]
async fn what_nobody_takes_stands_at_the_top_of_the_supervisors_today_after_ten_minutes() {
    let world = World::new().await;
    let role = PersonRoleSet { person_id: me(&world).await, role: PersonRole::Supervisor };
    world.engine.handle(role).await.unwrap();
    let about = raise(&world, "Seal leaks", Priority::Emergency).await;
    let first = || async {
        let today = world.engine.handle(TodayShow {}).await.unwrap();
        today.exceptions.into_iter().next()
    };
    minutes(&world, 9).await;
    assert_eq!(first().await, None);
    minutes(&world, 1).await;
    assert!(matches!(first().await, Some(TodayException::NobodyTakes { alert }) if alert.about == about));
    take(&world, about).await.unwrap();
    assert_eq!(first().await, None);
}

#[tokio::test]
async fn the_screens_are_told_when_an_alert_climbs_a_rung_and_not_in_between() {
    let world = World::new().await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    let told = || {
        let events = world.shell.0.lock().unwrap();
        let alerts =
            |event: &&Event| matches!(event, Event::Changed(tags) if tags.contains(&CacheTag::Alerts));
        events.iter().filter(alerts).count()
    };
    minutes(&world, 1).await;
    let raised = told();
    minutes(&world, 8).await;
    assert_eq!(told(), raised);
    minutes(&world, 1).await;
    assert_eq!(told(), raised + 1);
}

#[tokio::test]
async fn a_rung_for_supervisors_calls_only_the_device_that_one_holds() {
    let world = World::new().await;
    settings(&world, |settings| settings.alerts.rungs[1].who = AlertAudience::Supervisors).await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    minutes(&world, 12).await;
    assert_eq!(rings(&world).len(), 1, "a technician heard it once");
    let role = PersonRoleSet { person_id: me(&world).await, role: PersonRole::Supervisor };
    world.engine.handle(role).await.unwrap();
    minutes(&world, 1).await;
    assert_eq!(rings(&world).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_by_one_it_is_gone_for_all_and_the_plants_ladder_is_the_nodes() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet_of("A", "Ada").await, plant.tablet_of("B", "Ben").await);
    let about = raise(&a, "Seal leaks", Priority::Emergency).await;
    a.meet().await;
    b.meet().await;
    b.engine.act().await.unwrap();
    assert_eq!(rings(&b), ["Emergency: P-101 Pump"], "at once where it arrives");
    take(&b, about).await.unwrap();
    b.meet().await;
    a.meet().await;
    for world in [&a, &b, &plant.node] {
        assert_eq!(words(world).await, [""; 0]);
    }
    let late = take(&a, about).await.unwrap_err();
    assert!(matches!(late.refusal, Some(Refusal::TakenByAnother { who }) if who == "Ben"));
    settings(&plant.node, |settings| settings.alerts.from_priority = Some(Priority::Emergency)).await;
    order(&b, "Replace the fan", Priority::High).await;
    assert_eq!(words(&b).await.len(), 1);
    b.pass_ms(30_000);
    b.meet().await;
    b.meet().await;
    assert_eq!(words(&b).await, [""; 0], "what counts is said once, at the node");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_it_apart_the_first_word_at_the_node_wins_and_the_other_one_reads_it() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet_of("A", "Ada").await, plant.tablet_of("B", "Ben").await);
    let request = raise(&a, "Seal leaks", Priority::Emergency).await;
    let work_order = order(&a, "Replace the fan", Priority::High).await;
    a.meet().await;
    b.meet().await;
    for about in [request, work_order] {
        take(&a, about).await.unwrap();
        take(&b, about).await.unwrap();
    }
    a.meet().await;
    b.meet().await;
    a.meet().await;
    let notices = |world: &World| {
        let engine = world.engine.clone();
        async move { engine.handle(TodayShow {}).await.unwrap().notices }
    };
    let mut told = notices(&b).await;
    told.sort_by_key(|notice| notice.about);
    assert_eq!(told.iter().map(|notice| notice.about).collect::<Vec<_>>(), [request, work_order]);
    for notice in &told {
        let TeamHappening::TakenBefore { by, .. } = &notice.happened else { panic!("{notice:?}") };
        assert_eq!(by.person_name.as_deref(), Some("Ada"));
    }
    assert_eq!(notices(&a).await, [], "who has it knows");
    for world in [&a, &b, &plant.node] {
        assert_eq!(world.sync().await.conflicts, [], "nobody has to decide anything");
    }
    let AlertSubject::WorkOrder(id) = work_order else { panic!("an order") };
    assert_eq!(b.show(id).await.overview.assignee_name.as_deref(), Some("Ada"));
    all_equal(&plant.node, &[&a, &b]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_passed_on_by_name_calls_that_person_and_after_ten_minutes_everybody_again() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet_of("A", "Ada").await, plant.tablet_of("B", "Ben").await);
    let ben = me(&b).await;
    let about = raise(&a, "Seal leaks", Priority::Emergency).await;
    a.meet().await;
    b.meet().await;
    b.engine.act().await.unwrap();
    let ada_hears = pass(&a, about, Some(PersonId::default()), "").await.unwrap_err();
    assert_eq!(ada_hears.code, Code::NotFound, "nobody of that name");
    a.meet().await;
    pass(&a, about, Some(ben), "You know this pump").await.unwrap();
    a.meet().await;
    let called = rings(&a).len();
    b.pass_ms(22_000);
    b.meet().await;
    b.engine.act().await.unwrap();
    assert_eq!(rings(&b).len(), 2, "Ben is called by name");
    let asked = alerts(&b).await;
    assert!(asked[0].asks_you);
    let passed = asked[0].passed_on.clone().unwrap();
    assert_eq!((passed.by_name.as_deref(), passed.word.as_str()), (Some("Ada"), "You know this pump"));
    a.engine.act().await.unwrap();
    assert_eq!(rings(&a).len(), called, "Ada passed it on and is not called for that");
    minutes(&a, 10).await;
    assert_eq!(rings(&a).len(), called + 1, "Ben did not take it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_a_tablet_that_was_away_for_a_week_stands_in_lists_and_calls_nobody() {
    let plant = Plant::new().await;
    let away = plant.tablet_of("Away", "Ada").await;
    let about = raise(&away, "Seal leaks", Priority::Emergency).await;
    assert_eq!(words(&away).await, ["Seal leaks"], "at once on the tablet itself, without a network");
    plant.node.pass_ms(7 * DAY);
    away.pass_ms(7 * DAY);
    away.meet().await;
    plant.node.engine.act().await.unwrap();
    minutes(&plant.node, 15).await;
    assert_eq!((words(&plant.node).await, rings(&plant.node)), (vec![], vec![]));
    let requests = plant.node.engine.handle(RequestList { open_only: true }).await.unwrap();
    assert_eq!(requests[0].request.request_id.0, about.id());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_whose_clock_is_ten_years_ahead_calls_as_from_when_it_is_heard() {
    let plant = Plant::new().await;
    let odd = plant.tablet_of("Odd", "Ada").await;
    odd.pass_ms(3_650 * DAY);
    raise(&odd, "Seal leaks", Priority::Emergency).await;
    odd.meet().await;
    plant.node.engine.act().await.unwrap();
    minutes(&plant.node, 1).await;
    assert_eq!(rings(&plant.node).len(), 1);
    minutes(&plant.node, 15).await;
    assert_eq!(rings(&plant.node).len(), 2, "the second rung comes");
    plant.node.pass_ms(DAY);
    minutes(&plant.node, 2).await;
    assert_eq!((words(&plant.node).await.len(), rings(&plant.node).len()), (0, 2), "and it ends");
}

async fn connect(world: &World, postbox: &Postbox, change: impl FnOnce(&mut MailReader)) {
    let mut connection = postbox.connection();
    change(&mut connection.readers[0]);
    world.engine.handle(MailConnectionSave { connection: Some(connection), password: None }).await.unwrap();
}

#[tokio::test]
async fn who_reads_after_ten_minutes_is_written_to_once_across_a_restart_and_a_kill() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, &postbox, |reader| reader.after_minutes = 10).await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    for _ in 0..9 {
        world.pass_ms(MINUTE);
        world.engine.synchronise().await.unwrap();
    }
    assert_eq!(postbox.taken().len(), 0, "somebody may still take it");
    postbox.behaves(Manner::ComeBackLater);
    world.pass_ms(MINUTE);
    world.engine.synchronise().await.unwrap();
    let world = world.after_kill().await;
    world.engine.synchronise().await.unwrap();
    postbox.behaves(Manner::TakesIt);
    for _ in 0..20 {
        world.pass_ms(MINUTE);
        world.engine.synchronise().await.unwrap();
    }
    let world = world.after_kill().await;
    world.engine.synchronise().await.unwrap();
    let taken = postbox.taken();
    assert_eq!(taken.len(), 1);
    let text = taken[0]["text"].as_str().unwrap();
    assert!(text.contains("Nobody has taken it on") && text.contains("Seal leaks"), "{text}");
}

#[tokio::test]
async fn what_was_taken_on_in_time_is_not_written_of() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, &postbox, |reader| reader.after_minutes = 10).await;
    let about = raise(&world, "Seal leaks", Priority::Emergency).await;
    world.pass_ms(5 * MINUTE);
    world.engine.synchronise().await.unwrap();
    take(&world, about).await.unwrap();
    world.pass_ms(30 * MINUTE);
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 0);
}

#[tokio::test]
async fn passed_on_to_the_next_in_line_it_is_written_of_before_its_time_but_not_while_that_can_be_undone() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, &postbox, |reader| reader.after_minutes = 10).await;
    let about = raise(&world, "Seal leaks", Priority::Emergency).await;
    world.pass_ms(MINUTE);
    pass(&world, about, None, "I am on the roof").await.unwrap();
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 0);
    world.deliver().await;
    assert_eq!(postbox.taken().len(), 1);
}

#[tokio::test]
async fn an_address_is_written_to_in_its_shifts() {
    // 10:00 in Berlin: the early shift; 16:00 is in the late one.
    for (shifts, count) in [(vec![], 2), (vec!["Early"], 1), (vec!["Late"], 1), (vec!["Night"], 0)] {
        let (world, postbox) = (World::new().await, Postbox::plain());
        settings(&world, |settings| settings.plant_zone = "Europe/Berlin".into()).await;
        connect(&world, &postbox, |reader| {
            reader.shifts = shifts.iter().map(|name| (*name).to_owned()).collect();
        })
        .await;
        raise(&world, "Seal leaks", Priority::Emergency).await;
        world.deliver().await;
        world.pass_ms(6 * 60 * MINUTE);
        raise(&world, "Motor smokes", Priority::Emergency).await;
        world.deliver().await;
        assert_eq!(postbox.taken().len(), count, "{shifts:?}");
    }
}

#[tokio::test]
async fn an_order_of_the_erp_is_written_of_to_who_asked_for_that_and_not_the_first_time_all_come() {
    for (erp_orders, count) in [(false, 0), (true, 1)] {
        let (world, postbox) = (World::new().await, Postbox::plain());
        connect(&world, &postbox, |reader| reader.erp_orders = erp_orders).await;
        world.erp.page(vec![ErpRecord::WorkOrder(erp_order("4000127", "Old news"))]);
        world.engine.synchronise().await.unwrap();
        world.deliver().await;
        assert_eq!(postbox.taken().len(), 0, "what the ERP always had");
        world.erp.page(vec![ErpRecord::WorkOrder(erp_order("4000128", "Bearing is loud"))]);
        world.engine.synchronise().await.unwrap();
        world.deliver().await;
        let taken = postbox.taken();
        assert_eq!(taken.len(), count, "{erp_orders}");
        assert!(taken.iter().all(|mail| mail["text"].as_str().unwrap().contains("Bearing is loud")));
    }
}

#[tokio::test]
async fn what_was_set_up_before_there_were_alerts_still_loads() {
    let settings: Settings = serde_json::from_str(r#"{"theme": "dark", "plant_zone": "UTC"}"#).unwrap();
    assert_eq!(settings.alerts, AlertLadder::default());
    let reader: MailReader =
        serde_json::from_str(r#"{"address": "a@plant.example", "from_priority": "high"}"#).unwrap();
    assert_eq!((reader.after_minutes, reader.erp_orders, reader.shifts.len()), (0, false, 0));
}
