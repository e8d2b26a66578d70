//! Maintenance plans: orders that come round by the calendar or a meter, once each, also after weeks away.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use common::*;
use millwright_engine::Handle as _;
use millwright_local_db::{History, StoredSample};
use millwright_model::*;

const DAY: i64 = 86_400_000;

fn date(text: &str) -> CivilDate {
    CivilDate::try_from(text.to_owned()).unwrap()
}

/// Weekly from Monday, 30 November; the clock says the Monday before.
fn weekly(asset_id: AssetId, mode: PlanMode) -> MaintenancePlan {
    MaintenancePlan {
        maintenance_plan_id: MaintenancePlanId::default(),
        asset_id,
        title: "Grease the bearings".into(),
        steps: vec![StepDraft { title: "Grease".into(), form: StepForm::Check, mandatory: true }],
        priority: Priority::High,
        planned_minutes: Some(20),
        rhythm: PlanRhythm::Calendar { every: 1, unit: CalendarUnit::Week, first_due: date("2026-11-30") },
        mode,
        lead_days: 2,
        last_done_at: None,
        ended_at: None,
    }
}

async fn save(world: &World, plan: MaintenancePlan) -> MaintenancePlan {
    world.engine.handle(PlanSave { plan }).await.unwrap();
    // Until its change can no longer be undone a plan raises nothing.
    world.pass_ms(11_000);
    only(world).await.plan
}

async fn only(world: &World) -> PlanView {
    let mut plans = world.engine.handle(PlanList { asset_id: None }).await.unwrap();
    assert_eq!(plans.len(), 1);
    plans.remove(0)
}

/// The orders of plans, oldest first: when each is due, and whether it is open.
async fn raised(world: &World) -> Vec<(OccasionDue, bool)> {
    world.engine.act().await.unwrap();
    let orders = world.engine.handle(WorkOrderList { filter: Default::default() }).await.unwrap();
    let mut orders: Vec<WorkOrder> = orders.into_iter().map(|overview| overview.order).collect();
    orders.sort_by_key(|order| order.created_at);
    orders.iter().map(|order| (order.plan_occasion.unwrap().due, order.status.is_open())).collect()
}

fn on(day: &str) -> OccasionDue {
    OccasionDue::Day(date(day))
}

async fn close(world: &World) {
    let work_order_id = only(world).await.open_order.unwrap().work_order_id;
    let close = WorkOrderClose { work_order_id, closing: Closing::DetailsLater };
    world.engine.handle(close).await.unwrap();
}

async fn dump(world: &World) -> std::collections::BTreeMap<String, Vec<String>> {
    world.engine.database().read().await.unwrap().dump().await.unwrap()
}

#[tokio::test]
async fn a_plan_raises_its_order_ahead_of_time_and_only_once() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    save(&world, weekly(asset_id, PlanMode::Fixed)).await;
    assert_eq!(raised(&world).await, [], "a week ahead");
    let view = only(&world).await;
    assert_eq!((view.next, view.raised_on), (Some(on("2026-11-30")), Some(date("2026-11-28"))));
    world.pass_ms(5 * DAY);
    for _ in 0..3 {
        assert_eq!(raised(&world).await, [(on("2026-11-30"), true)]);
    }
    let order = only(&world).await.open_order.unwrap();
    assert_eq!((order.work_kind, order.priority), (WorkKind::Preventive, Priority::High));
    assert_eq!(order.due_at, Some(TimestampMs(MORNING.0 + 7 * DAY + 15 * 3_600_000 - 1_000)));
    let shown = world.show(order.work_order_id).await;
    assert_eq!((shown.steps.len(), shown.steps[0].step.mandatory), (1, true));
    let told = world.engine.handle(ShiftShow { at: None }).await.unwrap();
    assert_eq!(told.groups[0].lines[0].item.happening, ShiftHappening::PlanRaised);
    world.deliver().await;
    assert!(matches!(world.erp.facts()[..], [Fact::OrderCreated { .. }]), "the ERP has it too");
}

