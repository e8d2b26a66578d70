//! A real mosquitto, and a plant that floods it: twelve machines with fifty tags each, numbered samples.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use millwright_model::*;
use rumqttc::{AsyncClient, Event, MqttOptions, Outgoing, QoS};

pub const MACHINES: usize = 12;
pub const TAGS: usize = 50;
pub const PER_SECOND: u64 = 10;

pub struct Broker {
    child: Child,
    pub port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _gone = self.child.kill().is_err();
        let _reaped = self.child.wait().is_err();
    }
}

pub async fn broker() -> Broker {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let configuration = folder.path().join("mosquitto.conf");
    std::fs::write(
        &configuration,
        format!("listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nsys_interval 1\n"),
    )
    .unwrap();
    let program = ["/usr/sbin/mosquitto", "mosquitto"]
        .into_iter()
        .find(|name| Path::new(name).is_file())
        .unwrap_or("mosquitto");
    let child = Command::new(program)
        .arg("-c")
        .arg(&configuration)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("mosquitto is missing: `cargo xtask setup` installs it");
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Broker { child, port, _folder: folder }
}

/// The topic of a tag.
pub fn series(machine: usize, tag: usize) -> String {
    format!("umh/v1/flood/line/machine-{machine}/_raw/tag-{tag}")
}

/// Publishes numbered samples: sample n of every tag carries the value n and the time `start + n`.
pub async fn publish(port: u16, rounds: u64, start_ms: i64) {
    let mut options = MqttOptions::new("flood-publisher", "127.0.0.1", port);
    options.set_keep_alive(Duration::from_secs(30));
    let (client, mut poll) = AsyncClient::new(options, 10_000);
    let total = rounds * (MACHINES * TAGS) as u64;
    let sent = tokio::spawn(async move {
        let mut published = 0;
        while published < total {
            match poll.poll().await {
                Ok(Event::Outgoing(Outgoing::Publish(_))) => published += 1,
                Ok(_) => {}
                Err(error) => panic!("the publisher lost its broker: {error}"),
            }
        }
        // What the kernel still holds is on its way: only an acknowledged ping says that the broker has it.
        while !matches!(poll.poll().await, Ok(Event::Incoming(rumqttc::Packet::PubAck(_)))) {}
    });
    let mut tick = tokio::time::interval(Duration::from_millis(1000 / PER_SECOND));
    for round in 0..rounds {
        tick.tick().await;
        for machine in 0..MACHINES {
            for tag in 0..TAGS {
                let payload = format!("{{\"timestamp_ms\":{},\"value\":{round}}}", start_ms + round as i64);
                client.publish(series(machine, tag), QoS::AtMostOnce, false, payload).await.unwrap();
            }
        }
    }
    client.publish("umh/v1/flood/end", QoS::AtLeastOnce, false, "1").await.unwrap();
    sent.await.unwrap();
}

/// A listener on that broker, for everything in the flood.
pub fn connection(port: u16) -> PlantConnection {
    PlantConnection {
        host: "127.0.0.1".into(),
        port,
        transport: PlantTransport::Tcp,
        mqtt5: false,
        username: None,
        ca_pem: None,
        client_certificate_pem: None,
        filters: vec!["umh/v1/#".into()],
        event_root: None,
        listen_only: true,
        plain_reason: None,
    }
}
