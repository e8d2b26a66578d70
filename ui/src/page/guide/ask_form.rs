//! One thing that a step asks for, to be answered: on an order or in practice.

use leptos::prelude::*;
use millwright_model::{AttachmentAdd, StepForm, StepOutcome, WorkOrderId, WorkStepId, WorkStepRecord};

use super::camera_view::FrozenPicture;
use super::try_out::TryOut;
use crate::guide_run::Ask;
use crate::icon::Glyph;
use crate::kept_fields::KeptFields;
use crate::page::order::{ReasonSheet, StepMeasure};
use crate::part::{HoldButton, Icon, PhotoTake, TextField};
use crate::session::{Matter, Session};
use crate::text;
use crate::words;

/// The picture that stands frozen over the machine, as the photo that is asked for.
#[component]
fn Frozen(
    work_order_id: Option<WorkOrderId>,
    work_step_id: Option<WorkStepId>,
    /// Answers in practice, where nothing is kept.
    say: Callback<StepOutcome>,
    test: String,
) -> impl IntoView {
    let session = Session::here();
    let frozen = use_context::<FrozenPicture>().map(|frozen| frozen.0);
    let is_there = move || frozen.is_some_and(|frozen| frozen.with(Option::is_some));
    let keep = Callback::new(move |()| {
        let url = frozen.and_then(|frozen| frozen.get_untracked()).unwrap_or_default();
        let Some((_, bytes_base64)) = url.split_once(";base64,") else { return };
        if work_step_id.is_none() {
            return say.run(StepOutcome::Photographed { attachment_id: Default::default() });
        }
        let command = AttachmentAdd {
            work_order_id,
            work_step_id,
            asset_id: None,
            request_id: None,
            media_type: "image/jpeg".to_owned(),
            file_name: format!("over-machine-{}.jpg", session.now.get_untracked().0),
            bytes_base64: bytes_base64.to_owned(),
            part: None,
        };
        session.send(command, move |_kept| session.say(Matter::Notice(text::photo_kept().to_owned())));
    });
    view! {
        <Show when=is_there>
            <button type="button" class="btn big primary" data-test=test.clone() on:click=move |_| keep.run(())><Icon glyph=Glyph::Image/>{text::photo_frozen()}</button>
        </Show>
    }
}

