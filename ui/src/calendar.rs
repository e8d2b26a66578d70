//! Instants in words: the webview's own calendar, in the plant's zone and the person's language.

use std::cell::RefCell;

use leptos::prelude::*;
use millwright_model::{CivilDate, TimestampMs};
use wasm_bindgen::{JsCast, JsValue};

use crate::field::Shown;
use crate::session::Session;
use crate::text;

/// Which parts of an instant are written, and how.
type Parts = &'static [(&'static str, &'static str)];

const TIME: Parts = &[("hour", "2-digit"), ("minute", "2-digit")];
const DAY: Parts = &[("day", "numeric"), ("month", "short")];
const DAY_TIME: Parts = &[("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")];
const LONG_DAY: Parts = &[("weekday", "long"), ("day", "numeric"), ("month", "long")];
const CLOCK: Parts = &[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")];
const RECORD_DATE: Parts = &[("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")];
const DATE: Parts = &[("day", "numeric"), ("month", "short"), ("year", "numeric")];

/// More writers than there are shapes, in both languages, for the plant's zone and UTC.
const WRITERS_MAX: usize = 32;

/// What writes instants in one shape.
struct Writer {
    language: &'static str,
    zone: String,
    parts: Parts,
    /// The `format` of an `Intl.DateTimeFormat`; none where the webview does not know the zone.
    format: Option<js_sys::Function>,
}

thread_local! {
    /// Each is made once and kept: it holds some 50 KB outside of what the webview's garbage collector counts, so
    /// that one for every word (as `Date.toLocaleString` makes it) fills memory long before anybody tidies up.
    static WRITERS: RefCell<Vec<Writer>> = const { RefCell::new(Vec::new()) };
}

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
    let clock = localized(at, CLOCK);
    let mut parts = clock.split(':').map(|part| part.trim().parse::<i64>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    ((next() * 60 + next()) * 60 + next()) * 1000
}

/// The plant's day of an instant.
pub(crate) fn civil_of(at: TimestampMs) -> CivilDate {
    // Sweden writes dates as records do.
    in_language(at, RECORD_DATE, &plant_zone(), "sv-SE")
        .and_then(|day| CivilDate::try_from(day).ok())
        .unwrap_or_else(|| CivilDate::from_days((at.0.div_euclid(86_400_000)) as i32))
}

/// The last second of a day of the plant.
pub(crate) fn end_of_civil(date: CivilDate) -> TimestampMs {
    let noon = TimestampMs(i64::from(date.days()) * 86_400_000 + 43_200_000);
    let end = end_of_day(noon, 0);
    // Far in the east it is the next day already at noon of Greenwich.
    if civil_of(end) > date { end_of_day(noon, -1) } else { end }
}

/// A day as `23 Nov 2026`.
pub(crate) fn civil(date: CivilDate) -> String {
    let noon = TimestampMs(i64::from(date.days()) * 86_400_000 + 43_200_000);
    in_zone(noon, DATE, "UTC").unwrap_or_else(|| date.to_string())
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

fn localized(at: TimestampMs, parts: Parts) -> String {
    let zone = plant_zone();
    in_zone(at, parts, &zone).or_else(|| in_zone(at, parts, "UTC")).unwrap_or_default()
}

fn in_zone(at: TimestampMs, parts: Parts, zone: &str) -> Option<String> {
    in_language(at, parts, zone, text::language().tag())
}

fn in_language(at: TimestampMs, parts: Parts, zone: &str, language: &'static str) -> Option<String> {
    let format = WRITERS.with_borrow_mut(|writers| {
        let fits =
            |writer: &&Writer| writer.parts == parts && writer.language == language && writer.zone == zone;
        if let Some(writer) = writers.iter().find(fits) {
            return writer.format.clone();
        }
        if writers.len() >= WRITERS_MAX {
            // Somebody tries many zones: those of before are not asked for again.
            writers.clear();
        }
        let format = format_of(language, parts, zone);
        writers.push(Writer { language, zone: zone.to_owned(), parts, format: format.clone() });
        format
    })?;
    format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(at.0 as f64)).ok()?.as_string()
}

fn format_of(language: &str, parts: Parts, zone: &str) -> Option<js_sys::Function> {
    let options = js_sys::Object::new();
    let hour_cycle = ("hourCycle", "h23");
    for (name, value) in parts.iter().chain([&hour_cycle, &("timeZone", zone)]) {
        js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    // Made by name, because an unknown zone throws.
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class =
        js_sys::Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    let arguments = js_sys::Array::of2(&language.into(), &options);
    let made = js_sys::Reflect::construct(&class, &arguments).ok()?;
    js_sys::Reflect::get(&made, &"format".into()).ok()?.dyn_into().ok()
}
