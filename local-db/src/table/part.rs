//! Spare parts.

use millwright_model::{Entity, Part};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Part,
    columns: &[
        ("part_id", Kind::Text),
        ("number", Kind::Text),
        ("name", Kind::Text),
        ("unit", Kind::Text),
        ("alternates", Kind::References),
    ],
};

impl Session {
    /// Parts whose number or name holds `text`, by number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn parts_containing(&mut self, text: &str, limit: i64) -> Result<Vec<Part>, StoreError> {
        self.select(
            "where deleted = 0 and (instr(lower(number), lower(?1)) > 0 or instr(lower(name), lower(?1)) > 0) \
             order by number limit ?2",
            vec![text.into(), limit.into()],
        )
        .await
    }

    /// The part with `number`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn part_by_number(&mut self, number: &str) -> Result<Option<Part>, StoreError> {
        self.select_one("where deleted = 0 and number = ?", vec![number.into()]).await
    }
}
