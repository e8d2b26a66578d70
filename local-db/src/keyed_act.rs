//! Acts that came with a key of their own: kept with their effect, so that the same act asked for again has it once.

use millwright_model::{TimestampMs, TokenId, TxnId};
use sqlx::Row;
use uuid::Uuid;

use crate::{Session, StoreError, WriteSession};

/// Which act: the key that a program gave it, and what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActKey {
    /// Whose key it is.
    pub token_id: TokenId,
    /// The key.
    pub key: String,
    /// A hash of what was asked.
    pub asked_hash: [u8; 32],
}

/// An act that had its effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedAct {
    /// A hash of what was asked.
    pub asked_hash: [u8; 32],
    /// The transaction that it made, where it made one.
    pub txn_id: Option<TxnId>,
    /// The first record that it made, where it made one.
    pub created_id: Option<Uuid>,
    /// What was answered; nothing where the process ended before it was kept.
    pub answer: Option<String>,
}

impl Session {
    /// The act that had this key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keyed_act(&mut self, token_id: TokenId, key: &str) -> Result<Option<KeyedAct>, StoreError> {
        let row = sqlx::query(
            "select asked_hash, txn_id, created_id, answer from keyed_act where token_id = ? and key = ?",
        )
        .bind(token_id.to_string())
        .bind(key)
        .fetch_optional(self.connection().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let uuid = |name: &str| -> Result<Option<Uuid>, StoreError> {
            let text: Option<String> = row.try_get(name)?;
            let uuid = text.map(|text| Uuid::parse_str(&text));
            uuid.transpose().map_err(|error| StoreError::corrupt(format!("keyed_act.{name}"), error))
        };
        Ok(Some(KeyedAct {
            asked_hash: crate::log::bytes_at(&row, "asked_hash")?,
            txn_id: uuid("txn_id")?.map(TxnId),
            created_id: uuid("created_id")?,
            answer: row.try_get("answer")?,
        }))
    }
}

impl WriteSession {
    /// Keeps that an act has its effect in this very transaction.
    ///
    /// # Errors
    /// When the database refuses, as it does where an act with this key had its effect already.
    pub async fn keep_act(
        &mut self,
        act: &ActKey,
        txn_id: Option<TxnId>,
        created_id: Option<Uuid>,
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into keyed_act (token_id, key, asked_hash, begun_at, txn_id, created_id) values (?, ?, ?, ?, ?, ?)",
        )
        .bind(act.token_id.to_string())
        .bind(&act.key)
        .bind(&act.asked_hash[..])
        .bind(at.0)
        .bind(txn_id.map(|id| id.to_string()))
        .bind(created_id.map(|id| id.to_string()))
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Keeps what an act was answered.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_answer(&mut self, act: &ActKey, answer: &str) -> Result<(), StoreError> {
        sqlx::query("update keyed_act set answer = ? where token_id = ? and key = ?")
            .bind(answer)
            .bind(act.token_id.to_string())
            .bind(&act.key)
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Forgets acts from before `before`, and the oldest beyond `most`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_acts(&mut self, before: TimestampMs, most: i64) -> Result<(), StoreError> {
        sqlx::query(
            "delete from keyed_act where begun_at < ? or act_id <= (select max(act_id) from keyed_act) - ?",
        )
        .bind(before.0)
        .bind(most)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }
}
