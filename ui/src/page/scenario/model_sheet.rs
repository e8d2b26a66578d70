//! The model as text, for who writes models: what is wrong is said at its place, and nothing is changed then.

use leptos::prelude::*;
use millwright_model::{ScenarioEdit, ScenarioFigure};

use super::trial::Trial;
use crate::part::{Sheet, TextField};
use crate::scenario_words as words;
use crate::text;

/// The sheet.
#[component]
pub(super) fn ModelSheet(trial: Trial, close: Callback<()>) -> impl IntoView {
    let (model, version) = trial.view.with_untracked(|view| (view.text.clone(), view.version.clone()));
    let written = RwSignal::new(model);
    let version = StoredValue::new(version);
    let keep = move |_| {
        let edit = ScenarioEdit::Text { version: version.get_value(), text: written.get_untracked() };
        trial.write(vec![edit], move || {
            close.try_run(());
        });
    };
    let figures = trial.view.with_untracked(|view| view.figures.clone());
    view! {
        <Sheet title=text::scenario_model_text() close test="model-sheet" wide=true>
            <p class="muted small">{text::scenario_model_hint()}</p>
            <div class="model-text"><TextField label=text::scenario_model() value=written test="model-text" lines=true/></div>
            <div class="acts end"><button type="button" class="btn primary grow" data-test="model-keep" on:click=keep>{text::save()}</button></div>
            <div class="rows">{figures.into_iter().map(figure).collect_view()}</div>
        </Sheet>
    }
}

fn figure(figure: ScenarioFigure) -> impl IntoView {
    let of = (!figure.made_of.is_empty()).then(|| format!("← {}", figure.made_of.join(", ")));
    view! {
        <div class="row fit"><span class="grow"><b>{figure.name}</b>" "<span class="mono small">{figure.value}</span>
            <div class="muted small">{of}</div></span><span class="tag">{words::figure_kind(figure.kind)}</span></div>
    }
}
