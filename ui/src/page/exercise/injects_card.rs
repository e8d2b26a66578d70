//! The master scenario events list: what happens when, to whom, and what is expected.

use leptos::prelude::*;
use millwright_model::{ExerciseInject, ExerciseInjectMove};

use super::desk::ExerciseDesk;
use super::inject_sheet::InjectSheet;
use crate::exercise_words as words;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::session::Session;
use crate::text;

/// One step of an inject in time.
const STEP_MS: i64 = 60_000;

/// The card.
#[component]
pub(super) fn InjectsCard(desk: ExerciseDesk) -> impl IntoView {
    let injects = Memo::new(move |_| desk.view.with(|view| (view.injects.clone(), view.roles.clone())));
    let editing = RwSignal::new(None::<Option<ExerciseInject>>);
    let has_roles = Memo::new(move |_| desk.view.with(|view| !view.roles.is_empty()));
    let rows = move || {
        injects.with(|(injects, _)| {
            injects
                .iter()
                .enumerate()
                .map(|(place, inject)| row(desk, place + 1, inject.clone(), editing))
                .collect_view()
        })
    };
    view! {
        <section class="card" data-test="exercise-injects"><div class="head"><h2 class="grow">{text::exercise_injects()}</h2>
            <button type="button" class="btn" data-test="inject-new" disabled=move || !has_roles.get() on:click=move |_| editing.set(Some(None))><Icon glyph=Glyph::Plus/>{text::exercise_inject_new()}</button></div>
            <div class="rows">
                {move || injects.with(|(injects, _)| injects.is_empty()).then(|| view! { <Empty says=text::exercise_injects_empty()/> })}
                {rows}</div></section>
        {move || editing.get().map(|inject| view! { <InjectSheet desk inject close=Callback::new(move |()| editing.set(None))/> })}
    }
}

fn row(
    desk: ExerciseDesk,
    number: usize,
    inject: ExerciseInject,
    editing: RwSignal<Option<Option<ExerciseInject>>>,
) -> impl IntoView {
    let session = Session::here();
    let (exercise_inject_id, at_ms) = (inject.exercise_inject_id, inject.at_ms);
    let step = move |by_ms: i64| {
        session.send(ExerciseInjectMove { exercise_inject_id, at_ms: (at_ms + by_ms).max(0) }, |_| ());
    };
    let came = Memo::new(move |_| {
        let read_ms = desk.read_ms.get();
        desk.view.with(|view| view.clock.started_at.is_some()) && at_ms <= read_ms
    });
    let role = desk.view.with_untracked(|view| words::role(view, inject.role_id));
    let way = format!("{} · {}", text::exercise_from_to(&inject.sender, role), words::means(inject.means));
    let (message, expected, notes) = (inject.message.clone(), inject.expected.clone(), inject.notes.clone());
    view! {
        <div class="inject-row" data-test=format!("inject-{number}")>
            <div class="inject-when"><b>{words::time(at_ms)}</b><span class="muted small">{text::exercise_number(number)}</span></div>
            <button type="button" class="inject-says" data-test=format!("inject-{number}-open") disabled=move || came.get() on:click=move |_| editing.set(Some(Some(inject.clone())))>
                <span class="muted small">{way}</span><span class="pre">{message}</span>
                {(!notes.is_empty()).then(|| view! { <span class="muted small">{text::exercise_note_for(&notes)}</span> })}</button>
            <div class="inject-expects pre small">{text::exercise_expected(if expected.is_empty() { text::exercise_nothing_expected().to_owned() } else { expected })}</div>
            <div class="inject-moves">
                <button type="button" class="btn tight" aria-label=text::exercise_inject_earlier(number) data-test=format!("inject-{number}-earlier") disabled=move || came.get() || at_ms == 0 on:click=move |_| step(-STEP_MS)><Icon glyph=Glyph::ChevronUp/></button>
                <button type="button" class="btn tight" aria-label=text::exercise_inject_later(number) data-test=format!("inject-{number}-later") disabled=move || came.get() on:click=move |_| step(STEP_MS)><Icon glyph=Glyph::ChevronDown/></button></div>
        </div>
    }
}
