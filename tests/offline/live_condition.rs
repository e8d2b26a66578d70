//! A step that waits for a source of energy to be gone, with a real broker: what the plant shows holds it back, never passes
//! it, and counts for nothing once the broker is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use millwright_engine::{Engine, Handle as _};
use millwright_model::*;
use rumqttc::{AsyncClient, MqttOptions, QoS};
use uuid::Uuid;

use crate::flood::engine_at;
use crate::mosquitto::{broker, connection};

const TOPIC: &str = "umh/v1/condition/line/pump/_raw/speed";
/// A shaft that turns slower than this is one that stands, in turns a minute.
const STANDS_BELOW: f64 = 1.0;

/// A shaft whose speed is published ten times a second, as long as there is a broker.
struct Shaft {
    turns_per_minute: Arc<AtomicI64>,
    end: Arc<AtomicBool>,
}

impl Drop for Shaft {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
    }
}

impl Shaft {
    fn turning(port: u16, turns_per_minute: i64) -> Self {
        let shaft = Self { turns_per_minute: Arc::new(turns_per_minute.into()), end: Arc::default() };
        let (speed, end) = (Arc::clone(&shaft.turns_per_minute), Arc::clone(&shaft.end));
        let (client, mut poll) = AsyncClient::new(MqttOptions::new("shaft", "127.0.0.1", port), 1_000);
        tokio::spawn(async move { while poll.poll().await.is_ok() {} });
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_millis(100));
            while !end.load(Ordering::Relaxed) {
                tick.tick().await;
                let now_ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
                let (now_ms, value) = (now_ms.as_millis(), speed.load(Ordering::Relaxed));
                let payload = format!("{{\"timestamp_ms\":{now_ms},\"value\":{value}}}");
                if client.publish(TOPIC, QoS::AtMostOnce, false, payload).await.is_err() {
                    // The broker is gone, as the test wants it.
                    return;
                }
            }
        });
        shaft
    }

    fn turns_at(&self, turns_per_minute: i64) {
        self.turns_per_minute.store(turns_per_minute, Ordering::Relaxed);
    }
}

/// What an order's step says of the plant.
async fn held(engine: &Engine, work_step_id: WorkStepId) -> Option<HeldStep> {
    engine.handle(ConditionShow { work_step_id }).await.unwrap().held
}

