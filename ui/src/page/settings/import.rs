//! Assets from CSV: first what would happen, then all or nothing.

use leptos::prelude::*;
use millwright_model::{AssetImport, ImportReport};

use crate::part::TextField;
use crate::session::{Matter, Session};
use crate::text;

/// Reads a file, says what would happen, imports.
#[component]
pub(super) fn Import() -> impl IntoView {
    let session = Session::here();
    let csv = RwSignal::new(String::new());
    let report = RwSignal::new(None::<ImportReport>);
    Effect::new(move |_| {
        csv.track();
        report.set(None)
    });
    let run = move |dry_run: bool| {
        session.send(AssetImport { csv: csv.get_untracked(), dry_run }, move |found| {
            if !dry_run && found.refused.is_empty() {
                session.say(Matter::Notice(text::import_done(found.created, found.changed)));
            }
            report.set(Some(found));
        })
    };
    let picked = move |event: web_sys::Event| {
        use wasm_bindgen::JsCast;
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
        leptos::task::spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(file.text()).await {
                Ok(read) => csv.set(read.as_string().unwrap_or_default()),
                Err(_unreadable) => session.say(Matter::Problem(text::file_unreadable().to_owned())),
            }
        });
    };
    let clean = move || report.with(|report| report.as_ref().is_some_and(|report| report.refused.is_empty()));
    view! {
        <section class="card form">
            <h2>{text::settings_import()}</h2>
            <p class="muted">{text::import_more()}</p>
            <p class="pre small selectable"><code>"code,name,level,parent,criticality,class,erp_number,uns_path"</code></p>
            <div class="acts"><label class="btn big">{text::file_pick()}<input class="hidden-input" type="file" accept=".csv,text/csv" data-test="import-file" on:change=picked/></label></div>
            <TextField label=text::import_text() value=csv test="import-text" lines=true/>
            {move || report.get().map(|report| view! {
                <div data-test="import-report"><div class="tags"><span class="tag">{text::import_created(report.created)}</span><span class="tag">{text::import_changed(report.changed)}</span><span class="tag">{text::import_same(report.same)}</span></div>
                    {report.refused.into_iter().map(|row| view! { <div class="row fit"><i class="sq"></i><span>{text::import_refused(row.line, row.reason)}</span></div> }).collect_view()}</div>
            })}
            <div class="acts end">
                <button class="btn big" data-test="import-try" disabled=move || csv.with(String::is_empty) on:click=move |_| run(true)>{text::import_try()}</button>
                <button class="btn primary" data-test="import-go" disabled=move || !clean() on:click=move |_| run(false)>{text::import_go()}</button>
            </div>
        </section>
    }
}
