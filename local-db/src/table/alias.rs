//! Records that were found equal: every reference to the one that gave way leads to the one that stays.
//!
//! Rows hold the one that stays, so no question has to look here; the ops keep what was written. That makes the
//! joining a projection like everything else: taken back, each reference is what the ops of its record last said.

use millwright_model::{Alias, AliasId, Entity, Op, OpId};
use serde_json::Value as Json;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{Kind, Table, table_of};
use crate::projection::{Bind, uuid_at};
use crate::{Session, StoreError, StoredTxn, WriteSession};

pub(super) const TABLE: Table = Table {
    entity: Entity::Alias,
    columns: &[("alias_id", Kind::Text), ("record_kind", Kind::Text), ("winner_id", Kind::Text)],
};

/// More steps from a record to the one that stands for it than anyone joins: a circle.
const STEPS_MAX: usize = 64;

impl Session {
    /// The record that stands for `id`: itself, or the one that it gave way to.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn stands_for(&mut self, id: Uuid) -> Result<Uuid, StoreError> {
        let mut stands = id;
        for _ in 0..STEPS_MAX {
            let row = sqlx::query("select winner_id from alias where alias_id = ? and deleted = 0")
                .bind(stands.to_string())
                .fetch_optional(self.connection().await?)
                .await?;
            let Some(row) = row else { return Ok(stands) };
            stands = uuid_at(&row, 0)?;
        }
        Err(StoreError::corrupt("alias", format!("{id} leads to itself")))
    }

    /// Whether any record gave way to another one.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn has_aliases(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.learned.aliases {
            return Ok(known);
        }
        let row = sqlx::query("select exists (select 1 from alias where deleted = 0)")
            .fetch_one(self.connection().await?)
            .await?;
        let has = row.try_get::<i64, _>(0)? != 0;
        self.learned.aliases = Some(has);
        Ok(has)
    }

    /// The records that gave way to `winner_id` itself.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn aliases_of(&mut self, winner_id: Uuid) -> Result<Vec<Alias>, StoreError> {
        self.select("where deleted = 0 and winner_id = ? order by alias_id", vec![winner_id.into()]).await
    }

    /// The joining in which a record gave way.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn alias(&mut self, alias_id: AliasId) -> Result<Option<Alias>, StoreError> {
        self.select_one("where deleted = 0 and alias_id = ?", vec![alias_id.0.into()]).await
    }

    /// A reference as rows hold it: with what stands for each id in it.
    pub(crate) async fn led(&mut self, kind: Kind, value: &Json) -> Result<Option<Json>, StoreError> {
        if !matches!(kind, Kind::Reference | Kind::References) || !self.has_aliases().await? {
            return Ok(None);
        }
        let id_of = |value: &Json| value.as_str().and_then(|text| Uuid::parse_str(text).ok());
        match (kind, value) {
            (Kind::Reference, value) => match id_of(value) {
                Some(id) => Ok(Some(self.stands_for(id).await?.to_string().into())),
                None => Ok(None),
            },
            (Kind::References, Json::Array(ids)) => {
                let mut led: Vec<Json> = Vec::with_capacity(ids.len());
                for value in ids {
                    let stands = match id_of(value) {
                        Some(id) => self.stands_for(id).await?.to_string().into(),
                        None => value.clone(),
                    };
                    if !led.contains(&stands) {
                        led.push(stands);
                    }
                }
                Ok(Some(Json::Array(led)))
            }
            _ => Ok(None),
        }
    }
}

impl WriteSession {
    /// Leads references anew after `op` changed what stands for its record; before it, `stood` did.
    pub(crate) async fn lead_references(&mut self, op: &Op, stood: Uuid) -> Result<(), StoreError> {
        let stands = self.stands_for(op.entity_id).await?;
        if stands == stood {
            return Ok(());
        }
        self.learned.forget_records();
        for entity in Entity::ALL {
            let table = table_of(entity);
            for (column, kind) in table.columns {
                if matches!(kind, Kind::Reference | Kind::References) {
                    self.lead_column(table, column, *kind, op, stood).await?;
                }
            }
        }
        Ok(())
    }

