//! Webhooks and what they are still to be told.

use millwright_model::{Entity, TimestampMs, TxnId, Webhook, WebhookId};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::projection::uuid_at;
use crate::{Session, StoreError, WriteSession};

/// A webhook with what the loop needs to tell it.
#[derive(Clone, Debug)]
pub struct WebhookRow {
    /// What people see.
    pub webhook: Webhook,
    /// Its secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// The authority of its server, as PEM, where the public ones do not know it.
    pub authority_pem: Option<String>,
    /// How often it failed in a row.
    pub attempts: i64,
}

/// An event that waits to be told.
#[derive(Clone, Debug)]
pub struct WebhookEvent {
    /// Its place.
    pub event_id: i64,
    /// The op: also the id that the receiver knows it by.
    pub op_id: Uuid,
    /// What is told: always the same bytes.
    pub body: String,
    /// How often the receiver did not take it.
    pub attempts: i64,
}

const SELECT: &str = "select webhook_id, url, entities, sealed_secret, authority_pem, created_at, attempts, \
     next_attempt_at, problem, stopped_at, \
     (select count(*) from webhook_event e where e.webhook_id = w.webhook_id and refused_at is null) as waiting, \
     (select count(*) from webhook_event e where e.webhook_id = w.webhook_id and refused_at is not null) as refused \
     from webhook w";

impl Session {
    /// The webhooks, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn webhooks(&mut self) -> Result<Vec<WebhookRow>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} order by created_at, webhook_id"));
        let rows = sqlx::query(sql).fetch_all(self.connection().await?).await?;
        rows.iter().map(read_row).collect()
    }

    /// The webhooks that want to hear of some kind of record: id and kinds.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn webhook_wishes(&mut self) -> Result<Vec<(WebhookId, Vec<Entity>)>, StoreError> {
        if let Some(known) = &self.learned.webhook_wishes {
            return Ok(known.clone());
        }
        let rows = sqlx::query("select webhook_id, entities from webhook where stopped_at is null")
            .fetch_all(self.connection().await?)
            .await?;
        let wishes: Result<Vec<_>, StoreError> =
            rows.iter().map(|row| Ok((WebhookId(uuid_at(row, 0)?), entities_at(row)?))).collect();
        let wishes = wishes?;
        if self.writes() {
            self.learned.webhook_wishes = Some(wishes.clone());
        }
        Ok(wishes)
    }

    /// The event that a webhook is to be told next, where it is due. One that would be due later than `longest_wait_ms`
    /// from now was dated by a clock that has been set back since: it is due too.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_webhook_event(
        &mut self,
        webhook_id: WebhookId,
        now: TimestampMs,
        longest_wait_ms: i64,
    ) -> Result<Option<WebhookEvent>, StoreError> {
        let row = sqlx::query(
            "select op_id, event_id, body, attempts, not_before from webhook_event \
             where webhook_id = ? and refused_at is null order by event_id limit 1",
        )
        .bind(webhook_id.to_string())
        .fetch_optional(self.connection().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let not_before = TimestampMs(row.try_get("not_before")?);
        if not_before > now && not_before <= now.plus_ms(longest_wait_ms) {
            return Ok(None);
        }
        Ok(Some(WebhookEvent {
            event_id: row.try_get("event_id")?,
            op_id: uuid_at(&row, 0)?,
            body: row.try_get("body")?,
            attempts: row.try_get("attempts")?,
        }))
    }
}

