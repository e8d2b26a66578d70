//! A board as a file: on paper, as slides, as Markdown, and as what can be read in again; and the end of a workshop.

use leptos::prelude::*;
use millwright_model::{FileSave, PaperSubject, WorkshopEnd, WorkshopExport, WorkshopFile, WorkshopForm};

use super::board_desk::BoardDesk;
use crate::icon::Glyph;
use crate::part::{HoldButton, Icon, OnPaper, save_file};
use crate::session::Session;
use crate::text;

/// The ways out.
#[component]
pub(super) fn Out(desk: BoardDesk) -> impl IntoView {
    let session = Session::here();
    let workshop_id = desk.workshop_id();
    let busy = RwSignal::new(false);
    let save = move |form: WorkshopForm| {
        let command = WorkshopExport { workshop_id, form, language: Some(text::language().tag().to_owned()) };
        let file_of =
            |file: WorkshopFile| FileSave { file_name: file.file_name, bytes_base64: file.bytes_base64 };
        save_file(command, file_of, busy);
    };
    let end = Callback::new(move |()| session.send(WorkshopEnd { workshop_id }, |_| ()));
    view! {
        <section class="card" data-test="workshop-out"><h2>{text::workshop_take_out()}</h2>
            <div class="acts">
                <OnPaper subject=Signal::derive(move || PaperSubject::Workshop { workshop_id })/>
                {[(WorkshopForm::Pptx, "out-pptx", text::brief_pptx()), (WorkshopForm::Markdown, "out-markdown", text::format_markdown()), (WorkshopForm::Json, "out-json", text::format_json())].map(|(form, test, name)| view! {
                    <button type="button" class="btn" data-test=test disabled=busy on:click=move |_| save(form)><Icon glyph=Glyph::FileDown/>{name}</button>
                })}
                <span class="grow"></span>
                <Show when=move || desk.leads()>
                    <HoldButton label=text::workshop_end() look="big" test="workshop-end" acts=end/>
                </Show>
            </div>
        </section>
    }
}
