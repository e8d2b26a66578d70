//! The port of the ledger, on PostgreSQL.

use std::sync::Arc;
use std::time::Duration;

use millwright_model::{DeviceId, Ledger, LedgerFault, LedgerFuture, LedgerReader, LedgerTurn};
use sqlx::Row;
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::Mutex;

use crate::LedgerAddress;
use crate::reading::Snapshot;
use crate::server::Servers;
use crate::turn::Turn;

/// The channel on which a new unit is told.
pub(crate) const NEWS: &str = "millwright_ledger";
/// It is looked at least this often: what is told on a channel may be lost with its connection.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How large the pieces of a photo or file are.
const PIECE_BYTES: usize = 1024 * 1024;

/// A ledger on PostgreSQL.
#[derive(Debug)]
pub struct PostgresLedger {
    servers: Arc<Servers>,
    listener: Mutex<Option<PgListener>>,
}

impl PostgresLedger {
    /// Finds the server that takes writes, and makes the tables where they are missing.
    ///
    /// # Errors
    /// When none can be reached, or it holds no ledger that this version knows.
    pub async fn open(address: LedgerAddress) -> Result<Self, LedgerFault> {
        let servers = Arc::new(Servers::new(address));
        servers.pool().await?;
        Ok(Self { servers, listener: Mutex::default() })
    }

    async fn last_unit(&self) -> Result<i64, LedgerFault> {
        let head = |pool: PgPool| async move {
            sqlx::query("select head from millwright.ledger").fetch_one(&pool).await?.try_get(0)
        };
        self.servers.ask(head).await
    }

    async fn wait_for_news(&self, unit: i64) -> Result<i64, LedgerFault> {
        // Listening comes first: a unit between the look and the wait would be missed.
        let mut listener = self.listener.lock().await;
        if listener.is_none() {
            let opened = |pool: PgPool| async move {
                let mut fresh = PgListener::connect_with(&pool).await?;
                fresh.listen(NEWS).await?;
                Ok(fresh)
            };
            *listener = Some(self.servers.ask(opened).await?);
        }
        let head = self.last_unit().await?;
        if head > unit {
            return Ok(head);
        }
        if let Some(ears) = listener.as_mut() {
            match tokio::time::timeout(LOOK_AGAIN, ears.try_recv()).await {
                Ok(Ok(Some(_))) | Err(_) => {}
                Ok(Ok(None) | Err(_)) => *listener = None,
            }
        }
        self.last_unit().await
    }

    async fn take_hold(&self, holder: DeviceId, for_ms: i64) -> Result<bool, LedgerFault> {
        // The server's clock alone says when a hold has run out.
        let take = |pool: PgPool| async move {
            let row = sqlx::query(
                "update millwright.hold set epoch = epoch + (holder is distinct from $1)::int, holder = $1, \
                 held_until = clock_timestamp() + $2 * interval '1 millisecond' \
                 where holder = $1 or holder is null or held_until < clock_timestamp() returning epoch",
            )
            .bind(holder.to_string())
            .bind(for_ms)
            .fetch_optional(&pool)
            .await?;
            Ok(row.is_some())
        };
        self.servers.ask(take).await
    }

    async fn keep_blob(&self, hash: &str, bytes: &[u8]) -> Result<(), LedgerFault> {
        let keep = |pool: PgPool| async move {
            let mut transaction = pool.begin().await?;
            // An empty file has a piece, too.
            let pieces = if bytes.is_empty() { vec![bytes] } else { bytes.chunks(PIECE_BYTES).collect() };
            for (piece, bytes) in (0_i32..).zip(pieces) {
                sqlx::query(
                    "insert into millwright.blob (hash, piece, bytes) values ($1, $2, $3) on conflict do nothing",
                )
                .bind(hash)
                .bind(piece)
                .bind(bytes)
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await
        };
        self.servers.ask(keep).await
    }

    async fn read_blob(&self, hash: &str) -> Result<Option<Vec<u8>>, LedgerFault> {
        let read = |pool: PgPool| async move {
            let rows = sqlx::query("select bytes from millwright.blob where hash = $1 order by piece")
                .bind(hash)
                .fetch_all(&pool)
                .await?;
            let mut whole: Option<Vec<u8>> = None;
            for row in &rows {
                whole.get_or_insert_default().extend(row.try_get::<Vec<u8>, _>(0)?);
            }
            Ok(whole)
        };
        self.servers.ask(read).await
    }

    async fn give_hold_back(&self, holder: DeviceId) -> Result<(), LedgerFault> {
        let give = |pool: PgPool| async move {
            let statement = "update millwright.hold set holder = null where holder = $1";
            sqlx::query(statement).bind(holder.to_string()).execute(&pool).await.map(drop)
        };
        self.servers.ask(give).await
    }
}

impl Ledger for PostgresLedger {
    fn head(&self) -> LedgerFuture<'_, i64> {
        Box::pin(self.last_unit())
    }

    fn news(&self, unit: i64) -> LedgerFuture<'_, i64> {
        Box::pin(self.wait_for_news(unit))
    }

    fn reader(&self) -> LedgerFuture<'_, Box<dyn LedgerReader>> {
        Box::pin(async {
            let look = |pool: PgPool| async move {
                pool.begin_with("begin isolation level repeatable read read only").await
            };
            let transaction = self.servers.ask(look).await?;
            Ok(Box::new(Snapshot { transaction }) as Box<dyn LedgerReader>)
        })
    }

    fn turn(&self) -> LedgerFuture<'_, Box<dyn LedgerTurn>> {
        Box::pin(async {
            let turn = Turn::begin(self.servers.clone()).await?;
            Ok(Box::new(turn) as Box<dyn LedgerTurn>)
        })
    }

    fn hold(&self, holder: DeviceId, for_ms: i64) -> LedgerFuture<'_, bool> {
        Box::pin(self.take_hold(holder, for_ms))
    }

    fn release(&self, holder: DeviceId) -> LedgerFuture<'_, ()> {
        Box::pin(self.give_hold_back(holder))
    }

    fn put_blob<'a>(&'a self, hash: &'a str, bytes: &'a [u8]) -> LedgerFuture<'a, ()> {
        Box::pin(self.keep_blob(hash, bytes))
    }

    fn blob<'a>(&'a self, hash: &'a str) -> LedgerFuture<'a, Option<Vec<u8>>> {
        Box::pin(self.read_blob(hash))
    }
}
