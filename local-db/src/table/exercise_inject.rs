//! Injects of exercises.

use millwright_model::{Entity, ExerciseId, ExerciseInject};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ExerciseInject,
    columns: &[
        ("exercise_inject_id", Kind::Text),
        ("exercise_id", Kind::Text),
        ("at_ms", Kind::Integer),
        ("sender", Kind::Text),
        ("role_id", Kind::Text),
        ("means", Kind::Text),
        ("message", Kind::Text),
        ("expected", Kind::Text),
        ("notes", Kind::Text),
    ],
};

impl Session {
    /// The injects of an exercise, in the order in which they come.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn injects_of_exercise(
        &mut self,
        exercise_id: ExerciseId,
    ) -> Result<Vec<ExerciseInject>, StoreError> {
        self.select(
            "where deleted = 0 and exercise_id = ? order by at_ms, exercise_inject_id",
            vec![exercise_id.0.into()],
        )
        .await
    }
}
