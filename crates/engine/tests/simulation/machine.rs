//! One machine: its folder, its disk and its clock, which outlive the engine that runs on it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use millwright_engine::{Engine, EngineError, Handle as _, KeySource, OpenOptions, Ports, simulation};
use millwright_erp::ErpPort;
use millwright_local_db::{Blobs, DataDirectory, Database, History};
use millwright_model::*;
use tokio::sync::OnceCell;

use crate::chance::Chance;
use crate::common::{MORNING, TestClock, TestShell};
use crate::disk::{Disk, Failure};
use crate::tally::happened;

/// Files as a first start makes them, so that not every machine runs every migration.
static PREPARED: OnceCell<tempfile::TempDir> = OnceCell::const_new();

/// A folder in memory: nothing here is about power cuts, and a process that ends leaves what it wrote.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

async fn prepare() -> tempfile::TempDir {
    let prepared = folder();
    let directory = DataDirectory::open(prepared.path(), "simulation").unwrap();
    Database::open(&directory.database_path()).await.unwrap().close().await;
    History::open(&directory.history_path()).await.unwrap().close().await.unwrap();
    directory.close().unwrap();
    // The reserve for a full disk is not what runs out here: 16 MB for each machine would be most of a seed's writing.
    std::fs::write(prepared.path().join("reserve"), []).unwrap();
    prepared
}

async fn prepared_folder() -> tempfile::TempDir {
    let prepared = PREPARED.get_or_init(prepare).await;
    let folder = folder();
    for file in ["FORMAT", "millwright.db", "history.db", "reserve"] {
        std::fs::copy(prepared.path().join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// Every row of every projected table.
pub type Rows = BTreeMap<String, Vec<String>>;

/// The first rows in which two machines differ, in the tables that `expected` has; nothing where they are equal.
pub fn difference(expected: &Rows, found: &Rows) -> Option<String> {
    let (table, there) = expected.iter().find(|(table, there)| found.get(*table) != Some(there))?;
    let here = found.get(table).map_or(&[][..], Vec::as_slice);
    let lacks = there.iter().filter(|row| !here.contains(row)).take(2).collect::<Vec<_>>();
    let adds = here.iter().filter(|row| !there.contains(row)).take(2).collect::<Vec<_>>();
    Some(format!("{table}: expected {lacks:#?}, found {adds:#?}"))
}

/// A machine with an engine on it.
pub struct Machine {
    // Dropped before the folder that it lies in.
    pub disk: Disk,
    folder: tempfile::TempDir,
    clock: Arc<TestClock>,
    chance: Arc<Chance>,
    erp: Option<Arc<dyn ErpPort>>,
    /// Nothing only while it starts again.
    running: Option<Engine>,
    /// What its person wrote last.
    last_written: Mutex<Option<TxnId>>,
}

impl Machine {
    pub async fn new(seed: u64, name: &str, erp: Option<Arc<dyn ErpPort>>) -> Self {
        let folder = prepared_folder().await;
        let disk = Disk::under(folder.path());
        let clock = Arc::new(TestClock(AtomicI64::new(MORNING.0)));
        let chance = Arc::new(Chance::new(seed));
        let mut machine =
            Self { disk, folder, clock, chance, erp, running: None, last_written: Mutex::default() };
        machine.start().await.unwrap();
        let add = PersonAdd { name: name.into(), erp_number: None, language: "en".into() };
        let person = machine.engine().handle(add).await.unwrap();
        machine.engine().handle(PersonPick { person_id: Some(person) }).await.unwrap();
        machine
    }

    async fn start(&mut self) -> Result<(), EngineError> {
        let options = OpenOptions {
            path: self.folder.path().to_owned(),
            face: "simulation".into(),
            key_source: KeySource::Given([7; 32]),
            demo_program: None,
            connect: false,
            erp: self.erp.clone(),
            ledger: None,
        };
        let ports = Ports {
            clock: self.clock.clone(),
            mint: self.chance.clone(),
            shell: Arc::new(TestShell::default()),
        };
        self.running = Some(Engine::open(options, ports).await?);
        Ok(())
    }

    /// The process ends without a word. What its database was doing is waited for, so that no thread of the process
    /// that ended writes while the next one runs.
    async fn end(&mut self) {
        if let Some(ended) = self.running.take() {
            ended.database().close().await;
        }
    }

    /// The process ends without a word and starts again.
    pub async fn crash(&mut self) {
        self.end().await;
        self.start().await.unwrap();
    }

    /// The process dies at the write that its disk refused, if it refused any, and starts again on a good one.
    pub async fn die_at_the_refused_write(&mut self) {
        if !self.disk.has_refused() {
            self.disk.mend();
            return;
        }
        happened("a process died at a write");
        self.end().await;
        self.disk.mend();
        self.start().await.unwrap();
    }

    /// It ends, finds no room or a broken disk when it starts again, and starts once more when that is mended.
    pub async fn crash_onto_a_failing_disk(&mut self, after_writes: usize, failure: Failure) {
        self.end().await;
        self.disk.fail_after(after_writes, failure);
        let started = self.start().await;
        let refused = self.disk.mend();
        if let Err(error) = started {
            assert!(refused, "it did not start on a good disk: {error}");
            happened("a start found a failing disk");
            self.start().await.unwrap();
        }
    }

    pub fn engine(&self) -> &Engine {
        self.running.as_ref().unwrap()
    }

    pub fn device_id(&self) -> DeviceId {
        simulation::device_id(self.engine())
    }

    /// Its person wrote this.
    pub fn wrote(&self, done: &Done) {
        if done.txn_id.is_some() {
            *self.last_written.lock().unwrap() = done.txn_id;
        }
    }

    pub fn last_written(&self) -> Option<TxnId> {
        *self.last_written.lock().unwrap()
    }

    pub fn pass_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub async fn rows(&self) -> Rows {
        self.engine().database().read().await.unwrap().dump().await.unwrap()
    }

    /// The place of the next op in its chain.
    pub async fn next_seq(&self) -> u64 {
        let mut session = self.engine().database().read().await.unwrap();
        session.chain_head(self.device_id()).await.unwrap().next_seq
    }

    /// What is kept here under the name of each photo that a record names; an error for what is missing or was changed.
    pub async fn photos(&self) -> BTreeMap<String, Result<Option<Vec<u8>>, String>> {
        let blobs = Blobs::open(&self.folder.path().join("blobs")).unwrap();
        let named = self.engine().database().read().await.unwrap().blobs_named().await.unwrap();
        let hashes: BTreeSet<String> = named.into_iter().map(|(hash, ..)| hash).collect();
        let kept = |hash: String| {
            let parsed = millwright_local_db::BlobHash::parse(&hash).unwrap();
            (hash, blobs.get(parsed).map_err(|error| error.to_string()))
        };
        hashes.into_iter().map(kept).collect()
    }
}
