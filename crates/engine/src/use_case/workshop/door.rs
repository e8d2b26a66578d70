//! The door for guests by browser: opened by whoever leads, on an address they chose and for a reason they gave.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use millwright_local_db::Session;
use millwright_model::*;
use tokio::net::TcpListener;

use super::desk::Desk;
use super::open::Opened;
use super::seat::name_of;
use super::{not_now, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::paper::words::Language;
use crate::use_case::required_text;

const REASON_CHARS: usize = 300;

pub(crate) async fn door_places(
    _engine: &Inner,
    _command: WorkshopDoorPlaces,
) -> Result<Vec<DoorPlace>, EngineError> {
    let mut places: Vec<DoorPlace> = if_addrs::get_if_addrs()
        .map_err(EngineError::internal)?
        .into_iter()
        // An address of the link alone needs the interface's name beside it, which no browser takes.
        .filter(|interface| !interface.is_link_local())
        .map(|interface| DoorPlace {
            address: interface.ip().to_string(),
            only_here: interface.is_loopback(),
            interface: interface.name,
        })
        .collect();
    places.sort_by_key(|place| (place.only_here, place.address.contains(':'), place.interface.clone()));
    Ok(places)
}

/// The address, where it is one of this machine's.
fn own_address(address: &str) -> Result<IpAddr, EngineError> {
    let foreign = || unfit(WorkshopFault::NotOurAddress { address: address.to_owned() });
    let wanted: IpAddr = address.trim().parse().map_err(|_not_one| foreign())?;
    let own = if_addrs::get_if_addrs().map_err(EngineError::internal)?;
    if own.iter().any(|interface| interface.ip() == wanted) { Ok(wanted) } else { Err(foreign()) }
}

pub(crate) async fn door_open(
    engine: &Arc<Inner>,
    command: WorkshopDoorOpen,
) -> Result<WorkshopDoorView, EngineError> {
    let WorkshopDoorOpen { workshop_id, address, port, reason } = command;
    let reason = required_text(&reason, Input::Reason, REASON_CHARS)?;
    let address = SocketAddr::new(own_address(&address)?, port.unwrap_or_default());
    let mut desk = Desk::of(engine, workshop_id).await?;
    desk.goes_on()?;
    desk.leads()?;
    let refused = |error: std::io::Error| {
        not_now(WorkshopFault::DoorRefused { address: address.to_string(), reason: error.to_string() })
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    let language = Language::of_tag(&desk.board()?.language);
    let before = desk.workshop().clone();
    let opened = WorkshopDoor {
        opened_at: desk.unit.now,
        opened_on: engine.device.device_id,
        address: bound.to_string(),
        reason,
    };
    let after = Workshop { door: Some(opened.clone()), ..before.clone() };
    desk.unit.update(&before, &after).await?;
    desk.let_devices_in().await?;
    desk.commit().await?;
    engine.guests.open(engine, workshop_id, language, listener, bound, opened);
    shown(engine, workshop_id).await
}

pub(crate) async fn door_show(
    engine: &Inner,
    command: WorkshopDoorShow,
) -> Result<Option<WorkshopDoorView>, EngineError> {
    if !engine.guests.is_open(command.workshop_id) {
        return Ok(None);
    }
    let mut session = engine.database.read().await?;
    let guests = guests(engine, &mut session, command.workshop_id).await?;
    Ok(engine.guests.view(command.workshop_id, guests, engine.now()))
}

pub(crate) async fn guest_invite(
    engine: &Inner,
    command: WorkshopGuestInvite,
) -> Result<WorkshopDoorView, EngineError> {
    let WorkshopGuestInvite { workshop_id, participant_id } = command;
    if !engine.guests.is_open(workshop_id) {
        return Err(not_now(WorkshopFault::NoDoor));
    }
    let mut desk = Desk::of(engine, workshop_id).await?;
    desk.goes_on()?;
    desk.leads()?;
    let guest = match participant_id {
        Some(wanted) => {
            desk.board()?
                .participants
                .iter()
                .find(|one| one.participant_id == wanted && one.guest_number.is_some())
                .ok_or_else(|| unfit(WorkshopFault::NoGuest))?
                .participant_id
        }
        None => desk.admit_guest()?,
    };
    // They write under a name of their own on this device.
    let device = name_of(workshop_id, engine.device.device_id, guest);
    let known = desk.board()?.participant(guest).is_some_and(|one| one.devices.contains(&device));
    if !known {
        desk.act(&WorkshopAct::AdmitDevice { participant_id: guest, device })?;
    }
    desk.commit().await?;
    engine.guests.invite(workshop_id, guest, &*engine.ports.mint, engine.now());
    engine.tell_stale([CacheTag::Workshops].into());
    shown(engine, workshop_id).await
}

pub(crate) async fn door_close(engine: &Inner, command: WorkshopDoorClose) -> Result<(), EngineError> {
    let mut desk = Desk::of(engine, command.workshop_id).await?;
    desk.leads()?;
    // Shut first: whatever the disk says, nobody comes in any more.
    engine.guests.close(command.workshop_id);
    let before = desk.workshop().clone();
    desk.unit.update(&before, &Workshop { door: None, ..before.clone() }).await?;
    desk.commit().await.map(drop)
}

/// Notes of doors that stood open when this engine stopped that they are shut. Nothing opens by itself.
pub(crate) async fn shut_left_doors(engine: &Inner) -> Result<(), EngineError> {
    // Also those of the device that this one was before its folder was restored or copied.
    let own = engine.writers();
    let left = |workshop: &Workshop| workshop.door.as_ref().is_some_and(|door| own.contains(&door.opened_on));
    let workshops = engine.database.read().await?.workshops().await?;
    for before in workshops.into_iter().filter(left) {
        let mut unit = Unit::begin(engine, Actor::system()).await?;
        unit.update(&before, &Workshop { door: None, ..before.clone() }).await?;
        unit.leaves_at_once();
        unit.stale(CacheTag::Workshops);
        unit.commit().await?;
    }
    Ok(())
}

async fn shown(engine: &Inner, workshop_id: WorkshopId) -> Result<WorkshopDoorView, EngineError> {
    let mut session = engine.database.read().await?;
    let guests = guests(engine, &mut session, workshop_id).await?;
    let view = engine.guests.view(workshop_id, guests, engine.now());
    view.ok_or_else(|| not_now(WorkshopFault::NoDoor))
}

/// The guests of a workshop with their numbers.
async fn guests(
    engine: &Inner,
    session: &mut Session,
    workshop_id: WorkshopId,
) -> Result<Vec<(ParticipantId, u32)>, EngineError> {
    let opened = Opened::need(engine, session, workshop_id).await?;
    let guests = opened.board().into_iter().flat_map(|board| &board.participants);
    let guests = guests.filter_map(|one| Some((one.participant_id, one.guest_number?))).collect();
    engine.boards.give_back(opened);
    Ok(guests)
}
