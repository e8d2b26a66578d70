//! What all faces of an exercise share: what is shown of it, its time, and writing in its log.

use leptos::prelude::*;
use millwright_model::{
    ExerciseAct, ExerciseClockMove, ExerciseEntryKind, ExerciseId, ExerciseInjectId, ExerciseLog,
    ExerciseState, ExerciseView, InjectMet,
};

use crate::session::Session;

/// An exercise that is open.
#[derive(Copy, Clone)]
pub(super) struct ExerciseDesk {
    /// What is known of it.
    pub(super) view: RwSignal<ExerciseView>,
    /// What its clock reads, in whole seconds of exercise time.
    pub(super) read_ms: Memo<i64>,
}

impl ExerciseDesk {
    pub(super) fn of(view: RwSignal<ExerciseView>) -> Self {
        let session = Session::here();
        let read_ms = Memo::new(move |_| {
            let now = session.now.get();
            view.with(|view| view.clock.reading_ms(now)).div_euclid(1000) * 1000
        });
        Self { view, read_ms }
    }

    pub(super) fn exercise_id(self) -> ExerciseId {
        self.view.with_untracked(|view| view.exercise.exercise_id)
    }

    pub(super) fn state(self) -> ExerciseState {
        self.view.with(|view| view.clock.state)
    }

    /// Moves the clock.
    pub(super) fn move_clock(self, act: ExerciseAct) {
        Session::here().send(ExerciseClockMove { exercise_id: self.exercise_id(), act }, |_| ());
    }

    /// Says how an inject was met.
    pub(super) fn respond(
        self,
        inject_id: ExerciseInjectId,
        text: String,
        met: InjectMet,
        then: impl FnOnce() + 'static,
    ) {
        let command = ExerciseLog {
            exercise_id: self.exercise_id(),
            entry_kind: ExerciseEntryKind::Response,
            inject_id: Some(inject_id),
            role_id: None,
            text,
            met: Some(met),
            corrects: None,
        };
        Session::here().record_then(command, then);
    }
}
