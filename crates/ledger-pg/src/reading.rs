//! Reading transactions and rows in the order of the ledger.

use millwright_model::{LedgerFault, LedgerFuture, LedgerReader, LedgerRow, LedgerRowsAfter, LedgerTxn};
use serde_json::Value as Json;
use sqlx::{PgConnection, Postgres, Row, Transaction};

use crate::server::unreachable;

/// A look at one moment of the ledger.
pub(crate) struct Snapshot {
    pub(crate) transaction: Transaction<'static, Postgres>,
}

impl LedgerReader for Snapshot {
    fn txns(&mut self, after_place: i64, limit: i64) -> LedgerFuture<'_, Vec<LedgerTxn>> {
        Box::pin(txns(&mut self.transaction, after_place, limit))
    }

    fn rows<'a>(&'a mut self, after: &'a LedgerRowsAfter, limit: i64) -> LedgerFuture<'a, Vec<LedgerRow>> {
        Box::pin(rows(&mut self.transaction, after, limit))
    }
}

pub(crate) async fn txns(
    connection: &mut PgConnection,
    after_place: i64,
    limit: i64,
) -> Result<Vec<LedgerTxn>, LedgerFault> {
    let rows = sqlx::query(
        "select place, txn_id, image from millwright.txn where place > $1 order by place limit $2",
    )
    .bind(after_place)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(|error| unreachable(&error))?;
    rows.iter()
        .map(|row| {
            let image: String = row.try_get(2).map_err(|error| unreachable(&error))?;
            Ok(LedgerTxn {
                place: row.try_get(0).map_err(|error| unreachable(&error))?,
                txn_id: row.try_get(1).map_err(|error| unreachable(&error))?,
                image: image_of(&image)?,
            })
        })
        .collect()
}

pub(crate) async fn rows(
    connection: &mut PgConnection,
    after: &LedgerRowsAfter,
    limit: i64,
) -> Result<Vec<LedgerRow>, LedgerFault> {
    let (table, key) = after.row.clone().unwrap_or_default();
    let rows = sqlx::query(
        "select table_name, row_key, image from millwright.shared_row \
         where unit > $1 and (table_name, row_key) > ($2, $3) order by table_name, row_key limit $4",
    )
    .bind(after.unit)
    .bind(table)
    .bind(key)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(|error| unreachable(&error))?;
    rows.iter()
        .map(|row| {
            let image: Option<String> = row.try_get(2).map_err(|error| unreachable(&error))?;
            Ok(LedgerRow {
                table: row.try_get(0).map_err(|error| unreachable(&error))?,
                key: row.try_get(1).map_err(|error| unreachable(&error))?,
                image: image.as_deref().map(image_of).transpose()?,
            })
        })
        .collect()
}

fn image_of(text: &str) -> Result<Json, LedgerFault> {
    serde_json::from_str(text).map_err(|error| LedgerFault::Unfit { reason: error.to_string() })
}
