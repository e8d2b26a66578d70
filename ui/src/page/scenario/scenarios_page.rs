//! All scenarios: those that raise their hand first; where there is none yet, what one may begin from.

use leptos::prelude::*;
use millwright_model::{CacheTag, ScenarioList, ScenarioOverview};

use super::new_scenario::{NewScenario, Templates};
use crate::calendar;
use crate::icon::Glyph;
use crate::page::plan_tabs::PlanTabs;
use crate::part::Icon;
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;

/// The list of scenarios.
#[component]
pub(crate) fn ScenariosPage() -> impl IntoView {
    let scenarios = query(|| ScenarioList {}, vec![CacheTag::Scenarios]);
    let beginning = RwSignal::new(false);
    view! {
        <div class="page" data-test="page-scenarios">
            <div class="head"><h1 class="grow">{text::scenarios()}</h1><PlanTabs here=Route::Scenarios/>
                <button class="btn big" data-test="scenario-new" on:click=move |_| beginning.set(true)><Icon glyph=Glyph::Plus/>{text::scenario_new()}</button></div>
            {shown(scenarios, move |scenarios| view! {
                {move || {
                    let all = scenarios.get();
                    if all.is_empty() {
                        return view! { <section class="card"><p class="muted">{text::scenarios_empty()}</p><Templates/></section> }.into_any();
                    }
                    view! { <section class="card"><div class="rows">{all.into_iter().map(row).collect_view()}</div></section> }.into_any()
                }}
            }.into_any())}
            <Show when=move || beginning.get()><NewScenario close=Callback::new(move |()| beginning.set(false))/></Show>
        </div>
    }
}

fn row(overview: ScenarioOverview) -> impl IntoView {
    let mut more = vec![text::scenario_written(calendar::moment(overview.written_at))];
    more.extend(overview.decided_at.map(|at| text::scenario_decided_on(calendar::moment(at))));
    if overview.signpost_count > 0 {
        more.push(text::scenario_signposts_count(overview.signpost_count));
    }
    let crossed = (overview.crossed_count > 0).then(|| {
        view! {
            <span class="tag limit"><i class="tri"></i>{text::scenario_crossed(overview.crossed_count)}</span>
        }
    });
    let test = format!("scenario-{}", overview.scenario.name);
    view! {
        <a class="row fit" href=Route::Scenario(overview.scenario.scenario_id).hash() data-test=test><Icon glyph=Glyph::Activity/>
            <span class="grow"><b>{overview.scenario.name}</b><div class="muted small">{more.join(" · ")}</div></span>
            {crossed}<Icon glyph=Glyph::ChevronRight/></a>
    }
}
