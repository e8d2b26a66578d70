//! The record database: one writer with `BEGIN IMMEDIATE`, many readers that cannot write, and its migrations.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use millwright_model::{Entity, Ledger};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Row, Sqlite, SqliteConnection, Transaction};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::learned::Learned;
use crate::projection::{Bind, bind_all};
use crate::shared::Turn;
use crate::writing::{Writer, Writing};
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
    include_str!("../migrations/0013_guides.sql"),
    include_str!("../migrations/0014_scenarios.sql"),
    include_str!("../migrations/0015_workshops.sql"),
    include_str!("../migrations/0016_together.sql"),
    include_str!("../migrations/0017_exercises.sql"),
];

/// What the writer keeps of pages, in KiB as SQLite takes them: what one bulk writes is not written twice, and what it
/// reads is not read again and again. It takes the memory only when it has the pages.
const WRITER_CACHE: &str = "-16384";

/// How many readers may look at once.
const READERS: u32 = 4;

/// The record database.
#[derive(Clone, Debug)]
pub struct Database {
    writer: Writer,
    readers: SqlitePool,
    /// What the last look that wrote knew at its end, for the next one.
    learned: Arc<Mutex<Option<Learned>>>,
    /// Where the truth of the team lies, when node processes share it.
    pub(crate) ledger: Arc<OnceLock<Arc<dyn Ledger>>>,
    /// Wakes whoever indexes what came in bulk.
    pub(crate) indexing: Arc<Notify>,
}

/// A consistent look at the database.
pub struct Session {
    look: Look,
    pub(crate) learned: Learned,
}

/// How a look reaches the database.
enum Look {
    Reading(Transaction<'static, Sqlite>),
    Writing(Writing),
}

/// A look that may write. Without [`WriteSession::commit`] nothing of it stays.
pub struct WriteSession {
    session: Session,
    pub(crate) turn: Option<Turn>,
    /// Records whose entries in the search index are not up to date.
    pub(crate) unindexed: BTreeSet<(Entity, Uuid)>,
    database: Database,
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
        let writer = Writer::open(options.clone().pragma("cache_size", WRITER_CACHE)).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self {
            writer,
            readers,
            learned: Arc::default(),
            ledger: Arc::default(),
            indexing: Arc::default(),
        })
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
        let mut session = self.write_alone().await?;
        if let Some(ledger) = self.ledger.get() {
            let turn = ledger.turn().await?;
            session.begin_turn(turn).await?;
        }
        Ok(session)
    }

    /// A look that may write what is this file's own: it needs no turn at a shared ledger.
    pub(crate) async fn write_alone(&self) -> Result<WriteSession, StoreError> {
        let writing = self.writer.look().await?;
        // It is given back with the commit: what a look learned that was given up is not known.
        let learned = self.learned.lock().ok().and_then(|mut learned| learned.take());
        let session = Session { look: Look::Writing(writing), learned: learned.unwrap_or_default() };
        Ok(WriteSession { session, turn: None, unindexed: BTreeSet::new(), database: self.clone() })
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
        let mut connection: PoolConnection<Sqlite> = self.writer.connection().await?;
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
        Self { look: Look::Reading(transaction), learned: Learned::default() }
    }

    /// Whether this look may write.
    pub(crate) fn writes(&self) -> bool {
        matches!(self.look, Look::Writing(_))
    }

    /// Whether anything waits to be written.
    pub(crate) fn waits(&self) -> bool {
        matches!(&self.look, Look::Writing(writing) if writing.waits())
    }

    /// The connection, after all that waits was written.
    pub(crate) async fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        match &mut self.look {
            Look::Reading(transaction) => Ok(&mut *transaction),
            Look::Writing(writing) => writing.connection().await,
        }
    }

    /// What `sql`, whose marks are `?` without numbers, answers after all that waits was written: one way to the
    /// driver's thread and back for all of it.
    pub(crate) async fn ask(&mut self, sql: String, binds: Vec<Bind>) -> Result<Vec<SqliteRow>, StoreError> {
        match &mut self.look {
            Look::Reading(transaction) => {
                Ok(bind_all(sqlx::query(AssertSqlSafe(sql)), binds).fetch_all(&mut **transaction).await?)
            }
            Look::Writing(writing) => writing.ask(&sql, binds).await,
        }
    }
}

impl WriteSession {
    /// Writes with the next question or with the commit; a fault is told there. The marks are `?` without numbers.
    pub(crate) async fn write_later(
        &mut self,
        sql: &str,
        binds: impl IntoIterator<Item = Bind>,
    ) -> Result<(), StoreError> {
        match &mut self.session.look {
            Look::Writing(writing) => writing.write_later(sql, binds).await,
            Look::Reading(_) => Err(StoreError::corrupt("session", "a look that only reads cannot write")),
        }
    }

    /// Writes what waits, so that a fault of it is told here.
    pub(crate) async fn write_waiting(&mut self) -> Result<(), StoreError> {
        match &mut self.session.look {
            Look::Writing(writing) => writing.write_waiting().await,
            Look::Reading(_) => Ok(()),
        }
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
        let Session { look, learned } = self.session;
        let Look::Writing(mut writing) = look else { return Ok(()) };
        writing.commit().await?;
        // Others write to a shared ledger: what is known of it holds for a turn only.
        if self.database.ledger.get().is_none()
            && let Ok(mut kept) = self.database.learned.lock()
        {
            *kept = Some(learned.after_commit());
        }
        // Only now may the next look begin: it goes on from what this one knew.
        drop(writing);
        if left {
            self.database.indexing.notify_one();
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
