//! The machines as the network sees them: once a second the physics go on, and every machine says what it measures.

mod edge_node;
mod link;
mod speaking;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use millwright_model::TimestampMs;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

pub use edge_node::EdgeNode;

use crate::physics::{Reading, Simulation};
use crate::ready::Credentials;
use crate::seed::Seed;
use crate::wall_clock;

/// What is published.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Where.
    pub topic: String,
    /// What.
    pub payload: Bytes,
}

/// What all sensors said at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// When.
    pub at: TimestampMs,
    /// Whole seconds since the start.
    pub elapsed_s: u64,
    /// The values.
    pub readings: Vec<Reading>,
}

/// Lets the machines run and speak until the process ends.
pub fn start(seed: &Seed, port: u16, credentials: &Credentials, random_seed: u64) {
    let mut simulation = Simulation::new(&seed.machines, random_seed);
    let (tell, hear) = watch::channel(Arc::new(snapshot(&simulation)));
    let credentials = Arc::new(credentials.clone());
    tokio::spawn(speaking::unified_namespace(port, Arc::clone(&credentials), seed.clone(), hear.clone()));
    for node in EdgeNode::all(&seed.machines) {
        tokio::spawn(speaking::edge_node(port, Arc::clone(&credentials), node, hear.clone()));
    }
    tokio::spawn(async move {
        let mut seconds = interval(Duration::from_secs(1));
        // After a sleep of the computer the plant goes on where it stood.
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            seconds.tick().await;
            simulation.advance(1.0);
            tell.send_replace(Arc::new(snapshot(&simulation)));
        }
    });
}

fn snapshot(simulation: &Simulation) -> Snapshot {
    Snapshot { at: wall_clock(), elapsed_s: simulation.elapsed_s() as u64, readings: simulation.readings() }
}
