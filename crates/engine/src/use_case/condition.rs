//! Live conditions: what the plant shows can hold a step back and never pass it. A person's own try-out is always wanted
//! as well; where the plant's word does not hold, with a second person. An aid, not a safety function.

use std::collections::BTreeMap;
use std::sync::Mutex;

use millwright_local_db::Session;
use millwright_model::*;

use super::tag;
use crate::EngineError;
use crate::engine::Inner;

/// A value older than this proves nothing.
pub(crate) const AGE_MAX_MS: i64 = 2_000;
/// It must have been within for so long.
pub(crate) const HELD_MIN_MS: i64 = 5_000;
/// How far back it is looked whether the tag was ever seen to be anything else.
const MOVED_WITHIN_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What is watched for steps that wait: since when the tag's values have been within, as they came.
#[derive(Default)]
pub(crate) struct Watches(Mutex<BTreeMap<WorkStepId, Watch>>);

#[derive(Clone, Copy, Debug)]
struct Watch {
    began_at: TimestampMs,
    /// The sample since which every one was within.
    within_since: Option<TimestampMs>,
    last: Option<TimestampMs>,
}

/// What is known of a tag when a condition is judged.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Its newest value.
    pub(crate) value: Option<f64>,
    /// When it was sampled.
    pub(crate) sampled_at: TimestampMs,
    /// How good it is.
    pub(crate) quality: Quality,
    /// It comes from a simulation.
    pub(crate) simulated: bool,
    /// Every sample since then, newer than the step's start, was within.
    pub(crate) within_since: Option<TimestampMs>,
    /// It was seen to be something else, lately.
    pub(crate) moved: bool,
}

/// Why the plant's word is not enough; nothing where it shows the source as gone.
pub(crate) fn judge(condition: &LiveCondition, seen: Option<&Seen>, now: TimestampMs) -> Option<HeldStep> {
    let Some(seen) = seen else { return Some(HeldStep::NeverHeard) };
    if seen.quality != Quality::Good {
        return Some(HeldStep::QualityNot { quality: seen.quality });
    }
    if seen.simulated {
        return Some(HeldStep::Simulated);
    }
    let age_ms = now.since_ms(seen.sampled_at);
    // A sample from the future is as little worth as an old one.
    if !(-AGE_MAX_MS..=AGE_MAX_MS).contains(&age_ms) {
        return Some(HeldStep::TooOld { age_ms });
    }
    let Some(value) = seen.value else { return Some(HeldStep::NeverHeard) };
    if !(condition.low..=condition.high).contains(&value) {
        return Some(HeldStep::OutOfTolerance { value });
    }
    let held_ms = seen.within_since.map_or(0, |since| seen.sampled_at.since_ms(since));
    if held_ms < HELD_MIN_MS {
        return Some(HeldStep::NotLongEnough { held_ms: held_ms.max(0) });
    }
    if !seen.moved { Some(HeldStep::NeverMoved) } else { None }
}

impl Watches {
    /// Takes a sample into the watch of a step, which begins with its first one; answers since when all were within.
    fn take(
        &self,
        step: WorkStepId,
        sampled_at: TimestampMs,
        within: bool,
        now: TimestampMs,
    ) -> Option<TimestampMs> {
        let Ok(mut watches) = self.0.lock() else { return None };
        let watch = watches.entry(step).or_insert(Watch { began_at: now, within_since: None, last: None });
        // What was sampled before the step was opened proves nothing about now.
        if sampled_at < watch.began_at {
            return None;
        }
        if watch.last != Some(sampled_at) {
            // A silence in between may hide anything.
            let silent = watch.last.is_some_and(|last| sampled_at.since_ms(last) > AGE_MAX_MS);
            watch.within_since = match (within, watch.within_since) {
                (true, Some(since)) if !silent => Some(since),
                (true, _) => Some(sampled_at),
                (false, _) => None,
            };
            watch.last = Some(sampled_at);
        }
        watch.within_since
    }

    /// The step is open: its watch begins, where it has not.
    fn open(&self, step: WorkStepId, now: TimestampMs) {
        if let Ok(mut watches) = self.0.lock() {
            watches.entry(step).or_insert(Watch { began_at: now, within_since: None, last: None });
        }
    }

