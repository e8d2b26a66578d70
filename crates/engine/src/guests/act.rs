//! What a guest's browser may ask for: one's own notes, votes and weights. Everything else has no word here.

use millwright_model::*;
use serde::Deserialize;

use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::workshop;

/// Something a guest does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum GuestAct {
    /// Writes a note: for oneself as long as notes are collected, on the board afterwards.
    Note {
        /// For which frame.
        frame: String,
        /// What it says.
        text: String,
    },
    /// Changes one's note.
    Change {
        /// Which.
        id: WorkshopNoteId,
        /// In which frame it is.
        frame: String,
        /// What it says.
        text: String,
    },
    /// Takes one's note back.
    TakeBack {
        /// Which.
        id: WorkshopNoteId,
    },
    /// Gives an item so many votes in all.
    Vote {
        /// Which.
        id: WorkshopItemId,
        /// How many.
        votes: u32,
    },
    /// Gives an item so many of 100 points.
    Points {
        /// Which.
        id: WorkshopItemId,
        /// How many.
        points: u32,
    },
    /// Puts the short list of a half in order.
    Rank {
        /// Of which half.
        side: BoardSide,
        /// The most important first.
        items: Vec<WorkshopItemId>,
    },
}

/// Does it for a guest of a workshop whose board stands at `phase`.
pub(crate) async fn do_act(
    engine: &Inner,
    workshop_id: WorkshopId,
    guest: ParticipantId,
    phase: WorkshopPhase,
    act: GuestAct,
) -> Result<(), EngineError> {
    let collecting = phase == WorkshopPhase::Collect;
    let new_note = || WorkshopNoteId::of(guest, engine.ports.mint.uuid(engine.now()).as_u64_pair().1);
    let on_board = match act {
        GuestAct::Note { frame, text } if collecting => {
            return workshop::guest_note_put(engine, workshop_id, guest, None, frame, text).await;
        }
        GuestAct::Change { id, frame, text } if collecting => {
            return workshop::guest_note_put(engine, workshop_id, guest, Some(id), frame, text).await;
        }
        GuestAct::TakeBack { id } if collecting => {
            return workshop::guest_note_remove(engine, workshop_id, guest, id).await;
        }
        GuestAct::Note { frame, text } => {
            WorkshopAct::AddNote { note_id: new_note(), frame, text, on_paper: false }
        }
        GuestAct::Change { id, text, .. } => WorkshopAct::NoteText { note_id: id, text },
        GuestAct::TakeBack { id } => WorkshopAct::WithdrawNote { note_id: id, withdrawn: true },
        GuestAct::Vote { id, votes } => WorkshopAct::Vote { item_id: id, votes },
        GuestAct::Points { id, points } => WorkshopAct::Points { item_id: id, points },
        GuestAct::Rank { side, items } => WorkshopAct::Rank { side, items },
    };
    workshop::guest_write(engine, workshop_id, guest, &on_board).await
}
