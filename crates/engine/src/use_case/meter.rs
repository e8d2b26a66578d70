//! Meters: what people read off a machine, and where a meter stood at a time.

use millwright_local_db::Session;
use millwright_model::*;

use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

pub(crate) const NAME_CHARS: usize = 80;
pub(crate) const UNIT_CHARS: usize = 20;
/// How far back history is asked for the last value of a tag.
const LOOK_BACK_MS: i64 = 90 * 86_400_000;
const LOOK_BACK_BUCKETS: u32 = 1_000;

pub(crate) async fn reading_add(engine: &Inner, command: ReadingAdd) -> Result<Done, EngineError> {
    let name = required_text(&command.name, Input::MeterName, NAME_CHARS)?;
    let unit_code = required_text(&command.unit, Input::Unit, UNIT_CHARS)?;
    if !command.value.is_finite() {
        return Err(EngineError::Invalid(Refusal::ReadingNotANumber));
    }
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let asset: Asset = unit.need(command.asset_id, Missing::Machine).await?;
    let reading = Reading {
        reading_id: unit.mint(),
        asset_id: asset.asset_id,
        work_order_id: None,
        name,
        value: command.value,
        unit: unit_code,
        corrects: None,
        reason: None,
        read_at: unit.now,
        read_by: engine.person(),
    };
    unit.create(&reading).await?;
    unit.stale(CacheTag::Asset(asset.asset_id));
    unit.stale(CacheTag::Plans);
    unit.commit().await
}

/// A meter, and where it stands.
pub(crate) struct Meter {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) stand: Option<f64>,
}

/// The meter that a plan counts by, and where it stood at `until`; nothing where its tag is no longer bound.
pub(crate) async fn at(
    engine: &Inner,
    session: &mut Session,
    asset_id: AssetId,
    source: &MeterSource,
    until: TimestampMs,
) -> Result<Option<Meter>, EngineError> {
    match source {
        MeterSource::Reading { name, unit } => {
            let reading = session.last_reading(asset_id, name, unit, until).await?;
            let stand = reading.map(|reading| reading.value);
            Ok(Some(Meter { name: name.clone(), unit: unit.clone(), stand }))
        }
        MeterSource::Tag { tag_binding_id } => {
            let Some(binding) = session.get::<TagBinding>(*tag_binding_id).await? else { return Ok(None) };
            let stand = tag_stand(engine, &binding.series, until).await?;
            Ok(Some(Meter { name: binding.name, unit: binding.unit, stand }))
        }
    }
}

/// What a tag last counted up to `until`. A meter that is silent has not run back: its last good value stands.
async fn tag_stand(
    engine: &Inner,
    series: &SeriesKey,
    until: TimestampMs,
) -> Result<Option<f64>, EngineError> {
    if let Some(live) = engine.live.get(series)
        && live.sample.quality == Quality::Good
        && live.sample.at() <= until
        && let Some(number) = live.sample.value.as_ref().and_then(Value::as_f64)
    {
        return Ok(Some(number));
    }
    let from = until.plus_ms(-LOOK_BACK_MS);
    let trend = engine.history.trend(series, from.0, until.0 + 1, LOOK_BACK_BUCKETS).await?;
    Ok(trend.buckets.last().map(|bucket| bucket.max))
}
