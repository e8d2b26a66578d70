//! From what the link tells to what the plant says: routes messages to the parsers, bounded all the way.

use std::collections::HashMap;

use bytes::Bytes;
use millwright_model::{MessageFault, Sample, SeriesKey, StaleReason, Trouble};
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

use crate::link::{LinkEvent, LinkProblem, MessageReceipt, OutgoingMessage, Publisher, Qos};
use crate::sparkplug::topic::is_sparkplug;
use crate::sparkplug::{Effect, HostSettings, RebirthReason, SourceName, SparkplugHost, StaleScope};
use crate::uns::{self, UnsLimits};
use crate::{Clocks, Moment};

/// The token of our rebirth requests; callers use any other.
pub const REBIRTH_TOKEN: u64 = u64::MAX;
/// One finding per topic in this time is told, the rest is counted.
const FINDING_PAUSE_MS: u64 = 60_000;
/// Of so many topics it is remembered that a finding was told.
const FINDING_TOPICS_MAX: usize = 4096;
/// So many link events are taken in one go, so that their samples travel together.
const BATCH: usize = 256;

/// What the plant says.
#[derive(Clone, Debug, PartialEq)]
pub enum PlantEvent {
    /// Values, in the order they came.
    Samples(Vec<(SeriesKey, Sample)>),
    /// Values that the broker holds until their receipts are acknowledged, which the consumer does once they are on
    /// the disk, in the order of the events. There may be receipts without a value.
    Held {
        /// Values, in the order they came.
        samples: Vec<(SeriesKey, Sample)>,
        /// What to acknowledge.
        receipts: Vec<MessageReceipt>,
    },
    /// Values that are not current any more.
    Stale {
        /// Whose.
        scope: StaleScope,
        /// Why.
        reason: StaleReason,
    },
    /// A Sparkplug node or device was born.
    Born {
        /// Which.
        source: SourceName,
        /// How many metrics it named.
        metrics: usize,
    },
    /// A node would have to be asked for its birth, but this link only listens.
    RebirthWithheld {
        /// Which node.
        source: SourceName,
        /// Why.
        reason: RebirthReason,
    },
    /// The link is up.
    LinkUp {
        /// Whether the broker kept the session.
        session_present: bool,
    },
    /// The link is down.
    LinkDown {
        /// Why.
        problem: LinkProblem,
        /// When the next try is.
        retry_in_ms: u64,
    },
    /// The broker has a message of ours.
    Published {
        /// Its token.
        token: u64,
    },
    /// The broker refuses a message of ours.
    PublishRefused {
        /// Its token.
        token: u64,
        /// Why.
        trouble: Trouble,
    },
    /// The broker refuses a subscription.
    SubscriptionRefused {
        /// The filter.
        filter: String,
    },
    /// A filter is left out: a message above the limit lies behind it.
    FilterQuarantined {
        /// The filter.
        filter: String,
        /// The size of the message.
        bytes: u64,
    },
    /// We were too slow: so many messages were dropped.
    Overflow {
        /// How many.
        dropped: u64,
    },
    /// Messages that could not be read.
    Refused(RefusedMessages),
    /// Something odd in what the plant sends; a person may want to look.
    Finding {
        /// The topic.
        topic: String,
        /// What is odd.
        message: String,
        /// Findings on this and other topics that were not told since the last one.
        untold: u64,
    },
}

/// Messages that could not be read: every one is counted, the last one is told.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedMessages {
    /// How many.
    pub count: u64,
    /// The topic of the last one.
    pub topic: String,
    /// Why the last one was refused.
    pub fault: MessageFault,
}

/// How a feed reads.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct FeedSettings {
    /// Limits of Unified Namespace payloads; without them such messages are passed over, for another link hears them.
    pub uns: Option<UnsLimits>,
    /// The Sparkplug host, `listen_only` as in the link's configuration; without one its messages are passed over.
    pub sparkplug: Option<HostSettings>,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self { uns: Some(UnsLimits::default()), sparkplug: Some(HostSettings::default()) }
    }
}

/// What one step of the router gave.
#[derive(Debug, Default)]
pub struct Routed {
    /// For the consumer.
    pub events: Vec<PlantEvent>,
    /// For the broker: rebirth requests, QoS 0, not retained.
    pub requests: Vec<(String, Bytes)>,
    /// What could not be read.
    pub refused: Option<RefusedMessages>,
}

impl Routed {
    fn refuse(&mut self, more: u64, topic: &str, fault: MessageFault) {
        let count = self.refused.as_ref().map_or(0, |refused| refused.count) + more;
        self.refused = Some(RefusedMessages { count, topic: shortened(topic), fault });
    }

