//! Signposts of scenarios.

use millwright_model::{Entity, ScenarioId, Signpost};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Signpost,
    columns: &[
        ("signpost_id", Kind::Text),
        ("scenario_id", Kind::Text),
        ("name", Kind::Text),
        ("tag_binding_id", Kind::Text),
        ("side", Kind::Text),
        ("threshold", Kind::Real),
        ("holds_ms", Kind::Integer),
        ("set_at", Kind::Integer),
        ("set_by", Kind::Reference),
        ("ended_at", Kind::Integer),
    ],
};

impl Session {
    /// The signposts of a scenario, in the order in which they were set.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn signposts_of(&mut self, scenario_id: ScenarioId) -> Result<Vec<Signpost>, StoreError> {
        self.select(
            "where deleted = 0 and ended_at is null and scenario_id = ? order by set_at, signpost_id",
            vec![scenario_id.0.into()],
        )
        .await
    }

    /// All signposts that stand.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn signposts(&mut self) -> Result<Vec<Signpost>, StoreError> {
        self.select("where deleted = 0 and ended_at is null order by set_at, signpost_id", Vec::new()).await
    }
}
