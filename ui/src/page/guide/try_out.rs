//! A person's own try-out that energy is gone, beside what the plant shows of it. The plant can hold it back and never pass
//! it; where it does not show it, a second person is named.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, ConditionShow, ConditionView, LiveCondition, PersonId, PersonList, StepOutcome, WorkStepId,
};

use crate::figure;
use crate::guide_words;
use crate::icon::Glyph;
use crate::part::{HoldButton, Icon};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;

/// Asks for the try-out.
#[component]
pub(crate) fn TryOut(
    /// The step of the order; nothing in practice.
    work_step_id: Option<WorkStepId>,
    condition: LiveCondition,
    record: Callback<StepOutcome>,
    #[prop(into)] test: String,
) -> impl IntoView {
    let session = Session::here();
    let second = RwSignal::new(None::<PersonId>);
    let test = StoredValue::new(test);
    let Some(work_step_id) = work_step_id else {
        let tried = Callback::new(move |()| {
            record.run(StepOutcome::TriedOut { shown: None, second_person_id: None })
        });
        return view! { <HoldButton label=text::try_out_done() look="big grow" test=test.get_value() acts=tried/> }.into_any();
    };
    let _limits = (condition.low, condition.high);
    // Asked every second: each look is a sample of the watch.
    let view = query(
        move || {
            session.now.track();
            ConditionShow { work_step_id }
        },
        vec![CacheTag::Guides],
    );
    let people = query(|| PersonList {}, vec![CacheTag::People]);
    view! {
        {shown(view, move |view| {
            let held = Memo::new(move |_| view.with(|view| view.held));
            let is_held = move || held.get().is_some();
            let tried = Callback::new(move |()| record.run(StepOutcome::TriedOut { shown: None, second_person_id: second.get_untracked() }));
            view! {
                <div class="try-out" data-test=test.get_value()>
                    <div class="row fit"><Icon glyph=Glyph::TriangleAlert/><div class="grow"><b>{move || view.with(|view| view.source.name.clone())}</b>
                        <div class="muted small">{move || view.with(|view| text::isolate_at(&view.source.isolated_at))}</div></div>
                        <div class="value">{move || view.with(reads)}</div></div>
                    <div class="try-says" role="status" class:held=is_held data-test=format!("{}-says", test.get_value())>
                        {move || match held.get() {
                            Some(because) => guide_words::held(because),
                            None => text::plant_shows_gone().to_owned(),
                        }}</div>
                    <Show when=is_held>
                        <div class="field"><span>{text::second_person()}</span>
                            {shown(people, move |people| view! {
                                <div class="choice" role="radiogroup" aria-label=text::second_person()>
                                    {move || people.get().into_iter().filter(|person| Some(person.person_id) != session.person_id()).enumerate().map(|(place, person)| {
                                        let on = move || second.get() == Some(person.person_id);
                                        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string()
                                            data-test=format!("second-person-{place}") on:click=move |_| second.set(Some(person.person_id))>
                                            {person.name.clone().unwrap_or_else(|| text::person_unnamed().to_owned())}</button> }
                                    }).collect_view()}
                                </div>
                            }.into_any())}
                        </div>
                    </Show>
                    <HoldButton label=text::try_out_done() look="big grow" test=format!("{}-done", test.get_value()) acts=tried
                        disabled=Signal::derive(move || is_held() && second.get().is_none())/>
                    <div class="muted small">{text::try_out_aid()}</div>
                </div>
            }.into_any()
        })}
    }
    .into_any()
}

/// What the tag reads now, with its unit; a line where there is none.
fn reads(view: &ConditionView) -> String {
    let Some(state) = &view.tag else { return "–".to_owned() };
    let value = state.live.as_ref().and_then(|live| live.sample.value.as_ref()?.as_f64());
    value.map_or_else(
        || "–".to_owned(),
        |value| format!("{} {}", figure::plain(value), figure::unit(&state.binding.unit)),
    )
}
