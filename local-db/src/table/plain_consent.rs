//! Links that are not encrypted because a person accepted it.

use millwright_model::{DeliveryTarget, Entity, PlainConsent};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::PlainConsent,
    columns: &[
        ("plain_consent_id", Kind::Text),
        ("target", Kind::Text),
        ("host", Kind::Text),
        ("reason", Kind::Text),
        ("accepted_at", Kind::Integer),
        ("accepted_by", Kind::Reference),
        ("ended_at", Kind::Integer),
    ],
};

impl Session {
    /// The acceptance that stands for the link to `target`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn plain_consent(
        &mut self,
        target: DeliveryTarget,
    ) -> Result<Option<PlainConsent>, StoreError> {
        self.select_one(
            "where deleted = 0 and ended_at is null and target = ? order by accepted_at desc",
            vec![target.as_str().into()],
        )
        .await
    }
}
