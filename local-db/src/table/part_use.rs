//! Uses and returns of parts: append-only.

use millwright_model::{Entity, PartId, PartUse, TimestampMs, WorkOrderId};
use sqlx::Row;

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::PartUse,
    columns: &[
        ("part_use_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("part_id", Kind::Reference),
        ("quantity", Kind::Json),
        ("location", Kind::Text),
        ("corrects", Kind::Text),
        ("reason", Kind::Text),
        ("recorded_at", Kind::Integer),
        ("recorded_by", Kind::Reference),
    ],
};

impl Session {
    /// The uses on an order, in the order they were recorded.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn part_uses_of(&mut self, work_order_id: WorkOrderId) -> Result<Vec<PartUse>, StoreError> {
        self.select(
            "where deleted = 0 and work_order_id = ? order by recorded_at, part_use_id",
            vec![work_order_id.0.into()],
        )
        .await
    }

    /// Thousandths of a part used here since `since`, which the ERP's balance does not know yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn used_since(&mut self, part_id: PartId, since: TimestampMs) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "select coalesce(sum(json_extract(quantity, '$.thousandths')), 0) from part_use \
             where deleted = 0 and part_id = ? and recorded_at > ?",
        )
        .bind(part_id.to_string())
        .bind(since.0)
        .fetch_one(self.connection().await?)
        .await?;
        Ok(row.try_get(0)?)
    }
}
