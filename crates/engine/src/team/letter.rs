//! The exchange without a network: a device writes a letter for the node, the node takes it and answers with another.

use ed25519_dalek::{Signature, VerifyingKey};
use millwright_local_db::BlobHash;
use millwright_model::*;
use millwright_team::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::follow::{TalkError, accept, offers, place, wipe};
use super::node::{Peer, answer};
use super::{Membership, Role, base64_of, carried, former, hex, seal, unhex};
use crate::EngineError;
use crate::engine::Inner;

/// The most bytes of photos and files in one letter: the rest goes with the next.
const BLOBS_MAX_BYTES: u64 = 48 * 1024 * 1024;
/// The most bytes of what was accepted in one answer: the rest goes with the next.
const ACCEPTED_MAX_BYTES: usize = 48 * 1024 * 1024;

/// A letter that was written, and what it holds.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) transactions: u64,
    pub(crate) photos: u64,
    pub(crate) photos_left: u64,
}

/// What came of a letter that was taken.
pub(crate) struct Taken {
    pub(crate) transactions: u64,
    pub(crate) accepted: u64,
    /// The node's answer, to be brought back.
    pub(crate) answer: Option<Vec<u8>>,
}

/// What waits here, as a letter to the node. Nothing is taken off: it waits until the answer is here.
pub(crate) async fn write(engine: &Inner) -> Result<Written, EngineError> {
    let (membership, checkpoint) = filled_member(engine)?;
    let mut offers = former::messages(engine).await?;
    // What was recorded since may build on what the node does not read yet.
    if former::unread_by_node(engine, &mut engine.database.read().await?).await? == 0 {
        offers.extend(self::offers(engine, None).await?.into_iter().map(ToNode::from));
    }
    let transactions = offers.iter().map(|offer| offered(offer).len() as u64).sum();
    let mut session = engine.database.read().await?;
    let (mut named, waiting) = (session.blobs_named().await?, session.blobs_of_waiting_records().await?);
    drop(session);
    // The node takes no photo without its record, and one that can still be undone is not in the letter.
    let in_letter =
        |text: &str| offers.iter().any(|offer| offered(offer).iter().any(|txn| txn.bytes.contains(text)));
    named.retain(|(text, ..)| !waiting.contains(text) || in_letter(text));
    let mut messages = vec![hello(engine, checkpoint, transactions)];
    messages.extend(offers);
    let (mut photos, mut photos_left, mut room) = (0, 0, BLOBS_MAX_BYTES);
    for (text, size, at_node) in named {
        let (Some(hash), Ok(size)) = (BlobHash::parse(&text), u64::try_from(size)) else { continue };
        if at_node || !engine.blobs.has(hash) {
            continue;
        }
        if size > room {
            photos_left += 1;
            continue;
        }
        room -= size;
        messages.extend(pieces(engine, hash)?);
        photos += 1;
    }
    messages.push(ToNode::Fetch { after: checkpoint });
    let bytes = to_node(engine, &membership, messages)?;
    Ok(Written { bytes, transactions, photos, photos_left })
}

/// The transactions that a message offers.
fn offered(message: &ToNode) -> &[OfferedTxn] {
    match message {
        ToNode::Offer { txns, .. } | ToNode::OfferFormer { txns, .. } => txns,
        _ => &[],
    }
}

/// A copy of what waits here after a place of this device's chain, for another member to keep: its bytes, and the first
/// seq of the last transaction in it. Nothing when nothing waits there that may leave.
pub(crate) async fn copy_of_records(
    engine: &Inner,
    after: Option<u64>,
) -> Result<Option<(Vec<u8>, u64)>, EngineError> {
    let (membership, checkpoint) = filled_member(engine)?;
    let offers = offers(engine, after).await?;
    let formers = match after {
        None => former::messages(engine).await?,
        Some(_) => Vec::new(),
    };
    let Some(last) = offers.last().and_then(|offer| offer.txns.last()).map(|txn| txn.first_seq) else {
        return Ok(None);
    };
    let transactions = offers.iter().map(|offer| offer.txns.len() as u64).sum();
    let mut messages = vec![hello(engine, checkpoint, transactions)];
    messages.extend(formers);
    messages.extend(offers.into_iter().map(ToNode::from));
    Ok(Some((to_node(engine, &membership, messages)?, last)))
}

