//! The loop between the plant's broker and the engine: values in, events of ours out.
//!
//! Two connections: one with a session that the broker keeps, for the values of the Unified Namespace, which are
//! acknowledged once they are on the disk; and a clean one for Sparkplug, whose standard wants it so, and for our own
//! events, which are never mixed with what is read.

use std::sync::Arc;
use std::time::Duration;

use millwright_model::{CacheTag, Event, LinkState, MessageFault, Trouble};
use millwright_plant::feed::{self, FeedSettings, PlantEvent, RefusedMessages};
use millwright_plant::link::{
    Credentials, Link, LinkConfig, ProtocolVersion, Publisher, RECEIVE_MAXIMUM, SessionKind, forget_session,
};
use millwright_plant::sparkplug::HostSettings;
use millwright_plant::sparkplug::topic::{hears_beside_sparkplug, sparkplug_part};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use crate::engine::Inner;
use crate::publishing::Publishing;
use crate::{EngineError, historian};

/// How often the window is told of watched values.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// How often silence is looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// So many messages and events may wait between link, feed and engine.
const CAPACITY: usize = 65_536;

/// How to reach the broker, with its secrets.
#[derive(Clone)]
pub(crate) struct PlantTarget {
    pub(crate) config: LinkConfig,
    pub(crate) credentials: Credentials,
    /// The most tags that are kept.
    pub(crate) tags_max: usize,
}

impl PlantTarget {
    /// The connection for Sparkplug and for our events.
    fn clean(&self) -> LinkConfig {
        let mut config = self.config.clone();
        config.subscriptions =
            self.config.subscriptions.iter().filter_map(|filter| sparkplug_part(filter)).collect();
        config
    }

    /// The connection whose session the broker keeps; nothing when only Sparkplug is heard.
    fn held(&self, former: Vec<String>) -> Option<LinkConfig> {
        let mut config = self.config.clone();
        config.subscriptions.retain(|filter| hears_beside_sparkplug(filter));
        config.client_id.push_str("-history");
        config.sparkplug_host_id = None;
        config.listen_only = true;
        config.session = SessionKind::kept(former);
        (!config.subscriptions.is_empty()).then_some(config)
    }

    /// How many messages the broker may hand over before our word, where the protocol says so.
    fn window(&self) -> Option<u16> {
        match self.config.protocol {
            ProtocolVersion::V311 => None,
            ProtocolVersion::V5 => Some(RECEIVE_MAXIMUM),
        }
    }
}

/// The session that a broker keeps for this device, as this device remembers it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct KeptSession {
    host: String,
    port: u16,
    client_id: String,
    /// What the broker may hold subscriptions for.
    filters: Vec<String>,
    /// Whether there was ever a connection: only then can the broker have forgotten it.
    seen: bool,
}

impl KeptSession {
    const SETTING: &str = "plant_session";

    fn is_of(&self, config: &LinkConfig) -> bool {
        (self.host.as_str(), self.port, self.client_id.as_str())
            == (config.host.as_str(), config.port, config.client_id.as_str())
    }
}

/// What the loop waits for.
enum Wake {
    Shutdown,
    NewTarget,
    Clean(Option<PlantEvent>),
    Held(Option<PlantEvent>),
    Deliver,
    Tell,
    Sweep,
}

/// Runs until the engine ends: the historian beside it, a link whenever a broker is set up.
pub(crate) async fn run(engine: Arc<Inner>) {
    tokio::spawn(historian::run(engine.clone()));
    let mut generation = engine.plant_generation.subscribe();
    let mut shutdown = engine.shutdown.subscribe();
    let mut before: Option<PlantTarget> = None;
    while !*shutdown.borrow() {
        generation.borrow_and_update();
        let target = engine.plant_target.lock().ok().and_then(|target| target.clone());
        forget_former_broker(before.take(), target.as_ref());
        before.clone_from(&target);
        match target {
            Some(target) => {
                if let Err(trouble) = Box::pin(run_links(&engine, target)).await {
                    engine.set_plant_link(LinkState::down(engine.now(), trouble));
                    wait_for_news(&engine).await;
                }
            }
            None => {
                engine.set_plant_link(LinkState::NotConfigured);
                tokio::select! {
                    _ = shutdown.wait_for(|ended| *ended) => {}
                    _changed = generation.changed() => {}
                }
            }
        }
    }
}

