//! Requests raised from machines.

use millwright_model::{AssetId, Entity, Request, TimestampMs};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Request,
    columns: &[
        ("request_id", Kind::Text),
        ("erp_number", Kind::Text),
        ("local_number", Kind::Text),
        ("asset_id", Kind::Reference),
        ("text", Kind::Text),
        ("priority", Kind::Text),
        ("machine_down", Kind::Boolean),
        ("status", Kind::Text),
        ("status_reason", Kind::Text),
        ("raised_at", Kind::Integer),
        ("raised_by", Kind::Reference),
    ],
};

impl Session {
    /// Requests, newest first; only unanswered ones with `open_only`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn requests(&mut self, open_only: bool, limit: i64) -> Result<Vec<Request>, StoreError> {
        self.select(
            "where deleted = 0 and (?1 = 0 or status = 'new') order by raised_at desc limit ?2",
            vec![i64::from(open_only).into(), limit.into()],
        )
        .await
    }

    /// Unanswered requests that were raised since `since`, or at a time that no clock may honestly say, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn requests_since(
        &mut self,
        since: TimestampMs,
        limit: i64,
    ) -> Result<Vec<Request>, StoreError> {
        self.select(
            "where deleted = 0 and status = 'new' and (raised_at >= ?1 or raised_at < ?2) order by raised_at desc limit ?3",
            vec![since.0.into(), TimestampMs::PLAUSIBLE_MIN.0.into(), limit.into()],
        )
        .await
    }

    /// The requests of one asset, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn requests_of_asset(&mut self, asset_id: AssetId) -> Result<Vec<Request>, StoreError> {
        self.select(
            "where deleted = 0 and asset_id = ? order by raised_at desc limit 100",
            vec![asset_id.0.into()],
        )
        .await
    }
}
