//! Codes on labels and the assets they hang on.

use millwright_model::{Entity, Label};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Label,
    columns: &[("label_id", Kind::Text), ("code", Kind::Text), ("asset_id", Kind::Reference)],
};

impl Session {
    /// The label with `code`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn label_by_code(&mut self, code: &str) -> Result<Option<Label>, StoreError> {
        self.select_one("where deleted = 0 and code = ?", vec![code.into()]).await
    }
}
