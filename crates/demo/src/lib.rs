//! The demo plant: a broker, machines that publish and an ERP to talk to, all on loopback. It runs as a child
//! process of the app and is the outside world: it knows nothing of the engine.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod broker;
mod ending;
pub mod erp;
mod error;
pub mod machines;
pub mod physics;
pub mod plant;
pub mod ready;
pub mod seed;

pub use error::DemoError;

use std::time::{SystemTime, UNIX_EPOCH};

use millwright_model::TimestampMs;

/// The wall clock.
pub(crate) fn wall_clock() -> TimestampMs {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    TimestampMs(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
