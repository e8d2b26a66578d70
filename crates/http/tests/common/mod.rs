//! An engine in a folder of its own, with a clock that stands still and an ERP that takes or refuses everything.
#![allow(dead_code, reason = "each test binary uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use millwright_engine::*;
use millwright_erp::*;
use millwright_model::*;

/// 2026-11-23T09:00:00Z.
pub const MORNING: TimestampMs = TimestampMs(1_795_424_400_000);

pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(self.0.load(Ordering::SeqCst))
    }
}

/// An ERP in memory.
#[derive(Default)]
pub struct TestErp {
    pub refuses: AtomicBool,
    pages: Mutex<Vec<PullPage>>,
}

impl TestErp {
    pub fn page(&self, records: Vec<ErpRecord>) {
        let next_cursor = (self.pages.lock().unwrap().len() + 1).to_string();
        self.pages.lock().unwrap().push(PullPage { records, next_cursor, more: false, findings: vec![] });
    }
}

impl ErpPort for TestErp {
    fn system(&self) -> &str {
        "test"
    }

    fn pull_changes<'a>(&'a self, cursor: Option<&'a str>) -> PortFuture<'a, Result<PullPage, ErpError>> {
        Box::pin(async move {
            let place: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
            let empty =
                PullPage { records: vec![], next_cursor: place.to_string(), more: false, findings: vec![] };
            Ok(self.pages.lock().unwrap().get(place).cloned().unwrap_or(empty))
        })
    }

    fn has_order_field(&self, _field: OrderField) -> bool {
        true
    }

    fn plan(&self, txn: &OutboundTxn) -> Result<Vec<PlannedStep>, PlanError> {
        let step = |fact: &Fact| PlannedStep {
            step_key: fact.op_id().to_string(),
            label: StepLabel::Words { text: "a step".to_owned() },
            bytes: vec![],
            needs: vec![],
        };
        Ok(txn.facts.iter().map(step).collect())
    }

    fn push<'a>(
        &'a self,
        _step: &'a PlannedStep,
        _keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<PushOutcome, PushError>> {
        Box::pin(async move {
            if self.refuses.load(Ordering::SeqCst) {
                return Ok(PushOutcome::Rejected { message: "the period is closed".into() });
            }
            Ok(PushOutcome::Applied(Receipt { external_key: None, learned: vec![], message: "ok".into() }))
        })
    }

    fn lookup<'a>(
        &'a self,
        _step: &'a PlannedStep,
        _keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<LookupOutcome, ErpError>> {
        Box::pin(async { Ok(LookupOutcome::Absent) })
    }

    fn request_limit_ms(&self) -> u64 {
        3_000
    }

    fn test_connection(&self) -> PortFuture<'_, Result<ConnectionReport, ErpError>> {
        Box::pin(async { Ok(ConnectionReport::default()) })
    }
}

pub struct World {
    pub folder: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    pub erp: Arc<TestErp>,
    pub engine: Engine,
}

impl World {
    /// An engine with one person picked and nothing else.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(MORNING.0)));
        let erp = Arc::new(TestErp::default());
        let engine = open(folder.path(), &clock, &erp).await;
        let anna =
            PersonAdd { name: "Anna Weber".into(), erp_number: Some("1001".into()), language: "de".into() };
        let person_id = engine.handle(anna).await.unwrap();
        engine.handle(PersonPick { person_id: Some(person_id) }).await.unwrap();
        Self { folder, clock, erp, engine }
    }

    /// The same folder after the process ended without a word.
    pub async fn after_kill(self) -> Self {
        let Self { folder, clock, erp, engine } = self;
        drop(engine);
        let engine = open(folder.path(), &clock, &erp).await;
        Self { folder, clock, erp, engine }
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
        orders.iter().find(|order| order.order.erp_number.is_some()).unwrap().order.work_order_id
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
}

async fn open(path: &Path, clock: &Arc<TestClock>, erp: &Arc<TestErp>) -> Engine {
    let options = OpenOptions {
        path: path.to_owned(),
        face: "test".into(),
        key_source: KeySource::Given([7; 32]),
        demo_program: None,
        connect: false,
        erp: Some(erp.clone()),
        ledger: None,
    };
    let ports = Ports { clock: clock.clone(), mint: Arc::new(RandomMint), shell: Arc::new(NoShell) };
    Engine::open(options, ports).await.unwrap()
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
        operations: vec![],
        version: None,
        changed_by: None,
    }
}
