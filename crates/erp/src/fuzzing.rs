//! The doors of the fuzz targets to the parsers of this room. Not for anybody else.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::http::Answer;

/// An answer of an OData service: pages, rows, dates, errors, in both versions and every kind of row.
pub fn odata_answer(bytes: &[u8]) {
    crate::odata::fuzzed_answer(bytes);
}

/// A mapping file.
pub fn mapping(text: &str) {
    let _read_or_refused = crate::odata::Mapping::load(text).is_ok();
}

/// An answer of Tryton.
pub fn tryton_answer(bytes: &[u8]) {
    for status in [200, 500] {
        let answer = Answer { status, headers: HeaderMap::new(), body: bytes.to_vec() };
        if let Ok(result) = crate::tryton::rpc::fuzzed_answer(&answer) {
            for row in result.as_array().map_or(&[][..], Vec::as_slice).iter().chain([&result]) {
                tryton_row(row);
            }
        }
    }
}

fn tryton_row(row: &Value) {
    use crate::tryton::rpc::{instant_json, instant_of, minutes_of};
    if let Some(instant) = instant_of(row) {
        assert_eq!(instant_of(&instant_json(instant)), Some(instant), "{row}");
    }
    let _minutes = minutes_of(row);
    crate::tryton::pull::fuzzed_row(row);
}
