//! What came of decisions.

use millwright_model::{Entity, ScenarioDecisionId, ScenarioOutcome};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ScenarioOutcome,
    columns: &[
        ("scenario_outcome_id", Kind::Text),
        ("scenario_id", Kind::Text),
        ("scenario_decision_id", Kind::Text),
        ("result", Kind::Text),
        ("unit", Kind::Text),
        ("came", Kind::Real),
        ("share_below", Kind::Real),
        ("is_within_ninety_percent", Kind::Boolean),
        ("off", Kind::Real),
        ("told_at", Kind::Integer),
        ("told_by", Kind::Reference),
    ],
};

impl Session {
    /// What came of a decision, in the order in which it was told.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn outcomes_of(
        &mut self,
        scenario_decision_id: ScenarioDecisionId,
    ) -> Result<Vec<ScenarioOutcome>, StoreError> {
        self.select(
            "where deleted = 0 and scenario_decision_id = ? order by told_at, scenario_outcome_id limit 200",
            vec![scenario_decision_id.0.into()],
        )
        .await
    }
}
