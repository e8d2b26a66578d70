//! When the plant's shifts begin.

use leptos::prelude::*;
use millwright_model::{ShiftPatternSave, ShiftTime};

use crate::icon::Glyph;
use crate::part::{Icon, Sheet, TextField};
use crate::session::Session;
use crate::text;
use crate::words;

/// A shift as it is typed.
#[derive(Copy, Clone)]
struct Typed {
    name: RwSignal<String>,
    starts_min: RwSignal<i64>,
}

/// A name as it is kept: one that comes with the app is said to everybody in their own language.
fn kept_name(typed: &str) -> String {
    let usual = ShiftTime::usual().into_iter().find(|usual| words::shift_name(&usual.name) == typed);
    usual.map_or_else(|| typed.to_owned(), |usual| usual.name)
}

/// The shifts of a day: names and begins.
#[component]
pub(super) fn PatternSheet(pattern: Vec<ShiftTime>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let count = RwSignal::new(pattern.len().clamp(1, ShiftTime::COUNT_MAX));
    let mut kept = pattern.into_iter();
    let typed: [Typed; ShiftTime::COUNT_MAX] = std::array::from_fn(|_| {
        let shift = kept.next();
        Typed {
            name: RwSignal::new(
                shift.as_ref().map(|shift| words::shift_name(&shift.name)).unwrap_or_default(),
            ),
            starts_min: RwSignal::new(shift.map_or(0, |shift| shift.starts_min)),
        }
    });
    let save = move |_| {
        let shifts = typed
            .iter()
            .take(count.get_untracked())
            .map(|typed| ShiftTime {
                name: kept_name(typed.name.get_untracked().trim()),
                starts_min: typed.starts_min.get_untracked(),
            })
            .collect();
        session.record_then(ShiftPatternSave { shifts }, move || close.run(()));
    };
    // The last row goes: what stands above it moves down into its place.
    let remove = move |place: usize| {
        for (upper, lower) in typed.iter().skip(place).zip(typed.iter().skip(place + 1)) {
            upper.name.set(lower.name.get_untracked());
            upper.starts_min.set(lower.starts_min.get_untracked());
        }
        count.update(|count| *count -= 1);
    };
    let by = |starts_min: RwSignal<i64>, minutes: i64| {
        starts_min.update(|starts_min| *starts_min = (*starts_min + minutes).rem_euclid(ShiftTime::DAY_MIN));
    };
    view! {
        <Sheet title=text::shift_pattern() close test="pattern-sheet">
            <p class="muted">{text::shift_pattern_more()}</p>
            {move || typed.into_iter().take(count.get()).enumerate().map(|(place, typed)| view! {
                <div class="row fit">
                    <div class="grow"><TextField label=text::shift_pattern_name(place + 1) value=typed.name test=format!("pattern-{place}-name")/></div>
                    <div class="stepper" role="group" aria-label=text::shift_pattern_begin()>
                        <button type="button" class="btn tight" aria-label=text::hour_earlier() data-test=format!("pattern-{place}-earlier") on:click=move |_| by(typed.starts_min, -60)><Icon glyph=Glyph::Minus/></button>
                        <output data-test=format!("pattern-{place}-begin")>{move || words::clock(typed.starts_min.get())}</output>
                        <button type="button" class="btn tight" aria-label=text::hour_later() data-test=format!("pattern-{place}-later") on:click=move |_| by(typed.starts_min, 60)><Icon glyph=Glyph::Plus/></button>
                        <button type="button" class="btn" aria-label=text::quarter_later() title=text::quarter_later() data-test=format!("pattern-{place}-quarter") on:click=move |_| by(typed.starts_min, 15)>{text::span_minutes(15)}</button>
                        <button type="button" class="btn tight" aria-label=text::shift_pattern_remove() disabled={move || count.get() <= 1} data-test=format!("pattern-{place}-remove") on:click=move |_| remove(place)><Icon glyph=Glyph::X/></button>
                    </div>
                </div>
            }).collect_view()}
            <div class="acts"><button type="button" class="btn" data-test="pattern-add" disabled={move || count.get() >= ShiftTime::COUNT_MAX} on:click=move |_| count.update(|count| *count += 1)><Icon glyph=Glyph::Plus/>{text::shift_pattern_add()}</button></div>
            <div class="acts end sticky"><button class="btn primary grow" data-test="pattern-save" on:click=save>{text::save()}</button></div>
        </Sheet>
    }
}
