//! What was promised to people and seen by them while it happened, for the check at the end.

use std::collections::BTreeMap;

use millwright_engine::simulation;
use millwright_model::*;

use crate::machine::Machine;

/// What one device showed.
#[derive(Default)]
pub struct Seen {
    /// Every transaction that it kept, and how far it had come in the node's order when it wrote it.
    pub written: BTreeMap<TxnId, i64>,
    /// How far it had come.
    checkpoint: i64,
}

impl Seen {
    /// Notes what a device has written since, and that it has not gone back.
    pub async fn look(&mut self, seed: u64, device: &Machine) {
        let checkpoint = simulation::checkpoint(device.engine());
        if let Some(checkpoint) = checkpoint {
            assert!(checkpoint >= self.checkpoint, "seed {seed}: a device went back in what it had seen");
            self.checkpoint = checkpoint;
        }
        let mut session = device.engine().database().read().await.unwrap();
        let waiting = session.pending_after(device.device_id(), None, i64::MAX).await.unwrap();
        for stored in waiting {
            self.written.entry(stored.txn_id).or_insert(checkpoint.unwrap_or_default());
        }
    }
}

/// The node's order as far as anybody has seen it.
#[derive(Default)]
pub struct History(Vec<TxnId>);

impl History {
    /// Notes what came, and that nothing of what was there is gone or stands elsewhere.
    pub async fn look(&mut self, seed: u64, node: &Machine) {
        let mut session = node.engine().database().read().await.unwrap();
        // A little of what is known is read again, so that an order that was cut off and written anew shows.
        let known = self.0.len().saturating_sub(5);
        let entries = session.entries_after(known as i64, i64::MAX).await.unwrap();
        let mut now: Vec<TxnId> = entries.iter().map(|stored| stored.txn_id).collect();
        assert!(now.starts_with(&self.0[known..]), "seed {seed}: the node's order changed");
        self.0.truncate(known);
        self.0.append(&mut now);
    }

    /// All of it is there, in its order.
    pub async fn check(&self, seed: u64, ledger: &[TxnId]) {
        assert!(ledger.starts_with(&self.0), "seed {seed}: accepted history was reordered or lost");
    }
}
