//! Updates of documents that several people write.

use millwright_model::{DocumentUpdate, Entity};
use sqlx::Row as _;
use uuid::Uuid;

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::DocumentUpdate,
    columns: &[
        ("document_update_id", Kind::Text),
        ("document_id", Kind::Text),
        ("bytes", Kind::Text),
        ("written_at", Kind::Integer),
        ("written_by", Kind::Reference),
        ("written_on", Kind::Text),
    ],
};

impl Session {
    /// The updates of a document, by when they were written.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn updates_of_document(
        &mut self,
        document_id: Uuid,
    ) -> Result<Vec<DocumentUpdate>, StoreError> {
        let mut updates: Vec<DocumentUpdate> = self
            .select(
                "where deleted = 0 and document_id = ? order by written_at, document_update_id",
                vec![document_id.into()],
            )
            .await?;
        // What came over the plant's broker is read as if it had come to rest already.
        let carried = self.carried_alone(document_id).await?;
        if !carried.is_empty() {
            updates.extend(carried);
            updates.sort_by_key(|update| (update.written_at, update.document_update_id));
        }
        Ok(updates)
    }

    /// How many updates a document has, and when the last of them was written: the same answer, the same document.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mark_of_document(&mut self, document_id: Uuid) -> Result<(i64, i64), StoreError> {
        let sql = "select count(*), coalesce(max(written_at), 0) from (select document_update_id, written_at from \
                   document_update where deleted = 0 and document_id = ? union select document_update_id, written_at \
                   from carried_update where document_id = ?)";
        let rows = self.ask(sql.to_owned(), vec![document_id.into(), document_id.into()]).await?;
        let Some(row) = rows.first() else { return Ok((0, 0)) };
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}
