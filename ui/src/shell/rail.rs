//! The rooms, at the side or at the foot.

use leptos::prelude::*;

use crate::icon::Glyph;
use crate::part::Icon;
use crate::route::{Route, SettingsTab, WorkList};
use crate::session::Session;
use crate::shell::use_route;
use crate::text;

/// A room of the rail.
#[derive(Copy, Clone, PartialEq)]
enum RailRoom {
    Today,
    Work,
    Guide,
    Shift,
    Plant,
    Plan,
    Sync,
    Settings,
}

impl RailRoom {
    fn of(route: Route) -> Self {
        match route {
            Route::Today => Self::Today,
            Route::Work(_) | Route::Order(_) | Route::Parts | Route::Part(_) | Route::Plans => Self::Work,
            Route::Guides
            | Route::Guide(_)
            | Route::GuideDraft(_)
            | Route::GuidePractice(_)
            | Route::GuideRun(_) => Self::Guide,
            Route::Shift(_) => Self::Shift,
            Route::Plant | Route::Asset(_) => Self::Plant,
            Route::Scenarios
            | Route::Scenario(_)
            | Route::WhatIfLines
            | Route::WhatIf(_)
            | Route::Supply
            | Route::Exercises(_)
            | Route::Exercise(_)
            | Route::Workshops
            | Route::Workshop(_)
            | Route::WorkshopStage(_) => Self::Plan,
            Route::Sync => Self::Sync,
            Route::Settings(_) => Self::Settings,
        }
    }
}

/// The way to the rooms.
#[component]
pub(crate) fn Rail() -> impl IntoView {
    let session = Session::here();
    let route = use_route();
    let needs_you =
        move || session.status.with(|status| status.as_ref().map_or(0, |status| status.sync.needs_you));
    let way = move |room: RailRoom, to: Route, glyph: Glyph, label: &'static str, test: &'static str| {
        let on = move || RailRoom::of(route.get()) == room;
        view! {
            <a href=to.hash() class:on=on aria-current=move || on().then_some("page") data-test=test>
                <Icon glyph/>{label}
                {(room == RailRoom::Sync).then(|| view! {
                    <Show when=move || needs_you() != 0><span class="count">{needs_you}</span></Show>
                })}
            </a>
        }
    };
    view! {
        <nav class="rail" aria-label=text::rooms()>
            {way(RailRoom::Today, Route::Today, Glyph::CalendarCheck, text::today(), "rail-today")}
            {way(RailRoom::Work, Route::Work(WorkList::Mine), Glyph::Wrench, text::work(), "rail-work")}
            {way(RailRoom::Guide, Route::Guides, Glyph::BookOpen, text::guide_room(), "rail-guide")}
            {way(RailRoom::Shift, Route::Shift(None), Glyph::NotebookPen, text::shift(), "rail-shift")}
            {way(RailRoom::Plant, Route::Plant, Glyph::Activity, text::plant(), "rail-plant")}
            {way(RailRoom::Plan, Route::Scenarios, Glyph::ChartLine, text::plan_room(), "rail-plan")}
            {way(RailRoom::Sync, Route::Sync, Glyph::RefreshCw, text::sync_short(), "rail-sync")}
            <span class="spring"></span>
            {way(RailRoom::Settings, Route::Settings(SettingsTab::Device), Glyph::Settings, text::settings(), "rail-settings")}
        </nav>
    }
}