    fn samples(&mut self, mut samples: Vec<(SeriesKey, Sample)>) {
        match self.events.last_mut() {
            Some(PlantEvent::Samples(together)) => together.append(&mut samples),
            _ if samples.is_empty() => {}
            _ => self.events.push(PlantEvent::Samples(samples)),
        }
    }

    fn held(&mut self, mut new: Vec<(SeriesKey, Sample)>, receipt: MessageReceipt) {
        match self.events.last_mut() {
            Some(PlantEvent::Held { samples, receipts }) => {
                samples.append(&mut new);
                receipts.push(receipt);
            }
            _ => self.events.push(PlantEvent::Held { samples: new, receipts: vec![receipt] }),
        }
    }
}

/// Routes link events to the parsers. Pure: time is passed in.
#[derive(Debug)]
pub struct Router {
    settings: FeedSettings,
    host: SparkplugHost,
    was_up: bool,
    finding_told_ms: HashMap<String, u64>,
    untold: u64,
}

impl Router {
    /// A router that has heard nothing.
    pub fn new(settings: FeedSettings) -> Self {
        Self {
            settings,
            host: SparkplugHost::new(settings.sparkplug.unwrap_or_default()),
            was_up: false,
            finding_told_ms: HashMap::new(),
            untold: 0,
        }
    }

    /// When [`Self::tick`] is next due, on the monotonic clock.
    pub fn next_deadline_ms(&self) -> Option<u64> {
        self.host.next_deadline_ms()
    }

    /// Does what is due.
    pub fn tick(&mut self, moment: Moment, into: &mut Routed) {
        let effects = self.host.tick(moment);
        self.on_effects("spBv1.0", effects, moment, into);
    }

    /// Takes one link event.
    pub fn on_event(&mut self, event: LinkEvent, moment: Moment, into: &mut Routed) {
        match event {
            LinkEvent::Message { topic, payload, retained, received_at, receipt } => {
                let heard = Moment { wall: received_at, ..moment };
                let samples = self.on_message(&topic, &payload, retained, heard, into);
                match receipt {
                    Some(receipt) => into.held(samples, receipt),
                    None => into.samples(samples),
                }
            }
            LinkEvent::Up { session_present } => {
                into.events.push(PlantEvent::LinkUp { session_present });
                if self.was_up {
                    let effects = self.host.link_restored(moment);
                    self.on_effects("spBv1.0", effects, moment, into);
                }
                self.was_up = true;
            }
            LinkEvent::Down { problem, retry_in_ms } => {
                self.host.link_lost();
                into.events.push(PlantEvent::LinkDown { problem, retry_in_ms });
                let reason = StaleReason::LinkLost;
                let namespace = self.settings.uns.map(|_| StaleScope::Namespace);
                let sparkplug = self.settings.sparkplug.map(|_| StaleScope::Sparkplug);
                for scope in namespace.into_iter().chain(sparkplug) {
                    into.events.push(PlantEvent::Stale { scope, reason });
                }
            }
            LinkEvent::Published { token: REBIRTH_TOKEN }
            | LinkEvent::PublishRefused { token: REBIRTH_TOKEN, .. } => {}
            LinkEvent::Published { token } => into.events.push(PlantEvent::Published { token }),
            LinkEvent::PublishRefused { token, trouble } => {
                into.events.push(PlantEvent::PublishRefused { token, trouble });
            }
            LinkEvent::SubscriptionRefused { filter } => {
                into.events.push(PlantEvent::SubscriptionRefused { filter });
            }
            LinkEvent::FilterQuarantined { filter, bytes } => {
                into.events.push(PlantEvent::FilterQuarantined { filter, bytes });
            }
            LinkEvent::Overflow { dropped } => into.events.push(PlantEvent::Overflow { dropped }),
        }
    }

    /// Returns the samples of the Unified Namespace; Sparkplug's go straight into `into`.
    fn on_message(
        &mut self,
        topic: &str,
        payload: &Bytes,
        retained: bool,
        heard: Moment,
        into: &mut Routed,
    ) -> Vec<(SeriesKey, Sample)> {
        if is_sparkplug(topic) {
            if self.settings.sparkplug.is_some() {
                let effects = self.host.on_message(topic, payload, retained, heard);
                self.on_effects(topic, effects, heard, into);
            }
            return Vec::new();
        }
        // The broker's own numbers and our own events are no measurements of the plant.
        if topic.starts_with('$') || topic.contains("/_maintenance_v1/") {
            return Vec::new();
        }
        let Some(limits) = self.settings.uns else { return Vec::new() };
        // Who hears everything hears our own talk as well, which is sealed and no value.
        if topic.starts_with(crate::TOGETHER_TOPIC) {
            return Vec::new();
        }
        match uns::parse(topic, payload, retained, heard.wall, &limits) {
            Ok(reading) => {
                for warning in reading.warnings {
                    self.finding(topic, warning.to_string(), heard, into);
                }
                reading.samples
            }
            Err(error) => {
                into.refuse(1, topic, MessageFault::from(&error));
                self.finding(topic, error.to_string(), heard, into);
                Vec::new()
            }
        }
    }