/// Whether a letter can hold a photo or file: it is here, and not too large.
pub(crate) fn holds_blob(engine: &Inner, hash: BlobHash) -> bool {
    engine.blobs.has(hash) && engine.blobs.come_so_far(hash) <= BLOBS_MAX_BYTES
}

/// A copy of a photo or file; nothing when a letter cannot hold it.
pub(crate) fn copy_of_blob(engine: &Inner, hash: BlobHash) -> Result<Option<Vec<u8>>, EngineError> {
    let (membership, _) = filled_member(engine)?;
    if !holds_blob(engine, hash) {
        return Ok(None);
    }
    to_node(engine, &membership, pieces(engine, hash)?).map(Some)
}

fn filled_member(engine: &Inner) -> Result<(Membership, i64), EngineError> {
    let Role::Member(membership) = engine.team.role() else {
        return Err(EngineError::Precondition(Refusal::NoTeam));
    };
    let checkpoint =
        membership.checkpoint.ok_or(EngineError::Precondition(Refusal::LetterBeforeFirstStart))?;
    Ok((membership, checkpoint))
}

fn hello(engine: &Inner, checkpoint: i64, pending: u64) -> ToNode {
    ToNode::Hello {
        format: EXCHANGE_FORMAT,
        op_format: OP_FORMAT,
        checkpoint,
        holder: engine.person(),
        pending,
    }
}

fn pieces(engine: &Inner, hash: BlobHash) -> Result<Vec<ToNode>, EngineError> {
    let (mut messages, mut offset) = (Vec::new(), 0);
    while let Some((piece, size)) = engine.blobs.piece(hash, offset, PIECE_MAX_BYTES)?
        && !piece.is_empty()
    {
        let length = piece.len() as u64;
        messages.push(ToNode::BlobPut { hash: hash.to_string(), offset, size, piece: base64_of(&piece) });
        offset += length;
    }
    Ok(messages)
}

fn to_node(engine: &Inner, membership: &Membership, messages: Vec<ToNode>) -> Result<Vec<u8>, EngineError> {
    let key = unhex(&membership.node_sealing_key)
        .ok_or_else(|| EngineError::Internal("the node's key is none".to_owned()))?;
    let envelope = (LetterTo::Node, membership.team_id, engine.device.device_id);
    enclose(engine, envelope, key, &SaidToNode { messages })
}

/// Takes a letter: on the node, one of a device; on a device, the node's answer.
pub(crate) async fn take(engine: &Inner, bytes: &[u8]) -> Result<Taken, EngineError> {
    let letter = Letter::from_bytes(bytes).map_err(|error| unreadable(&error))?;
    match (engine.team.role(), letter.to) {
        (Role::Node { team_id }, LetterTo::Node) if team_id == letter.team_id => {
            take_as_node(engine, &letter).await
        }
        (Role::Member(membership), LetterTo::Device)
            if membership.team_id == letter.team_id && letter.device_id == engine.device.device_id =>
        {
            take_as_member(engine, &membership, &letter).await
        }
        _ => Err(EngineError::Precondition(Refusal::LetterForAnother)),
    }
}

