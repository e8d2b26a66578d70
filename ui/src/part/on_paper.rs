//! A record on paper: as a PDF in the person's folder for downloads, and from there to the printer.

use leptos::prelude::*;
use millwright_model::{FileSave, PaperFile, PaperOpen, PaperSubject, RecordPaper};

use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::{Matter, Session};
use crate::text;

/// «Save as PDF» and «Print».
#[component]
pub(crate) fn OnPaper(
    /// Which record.
    #[prop(into)]
    subject: Signal<PaperSubject>,
    /// Signs alone, for a row of a list.
    #[prop(optional)]
    tight: bool,
) -> impl IntoView {
    let session = Session::here();
    let busy = RwSignal::new(false);
    let write = move |print: bool| {
        busy.set(true);
        let language = Some(text::language().tag().to_owned());
        let command = RecordPaper { subject: subject.get_untracked(), language };
        leptos::task::spawn_local(async move {
            let saved = async {
                let PaperFile { file_name, pages, bytes_base64 } = crate::ipc::call(command).await?;
                let saved = crate::ipc::call(FileSave { file_name, bytes_base64 }).await?;
                session.say(Matter::Notice(text::paper_saved(pages, saved.path.clone())));
                if print {
                    crate::ipc::call(PaperOpen { path: saved.path }).await?;
                }
                Ok(())
            };
            if let Err(error) = saved.await {
                session.refuse(&error);
            }
            busy.try_set(false);
        });
    };
    let button = move |print: bool, test: &'static str, glyph: Glyph, says: &'static str| {
        view! {
            <button type="button" class="btn" class:tight=tight data-test=test aria-label=says disabled=busy on:click=move |_| write(print)>
                <Icon glyph/>{(!tight).then_some(says)}</button>
        }
    };
    view! {
        {button(false, "paper-save", Glyph::FileDown, text::paper_save())}
        {button(true, "paper-print", Glyph::Printer, text::paper_print())}
    }
}
