//! The history of telemetry in its own file: a journal of group commits, hot heads, and sealed chunks.
//!
//! A sample is durable when the group commit that holds it returns. Heads live in memory and are folded
//! into the file at a checkpoint, which also empties the journal; a full head becomes a compressed chunk.

mod bytes;
mod chunk;
mod column;
pub(crate) mod fuzzing;
mod group;
mod head;
mod journal;
mod pyramid;
mod reading;
mod retention;
mod schema;
mod store;
mod trend;

pub use head::StoredSample;
pub use retention::{Forgotten, Retention, STEP_MS as RETENTION_STEP_MS};
pub use store::{History, HistoryStatistics};
