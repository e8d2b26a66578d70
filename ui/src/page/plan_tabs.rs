//! The parts of the Plan room: scenarios, lines tried out, suppliers, workshops.

use leptos::prelude::*;

use crate::route::Route;
use crate::text;

/// The way from one to another.
#[component]
pub(crate) fn PlanTabs(here: Route) -> impl IntoView {
    let tab = |to: Route, label: &'static str, test: &'static str| {
        let on = to == here;
        view! { <a class="chip" class:on=on aria-current=on.then_some("page") href=to.hash() data-test=test>{label}</a> }
    };
    view! {
        <nav class="tags" aria-label=text::plan_room()>
            {tab(Route::Scenarios, text::scenarios(), "tab-scenarios")}
            {tab(Route::WhatIfLines, text::what_if(), "tab-what-if")}
            {tab(Route::Supply, text::supply(), "tab-supply")}
            {tab(Route::Workshops, text::workshops(), "tab-workshops")}
        </nav>
    }
}
