//! A node process among several that share a ledger: how it comes in, takes what the others wrote, and which one of them
//! speaks to the ERP and the plant.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use millwright_local_db::{BlobHash, Database, StoreError, WriteSession};
use millwright_model::{Ledger, LedgerFault, Refusal};
use serde::Serialize;

use super::Role;
use super::certificate::{AUTHORITY_KEY, SERVER_KEY};
use crate::connection::{ERP_PASSWORD, PLANT_CLIENT_KEY, PLANT_PASSWORD};
use crate::device::Device;
use crate::engine::Inner;
use crate::mail::connection::MAIL_PASSWORD;
use crate::vault::{Vault, write_private};
use crate::{EngineError, connection, outbound, together};

/// The right to speak to the outside runs out by itself after this, unless it is renewed.
const HOLD_FOR: Duration = Duration::from_secs(20);
/// This much earlier the holder falls silent: what it sends is on its way before anybody else begins.
const HOLD_MARGIN: Duration = Duration::from_secs(5);
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// After a fault it is tried again.
const AFTER_A_FAULT: Duration = Duration::from_secs(2);
/// The salt of a derived key, among the shared secrets: it is none, but without it the same passphrase is another key.
const SALT: &str = "salt";
/// What every node process needs to be the team's node and to sign in at the ERP and the plant.
const SHARED_SECRETS: &[&str] = &[
    AUTHORITY_KEY,
    SERVER_KEY,
    super::seal::SECRET,
    together::KEY,
    PLANT_PASSWORD,
    ERP_PASSWORD,
    MAIL_PASSWORD,
    PLANT_CLIENT_KEY,
];
/// Photos and files that are given to the ledger in one round.
const BLOBS_AT_ONCE: usize = 50;

/// This node process's part of a shared ledger.
pub(crate) struct Shared {
    pub(crate) ledger: Arc<dyn Ledger>,
    /// Until when it may speak to the outside.
    until: Mutex<Option<Instant>>,
    /// How far its memory has followed the ledger.
    told: Mutex<i64>,
}

impl Shared {
    pub(crate) fn new(ledger: Arc<dyn Ledger>) -> Self {
        Self { ledger, until: Mutex::default(), told: Mutex::default() }
    }

    fn may_speak(&self) -> bool {
        self.until.lock().is_ok_and(|until| until.is_some_and(|until| Instant::now() < until))
    }

    fn speaks_until(&self, until: Option<Instant>) {
        if let Ok(mut kept) = self.until.lock() {
            *kept = until;
        }
    }
}

/// How a node process stands to the ledger that it shares.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerState {
    /// The last unit of the ledger.
    pub unit: i64,
    /// The last one that this directory has.
    pub unit_here: i64,
    /// The last place of the team's order here.
    pub place: i64,
    /// Transactions here.
    pub transactions: i64,
    /// Whether this process speaks to the ERP and the plant.
    pub speaks: bool,
}

/// How a directory comes to a ledger.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum ComingIn {
    /// The ledger is empty: this directory's team becomes what it holds.
    Founds,
    /// The ledger holds a team, and this directory follows it.
    Follows,
    /// The team's truth was moved into this directory, and the power went before it knew.
    Left,
}

/// What a ledger says of a team that was moved into this directory.
async fn home_of(database: &Database) -> Result<String, EngineError> {
    let device = Device::known_in(&mut database.read().await?).await?.map(|(device_id, _)| device_id);
    Ok(device.map(|device| format!("the data directory of node {device}")).unwrap_or_default())
}

/// Brings the directory to where the ledger is. Nothing is written to a ledger that is still empty.
pub(crate) async fn come_in(
    database: &Database,
    secrets_path: &Path,
    ledger: &Arc<dyn Ledger>,
) -> Result<ComingIn, EngineError> {
    let fault = |fault: LedgerFault| EngineError::from(StoreError::from(fault));
    if ledger.head().await.map_err(fault)? == 0 {
        return Ok(ComingIn::Founds);
    }
    let mut session = database.read().await?;
    if session.txn_count().await? > 0 {
        let first = ledger.reader().await.map_err(fault)?.txns(0, 1).await.map_err(fault)?;
        let first = first.first().and_then(|txn| txn.txn_id.parse().ok()).map(millwright_model::TxnId);
        let ours = match first {
            Some(first) => session.txn(first).await?.is_some_and(|txn| txn.ledger_seq.is_some()),
            None => false,
        };
        if !ours {
            let reason = "it holds another team than this data directory".to_owned();
            return Err(fault(LedgerFault::Unfit { reason }));
        }
    }
    drop(session);
    database.share(ledger.clone())?;
    let came = database.fill().await?;
    match database.write().await {
        Ok(session) => session.commit().await?,
        Err(StoreError::Ledger(LedgerFault::Moved { to })) if to == home_of(database).await? => {
            return Ok(ComingIn::Left);
        }
        Err(error) => return Err(error.into()),
    }
    if came > 0 {
        tracing::info!("{came} transactions came from the team's ledger");
    }
    let secrets = database.read().await?.shared_secrets().await?;
    let salt_path = secrets_path.with_extension("salt");
    if let Some((_, salt)) = secrets.iter().find(|(name, _)| name == SALT)
        && !secrets_path.exists()
    {
        let salt = super::from_base64(salt).unwrap_or_default();
        write_private(&salt_path, &salt).map_err(EngineError::internal)?;
    }
    Ok(ComingIn::Follows)
}

