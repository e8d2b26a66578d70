//! What a device says when it hears something, so that all come to have the same: how documents stand, what lies here, what
//! is missing there. Every message may be lost or come twice.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::{CarriedUpdate, LiveDocument, Session};
use millwright_model::*;
use uuid::Uuid;

use super::Outlet;
use super::letter::{DOCUMENTS_MAX, FULL_BYTES, IDS_MAX, Sealer, Spoken, Stand, UPDATES_MAX, Written};
use crate::EngineError;
use crate::engine::Inner;

/// Documents that nobody wrote in for so long are not spoken of.
const LIVE_MS: i64 = 14 * 24 * 3_600_000;
/// What lies here of a document is not said more often.
const LIES_EVERY_MS: i64 = 1_500;

/// A talk over one link.
pub(super) struct Talk<'e> {
    engine: &'e Inner,
    sealer: Sealer,
    outlet: Outlet,
    /// Digests of documents, as long as their marks stay.
    digests: BTreeMap<Uuid, ((i64, i64), String)>,
    said_lies: BTreeMap<Uuid, TimestampMs>,
    let_go_at: Option<TimestampMs>,
}

impl<'e> Talk<'e> {
    pub(super) fn new(engine: &'e Inner, sealer: Sealer, outlet: Outlet) -> Self {
        Self { engine, sealer, outlet, digests: BTreeMap::new(), said_lies: BTreeMap::new(), let_go_at: None }
    }

    fn speak(&mut self, spoken: &Spoken) -> Result<(), EngineError> {
        let sealed = self.sealer.seal(spoken, &*self.engine.ports.mint)?;
        self.outlet.publish(sealed);
        Ok(())
    }

    /// Says what was written here a moment ago.
    pub(super) fn say(&mut self, update: DocumentUpdate) -> Result<(), EngineError> {
        let written = Written::by(&self.engine.device, update)?;
        self.speak(&Spoken::Wrote { updates: vec![written] })
    }

    /// Says how the documents stand here.
    pub(super) async fn stand(&mut self) -> Result<(), EngineError> {
        let now = self.engine.now();
        self.let_go(now).await?;
        let mut session = self.engine.database.read().await?;
        let mut stale = BTreeSet::new();
        for document_id in self.engine.together.forget_silent(now) {
            stale.extend(tag_of(&mut session, document_id).await?);
        }
        self.engine.tell_stale(stale);
        let live = session.live_documents(now.plus_ms(-LIVE_MS), DOCUMENTS_MAX as i64).await?;
        let mut documents = Vec::with_capacity(live.len());
        for LiveDocument { document_id, mark } in live {
            let known = self.digests.get(&document_id).filter(|(known, _)| *known == mark);
            let digest = match known {
                Some((_, digest)) => digest.clone(),
                None => {
                    let digest = digest_of(&session.update_ids_of_document(document_id).await?);
                    self.digests.insert(document_id, (mark, digest.clone()));
                    digest
                }
            };
            documents.push(Stand { document_id, digest });
        }
        drop(session);
        self.speak(&Spoken::Stands { device_id: self.engine.device.device_id, documents })
    }

    async fn let_go(&mut self, now: TimestampMs) -> Result<(), EngineError> {
        if self.let_go_at.is_some_and(|at| (0..3_600_000).contains(&now.since_ms(at))) {
            return Ok(());
        }
        self.let_go_at = Some(now);
        let mut session = self.engine.database.write().await?;
        session.let_go_of_carried(now).await?;
        Ok(session.commit().await?)
    }

    /// Hears what another device said, or what this one said itself.
    pub(super) async fn hear(&mut self, sealed: &[u8]) -> Result<(), EngineError> {
        match self.sealer.open(sealed) {
            Some(Spoken::Wrote { updates }) => self.take(updates).await,
            Some(Spoken::Stands { device_id, documents }) if device_id != self.engine.device.device_id => {
                self.compare(device_id, documents).await
            }
            Some(Spoken::Lies { document_id, ids }) => self.make_up(document_id, ids).await,
            Some(Spoken::Stands { .. }) => Ok(()),
            None => {
                tracing::debug!(
                    "something on the team's topic is not the team's, or not with its present key"
                );
                Ok(())
            }
        }
    }

    /// Keeps what is new, known and signed.
    async fn take(&mut self, mut updates: Vec<Written>) -> Result<(), EngineError> {
        let own = self.engine.device.device_id;
        // A broker says to everybody what it hears, also to whoever said it.
        updates.retain(|written| written.update.written_on != Some(own));
        if updates.is_empty() {
            return Ok(());
        }
        let mut session = self.engine.database.write().await?;
        let keys: BTreeMap<DeviceId, String> = session
            .devices()
            .await?
            .into_iter()
            .filter(|device| device.revoked_at.is_none())
            .map(|device| (device.device_id, device.verifying_key))
            .collect();
        let now = self.engine.now();
        let mut stale = BTreeSet::new();
        for written in updates {
            let writer = written.update.written_on.and_then(|device| keys.get(&device));
            let Some(carried) = writer.and_then(|key| written.checked(key)) else { continue };
            let length = STANDARD.decode(&carried.update.bytes).map(|bytes| bytes.len());
            if !length.is_ok_and(|length| length <= DocumentUpdate::BYTES_MAX) {
                continue;
            }
            let Some(tag) = tag_of(&mut session, carried.update.document_id).await? else { continue };
            if session.keep_carried(&carried, now).await? {
                stale.insert(tag);
            }
        }
        session.commit().await?;
        self.engine.tell_stale(stale);
        Ok(())
    }

