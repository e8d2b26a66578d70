//! What shifts handed over.

use millwright_model::{Entity, Handover, PersonId, TimestampMs};

use super::{Kind, Table};
use crate::{Session, StoreError};

pub(super) const TABLE: Table = Table {
    entity: Entity::Handover,
    columns: &[
        ("handover_id", Kind::Text),
        ("shift_name", Kind::Text),
        ("shift_starts_at", Kind::Integer),
        ("shift_ends_at", Kind::Integer),
        ("given_at", Kind::Integer),
        ("given_by", Kind::Reference),
        ("text", Kind::Text),
        ("items", Kind::Json),
    ],
};

impl Session {
    /// What shifts that began from `from` until before `until` handed over, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn handovers_of_span(
        &mut self,
        from: TimestampMs,
        until: TimestampMs,
        limit: i64,
    ) -> Result<Vec<Handover>, StoreError> {
        self.select(
            "where deleted = 0 and shift_starts_at >= ? and shift_starts_at < ? \
             order by given_at, handover_id limit ?",
            vec![from.0.into(), until.0.into(), limit.into()],
        )
        .await
    }

    /// Hand-overs by others that `person_id` may still have to read, newest first: those since `since`, and older ones
    /// that nobody has read to the end.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn handovers_to_read(
        &mut self,
        person_id: PersonId,
        since: TimestampMs,
        limit: i64,
    ) -> Result<Vec<Handover>, StoreError> {
        // A hand-over has one thing more to read than items where the person said something.
        self.select(
            "where deleted = 0 and given_by <> ?1 and (given_at >= ?2 or \
               (select count(distinct item_id) from handover_acknowledgement a \
                where a.deleted = 0 and a.handover_id = handover.handover_id) \
               < json_array_length(items) + (text <> '')) \
             order by given_at desc, handover_id limit ?3",
            vec![person_id.0.into(), since.0.into(), limit.into()],
        )
        .await
    }
}
