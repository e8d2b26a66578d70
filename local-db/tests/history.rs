//! The history of telemetry as its callers see it: durable, without repeats, without lost spikes.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod common;

use common::Store;
use millwright_local_db::{Forgotten, History, RETENTION_STEP_MS, Retention, StoredSample};
use millwright_model::{Quality, SeriesKey, TimestampMs, TrendView, Value};
use sqlx::{Connection, SqliteConnection};

fn series(name: &str) -> SeriesKey {
    SeriesKey(format!("uns:{name}"))
}

fn sample(at_ms: i64, value: f64) -> StoredSample {
    StoredSample {
        at_ms,
        ordinal: 0,
        value: Some(Value::Float(value)),
        quality: Quality::Good,
        source_time: true,
    }
}

fn batch(name: &str, from: i64, count: i64) -> Vec<(SeriesKey, StoredSample)> {
    (from..from + count).map(|at_ms| (series(name), sample(at_ms, at_ms as f64))).collect()
}

#[tokio::test]
async fn what_was_committed_is_there_when_the_process_ended_without_a_word() {
    let store = Store::new().await;
    store.history.commit(&batch("a", 0, 10)).await.unwrap();
    // Not closed, not folded: a second opening reads the journal as a start after `kill -9` does.
    let again = History::open(&store.directory.history_path()).await.unwrap();
    assert_eq!(again.samples(&series("a"), 0, 100, 1_000).await.unwrap().len(), 10);
}

#[tokio::test]
async fn full_heads_are_sealed_and_nothing_is_lost_or_doubled() {
    let store = Store::new().await;
    for part in 0..10 {
        store.history.commit(&batch("a", part * 1_000, 1_000)).await.unwrap();
    }
    store.history.checkpoint().await.unwrap();
    assert!(store.history.statistics().await.chunks_sealed >= 2);
    let samples = store.history.samples(&series("a"), 0, 10_000, 20_000).await.unwrap();
    assert_eq!(samples.len(), 10_000);
    assert!(samples.windows(2).all(|pair| pair[0].at_ms < pair[1].at_ms), "in time order, each once");
    let again = History::open(&store.directory.history_path()).await.unwrap();
    assert_eq!(again.samples(&series("a"), 0, 10_000, 20_000).await.unwrap(), samples);
}

#[tokio::test]
async fn a_repeat_of_a_sample_is_kept_once() {
    let store = Store::new().await;
    store.history.commit(&batch("a", 0, 10)).await.unwrap();
    store.history.commit(&batch("a", 0, 10)).await.unwrap();
    assert_eq!(store.history.statistics().await.duplicates, 10);
    assert_eq!(store.history.samples(&series("a"), 0, 100, 1_000).await.unwrap().len(), 10);
}

#[tokio::test]
async fn a_trend_keeps_every_spike_whatever_its_width() {
    let store = Store::new().await;
    let mut all = batch("a", 0, 20_000);
    for (_, kept) in &mut all {
        kept.value = Some(Value::Float(1.0));
    }
    all[12_345].1.value = Some(Value::Float(99.0));
    store.history.commit(&all).await.unwrap();
    store.history.checkpoint().await.unwrap();
    for buckets in [1, 3, 7, 100, 5_000] {
        let trend = store.history.trend(&series("a"), 0, 20_000, buckets).await.unwrap();
        let max = trend.buckets.iter().map(|bucket| bucket.max).fold(f64::MIN, f64::max);
        assert_eq!(max, 99.0, "{buckets} buckets");
        assert_eq!(trend.buckets.iter().map(|bucket| bucket.count).sum::<u64>(), 20_000, "{buckets} buckets");
        assert!(trend.buckets.len() <= buckets as usize, "{buckets} buckets");
    }
}

#[tokio::test]
async fn a_gap_is_a_gap_and_bad_values_are_not_drawn() {
    let store = Store::new().await;
    let mut all = batch("a", 0, 10);
    all.extend(batch("a", 90, 10));
    all[3].1.quality = Quality::Bad;
    all[4].1.value = None;
    store.history.commit(&all).await.unwrap();
    let trend = store.history.trend(&series("a"), 0, 100, 10).await.unwrap();
    assert_eq!(trend.buckets.len(), 2, "only the moments with values");
    assert_eq!(trend.buckets[0].count, 8);
}

#[tokio::test]
async fn an_unknown_series_has_no_history() {
    let store = Store::new().await;
    assert!(store.history.trend(&series("nobody"), 0, 100, 10).await.unwrap().buckets.is_empty());
}

