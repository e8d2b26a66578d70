//! How long steps of guides took.

use millwright_model::{Entity, GuideRevisionId, StepTime};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::StepTime,
    columns: &[
        ("step_time_id", Kind::Text),
        ("guide_revision_id", Kind::Text),
        ("step_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("took_ms", Kind::Integer),
        ("recorded_at", Kind::Integer),
    ],
};

impl Session {
    /// How long the steps of a revision took, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn step_times_of(&mut self, revision: GuideRevisionId) -> Result<Vec<StepTime>, StoreError> {
        self.select(
            "where deleted = 0 and guide_revision_id = ? order by recorded_at desc, step_time_id limit 20000",
            vec![revision.0.into()],
        )
        .await
    }
}
