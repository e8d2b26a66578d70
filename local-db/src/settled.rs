//! What this device wrote and the node has not given back yet lies on top of what is accepted; what comes back as it was
//! written lies on the rows already.

use std::collections::BTreeMap;

use millwright_model::DeviceId;
use sqlx::{AssertSqlSafe, Row};

use crate::log::{COLUMNS, bytes_at};
use crate::{StoreError, StoredTxn, WriteSession};

/// So many transactions are read with one statement.
const PAGE: i64 = 200;

/// Transactions of this device's writers (those that `?1` lists) that the node has not given back by a place of its order
/// (`?2`): it does not have them, or has judged them after that place.
const NOT_BACK: &str = "select txn_id from txn where ledger_seq is null and device_id in (select value from json_each(?1)) \
     union all select txn_id from txn where ledger_seq > ?2 and device_id in (select value from json_each(?1))";

/// The transactions at the places of the node's order that `?3` lists.
const BACK: &str = "select txn_id from txn where ledger_seq in (select value from json_each(?3))";

impl WriteSession {
    /// Lays what the node has not given back by `checkpoint` on top of what is accepted: of this device and of those that
    /// it was before, one after the other. What cannot lie there (its code was taken) stays off; the node will say so.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lay_pending(&mut self, writers: &[DeviceId], checkpoint: i64) -> Result<(), StoreError> {
        for writer in writers {
            self.lay_pending_of(*writer, checkpoint).await?;
        }
        Ok(())
    }

    async fn lay_pending_of(&mut self, writer: DeviceId, checkpoint: i64) -> Result<(), StoreError> {
        let writer = writers_of(&[writer])?;
        let mut after = -1_i64;
        loop {
            let sql = AssertSqlSafe(format!(
                "{COLUMNS} where txn_id in ({NOT_BACK}) and first_seq > ?3 order by first_seq limit ?4"
            ));
            let rows = sqlx::query(sql)
                .bind(&writer)
                .bind(checkpoint)
                .bind(after)
                .bind(PAGE)
                .fetch_all(self.connection().await?)
                .await?;
            let page = rows.iter().map(StoredTxn::from_row).collect::<Result<Vec<_>, _>>()?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.first_seq as i64;
            for stored in &page {
                for op in stored.verdict.effective(&stored.txn()?) {
                    self.apply_waiting(&op).await?;
                }
            }
        }
    }

    /// Whether transactions that come back accepted, given as places of the node's order with their hashes, lie on the
    /// rows already: this device, or one that it was, wrote each of them as it comes back, and nothing that is not back
    /// by `checkpoint` touches their records.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lie_already(
        &mut self,
        writers: &[DeviceId],
        checkpoint: i64,
        back: &BTreeMap<i64, [u8; 32]>,
    ) -> Result<bool, StoreError> {
        let (list, writers) = (list_of(back)?, writers_of(writers)?);
        let rows = sqlx::query(
            "select ledger_seq, hash from txn where ledger_seq in (select value from json_each(?)) \
             and device_id in (select value from json_each(?)) and verdict is null and excerpt = 0",
        )
        .bind(&list)
        .bind(&writers)
        .fetch_all(self.connection().await?)
        .await?;
        let mut same = 0;
        for row in &rows {
            same += usize::from(back.get(&row.try_get(0)?) == Some(&bytes_at(row, "hash")?));
        }
        if same < back.len() {
            return Ok(false);
        }
        // An alias leads what other rows say: those are not known from the ops.
        let sql = AssertSqlSafe(format!(
            "select exists (select 1 from op where entity = 'alias' and txn_id in ({BACK})) \
             or exists (select 1 from op beyond where beyond.txn_id in ({NOT_BACK}) and (beyond.entity = 'alias' \
             or exists (select 1 from op back where back.entity = beyond.entity and back.entity_id = beyond.entity_id \
             and back.txn_id in ({BACK}))))"
        ));
        let row = sqlx::query(sql)
            .bind(&writers)
            .bind(checkpoint)
            .bind(&list)
            .fetch_one(self.connection().await?)
            .await?;
        Ok(row.try_get::<i64, _>(0)? == 0)
    }

    /// Transactions that lie on the rows already are accepted: nothing has to be kept beneath them any more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle(&mut self, back: &BTreeMap<i64, [u8; 32]>) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(format!(
            "delete from beneath where (entity, entity_id) in (select entity, entity_id from op where txn_id in ({BACK}))"
        ));
        // The statement names the list as the third value, like the one above.
        let query = sqlx::query(sql).bind(None::<String>).bind(None::<i64>).bind(list_of(back)?);
        query.execute(self.connection().await?).await?;
        Ok(())
    }
}

fn writers_of(writers: &[DeviceId]) -> Result<String, StoreError> {
    serde_json::to_string(writers).map_err(|error| StoreError::corrupt("writers", error))
}

fn list_of(back: &BTreeMap<i64, [u8; 32]>) -> Result<String, StoreError> {
    let places: Vec<i64> = back.keys().copied().collect();
    serde_json::to_string(&places).map_err(|error| StoreError::corrupt("places", error))
}