#[tokio::test]
async fn weeks_that_were_missed_do_not_pile_up() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    save(&world, weekly(asset_id, PlanMode::Fixed)).await;
    // Five weeks without anybody: 28 December is the Monday of the day after the four missed ones.
    world.pass_ms(35 * DAY);
    let world = world.after_kill().await;
    assert_eq!(raised(&world).await, [(on("2026-12-28"), true)], "one order at the first run");
    world.pass_ms(10 * DAY);
    assert_eq!(raised(&world).await.len(), 1, "nothing is added to an order that waits");
    close(&world).await;
    assert_eq!(
        raised(&world).await,
        [(on("2026-12-28"), false)],
        "the Monday that passed meanwhile was done with it"
    );
    world.pass_ms(4 * DAY);
    assert_eq!(raised(&world).await, [(on("2026-12-28"), false), (on("2027-01-11"), true)]);
}

#[tokio::test]
async fn a_floating_plan_counts_from_a_late_close() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    save(&world, weekly(asset_id, PlanMode::Floating)).await;
    world.pass_ms(6 * DAY);
    assert_eq!(raised(&world).await, [(on("2026-11-30"), true)]);
    // Wednesday of the next week.
    world.pass_ms(10 * DAY);
    close(&world).await;
    assert_eq!(only(&world).await.next, Some(on("2026-12-16")));
    world.pass_ms(4 * DAY);
    assert_eq!(raised(&world).await.len(), 1);
    world.pass_ms(DAY);
    assert_eq!(raised(&world).await, [(on("2026-11-30"), false), (on("2026-12-16"), true)]);
}

#[tokio::test]
async fn a_close_that_is_undone_was_none() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    save(&world, weekly(asset_id, PlanMode::Floating)).await;
    world.pass_ms(6 * DAY);
    raised(&world).await;
    let work_order_id = only(&world).await.open_order.unwrap().work_order_id;
    let closing = Closing::DetailsLater;
    let done = world.engine.handle(WorkOrderClose { work_order_id, closing }).await.unwrap();
    assert_eq!(only(&world).await.next, Some(on("2026-12-06")));
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    let view = only(&world).await;
    assert!(view.open_order.is_some() && view.next.is_none() && view.last_done_at.is_none());
}

#[tokio::test]
async fn a_plan_that_can_still_be_undone_raises_nothing() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    let rhythm = PlanRhythm::Calendar { every: 1, unit: CalendarUnit::Day, first_due: date("2026-11-23") };
    let plan = MaintenancePlan { rhythm, ..weekly(asset_id, PlanMode::Fixed) };
    let done = world.engine.handle(PlanSave { plan: plan.clone() }).await.unwrap();
    assert_eq!(raised(&world).await, []);
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    world.pass_ms(11_000);
    assert_eq!(raised(&world).await, []);
    save(&world, plan).await;
    assert_eq!(raised(&world).await.len(), 1);
}

#[tokio::test]
async fn an_ended_plan_raises_nothing_and_is_not_changed() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    let plan = save(&world, weekly(asset_id, PlanMode::Fixed)).await;
    let end = PlanEnd { maintenance_plan_id: plan.maintenance_plan_id };
    world.engine.handle(end.clone()).await.unwrap();
    world.pass_ms(30 * DAY);
    assert_eq!(raised(&world).await, []);
    assert!(world.engine.handle(PlanList { asset_id: None }).await.unwrap().is_empty());
    for refused in [
        world.engine.handle(end).await.unwrap_err(),
        world.engine.handle(PlanSave { plan }).await.unwrap_err(),
    ] {
        assert_eq!(refused.refusal, Some(Refusal::PlanEnded));
    }
}

