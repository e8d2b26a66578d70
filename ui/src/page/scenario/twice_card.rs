//! Answers that two people wrote without knowing of each other: one of both is kept.

use leptos::prelude::*;
use millwright_model::{ScenarioEdit, ScenarioTwice};

use super::trial::Trial;
use crate::scenario_words;
use crate::text;

/// The cards, where there are any.
#[component]
pub(super) fn TwiceCards(trial: Trial) -> impl IntoView {
    let twice = Memo::new(move |_| trial.view.with(|view| view.twice.clone()));
    view! { {move || twice.get().into_iter().map(|twice| card(trial, twice)).collect_view()} }
}

fn card(trial: Trial, twice: ScenarioTwice) -> impl IntoView {
    let ScenarioTwice { name, lines } = twice;
    let rows = lines.into_iter().map(|(_, says)| {
        let (name, shown) = (name.clone(), scenario_words::value_of(&says));
        let keep = move |_| {
            trial.write(vec![ScenarioEdit::KeepLine { name: name.clone(), says: says.clone() }], || ())
        };
        view! {
            <div class="row fit"><span class="grow mono">{shown}</span>
                <button type="button" class="btn" on:click=keep>{text::scenario_twice_keep()}</button></div>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card next" data-test=format!("twice-{name}")><h2>{text::scenario_twice(name.replace('_', " "))}</h2>
            <p class="muted small">{text::scenario_twice_how()}</p><div class="rows">{rows}</div></section>
    }
}
