//! Sparkplug B as a host hears it: wire types, topics, values, and the session state machine. Pure.

pub mod host;
pub mod topic;
pub mod value;
pub mod wire;

mod composite;
mod node;
mod tables;
#[cfg(test)]
mod tests;

pub use host::{Effect, HostSettings, Oddity, RebirthReason, SparkplugHost, StaleScope};
pub use topic::{SourceName, SparkplugTopic, TopicError};
pub use wire::{Payload, PayloadLimitError};

/// The name of the metric that asks a node for its birth.
pub const REBIRTH_METRIC: &str = "Node Control/Rebirth";
/// The filter that hears every Sparkplug message.
pub const SUBSCRIPTION: &str = "spBv1.0/#";
