//! What is improved after an exercise: by whom, by when, and whether it is done.

use std::collections::BTreeMap;

use millwright_model::*;

use super::{entry_of, room_for};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, date, required_text};

/// So many actions are shown to somebody.
const ACTIONS_MAX: usize = 50;

pub(crate) async fn action_save(
    engine: &Inner,
    command: ExerciseActionSave,
) -> Result<ExerciseActionId, EngineError> {
    let text = required_text(&command.text, Input::ExerciseAction, ExerciseAction::TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let exercise: Exercise = unit.need(command.exercise_id, Missing::Exercise).await?;
    if let Some(owner) = command.owner {
        unit.need::<Person>(owner, Missing::Person).await?;
    }
    if let Some(entry_id) = command.entry_id {
        entry_of(&mut unit, exercise.exercise_id, entry_id).await?;
    }
    let ExerciseActionSave { entry_id, owner, due, .. } = command;
    let action_id = match command.exercise_action_id {
        Some(action_id) => {
            let before: ExerciseAction = unit.need(action_id, Missing::ExerciseAction).await?;
            let after = ExerciseAction { text, entry_id, owner, due, ..before.clone() };
            unit.update(&before, &after).await?;
            action_id
        }
        None => {
            let count = unit.actions_of_exercise(exercise.exercise_id).await?.len();
            room_for("actions", count, ExerciseAction::OF_EXERCISE_MAX)?;
            let action = ExerciseAction {
                exercise_action_id: unit.mint(),
                exercise_id: exercise.exercise_id,
                text,
                entry_id,
                owner,
                due,
                done_at: None,
                done_by: None,
                created_at: unit.now,
                created_by: engine.person(),
            };
            unit.create(&action).await?;
            action.exercise_action_id
        }
    };
    unit.stale(CacheTag::Exercises);
    unit.commit().await?;
    Ok(action_id)
}

pub(crate) async fn action_done(engine: &Inner, command: ExerciseActionDone) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let before: ExerciseAction = unit.need(command.exercise_action_id, Missing::ExerciseAction).await?;
    let after = match command.is_done {
        true => ExerciseAction {
            done_at: before.done_at.or(Some(unit.now)),
            done_by: before.done_by.or(engine.person()),
            ..before.clone()
        },
        false => ExerciseAction { done_at: None, done_by: None, ..before.clone() },
    };
    unit.update(&before, &after).await?;
    unit.stale(CacheTag::Exercises);
    unit.commit().await
}

pub(crate) async fn actions(
    engine: &Inner,
    _command: ExerciseActionList,
) -> Result<Vec<ExerciseActionView>, EngineError> {
    let Some(person_id) = engine.person() else { return Ok(Vec::new()) };
    let is_own = |owner: PersonId| engine.people.stands_for(owner) == engine.people.stands_for(person_id);
    let mut session = engine.database.read().await?;
    let zone = date::plant_zone(&mut session).await?;
    let today = date::civil_date(engine.now(), &zone);
    let mut titles: BTreeMap<ExerciseId, Option<String>> = BTreeMap::new();
    let mut found = Vec::new();
    for action in session.open_exercise_actions().await? {
        if !action.owner.is_some_and(is_own) || found.len() >= ACTIONS_MAX {
            continue;
        }
        let title = match titles.get(&action.exercise_id) {
            Some(title) => title.clone(),
            None => {
                let exercise: Option<Exercise> = session.get(action.exercise_id).await?;
                let title = exercise.map(|exercise| exercise.title);
                titles.insert(action.exercise_id, title.clone());
                title
            }
        };
        let Some(exercise_title) = title else { continue };
        let late = action.due.is_some_and(|due| due < today);
        found.push(ExerciseActionView { exercise_title, action, late });
    }
    Ok(found)
}
