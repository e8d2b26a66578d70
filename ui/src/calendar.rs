//! Instants in words: the webview's own calendar, in the plant's zone and the person's language.

use leptos::prelude::*;
use millwright_model::{CivilDate, TimestampMs};
use wasm_bindgen::{JsCast, JsValue};

use crate::field::Shown;
use crate::session::Session;
use crate::text;

const TIME: &[(&str, &str)] = &[("hour", "2-digit"), ("minute", "2-digit")];
const DAY: &[(&str, &str)] = &[("day", "numeric"), ("month", "short")];
const DAY_TIME: &[(&str, &str)] =
    &[("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")];
const LONG_DAY: &[(&str, &str)] = &[("weekday", "long"), ("day", "numeric"), ("month", "long")];

/// `14:05`.
pub(crate) fn time(at: TimestampMs) -> String {
    localized(at, TIME)
}

/// `23 Nov`.
pub(crate) fn day(at: TimestampMs) -> String {
    localized(at, DAY)
}

/// `23 Nov, 14:05`.
pub(crate) fn day_time(at: TimestampMs) -> String {
    localized(at, DAY_TIME)
}

/// `Monday 23 November`.
pub(crate) fn long_day(at: TimestampMs) -> String {
    localized(at, LONG_DAY)
}

/// The time alone today, with the day before or after.
pub(crate) fn moment(at: TimestampMs) -> String {
    let now = Session::here().now.get_untracked();
    if day(at) == day(now) { time(at) } else { day_time(at) }
}

/// The last second of the plant's day, `days` after the one of `now`.
pub(crate) fn end_of_day(now: TimestampMs, days: i64) -> TimestampMs {
    const DAY_MS: i64 = 24 * 3_600_000;
    const LAST_MS: i64 = DAY_MS - 1000;
    let whole_second = TimestampMs(now.0.div_euclid(1000) * 1000);
    let guess = whole_second.plus_ms(days * DAY_MS);
    let guess = guess.plus_ms(LAST_MS - time_of_day_ms(guess));
    // Where the clock is changed in between, the guess is an hour off: then its own time of day says so.
    let off = LAST_MS - time_of_day_ms(guess);
    guess.plus_ms(if off > DAY_MS / 2 { off - DAY_MS } else { off })
}

/// How long the plant's day is old.
fn time_of_day_ms(at: TimestampMs) -> i64 {
    let clock = localized(at, &[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")]);
    let mut parts = clock.split(':').map(|part| part.trim().parse::<i64>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    ((next() * 60 + next()) * 60 + next()) * 1000
}

/// The plant's day of an instant.
pub(crate) fn civil_of(at: TimestampMs) -> CivilDate {
    let parts = &[("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")];
    // Sweden writes dates as records do.
    in_language(at, parts, &plant_zone(), "sv-SE")
        .and_then(|day| CivilDate::try_from(day).ok())
        .unwrap_or_else(|| CivilDate::from_days((at.0.div_euclid(86_400_000)) as i32))
}

/// A day as `23 Nov 2026`.
pub(crate) fn civil(date: CivilDate) -> String {
    let noon = TimestampMs(i64::from(date.days()) * 86_400_000 + 43_200_000);
    let parts = &[("day", "numeric"), ("month", "short"), ("year", "numeric")];
    in_zone(noon, parts, "UTC").unwrap_or_else(|| date.to_string())
}

/// A value of a field in words.
pub(crate) fn shown(value: Shown) -> String {
    match value {
        Shown::Words(words) => words,
        Shown::Moment(at) => day_time(at),
        Shown::Day(date) => civil(date),
    }
}

fn plant_zone() -> String {
    Session::here().status.with_untracked(|status| {
        status.as_ref().map_or_else(|| "UTC".to_owned(), |status| status.settings.plant_zone.clone())
    })
}

fn localized(at: TimestampMs, parts: &[(&str, &str)]) -> String {
    let zone = plant_zone();
    in_zone(at, parts, &zone).or_else(|| in_zone(at, parts, "UTC")).unwrap_or_default()
}

fn in_zone(at: TimestampMs, parts: &[(&str, &str)], zone: &str) -> Option<String> {
    in_language(at, parts, zone, text::language().tag())
}

fn in_language(at: TimestampMs, parts: &[(&str, &str)], zone: &str, language: &str) -> Option<String> {
    let options = js_sys::Object::new();
    let hour_cycle = ("hourCycle", "h23");
    for (name, value) in parts.iter().chain([&hour_cycle, &("timeZone", zone)]) {
        js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    // Called by name, because an unknown zone throws.
    let function =
        js_sys::Reflect::get(&date, &"toLocaleString".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    function.call2(&date, &language.into(), &options).ok()?.as_string()
}
