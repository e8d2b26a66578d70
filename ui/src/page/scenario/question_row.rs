//! A question: what it asks, where its answer comes from, a slider over its range, and the answer.

use leptos::prelude::*;
use millwright_model::{ScenarioAnswer, ScenarioQuestion};

use super::answer_sheet::AnswerSheet;
use super::origin::origin;
use super::trial::Trial;
use crate::scenario_words;
use crate::slide::{PLACES, Slide};

/// The row of the question for `name`.
#[component]
pub(super) fn QuestionRow(trial: Trial, name: String) -> impl IntoView {
    let wanted = name.clone();
    let question = Memo::new(move |_| {
        trial.view.with(|view| view.questions.iter().find(|question| question.name == wanted).cloned())
    });
    let asking = RwSignal::new(false);
    let close = Callback::new(move |()| asking.set(false));
    let test = format!("question-{name}");
    view! {
        {move || question.get().map(|question| {
            let answer = { let question = question.clone(); Memo::new(move |_| trial.answer(&question)) };
            let said = { let question = question.clone(); move || scenario_words::answer_with_unit(&question, &answer.get()) };
            let is_tried = { let name = question.name.clone(); move || trial.tries.with(|tries| tries.iter().any(|one| one.name == name)) };
            let from = origin(&question);
            view! {
                <div class="row question" class:tried=is_tried data-test=test.clone()>
                    <button type="button" class="asks" data-test=format!("{test}-open") on:click=move |_| asking.set(true)>
                        <b>{question.question.clone()}</b><span class="muted small">{from}</span></button>
                    {control(trial, question.clone(), answer)}
                    <button type="button" class="said" data-test=format!("{test}-said") on:click=move |_| asking.set(true)>{said}</button>
                </div>
            }
        })}
        // Beside the row: it stays as it is typed in when the row is drawn anew, whoever wrote meanwhile.
        <Show when=move || asking.get()>
            {untrack(move || question.get()).map(|asked| view! { <AnswerSheet trial asked question close/> })}
        </Show>
    }
}

fn control(trial: Trial, question: ScenarioQuestion, answer: Memo<ScenarioAnswer>) -> AnyView {
    if let ScenarioAnswer::YesOrNo { .. } = question.answer {
        return yes_or_no(trial, question, answer);
    }
    let Some(slide) = Slide::of(&question) else { return view! { <span class="slider"></span> }.into_any() };
    let places = move || slide.places(&answer.get());
    let name = question.name.clone();
    let moved = move |event: &web_sys::Event, is_dragged: bool| {
        let Ok(place) = event_target_value(event).parse::<f64>() else { return };
        let to = slide.moved(&answer.get_untracked(), place / PLACES);
        trial.attempt(&name, to, is_dragged);
    };
    let moved = StoredValue::new(moved);
    let label = question.question.clone();
    let told = {
        let question = question.clone();
        move || scenario_words::answer_with_unit(&question, &answer.get())
    };
    let test = format!("slider-{}", question.name);
    view! {
        <span class="slider">
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="slide-track" x="0" y="0" width="100" height="8" rx="2"/>
                <rect class="slide-range" x=move || 100.0 * places().0 y="0" width=move || (100.0 * (places().2 - places().0)).max(1.0) height="8" rx="2"/>
            </svg>
            <input type="range" min="0" max=PLACES step="1" aria-label=label aria-valuetext=told data-test=test
                prop:value=move || (places().1 * PLACES).round()
                on:input=move |event| moved.with_value(|moved| moved(&event, true))
                on:change=move |event| moved.with_value(|moved| moved(&event, false))/>
        </span>
    }
    .into_any()
}

fn yes_or_no(trial: Trial, question: ScenarioQuestion, answer: Memo<ScenarioAnswer>) -> AnyView {
    let choice = |yes: bool| {
        let name = question.name.clone();
        let on = move || answer.get() == ScenarioAnswer::YesOrNo { yes };
        let label = scenario_words::answer(&ScenarioAnswer::YesOrNo { yes });
        view! {
            <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string()
                on:click=move |_| trial.attempt(&name, ScenarioAnswer::YesOrNo { yes }, false)>{label}</button>
        }
    };
    view! { <span class="choice slider" role="radiogroup" aria-label=question.question.clone()>{choice(true)}{choice(false)}</span> }
        .into_any()
}
