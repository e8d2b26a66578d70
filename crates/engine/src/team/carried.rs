//! Letters of other devices. A member keeps them until the node has them; the node takes them at once, and lays those aside
//! whose device was shut out, until a person says what becomes of them.

use std::collections::BTreeMap;

use millwright_local_db::{BlobHash, CarriedLetter, Session};
use millwright_model::*;
use millwright_team::*;

use super::follow::TalkError;
use super::judging::NotTaken;
use super::line::Line;
use super::node::{Peer, refused, unfit};
use super::{Role, base64_of, from_base64, letter};
use crate::EngineError;
use crate::engine::Inner;

/// The most bytes of letters of one device.
const OF_ONE_MAX_BYTES: u64 = 256 * 1024 * 1024;
/// The most bytes of letters in all.
const ALL_MAX_BYTES: u64 = 1024 * 1024 * 1024;
/// The most letters of one device.
const OF_ONE_MAX: usize = 1_000;
/// For so long a letter is kept that builds on what never came.
const KEPT_FOR_MS: i64 = 30 * 86_400_000;

/// Takes a piece of a letter from the device that brings it. With the last one the whole is kept, or taken.
pub(crate) async fn put(
    engine: &Inner,
    from: DeviceId,
    (text, offset, size): (&str, u64, u64),
    piece: &str,
) -> Result<ToDevice, NotTaken> {
    let Some(hash) = BlobHash::parse(text) else { return unfit("a hash that is none") };
    if size == 0 || size > LETTER_MAX_BYTES as u64 {
        return unfit("a letter that is empty or too large");
    }
    let Some(piece) = from_base64(piece).filter(|piece| piece.len() <= PIECE_MAX_BYTES) else {
        return unfit("a piece that is none, or too large");
    };
    if crate::disk::is_low(&engine.path()) {
        return refused(RefusedTalk::Full);
    }
    let before = engine.team.arriving.lock().ok().and_then(|mut arriving| arriving.insert(from, hash));
    if let Some(before) = before.filter(|before| *before != hash && !engine.letters.has(*before)) {
        // One at a time: what a device began before and left lying is given up.
        engine.letters.remove(before)?;
    }
    let there = engine.letters.put_piece(hash, offset, size, &piece)?;
    if there < size {
        return Ok(ToDevice::LetterHas { offset: there });
    }
    let Some(bytes) = engine.letters.get(hash)? else { return refused(RefusedTalk::Unable) };
    let kept = whole(engine, from, hash, &bytes).await;
    if let Ok(mut arriving) = engine.team.arriving.lock() {
        arriving.remove(&from);
    }
    if !matches!(kept, Ok(Kept::Here)) {
        engine.letters.remove(hash)?;
    }
    kept.map(|_kept| ToDevice::LetterHas { offset: size })
}

/// What became of a letter.
enum Kept {
    /// It lies here.
    Here,
    /// It is not needed any more.
    Taken,
}

async fn whole(engine: &Inner, from: DeviceId, hash: BlobHash, bytes: &[u8]) -> Result<Kept, NotTaken> {
    let Ok(letter) = Letter::from_bytes(bytes) else { return unfit("a file that is no letter") };
    let writer: Option<Device> = engine.database.read().await?.get(letter.device_id).await?;
    let Some(writer) = writer.filter(|writer| letter::holds(&letter, &writer.verifying_key)) else {
        return unfit("a letter that nobody here wrote");
    };
    match engine.team.role() {
        Role::Node { team_id } if team_id == letter.team_id && letter.to == LetterTo::Node => {
            let quarantined = engine
                .database
                .read()
                .await?
                .contact(letter.device_id)
                .await?
                .is_some_and(|contact| contact.quarantined.is_some());
            if writer.revoked_at.is_some() || quarantined {
                keep(engine, letter.device_id, hash, bytes.len()).await?;
                return Ok(Kept::Here);
            }
            take(engine, &writer, &letter).await.map(|()| Kept::Taken)
        }
        // What a member keeps for others it has from themselves.
        Role::Member(membership)
            if membership.team_id == letter.team_id
                && letter.to == LetterTo::Node
                && letter.device_id == from =>
        {
            keep(engine, from, hash, bytes.len()).await?;
            engine.team.carries.notify_one();
            Ok(Kept::Here)
        }
        _ => unfit("a letter for somebody else"),
    }
}

