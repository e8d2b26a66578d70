//! The host side of Sparkplug sessions: messages and time in, effects out. No socket, no clock.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use millwright_model::{Sample, SeriesKey};

use super::node::{Node, Turn};
use super::topic::{MessageKind, SourceName, SparkplugTopic};
use super::wire::Payload;
use crate::Moment;

/// What some senders (Tahu's) write into `uuid` when the body is a deflated payload.
const COMPRESSED: &str = "SPBV1.0_COMPRESSED";

/// How a host behaves.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct HostSettings {
    /// How long a gap in the sequence may stay open (tck-id-operational-behavior-host-reordering-param).
    pub reorder_timeout_ms: u64,
    /// The least time between two rebirth requests to one node.
    pub rebirth_cooldown_ms: u64,
    /// Only hear: no rebirth is ever requested (a tablet beside the plant's own host).
    pub listen_only: bool,
    /// The most nodes that are kept.
    pub nodes_max: usize,
    /// The most metrics of one node and its devices.
    pub metrics_per_node_max: usize,
}

impl Default for HostSettings {
    fn default() -> Self {
        Self {
            reorder_timeout_ms: 3000,
            rebirth_cooldown_ms: 5000,
            listen_only: false,
            nodes_max: 10_000,
            metrics_per_node_max: 100_000,
        }
    }
}

/// Why a node should send its birth again.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RebirthReason {
    /// Data of a node whose birth was not heard.
    #[error("its birth was not heard")]
    UnknownNode,
    /// Data of a device whose birth was not heard.
    #[error("the birth of one of its devices was not heard")]
    UnknownDevice,
    /// A metric that no birth named.
    #[error("it sent a metric that its birth did not name")]
    UnknownMetric,
    /// A gap in the sequence was not filled in time.
    #[error("messages were lost on the way")]
    ReorderTimeout,
    /// A message without a usable sequence number.
    #[error("it sent a message without a sequence number")]
    InvalidPayload,
    /// The link to the broker was down: anything may have been missed.
    #[error("the link to the broker was down")]
    LinkRestored,
}

/// Whose values are meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StaleScope {
    /// The Unified Namespace: every series that is not Sparkplug's.
    Namespace,
    /// Every series of Sparkplug.
    Sparkplug,
    /// A Sparkplug node with all its devices, or one device.
    Source(SourceName),
    /// One series.
    Series(SeriesKey),
}

/// Something odd that was heard; data that can be read is still used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Oddity {
    /// The topic is none of Sparkplug's.
    #[error("not a Sparkplug topic: {0}")]
    Topic(#[from] super::TopicError),
    /// The payload cannot be read.
    #[error("{0}")]
    Payload(String),
    /// Not part of the specification, and a way to fill memory with a small message.
    #[error("the payload is compressed: switch compression off at the sender")]
    Compressed,
    /// Node and device messages are never retained; a retained one may be years old and is ignored.
    #[error("a retained {0:?} message was ignored: Sparkplug forbids the retain flag here")]
    Retained(MessageKind),
    /// No number from 0 to 255 in `seq`.
    #[error("no sequence number from 0 to 255")]
    Sequence,
    /// Metrics that are no single values.
    #[error("{count} metric(s) without a single value skipped, the first is «{first}» ({type_name})")]
    Skipped {
        /// The first one's name.
        first: String,
        /// The first one's type.
        type_name: &'static str,
        /// How many.
        count: usize,
    },
    /// Metrics whose value has another form than their datatype says.
    #[error("{count} metric(s) with a value that does not fit the datatype, the first is «{first}»")]
    Mismatch {
        /// The first one's name.
        first: String,
        /// How many.
        count: usize,
    },
    /// Clocks that cannot be believed: filed under our time, quality uncertain.
    #[error("{count} metric(s) with a time that cannot be believed, the first is «{first}»")]
    Time {
        /// The first one's name.
        first: String,
        /// How many.
        count: usize,
    },
    /// Metrics of a birth that have no usable name.
    #[error("{count} metric(s) of a birth without a usable name or datatype")]
    Unnamed {
        /// How many.
        count: usize,
    },
    /// One node more than is kept: all it says is ignored.
    #[error("more nodes than are kept ({limit}); the rest is ignored")]
    TooManyNodes {
        /// How many are kept.
        limit: usize,
    },
    /// More metrics than are kept of one node.
    #[error("more metrics than are kept ({limit}); the rest is ignored")]
    TooManyMetrics {
        /// How many are kept.
        limit: usize,
    },
    /// Messages behind a gap that was never filled: dropped, for their aliases may be of another session.
    #[error("{count} message(s) behind a gap in the sequence were dropped")]
    DroppedBehindGap {
        /// How many.
        count: usize,
    },
    /// Listening only, a gap was passed over; values are uncertain until the next birth.
    #[error("messages were lost; values are uncertain until the next birth")]
    GapPassedOver,
}

impl Oddity {
    /// How many whole messages were refused for it; none where what can be read of them is used.
    pub fn messages_refused(&self) -> u64 {
        match self {
            Self::Topic(_)
            | Self::Payload(_)
            | Self::Compressed
            | Self::Retained(_)
            | Self::TooManyNodes { .. } => 1,
            Self::DroppedBehindGap { count } => *count as u64,
            Self::Sequence
            | Self::Skipped { .. }
            | Self::Mismatch { .. }
            | Self::Time { .. }
            | Self::Unnamed { .. }
            | Self::TooManyMetrics { .. }
            | Self::GapPassedOver => 0,
        }
    }
}

