//! Notes that nobody but their author's device has, until the facilitator reveals.

use millwright_model::{ParticipantId, WorkshopId, WorkshopNoteId};
use serde::{Deserialize, Serialize};

use super::admission::NOTES_OF_ONE_MAX;
use super::layout::{is_frame_key, is_written};
use super::refusal::WorkshopRefusal;

/// A note that is not on the board yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateNote {
    /// Which.
    pub note_id: WorkshopNoteId,
    /// Whose.
    pub author: ParticipantId,
    /// For which frame.
    pub frame: String,
    /// What it says.
    pub text: String,
    /// Whether it was written on paper, and entered.
    pub on_paper: bool,
}

/// The private notes of one device: stored beside the document, and never in an update of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateNotes {
    /// Of which workshop.
    pub workshop_id: WorkshopId,
    /// In the order in which they were written.
    pub notes: Vec<PrivateNote>,
}

impl PrivateNotes {
    /// None yet.
    pub fn new(workshop_id: WorkshopId) -> Self {
        Self { workshop_id, notes: Vec::new() }
    }

    /// Writes a note, or writes it anew.
    ///
    /// # Errors
    /// When it would not fit on the board, or is not its author's.
    pub fn put(&mut self, note: PrivateNote) -> Result<(), WorkshopRefusal> {
        let unfit = |reason: &str| WorkshopRefusal::Unfit { what: "the note", reason: reason.to_owned() };
        if !is_written(&note.text, false) {
            return Err(unfit("it says nothing, or more than 500 letters, or has signs that no key writes"));
        }
        if !is_frame_key(&note.frame) {
            return Err(unfit("it has no frame"));
        }
        if !note.note_id.is_of(note.author) {
            return Err(unfit("its id is another author's"));
        }
        let is_full = self.notes.len() >= NOTES_OF_ONE_MAX;
        match self.notes.iter_mut().find(|known| known.note_id == note.note_id) {
            Some(known) => *known = note,
            None if is_full => {
                return Err(WorkshopRefusal::Full { what: "private notes", limit: NOTES_OF_ONE_MAX });
            }
            None => self.notes.push(note),
        }
        Ok(())
    }

    /// Throws a note away.
    pub fn remove(&mut self, note_id: WorkshopNoteId) {
        self.notes.retain(|note| note.note_id != note_id);
    }
}
