//! `history.db`: group commits into a journal, checkpoints of heads, sealed chunks.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use millwright_model::SeriesKey;
use sqlx::Row;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use tokio::sync::Mutex;

use super::StoredSample;
use super::chunk::{self, Summary};
use super::head::{Folded, Head, Offered};
use super::schema::{self, APPLICATION_ID, PAGE_BYTES, SCHEMA};
use super::{group, journal, pyramid};
use crate::StoreError;
use crate::database::begin_write;

/// A head with this many samples is sealed at the next checkpoint.
const CHUNK_SAMPLES: usize = 4096;
/// The journal is folded into heads and chunks when it holds this many samples.
const CHECKPOINT_SAMPLES: usize = 500_000;
/// The most series that history knows; samples of further ones are refused and counted.
const SERIES_MAX: usize = 2_000_000;

/// The history of telemetry.
#[derive(Clone)]
pub struct History {
    pub(super) pool: SqlitePool,
    pub(super) heads: Arc<Mutex<Heads>>,
}

#[derive(Default)]
pub(super) struct Heads {
    all: Vec<Head>,
    by_key: HashMap<Arc<str>, usize>,
    by_id: HashMap<i64, usize>,
    journal_samples: usize,
    statistics: HistoryStatistics,
}

impl Heads {
    pub(super) fn get(&self, key: &str) -> Option<&Head> {
        self.by_key.get(key).and_then(|place| self.all.get(*place))
    }

    fn by_id(&mut self, series_id: i64) -> Option<&mut Head> {
        self.by_id.get(&series_id).and_then(|place| self.all.get_mut(*place))
    }

    fn add(&mut self, series_id: i64, key: &str) {
        let key: Arc<str> = key.into();
        self.by_key.insert(key.clone(), self.all.len());
        self.by_id.insert(series_id, self.all.len());
        self.all.push(Head::new(series_id, key));
    }

    fn offer(&mut self, series_id: i64, samples: impl IntoIterator<Item = StoredSample>) {
        let Some(place) = self.by_id.get(&series_id) else { return };
        let Some(head) = self.all.get_mut(*place) else { return };
        for sample in samples {
            match head.offer(sample) {
                Offered::Kept => self.statistics.kept += 1,
                Offered::Duplicate => self.statistics.duplicates += 1,
                Offered::Contradiction => {
                    self.statistics.kept += 1;
                    self.statistics.contradictions += 1;
                }
            }
        }
    }
}

/// The samples of one series in a group commit.
struct Group<'a> {
    key: &'a str,
    series_id: i64,
    is_new: bool,
    samples: Vec<&'a StoredSample>,
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
    /// Samples refused because there are as many series as history keeps.
    pub refused: u64,
    /// Records of the journal that could not be read when the file was opened; they are passed over.
    pub damaged_records: u64,
}

