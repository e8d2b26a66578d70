//! Which supplier delivers which part.

use millwright_model::{Entity, Offer, PartId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Offer,
    columns: &[
        ("offer_id", Kind::Text),
        ("part_id", Kind::Reference),
        ("supplier_id", Kind::Reference),
        ("lead_time_days", Kind::Integer),
        ("price_hundredths", Kind::Integer),
        ("currency", Kind::Text),
    ],
};

impl Session {
    /// The offers for a part, soonest delivery first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn offers_of(&mut self, part_id: PartId) -> Result<Vec<Offer>, StoreError> {
        self.select("where deleted = 0 and part_id = ? order by lead_time_days", vec![part_id.0.into()]).await
    }
}
