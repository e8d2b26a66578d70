//! Maintenance plans, and the orders that they raised.

use millwright_model::{AssetId, Entity, MaintenancePlan, MaintenancePlanId, TimestampMs, WorkOrder};
use std::collections::BTreeSet;

use super::{Kind, Table};
use crate::projection::uuid_at;
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::MaintenancePlan,
    columns: &[
        ("maintenance_plan_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("title", Kind::Text),
        ("steps", Kind::Json),
        ("priority", Kind::Text),
        ("planned_minutes", Kind::Integer),
        ("rhythm", Kind::Json),
        ("mode", Kind::Text),
        ("lead_days", Kind::Integer),
        ("last_done_at", Kind::Integer),
        ("ended_at", Kind::Integer),
    ],
};

/// How many orders of a plan are looked at: the open ones and the last that were settled.
const ORDERS_OF_PLAN_MAX: i64 = 20;

impl Session {
    /// The plans that were not given up, by machine and title; those of one machine where it is named.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn maintenance_plans(
        &mut self,
        asset_id: Option<AssetId>,
    ) -> Result<Vec<MaintenancePlan>, StoreError> {
        let (of_asset, binds) = match asset_id {
            Some(asset_id) => ("and asset_id = ?", vec![asset_id.0.into()]),
            None => ("", vec![]),
        };
        let tail = format!(
            "where deleted = 0 and ended_at is null {of_asset} order by asset_id, title, maintenance_plan_id"
        );
        self.select(&tail, binds).await
    }

    /// The orders of a plan: open ones first, then the newest.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn orders_of_plan(
        &mut self,
        maintenance_plan_id: MaintenancePlanId,
    ) -> Result<Vec<WorkOrder>, StoreError> {
        self.select(
            "where deleted = 0 and plan_occasion is not null \
             and json_extract(plan_occasion, '$.maintenance_plan_id') = ? \
             order by status in ('completed', 'cancelled'), created_at desc, work_order_id limit ?",
            vec![maintenance_plan_id.0.into(), ORDERS_OF_PLAN_MAX.into()],
        )
        .await
    }

    /// The plans that a transaction changed which can still be undone at `now`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn plans_held(&mut self, now: TimestampMs) -> Result<BTreeSet<MaintenancePlanId>, StoreError> {
        let rows = sqlx::query(
            "select distinct op.entity_id from txn join op on op.txn_id = txn.txn_id \
             where txn.held_until > ? and op.entity = 'maintenance_plan'",
        )
        .bind(now.0)
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter().map(|row| Ok(MaintenancePlanId(uuid_at(row, 0)?))).collect()
    }
}
