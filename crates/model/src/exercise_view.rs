//! What is shown of tabletop exercises, and of the actions that come of them.

use serde::{Deserialize, Serialize};

use crate::{
    CivilDate, Exercise, ExerciseAction, ExerciseClock, ExerciseEntry, ExerciseEntryId, ExerciseEntryKind,
    ExerciseId, ExerciseInject, ExerciseInjectId, ExerciseRole, ExerciseRoleId, ExerciseState, InjectMet,
    PersonId, ScenarioId, TimestampMs,
};

/// Roles and injects that exercises begin from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExerciseTemplate {
    /// Its key: that of the scenario's template (`key-supplier`).
    pub key: String,
    /// What it is called, in the language that was asked for.
    pub title: String,
    /// How many roles it has.
    pub role_count: u32,
    /// How many injects.
    pub inject_count: u32,
    /// How long it takes until the last one, in milliseconds of exercise time.
    pub lasts_ms: i64,
    /// Whether it is the one of the scenario that was asked for.
    pub fits: bool,
}

/// A line of the list of exercises.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseOverview {
    /// The exercise.
    pub exercise: Exercise,
    /// Where it stands.
    pub state: ExerciseState,
    /// When it was started.
    pub started_at: Option<TimestampMs>,
    /// How many injects it has.
    pub inject_count: u32,
    /// How many actions came of it and are not done.
    pub open_action_count: u32,
}

/// What somebody is called who has to do with an exercise.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExercisePerson {
    /// Who.
    pub person_id: PersonId,
    /// Their name; nothing where it was erased.
    pub name: Option<String>,
}

/// One exercise with all on it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseView {
    /// The exercise.
    pub exercise: Exercise,
    /// What its scenario is called.
    pub scenario_name: String,
    /// Its clock.
    pub clock: ExerciseClock,
    /// Its roles, in their places.
    pub roles: Vec<ExerciseRole>,
    /// Its injects, in the order in which they come.
    pub injects: Vec<ExerciseInject>,
    /// Its log, the oldest first, also what was corrected since.
    pub log: Vec<ExerciseEntry>,
    /// What is to be improved.
    pub actions: Vec<ExerciseAction>,
    /// What everybody is called who is named in it.
    pub people: Vec<ExercisePerson>,
}

impl ExerciseView {
    /// What a role is called.
    pub fn role(&self, role_id: ExerciseRoleId) -> Option<&ExerciseRole> {
        self.roles.iter().find(|role| role.exercise_role_id == role_id)
    }

    /// An inject with its number, from 1 in the order in which they come.
    pub fn inject(&self, inject_id: ExerciseInjectId) -> Option<(usize, &ExerciseInject)> {
        let place = self.injects.iter().position(|inject| inject.exercise_inject_id == inject_id)?;
        Some((place + 1, self.injects.get(place)?))
    }

    /// What somebody is called; nothing where nobody knows.
    pub fn name(&self, person_id: Option<PersonId>) -> Option<&str> {
        let person = self.people.iter().find(|one| Some(one.person_id) == person_id)?;
        person.name.as_deref()
    }

    /// Whether a later entry takes the place of this one.
    pub fn is_corrected(&self, entry_id: ExerciseEntryId) -> bool {
        self.log.iter().any(|entry| entry.corrects == Some(entry_id))
    }

    /// The entries of a kind that stand, the oldest first.
    pub fn standing(&self, kind: ExerciseEntryKind) -> impl Iterator<Item = &ExerciseEntry> {
        self.log
            .iter()
            .filter(move |entry| entry.entry_kind == kind && !self.is_corrected(entry.exercise_entry_id))
    }

    /// What was done about an inject, as it stands, the oldest first.
    pub fn responses(&self, inject_id: ExerciseInjectId) -> impl Iterator<Item = &ExerciseEntry> {
        self.standing(ExerciseEntryKind::Response).filter(move |entry| entry.inject_id == Some(inject_id))
    }

    /// How an inject was met in the end; nothing where nobody answered it.
    pub fn met(&self, inject_id: ExerciseInjectId) -> Option<InjectMet> {
        self.responses(inject_id).last().and_then(|entry| entry.met)
    }

    /// How many injects were met so.
    pub fn met_count(&self, met: InjectMet) -> usize {
        self.injects.iter().filter(|inject| self.met(inject.exercise_inject_id) == Some(met)).count()
    }

