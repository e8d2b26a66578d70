//! Scenarios.

use millwright_model::{Entity, Scenario};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Scenario,
    columns: &[
        ("scenario_id", Kind::Text),
        ("name", Kind::Text),
        ("language", Kind::Text),
        ("created_at", Kind::Integer),
        ("created_by", Kind::Reference),
        ("ended_at", Kind::Integer),
    ],
};

impl Session {
    /// Scenarios that were not put away, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn scenarios(&mut self) -> Result<Vec<Scenario>, StoreError> {
        self.select("where deleted = 0 and ended_at is null order by name, scenario_id", Vec::new()).await
    }
}
