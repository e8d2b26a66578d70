//! What must hold whatever happened: the ten properties, as docs/simulation.md lists them.

use std::collections::{BTreeMap, BTreeSet};

use millwright_engine::Handle as _;
use millwright_local_db::StoredTxn;
use millwright_model::*;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::machine::difference;
use crate::tally::happened;
use crate::world::World;

/// What goes with a move of an order's status: a move that is allowed takes these along.
const OF_A_MOVE: [&str; 6] =
    ["status", "status_reason", "started_at", "completed_at", "hold_cause", "details_pending"];

/// The node's order, read once for all checks.
struct Ledger {
    entries: Vec<(StoredTxn, Txn)>,
    places: BTreeMap<TxnId, usize>,
    undone: BTreeSet<TxnId>,
}

impl Ledger {
    async fn of(world: &World) -> Self {
        let mut session = world.node.engine().database().read().await.unwrap();
        let entries: Vec<(StoredTxn, Txn)> = session
            .entries_after(0, i64::MAX)
            .await
            .unwrap()
            .into_iter()
            .map(|stored| {
                let txn = stored.txn().unwrap();
                (stored, txn)
            })
            .collect();
        let places = entries.iter().enumerate().map(|(place, (stored, _))| (stored.txn_id, place)).collect();
        let undone = entries.iter().filter_map(|(_, txn)| txn.undoes).collect();
        Self { entries, places, undone }
    }
}

impl World {
    /// Checks everything once nothing is under way any more.
    pub async fn check(&mut self) {
        let ledger = Ledger::of(self).await;
        self.nothing_kept_is_lost(&ledger).await;
        self.history_stands(&ledger).await;
        self.effects_are_there_once(&ledger);
        self.events_are_heard_once_and_in_order(&ledger);
        self.nothing_is_overwritten_silently(&ledger);
        self.queues_are_empty().await;
        self.photos_are_everywhere().await;
        self.all_are_equal().await;
    }

    /// 1: what a device kept is in the node's order. 4: after all that its writer had seen.
    async fn nothing_kept_is_lost(&self, ledger: &Ledger) {
        let seed = self.seed;
        let here = self.tablets.iter().map(|tablet| &tablet.seen);
        for (number, seen) in here.chain(&self.gone).enumerate() {
            for (txn_id, checkpoint) in &seen.written {
                let place = ledger.places.get(txn_id);
                assert!(place.is_some(), "seed {seed}: device {number} wrote {txn_id}, and it is lost");
                let (stored, _) = &ledger.entries[*place.unwrap()];
                let rejected = matches!(stored.verdict, Verdict::Rejected { .. });
                assert!(!rejected, "seed {seed}: device {number}: {:?}", stored.verdict);
                let after = stored.ledger_seq.unwrap() > *checkpoint;
                assert!(
                    after,
                    "seed {seed}: device {number}: {txn_id} stands before what its writer had seen"
                );
            }
        }
    }

    /// 8: no clock moved what was accepted. 4: each device's own stand in the order in which it wrote them.
    async fn history_stands(&self, ledger: &Ledger) {
        let order: Vec<TxnId> = ledger.entries.iter().map(|(stored, _)| stored.txn_id).collect();
        self.history.check(self.seed, &order).await;
        let mut next: BTreeMap<DeviceId, u64> = BTreeMap::new();
        for (stored, _) in &ledger.entries {
            let before = next.insert(stored.device_id, stored.first_seq);
            let follows = before.is_none_or(|before| before < stored.first_seq);
            assert!(follows, "seed {}: a device's own acts changed places", self.seed);
        }
    }

    /// 2: each step had its effect at the ERP once, no order is completed there twice, and nothing left of what was
    /// taken back. 10: what the ERP refused of one order kept no other one from leaving.
    fn effects_are_there_once(&self, ledger: &Ledger) {
        let seed = self.seed;
        let counts = self.erp.effect_counts();
        let twice: Vec<_> = counts.iter().filter(|(_, count)| **count != 1).collect();
        assert!(twice.is_empty(), "seed {seed}: effects at the ERP: {twice:?}");
        let mut closed: BTreeMap<WorkOrderId, usize> = BTreeMap::new();
        for fact in self.erp.facts() {
            if let Fact::OrderStatusChanged { order, to: WorkOrderStatus::Completed, from, .. } = fact
                && from != WorkOrderStatus::Completed
            {
                *closed.entry(order.id).or_default() += 1;
            }
        }
        let twice: Vec<_> = closed.iter().filter(|(_, count)| **count != 1).collect();
        assert!(twice.is_empty(), "seed {seed}: completed more than once: {twice:?}");
        for (_, txn) in ledger.entries.iter().filter(|(_, txn)| ledger.undone.contains(&txn.txn_id)) {
            for op in &txn.ops {
                let left = counts.contains_key(&op.op_id.to_string());
                assert!(!left, "seed {seed}: what was undone took effect at the ERP: {op:?}");
            }
        }
    }

