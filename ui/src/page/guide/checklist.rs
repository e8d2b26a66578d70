//! Expert mode: all steps as one list, ticked without leaving it.

use leptos::prelude::*;
use millwright_model::{GuideStepId, StepForm, StepOutcome, WorkStepRecord};

use super::practised::Practised;
use crate::guide_run::{Running, RunningStep};
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::text;

/// The steps as a list.
#[component]
pub(super) fn Checklist(
    running: Signal<Running>,
    language: Memo<String>,
    practised: Practised,
    /// Opens a step with its picture.
    open: Callback<GuideStepId>,
) -> impl IntoView {
    view! {
        <section class="card" data-test="checklist">
            {move || running.with(|running| {
                let mut rows = Vec::new();
                let mut number = 0;
                for task in &running.revision.content.tasks {
                    let title = running.say(&task.title, &language.get());
                    if !title.is_empty() {
                        rows.push(view! { <h2>{title}</h2> }.into_any());
                    }
                    for step in &task.steps {
                        let Some(step) = running.step(step.step_id) else { continue };
                        if step.passed_over {
                            continue;
                        }
                        number += 1;
                        rows.push(row(number, step, running.say(&step.step.title, &language.get()), practised, open));
                    }
                }
                rows
            })}
        </section>
    }
}

fn row(
    number: usize,
    running: &RunningStep,
    title: String,
    practised: Practised,
    open: Callback<GuideStepId>,
) -> AnyView {
    let session = Session::here();
    let (step, done) = (running.step.clone(), running.done());
    let step_id = step.step_id;
    let tick = match running.asks.as_slice() {
        [only] if only.evidence.form == StepForm::Check => {
            Some((only.record.as_ref().map(|view| view.step.work_step_id), only.outcome.is_some()))
        }
        _ => None,
    };
    let warns = !step.hazards.is_empty();
    let give = move |_| {
        let Some((record, ticked)) = tick else { return };
        let outcome = (!ticked).then_some(StepOutcome::Checked);
        match record {
            Some(work_step_id) => session.record(WorkStepRecord { work_step_id, outcome, instrument: None }),
            None => practised.answer(&step, 0, outcome),
        }
    };
    view! {
        <div class="row fit" class:done=done>
            {match tick {
                Some((_, ticked)) => view! {
                    <button type="button" class="btn tight tick" role="checkbox" aria-checked=ticked.to_string() aria-label=title.clone() data-test=format!("tick-{number}") on:click=give>
                        {ticked.then(|| view! { <Icon glyph=Glyph::Check/> })}</button>
                }.into_any(),
                None => view! { <span class="step-mark" aria-hidden="true">{if done { view! { <Icon glyph=Glyph::Check/> }.into_any() } else { number.to_string().into_any() }}</span> }.into_any(),
            }}
            <button type="button" class="btn link grow start-aligned" data-test=format!("list-step-{number}") on:click=move |_| open.run(step_id)>{title}</button>
            {warns.then(|| view! { <i class="tri" title=text::step_warns()></i> })}
            <Icon glyph=Glyph::ChevronRight/>
        </div>
    }
    .into_any()
}
