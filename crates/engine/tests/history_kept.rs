//! How long values are kept: what the settings may say, and that the engine does what they say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use common::*;
use millwright_engine::Handle as _;
use millwright_local_db::{Forgotten, History, StoredSample};
use millwright_model::*;

const DAY_MS: i64 = 86_400_000;
/// A full chunk.
const SAMPLES: i64 = 4_096;

fn keep(bound_days: u32, other_days: u32, size_max_gib: u32) -> SettingsSave {
    let history = HistoryKept { bound_days, other_days, size_max_gib };
    SettingsSave { settings: Settings { history, ..Settings::default() } }
}

/// The engine again, with a sealed chunk of each series that begins so many days ago.
async fn with_values_of(world: World, days_ago: i64, names: &[&str]) -> World {
    let World { folder, clock, shell, erp, engine } = world;
    drop(engine);
    let history = History::open(&folder.path().join("history.db")).await.unwrap();
    for name in names {
        let batch: Vec<(SeriesKey, StoredSample)> = (0..SAMPLES)
            .map(|place| {
                let sample = StoredSample {
                    at_ms: MORNING.0 - days_ago * DAY_MS + place,
                    ordinal: 0,
                    value: Some(Value::Float(place as f64)),
                    quality: Quality::Good,
                    source_time: true,
                };
                (SeriesKey((*name).to_owned()), sample)
            })
            .collect();
        history.commit(&batch).await.unwrap();
    }
    history.close().await.unwrap();
    let engine = open(folder.path(), &clock, &shell, &erp, [7; 32]).await;
    World { folder, clock, shell, erp, engine }
}

async fn bind(world: &World, series: &str) {
    let asset_id = world.asset("P-101A").await;
    let binding = TagBinding {
        tag_binding_id: TagBindingId::default(),
        asset_id,
        series: SeriesKey(series.to_owned()),
        name: "Vibration".into(),
        unit: "mm/s".into(),
        usual_low: None,
        usual_high: None,
        limit_low: None,
        limit_high: None,
        silence_ms: 10_000,
        position: 0,
    };
    let people = world.engine.handle(PersonList {}).await.unwrap();
    world.engine.handle(PersonPick { person_id: Some(people[0].person_id) }).await.unwrap();
    world.engine.handle(TagBindingSave { binding }).await.unwrap();
}

#[tokio::test]
async fn no_days_too_many_days_and_no_room_are_refused() {
    let world = World::new().await;
    for refused in [keep(0, 1, 1), keep(1, 40_000, 1), keep(1, 1, 0)] {
        assert_eq!(world.engine.handle(refused).await.unwrap_err().code, Code::Invalid);
    }
    let kept = world.engine.handle(SettingsShow {}).await.unwrap().history;
    assert_eq!(kept, HistoryKept::default(), "nothing was changed");
}

#[tokio::test]
async fn tags_of_machines_stay_longer_than_what_is_only_heard() {
    let world = with_values_of(World::new().await, 200, &["uns:bound", "uns:heard"]).await;
    bind(&world, "uns:bound").await;
    world.engine.handle(keep(730, 90, 20)).await.unwrap();
    let forgotten = world.engine.let_go_of_old_values().await.unwrap();
    assert_eq!(forgotten, Forgotten { by_age: SAMPLES, by_size: 0 });
    world.engine.handle(keep(180, 90, 20)).await.unwrap();
    let forgotten = world.engine.let_go_of_old_values().await.unwrap();
    assert_eq!(forgotten, Forgotten { by_age: SAMPLES, by_size: 0 }, "and now its own time is over");
}
