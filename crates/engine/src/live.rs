//! Last values in memory, what is still to be written to history, and what the window watches.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use millwright_local_db::{Database, StoredSample};
use millwright_model::{LiveValue, Sample, SeriesKey, StaleReason};
use millwright_plant::Clocks;
use millwright_plant::monitor::{Monitor, MonitorSettings};
use millwright_plant::sparkplug::StaleScope;

use crate::EngineError;
use crate::ports::Clock;

/// So many samples may wait for the disk; what comes beyond is counted as dropped.
const PENDING_MAX: usize = 500_000;

/// The live side of the plant.
pub(crate) struct Live {
    pub(crate) clocks: Clocks,
    monitor: Mutex<Monitor>,
    pending: Mutex<Vec<(SeriesKey, StoredSample)>>,
    watched: Mutex<Watched>,
    dropped: AtomicU64,
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
            watched: Mutex::default(),
            dropped: AtomicU64::new(0),
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
        let moment = self.clocks.read();
        {
            let mut monitor = self.monitor.lock().unwrap_or_else(PoisonError::into_inner);
            for (series, sample) in &samples {
                monitor.record(series, sample, moment);
            }
        }
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        for (series, sample) in samples {
            // A retained value without a time of its own has no known age: it is shown, never stored.
            if sample.retained && sample.source_at.is_none() {
                continue;
            }
            if pending.len() >= PENDING_MAX {
                self.dropped.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let at_ms = sample.at().0;
            let source_time = sample.source_at.is_some();
            pending.push((
                series,
                StoredSample {
                    at_ms,
                    ordinal: sample.ordinal,
                    value: sample.value,
                    quality: sample.quality,
                    source_time,
                },
            ));
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
