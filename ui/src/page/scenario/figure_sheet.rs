//! A figure of the diagram: what it is and where it stands in the model, to be answered, made anew, renamed, taken out.

use leptos::prelude::*;
use millwright_model::{ScenarioEdit, ScenarioFigure, ScenarioFigureKind};

use super::diagram_card::Open;
use super::question_row::QuestionRow;
use super::trial::Trial;
use crate::diagram::{beginning, made_of_one_more};
use crate::part::{Sheet, TextField};
use crate::scenario_words as words;
use crate::text;

/// The sheet of a figure.
#[component]
pub(super) fn FigureSheet(
    trial: Trial,
    name: String,
    /// One more that it is to be made of.
    more: Option<String>,
    open: RwSignal<Option<Open>>,
    close: Callback<()>,
) -> impl IntoView {
    let found = trial.view.with_untracked(|view| view.figures.iter().find(|one| one.name == name).cloned());
    // It was taken out meanwhile.
    let Some(figure) = found else { return ().into_any() };
    let goes_into = trial.view.with_untracked(|view| {
        let made_of_it = view.figures.iter().filter(|one| one.made_of.contains(&name));
        made_of_it.map(|one| one.name.clone()).collect::<Vec<_>>()
    });
    let is_asked = trial.view.with_untracked(|view| view.questions.iter().any(|one| one.name == name));
    let said = match &more {
        Some(more) => made_of_one_more(&figure.says, &figure.value, more),
        None => figure.says.clone(),
    };
    let (says, called) = (RwSignal::new(said), RwSignal::new(name.clone()));
    let name = StoredValue::new(name);
    let send = move |edit: ScenarioEdit| {
        trial.write(vec![edit], move || {
            close.try_run(());
        });
    };
    let define = move |_| {
        send(ScenarioEdit::Define { name: name.get_value(), says: says.get_untracked() });
    };
    let rename = move || {
        send(ScenarioEdit::Rename { name: name.get_value(), to: called.get_untracked().trim().to_owned() });
    };
    let remove = move |_| send(ScenarioEdit::Remove { name: name.get_value() });
    let is_new_name =
        move || called.with(|called| !called.trim().is_empty() && *called.trim() != name.get_value());
    let remarks = figure.remarks.join(" ");
    let title = figure.name.replace('_', " ");
    let hint = more.map(|more| text::figure_drawn(more.replace('_', " ")));
    view! {
        <Sheet title close test="figure-sheet" wide=true>
            <div class="acts"><span class="tag">{words::figure_kind(figure.kind)}</span><span class="muted">{remarks}</span></div>
            {is_asked.then(|| view! { <QuestionRow trial name=name.get_value()/> })}
            {hint.map(|hint| view! { <p class="notice-box" role="status">{hint}</p> })}
            <div class="model-text short"><TextField label=text::figure_says() value=says test="figure-says" lines=true/></div>
            {neighbours(text::figure_of(), &figure.made_of, open)}
            {neighbours(text::figure_into(), &goes_into, open)}
            <TextField label=text::figure_name() value=called test="figure-name"/>
            <div class="acts end">
                <button type="button" class="btn link" data-test="figure-remove" on:click=remove>{text::figure_remove()}</button>
                <button type="button" class="btn" data-test="figure-rename" disabled=move || !is_new_name() on:click=move |_| rename()>{text::figure_rename()}</button>
                <button type="button" class="btn primary grow" data-test="figure-save" on:click=define>{text::save()}</button></div>
        </Sheet>
    }
    .into_any()
}

/// Other figures, each to be opened.
fn neighbours(
    label: &'static str,
    names: &[String],
    open: RwSignal<Option<Open>>,
) -> Option<impl IntoView + use<>> {
    if names.is_empty() {
        return None;
    }
    let chip = |name: &String| {
        let (says, to) = (name.replace('_', " "), name.clone());
        let test = format!("to-{name}");
        let go = move |_| open.set(Some(Open::Figure { name: to.clone(), more: None }));
        view! { <button type="button" class="btn" data-test=test on:click=go>{says}</button> }
    };
    let chips = names.iter().map(chip).collect_view();
    Some(view! { <div><h3>{label}</h3><div class="acts">{chips}</div></div> })
}

/// The sheet of a figure that is new.
#[component]
pub(super) fn NewFigureSheet(
    trial: Trial,
    open: RwSignal<Option<Open>>,
    close: Callback<()>,
) -> impl IntoView {
    let kind = RwSignal::new(ScenarioFigureKind::Given);
    let figures = trial.view.with_untracked(|view| view.figures.clone());
    let name = free_name(&figures);
    let says = RwSignal::new(beginning(ScenarioFigureKind::Given, &name));
    let name = StoredValue::new(name);
    let choose = move |to: ScenarioFigureKind| {
        kind.set(to);
        says.set(name.with_value(|name| beginning(to, name)));
    };
    let add = move |_| {
        let edit = ScenarioEdit::Add { says: says.get_untracked() };
        trial.write(vec![edit], move || {
            open.try_set(None);
        });
    };
    view! {
        <Sheet title=text::diagram_new() close test="new-figure-sheet" wide=true>
            <div class="choice wrap" role="radiogroup" aria-label=text::figure_kind()>
                {KINDS.map(|one| view! {
                    <button type="button" class="btn" role="radio" class:on=move || kind.get() == one aria-checked=move || (kind.get() == one).to_string()
                        data-test=format!("kind-{one:?}").to_lowercase() on:click=move |_| choose(one)>{words::figure_kind(one)}</button> })}
            </div>
            <div class="model-text short"><TextField label=text::figure_says() value=says test="new-figure-says" lines=true focused=true/></div>
            <p class="muted small">{text::figure_says_hint()}</p>
            <div class="acts end"><button type="button" class="btn primary grow" data-test="new-figure-add" disabled=move || says.with(|says| says.trim().is_empty()) on:click=add>{text::diagram_new()}</button></div>
        </Sheet>
    }
}

const KINDS: [ScenarioFigureKind; 7] = [
    ScenarioFigureKind::Given,
    ScenarioFigureKind::Chance,
    ScenarioFigureKind::Formula,
    ScenarioFigureKind::Stock,
    ScenarioFigureKind::Decision,
    ScenarioFigureKind::Disruption,
    ScenarioFigureKind::Result,
];

/// A name that no figure has.
fn free_name(figures: &[ScenarioFigure]) -> String {
    let stem = text::figure_new_name();
    let is_free = |name: &String| !figures.iter().any(|figure| figure.name == *name);
    (1..).map(|count| format!("{stem}_{count}")).find(is_free).unwrap_or_else(|| stem.to_owned())
}
