//! The plant of one seed: a node with its ERP and broker, its tablets, what lies between them, and what becomes of it.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use millwright_engine::Handle as _;
use millwright_engine::simulation::{self, Events};
use millwright_model::*;

use crate::acts::PAIR;
use crate::broker::{Broker, Wire};
use crate::chance::Chance;
use crate::disk::Failure;
use crate::erp::BadErp;
use crate::machine::{Machine, difference};
use crate::network::{BadLine, NeighbourLine, Network};
use crate::tally::happened;
use crate::witness::{History, Seen};

/// How many kinds of steps [`World::step`] knows.
const STEPS: usize = 47;

/// After it healed, all is said, heard and delivered within so many rounds, each of which gives everybody one talk and
/// the node two minutes.
const ROUNDS_MAX: usize = 8;

/// A tablet and how it stands to the others.
pub struct Tablet {
    pub machine: Machine,
    pub seen: Seen,
    /// For so many steps no network reaches it.
    away_for: usize,
    /// Whether it has the version before: it reads one format less, and nobody works on it until it is updated.
    older: bool,
}

pub struct World {
    pub seed: u64,
    pub chance: Chance,
    pub erp: Arc<BadErp>,
    pub broker: Arc<Broker>,
    pub node: Machine,
    pub tablets: Vec<Tablet>,
    /// What was written on tablets that are gone for good, once another one had a copy of all of it.
    pub gone: Vec<Seen>,
    pub history: History,
    /// Orders that came with a pair of steps.
    pub pairs: Mutex<Vec<WorkOrderId>>,
    network: Network,
    /// The node's connection to the broker, while it has one.
    events: Option<Events<Wire>>,
}

impl World {
    pub async fn new(seed: u64) -> Self {
        let chance = Chance::new(seed);
        let erp = Arc::new(BadErp::new(seed ^ 0xe4b, 3 + chance.below(4)));
        let broker = Broker::new(seed ^ 0xb40);
        let node = Machine::new(seed.wrapping_add(1 << 32), "Nora", Some(erp.clone())).await;
        simulation::become_node(node.engine()).await.unwrap();
        let connection = PlantConnection {
            host: "127.0.0.1".into(),
            port: 1,
            transport: PlantTransport::Tcp,
            mqtt5: false,
            username: None,
            ca_pem: None,
            client_certificate_pem: None,
            filters: vec!["umh/v1/#".into()],
            event_root: Some("umh/v1/acme/north".into()),
            listen_only: false,
            sparkplug_host_id: None,
            tags_max: None,
            plain_reason: None,
        };
        let save = PlantConnectionSave { connection: Some(connection), password: None, client_key_pem: None };
        node.engine().handle(save).await.unwrap();
        node.engine().synchronise().await.unwrap();
        let mut world = Self {
            seed,
            chance,
            erp,
            broker,
            node,
            tablets: Vec::new(),
            gone: Vec::new(),
            history: History::default(),
            pairs: Mutex::default(),
            network: Network::new(),
            events: None,
        };
        for number in 0..3 + world.chance.below(8) {
            world.add_tablet(number).await;
        }
        // Most are let in before anything happens, some in the middle of it.
        world.everybody_meets(|chance| chance.one_in(4)).await;
        world.admit_who_asks().await;
        world.everybody_meets(|chance| chance.one_in(10)).await;
        world.erp.is_well(false);
        world.broker.is_well(false);
        if world.chance.one_in(4) {
            // The node is still to be updated: what tablets write waits there.
            world.network.node_reads.store(OP_FORMAT - 1, Ordering::SeqCst);
        }
        world
    }

    async fn add_tablet(&mut self, number: usize) {
        let seed = self.seed.wrapping_add((number as u64 + 2) << 32);
        let machine = Machine::new(seed, &format!("Person {number}"), None).await;
        if self.chance.one_in(3) {
            // It worked alone before: with a machine that others have too.
            self.bring_asset(&machine).await.unwrap();
        }
        let invite = TeamInvite { address: "127.0.0.1:1".into(), minutes: 10 };
        let invitation = self.node.engine().handle(invite).await.unwrap().invitation;
        let join = TeamJoin { invitation, name: format!("Tablet {number}") };
        machine.engine().handle(join).await.unwrap();
        let older = number > 0 && self.chance.one_in(6);
        let away_for = if self.chance.one_in(4) { 20 + self.chance.below(80) } else { 0 };
        let mut tablet = Tablet { machine, seen: Seen::default(), away_for, older };
        tablet.seen.look(self.seed, &tablet.machine).await;
        self.tablets.push(tablet);
    }

