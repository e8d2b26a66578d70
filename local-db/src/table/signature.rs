//! Signatures.

use millwright_model::{Entity, Signature, WorkOrderId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Signature,
    columns: &[
        ("signature_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("person_id", Kind::Reference),
        ("meaning", Kind::Text),
        ("attachment_id", Kind::Text),
        ("signed_at", Kind::Integer),
    ],
};

impl Session {
    /// The signatures on an order, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn signatures_of(&mut self, work_order_id: WorkOrderId) -> Result<Vec<Signature>, StoreError> {
        self.select(
            "where deleted = 0 and work_order_id = ? order by signed_at",
            vec![work_order_id.0.into()],
        )
        .await
    }
}
