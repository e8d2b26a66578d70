//! Writing on a board: what the screen saw of it, what its reader may do, and sending what they did.

use leptos::prelude::*;
use millwright_model::{
    BoardItem, ParticipantId, WorkshopAct, WorkshopId, WorkshopItemId, WorkshopNoteId, WorkshopPhase,
    WorkshopRole, WorkshopView, WorkshopWrite,
};

use crate::page::guide::new_id;
use crate::session::Session;

/// The board as it is written here.
#[derive(Copy, Clone)]
pub(super) struct BoardDesk {
    /// As it stands.
    pub(super) view: RwSignal<WorkshopView>,
}

impl BoardDesk {
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
        let command = WorkshopWrite { workshop_id: self.workshop_id(), acts };
        Session::here().send(command, move |view| {
            self.view.try_set(view);
            then();
        });
    }

    /// Whoever holds the device, within the workshop.
    pub(super) fn me(self) -> Option<ParticipantId> {
        self.view.with(|view| view.me)
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

    /// A new id for a note of whoever holds the device.
    pub(super) fn new_note(self) -> Option<WorkshopNoteId> {
        let me = self.view.with_untracked(|view| view.me)?;
        Some(WorkshopNoteId::of(me, new_id().as_u64_pair().1))
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
