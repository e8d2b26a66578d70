//! Last values in memory, what is still to be written to history, and what the window watches.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use millwright_local_db::{Database, StoredSample};
use millwright_model::{
    HeldValues, LiveValue, MessageFault, PlantHeard, RefusedMessage, Sample, SeriesKey, StaleReason,
};
use millwright_plant::Clocks;
use millwright_plant::link::{Acknowledger, MessageReceipt};
use millwright_plant::monitor::{Monitor, MonitorSettings, Recorded};
use millwright_plant::sparkplug::StaleScope;

use tokio::sync::Notify;

use crate::EngineError;
use crate::held::{Held, HeldBatch};
use crate::ports::Clock;

/// So many samples may wait for the disk; what comes beyond is counted as dropped.
const PENDING_MAX: usize = 500_000;

/// The live side of the plant.
pub(crate) struct Live {
    pub(crate) clocks: Clocks,
    monitor: Mutex<Monitor>,
    pending: Mutex<Vec<(SeriesKey, StoredSample)>>,
    held: Mutex<Held>,
    window_full: Notify,
    acknowledger: Mutex<Option<Acknowledger>>,
    watched: Mutex<Watched>,
    dropped: AtomicU64,
    heard: AtomicU64,
    messages_refused: AtomicU64,
    last_refused: Mutex<Option<RefusedMessage>>,
}

#[derive(Default)]
struct Watched {
    series: HashSet<SeriesKey>,
    revision: u64,
}

