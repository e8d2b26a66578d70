//! Workshops begun, anew or from a file, people let in, and workshops ended.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_documents::workshop::{Beginning, PARTICIPANTS_MAX, Workshop as Document, from_json};
use millwright_model::*;

use super::desk::Desk;
use super::seat::{name_of, participant, participant_of};
use super::{of_board, unfit, view_of};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, date, required_text};

const TITLE_CHARS: usize = 200;
/// How many votes everybody has to begin with.
const ALLOWANCE: u32 = 5;

pub(crate) async fn create(engine: &Inner, command: WorkshopCreate) -> Result<WorkshopId, EngineError> {
    let title = required_text(&command.title, Input::Title, TITLE_CHARS)?;
    begin(engine, title, command.language, command.last_year, |beginning, name| {
        Document::begin(beginning, name).map_err(of_board)
    })
    .await
}

pub(crate) async fn import(engine: &Inner, command: WorkshopImport) -> Result<WorkshopId, EngineError> {
    let unreadable = |reason: String| unfit(WorkshopFault::Unreadable { reason });
    let json = STANDARD.decode(&command.bytes_base64).map_err(|error| unreadable(error.to_string()))?;
    begin(engine, String::new(), "en".to_owned(), None, |beginning, name| {
        from_json(&json, beginning, name).map_err(of_board)
    })
    .await
}

/// Begins a workshop with the board that `board` makes; its title is the board's.
async fn begin(
    engine: &Inner,
    title: String,
    language: String,
    last_year: Option<WorkshopId>,
    board: impl FnOnce(&Beginning, WorkshopDevice) -> Result<Document, EngineError>,
) -> Result<WorkshopId, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    if let Some(last_year) = last_year {
        unit.need::<Workshop>(last_year, Missing::Workshop).await?;
    }
    let workshop_id: WorkshopId = unit.mint();
    let facilitator = participant_of(workshop_id, person_id);
    let beginning = Beginning {
        workshop_id,
        title,
        language,
        allowance: ALLOWANCE,
        facilitator,
        person_id: Some(person_id),
    };
    let device_id = engine.device.device_id;
    let document = board(&beginning, name_of(workshop_id, device_id, facilitator))?;
    let zone = unit.plant_zone().await?;
    let workshop = Workshop {
        workshop_id,
        title: document.board().title.clone(),
        created_at: unit.now,
        created_by: Some(person_id),
        created_on: Some(device_id),
        held_on: Some(date::civil_date(unit.now, &zone)),
        ended_at: None,
        door: None,
    };
    unit.create(&workshop).await?;
    let everything = document.everything().map_err(of_board)?;
    let mut desk = Desk::beginning(unit, workshop, document, facilitator);
    // What begins the board is an update of its own: nobody else's change is looked at before it.
    desk.keep_bytes(&everything).await?;
    if last_year.is_some() {
        desk.act(&WorkshopAct::LastYear { workshop_id: last_year })?;
    }
    desk.let_devices_in().await?;
    desk.commit().await?;
    Ok(workshop_id)
}

pub(crate) async fn admit(engine: &Inner, command: WorkshopAdmit) -> Result<WorkshopView, EngineError> {
    if command.person_ids.len() > PARTICIPANTS_MAX {
        let limit = PARTICIPANTS_MAX as u64;
        return Err(unfit(WorkshopFault::Full { what: "participants".to_owned(), limit }));
    }
    let mut desk = Desk::of(engine, command.workshop_id).await?;
    desk.goes_on()?;
    desk.leads()?;
    for person_id in command.person_ids {
        desk.unit.need::<Person>(person_id, Missing::Person).await?;
        if participant(engine, desk.board()?, person_id).is_some() {
            continue;
        }
        desk.act(&WorkshopAct::Admit {
            participant_id: participant_of(command.workshop_id, person_id),
            person_id: Some(person_id),
            guest_number: None,
            role: WorkshopRole::Member,
        })?;
    }
    desk.let_devices_in().await?;
    desk.commit().await?;
    view_of(engine, command.workshop_id).await
}

pub(crate) async fn seat_add(engine: &Inner, command: WorkshopSeatAdd) -> Result<WorkshopView, EngineError> {
    let mut desk = Desk::of(engine, command.workshop_id).await?;
    desk.goes_on()?;
    desk.leads()?;
    let (participant_id, entered_by) = (desk.admit_guest()?, desk.me);
    desk.act(&WorkshopAct::EnterFor { participant_id, entered_by })?;
    desk.commit().await?;
    view_of(engine, command.workshop_id).await
}

pub(crate) async fn end(engine: &Inner, command: WorkshopEnd) -> Result<Done, EngineError> {
    let mut desk = Desk::of(engine, command.workshop_id).await?;
    desk.leads()?;
    let before = desk.workshop().clone();
    let ended = Workshop { ended_at: before.ended_at.or(Some(desk.unit.now)), door: None, ..before.clone() };
    desk.unit.update(&before, &ended).await?;
    let done = desk.commit().await?;
    engine.guests.close(command.workshop_id);
    Ok(done)
}
