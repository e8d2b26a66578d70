//! Tokens of programs as rows: of a secret only its hash.

use millwright_model::{PersonId, TimestampMs, Token, TokenId};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::projection::uuid_at;
use crate::{Session, StoreError, WriteSession};

const SELECT: &str = "select token_id, name, reads_only, commands, person_id, created_at, expires_at, revoked_at, used_at \
     from token";

impl Session {
    /// The tokens, newest first, also those that open nothing any more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tokens(&mut self) -> Result<Vec<Token>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} order by created_at desc, token_id desc"));
        let rows = sqlx::query(sql).fetch_all(self.connection().await?).await?;
        rows.iter().map(read_row).collect()
    }

    /// The token whose secret has this hash.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn token_of_hash(&mut self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} where hash = ?"));
        let row = sqlx::query(sql).bind(&hash[..]).fetch_optional(self.connection().await?).await?;
        row.as_ref().map(read_row).transpose()
    }
}

impl WriteSession {
    /// Keeps a token and the hash of its secret.
    ///
    /// # Errors
    /// When the database refuses, as it does for a name that another good token has.
    pub async fn add_token(&mut self, token: &Token, hash: &[u8; 32]) -> Result<(), StoreError> {
        let commands = token
            .commands
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(|error| StoreError::corrupt("token.commands", error))?;
        sqlx::query(
            "insert into token (token_id, name, hash, reads_only, commands, person_id, created_at, expires_at) \
             values (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(token.token_id.to_string())
        .bind(&token.name)
        .bind(&hash[..])
        .bind(token.reads_only)
        .bind(commands)
        .bind(token.person_id.map(|person_id| person_id.to_string()))
        .bind(token.created_at.0)
        .bind(token.expires_at.0)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Takes a token back; answers whether there was a good one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revoke_token(&mut self, token_id: TokenId, at: TimestampMs) -> Result<bool, StoreError> {
        let done = sqlx::query("update token set revoked_at = ? where token_id = ? and revoked_at is null")
            .bind(at.0)
            .bind(token_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets every token and what was done with it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_tokens(&mut self) -> Result<(), StoreError> {
        sqlx::query("delete from token").execute(self.connection().await?).await?;
        sqlx::query("delete from keyed_act").execute(self.connection().await?).await?;
        Ok(())
    }

    /// Keeps when a token was shown.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn token_used(&mut self, token_id: TokenId, at: TimestampMs) -> Result<(), StoreError> {
        sqlx::query("update token set used_at = ? where token_id = ?")
            .bind(at.0)
            .bind(token_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }
}

fn read_row(row: &SqliteRow) -> Result<Token, StoreError> {
    let time = |name: &str| -> Result<Option<TimestampMs>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(name)?.map(TimestampMs))
    };
    let commands: Option<String> = row.try_get("commands")?;
    let commands = commands.map(|text| {
        serde_json::from_str(&text).map_err(|error| StoreError::corrupt("token.commands", error))
    });
    let person_id: Option<String> = row.try_get("person_id")?;
    let person_id = person_id
        .map(|text| text.parse::<PersonId>().map_err(|error| StoreError::corrupt("token.person_id", error)));
    Ok(Token {
        token_id: TokenId(uuid_at(row, 0)?),
        name: row.try_get("name")?,
        reads_only: row.try_get("reads_only")?,
        commands: commands.transpose()?,
        person_id: person_id.transpose()?,
        created_at: TimestampMs(row.try_get("created_at")?),
        expires_at: TimestampMs(row.try_get("expires_at")?),
        revoked_at: time("revoked_at")?,
        used_at: time("used_at")?,
    })
}
