//! The connection to the plant's broker: one poll task, one bounded channel of events, one small way out.

mod announce;
mod backoff;
mod config;
mod load;
mod narrow;
mod outbox;
mod probe;
mod problem;
mod task;
mod wire;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use millwright_model::{Cause, TimestampMs, Trouble};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub use self::config::{
    Credentials, LinkConfig, LinkTimings, MAX_PACKET_BYTES, ProtocolVersion, RECEIVE_MAXIMUM, SessionKind,
    TlsSettings, Transport,
};
pub use self::probe::{ConnectionReport, forget_session, test_connection};
pub use self::problem::LinkProblem;
use crate::Clocks;

/// How many publishes may wait for the link; the engine's own deliveries are the truth behind them.
const PUBLISH_QUEUE: usize = 256;

/// How often a message is delivered.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Qos {
    /// At most once.
    AtMostOnce,
    /// At least once.
    AtLeastOnce,
}

/// Stands for a message of a kept session that the broker holds until it is acknowledged.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageReceipt {
    connection: u64,
    packet_id: u16,
}

impl MessageReceipt {
    /// A receipt that no connection gave, for tests of those who carry receipts.
    pub fn for_test(packet_id: u16) -> Self {
        Self { connection: 0, packet_id }
    }
}

/// The way to acknowledge what came over a link with a kept session; cheap to clone, never blocks.
#[derive(Clone, Debug)]
pub struct Acknowledger {
    // Unbounded by itself, bounded by the broker: it hands over at most one message per packet id.
    receipts: mpsc::UnboundedSender<Vec<MessageReceipt>>,
}

impl Acknowledger {
    /// Tells the broker that these messages are safe, in the order in which they came. Receipts of a connection that
    /// is gone say nothing any more: the broker sends those messages again.
    pub fn acknowledge(&self, receipts: Vec<MessageReceipt>) {
        let _link_is_gone = self.receipts.send(receipts).is_err();
    }
}

/// A message to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// Comes back in [`LinkEvent::Published`].
    pub token: u64,
    /// Its topic.
    pub topic: String,
    /// Its payload.
    pub bytes: Bytes,
    /// How often.
    pub qos: Qos,
    /// Whether the broker keeps it for those who subscribe later.
    pub retain: bool,
}

/// What a link tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// The broker took the connection; subscriptions are on their way.
    Up {
        /// Whether the broker kept a session of ours.
        session_present: bool,
    },
    /// There is no connection; the next try comes by itself.
    Down {
        /// Why.
        problem: LinkProblem,
        /// When the next try is.
        retry_in_ms: u64,
    },
    /// A message.
    Message {
        /// Its topic.
        topic: String,
        /// Its payload.
        payload: Bytes,
        /// Whether the broker had kept it.
        retained: bool,
        /// When it was received.
        received_at: TimestampMs,
        /// To be acknowledged once the message is safe; only QoS 1 messages of a kept session have one.
        receipt: Option<MessageReceipt>,
    },
    /// The broker has the message (QoS 1), or it was written (QoS 0).
    Published {
        /// The message's token.
        token: u64,
    },
    /// The broker refuses the message.
    PublishRefused {
        /// The message's token.
        token: u64,
        /// Why.
        trouble: Trouble,
    },
    /// The broker refuses a subscription.
    SubscriptionRefused {
        /// The filter.
        filter: String,
    },
    /// A filter is left out until the link is made anew: a message above the limit lies behind it.
    FilterQuarantined {
        /// The filter.
        filter: String,
        /// The size of the message.
        bytes: u64,
    },
    /// The consumer was too slow: so many messages were dropped since the last such event.
    Overflow {
        /// How many.
        dropped: u64,
    },
}

/// Numbers of a link, for a screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkStatus {
    /// Whether there is a connection.
    pub is_up: bool,
    /// Messages received.
    pub received: u64,
    /// Messages dropped because the consumer was too slow.
    pub dropped: u64,
    /// Publishes acknowledged.
    pub published: u64,
    /// Filters left out.
    pub quarantined: Vec<String>,
}

#[derive(Debug, Default)]
struct Counters {
    is_up: AtomicBool,
    received: AtomicU64,
    dropped: AtomicU64,
    published: AtomicU64,
    quarantined: Mutex<Vec<String>>,
}

impl Counters {
    fn quarantine(&self, filter: &str) {
        self.quarantined.lock().unwrap_or_else(PoisonError::into_inner).push(filter.to_owned());
    }
}