/// What a trend must say, from all samples.
fn told(samples: &[(SeriesKey, StoredSample)], trend: &TrendView) {
    let numbers = || samples.iter().filter_map(|(_, sample)| sample.value.as_ref().and_then(Value::as_f64));
    let min = trend.buckets.iter().map(|bucket| bucket.min).fold(f64::MAX, f64::min);
    let max = trend.buckets.iter().map(|bucket| bucket.max).fold(f64::MIN, f64::max);
    let sum: f64 = trend.buckets.iter().map(|bucket| bucket.mean * bucket.count as f64).sum();
    assert_eq!((min, max), (numbers().fold(f64::MAX, f64::min), numbers().fold(f64::MIN, f64::max)));
    assert!((sum - numbers().sum::<f64>()).abs() < 1e-6 * sum.abs(), "{sum}");
    assert_eq!(trend.buckets.iter().map(|bucket| bucket.count).sum::<u64>(), samples.len() as u64);
}

#[tokio::test]
async fn every_zoom_says_the_same_as_all_samples_do() {
    let store = Store::new().await;
    let mut all = batch("a", 0, 50_000);
    for (place, (_, kept)) in all.iter_mut().enumerate() {
        // Times with gaps of many widths, values with spikes.
        kept.at_ms = (place * place / 16) as i64;
        kept.value = Some(Value::Float(((place * 7_919) % 1_000) as f64 + 0.25));
    }
    all.dedup_by_key(|(_, kept)| kept.at_ms);
    store.history.commit(&all).await.unwrap();
    store.history.checkpoint().await.unwrap();
    let last_ms = all.last().unwrap().1.at_ms;
    for buckets in [1, 2, 10, 100, 1_000, 10_000] {
        told(&all, &store.history.trend(&series("a"), 0, last_ms + 1, buckets).await.unwrap());
        let (from, to) = (last_ms / 3, last_ms / 2);
        let part: Vec<_> =
            all.iter().filter(|(_, kept)| kept.at_ms >= from && kept.at_ms < to).cloned().collect();
        told(&part, &store.history.trend(&series("a"), from, to, buckets).await.unwrap());
    }
}

#[tokio::test]
async fn a_short_span_of_a_bucket_lies_in_it_or_its_neighbour_and_never_further() {
    let store = Store::new().await;
    let mut all = batch("a", 0, 40_000);
    for (_, kept) in &mut all {
        kept.value = Some(Value::Float(0.0));
    }
    all[20_000].1.value = Some(Value::Float(9.0));
    store.history.commit(&all).await.unwrap();
    store.history.checkpoint().await.unwrap();
    for buckets in [4, 40, 77, 400] {
        let trend = store.history.trend(&series("a"), 0, 40_000, buckets).await.unwrap();
        let spike = trend.buckets.iter().find(|bucket| bucket.max == 9.0).unwrap();
        let middle = spike.at.0 + trend.bucket_ms / 2;
        let allowed = trend.bucket_ms / 2 + trend.bucket_ms / 8;
        assert!((middle - 20_000).abs() <= allowed, "{buckets} buckets: at {middle}");
    }
}

#[tokio::test]
async fn a_record_of_the_journal_that_the_disk_spoiled_is_passed_over_and_counted() {
    let store = Store::new().await;
    for part in 0..3 {
        store.history.commit(&batch("a", part * 10, 10)).await.unwrap();
    }
    let path = store.directory.history_path();
    let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    sqlx::query("update journal set bytes = zeroblob(40) where journal_id = 2")
        .execute(&mut connection)
        .await
        .unwrap();
    let again = History::open(&path).await.unwrap();
    assert_eq!(again.samples(&series("a"), 0, 100, 1_000).await.unwrap().len(), 20);
    assert_eq!(again.statistics().await.damaged_records, 1);
}

/// Two samples as the first releases sealed them, in hex: times 3 and 4, and 1 and 2, values 1.5, good.
const FIRST_HEAD: &str = "011c00000070636f2103008104010401000000100018000000000000000c0002001700000070636f2103008104010101\
    0000001000080100000000001b00000070636f21030081040106010000001000000000000000c0ff0500000a00000070636f21030000040100\
    020000005b5d";
const FIRST_CHUNK: &str = "011c00000070636f2103008104010401000000100008000000000000000c0002001700000070636f21030081040101\
    010000001000080100000000001b00000070636f21030081040106010000001000000000000000c0ff0500000a00000070636f210300000401\
    00020000005b5d";

/// The tables of the first releases.
const FIRST_SCHEMA: &str = "
create table series (series_id integer primary key, key text not null unique) strict;
create table journal (journal_id integer primary key autoincrement, bytes blob not null) strict;
create table head (series_id integer primary key references series (series_id), bytes blob not null) strict;
create table chunk (
    chunk_id integer primary key, series_id integer not null references series (series_id),
    first_ms integer not null, last_ms integer not null, count integer not null,
    number_min real, number_max real, number_sum real, number_count integer not null, bytes blob not null
) strict;
create index chunk_span on chunk (series_id, last_ms, first_ms);
pragma application_id = 0x4d574849;
pragma user_version = 1;
";

