//! The checklist: one step open at a time; steps are added, and changed until they are recorded.

use leptos::prelude::*;
use millwright_model::{
    StepDraft, WorkOrderView, WorkStep, WorkStepAdd, WorkStepEdit, WorkStepId, WorkStepRemove,
};

use super::step_row::StepRow;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, Sheet, StepEdit, StepEntry};
use crate::session::Session;
use crate::text;

/// What the step sheet does.
#[derive(Copy, Clone, PartialEq)]
enum Writing {
    New,
    Change(WorkStepId),
}

/// The steps of an order.
#[component]
pub(super) fn StepsCard(view: RwSignal<WorkOrderView>) -> impl IntoView {
    let session = Session::here();
    let steps = Memo::new(move |_| view.with(|view| view.steps.clone()));
    let may_record = Memo::new(move |_| view.with(|view| view.overview.order.status.is_open()));
    let first_undone = move || {
        steps.with(|steps| {
            steps.iter().find(|step| step.step.outcome.is_none()).map(|step| step.step.work_step_id)
        })
    };
    // Nothing chosen means: the first that is not done.
    let chosen = RwSignal::new(None::<Option<WorkStepId>>);
    let open = Memo::new(move |_| chosen.get().unwrap_or_else(first_undone).filter(|_| may_record.get()));
    let work_order_id = view.with_untracked(|view| view.overview.order.work_order_id);
    let done = move || {
        steps.with(|steps| {
            text::steps_of(steps.iter().filter(|step| step.step.outcome.is_some()).count(), steps.len())
        })
    };
    let (entry, writing) = (StepEntry::new(), RwSignal::new(None::<Writing>));
    let shut = Callback::new(move |()| writing.set(None));
    let change = Callback::new(move |step: WorkStep| {
        let draft = StepDraft { title: step.title, form: step.form, mandatory: step.mandatory };
        entry.fill(Some(&draft));
        writing.set(Some(Writing::Change(step.work_step_id)));
    });
    let keep = move || {
        let Some(what) = writing.get_untracked() else { return };
        let Some(draft) = untrack(|| entry.draft()) else { return };
        match what {
            Writing::New => session.send(WorkStepAdd { work_order_id, draft }, move |_| shut.run(())),
            Writing::Change(work_step_id) => {
                session.record_then(WorkStepEdit { work_step_id, draft }, move || shut.run(()));
            }
        }
    };
    view! {
        <section class="card" data-test="steps">
            <h2>{text::steps()}" "<span class="muted">{done}</span></h2>
            <div class="rows">
                {move || steps.with(Vec::is_empty).then(|| view! { <Empty says=text::steps_empty()/> })}
                <For each=move || steps.get() key=|step| format!("{:?}", step.step) let:step>
                    <StepRow step open chosen change/>
                </For>
            </div>
            <Show when=move || may_record.get()>
                <div class="acts"><button class="btn" data-test="step-add" on:click=move |_| { entry.fill(None); writing.set(Some(Writing::New)) }><Icon glyph=Glyph::Plus/>{text::step_add()}</button></div>
            </Show>
            {move || writing.get().map(|what| {
                let heading = if what == Writing::New { text::step_add() } else { text::step_change() };
                view! {
                    <Sheet title=heading close=shut test="step-add-sheet">
                        <StepEdit entry entered=Callback::new(move |()| keep())/>
                        <div class="acts end">
                            {match what {
                                Writing::New => ().into_any(),
                                Writing::Change(work_step_id) => view! {
                                    <button class="btn big danger" data-test="step-remove" on:click=move |_| session.record_then(WorkStepRemove { work_step_id }, move || shut.run(()))>{text::step_remove()}</button>
                                }.into_any(),
                            }}
                            <button class="btn primary" data-test="step-add-confirm" disabled=move || entry.draft().is_none() on:click=move |_| keep()>{heading}</button>
                        </div>
                    </Sheet>
                }
            })}
        </section>
    }
}
