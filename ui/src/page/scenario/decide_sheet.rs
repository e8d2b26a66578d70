//! Writing a decision down: what is chosen, why, who sees to it, when it is looked at again.

use leptos::prelude::*;
use millwright_model::{ScenarioChoice, ScenarioDecide};

use super::trial::Trial;
use crate::calendar;
use crate::part::{PersonChoice, Sheet, TextField};
use crate::scenario_words as words;
use crate::session::{Matter, Session};
use crate::text;

/// When a decision may be looked at again, in months.
const AGAIN: [i64; 4] = [1, 3, 6, 12];

/// The sheet.
#[component]
pub(super) fn DecideSheet(trial: Trial, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let options: Vec<(Vec<ScenarioChoice>, String)> = trial.picture.with_untracked(|picture| {
        let options = picture.iter().flat_map(|picture| &picture.options);
        options.map(|option| (option.choice.clone(), words::choice(&option.choice))).collect()
    });
    let best =
        trial.picture.with_untracked(|picture| picture.as_ref().map_or(0, |picture| picture.best as usize));
    let chosen = RwSignal::new(best);
    let reason = RwSignal::new(String::new());
    let owner = RwSignal::new(None);
    let again = RwSignal::new(Some(3_i64));
    let choices: Vec<Vec<ScenarioChoice>> = options.iter().map(|(choice, _)| choice.clone()).collect();
    let scenario_id = trial.view.with_untracked(|view| view.scenario.scenario_id);
    let decide = move |_| {
        let today = calendar::civil_of(session.now.get_untracked());
        let command = ScenarioDecide {
            scenario_id,
            choice: choices.get(chosen.get_untracked()).cloned().unwrap_or_default(),
            reason: reason.get_untracked(),
            owner: owner.get_untracked(),
            review_on: again.get_untracked().and_then(|months| today.plus_months(months)),
        };
        session.send(command, move |_| {
            session.say(Matter::Notice(text::scenario_decided().to_owned()));
            close.try_run(());
        });
    };
    let radios = options.into_iter().enumerate().map(|(place, (_, name))| {
        let on = move || chosen.get() == place;
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("decide-{place}") on:click=move |_| chosen.set(place)>{name}</button> }
    });
    let radios = radios.collect_view();
    let months = AGAIN.map(|months| {
        let on = move || again.get() == Some(months);
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() on:click=move |_| again.set(Some(months))>{text::scenario_review_in(text::span_months(months))}</button> }
    });
    view! {
        <Sheet title=text::scenario_decide() close test="decide-sheet" wide=true>
            <div class="form">
                <div class="field"><span>{text::scenario_decide_what()}</span><div class="choice" role="radiogroup" aria-label=text::scenario_decide_what()>{radios}</div></div>
                <TextField label=text::scenario_decide_why() value=reason test="decide-reason" lines=true/>
                <PersonChoice person_id=owner/>
                <div class="field"><span>{text::scenario_review()}</span><div class="choice" role="radiogroup" aria-label=text::scenario_review()>{months}</div></div>
            </div>
            <div class="acts end"><button type="button" class="btn primary grow" data-test="decide-write" disabled=move || reason.with(|reason| reason.trim().is_empty()) on:click=decide>{text::scenario_decide_write()}</button></div>
        </Sheet>
    }
}
