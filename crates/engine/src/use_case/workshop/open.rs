//! A board out of the updates that lie here: what is not in order is left out and named, and tried again when more comes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_documents::workshop::{Brought, Workshop as Document, WorkshopRefusal, writers_of};
use millwright_local_db::Session;
use millwright_model::*;

use super::seat::name_of;
use crate::EngineError;
use crate::engine::Inner;

/// The name of whoever only reads: nothing is ever written under it.
const READER: WorkshopDevice = WorkshopDevice(1);
/// From so many new updates on, they are looked at together first.
const TOGETHER_FROM: usize = 4;
/// So many boards are kept open; more are rarely looked at in a day.
const OPEN_MAX: usize = 16;

/// Boards that were opened, so that each update is looked at once.
#[derive(Default)]
pub(crate) struct Boards(Mutex<BTreeMap<WorkshopId, Opened>>);

impl Boards {
    /// Takes a board out: whoever writes on it gives it back once that is durable.
    fn take(&self, workshop_id: WorkshopId) -> Option<Opened> {
        self.0.lock().ok()?.remove(&workshop_id)
    }

    /// Keeps a board open.
    pub(super) fn give_back(&self, opened: Opened) {
        let Ok(mut boards) = self.0.lock() else { return };
        if boards.len() >= OPEN_MAX {
            boards.pop_first();
        }
        boards.insert(opened.workshop.workshop_id, opened);
    }
}

/// An update that is not on the board, and why.
pub(super) struct LeftOut {
    pub(super) update: DocumentUpdate,
    pub(super) refusal: WorkshopRefusal,
}

impl LeftOut {
    /// Whether it may come in order yet.
    pub(super) fn may_come(&self) -> bool {
        matches!(self.refusal, WorkshopRefusal::TooEarly | WorkshopRefusal::UnknownDevice { .. })
    }
}

/// A workshop with its board.
pub(super) struct Opened {
    pub(super) workshop: Workshop,
    /// Nothing as long as the update that begins it is not here.
    pub(super) document: Option<Document>,
    let_in: BTreeSet<DocumentUpdateId>,
    pub(super) left_out: Vec<LeftOut>,
}

impl Opened {
    /// The board of a workshop as what lies here says it.
    pub(super) async fn of(
        engine: &Inner,
        session: &mut Session,
        workshop: Workshop,
    ) -> Result<Self, EngineError> {
        let updates = session.updates_of_document(workshop.workshop_id.0).await?;
        let kept = engine.boards.take(workshop.workshop_id);
        // What lay here may have been lifted off again: an update that the node did not take.
        let still_there = |kept: &Self| {
            let there: BTreeSet<_> = updates.iter().map(|update| update.document_update_id).collect();
            kept.let_in.is_subset(&there)
        };
        let mut opened = match kept.filter(still_there) {
            Some(kept) => Self { workshop, ..kept },
            None => Self { workshop, document: None, let_in: BTreeSet::new(), left_out: Vec::new() },
        };
        opened.take_in(updates);
        Ok(opened)
    }

    /// The workshop with this id, and its board.
    pub(super) async fn need(
        engine: &Inner,
        session: &mut Session,
        workshop_id: WorkshopId,
    ) -> Result<Self, EngineError> {
        let workshop: Option<Workshop> = session.get(workshop_id).await?;
        Self::of(engine, session, workshop.ok_or(EngineError::NotFound(Missing::Workshop))?).await
    }

    /// A board that begins on this device.
    pub(super) fn begun(workshop: Workshop, document: Document) -> Self {
        Self { workshop, document: Some(document), let_in: BTreeSet::new(), left_out: Vec::new() }
    }

    /// The board.
    pub(super) fn board(&self) -> Option<&Board> {
        self.document.as_ref().map(Document::board)
    }

    /// Says that what this device wrote is on the board.
    pub(super) fn wrote(&mut self, update: DocumentUpdateId) {
        self.let_in.insert(update);
    }

    /// Lets in what is new of `updates`, which are all there are.
    fn take_in(&mut self, updates: Vec<DocumentUpdate>) {
        let waited: BTreeSet<DocumentUpdateId> =
            self.left_out.iter().map(|left| left.update.document_update_id).collect();
        let new: Vec<DocumentUpdate> =
            updates.into_iter().filter(|update| !self.let_in.contains(&update.document_update_id)).collect();
        if new.iter().all(|update| waited.contains(&update.document_update_id)) {
            // Nothing came that what waits could build on; what was lifted off is not named any more.
            let there: BTreeSet<_> = new.iter().map(|update| update.document_update_id).collect();
            self.left_out.retain(|left| there.contains(&left.update.document_update_id));
            return;
        }
        self.left_out.clear();
        let mut waiting: Vec<(DocumentUpdate, Vec<u8>)> = Vec::new();
        for update in new {
            match STANDARD.decode(&update.bytes) {
                Ok(bytes) => waiting.push((update, bytes)),
                Err(error) => {
                    let refusal = WorkshopRefusal::Unreadable { reason: error.to_string() };
                    self.left_out.push(LeftOut { update, refusal });
                }
            }
        }
        self.begin(&mut waiting);
        if waiting.len() >= TOGETHER_FROM && self.together(&waiting) {
            return;
        }
        self.one_by_one(waiting);
    }

