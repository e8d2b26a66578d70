//! Timers, running or stopped.

use millwright_model::{Entity, LabourTimer, WorkOrderId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::LabourTimer,
    columns: &[
        ("timer_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("person_id", Kind::Reference),
        ("started_at", Kind::Integer),
        ("stopped_at", Kind::Integer),
    ],
};

impl Session {
    /// The running timers on an order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn running_timers(
        &mut self,
        work_order_id: WorkOrderId,
    ) -> Result<Vec<LabourTimer>, StoreError> {
        self.select(
            "where deleted = 0 and stopped_at is null and work_order_id = ? order by started_at",
            vec![work_order_id.0.into()],
        )
        .await
    }
}
