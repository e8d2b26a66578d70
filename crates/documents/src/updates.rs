//! A document out of its updates: what strangers wrote is bounded, and named where it cannot be read.

use loro::LoroDoc;

use crate::DocumentError;
use crate::guard::guarded;

/// The most updates of a document that are read.
const UPDATES_MAX: usize = 50_000;
/// The most bytes of all of them.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// The document that these updates make, in whichever order they come. The library is not trusted to refuse one without
/// falling over.
pub(crate) fn document_of<'u>(updates: impl IntoIterator<Item = &'u [u8]>) -> Result<LoroDoc, DocumentError> {
    let (doc, mut bytes) = (LoroDoc::new(), 0);
    for (place, update) in updates.into_iter().enumerate() {
        bytes += update.len();
        if place >= UPDATES_MAX {
            return Err(DocumentError::TooLarge { what: "updates", limit: UPDATES_MAX });
        }
        if bytes > BYTES_MAX {
            return Err(DocumentError::TooLarge { what: "bytes", limit: BYTES_MAX });
        }
        let unreadable = |reason: String| DocumentError::UpdateUnreadable { place, reason };
        guarded(|| doc.import(update)).map_err(unreadable)?.map_err(|error| unreadable(error.to_string()))?;
    }
    Ok(doc)
}
