//! Somebody else at the plant's broker: hears the events of work as any consumer would, and knows nothing of ours.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millwright_model::DemoReady;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::Value as Json;

/// What was heard so far, by op id; the same op a second time is dropped, as consumers do.
#[derive(Clone, Default)]
pub struct Listener {
    heard: Arc<Mutex<BTreeMap<String, Json>>>,
}

impl Listener {
    /// Begins to listen under `root`; when this answers, nothing is missed.
    pub async fn at(plant: &DemoReady, root: &str) -> Self {
        let listener = Self::default();
        let mut options = MqttOptions::new("somebody-else", "127.0.0.1", plant.mqtt_port);
        options.set_credentials(&plant.mqtt_username, &plant.mqtt_password);
        options.set_keep_alive(Duration::from_secs(60));
        let (client, mut poll) = AsyncClient::new(options, 100);
        client.subscribe(format!("{root}/_maintenance_v1/#"), QoS::AtLeastOnce).await.unwrap();
        let ears = listener.heard.clone();
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        let mut ready = Some(ready);
        tokio::spawn(async move {
            // The client ends the connection when it is dropped.
            let _client = client;
            loop {
                match poll.poll().await {
                    Ok(Event::Incoming(Packet::SubAck(_))) => {
                        let _told = ready.take().map(|ready| ready.send(()));
                    }
                    Ok(Event::Incoming(Packet::Publish(message))) => {
                        let event: Json = serde_json::from_slice(&message.payload).unwrap();
                        let op_id = event["op_id"].as_str().unwrap_or_default().to_owned();
                        ears.lock().unwrap().entry(op_id).or_insert(event);
                    }
                    Ok(_) => {}
                    Err(_ended) => return,
                }
            }
        });
        is_ready.await.unwrap();
        listener
    }

    /// The event of an op, once it was heard.
    pub fn event(&self, op_id: &str) -> Option<Json> {
        self.heard.lock().unwrap().get(op_id).cloned()
    }
}
