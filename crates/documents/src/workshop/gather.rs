//! Many updates at once: who wrote in one, and all of them with a single look.

use std::collections::BTreeSet;

use loro::{EncodedBlobMode, LoroDoc};
use millwright_model::WorkshopDevice;

use super::admission::{self, Brought, UPDATE_BYTES_MAX};
use super::{Workshop, WorkshopRefusal};
use crate::guard::guarded;

/// Which devices wrote what an update holds, as its changes say it, and not as its head does.
///
/// # Errors
/// When the bytes are no update, or too many.
pub fn writers_of(update: &[u8]) -> Result<BTreeSet<WorkshopDevice>, WorkshopRefusal> {
    if update.len() > UPDATE_BYTES_MAX {
        return Err(WorkshopRefusal::UpdateTooLarge { bytes: update.len(), limit: UPDATE_BYTES_MAX });
    }
    let unreadable = |reason: String| WorkshopRefusal::Unreadable { reason };
    guarded(|| {
        let said =
            LoroDoc::decode_import_blob_meta(update, true).map_err(|error| unreadable(error.to_string()))?;
        if said.mode != EncodedBlobMode::Updates {
            return Err(unreadable("it is a snapshot, which could hide who wrote what".to_owned()));
        }
        let status = LoroDoc::new().import(update).map_err(|error| unreadable(error.to_string()))?;
        let taken = status.success.iter().map(|(peer, _)| WorkshopDevice(*peer));
        let early = status.pending.iter().flat_map(|range| range.iter());
        Ok(taken.chain(early.map(|(peer, _)| WorkshopDevice(*peer))).collect())
    })
    .map_err(unreadable)?
}

impl Workshop {
    /// This workshop with many updates let in, in whichever order they are given: each change is looked at as when it comes
    /// alone. Where one is not in order, none of them is let in: then they are brought one by one.
    ///
    /// # Errors
    /// When something in them is not in order, or what one builds on is missing.
    pub fn with_all(&self, updates: &[Vec<u8>]) -> Result<Self, WorkshopRefusal> {
        let unreadable = |reason: String| WorkshopRefusal::Unreadable { reason };
        let together = guarded(|| {
            let (scratch, before) = (self.doc.fork(), self.doc.oplog_vv());
            let status = scratch.import_batch(updates).map_err(|error| unreadable(error.to_string()))?;
            if status.pending.is_some_and(|pending| !pending.is_empty()) {
                return Err(WorkshopRefusal::TooEarly);
            }
            admission::updates_since(&scratch, &before)
        })
        .map_err(unreadable)??;
        let workshop_id = self.board.workshop_id;
        let admitted = admission::admit(&self.doc, &self.rights, workshop_id, &together, Brought::PassedOn)?;
        admitted.doc.set_peer_id(self.device.0)?;
        Ok(Self { doc: admitted.doc, device: self.device, board: admitted.board, rights: admitted.rights })
    }

    /// From now on what is written here is this device's.
    ///
    /// # Errors
    /// When the library refuses the name.
    pub fn write_as(&mut self, device: WorkshopDevice) -> Result<(), WorkshopRefusal> {
        self.doc.set_peer_id(device.0)?;
        self.device = device;
        Ok(())
    }
}
