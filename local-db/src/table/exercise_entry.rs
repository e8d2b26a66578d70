//! Logs of exercises.

use millwright_model::{Entity, ExerciseEntry, ExerciseId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ExerciseEntry,
    columns: &[
        ("exercise_entry_id", Kind::Text),
        ("exercise_id", Kind::Text),
        ("entry_kind", Kind::Text),
        ("inject_id", Kind::Text),
        ("role_id", Kind::Text),
        ("played_by", Kind::Reference),
        ("text", Kind::Text),
        ("met", Kind::Text),
        ("at_ms", Kind::Integer),
        ("corrects", Kind::Text),
        ("logged_at", Kind::Integer),
        ("logged_by", Kind::Reference),
    ],
};

impl Session {
    /// The log of an exercise, the oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn log_of_exercise(
        &mut self,
        exercise_id: ExerciseId,
    ) -> Result<Vec<ExerciseEntry>, StoreError> {
        self.select(
            "where deleted = 0 and exercise_id = ? order by logged_at, exercise_entry_id",
            vec![exercise_id.0.into()],
        )
        .await
    }
}
