//! A scenario as a file: its brief on paper, as slides and as text; its assumptions out and in again.

use leptos::prelude::*;
use millwright_model::{
    BriefForm, FileBytes, FileSave, ScenarioAssumptionsBring, ScenarioBriefWrite, ScenarioSheetReport,
};

use super::trial::Trial;
use crate::icon::Glyph;
use crate::part::{Icon, Sheet, picked_file, read_file, save_file};
use crate::scenario_words as words;
use crate::session::{Matter, Session};
use crate::text;

/// The sheet.
#[component]
pub(super) fn BriefSheet(trial: Trial, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let busy = RwSignal::new(false);
    let report = RwSignal::new(None::<ScenarioSheetReport>);
    let scenario_id = trial.view.with_untracked(|view| view.scenario.scenario_id);
    let save = move |form: BriefForm| {
        let language = Some(text::language().tag().to_owned());
        let file_of =
            |file: FileBytes| FileSave { file_name: file.file_name, bytes_base64: file.bytes_base64 };
        save_file(ScenarioBriefWrite { scenario_id, form, language }, file_of, busy);
    };
    let picked = move |event: web_sys::Event| {
        let Some(file) = picked_file(&event) else { return };
        read_file(file, move |file| {
            let Some(file) = file else {
                return session.say(Matter::Problem(text::photo_unreadable().to_owned()));
            };
            let command =
                ScenarioAssumptionsBring { scenario_id, bytes_base64: file.bytes_base64, dry_run: false };
            session.send(command, move |came| {
                report.try_set(Some(came));
            });
        });
    };
    let forms = BriefForm::ALL.map(|form| {
        view! {
            <button type="button" class="btn big" data-test=format!("brief-{}", form.suffix()) disabled=busy on:click=move |_| save(form)>
                <Icon glyph=Glyph::FileDown/>{words::brief_form(form)}</button>
        }
    });
    view! {
        <Sheet title=text::scenario_brief() close test="brief-sheet" wide=true>
            <p class="muted">{text::scenario_brief_hint()}</p>
            <div class="acts">{forms}</div>
            <Show when=move || busy.get()><div class="bar run" role="progressbar" aria-label=text::loading()></div></Show>
            <h3>{text::scenario_take_in()}</h3>
            <p class="muted small">{text::scenario_take_in_hint()}</p>
            <div class="acts"><label class="btn"><Icon glyph=Glyph::FolderOpen/>{text::scenario_take_in()}
                <input class="hidden-input" type="file" accept=".xlsx,.csv" data-test="brief-in" on:change=picked/></label></div>
            {move || report.get().map(|report| view! { <div data-test="brief-report">{told(&report)}</div> })}
        </Sheet>
    }
}

fn told(report: &ScenarioSheetReport) -> AnyView {
    if report.refused.is_empty() {
        return view! { <p class="notice-box">{text::scenario_taken_in(report.answered.len())}</p> }
            .into_any();
    }
    let rows = report.refused.iter().map(|refusal| {
        let place = format!("{}{}", refusal.column, refusal.row);
        view! { <div class="row fit"><b>{place}</b><span class="grow">{words::row_fault(&refusal.fault)}</span></div> }
    });
    view! { <p class="error-box" role="alert">{text::scenario_not_taken_in()}</p><div class="rows">{rows.collect_view()}</div> }
        .into_any()
}