/// Why a message was not taken for publishing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// This link only listens.
    #[error("this link only listens")]
    ListenOnly,
    /// Too many wait already: try again after the next [`LinkEvent::Published`].
    #[error("too many messages wait for the broker already")]
    QueueFull,
    /// The topic has a wildcard, or is empty or too long.
    #[error("«{topic}» cannot be published to")]
    Topic {
        /// The topic.
        topic: String,
    },
    /// The message is above the limit.
    #[error("the message has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: u32,
    },
    /// The link was shut down.
    #[error("the link was shut down")]
    Closed,
}

impl PublishError {
    /// Why, with our words for it.
    pub fn trouble(&self) -> Trouble {
        let cause = match self {
            Self::ListenOnly | Self::Topic { .. } => Cause::Settings,
            Self::QueueFull => Cause::Busy,
            Self::TooLarge { .. } => Cause::TooLarge,
            Self::Closed => Cause::BrokeOff,
        };
        Trouble::new(cause, self.to_string())
    }
}

/// The way out of a link; cheap to clone, never blocks.
#[derive(Clone, Debug)]
pub struct Publisher {
    messages: mpsc::Sender<OutgoingMessage>,
    listen_only: bool,
    max_packet_bytes: u32,
}

impl Publisher {
    /// Hands a message over; [`LinkEvent::Published`] tells when the broker has it.
    pub fn publish(&self, message: OutgoingMessage) -> Result<(), PublishError> {
        if self.listen_only {
            return Err(PublishError::ListenOnly);
        }
        let topic = &message.topic;
        if topic.is_empty() || topic.len() > 65_535 || topic.contains(['+', '#', '\0']) {
            return Err(PublishError::Topic { topic: topic.clone() });
        }
        // The fixed and variable header take a few bytes beside topic and payload.
        let bytes = message.bytes.len() + topic.len() + 16;
        if bytes > self.max_packet_bytes as usize {
            return Err(PublishError::TooLarge { bytes, limit: self.max_packet_bytes });
        }
        self.messages.try_send(message).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => PublishError::QueueFull,
            mpsc::error::TrySendError::Closed(_) => PublishError::Closed,
        })
    }
}

/// A running link. Dropping it ends the connection.
#[derive(Debug)]
pub struct Link {
    publisher: Publisher,
    acknowledger: Acknowledger,
    counters: Arc<Counters>,
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Link {
    /// Starts the poll task on the current runtime; at most `capacity` events wait for the consumer.
    pub fn start(
        config: LinkConfig,
        credentials: Credentials,
        clocks: Clocks,
        capacity: usize,
    ) -> Result<(Self, mpsc::Receiver<LinkEvent>), LinkProblem> {
        config.check()?;
        // What cannot be opened for its settings is told now, not in a loop.
        drop(wire::open(&config, &credentials, None)?);
        let (events, receiver) = mpsc::channel(capacity.max(1));
        let (messages, outgoing) = mpsc::channel(PUBLISH_QUEUE);
        let (receipts, acknowledged) = mpsc::unbounded_channel();
        let acknowledger = Acknowledger { receipts };
        let (shutdown, asked_to_end) = oneshot::channel();
        let counters = Arc::new(Counters::default());
        let publisher = Publisher {
            messages,
            listen_only: config.listen_only,
            max_packet_bytes: config.max_packet_bytes,
        };
        let link_task = task::LinkTask::new(
            config,
            credentials,
            clocks,
            task::Channels { events, outgoing, acknowledged, _held_open: acknowledger.clone(), asked_to_end },
            Arc::clone(&counters),
        );
        let task = tokio::spawn(link_task.run());
        Ok((Self { publisher, acknowledger, counters, shutdown, task }, receiver))
    }

    /// The way out.
    pub fn publisher(&self) -> Publisher {
        self.publisher.clone()
    }

    /// The way to acknowledge messages of a kept session.
    pub fn acknowledger(&self) -> Acknowledger {
        self.acknowledger.clone()
    }

    /// Hands a message over; see [`Publisher::publish`].
    pub fn publish(&self, message: OutgoingMessage) -> Result<(), PublishError> {
        self.publisher.publish(message)
    }

    /// The numbers now.
    pub fn status(&self) -> LinkStatus {
        LinkStatus {
            is_up: self.counters.is_up.load(Ordering::Relaxed),
            received: self.counters.received.load(Ordering::Relaxed),
            dropped: self.counters.dropped.load(Ordering::Relaxed),
            published: self.counters.published.load(Ordering::Relaxed),
            quarantined: self.counters.quarantined.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Says goodbye to the broker and waits until the task has ended.
    pub async fn shutdown(self) {
        // A task that has ended already needs no word.
        let _already_ended = self.shutdown.send(()).is_err();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the link's task ended badly");
        }
    }
}