    /// Begins the board with the update of the device on which the workshop came to be. Nobody else begins it.
    fn begin(&mut self, waiting: &mut Vec<(DocumentUpdate, Vec<u8>)>) {
        if self.document.is_some() {
            return;
        }
        let Some(founder) = self.workshop.created_on else { return };
        let workshop_id = self.workshop.workshop_id;
        let found = waiting.iter().enumerate().find_map(|(place, (update, bytes))| {
            if update.written_on != Some(founder) {
                return None;
            }
            let document = Document::join(bytes, workshop_id, READER).ok()?;
            is_own(&document, founder, bytes).is_ok().then_some((place, document))
        });
        if let Some((place, document)) = found {
            let (update, _) = waiting.remove(place);
            self.let_in.insert(update.document_update_id);
            self.document = Some(document);
        }
    }

    /// Whether all of them are in order together: the usual case, and much faster than one by one.
    fn together(&mut self, waiting: &[(DocumentUpdate, Vec<u8>)]) -> bool {
        let Some(document) = &self.document else { return false };
        let bytes: Vec<Vec<u8>> = waiting.iter().map(|(_, bytes)| bytes.clone()).collect();
        let Ok(tried) = document.with_all(&bytes) else { return false };
        // Each has one writer, under a name that the device which signed it has for somebody.
        let own = |(update, bytes): &(DocumentUpdate, Vec<u8>)| {
            update.written_on.is_some_and(|device_id| is_own(&tried, device_id, bytes).is_ok())
        };
        if !waiting.iter().all(own) {
            return false;
        }
        self.document = Some(tried);
        self.let_in.extend(waiting.iter().map(|(update, _)| update.document_update_id));
        true
    }

    fn one_by_one(&mut self, mut waiting: Vec<(DocumentUpdate, Vec<u8>)>) {
        loop {
            let before = waiting.len();
            let mut refused: Vec<(DocumentUpdate, Vec<u8>, WorkshopRefusal)> = Vec::new();
            for (update, bytes) in waiting {
                match self.take_one(&update, &bytes) {
                    Ok(()) => {
                        self.let_in.insert(update.document_update_id);
                    }
                    Err(refusal) => refused.push((update, bytes, refusal)),
                }
            }
            let again = |refusal: &WorkshopRefusal| {
                matches!(refusal, WorkshopRefusal::TooEarly | WorkshopRefusal::UnknownDevice { .. })
            };
            // Something was let in that what came too early may have waited for.
            if refused.len() < before && refused.iter().any(|(_, _, refusal)| again(refusal)) {
                waiting = refused.into_iter().map(|(update, bytes, _)| (update, bytes)).collect();
                continue;
            }
            let left = refused.into_iter().map(|(update, _, refusal)| LeftOut { update, refusal });
            self.left_out.extend(left);
            return;
        }
    }

    fn take_one(&mut self, update: &DocumentUpdate, bytes: &[u8]) -> Result<(), WorkshopRefusal> {
        let document = self.document.as_mut().ok_or(WorkshopRefusal::TooEarly)?;
        let nowhere = || WorkshopRefusal::Unreadable { reason: "nothing says on which device".to_owned() };
        let writer = is_own(document, update.written_on.ok_or_else(nowhere)?, bytes)?;
        document.receive(bytes, Brought::ByWriter(writer)).map(drop)
    }
}

/// Who wrote an update: one, under a name that the device which signed it has for somebody on the board.
fn is_own(document: &Document, device_id: DeviceId, bytes: &[u8]) -> Result<WorkshopDevice, WorkshopRefusal> {
    let writers = writers_of(bytes)?;
    let mut all = writers.iter().copied();
    let (Some(writer), None) = (all.next(), all.next()) else {
        let reason = "it holds what several devices wrote".to_owned();
        return Err(WorkshopRefusal::Unreadable { reason });
    };
    let board = document.board();
    let name = |one: &Participant| name_of(board.workshop_id, device_id, one.participant_id);
    if board.participants.iter().any(|one| name(one) == writer) {
        Ok(writer)
    } else {
        Err(WorkshopRefusal::UnknownDevice { device: writer })
    }
}
