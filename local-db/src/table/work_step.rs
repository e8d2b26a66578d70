//! Checklists of orders.

use millwright_model::{Entity, TimestampMs, WorkOrderId, WorkStep};
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
        ("recorded_by", Kind::Reference),
        ("instrument", Kind::Text),
        ("guide_place", Kind::Json),
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

    /// Steps recorded since `since` that were mandatory and skipped, or whose reading lies outside its limits, where
    /// nobody but who recorded it has signed the order since; the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn overridden_steps(
        &mut self,
        since: TimestampMs,
        limit: i64,
    ) -> Result<Vec<WorkStep>, StoreError> {
        // The kinds stand here as they stand in the index.
        self.select(
            "where deleted = 0 and recorded_at >= ? and json_extract(outcome, '$.kind') in ('skipped', 'measured') \
             and ((json_extract(outcome, '$.kind') = 'skipped' and mandatory = 1) \
               or json_extract(outcome, '$.in_limits') = 0) \
             and not exists (select 1 from signature s where s.deleted = 0 \
               and s.work_order_id = work_step.work_order_id and s.signed_at >= work_step.recorded_at \
               and s.person_id is not work_step.recorded_by) \
             and exists (select 1 from work_order o where o.deleted = 0 \
               and o.work_order_id = work_step.work_order_id and o.status <> 'cancelled') \
             order by recorded_at desc, work_step_id limit ?",
            vec![since.0.into(), limit.into()],
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
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter().map(|row| Ok((WorkOrderId(uuid_at(row, 0)?), row.try_get(1)?, row.try_get(2)?))).collect()
    }
}
