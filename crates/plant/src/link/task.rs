//! The poll task: one exhaustive loop that never waits for anyone but the wire.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until};

use super::announce::{Announcement, Notice};
use super::backoff::Backoff;
use super::load::Load;
use super::narrow::Narrowing;
use super::outbox::Outbox;
use super::probe::{forget_session, goodbye, resolve};
use super::wire::{self, Poller, Sender, WireEvent};
use super::{
    Acknowledger, Counters, Credentials, LinkConfig, LinkEvent, LinkProblem, MessageReceipt, OutgoingMessage,
    Qos, SessionKind,
};
use crate::Clocks;

/// So many publishes wait inside the task; more wait in the channel.
const OUTBOX_MAX: usize = 256;
/// So many events that must not be lost may wait for a slow consumer before publishing pauses.
const CONTROL_MAX: usize = 512;

pub(super) struct Channels {
    pub events: mpsc::Sender<LinkEvent>,
    pub outgoing: mpsc::Receiver<OutgoingMessage>,
    pub acknowledged: mpsc::UnboundedReceiver<Vec<MessageReceipt>>,
    /// Keeps `acknowledged` from ending before the link does.
    pub _held_open: Acknowledger,
    pub asked_to_end: oneshot::Receiver<()>,
}

/// How often is looked whether the consumer has caught up.
const LOAD_LOOK: Duration = Duration::from_millis(20);

/// Connections of all links of this process, so that no receipt fits another one's.
static CONNECTIONS: AtomicU64 = AtomicU64::new(1);

/// All that can happen to the task.
enum Happening<'a> {
    Wire(Result<WireEvent, LinkProblem>),
    Publish(OutgoingMessage),
    Acknowledge(Vec<MessageReceipt>),
    Room(mpsc::Permit<'a, LinkEvent>),
    /// The link is quiet for too long, or a filter was given its time.
    Time,
    End,
}

/// How a connection, or the wait for the next one, ended.
enum Ending {
    Lost(LinkProblem),
    Waited,
    Shutdown,
}

pub(super) struct LinkTask {
    config: LinkConfig,
    credentials: Credentials,
    clocks: Clocks,
    channels: Channels,
    counters: Arc<Counters>,
    outbox: Outbox,
    narrowing: Narrowing,
    backoff: Backoff,
    /// Events that must reach the consumer, in order, once there is room.
    control: VecDeque<LinkEvent>,
    dropped_untold: u64,
    /// Filters of the subscriptions that were sent and not answered yet.
    asked: VecDeque<Vec<String>>,
    up_since: Option<Instant>,
    /// Which connection it is, over all links of the process: receipts of another one mean nothing.
    connection: u64,
    announcement: Option<Announcement>,
    /// Bytes of payloads that the consumer has not dealt with yet.
    load: Load,
    /// A giant is in the session that the broker keeps: it would come again at every connection.
    poisoned: bool,
}

impl LinkTask {
    pub fn new(
        config: LinkConfig,
        credentials: Credentials,
        clocks: Clocks,
        channels: Channels,
        counters: Arc<Counters>,
    ) -> Self {
        let narrowing = Narrowing::new(&config.subscriptions);
        Self {
            config,
            credentials,
            clocks,
            channels,
            counters,
            outbox: Outbox::default(),
            narrowing,
            backoff: Backoff::default(),
            control: VecDeque::new(),
            dropped_untold: 0,
            asked: VecDeque::new(),
            up_since: None,
            connection: 0,
            announcement: None,
            load: Load::default(),
            poisoned: false,
        }
    }

