//! Tabletop exercises as records: the exercise of a scenario, its roles, its injects, the moves of its clock, its log and
//! the improvement actions that come of it.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{
    CivilDate, ExerciseActionId, ExerciseEntryId, ExerciseId, ExerciseInjectId, ExerciseMoveId,
    ExerciseRoleId, PersonId, ScenarioId, TimestampMs,
};

/// A tabletop exercise of a scenario. Where it stands is said by the moves of its clock ([`ExerciseMove`]).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exercise {
    /// Its id.
    pub exercise_id: ExerciseId,
    /// Of which scenario.
    pub scenario_id: ScenarioId,
    /// What people call it.
    pub title: String,
    /// The day on which it is to be played.
    pub planned_on: Option<CivilDate>,
    /// What it is to show, a line each.
    pub objectives: String,
    /// When it was planned first.
    pub created_at: TimestampMs,
    /// By whom.
    pub created_by: Option<PersonId>,
}
record!(Exercise, Exercise, exercise_id);

impl Exercise {
    /// The longest title, in characters.
    pub const TITLE_CHARS: usize = 120;
    /// The longest objectives, in characters.
    pub const OBJECTIVES_CHARS: usize = 2_000;
}

/// A role that somebody plays in an exercise.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseRole {
    /// Its id.
    pub exercise_role_id: ExerciseRoleId,
    /// Of which exercise.
    pub exercise_id: ExerciseId,
    /// What it is called.
    pub name: String,
    /// Who plays it.
    pub person_id: Option<PersonId>,
    /// Its place among the roles.
    pub place: i64,
}
record!(ExerciseRole, ExerciseRole, exercise_role_id);

impl ExerciseRole {
    /// The longest name, in characters.
    pub const NAME_CHARS: usize = 80;
    /// The most of one exercise.
    pub const OF_EXERCISE_MAX: usize = 24;
}

/// By which means an inject reaches its role.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InjectMeans {
    /// Somebody says it.
    #[default]
    InPerson,
    /// By telephone.
    Phone,
    /// By e-mail or letter.
    Mail,
    /// From the press or the net.
    News,
    /// A system shows it.
    System,
}

impl InjectMeans {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::InPerson, Self::Phone, Self::Mail, Self::News, Self::System];
}

/// Something that happens in an exercise: a line of its master scenario events list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseInject {
    /// Its id.
    pub exercise_inject_id: ExerciseInjectId,
    /// Of which exercise.
    pub exercise_id: ExerciseId,
    /// When it comes, in milliseconds of exercise time.
    pub at_ms: i64,
    /// From whom.
    pub sender: String,
    /// To which role.
    pub role_id: ExerciseRoleId,
    /// By which means.
    pub means: InjectMeans,
    /// What it says.
    pub message: String,
    /// What is expected to be done.
    pub expected: String,
    /// What the facilitator is to know.
    pub notes: String,
}
record!(ExerciseInject, ExerciseInject, exercise_inject_id);

impl ExerciseInject {
    /// The latest time: a day of exercise time.
    pub const AT_MAX_MS: i64 = 24 * 3_600_000;
    /// The longest sender, in characters.
    pub const SENDER_CHARS: usize = 120;
    /// The longest message, expected act and notes, in characters.
    pub const TEXT_CHARS: usize = 2_000;
    /// The most of one exercise.
    pub const OF_EXERCISE_MAX: usize = 200;
}

/// What is done with the clock of an exercise.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum ExerciseAct {
    /// It begins to run, from nought.
    Start,
    /// It stands still.
    Pause,
    /// It runs on.
    Resume,
    /// It runs faster or slower.
    Speed {
        /// How fast: 100 as fast as a clock on the wall.
        percent: u32,
    },
    /// It goes forward at once.
    Jump {
        /// To this exercise time, in milliseconds.
        to_ms: i64,
    },
    /// It stops for good.
    End,
}

/// A move of an exercise's clock: append-only. What the clock reads is reckoned from all of them
/// ([`crate::ExerciseClock`]).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseMove {
    /// Its id.
    pub exercise_move_id: ExerciseMoveId,
    /// Of which exercise.
    pub exercise_id: ExerciseId,
    /// What was done.
    pub act: ExerciseAct,
    /// When: always after the moves that were known then.
    pub moved_at: TimestampMs,
    /// By whom.
    pub moved_by: Option<PersonId>,
}
record!(ExerciseMove, ExerciseMove, exercise_move_id);

/// What an entry of an exercise's log is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExerciseEntryKind {
    /// What was done about an inject.
    Response,
    /// Something that was decided.
    Decision,
    /// Something that went well.
    Strength,
    /// Something to improve.
    Improve,
    /// Anything else.
    Note,
}

impl ExerciseEntryKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Response, Self::Decision, Self::Strength, Self::Improve, Self::Note];
}

/// How what was done met what was expected.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InjectMet {
    /// As expected.
    AsExpected,
    /// Better than expected.
    Better,
    /// In part.
    Partly,
    /// Not.
    NotMet,
}

impl InjectMet {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::AsExpected, Self::Better, Self::Partly, Self::NotMet];

    /// Whether something was missing.
    pub fn is_gap(self) -> bool {
        matches!(self, Self::Partly | Self::NotMet)
    }
}

/// A line of an exercise's log: append-only. A later one may correct it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseEntry {
    /// Its id.
    pub exercise_entry_id: ExerciseEntryId,
    /// Of which exercise.
    pub exercise_id: ExerciseId,
    /// What it is.
    pub entry_kind: ExerciseEntryKind,
    /// About which inject.
    pub inject_id: Option<ExerciseInjectId>,
    /// Which role acted.
    pub role_id: Option<ExerciseRoleId>,
    /// Who played the role then.
    pub played_by: Option<PersonId>,
    /// What was done, decided or seen.
    pub text: String,
    /// How it met what was expected: of a response.
    pub met: Option<InjectMet>,
    /// When, in milliseconds of exercise time.
    pub at_ms: i64,
    /// The entry that it takes the place of.
    pub corrects: Option<ExerciseEntryId>,
    /// When it was written down.
    pub logged_at: TimestampMs,
    /// By whom.
    pub logged_by: Option<PersonId>,
}
record!(ExerciseEntry, ExerciseEntry, exercise_entry_id);

impl ExerciseEntry {
    /// The longest text, in characters.
    pub const TEXT_CHARS: usize = 2_000;
    /// The most of one exercise.
    pub const OF_EXERCISE_MAX: usize = 2_000;
}

/// What is to be improved after an exercise, by whom and by when.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseAction {
    /// Its id.
    pub exercise_action_id: ExerciseActionId,
    /// After which exercise.
    pub exercise_id: ExerciseId,
    /// What is to be done.
    pub text: String,
    /// The entry of the log that it comes of.
    pub entry_id: Option<ExerciseEntryId>,
    /// Who sees to it.
    pub owner: Option<PersonId>,
    /// By when.
    pub due: Option<CivilDate>,
    /// When it was done.
    pub done_at: Option<TimestampMs>,
    /// Who said so.
    pub done_by: Option<PersonId>,
    /// When it was written down.
    pub created_at: TimestampMs,
    /// By whom.
    pub created_by: Option<PersonId>,
}
record!(ExerciseAction, ExerciseAction, exercise_action_id);

impl ExerciseAction {
    /// The longest text, in characters.
    pub const TEXT_CHARS: usize = 500;
    /// The most of one exercise.
    pub const OF_EXERCISE_MAX: usize = 100;
}
