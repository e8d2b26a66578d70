//! People: an id and a sealed name.

use millwright_model::{Entity, Person};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Person,
    columns: &[
        ("person_id", Kind::Text),
        ("sealed_name", Kind::Text),
        ("sealed_erp_number", Kind::Text),
        ("language", Kind::Text),
        ("left_at", Kind::Integer),
        ("role", Kind::Text),
    ],
};

impl Session {
    /// Everybody who has not left.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn people(&mut self) -> Result<Vec<Person>, StoreError> {
        self.select("where deleted = 0 and left_at is null order by person_id", vec![]).await
    }
}
