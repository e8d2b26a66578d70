//! Ten devices, a node and an ERP on a network that drops, repeats and cuts off, with crashes and wrong clocks: whatever
//! the seed does, after it heals every queue drains, everybody is equal, and every act has had its effect once.
//!
//! `MILLWRIGHT_SIMULATE=FROM..TO cargo test -p millwright-engine --test simulation` runs other seeds; a failing one is
//! named, and `SEED..SEED+1` repeats it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a run that cannot go on fails, and says with which seed"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::task::Poll;

use common::{MORNING, TestClock, TestErp, TestShell, erp_order, full_closing};
use millwright_engine::simulation::{self, Line, LineError, ToDevice, ToNode};
use millwright_engine::{Engine, Handle, KeySource, Mint, OpenOptions, Ports};
use millwright_model::*;
use uuid::Uuid;

/// Chance from a seed: SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(AtomicU64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    fn next(&self) -> u64 {
        let state =
            self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

impl Mint for Chance {
    fn uuid(&self, now: TimestampMs) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.next().to_le_bytes());
        random[8..].copy_from_slice(&self.next().to_le_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(now.0.max(0) as u64, &random).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes());
        }
        bytes
    }
}

/// One machine with its clock, which outlives a crash of its engine.
struct Machine {
    folder: tempfile::TempDir,
    clock: Arc<TestClock>,
    chance: Arc<Chance>,
    erp: Option<Arc<TestErp>>,
    /// Nothing only while it starts again.
    running: Option<Engine>,
}

async fn open(
    path: &Path,
    clock: &Arc<TestClock>,
    chance: &Arc<Chance>,
    erp: Option<&Arc<TestErp>>,
) -> Engine {
    let options = OpenOptions {
        path: path.to_owned(),
        face: "simulation".into(),
        key_source: KeySource::Given([7; 32]),
        demo_program: None,
        connect: false,
        erp: erp.map(|erp| erp.clone() as Arc<dyn millwright_erp::ErpPort>),
        ledger: None,
    };
    let ports = Ports { clock: clock.clone(), mint: chance.clone(), shell: Arc::new(TestShell::default()) };
    Engine::open(options, ports).await.unwrap()
}

impl Machine {
    async fn new(seed: u64, name: &str, erp: Option<Arc<TestErp>>) -> Self {
        let memory = Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(MORNING.0)));
        let chance = Arc::new(Chance::new(seed));
        let engine = open(folder.path(), &clock, &chance, erp.as_ref()).await;
        let add = PersonAdd { name: name.into(), erp_number: None, language: "en".into() };
        let person = engine.handle(add).await.unwrap();
        engine.handle(PersonPick { person_id: Some(person) }).await.unwrap();
        Self { folder, clock, chance, erp, running: Some(engine) }
    }

    /// The process ends without a word and starts again. What its database was doing is waited for, so that no thread
    /// of the process that ended writes while the next one runs.
    async fn crash(&mut self) {
        if let Some(ended) = self.running.take() {
            ended.database().close().await;
        }
        self.running = Some(open(self.folder.path(), &self.clock, &self.chance, self.erp.as_ref()).await);
    }

    fn engine(&self) -> &Engine {
        self.running.as_ref().unwrap()
    }

    fn pass_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        self.engine().database().read().await.unwrap().dump().await.unwrap()
    }

    async fn orders(&self) -> Vec<WorkOrderOverview> {
        let filter = WorkOrderFilter { open_only: false, ..WorkOrderFilter::default() };
        self.engine().handle(WorkOrderList { filter }).await.unwrap()
    }
}

/// A line through a network that is as bad as `chance` says.
struct BadLine<'n> {
    node: &'n Engine,
    device: DeviceId,
    chance: &'n Chance,
    /// One message in so many is lost, each of three ways; nothing is when the network has healed.
    one_in: Option<usize>,
}

impl Line for BadLine<'_> {
    fn say(&mut self, message: ToNode) -> impl Future<Output = Result<ToDevice, LineError>> + Send {
        let cut = |what: &str| LineError::Broken(std::io::Error::other(what.to_owned()));
        async move {
            // A message is whole or not at all; it goes through the bytes that a network would carry.
            let bytes = serde_json::to_vec(&message).unwrap();
            let message: ToNode = serde_json::from_slice(&bytes).unwrap();
            let device = (!matches!(message, ToNode::Join(_))).then_some(self.device);
            let Some(one_in) = self.one_in else {
                return Ok(simulation::answer(self.node, device, message).await);
            };
            if self.chance.one_in(one_in) {
                return Err(cut("lost on the way there"));
            }
            if self.chance.one_in(one_in) {
                simulation::answer(self.node, device, message.clone()).await;
            }
            let answer = simulation::answer(self.node, device, message).await;
            if self.chance.one_in(one_in) {
                return Err(cut("the answer was lost"));
            }
            Ok(answer)
        }
    }
}

