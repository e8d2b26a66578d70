//! When machines stood still.

use millwright_model::{AssetId, Downtime, Entity, TimestampMs};

use super::{Kind, Table};
use crate::{Session, StoreError};

/// The most standstills of a machine that are looked at: the newest.
const STANDSTILLS_MAX: i64 = 2_000;

pub(super) const TABLE: Table = Table {
    entity: Entity::Downtime,
    columns: &[
        ("downtime_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("from_at", Kind::Integer),
        ("to_at", Kind::Integer),
        ("reason_code", Kind::Text),
        ("reason_text", Kind::Text),
        ("recorded_by", Kind::Reference),
    ],
};

impl Session {
    /// When a machine stood still since a moment, the newest first; what goes on is among it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn standstills_of_asset(
        &mut self,
        asset_id: AssetId,
        since: TimestampMs,
    ) -> Result<Vec<Downtime>, StoreError> {
        self.select(
            "where deleted = 0 and asset_id = ? and (to_at is null or to_at >= ?) order by from_at desc, downtime_id limit ?",
            vec![asset_id.0.into(), since.0.into(), STANDSTILLS_MAX.into()],
        )
        .await
    }
}
