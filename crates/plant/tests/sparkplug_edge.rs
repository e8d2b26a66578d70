//! The Sparkplug host against edges that nobody here wrote: npm `sparkplug-client` and PyPI `mqtt-spb-wrapper`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may panic like tests"
)]

mod common;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use common::{Broker, until};
use millwright_model::{Quality, StaleReason, TimestampMs, Value};
use millwright_plant::Clocks;
use millwright_plant::feed::{self, FeedSettings, PlantEvent};
use millwright_plant::link::{Credentials, Link};
use millwright_plant::sparkplug::StaleScope;
use tokio::sync::mpsc;

/// Where the set-up command left a peer.
fn peer_folder(name: &str, wanted: &str) -> PathBuf {
    let peers = std::env::var_os("MILLWRIGHT_PEERS")
        .map_or_else(|| common::workspace_root().join(".cache/peers"), PathBuf::from);
    let folder = peers.join(name);
    assert!(
        folder.join(wanted).exists(),
        "no {wanted} under {}: run `cargo xtask setup` (MILLWRIGHT_PEERS names another folder)",
        folder.display()
    );
    folder
}

struct Edge(Child);

impl Edge {
    /// npm's, on whichever node the set-up command used.
    fn start(port: u16) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/edge.mjs");
        let folder = peer_folder("sparkplug", "node_modules/sparkplug-client");
        let mut command = Command::new(folder.join("node"));
        command.args([script, &port.to_string()]).arg(&folder);
        Self::run(command)
    }

    /// PyPI's.
    fn start_python(port: u16) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python/edge.py");
        let folder = peer_folder("sparkplug-python", "venv/bin/python");
        let mut command = Command::new(folder.join("venv/bin/python"));
        command.args([script, &port.to_string()]);
        Self::run(command)
    }

    fn run(mut command: Command) -> Self {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
        Self(child.expect("the peer does not start: run `cargo xtask setup`"))
    }

    fn speed(&mut self, number: i64) {
        writeln!(self.0.stdin.as_mut().unwrap(), "{number}").unwrap();
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        // Killed, not closed: the broker must speak its will.
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn wall() -> TimestampMs {
    TimestampMs(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64)
}

async fn value(plant: &mut mpsc::Receiver<PlantEvent>, series: &str, value: Value) {
    until(plant, |event| match event {
        PlantEvent::Samples(samples) => samples
            .iter()
            .any(|(of, sample)| {
                of.0 == series && sample.value == Some(value.clone()) && sample.quality == Quality::Good
            })
            .then_some(()),
        _ => None,
    })
    .await;
}

async fn born(plant: &mut mpsc::Receiver<PlantEvent>, source: &str) {
    until(plant, |event| match event {
        PlantEvent::Born { source: of, .. } if of.0 == source => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn an_edge_is_born_speaks_dies_and_is_born_again() {
    let broker = Broker::anonymous();
    let clocks = Clocks::new(Arc::new(wall));
    let (link, events) =
        Link::start(broker.config("host", &["spBv1.0/#"]), Credentials::default(), clocks.clone(), 4096)
            .unwrap();
    let mut plant = feed::start(events, link.publisher(), FeedSettings::default(), clocks.clone(), 4096);
    until(&mut plant, |event| matches!(event, PlantEvent::LinkUp { .. }).then_some(())).await;

    let mut edge = Edge::start(broker.port);
    // If the edge was faster than our subscription, its data leads to a rebirth request and so to a birth.
    born(&mut plant, "spb:hall/edge").await;
    born(&mut plant, "spb:hall/edge/press").await;
    value(&mut plant, "spb:hall/edge/press:strokes", Value::Int(4_000_000_000)).await;
    edge.speed(-1234);
    value(&mut plant, "spb:hall/edge:speed", Value::Int(-1234)).await;

    drop(edge);
    until(&mut plant, |event| match event {
        PlantEvent::Stale { scope: StaleScope::Source(source), reason: StaleReason::Death } => {
            (source.0 == "spb:hall/edge").then_some(())
        }
        _ => None,
    })
    .await;

    let mut edge = Edge::start(broker.port);
    born(&mut plant, "spb:hall/edge").await;
    value(&mut plant, "spb:hall/edge/press:strokes", Value::Int(4_000_000_000)).await;
    edge.speed(5);
    value(&mut plant, "spb:hall/edge:speed", Value::Int(5)).await;

    // A host that comes late knows no birth: it asks for one and gets it.
    let (late, events) =
        Link::start(broker.config("late", &["spBv1.0/#"]), Credentials::default(), clocks.clone(), 4096)
            .unwrap();
    let mut late_plant = feed::start(events, late.publisher(), FeedSettings::default(), clocks, 4096);
    until(&mut late_plant, |event| matches!(event, PlantEvent::LinkUp { .. }).then_some(())).await;
    let mut speed = 6;
    loop {
        edge.speed(speed);
        let wait = born(&mut late_plant, "spb:hall/edge");
        if tokio::time::timeout(std::time::Duration::from_secs(2), wait).await.is_ok() {
            break;
        }
        speed += 1;
    }
    value(&mut late_plant, "spb:hall/edge:temperature", Value::Float(0.1)).await;
}

#[tokio::test]
async fn an_edge_of_another_make_is_born_speaks_in_tables_and_comes_again_when_asked() {
    let broker = Broker::anonymous();
    let clocks = Clocks::new(Arc::new(wall));
    let host = || {
        let config = broker.config("host", &["spBv1.0/#"]);
        let (link, events) = Link::start(config, Credentials::default(), clocks.clone(), 4096).unwrap();
        let plant = feed::start(events, link.publisher(), FeedSettings::default(), clocks.clone(), 4096);
        (link, plant)
    };
    let (link, mut plant) = host();
    until(&mut plant, |event| matches!(event, PlantEvent::LinkUp { .. }).then_some(())).await;
    let mut edge = Edge::start_python(broker.port);
    born(&mut plant, "spb:hall/pyedge").await;
    value(&mut plant, "spb:hall/pyedge:DATA/name", Value::Text("Säge 1".into())).await;
    edge.speed(12);
    value(&mut plant, "spb:hall/pyedge:DATA/speed", Value::Int(12)).await;
    link.shutdown().await;

    // A host that comes late knows no birth: it asks for one, and the table comes with it.
    let (_link, mut plant) = host();
    until(&mut plant, |event| matches!(event, PlantEvent::LinkUp { .. }).then_some(())).await;
    for speed in 13.. {
        edge.speed(speed);
        let wait = born(&mut plant, "spb:hall/pyedge");
        if tokio::time::timeout(std::time::Duration::from_secs(2), wait).await.is_ok() {
            break;
        }
    }
    value(&mut plant, "spb:hall/pyedge:DATA/table#wear", Value::Float(0.5)).await;
    drop(edge);
}
