//! Improvement actions that came of exercises.

use millwright_model::{Entity, ExerciseAction, ExerciseId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ExerciseAction,
    columns: &[
        ("exercise_action_id", Kind::Text),
        ("exercise_id", Kind::Text),
        ("text", Kind::Text),
        ("entry_id", Kind::Text),
        ("owner", Kind::Reference),
        ("due", Kind::Text),
        ("done_at", Kind::Integer),
        ("done_by", Kind::Reference),
        ("created_at", Kind::Integer),
        ("created_by", Kind::Reference),
    ],
};

impl Session {
    /// The improvement actions of an exercise, in the order in which they were written down.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn actions_of_exercise(
        &mut self,
        exercise_id: ExerciseId,
    ) -> Result<Vec<ExerciseAction>, StoreError> {
        self.select(
            "where deleted = 0 and exercise_id = ? order by created_at, exercise_action_id",
            vec![exercise_id.0.into()],
        )
        .await
    }

    /// The improvement actions that are not done and that somebody sees to, those with the nearest day first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_exercise_actions(&mut self) -> Result<Vec<ExerciseAction>, StoreError> {
        self.select(
            "where deleted = 0 and done_at is null and owner is not null \
             order by due is null, due, created_at, exercise_action_id",
            Vec::new(),
        )
        .await
    }
}
