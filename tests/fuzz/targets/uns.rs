//! Unified Namespace payloads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use millwright_model::TimestampMs;
use millwright_plant::uns::{UnsLimits, parse};

fuzz_target!(|payload: &[u8]| {
    let limits = UnsLimits::default();
    let Ok(reading) = parse("umh/v1/a", payload, false, TimestampMs(1_795_400_000_000), &limits) else {
        return;
    };
    assert!(reading.samples.len() <= limits.fields);
    for (series, sample) in reading.samples {
        assert!(series.0.len() <= 2048);
        assert!(sample.value.and_then(|value| value.as_f64()).is_none_or(f64::is_finite));
    }
});
