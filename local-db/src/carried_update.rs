//! What other devices wrote in documents and said over the plant's broker: signed by whoever wrote it, kept until the same
//! comes with the exchange, and passed on to devices that lack it.

use std::collections::BTreeSet;

use millwright_model::{DeviceId, DocumentUpdate, DocumentUpdateId, PersonId, TimestampMs};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::projection::uuid_at;
use crate::{Session, StoreError, WriteSession};

/// The most updates of one document that are kept for a team that does not exchange.
pub const CARRIED_OF_DOCUMENT_MAX: i64 = 20_000;
/// What came to rest is passed on for so long.
const AT_REST_MS: i64 = 24 * 3_600_000;
/// What never came to rest is kept for so long.
const KEPT_MS: i64 = 90 * 24 * 3_600_000;

/// An update as the device that wrote it signed it.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedUpdate {
    /// The update.
    pub update: DocumentUpdate,
    /// The signature, as 128 hex digits.
    pub sig: String,
}

/// A document that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveDocument {
    /// Which.
    pub document_id: Uuid,
    /// How many updates of it lie here, and when the last was written: the same answer, the same document.
    pub mark: (i64, i64),
}

const LIE_HERE: &str = "(select document_update_id, document_id, written_at from document_update where deleted = 0 \
     union select document_update_id, document_id, written_at from carried_update)";

impl Session {
    /// Documents that were written in since a moment, the last written first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn live_documents(
        &mut self,
        since: TimestampMs,
        most: i64,
    ) -> Result<Vec<LiveDocument>, StoreError> {
        let sql = format!(
            "select document_id, count(*), max(written_at) from {LIE_HERE} group by document_id \
             having max(written_at) >= ? order by max(written_at) desc, document_id limit ?"
        );
        let rows = self.ask(sql, vec![since.0.into(), most.into()]).await?;
        rows.iter()
            .map(|row| {
                let mark = (row.try_get(1)?, row.try_get(2)?);
                Ok(LiveDocument { document_id: uuid_at(row, 0)?, mark })
            })
            .collect()
    }

    /// The ids of all updates of a document that lie here.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn update_ids_of_document(
        &mut self,
        document_id: Uuid,
    ) -> Result<BTreeSet<DocumentUpdateId>, StoreError> {
        let sql = format!("select document_update_id from {LIE_HERE} where document_id = ?");
        let rows = self.ask(sql, vec![document_id.into()]).await?;
        rows.iter().map(|row| Ok(DocumentUpdateId(uuid_at(row, 0)?))).collect()
    }

    /// What was carried of a document and has its writer's signature, by when it was written.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn carried_of_document(&mut self, document_id: Uuid) -> Result<Vec<CarriedUpdate>, StoreError> {
        let sql = "select document_update_id, document_id, bytes, written_at, written_by, written_on, sig \
                   from carried_update where document_id = ? order by written_at, document_update_id";
        self.ask(sql.to_owned(), vec![document_id.into()]).await?.iter().map(carried).collect()
    }

    /// What was carried of a document and has not come to rest, by when it was written.
    pub(crate) async fn carried_alone(
        &mut self,
        document_id: Uuid,
    ) -> Result<Vec<DocumentUpdate>, StoreError> {
        let sql = "select document_update_id, document_id, bytes, written_at, written_by, written_on, sig \
                   from carried_update where document_id = ? and not exists (select 1 from document_update \
                   where document_update.document_update_id = carried_update.document_update_id)";
        let rows = self.ask(sql.to_owned(), vec![document_id.into()]).await?;
        rows.iter().map(|row| carried(row).map(|carried| carried.update)).collect()
    }
}

fn carried(row: &SqliteRow) -> Result<CarriedUpdate, StoreError> {
    let optional = |text: Option<String>| text.and_then(|text| Uuid::parse_str(&text).ok());
    Ok(CarriedUpdate {
        update: DocumentUpdate {
            document_update_id: DocumentUpdateId(uuid_at(row, 0)?),
            document_id: uuid_at(row, 1)?,
            bytes: row.try_get(2)?,
            written_at: TimestampMs(row.try_get(3)?),
            written_by: optional(row.try_get(4)?).map(PersonId),
            written_on: optional(row.try_get(5)?).map(DeviceId),
        },
        sig: row.try_get(6)?,
    })
}

impl WriteSession {
    /// Keeps what was carried; answers whether it is new here. Nothing is taken once there is too much of its document.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_carried(
        &mut self,
        carried: &CarriedUpdate,
        received_at: TimestampMs,
    ) -> Result<bool, StoreError> {
        let CarriedUpdate { update, sig } = carried;
        let Some(written_on) = update.written_on else { return Ok(false) };
        let kept = sqlx::query(
            "insert into carried_update (document_update_id, document_id, bytes, written_at, written_by, written_on, \
             sig, received_at) select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 \
             where not exists (select 1 from document_update where document_update_id = ?1) \
             and (select count(*) from carried_update where document_id = ?2) < ?9 \
             on conflict do nothing",
        )
        .bind(update.document_update_id.to_string())
        .bind(update.document_id.to_string())
        .bind(&update.bytes)
        .bind(update.written_at.0)
        .bind(update.written_by.map(|person| person.to_string()))
        .bind(written_on.to_string())
        .bind(sig)
        .bind(received_at.0)
        .bind(CARRIED_OF_DOCUMENT_MAX)
        .execute(self.connection().await?)
        .await?;
        Ok(kept.rows_affected() > 0)
    }

    /// Lets go of what came to rest and of what never will.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn let_go_of_carried(&mut self, now: TimestampMs) -> Result<(), StoreError> {
        sqlx::query(
            "delete from carried_update where received_at < ?1 or (received_at < ?2 and exists (select 1 from \
             document_update where document_update.document_update_id = carried_update.document_update_id))",
        )
        .bind(now.plus_ms(-KEPT_MS).0)
        .bind(now.plus_ms(-AT_REST_MS).0)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }
}
