//! Rules that show a tag on an asset.

use millwright_model::{AssetId, Entity, TagBinding};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::TagBinding,
    columns: &[
        ("tag_binding_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("series", Kind::Text),
        ("name", Kind::Text),
        ("unit", Kind::Text),
        ("usual_low", Kind::Real),
        ("usual_high", Kind::Real),
        ("limit_low", Kind::Real),
        ("limit_high", Kind::Real),
        ("silence_ms", Kind::Integer),
        ("position", Kind::Integer),
    ],
};

impl Session {
    /// All rules, by asset and place.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tag_bindings(&mut self) -> Result<Vec<TagBinding>, StoreError> {
        self.select("where deleted = 0 order by asset_id, position, name", vec![]).await
    }

    /// The rules of one asset, by place.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tag_bindings_of(&mut self, asset_id: AssetId) -> Result<Vec<TagBinding>, StoreError> {
        self.select("where deleted = 0 and asset_id = ? order by position, name", vec![asset_id.0.into()])
            .await
    }
}
