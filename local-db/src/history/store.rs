//! `history.db`: group commits into a journal, checkpoints of heads, sealed chunks, retention and questions.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use millwright_model::{SeriesKey, TrendView};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Row};
use tokio::sync::Mutex;

use super::StoredSample;
use super::chunk::{self, NumberSummary, Summary};
use super::head::{Head, Offered};
use super::trend::Thinner;
use crate::StoreError;
use crate::database::begin_write;

/// `application_id` of `history.db`: «MWHI».
const APPLICATION_ID: i64 = 0x4d57_4849;
const SCHEMA: i64 = 1;

/// A head with this many samples is sealed at the next checkpoint.
const CHUNK_SAMPLES: usize = 4096;
/// The journal is folded into heads and chunks when it holds this many samples.
const CHECKPOINT_SAMPLES: usize = 200_000;

const SCHEMA_SQL: &str = "
-- Written when a series is first heard.
create table series (series_id integer primary key, key text not null unique) strict;
-- Written by every group commit: all samples of all series since the one before. Emptied by a checkpoint.
create table journal (journal_id integer primary key autoincrement, bytes blob not null) strict;
-- Written by a checkpoint: the samples of a series that are not sealed yet.
create table head (series_id integer primary key references series (series_id), bytes blob not null) strict;
-- Written by a checkpoint from a full head; never changed. min, max, sum and count are over drawn numbers.
create table chunk (
    chunk_id integer primary key,
    series_id integer not null references series (series_id),
    first_ms integer not null,
    last_ms integer not null,
    count integer not null,
    number_min real,
    number_max real,
    number_sum real,
    number_count integer not null,
    bytes blob not null
) strict;
create index chunk_span on chunk (series_id, last_ms, first_ms);
";

/// The history of telemetry.
#[derive(Clone)]
pub struct History {
    pool: SqlitePool,
    heads: Arc<Mutex<Heads>>,
}

#[derive(Default)]
struct Heads {
    by_key: HashMap<Arc<str>, Head>,
    journal_samples: usize,
    statistics: HistoryStatistics,
}

/// What history has done since it was opened.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct HistoryStatistics {
    /// Samples kept.
    pub kept: u64,
    /// Samples that were there already.
    pub duplicates: u64,
    /// Samples kept beside another value of the same series and time.
    pub contradictions: u64,
    /// Chunks sealed.
    pub chunks_sealed: u64,
    /// Series known.
    pub series: u64,
}

