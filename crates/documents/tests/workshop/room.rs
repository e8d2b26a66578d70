//! A room with people and devices.

use millwright_documents::workshop::{Workshop, *};
use millwright_model::*;
use uuid::Uuid;

pub const WORKSHOP: WorkshopId = WorkshopId(Uuid::from_u128(7_000));
pub const ANNA: ParticipantId = ParticipantId(Uuid::from_u128(1));
pub const BEN: ParticipantId = ParticipantId(Uuid::from_u128(2));
pub const GUEST: ParticipantId = ParticipantId(Uuid::from_u128(3));

pub fn beginning() -> Beginning {
    Beginning {
        workshop_id: WORKSHOP,
        title: "Plant 2, next year".into(),
        language: "en".into(),
        allowance: 5,
        facilitator: ANNA,
        person_id: Some(PersonId(Uuid::from_u128(11))),
    }
}

pub fn device(number: u64) -> WorkshopDevice {
    WorkshopDevice(number)
}

pub fn note_id(author: ParticipantId, number: u64) -> WorkshopNoteId {
    WorkshopNoteId::of(author, number)
}

pub fn item(author: ParticipantId, number: u64) -> WorkshopItemId {
    note_id(author, number).into()
}

pub fn add(author: ParticipantId, number: u64, frame: &str, text: &str) -> WorkshopAct {
    let note_id = note_id(author, number);
    WorkshopAct::AddNote { note_id, frame: frame.into(), text: text.into(), on_paper: false }
}

pub fn phase(phase: WorkshopPhase) -> WorkshopAct {
    WorkshopAct::Phase { phase }
}

pub fn admit(participant_id: ParticipantId, role: WorkshopRole) -> WorkshopAct {
    WorkshopAct::Admit { participant_id, person_id: None, guest_number: None, role }
}

pub fn lets_in(participant_id: ParticipantId, number: u64) -> WorkshopAct {
    WorkshopAct::AdmitDevice { participant_id, device: device(number) }
}

/// Anna facilitates on device 1; Ben has devices 2 and 3, a guest device 4.
pub fn room() -> Workshop {
    let mut anna = Workshop::begin(&beginning(), device(1)).unwrap();
    for act in [
        admit(BEN, WorkshopRole::Member),
        lets_in(BEN, 2),
        lets_in(BEN, 3),
        admit(GUEST, WorkshopRole::Guest),
        lets_in(GUEST, 4),
    ] {
        anna.act(ANNA, &act).unwrap().unwrap();
    }
    anna
}

pub fn joined(to: &Workshop, number: u64) -> Workshop {
    Workshop::join(&to.everything().unwrap(), WORKSHOP, device(number)).unwrap()
}

/// Brings both to the same.
pub fn meet(one: &mut Workshop, other: &mut Workshop) {
    bring(one, other);
    bring(other, one);
}

pub fn bring(from: &Workshop, to: &mut Workshop) {
    let update = from.updates_since(&to.version()).unwrap();
    to.receive(&update, Brought::PassedOn).unwrap();
}

pub fn act(workshop: &mut Workshop, author: ParticipantId, act: &WorkshopAct) -> Vec<u8> {
    workshop.act(author, act).unwrap().unwrap()
}

pub fn texts(board: &Board) -> Vec<&str> {
    board.notes.iter().map(|note| note.text.as_str()).collect()
}
