//! What is answered in practice: it goes nowhere.

use leptos::prelude::*;
use millwright_model::{GuideAnswers, GuideStep, StepOutcome};

/// What is answered in practice; it lives as long as the screen.
#[derive(Copy, Clone)]
pub(super) struct Practised(pub(super) RwSignal<GuideAnswers>);

impl Practised {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self(RwSignal::new(GuideAnswers::new()))
    }

    /// Answers one thing that a step asks.
    pub(super) fn answer(self, step: &GuideStep, place: usize, outcome: Option<StepOutcome>) {
        self.0.update(|answers| {
            let of_step = answers.entry(step.step_id).or_default();
            of_step.resize(step.asks().len(), None);
            if let Some(here) = of_step.get_mut(place) {
                *here = outcome;
            }
        });
    }
}
