//! One step: what it asks, or what was recorded.

use leptos::prelude::*;
use millwright_model::{StepOutcome, StepView, WorkStep, WorkStepId, WorkStepRecord};

use super::step_form::StepFormView;
use crate::calendar;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::text;
use crate::words;

/// A step of the checklist.
#[component]
pub(super) fn StepRow(
    step: StepView,
    open: Memo<Option<WorkStepId>>,
    chosen: RwSignal<Option<Option<WorkStepId>>>,
    /// Somebody wants to write it anew.
    change: Callback<WorkStep>,
) -> impl IntoView {
    let session = Session::here();
    let work_step_id = step.step.work_step_id;
    let position = step.step.position;
    let is_open = Memo::new(move |_| open.get() == Some(work_step_id));
    let failed = matches!(
        step.step.outcome,
        Some(
            StepOutcome::Failed { .. }
                | StepOutcome::Skipped { .. }
                | StepOutcome::Measured { in_limits: false, .. }
        )
    );
    let done = step.step.outcome.is_some();
    let below = match &step.step.outcome {
        Some(outcome) => {
            let mut parts = vec![words::outcome(outcome, &step.step.form)];
            parts.extend(step.recorded_by_name.clone());
            parts.extend(step.step.recorded_at.map(calendar::moment));
            parts.join(" · ")
        }
        None => [step.step.hint.clone().unwrap_or_default(), words::asks(&step.step.form)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    };
    let toggle = move |_| chosen.set(Some((!is_open.get_untracked()).then_some(work_step_id)));
    let mark = match (failed, done) {
        (true, _) => view! { <Icon glyph=Glyph::TriangleAlert/> }.into_any(),
        (false, true) => view! { <Icon glyph=Glyph::Check/> }.into_any(),
        (false, false) => position.to_string().into_any(),
    };
    let step = StoredValue::new(step);
    let recorded = Callback::new(move |()| chosen.set(None));
    view! {
        <div class="step" class:open=is_open class:done=done class:failed=failed data-test=format!("step-{position}")>
            <span class="step-mark" aria-hidden="true">{mark}</span>
            <div class="grow">
                <button class="step-title" aria-expanded=move || is_open.get().to_string() data-test=format!("step-{position}-open") on:click=toggle>
                    {step.with_value(|step| step.step.title.clone())}
                    <span>{step.with_value(|step| step.step.mandatory && !done).then(|| format!("{} · ", text::mandatory()))}{below}</span>
                </button>
                <Show when=move || is_open.get()>
                    {if done {
                        view! { <div class="step-form"><button class="btn" data-test=format!("step-{position}-take-back")
                            on:click=move |_| session.record_then(WorkStepRecord { work_step_id, outcome: None, instrument: None }, move || recorded.run(()))>
                            <Icon glyph=Glyph::Undo2/>{text::step_take_back()}</button></div> }.into_any()
                    } else {
                        view! { <StepFormView step=step.get_value() recorded/>
                            {step.with_value(|step| step.changeable).then(|| view! {
                                <button class="btn link" data-test=format!("step-{position}-change") on:click=move |_| change.run(step.with_value(|step| step.step.clone()))>
                                    <Icon glyph=Glyph::Pencil/>{text::step_change()}</button>
                            })} }.into_any()
                    }}
                </Show>
            </div>
        </div>
    }
}
