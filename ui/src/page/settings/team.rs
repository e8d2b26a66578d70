//! The team: what this device is in it, and the devices that share the plant.

use leptos::prelude::*;
use millwright_model::{CacheTag, DeviceId, DeviceView, LinkState, TeamRevoke, TeamRole, TeamShow, TeamView};

use super::team_copies::{Carried, SharesCopies};
use super::team_join::{AskingCard, JoinCard};
use super::team_letter::LetterCard;
use super::team_node::{Asks, Invite, SilentAfter};
use crate::calendar;
use crate::page::elsewhere::DeviceOrdersSheet;
use crate::page::order::ReasonSheet;
use crate::page::sync::{LinkTechnical, link_down};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// How often the list is asked for anew while it is looked at: who speaks to the node is no event.
const EVERY_MS: i64 = 5_000;

/// The team, or the way into one.
#[component]
pub(super) fn TeamSettings() -> impl IntoView {
    let session = Session::here();
    let turn = Memo::new(move |_| session.now.get().0.div_euclid(EVERY_MS));
    let team = query(
        move || {
            turn.track();
            TeamShow {}
        },
        vec![CacheTag::Sync, CacheTag::Settings],
    );
    shown(team, move |team| {
        let role = Memo::new(move |_| team.with(|team| team.role.clone()));
        // The list is drawn anew whenever a device speaks; what lies over it stays.
        let looking = RwSignal::new(None::<(DeviceId, String)>);
        let shutting_out = RwSignal::new(None::<(DeviceId, String)>);
        view! {
            {move || match role.get() {
                TeamRole::Alone => view! { <JoinCard shut_out=false/> }.into_any(),
                TeamRole::ShutOut => view! { <JoinCard shut_out=true/> }.into_any(),
                TeamRole::Asking { address } => view! { <AskingCard address/> }.into_any(),
                TeamRole::Member { address, filled } => view! { <MemberCard address filled team/>{filled.then(|| view! { <Carried team is_node=false/><SharesCopies/><LetterCard is_node=false/> })} }.into_any(),
                TeamRole::Node => view! { <Asks team/><Carried team is_node=true/><Invite/><SilentAfter/><LetterCard is_node=true/> }.into_any(),
            }}
            <Show when=move || team.with(|team| !team.devices.is_empty())>
                <section class="card" data-test="team-devices"><h2>{text::team_devices()}</h2>
                    {move || team.with(|team| team.told_at).map(|at| view! { <p class="muted small">{text::team_told(calendar::moment(at))}</p> })}
                    <div class="rows">{move || team.with(|team| {
                        let may_revoke = team.role == TeamRole::Node;
                        team.devices.iter().cloned().map(|device| view! { <DeviceRow device may_revoke looking shutting_out/> }).collect_view()
                    })}</div>
                </section>
            </Show>
            {move || shutting_out.get().map(|(device_id, name)| view! { <RevokeSheet device_id name close=Callback::new(move |()| shutting_out.set(None))/> })}
            {move || looking.get().map(|(device_id, name)| view! { <DeviceOrdersSheet device_id name close=Callback::new(move |()| looking.set(None))/> })}
        }
        .into_any()
    })
}

#[component]
fn MemberCard(address: String, filled: bool, team: RwSignal<TeamView>) -> impl IntoView {
    let talk = Memo::new(move |_| team.with(|team| team.talk.clone()));
    let state = move || {
        talk.with(|link| match link {
            LinkState::NotConfigured | LinkState::Connecting => text::link_connecting().to_owned(),
            LinkState::Up { since } => text::link_up(calendar::moment(*since)),
            LinkState::Down { since, .. } => link_down(link, *since),
        })
    };
    view! {
        <section class="card" data-test="team-member">
            <Show when=move || !filled><p class="strong" data-test="team-filling">{text::team_filling()}</p></Show>
            <dl class="facts">
                <dt>{text::team_node_at()}</dt><dd class="selectable">{address}</dd>
                <dt>{text::team_state()}</dt><dd><span data-test="team-state">{state}</span>{move || view! { <LinkTechnical link=talk.get()/> }}</dd>
                {move || team.with(|team| team.pending_newer > 0).then(|| view! {
                    <dt>{text::team_pending_newer()}</dt><dd data-test="team-pending-newer">{team.with(|team| text::team_pending_newer_value(team.pending_newer))}</dd>
                })}
                <dt>{text::team_pending()}</dt><dd data-test="team-pending">{move || text::team_pending_value(team.with(|team| team.pending))}</dd>
            </dl>
        </section>
    }
}