impl Live {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clocks: Clocks::new(Arc::new(move || clock.now())),
            monitor: Mutex::new(Monitor::new(MonitorSettings::default())),
            pending: Mutex::default(),
            held: Mutex::new(Held::new()),
            window_full: Notify::new(),
            acknowledger: Mutex::default(),
            watched: Mutex::default(),
            dropped: AtomicU64::new(0),
            heard: AtomicU64::new(0),
            messages_refused: AtomicU64::new(0),
            last_refused: Mutex::default(),
        }
    }

    /// Takes up how long each bound tag may be silent.
    pub(crate) async fn load_bindings(&self, database: &Database) -> Result<(), EngineError> {
        let bindings = database.read().await?.tag_bindings().await?;
        let mut monitor = self.monitor.lock().unwrap_or_else(PoisonError::into_inner);
        for binding in bindings {
            monitor.set_silence(&binding.series, u64::try_from(binding.silence_ms).ok());
        }
        Ok(())
    }

    /// Takes samples in: the last value at once, history with the next group commit.
    pub(crate) fn take(&self, samples: Vec<(SeriesKey, Sample)>) {
        let samples = self.show(samples);
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        for stored in samples.into_iter().filter_map(stored) {
            if pending.len() >= PENDING_MAX {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            } else {
                pending.push(stored);
            }
        }
    }

    /// Takes samples in that the broker holds until they are on the disk. Its window bounds how many wait here.
    pub(crate) fn take_held(&self, samples: Vec<(SeriesKey, Sample)>, receipts: Vec<MessageReceipt>) {
        let samples = self.show(samples).into_iter().filter_map(stored).collect();
        if self.held().take(HeldBatch { samples, receipts }) {
            self.window_full.notify_one();
        }
    }

    /// Makes them the last values; returns those of tags that are kept.
    fn show(&self, mut samples: Vec<(SeriesKey, Sample)>) -> Vec<(SeriesKey, Sample)> {
        let moment = self.clocks.read();
        let mut monitor = self.monitor.lock().unwrap_or_else(PoisonError::into_inner);
        let mut refused = None;
        samples.retain(|(series, sample)| {
            let is_kept = monitor.record(series, sample, moment) != Recorded::Refused;
            if !is_kept && refused.is_none() {
                refused = Some(series.0.clone());
            }
            is_kept
        });
        let limit = monitor.series_max() as u64;
        drop(monitor);
        self.heard.fetch_add(samples.len() as u64, Ordering::Relaxed);
        if let Some(topic) = refused {
            self.note_refused(topic, MessageFault::TooManyTags { limit });
        }
        samples
    }

    /// Counts messages that could not be read or were too large, and remembers the last one.
    pub(crate) fn count_refused(&self, count: u64, topic: String, fault: MessageFault) {
        self.messages_refused.fetch_add(count, Ordering::Relaxed);
        self.note_refused(topic, fault);
    }

    fn note_refused(&self, topic: String, fault: MessageFault) {
        let last = RefusedMessage { at: self.clocks.read().wall, topic, fault };
        *self.last_refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    }

    /// What was heard of the plant, and what of it was refused.
    pub(crate) fn plant_heard(&self) -> PlantHeard {
        PlantHeard {
            values: self.heard.load(Ordering::Relaxed),
            messages_refused: self.messages_refused.load(Ordering::Relaxed),
            last_refused: self.last_refused.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// From now on at most so many tags are kept; those that are there stay.
    pub(crate) fn keep_at_most(&self, tags_max: usize) {
        self.monitor.lock().unwrap_or_else(PoisonError::into_inner).keep_at_most(tags_max);
    }

    /// The first tag that was refused.
    pub(crate) fn first_refused(&self) -> Option<SeriesKey> {
        self.monitor.lock().unwrap_or_else(PoisonError::into_inner).first_refused().cloned()
    }

    pub(crate) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn held_values(&self) -> HeldValues {
        self.held().values()
    }

    /// Waits until the broker has handed over all it will before it hears from us.
    pub(crate) async fn window_is_full(&self) {
        self.window_full.notified().await;
    }

    /// From now on receipts go to this link; `window` is what its broker was told.
    pub(crate) fn acknowledge_through(&self, acknowledger: Option<Acknowledger>, window: Option<u16>) {
        self.held().set_window(window);
        *self.acknowledger.lock().unwrap_or_else(PoisonError::into_inner) = acknowledger;
    }

    /// Tells the broker that these messages are on the disk.
    pub(crate) fn acknowledge(&self, receipts: Vec<MessageReceipt>) {
        let acknowledger = self.acknowledger.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(acknowledger) = acknowledger.as_ref().filter(|_| !receipts.is_empty()) {
            acknowledger.acknowledge(receipts);
        }
    }

    /// Everything that waits for the disk.
    pub(crate) fn take_pending(&self) -> Vec<(SeriesKey, StoredSample)> {
        std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts samples that were given up.
    pub(crate) fn count_dropped(&self, count: u64) {
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Values of series beyond the most that are kept.
    pub(crate) fn refused(&self) -> u64 {
        self.monitor.lock().unwrap_or_else(PoisonError::into_inner).refused()
    }

    pub(crate) fn mark_stale(&self, scope: &StaleScope, reason: StaleReason) {
        self.monitor.lock().unwrap_or_else(PoisonError::into_inner).mark_stale(scope, reason);
    }

    /// Finds the series that fell silent.
    pub(crate) fn sweep(&self) {
        let moment = self.clocks.read();
        self.monitor.lock().unwrap_or_else(PoisonError::into_inner).sweep(moment);
    }

    pub(crate) fn get(&self, series: &SeriesKey) -> Option<LiveValue> {
        let moment = self.clocks.read();
        self.monitor.lock().unwrap_or_else(PoisonError::into_inner).get(series, moment)
    }

    pub(crate) fn all(&self) -> Vec<LiveValue> {
        let moment = self.clocks.read();
        self.monitor.lock().unwrap_or_else(PoisonError::into_inner).snapshot(moment).0
    }

    /// From now on only changes of `series` are told.
    pub(crate) fn watch(&self, series: Vec<SeriesKey>) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.series = series.into_iter().collect();
    }

    /// What changed of the watched series since the last call, newest value of each.
    pub(crate) fn watched_changes(&self) -> Vec<LiveValue> {
        let moment = self.clocks.read();
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let monitor = self.monitor.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut changes, revision) = monitor.changes_since(watched.revision, moment);
        watched.revision = revision;
        changes.retain(|value| watched.series.contains(&value.series));
        changes
    }
}

/// A sample as history keeps it. A retained value without a time of its own has no known age: it is shown, never
/// stored.
fn stored((series, sample): (SeriesKey, Sample)) -> Option<(SeriesKey, StoredSample)> {
    let source_time = sample.source_at.is_some();
    if sample.retained && !source_time {
        return None;
    }
    let at_ms = sample.at().0;
    let Sample { ordinal, value, quality, .. } = sample;
    Some((series, StoredSample { at_ms, ordinal, value, quality, source_time }))
}

#[cfg(test)]
mod tests {
    use millwright_model::{Quality, TimestampMs, Value};

    use super::*;
    use crate::ports::SystemClock;

    fn value(series: &str) -> (SeriesKey, Sample) {
        let sample = Sample {
            source_at: None,
            received_at: TimestampMs(1_795_400_000_000),
            ordinal: 0,
            value: Some(Value::Int(1)),
            quality: Quality::Good,
            retained: false,
            historical: false,
        };
        (SeriesKey(series.to_owned()), sample)
    }

    #[test]
    fn what_was_heard_and_refused_is_counted_and_the_last_is_named() {
        let live = Live::new(Arc::new(SystemClock));
        live.keep_at_most(2);
        live.take(vec![value("a"), value("b"), value("c"), value("a")]);
        let heard = live.plant_heard();
        assert_eq!((heard.values, heard.messages_refused, live.refused()), (3, 0, 1));
        let last = heard.last_refused.unwrap();
        assert_eq!((last.topic.as_str(), last.fault), ("c", MessageFault::TooManyTags { limit: 2 }));
        live.count_refused(5, "umh/#".to_owned(), MessageFault::LeftOut { bytes: 99 });
        let heard = live.plant_heard();
        assert_eq!((heard.values, heard.messages_refused), (3, 5));
        assert_eq!(heard.last_refused.unwrap().topic, "umh/#");
    }
}
