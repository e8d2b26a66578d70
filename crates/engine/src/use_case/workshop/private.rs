//! Notes that are on this device only, until they are revealed: kept in its settings, beside the document and outside
//! everything that travels.

use std::collections::BTreeMap;

use millwright_documents::workshop::{PrivateNote, PrivateNotes};
use millwright_local_db::{Session, WriteSession};
use millwright_model::*;

use super::open::Opened;
use super::seat::me_or;
use super::{not_now, of_board};
use crate::EngineError;
use crate::engine::Inner;

/// The notes of everybody who wrote some on this device.
pub(super) type Kept = BTreeMap<ParticipantId, PrivateNotes>;

fn setting(workshop_id: WorkshopId) -> String {
    format!("workshop_private:{workshop_id}")
}

/// What is kept here of a workshop.
pub(super) async fn kept(session: &mut Session, workshop_id: WorkshopId) -> Result<Kept, EngineError> {
    Ok(session.setting(&setting(workshop_id)).await?.unwrap_or_default())
}

pub(super) async fn put(
    session: &mut WriteSession,
    workshop_id: WorkshopId,
    kept: &Kept,
) -> Result<(), EngineError> {
    Ok(session.set_setting(&setting(workshop_id), kept).await?)
}

/// A note that is to be kept here.
pub(super) struct NotePut {
    pub(super) workshop_id: WorkshopId,
    /// Which; nothing for a new one.
    pub(super) note_id: Option<WorkshopNoteId>,
    pub(super) frame: String,
    pub(super) text: String,
    pub(super) on_paper: bool,
}

pub(crate) async fn note_put(
    engine: &Inner,
    command: WorkshopNotePut,
) -> Result<WorkshopNoteId, EngineError> {
    let WorkshopNotePut { workshop_id, note_id, frame, text, seat } = command;
    let note = NotePut { workshop_id, note_id, frame, text, on_paper: seat.is_some() };
    put_for(engine, note, |board| me_or(engine, board, seat)).await
}

/// Keeps a note of whoever `who` finds on the board.
pub(super) async fn put_for(
    engine: &Inner,
    note: NotePut,
    who: impl FnOnce(&Board) -> Option<ParticipantId>,
) -> Result<WorkshopNoteId, EngineError> {
    let NotePut { workshop_id, note_id, frame, text, on_paper } = note;
    let mut session = engine.database.write().await?;
    let opened = Opened::need(engine, &mut session, workshop_id).await?;
    let found = place_of(&opened, &frame, who);
    let ended = opened.workshop.ended_at.is_some();
    engine.boards.give_back(opened);
    if ended {
        return Err(not_now(WorkshopFault::Ended));
    }
    let author = found?;
    let mut all = kept(&mut session, workshop_id).await?;
    let own = all.entry(author).or_insert_with(|| PrivateNotes::new(workshop_id));
    let random = || engine.ports.mint.uuid(engine.now()).as_u64_pair().1;
    let note_id = note_id.unwrap_or_else(|| WorkshopNoteId::of(author, random()));
    own.put(PrivateNote { note_id, author, frame, text, on_paper }).map_err(of_board)?;
    put(&mut session, workshop_id, &all).await?;
    session.commit().await?;
    engine.tell_stale([CacheTag::Workshops].into());
    Ok(note_id)
}

/// Whose private note can be written now: while notes are collected, for a frame of the board.
fn place_of(
    opened: &Opened,
    frame: &str,
    who: impl FnOnce(&Board) -> Option<ParticipantId>,
) -> Result<ParticipantId, EngineError> {
    let board = opened.board().ok_or_else(|| not_now(WorkshopFault::NotHereYet))?;
    let author = who(board).ok_or_else(|| not_now(WorkshopFault::NotLetIn))?;
    if board.phase != WorkshopPhase::Collect {
        return Err(not_now(WorkshopFault::NotNow { phase: board.phase }));
    }
    if !board.frames.iter().any(|known| known.key == frame) {
        return Err(not_now(WorkshopFault::NotThere { what: format!("frame «{frame}»") }));
    }
    Ok(author)
}

pub(crate) async fn note_remove(engine: &Inner, command: WorkshopNoteRemove) -> Result<(), EngineError> {
    let WorkshopNoteRemove { workshop_id, note_id, seat } = command;
    remove_for(engine, workshop_id, note_id, |board| me_or(engine, board, seat)).await
}

/// Throws a note away of whoever `who` finds on the board.
pub(super) async fn remove_for(
    engine: &Inner,
    workshop_id: WorkshopId,
    note_id: WorkshopNoteId,
    who: impl FnOnce(&Board) -> Option<ParticipantId>,
) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    let opened = Opened::need(engine, &mut session, workshop_id).await?;
    let author = opened.board().and_then(who);
    engine.boards.give_back(opened);
    let author = author.ok_or_else(|| not_now(WorkshopFault::NotLetIn))?;
    let mut all = kept(&mut session, workshop_id).await?;
    if let Some(own) = all.get_mut(&author) {
        own.remove(note_id);
    }
    put(&mut session, workshop_id, &all).await?;
    session.commit().await?;
    engine.tell_stale([CacheTag::Workshops].into());
    Ok(())
}
