//! A line of the log: a response of any role, a decision, what went well or is to be improved, and what corrects one.

use leptos::prelude::*;
use millwright_model::{
    ExerciseEntry, ExerciseEntryId, ExerciseEntryKind, ExerciseInjectId, ExerciseLog, ExerciseRoleId,
    InjectMet,
};

use super::desk::ExerciseDesk;
use crate::exercise_words as words;
use crate::part::{Sheet, TextField};
use crate::session::Session;
use crate::text;

/// What an entry begins as.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EntryDraft {
    pub(super) entry_kind: ExerciseEntryKind,
    pub(super) inject_id: Option<ExerciseInjectId>,
    pub(super) role_id: Option<ExerciseRoleId>,
    pub(super) text: String,
    pub(super) met: Option<InjectMet>,
    pub(super) corrects: Option<ExerciseEntryId>,
}

impl EntryDraft {
    /// A new entry of a kind.
    pub(super) fn of(entry_kind: ExerciseEntryKind) -> Self {
        Self { entry_kind, inject_id: None, role_id: None, text: String::new(), met: None, corrects: None }
    }

    /// What takes the place of an entry.
    pub(super) fn correcting(entry: &ExerciseEntry) -> Self {
        Self {
            entry_kind: entry.entry_kind,
            inject_id: entry.inject_id,
            role_id: entry.role_id,
            text: entry.text.clone(),
            met: entry.met,
            corrects: Some(entry.exercise_entry_id),
        }
    }
}

/// The sheet.
#[component]
pub(super) fn EntrySheet(desk: ExerciseDesk, draft: EntryDraft, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let EntryDraft { entry_kind, inject_id, role_id, text, met, corrects } = draft;
    let is_response = entry_kind == ExerciseEntryKind::Response;
    let said = RwSignal::new(text);
    let (role, how) = (RwSignal::new(role_id), RwSignal::new(met));
    let inject = RwSignal::new(inject_id);
    let now = session.now.get_untracked();
    let (roles, came) = desk.view.with_untracked(|view| {
        let came: Vec<(usize, ExerciseInjectId)> = view
            .came(now)
            .filter_map(|one| Some((view.inject(one.exercise_inject_id)?.0, one.exercise_inject_id)))
            .collect();
        (view.roles.clone(), came)
    });
    let save = move |_| {
        let command = ExerciseLog {
            exercise_id: desk.exercise_id(),
            entry_kind,
            inject_id: inject.get_untracked(),
            role_id: role.get_untracked(),
            text: said.get_untracked(),
            met: how.get_untracked(),
            corrects,
        };
        session.record_then(command, move || {
            close.try_run(());
        });
    };
    let role_of = move |id: Option<ExerciseRoleId>, name: String| {
        let on = move || role.get() == id;
        let test = format!("entry-role-{name}");
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=test on:click=move |_| role.set(id)>{name}</button> }
    };
    let nobody = (!is_response).then(|| role_of(None, text::exercise_no_role().to_owned()));
    let all_roles = roles.into_iter().map(|one| role_of(Some(one.exercise_role_id), one.name)).collect_view();
    let about = move |id: Option<ExerciseInjectId>, name: String| {
        let on = move || inject.get() == id;
        view! { <button type="button" class="btn tight" role="radio" class:on=on aria-checked=move || on().to_string() on:click=move |_| inject.set(id)>{name}</button> }
    };
    let abouts = (!is_response && !came.is_empty()).then(|| {
        let all = came.into_iter().map(|(number, id)| about(Some(id), text::exercise_number(number))).collect_view();
        view! { <div class="field"><span>{text::exercise_entry_about()}</span><div class="choice" role="radiogroup" aria-label=text::exercise_entry_about()>{about(None, text::exercise_about_none().to_owned())}{all}</div></div> }
    });
    let mets = is_response.then(|| {
        let one = InjectMet::ALL.map(|one| {
            let on = move || how.get() == Some(one);
            view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("entry-met-{}", words::met_key(one)) on:click=move |_| how.set(Some(one))>{words::met(one)}</button> }
        });
        view! { <div class="field"><span>{text::exercise_how_met()}</span><div class="choice" role="radiogroup" aria-label=text::exercise_how_met()>{one}</div></div> }
    });
    let is_ready = move || match is_response {
        true => how.with(Option::is_some),
        false => said.with(|said| !said.trim().is_empty()),
    };
    let title = match corrects {
        Some(_) => text::exercise_entry_correct(),
        None => words::entry_kind(entry_kind),
    };
    view! {
        <Sheet title close test="entry-sheet" wide=true>
            <div class="form">
                <TextField label=text::exercise_entry_text() value=said test="entry-text" lines=true focused=true/>
                {mets}
                <div class="field"><span>{text::exercise_role()}</span><div class="choice" role="radiogroup" aria-label=text::exercise_role()>{nobody}{all_roles}</div></div>
                {abouts}
            </div>
            <div class="acts end sticky"><button type="button" class="btn primary grow" data-test="entry-save" disabled=move || !is_ready() on:click=save>{text::exercise_entry_write()}</button></div>
        </Sheet>
    }
}
