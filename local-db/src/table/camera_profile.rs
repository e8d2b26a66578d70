//! What kinds of cameras see by.

use millwright_model::{CameraProfile, Entity};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::CameraProfile,
    columns: &[
        ("camera_profile_id", Kind::Text),
        ("camera", Kind::Text),
        ("width_px", Kind::Integer),
        ("height_px", Kind::Integer),
        ("focus", Kind::Text),
        ("intrinsics_px", Kind::Json),
        ("distortion", Kind::Json),
        ("sigma_px", Kind::Json),
        ("residual_px", Kind::Real),
        ("coverage", Kind::Real),
        ("picture_count", Kind::Integer),
        ("made_at", Kind::Integer),
        ("made_by", Kind::Reference),
        ("ended_at", Kind::Integer),
    ],
};

impl Session {
    /// The profiles of cameras that were not given up, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn camera_profiles(&mut self) -> Result<Vec<CameraProfile>, StoreError> {
        let tail = "where deleted = 0 and ended_at is null order by camera, made_at desc, camera_profile_id";
        self.select(tail, Vec::new()).await
    }
}