    pub async fn run(mut self) {
        loop {
            let problem = match Box::pin(self.connection()).await {
                Ending::Lost(problem) => problem,
                Ending::Waited | Ending::Shutdown => break,
            };
            self.counters.is_up.store(false, Ordering::Relaxed);
            self.outbox.link_lost();
            self.asked.clear();
            self.poisoned =
                self.config.session.is_kept() && matches!(problem, LinkProblem::PacketTooLarge { .. });
            if let LinkProblem::PacketTooLarge { bytes, limit: _ } = &problem
                && let Some(quarantined) = self.narrowing.on_too_large()
            {
                self.counters.quarantine(&quarantined.filter);
                let event = LinkEvent::FilterQuarantined { filter: quarantined.filter, bytes: *bytes };
                self.tell(event);
            }
            // A link that falls right after its CONNACK (a stolen client id, a giant) must not reset the wait.
            let steady = Duration::from_millis(self.config.timings.steady_after_ms);
            if self.up_since.take().is_some_and(|since| since.elapsed() >= steady) {
                self.backoff.reset();
            }
            let retry_in_ms = self.backoff.next_ms(&self.config.timings, random());
            tracing::info!(%problem, retry_in_ms, "link down");
            self.tell(LinkEvent::Down { problem, retry_in_ms });
            match self.wait(Duration::from_millis(retry_in_ms)).await {
                Ending::Waited | Ending::Lost(_) => {}
                Ending::Shutdown => break,
            }
        }
        self.counters.is_up.store(false, Ordering::Relaxed);
    }

    /// One connection from its first packet to its end.
    async fn connection(&mut self) -> Ending {
        let events = self.channels.events.clone();
        if let Some(ending) = self.resolve().await {
            return ending;
        }
        let config = self.config.clone();
        if self.poisoned
            && let Err(problem) = forget_session(&config, &self.credentials).await
        {
            return Ending::Lost(problem);
        }
        self.connection = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        self.announcement =
            config.sparkplug_host_id.as_deref().map(|id| Announcement::new(id, self.clocks.wall()));
        let will = self.announcement.as_ref().map(Announcement::will);
        let (sender, mut poller) = match wire::open(&config, &self.credentials, will.as_ref()) {
            Ok(opened) => opened,
            Err(problem) => return Ending::Lost(problem),
        };
        // Pings are answered within each keep-alive: silence of two and a bit is a dead link. The library
        // knows this for 3.1.1; for 5 it can hang in a write.
        let quiet_max = config.keep_alive() * 5 / 2;
        let connect_max = Duration::from_secs(u64::from(config.timings.connect_timeout_s) + 5);
        let mut quiet_until = Instant::now() + connect_max;
        let mut settled_at: Option<Instant> = None;
        loop {
            let result = {
                let mut poll = pin!(poller.poll(&config));
                loop {
                    let time = settled_at.map_or(quiet_until, |settled| settled.min(quiet_until));
                    let happening = tokio::select! {
                        biased;
                        _ = &mut self.channels.asked_to_end => Happening::End,
                        room = events.reserve(), if !self.control.is_empty() => match room {
                            Ok(permit) => Happening::Room(permit),
                            Err(_closed) => Happening::End,
                        },
                        message = self.channels.outgoing.recv(),
                            if self.outbox.waiting() < OUTBOX_MAX && self.control.len() < CONTROL_MAX =>
                            message.map_or(Happening::End, Happening::Publish),
                        Some(receipts) = self.channels.acknowledged.recv() => Happening::Acknowledge(receipts),
                        result = &mut poll, if !self.load.is_full() => Happening::Wire(result),
                        // The consumer is behind: the wire waits, and with it the broker.
                        () = sleep(LOAD_LOOK), if self.load.is_full() => continue,
                        () = sleep_until(time) => Happening::Time,
                    };
                    match happening {
                        Happening::Wire(result) => break Some(result),
                        Happening::Publish(message) => {
                            self.outbox.push(message);
                            self.send_what_fits(&sender);
                        }
                        Happening::Acknowledge(receipts) => self.acknowledge(&sender, &receipts),
                        Happening::Room(permit) => {
                            if let Some(event) = self.next_control() {
                                permit.send(event);
                            }
                        }
                        Happening::Time if Instant::now() >= quiet_until => {
                            return Ending::Lost(LinkProblem::timed_out(&config));
                        }
                        Happening::Time => {
                            settled_at = None;
                            if let Some(filter) = self.narrowing.on_settled() {
                                self.subscribe(&sender, vec![filter]);
                            }
                        }
                        Happening::End => break None,
                    }
                }
            };
            let Some(result) = result else {
                while let Ok(receipts) = self.channels.acknowledged.try_recv() {
                    self.acknowledge(&sender, &receipts);
                }
                self.announce_death(&sender, &mut poller).await;
                goodbye(&sender, &mut poller, &config).await;
                return Ending::Shutdown;
            };
            quiet_until = Instant::now() + quiet_max;
            match result {
                Ok(event) => {
                    let is_subscribed = matches!(event, WireEvent::Subscribed { .. });
                    self.on_wire(event, &sender);
                    if is_subscribed {
                        settled_at = Some(Instant::now() + Duration::from_millis(config.timings.settle_ms));
                    }
                    self.send_what_fits(&sender);
                }
                Err(problem) => {
                    for event in poller.leftovers() {
                        self.on_wire(event, &sender);
                    }
                    return Ending::Lost(problem);
                }
            }
        }
    }

