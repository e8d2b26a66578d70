//! Photos and files; their bytes are blobs.

use std::collections::BTreeSet;

use millwright_model::{AssetId, Attachment, Entity, GuideId, RequestId, TimestampMs, WorkOrderId};
use sqlx::Row;

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Attachment,
    columns: &[
        ("attachment_id", Kind::Text),
        ("work_order_id", Kind::Text),
        ("work_step_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("request_id", Kind::Text),
        ("blob", Kind::Text),
        ("size_bytes", Kind::Integer),
        ("media_type", Kind::Text),
        ("file_name", Kind::Text),
        ("taken_at", Kind::Integer),
        ("taken_by", Kind::Reference),
        ("guide_id", Kind::Text),
        ("part", Kind::Text),
    ],
};

impl Session {
    /// The photos and files of an order, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn attachments_of(
        &mut self,
        work_order_id: WorkOrderId,
    ) -> Result<Vec<Attachment>, StoreError> {
        self.select(
            "where deleted = 0 and work_order_id = ? order by taken_at, attachment_id",
            vec![work_order_id.0.into()],
        )
        .await
    }

    /// The photos and files of an asset itself, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn attachments_of_asset(&mut self, asset_id: AssetId) -> Result<Vec<Attachment>, StoreError> {
        let tail = "where deleted = 0 and asset_id = ? order by taken_at desc, attachment_id limit 100";
        self.select(tail, vec![asset_id.0.into()]).await
    }

    /// The photos and files that came with a request, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn attachments_of_request(
        &mut self,
        request_id: RequestId,
    ) -> Result<Vec<Attachment>, StoreError> {
        let tail = "where deleted = 0 and request_id = ? order by taken_at, attachment_id limit 100";
        self.select(tail, vec![request_id.0.into()]).await
    }

    /// The files of one media type that were brought for a guide, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn files_of_guide(
        &mut self,
        guide_id: GuideId,
        media_type: &str,
    ) -> Result<Vec<Attachment>, StoreError> {
        let tail = "where deleted = 0 and guide_id = ? and media_type = ? order by taken_at desc, attachment_id limit 100";
        self.select(tail, vec![guide_id.0.into(), media_type.to_owned().into()]).await
    }

    /// The hashes of photos and files of which every record still waits here for the node: it does not know them yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn blobs_of_waiting_records(&mut self) -> Result<BTreeSet<String>, StoreError> {
        let rows = sqlx::query(
            "select blob from attachment where deleted = 0 group by blob having min(exists ( \
                 select 1 from op join txn on txn.txn_id = op.txn_id where op.entity = 'attachment' \
                 and op.entity_id = attachment_id and op.kind = 'create' and txn.ledger_seq is null)) = 1",
        )
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// How many photos and files there are, and when the oldest was taken.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn attachment_count(&mut self) -> Result<(i64, Option<TimestampMs>), StoreError> {
        let row = sqlx::query(
            "select count(*), min(taken_at) from attachment where deleted = 0 \
             and not exists (select 1 from blob_at_node where hash = blob)",
        )
        .fetch_one(self.connection().await?)
        .await?;
        Ok((row.try_get(0)?, row.try_get::<Option<i64>, _>(1)?.map(TimestampMs)))
    }
}
