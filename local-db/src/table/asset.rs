//! Assets: the ISA-95 tree.

use millwright_model::{Asset, Entity};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Asset,
    columns: &[
        ("asset_id", Kind::Text),
        ("parent_id", Kind::Reference),
        ("level", Kind::Text),
        ("code", Kind::Text),
        ("name", Kind::Text),
        ("erp_number", Kind::Text),
        ("uns_path", Kind::Text),
        ("criticality", Kind::Text),
        ("class", Kind::Text),
        ("retired_at", Kind::Integer),
    ],
};

impl Session {
    /// All assets in use, by code.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn assets(&mut self) -> Result<Vec<Asset>, StoreError> {
        self.select("where deleted = 0 and retired_at is null order by code", vec![]).await
    }

    /// The asset that the plant calls `code`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn asset_by_code(&mut self, code: &str) -> Result<Option<Asset>, StoreError> {
        self.select_one("where deleted = 0 and code = ?", vec![code.into()]).await
    }
}