    async fn admit_who_asks(&self) {
        for ask in self.node.engine().handle(TeamShow {}).await.unwrap().asks {
            let admit = TeamAdmit { device_id: ask.device_id, scope: Scope::default() };
            self.node.engine().handle(admit).await.unwrap();
        }
    }

    /// Says everything there is to say over a network on which one message in so many is lost.
    async fn talk(&self, tablet: &Tablet, one_in: Option<usize>) -> Result<(), String> {
        let mut line = BadLine {
            network: &self.network,
            node: self.node.engine(),
            device: tablet.machine.device_id(),
            chance: &self.chance,
            reads: if tablet.older { OP_FORMAT - 1 } else { OP_FORMAT },
            one_in,
        };
        Box::pin(simulation::talk(tablet.machine.engine(), &mut line)).await
    }

    /// The same, where nothing but the network may go wrong.
    async fn meet(&self, tablet: &Tablet, one_in: Option<usize>) -> Result<(), String> {
        let talked = self.talk(tablet, one_in).await;
        if let Err(error) = &talked {
            assert!(one_in.is_some() && error.contains("lost"), "seed {}: {error}", self.seed);
        }
        talked
    }

    /// Somebody looks at the orders of a tablet all the while it talks: what came as one is seen as one.
    async fn meet_watched(&self, which: usize) {
        let tablet = &self.tablets[which];
        let watched: Vec<WorkOrderId> = self.pairs.lock().unwrap().iter().rev().take(3).copied().collect();
        let watch = async {
            loop {
                for work_order_id in &watched {
                    let shown =
                        tablet.machine.engine().handle(WorkOrderShow { work_order_id: *work_order_id }).await;
                    let Ok(view) = shown else { continue };
                    let steps = view.steps.iter().filter(|step| step.step.title == PAIR).count();
                    assert_eq!(steps, 2, "seed {}: half of a transaction was seen", self.seed);
                    happened("a transaction was seen whole while it came");
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            _talked = self.meet(tablet, Some(50)) => {}
            () = watch => {}
        }
    }

    /// A stick is carried to the node and back; it may be read twice, and the answer may be lost.
    async fn carry_a_stick(&self, which: usize) {
        let tablet = &self.tablets[which].machine;
        tablet.pass_ms(self.chance.below(20_000) as i64);
        let take = |bytes_base64: &str| TeamLetterTake { bytes_base64: bytes_base64.to_owned() };
        // Who was not let in yet has nobody to write to.
        let Ok(letter) = tablet.engine().handle(TeamLetterWrite {}).await else { return };
        for _ in 0..1 + self.chance.below(2) {
            let taken = self.node.engine().handle(take(&letter.bytes_base64)).await;
            let answer = taken.as_ref().ok().and_then(|taken| taken.answer.as_ref());
            let Some(answer) = answer else {
                panic!("seed {}: the node took no letter: {taken:?}", self.seed)
            };
            if self.chance.one_in(4) {
                continue;
            }
            let heard = tablet.engine().handle(take(&answer.bytes_base64)).await;
            assert!(heard.is_ok(), "seed {}: the answer on the stick: {heard:?}", self.seed);
            happened("a stick was carried");
        }
    }

    /// Somebody's process dies at any write of a talk; the other one lives on, or dies too.
    async fn crash_amid_a_talk(&mut self, which: usize) {
        self.tablets[which].machine.pass_ms(11_000);
        let who = self.chance.below(3);
        let (writes, _) = self.failing();
        if who != 1 {
            self.tablets[which].machine.disk.fail_after(writes, Failure::Broken);
        }
        if who != 0 {
            self.node.disk.fail_after(self.chance.below(25), Failure::Broken);
        }
        let talked = self.talk(&self.tablets[which], None).await;
        let tablet = &mut self.tablets[which].machine;
        let died = tablet.disk.has_refused() || self.node.disk.has_refused();
        tablet.die_at_the_refused_write().await;
        self.node_dies_at_the_refused_write().await;
        if let Err(error) = talked {
            assert!(died, "seed {}: on good disks: {error}", self.seed);
        }
    }

    async fn node_dies_at_the_refused_write(&mut self) {
        if self.node.disk.has_refused() {
            self.events = None;
        }
        self.node.die_at_the_refused_write().await;
    }

    async fn crash_node(&mut self) {
        self.events = None;
        self.node.crash().await;
    }

    /// The node's process dies at any write of what it tells the ERP and the broker.
    async fn crash_amid_deliveries(&mut self) {
        self.node.pass_ms(11_000);
        let (writes, failure) = self.failing();
        self.node.disk.fail_after(writes, failure);
        if self.node.engine().synchronise().await.is_ok() {
            let published = self.publish().await;
            assert!(published.is_ok() || self.node.disk.has_refused(), "seed {}: {published:?}", self.seed);
        }
        self.node_dies_at_the_refused_write().await;
    }

    fn failing(&self) -> (usize, Failure) {
        let failure = if self.chance.one_in(2) { Failure::Full } else { Failure::Broken };
        (self.chance.below(25), failure)
    }

    /// Somebody writes while the disk fails: what is refused has changed nothing.
    async fn act_on_a_failing_disk(&self, which: usize) {
        let machine = &self.tablets[which].machine;
        let before = (machine.next_seq().await, machine.rows().await);
        let (writes, failure) = self.failing();
        machine.disk.fail_after(writes / 3, failure);
        let acted = self.try_act(machine).await;
        let refused = machine.disk.mend();
        let Err(error) = acted else { return };
        let of_the_disk = refused && matches!(error.code, Code::DiskFull | Code::DiskFailed);
        assert!(
            of_the_disk || !matches!(error.code, Code::DiskFull | Code::DiskFailed | Code::Internal),
            "seed {}: not what a disk says, or on a good one: {}",
            self.seed,
            error.message
        );
        if of_the_disk {
            happened("an act was refused by a disk");
            let after = (machine.next_seq().await, machine.rows().await);
            let differs = difference(&before.1, &after.1);
            assert_eq!(
                (before.0, differs),
                (after.0, None),
                "seed {}: refused: {}",
                self.seed,
                error.message
            );
        }
    }

    /// A tablet talks while its own disk fails, or the node's.
    async fn meet_on_a_failing_disk(&self, which: usize) {
        let tablet = &self.tablets[which];
        tablet.machine.pass_ms(11_000);
        let failing = if self.chance.one_in(2) { &tablet.machine } else { &self.node };
        let (writes, failure) = self.failing();
        failing.disk.fail_after(writes, failure);
        let talked = self.talk(tablet, None).await;
        let refused = failing.disk.mend();
        if let Err(error) = talked {
            assert!(refused, "seed {}: on good disks: {error}", self.seed);
            happened("a talk was refused by a disk");
        }
    }

    async fn deliver_on_a_failing_disk(&mut self) {
        self.node.pass_ms(11_000);
        let (writes, failure) = self.failing();
        self.node.disk.fail_after(writes, failure);
        let synchronised = self.node.engine().synchronise().await;
        let published = self.publish().await;
        let refused = self.node.disk.mend();
        if let Err(error) = published {
            assert!(refused, "seed {}: on a good disk: {error}", self.seed);
        }
        drop(synchronised);
    }

    /// Lets events go to the broker; a connection that broke is made anew the next time.
    async fn publish(&mut self) -> Result<(), String> {
        let mut events = self.events.take().unwrap_or_else(|| self.broker.connect());
        match self.broker.run(&mut events, self.node.engine()).await {
            Ok(true) => {
                self.events = Some(events);
                Ok(())
            }
            Ok(false) => {
                events.lost(self.node.engine()).await;
                Ok(())
            }
            Err(error) => {
                // The engine goes on with the connection that it has.
                self.events = Some(events);
                Err(error)
            }
        }
    }

    /// Tells the ERP and the broker what is due, and hears what is new at the ERP.
    async fn deliver(&mut self) {
        match self.node.engine().synchronise().await {
            Ok(()) => {}
            Err(error) => {
                let code = ApiError::from(error);
                assert_eq!(code.code, Code::Unreachable, "seed {}: {}", self.seed, code.message);
            }
        }
        let published = self.publish().await;
        assert_eq!(published, Ok(()), "seed {}", self.seed);
    }

    /// A person at the node tries again what was refused.
    async fn retry_what_was_refused(&self) {
        for delivery in self.node.engine().handle(SyncShow {}).await.unwrap().needs_you {
            let retry = DeliveryRetry { delivery_id: delivery.delivery_id };
            self.node.engine().handle(retry).await.unwrap();
        }
    }

    /// A tablet leaves copies of what waits with another one. Now and then it is gone for good right after that.
    async fn copy_to_another(&mut self, which: usize) {
        let other = (which + 1 + self.chance.below(self.tablets.len() - 1)) % self.tablets.len();
        let (writer, keeper) = (&self.tablets[which], &self.tablets[other]);
        let filled = |tablet: &Tablet| simulation::checkpoint(tablet.machine.engine()).is_some();
        if !filled(writer) || !filled(keeper) || keeper.older {
            return;
        }
        writer.machine.pass_ms(11_000);
        let mut line = NeighbourLine {
            keeper: keeper.machine.engine(),
            from: writer.machine.device_id(),
            chance: &self.chance,
            one_in: [3, 10, 50][self.chance.below(3)],
        };
        let copied = simulation::copy(writer.machine.engine(), &mut line, keeper.machine.device_id()).await;
        match copied {
            Ok(0) => {}
            Ok(_) => happened("a tablet kept copies of another one"),
            Err(error) => {
                // The keeper may not have heard yet that the writer was let in.
                let fine = error.contains("lost") || error.contains("nobody here wrote");
                assert!(fine, "seed {}: {error}", self.seed);
            }
        }
        if self.tablets.len() > 2 && self.chance.one_in(3) && self.lies_elsewhere(which).await {
            let mut lost = self.tablets.remove(which);
            lost.seen.look(self.seed, &lost.machine).await;
            self.network.forget(lost.machine.device_id());
            self.gone.push(lost.seen);
            happened("a tablet was lost for good");
        }
    }

    /// Whether another tablet has a copy of all that waits on this one, and nobody's copies are on it.
    async fn lies_elsewhere(&self, which: usize) -> bool {
        let machine = &self.tablets[which].machine;
        let state = machine.engine().handle(SyncShow {}).await.unwrap().state;
        let copied = state.records_copied > 0 && state.records_only_here + state.photos_only_here == 0;
        let mut session = machine.engine().database().read().await.unwrap();
        copied && session.carried_letters().await.unwrap().is_empty()
    }

    fn update_node(&self) {
        if self.network.node_reads.swap(OP_FORMAT, Ordering::SeqCst) < OP_FORMAT {
            happened("the node was updated");
        }
    }

    async fn update(&mut self, which: usize) {
        let tablet = &mut self.tablets[which];
        if tablet.older {
            simulation::was_filled_with(tablet.machine.engine(), OP_FORMAT - 1).await.unwrap();
            // What it said before its update has long arrived or never will.
            self.network.forget(tablet.machine.device_id());
            tablet.machine.crash().await;
            tablet.older = false;
            happened("an older tablet was updated");
        }
    }

    /// What is there is the same as what the log gives, also in the middle of everything.
    async fn rebuild(&self, which: usize) {
        let machine = &self.tablets[which].machine;
        if simulation::checkpoint(machine.engine()).is_none() {
            // A tablet that was just updated, and has not filled up again: as the version before it was told nothing even of
            // what it had written itself, which no version before could have written.
            return;
        }
        let before = machine.rows().await;
        machine.engine().database().rebuild().await.unwrap();
        let differs = difference(&before, &machine.rows().await);
        assert_eq!(differs, None, "seed {}: device {which} built anew in between differs", self.seed);
    }

    /// Something happens.
    pub async fn step(&mut self) {
        let which = self.chance.below(self.tablets.len());
        for tablet in &mut self.tablets {
            tablet.away_for = tablet.away_for.saturating_sub(1);
        }
        let reached = self.tablets[which].away_for == 0;
        let worked_on = !self.tablets[which].older;
        match self.chance.below(STEPS) {
            0 => self.tablets[which].machine.crash().await,
            1 => {
                self.crash_node().await;
                self.admit_who_asks().await;
            }
            2 => {
                let years = self.chance.below(21) as i64 - 10;
                let machine = &self.tablets[which].machine;
                machine.pass_ms(years * 365 * 86_400_000);
                if worked_on && self.chance.one_in(2) {
                    // A clock that was set back makes what was written long ago look as if it could be undone.
                    let undone = self.undo_last(machine).await;
                    let failed = undone.is_err_and(|error| error.code == Code::Internal);
                    assert!(!failed, "seed {}: an undo failed", self.seed);
                }
            }
            3 | 4 => {
                self.node.pass_ms(20_000);
                self.deliver().await;
            }
            5 => self.crash_amid_deliveries().await,
            6 => self.deliver_on_a_failing_disk().await,
            7 => self.erp.works_itself(),
            8 => {
                let filter = WorkOrderFilter { open_only: true, ..WorkOrderFilter::default() };
                let orders = self.node.engine().handle(WorkOrderList { filter }).await.unwrap();
                if let Some(overview) = self.chance.any_of(&orders) {
                    self.erp.refuse(overview.order.work_order_id);
                }
            }
            9 => self.retry_what_was_refused().await,
            10 | 11 => self.act(&self.node).await,
            12 | 13 => self.admit_who_asks().await,
            14 if reached => self.crash_amid_a_talk(which).await,
            15 if worked_on => {
                let writes = self.chance.below(12);
                let machine = &mut self.tablets[which].machine;
                machine.disk.fail_after(writes, Failure::Broken);
                let acted = self.try_act(&self.tablets[which].machine).await;
                let machine = &mut self.tablets[which].machine;
                let died = machine.disk.has_refused();
                machine.die_at_the_refused_write().await;
                if let Err(error) = acted {
                    assert!(died || error.code != Code::Internal, "seed {}: {}", self.seed, error.message);
                }
            }
            16 | 17 if worked_on => self.act_on_a_failing_disk(which).await,
            18 if reached => self.meet_on_a_failing_disk(which).await,
            19 => {
                let (writes, failure) = self.failing();
                self.tablets[which].machine.crash_onto_a_failing_disk(writes, failure).await;
            }
            20 if reached => self.meet_watched(which).await,
            21 => self.network.deliver_a_late_one(&self.chance, self.node.engine()).await,
            22 => self.update(which).await,
            23 => self.update_node(),
            24 if worked_on => self.rebuild(which).await,
            25 => self.tablets[which].away_for += self.chance.below(30),
            26 | 27 if worked_on => self.copy_to_another(which).await,
            28 if worked_on => self.carry_a_stick(which).await,
            29..=35 if reached => {
                self.tablets[which].machine.pass_ms(5_000 + self.chance.below(20_000) as i64);
                let one_in = [3, 10, 50][self.chance.below(3)];
                let _may_be_cut = self.meet(&self.tablets[which], Some(one_in)).await.is_ok();
            }
            _ if worked_on => self.act(&self.tablets[which].machine).await,
            _ => {}
        }
        if let Some(tablet) = self.tablets.get_mut(which) {
            tablet.seen.look(self.seed, &tablet.machine).await;
        }
        self.history.look(self.seed, &self.node).await;
    }

    /// The network, the ERP and the broker are good again, all have the same version, nobody writes any more, and
    /// everybody meets.
    pub async fn heal(&mut self) {
        self.update_node();
        for which in 0..self.tablets.len() {
            self.update(which).await;
        }
        self.network.deliver_all(&self.chance, self.node.engine()).await;
        self.erp.is_well(true);
        self.broker.is_well(true);
        for _ in 0..ROUNDS_MAX {
            self.admit_who_asks().await;
            let spoke = self.who_has_something_to_say_meets().await;
            if !spoke && self.is_delivered().await {
                break;
            }
            self.node.pass_ms(120_000);
            self.retry_what_was_refused().await;
            self.deliver().await;
        }
        self.history.look(self.seed, &self.node).await;
    }

    /// Who has anything to say or to hear meets the node; answers whether anybody had.
    async fn who_has_something_to_say_meets(&self) -> bool {
        let mut spoke = false;
        for tablet in &self.tablets {
            if !self.is_quiet(&tablet.machine).await {
                spoke = true;
                tablet.machine.pass_ms(11_000);
                self.meet(tablet, None).await.unwrap();
            }
        }
        spoke
    }

    /// Whether a tablet has said and heard everything.
    async fn is_quiet(&self, machine: &Machine) -> bool {
        let head = self.node.engine().database().read().await.unwrap().ledger_head().await.unwrap();
        if simulation::checkpoint(machine.engine()) != Some(head) {
            return false;
        }
        let mut session = machine.engine().database().read().await.unwrap();
        let (waiting, _) = session.waiting_for_node(machine.device_id()).await.unwrap();
        let (photos, _) = session.attachment_count().await.unwrap();
        (waiting, photos) == (0, 0) && session.carried_letters().await.unwrap().is_empty()
    }

    async fn is_delivered(&self) -> bool {
        let sync = self.node.engine().handle(SyncShow {}).await.unwrap();
        (sync.state.erp_waiting, sync.state.broker_waiting, sync.needs_you.len()) == (0, 0, 0)
    }

    /// Everybody talks to the node over a good network, but who stays away.
    async fn everybody_meets(&self, stays_away: impl Fn(&Chance) -> bool) {
        for tablet in &self.tablets {
            if stays_away(&self.chance) {
                continue;
            }
            tablet.machine.pass_ms(11_000);
            self.meet(tablet, None).await.unwrap();
        }
    }
}
