//! The exercises of a scenario, and a new one from a template.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, ExerciseCreate, ExerciseList, ExerciseOverview, ExerciseTemplateList, ScenarioId, ScenarioShow,
};

use crate::calendar;
use crate::exercise_words as words;
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Icon, Sheet};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::Session;
use crate::shell;
use crate::text;

/// The list; where there is none yet, what one may begin from.
#[component]
pub(crate) fn ExercisesPage(scenario_id: ScenarioId) -> impl IntoView {
    let exercises = query(
        move || ExerciseList { scenario_id: Some(scenario_id) },
        vec![CacheTag::Exercises, CacheTag::Scenarios],
    );
    let scenario = query(move || ScenarioShow { scenario_id }, vec![CacheTag::Scenarios]);
    let beginning = RwSignal::new(false);
    let of = move || scenario.ready().map(|view| text::exercises_of(view.scenario.name));
    view! {
        <div class="page" data-test="page-exercises">
            <div class="head">
                <a class="btn tight" aria-label=text::back() href=Route::Scenario(scenario_id).hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                <div class="grow"><h1>{text::exercises()}</h1><div class="muted small">{of}</div></div>
                <button type="button" class="btn big" data-test="exercise-new" on:click=move |_| beginning.set(true)><Icon glyph=Glyph::Plus/>{text::exercise_new()}</button></div>
            {shown(exercises, move |exercises| view! {
                {move || {
                    let all = exercises.get();
                    if all.is_empty() {
                        return view! { <section class="card"><p class="muted">{text::exercises_empty()}</p><Templates scenario_id/></section> }.into_any();
                    }
                    view! { <section class="card"><div class="rows">{all.into_iter().map(row).collect_view()}</div></section> }.into_any()
                }}
            }.into_any())}
            <Show when=move || beginning.get()>
                <Sheet title=text::exercise_new() close=Callback::new(move |()| beginning.set(false)) test="exercise-new-sheet" wide=true>
                    <h3>{text::exercise_begin_from()}</h3><Templates scenario_id/>
                </Sheet>
            </Show>
        </div>
    }
}

fn row(overview: ExerciseOverview) -> impl IntoView {
    let exercise = overview.exercise;
    let mut more = vec![text::exercise_inject_count(overview.inject_count)];
    match overview.started_at {
        Some(at) => more.push(text::exercise_played_on(calendar::moment(at))),
        None => more.extend(exercise.planned_on.map(|day| text::exercise_planned_for(calendar::civil(day)))),
    }
    if overview.open_action_count > 0 {
        more.push(text::exercise_open_actions(overview.open_action_count));
    }
    let test = format!("exercise-{}", exercise.title);
    view! {
        <a class="row fit" href=Route::Exercise(exercise.exercise_id).hash() data-test=test><Icon glyph=Glyph::Timer/>
            <span class="grow"><b>{exercise.title}</b><div class="muted small">{more.join(" · ")}</div></span>
            <span class="tag">{words::state(overview.state)}</span><Icon glyph=Glyph::ChevronRight/></a>
    }
}

/// What an exercise may begin from: what fits the scenario first, an empty list last.
#[component]
fn Templates(scenario_id: ScenarioId) -> impl IntoView {
    let session = Session::here();
    let templates =
        query(move || ExerciseTemplateList { scenario_id, language: session.language() }, Vec::new());
    let begin = move |template: Option<String>| {
        let command = ExerciseCreate { scenario_id, title: None, language: session.language(), template };
        session.send(command, |exercise_id| shell::go(Route::Exercise(exercise_id)));
    };
    view! {
        {shown(templates, move |templates| view! {
            <div class="rows" data-test="exercise-templates">
                {move || templates.get().into_iter().map(|template| {
                    let (key, test) = (template.key.clone(), format!("exercise-template-{}", template.key));
                    let says = text::exercise_template_counts(template.role_count, template.inject_count, figure::span(template.lasts_ms));
                    view! {
                        <button type="button" class="row fit" data-test=test on:click=move |_| begin(Some(key.clone()))><Icon glyph=Glyph::ListChecks/>
                            <span class="grow"><b>{template.title}</b><div class="muted small">{says}</div></span>
                            {template.fits.then(|| view! { <span class="tag notice">{text::exercise_fits()}</span> })}<Icon glyph=Glyph::ChevronRight/></button>
                    }
                }).collect_view()}
                <button type="button" class="row fit" data-test="exercise-template-none" on:click=move |_| begin(None)><Icon glyph=Glyph::Plus/>
                    <span class="grow"><b>{text::exercise_from_nothing()}</b><div class="muted small">{text::exercise_from_nothing_hint()}</div></span><Icon glyph=Glyph::ChevronRight/></button>
            </div>
        }.into_any())}
    }
}
