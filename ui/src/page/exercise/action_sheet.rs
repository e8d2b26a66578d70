//! An improvement action: what is to be done, by whom and by when.

use leptos::prelude::*;
use millwright_model::{
    CivilDate, ExerciseAction, ExerciseActionId, ExerciseActionSave, ExerciseEntryId, PersonId,
};

use super::desk::ExerciseDesk;
use crate::calendar;
use crate::part::{DueChoice, PersonChoice, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// What an action begins as.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ActionDraft {
    pub(super) exercise_action_id: Option<ExerciseActionId>,
    pub(super) text: String,
    pub(super) entry_id: Option<ExerciseEntryId>,
    pub(super) owner: Option<PersonId>,
    pub(super) due: Option<CivilDate>,
}

impl ActionDraft {
    /// A new one.
    pub(super) fn new() -> Self {
        Self { exercise_action_id: None, text: String::new(), entry_id: None, owner: None, due: None }
    }

    /// One that is there.
    pub(super) fn of(action: &ExerciseAction) -> Self {
        Self {
            exercise_action_id: Some(action.exercise_action_id),
            text: action.text.clone(),
            entry_id: action.entry_id,
            owner: action.owner,
            due: action.due,
        }
    }
}

/// The sheet.
#[component]
pub(super) fn ActionSheet(desk: ExerciseDesk, draft: ActionDraft, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let ActionDraft { exercise_action_id, text, entry_id, owner, due } = draft;
    let words = RwSignal::new(text);
    let owner = RwSignal::new(owner);
    let due_at = RwSignal::new(due.map(calendar::end_of_civil));
    let because = entry_id.and_then(|entry_id| {
        desk.view.with_untracked(|view| {
            let entry = view.log.iter().find(|entry| entry.exercise_entry_id == entry_id)?;
            Some(entry.text.clone()).filter(|said| !said.is_empty())
        })
    });
    let save = move |_| {
        let command = ExerciseActionSave {
            exercise_action_id,
            exercise_id: desk.exercise_id(),
            text: words.get_untracked(),
            entry_id,
            owner: owner.get_untracked(),
            due: due_at.get_untracked().map(calendar::civil_of),
        };
        session.send(command, move |_| {
            close.try_run(());
        });
    };
    view! {
        <Sheet title=if exercise_action_id.is_some() { text::exercise_action_edit() } else { text::exercise_action_new() } close test="exercise-action-sheet">
            <div class="form">
                {because.map(|because| view! { <p class="notice-box pre">{because}</p> })}
                <TextField label=text::exercise_action_text() value=words test="exercise-action-text" focused=true/>
                <PersonChoice person_id=owner/>
                <DueChoice due_at/>
            </div>
            <div class="acts end sticky"><button type="button" class="btn primary grow" data-test="exercise-action-save" disabled=move || words.with(|words| words.trim().is_empty()) on:click=save>{text::save()}</button></div>
        </Sheet>
    }
}
