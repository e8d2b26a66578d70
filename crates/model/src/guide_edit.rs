//! Changes of a guide's draft, as its authors make them.

use serde::{Deserialize, Serialize};

use crate::{GuideModel, GuideStep, GuideStepId, GuideTask, GuideTaskId, StandIn, Words};

/// One change of a draft.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum GuideEdit {
    /// What it is for.
    Title {
        /// In every language.
        title: Words,
    },
    /// The model that it shows, or none.
    Model {
        /// Which.
        model: Option<GuideModel>,
    },
    /// The simple bodies that stand in for parts.
    StandIns {
        /// All of them.
        stand_ins: Vec<StandIn>,
    },
    /// A new task.
    AddTask {
        /// The task; its steps are added with it.
        task: GuideTask,
        /// Its place, from 0.
        place: usize,
    },
    /// A task's title.
    TaskTitle {
        /// Which task.
        task_id: GuideTaskId,
        /// In every language.
        title: Words,
    },
    /// A task moves.
    MoveTask {
        /// Which.
        task_id: GuideTaskId,
        /// To this place, from 0.
        place: usize,
    },
    /// A task is taken out, with its steps.
    RemoveTask {
        /// Which.
        task_id: GuideTaskId,
    },
    /// A new step.
    AddStep {
        /// In which task.
        task_id: GuideTaskId,
        /// The step.
        step: Box<GuideStep>,
        /// Its place in the task, from 0.
        place: usize,
    },
    /// What a step says, as a whole: only what differs from what its author saw is written.
    Step {
        /// The step.
        step: Box<GuideStep>,
    },
    /// A step moves.
    MoveStep {
        /// Which.
        step_id: GuideStepId,
        /// Into this task.
        task_id: GuideTaskId,
        /// To this place there, from 0.
        place: usize,
    },
    /// A step is taken out.
    RemoveStep {
        /// Which.
        step_id: GuideStepId,
    },
}
