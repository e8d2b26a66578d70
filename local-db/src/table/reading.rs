//! Values read by people: append-only.

use millwright_model::{AssetId, Entity, Reading, TimestampMs};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Reading,
    columns: &[
        ("reading_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("work_order_id", Kind::Text),
        ("name", Kind::Text),
        ("value", Kind::Real),
        ("unit", Kind::Text),
        ("corrects", Kind::Text),
        ("reason", Kind::Text),
        ("read_at", Kind::Integer),
        ("read_by", Kind::Reference),
    ],
};

impl Session {
    /// What was last read off a machine under `name`, in `unit`, up to `until`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn last_reading(
        &mut self,
        asset_id: AssetId,
        name: &str,
        unit: &str,
        until: TimestampMs,
    ) -> Result<Option<Reading>, StoreError> {
        self.select_one(
            "where deleted = 0 and asset_id = ? and name = ? and unit = ? and read_at <= ? \
             order by read_at desc, reading_id desc",
            vec![asset_id.0.into(), name.into(), unit.into(), until.0.into()],
        )
        .await
    }
}
