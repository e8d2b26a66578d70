//! Exercises as screens show them: the list, and one with all on it.

use std::collections::BTreeSet;

use millwright_model::*;

use crate::EngineError;
use crate::engine::Inner;

pub(crate) async fn list(
    engine: &Inner,
    command: ExerciseList,
) -> Result<Vec<ExerciseOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let mut overviews = Vec::new();
    for exercise in session.exercises().await? {
        if command.scenario_id.is_some_and(|scenario_id| scenario_id != exercise.scenario_id) {
            continue;
        }
        let clock = ExerciseClock::of(&session.moves_of_exercise(exercise.exercise_id).await?);
        let injects = session.injects_of_exercise(exercise.exercise_id).await?;
        let actions = session.actions_of_exercise(exercise.exercise_id).await?;
        overviews.push(ExerciseOverview {
            state: clock.state,
            started_at: clock.started_at,
            inject_count: injects.len() as u32,
            open_action_count: actions.iter().filter(|action| action.done_at.is_none()).count() as u32,
            exercise,
        });
    }
    Ok(overviews)
}

pub(crate) async fn show(engine: &Inner, command: ExerciseShow) -> Result<ExerciseView, EngineError> {
    let mut session = engine.database.read().await?;
    let exercise: Option<Exercise> = session.get(command.exercise_id).await?;
    let exercise = exercise.ok_or(EngineError::NotFound(Missing::Exercise))?;
    let scenario: Option<Scenario> = session.get(exercise.scenario_id).await?;
    let id = exercise.exercise_id;
    let mut view = ExerciseView {
        exercise,
        scenario_name: scenario.map(|scenario| scenario.name).unwrap_or_default(),
        clock: ExerciseClock::of(&session.moves_of_exercise(id).await?),
        roles: session.roles_of_exercise(id).await?,
        injects: session.injects_of_exercise(id).await?,
        log: session.log_of_exercise(id).await?,
        actions: session.actions_of_exercise(id).await?,
        people: Vec::new(),
    };
    view.people = people(engine, &view);
    Ok(view)
}

/// What everybody is called who is named in an exercise.
fn people(engine: &Inner, view: &ExerciseView) -> Vec<ExercisePerson> {
    let roles = view.roles.iter().map(|role| role.person_id);
    let log = view.log.iter().flat_map(|entry| [entry.played_by, entry.logged_by]);
    let actions = view.actions.iter().flat_map(|action| [action.owner, action.done_by]);
    let own = [view.exercise.created_by];
    let all: BTreeSet<PersonId> = roles.chain(log).chain(actions).chain(own).flatten().collect();
    let named = |person_id| ExercisePerson { person_id, name: engine.people.name(Some(person_id)) };
    all.into_iter().map(named).collect()
}
