//! Models of scenarios as they were frozen.

use millwright_model::{Entity, ScenarioBaseline, ScenarioId};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ScenarioBaseline,
    columns: &[
        ("scenario_baseline_id", Kind::Text),
        ("scenario_id", Kind::Text),
        ("text", Kind::Text),
        ("taken_at", Kind::Integer),
        ("taken_by", Kind::Reference),
    ],
};

impl Session {
    /// The baselines of a scenario, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn baselines_of(
        &mut self,
        scenario_id: ScenarioId,
    ) -> Result<Vec<ScenarioBaseline>, StoreError> {
        self.select(
            "where deleted = 0 and scenario_id = ? order by taken_at desc, scenario_baseline_id desc limit 100",
            vec![scenario_id.0.into()],
        )
        .await
    }
}
