//! Notes and photos of an order.

use leptos::prelude::*;
use millwright_model::{NoteAdd, WorkOrderView};

use crate::calendar;
use crate::icon::Glyph;
use crate::part::{Icon, Photo, PhotoTake, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// What was written and photographed.
#[component]
pub(super) fn RecordCard(view: RwSignal<WorkOrderView>) -> impl IntoView {
    let session = Session::here();
    let notes = Memo::new(move |_| view.with(|view| view.notes.clone()));
    let attachments = Memo::new(move |_| view.with(|view| view.attachments.clone()));
    let labour = Memo::new(move |_| view.with(|view| view.labour.clone()));
    let work_order_id = view.with_untracked(|view| view.overview.order.work_order_id);
    let (writing, shooting) = (RwSignal::new(false), RwSignal::new(false));
    let words = RwSignal::new(String::new());
    let add = move |_| {
        let command = NoteAdd { work_order_id, text: words.get_untracked().trim().to_owned() };
        session.record_then(command, move || {
            words.set(String::new());
            writing.set(false)
        });
    };
    view! {
        <section class="card" data-test="record">
            <h2>{text::notes_and_photos()}</h2>
            <div class="rows">
                {move || notes.get().into_iter().map(|note| view! {
                    <div class="row fit"><div class="grow pre selectable">{note.note.text}<div class="muted small">{note.written_by_name}" · "{calendar::moment(note.note.written_at)}</div></div></div>
                }).collect_view()}
                {move || labour.get().into_iter().map(|labour| view! {
                    <div class="row fit"><Icon glyph=Glyph::Clock/><div class="grow">{text::labour_line(labour.labour.minutes)}<div class="muted small">{labour.person_name}" · "{calendar::moment(labour.labour.recorded_at)}
                        {labour.labour.reason.map(|reason| format!(" · {reason}"))}</div></div></div>
                }).collect_view()}
            </div>
            <div class="photos">
                <For each=move || attachments.get() key=|attachment| attachment.attachment_id let:attachment><Photo attachment/></For>
            </div>
            <div class="acts">
                <button class="btn" data-test="note-add" on:click=move |_| writing.set(true)><Icon glyph=Glyph::MessageSquareText/>{text::note()}</button>
                <button class="btn" data-test="photo-add" on:click=move |_| shooting.set(true)><Icon glyph=Glyph::Camera/>{text::photo()}</button>
            </div>
            <Show when=move || writing.get()>
                <Sheet title=text::note() close=Callback::new(move |()| writing.set(false)) test="note-sheet">
                    <TextField label=text::note_hint() value=words test="note-text" lines=true focused=true/>
                    <div class="acts end"><button class="btn primary" data-test="note-save" disabled=move || words.with(|words| words.trim().is_empty()) on:click=add>{text::save()}</button></div>
                </Sheet>
            </Show>
            <Show when=move || shooting.get()>
                <PhotoTake work_order_id close=Callback::new(move |()| shooting.set(false)) kept=Callback::new(|_| ())/>
            </Show>
        </section>
    }
}
