//! Instants in words: the webview's own calendar, in the plant's zone and the person's language.

use leptos::prelude::*;
use millwright_model::TimestampMs;
use wasm_bindgen::{JsCast, JsValue};

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

fn localized(at: TimestampMs, parts: &[(&str, &str)]) -> String {
    let zone = Session::here().status.with_untracked(|status| {
        status.as_ref().map_or_else(|| "UTC".to_owned(), |status| status.settings.plant_zone.clone())
    });
    in_zone(at, parts, &zone).or_else(|| in_zone(at, parts, "UTC")).unwrap_or_default()
}

fn in_zone(at: TimestampMs, parts: &[(&str, &str)], zone: &str) -> Option<String> {
    let options = js_sys::Object::new();
    let hour_cycle = ("hourCycle", "h23");
    for (name, value) in parts.iter().chain([&hour_cycle, &("timeZone", zone)]) {
        js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    // Called by name, because an unknown zone throws.
    let function =
        js_sys::Reflect::get(&date, &"toLocaleString".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    function.call2(&date, &text::language().tag().into(), &options).ok()?.as_string()
}
