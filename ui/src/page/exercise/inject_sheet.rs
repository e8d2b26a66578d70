//! An inject: when, from whom to which role, by which means, what it says and what is expected.

use leptos::prelude::*;
use millwright_model::{ExerciseInject, ExerciseInjectRemove, ExerciseInjectSave, InjectMeans};

use super::desk::ExerciseDesk;
use crate::exercise_words as words;
use crate::figure;
use crate::part::{NumberField, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// A new inject comes so long after the last one.
const AFTER_LAST_MS: i64 = 10 * 60_000;

/// The sheet.
#[component]
pub(super) fn InjectSheet(
    desk: ExerciseDesk,
    inject: Option<ExerciseInject>,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::here();
    let is_known = inject.is_some();
    let (roles, last_ms, number) = desk.view.with_untracked(|view| {
        // In the middle of an exercise it is what somebody thought of just now.
        let now_ms = view.clock.is_under_way().then(|| view.clock.reading_ms(session.now.get_untracked()));
        let last_ms = now_ms.or(view.injects.last().map(|last| last.at_ms + AFTER_LAST_MS));
        let number = inject.as_ref().and_then(|inject| view.inject(inject.exercise_inject_id));
        (view.roles.clone(), last_ms.unwrap_or_default(), number.map_or(0, |(number, _)| number))
    });
    let start_ms = inject.as_ref().map_or(last_ms, |inject| inject.at_ms);
    let minute = RwSignal::new(Some((start_ms / 60_000) as f64));
    let typed = RwSignal::new(figure::plain((start_ms / 60_000) as f64));
    let role_id = RwSignal::new(
        inject.as_ref().map(|one| one.role_id).or(roles.first().map(|one| one.exercise_role_id)),
    );
    let means = RwSignal::new(inject.as_ref().map(|one| one.means).unwrap_or_default());
    let of = |field: fn(&ExerciseInject) -> &String| {
        RwSignal::new(inject.as_ref().map(|inject| field(inject).clone()).unwrap_or_default())
    };
    let (sender, message) = (of(|one| &one.sender), of(|one| &one.message));
    let (expected, notes) = (of(|one| &one.expected), of(|one| &one.notes));
    let exercise_inject_id = inject.as_ref().map(|inject| inject.exercise_inject_id);
    let save = move |_| {
        let (Some(minute), Some(role_id)) = (minute.get_untracked(), role_id.get_untracked()) else { return };
        let command = ExerciseInjectSave {
            exercise_inject_id,
            exercise_id: desk.exercise_id(),
            at_ms: (minute * 60_000.0) as i64,
            sender: sender.get_untracked(),
            role_id,
            means: means.get_untracked(),
            message: message.get_untracked(),
            expected: expected.get_untracked(),
            notes: notes.get_untracked(),
        };
        session.send(command, move |_| {
            close.try_run(());
        });
    };
    let remove = exercise_inject_id.map(|exercise_inject_id| {
        let act = move |_| {
            session.record_then(ExerciseInjectRemove { exercise_inject_id }, move || {
            close.try_run(());
        });
        };
        view! { <button type="button" class="btn big" data-test="inject-remove" on:click=act>{text::exercise_inject_remove()}</button> }
    });
    let role_choice = roles.into_iter().map(|role| {
        let on = move || role_id.get() == Some(role.exercise_role_id);
        let test = format!("inject-to-{}", role.name);
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=test on:click=move |_| role_id.set(Some(role.exercise_role_id))>{role.name}</button> }
    });
    let role_choice = role_choice.collect_view();
    let means_choice = InjectMeans::ALL.map(|one| {
        let on = move || means.get() == one;
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() on:click=move |_| means.set(one)>{words::means(one)}</button> }
    });
    let is_ready = move || minute.with(Option::is_some) && message.with(|message| !message.trim().is_empty());
    view! {
        <Sheet title=if is_known { text::exercise_inject_edit(number) } else { text::exercise_inject_new().to_owned() } close test="inject-sheet" wide=true>
            <div class="form">
                <div class="form two">
                    <div class="stack tight"><span class="muted small">{text::exercise_inject_at()}</span>
                        <NumberField entry=typed number=minute label=text::exercise_inject_at() decimals=0 test="inject-at"/></div>
                    <TextField label=text::exercise_inject_from() value=sender test="inject-from"/></div>
                <div class="field"><span>{text::exercise_inject_to()}</span><div class="choice" role="radiogroup" aria-label=text::exercise_inject_to()>{role_choice}</div></div>
                <div class="field"><span>{text::exercise_inject_means()}</span><div class="choice" role="radiogroup" aria-label=text::exercise_inject_means()>{means_choice}</div></div>
                <TextField label=text::exercise_inject_message() value=message test="inject-message" lines=true/>
                <TextField label=text::exercise_inject_expected() value=expected test="inject-expected" lines=true/>
                <TextField label=text::exercise_inject_notes() value=notes test="inject-notes"/>
            </div>
            <div class="acts end sticky">{remove}
                <button type="button" class="btn primary grow" data-test="inject-save" disabled=move || !is_ready() on:click=save>{text::save()}</button></div>
        </Sheet>
    }
}