/// Takes a letter that a person brought to the node, and answers it. What a device writes that is shut out is laid aside.
async fn take_as_node(engine: &Inner, letter: &Letter) -> Result<Taken, EngineError> {
    let device: Option<Device> = engine.database.read().await?.get(letter.device_id).await?;
    let device = device.ok_or(EngineError::NotFound(Missing::Device))?;
    if !holds(letter, &device.verifying_key) {
        return Err(EngineError::Invalid(Refusal::LetterForged));
    }
    let heard = hear(engine, Peer::Device(letter.device_id), letter).await?;
    if heard.refused == Some(RefusedTalk::Revoked) {
        carried::lay_aside(engine, letter).await?;
    }
    let key = unhex(&device.sealing_key)
        .ok_or_else(|| EngineError::Internal(format!("the key of {} is unfit", device.name)))?;
    let envelope = (LetterTo::Device, letter.team_id, letter.device_id);
    let answer = enclose(engine, envelope, key, &SaidToDevice { answers: heard.answers })?;
    Ok(Taken { transactions: heard.transactions, accepted: 0, answer: Some(answer) })
}

/// What the node made of a letter.
pub(crate) struct HeardLetter {
    /// How many transactions were judged.
    pub(crate) transactions: u64,
    /// Why the rest was not taken.
    pub(crate) refused: Option<RefusedTalk>,
    answers: Vec<LetterAnswer>,
}

/// Hears what a letter says, as if `peer` said it.
pub(crate) async fn hear(engine: &Inner, peer: Peer, letter: &Letter) -> Result<HeardLetter, EngineError> {
    let SaidToNode { messages } = open(engine, letter)?;
    let mut heard = HeardLetter { transactions: 0, refused: None, answers: Vec::new() };
    for message in messages {
        let said = message.clone();
        let answered = match message {
            ToNode::Fetch { after } => {
                accepted_since(engine, letter.device_id, after, &mut heard.answers).await;
                continue;
            }
            ToNode::Hello { .. }
            | ToNode::Offer { .. }
            | ToNode::OfferFormer { .. }
            | ToNode::BlobPut { .. } => Box::pin(answer(engine, peer, message)).await,
            ToNode::Join(_)
            | ToNode::Rows { .. }
            | ToNode::BlobsKept { .. }
            | ToNode::BlobGet { .. }
            | ToNode::Wait { .. }
            | ToNode::ListensAt { .. }
            | ToNode::LetterPut { .. } => continue,
        };
        match (said, answered) {
            (_, ToDevice::Judged { judgements }) => {
                heard.transactions += judgements.len() as u64;
                heard.answers.push(LetterAnswer::Judged { judgements });
            }
            (ToNode::OfferFormer { txns, .. }, ToDevice::Noted) => {
                let txn_ids = txns.into_iter().map(|txn| txn.txn_id).collect();
                heard.answers.push(LetterAnswer::LaidAside { txn_ids });
            }
            (ToNode::BlobPut { hash, size, .. }, ToDevice::BlobHas { offset }) if offset == size => {
                let has = LetterAnswer::HasBlob { hash };
                if !heard.answers.contains(&has) {
                    heard.answers.push(has);
                }
            }
            (_, ToDevice::Refused { why }) => {
                heard.refused = Some(why.clone());
                heard.answers.push(LetterAnswer::Refused { why });
                return Ok(heard);
            }
            _ => {}
        }
    }
    Ok(heard)
}

/// Everything that was accepted after a place, in steps that a device takes whole.
async fn accepted_since(
    engine: &Inner,
    device_id: DeviceId,
    mut after: i64,
    answers: &mut Vec<LetterAnswer>,
) {
    let mut bytes = 0;
    loop {
        match answer(engine, Peer::Device(device_id), ToNode::Fetch { after }).await {
            ToDevice::Entries { checkpoint, more, entries, rows, person_keys } => {
                bytes += entries.iter().map(|entry| entry.bytes.len()).sum::<usize>();
                answers.push(LetterAnswer::Accepted { after, checkpoint, entries, rows, person_keys });
                if !more || checkpoint == after || bytes > ACCEPTED_MAX_BYTES {
                    return;
                }
                after = checkpoint;
            }
            ToDevice::Refused { why } => return answers.push(LetterAnswer::Refused { why }),
            _ => return,
        }
    }
}

