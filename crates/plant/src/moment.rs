//! The time that is handed in: wall time for filing samples, a monotonic one for timers.

use std::sync::Arc;
use std::time::Instant;

use millwright_model::TimestampMs;

/// The wall clock, given by the caller.
pub type WallClock = Arc<dyn Fn() -> TimestampMs + Send + Sync>;

/// One instant on both clocks.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What the wall clock says: samples are filed under it.
    pub wall: TimestampMs,
    /// Milliseconds on a clock that never jumps: timers are judged by it.
    pub monotonic_ms: u64,
}

/// Reads both clocks; the monotonic one starts at zero when this is made.
#[derive(Clone)]
pub struct Clocks {
    wall: WallClock,
    started: Instant,
}

impl Clocks {
    /// Clocks whose wall time comes from `wall`.
    pub fn new(wall: WallClock) -> Self {
        Self { wall, started: Instant::now() }
    }

    /// Both clocks, now.
    pub fn read(&self) -> Moment {
        let elapsed_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Moment { wall: (self.wall)(), monotonic_ms: elapsed_ms }
    }

    /// The wall clock, now.
    pub fn wall(&self) -> TimestampMs {
        (self.wall)()
    }
}

impl std::fmt::Debug for Clocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clocks").field("started", &self.started).finish_non_exhaustive()
    }
}