#[tokio::test]
async fn a_file_of_the_first_releases_is_taken_up_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let address = format!("sqlite://{}?mode=rwc", path.display());
    let mut connection = SqliteConnection::connect(&address).await.unwrap();
    sqlx::raw_sql(FIRST_SCHEMA).execute(&mut connection).await.unwrap();
    sqlx::query("insert into series values (7, 'uns:a')").execute(&mut connection).await.unwrap();
    for (table, bytes) in [("head", FIRST_HEAD), ("chunk", FIRST_CHUNK)] {
        let question = match table {
            "head" => "insert into head values (7, ?)",
            _ => "insert into chunk values (1, 7, 1, 2, 2, 1.5, 1.5, 3.0, 2, ?)",
        };
        let bytes: Vec<u8> = (0..bytes.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&bytes[at..at + 2], 16).unwrap())
            .collect();
        sqlx::query(question).bind(bytes).execute(&mut connection).await.unwrap();
    }
    let json = r#"[[7,[{"t":5,"v":{"kind":"float","value":1.5},"q":"good","s":true}]]]"#;
    sqlx::query("insert into journal (bytes) values (cast(? as blob))")
        .bind(json)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    for _ in 0..2 {
        let history = History::open(&path).await.unwrap();
        let samples = history.samples(&series("a"), 0, 100, 1_000).await.unwrap();
        assert_eq!(samples.iter().map(|kept| kept.at_ms).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert!(samples.iter().all(|kept| kept.value == Some(Value::Float(1.5))));
        let trend = history.trend(&series("a"), 0, 100, 100).await.unwrap();
        assert_eq!(trend.buckets.len(), 5);
        history.close().await.unwrap();
    }
}

/// A series with a full chunk a day for ten days, sealed.
async fn ten_days(store: &Store, name: &str) {
    for day in 0..10 {
        let mut batch = batch(name, day * RETENTION_STEP_MS, 4_096);
        for (_, sample) in &mut batch {
            // Numbers without a pattern: each chunk fills pages of its own.
            let number = sample.at_ms.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64) >> 11;
            sample.value = Some(Value::Float(number as f64));
        }
        store.history.commit(&batch).await.unwrap();
    }
    store.history.checkpoint().await.unwrap();
}

async fn days_left(store: &Store, name: &str) -> Vec<i64> {
    let samples = store.history.samples(&series(name), 0, 20 * RETENTION_STEP_MS, 1_000_000).await.unwrap();
    let mut days: Vec<i64> = samples.iter().map(|sample| sample.at_ms / RETENTION_STEP_MS).collect();
    days.dedup();
    days
}

const FOR_EVER: TimestampMs = TimestampMs(i64::MIN);

#[tokio::test]
async fn each_class_of_series_is_kept_for_its_own_time() {
    let store = Store::new().await;
    ten_days(&store, "bound").await;
    ten_days(&store, "other").await;
    let retention = Retention {
        bound_before: TimestampMs(2 * RETENTION_STEP_MS),
        other_before: TimestampMs(5 * RETENTION_STEP_MS),
        bytes_max: i64::MAX,
    };
    let mut gone = 0;
    for _call in 0..6 {
        gone += store.history.let_go(retention, &[series("bound")]).await.unwrap().by_age;
    }
    assert_eq!(days_left(&store, "bound").await, [2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(days_left(&store, "other").await, [5, 6, 7, 8, 9]);
    assert_eq!(gone, 7 * 4_096);
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_costs_a_day_and_not_all_of_history() {
    let store = Store::new().await;
    ten_days(&store, "a").await;
    let in_2100 = TimestampMs(4_102_444_800_000);
    let retention = Retention { bound_before: in_2100, other_before: in_2100, bytes_max: i64::MAX };
    store.history.let_go(retention, &[]).await.unwrap();
    assert_eq!(days_left(&store, "a").await, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[tokio::test]
async fn beyond_the_size_the_oldest_of_unbound_series_goes_first() {
    let store = Store::new().await;
    ten_days(&store, "bound").await;
    ten_days(&store, "other").await;
    let keep = |bytes_max| Retention { bound_before: FOR_EVER, other_before: FOR_EVER, bytes_max };
    let used = store.history.used_bytes().await.unwrap();
    let forgotten = store.history.let_go(keep(used), &[series("bound")]).await.unwrap();
    assert_eq!(forgotten, Forgotten::default(), "there is room for all of it");
    let forgotten = store.history.let_go(keep(used - 1), &[series("bound")]).await.unwrap();
    assert_eq!(forgotten, Forgotten { by_age: 0, by_size: 10 * 4_096 });
    assert_eq!(days_left(&store, "bound").await.len(), 10);
    assert!(days_left(&store, "other").await.is_empty());
}

#[tokio::test]
async fn what_is_not_sealed_yet_stays_whatever_its_age() {
    let store = Store::new().await;
    store.history.commit(&batch("a", 0, 10)).await.unwrap();
    let now = TimestampMs(100 * RETENTION_STEP_MS);
    let retention = Retention { bound_before: now, other_before: now, bytes_max: 0 };
    store.history.let_go(retention, &[]).await.unwrap();
    assert_eq!(store.history.samples(&series("a"), 0, 100, 100).await.unwrap().len(), 10);
}