    /// A sample that was not looked at was outside.
    fn outside(&self, step: WorkStepId) {
        if let Ok(mut watches) = self.0.lock()
            && let Some(watch) = watches.get_mut(&step)
        {
            watch.within_since = None;
        }
    }

    /// The step was recorded: nothing is watched for it any more.
    fn end(&self, step: WorkStepId) {
        if let Ok(mut watches) = self.0.lock() {
            watches.remove(&step);
        }
    }
}

/// How the condition of a step of an order stands.
async fn stands(
    engine: &Inner,
    session: &mut Session,
    step: WorkStepId,
    condition: &LiveCondition,
) -> Result<(ConditionView, Option<PlantProof>), EngineError> {
    let source: Option<EnergySource> = session.get(condition.energy_source_id).await?;
    let source = source.ok_or(EngineError::NotFound(Missing::EnergySource))?;
    let binding: Option<TagBinding> = match source.proven_tag() {
        Some(tag) => session.get(tag).await?,
        None => None,
    };
    let view =
        |source, tag, held| ConditionView { source, tag, low: condition.low, high: condition.high, held };
    let Some(binding) = binding else { return Ok((view(source, None, Some(HeldStep::NotBound)), None)) };
    let state = tag::states(engine, vec![binding.clone()]).pop();
    let now = engine.now();
    let Some(live) = state.as_ref().and_then(|state| state.live.clone()) else {
        engine.watches.open(step, now);
        return Ok((view(source, state, Some(HeldStep::NeverHeard)), None));
    };
    let (value, sampled_at) = (live.sample.value.as_ref().and_then(Value::as_f64), live.sample.at());
    let is_current = live.stale.is_none() && !live.sample.retained && !live.sample.historical;
    let quality =
        if is_current { live.sample.quality } else { live.sample.quality.worst(Quality::Uncertain) };
    let within = quality == Quality::Good && value.is_some_and(|value| holds(condition, value));
    let mut within_since = engine.watches.take(step, sampled_at, within, now);
    if let Some(since) = within_since
        && !all_within(engine, &binding, condition, since, sampled_at).await?
    {
        // It was outside between two looks.
        engine.watches.outside(step);
        within_since = None;
    }
    let seen = Seen {
        value,
        sampled_at,
        quality,
        simulated: engine.mode() == AppMode::Demo,
        within_since,
        moved: has_moved(engine, &binding, condition, now).await?,
    };
    let held = judge(condition, Some(&seen), now);
    let proof = held.is_none().then(|| PlantProof {
        tag_binding_id: binding.tag_binding_id,
        value: value.unwrap_or_default(),
        unit: binding.unit.clone(),
        sampled_at,
        held_ms: within_since.map_or(0, |since| sampled_at.since_ms(since)),
    });
    Ok((view(source, state, held), proof))
}

fn holds(condition: &LiveCondition, value: f64) -> bool {
    (condition.low..=condition.high).contains(&value)
}

/// Whether history knows of no sample in between that was outside.
async fn all_within(
    engine: &Inner,
    binding: &TagBinding,
    condition: &LiveCondition,
    from: TimestampMs,
    to: TimestampMs,
) -> Result<bool, EngineError> {
    let trend = engine.history.trend(&binding.series, from.0, to.0 + 1, 1).await?;
    Ok(trend.buckets.iter().all(|bucket| holds(condition, bucket.min) && holds(condition, bucket.max)))
}

/// Whether the tag was seen to be something else than gone: one that always says zero may be stuck, or none of it.
async fn has_moved(
    engine: &Inner,
    binding: &TagBinding,
    condition: &LiveCondition,
    now: TimestampMs,
) -> Result<bool, EngineError> {
    let trend = engine.history.trend(&binding.series, now.plus_ms(-MOVED_WITHIN_MS).0, now.0 + 1, 1).await?;
    Ok(trend.buckets.iter().any(|bucket| !holds(condition, bucket.min) || !holds(condition, bucket.max)))
}

pub(crate) async fn show(engine: &Inner, command: ConditionShow) -> Result<ConditionView, EngineError> {
    let mut session = engine.database.read().await?;
    let step: Option<WorkStep> = session.get(command.work_step_id).await?;
    let step = step.ok_or(EngineError::NotFound(Missing::Step))?;
    let StepForm::TryOut { condition } = &step.form else {
        return Err(EngineError::NotFound(Missing::EnergySource));
    };
    Ok(stands(engine, &mut session, step.work_step_id, condition).await?.0)
}

