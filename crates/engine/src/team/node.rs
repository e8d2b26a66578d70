//! The node's answers: who may come in, what became of an offer, what was accepted since, and photos in pieces.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use millwright_local_db::{BaseRow, BlobHash, Contact, Session, StoreError, StoredAsk, StoredTxn};
use millwright_model::*;
use millwright_team::*;
use serde::{Deserialize, Serialize};

use super::certificate::Authority;
use super::judging::{self, NotTaken, Standing};
use super::scope::ScopeView;
use super::{Role, base64_of, brought, carried, facts, from_base64, hex, seal, unhex};
use crate::EngineError;
use crate::engine::Inner;
use crate::people::KEY_PURPOSE;

/// The most bytes of transactions or rows in one answer.
const ANSWER_MAX_BYTES: usize = 6 * 1024 * 1024;
/// How long an answer to «wait» is held back while there is no news.
const WAIT: Duration = Duration::from_secs(25);
/// So many wrong codes, and no stranger is heard until the node starts anew or makes a new invitation.
const WRONG_CODES_MAX: u32 = 50;
/// The most hashes in one question.
const HASHES_MAX: usize = 1_000;
/// So many records that name one photo are looked at.
const NAMING_MAX: i64 = 100;
/// A device whose chain would begin behind this place lies: nobody writes so many ops.
pub(super) const SEQ_MAX: u64 = 1 << 48;
/// The most strangers that wait at the door.
const ASKS_MAX: usize = 100;
const INVITATIONS: &str = "team_invitations";

/// Who speaks.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Nobody the node knows.
    Stranger,
    /// The device whose certificate it showed.
    Device(DeviceId),
    /// A device whose letter another one brought: it has not spoken itself.
    ByAnother(DeviceId),
    /// A device that was shut out, whose letter a person lets in.
    LetIn(DeviceId),
}

/// An invitation that was given out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OpenInvitation {
    /// BLAKE3 of its code, as hex digits.
    pub(crate) code_hash: String,
    pub(crate) expires_at: TimestampMs,
    /// The device that used it.
    pub(crate) used_by: Option<DeviceId>,
}

pub(crate) async fn invitations(session: &mut Session) -> Result<Vec<OpenInvitation>, EngineError> {
    Ok(session.setting(INVITATIONS).await?.unwrap_or_default())
}

pub(crate) async fn keep_invitations(
    session: &mut millwright_local_db::WriteSession,
    invitations: &[OpenInvitation],
) -> Result<(), EngineError> {
    Ok(session.set_setting(INVITATIONS, &invitations).await?)
}

pub(crate) fn code_hash(code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    blake3::hash(plain.as_bytes()).to_hex().to_string()
}

/// Answers one message.
pub(crate) async fn answer(engine: &Inner, peer: Peer, message: ToNode) -> ToDevice {
    said(peer, answered(engine, peer, message).await)
}

/// Answers one message of another member.
pub(crate) async fn answer_as_member(engine: &Inner, peer: Peer, message: ToNode) -> ToDevice {
    let answered = match (peer, message) {
        (Peer::Device(from), ToNode::LetterPut { hash, offset, size, piece }) => {
            carried::put(engine, from, (&hash, offset, size), &piece).await
        }
        _ => unfit("what only the node answers"),
    };
    said(peer, answered)
}

fn said(peer: Peer, answered: Result<ToDevice, NotTaken>) -> ToDevice {
    match answered {
        Ok(answer) => answer,
        Err(NotTaken::Refused(why)) => {
            tracing::warn!("{peer:?} is refused: {why}");
            ToDevice::Refused { why }
        }
        Err(NotTaken::Failed(error)) => {
            tracing::error!("the team's node: {error}");
            ToDevice::Refused { why: RefusedTalk::Unable }
        }
    }
}

pub(super) fn refused<T>(why: RefusedTalk) -> Result<T, NotTaken> {
    Err(NotTaken::Refused(why))
}

pub(super) fn unfit<T>(what: &str) -> Result<T, NotTaken> {
    refused(RefusedTalk::Unfit { what: what.to_owned() })
}

