//! Writing on a board: what the screen saw of it, what its reader may do, and sending what they did.

use leptos::prelude::*;
use millwright_model::{
    BoardItem, ParticipantId, WorkshopAct, WorkshopId, WorkshopItemId, WorkshopNoteId, WorkshopPerson,
    WorkshopPhase, WorkshopRole, WorkshopView, WorkshopWrite,
};

use crate::page::guide::new_id;
use crate::session::Session;

/// The board as it is written here.
#[derive(Copy, Clone)]
pub(super) struct BoardDesk {
    /// As it stands.
    pub(super) view: RwSignal<WorkshopView>,
    /// For whom it is entered: somebody in the room without a device; nothing for oneself.
    pub(super) seat: RwSignal<Option<ParticipantId>>,
}

impl BoardDesk {
    /// A board as it stands, written on for oneself.
    pub(super) fn of(view: RwSignal<WorkshopView>) -> Self {
        Self { view, seat: RwSignal::new(None) }
    }

    /// Which workshop.
    pub(super) fn workshop_id(self) -> WorkshopId {
        self.view.with_untracked(|view| view.workshop.workshop_id)
    }

    /// Does something, and shows how the board stands then; what others did meanwhile is there too.
    pub(super) fn act(self, acts: Vec<WorkshopAct>) {
        self.act_then(acts, || ());
    }

    /// The same, and goes on when it is kept.
    pub(super) fn act_then(self, acts: Vec<WorkshopAct>, then: impl FnOnce() + 'static) {
        Session::here().send(self.written(acts), move |view| {
            self.view.try_set(view);
            then();
        });
    }

    /// The same, and goes on when it is kept or was refused.
    pub(super) fn act_settled(self, acts: Vec<WorkshopAct>, settled: impl Fn() + Clone + 'static) {
        let command = self.written(acts);
        let refused = settled.clone();
        let kept = move |view| {
            self.view.try_set(view);
            settled();
        };
        Session::here().send_or(command, kept, refused);
    }

    fn written(self, acts: Vec<WorkshopAct>) -> WorkshopWrite {
        WorkshopWrite { workshop_id: self.workshop_id(), acts, seat: self.seat.get_untracked() }
    }

    /// Who writes: somebody in the room who is entered for, else whoever holds the device.
    pub(super) fn writer(self) -> Option<ParticipantId> {
        self.seat.get().or_else(|| self.view.with(|view| view.me))
    }

    /// Those in the room for whom whoever holds the device enters.
    pub(super) fn seats(self) -> Vec<WorkshopPerson> {
        self.view.with(|view| view.people.iter().filter(|one| one.entered_here).cloned().collect())
    }

    /// Where it stands.
    pub(super) fn phase(self) -> WorkshopPhase {
        self.view.with(|view| view.board.phase)
    }

    /// Whether it goes on and this device may write in it.
    pub(super) fn writes(self) -> bool {
        self.view.with(|view| view.may_write && view.workshop.ended_at.is_none())
    }

    /// Whether its reader may do what is everybody's.
    pub(super) fn is_member(self) -> bool {
        self.writes() && self.view.with(|view| view.role >= Some(WorkshopRole::Member))
    }

    /// Whether its reader leads.
    pub(super) fn leads(self) -> bool {
        self.writes() && self.view.with(|view| view.role == Some(WorkshopRole::Facilitator))
    }

    /// A new id for a note of whoever writes.
    pub(super) fn new_note(self) -> Option<WorkshopNoteId> {
        let writer = untrack(|| self.writer())?;
        Some(WorkshopNoteId::of(writer, new_id().as_u64_pair().1))
    }

    /// What an item says.
    pub(super) fn item_text(self, item_id: WorkshopItemId) -> String {
        self.view.with(|view| view.board.item(item_id).map(|item| item.text.clone())).unwrap_or_default()
    }

    /// The items of a frame, as they are listed.
    pub(super) fn items_of(self, frame: &str) -> Vec<BoardItem> {
        self.view.with(|view| view.board.items.iter().filter(|item| item.frame == frame).cloned().collect())
    }
}
