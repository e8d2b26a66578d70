//! Signposts: tags that raise a scenario when they stay beyond a threshold, also weeks later.

use std::collections::BTreeMap;

use millwright_local_db::Session;
use millwright_model::*;

use super::unfit;
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, occasion_id, required_text, tag};

/// The rule that watches signposts, as ops name it.
const RULE: &str = "signpost";
/// A time that a tag must stay beyond is looked at in so many pieces; the first must have a sample.
const PIECES: u32 = 4;

pub(crate) async fn save(engine: &Inner, command: SignpostSave) -> Result<SignpostId, EngineError> {
    let name = required_text(&command.name, Input::SignpostName, Signpost::NAME_CHARS)?;
    if !command.threshold.is_finite() {
        return Err(unfit(ScenarioFault::NoNumber { name }));
    }
    if !(0..=Signpost::HOLDS_MAX_MS).contains(&command.holds_ms) {
        return Err(unfit(ScenarioFault::HoldsTooLong));
    }
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    unit.need::<Scenario>(command.scenario_id, Missing::Scenario).await?;
    unit.need::<TagBinding>(command.tag_binding_id, Missing::Tag).await?;
    let kept = match command.signpost_id {
        Some(signpost_id) => Some(unit.need::<Signpost>(signpost_id, Missing::Signpost).await?),
        None => None,
    };
    let count = unit.signposts_of(command.scenario_id).await?.len();
    if kept.is_none() && count >= Signpost::OF_SCENARIO_MAX {
        let limit = Signpost::OF_SCENARIO_MAX as u64;
        return Err(unfit(ScenarioFault::TooMany { what: "signposts".to_owned(), limit }));
    }
    let signpost = Signpost {
        signpost_id: kept.as_ref().map_or_else(|| unit.mint(), |kept| kept.signpost_id),
        scenario_id: command.scenario_id,
        name,
        tag_binding_id: command.tag_binding_id,
        side: command.side,
        threshold: command.threshold,
        holds_ms: command.holds_ms,
        set_at: unit.now,
        set_by: engine.person(),
        ended_at: None,
    };
    match &kept {
        Some(kept) => {
            unit.update(kept, &signpost).await?;
        }
        None => {
            unit.create(&signpost).await?;
        }
    }
    unit.stale(CacheTag::Scenarios);
    unit.commit().await?;
    Ok(signpost.signpost_id)
}

pub(crate) async fn take_away(engine: &Inner, command: SignpostEnd) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let signpost: Signpost = unit.need(command.signpost_id, Missing::Signpost).await?;
    let ended = Signpost { ended_at: signpost.ended_at.or(Some(unit.now)), ..signpost.clone() };
    unit.update(&signpost, &ended).await?;
    unit.stale(CacheTag::Scenarios);
    unit.commit().await
}

pub(crate) async fn crossing_seen(
    engine: &Inner,
    command: SignpostCrossingSeen,
) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let crossing: SignpostCrossing = unit.need(command.signpost_crossing_id, Missing::Signpost).await?;
    let seen = SignpostCrossing {
        seen_at: crossing.seen_at.or(Some(unit.now)),
        seen_by: crossing.seen_by.or(engine.person()),
        ..crossing.clone()
    };
    unit.update(&crossing, &seen).await?;
    unit.stale(CacheTag::Scenarios);
    unit.commit().await
}

/// The signposts of a scenario as they stand.
pub(super) async fn of_scenario(
    engine: &Inner,
    session: &mut Session,
    scenario_id: ScenarioId,
) -> Result<Vec<SignpostView>, EngineError> {
    let mut views = Vec::new();
    for signpost in session.signposts_of(scenario_id).await? {
        views.push(view(engine, session, signpost).await?);
    }
    Ok(views)
}

async fn view(
    engine: &Inner,
    session: &mut Session,
    signpost: Signpost,
) -> Result<SignpostView, EngineError> {
    let binding: Option<TagBinding> = session.get(signpost.tag_binding_id).await?;
    let tag = binding.and_then(|binding| tag::states(engine, vec![binding]).pop());
    let crossings = session.crossings_of(signpost.signpost_id).await?;
    let crossing = crossings.into_iter().find(|crossing| crossing.seen_at.is_none());
    Ok(SignpostView { signpost, tag, crossing })
}

/// Scenarios that ask to be looked at, with the signpost that was crossed.
pub(crate) async fn unseen(
    engine: &Inner,
    session: &mut Session,
) -> Result<Vec<(Scenario, SignpostView)>, EngineError> {
    let mut found = Vec::new();
    for crossing in session.open_crossings().await? {
        let Some(signpost) = session.get::<Signpost>(crossing.signpost_id).await? else { continue };
        let Some(scenario) = session.get::<Scenario>(crossing.scenario_id).await? else { continue };
        if signpost.ended_at.is_some() || scenario.ended_at.is_some() {
            continue;
        }
        found.push((scenario, view(engine, session, signpost).await?));
    }
    Ok(found)
}

