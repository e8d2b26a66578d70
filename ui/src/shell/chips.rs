//! Chips that say honestly how the links stand, and which of them needs a person; each leads to the Sync centre.

use leptos::prelude::*;
use millwright_model::{LinkState, SyncState};

use crate::calendar;
use crate::figure;
use crate::needs::{self, Said};
use crate::route::Route;
use crate::session::{Overlay, Session};
use crate::text;
use crate::words;

/// Records and photos in words; nothing where there are none.
fn counted(records: i64, photos: i64) -> Option<String> {
    let records = (records > 0).then(|| text::records(records));
    let photos = (photos > 0).then(|| text::photos(photos));
    let parts: Vec<String> = records.into_iter().chain(photos).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What waits for the node and lies on another tablet too.
fn copied(sync: &SyncState) -> Option<String> {
    let parts = counted(sync.records_copied, sync.photos_copied)?;
    Some(text::copied_to(parts, sync.copied_to.join(", ")))
}

/// Plant, ERP, and what is only on this device.
#[component]
pub(super) fn Chips() -> impl IntoView {
    let session = Session::here();
    let sync = Memo::new(move |_| {
        session.status.with(|status| status.as_ref().map(|status| status.sync.clone())).unwrap_or_default()
    });
    // The words change far less often than the second does.
    let only_here = Memo::new(move |_| {
        let now = session.now.get();
        sync.with(|sync| {
            let oldest = sync.oldest_only_here_at.map(|at| figure::span(now.since_ms(at)));
            match (counted(sync.records_only_here, sync.photos_only_here), oldest) {
                (None, _) => copied(sync),
                (Some(parts), Some(oldest)) => Some(text::only_here_oldest(parts, oldest)),
                (Some(parts), None) => Some(text::only_here(parts)),
            }
        })
    });
    let needs = Memo::new(move |_| match sync.with(needs::said) {
        Said::Apart(words) => Some(words),
        Said::Nothing | Said::AtErp(_) => None,
    });
    let plain = move || {
        let links: Vec<&str> =
            sync.with(|sync| sync.plain_links.iter().map(|link| words::target(link.target)).collect());
        (!links.is_empty()).then(|| text::plain_badge(links.join(", ")))
    };
    // What the person put off stays one tap away.
    let put_off = move || match session.alerts_not_put_off().is_empty() {
        true => session.alerts.with(|view| view.alerts.len()),
        false => 0,
    };
    view! {
        <a class="chip" href=Route::Sync.hash() data-test="chip-plant">
            {move || { let (shape, words) = plant_words(&sync.get()); view! { <i class=shape></i><span>{words}</span> } }}
        </a>
        <a class="chip" href=Route::Sync.hash() data-test="chip-erp">
            {move || { let (shape, words) = sync.with(|sync| team_words(sync).unwrap_or_else(|| erp_words(sync))); view! { <i class=shape></i><span>{words}</span> } }}
        </a>
        <Show when=move || needs.with(Option::is_some)>
            <a class="chip warns" href=Route::Sync.hash() data-test="chip-needs"><i class="tri"></i>{needs}</a>
        </Show>
        <a class="chip" href=Route::Sync.hash() data-test="chip-only-here" class:hidden=move || only_here.with(Option::is_none)>{move || only_here.get()}</a>
        <Show when=move || put_off() != 0>
            <button class="chip warns" data-test="chip-alerts" on:click=move |_| session.overlay.set(Some(Overlay::Alerts))><i class="tri"></i>{move || text::alerts_chip(put_off())}</button>
        </Show>
        <Show when=move || plain().is_some()>
            <a class="chip warns" href=Route::Sync.hash() data-test="chip-plain"><i class="tri"></i>{plain}</a>
        </Show>
        <Show when=move || sync.with(|sync| sync.disk_low)>
            <a class="chip" href=Route::Sync.hash() data-test="chip-disk"><i class="sq"></i>{text::disk_low()}</a>
        </Show>
    }
}

fn plant_words(sync: &SyncState) -> (&'static str, String) {
    match &sync.plant {
        LinkState::NotConfigured => ("dot open", text::plant_none().to_owned()),
        LinkState::Connecting => ("dot open", text::plant_connecting().to_owned()),
        LinkState::Up { .. } => ("dot", text::plant_live().to_owned()),
        LinkState::Down { since, .. } => ("tri", text::plant_stale(calendar::moment(*since))),
    }
}

/// In a team the node speaks to the ERP: what matters here is whether the node is heard.
fn team_words(sync: &SyncState) -> Option<(&'static str, String)> {
    let node = sync.team.as_ref()?;
    let (shape, words) = match node {
        LinkState::Up { .. } => ("dot", text::erp_up().to_owned()),
        LinkState::NotConfigured | LinkState::Connecting => ("dot open", text::erp_connecting().to_owned()),
        LinkState::Down { since, .. } => ("tri", text::erp_down(calendar::moment(*since))),
    };
    Some((shape, text::chip_node(words)))
}

fn erp_words(sync: &SyncState) -> (&'static str, String) {
    let mut parts = Vec::new();
    if sync.erp_waiting > 0 {
        parts.push(text::chip_waiting(sync.erp_waiting));
    }
    let needs = match needs::said(sync) {
        Said::AtErp(words) => Some(words),
        Said::Nothing | Said::Apart(_) => None,
    };
    let shape = match &sync.erp {
        _ if needs.is_some() => "tri",
        LinkState::Up { .. } => "dot",
        LinkState::NotConfigured | LinkState::Connecting => "dot open",
        LinkState::Down { .. } => "tri",
    };
    parts.extend(needs);
    if parts.is_empty() {
        parts.push(match &sync.erp {
            LinkState::NotConfigured => text::erp_none().to_owned(),
            LinkState::Connecting => text::erp_connecting().to_owned(),
            LinkState::Up { .. } => text::erp_up().to_owned(),
            LinkState::Down { since, .. } => text::erp_down(calendar::moment(*since)),
        });
    }
    (shape, text::chip_erp(parts.join(" · ")))
}
