//! Moves of the clocks of exercises.

use millwright_model::{Entity, ExerciseId, ExerciseMove};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ExerciseMove,
    columns: &[
        ("exercise_move_id", Kind::Text),
        ("exercise_id", Kind::Text),
        ("act", Kind::Json),
        ("moved_at", Kind::Integer),
        ("moved_by", Kind::Reference),
    ],
};

impl Session {
    /// The moves of an exercise's clock, the oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn moves_of_exercise(
        &mut self,
        exercise_id: ExerciseId,
    ) -> Result<Vec<ExerciseMove>, StoreError> {
        self.select(
            "where deleted = 0 and exercise_id = ? order by moved_at, exercise_move_id",
            vec![exercise_id.0.into()],
        )
        .await
    }
}