async fn answered(engine: &Inner, peer: Peer, message: ToNode) -> Result<ToDevice, NotTaken> {
    let Role::Node { team_id } = engine.team.role() else { return refused(RefusedTalk::Unable) };
    if let ToNode::Join(ask) = message {
        return join(engine, team_id, ask).await;
    }
    let device_id = match peer {
        Peer::Stranger => return refused(RefusedTalk::NoMember),
        Peer::Device(device_id) | Peer::ByAnother(device_id) | Peer::LetIn(device_id) => device_id,
    };
    let let_in = matches!(peer, Peer::LetIn(_));
    let speaks = matches!(peer, Peer::Device(_));
    let mut session = engine.database.read().await?;
    let device: Option<Device> = session.get(device_id).await?;
    let contact = session.contact(device_id).await?;
    drop(session);
    let (Some(device), Some(contact)) = (device, contact) else { return refused(RefusedTalk::NoMember) };
    if let ToNode::LetterPut { hash, offset, size, piece } = &message {
        // It is sealed and signed by whoever wrote it: it does not matter who brings it.
        return Box::pin(carried::put(engine, device_id, (hash, *offset, *size), piece)).await;
    }
    if device.revoked_at.is_some() && !let_in {
        if let ToNode::Offer { txns, .. } = &message {
            tracing::warn!("{} was shut out and offers {} transactions: not taken", device.name, txns.len());
        }
        return refused(RefusedTalk::Revoked);
    }
    if contact.quarantined.is_some() && !let_in {
        return refused(RefusedTalk::ChainForked);
    }
    match message {
        ToNode::Join(_) | ToNode::LetterPut { .. } => unfit("a member that asks to be let in"),
        ToNode::ListensAt { .. } => Ok(ToDevice::Noted),
        ToNode::Hello { format, op_format, checkpoint, holder, pending } => {
            if !(EXCHANGE_FORMAT_MIN..=EXCHANGE_FORMAT).contains(&format) {
                let (min, max) = (EXCHANGE_FORMAT_MIN, EXCHANGE_FORMAT);
                return refused(RefusedTalk::FormatUnknown { format, min, max });
            }
            engine.team.reads_format(device_id, op_format);
            let pending = i64::try_from(pending).unwrap_or(i64::MAX);
            if speaks {
                heard_from(engine, Contact { holder, checkpoint, pending, ..contact }).await?;
            }
            let mut session = engine.database.read().await?;
            let checkpoint = session.ledger_head().await?;
            let team = Some(facts::for_member(engine, &mut session).await?);
            Ok(ToDevice::Welcome { format, op_format: OP_FORMAT, checkpoint, team })
        }
        ToNode::Offer { txns, person_keys } => {
            if txns.len() > TXNS_MAX || person_keys.len() > ROWS_MAX {
                return unfit("more than one message may hold");
            }
            keep_person_keys(engine, &person_keys).await?;
            let standing = if let_in { Standing::LetIn } else { Standing::Member };
            match judging::take(engine, &device, &contact, &txns, standing).await {
                Ok(judgements) => {
                    if txns.iter().any(|txn| txn.bytes.contains("sealed_name")) {
                        let mut session = engine.database.read().await?;
                        engine.people.load(&mut session, &engine.vault).await?;
                    }
                    let pending = (contact.pending - judgements.len() as i64).max(0);
                    if speaks {
                        heard_from(engine, Contact { pending, ..contact }).await?;
                    }
                    Ok(ToDevice::Judged { judgements })
                }
                Err(NotTaken::Refused(why @ (RefusedTalk::ChainForked | RefusedTalk::SignatureWrong))) => {
                    let quarantined = Some(why.to_string());
                    heard_from(engine, Contact { quarantined, ..contact }).await?;
                    refused(why)
                }
                Err(other) => Err(other),
            }
        }
        ToNode::OfferFormer { device_id, verifying_key, next_seq, txns, person_keys } => {
            let writer = brought::Writer { device_id, verifying_key, next_seq };
            match brought::take(engine, &device, writer, txns, person_keys).await {
                // It says in another one's name what that one never said.
                Err(NotTaken::Refused(why @ RefusedTalk::SignatureWrong)) => {
                    let quarantined = Some(why.to_string());
                    heard_from(engine, Contact { quarantined, ..contact }).await?;
                    refused(why)
                }
                other => other,
            }
        }
        ToNode::Rows { after } => rows(engine, &device, after).await,
        ToNode::Fetch { after } => {
            heard_from(engine, Contact { checkpoint: after, ..contact }).await?;
            entries(engine, &device, after).await
        }
        ToNode::BlobsKept { hashes } => blobs_wanted(engine, &hashes).await,
        ToNode::BlobPut { hash, offset, size, piece } => blob_put(engine, &hash, offset, size, &piece).await,
        ToNode::BlobGet { hash, offset } => {
            let Some(hash) = BlobHash::parse(&hash) else { return unfit("a hash that is none") };
            if !may_read(engine, &device, hash).await? {
                return Ok(ToDevice::BlobPiece { piece: None });
            }
            engine.has_blob(hash).await?;
            let piece = engine.blobs.piece(hash, offset, PIECE_MAX_BYTES)?;
            Ok(ToDevice::BlobPiece { piece: piece.map(|(bytes, size)| (base64_of(&bytes), size)) })
        }
        ToNode::Wait { after } => {
            heard_from(engine, Contact { checkpoint: after, ..contact }).await?;
            let mut news = engine.team.news.subscribe();
            // Whether news came or the time ran out, the answer says how far the node is.
            let _in_time = tokio::time::timeout(WAIT, news.wait_for(|head| *head > after)).await.is_ok();
            let checkpoint = *news.borrow();
            let team = facts::due(engine, device_id).await?;
            Ok(ToDevice::News { checkpoint, team })
        }
    }
}