/// A broker that we leave should not collect messages for us.
fn forget_former_broker(before: Option<PlantTarget>, now: Option<&PlantTarget>) {
    let Some(before) = before else { return };
    let Some(held) = before.held(Vec::new()) else { return };
    let stays = now
        .and_then(|now| now.held(Vec::new()))
        .is_some_and(|now| (&now.host, now.port, &now.client_id) == (&held.host, held.port, &held.client_id));
    if stays {
        return;
    }
    tokio::spawn(async move {
        if let Err(problem) = forget_session(&held, &before.credentials).await {
            tracing::warn!(%problem, "the former broker keeps its session until it forgets by itself");
        }
    });
}

async fn wait_for_news(engine: &Inner) {
    let mut generation = engine.plant_generation.subscribe();
    let mut shutdown = engine.shutdown.subscribe();
    tokio::select! {
        _ = shutdown.wait_for(|ended| *ended) => {}
        _changed = generation.changed() => {}
    }
}

/// Runs both links until the target changes or the engine ends; says why when one cannot start.
async fn run_links(engine: &Arc<Inner>, target: PlantTarget) -> Result<(), Trouble> {
    engine.set_plant_link(LinkState::Connecting);
    let clocks = engine.live.clocks.clone();
    let mut kept = kept_session(engine).await.map_err(|error| error.to_string())?;
    let held_config = target.held(kept.filters.clone());
    if let Some(config) = &held_config {
        if !kept.is_of(config) {
            kept = KeptSession {
                host: config.host.clone(),
                port: config.port,
                client_id: config.client_id.clone(),
                ..KeptSession::default()
            };
        }
        // Remembered before they are asked for: whatever happens then, what the broker holds can be given up.
        let new: Vec<String> =
            config.subscriptions.iter().filter(|filter| !kept.filters.contains(filter)).cloned().collect();
        kept.filters.extend(new);
        remember(engine, &kept).await.map_err(|error| error.to_string())?;
    }
    let clean = target.clean();
    let sparkplug = HostSettings { listen_only: clean.listen_only, ..HostSettings::default() };
    let start = |config| {
        Link::start(config, target.credentials.clone(), clocks.clone(), CAPACITY)
            .map_err(|problem| problem.trouble())
    };
    let (clean_link, events) = start(clean)?;
    let settings = FeedSettings { sparkplug: Some(sparkplug), uns: None };
    let clean_events = feed::start(events, clean_link.publisher(), settings, clocks.clone(), CAPACITY);
    let (held_link, held_events) = match held_config {
        Some(config) => {
            let (link, events) = start(config)?;
            let settings = FeedSettings { sparkplug: None, ..FeedSettings::default() };
            let events = feed::start(events, link.publisher(), settings, clocks.clone(), CAPACITY);
            (Some(link), Some(events))
        }
        None => (None, None),
    };
    let acknowledger = held_link.as_ref().map(Link::acknowledger);
    engine.live.acknowledge_through(acknowledger, target.window());
    engine.live.keep_at_most(target.tags_max);
    let mut session = LinkSession {
        engine,
        publishing: Publishing::new(clean_link.publisher()),
        clean: Side::Starting,
        held: if held_link.is_some() { Side::Starting } else { Side::Up },
        kept,
        subscriptions: target.held(Vec::new()).map(|config| config.subscriptions).unwrap_or_default(),
        tags_max: target.tags_max,
        refused_told: engine.live.refused(),
    };
    session.run(clean_events, held_events).await;
    session.publishing.forget_in_flight(engine).await;
    engine.live.acknowledge_through(None, None);
    if let Some(link) = held_link {
        link.shutdown().await;
    }
    clean_link.shutdown().await;
    Ok(())
}

async fn kept_session(engine: &Inner) -> Result<KeptSession, EngineError> {
    Ok(engine.database.read().await?.setting(KeptSession::SETTING).await?.unwrap_or_default())
}

async fn remember(engine: &Inner, kept: &KeptSession) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    session.set_setting(KeptSession::SETTING, kept).await?;
    session.commit().await?;
    Ok(())
}

