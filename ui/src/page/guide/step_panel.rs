//! The step in hand: what to do, what it takes and warns of, what it asks for, and the way on.

use leptos::prelude::*;
use millwright_model::{GuideStepId, StepForm, StepOutcome, WorkStepRecord};

use super::ask_form::AskForm;
use super::practised::Practised;
use crate::figure;
use crate::guide_run::{Running, RunningStep};
use crate::guide_words;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::text;

/// The panel of a step.
#[component]
pub(super) fn StepPanel(
    running: Signal<Running>,
    at: Memo<Option<GuideStepId>>,
    practised: Practised,
    /// Goes to a step.
    go: Callback<GuideStepId>,
    /// All is done, or the person leaves.
    leave: Callback<()>,
) -> impl IntoView {
    let session = Session::here();
    let language = move || session.language();
    let step = Memo::new(move |_| at.get().and_then(|at| running.with(|running| running.step(at).cloned())));
    let place = Memo::new(move |_| at.get().map_or((0, 0), |at| running.with(|running| running.place(at))));
    let say = move |words: &millwright_model::Words| running.with(|running| running.say(words, &language()));
    let title = move || step.with(|step| step.as_ref().map(|step| say(&step.step.title)).unwrap_or_default());
    let body = move || step.with(|step| step.as_ref().map(|step| say(&step.step.text)).unwrap_or_default());
    // What is ticked by going on: a step that asks for nothing else.
    let open_check = move || {
        step.with(|step| {
            let step = step.as_ref()?;
            let [only] = step.asks.as_slice() else { return None };
            let ticks = only.evidence.form == StepForm::Check && only.outcome.is_none();
            ticks.then(|| (step.step.clone(), only.record.as_ref().map(|view| view.step.work_step_id)))
        })
    };
    let waits_for = move || {
        step.with(|step| {
            let step = step.as_ref()?;
            let ticks = step.asks.len() == 1
                && step.asks.first().is_some_and(|ask| ask.evidence.form == StepForm::Check);
            let open = step.asks.iter().filter(|ask| ask.outcome.is_none()).count();
            (step.step.mandatory && open > 0 && !ticks).then_some(open)
        })
    };
    let next = move |from: Option<GuideStepId>| {
        from.and_then(|from| running.with_untracked(|running| running.after(from)))
    };
    let done_next = Callback::new(move |()| {
        if waits_for().is_some() {
            return;
        }
        // From the step that was done: an answer moves where the guide stands, and may lead past steps.
        let from = at.get_untracked();
        let on = move || match next(from) {
            Some(next) => go.run(next),
            None => leave.run(()),
        };
        match open_check() {
            Some((_, Some(work_step_id))) => session.record_then(
                WorkStepRecord { work_step_id, outcome: Some(StepOutcome::Checked), instrument: None },
                on,
            ),
            Some((step, None)) => {
                practised.answer(&step, 0, Some(StepOutcome::Checked));
                on();
            }
            None => on(),
        }
    });
    let back = Callback::new(move |()| {
        let before = at.get_untracked().and_then(|at| running.with_untracked(|running| running.before(at)));
        if let Some(before) = before {
            go.run(before);
        }
    });
    keys(done_next, back);
    let last = move || {
        at.track();
        running.track();
        next(at.get_untracked()).is_none()
    };
    view! {
        <section class="card step-panel" data-test="step-panel">
            <div class="muted small">{move || running.with(|running| {
                let (place, count) = place.get();
                text::guide_where(running.say(&running.revision.content.title, &language()), running.revision.number, place, count)
            })}</div>
            <div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax=move || place.get().1.to_string() aria-valuenow=move || place.get().0.to_string()>
                <i style:width=move || { let (place, count) = place.get(); format!("{}%", (place * 100).checked_div(count).unwrap_or_default()) }></i></div>
            <h1 data-test="step-title">{title}</h1>
            <div class="pre selectable step-text">{body}</div>
            {move || step.with(|step| step.as_ref().map(facts))}
            <div class="stack tight-stack">
                {move || step.get().map(|step| asks(step, practised, Callback::new(move |words| say(&words))))}
            </div>
            <div class="acts sticky-foot">
                <button type="button" class="btn big" data-test="step-back" disabled=move || place.get().0 <= 1 on:click=move |_| back.run(())>{text::back()}</button>
                <button type="button" class="btn primary grow" data-test="step-next" disabled=move || waits_for().is_some() on:click=move |_| done_next.run(())>
                    {move || match (waits_for(), last()) {
                        (Some(count), _) => text::step_waits_for(count),
                        (None, true) => text::step_finish().to_owned(),
                        (None, false) => if open_check().is_some() { text::step_done_next() } else { text::next() }.to_owned(),
                    }}</button>
            </div>
        </section>
    }
}

