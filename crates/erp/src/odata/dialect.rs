//! What versions 2 and 4 write differently: literals, dates, decimals, envelopes, errors.

use millwright_model::{CivilDate, Quantity, TimestampMs};
use serde_json::Value;

use super::mapping::{InstantLiteral, Protocol};

/// One version of the protocol, with the choices that a mapping makes in it.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Dialect {
    pub protocol: Protocol,
    pub instant_literal: InstantLiteral,
}

/// Rows of a page and the server's link to the next one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RowPage {
    pub rows: Vec<Value>,
    pub next: Option<String>,
}

impl Dialect {
    /// The page in the body of an answer; nothing when the body is not one of this version.
    pub fn page(&self, body: &Value) -> Option<RowPage> {
        match self.protocol {
            Protocol::V2 => {
                let inner = body.get("d")?;
                // Gateways of 2008 answer a bare array.
                let rows = inner.get("results").unwrap_or(inner).as_array()?.clone();
                let next = inner.get("__next").and_then(Value::as_str).map(str::to_owned);
                Some(RowPage { rows, next })
            }
            Protocol::V4 => {
                let rows = body.get("value")?.as_array()?.clone();
                let next = body.get("@odata.nextLink").and_then(Value::as_str).map(str::to_owned);
                Some(RowPage { rows, next })
            }
        }
    }

    /// The single row in the body of an answer.
    pub fn row(&self, body: &Value) -> Option<Value> {
        let row = match self.protocol {
            Protocol::V2 => {
                let inner = body.get("d")?;
                inner.get("results").filter(|results| results.is_object()).unwrap_or(inner)
            }
            Protocol::V4 => body,
        };
        row.as_object().filter(|fields| !fields.contains_key("error")).map(|_| row.clone())
    }

    /// The children of a row under a navigation property.
    pub fn children<'a>(&self, row: &'a Value, path: &str) -> &'a [Value] {
        let Some(child) = row.get(path) else { return &[] };
        let list = match self.protocol {
            Protocol::V2 => child.get("results").unwrap_or(child),
            Protocol::V4 => child,
        };
        list.as_array().map_or(&[], Vec::as_slice)
    }

    /// The mark of the version of a row.
    pub fn etag<'a>(&self, row: &'a Value) -> Option<&'a str> {
        match self.protocol {
            Protocol::V2 => row.get("__metadata")?.get("etag")?.as_str(),
            Protocol::V4 => row.get("@odata.etag")?.as_str(),
        }
    }

    /// An instant as it stands in a `$filter`.
    pub fn instant_in_filter(&self, instant: TimestampMs) -> String {
        let text = iso_instant(instant);
        match (self.protocol, self.instant_literal) {
            (Protocol::V4, _) => text,
            (Protocol::V2, InstantLiteral::Datetimeoffset) => format!("datetimeoffset'{text}'"),
            (Protocol::V2, InstantLiteral::Datetime) => format!("datetime'{}'", text.trim_end_matches('Z')),
        }
    }

    /// A date as it stands in a body.
    pub fn date_in_body(&self, date: CivilDate) -> Value {
        match self.protocol {
            Protocol::V2 => Value::String(format!("/Date({})/", i64::from(date.days()) * DAY_MS)),
            Protocol::V4 => Value::String(date.to_string()),
        }
    }

    /// An instant as it stands in a body, to the second: finer is no ERP's due time.
    pub fn instant_in_body(&self, instant: TimestampMs) -> Value {
        let second = TimestampMs(instant.0.div_euclid(1000) * 1000);
        match self.protocol {
            Protocol::V2 => Value::String(format!("/Date({}+0000)/", second.0)),
            Protocol::V4 => Value::String(iso_instant(second).replace(".000Z", "Z")),
        }
    }

    /// A time of day, in milliseconds since midnight, as it stands in a body.
    pub fn time_in_body(&self, time_ms: i64) -> Value {
        let seconds = time_ms.rem_euclid(DAY_MS) / 1000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        match self.protocol {
            Protocol::V2 => Value::String(format!("PT{hour:02}H{minute:02}M{second:02}S")),
            Protocol::V4 => Value::String(format!("{hour:02}:{minute:02}:{second:02}")),
        }
    }

    /// A decimal as it stands in a body: text in version 2, a number in version 4.
    pub fn decimal_in_body(&self, quantity: &Quantity) -> Value {
        match self.protocol {
            Protocol::V2 => Value::String(quantity.decimal()),
            // Three decimals of a number that fits 13,3 survive the way through f64.
            Protocol::V4 => serde_json::Number::from_f64(quantity.thousandths as f64 / 1000.0)
                .map_or_else(|| Value::String(quantity.decimal()), Value::Number),
        }
    }

    /// The name under which another entity's own text key is addressed.
    pub fn text_literal(text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// A day without a change of the clock.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// `2026-11-23T08:00:00.000Z`
pub(crate) fn iso_instant(instant: TimestampMs) -> String {
    let days = instant.0.div_euclid(DAY_MS);
    let rest = instant.0.rem_euclid(DAY_MS);
    let date = CivilDate::from_days(i32::try_from(days).unwrap_or(0));
    let (seconds, millis) = (rest / 1000, rest % 1000);
    format!("{date}T{:02}:{:02}:{:02}.{millis:03}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// An instant in any form that either version sends: `/Date(…)/`, `/Date(…+0060)/`, ISO with Z, offset or none.
pub(crate) fn instant(value: &Value) -> Option<TimestampMs> {
    let text = value.as_str()?;
    if let Some(inner) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        // The milliseconds are UTC; the offset (minutes) only says where the clock on the wall hung.
        let sign_end = usize::from(inner.starts_with('-'));
        let digits = inner.get(sign_end..)?;
        let end = digits.find(['+', '-']).unwrap_or(digits.len());
        let offset = digits.get(end..)?;
        if offset.len() == 1 || !offset.bytes().skip(1).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        return inner.get(..sign_end + end)?.parse().ok().map(TimestampMs);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    let date = CivilDate::try_from(date.to_owned()).ok()?;
    let midnight = i64::from(date.days()) * DAY_MS;
    if time.is_empty() {
        return Some(TimestampMs(midnight));
    }
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let ahead_ms = match zone {
        "" | "Z" => 0,
        _ => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let minutes = two_digits(hours)? * 60 + two_digits(minutes)?;
            if zone.starts_with('-') { -minutes * 60_000 } else { minutes * 60_000 }
        }
    };
    Some(TimestampMs(midnight + clock_ms(clock)? - ahead_ms))
}

/// A date, or the date of an instant. SAP's «no date» is nothing.
pub(crate) fn date(value: &Value) -> Option<CivilDate> {
    let instant = instant(value)?;
    i32::try_from(instant.0.div_euclid(DAY_MS)).ok().map(CivilDate::from_days)
}

/// Milliseconds since midnight of `PT8H30M`, `08:30:00` or `08:30:00.125`.
pub(crate) fn time_ms(value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    let Some(mut rest) = text.strip_prefix("PT") else { return clock_ms(text) };
    let mut total = 0_i64;
    for (unit, unit_ms) in [('H', 3_600_000), ('M', 60_000), ('S', 1000)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let whole: i64 = number.split('.').next()?.parse().ok()?;
            total = total.checked_add(whole.checked_mul(unit_ms)?)?;
            rest = after;
        }
    }
    (rest.is_empty() && (0..=DAY_MS).contains(&total)).then_some(total)
}

fn clock_ms(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':');
    let hours = two_digits(parts.next()?)?;
    let minutes = two_digits(parts.next()?)?;
    let (seconds, fraction) = match parts.next() {
        None => ("00", ""),
        Some(seconds) => seconds.split_once('.').unwrap_or((seconds, "")),
    };
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    let millis: i64 = millis.parse().ok().filter(|millis| (0..1000).contains(millis))?;
    let seconds = two_digits(seconds)?;
    (hours < 24 && minutes < 60 && seconds < 61)
        .then_some(hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + millis)
}

