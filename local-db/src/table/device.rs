//! The devices of the team.

use millwright_model::{Device, Entity};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Device,
    columns: &[
        ("device_id", Kind::Text),
        ("code", Kind::Text),
        ("name", Kind::Text),
        ("verifying_key", Kind::Text),
        ("sealing_key", Kind::Text),
        ("scope", Kind::Json),
        ("joined_at", Kind::Integer),
        ("revoked_at", Kind::Integer),
        ("revoked_reason", Kind::Text),
    ],
};

impl Session {
    /// The devices of the team, by name, also those that were shut out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn devices(&mut self) -> Result<Vec<Device>, StoreError> {
        self.select("where deleted = 0 order by name, device_id", vec![]).await
    }
}