impl History {
    /// Opens the history at `path`, made when it is not there, and takes up what the last process left.
    ///
    /// # Errors
    /// When the file is not ours or cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new()
            .max_connections(3)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        let number = |pragma: &'static str| {
            let pool = pool.clone();
            async move { Ok::<i64, StoreError>(sqlx::query(pragma).fetch_one(&pool).await?.try_get(0)?) }
        };
        let application_id = number("pragma application_id").await?;
        let version = number("pragma user_version").await?;
        if application_id == 0 && version == 0 && number("select count(*) from sqlite_schema").await? == 0 {
            let mut transaction = pool.begin_with("begin immediate").await?;
            sqlx::raw_sql(SCHEMA_SQL).execute(&mut *transaction).await?;
            let stamp = format!("pragma application_id = {APPLICATION_ID}; pragma user_version = {SCHEMA}");
            sqlx::raw_sql(AssertSqlSafe(stamp)).execute(&mut *transaction).await?;
            transaction.commit().await?;
        } else if application_id != APPLICATION_ID {
            return Err(StoreError::Foreign {
                path: path.to_owned(),
                reason: "it has another application id".to_owned(),
            });
        } else if version > SCHEMA {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found: version as u32,
                known: SCHEMA as u32,
            });
        }
        let history = Self { pool, heads: Arc::default() };
        history.take_up().await?;
        Ok(history)
    }

    async fn take_up(&self) -> Result<(), StoreError> {
        let mut heads = self.heads.lock().await;
        let rows = sqlx::query(
            "select s.series_id, s.key, h.bytes from series s left join head h on h.series_id = s.series_id",
        )
        .fetch_all(&self.pool)
        .await?;
        for row in &rows {
            let key: Arc<str> = row.try_get::<String, _>(1)?.into();
            let samples = match row.try_get::<Option<Vec<u8>>, _>(2)? {
                Some(bytes) => chunk::open(&bytes)?,
                None => Vec::new(),
            };
            heads.by_key.insert(key.clone(), Head { series_id: row.try_get(0)?, key, samples, dirty: false });
        }
        let rows = sqlx::query("select bytes from journal order by journal_id").fetch_all(&self.pool).await?;
        for row in &rows {
            let bytes: Vec<u8> = row.try_get(0)?;
            let batch: Vec<(i64, Vec<StoredSample>)> =
                serde_json::from_slice(&bytes).map_err(|error| StoreError::corrupt("journal", error))?;
            let names: HashMap<i64, Arc<str>> =
                heads.by_key.values().map(|head| (head.series_id, head.key.clone())).collect();
            for (series_id, samples) in batch {
                heads.journal_samples += samples.len();
                let Some(head) = names.get(&series_id).and_then(|key| heads.by_key.get_mut(key)) else {
                    continue;
                };
                for sample in samples {
                    head.offer(sample);
                }
            }
        }
        heads.statistics = HistoryStatistics { series: heads.by_key.len() as u64, ..Default::default() };
        Ok(())
    }

    /// Keeps samples in one group commit: when this returns they survive a power cut.
    ///
    /// # Errors
    /// When the disk refuses; then none of them is kept.
    pub async fn commit(&self, batch: &[(SeriesKey, StoredSample)]) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let mut heads = self.heads.lock().await;
        let mut transaction = begin_write(&self.pool).await?;
        let mut grouped: Vec<(Arc<str>, i64, Vec<StoredSample>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (key, sample) in batch {
            if let Some(place) = places.get(key.0.as_str()) {
                if let Some((_, _, samples)) = grouped.get_mut(*place) {
                    samples.push(sample.clone());
                }
                continue;
            }
            let (name, series_id) = match heads.by_key.get(key.0.as_str()) {
                Some(head) => (head.key.clone(), head.series_id),
                None => {
                    let row = sqlx::query("insert into series (key) values (?) on conflict (key) do update set key = key returning series_id")
                        .bind(&key.0)
                        .fetch_one(&mut *transaction)
                        .await?;
                    (Arc::from(key.0.as_str()), row.try_get(0)?)
                }
            };
            places.insert(key.0.as_str(), grouped.len());
            grouped.push((name, series_id, vec![sample.clone()]));
        }
        let journal: Vec<(i64, &Vec<StoredSample>)> =
            grouped.iter().map(|(_, series_id, samples)| (*series_id, samples)).collect();
        let bytes = serde_json::to_vec(&journal).map_err(|error| StoreError::corrupt("journal", error))?;
        sqlx::query("insert into journal (bytes) values (?)").bind(bytes).execute(&mut *transaction).await?;
        transaction.commit().await?;
        // Only now: a head never holds what the disk does not.
        for (name, series_id, samples) in grouped {
            for sample in samples {
                let head = heads.by_key.entry(name.clone()).or_insert_with(|| Head {
                    series_id,
                    key: name.clone(),
                    samples: Vec::new(),
                    dirty: false,
                });
                let offered = head.offer(sample);
                match offered {
                    Offered::Kept => heads.statistics.kept += 1,
                    Offered::Duplicate => heads.statistics.duplicates += 1,
                    Offered::Contradiction => {
                        heads.statistics.kept += 1;
                        heads.statistics.contradictions += 1;
                    }
                }
            }
        }
        heads.journal_samples += batch.len();
        heads.statistics.series = heads.by_key.len() as u64;
        if heads.journal_samples >= CHECKPOINT_SAMPLES {
            self.checkpoint_locked(&mut heads).await?;
        }
        Ok(())
    }

    /// Folds the journal into heads and seals the full ones.
    ///
    /// # Errors
    /// When the disk refuses; then the journal still holds everything.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        let mut heads = self.heads.lock().await;
        self.checkpoint_locked(&mut heads).await
    }

    async fn checkpoint_locked(&self, heads: &mut Heads) -> Result<(), StoreError> {
        let mut transaction = begin_write(&self.pool).await?;
        let mut sealed: Vec<(Arc<str>, usize)> = Vec::new();
        for head in heads.by_key.values().filter(|head| head.dirty) {
            let mut rest = &head.samples[..];
            while rest.len() >= CHUNK_SAMPLES {
                let (full, tail) = rest.split_at(CHUNK_SAMPLES);
                insert_chunk(&mut transaction, head.series_id, &chunk::summarise(full), &chunk::seal(full)?)
                    .await?;
                rest = tail;
            }
            sealed.push((head.key.clone(), head.samples.len() - rest.len()));
            sqlx::query("insert or replace into head (series_id, bytes) values (?, ?)")
                .bind(head.series_id)
                .bind(chunk::seal(rest)?)
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("delete from journal").execute(&mut *transaction).await?;
        transaction.commit().await?;
        for (key, count) in sealed {
            let Some(head) = heads.by_key.get_mut(&key) else { continue };
            head.samples.drain(..count);
            head.dirty = false;
            heads.statistics.chunks_sealed += (count / CHUNK_SAMPLES) as u64;
        }
        heads.journal_samples = 0;
        Ok(())
    }

    /// A span of a series, thinned to at most `bucket_count` buckets.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn trend(
        &self,
        series: &SeriesKey,
        from_ms: i64,
        to_ms: i64,
        bucket_count: u32,
    ) -> Result<TrendView, StoreError> {
        let mut thinner = Thinner::new(from_ms, to_ms, bucket_count);
        let (rows, hot) = self.span(series, from_ms, to_ms).await?;
        for row in &rows {
            let (first_ms, last_ms): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let count: i64 = row.try_get(5)?;
            if thinner.fits_one_bucket(first_ms, last_ms) {
                if count > 0 {
                    let (min, max, sum) = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
                    thinner.add_summary(first_ms, NumberSummary { min, max, sum, count: count as u64 });
                }
                continue;
            }
            for sample in self.open_chunk(row.try_get(6)?).await? {
                thinner.add_sample(&sample);
            }
        }
        for sample in &hot {
            thinner.add_sample(sample);
        }
        Ok(thinner.finish())
    }

    /// The samples of a span as they were kept, in time order, at most `limit`, the newest of them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn samples(
        &self,
        series: &SeriesKey,
        from_ms: i64,
        to_ms: i64,
        limit: usize,
    ) -> Result<Vec<StoredSample>, StoreError> {
        let (rows, hot) = self.span(series, from_ms, to_ms).await?;
        let mut samples = Vec::new();
        for row in &rows {
            samples.extend(self.open_chunk(row.try_get(6)?).await?);
        }
        samples.extend(hot);
        samples.retain(|sample| sample.at_ms >= from_ms && sample.at_ms < to_ms);
        samples.sort_by_key(|sample| (sample.at_ms, sample.ordinal));
        // A sample that came late may lie both in a chunk and in the head: the same key and value is one sample.
        samples.dedup_by(|later, earlier| later.source_time && later == earlier);
        let surplus = samples.len().saturating_sub(limit);
        samples.drain(..surplus);
        Ok(samples)
    }

    /// Forgets sealed chunks whose last sample is older than `before_ms`. Answers how many samples went.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn forget_before(&self, before_ms: i64) -> Result<i64, StoreError> {
        let mut transaction = begin_write(&self.pool).await?;
        let row = sqlx::query("select coalesce(sum(count), 0) from chunk where last_ms < ?")
            .bind(before_ms)
            .fetch_one(&mut *transaction)
            .await?;
        let count: i64 = row.try_get(0)?;
        sqlx::query("delete from chunk where last_ms < ?").bind(before_ms).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(count)
    }

    /// What history has done since it was opened.
    pub async fn statistics(&self) -> HistoryStatistics {
        self.heads.lock().await.statistics
    }

    /// The series known, by name.
    pub async fn series(&self) -> Vec<SeriesKey> {
        let heads = self.heads.lock().await;
        let mut series: Vec<SeriesKey> = heads.by_key.keys().map(|key| SeriesKey(key.to_string())).collect();
        series.sort();
        series
    }

    /// Copies the history, as it is now, to a new file at `path`.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        sqlx::query("vacuum into ?").bind(path.to_string_lossy().into_owned()).execute(&self.pool).await?;
        Ok(())
    }

    /// Folds the journal and closes the file.
    ///
    /// # Errors
    /// When the disk refuses; then the journal still holds everything.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.checkpoint().await?;
        self.pool.close().await;
        Ok(())
    }

    /// The chunks that touch a span, and the samples of it that are still hot. Both are taken under one lock:
    /// a checkpoint in between would show a sample twice or not at all.
    async fn span(
        &self,
        series: &SeriesKey,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<(Vec<SqliteRow>, Vec<StoredSample>), StoreError> {
        let heads = self.heads.lock().await;
        let Some(head) = heads.by_key.get(series.0.as_str()) else { return Ok((Vec::new(), Vec::new())) };
        let rows = sqlx::query(
            "select first_ms, last_ms, number_min, number_max, number_sum, number_count, chunk_id from chunk \
             where series_id = ? and last_ms >= ? and first_ms < ? order by first_ms",
        )
        .bind(head.series_id)
        .bind(from_ms)
        .bind(to_ms)
        .fetch_all(&self.pool)
        .await?;
        let hot = head
            .samples
            .iter()
            .filter(|sample| sample.at_ms >= from_ms && sample.at_ms < to_ms)
            .cloned()
            .collect();
        Ok((rows, hot))
    }

    async fn open_chunk(&self, chunk_id: i64) -> Result<Vec<StoredSample>, StoreError> {
        let row = sqlx::query("select bytes from chunk where chunk_id = ?")
            .bind(chunk_id)
            .fetch_one(&self.pool)
            .await?;
        chunk::open(&row.try_get::<Vec<u8>, _>(0)?)
    }
}

async fn insert_chunk(
    connection: &mut sqlx::SqliteConnection,
    series_id: i64,
    summary: &Summary,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let numbers = summary.numbers;
    sqlx::query(
        "insert into chunk (series_id, first_ms, last_ms, count, number_min, number_max, number_sum, number_count, bytes) \
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(series_id)
    .bind(summary.first_ms)
    .bind(summary.last_ms)
    .bind(summary.count)
    .bind(numbers.map(|numbers| numbers.min))
    .bind(numbers.map(|numbers| numbers.max))
    .bind(numbers.map(|numbers| numbers.sum))
    .bind(numbers.map_or(0, |numbers| numbers.count as i64))
    .bind(bytes)
    .execute(connection)
    .await?;
    Ok(())
}
