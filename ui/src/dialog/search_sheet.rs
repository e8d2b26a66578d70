//! One search for everything: assets, orders, parts, people, tags.

use leptos::prelude::*;
use millwright_model::{Search, SearchHit, SearchTarget};

use crate::icon::Glyph;
use crate::part::{Empty, Icon, Sheet, TextField};
use crate::query::{query, shown};
use crate::route::{Route, SettingsTab};
use crate::shell::go;
use crate::text;

/// Where a hit leads, and its picture.
pub(crate) fn hit_way(target: &SearchTarget) -> (Route, Glyph) {
    match target {
        SearchTarget::Asset { id } => (Route::Asset(*id), Glyph::Activity),
        SearchTarget::WorkOrder { id } => (Route::Order(*id), Glyph::Wrench),
        SearchTarget::Part { id } => (Route::Part(*id), Glyph::Package),
        SearchTarget::Person { .. } => (Route::Settings(SettingsTab::People), Glyph::User),
        SearchTarget::Tag { asset_id: Some(asset_id), .. } => (Route::Asset(*asset_id), Glyph::Activity),
        SearchTarget::Tag { asset_id: None, .. } => (Route::Plant, Glyph::Activity),
    }
}

/// One hit.
#[component]
pub(crate) fn HitRow(hit: SearchHit, followed: Callback<()>) -> impl IntoView {
    let (route, glyph) = hit_way(&hit.target);
    view! {
        <a class="row" href=route.hash() data-test="search-hit" on:click=move |_| followed.run(())>
            <Icon glyph/>
            <div class="grow"><div class="strong">{hit.title}</div><div class="muted small">{hit.detail}</div></div>
            <Icon glyph=Glyph::ChevronRight/>
        </a>
    }
}

/// Finds anything while typing.
#[component]
pub(crate) fn SearchSheet(close: Callback<()>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let hits = query(move || Search { text: typed.get() }, Vec::new());
    let first = move || {
        if let Some(hit) = hits.ready().and_then(|hits| hits.into_iter().next()) {
            close.run(());
            go(hit_way(&hit.target).0);
        }
    };
    view! {
        <Sheet title=text::search() close test="search-sheet">
            <TextField label=text::search_hint() value=typed test="search-text" focused=true entered=Callback::new(move |()| first())/>
            {shown(hits, move |hits| view! {
                <div class="rows">
                    {move || (hits.with(Vec::is_empty) && !typed.with(String::is_empty)).then(|| view! { <Empty says=text::nothing_found()/> })}
                    {move || hits.get().into_iter().map(|hit| view! { <HitRow hit followed=close/> }).collect_view()}
                </div>
            }.into_any())}
        </Sheet>
    }
}