async fn heard_from(engine: &Inner, contact: Contact) -> Result<(), EngineError> {
    let mut session = match engine.database.write().await {
        Ok(session) => session,
        // Who was heard from is no reason not to answer what can be answered without the ledger.
        Err(StoreError::Ledger(fault)) => {
            tracing::warn!("{fault}");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    session.set_contact(&Contact { contact_at: Some(engine.now()), ..contact }).await?;
    session.commit().await?;
    Ok(())
}

/// A stranger at the door: with a good code it waits for a person, who lets it in or does not.
async fn join(engine: &Inner, team_id: uuid::Uuid, ask: JoinAsk) -> Result<ToDevice, NotTaken> {
    let now = engine.now();
    if unhex::<32>(&ask.verifying_key).is_none() || unhex::<32>(&ask.sealing_key).is_none() {
        return unfit("a key that is none");
    }
    if ask.name.trim().is_empty() || ask.name.chars().count() > 80 || ask.device_code.len() > 8 {
        return unfit("a name that is empty or too long");
    }
    if ask.next_seq > SEQ_MAX {
        return unfit("a chain that is too long");
    }
    let mut session = engine.database.write().await?;
    if let (Some(device), Some(contact)) =
        (session.get::<Device>(ask.device_id).await?, session.contact(ask.device_id).await?)
        && device.verifying_key == ask.verifying_key
        && device.revoked_at.is_none()
    {
        let settings = crate::settings::kept(&mut session).await?;
        return Ok(ToDevice::Joined {
            team_id,
            plant_name: session.setting("plant_name").await?.unwrap_or_default(),
            certificate: base64_of(&contact.certificate),
            scope: device.scope,
            sealing_key: hex(&seal::own_public(&engine.vault, &*engine.ports.mint)?),
            zone: settings.plant_zone,
            device_code: device.code,
        });
    }
    let member = session.get::<Device>(ask.device_id).await?;
    if member.is_some_and(|member| member.revoked_at.is_none() || member.verifying_key != ask.verifying_key) {
        // Somebody with another key who says to be a member: with it the member would be out.
        return refused(RefusedTalk::NotLetIn);
    }
    if engine.team.wrong_codes.load(Ordering::Relaxed) >= WRONG_CODES_MAX {
        return refused(RefusedTalk::CodeUnknown);
    }
    let mut open = invitations(&mut session).await?;
    let code = code_hash(&ask.code);
    let fits = |invitation: &&mut OpenInvitation| {
        let in_time = invitation.used_by.is_some() || invitation.expires_at >= now;
        let free = invitation.used_by.is_none_or(|device| device == ask.device_id);
        invitation.code_hash == code && in_time && free
    };
    let Some(invitation) = open.iter_mut().find(fits) else {
        engine.team.wrong_codes.fetch_add(1, Ordering::Relaxed);
        return refused(RefusedTalk::CodeUnknown);
    };
    invitation.used_by = Some(ask.device_id);
    keep_invitations(&mut session, &open).await?;
    let asks = session.asks().await?;
    match asks.iter().find(|known| known.device_id == ask.device_id) {
        Some(known) if known.refused => return refused(RefusedTalk::NotLetIn),
        Some(_) => {}
        None if asks.len() >= ASKS_MAX => return refused(RefusedTalk::Unable),
        None => {
            let (device_id, text) = (ask.device_id, serde_json::to_string(&ask).map_err(EngineError::from)?);
            let stored = StoredAsk { device_id, asked_at: now, ask: text, refused: false };
            session.set_ask(device_id, Some(&stored)).await?;
            tracing::info!("«{}» asks to be let into the team", ask.name);
        }
    }
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(ToDevice::Asked)
}

/// Keys of people that a device made, kept under this node's own key.
pub(crate) async fn keep_person_keys(engine: &Inner, keys: &[SealedPersonKey]) -> Result<(), EngineError> {
    if keys.is_empty() {
        return Ok(());
    }
    let secret = seal::own_secret(&engine.vault, &*engine.ports.mint)?;
    let mut session = engine.database.write().await?;
    // A key that was restored without the one that seals it opens nothing: the one that comes takes its place.
    let come: BTreeSet<PersonId> = keys.iter().map(|key| key.person_id).collect();
    let opens = |id: &PersonId, sealed: &[u8]| {
        come.contains(id) && engine.vault.open_sealed(KEY_PURPOSE, sealed).is_some()
    };
    let there = session.person_keys().await?.into_iter();
    let known: BTreeSet<PersonId> =
        there.filter(|(id, sealed)| opens(id, sealed)).map(|(id, _)| id).collect();
    for key in keys.iter().filter(|key| !known.contains(&key.person_id)) {
        let Some(plain) = seal::open_own(&secret, &key.sealed) else { continue };
        let sealed = engine.vault.seal(KEY_PURPOSE, &plain, &*engine.ports.mint)?;
        session.set_person_key(key.person_id, Some(&sealed)).await?;
    }
    session.commit().await?;
    Ok(())
}

/// The keys of these people, sealed to a device.
pub(crate) async fn person_keys_for(
    engine: &Inner,
    session: &mut Session,
    sealing_key: &str,
    people: &BTreeSet<PersonId>,
) -> Result<Vec<SealedPersonKey>, EngineError> {
    let Some(public) = unhex::<32>(sealing_key) else { return Ok(Vec::new()) };
    let mut keys = Vec::new();
    if people.is_empty() {
        return Ok(keys);
    }
    for (person_id, sealed) in session.person_keys().await? {
        let Some(plain) =
            people.contains(&person_id).then(|| engine.vault.open_sealed(KEY_PURPOSE, &sealed)).flatten()
        else {
            continue;
        };
        let sealed = seal::seal_to(public, &plain, &*engine.ports.mint)?;
        keys.push(SealedPersonKey { person_id, sealed });
    }
    Ok(keys)
}

async fn rows(
    engine: &Inner,
    device: &Device,
    after: Option<(Entity, uuid::Uuid)>,
) -> Result<ToDevice, NotTaken> {
    let mut session = engine.database.read().await?;
    let scope = ScopeView::of(&mut session, &device.scope).await?;
    let checkpoint = session.ledger_head().await?;
    let reads = engine.team.format_read_by(device.device_id);
    let (mut rows, mut people, mut bytes, mut from) = (Vec::new(), BTreeSet::new(), 0, after);
    let more = loop {
        let page = session.rows_after(from, ROWS_MAX).await?;
        let Some(last) = page.last() else { break false };
        from = Some((last.entity, last.id));
        let full = page.len() == ROWS_MAX;
        for row in page {
            let Some(fields) = row.fields.filter(|_| row.entity.since_format() <= reads) else { continue };
            if !scope.holds(&mut session, row.entity, row.id, &fields).await? {
                continue;
            }
            if row.entity == Entity::Person {
                people.insert(PersonId(row.id));
            }
            bytes += fields.len() * 40;
            rows.push(Row { entity: row.entity, id: row.id, fields: Some(fields), deleted: row.deleted });
        }
        // A page of which nothing is in scope says nothing about where to go on: read on until one does.
        if !full {
            break false;
        }
        if !rows.is_empty() || bytes > ANSWER_MAX_BYTES {
            break true;
        }
    };
    let person_keys = person_keys_for(engine, &mut session, &device.sealing_key, &people).await?;
    Ok(ToDevice::Rows { checkpoint, rows, more, person_keys })
}

async fn entries(engine: &Inner, device: &Device, after: i64) -> Result<ToDevice, NotTaken> {
    let mut session = engine.database.read().await?;
    let mut head = session.ledger_head().await?;
    if after > head && engine.shared.is_some() {
        // Another node process told this device so.
        drop(session);
        engine.keep_up().await?;
        session = engine.database.read().await?;
        head = session.ledger_head().await?;
    }
    if after > head {
        return unfit("a checkpoint that this node has not come to");
    }
    let scope = ScopeView::of(&mut session, &device.scope).await?;
    let reads = engine.team.format_read_by(device.device_id);
    let (mut entries, mut touched, mut people) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let (mut bytes, mut checkpoint) = (0, after);
    for stored in session.entries_after(after, TXNS_MAX as i64).await? {
        let size = stored.bytes.len();
        if !entries.is_empty() && bytes + size > ANSWER_MAX_BYTES {
            break;
        }
        bytes += size;
        let txn = stored.txn()?;
        for op in stored.verdict.effective(&txn) {
            touched.extend(touched_by(&mut session, &scope, &op).await?);
            if op.entity == Entity::Person {
                people.insert(PersonId(op.entity_id));
            }
        }
        checkpoint = stored.ledger_seq.unwrap_or(checkpoint);
        entries.push(entry(&mut session, &scope, device, reads, stored, txn).await?);
    }
    let mut rows = Vec::new();
    for (entity, id) in touched.into_iter().filter(|(entity, _)| entity.since_format() <= reads) {
        let row: BaseRow = session.row(entity, id).await?;
        let Some(fields) = row.fields else { continue };
        let holds = scope.holds(&mut session, entity, id, &fields).await?;
        rows.push(Row { entity, id, fields: holds.then_some(fields), deleted: row.deleted });
    }
    let person_keys = person_keys_for(engine, &mut session, &device.sealing_key, &people).await?;
    Ok(ToDevice::Entries { checkpoint, more: checkpoint < head, entries, rows, person_keys })
}

/// The rows that travel beside an op, because the op alone does not say what they are at the device: what it led
/// elsewhere, and what came into a part of the plant or left it.
async fn touched_by(
    session: &mut Session,
    scope: &ScopeView,
    op: &Op,
) -> Result<BTreeSet<(Entity, uuid::Uuid)>, EngineError> {
    if op.entity == Entity::Alias {
        let winner = op
            .fields
            .get("winner_id")
            .map(|change| if change.to.is_null() { &change.from } else { &change.to });
        let winner = winner.and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).unwrap_or(op.entity_id);
        let mut touched = session.rows_naming([op.entity_id, winner]).await?;
        touched.extend([op.entity_id, winner].map(|id| (Entity::Asset, id)));
        touched.extend([op.entity_id, winner].map(|id| (Entity::Part, id)));
        touched.extend([op.entity_id, winner].map(|id| (Entity::Person, id)));
        return Ok(touched);
    }
    if scope.is_whole_plant() {
        return Ok(BTreeSet::new());
    }
    if op.entity == Entity::Asset && op.kind == OpKind::Update && op.fields.contains_key("parent_id") {
        return Ok(session.below_asset(op.entity_id).await?);
    }
    let moves = op.fields.contains_key("asset_id");
    if moves && op.kind == OpKind::Update {
        return Ok(session.with_what_hangs_on_it(op.entity, op.entity_id).await?);
    }
    Ok(BTreeSet::from([(op.entity, op.entity_id)]))
}

/// An accepted transaction as one device may read it.
async fn entry(
    session: &mut Session,
    scope: &ScopeView,
    device: &Device,
    reads: u16,
    stored: StoredTxn,
    txn: Txn,
) -> Result<Entry, EngineError> {
    let mut excerpt = None;
    let in_part = !scope.is_whole_plant() && stored.device_id != device.device_id;
    if in_part || txn.ops.iter().any(|op| op.entity.since_format() > reads) {
        let mut ops = Vec::new();
        for op in txn.ops.iter().filter(|op| op.entity.since_format() <= reads) {
            if !in_part {
                ops.push(op.clone());
                continue;
            }
            let fields = session.fields(op.entity, op.entity_id).await?.unwrap_or_default();
            if scope.holds(session, op.entity, op.entity_id, &fields).await? {
                ops.push(op.clone());
            }
        }
        if ops.len() < txn.ops.len() {
            excerpt = Some(serde_json::to_string(&Txn { ops, reason: None, ..txn })?);
        }
    }
    Ok(Entry {
        ledger_seq: stored.ledger_seq.unwrap_or_default(),
        verdict: stored.verdict,
        recorded_at: stored.recorded_at.0,
        prev_hash: hex(&stored.prev_hash),
        sig: hex(&stored.sig),
        excerpt: excerpt.is_some(),
        bytes: match excerpt {
            Some(excerpt) => excerpt,
            None => String::from_utf8(stored.bytes).map_err(EngineError::internal)?,
        },
    })
}

/// Whether a photo belongs to a record that the device holds.
async fn may_read(engine: &Inner, device: &Device, hash: BlobHash) -> Result<bool, NotTaken> {
    let mut session = engine.database.read().await?;
    let scope = ScopeView::of(&mut session, &device.scope).await?;
    for attachment in session.attachments_of_blob(&hash.to_string(), NAMING_MAX).await? {
        let fields =
            session.fields(Entity::Attachment, attachment.attachment_id.0).await?.unwrap_or_default();
        if scope.holds(&mut session, Entity::Attachment, attachment.attachment_id.0, &fields).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn blobs_wanted(engine: &Inner, hashes: &[String]) -> Result<ToDevice, NotTaken> {
    if hashes.len() > HASHES_MAX {
        return unfit("more hashes than one message may hold");
    }
    let mut session = engine.database.read().await?;
    let mut wanted = Vec::new();
    for text in hashes {
        let Some(hash) = BlobHash::parse(text) else { return unfit("a hash that is none") };
        // A file that no record names is nobody's: the node does not keep it.
        if !session.attachments_of_blob(text, 1).await?.is_empty() && !engine.has_blob(hash).await? {
            wanted.push((text.clone(), engine.blobs.come_so_far(hash)));
        }
    }
    Ok(ToDevice::BlobsWanted { wanted })
}

async fn blob_put(
    engine: &Inner,
    text: &str,
    offset: u64,
    size: u64,
    piece: &str,
) -> Result<ToDevice, NotTaken> {
    let Some(hash) = BlobHash::parse(text) else { return unfit("a hash that is none") };
    // What a record says of its size is not asked: another device's record may say otherwise, and the hash decides.
    if size > BLOB_MAX_BYTES {
        return unfit("a file that is too large");
    }
    if engine.database.read().await?.attachments_of_blob(text, 1).await?.is_empty() {
        return refused(RefusedTalk::TooEarly);
    }
    let Some(piece) = from_base64(piece).filter(|piece| piece.len() <= PIECE_MAX_BYTES) else {
        return unfit("a piece that is none, or too large");
    };
    let there = engine.blobs.put_piece(hash, offset, size, &piece)?;
    if there == size {
        engine.share_blob(hash).await?;
    }
    Ok(ToDevice::BlobHas { offset: there })
}

impl Inner {
    /// The authority of the team whose node this is.
    pub(crate) fn authority(&self) -> Result<Authority, EngineError> {
        match self.team.role() {
            Role::Node { team_id } => Authority::of(&self.vault, &*self.ports.mint, team_id),
            Role::Alone | Role::Asking { .. } | Role::Member(_) | Role::ShutOut => {
                Err(EngineError::Precondition(Refusal::NoNode))
            }
        }
    }
}
