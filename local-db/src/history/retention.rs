//! What history lets go: sealed chunks past the age that their class of series is kept for, then the oldest beyond the
//! size that is allowed.
//!
//! A wrong clock must not empty it: one call lets go at most [`STEP_MS`] of a class, counted from its oldest chunk.

use millwright_model::{SeriesKey, TimestampMs};
use sqlx::{Row, SqliteConnection};

use super::History;
use crate::StoreError;
use crate::database::begin_write;

/// So much of a class goes with one call, whatever the clock says: a day.
pub const STEP_MS: i64 = 86_400_000;
/// So many chunks go in one transaction: group commits wait no longer for it.
const CHUNKS_AT_ONCE: i64 = 512;

/// How long history is kept, and how much of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// What is older goes, of series that a rule binds to an asset.
    pub bound_before: TimestampMs,
    /// What is older goes, of all other series.
    pub other_before: TimestampMs,
    /// The oldest goes while the file uses more, those of other series first.
    pub bytes_max: i64,
}

/// What one call let go.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Samples past their age.
    pub by_age: i64,
    /// Samples that the size has no room for.
    pub by_size: i64,
}

/// A class of series.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Class {
    Bound,
    Other,
}

impl Class {
    fn condition(self) -> &'static str {
        match self {
            Self::Bound => "series_id in (select value from json_each(?1))",
            Self::Other => "series_id not in (select value from json_each(?1))",
        }
    }
}

impl History {
    /// Lets go what `retention` does not keep. `bound` are the series that rules bind to assets. Pages that come free
    /// are used again; the file does not shrink.
    ///
    /// # Errors
    /// When the disk refuses; what went before stays gone.
    pub async fn let_go(&self, retention: Retention, bound: &[SeriesKey]) -> Result<Forgotten, StoreError> {
        let bound = self.ids_of(bound).await?;
        let mut forgotten = Forgotten::default();
        for (class, before) in
            [(Class::Other, retention.other_before), (Class::Bound, retention.bound_before)]
        {
            let Some(oldest) = self.oldest(class, &bound).await? else { continue };
            let before = before.0.min(oldest.saturating_add(STEP_MS));
            loop {
                let gone = self.forget_oldest(class, &bound, before).await?;
                forgotten.by_age += gone.samples;
                if gone.chunks < CHUNKS_AT_ONCE {
                    break;
                }
            }
        }
        while self.used_bytes().await? > retention.bytes_max {
            let mut gone = self.forget_oldest(Class::Other, &bound, i64::MAX).await?;
            if gone.chunks == 0 {
                gone = self.forget_oldest(Class::Bound, &bound, i64::MAX).await?;
            }
            if gone.chunks == 0 {
                break;
            }
            forgotten.by_size += gone.samples;
        }
        Ok(forgotten)
    }

    /// The bytes of the file that hold something.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn used_bytes(&self) -> Result<i64, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let pages = pragma(&mut connection, "pragma page_count").await?;
        let free = pragma(&mut connection, "pragma freelist_count").await?;
        Ok((pages - free) * pragma(&mut connection, "pragma page_size").await?)
    }

    async fn ids_of(&self, series: &[SeriesKey]) -> Result<String, StoreError> {
        let heads = self.heads.lock().await;
        let ids: Vec<i64> =
            series.iter().filter_map(|key| heads.get(&key.0)).map(|head| head.series_id).collect();
        serde_json::to_string(&ids).map_err(|error| StoreError::corrupt("series", error))
    }

    async fn oldest(&self, class: Class, bound: &str) -> Result<Option<i64>, StoreError> {
        let sql = format!("select min(last_ms) from chunk where {}", class.condition());
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(bound).fetch_one(&self.pool).await?;
        Ok(row.try_get(0)?)
    }

    /// Forgets the oldest chunks of a class that end before `before_ms`, as many as go at once.
    async fn forget_oldest(&self, class: Class, bound: &str, before_ms: i64) -> Result<Gone, StoreError> {
        let mut transaction = begin_write(&self.pool).await?;
        let sql = format!(
            "delete from chunk where chunk_id in (select chunk_id from chunk where {} and last_ms < ?2 \
             order by last_ms limit ?3) returning count",
            class.condition()
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(bound)
            .bind(before_ms)
            .bind(CHUNKS_AT_ONCE)
            .fetch_all(&mut *transaction)
            .await?;
        transaction.commit().await?;
        let mut gone = Gone { chunks: rows.len() as i64, samples: 0 };
        for row in &rows {
            gone.samples += row.try_get::<i64, _>(0)?;
        }
        Ok(gone)
    }
}

struct Gone {
    chunks: i64,
    samples: i64,
}

async fn pragma(connection: &mut SqliteConnection, name: &'static str) -> Result<i64, StoreError> {
    Ok(sqlx::query(name).fetch_one(connection).await?.try_get(0)?)
}