    /// Says what lies here of documents that stand otherwise there.
    async fn compare(&mut self, device_id: DeviceId, documents: Vec<Stand>) -> Result<(), EngineError> {
        let now = self.engine.now();
        let mut session = self.engine.database.read().await?;
        let (mut otherwise, mut stale) = (Vec::new(), BTreeSet::new());
        for Stand { document_id, digest } in documents {
            let Some(tag) = tag_of(&mut session, document_id).await? else { continue };
            if self.engine.together.heard(document_id, device_id, now) {
                stale.insert(tag);
            }
            let ids = session.update_ids_of_document(document_id).await?;
            if digest_of(&ids) != digest {
                otherwise.push((document_id, ids));
            }
        }
        drop(session);
        self.engine.tell_stale(stale);
        for (document_id, ids) in otherwise {
            self.lie(document_id, &ids, now)?;
        }
        Ok(())
    }

    fn lie(
        &mut self,
        document_id: Uuid,
        ids: &BTreeSet<DocumentUpdateId>,
        now: TimestampMs,
    ) -> Result<(), EngineError> {
        let lately = self.said_lies.get(&document_id);
        if lately.is_some_and(|at| (0..LIES_EVERY_MS).contains(&now.since_ms(*at))) {
            return Ok(());
        }
        self.said_lies.insert(document_id, now);
        let ids = ids.iter().copied().take(IDS_MAX).collect();
        self.speak(&Spoken::Lies { document_id, ids })
    }

    /// Says what is missing there of a document: what this device wrote, and what others wrote that are not there to say
    /// it themselves. Where something is missing here, says that.
    async fn make_up(&mut self, document_id: Uuid, ids: Vec<DocumentUpdateId>) -> Result<(), EngineError> {
        let now = self.engine.now();
        let theirs: BTreeSet<DocumentUpdateId> = ids.into_iter().collect();
        let mut session = self.engine.database.read().await?;
        if tag_of(&mut session, document_id).await?.is_none() {
            return Ok(());
        }
        let here = session.update_ids_of_document(document_id).await?;
        let missing_there = |update: &DocumentUpdate| !theirs.contains(&update.document_update_id);
        let own = self.engine.device.device_id;
        let written = session.updates_of_document(document_id).await?;
        let mut missing: Vec<Written> = Vec::new();
        for update in written.into_iter().filter(|update| update.written_on == Some(own)) {
            if missing_there(&update) {
                missing.push(Written::by(&self.engine.device, update)?);
            }
        }
        let is_away = |carried: &CarriedUpdate| {
            carried.update.written_on.is_some_and(|device| !self.engine.together.is_there(device, now))
        };
        let carried = session.carried_of_document(document_id).await?;
        missing.extend(
            carried
                .into_iter()
                .filter(|carried| missing_there(&carried.update) && is_away(carried))
                .map(Written::from),
        );
        drop(session);
        for updates in in_messages(missing) {
            self.speak(&Spoken::Wrote { updates })?;
        }
        if theirs.iter().any(|id| !here.contains(id)) {
            self.lie(document_id, &here, now)?;
        }
        Ok(())
    }
}

/// What becomes stale with a document, where it is known here.
async fn tag_of(session: &mut Session, document_id: Uuid) -> Result<Option<CacheTag>, EngineError> {
    if session.get::<Workshop>(document_id).await?.is_some() {
        return Ok(Some(CacheTag::Workshops));
    }
    if session.get::<Scenario>(document_id).await?.is_some() {
        return Ok(Some(CacheTag::Scenarios));
    }
    Ok(session.get::<Guide>(document_id).await?.map(|_guide| CacheTag::Guides))
}

fn digest_of(ids: &BTreeSet<DocumentUpdateId>) -> String {
    let mut hasher = blake3::Hasher::new();
    for id in ids {
        hasher.update(id.0.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Updates in messages of a size that a broker takes.
fn in_messages(updates: Vec<Written>) -> Vec<Vec<Written>> {
    let mut messages: Vec<Vec<Written>> = Vec::new();
    let mut bytes = FULL_BYTES;
    for written in updates {
        let length = written.update.bytes.len();
        let is_full = messages.last().is_none_or(|last| last.len() >= UPDATES_MAX);
        if is_full || bytes + length > FULL_BYTES {
            messages.push(Vec::new());
            bytes = 0;
        }
        bytes += length;
        if let Some(last) = messages.last_mut() {
            last.push(written);
        }
    }
    messages
}
