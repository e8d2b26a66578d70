//! Notes.

use millwright_model::{Entity, Note, WorkOrderId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Note,
    columns: &[
        ("note_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("text", Kind::Text),
        ("written_at", Kind::Integer),
        ("written_by", Kind::Reference),
    ],
};

impl Session {
    /// The notes on an order, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn notes_of(&mut self, work_order_id: WorkOrderId) -> Result<Vec<Note>, StoreError> {
        self.select(
            "where deleted = 0 and work_order_id = ? order by written_at, note_id",
            vec![work_order_id.0.into()],
        )
        .await
    }
}