/// What a message or the time brought about.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Values.
    Samples(Vec<(SeriesKey, Sample)>),
    /// A node was born (or born again).
    NodeBorn {
        /// The node.
        source: SourceName,
        /// How many metrics it named.
        metrics: usize,
    },
    /// A device was born (or born again).
    DeviceBorn {
        /// The device.
        source: SourceName,
        /// How many metrics it named.
        metrics: usize,
    },
    /// A node or device died: all its values are stale.
    Died {
        /// The node or device.
        source: SourceName,
    },
    /// Publish this to the node, QoS 0, not retained.
    RequestRebirth {
        /// The node.
        source: SourceName,
        /// Why.
        reason: RebirthReason,
        /// The NCMD topic.
        topic: String,
        /// The NCMD payload.
        bytes: Bytes,
    },
    /// A rebirth would be needed, but this host only listens; told once until the next birth.
    RebirthWithheld {
        /// The node.
        source: SourceName,
        /// Why.
        reason: RebirthReason,
    },
    /// Something odd.
    Odd {
        /// What.
        oddity: Oddity,
    },
}

/// All Sparkplug sessions that are heard over one link.
#[derive(Debug)]
pub struct SparkplugHost {
    settings: HostSettings,
    nodes: HashMap<Arc<str>, Node>,
    /// Nodes that wait for a time, soonest first.
    timers: BTreeSet<(u64, Arc<str>)>,
    /// Reused for looking nodes up without an allocation per message.
    key: String,
}

impl SparkplugHost {
    /// A host that has heard nothing yet.
    pub fn new(settings: HostSettings) -> Self {
        Self { settings, nodes: HashMap::new(), timers: BTreeSet::new(), key: String::new() }
    }

    /// How many nodes it knows.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// When [`Self::tick`] is next due, on the monotonic clock.
    pub fn next_deadline_ms(&self) -> Option<u64> {
        self.timers.first().map(|(at_ms, _)| *at_ms)
    }

    /// Takes one message of the `spBv1.0` namespace.
    pub fn on_message(&mut self, topic: &str, bytes: &Bytes, retained: bool, moment: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        let (group, kind, node_id, device) = match SparkplugTopic::parse(topic) {
            Ok(SparkplugTopic::Message { group, kind, node, device }) => (group, kind, node, device),
            Ok(SparkplugTopic::State { host: _ }) => return effects,
            Err(error) => {
                effects.push(Effect::Odd { oddity: error.into() });
                return effects;
            }
        };
        match kind {
            MessageKind::NodeCommand | MessageKind::DeviceCommand => return effects,
            MessageKind::NodeBirth
            | MessageKind::NodeDeath
            | MessageKind::NodeData
            | MessageKind::DeviceBirth
            | MessageKind::DeviceDeath
            | MessageKind::DeviceData => {}
        }
        if retained {
            effects.push(Effect::Odd { oddity: Oddity::Retained(kind) });
            return effects;
        }
        let payload = match Payload::read(bytes) {
            Ok(payload) if payload.uuid.as_deref() == Some(COMPRESSED) => {
                effects.push(Effect::Odd { oddity: Oddity::Compressed });
                return effects;
            }
            Ok(payload) => payload,
            Err(error) => {
                // Its number in the sequence is lost with it: the gap brings the rebirth.
                effects.push(Effect::Odd { oddity: Oddity::Payload(error.to_string()) });
                return effects;
            }
        };
        self.key.clear();
        self.key.push_str(group);
        self.key.push('/');
        self.key.push_str(node_id);
        if !self.nodes.contains_key(self.key.as_str()) {
            if self.nodes.len() >= self.settings.nodes_max {
                let oddity = Oddity::TooManyNodes { limit: self.settings.nodes_max };
                effects.push(Effect::Odd { oddity });
                return effects;
            }
            self.nodes.insert(Arc::from(self.key.as_str()), Node::new(group, node_id));
        }
        self.turn(None, moment, &mut effects, |node, turn| node.on_message(kind, device, payload, turn));
        effects
    }

    /// Does what is due: gives up on gaps, sends requests that had to wait.
    pub fn tick(&mut self, moment: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some((at_ms, key)) = self.timers.first().cloned() {
            if at_ms > moment.monotonic_ms {
                break;
            }
            self.timers.remove(&(at_ms, Arc::clone(&key)));
            self.turn(Some(&key), moment, &mut effects, Node::on_time);
        }
        effects
    }

    /// The link went down: no session can be trusted until its next birth.
    pub fn link_lost(&mut self) {
        self.timers.clear();
        for node in self.nodes.values_mut() {
            node.forget_session();
        }
    }

    /// The link is back: asks every node that was known for its birth.
    pub fn link_restored(&mut self, moment: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        let keys: Vec<Arc<str>> = self.nodes.keys().cloned().collect();
        for key in keys {
            self.turn(Some(&key), moment, &mut effects, |node, turn| {
                node.want_rebirth(RebirthReason::LinkRestored, turn);
            });
        }
        effects
    }

    /// Lets one node act and keeps its timer in step. Without a key it is the one in `self.key`.
    fn turn(
        &mut self,
        key: Option<&str>,
        moment: Moment,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Node, &mut Turn<'_>),
    ) {
        let key = key.unwrap_or(&self.key);
        let Some((shared_key, _)) = self.nodes.get_key_value(key) else { return };
        let shared_key = Arc::clone(shared_key);
        let Some(node) = self.nodes.get_mut(key) else { return };
        let before_ms = node.due_ms(&self.settings);
        act(node, &mut Turn { settings: &self.settings, moment, effects });
        let after_ms = node.due_ms(&self.settings);
        if let Some(at_ms) = before_ms.filter(|_| before_ms != after_ms) {
            self.timers.remove(&(at_ms, Arc::clone(&shared_key)));
        }
        if let Some(at_ms) = after_ms {
            self.timers.insert((at_ms, shared_key));
        }
    }
}
