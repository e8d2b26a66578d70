//! How a live value stands against its rule, between two answers of the engine.

use millwright_model::{LiveValue, Quality, StaleReason, TagBinding, TagCondition, TimestampMs};

/// How `live` stands at `now`.
pub(crate) fn condition(binding: &TagBinding, live: Option<&LiveValue>, now: TimestampMs) -> TagCondition {
    let Some(live) = live else { return TagCondition::Silent };
    if stale(binding, live, now).is_some() {
        return TagCondition::Stale;
    }
    let number = live.sample.value.as_ref().and_then(millwright_model::Value::as_f64);
    if live.sample.quality != Quality::Good || live.sample.value.is_none() {
        return TagCondition::NotGood;
    }
    let Some(number) = number else { return TagCondition::Normal };
    let outside = |low: Option<f64>, high: Option<f64>| {
        low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high)
    };
    if outside(binding.limit_low, binding.limit_high) {
        TagCondition::BeyondLimit
    } else if outside(binding.usual_low, binding.usual_high) {
        TagCondition::Unusual
    } else {
        TagCondition::Normal
    }
}

/// Why a value is not current, if it is not.
pub(crate) fn stale(binding: &TagBinding, live: &LiveValue, now: TimestampMs) -> Option<StaleReason> {
    let silent = binding.silence_ms > 0 && now.since_ms(live.sample.received_at) > binding.silence_ms;
    live.stale.or(silent.then_some(StaleReason::Silence))
}

#[cfg(test)]
mod tests {
    use millwright_model::{Sample, SeriesKey, Value};

    use super::*;

    fn binding() -> TagBinding {
        TagBinding {
            tag_binding_id: Default::default(),
            asset_id: Default::default(),
            series: SeriesKey("uns:a".into()),
            name: "Vibration".into(),
            unit: "mm/s".into(),
            usual_low: Some(1.9),
            usual_high: Some(2.4),
            limit_low: None,
            limit_high: Some(3.5),
            silence_ms: 10_000,
            position: 1,
        }
    }

    fn heard(value: f64, quality: Quality) -> LiveValue {
        let sample = Sample {
            source_at: None,
            received_at: TimestampMs(100_000),
            ordinal: 0,
            value: Value::finite(value),
            quality,
            retained: false,
            historical: false,
        };
        LiveValue { series: SeriesKey("uns:a".into()), sample, stale: None }
    }

    #[test]
    fn a_value_is_judged_by_its_band_and_limits() {
        let now = TimestampMs(101_000);
        for (value, expected) in
            [(2.0, TagCondition::Normal), (3.2, TagCondition::Unusual), (4.0, TagCondition::BeyondLimit)]
        {
            assert_eq!(condition(&binding(), Some(&heard(value, Quality::Good)), now), expected, "{value}");
        }
    }

    #[test]
    fn a_value_without_good_quality_or_age_is_never_shown_as_good() {
        let now = TimestampMs(101_000);
        assert_eq!(condition(&binding(), Some(&heard(2.0, Quality::Uncertain)), now), TagCondition::NotGood);
        assert_eq!(condition(&binding(), Some(&heard(f64::NAN, Quality::Good)), now), TagCondition::NotGood);
        assert_eq!(
            condition(&binding(), Some(&heard(2.0, Quality::Good)), TimestampMs(120_000)),
            TagCondition::Stale
        );
        assert_eq!(condition(&binding(), None, now), TagCondition::Silent);
    }
}
