//! Who read which item of a hand-over: append-only.

use millwright_model::{Entity, HandoverAcknowledgement, HandoverId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::HandoverAcknowledgement,
    columns: &[
        ("handover_acknowledgement_id", Kind::Text),
        ("handover_id", Kind::Text),
        ("item_id", Kind::Text),
        ("person_id", Kind::Reference),
        ("acknowledged_at", Kind::Integer),
    ],
};

impl Session {
    /// Who read what of a hand-over, first come first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn acknowledgements_of(
        &mut self,
        handover_id: HandoverId,
    ) -> Result<Vec<HandoverAcknowledgement>, StoreError> {
        self.select(
            "where deleted = 0 and handover_id = ? order by acknowledged_at, handover_acknowledgement_id",
            vec![handover_id.0.into()],
        )
        .await
    }
}
