//! The clock of an exercise, to be read from afar, and what is done with it.

use leptos::prelude::*;
use millwright_model::{ExerciseAct, ExerciseState};

use super::desk::ExerciseDesk;
use super::inject_sheet::InjectSheet;
use crate::exercise_words as words;
use crate::figure;
use crate::icon::Glyph;
use crate::part::{HoldButton, Icon};
use crate::session::Session;
use crate::text;

/// How many times as fast as a clock on the wall it may run.
const SPEEDS: [u32; 4] = [1, 2, 5, 10];

/// The bar.
#[component]
pub(super) fn ClockBar(desk: ExerciseDesk) -> impl IntoView {
    let state = Memo::new(move |_| desk.state());
    let speed = Memo::new(move |_| desk.view.with(|view| view.clock.speed_percent));
    let session = Session::here();
    let next = Memo::new(move |_| {
        let now = session.now.get();
        desk.view.with(|view| {
            let next = view.next(now)?;
            Some((view.inject(next.exercise_inject_id)?.0, next.at_ms))
        })
    });
    let next_words = move || match next.get() {
        Some((number, at_ms)) => {
            text::exercise_next_in(number, figure::stopwatch(at_ms - desk.read_ms.get()))
        }
        None => text::exercise_no_next().to_owned(),
    };
    let jump = move |_| {
        if let Some((_, to_ms)) = next.get_untracked() {
            desk.move_clock(ExerciseAct::Jump { to_ms });
        }
    };
    let speeds = SPEEDS.map(|times| {
        let on = move || speed.get() == times * 100;
        view! { <button type="button" class="btn tight" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("speed-{times}")
            on:click=move |_| desk.move_clock(ExerciseAct::Speed { percent: times * 100 })>{text::exercise_speed_times(times)}</button> }
    });
    let speeds = StoredValue::new_local(Some(speeds));
    let main = move || match state.get() {
        ExerciseState::Planned => {
            Some((ExerciseAct::Start, "clock-start", Glyph::Play, text::exercise_start()))
        }
        ExerciseState::Running => {
            Some((ExerciseAct::Pause, "clock-pause", Glyph::Pause, text::exercise_pause()))
        }
        ExerciseState::Paused => {
            Some((ExerciseAct::Resume, "clock-resume", Glyph::Play, text::exercise_resume()))
        }
        ExerciseState::Ended => None,
    };
    let main_button = move || {
        main().map(|(act, test, glyph, says)| view! { <button type="button" class="btn primary" data-test=test on:click=move |_| desk.move_clock(act)><Icon glyph/>{says}</button> })
    };
    let adding = RwSignal::new(false);
    let under_way = Memo::new(move |_| desk.view.with(|view| view.clock.is_under_way()));
    let end = Callback::new(move |()| desk.move_clock(ExerciseAct::End));
    view! {
        <section class="card exercise-clock" class:stands=move || state.get() != ExerciseState::Running data-test="exercise-clock">
            <div class="clock-face"><span class="clock-time tabular" role="timer" aria-label=text::exercise_clock() data-test="clock-time">{move || words::clock(desk.read_ms.get())}</span>
                <div class="stack tight"><b data-test="clock-state">{move || words::state(state.get())}{move || (speed.get() != 100).then(|| format!(" · {}", text::exercise_speed_times(figure::plain(f64::from(speed.get()) / 100.0))))}</b>
                    <span class="muted" data-test="clock-next">{next_words}</span></div></div>
            <div class="acts">
                {main_button}
                {move || under_way.get().then(|| view! {
                    <button type="button" class="btn big" data-test="clock-jump" disabled=move || next.with(Option::is_none) on:click=jump>{text::exercise_jump()}</button>
                })}
                {move || under_way.get().then(|| view! {
                    <button type="button" class="btn big" data-test="clock-inject" on:click=move |_| adding.set(true)><Icon glyph=Glyph::Plus/>{text::exercise_inject_new()}</button>
                })}
                <div class="choice" role="radiogroup" aria-label=text::exercise_speed() class:hidden=move || !under_way.get()>{speeds.try_update_value(Option::take).flatten()}</div>
                <span class="grow"></span>
                {move || under_way.get().then(|| view! { <HoldButton label=text::exercise_end() look="big" test="clock-end" acts=end/> })}
            </div>
        </section>
        {move || adding.get().then(|| view! { <InjectSheet desk inject=None close=Callback::new(move |()| adding.set(false))/> })}
    }
}
