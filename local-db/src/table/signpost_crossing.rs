//! Crossings of signposts.

use millwright_model::{Entity, SignpostCrossing, SignpostId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::SignpostCrossing,
    columns: &[
        ("signpost_crossing_id", Kind::Text),
        ("signpost_id", Kind::Text),
        ("scenario_id", Kind::Text),
        ("value", Kind::Real),
        ("crossed_at", Kind::Integer),
        ("seen_at", Kind::Integer),
        ("seen_by", Kind::Reference),
    ],
};

impl Session {
    /// The crossings of a signpost, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn crossings_of(
        &mut self,
        signpost_id: SignpostId,
    ) -> Result<Vec<SignpostCrossing>, StoreError> {
        self.select(
            "where deleted = 0 and signpost_id = ? order by crossed_at desc, signpost_crossing_id desc",
            vec![signpost_id.0.into()],
        )
        .await
    }

    /// Crossings that nobody has looked at, the oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_crossings(&mut self) -> Result<Vec<SignpostCrossing>, StoreError> {
        self.select(
            "where deleted = 0 and seen_at is null order by crossed_at, signpost_crossing_id limit 200",
            Vec::new(),
        )
        .await
    }
}