/// Lets `work` go on for so many polls; then whatever it is waiting for never comes.
async fn cut_short<T>(work: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut work = Box::pin(work);
    let mut left = polls;
    std::future::poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

struct World {
    seed: u64,
    chance: Chance,
    erp: Arc<TestErp>,
    node: Machine,
    devices: Vec<Machine>,
    invitations: Vec<String>,
}

impl World {
    async fn new(seed: u64) -> Self {
        let chance = Chance::new(seed);
        let erp = Arc::new(TestErp::default());
        let orders = (0..3 + chance.below(4)).map(|number| {
            ErpRecord::WorkOrder(erp_order(&format!("40000{number}"), &format!("Order {number}")))
        });
        erp.page(orders.collect());
        let node = Machine::new(seed.wrapping_add(1 << 32), "Nora", Some(erp.clone())).await;
        simulation::become_node(node.engine()).await.unwrap();
        node.engine().synchronise().await.unwrap();
        let mut world = Self { seed, chance, erp, node, devices: Vec::new(), invitations: Vec::new() };
        for number in 0..3 + world.chance.below(8) {
            world.add_device(number).await;
        }
        world
    }

    async fn add_device(&mut self, number: usize) {
        let seed = self.seed.wrapping_add((number as u64 + 2) << 32);
        let device = Machine::new(seed, &format!("Person {number}"), None).await;
        if self.chance.one_in(3) {
            // It worked alone before: with a machine that others have too.
            self.create_asset(&device).await;
        }
        let invite = TeamInvite { address: "127.0.0.1:1".into(), minutes: 10 };
        let invitation = self.node.engine().handle(invite).await.unwrap().invitation;
        let join = TeamJoin { invitation: invitation.clone(), name: format!("Tablet {number}") };
        device.engine().handle(join).await.unwrap();
        self.invitations.push(invitation);
        self.devices.push(device);
    }

    async fn create_asset(&self, device: &Machine) {
        let code = format!("P-{}", self.chance.below(4));
        let csv = format!(
            "code,name,level,parent,criticality,class,erp_number,uns_path\n{code},Pump {},machine,,b,,,\n",
            self.chance.below(3)
        );
        device.engine().handle(AssetImport { csv, dry_run: false }).await.unwrap();
    }

    /// One act of a person. What the engine refuses is refused; what it takes, it must keep.
    async fn act(&self, device: &Machine) {
        let engine = device.engine();
        let orders = device.orders().await;
        let Some(order) = orders.get(self.chance.below(orders.len().max(1))) else {
            return self.create_asset(device).await;
        };
        let work_order_id = order.order.work_order_id;
        let refused_or_done = match self.chance.below(13) {
            0 | 1 => engine.handle(WorkOrderStart { work_order_id }).await.map(drop),
            2 => {
                let close =
                    WorkOrderClose { work_order_id, closing: full_closing(self.chance.below(60) as i64) };
                engine.handle(close).await.map(drop)
            }
            3 => engine
                .handle(WorkOrderHold { work_order_id, reason: "no part".into(), cause: None })
                .await
                .map(drop),
            4 => {
                engine.handle(WorkOrderCancel { work_order_id, reason: "not needed".into() }).await.map(drop)
            }
            5 => {
                let text = format!("note {}", self.chance.next());
                engine.handle(NoteAdd { work_order_id, text }).await.map(drop)
            }
            6 | 7 => {
                let WorkOrder { description, priority, due_at, assignee_id, asset_id, .. } =
                    order.order.clone();
                let title = format!("title {}", self.chance.below(100));
                let edit = WorkOrderEdit {
                    work_order_id,
                    title,
                    description,
                    priority,
                    due_at,
                    assignee_id,
                    asset_id,
                };
                engine.handle(edit).await.map(drop)
            }
            8 => {
                let draft = StepDraft {
                    title: "Look".into(),
                    form: StepForm::Check,
                    mandatory: self.chance.one_in(2),
                };
                engine.handle(WorkStepAdd { work_order_id, draft }).await.map(drop)
            }
            9 => {
                let view = engine.handle(WorkOrderShow { work_order_id }).await.unwrap();
                let Some(step) = view.steps.first() else { return };
                let work_step_id = step.step.work_step_id;
                match self.chance.one_in(3) {
                    true => engine.handle(WorkStepRemove { work_step_id }).await.map(drop),
                    false => {
                        let outcome = Some(StepOutcome::Checked);
                        engine.handle(WorkStepRecord { work_step_id, outcome }).await.map(drop)
                    }
                }
            }
            10 => {
                self.create_asset(device).await;
                Ok(())
            }
            11 => {
                let reason = "tablet broken".into();
                engine.handle(WorkOrderContinue { work_order_id, reason }).await.map(drop)
            }
            _ => {
                let create = WorkOrderCreate {
                    title: format!("Own {}", self.chance.below(50)),
                    description: String::new(),
                    asset_id: None,
                    priority: Priority::Medium,
                    request_id: None,
                    due_at: None,
                    assignee_id: None,
                    steps: vec![],
                };
                engine.handle(create).await.map(drop)
            }
        };
        if let Err(error) = refused_or_done {
            assert_ne!(error.code, Code::Internal, "seed {}: {}", self.seed, error.message);
        }
        if self.chance.one_in(8)
            && let Some(card) = engine.handle(SyncShow {}).await.unwrap().conflicts.first()
        {
            let keep = if self.chance.one_in(2) { Side::Ours } else { Side::Theirs };
            let decided = engine.handle(ConflictResolve { conflict_id: card.conflict_id, keep }).await;
            if let Err(error) = decided {
                assert_ne!(error.code, Code::Internal, "seed {}: {}", self.seed, error.message);
            }
        }
    }

    async fn admit_who_asks(&self) {
        for ask in self.node.engine().handle(TeamShow {}).await.unwrap().asks {
            let admit = TeamAdmit { device_id: ask.device_id, scope: Scope::default() };
            self.node.engine().handle(admit).await.unwrap();
        }
    }

    async fn meet(&self, device: &Machine, one_in: Option<usize>) -> Result<(), String> {
        let mut line = BadLine {
            node: self.node.engine(),
            device: simulation::device_id(device.engine()),
            chance: &self.chance,
            one_in,
        };
        let talked = Box::pin(simulation::talk(device.engine(), &mut line)).await;
        if let Err(error) = &talked {
            let fine = error.contains("lost");
            assert!(fine, "seed {}: {error}", self.seed);
        }
        talked
    }

    /// Somebody's process ends at any point of a talk: between two messages, or in the middle of what one of them
    /// writes. The other side may live on with a talk that just stopped.
    async fn crash_amid_a_talk(&mut self, which: usize) {
        self.devices[which].pass_ms(11_000);
        let polls = self.chance.below(400);
        let talked = cut_short(self.meet(&self.devices[which], None), polls).await;
        if talked.is_some() {
            return;
        }
        match self.chance.below(3) {
            0 => self.devices[which].crash().await,
            1 => self.node.crash().await,
            _ => {
                self.devices[which].crash().await;
                self.node.crash().await;
            }
        }
    }

    async fn step(&mut self) {
        let which = self.chance.below(self.devices.len());
        match self.chance.below(22) {
            20 => self.crash_amid_a_talk(which).await,
            21 => {
                let polls = self.chance.below(60);
                let acted = cut_short(self.act(&self.devices[which]), polls).await.is_some();
                if !acted {
                    self.devices[which].crash().await;
                }
            }
            0 => self.devices[which].crash().await,
            1 => {
                self.node.crash().await;
                self.admit_who_asks().await;
            }
            2 => {
                let years = self.chance.below(21) as i64 - 10;
                self.devices[which].pass_ms(years * 365 * 86_400_000);
            }
            3 => {
                self.node.pass_ms(20_000);
                self.node.engine().synchronise().await.unwrap();
            }
            4 => self.act(&self.node).await,
            5 | 6 => self.admit_who_asks().await,
            7..=12 => {
                self.devices[which].pass_ms(self.chance.below(20_000) as i64);
                let one_in = [3, 10, 50][self.chance.below(3)];
                let _may_be_cut = self.meet(&self.devices[which], Some(one_in)).await.is_ok();
            }
            _ => self.act(&self.devices[which]).await,
        }
    }

    /// The network is good again, nobody writes any more, and everybody meets.
    async fn heal(&self) {
        for _ in 0..4 {
            self.admit_who_asks().await;
            for device in &self.devices {
                device.pass_ms(11_000);
                self.meet(device, None).await.unwrap();
            }
        }
        for _ in 0..5 {
            self.node.pass_ms(30_000);
            self.node.engine().synchronise().await.unwrap();
        }
        for device in &self.devices {
            self.meet(device, None).await.unwrap();
        }
    }

    /// What must hold whatever happened (plant-erp-sync.md 3.3).
    async fn check(&self, written: &[BTreeSet<TxnId>]) {
        let seed = self.seed;
        let truth = self.node.rows().await;
        let mut session = self.node.engine().database().read().await.unwrap();
        let ledger: BTreeMap<TxnId, Verdict> = session
            .entries_after(0, i64::MAX)
            .await
            .unwrap()
            .into_iter()
            .map(|stored| (stored.txn_id, stored.verdict))
            .collect();
        drop(session);
        for (number, device) in self.devices.iter().enumerate() {
            let mut session = device.engine().database().read().await.unwrap();
            let device_id = simulation::device_id(device.engine());
            let (waiting, _) = session.waiting_for_node(device_id).await.unwrap();
            assert_eq!(waiting, 0, "seed {seed}: device {number} has not drained");
            assert_eq!(session.chain_fault().await.unwrap(), None, "seed {seed}: device {number}");
            for txn_id in &written[number] {
                let verdict = ledger.get(txn_id);
                assert!(verdict.is_some(), "seed {seed}: device {number} wrote {txn_id}, and it is lost");
                let rejected = matches!(verdict, Some(Verdict::Rejected { .. }));
                assert!(!rejected, "seed {seed}: device {number}: {verdict:?}");
            }
            drop(session);
            let rows = device.rows().await;
            for (table, there) in &truth {
                assert_eq!(&rows[table], there, "seed {seed}: {table} of device {number} differs");
            }
        }
        let number = self.chance.below(self.devices.len());
        let device = &self.devices[number];
        device.engine().database().rebuild().await.unwrap();
        assert_eq!(device.rows().await, truth, "seed {seed}: a rebuild of device {number} differs");
        self.node.engine().database().rebuild().await.unwrap();
        assert_eq!(self.node.rows().await, truth, "seed {seed}: a rebuild of the node differs");
        let twice: Vec<_> = self.erp.effect_counts().into_iter().filter(|(_, count)| *count != 1).collect();
        assert_eq!(twice, [], "seed {seed}: effects at the ERP");
        let mut closed: BTreeMap<String, usize> = BTreeMap::new();
        for fact in self.erp.facts() {
            if let Fact::OrderStatusChanged { order, to: WorkOrderStatus::Completed, from, .. } = fact
                && from != WorkOrderStatus::Completed
            {
                *closed.entry(order.label).or_default() += 1;
            }
        }
        assert!(
            closed.values().all(|count| *count == 1),
            "seed {seed}: completed more than once: {closed:?}"
        );
        let open = self.node.engine().handle(SyncShow {}).await.unwrap().state;
        assert_eq!(
            (open.erp_waiting, open.broker_waiting),
            (0, 0),
            "seed {seed}: deliveries have not drained"
        );
    }

    /// The transactions that each device has kept so far.
    async fn kept(&self) -> Vec<BTreeSet<TxnId>> {
        let mut kept = Vec::new();
        for device in &self.devices {
            let mut session = device.engine().database().read().await.unwrap();
            let own = simulation::device_id(device.engine());
            let txns = session.txns_after(0, i64::MAX).await.unwrap();
            kept.push(txns.into_iter().filter(|txn| txn.device_id == own).map(|txn| txn.txn_id).collect());
        }
        kept
    }
}

async fn run(seed: u64) {
    let mut world = World::new(seed).await;
    for _ in 0..60 + world.chance.below(60) {
        world.step().await;
    }
    let written = world.kept().await;
    world.heal().await;
    world.check(&written).await;
}

#[test]
fn whatever_the_seed_does_everybody_ends_equal_and_nothing_is_lost_or_done_twice() {
    let long = std::env::var_os("MILLWRIGHT_LONG").is_some();
    let asked = std::env::var("MILLWRIGHT_SIMULATE").ok().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse::<u64>().ok()?..to.parse::<u64>().ok()?)
    });
    let seeds = asked.unwrap_or(0..if long { 20_000 } else { 300 });
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let next = AtomicU64::new(seeds.start);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds.end {
                        return;
                    }
                    let ended = std::panic::catch_unwind(|| runtime().block_on(Box::pin(run(seed))));
                    assert!(
                        ended.is_ok(),
                        "MILLWRIGHT_SIMULATE={seed}..{} cargo test -p millwright-engine --test simulation",
                        seed + 1
                    );
                }
            });
        }
    });
}