#[tokio::test]
async fn what_never_comes_round_is_refused() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    let good = weekly(asset_id, PlanMode::Fixed);
    let calendar =
        |every| PlanRhythm::Calendar { every, unit: CalendarUnit::Day, first_due: date("2026-11-30") };
    let source = || MeterSource::Reading { name: "Hours".into(), unit: "h".into() };
    let meter = |every: f64, counted_from: f64, ahead: f64| PlanRhythm::Meter {
        every,
        source: source(),
        counted_from,
        ahead,
    };
    let with = |rhythm| MaintenancePlan { rhythm, ..good.clone() };
    for plan in [
        with(calendar(0)),
        with(calendar(-3)),
        with(calendar(1_001)),
        with(meter(0.0, 0.0, 0.0)),
        with(meter(f64::NAN, 0.0, 0.0)),
        with(meter(f64::INFINITY, 0.0, 0.0)),
        with(meter(1e-9, 1e12, 0.0)),
        with(meter(10.0, 0.0, 10.0)),
        with(PlanRhythm::Meter {
            every: 1.0,
            source: MeterSource::Tag { tag_binding_id: TagBindingId::default() },
            counted_from: 0.0,
            ahead: 0.0,
        }),
        MaintenancePlan { lead_days: 366, ..good.clone() },
        MaintenancePlan { planned_minutes: Some(0), ..good.clone() },
        MaintenancePlan { title: " ".into(), ..good.clone() },
        MaintenancePlan { asset_id: AssetId::default(), ..good.clone() },
    ] {
        let refused = world.engine.handle(PlanSave { plan: plan.clone() }).await;
        assert!(refused.is_err(), "{plan:?}");
    }
    assert!(world.engine.handle(PlanList { asset_id: None }).await.unwrap().is_empty());
}

async fn read(world: &World, asset_id: AssetId, value: f64) {
    let reading = ReadingAdd { asset_id, name: "Operating hours".into(), value, unit: "h".into() };
    world.engine.handle(reading).await.unwrap();
}

#[tokio::test]
async fn a_meter_plan_on_readings_follows_what_people_read() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    let rhythm = PlanRhythm::Meter {
        every: 500.0,
        source: MeterSource::Reading { name: "Operating hours".into(), unit: "h".into() },
        counted_from: 1_000.0,
        ahead: 20.0,
    };
    save(&world, MaintenancePlan { rhythm, ..weekly(asset_id, PlanMode::Floating) }).await;
    assert_eq!(raised(&world).await, [], "nobody has read it");
    read(&world, asset_id, 1_479.0).await;
    assert_eq!(raised(&world).await, []);
    world.pass_ms(1_000);
    read(&world, asset_id, 1_480.0).await;
    assert_eq!(raised(&world).await, [(OccasionDue::Meter(1_500.0), true)]);
    let due_at = only(&world).await.open_order.unwrap().due_at.unwrap();
    assert_eq!(due_at.since_ms(MORNING), 2 * DAY + 15 * 3_600_000 - 1_000, "so many days are left for it");
    world.pass_ms(3 * DAY);
    read(&world, asset_id, 1_560.0).await;
    close(&world).await;
    let view = only(&world).await;
    assert_eq!((view.next, view.meter), (Some(OccasionDue::Meter(2_060.0)), Some(1_560.0)));
    // What is read after the close does not move where it was done.
    world.pass_ms(DAY);
    read(&world, asset_id, 1_700.0).await;
    assert_eq!(only(&world).await.next, Some(OccasionDue::Meter(2_060.0)));
    let nan = ReadingAdd { asset_id, name: "Operating hours".into(), value: f64::NAN, unit: "h".into() };
    assert_eq!(world.engine.handle(nan).await.unwrap_err().refusal, Some(Refusal::ReadingNotANumber));
}

