//! How a live value stands against its rule, between two answers of the engine.

use millwright_model::{LiveValue, StaleReason, TagBinding, TagCondition, TimestampMs};

/// How `live` stands at `now`: by the one rule, with the silence since the engine last spoke.
pub(crate) fn condition(binding: &TagBinding, live: Option<&LiveValue>, now: TimestampMs) -> TagCondition {
    match live {
        Some(live) if stale(binding, live, now).is_some() => TagCondition::Stale,
        live => binding.condition(live),
    }
}

/// Why a value is not current, if it is not.
pub(crate) fn stale(binding: &TagBinding, live: &LiveValue, now: TimestampMs) -> Option<StaleReason> {
    let silent = binding.silence_ms > 0 && now.since_ms(live.sample.received_at) > binding.silence_ms;
    live.stale.or(silent.then_some(StaleReason::Silence))
}

#[cfg(test)]
mod tests {
    use millwright_model::{Quality, Sample, SeriesKey, Value};

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
