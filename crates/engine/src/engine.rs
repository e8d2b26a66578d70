//! The engine itself: what it holds while it owns a data directory, and how it starts and ends.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use millwright_erp::ErpPort;
use millwright_local_db::{Blobs, DataDirectory, Database, Forgotten, History, LockedBy};
use millwright_model::{
    AlertStand, AlertSubject, AppMode, CacheTag, Ledger, LinkState, PersonId, Refusal, TimestampMs,
};
use tokio::sync::{Notify, watch};

use crate::caller::RunningActs;
use crate::device::Device;
use crate::guests::Guests;
use crate::key::KeySource;
use crate::live::Live;
use crate::people::People;
use crate::ports::Ports;
use crate::sight::Sights;
use crate::team::shared::{self, ComingIn, LedgerState, Shared};
use crate::team::{Role, Team, copies, follow, former};
use crate::together::{self, Together};
use crate::unnoted::Unnoted;
use crate::use_case::condition::Watches;
use crate::use_case::scenario::Calculations;
use crate::use_case::what_if::Running;
use crate::use_case::workshop::Boards;
use crate::vault::Vault;
use crate::{
    EngineError, acting, alerting, caller, connection, delivering, disk, historian, indexing, mail,
    plant_link, pulling, webhook,
};

/// How an engine is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// The data directory.
    pub path: PathBuf,
    /// What the face is called, for whoever finds the directory locked.
    pub face: String,
    /// Where the wrapping key of secrets comes from.
    pub key_source: KeySource,
    /// The program of the demo plant, where this face has it.
    pub demo_program: Option<PathBuf>,
    /// Whether to connect to the plant and the ERP: tests of use-cases and one-shot commands do not.
    pub connect: bool,
    /// An ERP adapter given by the caller, instead of the kept connection.
    pub erp: Option<Arc<dyn ErpPort>>,
    /// The ledger that this node process shares with others.
    pub ledger: Option<Arc<dyn Ledger>>,
}

/// An engine that owns a data directory. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

/// What an engine holds.
pub(crate) struct Inner {
    pub(crate) directory: Mutex<DataDirectory>,
    pub(crate) database: Database,
    pub(crate) history: History,
    pub(crate) blobs: Blobs,
    /// Letters of other devices, that lie here until the node has them.
    pub(crate) letters: Blobs,
    pub(crate) vault: Vault,
    pub(crate) device: Device,
    pub(crate) team: Team,
    /// The ledger, where node processes share one.
    pub(crate) shared: Option<Shared>,
    pub(crate) people: People,
    pub(crate) ports: Ports,
    pub(crate) live: Live,
    pub(crate) links: Links,
    pub(crate) erp: Mutex<Option<Arc<dyn ErpPort>>>,
    pub(crate) demo: tokio::sync::Mutex<Option<connection::DemoPlant>>,
    pub(crate) demo_program: Option<PathBuf>,
    pub(crate) plant_target: Mutex<Option<plant_link::PlantTarget>>,
    pub(crate) connect: bool,
    /// What was sent and could not be noted.
    pub(crate) unnoted: Unnoted,
    /// Something may be due for delivery.
    pub(crate) wake_delivering: Notify,
    /// What asks for somebody may have changed.
    pub(crate) wake_alerting: Notify,
    /// Who asked for somebody when it was looked for last, so that only changes are told.
    pub(crate) alerts_told: Mutex<Vec<(AlertSubject, AlertStand)>>,
    /// Somebody wants news from the ERP now.
    pub(crate) wake_pulling: Notify,
    /// A person gave up bringing data in.
    pub(crate) cancel_bringing: Notify,
    /// Two pulls at once would race for the cursor.
    pub(crate) pulling: tokio::sync::Mutex<()>,
    /// The plant's link restarts with every change of this number; the ERP's loops read `erp` anew.
    pub(crate) plant_generation: watch::Sender<u64>,
    pub(crate) shutdown: watch::Sender<bool>,
    pub(crate) person: Mutex<Option<PersonId>>,
    /// The acts of programs that run now, by their keys.
    pub(crate) running_acts: RunningActs,
    /// Live conditions of steps that wait.
    pub(crate) watches: Watches,
    pub(crate) calculations: Calculations,
    /// The line that is being tried out.
    pub(crate) what_if: Running,
    /// The camera that the window looks through.
    pub(crate) sights: Sights,
    /// Boards of workshops that were opened.
    pub(crate) boards: Boards,
    /// Doors for guests by browser.
    pub(crate) guests: Guests,
    /// Documents written together over the plant's broker.
    pub(crate) together: Together,
    pub(crate) mode: Mutex<AppMode>,
}

