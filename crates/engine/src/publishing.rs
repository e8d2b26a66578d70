//! Events of ours on their way to the broker: a few at once, each marked before it leaves, put back when the link ends.

use std::collections::HashMap;

use millwright_local_db::DeliveryRow;
use millwright_model::{CacheTag, DeliveryId, DeliveryState, DeliveryTarget, Receipt, TimestampMs, Trouble};
use millwright_plant::link::{OutgoingMessage, PublishError, Publisher, Qos};

use crate::EngineError;
use crate::delivering::LONGEST_WAIT_MS;
use crate::engine::Inner;
use crate::outbound::BrokerEvent;

/// So many events of ours are with the broker at once.
const IN_FLIGHT_MAX: usize = 32;

/// The way out to the broker; what became of a message is told later, by its token.
pub trait Outlet: Send {
    /// Hands a message over.
    ///
    /// # Errors
    /// When it is not taken: then it did not leave.
    fn publish(&self, message: OutgoingMessage) -> Result<(), PublishError>;
}

impl Outlet for Publisher {
    fn publish(&self, message: OutgoingMessage) -> Result<(), PublishError> {
        Self::publish(self, message)
    }
}

/// What is on its way over one link.
pub(crate) struct Publishing<O> {
    outlet: O,
    in_flight: HashMap<u64, DeliveryId>,
    next_token: u64,
}

impl<O: Outlet> Publishing<O> {
    pub(crate) fn new(outlet: O) -> Self {
        Self { outlet, in_flight: HashMap::new(), next_token: 1 }
    }

    /// Hands the broker what is due. The same op always leaves as the same bytes, so sending it again is harmless.
    pub(crate) async fn publish_due(&mut self, engine: &Inner) -> Result<(), EngineError> {
        let in_flight: Vec<DeliveryId> = self.in_flight.values().copied().collect();
        engine.look_at_unnoted(DeliveryTarget::Broker, &in_flight).await?;
        while self.in_flight.len() < IN_FLIGHT_MAX && engine.speaks_outside() {
            let now = engine.now();
            let mut session = engine.database.read().await?;
            let next = session.next_delivery(DeliveryTarget::Broker, now, LONGEST_WAIT_MS).await?;
            drop(session);
            let Some(row) = next else { return Ok(()) };
            if let Err(error) = self.publish(engine, row, now).await {
                engine.could_not_note(DeliveryTarget::Broker);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn publish(
        &mut self,
        engine: &Inner,
        row: DeliveryRow,
        now: TimestampMs,
    ) -> Result<(), EngineError> {
        let delivery_id = row.delivery.delivery_id;
        let event: BrokerEvent = serde_json::from_slice(&row.planned.bytes)?;
        let mut session = engine.database.write().await?;
        if !session.mark_sending(&row.delivery).await? {
            return Ok(());
        }
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
        match self.outlet.publish(message) {
            Ok(()) => {
                self.in_flight.insert(token, delivery_id);
                Ok(())
            }
            Err(error) => {
                let mut session = engine.database.write().await?;
                session
                    .postpone_delivery(
                        delivery_id,
                        DeliveryState::Waiting,
                        Some(&error.trouble()),
                        now.plus_ms(5_000),
                        now,
                    )
                    .await?;
                session.commit().await?;
                Ok(())
            }
        }
    }

    /// The broker has a message.
    pub(crate) async fn published(&mut self, engine: &Inner, token: u64) -> Result<(), EngineError> {
        let receipt = Receipt { message: "the broker has it".to_owned(), ..Receipt::default() };
        self.settle(engine, token, DeliveryState::Done, Some(&receipt), None).await
    }

    /// The broker refuses a message: it waits for a person.
    pub(crate) async fn refused(
        &mut self,
        engine: &Inner,
        token: u64,
        trouble: &Trouble,
    ) -> Result<(), EngineError> {
        self.settle(engine, token, DeliveryState::Rejected, None, Some(trouble)).await
    }

    async fn settle(
        &mut self,
        engine: &Inner,
        token: u64,
        state: DeliveryState,
        receipt: Option<&Receipt>,
        trouble: Option<&Trouble>,
    ) -> Result<(), EngineError> {
        let Some(delivery_id) = self.in_flight.remove(&token) else { return Ok(()) };
        let note = async {
            let mut session = engine.database.write().await?;
            session.settle_delivery(delivery_id, state, receipt, trouble, engine.now()).await?;
            session.commit().await
        };
        if let Err(error) = note.await {
            engine.could_not_note(DeliveryTarget::Broker);
            return Err(error.into());
        }
        engine.tell_stale([CacheTag::Sync].into());
        Ok(())
    }

    /// What the broker has not acknowledged is sent again, with the same bytes.
    pub(crate) async fn forget_in_flight(&mut self, engine: &Inner) {
        let in_flight = std::mem::take(&mut self.in_flight);
        if in_flight.is_empty() {
            return;
        }
        let now = engine.now();
        let put_back = async {
            let mut session = engine.database.write().await?;
            for delivery_id in in_flight.values() {
                session.postpone_delivery(*delivery_id, DeliveryState::Waiting, None, now, now).await?;
            }
            session.commit().await
        };
        if let Err(error) = put_back.await {
            engine.could_not_note(DeliveryTarget::Broker);
            tracing::error!("events on their way could not be put back yet: {error}");
        }
    }
}
