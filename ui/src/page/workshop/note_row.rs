//! One note: on this device only, or on the board; its author's to change, everybody's to put with others.

use leptos::prelude::*;
use millwright_model::{
    BoardNote, WorkshopAct, WorkshopNoteId, WorkshopNotePut, WorkshopNoteRemove, WorkshopPhase,
    WorkshopPrivateNote,
};

use super::board_desk::BoardDesk;
use super::note_drag::NoteDrag;
use crate::icon::Glyph;
use crate::part::{Icon, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// A note that is on this device only.
#[component]
pub(super) fn PrivateNoteRow(desk: BoardDesk, note: WorkshopPrivateNote) -> impl IntoView {
    let session = Session::here();
    let editing = RwSignal::new(false);
    let (note_id, frame, says) = (note.note_id, note.frame, note.text.clone());
    let workshop_id = desk.workshop_id();
    let seat = desk.seat.get_untracked();
    let save = Callback::new(move |text: String| {
        let command =
            WorkshopNotePut { workshop_id, note_id: Some(note_id), frame: frame.clone(), text, seat };
        session.send(command, move |_| {
            editing.try_set(false);
        });
    });
    view! {
        <div class="note private" data-test="note-private">
            <span class="grow pre">{note.text}</span>
            <button type="button" class="btn tight" aria-label=text::workshop_note_edit() data-test="note-edit" on:click=move |_| editing.set(true)><Icon glyph=Glyph::Pencil/></button>
            <button type="button" class="btn tight" aria-label=text::workshop_note_throw() data-test="note-throw"
                on:click=move |_| session.send(WorkshopNoteRemove { workshop_id, note_id, seat }, |()| ())><Icon glyph=Glyph::X/></button>
        </div>
        <Show when=move || editing.get()><NoteSheet says=says.clone() save close=Callback::new(move |()| editing.set(false))/></Show>
    }
}

/// A note on the board.
#[component]
pub(super) fn NoteRow(
    desk: BoardDesk,
    note: BoardNote,
    /// Which notes are chosen, to be put together.
    chosen: RwSignal<Vec<WorkshopNoteId>>,
    drag: NoteDrag,
) -> impl IntoView {
    let editing = RwSignal::new(false);
    let (note_id, says) = (note.note_id, note.text.clone());
    let phase = Memo::new(move |_| desk.phase());
    let on = move || chosen.with(|chosen| chosen.contains(&note_id));
    let chooses = Memo::new(move |_| phase.get() == WorkshopPhase::Cluster && desk.is_member());
    let is_own = Memo::new(move |_| {
        let now = matches!(phase.get(), WorkshopPhase::Reveal | WorkshopPhase::Cluster);
        now && desk.writes() && desk.writer() == Some(note.author)
    });
    let toggle = move |_| {
        chosen.update(|chosen| match chosen.iter().position(|one| *one == note_id) {
            Some(place) => drop(chosen.remove(place)),
            None => chosen.push(note_id),
        });
    };
    let save = Callback::new(move |text: String| {
        desk.act_then(vec![WorkshopAct::NoteText { note_id, text }], move || {
            editing.try_set(false);
        });
    });
    let sets_aside = Memo::new(move |_| {
        let now = matches!(phase.get(), WorkshopPhase::Reveal | WorkshopPhase::Cluster);
        now && desk.leads() && !is_own.get()
    });
    let words = note.text.clone();
    let test = format!("note-{}", note.text);
    let (dragged, grip_test) = (StoredValue::new(note.text.clone()), format!("grip-{}", note.text));
    view! {
        <div class="note" class:chosen=on class:aimed=move || drag.is_over_note(note_id) data-note=note_id.to_string() data-test="note">
            // What it does, the bar below does for keyboards.
            <Show when=move || chooses.get()>
                <span class="note-grip" aria-hidden="true" data-test=grip_test.clone() on:pointerdown=move |event| dragged.with_value(|says| drag.begin(&event, note_id, says))
                    on:pointermove=move |event| drag.go_on(&event) on:pointerup=move |_| drag.let_go() on:pointercancel=move |_| drag.lose()></span>
            </Show>
            {move || if chooses.get() {
                view! { <button type="button" class="note-choose grow" role="checkbox" aria-checked=move || on().to_string() data-test=test.clone() on:click=toggle>
                    <span class="grow pre">{words.clone()}</span>{move || on().then(|| view! { <Icon glyph=Glyph::Check/> })}</button> }.into_any()
            } else {
                view! { <span class="grow pre" data-test=test.clone()>{words.clone()}</span> }.into_any()
            }}
            <Show when=move || is_own.get()>
                <button type="button" class="btn tight" aria-label=text::workshop_note_edit() data-test="note-edit" on:click=move |_| editing.set(true)><Icon glyph=Glyph::Pencil/></button>
                <button type="button" class="btn tight" aria-label=text::workshop_note_back() data-test="note-back"
                    on:click=move |_| desk.act(vec![WorkshopAct::WithdrawNote { note_id, withdrawn: true }])><Icon glyph=Glyph::X/></button>
            </Show>
            {note.on_paper.then(|| view! { <span class="tag">{text::workshop_on_paper()}</span> })}
            <Show when=move || sets_aside.get()>
                <button type="button" class="btn tight" aria-label=text::workshop_note_hide() title=text::workshop_note_hide() data-test="note-hide"
                    on:click=move |_| desk.act(vec![WorkshopAct::HideNote { note_id, hidden: true }])><Icon glyph=Glyph::Minus/></button>
            </Show>
        </div>
        <Show when=move || editing.get()><NoteSheet says=says.clone() save close=Callback::new(move |()| editing.set(false))/></Show>
    }
}

/// Changes what a note says.
#[component]
fn NoteSheet(says: String, save: Callback<String>, close: Callback<()>) -> impl IntoView {
    let words = RwSignal::new(says);
    let done = move |_| save.run(words.get_untracked().trim().to_owned());
    view! {
        <Sheet title=text::workshop_note_edit() close test="note-sheet">
            <TextField label=text::workshop_note() value=words test="note-sheet-text" lines=true focused=true/>
            <div class="acts end"><button type="button" class="btn primary" data-test="note-sheet-save" disabled=move || words.with(|words| words.trim().is_empty()) on:click=done>{text::save()}</button></div>
        </Sheet>
    }
}
