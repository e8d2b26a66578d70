//! The checklist: one step open at a time.

use leptos::prelude::*;
use millwright_model::{StepForm, WorkOrderView, WorkStepAdd, WorkStepId};

use super::step_row::StepRow;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, Sheet, TextField};
use crate::session::Session;
use crate::text;

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
    let order_id = view.with_untracked(|view| view.overview.order.work_order_id);
    let done = move || {
        steps.with(|steps| {
            text::steps_of(steps.iter().filter(|step| step.step.outcome.is_some()).count(), steps.len())
        })
    };
    let (adding, title) = (RwSignal::new(false), RwSignal::new(String::new()));
    let add = move || {
        let title = title.get_untracked().trim().to_owned();
        if !title.is_empty() {
            let command =
                WorkStepAdd { work_order_id: order_id, title, form: StepForm::Check, mandatory: false };
            session.send(command, move |_| adding.set(false));
        }
    };
    view! {
        <section class="card" data-test="steps">
            <h2>{text::steps()}" "<span class="muted">{done}</span></h2>
            <div class="rows">
                {move || steps.with(Vec::is_empty).then(|| view! { <Empty says=text::steps_empty()/> })}
                <For each=move || steps.get() key=|step| (step.step.work_step_id, format!("{:?}", step.step.outcome)) let:step>
                    <StepRow step open chosen/>
                </For>
            </div>
            <Show when=move || may_record.get()>
                <div class="acts"><button class="btn" data-test="step-add" on:click=move |_| { title.set(String::new()); adding.set(true) }><Icon glyph=Glyph::Plus/>{text::step_add()}</button></div>
            </Show>
            <Show when=move || adding.get()>
                <Sheet title=text::step_add() close=Callback::new(move |()| adding.set(false)) test="step-add-sheet">
                    <TextField label=text::step_title() value=title test="step-add-title" focused=true entered=Callback::new(move |()| add())/>
                    <div class="acts end"><button class="btn primary" data-test="step-add-confirm" on:click=move |_| add()>{text::step_add()}</button></div>
                </Sheet>
            </Show>
        </section>
    }
}
