//! The loops in which machines speak: JSON in the unified namespace, Sparkplug B for an edge node.

use std::sync::Arc;
use std::time::Duration;

use rumqttc::{ClientError, QoS};
use serde_json::json;
use tokio::sync::watch;

use super::edge_node::asks_for_rebirth;
use super::link::{Link, LinkEvent};
use super::{EdgeNode, Message, Snapshot};
use crate::ready::{Credentials, uns_topic};
use crate::seed::{Seed, Speaks};

/// The pause before a lost connection is opened again.
const AGAIN: Duration = Duration::from_secs(1);

type Snapshots = watch::Receiver<Arc<Snapshot>>;

/// What a speaking loop waits for.
enum Turn {
    Link(LinkEvent),
    Measured(Arc<Snapshot>),
    PlantEnded,
}

async fn next_turn(link: &mut Link, snapshots: &mut Snapshots) -> Turn {
    tokio::select! {
        event = link.event() => Turn::Link(event),
        changed = snapshots.changed() => match changed {
            Ok(()) => Turn::Measured(Arc::clone(&snapshots.borrow_and_update())),
            Err(_ended) => Turn::PlantEnded,
        },
    }
}

/// The machines that speak JSON.
pub(super) async fn unified_namespace(
    port: u16,
    credentials: Arc<Credentials>,
    seed: Seed,
    mut snapshots: Snapshots,
) {
    loop {
        let mut link = Link::open(port, "north-uns", &credentials, None);
        let mut up = false;
        loop {
            let outcome = match next_turn(&mut link, &mut snapshots).await {
                Turn::Link(LinkEvent::Up) => {
                    up = true;
                    Ok(())
                }
                Turn::Link(LinkEvent::Heard(_)) => Ok(()),
                Turn::Link(LinkEvent::Lost) => break,
                Turn::Measured(snapshot) if up => say_all(&link, uns_messages(&seed, &snapshot)).await,
                Turn::Measured(_) => Ok(()),
                Turn::PlantEnded => return,
            };
            if outcome.is_err() {
                break;
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// An edge node with its devices.
pub(super) async fn edge_node(
    port: u16,
    credentials: Arc<Credentials>,
    mut node: EdgeNode,
    mut snapshots: Snapshots,
) {
    let client_id = format!("north-{}", node.name());
    loop {
        let mut link = Link::open(port, &client_id, &credentials, Some(node.will()));
        let mut born = false;
        loop {
            let now = Arc::clone(&snapshots.borrow());
            let outcome = match next_turn(&mut link, &mut snapshots).await {
                Turn::Link(LinkEvent::Up) => {
                    born = true;
                    start_session(&link, &mut node, &now).await
                }
                Turn::Link(LinkEvent::Heard(bytes)) if asks_for_rebirth(&bytes) => {
                    say_all(&link, plain(node.births(&now))).await
                }
                Turn::Link(LinkEvent::Heard(_)) => Ok(()),
                Turn::Link(LinkEvent::Lost) => break,
                Turn::Measured(snapshot) if born => say_all(&link, plain(node.data(&snapshot))).await,
                Turn::Measured(_) => Ok(()),
                Turn::PlantEnded => return,
            };
            if outcome.is_err() {
                break;
            }
        }
        node.connection_ended();
        tokio::time::sleep(AGAIN).await;
    }
}

/// Listens for commands first, then is born (tck-id-message-flow-edge-node-ncmd-subscribe).
async fn start_session(link: &Link, node: &mut EdgeNode, now: &Snapshot) -> Result<(), ClientError> {
    link.subscribe(node.command_filter()).await?;
    say_all(link, plain(node.births(now))).await
}

fn plain(messages: Vec<Message>) -> Vec<(Message, QoS)> {
    messages.into_iter().map(|message| (message, QoS::AtMostOnce)).collect()
}

async fn say_all(link: &Link, messages: Vec<(Message, QoS)>) -> Result<(), ClientError> {
    for (message, qos) in messages {
        link.publish(message, qos).await?;
    }
    Ok(())
}

/// What the machines of the unified namespace say. Vibration wants an acknowledgement, the rest is said and forgotten.
fn uns_messages(seed: &Seed, snapshot: &Snapshot) -> Vec<(Message, QoS)> {
    let mut messages = Vec::new();
    for reading in &snapshot.readings {
        let Some(machine) = seed.machines.get(reading.machine) else { continue };
        let (Speaks::Uns { path }, Some(tag)) = (&machine.speaks, machine.tags.get(reading.tag)) else {
            continue;
        };
        let payload = json!({ "timestamp_ms": snapshot.at.0, "value": reading.value }).to_string();
        let qos = if tag.tag == "vibration" { QoS::AtLeastOnce } else { QoS::AtMostOnce };
        messages.push((Message { topic: uns_topic(path, tag), payload: payload.into() }, qos));
    }
    messages
}

#[cfg(test)]
mod tests {
    use millwright_model::{Quality, TimestampMs};
    use millwright_plant::uns::{UnsLimits, parse};

    use super::*;
    use crate::physics::Simulation;

    #[test]
    fn what_is_said_in_the_namespace_is_read_as_one_good_value_per_topic() {
        let seed = Seed::load().unwrap();
        let at = TimestampMs(1_795_400_000_000);
        let readings = Simulation::new(&seed.machines, 1).readings();
        let messages = uns_messages(&seed, &Snapshot { at, elapsed_s: 0, readings });
        assert!(messages.len() >= 30, "{}", messages.len());
        for (message, _) in messages {
            let reading = parse(&message.topic, &message.payload, false, at, &UnsLimits::default()).unwrap();
            let [(series, sample)] = reading.samples.as_slice() else { panic!("{reading:?}") };
            assert_eq!(series.0, format!("uns:{}", message.topic));
            assert_eq!((sample.quality, sample.source_at), (Quality::Good, Some(at)));
        }
    }
}
