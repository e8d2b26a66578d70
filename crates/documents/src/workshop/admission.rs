//! The door of a board: each change that comes from elsewhere is looked at, whoever brings it, before the board has it.
//!
//! What is refused here must be refused by every device, whenever the change comes to it: else two devices that are both
//! right could never meet again. So only what never changes is asked: rights, which only grow, and the form of what is
//! written. Phases, locks and allowances guide those who act, and are kept by the reading of the board.

use std::collections::{BTreeMap, BTreeSet};

use loro::{ExportMode, JsonChange, JsonMapOp, JsonMovableListOp, JsonOpContent, LoroDoc, VersionVector};
use millwright_model::{Board, WorkshopDevice, WorkshopId, WorkshopNoteId, WorkshopRole};

use super::layout::{Area, Grant, Writers, canonical, text_of};
use super::read::read;
use super::refusal::WorkshopRefusal;
use super::rights::Rights;
use crate::guard::guarded;

/// The most bytes of an update that are looked at: a board with 2,000 long notes has fewer.
pub const UPDATE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most changes by one device: who fills a board fills it for nobody else.
pub const CHANGES_OF_DEVICE_MAX: i32 = 20_000;
/// The most devices in one update.
const DEVICES_MAX: usize = 500;
/// The most notes of one participant that come in; those who act are held to less together.
pub const NOTES_OF_ONE_MAX: usize = 500;

/// Who brings an update.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Brought {
    /// The device that wrote it, and nothing of others is in it: what a guest's link may carry.
    ByWriter(WorkshopDevice),
    /// Somebody who passes on what others wrote: the team's node, a facilitator, a signed file.
    PassedOn,
}

/// A document with the changes of an update in it, all of them in order.
pub(crate) struct Admitted {
    pub(crate) doc: LoroDoc,
    pub(crate) board: Board,
    pub(crate) rights: Rights,
    pub(crate) writers: Vec<WorkshopDevice>,
}

/// Takes an update into a copy of the document, and looks at every change in it. Nothing of the document is touched; the
/// library is not trusted to refuse strange bytes without falling over.
pub(crate) fn admit(
    doc: &LoroDoc,
    rights: &Rights,
    workshop_id: WorkshopId,
    update: &[u8],
    brought: Brought,
) -> Result<Admitted, WorkshopRefusal> {
    if update.len() > UPDATE_BYTES_MAX {
        return Err(WorkshopRefusal::UpdateTooLarge { bytes: update.len(), limit: UPDATE_BYTES_MAX });
    }
    let unreadable = |reason: String| WorkshopRefusal::Unreadable { reason };
    guarded(|| admit_trusting_the_library(doc, rights, workshop_id, update, brought)).map_err(unreadable)?
}

fn admit_trusting_the_library(
    doc: &LoroDoc,
    rights: &Rights,
    workshop_id: WorkshopId,
    update: &[u8],
    brought: Brought,
) -> Result<Admitted, WorkshopRefusal> {
    let unreadable = |reason: String| WorkshopRefusal::Unreadable { reason };
    let said =
        LoroDoc::decode_import_blob_meta(update, true).map_err(|error| unreadable(error.to_string()))?;
    if said.mode != loro::EncodedBlobMode::Updates {
        return Err(unreadable("it is a snapshot, which could hide who wrote what".to_owned()));
    }
    within_bounds(&said.partial_end_vv)?;
    let (scratch, before) = (doc.fork(), doc.oplog_vv());
    let status = scratch.import(update).map_err(|error| unreadable(error.to_string()))?;
    if status.pending.is_some_and(|pending| !pending.is_empty()) {
        return Err(WorkshopRefusal::TooEarly);
    }
    let after = scratch.oplog_vv();
    within_bounds(&after)?;
    let mut changes = scratch
        .export_json_updates_without_peer_compression(&before, &after)
        .map_err(|error| unreadable(error.to_string()))?
        .changes;
    // Causes before what they cause: the library reckons this number from what a change builds on.
    changes.sort_by_key(|change| (change.lamport, change.id.peer));
    let mut rights = rights.clone();
    let mut writers = BTreeSet::new();
    for change in &changes {
        writers.insert(look_at(change, &mut rights, workshop_id, brought)?);
    }
    let (board, read_rights) = read(&scratch)?;
    if read_rights != rights {
        return Err(unreadable("its changes do not say what its state says".to_owned()));
    }
    if board.workshop_id != workshop_id {
        return Err(WorkshopRefusal::AnotherWorkshop);
    }
    let mut counts = BTreeMap::new();
    for note in board.notes.iter().chain(&board.set_aside) {
        *counts.entry(note.author).or_insert(0_usize) += 1;
    }
    if counts.values().any(|count| *count > NOTES_OF_ONE_MAX) {
        return Err(WorkshopRefusal::Full { what: "notes of one participant", limit: NOTES_OF_ONE_MAX });
    }
    Ok(Admitted { doc: scratch, board, rights, writers: writers.into_iter().collect() })
}