async fn take(engine: &Inner, writer: &Device, letter: &Letter) -> Result<(), NotTaken> {
    match letter::hear(engine, Peer::ByAnother(letter.device_id), letter).await {
        Ok(heard) => match heard.refused {
            None => {
                tracing::info!("{} transactions of {} came by another one", heard.transactions, writer.name);
                Ok(())
            }
            Some(why @ (RefusedTalk::TooEarly | RefusedTalk::Unable)) => refused(why),
            Some(why) => {
                tracing::warn!("a letter of {} that another one brought is refused: {why}", writer.name);
                Ok(())
            }
        },
        Err(EngineError::Invalid(_)) => unfit("a letter that cannot be read"),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a letter for as long as there is room.
async fn keep(engine: &Inner, device_id: DeviceId, hash: BlobHash, bytes: usize) -> Result<(), NotTaken> {
    let mut session = engine.database.write().await?;
    let there = session.carried_letters().await?;
    let hash = hash.to_string();
    if there.iter().any(|letter| letter.hash == hash) {
        return Ok(());
    }
    let size_bytes = bytes as u64;
    let all: u64 = there.iter().map(|letter| letter.size_bytes).sum();
    let own = there.iter().filter(|letter| letter.device_id == device_id);
    let (count, of_one) = own.fold((0, 0), |(count, bytes), letter| (count + 1, bytes + letter.size_bytes));
    if count >= OF_ONE_MAX || of_one + size_bytes > OF_ONE_MAX_BYTES || all + size_bytes > ALL_MAX_BYTES {
        return refused(RefusedTalk::Full);
    }
    session.carry(&CarriedLetter { hash, device_id, size_bytes, kept_at: engine.now() }).await?;
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

/// Lays a letter aside that a person brought, of a device that is shut out.
pub(super) async fn lay_aside(engine: &Inner, letter: &Letter) -> Result<(), EngineError> {
    let bytes = letter.to_bytes().map_err(EngineError::internal)?;
    let hash = engine.letters.put(&bytes)?;
    match keep(engine, letter.device_id, hash, bytes.len()).await {
        Ok(()) => Ok(()),
        Err(NotTaken::Refused(why)) => {
            engine.letters.remove(hash)?;
            Err(EngineError::Precondition(Refusal::Node { said: why.to_string() }))
        }
        Err(NotTaken::Failed(error)) => Err(error),
    }
}

/// Hands letters of others over to the node.
pub(super) async fn hand_over(engine: &Inner, line: &mut impl Line) -> Result<(), TalkError> {
    let letters = engine.database.read().await?.carried_letters().await?;
    if letters.is_empty() || !engine.team.told().is_some_and(|told| told.facts.passes_on) {
        return Ok(());
    }
    let mut later: Vec<DeviceId> = Vec::new();
    for carried in letters {
        if later.contains(&carried.device_id) {
            continue;
        }
        let Some(hash) = BlobHash::parse(&carried.hash).filter(|hash| engine.letters.has(*hash)) else {
            put_down(engine, &carried.hash).await?;
            continue;
        };
        match bring(engine, line, hash, carried.size_bytes).await? {
            None | Some(RefusedTalk::Unfit { .. }) => put_down(engine, &carried.hash).await?,
            // What it builds on lies on another tablet, or the node cannot now: what came after it waits too.
            Some(RefusedTalk::TooEarly) if engine.now().since_ms(carried.kept_at) > KEPT_FOR_MS => {
                tracing::warn!("a letter of {} is given up: what it builds on never came", carried.device_id);
                put_down(engine, &carried.hash).await?;
            }
            Some(RefusedTalk::TooEarly | RefusedTalk::Full) => later.push(carried.device_id),
            Some(why) => return Err(TalkError::Refused(why)),
        }
    }
    Ok(())
}

async fn put_down(engine: &Inner, hash: &str) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    session.put_down(hash).await?;
    session.commit().await?;
    if let Some(hash) = BlobHash::parse(hash) {
        engine.letters.remove(hash)?;
    }
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

/// Brings a letter that lies here, from where it was cut off; answers why it is not taken.
async fn bring(
    engine: &Inner,
    line: &mut impl Line,
    hash: BlobHash,
    size: u64,
) -> Result<Option<RefusedTalk>, TalkError> {
    // The first answer says from where.
    let mut offset = 0;
    loop {
        let Some((piece, _)) = engine.letters.piece(hash, offset, PIECE_MAX_BYTES)? else { return Ok(None) };
        match say(line, &hash.to_string(), (offset, size), &piece).await? {
            Ok(next) if next == size => return Ok(None),
            Ok(next) if next > offset => offset = next,
            Ok(_) => return Err(TalkError::Astray("a letter that does not arrive".to_owned())),
            Err(why) => return Ok(Some(why)),
        }
    }
}

/// Gives a letter that lies nowhere yet to whoever is on the line; answers why it is not taken.
pub(super) async fn give(line: &mut impl Line, bytes: &[u8]) -> Result<Option<RefusedTalk>, TalkError> {
    let (hash, size) = (blake3::hash(bytes).to_hex().to_string(), bytes.len() as u64);
    let mut offset = 0;
    for piece in bytes.chunks(PIECE_MAX_BYTES) {
        let next = offset + piece.len() as u64;
        match say(line, &hash, (offset, size), piece).await? {
            Ok(there) if there == next => offset = next,
            Ok(_) => return Err(TalkError::Astray("a letter that does not arrive".to_owned())),
            Err(why) => return Ok(Some(why)),
        }
    }
    Ok(None)
}

async fn say(
    line: &mut impl Line,
    hash: &str,
    (offset, size): (u64, u64),
    piece: &[u8],
) -> Result<Result<u64, RefusedTalk>, TalkError> {
    let message = ToNode::LetterPut { hash: hash.to_owned(), offset, size, piece: base64_of(piece) };
    match line.say(message).await? {
        ToDevice::LetterHas { offset } => Ok(Ok(offset)),
        ToDevice::Refused { why } => Ok(Err(why)),
        other => Err(TalkError::Astray(format!("{other:?}"))),
    }
}

/// Whose letters lie here, the oldest first.
pub(crate) async fn by_device(session: &mut Session) -> Result<Vec<CarriedView>, EngineError> {
    let mut by_device: BTreeMap<DeviceId, CarriedView> = BTreeMap::new();
    for letter in session.carried_letters().await? {
        let view = by_device.entry(letter.device_id).or_insert_with(|| CarriedView {
            device_id: letter.device_id,
            device_name: String::new(),
            letters: 0,
            size_bytes: 0,
            since: letter.kept_at,
        });
        view.letters += 1;
        view.size_bytes += letter.size_bytes;
        view.since = view.since.min(letter.kept_at);
    }
    let mut views: Vec<CarriedView> = by_device.into_values().collect();
    for view in &mut views {
        let device: Option<Device> = session.get(view.device_id).await?;
        view.device_name = device.map(|device| device.name).unwrap_or_default();
    }
    views.sort_by_key(|view| view.since);
    Ok(views)
}

/// Says what becomes of what was laid aside of a device: taken as if the device were no stranger, or thrown away. Answers how
/// many transactions were judged.
pub(crate) async fn settle(engine: &Inner, device_id: DeviceId, take: bool) -> Result<u64, EngineError> {
    if !engine.team.is_node() {
        return Err(EngineError::Precondition(Refusal::NoNode));
    }
    let letters = engine.database.read().await?.carried_letters().await?;
    let mut transactions = 0;
    for carried in letters.into_iter().filter(|letter| letter.device_id == device_id) {
        let bytes = match BlobHash::parse(&carried.hash).filter(|_| take) {
            Some(hash) => engine.letters.get(hash)?,
            None => None,
        };
        if let Some(bytes) = bytes {
            let letter = Letter::from_bytes(&bytes).map_err(EngineError::internal)?;
            let heard = letter::hear(engine, Peer::LetIn(device_id), &letter).await?;
            transactions += heard.transactions;
            if let Some(why) = heard.refused {
                // It stays, so that a person can look, or throw it away.
                return Err(EngineError::Precondition(Refusal::Node { said: why.to_string() }));
            }
        }
        put_down(engine, &carried.hash).await?;
    }
    Ok(transactions)
}