#[component]
fn DeviceRow(
    device: DeviceView,
    may_revoke: bool,
    looking: RwSignal<Option<(DeviceId, String)>>,
    shutting_out: RwSignal<Option<(DeviceId, String)>>,
) -> impl IntoView {
    let (name, device_id) = (device.device.name.clone(), device.device.device_id);
    let revoked = device.device.revoked_at;
    let trouble = revoked.is_some() || device.quarantined.is_some() || device.silent;
    let open_orders = device.open_orders.len();
    let of_whom = name.clone();
    let facts = facts(&device, may_revoke).join(" · ");
    let may_revoke = may_revoke && !device.is_this && revoked.is_none();
    let quarantined = device.quarantined.map(text::team_quarantined);
    view! {
        <div class="row fit" data-test="team-device">
            <i class=if trouble { "tri" } else { "dot" }></i>
            <div class="grow"><b>{device.device.name}</b>" "<span class="muted">{device.device.code}</span>
                <div class="muted small">{facts}</div>
                {quarantined.map(|why| view! { <div class="small" data-test="team-quarantined">{why}</div> })}
            </div>
            {(open_orders > 0 && revoked.is_none()).then(|| view! {
                <button class="btn" data-test="team-device-orders" on:click=move |_| looking.set(Some((device_id, of_whom.clone())))>{text::open_orders_count(open_orders)}</button>
            })}
            {may_revoke.then(|| view! { <button class="btn danger" data-test="team-revoke" on:click=move |_| shutting_out.set(Some((device_id, name.clone())))>{text::team_revoke()}</button> })}
        </div>
    }
}

/// What is known of a device, in short.
fn facts(device: &DeviceView, is_node: bool) -> Vec<String> {
    let mut facts = Vec::new();
    if device.is_this {
        facts.push(text::team_this_device().to_owned());
    }
    if let Some(at) = device.device.revoked_at {
        facts.push(text::team_revoked(calendar::moment(at)));
        facts.extend(device.device.revoked_reason.clone());
        return facts;
    }
    if device.silent {
        facts.push(text::team_silent().to_owned());
    }
    match device.contact_at {
        Some(at) => facts.push(text::team_heard(calendar::moment(at))),
        None if is_node && !device.is_this => facts.push(text::team_never_heard().to_owned()),
        None => {}
    }
    facts.extend(device.holder.as_ref().map(text::team_held_by));
    if device.keeps_copies && !device.is_this {
        facts.push(text::team_keeps_copies().to_owned());
    }
    if device.pending > 0 {
        facts.push(text::team_waits_there(device.pending));
    }
    if device.behind > 0 && device.contact_at.is_some() {
        facts.push(text::team_behind(device.behind));
    }
    if !device.open_orders.is_empty() {
        facts.push(text::team_in_hand(device.open_orders.join(", ")));
    }
    facts
}

/// A device is shut out, with a reason.
#[component]
fn RevokeSheet(name: String, device_id: DeviceId, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let revoke = Callback::new(move |reason: String| {
        session.send(TeamRevoke { device_id, reason }, move |_done| close.run(()))
    });
    view! {
        <ReasonSheet title=text::team_revoke_title(&name) act=text::team_revoke() test="revoke" hold=true
            choices=vec![text::team_revoke_lost(), text::team_revoke_retired()] close given=revoke/>
    }
}
