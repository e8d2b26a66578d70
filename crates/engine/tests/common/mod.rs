//! An engine in a folder of its own with a clock that stands still and an ERP that does what the test says.
#![allow(dead_code, reason = "each test binary uses its own part of this")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot set up its world fails"
)]

pub mod postbox;
pub mod proxy;
pub mod rogue;
pub mod team;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use millwright_engine::*;
use millwright_erp::*;
use millwright_model::*;

pub struct TestClock(pub AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(self.0.load(Ordering::SeqCst))
    }
}

#[derive(Default)]
pub struct TestShell(pub Mutex<Vec<Event>>, pub Mutex<Vec<Ring>>);

impl Shell for TestShell {
    fn tell(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }

    fn ring(&self, ring: Ring) -> bool {
        self.1.lock().unwrap().push(ring);
        true
    }
}

/// How the ERP answers the next pushes.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Well,
    /// Nothing arrives.
    Dead,
    /// The step takes effect and the answer is lost.
    LosesAnswers,
    Rejects,
    Conflicts,
}

/// An ERP in memory: every effect it ever had, by step key.
#[derive(Default)]
pub struct TestErp {
    pub mood: Mutex<Mood>,
    pub pages: Mutex<Vec<PullPage>>,
    pub effects: Mutex<Vec<(String, Fact)>>,
    pub pushes: Mutex<Vec<String>>,
    pub lookups: Mutex<Vec<String>>,
    /// The fields of orders that it has no place for.
    pub lacks: Mutex<Vec<OrderField>>,
    /// Happens once, between the look for a step that needs a key and its mark; before that the ERP is asked for news.
    pub before_the_mark: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// Whether it was asked for news.
    pub asked_for_news: AtomicBool,
    /// Happens once, while a step is looked up.
    pub during_lookup: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl TestErp {
    pub fn set_mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn page(&self, records: Vec<ErpRecord>) {
        let next_cursor = (self.pages.lock().unwrap().len() + 1).to_string();
        self.pages.lock().unwrap().push(PullPage { records, next_cursor, more: false, findings: vec![] });
    }

    /// How often a step with each key took effect.
    pub fn effect_counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (key, _) in self.effects.lock().unwrap().iter() {
            *counts.entry(key.clone()).or_default() += 1;
        }
        counts
    }

    pub fn facts(&self) -> Vec<Fact> {
        self.effects.lock().unwrap().iter().map(|(_, fact)| fact.clone()).collect()
    }

    fn receipt(fact: &Fact) -> Receipt {
        let learned = match fact {
            Fact::OrderCreated { order, .. } => vec![LearnedKey {
                kind: ExternalKind::WorkOrder,
                id: order.id.0,
                external_key: "900".into(),
                label: "900".into(),
            }],
            _ => vec![],
        };
        Receipt { external_key: None, learned, message: "ok".into() }
    }
}

impl ErpPort for TestErp {
    fn system(&self) -> &str {
        if self.asked_for_news.load(Ordering::SeqCst)
            && let Some(happens) = self.before_the_mark.lock().unwrap().take()
        {
            happens();
        }
        "test"
    }

    fn pull_changes<'a>(&'a self, cursor: Option<&'a str>) -> PortFuture<'a, Result<PullPage, ErpError>> {
        Box::pin(async move {
            self.asked_for_news.store(true, Ordering::SeqCst);
            if *self.mood.lock().unwrap() == Mood::Dead {
                return Err(ErpError::Unreachable("dead".into()));
            }
            let place: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
            let empty =
                PullPage { records: vec![], next_cursor: place.to_string(), more: false, findings: vec![] };
            Ok(self.pages.lock().unwrap().get(place).cloned().unwrap_or(empty))
        })
    }

    fn has_order_field(&self, field: OrderField) -> bool {
        !self.lacks.lock().unwrap().contains(&field)
    }

    fn plan(&self, txn: &OutboundTxn) -> Result<Vec<PlannedStep>, PlanError> {
        let step = |fact: &Fact| PlannedStep {
            step_key: fact.op_id().to_string(),
            label: match fact {
                Fact::OrderChanged { order, .. } => StepLabel::ChangeOrder { order: order.label.clone() },
                _ => StepLabel::Words { text: format!("{fact:?}") },
            },
            bytes: serde_json::to_vec(fact).unwrap(),
            needs: match fact {
                Fact::LabourBooked { order, .. } | Fact::OrderStatusChanged { order, .. } => {
                    vec![Need { kind: ExternalKind::WorkOrder, id: order.id.0 }]
                }
                _ => vec![],
            },
        };
        Ok(txn.facts.iter().map(step).collect())
    }