/// Takes the team's secrets, as another node process sealed them under the key that both have.
pub(crate) async fn take_secrets(database: &Database, vault: &Vault) -> Result<bool, EngineError> {
    let mut took = false;
    for (name, sealed) in database.read().await?.shared_secrets().await? {
        if name == SALT || vault.sealed(&name).as_deref() == Some(&sealed) {
            continue;
        }
        if !vault.take(&name, &sealed)? {
            let reason = "its secrets do not open with this machine's key: give this node the same key (credential or \
                          key file) as the first one";
            return Err(StoreError::Ledger(LedgerFault::Unfit { reason: reason.to_owned() }).into());
        }
        took = true;
    }
    Ok(took)
}

/// Lets the other node processes have the team's secrets, sealed as they are here.
pub(crate) async fn give_secrets(engine: &Inner, session: &mut WriteSession) -> Result<(), EngineError> {
    let known = session.shared_secrets().await?;
    let known = |name: &str| known.iter().find(|(known, _)| known == name).map(|(_, sealed)| sealed.as_str());
    let salt = std::fs::read(engine.vault.path().with_extension("salt")).ok();
    let salt = (SALT, salt.map(|salt| super::base64_of(&salt)));
    for (name, sealed) in SHARED_SECRETS.iter().map(|name| (*name, engine.vault.sealed(name))).chain([salt]) {
        if known(name) != sealed.as_deref() {
            session.set_shared_secret(name, sealed.as_deref()).await?;
        }
    }
    Ok(())
}

impl Inner {
    /// Whether this engine is the one that speaks to the ERP and the plant: a member of a team never is, and of several
    /// node processes one at a time.
    pub(crate) fn speaks_outside(&self) -> bool {
        match &self.shared {
            Some(shared) => shared.may_speak(),
            None => !self.team.follows(),
        }
    }

    /// Makes an empty ledger the team's: everything that this directory holds goes there.
    pub(crate) async fn found_ledger(&self, ledger: &Arc<dyn Ledger>) -> Result<(), EngineError> {
        self.become_node().await?;
        // Made now, so that every node process has the same.
        self.authority()?;
        super::seal::own_secret(&self.vault, &*self.ports.mint)?;
        together::renew_key(self)?;
        let mut session = self.database.write().await?;
        give_secrets(self, &mut session).await?;
        session.commit().await?;
        self.database.share(ledger.clone())?;
        self.database.found_ledger().await?;
        Ok(())
    }

    /// Makes this directory the team's truth again: everything comes here, and the ledger is closed for all.
    pub(crate) async fn leave_ledger(&self) -> Result<(), EngineError> {
        if self.shared.is_none() {
            return Err(EngineError::Precondition(Refusal::NoLedger));
        }
        self.keep_up().await?;
        let named = self.database.read().await?.blobs_named().await?;
        for hash in named.iter().filter_map(|(hash, ..)| BlobHash::parse(hash)) {
            self.has_blob(hash).await?;
        }
        let home = home_of(&self.database).await?;
        self.database.leave_ledger(&home).await?;
        Ok(())
    }

    /// How far the ledger is, and this directory in it; nothing where none is shared.
    pub(crate) async fn ledger_state(&self) -> Result<Option<LedgerState>, EngineError> {
        let Some(shared) = &self.shared else { return Ok(None) };
        let unit = shared.ledger.head().await.map_err(StoreError::from)?;
        let mut session = self.database.read().await?;
        Ok(Some(LedgerState {
            unit,
            unit_here: session.ledger_unit().await?,
            place: session.ledger_head().await?,
            transactions: session.txn_count().await?,
            speaks: self.speaks_outside(),
        }))
    }

    /// Takes what other node processes wrote, and tells whoever shows it.
    pub(crate) async fn keep_up(&self) -> Result<(), EngineError> {
        let Some(shared) = &self.shared else { return Ok(()) };
        let head = shared.ledger.head().await.map_err(StoreError::from)?;
        let mut session = self.database.read().await?;
        let here = session.ledger_unit().await?;
        drop(session);
        if head > here {
            self.database.write().await?.commit().await?;
        }
        let mut session = self.database.read().await?;
        let (unit, place) = (session.ledger_unit().await?, session.ledger_head().await?);
        drop(session);
        if shared.told.lock().is_ok_and(|told| *told == unit) {
            return Ok(());
        }
        if take_secrets(&self.database, &self.vault).await? && self.connect {
            connection::connect_kept(self).await?;
        }
        self.team.news.send_modify(|known| *known = place.max(*known));
        super::follow::all_is_new(self).await?;
        self.wake_delivering.notify_waiters();
        // Only now: what failed half way is told again.
        if let Ok(mut told) = shared.told.lock() {
            *told = unit;
        }
        Ok(())
    }

