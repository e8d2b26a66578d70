//! What a table shows, as a file: CSV or Excel, kept in the person's folder for downloads.

use leptos::prelude::*;
use millwright_model::{DataExport, DataKind, DataSeen, FileBytes, FileFormat, FileSave};

use crate::data_words;
use crate::session::{Matter, Session};
use crate::text;

/// «Export», and then as what.
#[component]
pub(crate) fn TakeOut(
    /// What is taken out.
    #[prop(into)]
    kind: Signal<DataKind>,
    /// Which records: those that are seen.
    #[prop(into)]
    seen: Signal<DataSeen>,
    /// The formats are there at once.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let session = Session::here();
    let asked = RwSignal::new(open);
    let busy = RwSignal::new(false);
    let save = move |format: FileFormat| {
        busy.set(true);
        let command = DataExport { kind: kind.get_untracked(), format, seen: seen.get_untracked() };
        leptos::task::spawn_local(async move {
            let saved = async {
                let FileBytes { file_name, rows, bytes_base64 } = crate::ipc::call(command).await?;
                let saved = crate::ipc::call(FileSave { file_name, bytes_base64 }).await?;
                Ok((rows, saved))
            };
            match saved.await {
                Ok((rows, saved)) => session.say(Matter::Notice(text::take_out_done(rows, saved.path))),
                Err(error) => session.refuse(&error),
            }
            busy.try_set(false);
            asked.try_set(open);
        });
    };
    let formats = move || {
        FileFormat::ALL
            .iter()
            .map(|format| {
                view! { <button type="button" class="btn" data-test=format!("take-out-{format}") disabled=busy
                on:click=move |_| save(*format)>{text::take_out_as(data_words::format(*format))}</button> }
            })
            .collect_view()
    };
    view! {
        <div class="acts" data-test="take-out">
            {move || if asked.get() {
                formats().into_any()
            } else {
                view! { <button type="button" class="btn" data-test="take-out-open" on:click=move |_| asked.set(true)>{text::take_out()}</button> }.into_any()
            }}
        </div>
    }
}
