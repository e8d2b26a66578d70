//! The server that takes writes now: found among those given, its schema made where it is new, and left when it fails.

use std::time::Duration;

use millwright_model::LedgerFault;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection, PgConnection, Row};
use tokio::sync::Mutex;

use crate::LedgerAddress;

/// The layout that this version writes.
const FORMAT: i32 = 1;
/// The schema, as it is made where there is none.
const SCHEMA: &str = include_str!("../schema/0001_first.sql");
/// Two node processes that come first at once make it once.
const MAKING: i64 = 0x4d57_5254_0001;
/// A connection is made within this, or the next server is asked.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Connections that one node process has at most: one writes, others look.
const CONNECTIONS_MAX: u32 = 6;

/// The servers of a ledger, and the one that took writes last.
#[derive(Debug)]
pub(crate) struct Servers {
    address: LedgerAddress,
    current: Mutex<Option<PgPool>>,
}

impl Servers {
    pub(crate) fn new(address: LedgerAddress) -> Self {
        Self { address, current: Mutex::default() }
    }

    /// Connections to the server that takes writes.
    pub(crate) async fn pool(&self) -> Result<PgPool, LedgerFault> {
        let mut current = self.current.lock().await;
        if let Some(pool) = current.as_ref().filter(|pool| !pool.is_closed()) {
            return Ok(pool.clone());
        }
        let mut said = Vec::new();
        for options in &self.address.servers {
            let host = format!("{}:{}", options.get_host(), options.get_port());
            match open(options).await {
                Ok(pool) => {
                    tracing::info!("the team's ledger is at {host}");
                    *current = Some(pool.clone());
                    return Ok(pool);
                }
                Err(LedgerFault::Unreachable { reason }) => said.push(format!("{host}: {reason}")),
                Err(fault) => return Err(fault),
            }
        }
        Err(LedgerFault::Unreachable { reason: said.join("; ") })
    }

    /// Asks something that may be asked twice: after a failover the connections of before are dead, and the second time
    /// finds the server that follows.
    pub(crate) async fn ask<T, F>(&self, question: impl Fn(PgPool) -> F) -> Result<T, LedgerFault>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        match self.ask_once(&question).await {
            Err(LedgerFault::Unreachable { .. }) => self.ask_once(&question).await,
            answered => answered,
        }
    }

    async fn ask_once<T, F>(&self, question: &impl Fn(PgPool) -> F) -> Result<T, LedgerFault>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        let pool = self.pool().await?;
        match question(pool).await {
            Ok(answer) => Ok(answer),
            Err(sqlx::Error::Database(refused)) => Err(LedgerFault::Unfit { reason: refused.to_string() }),
            Err(error) => Err(self.fault(error).await),
        }
    }

    /// The server failed: it is asked anew which one takes writes.
    pub(crate) async fn leave(&self) {
        if let Some(pool) = self.current.lock().await.take() {
            // Connections of a dead server may hang while they say goodbye.
            tokio::spawn(async move { pool.close().await });
        }
    }

    /// What a failed query means: the server is left, unless it refused the query itself.
    pub(crate) async fn fault(&self, error: sqlx::Error) -> LedgerFault {
        self.leave().await;
        unreachable(&error)
    }
}

pub(crate) fn unreachable(error: &sqlx::Error) -> LedgerFault {
    LedgerFault::Unreachable { reason: error.to_string() }
}

async fn open(options: &PgConnectOptions) -> Result<PgPool, LedgerFault> {
    let options = options.clone().options([
        // A node process that hangs with the turn in its hands must not stop the others for ever.
        ("idle_in_transaction_session_timeout", "20s"),
        ("lock_timeout", "20s"),
        ("tcp_user_timeout", "10s"),
        // «Accepted» is said only once the server, and its synchronous standby where it has one, keep it.
        ("synchronous_commit", "on"),
    ]);
    let late = || LedgerFault::Unreachable { reason: "no answer within 5 s".to_owned() };
    let connecting = tokio::time::timeout(CONNECT_WITHIN, PgConnection::connect_with(&options));
    let mut connection = connecting.await.map_err(|_elapsed| late())?.map_err(|error| unreachable(&error))?;
    fit(&mut connection).await?;
    // Goodbye is a courtesy.
    let _gone = connection.close().await.is_ok();
    PgPoolOptions::new()
        .max_connections(CONNECTIONS_MAX)
        .acquire_timeout(CONNECT_WITHIN)
        .test_before_acquire(true)
        .connect_with(options)
        .await
        .map_err(|error| unreachable(&error))
}

/// Whether the server takes writes, keeps what it accepts, and holds a ledger that this version knows; where it holds
/// none, one is made.
async fn fit(connection: &mut PgConnection) -> Result<(), LedgerFault> {
    let unfit = |reason: String| LedgerFault::Unfit { reason };
    let row = sqlx::query(
        "select pg_is_in_recovery(), current_setting('fsync'), current_setting('full_page_writes'), \
         to_regclass('millwright.ledger') is not null, current_setting('server_version_num')::int",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(|error| unreachable(&error))?;
    let get = |error: sqlx::Error| unfit(error.to_string());
    if row.try_get::<bool, _>(0).map_err(get)? {
        return Err(LedgerFault::Unreachable { reason: "it is a standby and takes no writes".to_owned() });
    }
    for (index, name) in [(1, "fsync"), (2, "full_page_writes")] {
        if row.try_get::<String, _>(index).map_err(get)? != "on" {
            let reason = format!("its server has {name} switched off, and may lose what it accepted");
            return Err(unfit(reason));
        }
    }
    if row.try_get::<i32, _>(4).map_err(get)? < 130_000 {
        return Err(unfit("its server is older than PostgreSQL 13".to_owned()));
    }
    if !row.try_get::<bool, _>(3).map_err(get)? {
        make(connection).await?;
    }
    let row = sqlx::query("select format from millwright.ledger").fetch_one(connection).await;
    let format: i32 = row.and_then(|row| row.try_get(0)).map_err(|error| unfit(error.to_string()))?;
    if format > FORMAT {
        let reason = format!(
            "a newer Millwright wrote it (layout {format}, this one knows {FORMAT}); nothing was changed"
        );
        return Err(unfit(reason));
    }
    Ok(())
}

async fn make(connection: &mut PgConnection) -> Result<(), LedgerFault> {
    let made = async {
        let mut transaction = connection.begin().await?;
        sqlx::query("select pg_advisory_xact_lock($1)").bind(MAKING).execute(&mut *transaction).await?;
        let row = sqlx::query("select to_regclass('millwright.ledger') is not null")
            .fetch_one(&mut *transaction)
            .await?;
        if !row.try_get::<bool, _>(0)? {
            sqlx::raw_sql(SCHEMA).execute(&mut *transaction).await?;
        }
        transaction.commit().await
    };
    made.await.map_err(|error: sqlx::Error| LedgerFault::Unfit {
        reason: format!("its tables cannot be made: {error}"),
    })
}
