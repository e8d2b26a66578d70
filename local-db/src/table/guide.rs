//! Guides.

use millwright_model::{Asset, Entity, Guide};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Guide,
    columns: &[
        ("guide_id", Kind::Text),
        ("name", Kind::Text),
        ("asset_id", Kind::Reference),
        ("asset_class", Kind::Text),
        ("created_at", Kind::Integer),
        ("created_by", Kind::Reference),
        ("ended_at", Kind::Integer),
    ],
};

impl Session {
    /// Guides that were not given up, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn guides(&mut self) -> Result<Vec<Guide>, StoreError> {
        self.select("where deleted = 0 and ended_at is null order by name, guide_id", Vec::new()).await
    }

    /// Guides for a machine: its own first, then those of its class.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn guides_for(&mut self, asset: &Asset) -> Result<Vec<Guide>, StoreError> {
        self.select(
            "where deleted = 0 and ended_at is null and (asset_id = ? or asset_class = ?) \
             order by asset_id is null, name, guide_id",
            vec![asset.asset_id.0.into(), asset.class.as_deref().into()],
        )
        .await
    }
}
