//! Planning an exercise: what it is to show, its roles, and the injects in the order in which they come.

use millwright_model::*;

use super::template::{Content, content};
use super::{clock, inject_of, not_now, role_of, room_for, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, optional_text, required_text};

pub(crate) async fn create(engine: &Inner, command: ExerciseCreate) -> Result<ExerciseId, EngineError> {
    let actor = actor(engine)?;
    let template = match &command.template {
        Some(key) => Some(content(key, &command.language)?),
        None => None,
    };
    let mut unit = Unit::begin(engine, actor).await?;
    let scenario: Scenario = unit.need(command.scenario_id, Missing::Scenario).await?;
    let of_template = template.as_ref().map(|template| template.title.clone());
    let title = command.title.or(of_template).unwrap_or(scenario.name);
    let exercise = Exercise {
        exercise_id: unit.mint(),
        scenario_id: scenario.scenario_id,
        title: required_text(&title, Input::Title, Exercise::TITLE_CHARS)?,
        planned_on: None,
        objectives: template.as_ref().map(|template| template.objectives.join("\n")).unwrap_or_default(),
        created_at: unit.now,
        created_by: engine.person(),
    };
    unit.create(&exercise).await?;
    if let Some(template) = template {
        fill(&mut unit, exercise.exercise_id, template).await?;
    }
    unit.stale(CacheTag::Exercises);
    unit.commit().await?;
    Ok(exercise.exercise_id)
}

/// The roles and injects of a template.
async fn fill(unit: &mut Unit<'_>, exercise_id: ExerciseId, template: Content) -> Result<(), EngineError> {
    let mut roles = Vec::new();
    for (place, role) in template.roles.into_iter().enumerate() {
        let exercise_role_id: ExerciseRoleId = unit.mint();
        let place = place as i64;
        let made = ExerciseRole { exercise_role_id, exercise_id, name: role.name, person_id: None, place };
        unit.create(&made).await?;
        roles.push((role.key, exercise_role_id));
    }
    for inject in template.injects {
        let role = roles.iter().find(|(key, _)| *key == inject.to);
        let (_, role_id) = role.ok_or(EngineError::NotFound(Missing::ExerciseRole))?;
        let made = ExerciseInject {
            exercise_inject_id: unit.mint(),
            exercise_id,
            at_ms: inject.at_ms(),
            sender: inject.from,
            role_id: *role_id,
            means: inject.by,
            message: inject.says,
            expected: inject.expects,
            notes: inject.notes,
        };
        unit.create(&made).await?;
    }
    Ok(())
}

pub(crate) async fn plan(engine: &Inner, command: ExercisePlan) -> Result<Done, EngineError> {
    let title = required_text(&command.title, Input::Title, Exercise::TITLE_CHARS)?;
    let objectives =
        optional_text(&command.objectives, Input::ExerciseObjectives, Exercise::OBJECTIVES_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let before: Exercise = unit.need(command.exercise_id, Missing::Exercise).await?;
    let after = Exercise { title, objectives, planned_on: command.planned_on, ..before.clone() };
    unit.update(&before, &after).await?;
    unit.stale(CacheTag::Exercises);
    unit.commit().await
}

pub(crate) async fn remove(engine: &Inner, command: ExerciseRemove) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let exercise: Exercise = unit.need(command.exercise_id, Missing::Exercise).await?;
    if clock(&mut unit, exercise.exercise_id).await?.state != ExerciseState::Planned {
        return Err(not_now(ExerciseFault::StartedAlready));
    }
    for inject in unit.injects_of_exercise(exercise.exercise_id).await? {
        unit.remove(&inject).await?;
    }
    for role in unit.roles_of_exercise(exercise.exercise_id).await? {
        unit.remove(&role).await?;
    }
    unit.remove(&exercise).await?;
    unit.stale(CacheTag::Exercises);
    unit.commit().await
}