    /// Takes or renews the right to speak to the outside. Whoever takes it over does not know what its predecessor had
    /// sent: that is looked up.
    pub(crate) async fn hold_outside(&self) -> Result<(), EngineError> {
        let Some(shared) = &self.shared else { return Ok(()) };
        let asked_at = Instant::now();
        let for_ms = HOLD_FOR.as_millis() as i64;
        let held = shared.ledger.hold(self.device.device_id, for_ms).await.map_err(StoreError::from);
        match held {
            Ok(true) => {
                if !shared.may_speak() {
                    self.take_over().await?;
                }
                shared.speaks_until(Some(asked_at + HOLD_FOR - HOLD_MARGIN));
                Ok(())
            }
            Ok(false) => {
                shared.speaks_until(None);
                Ok(())
            }
            // What was held is held until its time is over.
            Err(error) => Err(error.into()),
        }
    }

    async fn take_over(&self) -> Result<(), EngineError> {
        let mut session = self.database.write().await?;
        session.sending_becomes_unknown(self.now()).await?;
        session.commit().await?;
        tracing::info!("this node process speaks to the ERP and the plant from now on");
        outbound::plan_remembered(self).await?;
        self.wake_pulling.notify_waiters();
        self.wake_delivering.notify_waiters();
        Ok(())
    }

    /// Falls silent, so that another node process can begin at once.
    pub(crate) async fn release_outside(&self) {
        let Some(shared) = &self.shared else { return };
        if !shared.may_speak() {
            return;
        }
        shared.speaks_until(None);
        if let Err(error) = shared.ledger.release(self.device.device_id).await {
            tracing::warn!("the right to speak to the ERP and the plant runs out by itself: {error}");
        }
    }

    /// Whether a photo or file is here; what only the ledger has is fetched.
    pub(crate) async fn has_blob(&self, hash: BlobHash) -> Result<bool, EngineError> {
        if self.blobs.has(hash) {
            return Ok(true);
        }
        let Some(shared) = &self.shared else { return Ok(false) };
        let bytes = shared.ledger.blob(&hash.to_string()).await.map_err(StoreError::from)?;
        let Some(bytes) = bytes else { return Ok(false) };
        Ok(self.blobs.put(&bytes)? == hash)
    }

    /// Gives a photo or file to the ledger: it is not only on this machine any more.
    pub(crate) async fn share_blob(&self, hash: BlobHash) -> Result<(), EngineError> {
        let Some(shared) = &self.shared else { return Ok(()) };
        let Some(bytes) = self.blobs.get(hash)? else { return Ok(()) };
        let name = hash.to_string();
        shared.ledger.put_blob(&name, &bytes).await.map_err(StoreError::from)?;
        let mut session = self.database.write().await?;
        session.blob_is_at_node(&name).await?;
        session.commit().await?;
        Ok(())
    }

    /// Gives the ledger what was recorded on this machine itself.
    pub(crate) async fn share_blobs(&self) -> Result<(), EngineError> {
        if self.shared.is_none() {
            return Ok(());
        }
        let named = self.database.read().await?.blobs_named().await?;
        let waiting: BTreeSet<String> =
            named.into_iter().filter(|(_, _, shared)| !shared).map(|(hash, ..)| hash).collect();
        let parsed = waiting.iter().filter_map(|text| BlobHash::parse(text));
        for hash in parsed.filter(|hash| self.blobs.has(*hash)).take(BLOBS_AT_ONCE) {
            self.share_blob(hash).await?;
        }
        Ok(())
    }

    /// Whether the role of this directory says that it may share a ledger.
    pub(crate) fn may_share(&self) -> bool {
        match self.team.role() {
            Role::Alone | Role::Node { .. } => true,
            Role::Asking { .. } | Role::Member(_) | Role::ShutOut => false,
        }
    }
}

/// What a node process among several waits for.
enum Wake {
    Shutdown,
    Renew,
    News(Result<i64, LedgerFault>),
}

/// Follows the ledger and renews the right to speak, until the engine ends.
pub(crate) async fn run(engine: Arc<Inner>) {
    let Some(shared) = &engine.shared else { return };
    let mut shutdown = engine.shutdown.subscribe();
    let mut renew = tokio::time::interval(RENEW_EVERY);
    renew.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let unit = shared.told.lock().map(|told| *told).unwrap_or_default();
        let wake = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => Wake::Shutdown,
            _ = renew.tick() => Wake::Renew,
            news = shared.ledger.news(unit) => Wake::News(news),
        };
        let done = match wake {
            Wake::Shutdown => break,
            Wake::Renew => renewed(&engine).await,
            Wake::News(Ok(_head)) => engine.keep_up().await,
            Wake::News(Err(fault)) => Err(StoreError::from(fault).into()),
        };
        if let Err(error) = done {
            tracing::warn!("{error}");
            tokio::time::sleep(AFTER_A_FAULT).await;
        }
    }
    engine.release_outside().await;
}

async fn renewed(engine: &Inner) -> Result<(), EngineError> {
    engine.hold_outside().await?;
    engine.share_blobs().await
}
