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
        self.select(
            "where deleted = 0 and document_id = ? order by written_at, document_update_id",
            vec![document_id.into()],
        )
        .await
    }

    /// How many updates a document has, and when the last of them was written: the same answer, the same document.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mark_of_document(&mut self, document_id: Uuid) -> Result<(i64, i64), StoreError> {
        let sql = "select count(*), coalesce(max(written_at), 0) from document_update \
                   where deleted = 0 and document_id = ?";
        let rows = self.ask(sql.to_owned(), vec![document_id.into()]).await?;
        let Some(row) = rows.first() else { return Ok((0, 0)) };
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}
