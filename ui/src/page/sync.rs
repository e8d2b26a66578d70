//! The Sync centre: what waits, what needs a person, what went, what was given up.

use leptos::prelude::*;
use millwright_model::{CacheTag, Delivery, ErpPullNow, LinkState, SyncShow, SyncState, TimestampMs};

use crate::calendar;
use crate::icon::Glyph;
use crate::page::order::DeliveryRow;
use crate::page::sync_cards::{ConflictCard, NeedsYou};
use crate::part::{Empty, Icon, Technical};
use crate::query::{query, shown};
use crate::session::{Matter, Session};
use crate::text;
use crate::trouble;
use crate::words;

fn link_words(link: &LinkState) -> (&'static str, String) {
    match link {
        LinkState::NotConfigured => ("dot open", text::link_none().to_owned()),
        LinkState::Connecting => ("dot open", text::link_connecting().to_owned()),
        LinkState::Up { since } => ("dot", text::link_up(calendar::moment(*since))),
        LinkState::Down { since, .. } => ("tri", link_down(link, *since)),
    }
}

/// Since when a link does not work, and why.
pub(crate) fn link_down(link: &LinkState, since: TimestampMs) -> String {
    let why = trouble::of_link(link).map(|(why, _)| why).unwrap_or_default();
    text::link_down(calendar::moment(since), why)
}

/// The words of whatever a link runs over, where it does not work.
#[component]
pub(crate) fn LinkTechnical(link: LinkState) -> impl IntoView {
    trouble::of_link(&link).map(|(_, said)| view! { <Technical said/> })
}

/// The Sync centre.
#[component]
pub(crate) fn SyncPage() -> impl IntoView {
    let session = Session::here();
    let sync = query(|| SyncShow {}, vec![CacheTag::Sync]);
    let pull = move |_| {
        session.send(ErpPullNow {}, move |()| session.say(Matter::Notice(text::erp_asked().to_owned())))
    };
    let asks_the_erp =
        move || session.status.with(|status| status.as_ref().is_none_or(|status| status.sync.team.is_none()));
    view! {
        <div class="page" data-test="page-sync">
            <div class="head"><h1 class="grow">{text::sync_centre()}</h1><Show when=asks_the_erp><button class="btn" data-test="erp-pull" on:click=pull><Icon glyph=Glyph::RefreshCw/>{text::erp_ask_now()}</button></Show></div>
            {shown(sync, move |sync| {
                let needs = Memo::new(move |_| sync.with(|sync| (sync.needs_you.clone(), sync.conflicts.clone(), sync.names.clone())));
                let list = |deliveries: Memo<Vec<Delivery>>, empty: &'static str| view! { <div class="rows">
                    {move || deliveries.with(Vec::is_empty).then(|| view! { <Empty says=empty/> })}
                    {move || deliveries.get().into_iter().map(|delivery| view! { <DeliveryRow delivery/> }).collect_view()}</div> };
                let waiting = Memo::new(move |_| sync.with(|sync| sync.waiting.clone()));
                let done = Memo::new(move |_| sync.with(|sync| sync.done.clone()));
                let discarded = Memo::new(move |_| sync.with(|sync| sync.discarded.clone()));
                let findings = Memo::new(move |_| sync.with(|sync| sync.findings.clone()));
                view! {
                    {move || view! { <Links state=sync.with(|sync| sync.state.clone())/> }}
                    <Show when=move || needs.with(|(deliveries, conflicts, _)| !deliveries.is_empty() || !conflicts.is_empty())>
                        <section class="card next" data-test="sync-needs-you"><h2>{text::needs_you()}</h2><div class="rows">
                            {move || { let (_, conflicts, names) = needs.get(); conflicts.into_iter().map(|conflict| view! { <ConflictCard conflict names=names.clone()/> }).collect_view() }}
                            {move || needs.get().0.into_iter().map(|delivery| view! { <NeedsYou delivery/> }).collect_view()}</div></section>
                    </Show>
                    <div class="cols even">
                        <section class="card" data-test="sync-waiting"><h2>{text::waiting()}" "<span class="muted">{move || waiting.with(Vec::len)}</span></h2>{list(waiting, text::waiting_empty())}</section>
                        <section class="card" data-test="sync-done"><h2>{text::went()}</h2>{list(done, text::went_empty())}</section>
                    </div>
                    <Show when=move || !discarded.with(Vec::is_empty)><section class="card" data-test="sync-discarded"><h2>{text::given_up()}</h2>{list(discarded, "")}</section></Show>
                    <Show when=move || !findings.with(Vec::is_empty)><section class="card" data-test="sync-findings"><h2>{text::findings()}</h2>
                        {move || findings.get().into_iter().map(|finding| view! { <div class="row fit pre small selectable">{finding}</div> }).collect_view()}</section></Show>
                }.into_any()
            })}
        </div>
    }
}

