//! Tabletop exercises of scenarios: planned from a template, played by a clock, logged, and looked back on.

mod action;
mod plan;
mod report;
mod run;
mod show;
mod template;

pub(crate) use action::{action_done, action_save, actions};
pub(crate) use plan::{
    create, inject_move, inject_remove, inject_save, plan, remove, role_remove, role_save,
};
pub(crate) use report::{report_of, report_write};
pub(crate) use run::{clock_move, log};
pub(crate) use show::{list, show};
pub(crate) use template::list as template_list;

use millwright_model::*;

use crate::EngineError;
use crate::unit::Unit;

/// Something that is asked for and cannot be.
fn unfit(fault: ExerciseFault) -> EngineError {
    EngineError::Invalid(Refusal::Exercise { fault })
}

/// Something that cannot be as things stand.
fn not_now(fault: ExerciseFault) -> EngineError {
    EngineError::Precondition(Refusal::Exercise { fault })
}

/// The clock of an exercise as it stands.
async fn clock(unit: &mut Unit<'_>, exercise_id: ExerciseId) -> Result<ExerciseClock, EngineError> {
    Ok(ExerciseClock::of(&unit.moves_of_exercise(exercise_id).await?))
}

/// Refuses one more of something than an exercise can have.
fn room_for(what: &str, count: usize, limit: usize) -> Result<(), EngineError> {
    if count < limit {
        return Ok(());
    }
    Err(unfit(ExerciseFault::TooMany { what: what.to_owned(), limit: limit as u64 }))
}

/// A role of an exercise, and of no other one.
async fn role_of(
    unit: &mut Unit<'_>,
    exercise_id: ExerciseId,
    role_id: ExerciseRoleId,
) -> Result<ExerciseRole, EngineError> {
    let role: ExerciseRole = unit.need(role_id, Missing::ExerciseRole).await?;
    if role.exercise_id == exercise_id { Ok(role) } else { Err(unfit(ExerciseFault::AnotherExercise)) }
}

/// An inject of an exercise, and of no other one.
async fn inject_of(
    unit: &mut Unit<'_>,
    exercise_id: ExerciseId,
    inject_id: ExerciseInjectId,
) -> Result<ExerciseInject, EngineError> {
    let inject: ExerciseInject = unit.need(inject_id, Missing::ExerciseInject).await?;
    if inject.exercise_id == exercise_id { Ok(inject) } else { Err(unfit(ExerciseFault::AnotherExercise)) }
}

/// A line of the log of an exercise, and of no other one.
async fn entry_of(
    unit: &mut Unit<'_>,
    exercise_id: ExerciseId,
    entry_id: ExerciseEntryId,
) -> Result<ExerciseEntry, EngineError> {
    let entry: ExerciseEntry = unit.need(entry_id, Missing::ExerciseEntry).await?;
    if entry.exercise_id == exercise_id { Ok(entry) } else { Err(unfit(ExerciseFault::AnotherExercise)) }
}
