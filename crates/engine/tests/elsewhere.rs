//! Nothing on one tablet only: silent tablets, orders that go on elsewhere, and work that was done twice.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use common::team::*;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

const HOUR: i64 = 3_600_000;

async fn device(world: &World, name: &str) -> DeviceView {
    let devices = world.engine.handle(TeamShow {}).await.unwrap().devices;
    devices.into_iter().find(|view| view.device.name == name).unwrap()
}

async fn supervise(world: &World) {
    let person_id = world.engine.handle(AppStatus {}).await.unwrap().person.unwrap().person_id;
    let set = PersonRoleSet { person_id, role: PersonRole::Supervisor };
    world.engine.handle(set).await.unwrap();
}

/// What the supervisor is told of silent tablets: each with the number of its open orders.
async fn silent(world: &World) -> Vec<(String, i64)> {
    let today = world.engine.handle(TodayShow {}).await.unwrap();
    let silent = today.exceptions.into_iter().filter_map(|exception| match exception {
        TodayException::SilentDevice { name, open_orders, .. } => Some((name, open_orders)),
        _ => None,
    });
    silent.collect()
}

/// Orders that were worked on twice, as the supervisor is told.
async fn twice(world: &World) -> Vec<TeamNoticeView> {
    let today = world.engine.handle(TodayShow {}).await.unwrap();
    let twice = today.exceptions.into_iter().filter_map(|exception| match exception {
        TodayException::WorkedTwice { notice } => Some(*notice),
        _ => None,
    });
    twice.collect()
}

async fn notices(world: &World) -> Vec<TeamNoticeView> {
    world.engine.handle(TodayShow {}).await.unwrap().notices
}

async fn carry_on(world: &World, order: WorkOrderId, reason: &str) -> Result<Done, ApiError> {
    let carry_on = WorkOrderContinue { work_order_id: order, reason: reason.into() };
    world.engine.handle(carry_on).await
}

async fn photo(world: &World, order: WorkOrderId, of: &str) {
    let add = AttachmentAdd {
        work_order_id: Some(order),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: format!("{of}.jpg"),
        bytes_base64: "c2VhbA==".into(),
        part: None,
    };
    world.engine.handle(add).await.unwrap();
}

fn at(person: &str, device: &str) -> Whereabouts {
    Whereabouts { person_name: Some(person.into()), device_name: Some(device.into()) }
}

/// How often the ERP was told that an order is done.
fn completions(plant: &Plant) -> usize {
    let done = |fact: &&Fact| {
        let to = WorkOrderStatus::Completed;
        matches!(fact, Fact::OrderStatusChanged { from, to: told, .. } if *told == to && *from != to)
    };
    plant.node.erp.facts().iter().filter(done).count()
}

fn booked(plant: &Plant) -> Vec<i64> {
    let minutes = |fact: Fact| match fact {
        Fact::LabourBooked { minutes, .. } => Some(minutes),
        _ => None,
    };
    let mut booked: Vec<i64> = plant.node.erp.facts().into_iter().filter_map(minutes).collect();
    booked.sort_unstable();
    booked
}

