//! Work orders.

use millwright_model::{AssetId, Entity, Priority, RequestId, TimestampMs, WorkOrder, WorkOrderFilter};
use sqlx::Row;

use super::{Kind, Table};
use crate::projection::Bind;
use crate::projection::uuid_at;
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::WorkOrder,
    columns: &[
        ("work_order_id", Kind::Text),
        ("erp_number", Kind::Text),
        ("local_number", Kind::Text),
        ("title", Kind::Text),
        ("description", Kind::Text),
        ("work_kind", Kind::Text),
        ("asset_id", Kind::Reference),
        ("request_id", Kind::Text),
        ("status", Kind::Text),
        ("status_reason", Kind::Text),
        ("priority", Kind::Text),
        ("due_at", Kind::Integer),
        ("planned_start_at", Kind::Integer),
        ("planned_minutes", Kind::Integer),
        ("assignee_id", Kind::Reference),
        ("found_code", Kind::Text),
        ("found_text", Kind::Text),
        ("done_code", Kind::Text),
        ("done_text", Kind::Text),
        ("details_pending", Kind::Boolean),
        ("started_at", Kind::Integer),
        ("completed_at", Kind::Integer),
        ("created_at", Kind::Integer),
        ("hold_cause", Kind::Text),
        ("plan_occasion", Kind::Json),
        ("guide_revision_id", Kind::Text),
    ],
};

/// Most urgent first: running work, then priority, then due date, then age. The index `work_order_urgency` has the same
/// terms.
const URGENCY: &str = "case status when 'in_progress' then 0 when 'on_hold' then 2 else 1 end, \
     case priority when 'emergency' then 0 when 'high' then 1 when 'medium' then 2 else 3 end, \
     coalesce(due_at, 9e15), created_at";
/// Its first and second term.
const PROGRESS: &str = "case status when 'in_progress' then 0 when 'on_hold' then 2 else 1 end";
const PRIORITY: &str =
    "case priority when 'emergency' then 0 when 'high' then 1 when 'medium' then 2 else 3 end";

/// Where an order stands while there is something to do.
const OPEN: &str = "('planned', 'released', 'in_progress', 'on_hold')";

impl Session {
    /// Orders that pass `filter`, most urgent first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn work_orders(&mut self, filter: &WorkOrderFilter) -> Result<Vec<WorkOrder>, StoreError> {
        let mut tail = String::from("where deleted = 0");
        let mut binds: Vec<Bind> = Vec::new();
        if filter.open_only {
            // The plus keeps the index of states out of it: this list is read in the order of its own index.
            tail.push_str(&format!(" and +status in {OPEN}"));
        }
        if let Some(assignee_id) = filter.assignee_id {
            tail.push_str(" and assignee_id = ?");
            binds.push(assignee_id.0.into());
        }
        if let Some(asset_id) = filter.asset_id {
            tail.push_str(" and asset_id = ?");
            binds.push(asset_id.0.into());
        }
        if filter.details_pending {
            tail.push_str(" and details_pending = 1");
        }
        tail.push_str(" order by status in ('completed', 'cancelled'), ");
        tail.push_str(URGENCY);
        tail.push_str(" limit ?");
        binds.push(i64::from(filter.limit.unwrap_or(500)).into());
        self.select(&tail, binds).await
    }

    /// The last completed order on an asset before `order`, for «last time».
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn previous_work_order(&mut self, order: &WorkOrder) -> Result<Option<WorkOrder>, StoreError> {
        let Some(asset_id) = order.asset_id else { return Ok(None) };
        self.select_one(
            "where deleted = 0 and asset_id = ? and work_order_id <> ? and status = 'completed' order by completed_at desc",
            vec![asset_id.0.into(), order.work_order_id.0.into()],
        )
        .await
    }

    /// The order that a request became.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn work_order_of_request(
        &mut self,
        request_id: RequestId,
    ) -> Result<Option<WorkOrder>, StoreError> {
        self.select_one("where deleted = 0 and request_id = ? order by created_at", vec![request_id.0.into()])
            .await
    }

    /// Open orders that were due before `now`, the longest overdue first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn late_orders(&mut self, now: TimestampMs, limit: i64) -> Result<Vec<WorkOrder>, StoreError> {
        let tail = format!("where deleted = 0 and status in {OPEN} and due_at < ? order by due_at limit ?");
        self.select(&tail, vec![now.0.into(), limit.into()]).await
    }

    /// Open orders that nobody is to do, most urgent first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn unassigned_orders(&mut self, limit: i64) -> Result<Vec<WorkOrder>, StoreError> {
        let tail = format!(
            "where deleted = 0 and status in {OPEN} and assignee_id is null order by {URGENCY} limit ?"
        );
        self.select(&tail, vec![limit.into()]).await
    }

    /// Released orders of this priority or above that nobody is to do, made since `since` or at a time that no clock may
    /// honestly say, most urgent first. Orders that a plan raised are planned work; those that the ERP made only where
    /// they are asked for.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn urgent_orders(
        &mut self,
        from_priority: Priority,
        erp_orders: bool,
        since: TimestampMs,
        limit: i64,
    ) -> Result<Vec<WorkOrder>, StoreError> {
        // The first three are equal to terms of the index `work_order_urgency`, so that only urgent orders are read; the
        // plus keeps the index of states out of it.
        let tail = format!(
            "where deleted = 0 and (status in ('completed', 'cancelled')) = 0 \
             and {PROGRESS} = 1 and {PRIORITY} < ?1 and +status = 'released' \
             and assignee_id is null and plan_occasion is null and (?2 = 1 or local_number is not null) \
             and (created_at >= ?3 or created_at < ?4) order by {URGENCY} limit ?5"
        );
        let from = i64::from(from_priority.number());
        let binds = vec![
            from.into(),
            i64::from(erp_orders).into(),
            since.0.into(),
            TimestampMs::PLAUSIBLE_MIN.0.into(),
            limit.into(),
        ];
        self.select(&tail, binds).await
    }

    /// Orders that are interrupted for want of a part, most urgent first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn orders_waiting_for_parts(&mut self, limit: i64) -> Result<Vec<WorkOrder>, StoreError> {
        let tail = format!(
            "where deleted = 0 and status = 'on_hold' and hold_cause = 'part' order by {URGENCY} limit ?"
        );
        self.select(&tail, vec![limit.into()]).await
    }

    /// Orders that somebody works on or interrupted, most urgent first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begun_orders(&mut self, limit: i64) -> Result<Vec<WorkOrder>, StoreError> {
        let tail =
            format!("where deleted = 0 and status in ('in_progress', 'on_hold') order by {URGENCY} limit ?");
        self.select(&tail, vec![limit.into()]).await
    }

    /// How many orders are open on each asset.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_orders_by_asset(&mut self) -> Result<Vec<(AssetId, i64)>, StoreError> {
        let rows = sqlx::query(
            "select asset_id, count(*) from work_order \
             where deleted = 0 and asset_id is not null and status in ('planned', 'released', 'in_progress', 'on_hold') \
             group by asset_id",
        )
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter().map(|row| Ok((AssetId(uuid_at(row, 0)?), row.try_get(1)?))).collect()
    }
}
