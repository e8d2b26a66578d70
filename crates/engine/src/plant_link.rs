//! The loop between the plant's broker and the engine: values in, events of ours out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use millwright_local_db::DeliveryRow;
use millwright_model::{
    CacheTag, DeliveryId, DeliveryState, DeliveryTarget, Event, LinkState, Receipt, TimestampMs,
};
use millwright_plant::feed::{self, FeedSettings, PlantEvent};
use millwright_plant::link::{Credentials, Link, LinkConfig, OutgoingMessage, Publisher, Qos};
use millwright_plant::sparkplug::HostSettings;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use crate::delivering::LONGEST_WAIT_MS;
use crate::engine::Inner;
use crate::outbound::BrokerEvent;
use crate::{EngineError, disk};

/// Group commits of telemetry: at most ten a second.
const COMMIT_EVERY: Duration = Duration::from_millis(100);
/// How often the window is told of watched values.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// How often silence is looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// How often the journal is folded even when little comes in.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(300);
/// So many messages and events may wait between link, feed and engine.
const CAPACITY: usize = 65_536;
/// So many events of ours are with the broker at once.
const IN_FLIGHT_MAX: usize = 32;

/// How to reach the broker, with its secrets.
#[derive(Clone)]
pub(crate) struct PlantTarget {
    pub(crate) config: LinkConfig,
    pub(crate) credentials: Credentials,
}

/// What the loop waits for.
enum Wake {
    Shutdown,
    NewTarget,
    Plant(Option<PlantEvent>),
    Deliver,
    Tell,
    Sweep,
}

