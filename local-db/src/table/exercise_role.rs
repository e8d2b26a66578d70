//! Roles of exercises.

use millwright_model::{Entity, ExerciseId, ExerciseRole};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ExerciseRole,
    columns: &[
        ("exercise_role_id", Kind::Text),
        ("exercise_id", Kind::Text),
        ("name", Kind::Text),
        ("person_id", Kind::Reference),
        ("place", Kind::Integer),
    ],
};

impl Session {
    /// The roles of an exercise, in their places.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn roles_of_exercise(
        &mut self,
        exercise_id: ExerciseId,
    ) -> Result<Vec<ExerciseRole>, StoreError> {
        self.select(
            "where deleted = 0 and exercise_id = ? order by place, exercise_role_id",
            vec![exercise_id.0.into()],
        )
        .await
    }
}
