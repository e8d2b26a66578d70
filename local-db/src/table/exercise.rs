//! Tabletop exercises.

use millwright_model::{Entity, Exercise};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Exercise,
    columns: &[
        ("exercise_id", Kind::Text),
        ("scenario_id", Kind::Text),
        ("title", Kind::Text),
        ("planned_on", Kind::Text),
        ("objectives", Kind::Text),
        ("created_at", Kind::Integer),
        ("created_by", Kind::Reference),
    ],
};

impl Session {
    /// Exercises, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn exercises(&mut self) -> Result<Vec<Exercise>, StoreError> {
        self.select("where deleted = 0 order by created_at desc, exercise_id limit 500", Vec::new()).await
    }
}
