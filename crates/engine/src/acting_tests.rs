//! Silent tags: who is told of, how often, and that a rebuild knows them too.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use millwright_local_db::StoredSample;
use millwright_model::*;
use millwright_plant::sparkplug::StaleScope;

use super::*;
use crate::ports::{Clock, NoShell, Ports, RandomMint};
use crate::{Engine, Handle, KeySource, OpenOptions};

const NOON: i64 = 1_795_435_200_000;
const MINUTE: i64 = 60_000;

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(self.0.load(Ordering::SeqCst))
    }
}

/// An engine with a machine, one tag on it and a value of now.
async fn world() -> (tempfile::TempDir, Arc<TestClock>, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(NOON)));
    let options = OpenOptions {
        path: folder.path().to_owned(),
        face: "test".into(),
        key_source: KeySource::Given([7; 32]),
        demo_program: None,
        connect: false,
        erp: None,
        ledger: None,
    };
    let ports = Ports { clock: clock.clone(), mint: Arc::new(RandomMint), shell: Arc::new(NoShell) };
    let engine = Engine::open(options, ports).await.unwrap();
    let add = PersonAdd { name: "Anna".into(), erp_number: None, language: "en".into() };
    let person_id = Some(engine.handle(add).await.unwrap());
    engine.handle(PersonPick { person_id }).await.unwrap();
    let csv = "code,name,level,parent\nP-101A,Pump,machine,\n".to_owned();
    engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
    let asset_id = engine.handle(AssetTree {}).await.unwrap()[0].asset.asset_id;
    let binding = TagBinding {
        tag_binding_id: TagBindingId::default(),
        asset_id,
        series: series(),
        name: "Vibration".into(),
        unit: "mm/s".into(),
        usual_low: None,
        usual_high: None,
        limit_low: None,
        limit_high: None,
        silence_ms: 10_000,
        position: 0,
    };
    engine.handle(TagBindingSave { binding }).await.unwrap();
    engine.inner.live.take(vec![(series(), sample(NOON))]);
    (folder, clock, engine)
}

fn series() -> SeriesKey {
    SeriesKey("uns:a/vibration".into())
}

fn sample(at: i64) -> Sample {
    Sample {
        source_at: Some(TimestampMs(at)),
        received_at: TimestampMs(at),
        ordinal: 0,
        value: Some(Value::Float(2.0)),
        quality: Quality::Good,
        retained: false,
        historical: false,
    }
}

fn falls(engine: &Engine, reason: StaleReason) {
    engine.inner.live.mark_stale(&StaleScope::Namespace, reason);
}

async fn told(engine: &Engine) -> Vec<ShiftHappening> {
    let view = engine.handle(ShiftShow { at: None }).await.unwrap();
    view.groups.into_iter().flat_map(|group| group.lines).map(|line| line.item.happening).collect()
}

#[tokio::test]
async fn a_silent_tag_is_told_once_a_shift_and_by_its_machine() {
    let (_folder, clock, engine) = world().await;
    falls(&engine, StaleReason::Death);
    act(&engine.inner).await.unwrap();
    assert!(told(&engine).await.is_empty(), "a moment of silence is no news");
    clock.0.store(NOON + 10 * MINUTE, Ordering::SeqCst);
    for _ in 0..3 {
        act(&engine.inner).await.unwrap();
    }
    let line = ShiftHappening::TagStale { tag: "Vibration".into(), since: TimestampMs(NOON) };
    assert_eq!(told(&engine).await, std::slice::from_ref(&line));
    let view = engine.handle(ShiftShow { at: None }).await.unwrap();
    assert_eq!(view.groups[0].asset_code.as_deref(), Some("P-101A"));
    clock.0.store(NOON + 5 * 60 * MINUTE, Ordering::SeqCst);
    assert!(told(&engine).await.is_empty(), "the next shift has begun");
    act(&engine.inner).await.unwrap();
    assert_eq!(told(&engine).await, [line], "it is still silent, and the next shift hears of it");
}

#[tokio::test]
async fn a_lost_link_and_a_tag_that_speaks_are_told_of_nobody() {
    let (_folder, clock, engine) = world().await;
    clock.0.store(NOON + 30 * MINUTE, Ordering::SeqCst);
    falls(&engine, StaleReason::LinkLost);
    act(&engine.inner).await.unwrap();
    assert!(told(&engine).await.is_empty());
    engine.inner.live.take(vec![(series(), sample(NOON + 30 * MINUTE))]);
    act(&engine.inner).await.unwrap();
    assert!(told(&engine).await.is_empty());
}

#[tokio::test]
async fn a_rebuild_knows_the_automatic_lines_and_does_not_repeat_them() {
    let (_folder, clock, engine) = world().await;
    falls(&engine, StaleReason::Death);
    clock.0.store(NOON + 15 * MINUTE, Ordering::SeqCst);
    act(&engine.inner).await.unwrap();
    let before = engine.database().read().await.unwrap().dump().await.unwrap();
    engine.database().rebuild().await.unwrap();
    assert_eq!(engine.database().read().await.unwrap().dump().await.unwrap(), before);
    act(&engine.inner).await.unwrap();
    assert_eq!(engine.database().read().await.unwrap().dump().await.unwrap(), before);
}

