//! Values that the broker holds until they are on the disk: what waits, and when the broker's window is full. Pure.

use millwright_local_db::StoredSample;
use millwright_model::{HeldValues, SeriesKey};
use millwright_plant::link::MessageReceipt;

/// The window of a broker that says nothing of it, until it has shown its own: mosquitto's.
const USUAL_WINDOW: u64 = 20;
/// So many ticks in a row with the same number of messages and nothing more: the broker waits for our word.
const STALLED_TICKS: u32 = 3;
/// After so many commits a window that was found narrow is tried wider again: a slow plant looks like a narrow one.
const NARROW_FOR_COMMITS: u32 = 1_000;

/// What goes to the disk together, and what is acknowledged after that.
#[derive(Default)]
pub(crate) struct HeldBatch {
    pub(crate) samples: Vec<(SeriesKey, StoredSample)>,
    pub(crate) receipts: Vec<MessageReceipt>,
}

/// What was handed over and is not acknowledged.
pub(crate) struct Held {
    waiting: HeldBatch,
    /// Messages that are being written now.
    committing: u64,
    window: u64,
    /// Whether nobody told the broker how wide its window may be.
    window_of_broker: bool,
    /// What the last commits found waiting, and how often in a row.
    stalled: (u64, u32),
    narrow_commits: u32,
    /// Microseconds of a commit, smoothed over the last ones.
    commit_us: Option<u64>,
    forgotten: u64,
}

impl Held {
    pub(crate) fn new() -> Self {
        Self {
            waiting: HeldBatch::default(),
            committing: 0,
            window: USUAL_WINDOW,
            window_of_broker: true,
            stalled: (0, 0),
            narrow_commits: 0,
            commit_us: None,
            forgotten: 0,
        }
    }

    /// A new link: what the broker was told of its window (MQTT 5), else the usual one.
    pub(crate) fn set_window(&mut self, told: Option<u16>) {
        self.window = told.map_or(USUAL_WINDOW, u64::from);
        self.window_of_broker = told.is_none();
        self.stalled = (0, 0);
    }

    fn on_the_way(&self) -> u64 {
        self.waiting.receipts.len() as u64 + self.committing
    }

    /// Takes what came; answers whether the window is full, so that the commit should come now.
    pub(crate) fn take(&mut self, mut batch: HeldBatch) -> bool {
        self.waiting.samples.append(&mut batch.samples);
        self.waiting.receipts.append(&mut batch.receipts);
        // A broker that hands over more than we thought has a wider window.
        self.window = self.window.max(self.on_the_way());
        self.is_full()
    }

    pub(crate) fn is_full(&self) -> bool {
        let waiting = self.waiting.receipts.len() as u64;
        waiting > 0 && waiting + self.committing >= self.window
    }

    /// Takes out what waits for the disk.
    pub(crate) fn begin_commit(&mut self) -> HeldBatch {
        let waiting = self.waiting.receipts.len() as u64;
        if self.window < USUAL_WINDOW {
            self.narrow_commits += 1;
            if self.narrow_commits >= NARROW_FOR_COMMITS {
                self.window = USUAL_WINDOW;
            }
        }
        // A narrower window shows itself: commit after commit finds just as many.
        if waiting > 0 && waiting < self.window && waiting == self.stalled.0 {
            self.stalled.1 += 1;
            if self.stalled.1 >= STALLED_TICKS {
                self.window = waiting;
                self.narrow_commits = 0;
            }
        } else {
            self.stalled = (waiting, 0);
        }
        self.committing = waiting;
        std::mem::take(&mut self.waiting)
    }

    /// The commit is durable; it took this long.
    pub(crate) fn committed(&mut self, took_us: u64) {
        if self.committing > 0 {
            self.commit_us = Some(self.commit_us.map_or(took_us, |before| (before * 7 + took_us) / 8).max(1));
        }
        self.committing = 0;
    }

    /// The disk refused: it all waits again, before what came since.
    pub(crate) fn put_back(&mut self, mut batch: HeldBatch) {
        self.committing = 0;
        batch.samples.append(&mut self.waiting.samples);
        batch.receipts.append(&mut self.waiting.receipts);
        self.waiting = batch;
    }

    pub(crate) fn count_forgotten(&mut self) {
        self.forgotten += 1;
    }

    pub(crate) fn values(&self) -> HeldValues {
        HeldValues {
            on_the_way: self.on_the_way(),
            window: self.window,
            reachable_per_s: self.commit_us.map(|commit_us| self.window * 1_000_000 / commit_us),
            forgotten: self.forgotten,
            window_of_broker: self.window_of_broker,
        }
    }
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