/// Looks at the step as its screen does, until what the plant shows is as wanted; answers what held it back on the way.
async fn until(
    engine: &Engine,
    step: WorkStepId,
    wanted: impl Fn(Option<&HeldStep>) -> bool,
) -> Vec<HeldStep> {
    let mut on_the_way = Vec::new();
    loop {
        let held = held(engine, step).await;
        if wanted(held.as_ref()) {
            return on_the_way;
        }
        on_the_way.extend(held);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn person(engine: &Engine, name: &str) -> PersonId {
    let add = PersonAdd { name: name.into(), erp_number: None, language: "en".into() };
    engine.handle(add).await.unwrap()
}

async fn hold(engine: &Engine, person_id: PersonId) {
    engine.handle(PersonPick { person_id: Some(person_id) }).await.unwrap();
}

/// The pump, and the source of energy that its speed shows: bound by one person, approved by the other.
async fn pump(engine: &Engine, anna: PersonId, ben: PersonId) -> (AssetId, EnergySourceId) {
    hold(engine, anna).await;
    let csv = "code,name,level,parent\nS,Site,site,\nL,Line,line,S\nP-1,Pump,machine,L\n";
    engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    let tree = engine.handle(AssetTree {}).await.unwrap();
    let asset_id = tree.iter().find(|node| node.asset.code == "P-1").unwrap().asset.asset_id;
    let binding = TagBinding {
        tag_binding_id: TagBindingId::default(),
        asset_id,
        series: SeriesKey(format!("uns:{TOPIC}")),
        name: "Speed".into(),
        unit: "1/min".into(),
        usual_low: None,
        usual_high: None,
        limit_low: None,
        limit_high: None,
        silence_ms: 10_000,
        position: 0,
    };
    engine.handle(TagBindingSave { binding }).await.unwrap();
    let tag = engine.handle(AssetShow { asset_id }).await.unwrap().tags[0].binding.tag_binding_id;
    let source = EnergySourceSave {
        energy_source_id: None,
        asset_id,
        name: "Motor, 400 V".into(),
        energy: EnergyKind::Electrical,
        tag_binding_id: Some(tag),
        isolated_at: "Main switch Q1".into(),
    };
    let energy_source_id = engine.handle(source).await.unwrap();
    hold(engine, ben).await;
    engine.handle(EnergySourceApprove { energy_source_id }).await.unwrap();
    (asset_id, energy_source_id)
}

/// A guide of one step that waits for the source to be gone: written by Anna, approved by Ben, who keeps the device.
async fn guide(
    engine: &Engine,
    anna: PersonId,
    ben: PersonId,
    asset_id: AssetId,
    source: EnergySourceId,
) -> GuideId {
    hold(engine, anna).await;
    let create = GuideCreate {
        name: "Seal".into(),
        language: "en".into(),
        asset_id: Some(asset_id),
        asset_class: None,
    };
    let guide_id = engine.handle(create).await.unwrap();
    let condition = LiveCondition { energy_source_id: source, low: -STANDS_BELOW, high: STANDS_BELOW };
    let words = |text: &str| Words::of("en", text);
    let isolate = GuideStep {
        condition: Some(condition),
        mandatory: true,
        ..GuideStep::plain(GuideStepId(Uuid::from_u128(1)), words("Isolate the motor and try it out"))
    };
    let task_id = GuideTaskId(Uuid::from_u128(2));
    let task = GuideTask { task_id, title: words("Replace the seal"), steps: vec![isolate] };
    let version = engine.handle(GuideDraftShow { guide_id }).await.unwrap().version;
    let edits = vec![GuideEdit::AddTask { task, place: 0 }];
    engine.handle(GuideDraftEdit { guide_id, version, edits }).await.unwrap();
    let guide_revision_id = engine.handle(GuideSubmit { guide_id, news: "First".into() }).await.unwrap();
    hold(engine, ben).await;
    engine.handle(GuideApprove { guide_revision_id }).await.unwrap();
    guide_id
}

/// An order that is worked by the guide; answers its step.
async fn order(engine: &Engine, asset_id: AssetId, guide_id: GuideId) -> (WorkOrderId, WorkStepId) {
    let create = WorkOrderCreate {
        title: "Seal".into(),
        description: String::new(),
        asset_id: Some(asset_id),
        priority: Priority::Low,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    let work_order_id = engine.handle(create).await.unwrap();
    engine.handle(WorkOrderGuide { work_order_id, guide_id }).await.unwrap();
    let run = engine.handle(GuideRun { work_order_id }).await.unwrap();
    (work_order_id, run.steps[0].records[0].step.work_step_id)
}

fn tried_out(work_step_id: WorkStepId, second_person_id: Option<PersonId>) -> WorkStepRecord {
    let outcome = Some(StepOutcome::TriedOut { shown: None, second_person_id });
    WorkStepRecord { work_step_id, outcome, instrument: None }
}

async fn outcome(engine: &Engine, work_order_id: WorkOrderId) -> Option<StepOutcome> {
    let run = engine.handle(GuideRun { work_order_id }).await.unwrap();
    run.steps[0].records[0].step.outcome.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shaft_that_stands_is_believed_after_five_seconds_and_a_broker_that_is_gone_is_never_believed() {
    let mut broker = broker().await;
    let shaft = Shaft::turning(broker.port, 1_450);
    let folder = tempfile::tempdir().unwrap();
    let engine = engine_at(folder.path(), &connection(broker.port)).await;
    let (anna, ben) = (person(&engine, "Anna").await, person(&engine, "Ben").await);
    let (asset_id, source) = pump(&engine, anna, ben).await;
    let guide_id = guide(&engine, anna, ben, asset_id, source).await;

    let (first, step) = order(&engine, asset_id, guide_id).await;
    until(&engine, step, |held| matches!(held, Some(HeldStep::OutOfTolerance { value }) if *value > 1_000.0))
        .await;
    let alone = engine.handle(tried_out(step, None)).await.unwrap_err();
    assert_eq!(alone.refusal, Some(Refusal::TryOutAlone), "it turns: the plant's word counts for nothing");

    shaft.turns_at(0);
    until(
        &engine,
        step,
        |held| matches!(held, Some(HeldStep::NotLongEnough { held_ms }) if *held_ms > 2_000),
    )
    .await;
    shaft.turns_at(30);
    until(&engine, step, |held| matches!(held, Some(HeldStep::OutOfTolerance { .. }))).await;
    shaft.turns_at(0);
    let on_the_way = until(&engine, step, |held| held.is_none()).await;
    let begun_anew =
        |held: &HeldStep| matches!(held, HeldStep::NotLongEnough { held_ms } if *held_ms < 2_000);
    assert!(on_the_way.iter().any(begun_anew), "a shaft that moved again begins anew: {on_the_way:?}");
    engine.handle(tried_out(step, None)).await.unwrap();
    let Some(StepOutcome::TriedOut { shown: Some(shown), second_person_id: None }) =
        outcome(&engine, first).await
    else {
        panic!("the try-out is not recorded with what the plant showed");
    };
    assert!(shown.held_ms >= 5_000 && shown.value.abs() < STANDS_BELOW, "{shown:?}");
    assert_eq!(shown.unit, "1/min");

    let (second, step) = order(&engine, asset_id, guide_id).await;
    until(&engine, step, |held| held.is_none()).await;
    broker.stop();
    let is_in_doubt = |held: &HeldStep| matches!(held, HeldStep::QualityNot { .. } | HeldStep::TooOld { .. });
    until(&engine, step, |held| held.is_some_and(is_in_doubt)).await;
    let alone = engine.handle(tried_out(step, None)).await.unwrap_err();
    assert_eq!(alone.refusal, Some(Refusal::TryOutAlone), "nobody hears the plant: two people are wanted");
    engine.handle(tried_out(step, Some(anna))).await.unwrap();
    let by_hand = StepOutcome::TriedOut { shown: None, second_person_id: Some(anna) };
    assert_eq!(outcome(&engine, second).await, Some(by_hand), "there is always a way on");
    engine.close().await.unwrap();
}