/// The next event of the kept session; waits for ever where there is none.
async fn next_of(events: &mut Option<mpsc::Receiver<PlantEvent>>) -> Option<PlantEvent> {
    match events {
        Some(events) => events.recv().await,
        None => std::future::pending().await,
    }
}

/// How one of the two connections stands.
#[derive(Clone, Debug, PartialEq)]
enum Side {
    Starting,
    Up,
    Down(Trouble),
}

/// One link from its start to its end.
struct LinkSession<'e> {
    engine: &'e Arc<Inner>,
    publishing: Publishing<Publisher>,
    clean: Side,
    held: Side,
    kept: KeptSession,
    /// What the kept session hears.
    subscriptions: Vec<String>,
    tags_max: usize,
    refused_told: u64,
}

impl LinkSession<'_> {
    async fn run(
        &mut self,
        mut clean: mpsc::Receiver<PlantEvent>,
        mut held: Option<mpsc::Receiver<PlantEvent>>,
    ) {
        let mut shutdown = self.engine.shutdown.subscribe();
        let mut generation = self.engine.plant_generation.subscribe();
        generation.borrow_and_update();
        let mut tell = tokio::time::interval(TELL_EVERY);
        tell.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sweep = tokio::time::interval(SWEEP_EVERY);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let wake = tokio::select! {
                _ = shutdown.wait_for(|ended| *ended) => Wake::Shutdown,
                _changed = generation.changed() => Wake::NewTarget,
                event = clean.recv() => Wake::Clean(event),
                event = next_of(&mut held) => Wake::Held(event),
                () = self.engine.wake_delivering.notified() => Wake::Deliver,
                _ = tell.tick() => Wake::Tell,
                _ = sweep.tick() => Wake::Sweep,
            };
            let outcome = match wake {
                Wake::Shutdown | Wake::NewTarget | Wake::Clean(None) | Wake::Held(None) => return,
                Wake::Clean(Some(event)) => self.on_clean(event).await,
                Wake::Held(Some(event)) => self.on_held(event).await,
                Wake::Deliver => self.publish_due().await,
                Wake::Tell => {
                    self.tell_watched();
                    Ok(())
                }
                Wake::Sweep => {
                    self.engine.live.sweep();
                    self.note_refused().await.and(self.publish_due().await)
                }
            };
            if let Err(error) = outcome {
                tracing::error!("the plant's link goes on after: {error}");
            }
        }
    }

    /// What the connection for Sparkplug and our events says.
    async fn on_clean(&mut self, event: PlantEvent) -> Result<(), EngineError> {
        match event {
            PlantEvent::LinkUp { session_present: _ } => {
                self.clean = Side::Up;
                self.tell_state();
                self.publish_due().await
            }
            PlantEvent::LinkDown { problem, retry_in_ms: _ } => {
                self.clean = Side::Down(problem.trouble());
                self.tell_state();
                self.publishing.forget_in_flight(self.engine).await;
                Ok(())
            }
            PlantEvent::Published { token } => self.published(token).await,
            PlantEvent::PublishRefused { token, trouble } => {
                self.publishing.refused(self.engine, token, &trouble).await
            }
            other => self.on_heard(other).await,
        }
    }

    /// What the connection whose session the broker keeps says.
    async fn on_held(&mut self, event: PlantEvent) -> Result<(), EngineError> {
        match event {
            PlantEvent::LinkUp { session_present } => {
                self.held = Side::Up;
                self.tell_state();
                self.on_session(session_present).await
            }
            PlantEvent::LinkDown { problem, retry_in_ms: _ } => {
                self.held = Side::Down(problem.trouble());
                self.tell_state();
                Ok(())
            }
            other => self.on_heard(other).await,
        }
    }

    async fn on_heard(&mut self, event: PlantEvent) -> Result<(), EngineError> {
        match event {
            PlantEvent::Samples(samples) => self.engine.live.take(samples),
            PlantEvent::Held { samples, receipts } => self.engine.live.take_held(samples, receipts),
            PlantEvent::Stale { scope, reason } => self.engine.live.mark_stale(&scope, reason),
            PlantEvent::Born { source, metrics } => {
                tracing::info!("{} was born with {metrics} metrics", source.0);
                self.engine.tell_stale([CacheTag::Tags].into());
            }
            PlantEvent::RebirthWithheld { source, reason } => {
                let message = format!(
                    "{} should be asked for its birth ({reason:?}), but this link only listens",
                    source.0
                );
                self.note("plant", &message).await?;
            }
            PlantEvent::SubscriptionRefused { filter } => {
                self.note("plant", &format!("the broker refuses the subscription «{filter}»")).await?;
            }
            PlantEvent::Refused(RefusedMessages { count, topic, fault }) => {
                self.engine.live.count_refused(count, topic, fault);
            }
            PlantEvent::FilterQuarantined { filter, bytes } => {
                self.engine.live.count_refused(1, filter.clone(), MessageFault::LeftOut { bytes });
                let message = format!(
                    "«{filter}» is left out: a message of {bytes} bytes lies behind it, above the limit of 16 MiB"
                );
                self.note("plant", &message).await?;
            }
            PlantEvent::Overflow { dropped } => self.engine.live.count_dropped(dropped),
            PlantEvent::Finding { topic, message, untold: _ } => {
                self.note("plant", &format!("{topic}: {message}")).await?
            }
            // Each connection's own: never heard here.
            PlantEvent::LinkUp { .. }
            | PlantEvent::LinkDown { .. }
            | PlantEvent::Published { .. }
            | PlantEvent::PublishRefused { .. } => {}
        }
        Ok(())
    }

    /// The broker kept our session, or it did not: then what was said while we were away is not in history.
    async fn on_session(&mut self, present: bool) -> Result<(), EngineError> {
        if self.kept.seen && !present {
            self.engine.live.held().count_forgotten();
            let message = "The broker had forgotten what it keeps for this device. Values that were sent while \
                           this device was not connected are not in history; records are not touched.";
            tracing::warn!("{message}");
            self.note("plant", message).await?;
            self.engine.tell_stale([CacheTag::Sync].into());
        }
        let now = KeptSession { filters: self.subscriptions.clone(), seen: true, ..self.kept.clone() };
        if now != self.kept {
            remember(self.engine, &now).await?;
            self.kept = now;
        }
        Ok(())
    }

    fn tell_state(&self) {
        let state = match (&self.clean, &self.held) {
            (Side::Down(trouble), _) | (_, Side::Down(trouble)) => {
                LinkState::down(self.engine.now(), trouble.clone())
            }
            (Side::Starting, _) | (_, Side::Starting) => LinkState::Connecting,
            (Side::Up, Side::Up) => LinkState::Up { since: self.engine.now() },
        };
        self.engine.set_plant_link(state);
    }

    fn tell_watched(&self) {
        let changes = self.engine.live.watched_changes();
        if !changes.is_empty() {
            self.engine.ports.shell.tell(Event::Live(changes));
        }
    }

    /// Tells that there are more tags than are kept; again only while more values of them come.
    async fn note_refused(&mut self) -> Result<(), EngineError> {
        let refused = self.engine.live.refused();
        if refused == self.refused_told {
            return Ok(());
        }
        let told_before = std::mem::replace(&mut self.refused_told, refused);
        let first = self.engine.live.first_refused();
        tracing::warn!(refused = refused - told_before, "values of tags beyond the most that are kept");
        let message = format!(
            "There are more tags than the {} that are kept; values of the others are refused, the first was «{}». \
             Listen to narrower topic filters, or raise `tags_max` of the connection.",
            self.tags_max,
            first.map_or_else(String::new, |series| series.0)
        );
        self.note("plant", &message).await
    }

    async fn note(&self, source: &str, message: &str) -> Result<(), EngineError> {
        let mut session = self.engine.database.write().await?;
        session.add_finding(source, message, self.engine.now()).await?;
        session.commit().await?;
        Ok(())
    }

    async fn publish_due(&mut self) -> Result<(), EngineError> {
        if self.clean != Side::Up {
            return Ok(());
        }
        self.publishing.publish_due(self.engine).await
    }

    async fn published(&mut self, token: u64) -> Result<(), EngineError> {
        self.publishing.published(self.engine, token).await?;
        self.publish_due().await
    }
}
