//! Writing in a draft: what the screen saw, and sending what its author changed of it.

use leptos::prelude::*;
use millwright_model::{
    GuideDraftBack, GuideDraftEdit, GuideDraftView, GuideEdit, GuideStep, GuideStepId, GuideTask,
    GuideTaskId, Words,
};

use crate::session::Session;

/// The draft as it is written here.
#[derive(Copy, Clone)]
pub(super) struct DraftEdit {
    /// As it stands.
    pub(super) view: RwSignal<GuideDraftView>,
    /// The moments that can be gone back to, the newest last.
    undo: RwSignal<Vec<String>>,
}

impl DraftEdit {
    /// A draft that was read.
    pub(super) fn new(view: RwSignal<GuideDraftView>) -> Self {
        Self { view, undo: RwSignal::new(Vec::new()) }
    }

    /// Writes, and shows how the draft stands then; what others wrote meanwhile is there too.
    pub(super) fn write(self, edits: Vec<GuideEdit>) {
        self.write_then(edits, || ());
    }

    /// The same, and goes on when it is kept.
    pub(super) fn write_then(self, edits: Vec<GuideEdit>, then: impl FnOnce() + 'static) {
        let (guide_id, version) =
            self.view.with_untracked(|view| (view.guide.guide_id, view.version.clone()));
        let before = version.clone();
        Session::here().send(GuideDraftEdit { guide_id, version, edits }, move |view| {
            if view.version != before {
                self.undo.update(|undo| undo.push(before));
            }
            self.view.set(view);
            then();
        });
    }

    /// Whether something was written here that can be taken back.
    pub(super) fn can_go_back(self) -> bool {
        self.undo.with(|undo| !undo.is_empty())
    }

    /// Takes back what was written last, with what others wrote since.
    pub(super) fn go_back(self) {
        let Some(version) = self.undo.try_update(Vec::pop).flatten() else { return };
        let guide_id = self.view.with_untracked(|view| view.guide.guide_id);
        Session::here().send(GuideDraftBack { guide_id, version }, move |view| self.view.set(view));
    }

    /// A step as it stands.
    pub(super) fn step(self, step_id: GuideStepId) -> Option<GuideStep> {
        self.view.with(|view| view.content.step(step_id).cloned())
    }

    /// Adds a step behind another one, or at the end; with it a task, where there is none.
    pub(super) fn add_step(
        self,
        step: GuideStep,
        behind: Option<GuideStepId>,
        then: impl FnOnce() + 'static,
    ) {
        let edits = self.view.with_untracked(|view| {
            let place = behind.and_then(|behind| {
                view.content.tasks.iter().find_map(|task| {
                    let place = task.steps.iter().position(|one| one.step_id == behind)?;
                    Some((task.task_id, place + 1))
                })
            });
            let last = view.content.tasks.last().map(|task| (task.task_id, task.steps.len()));
            match place.or(last) {
                Some((task_id, place)) => vec![GuideEdit::AddStep { task_id, step: Box::new(step), place }],
                None => {
                    let task = GuideTask {
                        task_id: GuideTaskId(new_id()),
                        title: Words::default(),
                        steps: vec![step],
                    };
                    vec![GuideEdit::AddTask { task, place: 0 }]
                }
            }
        });
        self.write_then(edits, then);
    }

    /// Moves a step by one place, also into the task beside its own.
    pub(super) fn move_step(self, step_id: GuideStepId, down: bool) {
        let edit = self.view.with_untracked(|view| {
            let tasks = &view.content.tasks;
            let (task, place) = tasks.iter().enumerate().find_map(|(task, one)| {
                Some((task, one.steps.iter().position(|step| step.step_id == step_id)?))
            })?;
            let here = tasks.get(task)?;
            let (task_id, place) = match (down, place) {
                (false, 0) => {
                    tasks.get(task.checked_sub(1)?).map(|above| (above.task_id, above.steps.len()))?
                }
                (false, place) => (here.task_id, place - 1),
                (true, place) if place + 1 == here.steps.len() => (tasks.get(task + 1)?.task_id, 0),
                (true, place) => (here.task_id, place + 1),
            };
            Some(GuideEdit::MoveStep { step_id, task_id, place })
        });
        if let Some(edit) = edit {
            self.write(vec![edit]);
        }
    }

    /// Moves a step to where another one stands.
    pub(super) fn move_to(self, step_id: GuideStepId, target: GuideStepId) {
        let edit = self.view.with_untracked(|view| {
            view.content.tasks.iter().find_map(|task| {
                let place = task.steps.iter().position(|step| step.step_id == target)?;
                Some(GuideEdit::MoveStep { step_id, task_id: task.task_id, place })
            })
        });
        if let Some(edit) = edit.filter(|_| step_id != target) {
            self.write(vec![edit]);
        }
    }
}

/// A new id: the browser's own source of chance.
pub(crate) fn new_id() -> uuid::Uuid {
    let mut bytes = [0_u8; 16];
    let drawn =
        window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).map(drop));
    if drawn.is_err() {
        // No webview that we run in lacks it; a time is still one id among few.
        bytes.copy_from_slice(&(js_sys::Date::now() as u128).to_be_bytes());
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
