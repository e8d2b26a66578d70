//! Bookings of labour: append-only.

use millwright_model::{Entity, Labour, WorkOrderId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Labour,
    columns: &[
        ("labour_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("person_id", Kind::Reference),
        ("minutes", Kind::Integer),
        ("worked_on", Kind::Text),
        ("corrects", Kind::Text),
        ("reason", Kind::Text),
        ("recorded_at", Kind::Integer),
    ],
};

impl Session {
    /// The bookings on an order, in the order they were made.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn labour_of(&mut self, work_order_id: WorkOrderId) -> Result<Vec<Labour>, StoreError> {
        self.select(
            "where deleted = 0 and work_order_id = ? order by recorded_at, labour_id",
            vec![work_order_id.0.into()],
        )
        .await
    }
}