/// The engine again, after its history has heard these values of the tag.
async fn with_values(world: World, values: &[(i64, f64)]) -> World {
    let World { folder, clock, shell, erp, engine } = world;
    drop(engine);
    let history = History::open(&folder.path().join("history.db")).await.unwrap();
    let batch: Vec<(SeriesKey, StoredSample)> = values
        .iter()
        .map(|(at_ms, value)| {
            let sample = StoredSample {
                at_ms: *at_ms,
                ordinal: 0,
                value: Some(Value::Float(*value)),
                quality: Quality::Good,
                source_time: true,
            };
            (SeriesKey("uns:a/hours".into()), sample)
        })
        .collect();
    history.commit(&batch).await.unwrap();
    history.close().await.unwrap();
    let engine = open(folder.path(), &clock, &shell, &erp, [7; 32]).await;
    World { folder, clock, shell, erp, engine }
}

#[tokio::test]
async fn a_meter_plan_on_a_tag_follows_what_the_machine_counts() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    let binding = TagBinding {
        tag_binding_id: TagBindingId::default(),
        asset_id,
        series: SeriesKey("uns:a/hours".into()),
        name: "Hours".into(),
        unit: "h".into(),
        usual_low: None,
        usual_high: None,
        limit_low: None,
        limit_high: None,
        silence_ms: 60_000,
        position: 0,
    };
    world.engine.handle(TagBindingSave { binding }).await.unwrap();
    let tags = world.engine.handle(AssetShow { asset_id }).await.unwrap().tags;
    let source = MeterSource::Tag { tag_binding_id: tags[0].binding.tag_binding_id };
    let rhythm = PlanRhythm::Meter { every: 100.0, source, counted_from: 0.0, ahead: 0.0 };
    save(&world, MaintenancePlan { rhythm, ..weekly(asset_id, PlanMode::Fixed) }).await;
    let world = with_values(world, &[(MORNING.0 - DAY, 90.0), (MORNING.0 - 1_000, 99.0)]).await;
    assert_eq!(raised(&world).await, []);
    let view = only(&world).await;
    assert_eq!(
        (view.meter, view.meter_unit.as_deref(), view.next),
        (Some(99.0), Some("h"), Some(OccasionDue::Meter(100.0)))
    );
    world.pass_ms(DAY);
    let at = MORNING.0 + DAY;
    let world = with_values(world, &[(at, 130.0)]).await;
    assert_eq!(raised(&world).await, [(OccasionDue::Meter(100.0), true)]);
    close(&world).await;
    assert_eq!(only(&world).await.next, Some(OccasionDue::Meter(200.0)), "from the mark, not from 130");
}

#[tokio::test]
async fn a_machine_out_of_use_needs_nothing() {
    let world = World::new().await;
    world.erp.page(vec![ErpRecord::Asset(ErpAsset {
        key: "equipment:P-9".into(),
        parent_key: None,
        code: "P-9".into(),
        name: "Pump".into(),
        level: AssetLevel::Machine,
        criticality: Criticality::B,
        class: None,
    })]);
    world.engine.synchronise().await.unwrap();
    let asset_id = world.engine.handle(AssetTree {}).await.unwrap()[0].asset.asset_id;
    save(&world, weekly(asset_id, PlanMode::Fixed)).await;
    let deleted = ErpDeleted { record_kind: ExternalKind::Asset, key: "equipment:P-9".into() };
    world.erp.page(vec![ErpRecord::Deleted(deleted)]);
    world.engine.synchronise().await.unwrap();
    world.pass_ms(30 * DAY);
    assert_eq!(raised(&world).await, []);
}

#[tokio::test]
async fn a_rebuild_gives_equal_rows_and_raises_nothing_again() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    save(&world, weekly(asset_id, PlanMode::Fixed)).await;
    world.pass_ms(6 * DAY);
    raised(&world).await;
    read(&world, asset_id, 5.0).await;
    let before = dump(&world).await;
    world.engine.database().rebuild().await.unwrap();
    assert_eq!(dump(&world).await, before);
    raised(&world).await;
    assert_eq!(dump(&world).await, before);
}
