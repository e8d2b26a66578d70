//! Lines of the shift log.

use millwright_model::{Entity, ShiftEntry, TimestampMs};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ShiftEntry,
    columns: &[
        ("shift_entry_id", Kind::Text),
        ("entry_kind", Kind::Text),
        ("text", Kind::Text),
        ("asset_id", Kind::Reference),
        ("work_order_id", Kind::Text),
        ("attachment_id", Kind::Text),
        ("about", Kind::Json),
        ("written_at", Kind::Integer),
        ("written_by", Kind::Reference),
    ],
};

impl Session {
    /// The lines written from `from` until before `until`, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn shift_entries(
        &mut self,
        from: TimestampMs,
        until: TimestampMs,
        limit: i64,
    ) -> Result<Vec<ShiftEntry>, StoreError> {
        self.select(
            "where deleted = 0 and written_at >= ? and written_at < ? \
             order by written_at desc, shift_entry_id desc limit ?",
            vec![from.0.into(), until.0.into(), limit.into()],
        )
        .await
    }
}
