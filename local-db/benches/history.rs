//! Telemetry into the durable store, beside the schema most apps ship: a SQLite row per sample.
//!
//! The set is the one of the performance notes: 500 series × 4,000 points, 1 s step, two-decimal random walk.
//! Both sides write through the same driver, WAL with `synchronous=FULL`, and count the whole file after a
//! truncating checkpoint.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and fails where it cannot measure"
)]

use std::path::Path;
use std::time::Instant;

use millwright_local_db::{History, StoredSample};
use millwright_model::{Quality, SeriesKey, Value};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};

const START_MS: i64 = 1_795_000_000_000;
const SERIES: usize = 500;
const POINTS: usize = 4_000;
/// One group commit holds a tenth of a second of a busy plant; the peer commits the same number of rows.
const BATCH: usize = 10_000;

struct Walk {
    state: u64,
    values: Vec<i64>,
}

impl Walk {
    fn new() -> Self {
        Self { state: 0x9e37_79b9_7f4a_7c15, values: vec![5_000; SERIES] }
    }

    fn next(&mut self, series: usize) -> f64 {
        // xorshift64: the same set on every machine.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.values[series] += (self.state % 21) as i64 - 10;
        self.values[series] as f64 / 100.0
    }
}

fn points() -> Vec<(usize, i64, f64)> {
    let mut walk = Walk::new();
    let mut points = Vec::with_capacity(SERIES * POINTS);
    for point in 0..POINTS {
        for series in 0..SERIES {
            points.push((series, START_MS + point as i64 * 1_000, walk.next(series)));
        }
    }
    points
}

async fn ours(points: &[(usize, i64, f64)], path: &Path) -> (f64, u64) {
    let history = History::open(path).await.unwrap();
    let keys: Vec<SeriesKey> =
        (0..SERIES).map(|series| SeriesKey(format!("uns:plant/line/machine/tag-{series}"))).collect();
    let started = Instant::now();
    for batch in points.chunks(BATCH) {
        let batch: Vec<(SeriesKey, StoredSample)> = batch
            .iter()
            .map(|(series, at_ms, value)| {
                let value = Some(Value::Float(*value));
                (
                    keys[*series].clone(),
                    StoredSample {
                        at_ms: *at_ms,
                        ordinal: 0,
                        value,
                        quality: Quality::Good,
                        source_time: true,
                    },
                )
            })
            .collect();
        history.commit(&batch).await.unwrap();
    }
    let rate = points.len() as f64 / started.elapsed().as_secs_f64();
    history.close().await.unwrap();
    vacuum(path).await;
    (rate, std::fs::metadata(path).unwrap().len())
}

async fn rows(points: &[(usize, i64, f64)], path: &Path) -> (f64, u64) {
    let mut connection = connect(path).await;
    sqlx::query(
        "create table sample (series integer, ts integer, v real, primary key (series, ts)) without rowid",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let started = Instant::now();
    for batch in points.chunks(BATCH) {
        let mut transaction = connection.begin().await.unwrap();
        for (series, at_ms, value) in batch {
            sqlx::query("insert into sample values (?, ?, ?)")
                .bind(*series as i64)
                .bind(at_ms)
                .bind(value)
                .execute(&mut *transaction)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
    }
    let rate = points.len() as f64 / started.elapsed().as_secs_f64();
    connection.close().await.unwrap();
    vacuum(path).await;
    (rate, std::fs::metadata(path).unwrap().len())
}

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn vacuum(path: &Path) {
    let mut connection = connect(path).await;
    sqlx::query("vacuum").execute(&mut connection).await.unwrap();
    sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// One series for 23 days, all of it sealed: the size of a sample, and trends of spans of every width.
async fn zooms(path: &Path) {
    const SAMPLES: i64 = 2_000_000;
    let history = History::open(path).await.unwrap();
    let key = SeriesKey("uns:plant/line/machine/tag".to_owned());
    let mut walk = Walk::new();
    for first in (0..SAMPLES).step_by(BATCH) {
        let batch: Vec<(SeriesKey, StoredSample)> = (first..first + BATCH as i64)
            .map(|place| {
                let sample = StoredSample {
                    at_ms: START_MS + place * 1_000,
                    ordinal: 0,
                    value: Some(Value::Float(walk.next(0))),
                    quality: Quality::Good,
                    source_time: true,
                };
                (key.clone(), sample)
            })
            .collect();
        history.commit(&batch).await.unwrap();
    }
    history.close().await.unwrap();
    vacuum(path).await;
    let bytes = std::fs::metadata(path).unwrap().len();
    println!(
        "one series of {SAMPLES} samples, sealed with pyramids: {:.3} bytes/sample",
        bytes as f64 / SAMPLES as f64
    );
    let history = History::open(path).await.unwrap();
    for part in [1, 4, 16, 64, 256] {
        let started = Instant::now();
        let to_ms = START_MS + SAMPLES / part * 1_000;
        let trend = history.trend(&key, START_MS, to_ms, 1_000).await.unwrap();
        println!(
            "  {} samples in {} buckets: {:.2} ms",
            trend.samples,
            trend.buckets.len(),
            started.elapsed().as_secs_f64() * 1e3
        );
    }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let points = points();
    let count = points.len() as f64;
    let (rate, bytes) = ours(&points, &folder.path().join("ours.db")).await;
    let (peer_rate, peer_bytes) = rows(&points, &folder.path().join("rows.db")).await;
    println!("history ingest, {count} samples, durable (WAL, synchronous=FULL), group commits of {BATCH}");
    println!("  ours: {:.2} M samples/s, {:.3} bytes/sample", rate / 1e6, bytes as f64 / count);
    println!(
        "  a row per sample: {:.2} M samples/s, {:.3} bytes/sample",
        peer_rate / 1e6,
        peer_bytes as f64 / count
    );
    println!("  ratio: {:.1}x the speed, {:.1}x smaller", rate / peer_rate, peer_bytes as f64 / bytes as f64);
    zooms(&folder.path().join("zooms.db")).await;
}
