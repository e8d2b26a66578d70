//! A real mosquitto, and a plant that floods it: twelve machines with fifty tags each, numbered samples.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use millwright_model::*;
use rumqttc::{AsyncClient, Event, MqttOptions, Outgoing, QoS};

pub const MACHINES: usize = 12;
pub const TAGS: usize = 50;
pub const PER_SECOND: u64 = 10;

/// A mosquitto that ends with the test.
pub struct Broker {
    child: Option<Child>,
    pub port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _gone = child.kill().is_err();
            let _reaped = child.wait().is_err();
        }
    }
}

impl Broker {
    async fn run(&mut self) {
        let program = ["/usr/sbin/mosquitto", "mosquitto"]
            .into_iter()
            .find(|name| Path::new(name).is_file())
            .unwrap_or("mosquitto");
        let child = Command::new(program)
            .arg("-c")
            .arg(self.folder.path().join("mosquitto.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mosquitto is missing: `cargo xtask setup` installs it");
        self.child = Some(child);
        while tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn memory(&self) -> std::path::PathBuf {
        self.folder.path().join("mosquitto.db")
    }

    /// Ends it as a service manager does, so that it writes down what it keeps.
    pub fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        child.wait().unwrap();
        assert!(self.memory().is_file(), "mosquitto kept its sessions");
    }

    /// Starts it again without what it kept.
    pub async fn start_forgetful(&mut self) {
        std::fs::remove_file(self.memory()).unwrap();
        self.run().await;
    }
}

pub async fn broker() -> Broker {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // Started by root it would give up its rights and could not write its memory into the test's folder.
    let text = format!(
        "user root\nlistener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nsys_interval 1\n\
         persistence true\npersistence_location {}/\n",
        folder.path().display()
    );
    std::fs::write(folder.path().join("mosquitto.conf"), text).unwrap();
    let mut broker = Broker { child: None, port, folder };
    broker.run().await;
    broker
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

/// A connection that only listens to the namespace of the tests.
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
        sparkplug_host_id: None,
        tags_max: None,
        plain_reason: None,
    }
}
