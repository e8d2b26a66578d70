//! What a person does at the node: let devices in that ask, and make invitations.

use leptos::prelude::*;
use millwright_model::{
    AppStatus, AskView, InvitationView, Scope, Settings, SettingsSave, TeamAdmit, TeamInvite, TeamTurnAway,
    TeamView,
};

use crate::calendar;
use crate::part::{QrCode, TextField};
use crate::session::{Matter, Session};
use crate::text;

/// How long an invitation may be used, in minutes.
const MINUTES: u32 = 15;

/// Devices at the door.
#[component]
pub(super) fn Asks(team: RwSignal<TeamView>) -> impl IntoView {
    view! {
        <Show when=move || team.with(|team| !team.asks.is_empty())>
            <section class="card" data-test="team-asks"><h2>{text::team_asks()}</h2>
                <div class="rows">{move || team.with(|team| team.asks.iter().cloned().map(|ask| view! { <Ask ask/> }).collect_view())}</div>
            </section>
        </Show>
    }
}

#[component]
fn Ask(ask: AskView) -> impl IntoView {
    let session = Session::here();
    let device_id = ask.device_id;
    let admit = move |_| session.send(TeamAdmit { device_id, scope: Scope::default() }, |_done| {});
    let turn_away = move |_| session.send(TeamTurnAway { device_id }, |()| {});
    view! {
        <div class="row fit" data-test="team-ask-row">
            <div class="grow"><b>{ask.name}</b><div class="muted small">{text::team_proof(ask.proof)}" · "{calendar::moment(ask.asked_at)}</div></div>
            <div class="acts">
                <button class="btn primary" data-test="team-admit" on:click=admit>{text::team_admit()}</button>
                <button class="btn" data-test="team-turn-away" on:click=turn_away>{text::team_turn_away()}</button>
            </div>
        </div>
    }
}

/// An invitation for one device.
#[component]
pub(super) fn Invite() -> impl IntoView {
    let session = Session::here();
    let address = RwSignal::new(String::new());
    let made = RwSignal::new(None::<InvitationView>);
    let invite = move |_| {
        let command = TeamInvite { address: address.get_untracked(), minutes: MINUTES };
        session.send(command, move |invitation| made.set(Some(invitation)));
    };
    view! {
        <section class="card form" data-test="team-invite"><h2>{text::team_invite()}</h2>
            <TextField label=text::team_invite_address() value=address test="team-address"/>
            <div class="acts"><button class="btn big" data-test="team-invite-make" disabled=move || address.with(String::is_empty) on:click=invite>{text::team_invite()}</button></div>
            {move || made.get().map(|invitation| view! {
                <p class="strong">{text::team_invite_until(calendar::moment(invitation.expires_at))}</p>
                <QrCode rows=invitation.modules label=text::team_invite() test="team-code"/>
                <p class="selectable small" data-test="team-invitation-text">{invitation.invitation}</p>
            })}
        </section>
    }
}

/// After how many hours without a word a device counts as silent.
#[component]
pub(super) fn SilentAfter() -> impl IntoView {
    let session = Session::here();
    let hours = RwSignal::new(session.settings().silent_after_hours.to_string());
    let number =
        Memo::new(move |_| hours.with(|hours| hours.trim().parse::<u32>().ok().filter(|hours| *hours > 0)));
    let save = move |_| {
        let Some(silent_after_hours) = number.get_untracked() else { return };
        let settings = Settings { silent_after_hours, ..session.settings() };
        session.send(SettingsSave { settings }, move |()| {
            session.say(Matter::Notice(text::kept().to_owned()));
            session.send(AppStatus {}, move |status| session.take_status(status));
        });
    };
    view! {
        <section class="card form" data-test="team-silent-after">
            <TextField label=text::team_silent_after() value=hours test="team-silent-hours"/>
            <div class="acts"><button class="btn big" data-test="team-silent-save" disabled=move || number.get().is_none() on:click=save>{text::save()}</button></div>
        </section>
    }
}
