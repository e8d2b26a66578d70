//! Documents written together: what somebody writes on a board or in a model is said at once over the plant's broker to the
//! other devices of the team, also where the node is out of reach. At rest it comes through the node or by file, as all
//! records do; what came this way before is the same update, signed by the device that wrote it.
//!
//! Nothing here is a value of the plant: it is sealed with the team's key and goes over a topic and a connection of its own,
//! and over none where the broker is only listened to.

mod key;
mod letter;
mod talk;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) use key::{KEY, forget_key, hear_key, own_key, renew_key};
use letter::Sealer;
use millwright_model::{DeviceId, DocumentUpdate, TimestampMs};
use millwright_plant::link::{Link, LinkConfig, LinkEvent, OutgoingMessage, Publisher, Qos, SessionKind};
use talk::Talk;
use tokio::sync::{broadcast, watch};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::EngineError;
use crate::engine::Inner;
use crate::plant_link::PlantTarget;

/// How often a device says how its documents stand.
const STAND_EVERY: Duration = Duration::from_secs(10);
/// A device that said nothing for so long is not there.
const AWAY_AFTER_MS: i64 = 35_000;
/// So many updates may wait to be said; with more, the next round of standing makes up for it.
const WAITING_MAX: usize = 1_024;
/// So many messages may wait to be heard.
const CAPACITY: usize = 1_024;
/// The largest message.
const MESSAGE_MAX_BYTES: u32 = 2 * 1024 * 1024;

/// What the engine keeps of it.
pub(crate) struct Together {
    /// What was written here a moment ago.
    wrote: broadcast::Sender<DocumentUpdate>,
    /// The team's key came, or another one.
    key_news: watch::Sender<u64>,
    /// Who was heard lately, and of which documents.
    heard: Mutex<BTreeMap<(Uuid, DeviceId), TimestampMs>>,
}

impl Default for Together {
    fn default() -> Self {
        Self {
            wrote: broadcast::channel(WAITING_MAX).0,
            key_news: watch::channel(0).0,
            heard: Mutex::default(),
        }
    }
}

impl Together {
    /// Says what was written and is durable. Where nobody listens it is said with the next round.
    pub(crate) fn say(&self, update: DocumentUpdate) {
        let _nobody_listens = self.wrote.send(update).is_err();
    }

    /// Notes that a device has a document open; answers whether that is news.
    fn heard(&self, document_id: Uuid, device_id: DeviceId, now: TimestampMs) -> bool {
        let Ok(mut heard) = self.heard.lock() else { return false };
        heard.insert((document_id, device_id), now).is_none()
    }

    /// Forgets who said nothing for a while; answers of which documents.
    fn forget_silent(&self, now: TimestampMs) -> Vec<Uuid> {
        let Ok(mut heard) = self.heard.lock() else { return Vec::new() };
        let is_there = |at: &TimestampMs| now.since_ms(*at) < AWAY_AFTER_MS;
        let silent = heard.iter().filter(|(_, at)| !is_there(at)).map(|((document_id, _), _)| *document_id);
        let silent = silent.collect();
        heard.retain(|_, at| is_there(at));
        silent
    }

    /// Whether a device was heard lately, whatever it wrote in.
    fn is_there(&self, device_id: DeviceId, now: TimestampMs) -> bool {
        let there = |(known, at): (&(Uuid, DeviceId), &TimestampMs)| {
            known.1 == device_id && now.since_ms(*at) < AWAY_AFTER_MS
        };
        self.heard.lock().is_ok_and(|heard| heard.iter().any(there))
    }

    /// On how many other devices a document is open to what is written here.
    pub(crate) fn devices_with(&self, document_id: Uuid, now: TimestampMs) -> u32 {
        let there = |(known, at): &(&(Uuid, DeviceId), &TimestampMs)| {
            known.0 == document_id && now.since_ms(**at) < AWAY_AFTER_MS
        };
        self.heard.lock().map_or(0, |heard| heard.iter().filter(there).count() as u32)
    }
}

/// The topic over which a team talks. Values of the plant have no business there, nor this among them.
fn topic_of(team_id: Uuid) -> String {
    format!("{}/{team_id}", millwright_plant::TOGETHER_TOPIC)
}

