//! What UNS payloads become, rule by rule.

use millwright_model::TEXT_VALUE_MAX_BYTES;
use proptest::prelude::*;

use super::*;

const NOW: TimestampMs = TimestampMs(1_795_400_000_000);
const TOPIC: &str = "umh/v1/ent/site/p-101a/_raw/vibration";

fn parsed(payload: &str) -> UnsReading {
    parse(TOPIC, payload.as_bytes(), false, NOW, &UnsLimits::default()).unwrap()
}

fn names(reading: &UnsReading) -> Vec<&str> {
    reading.samples.iter().map(|(series, _)| series.0.strip_prefix("uns:").unwrap()).collect()
}

#[test]
fn the_usual_envelope_is_one_sample_with_its_own_time() {
    let reading = parsed(r#"{"timestamp_ms":1795399999000,"value":4.25}"#);
    let (series, sample) = &reading.samples[0];
    assert_eq!(series.0, format!("uns:{TOPIC}"));
    assert_eq!(sample.source_at, Some(TimestampMs(1_795_399_999_000)));
    assert_eq!(sample.value, Some(Value::Float(4.25)));
    assert_eq!(sample.quality, Quality::Good);
    assert!(reading.warnings.is_empty());
}

#[test]
fn bare_scalars_of_each_kind_are_samples() {
    for (payload, value) in [
        ("1.5", Value::Float(1.5)),
        ("-7", Value::Int(-7)),
        ("18446744073709551615", Value::Float(18_446_744_073_709_551_615.0)),
        ("true", Value::Bool(true)),
        ("\"NaN\"", Value::Text("NaN".into())),
    ] {
        let reading = parsed(payload);
        assert_eq!(reading.samples.len(), 1, "{payload}");
        assert_eq!(reading.samples[0].1.value, Some(value), "{payload}");
        assert_eq!(reading.samples[0].1.source_at, None);
    }
}

#[test]
fn fields_become_tags_and_arrays_are_skipped_with_a_warning() {
    let reading =
        parsed(r#"{"timestamp_ms":1795399999000,"a":{"b":1,"c":{"d":true}},"list":[1,[2]],"unit":"°C"}"#);
    assert_eq!(names(&reading), [format!("{TOPIC}#a.b"), format!("{TOPIC}#a.c.d"), format!("{TOPIC}#unit")]);
    assert_eq!(reading.warnings, [UnsWarning::ArraysSkipped { first_field: "list".into(), count: 1 }]);
}

#[test]
fn null_is_bad_quality_without_a_value() {
    let reading = parsed(r#"{"timestamp_ms":1795399999000,"value":null}"#);
    assert_eq!((&reading.samples[0].1.value, reading.samples[0].1.quality), (&None, Quality::Bad));
}

#[test]
fn a_clock_from_1970_or_2100_is_filed_under_receipt_and_uncertain() {
    for stamp in [0_i64, 1_700_000_000, 4_102_444_800_000, i64::MAX, i64::MIN] {
        let reading = parsed(&format!(r#"{{"timestamp_ms":{stamp},"value":1}}"#));
        let sample = &reading.samples[0].1;
        assert_eq!((sample.source_at, sample.at(), sample.quality), (None, NOW, Quality::Uncertain));
        assert_eq!(reading.warnings, [UnsWarning::TimestampImplausible { timestamp_ms: stamp }]);
    }
    assert_eq!(
        parsed(r#"{"timestamp_ms":"yesterday","value":1}"#).warnings,
        [UnsWarning::TimestampUnreadable]
    );
}

#[test]
fn a_quality_word_qualifies_and_another_quality_is_a_field() {
    assert_eq!(parsed(r#"{"value":1,"quality":"BAD"}"#).samples[0].1.quality, Quality::Bad);
    assert_eq!(parsed(r#"{"value":1,"quality":"uncertain"}"#).samples[0].1.quality, Quality::Uncertain);
    assert_eq!(
        names(&parsed(r#"{"value":1,"quality":0.97}"#)),
        [TOPIC.to_owned(), format!("{TOPIC}#quality")],
        "the quality factor of an OEE is a tag"
    );
}

#[test]
fn invalid_utf8_names_the_topic_and_the_place() {
    let error = parse(TOPIC, b"{\"value\":\n \"\xff\"}", false, NOW, &UnsLimits::default()).unwrap_err();
    assert_eq!(error, PayloadError::NotUtf8 { topic: TOPIC.into(), line: 2, column: 3 });
}

#[test]
fn malformed_json_names_the_topic_and_the_place() {
    let error = parse(TOPIC, b"{\"value\":1,\n}", false, NOW, &UnsLimits::default()).unwrap_err();
    let PayloadError::Malformed { topic, reason, line, column } = error else { panic!("{error}") };
    assert_eq!((topic.as_str(), line, column), (TOPIC, 2, 1));
    assert!(!reason.contains("line"), "{reason}");
    for wrong in ["{", "NaN", "1 2", "{\"value\":1e999}", "nul"] {
        assert!(
            matches!(
                parse(TOPIC, wrong.as_bytes(), false, NOW, &UnsLimits::default()),
                Err(PayloadError::Malformed { .. })
            ),
            "{wrong}"
        );
    }
}

#[test]
fn what_is_too_deep_too_wide_or_too_large_is_refused() {
    let limits = UnsLimits { payload_bytes: 20_000, fields: 1000, depth: 4 };
    let deep = r#"{"a":{"b":{"c":{"d":{"e":1}}}}}"#;
    let error = parse(TOPIC, deep.as_bytes(), false, NOW, &limits).unwrap_err();
    assert!(error.to_string().contains("objects within objects"), "{error}");
    assert_eq!(names(&parsed(r#"{"a":{"b":{"c":{"d":1}}}}"#)), [format!("{TOPIC}#a.b.c.d")]);

    let wide = format!("{{{}}}", (0..1001).map(|n| format!("\"f{n}\":{n}")).collect::<Vec<_>>().join(","));
    assert!(
        parse(TOPIC, wide.as_bytes(), false, NOW, &limits).unwrap_err().to_string().contains("1000 fields")
    );
    let large = format!("\"{}\"", "x".repeat(20_000));
    assert!(matches!(
        parse(TOPIC, large.as_bytes(), false, NOW, &limits),
        Err(PayloadError::TooLarge { bytes: 20_002, .. })
    ));
    let endless = "[".repeat(10_000);
    assert!(matches!(
        parse(TOPIC, endless.as_bytes(), false, NOW, &limits),
        Err(PayloadError::Malformed { .. })
    ));
    assert!(matches!(
        parse(&"t".repeat(TOPIC_MAX_BYTES + 1), b"1", false, NOW, &limits),
        Err(PayloadError::TopicTooLong { .. })
    ));
}

#[test]
fn a_long_text_is_cut_with_bad_quality() {
    let reading = parsed(&format!(r#"{{"note":"{}"}}"#, "y".repeat(TEXT_VALUE_MAX_BYTES + 1)));
    let sample = &reading.samples[0].1;
    assert_eq!(sample.value, Some(Value::Text("y".repeat(TEXT_VALUE_MAX_BYTES))));
    assert_eq!(sample.quality, Quality::Bad);
    assert_eq!(
        reading.warnings,
        [UnsWarning::TextCut { field: "note".into(), bytes: TEXT_VALUE_MAX_BYTES + 1 }]
    );
}

#[test]
fn of_a_repeated_field_the_last_counts() {
    let reading = parsed(r#"{"a":1,"b":5,"a":2}"#);
    assert_eq!(names(&reading), [format!("{TOPIC}#b"), format!("{TOPIC}#a")]);
    assert_eq!(reading.samples[1].1.value, Some(Value::Int(2)));
    assert_eq!(reading.warnings, [UnsWarning::DuplicateField { field: "a".into() }]);
}

#[test]
fn an_empty_payload_clears_and_says_nothing() {
    assert_eq!(parse(TOPIC, b"", true, NOW, &UnsLimits::default()), Ok(UnsReading::default()));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(payload in proptest::collection::vec(any::<u8>(), 0..512), topic in ".{0,40}") {
        drop(parse(&topic, &payload, false, NOW, &UnsLimits::default()));
    }

    #[test]
    fn broken_json_never_panics(payload in r#"[\[\]{}:,"0-9eE.\-a-c \\un]{0,120}"#) {
        if let Ok(reading) = parse(TOPIC, payload.as_bytes(), false, NOW, &UnsLimits::default()) {
            prop_assert!(reading.samples.len() <= 1000);
        }
    }

    #[test]
    fn every_finite_number_survives(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        let payload = serde_json::json!({"timestamp_ms": NOW.0, "value": number}).to_string();
        let reading = parsed(&payload);
        let read = reading.samples[0].1.value.as_ref().and_then(Value::as_f64).unwrap();
        prop_assert!((read - number).abs() <= number.abs() * 1e-15, "{} {}", read, number);
    }
}
