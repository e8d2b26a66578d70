//! What a stranger brings as an update of a workshop's board: let in whole, or refused before it touches the board.
#![no_main]

use millwright_documents::workshop::{Beginning, Brought, Workshop, writers_of};
use millwright_model::{ParticipantId, WorkshopDevice, WorkshopId};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let beginning = Beginning {
        workshop_id: WorkshopId::default(),
        title: "SWOT".to_owned(),
        language: "en".to_owned(),
        allowance: 5,
        facilitator: ParticipantId::default(),
        person_id: None,
    };
    let Ok(mut board) = Workshop::begin(&beginning, WorkshopDevice(7)) else { return };
    let before = board.board().clone();
    if board.receive(bytes, Brought::PassedOn).is_err() {
        assert_eq!(board.board(), &before);
    }
    let _read = writers_of(bytes).is_ok();
    let _joined = Workshop::join(bytes, beginning.workshop_id, WorkshopDevice(8)).is_ok();
});