/// The form of what is asked; nothing for a tick, which «Done, next» gives.
#[component]
pub(super) fn AskForm(
    ask: Ask,
    /// Its name in tests.
    #[prop(into)]
    test: String,
    /// What is asked, in the person's language; empty where the step's title says it.
    title: String,
    /// Whether it must be answered.
    mandatory: bool,
    /// Answers in practice.
    answer: Callback<Option<StepOutcome>>,
) -> impl IntoView {
    let session = Session::here();
    let record = ask.record.as_ref().map(|view| view.step.clone());
    let work_step_id = record.as_ref().map(|step| step.work_step_id);
    let kept = format!("{}{test}", work_step_id.map(|id| id.to_string()).unwrap_or_default());
    let instrument = KeptFields::field(&format!("{kept}-instrument"));
    let names_instrument = ask.evidence.names_instrument;
    let give = Callback::new(move |outcome: Option<StepOutcome>| match work_step_id {
        Some(work_step_id) => {
            let named = instrument.get_untracked().trim().to_owned();
            let instrument = (!named.is_empty() && outcome.is_some()).then_some(named);
            session.record(WorkStepRecord { work_step_id, outcome, instrument });
        }
        None => answer.run(outcome),
    });
    let test = StoredValue::new(test);
    let named = move |what: &str| test.with_value(|test| format!("{test}-{what}"));
    let form = ask.evidence.form.clone();
    let heading = [title, words::asks(&form)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let heading = heading.join(" · ");
    if let Some(outcome) = &ask.outcome {
        let said = words::outcome(outcome, &form);
        let with = record.as_ref().and_then(|step| step.instrument.clone());
        let off = matches!(
            outcome,
            StepOutcome::Failed { .. }
                | StepOutcome::Skipped { .. }
                | StepOutcome::Measured { in_limits: false, .. }
        );
        let glyph = if off { Glyph::TriangleAlert } else { Glyph::Check };
        return view! {
            <div class="ask done" class:failed=off data-test=named("done")>
                <Icon glyph/>
                <div class="grow"><b>{said}</b>{with.map(|with| format!(" · {with}"))}<div class="muted small">{heading}</div></div>
                <button type="button" class="btn tight" aria-label=text::step_take_back() data-test=named("take-back") on:click=move |_| give.run(None)><Icon glyph=Glyph::Undo2/></button>
            </div>
        }
        .into_any();
    }
    let (skipping, failing, photographing) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let words_typed = KeptFields::field(&format!("{kept}-text"));
    let work_order_id = record.as_ref().map(|step| step.work_order_id);
    let last_time = ask.record.as_ref().and_then(|view| view.last_time);
    let say = Callback::new(move |outcome: StepOutcome| give.run(Some(outcome)));
    let body = match form.clone() {
        StepForm::Check => view! {
            <button type="button" class="btn big" data-test=named("check") on:click=move |_| say.run(StepOutcome::Checked)><Icon glyph=Glyph::Check/>{text::step_done()}</button>
        }.into_any(),
        StepForm::Inspection => view! {
            <button type="button" class="btn big" data-test=named("pass") on:click=move |_| say.run(StepOutcome::Passed)><Icon glyph=Glyph::Check/>{text::passed()}</button>
            <button type="button" class="btn big danger" data-test=named("fail") on:click=move |_| failing.set(true)><Icon glyph=Glyph::TriangleAlert/>{text::failed()}</button>
        }.into_any(),
        StepForm::Measurement { unit, low, high, decimals } => view! {
            <div class="stack grow">
                {names_instrument.then(|| view! { <TextField label=text::field_instrument() value=instrument test=named("instrument")/> })}
                <StepMeasure unit low high decimals last_time test=named("reading") record=say kept=format!("{kept}-reading")/>
            </div>
        }.into_any(),
        StepForm::Text => view! {
            <div class="grow"><TextField label=text::asks_text() value=words_typed test=named("text") lines=true/></div>
            <button type="button" class="btn big" data-test=named("save") disabled=move || words_typed.with(|typed| typed.trim().is_empty())
                on:click=move |_| say.run(StepOutcome::Written { text: words_typed.get_untracked().trim().to_owned() })>{text::save()}</button>
        }.into_any(),
        StepForm::Choice { options } => options.into_iter().enumerate().map(|(place, option)| {
            let chosen = option.clone();
            view! { <button type="button" class="btn big" data-test=named(&format!("choice-{place}")) on:click=move |_| say.run(StepOutcome::Chosen { option: chosen.clone() })>{option}</button> }
        }).collect_view().into_any(),
        StepForm::Photo => view! {
            <Frozen work_order_id work_step_id say test=named("frozen")/>
            <button type="button" class="btn big" data-test=named("photo") on:click=move |_| photographing.set(true)><Icon glyph=Glyph::Camera/>{text::photo_take()}</button>
        }.into_any(),
        StepForm::Signature { .. } => {
            // The engine signs in the name of whoever holds the device.
            let sign = Callback::new(move |()| say.run(StepOutcome::Signed { signature_id: Default::default() }));
            view! { <HoldButton label=text::sign_hold() look="big grow" test=named("sign") acts=sign/> }.into_any()
        }
        StepForm::TryOut { condition } => view! { <TryOut work_step_id condition record=say test=named("try-out")/> }.into_any(),
    };
    let is_photo = form == StepForm::Photo;
    view! {
        <div class="ask" data-test=test.get_value()>
            {(!heading.is_empty()).then(|| view! { <div class="ask-title">{heading.clone()}</div> })}
            <div class="acts">{body}
                <button type="button" class="btn link" data-test=named("skip") on:click=move |_| skipping.set(true)>{if mandatory { text::step_override() } else { text::step_skip() }}</button></div>
            <Show when=move || skipping.get()>
                <ReasonSheet title=text::skip_title() act=text::step_skip() test="skip" choices=vec![text::skip_not_possible(), text::skip_not_needed()]
                    close=Callback::new(move |()| skipping.set(false)) given=Callback::new(move |reason| { skipping.set(false); say.run(StepOutcome::Skipped { reason }) })/>
            </Show>
            <Show when=move || failing.get()>
                <ReasonSheet title=text::fail_title() act=text::failed() test="fail" choices=vec![text::fail_worn(), text::fail_leaking(), text::fail_missing(), text::fail_loose()]
                    close=Callback::new(move |()| failing.set(false)) given=Callback::new(move |remark| { failing.set(false); say.run(StepOutcome::Failed { remark }) })/>
            </Show>
            <Show when=move || photographing.get()>
                {match (work_order_id, work_step_id) {
                    (Some(work_order_id), Some(work_step_id)) => view! {
                        <PhotoTake work_order_id work_step_id close=Callback::new(move |()| photographing.set(false))
                            kept=Callback::new(move |_| photographing.set(false))/>
                    }.into_any(),
                    // In practice the photo is looked at and thrown away.
                    _ => view! {
                        <PhotoTake close=Callback::new(move |()| photographing.set(false)) kept=Callback::new(move |_| ())
                            taken=Callback::new(move |_| { photographing.set(false); if is_photo { say.run(StepOutcome::Photographed { attachment_id: Default::default() }) } })/>
                    }.into_any(),
                }}
            </Show>
        </div>
    }
    .into_any()
}
