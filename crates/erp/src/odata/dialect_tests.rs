//! Tests of what the two versions write differently.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const V2: Dialect = Dialect { protocol: Protocol::V2, instant_literal: InstantLiteral::Datetimeoffset };
const V4: Dialect = Dialect { protocol: Protocol::V4, instant_literal: InstantLiteral::Datetimeoffset };

#[test]
fn every_form_of_an_instant_is_the_same_instant() {
    let expected = Some(TimestampMs(1_795_420_800_000));
    for text in [
        "/Date(1795420800000)/",
        "/Date(1795420800000+0060)/",
        "/Date(1795420800000-0300)/",
        "2026-11-23T08:00:00Z",
        "2026-11-23T08:00:00.000Z",
        "2026-11-23T09:00:00+01:00",
        "2026-11-23T08:00:00",
    ] {
        assert_eq!(instant(&json!(text)), expected, "{text}");
    }
    assert_eq!(instant(&json!("/Date(-86400000)/")), Some(TimestampMs(-86_400_000)));
}

#[test]
fn what_is_no_instant_is_nothing() {
    for text in ["", "/Date()/", "/Date(1+)/", "/Date(x)/", "2026-13-01", "2026-11-23T25:00:00Z", "tomorrow"]
    {
        assert_eq!(instant(&json!(text)), None, "{text}");
    }
}

#[test]
fn times_of_day_are_read_in_both_forms() {
    assert_eq!(time_ms(&json!("PT8H")), Some(28_800_000));
    assert_eq!(time_ms(&json!("PT08H30M05S")), Some(30_605_000));
    assert_eq!(time_ms(&json!("08:30:05")), Some(30_605_000));
    assert_eq!(time_ms(&json!("PTxH")), None);
}

#[test]
fn literals_in_a_filter_are_those_of_the_version() {
    let at = TimestampMs(1_795_420_800_000);
    assert_eq!(V2.instant_in_filter(at), "datetimeoffset'2026-11-23T08:00:00.000Z'");
    assert_eq!(V4.instant_in_filter(at), "2026-11-23T08:00:00.000Z");
    let plain = Dialect { instant_literal: InstantLiteral::Datetime, ..V2 };
    assert_eq!(plain.instant_in_filter(at), "datetime'2026-11-23T08:00:00.000'");
    assert_eq!(Dialect::text_literal("O'Neill"), "'O''Neill'");
}

#[test]
fn stock_of_fourteen_decimals_is_rounded_to_three() {
    for (text, thousandths) in [
        ("12.50000000000000", 12_500),
        ("0.33350000000000", 334),
        ("0.3334999", 333),
        ("-0.0005", -1),
        ("0.9995", 1000),
        ("7", 7000),
    ] {
        assert_eq!(quantity(&json!(text), "L").map(|q| q.thousandths), Some(thousandths), "{text}");
    }
    assert_eq!(quantity(&json!(2.5), "L").map(|q| q.thousandths), Some(2500));
    assert_eq!(quantity(&json!("1.23x5"), "L"), None);
}

#[test]
fn decimals_are_text_in_version_2_and_numbers_in_version_4() {
    let quantity = Quantity { thousandths: 833, unit: "H".to_owned() };
    assert_eq!(V2.decimal_in_body(&quantity), json!("0.833"));
    assert_eq!(V4.decimal_in_body(&quantity), json!(0.833));
}

#[test]
fn an_instant_in_a_body_is_read_back_to_the_second() {
    let at = TimestampMs(1_795_420_800_500);
    assert_eq!(V2.instant_in_body(at), json!("/Date(1795420800000+0000)/"));
    assert_eq!(V4.instant_in_body(at), json!("2026-11-23T08:00:00Z"));
    for dialect in [V2, V4] {
        assert_eq!(instant(&dialect.instant_in_body(at)), Some(TimestampMs(1_795_420_800_000)));
    }
}

#[test]
fn errors_of_both_versions_are_shown_in_their_own_words() {
    let v2 = json!({"error": {"code": "IW/082", "message": {"lang": "en", "value": "Order is locked by MILLER"},
        "innererror": {"errordetails": [{"message": "Order is locked by MILLER"}, {"message": "Try later"}]}}});
    assert_eq!(error_message(400, v2.to_string().as_bytes()), "Order is locked by MILLER (Try later)");
    let v4 = json!({"error": {"message": "Deficit of SEAL-40"}});
    assert_eq!(error_message(400, v4.to_string().as_bytes()), "Deficit of SEAL-40");
    assert_eq!(error_message(502, b"<html>Bad gateway</html>"), "the server answers 502 and no reason");
}

#[test]
fn pages_and_links_are_found_in_both_envelopes() {
    let page = V2.page(&json!({"d": {"results": [{"a": 1}], "__next": "x?$skiptoken=1"}})).unwrap();
    assert_eq!((page.rows.len(), page.next.as_deref()), (1, Some("x?$skiptoken=1")));
    let page = V4.page(&json!({"value": [], "@odata.nextLink": "x"})).unwrap();
    assert_eq!((page.rows.len(), page.next.as_deref()), (0, Some("x")));
    assert_eq!(V2.page(&json!({"value": []})), None, "a page of version 4 is not one of version 2");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(|number| json!(number)),
        ".{0,24}".prop_map(Value::String),
        "/Date\\([-+0-9]{0,24}\\)/".prop_map(Value::String),
        "PT[0-9HMS.]{0,12}".prop_map(Value::String),
        "[0-9-]{0,12}T[0-9:.Z+-]{0,20}".prop_map(Value::String),
        "-?[0-9]{0,22}\\.[0-9]{0,20}".prop_map(Value::String),
    ];
    let names = prop::sample::select(vec![
        "d",
        "results",
        "value",
        "error",
        "message",
        "__next",
        "@odata.nextLink",
        "__metadata",
        "etag",
        "innererror",
        "errordetails",
        "details",
        "other",
    ]);
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((names.clone(), inner), 0..5).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_of_a_server_makes_the_readers_panic(value in any_json()) {
        for dialect in [V2, V4] {
            drop(dialect.page(&value));
            drop(dialect.row(&value));
            dialect.children(&value, "results");
            dialect.etag(&value);
        }
        instant(&value);
        date(&value);
        time_ms(&value);
        drop(quantity(&value, "EA"));
        drop(text(&value, "value"));
        drop(error_message(400, value.to_string().as_bytes()));
    }

    #[test]
    fn a_date_survives_the_way_into_a_body_and_back(days in -200_000_i32..200_000) {
        let day = CivilDate::from_days(days);
        prop_assume!((1..=9999).contains(&day.ymd().0));
        prop_assert_eq!(date(&V2.date_in_body(day)), Some(day));
        prop_assert_eq!(date(&V4.date_in_body(day)), Some(day));
    }
}
