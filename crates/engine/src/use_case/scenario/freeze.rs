//! The frozen baseline: what figures are bound to is taken from the plant and the ERP, and the model kept as it then stands.

use millwright_local_db::Session;
use millwright_methods::scenario::{self as language, Question};
use millwright_model::*;

use super::draft::{Reading, document};
use super::{convert, of_document, of_model};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::actor;
use crate::use_case::document::{self, writer};

const DAY_MS: i64 = 86_400_000;
/// The most days of a tag's history that a range is taken from.
const DAYS_MAX: u32 = 366;
/// A tag's history is looked at in so many pieces.
const PIECES: u32 = 1_000;
/// A range of a tag leaves out so much on either side.
const OUTSIDE: f64 = 0.05;

/// What was found for a bound figure.
struct Taken {
    answer: ScenarioAnswer,
    origin: ScenarioOrigin,
}

pub(crate) async fn freeze(engine: &Inner, command: ScenarioFreeze) -> Result<ScenarioFrozen, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let scenario: Scenario = unit.need(command.scenario_id, Missing::Scenario).await?;
    let (mut draft, _) = document(&mut unit, scenario.scenario_id).await?;
    let now = unit.now;
    let before = Reading::of(&draft.text());
    let questions = before.model()?.questions();
    let (mut text, mut taken, mut left) = (before.text.clone(), Vec::new(), Vec::new());
    for (name, driver) in draft.drivers() {
        let stays = |why| ScenarioLeft { name: name.clone(), why };
        let Some(question) = questions.iter().find(|question| question.name == name) else {
            left.push(stays(ScenarioLeftWhy::NotAsked));
            continue;
        };
        let found = match look(engine, &mut unit, driver, now).await? {
            Ok(found) => found,
            Err(why) => {
                left.push(stays(why));
                continue;
            }
        };
        if !is_taken_for_an_answer(question, &found.answer) {
            left.push(stays(ScenarioLeftWhy::OutOfRange));
            continue;
        }
        let origin = convert::origin(&found.origin);
        text = language::answer(&text, &name, &convert::answer(&found.answer), Some(origin))
            .map_err(|fault| of_model(&fault))?;
        taken.push(name);
    }
    if !taken.is_empty() {
        let id: DocumentUpdateId = unit.mint();
        let seen = draft.version();
        if let Some(update) = draft.write_text(&seen, &text, writer(id)).map_err(of_document)? {
            document::fits(&update).map_err(of_document)?;
            document::keep(&mut unit, id, scenario.scenario_id.0, &update, CacheTag::Scenarios).await?;
        }
    }
    let baseline = ScenarioBaseline {
        scenario_baseline_id: unit.mint(),
        scenario_id: scenario.scenario_id,
        text,
        taken_at: now,
        taken_by: engine.person(),
    };
    unit.create(&baseline).await?;
    unit.leaves_at_once();
    unit.stale(CacheTag::Scenarios);
    unit.commit().await?;
    Ok(ScenarioFrozen { scenario_baseline_id: baseline.scenario_baseline_id, taken, left })
}

pub(super) fn is_taken_for_an_answer(question: &Question, answer: &ScenarioAnswer) -> bool {
    let ends = match answer {
        ScenarioAnswer::Figure { value } => [*value, *value],
        ScenarioAnswer::Between { low, high } => [*low, *high],
        ScenarioAnswer::YesOrNo { .. } | ScenarioAnswer::Unknown | ScenarioAnswer::Other { .. } => {
            return true;
        }
    };
    ends.iter().all(|end| {
        question.least.is_none_or(|least| *end >= least) && question.most.is_none_or(|most| *end <= most)
    })
}

async fn look(
    engine: &Inner,
    session: &mut Session,
    driver: ScenarioDriver,
    now: TimestampMs,
) -> Result<Result<Taken, ScenarioLeftWhy>, EngineError> {
    match driver {
        ScenarioDriver::Tag { tag_binding_id, days, times } => {
            let Some(binding) = session.get::<TagBinding>(tag_binding_id).await? else {
                return Ok(Err(ScenarioLeftWhy::Gone));
            };
            if days == 0 {
                return Ok(newest(engine, &binding, times).ok_or(ScenarioLeftWhy::NoValue));
            }
            Ok(range(engine, &binding, days.min(DAYS_MAX), times, now).await?.ok_or(ScenarioLeftWhy::NoValue))
        }
        ScenarioDriver::Stock { part_id, times } => {
            let Some(part) = session.get::<Part>(part_id).await? else {
                return Ok(Err(ScenarioLeftWhy::Gone));
            };
            let stock = session.stock_of(part_id).await?;
            let Some(as_of) = stock.iter().map(|stock| stock.as_of).min() else {
                return Ok(Err(ScenarioLeftWhy::NoValue));
            };
            let thousandths: i64 = stock.iter().map(|stock| stock.on_hand.thousandths).sum();
            let of = format!("{} {}, {}", part.number, part.name, convert::stamp(as_of));
            Ok(Ok(Taken {
                answer: ScenarioAnswer::Figure { value: thousandths as f64 / 1_000.0 * times },
                origin: ScenarioOrigin { kind: ScenarioOriginKind::Erp, of },
            }))
        }
    }
}

/// The newest value of a tag, where it is good and new.
fn newest(engine: &Inner, binding: &TagBinding, times: f64) -> Option<Taken> {
    let live = engine.live.get(&binding.series)?;
    let is_current = live.stale.is_none() && !live.sample.retained && !live.sample.historical;
    if !is_current || live.sample.quality != Quality::Good {
        return None;
    }
    let value = live.sample.value.as_ref().and_then(Value::as_f64)?;
    let of = format!("{}, {}", binding.name, convert::stamp(live.sample.at()));
    Some(Taken {
        answer: ScenarioAnswer::Figure { value: value * times },
        origin: ScenarioOrigin { kind: ScenarioOriginKind::Tag, of },
    })
}

/// Where nine tenths of a tag's means lay over some days.
async fn range(
    engine: &Inner,
    binding: &TagBinding,
    days: u32,
    times: f64,
    now: TimestampMs,
) -> Result<Option<Taken>, EngineError> {
    let from = now.plus_ms(-i64::from(days) * DAY_MS);
    let trend = engine.history.trend(&binding.series, from.0, now.0 + 1, PIECES).await?;
    let mut means: Vec<f64> = trend.buckets.iter().map(|bucket| bucket.mean * times).collect();
    means.retain(|mean| mean.is_finite());
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means.get((share * means.len().saturating_sub(1) as f64).round() as usize).copied();
    let (Some(low), Some(high)) = (at(OUTSIDE), at(1.0 - OUTSIDE)) else { return Ok(None) };
    let first = trend.buckets.first().map_or(from, |bucket| bucket.at);
    let of = format!("{}, {} / {}", binding.name, convert::stamp(first), convert::stamp(now));
    let answer = if high > low {
        ScenarioAnswer::Between { low, high }
    } else {
        ScenarioAnswer::Figure { value: low }
    };
    Ok(Some(Taken { answer, origin: ScenarioOrigin { kind: ScenarioOriginKind::Tag, of } }))
}