/// How the links stand.
#[derive(Default)]
pub(crate) struct Links {
    plant: Mutex<LinkState>,
    erp: Mutex<LinkState>,
    mail: Mutex<LinkState>,
}

impl Links {
    pub(crate) fn plant(&self) -> LinkState {
        self.plant.lock().map(|state| state.clone()).unwrap_or_default()
    }

    pub(crate) fn erp(&self) -> LinkState {
        self.erp.lock().map(|state| state.clone()).unwrap_or_default()
    }

    pub(crate) fn mail(&self) -> LinkState {
        self.mail.lock().map(|state| state.clone()).unwrap_or_default()
    }
}

impl Inner {
    /// Notes how the plant's link stands and tells the shell when that is news.
    pub(crate) fn set_plant_link(&self, state: LinkState) {
        self.set_link(&self.links.plant, state);
    }

    /// Notes how the ERP's link stands and tells the shell when that is news.
    pub(crate) fn set_erp_link(&self, state: LinkState) {
        self.set_link(&self.links.erp, state);
    }

    /// Notes how the mail server took the last e-mail and tells the shell when that is news.
    pub(crate) fn set_mail_link(&self, state: LinkState) {
        self.set_link(&self.links.mail, state);
    }

    fn set_link(&self, link: &Mutex<LinkState>, state: LinkState) {
        let Ok(mut kept) = link.lock() else { return };
        // «Since» stays while the state stays, so that repeated reports are not news.
        let same = match (&*kept, &state) {
            (LinkState::Up { .. }, LinkState::Up { .. }) => true,
            (LinkState::Down { problem: before, .. }, LinkState::Down { problem: now, .. }) => before == now,
            (before, now) => before == now,
        };
        if same {
            return;
        }
        *kept = state;
        drop(kept);
        self.tell_stale([CacheTag::Sync].into());
    }

    pub(crate) fn now(&self) -> TimestampMs {
        self.ports.clock.now()
    }

    /// The person for whom a command runs: the one that a program's token names, else the one who holds the device.
    pub(crate) fn person(&self) -> Option<PersonId> {
        if let Some(named) = caller::person() {
            return named;
        }
        self.person.lock().ok().and_then(|person| *person)
    }

    pub(crate) fn mode(&self) -> AppMode {
        self.mode.lock().map(|mode| *mode).unwrap_or_default()
    }

    /// The ERP that this device speaks to; in a team only the node does.
    pub(crate) fn erp(&self) -> Option<Arc<dyn ErpPort>> {
        if self.team.follows() {
            return None;
        }
        self.erp.lock().ok().and_then(|erp| erp.clone())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.lock().map(|directory| directory.path().to_owned()).unwrap_or_default()
    }
}

