//! Photos and files between a member and the node: by hash, in pieces, from where they were cut off.

use millwright_local_db::BlobHash;
use millwright_model::CacheTag;
use millwright_team::{BLOB_MAX_BYTES, PIECE_MAX_BYTES, ToDevice, ToNode};

use super::follow::TalkError;
use super::line::Line;
use super::{base64_of, from_base64};
use crate::engine::Inner;

/// The most hashes in one question.
const HASHES_MAX: usize = 500;

/// Brings photos and files that are only here to the node, and fetches those that are not here.
pub(super) async fn exchange(engine: &Inner, line: &mut impl Line) -> Result<(), TalkError> {
    let mut session = engine.database.read().await?;
    let (named, waiting) = (session.blobs_named().await?, session.blobs_of_waiting_records().await?);
    drop(session);
    let parsed =
        named.iter().filter_map(|(text, _, at_node)| Some((text.as_str(), BlobHash::parse(text)?, *at_node)));
    let (here, missing): (Vec<_>, Vec<_>) = parsed.partition(|(_, hash, ..)| engine.blobs.has(*hash));
    // Of a file that no record of the node names it says «not wanted»: asked before its record, it would never go.
    let only_here: Vec<_> =
        here.into_iter().filter(|(text, _, at_node)| !at_node && !waiting.contains(*text)).collect();
    for some in only_here.chunks(HASHES_MAX) {
        let hashes = some.iter().map(|(text, ..)| (*text).to_owned()).collect();
        let wanted = match line.say(ToNode::BlobsKept { hashes }).await? {
            ToDevice::BlobsWanted { wanted } => wanted,
            ToDevice::Refused { why } => return Err(TalkError::Refused(why)),
            other => return Err(TalkError::Astray(format!("{other:?}"))),
        };
        for (text, hash, ..) in some {
            if let Some((_, offset)) = wanted.iter().find(|(wanted, _)| wanted == text)
                && !bring(engine, line, text, *hash, *offset).await?
            {
                continue;
            }
            let mut session = engine.database.write().await?;
            session.blob_is_at_node(text).await?;
            session.commit().await?;
            engine.tell_stale([CacheTag::Sync].into());
        }
    }
    for (text, hash, ..) in missing {
        fetch(engine, line, text, hash).await?;
    }
    Ok(())
}

/// Brings a photo to the node; answers whether all of it is there now.
async fn bring(
    engine: &Inner,
    line: &mut impl Line,
    text: &str,
    hash: BlobHash,
    mut offset: u64,
) -> Result<bool, TalkError> {
    loop {
        let Some((bytes, size)) = engine.blobs.piece(hash, offset, PIECE_MAX_BYTES)? else {
            return Ok(false);
        };
        if bytes.is_empty() && size > 0 {
            // More lies there than the whole has: it is brought from its beginning.
            offset = 0;
            continue;
        }
        let piece = base64_of(&bytes);
        let message = ToNode::BlobPut { hash: text.to_owned(), offset, size, piece };
        match line.say(message).await? {
            ToDevice::BlobHas { offset: next } if next == size => return Ok(true),
            ToDevice::BlobHas { offset: next } if next > offset => offset = next,
            ToDevice::BlobHas { .. } => {
                return Err(TalkError::Astray("a photo that does not arrive".to_owned()));
            }
            ToDevice::Refused { why } => return Err(TalkError::Refused(why)),
            other => return Err(TalkError::Astray(format!("{other:?}"))),
        }
    }
}

async fn fetch(engine: &Inner, line: &mut impl Line, text: &str, hash: BlobHash) -> Result<(), TalkError> {
    loop {
        let offset = engine.blobs.come_so_far(hash);
        match line.say(ToNode::BlobGet { hash: text.to_owned(), offset }).await? {
            // The device that took it has not brought it yet: it comes with another talk.
            ToDevice::BlobPiece { piece: None } => return Ok(()),
            ToDevice::BlobPiece { piece: Some((piece, whole)) } => {
                let astray = || TalkError::Astray("a photo that does not arrive".to_owned());
                // A record may lie about the size; the node has the whole, and the hash decides.
                let bytes = from_base64(&piece).filter(|_| whole <= BLOB_MAX_BYTES).ok_or_else(astray)?;
                let next = engine.blobs.put_piece(hash, offset, whole, &bytes)?;
                if next >= whole {
                    let mut session = engine.database.write().await?;
                    session.blob_is_at_node(text).await?;
                    session.commit().await?;
                    engine.tell_stale([CacheTag::WorkOrders].into());
                    return Ok(());
                }
                if next <= offset {
                    return Err(astray());
                }
            }
            ToDevice::Refused { why } => return Err(TalkError::Refused(why)),
            other => return Err(TalkError::Astray(format!("{other:?}"))),
        }
    }
}
