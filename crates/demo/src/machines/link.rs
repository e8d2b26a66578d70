//! One connection to the broker: a task polls it, events come through a channel.

use std::time::Duration;

use bytes::Bytes;
use rumqttc::{AsyncClient, ClientError, Event, LastWill, MqttOptions, Packet, QoS};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Message;
use crate::ready::Credentials;

/// So many messages may wait to be sent.
const OUTBOX_MAX: usize = 200;

/// What happens on a connection.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LinkEvent {
    /// The broker accepted it.
    Up,
    /// Somebody published to what it subscribed to.
    Heard(Bytes),
    /// It is gone.
    Lost,
}

/// A connection; it ends when this is dropped.
pub(super) struct Link {
    client: AsyncClient,
    events: mpsc::Receiver<LinkEvent>,
    polling: JoinHandle<()>,
}

impl Link {
    pub fn open(port: u16, client_id: &str, credentials: &Credentials, will: Option<Message>) -> Self {
        let mut options = MqttOptions::new(client_id, "127.0.0.1", port);
        options.set_credentials(&credentials.username, &credentials.password);
        options.set_keep_alive(Duration::from_secs(30));
        if let Some(will) = will {
            options.set_last_will(LastWill::new(will.topic, will.payload, QoS::AtLeastOnce, false));
        }
        let (client, mut polled) = AsyncClient::new(options, OUTBOX_MAX);
        let (tell, events) = mpsc::channel(16);
        let polling = tokio::spawn(async move {
            loop {
                let event = match polled.poll().await {
                    Ok(Event::Incoming(Packet::ConnAck(_))) => LinkEvent::Up,
                    Ok(Event::Incoming(Packet::Publish(publish))) => LinkEvent::Heard(publish.payload),
                    Ok(Event::Incoming(_) | Event::Outgoing(_)) => continue,
                    Err(error) => {
                        tracing::warn!("a machine lost the broker: {error}");
                        LinkEvent::Lost
                    }
                };
                let lost = event == LinkEvent::Lost;
                if tell.send(event).await.is_err() || lost {
                    return;
                }
            }
        });
        Self { client, events, polling }
    }

    /// The next event. Cancel-safe.
    pub async fn event(&mut self) -> LinkEvent {
        self.events.recv().await.unwrap_or(LinkEvent::Lost)
    }

    pub async fn subscribe(&self, filter: String) -> Result<(), ClientError> {
        self.client.subscribe(filter, QoS::AtLeastOnce).await
    }

    pub async fn publish(&self, message: Message, qos: QoS) -> Result<(), ClientError> {
        self.client.publish_bytes(message.topic, qos, false, message.payload).await
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.polling.abort();
    }
}
