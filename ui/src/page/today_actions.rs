//! Actions of workshops and of exercises that the person who holds the device is to do.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, ExerciseActionDone, ExerciseActionList, ExerciseActionView, WorkshopAct, WorkshopActionList,
    WorkshopActionView, WorkshopWrite,
};

use crate::calendar;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::query::query;
use crate::route::Route;
use crate::session::Session;
use crate::text;

/// The card; nothing where there are none.
#[component]
pub(crate) fn WorkshopActions() -> impl IntoView {
    let session = Session::here();
    let actions = query(|| WorkshopActionList {}, vec![CacheTag::Workshops, CacheTag::People]);
    let row = move |view: WorkshopActionView| {
        let (workshop_id, action_id) = (view.workshop_id, view.action.action_id);
        let done = move |_| {
            let acts = vec![WorkshopAct::ActionDone { action_id, done: true }];
            session.send(WorkshopWrite { workshop_id, acts, seat: None }, |_| ());
        };
        let due = view.action.due.map(|due| {
            let day = calendar::civil(due);
            if view.late { text::late_since(day) } else { text::due(day) }
        });
        view! {
            <div class="row fit" data-test=format!("workshop-action-{}", view.action.text)>
                <button type="button" class="btn tight" aria-label=text::workshop_action_done() data-test="workshop-action-done" on:click=done><Icon glyph=Glyph::Check/></button>
                <a class="grow tall" href=Route::Workshop(workshop_id).hash()><b class="pre">{view.action.text.clone()}</b><div class="muted small">{view.workshop_title}</div></a>
                {due.map(|due| view! { <span class="tag" class:notice=view.late>{due}</span> })}
            </div>
        }
    };
    view! {
        {move || actions.ready().filter(|actions| !actions.is_empty()).map(|actions| view! {
            <section class="card" data-test="workshop-actions"><h2>{text::workshop_my_actions()}" "<span class="muted">{text::left_count(actions.len())}</span></h2>
                <div class="rows">{actions.into_iter().map(row).collect_view()}</div></section>
        })}
    }
}

/// Improvements after exercises; nothing where there are none.
#[component]
pub(crate) fn ExerciseActions() -> impl IntoView {
    let session = Session::here();
    let actions = query(|| ExerciseActionList {}, vec![CacheTag::Exercises, CacheTag::People]);
    let row = move |view: ExerciseActionView| {
        let exercise_action_id = view.action.exercise_action_id;
        let done = move |_| session.record(ExerciseActionDone { exercise_action_id, is_done: true });
        let due = view.action.due.map(|due| {
            let day = calendar::civil(due);
            if view.late { text::late_since(day) } else { text::due(day) }
        });
        view! {
            <div class="row fit" data-test=format!("my-exercise-action-{}", view.action.text)>
                <button type="button" class="btn tight" aria-label=text::exercise_action_done() data-test="my-exercise-action-done" on:click=done><Icon glyph=Glyph::Check/></button>
                <a class="grow tall" href=Route::Exercise(view.action.exercise_id).hash()><b class="pre">{view.action.text.clone()}</b><div class="muted small">{view.exercise_title}</div></a>
                {due.map(|due| view! { <span class="tag" class:notice=view.late>{due}</span> })}
            </div>
        }
    };
    view! {
        {move || actions.ready().filter(|actions| !actions.is_empty()).map(|actions| view! {
            <section class="card" data-test="exercise-actions-mine"><h2>{text::exercise_my_actions()}" "<span class="muted">{text::left_count(actions.len())}</span></h2>
                <div class="rows">{actions.into_iter().map(row).collect_view()}</div></section>
        })}
    }
}
