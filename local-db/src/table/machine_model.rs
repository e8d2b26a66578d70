//! Models of machines.

use millwright_model::{Asset, Entity, MachineModel};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::MachineModel,
    columns: &[
        ("machine_model_id", Kind::Text),
        ("name", Kind::Text),
        ("asset_id", Kind::Reference),
        ("asset_class", Kind::Text),
        ("attachment_id", Kind::Text),
        ("blob", Kind::Text),
        ("parts", Kind::Json),
        ("triangle_count", Kind::Integer),
        ("brought_at", Kind::Integer),
        ("brought_by", Kind::Reference),
        ("ended_at", Kind::Integer),
    ],
};

impl Session {
    /// The models for a machine: its own first, then those of its class, the newest of each first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn models_for(&mut self, asset: &Asset) -> Result<Vec<MachineModel>, StoreError> {
        self.select(
            "where deleted = 0 and ended_at is null and (asset_id = ? or asset_class = ?) \
             order by asset_id is null, brought_at desc, machine_model_id",
            vec![asset.asset_id.0.into(), asset.class.as_deref().into()],
        )
        .await
    }
}
