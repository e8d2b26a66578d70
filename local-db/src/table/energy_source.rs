//! Sources of energy of machines.

use millwright_model::{AssetId, EnergySource, Entity};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::EnergySource,
    columns: &[
        ("energy_source_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("name", Kind::Text),
        ("energy", Kind::Text),
        ("tag_binding_id", Kind::Text),
        ("bound_by", Kind::Reference),
        ("approved_by", Kind::Reference),
        ("approved_at", Kind::Integer),
        ("isolated_at", Kind::Text),
        ("ended_at", Kind::Integer),
    ],
};

impl Session {
    /// The sources of energy of a machine, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn energy_sources_of(&mut self, asset_id: AssetId) -> Result<Vec<EnergySource>, StoreError> {
        self.select(
            "where deleted = 0 and ended_at is null and asset_id = ? order by name, energy_source_id",
            vec![asset_id.0.into()],
        )
        .await
    }
}