    fn push<'a>(
        &'a self,
        step: &'a PlannedStep,
        _keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<PushOutcome, PushError>> {
        Box::pin(async move {
            self.pushes.lock().unwrap().push(step.step_key.clone());
            let fact: Fact = serde_json::from_slice(&step.bytes).unwrap();
            let mood = *self.mood.lock().unwrap();
            match mood {
                Mood::Dead => return Err(PushError::NotSent("dead".into())),
                Mood::Rejects => return Ok(PushOutcome::Rejected { message: "the period is closed".into() }),
                Mood::Conflicts => {
                    return Ok(PushOutcome::Conflict {
                        message: "it was closed there".into(),
                        changed_by: Some("MUELLER".into()),
                    });
                }
                Mood::Well | Mood::LosesAnswers => {}
            }
            self.effects.lock().unwrap().push((step.step_key.clone(), fact.clone()));
            if mood == Mood::LosesAnswers {
                return Err(PushError::Unknown("time-out".into()));
            }
            Ok(PushOutcome::Applied(Self::receipt(&fact)))
        })
    }

    fn lookup<'a>(
        &'a self,
        step: &'a PlannedStep,
        _keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<LookupOutcome, ErpError>> {
        Box::pin(async move {
            self.lookups.lock().unwrap().push(step.step_key.clone());
            let happens = self.during_lookup.lock().unwrap().take();
            if let Some(happens) = happens {
                happens();
            }
            if *self.mood.lock().unwrap() == Mood::Dead {
                return Err(ErpError::Unreachable("dead".into()));
            }
            let known = self
                .effects
                .lock()
                .unwrap()
                .iter()
                .find(|(key, _)| *key == step.step_key)
                .map(|(_, fact)| Self::receipt(fact));
            Ok(known.map_or(LookupOutcome::Absent, LookupOutcome::Done))
        })
    }

    fn request_limit_ms(&self) -> u64 {
        3_000
    }

    fn test_connection(&self) -> PortFuture<'_, Result<ConnectionReport, ErpError>> {
        Box::pin(async { Ok(ConnectionReport::default()) })
    }
}

/// 2026-11-23T09:00:00Z.
pub const MORNING: TimestampMs = TimestampMs(1_795_424_400_000);

pub struct World {
    pub folder: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    pub shell: Arc<TestShell>,
    pub erp: Arc<TestErp>,
    pub engine: Engine,
}

impl World {
    /// An engine with one person picked and nothing else.
    pub async fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), Arc::default()).await
    }

    /// The same, on an ERP that others have too.
    pub async fn on_erp(erp: &Arc<TestErp>) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), erp.clone()).await
    }

    /// The same, with the data directory on the disk that `place` lies on.
    pub async fn new_in(place: &Path) -> Self {
        Self::in_folder(tempfile::tempdir_in(place).unwrap(), Arc::default()).await
    }

    async fn in_folder(folder: tempfile::TempDir, erp: Arc<TestErp>) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(MORNING.0)));
        let shell = Arc::new(TestShell::default());
        let engine = open(folder.path(), &clock, &shell, &erp, [7; 32]).await;
        let world = Self { folder, clock, shell, erp, engine };
        let person_id = world
            .engine
            .handle(PersonAdd {
                name: "Anna Weber".into(),
                erp_number: Some("1001".into()),
                language: "de".into(),
            })
            .await
            .unwrap();
        world.engine.handle(PersonPick { person_id: Some(person_id) }).await.unwrap();
        world
    }

    /// A node process on a ledger that it shares: its ERP is the one that the others have.
    pub async fn on_ledger(
        folder: tempfile::TempDir,
        clock: &Arc<TestClock>,
        erp: &Arc<TestErp>,
        key: [u8; 32],
        ledger: Arc<dyn Ledger>,
    ) -> Result<Self, EngineError> {
        let (clock, erp, shell) = (clock.clone(), erp.clone(), Arc::new(TestShell::default()));
        let engine = try_open(folder.path(), &clock, &shell, &erp, key, Some(ledger)).await?;
        Ok(Self { folder, clock, shell, erp, engine })
    }

    /// Ends the engine and gives its folder.
    pub async fn end(self) -> tempfile::TempDir {
        let Self { folder, engine, .. } = self;
        engine.close().await.unwrap();
        drop(engine);
        folder
    }

    /// An engine on a folder as it lies there, without a ledger.
    pub async fn in_place(
        folder: tempfile::TempDir,
        clock: &Arc<TestClock>,
        erp: &Arc<TestErp>,
        key: [u8; 32],
    ) -> Result<Self, EngineError> {
        let (clock, erp, shell) = (clock.clone(), erp.clone(), Arc::new(TestShell::default()));
        let engine = try_open(folder.path(), &clock, &shell, &erp, key, None).await?;
        Ok(Self { folder, clock, shell, erp, engine })
    }

    /// A backup of this folder as it is now.
    pub async fn back_up(&self) -> Backup {
        let place = tempfile::tempdir().unwrap();
        self.engine.back_up(&place.path().join("backup.tar")).await.unwrap();
        Backup { place, clock: self.clock.clone() }
    }

    /// The same folder after the process ended without a word.
    pub async fn after_kill(self) -> Self {
        let Self { folder, clock, shell, erp, engine } = self;
        drop(engine);
        let engine = open(folder.path(), &clock, &shell, &erp, [7; 32]).await;
        Self { folder, clock, shell, erp, engine }
    }

    pub fn pass_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Lets the hold end and delivers what is due.
    pub async fn deliver(&self) {
        self.pass_ms(11_000);
        self.engine.synchronise().await.unwrap();
    }

    /// An order pulled from the ERP, released, on no machine.
    pub async fn pulled_order(&self) -> WorkOrderId {
        self.erp.page(vec![ErpRecord::WorkOrder(erp_order("4000127", "Replace mechanical seal"))]);
        self.engine.synchronise().await.unwrap();
        let orders = self.engine.handle(WorkOrderList { filter: Default::default() }).await.unwrap();
        orders[0].order.work_order_id
    }

    /// A machine with this code.
    pub async fn asset(&self, code: &str) -> AssetId {
        let csv = format!(
            "code,name,level,parent,criticality,class,erp_number,uns_path\n{code},Pump,machine,,b,,,\n"
        );
        let report = self.engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
        assert_eq!(report.refused, []);
        let tree = self.engine.handle(AssetTree {}).await.unwrap();
        tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id
    }

    pub async fn show(&self, work_order_id: WorkOrderId) -> WorkOrderView {
        self.engine.handle(WorkOrderShow { work_order_id }).await.unwrap()
    }

    pub async fn sync(&self) -> SyncView {
        self.engine.handle(SyncShow {}).await.unwrap()
    }
}

