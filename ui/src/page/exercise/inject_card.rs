//! An inject that has come: large, with what they do about it and how that meets what is expected in one tap.

use leptos::prelude::*;
use millwright_model::{ExerciseEntry, ExerciseEntryKind, ExerciseInject, InjectMet};

use super::desk::ExerciseDesk;
use super::entry_sheet::{EntryDraft, EntrySheet};
use crate::exercise_words as words;
use crate::icon::Glyph;
use crate::part::{Icon, TextField};
use crate::text;

/// The card.
#[component]
pub(super) fn InjectCard(desk: ExerciseDesk, inject: ExerciseInject) -> impl IntoView {
    let inject_id = inject.exercise_inject_id;
    let answered: Memo<Vec<ExerciseEntry>> =
        Memo::new(move |_| desk.view.with(|view| view.responses(inject_id).cloned().collect()));
    let number =
        Memo::new(move |_| desk.view.with(|view| view.inject(inject_id).map_or(0, |(number, _)| number)));
    let role_id = inject.role_id;
    let way = move || {
        let role = desk.view.with(|view| words::role(view, role_id));
        text::exercise_from_to(&inject.sender, role)
    };
    // What is expected is not for those who play, until they have said what they do.
    let asked = RwSignal::new(false);
    let act = RwSignal::new(String::new());
    let more = RwSignal::new(None::<EntryDraft>);
    let buttons = InjectMet::ALL.map(|met| {
        let test = move || format!("inject-{}-{}", number.get(), words::met_key(met));
        let tap = move |_| {
            desk.respond(inject_id, act.get_untracked(), met, move || {
                act.try_set(String::new());
            });
        };
        view! { <button type="button" class="btn big" data-test=test on:click=tap>{words::met(met)}</button> }
    });
    let expected = if inject.expected.is_empty() {
        text::exercise_nothing_expected().to_owned()
    } else {
        inject.expected.clone()
    };
    let expects = move || {
        if answered.with(Vec::is_empty) && !asked.get() {
            return view! { <button type="button" class="btn link" data-test=move || format!("inject-{}-expected", number.get()) on:click=move |_| asked.set(true)><Icon glyph=Glyph::Eye/>{text::exercise_show_expected()}</button> }.into_any();
        }
        view! { <p class="expects pre">{text::exercise_expected(&expected)}</p> }.into_any()
    };
    let response = move |entry: ExerciseEntry| {
        let role = entry.role_id.filter(|other| *other != role_id);
        let role = role.map(|role_id| desk.view.with_untracked(|view| words::role(view, role_id)));
        let said = [role, Some(entry.text).filter(|text| !text.is_empty())];
        let said = said.into_iter().flatten().collect::<Vec<_>>().join(": ");
        let met = entry.met;
        view! {
            <div class="row fit" data-test=move || format!("inject-{}-answer", number.get())><span class=words::met_look(met)>{met.map(words::met)}</span>
                <span class="grow pre">{said}</span><span class="muted small">{words::time(entry.at_ms)}</span></div>
        }
    };
    let draft = move || EntryDraft {
        entry_kind: ExerciseEntryKind::Response,
        inject_id: Some(inject_id),
        role_id: Some(role_id),
        text: act.get_untracked(),
        met: None,
        corrects: None,
    };
    view! {
        <section class="card inject-came" class:open=move || answered.with(Vec::is_empty) data-test=move || format!("came-{}", number.get())>
            <div class="head base"><b class="inject-way grow">{move || text::exercise_number(number.get())}" · "{way}</b>
                <span class="muted">{words::means(inject.means)}" · "{words::time(inject.at_ms)}</span></div>
            <p class="inject-message pre">{inject.message.clone()}</p>
            {expects}
            <div class="rows">{move || answered.get().into_iter().map(response).collect_view()}</div>
            <TextField label=text::exercise_act() value=act test=format!("act-{}", number.get_untracked())/>
            <div class="met-buttons" role="group" aria-label=text::exercise_how_met()>{buttons}
                <button type="button" class="btn big link" data-test=move || format!("inject-{}-more", number.get()) on:click=move |_| more.set(Some(draft()))>{text::exercise_role()}"…"</button></div>
        </section>
        {move || more.get().map(|draft| view! { <EntrySheet desk draft close=Callback::new(move |()| more.set(None))/> })}
    }
}
