//! A broker that loses connections, acknowledgements and messages, delivers twice and refuses some, and the program
//! behind it: it drops the op ids that it knows.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use millwright_engine::Engine;
use millwright_engine::simulation::{Events, OutgoingMessage, Outlet, PublishError};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::chance::Chance;
use crate::tally::happened;

/// An event as the program behind the broker reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    pub op_id: Uuid,
    pub txn_id: Uuid,
    pub entity_id: Uuid,
    pub topic: String,
    payload: Vec<u8>,
}

/// The broker, and what the program behind it has heard.
pub struct Broker {
    seed: u64,
    chance: Chance,
    well: AtomicBool,
    /// What lies on the connection, in the order in which it was sent.
    wire: Mutex<VecDeque<OutgoingMessage>>,
    heard: Mutex<Vec<Heard>>,
    known: Mutex<BTreeMap<Uuid, Heard>>,
}

/// The engine's end of the connection.
pub struct Wire(Arc<Broker>);

impl Outlet for Wire {
    fn publish(&self, message: OutgoingMessage) -> Result<(), PublishError> {
        if self.0.in_trouble(12) {
            return Err(PublishError::QueueFull);
        }
        self.0.wire.lock().unwrap().push_back(message);
        Ok(())
    }
}

impl Broker {
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            seed,
            chance: Chance::new(seed),
            well: AtomicBool::new(true),
            wire: Mutex::default(),
            heard: Mutex::default(),
            known: Mutex::default(),
        })
    }

    pub fn is_well(&self, well: bool) {
        self.well.store(well, Ordering::SeqCst);
    }

    fn in_trouble(&self, one_in: usize) -> bool {
        !self.well.load(Ordering::SeqCst) && self.chance.one_in(one_in)
    }

    /// A new connection; what lay on the one before never arrives.
    pub fn connect(self: &Arc<Self>) -> Events<Wire> {
        self.wire.lock().unwrap().clear();
        Events::over(Wire(self.clone()))
    }

    /// What the program behind it has heard, each once, in the order in which it heard it first.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    fn deliver(&self, message: &OutgoingMessage) {
        let body: Json = serde_json::from_slice(&message.bytes).unwrap();
        let id = |name: &str| body[name].as_str().unwrap().parse::<Uuid>().unwrap();
        let heard = Heard {
            op_id: id("op_id"),
            txn_id: id("txn_id"),
            entity_id: id("entity_id"),
            topic: message.topic.clone(),
            payload: message.bytes.to_vec(),
        };
        if let Some(known) = self.known.lock().unwrap().get(&heard.op_id) {
            assert_eq!(known, &heard, "seed {}: the same op left as other bytes", self.seed);
            happened("an event was heard again");
            return;
        }
        happened("an event was heard");
        self.known.lock().unwrap().insert(heard.op_id, heard.clone());
        self.heard.lock().unwrap().push(heard);
    }

    /// Lets what is due go over a connection until nothing lies on it or it breaks; answers whether it holds.
    pub async fn run(&self, events: &mut Events<Wire>, engine: &Engine) -> Result<bool, String> {
        let words = |error: millwright_engine::EngineError| error.to_string();
        loop {
            events.publish_due(engine).await.map_err(words)?;
            let next = self.wire.lock().unwrap().pop_front();
            let Some(message) = next else { return Ok(true) };
            if self.in_trouble(15) {
                happened("the broker's connection broke");
                return Ok(false);
            }
            if self.in_trouble(40) {
                happened("an event was refused");
                events.refused(engine, message.token, "no right to publish here").await.map_err(words)?;
                continue;
            }
            self.deliver(&message);
            if self.in_trouble(10) {
                self.deliver(&message);
            }
            if self.in_trouble(15) {
                happened("the broker's connection broke");
                return Ok(false);
            }
            events.published(engine, message.token).await.map_err(words)?;
        }
    }
}
