//! Tags: last values, how each stands against its band and limits, and trends.

use millwright_model::*;

use crate::EngineError;
use crate::engine::Inner;

/// How many series a window may watch.
const WATCHED_MAX: usize = 2_000;

pub(crate) async fn list(engine: &Inner, command: TagList) -> Result<Vec<LiveValue>, EngineError> {
    let wanted = command.containing.to_lowercase();
    let mut values = engine.live.all();
    values.retain(|value| value.series.0.to_lowercase().contains(&wanted));
    values.sort_by(|left, right| left.series.cmp(&right.series));
    values.truncate(command.limit.min(10_000) as usize);
    Ok(values)
}

pub(crate) async fn live(engine: &Inner, command: LiveShow) -> Result<Vec<LiveValue>, EngineError> {
    Ok(command.series.iter().filter_map(|series| engine.live.get(series)).collect())
}

pub(crate) async fn watch(engine: &Inner, command: LiveWatch) -> Result<Vec<LiveValue>, EngineError> {
    if command.series.len() > WATCHED_MAX {
        return Err(EngineError::Invalid(Refusal::TooManyWatched { limit: WATCHED_MAX as u64 }));
    }
    let values = command.series.iter().filter_map(|series| engine.live.get(series)).collect();
    engine.live.watch(command.series);
    Ok(values)
}

pub(crate) async fn history(engine: &Inner, command: TagHistory) -> Result<TrendView, EngineError> {
    if command.to <= command.from {
        return Err(EngineError::Invalid(Refusal::SpanReversed));
    }
    Ok(engine.history.trend(&command.series, command.from.0, command.to.0, command.buckets).await?)
}

/// Bound tags with their last values and how they stand.
pub(crate) fn states(engine: &Inner, bindings: Vec<TagBinding>) -> Vec<TagState> {
    bindings
        .into_iter()
        .map(|binding| {
            let live = engine.live.get(&binding.series);
            TagState { condition: binding.condition(live.as_ref()), live, binding }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding() -> TagBinding {
        TagBinding {
            tag_binding_id: TagBindingId::default(),
            asset_id: AssetId::default(),
            series: SeriesKey("uns:a".to_owned()),
            name: "Vibration".to_owned(),
            unit: "mm/s".to_owned(),
            usual_low: Some(1.9),
            usual_high: Some(2.4),
            limit_low: None,
            limit_high: Some(3.5),
            silence_ms: 5_000,
            position: 0,
        }
    }

    fn live(value: f64) -> LiveValue {
        LiveValue {
            series: SeriesKey("uns:a".to_owned()),
            sample: Sample {
                source_at: None,
                received_at: TimestampMs(0),
                ordinal: 0,
                value: Some(Value::Float(value)),
                quality: Quality::Good,
                retained: false,
                historical: false,
            },
            stale: None,
        }
    }

    #[test]
    fn a_value_is_judged_by_band_and_limit() {
        for (value, expected) in [
            (2.0, TagCondition::Normal),
            (3.0, TagCondition::Unusual),
            (3.6, TagCondition::BeyondLimit),
            (1.0, TagCondition::Unusual),
        ] {
            assert_eq!(binding().condition(Some(&live(value))), expected, "{value}");
        }
    }

    #[test]
    fn a_stale_or_doubtful_value_is_never_shown_as_good() {
        let stale = LiveValue { stale: Some(StaleReason::Silence), ..live(2.0) };
        assert_eq!(binding().condition(Some(&stale)), TagCondition::Stale);
        let mut doubtful = live(2.0);
        doubtful.sample.quality = Quality::Uncertain;
        assert_eq!(binding().condition(Some(&doubtful)), TagCondition::NotGood);
        assert_eq!(binding().condition(None), TagCondition::Silent);
    }
}