    async fn resolve(&mut self) -> Option<Ending> {
        let config = self.config.clone();
        tokio::select! {
            biased;
            _ = &mut self.channels.asked_to_end => Some(Ending::Shutdown),
            found = resolve(&config) => found.err().map(Ending::Lost),
        }
    }

    /// The time between two connections: the consumer and those who publish are still served.
    async fn wait(&mut self, duration: Duration) -> Ending {
        let events = self.channels.events.clone();
        let until = Instant::now() + duration;
        loop {
            let happening = tokio::select! {
                biased;
                _ = &mut self.channels.asked_to_end => Happening::End,
                room = events.reserve(), if !self.control.is_empty() => match room {
                    Ok(permit) => Happening::Room(permit),
                    Err(_closed) => Happening::End,
                },
                message = self.channels.outgoing.recv(), if self.outbox.waiting() < OUTBOX_MAX =>
                    message.map_or(Happening::End, Happening::Publish),
                Some(receipts) = self.channels.acknowledged.recv() => Happening::Acknowledge(receipts),
                () = sleep_until(until) => Happening::Time,
            };
            match happening {
                Happening::Publish(message) => self.outbox.push(message),
                // Of the connection before: the broker sends those messages again.
                Happening::Acknowledge(_) => {}
                Happening::Room(permit) => {
                    if let Some(event) = self.next_control() {
                        permit.send(event);
                    }
                }
                Happening::Time | Happening::Wire(_) => return Ending::Waited,
                Happening::End => return Ending::Shutdown,
            }
        }
    }

    fn on_wire(&mut self, event: WireEvent, sender: &Sender) {
        match event {
            WireEvent::Connected { session_present } => {
                self.counters.is_up.store(true, Ordering::Relaxed);
                self.up_since = Some(Instant::now());
                self.tell(LinkEvent::Up { session_present });
                self.unsubscribe_former(sender, session_present);
                let mut filters = self.narrowing.on_connected();
                filters.extend(self.announcement.as_ref().map(|own| own.topic().to_owned()));
                self.subscribe(sender, filters);
                self.announce_birth(sender);
            }
            WireEvent::Message { topic, payload, retained, packet_id } => {
                self.counters.received.fetch_add(1, Ordering::Relaxed);
                if self.announcement.as_ref().is_some_and(|own| own.is_wrong(&topic, &payload)) {
                    self.announce_birth(sender);
                }
                let received_at = self.clocks.wall();
                let payload = self.load.counted(payload);
                let receipt = (packet_id != 0 && self.config.session.is_kept())
                    .then_some(MessageReceipt { connection: self.connection, packet_id });
                self.deliver(LinkEvent::Message { topic, payload, retained, received_at, receipt });
            }
            WireEvent::Written { packet_id } => {
                if let Some(token) = self.outbox.written(packet_id) {
                    self.tell(LinkEvent::Published { token });
                }
            }
            WireEvent::Acknowledged { packet_id, refused } => {
                if let Some(token) = self.outbox.acknowledged(packet_id) {
                    let event = match refused {
                        None => {
                            self.counters.published.fetch_add(1, Ordering::Relaxed);
                            LinkEvent::Published { token }
                        }
                        Some(trouble) => LinkEvent::PublishRefused { token, trouble },
                    };
                    self.tell(event);
                }
            }
            WireEvent::Subscribed { granted } => {
                for (filter, granted) in self.asked.pop_front().unwrap_or_default().into_iter().zip(granted) {
                    if !granted {
                        self.tell(LinkEvent::SubscriptionRefused { filter });
                    }
                }
            }
            WireEvent::Disconnected | WireEvent::Other => {}
        }
    }

    fn subscribe(&mut self, sender: &Sender, filters: Vec<String>) {
        if filters.is_empty() {
            return;
        }
        match sender.subscribe(&filters) {
            Ok(()) => self.asked.push_back(filters),
            // At most the window's publishes are in a queue four times as long.
            Err(wire::QueueFull) => tracing::error!(?filters, "a subscription could not be queued"),
        }
    }