impl WriteSession {
    /// Keeps a webhook.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_webhook(&mut self, row: &WebhookRow) -> Result<(), StoreError> {
        self.learned.webhook_wishes = None;
        let entities: Vec<&str> = row.webhook.entities.iter().map(|entity| entity.as_str()).collect();
        let entities = serde_json::to_string(&entities)
            .map_err(|error| StoreError::corrupt("webhook.entities", error))?;
        sqlx::query(
            "insert into webhook (webhook_id, url, entities, sealed_secret, authority_pem, created_at) \
             values (?, ?, ?, ?, ?, ?)",
        )
        .bind(row.webhook.webhook_id.to_string())
        .bind(&row.webhook.url)
        .bind(entities)
        .bind(&row.sealed_secret[..])
        .bind(&row.authority_pem)
        .bind(row.webhook.created_at.0)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Removes a webhook with all that it was to be told; answers whether there was one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_webhook(&mut self, webhook_id: WebhookId) -> Result<bool, StoreError> {
        self.learned.webhook_wishes = None;
        sqlx::query("delete from webhook_event where webhook_id = ?")
            .bind(webhook_id.to_string())
            .execute(self.connection().await?)
            .await?;
        let done = sqlx::query("delete from webhook where webhook_id = ?")
            .bind(webhook_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Plans an event, in the transaction of what it tells.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn plan_webhook_event(
        &mut self,
        webhook_id: WebhookId,
        op_id: Uuid,
        txn_id: TxnId,
        body: &str,
        not_before: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into webhook_event (webhook_id, op_id, txn_id, body, not_before) values (?, ?, ?, ?, ?) \
             on conflict (webhook_id, op_id) do nothing",
        )
        .bind(webhook_id.to_string())
        .bind(op_id.to_string())
        .bind(txn_id.to_string())
        .bind(body)
        .bind(not_before.0)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Takes back what a transaction was to tell: it was undone before it left.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn unplan_webhook_events(&mut self, txn_id: TxnId) -> Result<(), StoreError> {
        sqlx::query("delete from webhook_event where txn_id = ? and refused_at is null")
            .bind(txn_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// An event was told: it goes, and its webhook is well.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn webhook_told(&mut self, webhook_id: WebhookId, event_id: i64) -> Result<(), StoreError> {
        sqlx::query("delete from webhook_event where event_id = ?")
            .bind(event_id)
            .execute(self.connection().await?)
            .await?;
        sqlx::query(
            "update webhook set attempts = 0, next_attempt_at = 0, problem = null \
             where webhook_id = ? and (attempts > 0 or problem is not null)",
        )
        .bind(webhook_id.to_string())
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// A webhook could not be told: it is tried again at `next_attempt_at`. `answered` counts against the event.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn webhook_failed(
        &mut self,
        webhook_id: WebhookId,
        event_id: i64,
        answered: bool,
        said: &str,
        next_attempt_at: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query("update webhook_event set attempts = attempts + ?, said = ? where event_id = ?")
            .bind(i64::from(answered))
            .bind(said)
            .bind(event_id)
            .execute(self.connection().await?)
            .await?;
        sqlx::query(
            "update webhook set attempts = attempts + 1, next_attempt_at = ?, problem = ? where webhook_id = ?",
        )
        .bind(next_attempt_at.0)
        .bind(said)
        .bind(webhook_id.to_string())
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// The receiver refused an event: it is kept aside, and the next one is told.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn webhook_event_refused(
        &mut self,
        event_id: i64,
        said: &str,
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update webhook_event set refused_at = ?, said = ?, attempts = attempts + 1 where event_id = ?",
        )
        .bind(at.0)
        .bind(said)
        .bind(event_id)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Tells a webhook nothing more until a person says so; what waits is kept.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn stop_webhook(
        &mut self,
        webhook_id: WebhookId,
        problem: &str,
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        self.learned.webhook_wishes = None;
        sqlx::query("update webhook set stopped_at = ?, problem = ? where webhook_id = ?")
            .bind(at.0)
            .bind(problem)
            .bind(webhook_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Tells a webhook again: what waits, and once more what it refused. Answers whether there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resume_webhook(&mut self, webhook_id: WebhookId) -> Result<bool, StoreError> {
        self.learned.webhook_wishes = None;
        sqlx::query("update webhook_event set refused_at = null, attempts = 0 where webhook_id = ?")
            .bind(webhook_id.to_string())
            .execute(self.connection().await?)
            .await?;
        let done = sqlx::query(
            "update webhook set stopped_at = null, problem = null, attempts = 0, next_attempt_at = 0 \
             where webhook_id = ?",
        )
        .bind(webhook_id.to_string())
        .execute(self.connection().await?)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

fn entities_at(row: &SqliteRow) -> Result<Vec<Entity>, StoreError> {
    let text: String = row.try_get("entities")?;
    serde_json::from_str(&text).map_err(|error| StoreError::corrupt("webhook.entities", error))
}

fn read_row(row: &SqliteRow) -> Result<WebhookRow, StoreError> {
    Ok(WebhookRow {
        webhook: Webhook {
            webhook_id: WebhookId(uuid_at(row, 0)?),
            url: row.try_get("url")?,
            entities: entities_at(row)?,
            created_at: TimestampMs(row.try_get("created_at")?),
            waiting: row.try_get("waiting")?,
            refused: row.try_get("refused")?,
            next_attempt_at: TimestampMs(row.try_get("next_attempt_at")?),
            problem: row.try_get("problem")?,
            stopped_at: row.try_get::<Option<i64>, _>("stopped_at")?.map(TimestampMs),
        },
        sealed_secret: row.try_get("sealed_secret")?,
        authority_pem: row.try_get("authority_pem")?,
        attempts: row.try_get("attempts")?,
    })
}
