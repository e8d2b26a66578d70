//! The part of the list of commands that is about tabletop exercises.

/// Gives `$then!` the commands before, and those about exercises behind them.
macro_rules! with_exercise_commands {
    ($then:ident $($before:tt)*) => {
        $then! {
            $($before)*
            /// Roles and injects that an exercise of a scenario may begin from; the scenario's own first.
            ExerciseTemplateList = exercise_template_list: reads -> Vec<ExerciseTemplate> {
                /// Of which scenario.
                scenario_id: ScenarioId,
                /// The language.
                language: String,
            }
            /// Exercises, the newest first.
            ExerciseList = exercise_list: reads -> Vec<ExerciseOverview> {
                /// Of one scenario alone.
                scenario_id: Option<ScenarioId>,
            }
            /// One exercise with its roles, injects, clock, log and actions.
            ExerciseShow = exercise_show: reads -> ExerciseView {
                /// Which.
                exercise_id: ExerciseId,
            }
            /// Plans an exercise of a scenario, from a template or from nothing.
            ExerciseCreate = exercise_create: changes -> ExerciseId {
                /// Of which scenario.
                scenario_id: ScenarioId,
                /// What people call it; nothing for the template's title, or the scenario's name.
                title: Option<String>,
                /// The language of the template.
                language: String,
                /// The key of a template.
                template: Option<String>,
            }
            /// Says what an exercise is called, when it is played and what it is to show.
            ExercisePlan = exercise_plan: changes -> Done {
                /// Which.
                exercise_id: ExerciseId,
                /// What people call it.
                title: String,
                /// The day on which it is to be played.
                planned_on: Option<CivilDate>,
                /// What it is to show, a line each.
                objectives: String,
            }
            /// Removes an exercise that was not begun, with its roles and injects.
            ExerciseRemove = exercise_remove: changes -> Done {
                /// Which.
                exercise_id: ExerciseId,
            }
            /// Adds a role, or says what it is called and who plays it.
            ExerciseRoleSave = exercise_role_save: changes -> ExerciseRoleId {
                /// Which; nothing for a new one.
                exercise_role_id: Option<ExerciseRoleId>,
                /// Of which exercise.
                exercise_id: ExerciseId,
                /// What it is called.
                name: String,
                /// Who plays it.
                person_id: Option<PersonId>,
            }
            /// Removes a role that no inject goes to.
            ExerciseRoleRemove = exercise_role_remove: changes -> Done {
                /// Which.
                exercise_role_id: ExerciseRoleId,
            }
            /// Adds an inject, or changes one that did not come yet.
            ExerciseInjectSave = exercise_inject_save: changes -> ExerciseInjectId {
                /// Which; nothing for a new one.
                exercise_inject_id: Option<ExerciseInjectId>,
                /// Of which exercise.
                exercise_id: ExerciseId,
                /// When it comes, in milliseconds of exercise time.
                at_ms: i64,
                /// From whom.
                sender: String,
                /// To which role.
                role_id: ExerciseRoleId,
                /// By which means.
                means: InjectMeans,
                /// What it says.
                message: String,
                /// What is expected to be done.
                expected: String,
                /// What the facilitator is to know.
                notes: String,
            }
            /// Lets an inject come at another time.
            ExerciseInjectMove = exercise_inject_move: changes -> Done {
                /// Which.
                exercise_inject_id: ExerciseInjectId,
                /// When it comes, in milliseconds of exercise time.
                at_ms: i64,
            }
            /// Removes an inject that did not come yet.
            ExerciseInjectRemove = exercise_inject_remove: changes -> Done {
                /// Which.
                exercise_inject_id: ExerciseInjectId,
            }
            /// Moves the clock of an exercise: starts it, lets it stand, run on, run faster, jump or end.
            ExerciseClockMove = exercise_clock_move: changes -> ExerciseClock {
                /// Of which exercise.
                exercise_id: ExerciseId,
                /// What is done.
                act: ExerciseAct,
            }
            /// Writes in the log of an exercise: what was done about an inject, decided or seen.
            ExerciseLog = exercise_log: changes -> Done {
                /// Of which exercise.
                exercise_id: ExerciseId,
                /// What it is.
                entry_kind: ExerciseEntryKind,
                /// About which inject.
                inject_id: Option<ExerciseInjectId>,
                /// Which role acted.
                role_id: Option<ExerciseRoleId>,
                /// What was done, decided or seen.
                text: String,
                /// How it met what was expected: of a response.
                met: Option<InjectMet>,
                /// The entry that it takes the place of.
                corrects: Option<ExerciseEntryId>,
            }
            /// Adds an improvement action, or changes it.
            ExerciseActionSave = exercise_action_save: changes -> ExerciseActionId {
                /// Which; nothing for a new one.
                exercise_action_id: Option<ExerciseActionId>,
                /// After which exercise.
                exercise_id: ExerciseId,
                /// What is to be done.
                text: String,
                /// The entry of the log that it comes of.
                entry_id: Option<ExerciseEntryId>,
                /// Who sees to it.
                owner: Option<PersonId>,
                /// By when.
                due: Option<CivilDate>,
            }
            /// Says that an improvement action is done, or that it is not.
            ExerciseActionDone = exercise_action_done: changes -> Done {
                /// Which.
                exercise_action_id: ExerciseActionId,
                /// Whether it is.
                is_done: bool,
            }
            /// Improvement actions that whoever holds the device is to do and that are not done.
            ExerciseActionList = exercise_action_list: reads -> Vec<ExerciseActionView> {}
            /// The after-action report of an exercise, as a file.
            ExerciseReportWrite = exercise_report_write: reads -> FileBytes {
                /// Of which exercise.
                exercise_id: ExerciseId,
                /// In which form.
                form: ExerciseReportForm,
                /// In which language; nothing for that of whoever asks.
                language: Option<String>,
            }
        }
    };
}
pub(crate) use with_exercise_commands;
