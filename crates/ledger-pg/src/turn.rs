//! The turn to write: the ledger's one row is locked until the unit is kept or the turn is dropped.

use std::sync::Arc;

use millwright_model::{
    LedgerFault, LedgerFuture, LedgerReader, LedgerRow, LedgerRowsAfter, LedgerTurn, LedgerTxn, LedgerUnit,
};
use sqlx::postgres::PgPool;
use sqlx::{Postgres, Row, Transaction};

use crate::server::Servers;
use crate::{ledger::NEWS, reading};

pub(crate) struct Turn {
    servers: Arc<Servers>,
    transaction: Transaction<'static, Postgres>,
    head: i64,
}

impl Turn {
    pub(crate) async fn begin(servers: Arc<Servers>) -> Result<Self, LedgerFault> {
        let lock = |pool: PgPool| async move {
            let mut transaction = pool.begin().await?;
            let row = sqlx::query("select head, moved_to from millwright.ledger for update")
                .fetch_one(&mut *transaction)
                .await?;
            Ok((row.try_get(0)?, row.try_get::<Option<String>, _>(1)?, transaction))
        };
        match servers.ask(lock).await? {
            (_, Some(to), _) => Err(LedgerFault::Moved { to }),
            (head, None, transaction) => Ok(Self { servers, transaction, head }),
        }
    }

    async fn give_up(mut self, moved_to: String) -> Result<(), LedgerFault> {
        let moved = sqlx::query("update millwright.ledger set moved_to = $1").bind(moved_to);
        if let Err(error) = moved.execute(&mut *self.transaction).await {
            return Err(self.servers.fault(error).await);
        }
        if let Err(error) = self.transaction.commit().await {
            self.servers.leave().await;
            return Err(LedgerFault::Unclear { reason: error.to_string() });
        }
        Ok(())
    }

    async fn keep(mut self, unit: LedgerUnit) -> Result<i64, LedgerFault> {
        let head = self.head + 1;
        if let Err(error) = write(&mut self.transaction, head, &unit).await {
            return Err(match &error {
                sqlx::Error::Database(refused) => LedgerFault::Unfit { reason: refused.to_string() },
                _ => self.servers.fault(error).await,
            });
        }
        if let Err(error) = self.transaction.commit().await {
            self.servers.leave().await;
            return Err(LedgerFault::Unclear { reason: error.to_string() });
        }
        Ok(head)
    }
}

async fn write(
    transaction: &mut Transaction<'static, Postgres>,
    head: i64,
    unit: &LedgerUnit,
) -> Result<(), sqlx::Error> {
    if !unit.txns.is_empty() {
        let places: Vec<i64> = unit.txns.iter().map(|txn| txn.place).collect();
        let ids: Vec<&str> = unit.txns.iter().map(|txn| txn.txn_id.as_str()).collect();
        let images: Vec<String> = unit.txns.iter().map(|txn| txn.image.to_string()).collect();
        sqlx::query(
            "insert into millwright.txn (place, txn_id, unit, image) \
             select place, txn_id, $1, image from unnest($2::bigint[], $3::text[], $4::text[]) as t (place, txn_id, image)",
        )
        .bind(head)
        .bind(places)
        .bind(ids)
        .bind(images)
        .execute(&mut **transaction)
        .await?;
    }
    if !unit.rows.is_empty() {
        let tables: Vec<&str> = unit.rows.iter().map(|row| row.table.as_str()).collect();
        let keys: Vec<&str> = unit.rows.iter().map(|row| row.key.as_str()).collect();
        let images: Vec<Option<String>> =
            unit.rows.iter().map(|row| row.image.as_ref().map(ToString::to_string)).collect();
        sqlx::query(
            "insert into millwright.shared_row (table_name, row_key, unit, image) \
             select table_name, row_key, $1, image \
             from unnest($2::text[], $3::text[], $4::text[]) as t (table_name, row_key, image) \
             on conflict (table_name, row_key) do update set unit = excluded.unit, image = excluded.image",
        )
        .bind(head)
        .bind(tables)
        .bind(keys)
        .bind(images)
        .execute(&mut **transaction)
        .await?;
    }
    sqlx::query("update millwright.ledger set head = $1").bind(head).execute(&mut **transaction).await?;
    sqlx::query("select pg_notify($1, $2)")
        .bind(NEWS)
        .bind(head.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

impl LedgerReader for Turn {
    fn txns(&mut self, after_place: i64, limit: i64) -> LedgerFuture<'_, Vec<LedgerTxn>> {
        Box::pin(reading::txns(&mut self.transaction, after_place, limit))
    }

    fn rows<'a>(&'a mut self, after: &'a LedgerRowsAfter, limit: i64) -> LedgerFuture<'a, Vec<LedgerRow>> {
        Box::pin(reading::rows(&mut self.transaction, after, limit))
    }
}

impl LedgerTurn for Turn {
    fn head(&self) -> i64 {
        self.head
    }

    fn append(self: Box<Self>, unit: LedgerUnit) -> LedgerFuture<'static, i64> {
        Box::pin(self.keep(unit))
    }

    fn close(self: Box<Self>, moved_to: String) -> LedgerFuture<'static, ()> {
        Box::pin(self.give_up(moved_to))
    }
}
