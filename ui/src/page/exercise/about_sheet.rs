//! What an exercise is called, when it is played, what it is to show, and the way to play it.

use leptos::prelude::*;
use millwright_model::{ExerciseAct, ExercisePlan, ExerciseRemove, ExerciseState};

use super::desk::ExerciseDesk;
use crate::calendar;
use crate::icon::Glyph;
use crate::part::{DueChoice, Icon, Sheet, TextField};
use crate::route::Route;
use crate::session::Session;
use crate::shell;
use crate::text;

/// The card.
#[component]
pub(super) fn AboutCard(desk: ExerciseDesk) -> impl IntoView {
    let changing = RwSignal::new(false);
    let is_planned = Memo::new(move |_| desk.state() == ExerciseState::Planned);
    let objectives = move || {
        let said = desk.view.with(|view| view.exercise.objectives.clone());
        if said.trim().is_empty() {
            return view! { <p class="muted">{text::exercise_no_objectives()}</p> }.into_any();
        }
        let lines: Vec<String> = said.lines().map(str::to_owned).collect();
        view! { <ul class="lines">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }.into_any()
    };
    let day = move || {
        let day = desk.view.with(|view| view.exercise.planned_on);
        day.map(|day| text::exercise_planned_for(calendar::civil(day)))
    };
    let start = move |_| desk.move_clock(ExerciseAct::Start);
    view! {
        <section class="card" data-test="exercise-about"><div class="head"><h2 class="grow">{text::exercise_about()}" "<span class="muted">{day}</span></h2>
            <button type="button" class="btn" data-test="exercise-change" on:click=move |_| changing.set(true)><Icon glyph=Glyph::Pencil/>{text::exercise_about_change()}</button>
            <Show when=move || is_planned.get()><button type="button" class="btn primary" data-test="exercise-start" on:click=start><Icon glyph=Glyph::Play/>{text::exercise_start()}</button></Show></div>
            {objectives}</section>
        {move || changing.get().then(|| view! { <AboutSheet desk is_planned=is_planned.get_untracked() close=Callback::new(move |()| changing.set(false))/> })}
    }
}

#[component]
fn AboutSheet(desk: ExerciseDesk, is_planned: bool, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let exercise = desk.view.with_untracked(|view| view.exercise.clone());
    let (exercise_id, scenario_id) = (exercise.exercise_id, exercise.scenario_id);
    let title = RwSignal::new(exercise.title);
    let objectives = RwSignal::new(exercise.objectives);
    let day = RwSignal::new(exercise.planned_on.map(calendar::end_of_civil));
    let save = move |_| {
        let command = ExercisePlan {
            exercise_id,
            title: title.get_untracked(),
            planned_on: day.get_untracked().map(calendar::civil_of),
            objectives: objectives.get_untracked(),
        };
        session.record_then(command, move || {
            close.try_run(());
        });
    };
    let remove = move |_| {
        session.record_then(ExerciseRemove { exercise_id }, move || shell::go(Route::Exercises(scenario_id)));
    };
    view! {
        <Sheet title=text::exercise_about() close test="exercise-about-sheet" wide=true>
            <div class="form">
                <TextField label=text::exercise_title() value=title test="exercise-title-text" focused=true/>
                <TextField label=text::exercise_objectives() value=objectives test="exercise-objectives" lines=true/>
                <DueChoice due_at=day label=text::exercise_when()/>
            </div>
            <div class="acts end sticky">
                {is_planned.then(|| view! { <button type="button" class="btn big" data-test="exercise-remove" on:click=remove>{text::exercise_remove()}</button> })}
                <button type="button" class="btn primary grow" data-test="exercise-save" disabled=move || title.with(|title| title.trim().is_empty()) on:click=save>{text::save()}</button></div>
        </Sheet>
    }
}