pub(crate) async fn role_save(
    engine: &Inner,
    command: ExerciseRoleSave,
) -> Result<ExerciseRoleId, EngineError> {
    let name = required_text(&command.name, Input::ExerciseRole, ExerciseRole::NAME_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let exercise: Exercise = unit.need(command.exercise_id, Missing::Exercise).await?;
    if let Some(person_id) = command.person_id {
        unit.need::<Person>(person_id, Missing::Person).await?;
    }
    let role = match command.exercise_role_id {
        Some(role_id) => {
            let before = role_of(&mut unit, exercise.exercise_id, role_id).await?;
            let after = ExerciseRole { name, person_id: command.person_id, ..before.clone() };
            unit.update(&before, &after).await?;
            after
        }
        None => {
            let others = unit.roles_of_exercise(exercise.exercise_id).await?;
            room_for("roles", others.len(), ExerciseRole::OF_EXERCISE_MAX)?;
            let role = ExerciseRole {
                exercise_role_id: unit.mint(),
                exercise_id: exercise.exercise_id,
                name,
                person_id: command.person_id,
                place: others.last().map_or(0, |last| last.place + 1),
            };
            unit.create(&role).await?;
            role
        }
    };
    unit.stale(CacheTag::Exercises);
    unit.commit().await?;
    Ok(role.exercise_role_id)
}

pub(crate) async fn role_remove(engine: &Inner, command: ExerciseRoleRemove) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let role: ExerciseRole = unit.need(command.exercise_role_id, Missing::ExerciseRole).await?;
    let injects = unit.injects_of_exercise(role.exercise_id).await?;
    let count = injects.iter().filter(|inject| inject.role_id == role.exercise_role_id).count() as u64;
    if count > 0 {
        return Err(not_now(ExerciseFault::RoleInUse { count }));
    }
    unit.remove(&role).await?;
    unit.stale(CacheTag::Exercises);
    unit.commit().await
}

pub(crate) async fn inject_save(
    engine: &Inner,
    command: ExerciseInjectSave,
) -> Result<ExerciseInjectId, EngineError> {
    let sender = optional_text(&command.sender, Input::InjectSender, ExerciseInject::SENDER_CHARS)?;
    let message = required_text(&command.message, Input::InjectMessage, ExerciseInject::TEXT_CHARS)?;
    let expected = optional_text(&command.expected, Input::InjectExpected, ExerciseInject::TEXT_CHARS)?;
    let notes = optional_text(&command.notes, Input::InjectNotes, ExerciseInject::TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let exercise: Exercise = unit.need(command.exercise_id, Missing::Exercise).await?;
    let role = role_of(&mut unit, exercise.exercise_id, command.role_id).await?;
    let before = match command.exercise_inject_id {
        Some(inject_id) => Some(inject_of(&mut unit, exercise.exercise_id, inject_id).await?),
        None => None,
    };
    if before.is_none() {
        let count = unit.injects_of_exercise(exercise.exercise_id).await?.len();
        room_for("injects", count, ExerciseInject::OF_EXERCISE_MAX)?;
    }
    let at_ms = still_to_come(&mut unit, exercise.exercise_id, before.as_ref(), command.at_ms).await?;
    let after = ExerciseInject {
        exercise_inject_id: before.as_ref().map_or_else(|| unit.mint(), |before| before.exercise_inject_id),
        exercise_id: exercise.exercise_id,
        at_ms,
        sender,
        role_id: role.exercise_role_id,
        means: command.means,
        message,
        expected,
        notes,
    };
    match &before {
        Some(before) => {
            unit.update(before, &after).await?;
        }
        None => {
            unit.create(&after).await?;
        }
    }
    unit.stale(CacheTag::Exercises);
    unit.commit().await?;
    Ok(after.exercise_inject_id)
}

/// When an inject comes that is to come at `at_ms`: where the exercise is past that already, at once. One that came, and
/// one of an exercise that is over, stays as it is.
async fn still_to_come(
    unit: &mut Unit<'_>,
    exercise_id: ExerciseId,
    inject: Option<&ExerciseInject>,
    at_ms: i64,
) -> Result<i64, EngineError> {
    if !(0..=ExerciseInject::AT_MAX_MS).contains(&at_ms) {
        return Err(unfit(ExerciseFault::TimeUnfit));
    }
    let (clock, now) = (clock(unit, exercise_id).await?, unit.now);
    if clock.state == ExerciseState::Ended {
        return Err(not_now(ExerciseFault::Ended));
    }
    if inject.is_some_and(|inject| clock.has_come(inject, now)) {
        return Err(not_now(ExerciseFault::InjectCame));
    }
    Ok(at_ms.max(clock.reading_ms(now)))
}

pub(crate) async fn inject_move(engine: &Inner, command: ExerciseInjectMove) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let before: ExerciseInject = unit.need(command.exercise_inject_id, Missing::ExerciseInject).await?;
    let at_ms = still_to_come(&mut unit, before.exercise_id, Some(&before), command.at_ms).await?;
    unit.update(&before, &ExerciseInject { at_ms, ..before.clone() }).await?;
    unit.stale(CacheTag::Exercises);
    unit.commit().await
}

pub(crate) async fn inject_remove(
    engine: &Inner,
    command: ExerciseInjectRemove,
) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let inject: ExerciseInject = unit.need(command.exercise_inject_id, Missing::ExerciseInject).await?;
    still_to_come(&mut unit, inject.exercise_id, Some(&inject), inject.at_ms).await?;
    unit.remove(&inject).await?;
    unit.stale(CacheTag::Exercises);
    unit.commit().await
}
