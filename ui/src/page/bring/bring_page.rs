//! The steps of bringing data in: what it is, which file, how it is understood, what would happen, and in it comes.

use leptos::prelude::*;
use millwright_model::DataKind;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::columns_card::ColumnsCard;
use super::report_card::ReportCard;
use super::state::Bringing;
use super::take_out_card::TakeOutCard;
use super::understood_card::UnderstoodCard;
use crate::data_words;
use crate::icon::Glyph;
use crate::part::{Icon, read_file};
use crate::session::{Matter, Session};
use crate::text;

/// As large a file as is read.
const FILE_BYTES_MAX: f64 = 50.0 * 1024.0 * 1024.0;
const MEGABYTE: f64 = 1024.0 * 1024.0;

/// Bringing data in, and taking it out.
#[component]
pub(crate) fn BringPage() -> impl IntoView {
    let bringing = Bringing::new();
    view! {
        <div class="stack" data-test="bring">
            <KindCard bringing/>
            {move || bringing.busy.get().then(|| view! {
                <div class="bar run" role="progressbar" aria-label=text::bring_reading() data-test="bring-busy"></div>
                <div class="acts end"><button class="btn" data-test="bring-cancel" on:click=move |_| bringing.cancel()>{text::bring_cancel()}</button></div>
            })}
            {move || bringing.problem.get().map(|problem| view! {
                <div class="error-box" role="alert" data-test="bring-problem">{problem}</div>
            })}
            {move || bringing.preview.get().map(|preview| view! {
                <UnderstoodCard bringing preview=preview.clone()/>
                <ColumnsCard bringing preview/>
            })}
            {move || bringing.report.get().map(|report| view! { <ReportCard bringing report/> })}
            <TakeOutCard/>
        </div>
    }
}

/// What the file holds, and the file.
#[component]
fn KindCard(bringing: Bringing) -> impl IntoView {
    let session = Session::here();
    let picked = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            if file.size() > FILE_BYTES_MAX {
                let (size, limit) = ((file.size() / MEGABYTE).ceil(), FILE_BYTES_MAX / MEGABYTE);
                session.say(Matter::Problem(text::bring_too_large(size, limit)));
            } else {
                let turn = bringing.open();
                read_file(file, move |file| bringing.take(turn, file));
            }
        }
        // The same file can be picked again after it was mended.
        input.set_value("");
    };
    let columns = move || {
        let fields = bringing.kind.get().fields();
        let needed = fields.iter().filter(|(_, needed)| *needed).map(|(field, _)| *field);
        let all = data_words::fields(fields.iter().map(|(field, _)| *field));
        (all, data_words::fields(needed))
    };
    view! {
        <section class="card form">
            <h2>{text::settings_import()}</h2>
            <p class="muted">{text::bring_more()}</p>
            <div class="field"><span>{text::bring_what()}</span>
                <div class="choice" role="radiogroup" aria-label=text::bring_what()>
                    {DataKind::ALL.iter().map(|kind| {
                        let on = move || bringing.kind.get() == *kind;
                        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string()
                            data-test=format!("bring-kind-{kind}") on:click=move |_| bringing.choose(*kind)>{data_words::kind(*kind)}</button> }
                    }).collect_view()}
                </div>
            </div>
            <p class="small" data-test="bring-columns">{move || text::bring_columns_are(columns().0)}" "{move || text::bring_needed(columns().1)}</p>
            <div class="acts"><label class="btn primary"><Icon glyph=Glyph::FolderOpen/>{text::file_pick()}
                <input class="hidden-input" type="file" accept=".csv,.tsv,.txt,.xlsx,.xlsm" data-test="bring-file" on:change=picked/></label></div>
        </section>
    }
}