impl Engine {
    /// Takes the data directory and starts the loops.
    ///
    /// # Errors
    /// When the directory belongs to another process, is not ours or newer, or cannot be opened.
    pub async fn open(options: OpenOptions, ports: Ports) -> Result<Self, EngineError> {
        let directory = DataDirectory::open(&options.path, &options.face)?;
        let stopped_cleanly = directory.stopped_cleanly();
        let mut database = Database::open(&directory.database_path()).await?;
        if options.ledger.is_none() && database.read().await?.ledger_unit().await? > 0 {
            return Err(EngineError::Precondition(Refusal::LedgerElsewhere));
        }
        let coming_in = match &options.ledger {
            Some(ledger) => Some(shared::come_in(&database, &directory.secrets_path(), ledger).await?),
            None => None,
        };
        let mut options = options;
        if coming_in == Some(ComingIn::Left) {
            // The team lives here again: what follows is an engine like any other.
            database.close().await;
            database = Database::open(&directory.database_path()).await?;
            let mut session = database.write().await?;
            session.forget_ledger().await?;
            session.commit().await?;
            options.ledger = None;
        }
        let vault = Vault::open(&directory.secrets_path(), &options.key_source, &*ports.mint)?;
        if coming_in == Some(ComingIn::Follows) {
            shared::take_secrets(&database, &vault).await?;
        }
        let history = History::open(&directory.history_path()).await?;
        let blobs = Blobs::open(&directory.blobs_path())?;
        let letters = Blobs::open(&directory.letters_path())?;
        let now = ports.clock.now();
        let mut session = database.write().await?;
        let had_transactions = session.txn_count().await? > 0;
        let was = Device::known_in(&mut session).await?;
        let (device, minted) = Device::of(&mut session, &vault, &*ports.mint, now).await?;
        // What node processes share was neither restored nor copied, whatever became of this machine.
        let follows_ledger = coming_in == Some(ComingIn::Follows);
        if minted && had_transactions && !follows_ledger {
            // Another device than the one that the team knows: it has to ask to be let in again, and then brings what it
            // recorded as that one.
            if let Some(was) = was {
                former::keep(&mut session, was).await?;
            }
            Team::keep(&mut session, &Role::Alone).await?;
            // This directory was restored or copied: nobody knows what left since, so everything undone is looked up.
            session.undone_becomes_unknown(now).await?;
            // A token that was taken back since would open again.
            session.forget_tokens().await?;
            session.forget_copies().await?;
            session.set_setting("mqtt_client_id", &format!("millwright-{}", device.device_id)).await?;
        }
        if !follows_ledger {
            // Of several node processes only the one that speaks knows what was sent.
            session.sending_becomes_unknown(now).await?;
        }
        session.end_all_holds().await?;
        let person: Option<PersonId> = session.setting("picked_person").await?.flatten();
        let mode: AppMode = session.setting("mode").await?.unwrap_or_default();
        let team = Team::load(&mut session).await?;
        session.commit().await?;
        let carried: BTreeSet<String> =
            database.read().await?.carried_letters().await?.into_iter().map(|letter| letter.hash).collect();
        letters.remove_strays(|hash| carried.contains(hash))?;
        let people = People::default();
        people.load(&mut database.read().await?, &vault).await?;
        let inner = Inner {
            directory: Mutex::new(directory),
            database,
            history,
            blobs,
            letters,
            vault,
            device,
            team,
            shared: options.ledger.clone().map(Shared::new),
            people,
            live: Live::new(ports.clock.clone()),
            ports,
            links: Links::default(),
            erp: Mutex::new(options.erp),
            demo: tokio::sync::Mutex::new(None),
            demo_program: options.demo_program,
            plant_target: Mutex::new(None),
            connect: options.connect,
            unnoted: Unnoted::default(),
            wake_delivering: Notify::new(),
            wake_alerting: Notify::new(),
            alerts_told: Mutex::default(),
            wake_pulling: Notify::new(),
            cancel_bringing: Notify::new(),
            pulling: tokio::sync::Mutex::new(()),
            plant_generation: watch::channel(0).0,
            shutdown: watch::channel(false).0,
            person: Mutex::new(person),
            running_acts: RunningActs::default(),
            watches: Watches::default(),
            calculations: Calculations::default(),
            what_if: Running::default(),
            sights: Sights::default(),
            boards: Boards::default(),
            guests: Guests::default(),
            together: Together::default(),
            mode: Mutex::new(mode),
        };
        let engine = Self { inner: Arc::new(inner) };
        engine.inner.live.load_bindings(&engine.inner.database).await?;
        if let (Some(coming_in), Some(ledger)) = (coming_in, &options.ledger) {
            if !engine.inner.may_share() {
                return Err(EngineError::Precondition(Refusal::InAnotherTeam));
            }
            match coming_in {
                ComingIn::Founds => engine.inner.found_ledger(ledger).await?,
                ComingIn::Follows => crate::use_case::team::record_node(&engine.inner).await?,
                ComingIn::Left => {}
            }
        }
        crate::use_case::workshop::shut_left_doors(&engine.inner).await?;
        disk::keep_reserve(&options.path);
        if !stopped_cleanly {
            tokio::spawn(disk::check_after_a_crash(
                Arc::downgrade(&engine.inner),
                engine.inner.database.clone(),
            ));
        }
        if options.connect {
            engine.start_loops();
        }
        Ok(engine)
    }

    fn start_loops(&self) {
        tokio::spawn(connection::run(self.inner.clone()));
        tokio::spawn(plant_link::run(self.inner.clone()));
        tokio::spawn(together::run(self.inner.clone()));
        tokio::spawn(delivering::run(self.inner.clone()));
        tokio::spawn(webhook::run(self.inner.clone()));
        tokio::spawn(mail::sending::run(self.inner.clone()));
        tokio::spawn(pulling::run(self.inner.clone()));
        tokio::spawn(acting::run(self.inner.clone()));
        tokio::spawn(alerting::run(self.inner.clone()));
        tokio::spawn(indexing::run(self.inner.clone()));
        tokio::spawn(follow::run(self.inner.clone()));
        tokio::spawn(copies::run(self.inner.clone()));
        tokio::spawn(shared::run(self.inner.clone()));
    }

