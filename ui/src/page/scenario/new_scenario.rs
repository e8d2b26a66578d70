//! A new scenario: one of the templates, or a model from a file.

use leptos::prelude::*;
use millwright_model::{ScenarioCreate, ScenarioTemplateList};

use crate::icon::Glyph;
use crate::part::{Icon, Sheet, picked_file, read_text};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::{Matter, Session};
use crate::shell;
use crate::text;

fn begin(template: Option<String>, model: Option<String>) {
    let session = Session::here();
    let command = ScenarioCreate { name: None, language: session.language(), template, text: model };
    session.send(command, |scenario_id| shell::go(Route::Scenario(scenario_id)));
}

/// What a scenario may begin from.
#[component]
pub(super) fn Templates() -> impl IntoView {
    let session = Session::here();
    let templates = query(move || ScenarioTemplateList { language: session.language() }, Vec::new());
    let picked = move |event: web_sys::Event| {
        let Some(file) = picked_file(&event) else { return };
        read_text(&file, move |model| match model {
            Some(model) => begin(None, Some(model)),
            None => session.say(Matter::Problem(text::photo_unreadable().to_owned())),
        });
    };
    view! {
        {shown(templates, move |templates| view! {
            <div class="rows" data-test="scenario-templates">
                {move || templates.get().into_iter().map(|template| {
                    let (key, test) = (template.key.clone(), format!("template-{}", template.key));
                    view! {
                        <button type="button" class="row fit" data-test=test on:click=move |_| begin(Some(key.clone()), None)>
                            <Icon glyph=Glyph::Activity/>
                            <span class="grow"><b>{template.title}</b><div class="muted small">{template.about}</div></span>
                            <span class="tag">{text::scenario_questions_count(template.question_count)}</span><Icon glyph=Glyph::ChevronRight/></button>
                    }
                }).collect_view()}
            </div>
        }.into_any())}
        <div class="acts"><label class="btn"><Icon glyph=Glyph::FolderOpen/>{text::scenario_from_text()}
            <input class="hidden-input" type="file" accept=".model,.txt" data-test="scenario-file" on:change=picked/></label></div>
    }
}

/// The sheet.
#[component]
pub(super) fn NewScenario(close: Callback<()>) -> impl IntoView {
    view! {
        <Sheet title=text::scenario_new() close test="scenario-new-sheet" wide=true>
            <h3>{text::scenario_begin_from()}</h3>
            <Templates/>
        </Sheet>
    }
}