    /// 2: a program that drops the op ids it knows has heard every change of an order that took effect, in the order of
    /// the ledger for each record, and nothing of what was taken back.
    fn events_are_heard_once_and_in_order(&self, ledger: &Ledger) {
        let seed = self.seed;
        let mut places: BTreeMap<Uuid, (usize, u64)> = BTreeMap::new();
        let mut expected: BTreeSet<Uuid> = BTreeSet::new();
        for (place, (stored, txn)) in ledger.entries.iter().enumerate() {
            let taken_back = txn.undoes.is_some() || ledger.undone.contains(&txn.txn_id);
            for op in stored.verdict.effective(txn) {
                places.insert(op.op_id.0, (place, op.seq));
                let told = op.entity == Entity::WorkOrder && op.actor.actor_kind != ActorKind::Erp;
                if told && !taken_back {
                    expected.insert(op.op_id.0);
                }
            }
        }
        let heard = self.broker.heard();
        let mut last: BTreeMap<Uuid, (usize, u64)> = BTreeMap::new();
        for event in &heard {
            let place = places.get(&event.op_id);
            assert!(place.is_some(), "seed {seed}: an event of what never took effect: {event:?}");
            let before = last.insert(event.entity_id, *place.unwrap());
            let in_order = before.is_none_or(|before| before < *place.unwrap());
            assert!(in_order, "seed {seed}: events of one record changed places: {event:?}");
            let undone = ledger.undone.contains(&TxnId(event.txn_id));
            assert!(!undone, "seed {seed}: an event of what was undone: {event:?}");
        }
        let heard: BTreeSet<Uuid> = heard.iter().map(|event| event.op_id).collect();
        let missing: Vec<_> = ledger
            .entries
            .iter()
            .filter(|(_, txn)| {
                txn.ops.iter().any(|op| expected.contains(&op.op_id.0) && !heard.contains(&op.op_id.0))
            })
            .map(|(stored, txn)| (&stored.verdict, txn))
            .collect();
        assert!(missing.is_empty(), "seed {seed}: never heard: {missing:#?}");
    }

    /// 7: whatever took effect knew what it changed; every value that gave way is named in its verdict.
    fn nothing_is_overwritten_silently(&self, ledger: &Ledger) {
        let mut stands: BTreeMap<(Uuid, String), Json> = BTreeMap::new();
        for (stored, txn) in &ledger.entries {
            let effective = stored.verdict.effective(txn);
            for op in &effective {
                let moves = op.fields.contains_key("status");
                for (name, change) in &op.fields {
                    let before = stands.insert((op.entity_id, name.clone()), change.to.clone());
                    let goes_along = moves && OF_A_MOVE.contains(&name.as_str());
                    if op.kind == OpKind::Update
                        && !goes_along
                        && let Some(before) = before
                    {
                        assert_eq!(
                            before, change.from,
                            "seed {}: {name} of {:?} {} was overwritten by {}",
                            self.seed, op.entity, op.entity_id, stored.txn_id
                        );
                    }
                }
            }
            for op in &txn.ops {
                let took = effective.iter().find(|effect| effect.op_id == op.op_id);
                for name in op.fields.keys() {
                    let gave_way = took.is_none_or(|effect| !effect.fields.contains_key(name));
                    if gave_way {
                        happened("a value gave way");
                    }
                    assert!(
                        !gave_way || self.names(&stored.verdict, op, name),
                        "seed {}: {name} of {} gave way, and nobody is told",
                        self.seed,
                        stored.txn_id
                    );
                }
            }
        }
    }

    fn names(&self, verdict: &Verdict, op: &Op, field: &str) -> bool {
        let held_back = match verdict {
            Verdict::Merged { held_back } | Verdict::Conflict { held_back } => held_back,
            Verdict::Accepted => return false,
            Verdict::Rejected { .. } => return true,
        };
        held_back
            .iter()
            .any(|part| part.op_id == op.op_id && part.field.as_ref().is_none_or(|name| name == field))
    }

    /// 6: every queue has drained, on the devices, towards the ERP and towards the broker.
    async fn queues_are_empty(&self) {
        let seed = self.seed;
        for (number, tablet) in self.tablets.iter().enumerate() {
            let state = tablet.machine.engine().handle(SyncShow {}).await.unwrap().state;
            assert_eq!(
                (state.records_only_here, state.photos_only_here),
                (0, 0),
                "seed {seed}: device {number} has not drained"
            );
        }
        let sync = self.node.engine().handle(SyncShow {}).await.unwrap();
        let waiting = (sync.state.erp_waiting, sync.state.broker_waiting, sync.needs_you.len());
        assert_eq!(waiting, (0, 0, 0), "seed {seed}: deliveries have not drained: {:?}", sync.waiting);
    }

    /// 1 and 6: every photo that a record names lies on every device, whole.
    async fn photos_are_everywhere(&self) {
        let seed = self.seed;
        let truth = self.node.photos().await;
        for (hash, bytes) in &truth {
            let whole = matches!(bytes, Ok(Some(_)));
            assert!(whole, "seed {seed}: photo {hash} at the node: {bytes:?}");
        }
        for (number, tablet) in self.tablets.iter().enumerate() {
            let there = tablet.machine.photos().await;
            assert!(there == truth, "seed {seed}: photos of device {number} are not those of the node");
        }
    }

    /// 5: everybody has the same rows, byte for byte, and builds the same anew from the log. 3 and 9 with it: a torn
    /// transaction, or one that an older version left out, would leave other rows. Every chain holds.
    async fn all_are_equal(&self) {
        let seed = self.seed;
        let truth = self.node.rows().await;
        for (number, tablet) in self.tablets.iter().enumerate() {
            let differs = difference(&truth, &tablet.machine.rows().await);
            assert_eq!(differs, None, "seed {seed}: device {number} differs");
        }
        let rebuilt = [&self.node, &self.tablets[self.chance.below(self.tablets.len())].machine];
        for machine in rebuilt {
            machine.engine().database().rebuild().await.unwrap();
            let differs = difference(&truth, &machine.rows().await);
            assert_eq!(differs, None, "seed {seed}: what is built anew from the log differs");
        }
        for machine in self.tablets.iter().map(|tablet| &tablet.machine).chain([&self.node]) {
            let fault = machine.engine().database().read().await.unwrap().chain_fault().await.unwrap();
            assert_eq!(fault, None, "seed {seed}: a chain does not hold");
        }
    }
}
