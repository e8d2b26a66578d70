//! The way that answers lead through a guide: which steps they lead past, and where it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::{BranchWhen, GuideContent, GuideStep, GuideStepId, StepOutcome};

/// What was recorded of each step, one for each thing that it asks; nothing for what is still open.
pub type GuideAnswers = BTreeMap<GuideStepId, Vec<Option<StepOutcome>>>;

/// The way through a guide, as far as it was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuideWay {
    /// Steps that are not asked for.
    pub passed_over: BTreeSet<GuideStepId>,
    /// The first step with something open; nothing when all is done.
    pub at: Option<GuideStepId>,
}

impl GuideWay {
    /// The way that `answers` lead. A step without any answers asks for nothing here.
    pub fn of(content: &GuideContent, answers: &GuideAnswers) -> Self {
        let (mut way, mut leads_to) = (Self::default(), None::<GuideStepId>);
        for step in content.steps() {
            if let Some(to) = leads_to {
                if to != step.step_id {
                    way.passed_over.insert(step.step_id);
                    continue;
                }
                leads_to = None;
            }
            let of_step = answers.get(&step.step_id).map(Vec::as_slice).unwrap_or_default();
            if of_step.iter().any(Option::is_none) {
                way.at = way.at.or(Some(step.step_id));
                continue;
            }
            leads_to = branch_of(step, of_step);
        }
        way
    }
}

/// Where a step leads to, as it was answered; nothing for the next one.
fn branch_of(step: &GuideStep, answers: &[Option<StepOutcome>]) -> Option<GuideStepId> {
    let holds = |when: &BranchWhen| {
        answers.iter().flatten().any(|outcome| match (when, outcome) {
            (BranchWhen::Chosen { option }, StepOutcome::Chosen { option: chosen }) => option == chosen,
            (BranchWhen::Failed, StepOutcome::Failed { .. }) => true,
            (BranchWhen::OutOfLimits, StepOutcome::Measured { in_limits, .. }) => !in_limits,
            _ => false,
        })
    };
    step.branches.iter().find(|branch| holds(&branch.when)).map(|branch| branch.to)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{Branch, Evidence, GuideTask, GuideTaskId, StepForm, Words};

    fn id(number: u128) -> GuideStepId {
        GuideStepId(Uuid::from_u128(number))
    }

    /// Four steps: the first asks which way, and «worn» leads to the last.
    fn content() -> GuideContent {
        let step = |number: u128| GuideStep::plain(id(number), Words::of("en", format!("Step {number}")));
        let mut first = step(1);
        first.evidence = vec![Evidence {
            title: Words::default(),
            form: StepForm::Choice { options: vec!["good".into(), "worn".into()] },
            names_instrument: false,
        }];
        first.branches = vec![Branch { when: BranchWhen::Chosen { option: "worn".into() }, to: id(4) }];
        let task = GuideTask {
            task_id: GuideTaskId(Uuid::from_u128(9)),
            title: Words::of("en", "Task"),
            steps: vec![first, step(2), step(3), step(4)],
        };
        GuideContent { tasks: vec![task], ..GuideContent::empty("en", "Guide") }
    }

    fn stands(first: Option<&str>, done: &[u128]) -> (Vec<u128>, Option<u128>) {
        let chosen = first.map(|option| StepOutcome::Chosen { option: option.to_owned() });
        let others =
            (2..=4).map(|number| (id(number), vec![done.contains(&number).then_some(StepOutcome::Checked)]));
        let answers: GuideAnswers = [(id(1), vec![chosen])].into_iter().chain(others).collect();
        let way = GuideWay::of(&content(), &answers);
        let number = |id: GuideStepId| id.0.as_u128();
        (way.passed_over.into_iter().map(number).collect(), way.at.map(number))
    }

    #[test]
    fn an_answer_leads_past_steps_that_are_not_asked_for_then() {
        assert_eq!(stands(None, &[]), (vec![], Some(1)));
        assert_eq!(stands(Some("good"), &[]), (vec![], Some(2)));
        assert_eq!(stands(Some("worn"), &[]), (vec![2, 3], Some(4)));
        assert_eq!(stands(Some("worn"), &[4]), (vec![2, 3], None));
    }
}
