//! What a step asks for, as a form.

use leptos::prelude::*;
use millwright_model::{StepForm, StepOutcome, StepView, WorkStepRecord};

use super::reason_sheet::ReasonSheet;
use super::step_measure::StepMeasure;
use crate::icon::Glyph;
use crate::page::guide::TryOut;
use crate::part::{HoldButton, Icon, PhotoTake, TextField};
use crate::session::Session;
use crate::text;

/// The form of an open step.
#[component]
pub(super) fn StepFormView(step: StepView, recorded: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let (work_step_id, work_order_id, position) =
        (step.step.work_step_id, step.step.work_order_id, step.step.position);
    let skipping = RwSignal::new(false);
    let failing = RwSignal::new(false);
    let photographing = RwSignal::new(false);
    let words = RwSignal::new(String::new());
    let record = Callback::new(move |outcome: StepOutcome| {
        session.record_then(
            WorkStepRecord { work_step_id, outcome: Some(outcome), instrument: None },
            move || recorded.run(()),
        );
    });
    let test = move |what: &str| format!("step-{position}-{what}");
    let is_photo = step.step.form == StepForm::Photo;
    let form = match step.step.form.clone() {
        StepForm::Check => view! {
            <button class="btn primary" data-test=test("check") on:click=move |_| record.run(StepOutcome::Checked)><Icon glyph=Glyph::Check/>{text::step_done()}</button>
        }.into_any(),
        StepForm::Inspection => view! {
            <button class="btn primary" data-test=test("pass") on:click=move |_| record.run(StepOutcome::Passed)><Icon glyph=Glyph::Check/>{text::passed()}</button>
            <button class="btn big danger" data-test=test("fail") on:click=move |_| failing.set(true)><Icon glyph=Glyph::TriangleAlert/>{text::failed()}</button>
        }.into_any(),
        StepForm::Measurement { unit, low, high, decimals } => view! {
            <StepMeasure unit low high decimals last_time=step.last_time test=format!("step-{position}") record/>
        }.into_any(),
        StepForm::Text => view! {
            <div class="grow"><TextField label=text::asks_text() value=words test=test("text") lines=true/></div>
            <button class="btn primary" data-test=test("save") disabled=move || words.with(|words| words.trim().is_empty())
                on:click=move |_| record.run(StepOutcome::Written { text: words.get_untracked().trim().to_owned() })>{text::next()}</button>
        }.into_any(),
        StepForm::Choice { options } => options.into_iter().enumerate().map(|(place, option)| {
            let chosen = option.clone();
            view! { <button class="btn big" data-test=test(&format!("choice-{place}")) on:click=move |_| record.run(StepOutcome::Chosen { option: chosen.clone() })>{option}</button> }
        }).collect_view().into_any(),
        StepForm::Photo => view! {
            <button class="btn primary" data-test=test("photo") on:click=move |_| photographing.set(true)><Icon glyph=Glyph::Camera/>{text::photo_take()}</button>
        }.into_any(),
        StepForm::Signature { .. } => {
            // The engine signs in the name of whoever holds the device.
            let sign = Callback::new(move |()| record.run(StepOutcome::Signed { signature_id: Default::default() }));
            view! { <HoldButton label=text::sign_hold() look="big grow" test=test("sign") acts=sign/> }.into_any()
        }
        StepForm::TryOut { condition } => view! { <TryOut work_step_id=Some(work_step_id) condition record test=test("try-out")/> }.into_any(),
    };
    view! {
        <div class="step-form">
            <div class="acts">
                {form}
                {(!is_photo).then(|| view! {
                    <button class="btn big" aria-label=text::photo_take() data-test=test("add-photo") on:click=move |_| photographing.set(true)><Icon glyph=Glyph::Camera/></button>
                })}
                <button class="btn link" data-test=test("skip") on:click=move |_| skipping.set(true)>{text::step_skip()}</button>
            </div>
        </div>
        <Show when=move || skipping.get()>
            <ReasonSheet title=text::skip_title() act=text::step_skip() test="skip" choices=vec![text::skip_not_possible(), text::skip_not_needed()]
                close=Callback::new(move |()| skipping.set(false)) given=Callback::new(move |reason| record.run(StepOutcome::Skipped { reason }))/>
        </Show>
        <Show when=move || failing.get()>
            <ReasonSheet title=text::fail_title() act=text::failed() test="fail" choices=vec![text::fail_worn(), text::fail_leaking(), text::fail_missing(), text::fail_loose()]
                close=Callback::new(move |()| failing.set(false)) given=Callback::new(move |remark| record.run(StepOutcome::Failed { remark }))/>
        </Show>
        <Show when=move || photographing.get()>
            <PhotoTake work_order_id work_step_id close=Callback::new(move |()| photographing.set(false))
                kept=Callback::new(move |attachment_id| { if is_photo { record.run(StepOutcome::Photographed { attachment_id }) } })/>
        </Show>
    }
}
