//! Choices for found and done.

use millwright_model::{Entity, FindingCode, FindingKind};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::FindingCode,
    columns: &[
        ("finding_code_id", Kind::Text),
        ("finding_kind", Kind::Text),
        ("code", Kind::Text),
        ("text", Kind::Text),
        ("asset_class", Kind::Text),
    ],
};

impl Session {
    /// The choices of `kind` for a class of machines, those that were chosen most often first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finding_codes(
        &mut self,
        kind: FindingKind,
        class: Option<&str>,
    ) -> Result<Vec<FindingCode>, StoreError> {
        let (name, tail) = match kind {
            FindingKind::Found => (
                "found",
                "where deleted = 0 and finding_kind = ? and (asset_class is null or asset_class = ?) \
                 order by (select count(*) from work_order o where o.found_code = finding_code.code) desc, code",
            ),
            FindingKind::Done => (
                "done",
                "where deleted = 0 and finding_kind = ? and (asset_class is null or asset_class = ?) \
                 order by (select count(*) from work_order o where o.done_code = finding_code.code) desc, code",
            ),
        };
        self.select(tail, vec![name.into(), class.unwrap_or_default().into()]).await
    }
}