/// A backup, which may be restored more than once.
pub struct Backup {
    place: tempfile::TempDir,
    clock: Arc<TestClock>,
}

impl Backup {
    /// An engine on what was restored, on a machine that has neither the secrets nor their key.
    pub async fn on_another_machine(&self) -> World {
        let folder = tempfile::tempdir().unwrap();
        millwright_local_db::restore(&self.place.path().join("backup.tar"), folder.path()).unwrap();
        let key = millwright_engine::Mint::secret(&RandomMint);
        World::in_place(folder, &self.clock, &Arc::default(), key).await.unwrap()
    }
}

pub async fn open(
    path: &Path,
    clock: &Arc<TestClock>,
    shell: &Arc<TestShell>,
    erp: &Arc<TestErp>,
    key: [u8; 32],
) -> Engine {
    try_open(path, clock, shell, erp, key, None).await.unwrap()
}

async fn try_open(
    path: &Path,
    clock: &Arc<TestClock>,
    shell: &Arc<TestShell>,
    erp: &Arc<TestErp>,
    key: [u8; 32],
    ledger: Option<Arc<dyn Ledger>>,
) -> Result<Engine, EngineError> {
    let options = OpenOptions {
        path: path.to_owned(),
        face: "test".into(),
        key_source: KeySource::Given(key),
        demo_program: None,
        connect: false,
        erp: Some(erp.clone()),
        ledger,
    };
    let ports = Ports { clock: clock.clone(), mint: Arc::new(RandomMint), shell: shell.clone() };
    Engine::open(options, ports).await
}

pub fn erp_order(number: &str, title: &str) -> ErpWorkOrder {
    ErpWorkOrder {
        key: number.into(),
        number: number.into(),
        our_id: None,
        title: title.into(),
        description: String::new(),
        work_kind: WorkKind::Corrective,
        asset_key: None,
        status: WorkOrderStatus::Released,
        priority: Priority::High,
        due: None,
        planned_start: None,
        planned_minutes: Some(45),
        assignee_key: None,
        operations: vec![ErpOperation {
            key: "0010".into(),
            position: 1,
            title: "Isolate".into(),
            form: StepForm::Check,
        }],
        version: None,
        changed_by: None,
    }
}

pub fn full_closing(minutes: i64) -> Closing {
    Closing::Full {
        found_code: None,
        found_text: "Seal leaks".into(),
        done_code: None,
        done_text: "Seal replaced".into(),
        minutes,
    }
}

/// The wish to add a photo to an order.
pub fn photo_of(order: WorkOrderId) -> AttachmentAdd {
    AttachmentAdd {
        work_order_id: Some(order),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "seal.jpg".into(),
        bytes_base64: "c2VhbA==".into(),
        part: None,
    }
}