impl History {
    /// Opens the history at `path`, made when it is not there, and takes up what the last process left.
    ///
    /// # Errors
    /// When the file is not ours or cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .page_size(PAGE_BYTES)
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
            schema::create(&mut transaction).await?;
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
        } else if version < SCHEMA {
            let mut transaction = pool.begin_with("begin immediate").await?;
            schema::migrate(&mut transaction).await?;
            transaction.commit().await?;
        }
        let history = Self { pool, heads: Arc::default() };
        history.take_up().await?;
        Ok(history)
    }

    async fn take_up(&self) -> Result<(), StoreError> {
        let mut heads = self.heads.lock().await;
        let rows = sqlx::query("select series_id, key from series").fetch_all(&self.pool).await?;
        for row in &rows {
            heads.add(row.try_get(0)?, row.try_get(1)?);
        }
        let rows = sqlx::query("select bytes from head_group").fetch_all(&self.pool).await?;
        for row in &rows {
            for (series_id, chunk) in group::decode(row.try_get(0)?)? {
                let samples = chunk::open(chunk)?;
                if let Some(head) = heads.by_id(series_id) {
                    head.fold(Folded::seal(&samples)?);
                }
            }
        }
        let rows = sqlx::query("select journal_id, bytes from journal order by journal_id")
            .fetch_all(&self.pool)
            .await?;
        let mut damaged_records = 0;
        for row in &rows {
            // One record that the disk spoiled must not take all of history, and the program, with it.
            let batch = match journal::decode(row.try_get(1)?) {
                Ok(batch) => batch,
                Err(error) => {
                    let journal_id: i64 = row.try_get(0)?;
                    tracing::error!(journal_id, %error, "a record of the history's journal is passed over");
                    damaged_records += 1;
                    continue;
                }
            };
            for (series_id, samples) in batch {
                heads.journal_samples += samples.len();
                heads.offer(series_id, samples);
            }
        }
        let series = heads.all.len() as u64;
        heads.statistics = HistoryStatistics { series, damaged_records, ..HistoryStatistics::default() };
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
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut series_count = heads.all.len();
        let mut refused = 0;
        for (key, sample) in batch {
            let key = key.0.as_str();
            if let Some(group) = places.get(key).and_then(|place| groups.get_mut(*place)) {
                group.samples.push(sample);
                continue;
            }
            let known = heads.get(key).map(|head| head.series_id);
            let series_id = match known {
                Some(series_id) => series_id,
                None if series_count >= SERIES_MAX => {
                    refused += 1;
                    continue;
                }
                None => {
                    series_count += 1;
                    new_series(&mut transaction, key).await?
                }
            };
            places.insert(key, groups.len());
            groups.push(Group { key, series_id, is_new: known.is_none(), samples: vec![sample] });
        }
        let record = journal::encode(groups.iter().map(|group| (group.series_id, group.samples.as_slice())));
        sqlx::query("insert into journal (bytes) values (?)").bind(record).execute(&mut *transaction).await?;
        transaction.commit().await?;
        // Only now: a head never holds what the disk does not.
        for group in groups {
            if group.is_new {
                heads.add(group.series_id, group.key);
            }
            heads.offer(group.series_id, group.samples.into_iter().cloned());
        }
        heads.journal_samples += batch.len();
        heads.statistics.series = heads.all.len() as u64;
        heads.statistics.refused += refused;
        if heads.journal_samples >= CHECKPOINT_SAMPLES
            && let Err(error) = self.checkpoint_locked(&mut heads).await
        {
            // The samples are safe in the journal; folding is tried again with the next commit.
            tracing::error!(%error, "history could not be folded");
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
        let mut groups: BTreeMap<i64, Vec<(i64, Vec<u8>)>> = heads
            .all
            .iter()
            .filter(|head| head.is_dirty())
            .map(|head| (group::group_of(head.series_id), Vec::new()))
            .collect();
        let mut folds: Vec<(usize, Option<Folded>)> = Vec::new();
        let mut sealed = 0;
        for (place, head) in heads.all.iter().enumerate() {
            let Some(group) = groups.get_mut(&group::group_of(head.series_id)) else { continue };
            if !head.is_dirty() {
                // Its neighbours changed; it is written again as it was.
                group.extend(head.folded().map(|folded| (head.series_id, folded.bytes().to_vec())));
                continue;
            }
            let all = head.all()?;
            let mut rest = &all[..];
            while rest.len() >= CHUNK_SAMPLES {
                let (full, tail) = rest.split_at(CHUNK_SAMPLES);
                insert_chunk(&mut transaction, head.series_id, full).await?;
                sealed += 1;
                rest = tail;
            }
            let folded = Folded::seal(rest)?;
            group.extend(folded.iter().map(|folded| (head.series_id, folded.bytes().to_vec())));
            folds.push((place, folded));
        }
        for (group_id, heads) in groups {
            sqlx::query("insert or replace into head_group (group_id, bytes) values (?, ?)")
                .bind(group_id)
                .bind(group::encode(&heads))
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("delete from journal").execute(&mut *transaction).await?;
        transaction.commit().await?;
        for (place, folded) in folds {
            if let Some(head) = heads.all.get_mut(place) {
                head.fold(folded);
            }
        }
        heads.statistics.chunks_sealed += sealed;
        heads.journal_samples = 0;
        Ok(())
    }

    /// What history has done since it was opened.
    pub async fn statistics(&self) -> HistoryStatistics {
        self.heads.lock().await.statistics
    }

    /// The series known, by name.
    pub async fn series(&self) -> Vec<SeriesKey> {
        let heads = self.heads.lock().await;
        let mut series: Vec<SeriesKey> =
            heads.all.iter().map(|head| SeriesKey(head.key.to_string())).collect();
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
}

async fn new_series(connection: &mut sqlx::SqliteConnection, key: &str) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "insert into series (key) values (?) on conflict (key) do update set key = key returning series_id",
    )
    .bind(key)
    .fetch_one(connection)
    .await?;
    Ok(row.try_get(0)?)
}

async fn insert_chunk(
    connection: &mut sqlx::SqliteConnection,
    series_id: i64,
    samples: &[StoredSample],
) -> Result<(), StoreError> {
    let Summary { first_ms, last_ms, count, numbers } = chunk::summarise(samples);
    sqlx::query(
        "insert into chunk (series_id, first_ms, last_ms, count, number_min, number_max, number_sum, number_count, \
         pyramid, bytes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(series_id)
    .bind(first_ms)
    .bind(last_ms)
    .bind(count)
    .bind(numbers.map(|numbers| numbers.min))
    .bind(numbers.map(|numbers| numbers.max))
    .bind(numbers.map(|numbers| numbers.sum))
    .bind(numbers.map_or(0, |numbers| numbers.count as i64))
    .bind(pyramid::encode(&pyramid::entries(samples))?)
    .bind(chunk::seal(samples)?)
    .execute(connection)
    .await?;
    Ok(())
}
