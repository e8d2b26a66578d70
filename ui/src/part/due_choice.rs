//! When it should be done: usual days in one tap, any other by steps of a day or an hour.

use leptos::prelude::*;
use millwright_model::TimestampMs;

use crate::calendar;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::text;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Buttons for a due date, and what it is in words.
#[component]
pub(crate) fn DueChoice(
    due_at: RwSignal<Option<TimestampMs>>,
    /// What is asked; when it should be done, where nothing is said.
    #[prop(optional, into)]
    label: Option<&'static str>,
) -> impl IntoView {
    let session = Session::here();
    let end_of = move |days: i64| calendar::end_of_day(session.now.get_untracked(), days);
    let usual = [
        (text::due_today(), "due-today", 0),
        (text::due_tomorrow(), "due-tomorrow", 1),
        (text::due_week(), "due-week", 7),
    ];
    let by = move |ms: i64| {
        due_at.update(|due| *due = Some(due.unwrap_or_else(|| end_of(0)).plus_ms(ms)));
    };
    let step = move |glyph: Glyph, label: &'static str, test: &'static str, ms: i64| {
        view! {
            <button type="button" class="btn" aria-label=label title=label data-test=test on:click=move |_| by(ms)><Icon glyph/>{if ms.abs() == HOUR_MS { text::span_hours(1) } else { text::span_days(1) }}</button>
        }
    };
    let words = move || match due_at.get() {
        None => text::due_none().to_owned(),
        Some(due) => text::due_at_words(calendar::long_day(due), calendar::time(due)),
    };
    view! {
        <div class="field"><span>{label.unwrap_or(text::due_label())}</span>
            <div class="strong" data-test="due-words">{words}</div>
            <div class="choice">
                <button type="button" class="btn" class:on=move || due_at.get().is_none() data-test="due-none" on:click=move |_| due_at.set(None)>{text::due_none()}</button>
                {usual.map(|(name, test, days)| view! {
                    <button type="button" class="btn" class:on=move || due_at.get() == Some(end_of(days)) data-test=test on:click=move |_| due_at.set(Some(end_of(days)))>{name}</button>
                })}
            </div>
            <div class="choice">
                {step(Glyph::Minus, text::due_day_earlier(), "due-day-earlier", -DAY_MS)}
                {step(Glyph::Plus, text::due_day_later(), "due-day-later", DAY_MS)}
                {step(Glyph::Minus, text::due_hour_earlier(), "due-hour-earlier", -HOUR_MS)}
                {step(Glyph::Plus, text::due_hour_later(), "due-hour-later", HOUR_MS)}
            </div>
        </div>
    }
}
