//! Playing an exercise: the moves of its clock, and its log.

use millwright_model::*;

use super::{clock, entry_of, inject_of, not_now, role_of, room_for, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, optional_text, required_text};

pub(crate) async fn clock_move(
    engine: &Inner,
    command: ExerciseClockMove,
) -> Result<ExerciseClock, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let exercise: Exercise = unit.need(command.exercise_id, Missing::Exercise).await?;
    let mut moves = unit.moves_of_exercise(exercise.exercise_id).await?;
    // Always after what is known here: a clock on the wall that was set back, or is behind that of another device, must
    // not put a pause before its start.
    let after_all = moves.last().map(|last| last.moved_at.plus_ms(1));
    let moved_at = after_all.map_or(unit.now, |after_all| after_all.max(unit.now));
    ExerciseClock::of(&moves).allows(command.act, moved_at).map_err(not_now)?;
    let made = ExerciseMove {
        exercise_move_id: unit.mint(),
        exercise_id: exercise.exercise_id,
        act: command.act,
        moved_at,
        moved_by: engine.person(),
    };
    unit.create(&made).await?;
    moves.push(made);
    // The others at the table are to see it now: what is wrong is put right by the next move.
    unit.leaves_at_once();
    unit.stale(CacheTag::Exercises);
    unit.commit().await?;
    Ok(ExerciseClock::of(&moves))
}

pub(crate) async fn log(engine: &Inner, command: ExerciseLog) -> Result<Done, EngineError> {
    let is_response = command.entry_kind == ExerciseEntryKind::Response;
    let says_how = command.met.is_some() && command.inject_id.is_some();
    if is_response != command.met.is_some() || (is_response && !says_how) {
        return Err(unfit(ExerciseFault::ResponseUnfit));
    }
    // A response may be told by how it met what was expected alone: people do not wait for whoever types.
    let text = match is_response {
        true => optional_text(&command.text, Input::ExerciseEntry, ExerciseEntry::TEXT_CHARS)?,
        false => required_text(&command.text, Input::ExerciseEntry, ExerciseEntry::TEXT_CHARS)?,
    };
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let exercise: Exercise = unit.need(command.exercise_id, Missing::Exercise).await?;
    let (clock, now) = (clock(&mut unit, exercise.exercise_id).await?, unit.now);
    if clock.state == ExerciseState::Planned {
        return Err(not_now(ExerciseFault::NotStarted));
    }
    let inject = match command.inject_id {
        Some(inject_id) => Some(inject_of(&mut unit, exercise.exercise_id, inject_id).await?),
        None => None,
    };
    if inject.as_ref().is_some_and(|inject| !clock.has_come(inject, now)) {
        return Err(not_now(ExerciseFault::InjectNotCome));
    }
    let corrected = match command.corrects {
        Some(entry_id) => Some(entry_of(&mut unit, exercise.exercise_id, entry_id).await?),
        None => None,
    };
    let asked = inject.as_ref().filter(|_| is_response).map(|inject| inject.role_id);
    let role = match command.role_id.or(asked) {
        Some(role_id) => Some(role_of(&mut unit, exercise.exercise_id, role_id).await?),
        None => None,
    };
    let count = unit.log_of_exercise(exercise.exercise_id).await?.len();
    room_for("entries", count, ExerciseEntry::OF_EXERCISE_MAX)?;
    let role_id = role.as_ref().map(|role| role.exercise_role_id);
    // What is corrected was done when it was done, by who played the role then.
    let then = corrected.as_ref().filter(|entry| entry.role_id == role_id);
    let entry = ExerciseEntry {
        exercise_entry_id: unit.mint(),
        exercise_id: exercise.exercise_id,
        entry_kind: command.entry_kind,
        inject_id: command.inject_id,
        role_id,
        played_by: match then {
            Some(then) => then.played_by,
            None => role.and_then(|role| role.person_id),
        },
        text,
        met: command.met,
        at_ms: corrected.as_ref().map_or_else(|| clock.reading_ms(now), |entry| entry.at_ms),
        corrects: command.corrects,
        logged_at: now,
        logged_by: engine.person(),
    };
    unit.create(&entry).await?;
    unit.stale(CacheTag::Exercises);
    unit.commit().await
}
