//! Who has read which revision.

use millwright_model::{Entity, GuideRead, GuideRevisionId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::GuideRead,
    columns: &[
        ("guide_read_id", Kind::Text),
        ("guide_revision_id", Kind::Text),
        ("person_id", Kind::Reference),
        ("read_at", Kind::Integer),
    ],
};

impl Session {
    /// Who has read a revision.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn reads_of(&mut self, revision: GuideRevisionId) -> Result<Vec<GuideRead>, StoreError> {
        self.select(
            "where deleted = 0 and guide_revision_id = ? order by read_at, guide_read_id",
            vec![revision.0.into()],
        )
        .await
    }
}
