//! An exercise while it is played: the clock, what has come with the newest on top, and the log beside it.

use leptos::prelude::*;
use millwright_model::{ExerciseInject, ExerciseInjectId};

use super::clock_bar::ClockBar;
use super::desk::ExerciseDesk;
use super::inject_card::InjectCard;
use super::log_card::LogCard;
use crate::session::Session;
use crate::text;

/// The face.
#[component]
pub(super) fn PlayFace(desk: ExerciseDesk) -> impl IntoView {
    let session = Session::here();
    // Which injects have come, not the time: a card in which somebody types is not drawn anew by every second.
    let came = Memo::new(move |_| {
        let now = session.now.get();
        desk.view.with(|view| {
            let mut came: Vec<ExerciseInject> = view.came(now).cloned().collect();
            came.reverse();
            came
        })
    });
    let is_begun = Memo::new(move |_| desk.view.with(|view| view.clock.started_at.is_some()));
    view! {
        <div class="stack">
            <ClockBar desk/>
            <div class="cols">
                <div class="stack" data-test="injects-came">
                    {move || came.with(Vec::is_empty).then(|| view! {
                        <section class="card"><p class="muted">{move || if is_begun.get() { text::exercise_nothing_came() } else { text::exercise_start_hint() }}</p></section> })}
                    <For each=move || came.get() key=said children=move |inject| view! { <InjectCard desk inject/> }/>
                </div>
                <LogCard desk/>
            </div>
        </div>
    }
}

/// What of an inject is drawn anew when it changes: all of it.
fn said(inject: &ExerciseInject) -> (ExerciseInjectId, i64, String, String) {
    (inject.exercise_inject_id, inject.at_ms, inject.message.clone(), inject.expected.clone())
}
