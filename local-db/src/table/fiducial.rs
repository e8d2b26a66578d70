//! Fiducials on machines.

use millwright_model::{AssetId, Entity, Fiducial, FiducialFamily};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Fiducial,
    columns: &[
        ("fiducial_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("family", Kind::Text),
        ("number", Kind::Integer),
        ("size_m", Kind::Real),
        ("name", Kind::Text),
        ("bar_mm", Kind::Real),
        ("survey", Kind::Json),
        ("hung_at", Kind::Integer),
        ("hung_by", Kind::Reference),
        ("removed_at", Kind::Integer),
    ],
};

impl Session {
    /// The fiducials that hang on a machine, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fiducials_of(&mut self, asset_id: AssetId) -> Result<Vec<Fiducial>, StoreError> {
        self.select(
            "where deleted = 0 and removed_at is null and asset_id = ? order by name, number, fiducial_id",
            vec![asset_id.0.into()],
        )
        .await
    }

    /// Every machine's fiducials with a number: it hangs on as many as people have hung it on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fiducials_with(
        &mut self,
        family: FiducialFamily,
        number: i64,
    ) -> Result<Vec<Fiducial>, StoreError> {
        self.select(
            "where deleted = 0 and removed_at is null and family = ? and number = ? order by fiducial_id limit 1000",
            vec![family.as_str().into(), number.into()],
        )
        .await
    }
}
