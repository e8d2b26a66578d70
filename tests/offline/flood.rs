//! A plant at full speed: twelve machines with fifty tags each, ten values a second each, none lost.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use millwright_engine::{Engine, Handle, KeySource, NoShell, OpenOptions, Ports};
use millwright_model::*;

use crate::mosquitto::{MACHINES, PER_SECOND, TAGS, broker, connection, publish, series};

/// An engine in a new directory whose link is up.
pub async fn engine_at(folder: &Path, connection: &PlantConnection) -> Engine {
    let options = OpenOptions {
        path: folder.join("data"),
        face: "test".into(),
        key_source: KeySource::Given([3; 32]),
        demo_program: None,
        connect: true,
        erp: None,
        ledger: None,
    };
    let engine = Engine::open(options, Ports::real(Arc::new(NoShell))).await.unwrap();
    engine.handle(PlantStart { plant_name: "Tests".into() }).await.unwrap();
    let connection = Some(connection.clone());
    engine.handle(PlantConnectionSave { connection, password: None, client_key_pem: None }).await.unwrap();
    while !matches!(engine.handle(AppStatus {}).await.unwrap().sync.plant, LinkState::Up { .. }) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    engine
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_thousand_values_a_second_are_kept_and_none_is_lost() {
    let seconds = if std::env::var_os("MILLWRIGHT_LONG").is_some() { 60 } else { 20 };
    let rounds = seconds * PER_SECOND;
    let broker = broker().await;
    let folder = tempfile::tempdir().unwrap();
    let engine = engine_at(folder.path(), &connection(broker.port)).await;
    let start_ms = engine.handle(AppStatus {}).await.unwrap().now.0 - 1_000_000;
    publish(broker.port, rounds, start_ms).await;
    let wanted = rounds * (MACHINES * TAGS) as u64 + 1;
    let mut waited = 0;
    while engine.history_statistics().await.kept < wanted && waited < 600 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        waited += 1;
    }
    let status = engine.handle(AppStatus {}).await.unwrap().sync;
    assert_eq!(status.samples_dropped, 0, "nothing gave way");
    for machine in 0..MACHINES {
        for tag in 0..TAGS {
            let key = SeriesKey(format!("uns:{}", series(machine, tag)));
            let trend = engine
                .handle(TagHistory {
                    series: key.clone(),
                    from: TimestampMs(start_ms),
                    to: TimestampMs(start_ms + rounds as i64),
                    buckets: rounds as u32,
                })
                .await
                .unwrap();
            let values: Vec<i64> = trend.buckets.iter().map(|bucket| bucket.min as i64).collect();
            assert_eq!(values, (0..rounds as i64).collect::<Vec<_>>(), "{key}: every number once, no gap");
        }
    }
    engine.close().await.unwrap();
}