fn within_bounds(version: &VersionVector) -> Result<(), WorkshopRefusal> {
    if version.len() > DEVICES_MAX {
        return Err(WorkshopRefusal::Full { what: "devices", limit: DEVICES_MAX });
    }
    if version.values().any(|end| !(0..=CHANGES_OF_DEVICE_MAX).contains(end)) {
        let limit = usize::try_from(CHANGES_OF_DEVICE_MAX).unwrap_or_default();
        return Err(WorkshopRefusal::Full { what: "changes of one device", limit });
    }
    Ok(())
}

/// Looks at one change, and keeps what it grants.
fn look_at(
    change: &JsonChange,
    rights: &mut Rights,
    workshop_id: WorkshopId,
    brought: Brought,
) -> Result<WorkshopDevice, WorkshopRefusal> {
    let device = WorkshopDevice(change.id.peer);
    if let Brought::ByWriter(carrier) = brought
        && carrier != device
    {
        return Err(WorkshopRefusal::NotItsOwn { device, carrier });
    }
    // Where nobody has any right yet, the first change is the founder's: it lets itself in. Whoever joins has to trust the
    // one who asked them to, and every later change builds on this one.
    let founds = !rights.has_facilitator() && change.deps.is_empty() && change.id.counter == 0;
    if !founds && !rights.is_known(device) {
        return Err(WorkshopRefusal::UnknownDevice { device });
    }
    let foreign = |what: String| WorkshopRefusal::Foreign { device, what };
    if change.msg.is_some() {
        return Err(foreign("a message beside the changes".to_owned()));
    }
    for op in &change.ops {
        let area = Area::of(&op.container).ok_or_else(|| foreign(shortened(&op.container.to_string())))?;
        let forged = || WorkshopRefusal::Forged { device, area: area.name() };
        match &op.content {
            JsonOpContent::Map(JsonMapOp::Insert { key, value }) => {
                if !area.takes(key, value) {
                    return Err(foreign(format!("«{}» in «{}»", shortened(key), area.name())));
                }
                if area == Area::Head && key == "id" && text_of(value) != Some(&workshop_id.to_string()) {
                    return Err(WorkshopRefusal::AnotherWorkshop);
                }
                if !founds && !rights.allows(device, area.writers()) {
                    return Err(forged());
                }
                if area == Area::Grants
                    && let Some(grant) = Grant::parse(key)
                {
                    rights.add(grant);
                }
            }
            JsonOpContent::MovableList(JsonMovableListOp::Insert { value, .. }) => {
                for value in value {
                    let note = text_of(value).and_then(canonical::<WorkshopNoteId>);
                    let note = note.ok_or_else(|| foreign("no note in the order of the notes".to_owned()))?;
                    let own = || {
                        let mut participants = rights.participants();
                        participants.any(|own| note.is_of(own) && rights.writes_for(device, own))
                    };
                    if !rights.allows(device, Writers::OwnNotes) && !own() {
                        return Err(forged());
                    }
                }
            }
            JsonOpContent::MovableList(JsonMovableListOp::Move { .. }) => {
                if rights.role_of_device(device) < Some(WorkshopRole::Member) {
                    return Err(forged());
                }
            }
            // Nothing is ever deleted: what is taken back says so, and can be put there again.
            _ => return Err(foreign(format!("a deletion or another strange change in «{}»", area.name()))),
        }
    }
    Ok(device)
}

/// Enough of what a stranger wrote to know it by.
fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(60).collect()
}

/// The update that holds everything since a version.
pub(crate) fn updates_since(doc: &LoroDoc, version: &VersionVector) -> Result<Vec<u8>, WorkshopRefusal> {
    doc.export(ExportMode::updates(version)).map_err(|error| WorkshopRefusal::Failed(error.to_string()))
}
