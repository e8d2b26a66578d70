//! Trying a scenario out: answers that are moved and not written, and the newest picture of what they come to.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{
    ApiError, Refusal, ScenarioAnswer, ScenarioChoice, ScenarioEdit, ScenarioFault, ScenarioId,
    ScenarioInfluence, ScenarioInfluences, ScenarioPicture, ScenarioQuestion, ScenarioRun, ScenarioTry,
    ScenarioView, ScenarioWrite,
};

use crate::ipc;
use crate::session::Session;
use crate::words;

/// While somebody drags, a picture is wanted at once.
const DRAGGING: u32 = 10_000;
/// Once they let go, a sure one.
const RESTING: u32 = 100_000;
/// What is told of what a result hangs on.
const INFLUENCE: u32 = 4_000;

/// A scenario that is being tried out.
#[derive(Copy, Clone)]
pub(super) struct Trial {
    pub(super) view: RwSignal<ScenarioView>,
    /// Answers that were moved and are not written.
    pub(super) tries: RwSignal<Vec<ScenarioTry>>,
    pub(super) picture: RwSignal<Option<ScenarioPicture>>,
    pub(super) influences: RwSignal<Option<Vec<ScenarioInfluence>>>,
    /// Why there is no newer picture: the last good one stays.
    pub(super) trouble: RwSignal<Option<String>>,
    /// By which result options are compared; the first one where none is chosen.
    pub(super) result: RwSignal<Option<String>>,
    pub(super) is_running: RwSignal<bool>,
    /// What is to be run next: a newer wish takes the place of one that waits.
    wanted: StoredValue<Option<u32>>,
    turn: StoredValue<u32>,
}

impl Trial {
    pub(super) fn of(view: RwSignal<ScenarioView>) -> Self {
        let trial = Self {
            view,
            tries: RwSignal::new(Vec::new()),
            picture: RwSignal::new(None),
            influences: RwSignal::new(None),
            trouble: RwSignal::new(None),
            result: RwSignal::new(None),
            is_running: RwSignal::new(false),
            wanted: StoredValue::new(None),
            turn: StoredValue::new(0),
        };
        Effect::new(move |_| {
            // What somebody else wrote is a new question, too.
            view.with(|view| (view.version.clone(), view.scenario.scenario_id));
            trial.result.track();
            trial.run(RESTING);
        });
        trial
    }

    fn scenario_id(self) -> Option<ScenarioId> {
        self.view.try_with_untracked(|view| view.scenario.scenario_id)
    }

    /// The answer of a question as it is tried out, or as it is written.
    pub(super) fn answer(self, question: &ScenarioQuestion) -> ScenarioAnswer {
        let tried = self
            .tries
            .with(|tries| tries.iter().find(|one| one.name == question.name).map(|one| one.answer.clone()));
        tried.unwrap_or_else(|| question.answer.clone())
    }

    /// Tries an answer out: while it is dragged, and once it is let go.
    pub(super) fn attempt(self, name: &str, answer: ScenarioAnswer, is_dragged: bool) {
        self.tries.update(|tries| match tries.iter_mut().find(|one| one.name == name) {
            Some(one) => one.answer = answer,
            None => tries.push(ScenarioTry { name: name.to_owned(), answer }),
        });
        self.run(if is_dragged { DRAGGING } else { RESTING });
    }

    /// Takes back what is tried out.
    pub(super) fn drop_tries(self) {
        self.tries.set(Vec::new());
        self.run(RESTING);
    }

    /// Writes what is tried out.
    pub(super) fn keep_tries(self) {
        let edits = self.tries.with_untracked(|tries| {
            tries
                .iter()
                .map(|one| ScenarioEdit::Answer {
                    name: one.name.clone(),
                    answer: one.answer.clone(),
                    origin: None,
                })
                .collect()
        });
        self.write(edits, move || {
            self.tries.try_set(Vec::new());
        });
    }

    /// Writes in the scenario, and goes on when it is kept.
    pub(super) fn write(self, edits: Vec<ScenarioEdit>, then: impl FnOnce() + 'static) {
        let Some(scenario_id) = self.scenario_id() else { return };
        Session::here().send(ScenarioWrite { scenario_id, edits }, move |view| {
            then();
            self.view.try_set(view);
        });
    }

    /// Runs so many trials, after the run that is under way.
    fn run(self, trials: u32) {
        self.wanted.set_value(Some(trials));
        if self.is_running.try_get_untracked() != Some(false) {
            return;
        }
        self.is_running.set(true);
        spawn_local(async move {
            while let Some(trials) = self.wanted.try_update_value(Option::take).flatten() {
                let Some(scenario_id) = self.scenario_id() else { return };
                let (Some(tries), Some(result)) =
                    (self.tries.try_get_untracked(), self.result.try_get_untracked())
                else {
                    return;
                };
                let command = ScenarioRun { scenario_id, tries, trials, result };
                match ipc::call(command).await {
                    Ok(picture) => {
                        self.picture.try_set(Some(picture));
                        self.trouble.try_set(None);
                    }
                    // Somebody else's run came in between: theirs is shown to them, ours is asked for again.
                    Err(error) if is_overtaken(&error) => {
                        self.wanted.try_update_value(|wanted| *wanted = wanted.or(Some(trials)));
                    }
                    Err(error) => {
                        self.trouble.try_set(Some(words::error(&error)));
                    }
                }
                if trials == RESTING && self.wanted.try_with_value(Option::is_none) == Some(true) {
                    self.ask_influences();
                }
            }
            self.is_running.try_set(false);
        });
    }

    fn ask_influences(self) {
        let Some(scenario_id) = self.scenario_id() else { return };
        let (Some(tries), Some(result)) = (self.tries.try_get_untracked(), self.result.try_get_untracked())
        else {
            return;
        };
        let choice = self.best_choice();
        let turn = self.turn.try_get_value().unwrap_or_default().wrapping_add(1);
        self.turn.try_set_value(turn);
        let command = ScenarioInfluences { scenario_id, tries, trials: INFLUENCE, result, choice };
        spawn_local(async move {
            let found = ipc::call(command).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            if let Ok(found) = found {
                self.influences.try_set(Some(found));
            }
        });
    }

    /// What is chosen in the best option.
    fn best_choice(self) -> Vec<ScenarioChoice> {
        let best = self.picture.try_with_untracked(|picture| {
            let picture = picture.as_ref()?;
            Some(picture.options.get(picture.best as usize)?.choice.clone())
        });
        best.flatten().unwrap_or_default()
    }
}

fn is_overtaken(error: &ApiError) -> bool {
    matches!(error.refusal, Some(Refusal::Scenario { fault: ScenarioFault::Overtaken }))
}
