//! How many of a part are where.

use millwright_model::{Entity, PartId, Stock};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Stock,
    columns: &[
        ("stock_id", Kind::Text),
        ("part_id", Kind::Reference),
        ("location", Kind::Text),
        ("bin", Kind::Text),
        ("on_hand", Kind::Json),
        ("as_of", Kind::Integer),
    ],
};

impl Session {
    /// Where a part is, most of it first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn stock_of(&mut self, part_id: PartId) -> Result<Vec<Stock>, StoreError> {
        self.select(
            "where deleted = 0 and part_id = ? order by json_extract(on_hand, '$.thousandths') desc, location",
            vec![part_id.0.into()],
        )
        .await
    }
}