    /// The injects that came by an instant, the oldest first.
    pub fn came(&self, now: TimestampMs) -> impl Iterator<Item = &ExerciseInject> {
        self.injects.iter().filter(move |inject| self.clock.has_come(inject, now))
    }

    /// The inject that comes next.
    pub fn next(&self, now: TimestampMs) -> Option<&ExerciseInject> {
        self.injects.iter().find(|inject| !self.clock.has_come(inject, now))
    }
}

/// An action of an exercise for whoever sees to it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseActionView {
    /// What the exercise is called.
    pub exercise_title: String,
    /// The action.
    pub action: ExerciseAction,
    /// Whether its day is over, by the plant's calendar.
    pub late: bool,
}

/// In which form an after-action report is taken out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExerciseReportForm {
    /// Pages of A4.
    Pdf,
    /// Tables that a plain reader shows.
    Markdown,
    /// For programs.
    Json,
}

impl ExerciseReportForm {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Markdown, Self::Json];

    /// The ending of its file.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }
}

/// An after-action report, as it is told to people who were not there. It holds names of people as they are called, never
/// their ids.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExerciseReport {
    /// What the exercise is called.
    pub title: String,
    /// What its scenario is called.
    pub scenario: String,
    /// Of which scenario.
    pub scenario_id: ScenarioId,
    /// Which exercise.
    pub exercise_id: ExerciseId,
    /// Whose it is: the plant.
    pub plant: String,
    /// When the report was made.
    pub made_at: TimestampMs,
    /// Where the exercise stands.
    pub state: ExerciseState,
    /// The day for which it was planned.
    pub planned_on: Option<CivilDate>,
    /// When it was started.
    pub started_at: Option<TimestampMs>,
    /// When it was ended.
    pub ended_at: Option<TimestampMs>,
    /// What its clock read at the end, or reads now, in milliseconds of exercise time.
    pub lasted_ms: i64,
    /// What it was to show, one after the other.
    pub objectives: Vec<String>,
    /// Who played what.
    pub roles: Vec<ReportRole>,
    /// What was to happen, and what did.
    pub injects: Vec<ReportInject>,
    /// What was decided.
    pub decisions: Vec<ReportEntry>,
    /// What went well.
    pub strengths: Vec<ReportEntry>,
    /// What is to be improved.
    pub to_improve: Vec<ReportEntry>,
    /// What else was noted.
    pub notes: Vec<ReportEntry>,
    /// What is done about it.
    pub actions: Vec<ReportAction>,
}

impl ExerciseReport {
    /// The injects whose expected act was missing in part or in whole, or that came and nobody answered.
    pub fn gaps(&self) -> impl Iterator<Item = &ReportInject> {
        self.injects.iter().filter(|inject| match inject.met {
            Some(met) => met.is_gap(),
            None => inject.came,
        })
    }
}

/// A role and who played it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRole {
    /// The role.
    pub name: String,
    /// Who played it, as they are called.
    pub played_by: Option<String>,
}

/// An inject and what was done about it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportInject {
    /// Its number, from 1.
    pub number: u32,
    /// When it was to come, in milliseconds of exercise time.
    pub at_ms: i64,
    /// From whom.
    pub sender: String,
    /// To which role.
    pub role: String,
    /// What it said.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// Whether it came before the exercise ended.
    pub came: bool,
    /// What was done about it.
    pub responses: Vec<ReportEntry>,
    /// How it was met in the end.
    pub met: Option<InjectMet>,
}

/// A line of the log with names.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// When, in milliseconds of exercise time.
    pub at_ms: i64,
    /// What was done, decided or seen.
    pub text: String,
    /// Which role acted.
    pub role: Option<String>,
    /// Who played it, as they are called.
    pub played_by: Option<String>,
    /// How it met what was expected.
    pub met: Option<InjectMet>,
    /// About which inject, by its number.
    pub inject_number: Option<u32>,
    /// Who wrote it down, as they are called.
    pub logged_by: Option<String>,
}

/// An improvement action with names.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportAction {
    /// What is to be done.
    pub text: String,
    /// Who sees to it, as they are called.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<CivilDate>,
    /// When it was done.
    pub done_at: Option<TimestampMs>,
    /// What it comes of.
    pub because: Option<String>,
}
