//! The board of a SWOT workshop: what several people write on several devices, some of them without a network, and what is
//! let in of it.

mod act;
mod admission;
mod alike;
mod export;
mod gather;
mod layout;
mod private;
mod read;
mod refusal;
mod rights;
mod scores;
mod write;

use std::collections::BTreeMap;

pub use act::{ACTIONS_MAX, FRAMES_MAX, NOTES_MAX, PARTICIPANTS_MAX, STRATEGIES_MAX};
pub use admission::{Brought, CHANGES_OF_DEVICE_MAX, NOTES_OF_ONE_MAX, UPDATE_BYTES_MAX};
pub use alike::{DuplicateHint, KeptItem, YearsApart, compare_years, duplicate_hints, likeness};
pub use export::{MarkdownWords, from_json, to_json, to_markdown};
pub use gather::writers_of;
pub use layout::{ALLOWANCE_MAX, JUDGED_MAX, TEXT_MAX};
use loro::{ExportMode, LoroDoc, VersionVector};
use millwright_model::*;
pub use private::{PrivateNote, PrivateNotes};
pub use refusal::WorkshopRefusal;
use rights::Rights;
pub use scores::{BoardScores, SideScores, score};

use crate::guard::guarded;

/// The most bytes of a version.
const VERSION_BYTES_MAX: usize = 64 * 1024;

/// What a device has of a board: everything it knows of each device's writing. No clock is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardVersion(pub Vec<u8>);

/// How a workshop begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// Its id.
    pub workshop_id: WorkshopId,
    /// What it is called.
    pub title: String,
    /// In which language it is held.
    pub language: String,
    /// How many votes everybody has.
    pub allowance: u32,
    /// Who facilitates it.
    pub facilitator: ParticipantId,
    /// Who that is in the plant.
    pub person_id: Option<PersonId>,
}

/// What came with an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Whose writing was new; nothing was if there is none.
    pub writers: Vec<WorkshopDevice>,
}

/// A workshop on one device.
pub struct Workshop {
    doc: LoroDoc,
    device: WorkshopDevice,
    board: Board,
    rights: Rights,
}

impl Workshop {
    /// A new workshop with the four frames. The device is the facilitator's.
    ///
    /// # Errors
    /// When the title or the allowance does not fit.
    pub fn begin(beginning: &Beginning, device: WorkshopDevice) -> Result<Self, WorkshopRefusal> {
        let doc = LoroDoc::new();
        doc.set_peer_id(device.0)?;
        write::begin(&doc, beginning, device)?;
        doc.commit();
        let (board, rights) = read::read(&doc)?;
        Ok(Self { doc, device, board, rights })
    }

    /// A workshop that this device was asked into, out of everything that was written so far. `workshop_id` comes with the
    /// invitation; each change is looked at.
    ///
    /// # Errors
    /// When it is another workshop's, or something in it is not in order.
    pub fn join(
        update: &[u8],
        workshop_id: WorkshopId,
        device: WorkshopDevice,
    ) -> Result<Self, WorkshopRefusal> {
        let (empty, nobody) = (LoroDoc::new(), Rights::default());
        let admitted = admission::admit(&empty, &nobody, workshop_id, update, Brought::PassedOn)?;
        admitted.doc.set_peer_id(device.0)?;
        Ok(Self { doc: admitted.doc, device, board: admitted.board, rights: admitted.rights })
    }

