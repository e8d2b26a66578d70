//! Checklists of orders.

use millwright_model::{Entity, WorkOrderId, WorkStep};
use sqlx::Row;

use super::{Kind, Table};
use crate::projection::uuid_at;
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::WorkStep,
    columns: &[
        ("work_step_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("position", Kind::Integer),
        ("title", Kind::Text),
        ("hint", Kind::Text),
        ("form", Kind::Json),
        ("mandatory", Kind::Boolean),
        ("outcome", Kind::Json),
        ("recorded_at", Kind::Integer),
        ("recorded_by", Kind::Text),
    ],
};

impl Session {
    /// The checklist of an order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn work_steps_of(&mut self, work_order_id: WorkOrderId) -> Result<Vec<WorkStep>, StoreError> {
        self.select(
            "where deleted = 0 and work_order_id = ? order by position, work_step_id",
            vec![work_order_id.0.into()],
        )
        .await
    }

    /// Steps recorded and steps in all, of every order in `work_order_ids`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn step_counts(
        &mut self,
        work_order_ids: &[WorkOrderId],
    ) -> Result<Vec<(WorkOrderId, i64, i64)>, StoreError> {
        let ids = serde_json::to_string(work_order_ids)
            .map_err(|error| StoreError::corrupt("work_order_id", error))?;
        let rows = sqlx::query(
            "select work_order_id, count(outcome), count(*) from work_step \
             where deleted = 0 and work_order_id in (select value from json_each(?)) group by work_order_id",
        )
        .bind(ids)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok((WorkOrderId(uuid_at(row, 0)?), row.try_get(1)?, row.try_get(2)?))).collect()
    }
}
