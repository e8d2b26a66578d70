//! What was decided, what it was expected to come to, and what came of it.

use leptos::prelude::*;
use millwright_model::{ScenarioDecisionView, ScenarioOutcome, ScenarioOutcomeTell};

use super::trial::Trial;
use crate::calendar;
use crate::part::{NumberField, Sheet};
use crate::scenario_words as words;
use crate::session::Session;
use crate::text;

/// The card, once there is a decision.
#[component]
pub(super) fn DecidedCard(trial: Trial) -> impl IntoView {
    let decided = Memo::new(move |_| trial.view.with(|view| view.decided.clone()));
    view! {
        <Show when=move || decided.with(|decided| !decided.is_empty())>
            <section class="card" data-test="scenario-decided"><h2>{text::scenario_decisions()}</h2><div class="rows">
                {move || decided.get().into_iter().enumerate().map(|(place, view)| row(place, view)).collect_view()}</div></section>
        </Show>
    }
}

fn row(place: usize, view: ScenarioDecisionView) -> impl IntoView {
    let telling = RwSignal::new(false);
    let decision = view.decision.clone();
    let mut more = vec![calendar::moment(decision.decided_at)];
    more.extend(view.decided_by.clone());
    more.extend(view.owner.clone().map(|owner| format!("{}: {owner}", text::scenario_owner())));
    more.extend(decision.review_on.map(|day| text::scenario_review_on(calendar::civil(day))));
    let expected = decision.expected.first().map(|of| {
        let said = |value| words::result(value, &of.unit, of.is_truth);
        text::scenario_expected(
            of.name.replace('_', " "),
            said(of.mean),
            words::amount(of.p5),
            words::amount(of.p95),
        )
    });
    let outcomes = view
        .outcomes
        .iter()
        .map(|outcome| view! { <div class="notice-box">{came(outcome)}</div> })
        .collect_view();
    view! {
        <div class="row fit" data-test=format!("decision-{place}")>
            <div class="grow stack tight"><b>{words::choice(&decision.choice)}</b><div>{decision.reason.clone()}</div>
                <div class="muted small">{more.join(" · ")}</div>
                {expected.map(|expected| view! { <div class="muted small">{expected}</div> })}{outcomes}</div>
            <button type="button" class="btn" data-test=format!("decision-{place}-tell") on:click=move |_| telling.set(true)>{text::scenario_tell_outcome()}</button>
        </div>
        <Show when=move || telling.get()><OutcomeSheet view=view.clone() close=Callback::new(move |()| telling.set(false))/></Show>
    }
}

fn came(outcome: &ScenarioOutcome) -> String {
    let result = outcome.result.replace('_', " ");
    let came = words::result(outcome.came, &outcome.unit, false);
    let share = words::result(outcome.share_below, "", true);
    if outcome.is_within_ninety_percent {
        text::scenario_outcome_within(result, came, share)
    } else {
        text::scenario_outcome_outside(result, came, share)
    }
}

/// What came of a result.
#[component]
fn OutcomeSheet(view: ScenarioDecisionView, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let results: Vec<(String, String)> = view
        .decision
        .expected
        .iter()
        .filter(|of| !of.is_truth)
        .map(|of| (of.name.clone(), of.unit.clone()))
        .collect();
    let chosen = RwSignal::new(0_usize);
    let (typed, number) = (RwSignal::new(String::new()), RwSignal::new(None));
    let scenario_decision_id = view.decision.scenario_decision_id;
    let names = StoredValue::new(results.clone());
    let tell = move || {
        let name = names.with_value(|names| names.get(chosen.get_untracked()).map(|(name, _)| name.clone()));
        let (Some(result), Some(came)) = (name, number.get_untracked()) else { return };
        session.send(ScenarioOutcomeTell { scenario_decision_id, result, came }, move |_| {
            close.try_run(());
        });
    };
    let radios = results.into_iter().enumerate().map(|(place, (name, unit))| {
        let on = move || chosen.get() == place;
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() on:click=move |_| chosen.set(place)>{format!("{} {}", name.replace('_', " "), words::unit_shown(&unit))}</button> }
    });
    let radios = radios.collect_view();
    view! {
        <Sheet title=text::scenario_tell_outcome() close test="outcome-sheet" wide=true>
            <div class="form">
                <div class="field"><span>{text::scenario_which_result()}</span><div class="choice" role="radiogroup">{radios}</div></div>
                <NumberField entry=typed number label=text::scenario_tell_outcome() decimals=3 signed=true test="outcome-came"/>
            </div>
            <div class="acts end"><button type="button" class="btn primary grow" data-test="outcome-tell" disabled=move || number.with(Option::is_none) on:click=move |_| tell()>{text::save()}</button></div>
        </Sheet>
    }
}