/// How the links stand, and what is only here.
#[component]
fn Links(state: SyncState) -> impl IntoView {
    let (plant_shape, plant) = link_words(&state.plant);
    // In a team the node speaks to the ERP, and this device to the node.
    let (upward, upward_link) = match &state.team {
        Some(node) => (text::team_node_at(), node.clone()),
        None => (text::target_erp(), state.erp.clone()),
    };
    let (erp_shape, erp) = link_words(&upward_link);
    let pulled = state.erp_pulled_at.map(|at| text::erp_pulled(calendar::moment(at)));
    let only_here =
        text::sync_only_here(text::records(state.records_only_here), text::photos(state.photos_only_here));
    let copied = (!state.copied_to.is_empty()).then(|| {
        let names = state.copied_to.join(", ");
        text::sync_copied(names, text::records(state.records_copied), text::photos(state.photos_copied))
    });
    view! {
        <section class="card" data-test="sync-links"><div class="rows">
            <div class="row fit"><i class=plant_shape></i><div class="grow"><b>{text::target_broker()}</b><div class="muted small">{plant}</div><LinkTechnical link=state.plant.clone()/></div>
                {(state.samples_dropped > 0).then(|| view! { <span class="tag notice">{text::samples_dropped(state.samples_dropped)}</span> })}</div>
            <div class="row fit"><i class=erp_shape></i><div class="grow"><b>{upward}</b><div class="muted small">{erp}{pulled.map(|pulled| format!(" · {pulled}"))}</div><LinkTechnical link=upward_link/></div></div>
            {(state.mail != LinkState::NotConfigured).then(|| {
                let (shape, mail) = match &state.mail {
                    LinkState::Connecting => ("dot open", text::mail_set_up().to_owned()),
                    link => link_words(link),
                };
                view! { <div class="row fit" data-test="mail-link"><i class=shape></i><div class="grow"><b>{text::target_mail()}</b><div class="muted small">{mail}</div><LinkTechnical link=state.mail.clone()/></div></div> }
            })}
            {state.plain_links.into_iter().map(|link| {
                let accepted = match (link.accepted_by, link.accepted_at) {
                    (Some(who), Some(at)) => text::plain_accepted(who, calendar::day_time(at), link.reason),
                    _ => text::plain_accepted_unsigned(link.reason),
                };
                view! { <div class="row fit" data-test="plain-link"><i class="tri"></i><div class="grow"><b>{text::plain_badge(words::target(link.target))}</b>
                    <div class="small">{text::plain_link(link.host)}</div><div class="muted small">{accepted}</div></div></div> }
            }).collect_view()}
            <div class="row fit"><Icon glyph=Glyph::Tablet/><div class="grow"><b>{text::this_device()}</b><div class="muted small">{only_here}</div>
                {copied.map(|copied| view! { <div class="muted small" data-test="sync-copied">{copied}</div> })}</div></div>
        </div></section>
    }
}
