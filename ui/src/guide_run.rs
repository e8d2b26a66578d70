//! A guide while it is worked by, from an order or as practice: what the panel, the picture and the checklist share.

use std::collections::BTreeMap;

use millwright_model::{
    Asset, Evidence, Fiducial, GuideAnswers, GuideContent, GuideRevision, GuideRunView, GuideStep,
    GuideStepId, GuideWay, StepOutcome, StepView, WorkOrderId,
};

/// Something that a step asks for, with what was recorded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ask {
    /// What it asks for.
    pub(crate) evidence: Evidence,
    /// What was recorded.
    pub(crate) outcome: Option<StepOutcome>,
    /// The step of the order; nothing in practice, where nothing leaves the screen.
    pub(crate) record: Option<StepView>,
}

/// A step with what it asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunningStep {
    /// What the guide says.
    pub(crate) step: GuideStep,
    /// What it asks for, in order.
    pub(crate) asks: Vec<Ask>,
    /// Whether answers lead past it.
    pub(crate) passed_over: bool,
    /// Whether the person lacks the skill that it wants.
    pub(crate) skill_lacking: bool,
}

impl RunningStep {
    /// Whether all that it asks for is recorded.
    pub(crate) fn done(&self) -> bool {
        self.asks.iter().all(|ask| ask.outcome.is_some())
    }
}

/// A guide that runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Running {
    /// The revision.
    pub(crate) revision: GuideRevision,
    /// The order and its number; nothing in practice.
    pub(crate) order: Option<(WorkOrderId, String)>,
    /// The machine.
    pub(crate) asset: Option<Asset>,
    /// A newer revision that was approved since.
    pub(crate) newer_number: Option<i64>,
    /// Whether the person has still to read and sign it.
    pub(crate) to_read: bool,
    /// Labels that hang on the machine.
    pub(crate) fiducials: Vec<Fiducial>,
    /// Every step.
    pub(crate) steps: Vec<RunningStep>,
    /// The first with something open.
    pub(crate) at: Option<GuideStepId>,
}

impl Running {
    /// A guide by which an order is worked.
    pub(crate) fn of_order(view: GuideRunView) -> Self {
        let steps = view
            .steps
            .into_iter()
            .filter_map(|run| {
                let step = view.revision.content.step(run.step_id)?.clone();
                let asks = step.asks().into_iter().zip(run.records).map(|(evidence, record)| Ask {
                    evidence,
                    outcome: record.step.outcome.clone(),
                    record: Some(record),
                });
                Some(RunningStep {
                    asks: asks.collect(),
                    passed_over: run.passed_over,
                    skill_lacking: run.skill_lacking,
                    step,
                })
            })
            .collect();
        Self {
            order: Some((view.work_order_id, view.order_number)),
            asset: view.asset,
            newer_number: view.newer_number,
            to_read: view.to_read,
            fiducials: view.fiducials,
            steps,
            at: view.at,
            revision: view.revision,
        }
    }

    /// A guide that is practised: what was answered so far is given, and goes nowhere.
    pub(crate) fn practice(revision: GuideRevision, asset: Option<Asset>, answers: &GuideAnswers) -> Self {
        let whole = complete(&revision.content, answers);
        let way = GuideWay::of(&revision.content, &whole);
        let step = |step: &GuideStep| RunningStep {
            asks: step
                .asks()
                .into_iter()
                .zip(whole.get(&step.step_id).cloned().unwrap_or_default())
                .map(|(evidence, outcome)| Ask { evidence, outcome, record: None })
                .collect(),
            passed_over: way.passed_over.contains(&step.step_id),
            skill_lacking: false,
            step: step.clone(),
        };
        Self {
            steps: revision.content.steps().map(step).collect(),
            order: None,
            asset,
            newer_number: None,
            to_read: false,
            fiducials: Vec::new(),
            at: way.at,
            revision,
        }
    }

    /// A text in the person's language.
    pub(crate) fn say(&self, words: &millwright_model::Words, language: &str) -> String {
        words.read(language, &self.revision.content.language).to_owned()
    }

    /// A step.
    pub(crate) fn step(&self, step_id: GuideStepId) -> Option<&RunningStep> {
        self.steps.iter().find(|running| running.step.step_id == step_id)
    }

    /// The place of a step among those that are asked for, from 1, and how many those are.
    pub(crate) fn place(&self, step_id: GuideStepId) -> (usize, usize) {
        let asked: Vec<GuideStepId> =
            self.steps.iter().filter(|step| !step.passed_over).map(|step| step.step.step_id).collect();
        (asked.iter().position(|one| *one == step_id).map_or(0, |place| place + 1), asked.len())
    }

    /// The step after one, past those that are not asked for.
    pub(crate) fn after(&self, step_id: GuideStepId) -> Option<GuideStepId> {
        let here = self.steps.iter().position(|one| one.step.step_id == step_id)?;
        self.steps.iter().skip(here + 1).find(|one| !one.passed_over).map(|one| one.step.step_id)
    }

    /// The step before one.
    pub(crate) fn before(&self, step_id: GuideStepId) -> Option<GuideStepId> {
        let here = self.steps.iter().position(|one| one.step.step_id == step_id)?;
        self.steps.iter().take(here).rev().find(|one| !one.passed_over).map(|one| one.step.step_id)
    }
}

/// Answers with a place for everything that is asked.
fn complete(content: &GuideContent, answers: &GuideAnswers) -> GuideAnswers {
    let of_step = |step: &GuideStep| {
        let mut outcomes = answers.get(&step.step_id).cloned().unwrap_or_default();
        outcomes.resize(step.asks().len(), None);
        (step.step_id, outcomes)
    };
    content.steps().map(of_step).collect::<BTreeMap<_, _>>()
}

#[cfg(test)]
mod tests {
    use millwright_model::{GuideRevisionId, GuideTask, GuideTaskId, RevisionStatus, TimestampMs, Words};
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> GuideStepId {
        GuideStepId(Uuid::from_u128(number))
    }

    fn revision() -> GuideRevision {
        let steps = (1..=3).map(|n| GuideStep::plain(id(n), Words::of("en", format!("Step {n}")))).collect();
        let task = GuideTask { task_id: GuideTaskId::default(), title: Words::default(), steps };
        GuideRevision {
            guide_revision_id: GuideRevisionId::default(),
            guide_id: Default::default(),
            number: 1,
            content: GuideContent { tasks: vec![task], ..GuideContent::empty("en", "Guide") },
            content_hash: String::new(),
            draft_version: String::new(),
            news: String::new(),
            authors: Vec::new(),
            status: RevisionStatus::Approved,
            status_reason: None,
            submitted_at: TimestampMs(0),
            submitted_by: None,
            decided_at: None,
            decided_by: None,
        }
    }

    #[test]
    fn practice_goes_from_step_to_step_as_an_order_does() {
        let mut answers = GuideAnswers::new();
        let at = |answers: &GuideAnswers| Running::practice(revision(), None, answers);
        assert_eq!(at(&answers).at, Some(id(1)));
        answers.insert(id(1), vec![Some(StepOutcome::Checked)]);
        let running = at(&answers);
        assert_eq!((running.at, running.place(id(2))), (Some(id(2)), (2, 3)));
        assert_eq!((running.after(id(2)), running.before(id(2))), (Some(id(3)), Some(id(1))));
        assert_eq!((running.after(id(3)), running.before(id(1))), (None, None));
        answers.insert(id(2), vec![Some(StepOutcome::Checked)]);
        answers.insert(id(3), vec![Some(StepOutcome::Checked)]);
        assert_eq!(at(&answers).at, None);
    }
}