    fn acknowledge(&self, sender: &Sender, receipts: &[MessageReceipt]) {
        for receipt in receipts.iter().filter(|receipt| receipt.connection == self.connection) {
            // The library's queue holds one for every packet id.
            if sender.acknowledge(receipt.packet_id).is_err() {
                tracing::error!("an acknowledgement could not be queued");
            }
        }
    }

    /// The broker keeps the subscriptions of former settings with the session.
    fn unsubscribe_former(&self, sender: &Sender, session_present: bool) {
        let SessionKind::Kept { former, .. } = &self.config.session else { return };
        let given_up = former.iter().filter(|filter| !self.config.subscriptions.contains(filter));
        for filter in given_up.filter(|_| session_present) {
            if sender.unsubscribe(filter).is_err() {
                tracing::error!(filter, "a former subscription could not be given up");
            }
        }
    }

    fn announce_birth(&mut self, sender: &Sender) {
        let Some(birth) = self.announcement.as_ref().map(Announcement::birth) else { return };
        self.announce(sender, &birth);
    }

    /// Queued like a subscription: never in our outbox, for it belongs to this connection alone.
    fn announce(&mut self, sender: &Sender, notice: &Notice) {
        match sender.publish(&notice.topic, &notice.payload, Qos::AtLeastOnce, true) {
            Ok(()) => self.outbox.handed_over_own(),
            Err(wire::QueueFull) => {
                tracing::error!(topic = notice.topic, "the host's state could not be queued")
            }
        }
    }

    /// Before a clean end, which leaves the will unspoken; a broker that does not answer is left.
    async fn announce_death(&mut self, sender: &Sender, poller: &mut Poller) {
        let Some(own) = self.announcement.take().filter(|_| self.counters.is_up.load(Ordering::Relaxed))
        else {
            return;
        };
        self.announce(sender, &own.death(self.clocks.wall()));
        let until = Instant::now() + Duration::from_secs(1);
        // The library writes in order: with the word of our end everything before it is gone too.
        while self.outbox.with_library() > 0 {
            let Ok(Ok(event)) = tokio::time::timeout_at(until, poller.poll(&self.config)).await else {
                return;
            };
            self.on_wire(event, sender);
        }
    }

    fn send_what_fits(&mut self, sender: &Sender) {
        if !self.counters.is_up.load(Ordering::Relaxed) || self.control.len() >= CONTROL_MAX {
            return;
        }
        while let Some(message) = self.outbox.next() {
            match sender.publish(&message.topic, &message.bytes, message.qos, message.retain) {
                Ok(()) => self.outbox.handed_over(),
                Err(wire::QueueFull) => break,
            }
        }
    }

    /// Telemetry gives way: where there is no room, it is counted and dropped.
    /// What has a receipt waits instead: the broker hands over no more of it than there are packet ids.
    fn deliver(&mut self, event: LinkEvent) {
        self.flush_control();
        if matches!(event, LinkEvent::Message { receipt: Some(_), .. }) {
            return self.tell(event);
        }
        if !self.control.is_empty() || self.channels.events.try_send(event).is_err() {
            self.counters.dropped.fetch_add(1, Ordering::Relaxed);
            if self.dropped_untold == 0 {
                self.control.push_back(LinkEvent::Overflow { dropped: 0 });
            }
            self.dropped_untold += 1;
        }
    }

    /// What must not be lost: it waits for room, in order.
    fn tell(&mut self, event: LinkEvent) {
        self.control.push_back(event);
        self.flush_control();
    }

    fn flush_control(&mut self) {
        while !self.control.is_empty() {
            let events = self.channels.events.clone();
            let Ok(permit) = events.try_reserve() else { break };
            if let Some(event) = self.next_control() {
                permit.send(event);
            }
        }
    }

    fn next_control(&mut self) -> Option<LinkEvent> {
        match self.control.pop_front() {
            Some(LinkEvent::Overflow { dropped: _ }) => {
                Some(LinkEvent::Overflow { dropped: std::mem::take(&mut self.dropped_untold) })
            }
            other => other,
        }
    }
}

/// A random number for the jitter; the standard library's hasher is seeded by the system.
fn random() -> u64 {
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
