//! Exercises with what belongs to them.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

const OURS: ExerciseId = ExerciseId(Uuid::from_u128(8));

#[tokio::test]
async fn exercises_come_with_the_newest_first() {
    let store = Store::new().await;
    let (old, new) = (exercise(1, 5, 10), exercise(2, 5, 20));
    put(&store, &[old.clone(), new.clone()]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.exercises().await.unwrap(), [new, old]);
}

#[tokio::test]
async fn roles_stand_in_their_places_and_injects_in_the_order_in_which_they_come() {
    let store = Store::new().await;
    let (second, first, other) = (exercise_role(1, 8, 2), exercise_role(2, 8, 1), exercise_role(3, 9, 0));
    put(&store, &[second.clone(), first.clone(), other]).await;
    let (late, early, other) =
        (exercise_inject(1, 8, 900), exercise_inject(2, 8, 0), exercise_inject(3, 9, 5));
    put(&store, &[late.clone(), early.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.roles_of_exercise(OURS).await.unwrap(), [first, second]);
    assert_eq!(session.injects_of_exercise(OURS).await.unwrap(), [early, late]);
}

#[tokio::test]
async fn moves_of_a_clock_and_lines_of_a_log_come_with_the_oldest_first() {
    let store = Store::new().await;
    let (later, earlier, other) = (exercise_move(1, 8, 20), exercise_move(2, 8, 10), exercise_move(3, 9, 5));
    put(&store, &[later.clone(), earlier.clone(), other]).await;
    let (second, first, foreign) =
        (exercise_entry(1, 8, 20), exercise_entry(2, 8, 10), exercise_entry(3, 9, 5));
    put(&store, &[second.clone(), first.clone(), foreign]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.moves_of_exercise(OURS).await.unwrap(), [earlier, later]);
    assert_eq!(session.log_of_exercise(OURS).await.unwrap(), [first, second]);
}

#[tokio::test]
async fn an_action_is_open_until_it_is_done_and_somebody_sees_to_it() {
    let store = Store::new().await;
    let done = exercise_action(1, 8);
    let open = |number| ExerciseAction { done_at: None, done_by: None, ..exercise_action(number, 9) };
    let nobodys = ExerciseAction { owner: None, ..open(2) };
    let (dated, undated) = (open(4), ExerciseAction { due: None, ..open(3) });
    put(&store, &[done.clone(), nobodys, undated.clone(), dated.clone()]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.open_exercise_actions().await.unwrap(), [dated, undated]);
    assert_eq!(session.actions_of_exercise(OURS).await.unwrap(), [done]);
}
