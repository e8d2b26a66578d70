//! What a guest by browser reads and writes: under a name of their own on the device where the door is.

use millwright_documents::workshop::PrivateNote;
use millwright_model::*;

use super::desk::Desk;
use super::not_now;
use super::open::Opened;
use super::private;
use crate::EngineError;
use crate::engine::Inner;

/// The board as it stands, and whether the workshop ended.
pub(crate) async fn guest_board(
    engine: &Inner,
    workshop_id: WorkshopId,
) -> Result<(Board, bool), EngineError> {
    let mut session = engine.database.read().await?;
    let opened = Opened::need(engine, &mut session, workshop_id).await?;
    let (board, ended) = (opened.board().cloned(), opened.workshop.ended_at.is_some());
    engine.boards.give_back(opened);
    Ok((board.ok_or_else(|| not_now(WorkshopFault::NotHereYet))?, ended))
}

/// The guest's notes that are not on the board yet.
pub(crate) async fn guest_private(
    engine: &Inner,
    workshop_id: WorkshopId,
    guest: ParticipantId,
) -> Result<Vec<PrivateNote>, EngineError> {
    let mut session = engine.database.read().await?;
    let mut kept = private::kept(&mut session, workshop_id).await?;
    Ok(kept.remove(&guest).map(|own| own.notes).unwrap_or_default())
}

/// Does something on the board for a guest.
pub(crate) async fn guest_write(
    engine: &Inner,
    workshop_id: WorkshopId,
    guest: ParticipantId,
    act: &WorkshopAct,
) -> Result<(), EngineError> {
    let mut desk = Desk::of_guest(engine, workshop_id, guest).await?;
    desk.goes_on()?;
    desk.act(act)?;
    desk.commit().await.map(drop)
}

/// Keeps a note of a guest until the notes are revealed.
pub(crate) async fn guest_note_put(
    engine: &Inner,
    workshop_id: WorkshopId,
    guest: ParticipantId,
    note_id: Option<WorkshopNoteId>,
    frame: String,
    text: String,
) -> Result<(), EngineError> {
    let note = private::NotePut { workshop_id, note_id, frame, text, on_paper: false };
    private::put_for(engine, note, |board| guest_of(board, guest)).await.map(drop)
}

/// Throws a note of a guest away that is not on the board yet.
pub(crate) async fn guest_note_remove(
    engine: &Inner,
    workshop_id: WorkshopId,
    guest: ParticipantId,
    note_id: WorkshopNoteId,
) -> Result<(), EngineError> {
    private::remove_for(engine, workshop_id, note_id, |board| guest_of(board, guest)).await
}

/// The guest, where the board knows them as one.
pub(super) fn guest_of(board: &Board, guest: ParticipantId) -> Option<ParticipantId> {
    let one = board.participant(guest)?;
    one.guest_number.is_some().then_some(guest)
}
