//! What becomes of a file when its device joins a team or is shut out of it, and the strangers that ask a node to be let in.

use millwright_model::{DeviceId, TimestampMs, TxnId};
use sqlx::{AssertSqlSafe, Row};

use crate::projection::uuid_at;
use crate::{Session, StoreError, WriteSession};

/// A stranger that asks to be let in.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredAsk {
    /// The device.
    pub device_id: DeviceId,
    /// Since when.
    pub asked_at: TimestampMs,
    /// Its wish, as JSON.
    pub ask: String,
    /// Whether a person said no.
    pub refused: bool,
}

impl Session {
    /// Strangers that ask to be let in, the longest waiting first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn asks(&mut self) -> Result<Vec<StoredAsk>, StoreError> {
        let rows = sqlx::query("select device_id, asked_at, ask, refused from team_ask order by asked_at")
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(StoredAsk {
                    device_id: DeviceId(uuid_at(row, 0)?),
                    asked_at: TimestampMs(row.try_get(1)?),
                    ask: row.try_get(2)?,
                    refused: row.try_get::<i64, _>(3)? != 0,
                })
            })
            .collect()
    }
}

impl WriteSession {
    /// Sets what a node has judged aside and takes every place in its order away: this device joins a team.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_judged_aside(&mut self) -> Result<(), StoreError> {
        self.learned.ledger_head = None;
        for sql in [
            "update txn set ledger_seq = -local_seq where ledger_seq > 0",
            "delete from base_row",
            "delete from base_page",
            "delete from beneath",
            "delete from blob_at_node",
        ] {
            sqlx::query(sql).execute(self.connection().await?).await?;
        }
        Ok(())
    }

    /// Sets what was pulled from the ERP aside: the node's own pull holds it, so none of it is offered or laid on top.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_pulled_aside(&mut self) -> Result<(), StoreError> {
        self.learned.ledger_head = None;
        sqlx::query(
            "update txn set ledger_seq = -local_seq \
             where ledger_seq is null and instr(cast(bytes as text), '\"actor_kind\":\"erp\"') > 0",
        )
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Sets transactions aside that the node keeps for a person to look at: they wait here no longer.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_laid_aside(&mut self, txn_ids: &[TxnId]) -> Result<(), StoreError> {
        self.learned.ledger_head = None;
        for txn_id in txn_ids {
            sqlx::query("update txn set ledger_seq = -local_seq where ledger_seq is null and txn_id = ?")
                .bind(txn_id.to_string())
                .execute(self.connection().await?)
                .await?;
        }
        Ok(())
    }

    /// Removes every record, every transaction and every key of a person: this device was shut out of its team.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_everything(&mut self) -> Result<(), StoreError> {
        self.clear_rows().await?;
        for table in [
            "op",
            "txn",
            "base_row",
            "base_page",
            "blob_at_node",
            "carried_letter",
            "carried_update",
            "record_copy",
            "blob_copy",
            "person_key",
            "delivery",
            "conflict",
            "external_ref",
            "shadow",
            "pull_cursor",
        ] {
            let sql = AssertSqlSafe(format!("delete from {table}"));
            sqlx::query(sql).execute(self.connection().await?).await?;
        }
        self.learned.forget();
        Ok(())
    }

    /// Keeps a stranger's wish, or forgets it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_ask(&mut self, device_id: DeviceId, ask: Option<&StoredAsk>) -> Result<(), StoreError> {
        let Some(ask) = ask else {
            sqlx::query("delete from team_ask where device_id = ?")
                .bind(device_id.to_string())
                .execute(self.connection().await?)
                .await?;
            return Ok(());
        };
        sqlx::query(
            "insert or replace into team_ask (device_id, asked_at, ask, refused) values (?, ?, ?, ?)",
        )
        .bind(device_id.to_string())
        .bind(ask.asked_at.0)
        .bind(&ask.ask)
        .bind(i64::from(ask.refused))
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }
}
