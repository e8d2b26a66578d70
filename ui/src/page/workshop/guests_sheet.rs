//! Guests by browser: the door opened on a chosen address with a reason, a code for each, and who is there.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, DoorPlace, GuestStand, WorkshopDoorClose, WorkshopDoorOpen, WorkshopDoorPlaces,
    WorkshopDoorShow, WorkshopDoorView, WorkshopGuest, WorkshopGuestInvite,
};

use super::board_desk::BoardDesk;
use crate::calendar;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, QrCode, Sheet, TextField};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// The sheet.
#[component]
pub(super) fn GuestsSheet(desk: BoardDesk, close: Callback<()>) -> impl IntoView {
    let workshop_id = desk.workshop_id();
    let door = query(move || WorkshopDoorShow { workshop_id }, vec![CacheTag::Workshops]);
    view! {
        <Sheet title=text::workshop_guests() close test="workshop-guests-sheet" wide=true>
            {shown(door, move |door| view! {
                {move || match door.get() {
                    Some(open) => view! { <Open desk door open/> }.into_any(),
                    None => view! { <Shut desk door/> }.into_any(),
                }}
            }.into_any())}
        </Sheet>
    }
}

/// Nobody comes in: where and why they may.
#[component]
fn Shut(desk: BoardDesk, door: RwSignal<Option<WorkshopDoorView>>) -> impl IntoView {
    let session = Session::here();
    let places = query(|| WorkshopDoorPlaces {}, Vec::new());
    let chosen = RwSignal::new(None::<String>);
    let reason = RwSignal::new(String::new());
    let open = move |_| {
        let Some(address) = chosen.get_untracked() else { return };
        let reason = reason.get_untracked().trim().to_owned();
        let command = WorkshopDoorOpen { workshop_id: desk.workshop_id(), address, port: None, reason };
        session.send(command, move |view| drop(door.try_set(Some(view))));
    };
    let row = move |place: DoorPlace| {
        let (address, says) = (place.address.clone(), place.address.clone());
        let on = move || chosen.with(|chosen| chosen.as_ref() == Some(&address));
        let choose = {
            let address = place.address.clone();
            move |_| chosen.set(Some(address.clone()))
        };
        let where_to =
            if place.only_here { text::workshop_door_only_here().to_owned() } else { place.interface };
        view! {
            <button type="button" class="btn start-aligned" role="radio" class:on=on.clone() aria-checked=move || on().to_string() data-test=format!("place-{says}") on:click=choose>
                <span class="grow">{says.clone()}</span><span class="muted small">{where_to}</span></button>
        }
    };
    let missing = move || chosen.with(Option::is_none) || reason.with(|reason| reason.trim().is_empty());
    view! {
        <p>{text::workshop_guests_about()}</p>
        <p class="notice-box">{text::workshop_door_plain()}</p>
        <h3>{text::workshop_door_where()}</h3>
        <div class="stack" role="radiogroup" aria-label=text::workshop_door_where()>
            {shown(places, move |places| view! { {move || places.get().into_iter().map(row).collect_view()} }.into_any())}
        </div>
        <TextField label=text::workshop_door_reason() value=reason test="door-reason"/>
        <div class="acts end sticky"><button type="button" class="btn primary" data-test="door-open" disabled=missing on:click=open>{text::workshop_door_open()}</button></div>
    }
}

/// Who comes in and who is there.
#[component]
fn Open(
    desk: BoardDesk,
    door: RwSignal<Option<WorkshopDoorView>>,
    /// As it stands.
    open: WorkshopDoorView,
) -> impl IntoView {
    let session = Session::here();
    let workshop_id = desk.workshop_id();
    let invite = move |participant_id| {
        session.send(WorkshopGuestInvite { workshop_id, participant_id }, move |view| {
            drop(door.try_set(Some(view)))
        });
    };
    let shut = move |_| session.send(WorkshopDoorClose { workshop_id }, move |()| drop(door.try_set(None)));
    let row = move |guest: WorkshopGuest| {
        let (participant_id, name) = (guest.participant_id, text::workshop_guest_number(guest.number));
        let (says, waits) = match &guest.stand {
            GuestStand::Invited { .. } => (text::workshop_guest_invited(), true),
            GuestStand::Here => (text::workshop_guest_here(), false),
            GuestStand::Away => (text::workshop_guest_away(), false),
            GuestStand::Out => (text::workshop_guest_out(), false),
        };
        let code = match guest.stand {
            GuestStand::Invited { code, url, modules, expires_at } => Some(view! {
                <div class="guest-code">
                    <QrCode rows=modules label=text::workshop_guest_code() test="guest-qr"/>
                    <div class="stack"><p class="selectable" data-test="guest-url">{url}</p>
                        <p class="strong mono selectable" data-test="guest-code">{code}</p>
                        <p class="muted">{text::workshop_guest_code_until(calendar::time(expires_at))}</p></div>
                </div>
            }),
            GuestStand::Here | GuestStand::Away | GuestStand::Out => None,
        };
        let again = (!waits).then(|| view! {
            <button type="button" class="btn" data-test=format!("invite-again-{}", guest.number) on:click=move |_| invite(Some(participant_id))>{text::workshop_guest_new_code()}</button> });
        view! {
            <div class="row fit" data-test=format!("guest-{}", guest.number)><Icon glyph=Glyph::User/><span class="grow">{name}</span><span class="tag" data-test=format!("guest-stand-{}", guest.number)>{says}</span>{again}</div>
            {code}
        }
    };
    view! {
        <p class="notice-box" data-test="door-is-open">{text::workshop_door_is_open(open.url)}" "{text::workshop_door_plain()}</p>
        <p class="muted">{text::workshop_door_because(open.reason, calendar::moment(open.opened_at))}</p>
        <div class="rows">{if open.guests.is_empty() { view! { <Empty says=text::workshop_guests_none()/> }.into_any() } else { open.guests.into_iter().map(row).collect_view().into_any() }}</div>
        <div class="acts end sticky">
            <button type="button" class="btn" data-test="door-shut" on:click=shut>{text::workshop_door_shut()}</button>
            <button type="button" class="btn primary" data-test="guest-invite" on:click=move |_| invite(None)><Icon glyph=Glyph::Plus/>{text::workshop_guest_invite()}</button>
        </div>
    }
}