    /// A workshop out of what this device stored, in whichever order: snapshots and updates that were let in once.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open<'u>(
        stored: impl IntoIterator<Item = &'u [u8]>,
        device: WorkshopDevice,
    ) -> Result<Self, WorkshopRefusal> {
        let unreadable = |reason: String| WorkshopRefusal::Unreadable { reason };
        let stored: Vec<Vec<u8>> = stored.into_iter().map(<[u8]>::to_vec).collect();
        guarded(|| {
            let doc = LoroDoc::new();
            let status = doc.import_batch(&stored).map_err(|error| unreadable(error.to_string()))?;
            if status.pending.is_some_and(|pending| !pending.is_empty()) {
                return Err(WorkshopRefusal::TooEarly);
            }
            doc.set_peer_id(device.0)?;
            let (board, rights) = read::read(&doc)?;
            Ok(Self { doc, device, board, rights })
        })
        .map_err(unreadable)?
    }

    /// The board as it stands.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The device that writes here.
    pub fn device(&self) -> WorkshopDevice {
        self.device
    }

    /// For whom this device writes first of all; nobody as long as it is not let in.
    pub fn participant(&self) -> Option<ParticipantId> {
        self.rights.devices().find(|(device, _)| *device == self.device).map(|(_, participant)| participant)
    }

    /// Does something for `author`: whose device this is, or for whom they enter. Answers the update that holds it; none
    /// where the board says so already.
    ///
    /// # Errors
    /// When the author may not, it is not the time, or it does not fit. Then nothing changes.
    pub fn act(
        &mut self,
        author: ParticipantId,
        act: &WorkshopAct,
    ) -> Result<Option<Vec<u8>>, WorkshopRefusal> {
        act::check(&self.board, &self.rights, self.device, author, act)?;
        self.written(|doc| write::write(doc, author, act))
    }

    /// Puts private notes on the board, all of them, once the facilitator revealed: also into a frame that was locked
    /// meanwhile, since nothing that somebody wrote in time is lost. What is on the board already is left out, so that this
    /// can be done again after a fall.
    ///
    /// # Errors
    /// While notes are collected, and where the device may not write for an author. Then nothing changes, and the private
    /// notes are as they were.
    pub fn reveal(&mut self, private: &mut PrivateNotes) -> Result<Option<Vec<u8>>, WorkshopRefusal> {
        if private.workshop_id != self.board.workshop_id {
            return Err(WorkshopRefusal::AnotherWorkshop);
        }
        if self.board.phase == WorkshopPhase::Collect {
            return Err(WorkshopRefusal::NotNow { phase: self.board.phase });
        }
        let known = |note: &PrivateNote| {
            self.board.notes.iter().chain(&self.board.set_aside).any(|other| other.note_id == note.note_id)
        };
        let new: Vec<(ParticipantId, WorkshopAct)> = private
            .notes
            .iter()
            .filter(|note| !known(note))
            .map(|note| {
                let act = WorkshopAct::AddNote {
                    note_id: note.note_id,
                    frame: note.frame.clone(),
                    text: note.text.clone(),
                    on_paper: note.on_paper,
                };
                (note.author, act)
            })
            .collect();
        for (author, act) in &new {
            act::check_revealed(&self.board, &self.rights, self.device, *author, act)?;
        }
        let update =
            self.written(|doc| new.iter().try_for_each(|(author, act)| write::write(doc, *author, act)))?;
        private.notes.clear();
        Ok(update)
    }

    /// What this device has.
    pub fn version(&self) -> BoardVersion {
        BoardVersion(self.doc.oplog_vv().encode())
    }

    /// The update that brings a device with this version to where this one is.
    ///
    /// # Errors
    /// When the version cannot be read, or is older than what the document still knows.
    pub fn updates_since(&self, version: &BoardVersion) -> Result<Vec<u8>, WorkshopRefusal> {
        let version = read_version(version)?;
        let kept_from = self.doc.shallow_since_vv();
        if kept_from.iter().any(|(peer, from)| version.get(peer).copied().unwrap_or_default() < *from) {
            return Err(WorkshopRefusal::TooOld);
        }
        admission::updates_since(&self.doc, &version)
    }

    /// Everything that was written, as an update: for a device that joins.
    ///
    /// # Errors
    /// When the document was compacted: then a device joins by a snapshot that comes from the team.
    pub fn everything(&self) -> Result<Vec<u8>, WorkshopRefusal> {
        self.updates_since(&BoardVersion(VersionVector::default().encode()))
    }

    /// The whole document, to store.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn snapshot(&self) -> Result<Vec<u8>, WorkshopRefusal> {
        self.doc.export(ExportMode::Snapshot).map_err(|error| WorkshopRefusal::Failed(error.to_string()))
    }

    /// Lets an update in, after each change in it was looked at in a copy: the board has all of it or nothing.
    ///
    /// # Errors
    /// When something in it is not in order: see [`WorkshopRefusal`]. Too early, or from a device that is not let in yet, it
    /// may be brought again.
    pub fn receive(&mut self, update: &[u8], brought: Brought) -> Result<Received, WorkshopRefusal> {
        let admitted = admission::admit(&self.doc, &self.rights, self.board.workshop_id, update, brought)?;
        if admitted.writers.is_empty() {
            return Ok(Received { writers: Vec::new() });
        }
        // The copy has what was looked at; taking it is the only way to have exactly that.
        admitted.doc.set_peer_id(self.device.0)?;
        (self.doc, self.board, self.rights) = (admitted.doc, admitted.board, admitted.rights);
        Ok(Received { writers: admitted.writers })
    }

    /// Forgets how the board came to be, as far as every device that writes here has it, and answers the snapshot to store.
    /// `known` says what each device has; one that is not in it may come back with what it wrote long ago, and nothing is
    /// forgotten that it builds on (a library that compacts past an offline device loses its writing in silence).
    ///
    /// # Errors
    /// When of a device it is not known what it has, or a version cannot be read.
    pub fn compact(
        &mut self,
        known: &BTreeMap<WorkshopDevice, BoardVersion>,
    ) -> Result<Vec<u8>, WorkshopRefusal> {
        let mut common = self.doc.oplog_vv();
        for (device, _) in self.rights.devices() {
            if device == self.device {
                continue;
            }
            let has = known.get(&device).ok_or(WorkshopRefusal::UnknownReplica { device })?;
            let has = read_version(has)?;
            let peers: Vec<u64> = common.keys().copied().collect();
            for peer in peers {
                let end = common.get(&peer).copied().unwrap_or_default();
                common.insert(peer, end.min(has.get(&peer).copied().unwrap_or_default()));
            }
        }
        common.retain(|_, end| *end > 0);
        if common.is_empty() {
            return self.snapshot();
        }
        let from = self.doc.try_vv_to_frontiers(&common)?;
        let snapshot = self
            .doc
            .export(ExportMode::shallow_snapshot(&from))
            .map_err(|error| WorkshopRefusal::Failed(error.to_string()))?;
        let compacted = Self::open([snapshot.as_slice()], self.device)?;
        if compacted.board != self.board || compacted.doc.oplog_vv() != self.doc.oplog_vv() {
            return Err(WorkshopRefusal::Failed("what was compacted does not say the same".to_owned()));
        }
        *self = compacted;
        Ok(snapshot)
    }

    fn written(
        &mut self,
        write: impl FnOnce(&LoroDoc) -> Result<(), WorkshopRefusal>,
    ) -> Result<Option<Vec<u8>>, WorkshopRefusal> {
        let before = self.doc.oplog_vv();
        write(&self.doc)?;
        self.doc.commit();
        if self.doc.oplog_vv() == before {
            return Ok(None);
        }
        (self.board, self.rights) = read::read(&self.doc)?;
        admission::updates_since(&self.doc, &before).map(Some)
    }
}

/// A version as another device says it: not more bytes than it can have, and the library is not trusted with them.
fn read_version(version: &BoardVersion) -> Result<VersionVector, WorkshopRefusal> {
    if version.0.len() > VERSION_BYTES_MAX {
        return Err(WorkshopRefusal::UpdateTooLarge { bytes: version.0.len(), limit: VERSION_BYTES_MAX });
    }
    let unreadable = |reason: String| WorkshopRefusal::Unreadable { reason };
    guarded(|| VersionVector::decode(&version.0))
        .map_err(unreadable)?
        .map_err(|error| unreadable(error.to_string()))
}
