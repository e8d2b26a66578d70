//! One question: its answer in figures, «don't know», where it comes from, and what it is bound to.

use leptos::prelude::*;
use millwright_model::{
    ScenarioAnswer, ScenarioBound, ScenarioDriver, ScenarioEdit, ScenarioOrigin, ScenarioOriginKind,
    ScenarioQuestion,
};

use super::bind_sheet::BindSheet;
use super::origin::origin;
use super::trial::Trial;
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Icon, NumberField, Sheet, TextField};
use crate::route::Route;
use crate::scenario_words;
use crate::text;

/// The sheet.
#[component]
pub(super) fn AnswerSheet(
    trial: Trial,
    /// As it was asked when the sheet was opened.
    asked: ScenarioQuestion,
    /// As it is asked now: where its answer comes from, and what it is bound to.
    question: Memo<Option<ScenarioQuestion>>,
    close: Callback<()>,
) -> impl IntoView {
    let (low, high) = match untrack(|| trial.answer(&asked)) {
        ScenarioAnswer::Figure { value } => (figure::plain(value), String::new()),
        ScenarioAnswer::Between { low, high } => (figure::plain(low), figure::plain(high)),
        ScenarioAnswer::YesOrNo { .. } | ScenarioAnswer::Unknown | ScenarioAnswer::Other { .. } => {
            (String::new(), String::new())
        }
    };
    let is_figure = !matches!(asked.answer, ScenarioAnswer::YesOrNo { .. });
    let (low_typed, high_typed) = (RwSignal::new(low), RwSignal::new(high));
    let (low, high) = (RwSignal::new(None::<f64>), RwSignal::new(None::<f64>));
    let source = RwSignal::new(String::new());
    let binding = RwSignal::new(false);
    let is_turned = move || matches!((low.get(), high.get()), (Some(low), Some(high)) if low > high);
    let answer = move || match (low.get(), high.get()) {
        (Some(low), Some(high)) if low < high => Some(ScenarioAnswer::Between { low, high }),
        (Some(low), Some(high)) if low > high => None,
        (Some(value), _) | (None, Some(value)) => Some(ScenarioAnswer::Figure { value }),
        (None, None) => None,
    };
    let write = {
        let name = asked.name.clone();
        move |answer: ScenarioAnswer| {
            let of = source.get_untracked().trim().to_owned();
            let origin =
                (!of.is_empty()).then_some(ScenarioOrigin { kind: ScenarioOriginKind::Assumption, of });
            let tried = name.clone();
            let edit = ScenarioEdit::Answer { name: name.clone(), answer, origin };
            trial.write(vec![edit], move || {
                trial.tries.try_update(|tries| tries.retain(|one| one.name != tried));
                close.try_run(());
            });
        }
    };
    let write = StoredValue::new(write);
    let keep = move || {
        if let Some(answer) = answer() {
            write.with_value(|write| write(answer));
        }
    };
    let taken = match (asked.least, asked.most) {
        (Some(least), Some(most)) => {
            let unit = scenario_words::unit_shown(&asked.unit);
            let said = text::scenario_taken_between(figure::plain(least), figure::plain(most));
            Some(format!("{said} {unit}").trim().to_owned())
        }
        _ => None,
    };
    let unit = scenario_words::unit_shown(&asked.unit);
    let formula = match &asked.answer {
        ScenarioAnswer::Other { formula } => Some(formula.clone()),
        _ => None,
    };
    let from = move || question.with(|question| question.as_ref().map(origin));
    let bound = move || {
        question.get().and_then(|question| {
            let ScenarioQuestion { name, driver, bound_to, .. } = question;
            driver.map(|driver| view! { <Bound trial name driver bound_to/> })
        })
    };
    let (name, unit_of_bind) = (asked.name.clone(), asked.unit.clone());
    view! {
        <Sheet title=asked.question.clone() close test="answer-sheet" wide=true>
            <div class="form">
                {formula.map(|formula| view! { <p class="mono">{formula}</p> })}
                <Show when=move || is_figure>
                    <div class="form two">
                        <div class="stack tight"><span class="muted small">{text::scenario_low()}</span>
                            <NumberField entry=low_typed number=low label=text::scenario_low() unit=unit.clone() decimals=3 signed=true test="answer-low"/></div>
                        <div class="stack tight"><span class="muted small">{text::scenario_high()}</span>
                            <NumberField entry=high_typed number=high label=text::scenario_high() unit=unit.clone() decimals=3 signed=true test="answer-high"/></div>
                    </div>
                </Show>
                {taken.map(|taken| view! { <p class="muted small">{taken}</p> })}
                <Show when=is_turned><p class="error-box" role="alert">{text::scenario_turned()}</p></Show>
                <section data-test="answer-origin"><h3>{text::scenario_origin()}</h3>
                    <p>{from}</p>
                    {bound}
                    <TextField label=text::origin_assumption() value=source test="answer-source"/>
                </section>
            </div>
            <div class="acts end">
                <button type="button" class="btn" data-test="answer-bind" on:click=move |_| binding.set(true)><Icon glyph=Glyph::Plug/>{text::scenario_bind()}</button>
                <button type="button" class="btn" data-test="answer-unknown" on:click=move |_| write.with_value(|write| write(ScenarioAnswer::Unknown))>{text::scenario_unknown()}</button>
                <button type="button" class="btn primary grow" data-test="answer-keep" disabled=move || !is_figure || answer().is_none() on:click=move |_| keep()>{text::save()}</button>
            </div>
        </Sheet>
        <Show when=move || binding.get()>
            <BindSheet trial name=name.clone() unit=unit_of_bind.clone() close=Callback::new(move |()| binding.set(false))/>
        </Show>
    }
}

/// What an answer is bound to, and the way there.
#[component]
fn Bound(
    trial: Trial,
    name: String,
    driver: ScenarioDriver,
    bound_to: Option<ScenarioBound>,
) -> impl IntoView {
    let free = {
        let name = name.clone();
        move |_| trial.write(vec![ScenarioEdit::Drive { name: name.clone(), driver: None }], || ())
    };
    let said = match driver {
        ScenarioDriver::Tag { days, .. } => {
            let (name, asset_id) = bound_to.map_or((String::new(), None), |to| (to.name, to.asset_id));
            let said = if days == 0 { text::scenario_bound_newest(name) } else { text::scenario_bound_tag(name, days) };
            view! {
                <span class="grow">{said}<div class="muted small">{text::scenario_bound_how()}</div></span>
                {asset_id.map(|asset_id| view! { <a class="btn" data-test="origin-open" href=Route::Asset(asset_id).hash()>{text::scenario_open_machine()}</a> })}
            }
            .into_any()
        }
        ScenarioDriver::Stock { part_id, .. } => view! {
            <span class="grow">{text::scenario_bound_stock(bound_to.map_or_else(String::new, |to| to.name))}<div class="muted small">{text::scenario_bound_how()}</div></span>
            <a class="btn" data-test="origin-open" href=Route::Part(part_id).hash()>{text::act_part()}</a>
        }
        .into_any(),
    };
    view! { <div class="row fit" data-test="answer-bound">{said}<button type="button" class="btn" on:click=free>{text::scenario_free()}</button></div> }
}
