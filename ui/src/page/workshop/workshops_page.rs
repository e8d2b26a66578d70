//! All workshops, the newest first, and the way to a new one.

use leptos::prelude::*;
use millwright_model::{CacheTag, WorkshopList, WorkshopOverview};

use super::new_workshop::NewWorkshop;
use crate::calendar;
use crate::icon::Glyph;
use crate::page::plan_tabs::PlanTabs;
use crate::part::{Empty, Icon};
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;
use crate::workshop_words;

/// The list of workshops.
#[component]
pub(crate) fn WorkshopsPage() -> impl IntoView {
    let workshops = query(|| WorkshopList {}, vec![CacheTag::Workshops, CacheTag::People]);
    let beginning = RwSignal::new(false);
    view! {
        <div class="page" data-test="page-workshops">
            <div class="head"><h1 class="grow">{text::workshops()}</h1><PlanTabs here=Route::Workshops/>
                <button class="btn big" data-test="workshop-new" on:click=move |_| beginning.set(true)><Icon glyph=Glyph::Plus/>{text::workshop_new()}</button></div>
            {shown(workshops, move |workshops| view! {
                <section class="card"><div class="rows">
                    {move || workshops.with(Vec::is_empty).then(|| view! { <Empty says=text::workshops_empty()/> })}
                    {move || workshops.get().into_iter().map(row).collect_view()}
                </div></section>
            }.into_any())}
            <Show when=move || beginning.get()>
                <NewWorkshop others=Signal::derive(move || workshops.ready().unwrap_or_default()) close=Callback::new(move |()| beginning.set(false))/>
            </Show>
        </div>
    }
}

fn row(overview: WorkshopOverview) -> impl IntoView {
    let workshop = overview.workshop;
    let day = workshop.held_on.map(calendar::civil).unwrap_or_default();
    let stands = match (workshop.ended_at, overview.phase) {
        (Some(_), _) => text::workshop_ended(),
        (None, Some(phase)) => workshop_words::phase(phase),
        (None, None) => text::workshop_comes(),
    };
    let counts = [
        day,
        text::workshop_note_count(overview.note_count),
        text::workshop_people_count(overview.participant_count),
        text::workshop_open_actions(overview.open_action_count),
    ];
    let test = format!("workshop-{}", overview.title);
    view! {
        <a class="row fit" href=Route::Workshop(workshop.workshop_id).hash() data-test=test><Icon glyph=Glyph::ListChecks/>
            <span class="grow"><b>{overview.title}</b><div class="muted small">{counts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")}</div></span>
            <span class="tag">{stands}</span><Icon glyph=Glyph::ChevronRight/></a>
    }
}
