//! Values that the broker holds for us: none is lost when the node is killed before they are on the disk, and a
//! broker that has forgotten them stops nothing.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rumqttc::{AsyncClient, Event, MqttOptions, Outgoing, Packet, QoS};
use serde_json::{Value as Json, json};

use crate::kills::{Luck, Node, PATIENCE, drained, listen, write_json};
use crate::mosquitto::{Broker, broker};

const TAGS: u64 = 20;

fn topic(tag: u64) -> String {
    format!("umh/v1/held/line/machine/_raw/tag-{tag}")
}

/// Publishes numbered values with QoS 1 until it is told to end: value n of every tag carries the time `start + n`.
struct Machine {
    end: Arc<AtomicBool>,
    rounds: Arc<AtomicU64>,
    task: tokio::task::JoinHandle<()>,
}

impl Machine {
    fn start(port: u16, start_ms: i64) -> Self {
        let (end, rounds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let task = tokio::spawn(publish(port, start_ms, end.clone(), rounds.clone()));
        Self { end, rounds, task }
    }

    /// Ends it once the broker has acknowledged everything; returns how many rounds it was given.
    async fn stop(self) -> u64 {
        self.end.store(true, Ordering::Relaxed);
        self.task.await.unwrap();
        self.rounds.load(Ordering::Relaxed)
    }
}

async fn publish(port: u16, start_ms: i64, end: Arc<AtomicBool>, rounds: Arc<AtomicU64>) {
    let mut options = MqttOptions::new("machine", "127.0.0.1", port);
    options.set_keep_alive(Duration::from_secs(30));
    let (client, mut poll) = AsyncClient::new(options, 1_000);
    let acknowledged = tokio::spawn(async move {
        let mut open = 0_u64;
        loop {
            match poll.poll().await {
                Ok(Event::Outgoing(Outgoing::Publish(_))) => open += 1,
                Ok(Event::Incoming(Packet::PubAck(_))) => open -= 1,
                Ok(Event::Outgoing(Outgoing::Disconnect)) => return open,
                Ok(_) => {}
                Err(error) => panic!("the machine lost its broker: {error}"),
            }
        }
    });
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while !end.load(Ordering::Relaxed) {
        tick.tick().await;
        let round = rounds.load(Ordering::Relaxed);
        for tag in 0..TAGS {
            let payload = format!("{{\"timestamp_ms\":{},\"value\":{round}}}", start_ms + round as i64);
            client.publish(topic(tag), QoS::AtLeastOnce, false, payload).await.unwrap();
        }
        rounds.store(round + 1, Ordering::Relaxed);
    }
    // The last round's acknowledgements are on their way still.
    tokio::time::sleep(Duration::from_millis(500)).await;
    client.disconnect().await.unwrap();
    assert_eq!(acknowledged.await.unwrap(), 0, "the broker was given every value");
}

fn connect(folder: &std::path::Path, node: &Node, broker: &Broker, mqtt5: bool) {
    let plant = json!({"host": "127.0.0.1", "port": broker.port, "transport": "tcp", "mqtt5": mqtt5,
        "filters": ["umh/v1/#"], "event_root": "umh/v1/kills", "listen_only": false});
    node.must(&["config", "plant", &write_json(folder, "plant.json", &plant)], "");
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "it never came about: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn up(node: &Node) {
    until("the link is up", || node.ask(&["sync", "status"])["plant"]["state"] == "up").await;
}

/// The numbers of a tag as history has them, each with how often it is there.
fn kept(node: &Node, tag: u64, start_ms: i64, rounds: u64) -> Vec<(u64, u64)> {
    let span = json!({"series": format!("uns:{}", topic(tag)), "from": start_ms, "to": start_ms + rounds as i64,
        "buckets": rounds});
    let trend = node.ask(&["call", "tag_history", &span.to_string()]);
    let number = |bucket: &Json, name: &str| bucket[name].as_f64().unwrap() as u64;
    trend["buckets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bucket| (number(bucket, "max"), number(bucket, "count")))
        .collect()
}

fn now_ms() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
}

async fn nothing_is_lost(mqtt5: bool, seed: u64) {
    let kills = if std::env::var_os("MILLWRIGHT_LONG").is_some() { 100 } else { 8 };
    let broker = broker().await;
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(folder.path());
    node.must(&["person", "add", "Anna Weber"], "");
    connect(folder.path(), &node, &broker, mqtt5);
    node.serve();
    up(&node).await;
    let start_ms = now_ms() - 3_000_000;
    let machine = Machine::start(broker.port, start_ms);
    let mut luck = Luck(seed);
    for _ in 0..kills {
        // A thousand values a second: whenever the blow falls, some were received and are not on the disk.
        tokio::time::sleep(Duration::from_millis(300 + luck.below(900))).await;
        node.kill();
        tokio::time::sleep(Duration::from_millis(luck.below(300))).await;
        node.serve();
    }
    up(&node).await;
    let rounds = machine.stop().await;
    until("the last value is in history", || {
        (0..TAGS).all(|tag| kept(&node, tag, start_ms, rounds).len() as u64 == rounds)
    })
    .await;
    let wanted: Vec<(u64, u64)> = (0..rounds).map(|round| (round, 1)).collect();
    for tag in 0..TAGS {
        assert_eq!(kept(&node, tag, start_ms, rounds), wanted, "tag {tag}: every number, once");
    }
    assert_eq!(node.ask(&["sync", "status"])["held"]["forgotten"], 0);
    node.kill();
    node.must(&["db", "check"], "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_value_the_broker_was_given_is_in_history_however_often_the_node_is_killed() {
    nothing_is_lost(false, 0x5eed_0000_2026_0311).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_mqtt_5_too_every_value_is_in_history_however_often_the_node_is_killed() {
    nothing_is_lost(true, 0x5eed_0000_2026_0005).await;
}

fn signal(node: &Node, name: &str) {
    let sent = Command::new("kill").args([name, &node.process_id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_has_forgotten_everything_stops_nothing_and_gets_each_event_once() {
    let mut broker = broker().await;
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(folder.path());
    node.must(&["person", "add", "Anna Weber"], "");
    node.must(&["person", "pick", "Anna Weber"], "");
    connect(folder.path(), &node, &broker, false);
    node.serve();
    up(&node).await;
    let order = json!({"title": "Bearing runs hot", "description": "", "asset_id": null, "priority": "high",
        "request_id": null, "steps": []});
    let order = node.ask(&["call", "work_order_create", &order.to_string()]);
    let timer = json!({ "work_order_id": order }).to_string();
    broker.stop();
    until("the link is down", || node.ask(&["sync", "status"])["plant"]["state"] == "down").await;
    for _ in 0..3 {
        node.must(&["call", "timer_start", &timer], "");
        node.must(&["call", "timer_stop", &timer], "");
    }
    // The node stands still until the consumer listens, so that what comes is heard from the first on.
    signal(&node, "-STOP");
    broker.start_forgetful().await;
    let heard = listen(broker.port).await;
    signal(&node, "-CONT");
    drained(&node).await;
    until("three bookings were heard", || heard.lock().unwrap().len() >= 3).await;
    let op_ids: std::collections::BTreeSet<String> =
        heard.lock().unwrap().iter().map(|(op_id, _, _)| op_id.clone()).collect();
    assert_eq!((op_ids.len(), heard.lock().unwrap().len()), (3, 3), "each once");
    up(&node).await;
    let start_ms = now_ms() - 3_000_000;
    let machine = Machine::start(broker.port, start_ms);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let rounds = machine.stop().await;
    until("values come in again", || kept(&node, 0, start_ms, rounds).len() as u64 == rounds).await;
    assert_eq!(node.ask(&["sync", "status"])["held"]["forgotten"], 1);
    let findings = node.ask(&["call", "sync_show", "{}"])["findings"].to_string();
    assert!(findings.contains("had forgotten"), "{findings}");
}
