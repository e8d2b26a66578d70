//! Documents that several people write: their updates as records, which are exchanged like any other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_documents::{DocumentError, DraftVersion};
use millwright_model::{CacheTag, DocumentUpdate, DocumentUpdateId};
use uuid::Uuid;

use crate::EngineError;
use crate::unit::Unit;

/// The number by which a writing is known in its document: half of its id, which was never minted before.
pub(crate) fn writer(update: DocumentUpdateId) -> u64 {
    update.0.as_u64_pair().1
}

/// The bytes of updates, in their order.
///
/// # Errors
/// When one is not base64: it is named by its place.
pub(crate) fn decoded<'u>(
    updates: impl IntoIterator<Item = &'u DocumentUpdate>,
) -> Result<Vec<Vec<u8>>, DocumentError> {
    let bytes = |(place, update): (usize, &DocumentUpdate)| {
        STANDARD
            .decode(&update.bytes)
            .map_err(|error| DocumentError::UpdateUnreadable { place, reason: error.to_string() })
    };
    updates.into_iter().enumerate().map(bytes).collect()
}

/// Refuses an update that is longer than one may be.
///
/// # Errors
/// Then.
pub(crate) fn fits(bytes: &[u8]) -> Result<(), DocumentError> {
    if bytes.len() > DocumentUpdate::BYTES_MAX {
        return Err(DocumentError::TooLarge { what: "bytes of one edit", limit: DocumentUpdate::BYTES_MAX });
    }
    Ok(())
}

/// Keeps an update. It is not held for an undo: others write on what it says at once.
pub(crate) async fn keep(
    unit: &mut Unit<'_>,
    id: DocumentUpdateId,
    document_id: Uuid,
    bytes: &[u8],
    stale: CacheTag,
) -> Result<(), EngineError> {
    let update = DocumentUpdate {
        document_update_id: id,
        document_id,
        bytes: STANDARD.encode(bytes),
        written_at: unit.now,
        written_by: unit.actor.person_id(),
        written_on: Some(unit.engine.device.device_id),
    };
    unit.create(&update).await?;
    unit.says(update);
    unit.leaves_at_once();
    unit.stale(stale);
    Ok(())
}

/// A moment of a document's writing as faces hold it.
pub(crate) fn text_of(version: &DraftVersion) -> String {
    STANDARD.encode(&version.0)
}

/// The moment that a face held.
///
/// # Errors
/// When it is none.
pub(crate) fn version_of(text: &str) -> Result<DraftVersion, DocumentError> {
    STANDARD.decode(text).map(DraftVersion).map_err(|_unreadable| DocumentError::NoSuchVersion)
}