/// Arrow keys and pedals (which send page keys) go on and back; nothing while somebody types.
fn keys(next: Callback<()>, back: Callback<()>) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        use wasm_bindgen::JsCast;
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok())
            .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        if typing || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowRight" | "PageDown" => next.run(()),
            "ArrowLeft" | "PageUp" => back.run(()),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

/// What a step takes and warns of.
fn facts(running: &RunningStep) -> impl IntoView + use<> {
    let step = &running.step;
    let hazards = step.hazards.iter().map(|hazard| {
        view! { <span class="tag high" data-test=format!("hazard-{}", hazard.sign())><i class="tri"></i>{guide_words::hazard(*hazard)}<small>{hazard.sign()}</small></span> }
    });
    let worn = step.protection.iter().map(|worn| view! { <span class="tag wear">{guide_words::protection(*worn)}<small>{worn.sign()}</small></span> });
    let tags: Vec<AnyView> = hazards.map(IntoAny::into_any).chain(worn.map(IntoAny::into_any)).collect();
    let parts = step
        .parts
        .iter()
        .map(|part| format!("{} × {}", figure::plain(part.count), part.number))
        .collect::<Vec<_>>()
        .join(", ");
    let torque = step.torque.map(|torque| {
        let tolerance = torque.tolerance_nm.map(|nm| format!(" ± {}", figure::plain(nm))).unwrap_or_default();
        format!("{}{tolerance} N·m", figure::plain(torque.nominal_nm))
    });
    let skill = step.skill.as_ref().map(|skill| text::step_skill(&skill.code, skill.level));
    let lines = [
        (text::step_tools(), Some(step.tools.join(" · ")).filter(|tools| !tools.is_empty())),
        (text::step_parts(), Some(parts).filter(|parts| !parts.is_empty())),
        (text::step_torque(), torque),
        (text::step_skill_wanted(), skill),
    ];
    let timer = step.timer_s;
    view! {
        {(!tags.is_empty()).then(|| view! { <div class="tags">{tags}</div> })}
        {running.skill_lacking.then(|| view! { <div class="notice-box" role="note" data-test="skill-lacking">{text::step_skill_lacking()}</div> })}
        {lines.into_iter().filter_map(|(name, said)| said.map(|said| view! { <div class="fact-row"><span>{name}</span><b>{said}</b></div> })).collect_view()}
        {timer.map(|seconds| view! { <StepTimer seconds/> })}
    }
}

/// Time to wait: it begins when the step is opened, and says when it is over.
#[component]
fn StepTimer(seconds: u32) -> impl IntoView {
    let session = Session::here();
    let began = session.now.get_untracked();
    let left = Memo::new(move |_| (i64::from(seconds) - session.now.get().since_ms(began) / 1000).max(0));
    view! {
        <div class="fact-row" role="timer" data-test="step-timer"><span><Icon glyph=Glyph::Timer/>{text::step_wait()}</span>
            <b class:muted=move || left.get() == 0>{move || if left.get() == 0 { text::step_wait_over().to_owned() } else { format!("{}:{:02}", left.get() / 60, left.get() % 60) }}</b></div>
    }
}

/// What a step asks for; a lone tick is given by going on.
fn asks(
    running: RunningStep,
    practised: Practised,
    say: Callback<millwright_model::Words, String>,
) -> impl IntoView {
    let lone_tick = running.asks.len() == 1
        && running
            .asks
            .first()
            .is_some_and(|ask| ask.evidence.form == StepForm::Check && ask.outcome.is_none());
    let step = running.step;
    running
        .asks
        .into_iter()
        .enumerate()
        .filter(|_| !lone_tick)
        .map(|(place, ask)| {
            let (title, guide_step) = (say.run(ask.evidence.title.clone()), step.clone());
            let answer = Callback::new(move |outcome| practised.answer(&guide_step, place, outcome));
            view! { <AskForm ask test=format!("ask-{place}") title mandatory=step.mandatory answer/> }
        })
        .collect_view()
}
