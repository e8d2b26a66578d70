//! Workshops.

use millwright_model::{Entity, Workshop};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Workshop,
    columns: &[
        ("workshop_id", Kind::Text),
        ("title", Kind::Text),
        ("created_at", Kind::Integer),
        ("created_by", Kind::Reference),
        ("created_on", Kind::Text),
        ("held_on", Kind::Text),
        ("ended_at", Kind::Integer),
        ("door", Kind::Json),
    ],
};

impl Session {
    /// Workshops, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn workshops(&mut self) -> Result<Vec<Workshop>, StoreError> {
        self.select("where deleted = 0 order by created_at desc, workshop_id", Vec::new()).await
    }
}
