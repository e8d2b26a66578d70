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
    /// An asset with everything below it in the tree, and all that belongs to any of them, down to what hangs on their
    /// orders: what comes and goes with it when it is moved.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn below_asset(&mut self, asset_id: Uuid) -> Result<BTreeSet<(Entity, Uuid)>, StoreError> {
        let rows = sqlx::query(
            "with recursive below (id) as (select ?1 union select a.asset_id from asset a join below on a.parent_id = below.id) \
             select id from below",
        )
        .bind(asset_id.to_string())
        .fetch_all(self.connection().await?)
        .await?;
        let assets = rows.iter().map(|row| uuid_at(row, 0)).collect::<Result<Vec<_>, _>>()?;
        let mut records: BTreeSet<(Entity, Uuid)> = assets.iter().map(|id| (Entity::Asset, *id)).collect();
        records.extend(self.rows_with("asset_id", Entity::Asset, &assets).await?);
        let orders: Vec<Uuid> =
            records.iter().filter(|(entity, _)| *entity == Entity::WorkOrder).map(|(_, id)| *id).collect();
        records.extend(self.rows_with("work_order_id", Entity::WorkOrder, &orders).await?);
        Ok(records)
    }

    /// The rows of every kind but `except` whose `column` names one of `ids`.
    async fn rows_with(
        &mut self,
        column: &str,
        except: Entity,
        ids: &[Uuid],
    ) -> Result<Vec<(Entity, Uuid)>, StoreError> {
        let (mut found, list) = (Vec::new(), id_list(ids)?);
        for entity in Entity::ALL.into_iter().filter(|entity| *entity != except) {
            let table = table_of(entity);
            if !table.columns.iter().any(|(name, _)| *name == column) {
                continue;
            }
            let (name, key) = (entity.as_str(), table.id_column());
            let sql = format!("select {key} from {name} where {column} in (select value from json_each(?))");
            for row in sqlx::query(AssertSqlSafe(sql)).bind(&list).fetch_all(self.connection().await?).await?
            {
                found.push((entity, uuid_at(&row, 0)?));
            }
        }
        Ok(found)
    }

    /// Whether any of these ops is known.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn any_op_known(&mut self, op_ids: &[Uuid]) -> Result<bool, StoreError> {
        let row =
            sqlx::query("select exists (select 1 from op where op_id in (select value from json_each(?)))")
                .bind(id_list(op_ids)?)
                .fetch_one(self.connection().await?)
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
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(id_list(ids)?).fetch_all(self.connection().await?).await?;
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
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(self.connection().await?).await?;
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
