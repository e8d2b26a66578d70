//! Dragging a note: onto another they are put together, into a frame it is moved there. Until it is let go nothing is written,
//! and nobody else sees it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use millwright_model::{WorkshopAct, WorkshopNoteId};
use web_sys::{Element, PointerEvent};

use super::board_desk::BoardDesk;
use super::cluster_bar::together;

/// A note under a finger.
#[derive(Clone, PartialEq)]
struct Dragged {
    note_id: WorkshopNoteId,
    says: String,
    /// Where the finger is, in pixels of the window.
    at: (i32, i32),
}

/// What a note may be let go on.
#[derive(Clone, PartialEq)]
enum Target {
    Note(WorkshopNoteId),
    Frame(String),
}

/// The drag of a board: at most one at a time.
#[derive(Copy, Clone)]
pub(super) struct NoteDrag {
    desk: BoardDesk,
    dragged: RwSignal<Option<Dragged>>,
    target: RwSignal<Option<Target>>,
}

impl NoteDrag {
    pub(super) fn of(desk: BoardDesk) -> Self {
        Self { desk, dragged: RwSignal::new(None), target: RwSignal::new(None) }
    }

    /// A finger comes down on a note's grip.
    pub(super) fn begin(self, event: &PointerEvent, note_id: WorkshopNoteId, says: &str) {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        let grip = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        if grip.is_some_and(|grip| grip.set_pointer_capture(event.pointer_id()).is_err()) {
            // The finger is up already.
        }
        let at = (event.client_x(), event.client_y());
        self.dragged.set(Some(Dragged { note_id, says: says.to_owned(), at }));
    }

    /// It moves.
    pub(super) fn go_on(self, event: &PointerEvent) {
        let at = (event.client_x(), event.client_y());
        self.dragged.update(|dragged| {
            if let Some(dragged) = dragged {
                dragged.at = at;
            }
        });
        let note_id = self.dragged.with_untracked(|dragged| dragged.as_ref().map(|dragged| dragged.note_id));
        self.target.set(note_id.and_then(|note_id| target_at(at, note_id)));
    }

    /// It is let go: what that means is written.
    pub(super) fn let_go(self) {
        let (dragged, target) =
            (self.dragged.try_update(Option::take).flatten(), self.target.try_update(Option::take).flatten());
        let (Some(Dragged { note_id, .. }), Some(target)) = (dragged, target) else { return };
        match target {
            Target::Note(other_id) => together(self.desk, vec![other_id, note_id], || ()),
            Target::Frame(frame) => self.into_frame(note_id, frame),
        }
    }

    /// It is lost: nothing happens.
    pub(super) fn lose(self) {
        self.dragged.set(None);
        self.target.set(None);
    }

    /// Whether a note would go together with the one that is dragged.
    pub(super) fn is_over_note(self, note_id: WorkshopNoteId) -> bool {
        self.target.with(|target| *target == Some(Target::Note(note_id)))
    }

    /// Whether a frame would take the one that is dragged.
    pub(super) fn is_over_frame(self, key: &str) -> bool {
        self.target.with(|target| matches!(target, Some(Target::Frame(frame)) if frame == key))
    }

    fn into_frame(self, note_id: WorkshopNoteId, frame: String) {
        let acts = self.desk.view.with_untracked(|view| {
            let Some(note) = view.board.note(note_id) else { return Vec::new() };
            let apart = note.cluster_id.map(|_| WorkshopAct::IntoCluster { note_id, cluster_id: None });
            let moved = (note.frame != frame).then(|| WorkshopAct::MoveNote {
                note_id,
                frame: frame.clone(),
                before: None,
            });
            apart.into_iter().chain(moved).collect()
        });
        if !acts.is_empty() {
            self.desk.act(acts);
        }
    }
}

/// What lies under a finger: another note, else the frame.
fn target_at((x, y): (i32, i32), own: WorkshopNoteId) -> Option<Target> {
    let under = document().element_from_point(x as f32, y as f32)?;
    let note_id = |element: Element| element.get_attribute("data-note")?.parse().ok();
    match under.closest("[data-note]").ok().flatten().and_then(note_id) {
        Some(note_id) if note_id == own => return None,
        Some(note_id) => return Some(Target::Note(note_id)),
        None => {}
    }
    under.closest("[data-frame]").ok().flatten()?.get_attribute("data-frame").map(Target::Frame)
}

/// The note as it hangs from the finger.
#[component]
pub(super) fn DraggedNote(drag: NoteDrag) -> impl IntoView {
    move || {
        let Dragged { says, at: (x, y), .. } = drag.dragged.get()?;
        Some(view! {
            <div class="note dragged" aria-hidden="true" style:left=format!("{x}px") style:top=format!("{y}px")>{says}</div>
        })
    }
}
