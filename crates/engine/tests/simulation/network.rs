//! A network that loses, repeats and delays: a message can arrive when its talk is long over, after newer ones.

use std::future::Future;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};

use millwright_engine::Engine;
use millwright_engine::simulation::{self, Line, LineError, ToDevice, ToNode};
use millwright_model::{DeviceId, OP_FORMAT};

use crate::chance::Chance;
use crate::tally::happened;

/// So many messages may be late at once.
const LATE_MAX: usize = 30;

/// What lies between the devices and the node.
pub struct Network {
    /// Messages on their way whose talk is over.
    late: Mutex<Vec<(Option<DeviceId>, ToNode)>>,
    /// The newest format of ops that the node reads: a node of the version before reads less.
    pub node_reads: AtomicU16,
}

impl Network {
    pub fn new() -> Self {
        Self { late: Mutex::default(), node_reads: AtomicU16::new(OP_FORMAT) }
    }

    fn keep_for_later(&self, chance: &Chance, device: Option<DeviceId>, message: ToNode) {
        let mut late = self.late.lock().unwrap();
        if late.len() >= LATE_MAX {
            late.swap_remove(chance.below(LATE_MAX));
        }
        late.push((device, message));
    }

    /// One of the late messages arrives; nobody hears the answer.
    pub async fn deliver_a_late_one(&self, chance: &Chance, node: &Engine) {
        let arrived = {
            let mut late = self.late.lock().unwrap();
            if late.is_empty() {
                return;
            }
            let which = chance.below(late.len());
            late.swap_remove(which)
        };
        happened("a late message arrived");
        simulation::answer(node, arrived.0, arrived.1).await;
    }

    /// All that is late arrives.
    pub async fn deliver_all(&self, chance: &Chance, node: &Engine) {
        while !self.late.lock().unwrap().is_empty() {
            self.deliver_a_late_one(chance, node).await;
        }
    }

    /// No connection of this device from before is left.
    pub fn forget(&self, device: DeviceId) {
        self.late.lock().unwrap().retain(|(of, _)| *of != Some(device));
    }
}

/// A line from one tablet to another, while neither reaches the node.
pub struct NeighbourLine<'n> {
    pub keeper: &'n Engine,
    pub from: DeviceId,
    pub chance: &'n Chance,
    /// One message in so many is lost, each of three ways.
    pub one_in: usize,
}

impl Line for NeighbourLine<'_> {
    fn say(&mut self, message: ToNode) -> impl Future<Output = Result<ToDevice, LineError>> + Send {
        let cut = |what: &str| LineError::Broken(std::io::Error::other(what.to_owned()));
        async move {
            let bytes = serde_json::to_vec(&message).unwrap();
            let message: ToNode = serde_json::from_slice(&bytes).unwrap();
            if self.chance.one_in(self.one_in) {
                return Err(cut("lost on the way there"));
            }
            if self.chance.one_in(self.one_in) {
                simulation::answer_as_member(self.keeper, self.from, message.clone()).await;
            }
            let answer = simulation::answer_as_member(self.keeper, self.from, message).await;
            if self.chance.one_in(self.one_in) {
                return Err(cut("the answer was lost"));
            }
            Ok(answer)
        }
    }
}

/// A line of one device through the network.
pub struct BadLine<'n> {
    pub network: &'n Network,
    pub node: &'n Engine,
    pub device: DeviceId,
    pub chance: &'n Chance,
    /// The newest format of ops that the device reads: one of the version before reads less.
    pub reads: u16,
    /// One message in so many is lost, each of three ways; nothing is when the network has healed.
    pub one_in: Option<usize>,
}

impl BadLine<'_> {
    async fn answered(&self, device: Option<DeviceId>, message: ToNode) -> ToDevice {
        let mut answer = simulation::answer(self.node, device, message).await;
        if let ToDevice::Welcome { op_format, .. } = &mut answer {
            *op_format = self.network.node_reads.load(Ordering::SeqCst).min(*op_format);
        }
        answer
    }
}

impl Line for BadLine<'_> {
    fn say(&mut self, message: ToNode) -> impl Future<Output = Result<ToDevice, LineError>> + Send {
        let cut = |what: &str| LineError::Broken(std::io::Error::other(what.to_owned()));
        async move {
            // A message is whole or not at all; it goes through the bytes that a network would carry.
            let bytes = serde_json::to_vec(&message).unwrap();
            let mut message: ToNode = serde_json::from_slice(&bytes).unwrap();
            if let ToNode::Hello { op_format, .. } = &mut message {
                *op_format = self.reads.min(*op_format);
            }
            let device = (!matches!(message, ToNode::Join(_))).then_some(self.device);
            let Some(one_in) = self.one_in else { return Ok(self.answered(device, message).await) };
            if self.chance.one_in(one_in) {
                self.network.deliver_a_late_one(self.chance, self.node).await;
            }
            if self.chance.one_in(one_in) {
                if self.chance.one_in(2) {
                    self.network.keep_for_later(self.chance, device, message);
                }
                return Err(cut("lost on the way there"));
            }
            if self.chance.one_in(one_in) {
                simulation::answer(self.node, device, message.clone()).await;
            }
            if self.chance.one_in(2 * one_in) {
                self.network.keep_for_later(self.chance, device, message.clone());
            }
            let answer = self.answered(device, message).await;
            if self.chance.one_in(one_in) {
                return Err(cut("the answer was lost"));
            }
            Ok(answer)
        }
    }
}