    fn on_effects(&mut self, topic: &str, effects: Vec<Effect>, moment: Moment, into: &mut Routed) {
        for effect in effects {
            match effect {
                Effect::Samples(samples) => into.samples(samples),
                Effect::NodeBorn { source, metrics } | Effect::DeviceBorn { source, metrics } => {
                    into.events.push(PlantEvent::Born { source, metrics });
                }
                Effect::Died { source } => {
                    let scope = StaleScope::Source(source);
                    into.events.push(PlantEvent::Stale { scope, reason: StaleReason::Death });
                }
                Effect::RequestRebirth { source, reason, topic, bytes } => {
                    tracing::info!(%source, %reason, "asking for a rebirth");
                    into.requests.push((topic, bytes));
                }
                Effect::RebirthWithheld { source, reason } => {
                    into.events.push(PlantEvent::RebirthWithheld { source, reason });
                }
                Effect::Odd { oddity } => {
                    let (refused, said) = (oddity.messages_refused(), oddity.to_string());
                    if refused > 0 {
                        into.refuse(refused, topic, MessageFault::Sparkplug { said: said.clone() });
                    }
                    self.finding(topic, said, moment, into);
                }
            }
        }
    }

    /// One finding per topic and minute: a broken sender must not fill the screen or the memory.
    fn finding(&mut self, topic: &str, message: String, moment: Moment, into: &mut Routed) {
        let now_ms = moment.monotonic_ms;
        let told = self.finding_told_ms.get(topic);
        if told.is_some_and(|told_ms| now_ms < told_ms + FINDING_PAUSE_MS) {
            self.untold += 1;
            return;
        }
        if self.finding_told_ms.len() >= FINDING_TOPICS_MAX {
            self.finding_told_ms.retain(|_, told_ms| now_ms < *told_ms + FINDING_PAUSE_MS);
            if self.finding_told_ms.len() >= FINDING_TOPICS_MAX {
                self.untold += 1;
                return;
            }
        }
        self.finding_told_ms.insert(topic.to_owned(), now_ms);
        let untold = std::mem::take(&mut self.untold);
        into.events.push(PlantEvent::Finding { topic: shortened(topic), message, untold });
    }
}

/// A topic as it is told: a hostile one has 65,535 bytes.
fn shortened(topic: &str) -> String {
    topic.chars().take(uns::TOPIC_MAX_BYTES).collect()
}

/// Starts the task between a link and its consumer; at most `capacity` events wait for the consumer.
///
/// The task may wait for the consumer: the link's own channel fills meanwhile and the link counts what it drops.
/// It ends when the link or the consumer ends.
pub fn start(
    events: mpsc::Receiver<LinkEvent>,
    publisher: Publisher,
    settings: FeedSettings,
    clocks: Clocks,
    capacity: usize,
) -> mpsc::Receiver<PlantEvent> {
    let (consumer, receiver) = mpsc::channel(capacity.max(1));
    tokio::spawn(run(events, publisher, Router::new(settings), clocks, consumer));
    receiver
}

async fn run(
    mut events: mpsc::Receiver<LinkEvent>,
    publisher: Publisher,
    mut router: Router,
    clocks: Clocks,
    consumer: mpsc::Sender<PlantEvent>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let due_ms = router.next_deadline_ms().map(|at_ms| at_ms.saturating_sub(clocks.read().monotonic_ms));
        let taken = tokio::select! {
            taken = events.recv_many(&mut batch, BATCH) => Some(taken),
            () = sleep(Duration::from_millis(due_ms.unwrap_or_default())), if due_ms.is_some() => None,
        };
        let moment = clocks.read();
        let mut routed = Routed::default();
        match taken {
            Some(0) => return,
            Some(_) => {
                for event in batch.drain(..) {
                    router.on_event(event, moment, &mut routed);
                }
            }
            None => router.tick(moment, &mut routed),
        }
        for (topic, bytes) in routed.requests {
            let message =
                OutgoingMessage { token: REBIRTH_TOKEN, topic, bytes, qos: Qos::AtMostOnce, retain: false };
            // A request that finds no room is asked for again with the node's next message.
            if let Err(error) = publisher.publish(message) {
                tracing::warn!(%error, "a rebirth request could not be sent");
            }
        }
        let refused = routed.refused.map(PlantEvent::Refused);
        for event in routed.events.into_iter().chain(refused) {
            if consumer.send(event).await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
