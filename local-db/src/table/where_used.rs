//! Which part is built in where.

use millwright_model::{AssetId, Entity, PartId, WhereUsed};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::WhereUsed,
    columns: &[
        ("where_used_id", Kind::Text),
        ("part_id", Kind::Reference),
        ("asset_id", Kind::Reference),
        ("quantity", Kind::Json),
        ("place", Kind::Text),
    ],
};

impl Session {
    /// Where a part is built in.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn where_used_of_part(&mut self, part_id: PartId) -> Result<Vec<WhereUsed>, StoreError> {
        self.select("where deleted = 0 and part_id = ? order by asset_id", vec![part_id.0.into()]).await
    }

    /// What is built into an asset.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn where_used_of_asset(&mut self, asset_id: AssetId) -> Result<Vec<WhereUsed>, StoreError> {
        self.select("where deleted = 0 and asset_id = ? order by part_id", vec![asset_id.0.into()]).await
    }
}