async fn take_as_member(
    engine: &Inner,
    membership: &Membership,
    letter: &Letter,
) -> Result<Taken, EngineError> {
    let devices = engine.database.read().await?.devices().await?;
    // Node processes of a team share one X25519 key, and each signs with its own.
    let mut nodes = devices.iter().filter(|device| device.sealing_key == membership.node_sealing_key);
    if !nodes.any(|node| holds(letter, &node.verifying_key)) {
        return Err(EngineError::Invalid(Refusal::LetterForged));
    }
    let SaidToDevice { answers } = open(engine, letter)?;
    let mut taken = Taken { transactions: 0, accepted: 0, answer: None };
    for answer in answers {
        match answer {
            LetterAnswer::Judged { judgements } => {
                taken.transactions += judgements.len() as u64;
                place(engine, &judgements).await?;
            }
            LetterAnswer::LaidAside { txn_ids } => former::laid_aside(engine, &txn_ids).await?,
            LetterAnswer::Accepted { after, checkpoint, entries, rows, person_keys } => {
                let Role::Member(now) = engine.team.role() else { break };
                // The network may have been faster: what is here already is not taken again.
                if now.checkpoint != Some(after) {
                    continue;
                }
                taken.accepted += entries.len() as u64;
                accept(engine, checkpoint, entries, &rows, &person_keys).await.map_err(
                    |error| match error {
                        TalkError::Engine(error) => error,
                        other => EngineError::Internal(other.to_string()),
                    },
                )?;
            }
            LetterAnswer::HasBlob { hash } => {
                let mut session = engine.database.write().await?;
                session.blob_is_at_node(&hash).await?;
                session.commit().await?;
            }
            LetterAnswer::Refused { why } => {
                if why == RefusedTalk::Revoked {
                    wipe(engine).await?;
                }
                return Err(EngineError::Precondition(Refusal::Node { said: why.to_string() }));
            }
        }
    }
    engine.tell_stale([CacheTag::Sync].into());
    Ok(taken)
}

pub(super) fn enclose<S: Serialize>(
    engine: &Inner,
    (to, team_id, device_id): (LetterTo, uuid::Uuid, DeviceId),
    reader: [u8; 32],
    said: &S,
) -> Result<Vec<u8>, EngineError> {
    let sealed = seal::seal_to(reader, &serde_json::to_vec(said)?, &*engine.ports.mint)?;
    let sig = String::new();
    let mut letter = Letter { format: LETTER_FORMAT, to, team_id, device_id, sealed, sig };
    letter.sig = hex(&engine.device.sign(blake3::hash(&letter.signed_bytes()).as_bytes()));
    letter.to_bytes().map_err(|error| unreadable(&error))
}

fn open<S: DeserializeOwned>(engine: &Inner, letter: &Letter) -> Result<S, EngineError> {
    let secret = seal::own_secret(&engine.vault, &*engine.ports.mint)?;
    let plain = seal::open_own(&secret, &letter.sealed).ok_or(EngineError::Invalid(Refusal::LetterForged))?;
    serde_json::from_slice(&plain).map_err(|error| unreadable(&LetterError::from(error)))
}

/// Whether the device with this key wrote the letter.
pub(crate) fn holds(letter: &Letter, verifying_key: &str) -> bool {
    let key = unhex(verifying_key).and_then(|bytes: [u8; 32]| VerifyingKey::from_bytes(&bytes).ok());
    let sig = unhex(&letter.sig).map(|bytes: [u8; 64]| Signature::from_bytes(&bytes));
    let (Some(key), Some(sig)) = (key, sig) else { return false };
    key.verify_strict(blake3::hash(&letter.signed_bytes()).as_bytes(), &sig).is_ok()
}

fn unreadable(error: &LetterError) -> EngineError {
    EngineError::Invalid(Refusal::LetterUnreadable { reason: error.to_string() })
}
