//! Exercises, their roles, injects, moves, logs and actions to put into a store.

use millwright_model::*;
use uuid::Uuid;

const AT: TimestampMs = TimestampMs(1_000);

fn person() -> Option<PersonId> {
    Some(PersonId(Uuid::from_u128(21)))
}

fn of(exercise: u128) -> ExerciseId {
    ExerciseId(Uuid::from_u128(exercise))
}

pub fn exercise(number: u128, scenario: u128, created_at: i64) -> Exercise {
    Exercise {
        exercise_id: of(number),
        scenario_id: ScenarioId(Uuid::from_u128(scenario)),
        title: format!("Exercise {number}"),
        planned_on: CivilDate::from_ymd(2027, 3, 1),
        objectives: "Who calls whom\nHow long the stock lasts".into(),
        created_at: TimestampMs(created_at),
        created_by: person(),
    }
}

pub fn exercise_role(number: u128, exercise: u128, place: i64) -> ExerciseRole {
    ExerciseRole {
        exercise_role_id: ExerciseRoleId(Uuid::from_u128(number)),
        exercise_id: of(exercise),
        name: "Purchasing".into(),
        person_id: person(),
        place,
    }
}

pub fn exercise_inject(number: u128, exercise: u128, at_ms: i64) -> ExerciseInject {
    ExerciseInject {
        exercise_inject_id: ExerciseInjectId(Uuid::from_u128(number)),
        exercise_id: of(exercise),
        at_ms,
        sender: "Bank".into(),
        role_id: ExerciseRoleId(Uuid::from_u128(31)),
        means: InjectMeans::Phone,
        message: "They stop their line of credit".into(),
        expected: "Ask what is open".into(),
        notes: "Let it ring".into(),
    }
}

pub fn exercise_move(number: u128, exercise: u128, moved_at: i64) -> ExerciseMove {
    ExerciseMove {
        exercise_move_id: ExerciseMoveId(Uuid::from_u128(number)),
        exercise_id: of(exercise),
        act: ExerciseAct::Jump { to_ms: 60_000 },
        moved_at: TimestampMs(moved_at),
        moved_by: person(),
    }
}

pub fn exercise_entry(number: u128, exercise: u128, logged_at: i64) -> ExerciseEntry {
    ExerciseEntry {
        exercise_entry_id: ExerciseEntryId(Uuid::from_u128(number)),
        exercise_id: of(exercise),
        entry_kind: ExerciseEntryKind::Response,
        inject_id: Some(ExerciseInjectId(Uuid::from_u128(41))),
        role_id: Some(ExerciseRoleId(Uuid::from_u128(31))),
        played_by: person(),
        text: "Called the bank".into(),
        met: Some(InjectMet::Partly),
        at_ms: 60_000,
        corrects: Some(ExerciseEntryId(Uuid::from_u128(51))),
        logged_at: TimestampMs(logged_at),
        logged_by: person(),
    }
}

/// An action that is done.
pub fn exercise_action(number: u128, exercise: u128) -> ExerciseAction {
    ExerciseAction {
        exercise_action_id: ExerciseActionId(Uuid::from_u128(number)),
        exercise_id: of(exercise),
        text: "Keep a list of who to call".into(),
        entry_id: Some(ExerciseEntryId(Uuid::from_u128(51))),
        owner: person(),
        due: CivilDate::from_ymd(2027, 4, 1),
        done_at: Some(AT),
        done_by: person(),
        created_at: AT,
        created_by: person(),
    }
}