/// Runs until the engine ends: the historian beside it, a link whenever a broker is set up.
pub(crate) async fn run(engine: Arc<Inner>) {
    tokio::spawn(keep_history(engine.clone()));
    let mut generation = engine.plant_generation.subscribe();
    let mut shutdown = engine.shutdown.subscribe();
    while !*shutdown.borrow() {
        generation.borrow_and_update();
        let target = engine.plant_target.lock().ok().and_then(|target| target.clone());
        match target {
            Some(target) => Box::pin(run_link(&engine, target)).await,
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

async fn run_link(engine: &Arc<Inner>, target: PlantTarget) {
    let listen_only = target.config.listen_only;
    engine.set_plant_link(LinkState::Connecting);
    let started = Link::start(target.config, target.credentials, engine.live.clocks.clone(), CAPACITY);
    let (link, events) = match started {
        Ok(started) => started,
        Err(problem) => {
            engine.set_plant_link(LinkState::Down { since: engine.now(), problem: problem.to_string() });
            let mut generation = engine.plant_generation.subscribe();
            let mut shutdown = engine.shutdown.subscribe();
            tokio::select! {
                _ = shutdown.wait_for(|ended| *ended) => {}
                _changed = generation.changed() => {}
            }
            return;
        }
    };
    let settings = FeedSettings {
        sparkplug: HostSettings { listen_only, ..HostSettings::default() },
        ..FeedSettings::default()
    };
    let events = feed::start(events, link.publisher(), settings, engine.live.clocks.clone(), CAPACITY);
    let mut session = LinkSession {
        engine,
        publisher: link.publisher(),
        up: false,
        in_flight: HashMap::new(),
        next_token: 1,
    };
    session.run(events).await;
    session.forget_in_flight().await;
    link.shutdown().await;
}

/// One link from its start to its end.
struct LinkSession<'e> {
    engine: &'e Arc<Inner>,
    publisher: Publisher,
    up: bool,
    in_flight: HashMap<u64, DeliveryId>,
    next_token: u64,
}

impl LinkSession<'_> {
    async fn run(&mut self, mut events: mpsc::Receiver<PlantEvent>) {
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
                event = events.recv() => Wake::Plant(event),
                () = self.engine.wake_delivering.notified() => Wake::Deliver,
                _ = tell.tick() => Wake::Tell,
                _ = sweep.tick() => Wake::Sweep,
            };
            let outcome = match wake {
                Wake::Shutdown | Wake::NewTarget | Wake::Plant(None) => return,
                Wake::Plant(Some(event)) => self.on_event(event).await,
                Wake::Deliver => self.publish_due().await,
                Wake::Tell => {
                    self.tell_watched();
                    Ok(())
                }
                Wake::Sweep => {
                    self.engine.live.sweep();
                    self.publish_due().await
                }
            };
            if let Err(error) = outcome {
                tracing::error!("the plant's link goes on after: {error}");
            }
        }
    }

    async fn on_event(&mut self, event: PlantEvent) -> Result<(), EngineError> {
        match event {
            PlantEvent::Samples(samples) => self.engine.live.take(samples),
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
            PlantEvent::LinkUp => {
                self.up = true;
                self.engine.set_plant_link(LinkState::Up { since: self.engine.now() });
                self.publish_due().await?;
            }
            PlantEvent::LinkDown { problem, retry_in_ms: _ } => {
                self.up = false;
                self.engine.set_plant_link(LinkState::Down {
                    since: self.engine.now(),
                    problem: problem.to_string(),
                });
                self.forget_in_flight().await;
            }
            PlantEvent::Published { token } => self.published(token).await?,
            PlantEvent::PublishRefused { token, reason } => self.refused(token, &reason).await?,
            PlantEvent::SubscriptionRefused { filter } => {
                self.note("plant", &format!("the broker refuses the subscription «{filter}»")).await?;
            }
            PlantEvent::FilterQuarantined { filter, bytes } => {
                let message = format!(
                    "«{filter}» is left out: a message of {bytes} bytes lies behind it, above the limit of 16 MiB"
                );
                self.note("plant", &message).await?;
            }
            PlantEvent::Overflow { dropped } => self.engine.live.count_dropped(dropped),
            PlantEvent::Finding { topic, message, untold: _ } => {
                self.note("plant", &format!("{topic}: {message}")).await?
            }
        }
        Ok(())
    }

    fn tell_watched(&self) {
        let changes = self.engine.live.watched_changes();
        if !changes.is_empty() {
            self.engine.ports.shell.tell(Event::Live(changes));
        }
    }

    async fn note(&self, source: &str, message: &str) -> Result<(), EngineError> {
        let mut session = self.engine.database.write().await?;
        session.add_finding(source, message, self.engine.now()).await?;
        session.commit().await?;
        Ok(())
    }

    /// Hands the broker what is due. The same op always leaves as the same bytes, so sending it again is harmless.
    async fn publish_due(&mut self) -> Result<(), EngineError> {
        while self.up && self.in_flight.len() < IN_FLIGHT_MAX {
            let now = self.engine.now();
            let next = self
                .engine
                .database
                .read()
                .await?
                .next_delivery(DeliveryTarget::Broker, now, LONGEST_WAIT_MS)
                .await?;
            let Some(row) = next else { return Ok(()) };
            self.publish(row, now).await?;
        }
        Ok(())
    }

    async fn publish(&mut self, row: DeliveryRow, now: TimestampMs) -> Result<(), EngineError> {
        let delivery_id = row.delivery.delivery_id;
        let event: BrokerEvent = serde_json::from_slice(&row.planned.bytes)?;
        let mut session = self.engine.database.write().await?;
        session.mark_sending(delivery_id).await?;
        session.commit().await?;
        let token = self.next_token;
        self.next_token += 1;
        let message = OutgoingMessage {
            token,
            topic: event.topic,
            bytes: event.payload.into(),
            qos: Qos::AtLeastOnce,
            retain: false,
        };
        match self.publisher.publish(message) {
            Ok(()) => {
                self.in_flight.insert(token, delivery_id);
                Ok(())
            }
            Err(error) => {
                let mut session = self.engine.database.write().await?;
                session
                    .postpone_delivery(
                        delivery_id,
                        DeliveryState::Waiting,
                        Some(&error.to_string()),
                        now.plus_ms(5_000),
                        now,
                    )
                    .await?;
                session.commit().await?;
                Ok(())
            }
        }
    }

    async fn published(&mut self, token: u64) -> Result<(), EngineError> {
        let Some(delivery_id) = self.in_flight.remove(&token) else { return Ok(()) };
        let receipt = Receipt { message: "the broker has it".to_owned(), ..Receipt::default() };
        self.settle(delivery_id, DeliveryState::Done, Some(&receipt), None).await?;
        self.publish_due().await
    }

    async fn refused(&mut self, token: u64, reason: &str) -> Result<(), EngineError> {
        let Some(delivery_id) = self.in_flight.remove(&token) else { return Ok(()) };
        self.settle(delivery_id, DeliveryState::Rejected, None, Some(reason)).await
    }

    async fn settle(
        &self,
        delivery_id: DeliveryId,
        state: DeliveryState,
        receipt: Option<&Receipt>,
        error: Option<&str>,
    ) -> Result<(), EngineError> {
        let mut session = self.engine.database.write().await?;
        session.settle_delivery(delivery_id, state, receipt, error, self.engine.now()).await?;
        session.commit().await?;
        self.engine.tell_stale([CacheTag::Sync].into());
        Ok(())
    }

    /// What the broker has not acknowledged is sent again, with the same bytes.
    async fn forget_in_flight(&mut self) {
        let in_flight = std::mem::take(&mut self.in_flight);
        if in_flight.is_empty() {
            return;
        }
        let now = self.engine.now();
        let put_back = async {
            let mut session = self.engine.database.write().await?;
            for delivery_id in in_flight.values() {
                session.postpone_delivery(*delivery_id, DeliveryState::Waiting, None, now, now).await?;
            }
            session.commit().await
        };
        if let Err(error) = put_back.await {
            // At the next start «sending» becomes «unknown», which the broker gets again: nothing is lost.
            tracing::error!("events on their way could not be put back: {error}");
        }
    }
}

/// What the historian waits for.
enum HistorianWake {
    Shutdown,
    Commit,
    Checkpoint,
}

/// Writes what came in to history, at most ten times a second.
async fn keep_history(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    let mut commit = tokio::time::interval(COMMIT_EVERY);
    commit.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut checkpoint = tokio::time::interval(CHECKPOINT_EVERY);
    checkpoint.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let wake = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => HistorianWake::Shutdown,
            _ = commit.tick() => HistorianWake::Commit,
            _ = checkpoint.tick() => HistorianWake::Checkpoint,
        };
        let batch = engine.live.take_pending();
        if disk::is_low(&engine.path()) {
            // What is left belongs to what people record.
            engine.live.count_dropped(batch.len() as u64);
        } else if let Err(error) = engine.history.commit(&batch).await {
            engine.live.count_dropped(batch.len() as u64);
            tracing::error!("{} samples were not kept: {error}", batch.len());
        }
        match wake {
            HistorianWake::Shutdown => return,
            HistorianWake::Commit => {}
            HistorianWake::Checkpoint => {
                if let Err(error) = engine.history.checkpoint().await {
                    tracing::error!("history could not be folded: {error}");
                }
            }
        }
    }
}
