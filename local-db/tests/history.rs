//! The history of telemetry as its callers see it: durable, without repeats, without lost spikes.

mod common;

use common::Store;
use millwright_local_db::{History, StoredSample};
use millwright_model::{Quality, SeriesKey, Value};

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
