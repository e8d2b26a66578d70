//! The Sparkplug host against an edge that nobody here wrote: npm `sparkplug-client`.
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

/// The folder with `node_modules`, as the set-up command left it.
fn peers_folder() -> PathBuf {
    let peers = std::env::var_os("MILLWRIGHT_PEERS")
        .map_or_else(|| common::workspace_root().join(".cache/peers"), PathBuf::from);
    let folder = peers.join("sparkplug");
    assert!(
        folder.join("node_modules/sparkplug-client").is_dir(),
        "no npm package sparkplug-client under {}: run `cargo xtask setup` (MILLWRIGHT_PEERS names another folder)",
        folder.display()
    );
    folder
}

struct Edge(Child);

impl Edge {
    fn start(port: u16) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/edge.mjs");
        let folder = peers_folder();
        // The set-up command left a link to whichever node it used.
        let child = Command::new(folder.join("node"))
            .args([script, &port.to_string()])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("node is missing: `cargo xtask setup` installs it");
        Self(child)
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