    /// Says to the team's node what waits here and hears what was accepted, once. A device that asked to be let in asks
    /// again; one without a team does nothing.
    ///
    /// # Errors
    /// When the node cannot be reached, or does not talk.
    pub async fn exchange(&self) -> Result<(), EngineError> {
        use crate::team::follow::TalkError;

        match Box::pin(follow::exchange(&self.inner)).await {
            Ok(()) => Ok(()),
            Err(TalkError::Engine(error)) => Err(error),
            Err(error) => Err(EngineError::Unreachable(Refusal::Node { said: error.to_string() })),
        }
    }

    /// Does what is due by itself, once: calls for what is urgent, orders of maintenance plans, lines of the shift log
    /// that no op tells. What runs connected does it by itself.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn act(&self) -> Result<(), EngineError> {
        alerting::look(&self.inner).await?;
        acting::act(&self.inner).await
    }

    /// Raises what maintenance plans are due, asks the ERP for news and delivers what is due, once.
    ///
    /// # Errors
    /// When the ERP cannot be reached or the store refuses.
    pub async fn synchronise(&self) -> Result<(), EngineError> {
        if self.inner.erp().is_none() {
            // A one-shot call may come before the loop that connects: it connects itself.
            connection::connect_kept(&self.inner).await?;
        }
        self.inner.keep_up().await?;
        self.inner.hold_outside().await?;
        self.inner.share_blobs().await?;
        alerting::look(&self.inner).await?;
        acting::act(&self.inner).await?;
        let pulled = pulling::pull(&self.inner).await;
        mail::sending::send_due(&self.inner).await?;
        delivering::deliver_due(&self.inner).await?;
        webhook::tell_due(&self.inner).await?;
        pulled
    }

    /// Lets go of values past their age or beyond their room, once; what runs connected does it every hour.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn let_go_of_old_values(&self) -> Result<Forgotten, EngineError> {
        historian::let_go_of_old(&self.inner).await
    }

    /// Says where this engine takes commands, for whoever finds the directory locked.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn announce(&self, face: &str, socket: &Path) -> Result<(), EngineError> {
        let owner = LockedBy {
            process_id: std::process::id(),
            face: face.to_owned(),
            socket: Some(socket.to_owned()),
        };
        self.inner.directory.lock().map_err(EngineError::internal)?.announce(&owner)?;
        Ok(())
    }

    /// The data directory.
    pub fn path(&self) -> PathBuf {
        self.inner.path()
    }

    /// The store, for what a face does to the files as such (check, backup).
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// What history has done since the start.
    pub async fn history_statistics(&self) -> millwright_local_db::HistoryStatistics {
        self.inner.history.statistics().await
    }

    /// How this node process stands to the ledger that it shares; nothing where it shares none.
    ///
    /// # Errors
    /// When the ledger cannot be reached.
    pub async fn ledger_state(&self) -> Result<Option<LedgerState>, EngineError> {
        self.inner.ledger_state().await
    }

    /// Makes this directory the team's truth again and closes the ledger for every node process. The engine is to be
    /// closed and opened anew afterwards, without the ledger.
    ///
    /// # Errors
    /// When none is shared, or it does not serve; then nothing was moved.
    pub async fn leave_ledger(&self) -> Result<(), EngineError> {
        self.inner.leave_ledger().await
    }

    /// Writes a backup of everything but secrets.
    ///
    /// # Errors
    /// When the archive exists or cannot be written.
    pub async fn back_up(&self, archive: &Path) -> Result<millwright_local_db::BackupReport, EngineError> {
        let path = self.path();
        Ok(millwright_local_db::back_up(&path, &self.inner.database, &self.inner.history, archive).await?)
    }

    /// Ends the loops, folds the journal and closes the files.
    ///
    /// # Errors
    /// When the disk refuses; what was committed is safe all the same.
    pub async fn close(&self) -> Result<(), EngineError> {
        self.inner.shutdown.send_replace(true);
        self.inner.guests.close_all();
        self.inner.release_outside().await;
        if let Some(demo) = self.inner.demo.lock().await.take() {
            demo.stop().await;
        }
        self.inner.history.close().await?;
        self.inner.database.close().await;
        self.inner.directory.lock().map_err(EngineError::internal)?.close()?;
        Ok(())
    }
}