    /// Every row whose `column` names `stood` gets what its ops say, led to what stands for it now.
    async fn lead_column(
        &mut self,
        table: &Table,
        column: &str,
        kind: Kind,
        op: &Op,
        stood: Uuid,
    ) -> Result<(), StoreError> {
        let (name, key) = (table.entity.as_str(), table.id_column());
        if kind == Kind::Reference && stood == op.entity_id {
            // It gives way just now: whatever named it goes the same way, no op has to be read.
            let stands = self.stands_for(stood).await?;
            let sql = AssertSqlSafe(format!("update {name} set {column} = ? where {column} = ?"));
            sqlx::query(sql)
                .bind(stands.to_string())
                .bind(stood.to_string())
                .execute(self.connection().await?)
                .await?;
            return Ok(());
        }
        let names_it = match kind {
            Kind::References => format!("instr({column}, ?) > 0"),
            _ => format!("{column} = ?"),
        };
        let sql = AssertSqlSafe(format!("select {key}, {column} from {name} where {names_it}"));
        let rows = sqlx::query(sql).bind(stood.to_string()).fetch_all(self.connection().await?).await?;
        for row in &rows {
            let (id, held): (Uuid, String) = (uuid_at(row, 0)?, row.try_get(1)?);
            let said = match self.last_said(table.entity, id, column, op).await? {
                Some(said) => said,
                // The row is of this very transaction, whose ops are not in the log yet.
                None if kind == Kind::References => serde_json::from_str(&held)
                    .map_err(|error| StoreError::corrupt(format!("{name}.{column}"), error))?,
                None => held.into(),
            };
            if said.is_null() {
                continue;
            }
            let led = self.led(kind, &said).await?.unwrap_or(said);
            let bind = match led {
                Json::String(text) => Bind::Text(text),
                other => Bind::Text(other.to_string()),
            };
            let sql = AssertSqlSafe(format!("update {name} set {column} = ? where {key} = ?"));
            crate::projection::bind_all(sqlx::query(sql), vec![bind, id.into()])
                .execute(self.connection().await?)
                .await?;
        }
        Ok(())
    }

    /// What the ops of a record before `now` last said of one of its fields.
    async fn last_said(
        &mut self,
        entity: Entity,
        id: Uuid,
        field: &str,
        now: &Op,
    ) -> Result<Option<Json>, StoreError> {
        let until = self.place_of(now.op_id).await?;
        let sql = AssertSqlSafe(format!(
            "{} where txn_id in (select txn_id from op where entity = ? and entity_id = ?) \
             and local_seq <= ? order by local_seq desc",
            crate::log::COLUMNS
        ));
        let rows = sqlx::query(sql)
            .bind(entity.as_str())
            .bind(id.to_string())
            .bind(until)
            .fetch_all(self.connection().await?)
            .await?;
        for row in &rows {
            let stored = StoredTxn::from_row(row)?;
            let txn = stored.txn()?;
            let is_this = stored.local_seq == until;
            let said = txn
                .ops
                .iter()
                .rev()
                .filter(|op| op.entity == entity && op.entity_id == id && !(is_this && op.seq >= now.seq))
                .find_map(|op| op.fields.get(field));
            if let Some(change) = said {
                return Ok(Some(change.to.clone()));
            }
        }
        Ok(None)
    }

    /// Where the transaction of an op stands in this file's log; after everything while it is being made.
    async fn place_of(&mut self, op_id: OpId) -> Result<i64, StoreError> {
        let row = sqlx::query("select local_seq from txn join op on op.txn_id = txn.txn_id where op_id = ?")
            .bind(op_id.to_string())
            .fetch_optional(self.connection().await?)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(i64::MAX))
    }
}