async fn signpost(engine: &Engine, side: SignpostSide, threshold: f64, holds_ms: i64) -> ScenarioId {
    let create = ScenarioCreate {
        name: None,
        language: "en".into(),
        template: Some("key-supplier".into()),
        text: None,
    };
    let scenario_id = engine.handle(create).await.unwrap();
    let asset_id = engine.handle(AssetTree {}).await.unwrap()[0].asset.asset_id;
    let tag = engine.handle(AssetShow { asset_id }).await.unwrap().tags.remove(0).binding;
    let save = SignpostSave {
        signpost_id: None,
        scenario_id,
        name: "The pump runs rough".into(),
        tag_binding_id: tag.tag_binding_id,
        side,
        threshold,
        holds_ms,
    };
    engine.handle(save).await.unwrap();
    scenario_id
}

async fn crossings(engine: &Engine) -> usize {
    let listed = engine.handle(ScenarioList {}).await.unwrap();
    listed.iter().map(|overview| overview.crossed_count as usize).sum()
}

/// What the historian would have written: the values of a tag, minute by minute until `until`.
async fn history(engine: &Engine, until: i64, values: &[f64]) {
    let stored = |(before, value): (usize, &f64)| {
        let at_ms = until - before as i64 * MINUTE;
        let sample = StoredSample {
            at_ms,
            ordinal: 0,
            value: Some(Value::Float(*value)),
            quality: Quality::Good,
            source_time: true,
        };
        (series(), sample)
    };
    let stored: Vec<_> = values.iter().rev().enumerate().map(stored).rev().collect();
    engine.inner.history.commit(&stored).await.unwrap();
}

#[tokio::test]
async fn a_crossed_signpost_raises_its_scenario_once_until_somebody_has_looked() {
    let (_folder, _clock, engine) = world().await;
    let scenario_id = signpost(&engine, SignpostSide::Above, 1.5, 0).await;
    for _ in 0..3 {
        act(&engine.inner).await.unwrap();
    }
    assert_eq!(crossings(&engine).await, 1);
    let today = engine.handle(TodayShow {}).await.unwrap();
    let raised = today.exceptions.iter().any(|exception| {
        matches!(exception, TodayException::SignpostCrossed { scenario, .. } if scenario.scenario_id == scenario_id)
    });
    assert!(raised, "{:?}", today.exceptions);
    let view = engine.handle(ScenarioShow { scenario_id }).await.unwrap();
    let crossing = view.signposts[0].crossing.clone().unwrap();
    assert_eq!(crossing.value, 2.0);
    let signpost_crossing_id = crossing.signpost_crossing_id;
    engine.handle(SignpostCrossingSeen { signpost_crossing_id }).await.unwrap();
    act(&engine.inner).await.unwrap();
    assert_eq!(crossings(&engine).await, 0, "it is beyond still, and that was seen");
}

#[tokio::test]
async fn a_signpost_that_was_on_the_safe_side_again_is_crossed_anew() {
    let (_folder, clock, engine) = world().await;
    let scenario_id = signpost(&engine, SignpostSide::Above, 1.5, 0).await;
    act(&engine.inner).await.unwrap();
    let view = engine.handle(ScenarioShow { scenario_id }).await.unwrap();
    let signpost_crossing_id = view.signposts[0].crossing.clone().unwrap().signpost_crossing_id;
    engine.handle(SignpostCrossingSeen { signpost_crossing_id }).await.unwrap();
    let later = NOON + 10 * MINUTE;
    clock.0.store(later, Ordering::SeqCst);
    history(&engine, later, &[2.0, 1.0, 2.0]).await;
    engine.inner.live.take(vec![(series(), sample(later))]);
    act(&engine.inner).await.unwrap();
    assert_eq!(crossings(&engine).await, 1);
}

#[tokio::test]
async fn a_signpost_that_wants_time_is_not_crossed_by_a_moment() {
    let (_folder, clock, engine) = world().await;
    signpost(&engine, SignpostSide::Above, 1.5, 4 * MINUTE).await;
    act(&engine.inner).await.unwrap();
    assert_eq!(crossings(&engine).await, 0, "nothing is known of the minutes before");
    let later = NOON + 30 * MINUTE;
    clock.0.store(later, Ordering::SeqCst);
    engine.inner.live.take(vec![(series(), sample(later))]);
    history(&engine, later, &[2.0, 2.0, 1.0, 2.0, 2.0]).await;
    act(&engine.inner).await.unwrap();
    assert_eq!(crossings(&engine).await, 0, "it was on the safe side in between");
    let later = NOON + 60 * MINUTE;
    clock.0.store(later, Ordering::SeqCst);
    engine.inner.live.take(vec![(series(), sample(later))]);
    history(&engine, later, &[2.0, 2.0, 2.0, 2.0, 2.0]).await;
    act(&engine.inner).await.unwrap();
    assert_eq!(crossings(&engine).await, 1);
}

#[tokio::test]
async fn a_stale_value_crosses_nothing() {
    let (_folder, _clock, engine) = world().await;
    signpost(&engine, SignpostSide::Below, 3.0, 0).await;
    falls(&engine, StaleReason::LinkLost);
    act(&engine.inner).await.unwrap();
    assert_eq!(crossings(&engine).await, 0);
}