fn two_digits(text: &str) -> Option<i64> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A quantity of a decimal in text or number form, rounded half away from zero to three decimals
/// (SAP's stock has 14, its movements three).
pub(crate) fn quantity(value: &Value, unit: &str) -> Option<Quantity> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let Some((whole, fraction)) = text.split_once('.') else {
        return Quantity::parse_decimal(&text, unit);
    };
    if fraction.len() <= 3 {
        return Quantity::parse_decimal(&text, unit);
    }
    let (kept, cut) = fraction.split_at_checked(3)?;
    if !cut.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut rounded = Quantity::parse_decimal(&format!("{whole}.{kept}"), unit)?;
    if cut.as_bytes().first().is_some_and(|digit| *digit >= b'5') {
        let away = if whole.starts_with('-') { -1 } else { 1 };
        rounded.thousandths = rounded.thousandths.checked_add(away)?;
    }
    Some(rounded)
}

/// Text of a field; empty text is nothing, as at SAP.
pub(crate) fn text(row: &Value, field: &str) -> Option<String> {
    match row.get(field)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What an error answer says, in its own words.
pub(crate) fn error_message(status: u16, body: &[u8]) -> String {
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let message = json.as_ref().and_then(|body| body.get("error")).and_then(|error| {
        let message = error.get("message")?;
        let main = message.get("value").unwrap_or(message).as_str()?.trim().to_owned();
        let details = error
            .get("details")
            .or_else(|| error.get("innererror").and_then(|inner| inner.get("errordetails")))
            .and_then(Value::as_array);
        let more: Vec<&str> = details
            .into_iter()
            .flatten()
            .filter_map(|detail| detail.get("message"))
            .filter_map(|message| message.get("value").unwrap_or(message).as_str())
            .map(str::trim)
            .filter(|detail| *detail != main && !detail.is_empty())
            .collect();
        Some(if more.is_empty() { main } else { format!("{main} ({})", more.join("; ")) })
    });
    let message = message.filter(|message| !message.is_empty()).or_else(|| {
        let plain = String::from_utf8_lossy(body);
        let plain = plain.trim();
        (!plain.is_empty() && !plain.starts_with('<')).then(|| plain.to_owned())
    });
    match message {
        Some(message) => crate::text::shortened(&message, 500),
        None => format!("the server answers {status} and no reason"),
    }
}

#[cfg(test)]
#[path = "dialect_tests.rs"]
mod tests;
