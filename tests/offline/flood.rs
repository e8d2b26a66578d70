//! A plant at full speed: twelve machines with fifty tags each, ten values a second each, none lost.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use millwright_engine::{Engine, Handle, KeySource, NoShell, OpenOptions, Ports};
use millwright_model::*;
use rumqttc::{AsyncClient, Event, MqttOptions, Outgoing, QoS};

const MACHINES: usize = 12;
const TAGS: usize = 50;
const PER_SECOND: u64 = 10;

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

fn series(machine: usize, tag: usize) -> String {
    format!("umh/v1/flood/line/machine-{machine}/_raw/tag-{tag}")
}

/// Publishes numbered samples: sample n of every tag carries the value n and the time `start + n`.
async fn publish(port: u16, rounds: u64, start_ms: i64) {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_thousand_values_a_second_are_kept_and_none_is_lost() {
    let seconds = if std::env::var_os("MILLWRIGHT_LONG").is_some() { 60 } else { 20 };
    let rounds = seconds * PER_SECOND;
    let broker = broker().await;
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        path: folder.path().join("data"),
        face: "test".into(),
        key_source: KeySource::Given([3; 32]),
        demo_program: None,
        connect: true,
        erp: None,
    };
    let engine = Engine::open(options, Ports::real(Arc::new(NoShell))).await.unwrap();
    engine.handle(PlantStart { plant_name: "Flood".into() }).await.unwrap();
    let connection = PlantConnection {
        host: "127.0.0.1".into(),
        port: broker.port,
        transport: PlantTransport::Tcp,
        mqtt5: false,
        username: None,
        ca_pem: None,
        client_certificate_pem: None,
        filters: vec!["umh/v1/#".into()],
        event_root: None,
        listen_only: true,
        plain_reason: None,
    };
    engine
        .handle(PlantConnectionSave { connection: Some(connection), password: None, client_key_pem: None })
        .await
        .unwrap();
    while !matches!(engine.handle(AppStatus {}).await.unwrap().sync.plant, LinkState::Up { .. }) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let start_ms = engine.handle(AppStatus {}).await.unwrap().now.0 - 1_000_000;
    publish(broker.port, rounds, start_ms).await;
    let wanted = rounds * (MACHINES * TAGS) as u64 + 1;
    let mut waited = 0;
    while engine.history_statistics().await.kept < wanted && waited < 600 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        waited += 1;
    }
    let status = engine.handle(AppStatus {}).await.unwrap().sync;
    assert_eq!(status.samples_dropped, 0, "nothing gave way");
    for machine in 0..MACHINES {
        for tag in 0..TAGS {
            let key = SeriesKey(format!("uns:{}", series(machine, tag)));
            let trend = engine
                .handle(TagHistory {
                    series: key.clone(),
                    from: TimestampMs(start_ms),
                    to: TimestampMs(start_ms + rounds as i64),
                    buckets: rounds as u32,
                })
                .await
                .unwrap();
            let values: Vec<i64> = trend.buckets.iter().map(|bucket| bucket.min as i64).collect();
            assert_eq!(values, (0..rounds as i64).collect::<Vec<_>>(), "{key}: every number once, no gap");
        }
    }
    engine.close().await.unwrap();
}
