//! What was decided in scenarios.

use millwright_model::{Entity, ScenarioDecision, ScenarioId, TimestampMs};
use sqlx::Row as _;

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::ScenarioDecision,
    columns: &[
        ("scenario_decision_id", Kind::Text),
        ("scenario_id", Kind::Text),
        ("text", Kind::Text),
        ("choice", Kind::Json),
        ("expected", Kind::Json),
        ("reason", Kind::Text),
        ("owner", Kind::Reference),
        ("review_on", Kind::Text),
        ("decided_at", Kind::Integer),
        ("decided_by", Kind::Reference),
    ],
};

impl Session {
    /// When something was decided in a scenario last: without the models that it was decided on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn decided_at(&mut self, scenario_id: ScenarioId) -> Result<Option<TimestampMs>, StoreError> {
        let sql = "select max(decided_at) from scenario_decision where deleted = 0 and scenario_id = ?";
        let rows = self.ask(sql.to_owned(), vec![scenario_id.0.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(row.try_get::<Option<i64>, _>(0)?.map(TimestampMs))
    }

    /// What was decided in a scenario, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn decisions_of(
        &mut self,
        scenario_id: ScenarioId,
    ) -> Result<Vec<ScenarioDecision>, StoreError> {
        self.select(
            "where deleted = 0 and scenario_id = ? order by decided_at desc, scenario_decision_id desc limit 100",
            vec![scenario_id.0.into()],
        )
        .await
    }
}
