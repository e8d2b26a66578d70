//! Where the workshop stands: its phases, the timer, and the way on for whoever leads.

use leptos::prelude::*;
use millwright_model::{TimestampMs, WorkshopAct, WorkshopPhase, WorkshopReveal, WorkshopTimer};

use super::board_desk::BoardDesk;
use crate::figure;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::text;
use crate::workshop_words;

/// All phases, in their order.
pub(super) const PHASES: [WorkshopPhase; 7] = [
    WorkshopPhase::Collect,
    WorkshopPhase::Reveal,
    WorkshopPhase::Cluster,
    WorkshopPhase::Vote,
    WorkshopPhase::Weigh,
    WorkshopPhase::Pair,
    WorkshopPhase::Act,
];
/// Spans that are offered, in minutes.
const SPANS_MIN: [u32; 3] = [3, 5, 10];
/// A clock that is off by more than this is not believed.
const CLOCK_OFF_MS: i64 = 120_000;

/// How long the timer still runs, in milliseconds; nothing without one.
pub(super) fn left_ms(desk: BoardDesk) -> Memo<Option<i64>> {
    let session = Session::here();
    let heard = StoredValue::new(None::<(WorkshopTimer, TimestampMs)>);
    let timer = Memo::new(move |_| desk.view.with(|view| view.board.timer));
    Memo::new(move |_| {
        let (timer, now) = (timer.get()?, session.now.get());
        if heard.get_value().is_none_or(|(known, _)| known != timer) {
            heard.set_value(Some((timer, now)));
        }
        let heard_at = heard.get_value().map_or(now, |(_, at)| at);
        let by_span = heard_at.plus_ms(i64::from(timer.length_ms));
        // The clocks of two devices may differ: then the span counts, from when this one heard of it.
        let ends_at =
            if (timer.ends_at.0 - by_span.0).abs() > CLOCK_OFF_MS { by_span } else { timer.ends_at };
        Some((ends_at.0 - now.0).max(0))
    })
}

/// Goes to a phase; out of the silent notes by putting them on the board.
fn go(desk: BoardDesk, to: WorkshopPhase) {
    let phase = desk.view.with_untracked(|view| view.board.phase);
    let stop = WorkshopAct::Timer { timer: None };
    if phase == WorkshopPhase::Collect && to != WorkshopPhase::Collect {
        let command = WorkshopReveal { workshop_id: desk.workshop_id() };
        Session::here().send(command, move |view| {
            desk.view.try_set(view);
            if to != WorkshopPhase::Reveal {
                desk.act(vec![stop, WorkshopAct::Phase { phase: to }]);
            }
        });
    } else {
        desk.act(vec![stop, WorkshopAct::Phase { phase: to }]);
    }
}

/// The bar.
#[component]
pub(super) fn PhaseBar(desk: BoardDesk) -> impl IntoView {
    let session = Session::here();
    let phase = Memo::new(move |_| desk.phase());
    let left = left_ms(desk);
    let next = move || {
        let place = PHASES.iter().position(|one| *one == phase.get())?;
        PHASES.get(place + 1).copied()
    };
    let set = move |minutes: u32| {
        let length_ms = minutes * 60_000;
        let ends_at = session.now.get_untracked().plus_ms(i64::from(length_ms));
        desk.act(vec![WorkshopAct::Timer { timer: Some(WorkshopTimer { ends_at, length_ms }) }]);
    };
    view! {
        <section class="card phases" data-test="workshop-phases">
            <div class="phase-row" role="group" aria-label=text::workshop_phases()>
                {PHASES.map(|one| {
                    let on = move || phase.get() == one;
                    let test = format!("phase-{one:?}").to_lowercase();
                    view! { <button type="button" class="chip" class:on=on aria-current=move || on().then_some("step") data-test=test
                        disabled=move || !desk.leads() || on() on:click=move |_| go(desk, one)>{workshop_words::phase(one)}</button> }
                })}
            </div>
            <div class="acts">
                <span class="grow" data-test="workshop-hint">{move || workshop_words::phase_hint(phase.get())}</span>
                {move || left.get().map(|left| view! {
                    <span class="chip" role="timer" data-test="workshop-timer" class:late=move || left == 0><Icon glyph=Glyph::Timer/>
                        {if left == 0 { text::workshop_time_up().to_owned() } else { text::workshop_left(figure::stopwatch(left)) }}</span>
                })}
                <Show when=move || desk.leads()>
                    {move || if left.get().is_some() {
                        view! { <button type="button" class="btn" data-test="timer-stop" on:click=move |_| desk.act(vec![WorkshopAct::Timer { timer: None }])>{text::workshop_timer_stop()}</button> }.into_any()
                    } else {
                        SPANS_MIN.map(|minutes| view! {
                            <button type="button" class="btn" data-test=format!("timer-{minutes}") on:click=move |_| set(minutes)><Icon glyph=Glyph::Timer/>{text::span_minutes(minutes)}</button>
                        }).collect_view().into_any()
                    }}
                    {move || next().map(|to| view! {
                        <button type="button" class="btn primary" data-test="workshop-next" on:click=move |_| go(desk, to)>{text::workshop_next(workshop_words::phase(to))}</button>
                    })}
                </Show>
            </div>
        </section>
    }
}
