//! The record database: one writer with `BEGIN IMMEDIATE`, many readers that cannot write, and its migrations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use millwright_model::{Entity, Ledger};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Row, Sqlite, SqliteConnection, Transaction};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::shared::Turn;
use crate::{StoreError, views};

/// `application_id` of `millwright.db`: «MWRT».
const APPLICATION_ID: i64 = 0x4d57_5254;

/// The migrations, in order: number n of the list brings `user_version` to n + 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_plain_consent.sql"),
    include_str!("../migrations/0003_alias.sql"),
    include_str!("../migrations/0004_shift.sql"),
    include_str!("../migrations/0005_skills_downtime.sql"),
    include_str!("../migrations/0006_team.sql"),
    include_str!("../migrations/0007_ledger.sql"),
    include_str!("../migrations/0008_http.sql"),
    include_str!("../migrations/0009_mail.sql"),
    include_str!("../migrations/0010_urgency.sql"),
    include_str!("../migrations/0011_copies.sql"),
    include_str!("../migrations/0012_unindexed.sql"),
];

/// What the writer keeps of pages, in KiB as SQLite takes them: what one bulk writes is not written twice, and what it
/// reads is not read again and again. It takes the memory only when it has the pages.
const WRITER_CACHE: &str = "-16384";

/// How many readers may look at once.
const READERS: u32 = 4;

/// The record database.
#[derive(Clone, Debug)]
pub struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Where the truth of the team lies, when node processes share it.
    pub(crate) ledger: Arc<OnceLock<Arc<dyn Ledger>>>,
    /// Wakes whoever indexes what came in bulk.
    pub(crate) indexing: Arc<Notify>,
}

/// A consistent look at the database.
pub struct Session {
    transaction: Transaction<'static, Sqlite>,
    /// Whether any record gave way to another one, once that was asked.
    pub(crate) aliases: Option<bool>,
    /// Small values that were read or written in this look.
    pub(crate) settings: BTreeMap<String, Option<String>>,
}

/// A look that may write. Without [`WriteSession::commit`] nothing of it stays.
pub struct WriteSession {
    session: Session,
    pub(crate) turn: Option<Turn>,
    /// Records whose entries in the search index are not up to date.
    pub(crate) unindexed: BTreeSet<(Entity, Uuid)>,
    indexing: Arc<Notify>,
}

impl Database {
    /// Opens the database at `path`, made when it is not there, and brings it to this version's schema.
    ///
    /// # Errors
    /// When the file is not ours, is newer than this version, or cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("temp_store", "memory");
        let mut connection = SqliteConnection::connect_with(&options).await?;
        migrate(&mut connection, path).await?;
        views::renew(&mut connection).await?;
        connection.close().await?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.clone().pragma("cache_size", WRITER_CACHE))
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self { writer, readers, ledger: Arc::default(), indexing: Arc::default() })
    }

    /// A consistent look.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn read(&self) -> Result<Session, StoreError> {
        Ok(Session::of(self.readers.begin().await?))
    }

    /// The one look that may write; it waits for the one before it, and for its turn where a ledger is shared.
    ///
    /// # Errors
    /// When the database refuses, or the ledger does not serve.
    pub async fn write(&self) -> Result<WriteSession, StoreError> {
        let mut session = WriteSession::of(begin_write(&self.writer).await?, self.indexing.clone());
        if let Some(ledger) = self.ledger.get() {
            let turn = ledger.turn().await?;
            session.begin_turn(turn).await?;
        }
        Ok(session)
    }

    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// Checks the file: quickly, or every index and constraint. Answers what is wrong, nothing when all is well.
    ///
    /// # Errors
    /// When the check cannot run.
    pub async fn check(&self, full: bool) -> Result<Vec<String>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        let pragma = if full { "pragma integrity_check" } else { "pragma quick_check" };
        let rows = sqlx::query(pragma).fetch_all(&mut *connection).await?;
        let mut faults = Vec::new();
        for row in rows {
            let line: String = row.try_get(0)?;
            if line != "ok" {
                faults.push(line);
            }
        }
        if full {
            let orphans = sqlx::query("pragma foreign_key_check").fetch_all(&mut *connection).await?;
            if !orphans.is_empty() {
                faults.push(format!("{} rows refer to rows that are not there", orphans.len()));
            }
        }
        Ok(faults)
    }

    /// Copies the database, as it is now, to a new file at `path`, while others go on.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        sqlx::query("vacuum into ?")
            .bind(path.to_string_lossy().into_owned())
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// Closes all connections; the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Session {
    fn of(transaction: Transaction<'static, Sqlite>) -> Self {
        Self { transaction, aliases: None, settings: BTreeMap::new() }
    }

    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}

impl WriteSession {
    pub(crate) fn of(transaction: Transaction<'static, Sqlite>, indexing: Arc<Notify>) -> Self {
        Self { session: Session::of(transaction), turn: None, unindexed: BTreeSet::new(), indexing }
    }

    /// Makes everything written in this look durable: when this returns it survives a power cut. Where a ledger is
    /// shared, it is kept there first.
    ///
    /// # Errors
    /// When the database or the ledger refuses; then nothing of it stays here. What the ledger kept all the same comes
    /// back with the next turn.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let left = self.index_changed().await?;
        if let Some(turn) = self.turn.take() {
            self.end_turn(turn).await?;
        }
        self.session.transaction.commit().await?;
        if left {
            self.indexing.notify_one();
        }
        Ok(())
    }
}

impl Deref for WriteSession {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for WriteSession {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

/// Begins a transaction that may write. After a full disk SQLite has ended the transaction by itself while the
/// driver still counts it: such a connection is closed and a new one taken.
pub(crate) async fn begin_write(pool: &SqlitePool) -> Result<Transaction<'static, Sqlite>, StoreError> {
    match pool.begin_with("begin immediate").await {
        Ok(transaction) => Ok(transaction),
        Err(sqlx::Error::InvalidSavePointStatement) => {
            for _ in 0..pool.size() {
                pool.acquire().await?.close().await?;
            }
            Ok(pool.begin_with("begin immediate").await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn pragma_number(connection: &mut SqliteConnection, pragma: &'static str) -> Result<i64, StoreError> {
    Ok(sqlx::query(pragma).fetch_one(connection).await?.try_get(0)?)
}

async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    let application_id = pragma_number(connection, "pragma application_id").await?;
    let version = pragma_number(connection, "pragma user_version").await?;
    let tables = pragma_number(connection, "select count(*) from sqlite_schema").await?;
    let fresh = application_id == 0 && version == 0 && tables == 0;
    if !fresh && application_id != APPLICATION_ID {
        let reason = "its database has another application id".to_owned();
        return Err(StoreError::Foreign { path: path.to_owned(), reason });
    }
    let known = MIGRATIONS.len() as i64;
    if version > known {
        return Err(StoreError::Newer { path: path.to_owned(), found: version as u32, known: known as u32 });
    }
    if version == known {
        return Ok(());
    }
    views::take_away(connection).await?;
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(version as usize) {
        let mut transaction = connection.begin_with("begin immediate").await?;
        sqlx::raw_sql(*migration).execute(&mut *transaction).await?;
        let stamp = format!("pragma application_id = {APPLICATION_ID}; pragma user_version = {}", index + 1);
        sqlx::raw_sql(AssertSqlSafe(stamp)).execute(&mut *transaction).await?;
        transaction.commit().await?;
    }
    sqlx::query("pragma wal_checkpoint(truncate)").execute(connection).await?;
    Ok(())
}
