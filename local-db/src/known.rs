//! Questions about many ids or codes at once: what of them is known here.

use std::collections::BTreeSet;

use millwright_model::Entity;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::folding::id_list;
use crate::projection::uuid_at;
use crate::table::table_of;
use crate::{Session, StoreError};

impl Session {
    /// Whether any of these ops is known.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn any_op_known(&mut self, op_ids: &[Uuid]) -> Result<bool, StoreError> {
        let row =
            sqlx::query("select exists (select 1 from op where op_id in (select value from json_each(?)))")
                .bind(id_list(op_ids)?)
                .fetch_one(self.connection())
                .await?;
        Ok(row.try_get::<i64, _>(0)? != 0)
    }

    /// Those of these ids that have a row, also a removed one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rows_there(&mut self, entity: Entity, ids: &[Uuid]) -> Result<BTreeSet<Uuid>, StoreError> {
        let (name, key) = (entity.as_str(), table_of(entity).id_column());
        let sql = format!("select {key} from {name} where {key} in (select value from json_each(?))");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(id_list(ids)?).fetch_all(self.connection()).await?;
        rows.iter().map(|row| uuid_at(row, 0)).collect()
    }

    /// Those of these codes (of assets, labels and skills) or numbers (of parts and suppliers) that a living record has.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn codes_taken(
        &mut self,
        entity: Entity,
        codes: &[&str],
    ) -> Result<BTreeSet<String>, StoreError> {
        let Some(column) = code_column(entity).filter(|_| !codes.is_empty()) else {
            return Ok(BTreeSet::new());
        };
        let list = serde_json::to_string(codes).map_err(|error| StoreError::corrupt("codes", error))?;
        let sql = format!(
            "select {column} from {} where deleted = 0 and {column} in (select value from json_each(?))",
            entity.as_str()
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(self.connection()).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

/// The column with the code or number by which two records would be one.
pub(crate) fn code_column(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::Asset | Entity::Label | Entity::Skill => Some("code"),
        Entity::Part | Entity::Supplier => Some("number"),
        _ => None,
    }
}