/// Writes down which signposts are crossed now. One that waits to be looked at is written once, and again only when its tag
/// was on the safe side in between.
pub(crate) async fn note_crossed(engine: &Inner) -> Result<(), EngineError> {
    let mut session = engine.database.read().await?;
    let signposts = session.signposts().await?;
    let mut scenarios: BTreeMap<ScenarioId, bool> = BTreeMap::new();
    let mut crossed = Vec::new();
    for signpost in signposts {
        let is_open = match scenarios.get(&signpost.scenario_id) {
            Some(is_open) => *is_open,
            None => {
                let scenario: Option<Scenario> = session.get(signpost.scenario_id).await?;
                let is_open = scenario.is_some_and(|scenario| scenario.ended_at.is_none());
                scenarios.insert(signpost.scenario_id, is_open);
                is_open
            }
        };
        if !is_open {
            continue;
        }
        if let Some(crossing) = crossing(engine, &mut session, &signpost).await? {
            crossed.push(crossing);
        }
    }
    drop(session);
    if crossed.is_empty() {
        return Ok(());
    }
    let mut unit = Unit::begin(engine, Actor::rule(RULE)).await?;
    for crossing in &crossed {
        unit.create(crossing).await?;
    }
    unit.stale(CacheTag::Scenarios);
    unit.commit().await?;
    Ok(())
}

/// The crossing of a signpost, where it is crossed now and nobody was told of it.
async fn crossing(
    engine: &Inner,
    session: &mut Session,
    signpost: &Signpost,
) -> Result<Option<SignpostCrossing>, EngineError> {
    let Some(binding) = session.get::<TagBinding>(signpost.tag_binding_id).await? else { return Ok(None) };
    let Some(live) = engine.live.get(&binding.series) else { return Ok(None) };
    let is_current = live.stale.is_none() && !live.sample.retained && !live.sample.historical;
    let value = live.sample.value.as_ref().and_then(Value::as_f64);
    let Some(value) = value.filter(|_| is_current && live.sample.quality == Quality::Good) else {
        return Ok(None);
    };
    if !signpost.side.holds(value, signpost.threshold) {
        return Ok(None);
    }
    let at = live.sample.at();
    if signpost.holds_ms > 0 && !stayed_beyond(engine, &binding, signpost, at).await? {
        return Ok(None);
    }
    let before = session.crossings_of(signpost.signpost_id).await?;
    if let Some(last) = before.first()
        && (last.seen_at.is_none()
            || !was_safe_since(engine, &binding, signpost, last.crossed_at, at).await?)
    {
        return Ok(None);
    }
    let id = occasion_id(RULE, &signpost.signpost_id.to_string(), before.len());
    Ok(Some(SignpostCrossing {
        signpost_crossing_id: SignpostCrossingId(id),
        signpost_id: signpost.signpost_id,
        scenario_id: signpost.scenario_id,
        value,
        crossed_at: at,
        seen_at: None,
        seen_by: None,
    }))
}

/// Whether all samples of the time that the signpost wants lie beyond, and there are some from its beginning on.
async fn stayed_beyond(
    engine: &Inner,
    binding: &TagBinding,
    signpost: &Signpost,
    until: TimestampMs,
) -> Result<bool, EngineError> {
    let from = until.plus_ms(-signpost.holds_ms);
    let trend = engine.history.trend(&binding.series, from.0, until.0 + 1, PIECES).await?;
    let covers = trend
        .buckets
        .first()
        .is_some_and(|first| first.at.since_ms(from) <= signpost.holds_ms / i64::from(PIECES));
    let beyond = |value| signpost.side.holds(value, signpost.threshold);
    Ok(covers && trend.buckets.iter().all(|bucket| beyond(bucket.min) && beyond(bucket.max)))
}

/// Whether a tag was on the safe side after a moment.
async fn was_safe_since(
    engine: &Inner,
    binding: &TagBinding,
    signpost: &Signpost,
    since: TimestampMs,
    until: TimestampMs,
) -> Result<bool, EngineError> {
    if until.0 <= since.0 {
        return Ok(false);
    }
    let trend = engine.history.trend(&binding.series, since.0 + 1, until.0 + 1, 1).await?;
    let beyond = |value| signpost.side.holds(value, signpost.threshold);
    Ok(trend.buckets.iter().any(|bucket| !beyond(bucket.min) || !beyond(bucket.max)))
}