/// Runs until the engine ends: a link while there is a broker that may be spoken to, and a team.
pub(crate) async fn run(engine: Arc<Inner>) {
    let mut generation = engine.plant_generation.subscribe();
    let mut keys = engine.together.key_news.subscribe();
    let mut team = engine.team.changed.subscribe();
    let mut shutdown = engine.shutdown.subscribe();
    while !*shutdown.borrow() {
        generation.borrow_and_update();
        keys.borrow_and_update();
        team.borrow_and_update();
        let target = engine.plant_target.lock().ok().and_then(|target| target.clone());
        let sealer = match engine.team.id() {
            Some(team_id) => Sealer::of(&engine, team_id).await.unwrap_or_else(|error| {
                tracing::error!("the team's key: {error}");
                None
            }),
            None => None,
        };
        if let (Some(target), Some(sealer)) = (target.filter(|target| !target.config.listen_only), sealer)
            && let Err(error) = run_link(&engine, &target, sealer).await
        {
            tracing::warn!("what is written is not said over the broker: {error}");
        }
        // One that fell over is tried again by the clock, one that has no reason to be only with news.
        tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => {}
            _changed = generation.changed() => {}
            _changed = keys.changed() => {}
            _changed = team.changed() => {}
            () = tokio::time::sleep(STAND_EVERY) => {}
        }
    }
}

/// The connection for it.
fn config_of(target: &PlantTarget, topic: &str) -> LinkConfig {
    let mut config = target.config.clone();
    config.client_id.push_str("-together");
    config.subscriptions = vec![topic.to_owned()];
    config.sparkplug_host_id = None;
    config.session = SessionKind::Clean;
    config.max_packet_bytes = MESSAGE_MAX_BYTES;
    config
}

enum Wake {
    End,
    Link(Option<LinkEvent>),
    Wrote(Option<DocumentUpdate>),
    Stand,
}

async fn run_link(engine: &Arc<Inner>, target: &PlantTarget, sealer: Sealer) -> Result<(), EngineError> {
    let topic = topic_of(sealer.team_id());
    let mut wrote = engine.together.wrote.subscribe();
    let mut generation = engine.plant_generation.subscribe();
    let mut keys = engine.together.key_news.subscribe();
    let mut team = engine.team.changed.subscribe();
    let mut shutdown = engine.shutdown.subscribe();
    generation.borrow_and_update();
    keys.borrow_and_update();
    team.borrow_and_update();
    let clocks = engine.live.clocks.clone();
    let (link, mut events) =
        Link::start(config_of(target, &topic), target.credentials.clone(), clocks, CAPACITY)
            .map_err(EngineError::internal)?;
    let mut talk = Talk::new(engine, sealer, Outlet { publisher: link.publisher(), topic, next_token: 0 });
    let mut stand = tokio::time::interval(STAND_EVERY);
    stand.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let wake = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => Wake::End,
            _changed = generation.changed() => Wake::End,
            _changed = keys.changed() => Wake::End,
            _changed = team.changed() => Wake::End,
            event = events.recv() => Wake::Link(event),
            update = wrote.recv() => Wake::Wrote(update.ok()),
            _ = stand.tick() => Wake::Stand,
        };
        let outcome = match wake {
            Wake::End | Wake::Link(None) => break,
            Wake::Link(Some(LinkEvent::Up { .. })) | Wake::Stand => talk.stand().await,
            Wake::Link(Some(LinkEvent::Message { payload, .. })) => talk.hear(&payload).await,
            Wake::Link(Some(_other)) => Ok(()),
            Wake::Wrote(Some(update)) => talk.say(update),
            // More was written than waits: how the documents stand says it.
            Wake::Wrote(None) => talk.stand().await,
        };
        if let Err(error) = outcome {
            tracing::warn!("documents written together go on after: {error}");
        }
    }
    link.shutdown().await;
    Ok(())
}

/// The way to the others.
struct Outlet {
    publisher: Publisher,
    topic: String,
    next_token: u64,
}

impl Outlet {
    /// Hands a message over; where the link is full or down, the next round of standing makes up for it.
    fn publish(&mut self, bytes: Vec<u8>) {
        let token = self.next_token;
        self.next_token += 1;
        let topic = self.topic.clone();
        let message =
            OutgoingMessage { token, topic, bytes: bytes.into(), qos: Qos::AtMostOnce, retain: false };
        if let Err(error) = self.publisher.publish(message) {
            tracing::debug!("not said over the broker: {error}");
        }
    }
}

/// A message on the team's topic, for the fuzz target.
pub(crate) fn fuzzed(bytes: &[u8]) {
    letter::fuzzed(bytes);
}