/// What a person's try-out is recorded as: with the plant's word where it holds, else with a second person.
pub(crate) async fn tried_out(
    engine: &Inner,
    session: &mut Session,
    step: &WorkStep,
    condition: &LiveCondition,
    second_person_id: Option<PersonId>,
) -> Result<StepOutcome, EngineError> {
    let person = engine.person().ok_or(EngineError::NoActor)?;
    let (_, shown) = stands(engine, session, step.work_step_id, condition).await?;
    let second_person_id = second_person_id.filter(|second| *second != person);
    if let Some(second) = second_person_id
        && engine.people.get(second).is_none()
    {
        return Err(EngineError::NotFound(Missing::Person));
    }
    if shown.is_none() && second_person_id.is_none() {
        return Err(EngineError::Precondition(Refusal::TryOutAlone));
    }
    engine.watches.end(step.work_step_id);
    Ok(StepOutcome::TriedOut { shown, second_person_id })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: TimestampMs = TimestampMs(1_000_000);

    fn stopped() -> LiveCondition {
        LiveCondition { energy_source_id: EnergySourceId(Uuid::from_u128(1)), low: -0.5, high: 0.5 }
    }

    fn proven() -> Seen {
        Seen {
            value: Some(0.0),
            sampled_at: NOW,
            quality: Quality::Good,
            simulated: false,
            within_since: Some(NOW.plus_ms(-HELD_MIN_MS)),
            moved: true,
        }
    }

    #[test]
    fn the_plant_shows_a_source_as_gone_only_where_everything_holds() {
        assert_eq!(judge(&stopped(), Some(&proven()), NOW), None);
        assert_eq!(judge(&stopped(), None, NOW), Some(HeldStep::NeverHeard));
        let cases = [
            (
                Seen { quality: Quality::Uncertain, ..proven() },
                HeldStep::QualityNot { quality: Quality::Uncertain },
            ),
            (Seen { quality: Quality::Bad, ..proven() }, HeldStep::QualityNot { quality: Quality::Bad }),
            (Seen { simulated: true, ..proven() }, HeldStep::Simulated),
            (Seen { sampled_at: NOW.plus_ms(-2_001), ..proven() }, HeldStep::TooOld { age_ms: 2_001 }),
            (Seen { sampled_at: NOW.plus_ms(2_001), ..proven() }, HeldStep::TooOld { age_ms: -2_001 }),
            (Seen { value: Some(0.6), ..proven() }, HeldStep::OutOfTolerance { value: 0.6 }),
            (Seen { value: None, ..proven() }, HeldStep::NeverHeard),
            (
                Seen { within_since: Some(NOW.plus_ms(-4_999)), ..proven() },
                HeldStep::NotLongEnough { held_ms: 4_999 },
            ),
            (Seen { within_since: None, ..proven() }, HeldStep::NotLongEnough { held_ms: 0 }),
            (Seen { moved: false, ..proven() }, HeldStep::NeverMoved),
        ];
        for (seen, because) in cases {
            assert_eq!(judge(&stopped(), Some(&seen), NOW), Some(because), "{seen:?}");
        }
    }

    #[test]
    fn a_watch_counts_samples_newer_than_the_step_and_begins_anew_after_a_silence() {
        let (watches, step) = (Watches::default(), WorkStepId(Uuid::from_u128(1)));
        let at = |ms: i64| NOW.plus_ms(ms);
        assert_eq!(watches.take(step, at(-500), true, NOW), None, "sampled before the step was opened");
        assert_eq!(watches.take(step, at(500), true, at(500)), Some(at(500)));
        assert_eq!(watches.take(step, at(1_500), true, at(1_500)), Some(at(500)));
        assert_eq!(watches.take(step, at(2_500), false, at(2_500)), None, "it moved");
        assert_eq!(watches.take(step, at(3_500), true, at(3_500)), Some(at(3_500)));
        assert_eq!(
            watches.take(step, at(6_000), true, at(6_000)),
            Some(at(6_000)),
            "nobody knows what was between"
        );
        assert_eq!(
            watches.take(step, at(6_000), true, at(6_500)),
            Some(at(6_000)),
            "the same sample seen again"
        );
    }
}
