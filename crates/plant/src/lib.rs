//! MQTT, Sparkplug B and the Unified Namespace: from the plant's broker to samples on a bounded channel.
//!
//! Parsers and state machines are pure (bytes and time in, samples and effects out); only [`link`] and
//! [`feed`] touch a socket or a task. Nothing here knows who consumes the samples.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod feed;
pub mod link;
mod moment;
pub mod monitor;
pub mod sparkplug;
mod text;
pub mod uns;

/// What begins the topic over which the devices of a team talk to each other: no values of the plant.
pub const TOGETHER_TOPIC: &str = "millwright/_together_v1";

pub use moment::{Clocks, Moment, WallClock};
