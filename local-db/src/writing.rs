//! The writer's connection in a look that may write. Its transaction begins with the first question, and what is written
//! waits for the next question or for the commit: each way to the driver's thread and back wakes a core that sleeps,
//! which takes longer than most of what is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::projection::{Bind, bind_all};

/// The most values that wait; SQLite takes 32,766 in one statement, and what waits is bounded in memory.
const BINDS_MAX: usize = 4_000;

/// The one connection that writes, for one look at a time.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pool: SqlitePool,
    /// Whether a transaction may be open on the connection: of a look that was given up, it is rolled back.
    open: Arc<AtomicBool>,
}

/// The writer's connection, for this look alone.
pub(crate) struct Writing {
    connection: PoolConnection<Sqlite>,
    open: Arc<AtomicBool>,
    sql: String,
    binds: Vec<Bind>,
}

impl Writer {
    /// Opens the connection.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub(crate) async fn open(options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let open = Arc::new(AtomicBool::new(false));
        let left_open = open.clone();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .after_release(move |connection, _| {
                let left_open = left_open.clone();
                Box::pin(async move {
                    Ok(!left_open.swap(false, Ordering::AcqRel) || rolled_back(connection).await)
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self { pool, open })
    }

    /// Waits for the look before, and gives the connection to a new one.
    ///
    /// # Errors
    /// When the database is closed.
    pub(crate) async fn look(&self) -> Result<Writing, StoreError> {
        let connection = self.pool.acquire().await?;
        Ok(Writing { connection, open: self.open.clone(), sql: String::new(), binds: Vec::new() })
    }

    /// The connection outside of any transaction, for what SQLite does in none.
    ///
    /// # Errors
    /// When the database is closed.
    pub(crate) async fn connection(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.pool.acquire().await?)
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// Takes back what a look left open. After a full disk SQLite may have ended the transaction by itself: that is as good.
/// A connection where it fails is not used again.
async fn rolled_back(connection: &mut SqliteConnection) -> bool {
    match sqlx::query("rollback").execute(connection).await {
        Ok(_) => true,
        Err(error) => error.to_string().contains("no transaction is active"),
    }
}

impl Writing {
    /// Whether anything waits to be written.
    pub(crate) fn waits(&self) -> bool {
        !self.sql.is_empty()
    }

    /// Writes with the next question, or with the commit.
    pub(crate) async fn write_later(
        &mut self,
        sql: &str,
        binds: impl IntoIterator<Item = Bind>,
    ) -> Result<(), StoreError> {
        self.sql.push_str(sql);
        self.sql.push_str("; ");
        self.binds.extend(binds);
        if self.binds.len() > BINDS_MAX { self.write_waiting().await } else { Ok(()) }
    }

    /// The connection, in its transaction, after all that waits was written.
    pub(crate) async fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        if !self.sql.is_empty() || !self.open.load(Ordering::Acquire) {
            self.ask("", Vec::new()).await?;
        }
        Ok(&mut self.connection)
    }

    /// What `sql` answers after all that waits was written. Its marks are `?` without numbers.
    pub(crate) async fn ask(&mut self, sql: &str, binds: Vec<Bind>) -> Result<Vec<SqliteRow>, StoreError> {
        let begin = if self.open.swap(true, Ordering::AcqRel) { "" } else { "begin immediate; " };
        let sql = format!("{begin}{}{sql}", std::mem::take(&mut self.sql));
        let mut all = std::mem::take(&mut self.binds);
        all.extend(binds);
        Ok(bind_all(sqlx::query(AssertSqlSafe(sql)), all).fetch_all(&mut *self.connection).await?)
    }

    /// Writes what waits.
    pub(crate) async fn write_waiting(&mut self) -> Result<(), StoreError> {
        if !self.sql.is_empty() {
            self.ask("", Vec::new()).await?;
        }
        Ok(())
    }

    /// Writes what waits and makes everything of this look durable.
    pub(crate) async fn commit(&mut self) -> Result<(), StoreError> {
        if self.sql.is_empty() && !self.open.load(Ordering::Acquire) {
            return Ok(());
        }
        self.ask("commit", Vec::new()).await?;
        self.open.store(false, Ordering::Release);
        Ok(())
    }
}