#[tokio::test(flavor = "multi_thread")]
async fn members_hear_from_the_node_who_held_a_device_when_it_spoke_and_what_waits_there() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    a.start(plant.order).await;
    a.meet().await;
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "Warm".into() }).await.unwrap();
    a.engine.exchange().await.unwrap();
    plant.node.pass_ms(3 * HOUR);
    b.meet().await;
    let view = device(&b, "A").await;
    assert_eq!(view.contact_at, Some(b.now().await.plus_ms(-3 * HOUR)), "by the clock of who looks");
    assert_eq!(view.holder.as_deref(), Some("Anna Weber"));
    assert_eq!(view.pending, 1, "the note can still be undone");
    assert_eq!(view.open_orders, ["4000127"]);
    assert!(!view.silent);
    let world = b.after_kill().await;
    assert_eq!(device(&world, "A").await.pending, 1, "it is known after a start without the node");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_tablet_with_open_orders_asks_the_supervisor_until_it_speaks() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    plant.tablet_of("Spare", "Clara").await.meet().await;
    supervise(&b).await;
    a.start(plant.order).await;
    a.meet().await;
    plant.node.pass_ms(8 * HOUR - 1);
    b.meet().await;
    assert_eq!(silent(&b).await, []);
    plant.node.pass_ms(1);
    b.meet().await;
    assert_eq!(silent(&b).await, [("A".to_owned(), 1)], "nothing depends on the spare one");
    let device_id = device(&b, "A").await.device.device_id;
    let orders = b.engine.handle(TeamDeviceOrders { device_id }).await.unwrap();
    assert_eq!(orders[0].order.work_order_id, plant.order);
    a.meet().await;
    b.meet().await;
    assert_eq!(silent(&b).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_tablet_counts_as_silent_is_said_once_at_the_node() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    supervise(&b).await;
    a.start(plant.order).await;
    a.meet().await;
    plant.node.pass_ms(8 * HOUR);
    let settings = plant.node.engine.handle(SettingsShow {}).await.unwrap();
    let settings = Settings { silent_after_hours: 12, ..settings };
    plant.node.engine.handle(SettingsSave { settings }).await.unwrap();
    b.meet().await;
    assert_eq!(silent(&b).await, []);
    plant.node.pass_ms(4 * HOUR);
    b.meet().await;
    assert_eq!(silent(&b).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_moved_on_to_another_tablet_took_their_orders_along() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    let anna = a.engine.handle(AppStatus {}).await.unwrap().person.unwrap().person_id;
    let assign = WorkOrderAssign { work_order_id: plant.order, assignee_id: Some(anna) };
    a.engine.handle(assign).await.unwrap();
    a.meet().await;
    b.meet().await;
    assert_eq!(device(&b, "A").await.open_orders, ["4000127"]);
    plant.node.pass_ms(HOUR);
    b.engine.handle(PersonPick { person_id: Some(anna) }).await.unwrap();
    b.meet().await;
    assert_eq!(device(&b, "A").await.open_orders, Vec::<String>::new());
    assert_eq!(device(&b, "B").await.open_orders, ["4000127"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_goes_on_elsewhere_and_what_both_recorded_stays() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    a.start(plant.order).await;
    a.meet().await;
    b.meet().await;
    // Away from the node, Anna writes down what she saw and stops.
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "Shaft is scored".into() }).await.unwrap();
    let work_step_id = a.show(plant.order).await.steps[0].step.work_step_id;
    let outcome = Some(StepOutcome::Checked);
    a.engine.handle(WorkStepRecord { work_step_id, outcome, instrument: None }).await.unwrap();
    photo(&a, plant.order, "before").await;
    a.pass_ms(30 * 60_000 - 11_000);
    a.engine.handle(TimerStop { work_order_id: plant.order }).await.unwrap();
    let hand = b.show(plant.order).await.hand.unwrap();
    assert_eq!((hand.who, hand.is_here), (at("Anna Weber", "A"), false));
    carry_on(&b, plant.order, "Tablet empty").await.unwrap();
    assert!(b.show(plant.order).await.hand.unwrap().is_here);
    photo(&b, plant.order, "after").await;
    b.finish(plant.order, 20).await;
    b.meet().await;
    a.meet().await;
    let view = plant.node.show(plant.order).await;
    assert_eq!(view.overview.order.status, WorkOrderStatus::Completed);
    assert_eq!((view.labour_minutes, view.notes.len(), view.attachments.len()), (50, 1, 2));
    assert_eq!(view.steps[0].step.outcome, Some(StepOutcome::Checked));
    plant.node.deliver().await;
    assert_eq!((completions(&plant), booked(&plant)), (1, vec![20, 30]));
    let told = notices(&a).await;
    let [TeamNoticeView { happened: TeamHappening::Continued { from, by, reason, .. }, .. }] = &told[..]
    else {
        panic!("{told:?}")
    };
    assert_eq!((from, by, reason.as_str()), (&at("Anna Weber", "A"), &at("Bernd", "B"), "Tablet empty"));
    assert_eq!(a.show(plant.order).await.notices, told, "on the order's own page too");
    assert_eq!(notices(&b).await, [], "who took it over knows it");
    a.engine.handle(TeamNoticeSeen { notice_id: told[0].notice_id }).await.unwrap();
    assert_eq!(notices(&a).await, []);
    let story = HistoryShow { entity: Entity::WorkOrder, entity_id: plant.order.0 };
    let story = a.engine.handle(story).await.unwrap();
    let told = story.iter().find(|entry| entry.fields.contains_key("continued")).unwrap();
    assert_eq!((told.actor.as_str(), told.reason.as_deref()), ("Bernd", Some("Tablet empty")));
    all_equal(&plant.node, &[&a, &b]).await;
}

/// Both closed the order apart after it was taken over, and came back in this order; the ERP was away until then.
async fn both_closed(plant: &Plant, a: &World, b: &World, old_first: bool) {
    plant.node.erp.set_mood(Mood::Dead);
    a.start(plant.order).await;
    a.meet().await;
    b.meet().await;
    carry_on(b, plant.order, "Tablet silent").await.unwrap();
    b.meet().await;
    a.finish(plant.order, 40).await;
    b.finish(plant.order, 25).await;
    let (first, second) = if old_first { (a, b) } else { (b, a) };
    first.meet().await;
    second.meet().await;
    first.meet().await;
    plant.node.erp.set_mood(Mood::Well);
    for _ in 0..3 {
        plant.node.pass_ms(HOUR);
        plant.node.deliver().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_closed_on_the_old_tablet_too_is_confirmed_once_whoever_comes_first() {
    for old_first in [true, false] {
        let plant = Plant::new().await;
        let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
        let c = plant.tablet_of("C", "Clara").await;
        supervise(&c).await;
        both_closed(&plant, &a, &b, old_first).await;
        c.meet().await;
        assert_eq!((completions(&plant), booked(&plant)), (1, vec![25, 40]), "old first: {old_first}");
        assert!(plant.node.erp.effect_counts().values().all(|count| *count == 1));
        let waiting = plant.node.sync().await.state.erp_waiting;
        assert_eq!((waiting, plant.node.sync().await.conflicts), (0, vec![]));
        let told = twice(&c).await;
        let [TeamNoticeView { happened: TeamHappening::WorkedTwice { first, second }, .. }] = &told[..]
        else {
            panic!("{told:?}")
        };
        let (anna, bernd) = (at("Anna Weber", "A"), at("Bernd", "B"));
        let expected = if old_first { (&anna, &bernd) } else { (&bernd, &anna) };
        assert_eq!((&first.who, &second.who), expected);
        assert!([first, second].iter().all(|deed| deed.did == WorkOrderStatus::Completed));
        for world in [&a, &b] {
            let told = notices(world).await;
            let twice =
                |notice: &&TeamNoticeView| matches!(notice.happened, TeamHappening::WorkedTwice { .. });
            assert_eq!(told.iter().filter(twice).count(), 1, "both people hear of it");
        }
        assert_eq!(c.show(plant.order).await.notices, told, "where it can be ticked off");
        c.engine.handle(TeamNoticeSeen { notice_id: told[0].notice_id }).await.unwrap();
        assert_eq!(twice(&c).await, []);
        all_equal(&plant.node, &[&a, &b, &c]).await;
        assert_eq!(twice(&c).await, [], "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_who_left_is_told_by_their_own_tablet() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    a.start(plant.order).await;
    a.meet().await;
    b.meet().await;
    carry_on(&b, plant.order, "Called away").await.unwrap();
    b.pass_ms(5 * HOUR);
    b.finish(plant.order, 15).await;
    b.meet().await;
    assert_eq!(plant.node.show(plant.order).await.labour_minutes, 15, "nobody guesses how long Anna worked");
    a.pass_ms(10 * 60_000 - 11_000);
    a.engine.handle(TimerStop { work_order_id: plant.order }).await.unwrap();
    all_equal(&plant.node, &[&a, &b]).await;
    assert_eq!(plant.node.show(plant.order).await.labour_minutes, 25);
    plant.node.deliver().await;
    assert_eq!(booked(&plant), [10, 15]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_may_go_on_with_ones_own_order_on_another_tablet() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    let anna = a.engine.handle(AppStatus {}).await.unwrap().person.unwrap().person_id;
    a.start(plant.order).await;
    a.meet().await;
    b.meet().await;
    b.engine.handle(PersonPick { person_id: Some(anna) }).await.unwrap();
    assert_eq!(b.show(plant.order).await.hand.unwrap().who, at("Anna Weber", "A"));
    carry_on(&b, plant.order, "Tablet broken").await.unwrap();
    assert_eq!(notices(&b).await, [], "she knows");
    all_equal(&plant.node, &[&a, &b]).await;
    assert_eq!(notices(&b).await, []);
    assert_eq!(notices(&a).await.len(), 1, "whoever finds the old tablet hears of it");
    // Her timer is stopped on both: that is nobody's question.
    a.finish(plant.order, 10).await;
    b.finish(plant.order, 20).await;
    all_equal(&plant.node, &[&a, &b]).await;
    assert_eq!(plant.node.show(plant.order).await.labour_minutes, 30);
    for world in [&plant.node, &a, &b] {
        assert_eq!(world.sync().await.conflicts, []);
    }
}

#[tokio::test]
async fn on_one_device_whoever_takes_over_ends_the_others_time() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.start(order).await;
    world.pass_ms(20 * 60_000);
    let add = PersonAdd { name: "Bernd".into(), erp_number: None, language: "en".into() };
    let bernd = world.engine.handle(add).await.unwrap();
    world.engine.handle(PersonPick { person_id: Some(bernd) }).await.unwrap();
    carry_on(&world, order, "Relieved").await.unwrap();
    let view = world.show(order).await;
    assert_eq!(view.labour_minutes, 20);
    assert_eq!(view.timer.map(|timer| timer.person_id), Some(bernd));
    assert_eq!(view.overview.order.assignee_id, Some(bernd));
}

#[tokio::test]
async fn taking_over_wants_a_reason_an_open_order_and_somebody_elses_hand() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    assert_eq!(carry_on(&world, order, "  ").await.unwrap_err().code, Code::Invalid);
    world.start(order).await;
    assert_eq!(carry_on(&world, order, "Mine").await.unwrap().txn_id, None, "it is in hand here");
    world.finish(order, 5).await;
    assert_eq!(carry_on(&world, order, "Late").await.unwrap_err().code, Code::Precondition);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_begun_on_two_tablets_apart_is_told_to_both_and_asks_nobody() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    a.start(plant.order).await;
    b.pass_ms(60_000);
    b.start(plant.order).await;
    all_equal(&plant.node, &[&a, &b]).await;
    let (anna, bernd) = (at("Anna Weber", "A"), at("Bernd", "B"));
    for world in [&a, &b] {
        let told = notices(world).await;
        let [TeamNoticeView { happened: TeamHappening::WorkedTwice { first, second }, .. }] = &told[..]
        else {
            panic!("{told:?}")
        };
        assert_eq!((&first.who, first.at), (&anna, MORNING));
        assert_eq!((&second.who, second.at), (&bernd, MORNING.plus_ms(60_000)));
        assert_eq!(world.sync().await.conflicts, [], "there is nothing to decide");
    }
    plant.node.deliver().await;
    let began =
        |fact: &&Fact| matches!(fact, Fact::OrderStatusChanged { to: WorkOrderStatus::InProgress, .. });
    assert_eq!(plant.node.erp.facts().iter().filter(began).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_over_by_two_apart_it_stays_with_the_first_and_both_hear_of_it() {
    let plant = Plant::new().await;
    let (a, b, c) =
        (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await, plant.tablet_of("C", "Clara").await);
    a.start(plant.order).await;
    for world in [&a, &b, &c] {
        world.meet().await;
    }
    carry_on(&b, plant.order, "Tablet silent").await.unwrap();
    carry_on(&c, plant.order, "Tablet silent").await.unwrap();
    all_equal(&plant.node, &[&b, &c, &a]).await;
    for world in [&b, &c] {
        assert_eq!(notices(world).await.len(), 1);
        assert_eq!(world.sync().await.conflicts, []);
        assert_eq!(world.show(plant.order).await.hand.unwrap().who, at("Bernd", "B"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_undone_is_told_to_nobody() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Bernd").await);
    a.start(plant.order).await;
    a.meet().await;
    b.meet().await;
    let done = carry_on(&b, plant.order, "By mistake").await.unwrap();
    b.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    all_equal(&plant.node, &[&a, &b]).await;
    assert_eq!(notices(&a).await, []);
    assert_eq!(a.show(plant.order).await.overview.order.continued, None);
    assert!(a.show(plant.order).await.hand.unwrap().is_here);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_laid_aside_is_begun_by_nobody_else_without_a_reason_until_it_runs_out() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet_of("A", "Ada").await, plant.tablet_of("B", "Ben").await);
    a.engine.handle(WorkOrderReserve { work_order_id: plant.order, hours: 4 }).await.unwrap();
    a.meet().await;
    b.meet().await;
    let seen = b.show(plant.order).await.reservation.unwrap();
    assert_eq!((seen.who.person_name.as_deref(), seen.is_mine), (Some("Ada"), false));
    let refused = b.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::ReservedByAnother { .. })), "{refused:?}");
    let refused =
        b.engine.handle(WorkOrderReserve { work_order_id: plant.order, hours: 1 }).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::ReservedByAnother { .. })), "{refused:?}");
    b.pass_ms(4 * 3_600_000);
    assert_eq!(b.show(plant.order).await.reservation, None, "it runs out by itself");
    b.start(plant.order).await;
    b.meet().await;
    a.meet().await;
    assert_eq!(a.show(plant.order).await.reservation, None, "what was begun is laid aside for nobody");
    all_equal(&plant.node, &[&a, &b]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_reason_takes_an_order_over_that_was_laid_aside_and_its_person_hears_of_it() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet_of("A", "Ada").await, plant.tablet_of("B", "Ben").await);
    a.engine.handle(WorkOrderReserve { work_order_id: plant.order, hours: 4 }).await.unwrap();
    a.meet().await;
    b.meet().await;
    let reason = "the pump leaks now".to_owned();
    b.engine.handle(WorkOrderContinue { work_order_id: plant.order, reason }).await.unwrap();
    b.meet().await;
    a.meet().await;
    let notices = a.show(plant.order).await.notices;
    assert!(
        matches!(&notices[0].happened, TeamHappening::Continued { reason, .. } if reason == "the pump leaks now"),
        "{notices:?}"
    );
    all_equal(&plant.node, &[&a, &b]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_laid_the_same_order_aside_apart_hear_whose_it_is_and_nobody_has_to_decide() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet_of("A", "Ada").await, plant.tablet_of("B", "Ben").await);
    for tablet in [&a, &b] {
        tablet.engine.handle(WorkOrderReserve { work_order_id: plant.order, hours: 4 }).await.unwrap();
    }
    a.meet().await;
    b.meet().await;
    let seen = b.show(plant.order).await.reservation.unwrap();
    assert_eq!(seen.who.person_name.as_deref(), Some("Ada"), "whose word came first");
    assert_eq!(b.sync().await.conflicts, []);
    a.engine.handle(WorkOrderRelease { work_order_id: plant.order }).await.unwrap();
    a.meet().await;
    b.meet().await;
    b.start(plant.order).await;
    all_equal(&plant.node, &[&a, &b]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_years_behind_keeps_no_order_laid_aside_for_years() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderReserve { work_order_id: order, hours: 4 }).await.unwrap();
    assert!(world.show(order).await.reservation.unwrap().is_mine);
    world.pass_ms(-365 * 86_400_000);
    assert_eq!(world.show(order).await.reservation, None);
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    let refused = world.engine.handle(WorkOrderReserve { work_order_id: order, hours: 4 }).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::NotToReserve));
}
