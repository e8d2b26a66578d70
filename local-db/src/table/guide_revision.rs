//! Revisions of guides.

use millwright_model::{Entity, GuideId, GuideRevision, PersonId};

use super::{Kind, Table};
use crate::projection::uuid_at;
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::GuideRevision,
    columns: &[
        ("guide_revision_id", Kind::Text),
        ("guide_id", Kind::Text),
        ("number", Kind::Integer),
        ("content", Kind::Json),
        ("content_hash", Kind::Text),
        ("draft_version", Kind::Text),
        ("news", Kind::Text),
        ("authors", Kind::References),
        ("status", Kind::Text),
        ("status_reason", Kind::Text),
        ("submitted_at", Kind::Integer),
        ("submitted_by", Kind::Reference),
        ("decided_at", Kind::Integer),
        ("decided_by", Kind::Reference),
    ],
};

impl Session {
    /// The revisions of a guide, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revisions_of(&mut self, guide_id: GuideId) -> Result<Vec<GuideRevision>, StoreError> {
        self.select(
            "where deleted = 0 and guide_id = ? order by number desc, submitted_at desc, guide_revision_id",
            vec![guide_id.0.into()],
        )
        .await
    }

    /// The revision that people work by: the newest that was approved.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn approved_revision(
        &mut self,
        guide_id: GuideId,
    ) -> Result<Option<GuideRevision>, StoreError> {
        self.select_one(
            "where deleted = 0 and guide_id = ? and status = 'approved' order by number desc, submitted_at desc",
            vec![guide_id.0.into()],
        )
        .await
    }

    /// The guides of which a person worked by a revision or signed one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn guides_used_by(&mut self, person_id: PersonId) -> Result<Vec<GuideId>, StoreError> {
        let rows = self
            .ask(
                "select distinct r.guide_id from guide_revision r where r.deleted = 0 and (\
                 exists (select 1 from guide_read g where g.deleted = 0 \
                     and g.guide_revision_id = r.guide_revision_id and g.person_id = ?) \
                 or exists (select 1 from work_step s where s.deleted = 0 and s.guide_place is not null \
                     and json_extract(s.guide_place, '$.guide_revision_id') = r.guide_revision_id \
                     and s.recorded_by = ?)) order by r.guide_id"
                    .to_owned(),
                vec![person_id.0.into(), person_id.0.into()],
            )
            .await?;
        rows.iter().map(|row| Ok(GuideId(uuid_at(row, 0)?))).collect()
    }

    /// Revisions that somebody is to look at, the oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revisions_in_review(&mut self) -> Result<Vec<GuideRevision>, StoreError> {
        let tail =
            "where deleted = 0 and status = 'in_review' order by submitted_at, guide_revision_id limit 200";
        self.select(tail, Vec::new()).await
    }
}
