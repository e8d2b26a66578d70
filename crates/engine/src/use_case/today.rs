//! The first screen: the next job, the rest, and the machines that ask for somebody.

use std::collections::BTreeMap;

use millwright_local_db::Session;
use millwright_model::*;

use super::{exception, handover, notice, part, request, tag, work_order};
use crate::EngineError;
use crate::engine::Inner;

/// How far back the small trend of an asking machine looks.
const SPARK_MS: i64 = 60 * 60 * 1000;
const SPARK_BUCKETS: u32 = 60;
/// How many machines and orders are shown at most: the rest is one tap away.
const ASKING_MAX: usize = 6;
const MINE_MAX: u32 = 30;

pub(crate) async fn show(engine: &Inner, _command: TodayShow) -> Result<TodayView, EngineError> {
    let mut session = engine.database.read().await?;
    let person = engine.person();
    let filter = WorkOrderFilter { open_only: true, limit: Some(200), ..Default::default() };
    let mut open = session.work_orders(&filter).await?;
    // One's own first, then those of nobody; those of others are in Work. While nobody is picked, all are shown.
    open.retain(|order| person.is_none() || order.assignee_id.is_none() || order.assignee_id == person);
    open.sort_by_key(|order| order.assignee_id.is_none() && person.is_some());
    open.truncate(MINE_MAX as usize);
    let mut mine = work_order::overviews(engine, &mut session, open).await?;
    let next = if mine.is_empty() { None } else { Some(mine.remove(0)) };
    let next_facts = match &next {
        Some(next) => start_facts(&mut session, next).await?,
        None => Vec::new(),
    };
    let pending = WorkOrderFilter { details_pending: true, limit: Some(MINE_MAX), ..Default::default() };
    let pending = session.work_orders(&pending).await?;
    let details_pending = work_order::overviews(engine, &mut session, pending).await?;
    let requests = session.requests(true, 10).await?;
    let requests = request::overviews(engine, &mut session, requests).await?;
    Ok(TodayView {
        next,
        next_facts,
        mine,
        asking: asking(engine, &mut session).await?,
        requests,
        details_pending,
        unread: handover::unread(engine, &mut session).await?,
        exceptions: exceptions(engine, &mut session).await?,
        notices: notice::unseen(engine, &mut session, None).await?,
    })
}

/// What does not go as it should, for whoever sees to that.
async fn exceptions(engine: &Inner, session: &mut Session) -> Result<Vec<TodayException>, EngineError> {
    if supervises(engine) { exception::all(engine, session).await } else { Ok(Vec::new()) }
}

/// Whether the person who holds this device sees to what does not go as it should.
pub(crate) fn supervises(engine: &Inner) -> bool {
    let role = engine.person().and_then(|person_id| engine.people.get(person_id)).map(|person| person.role);
    match role {
        Some(PersonRole::Supervisor) => true,
        Some(PersonRole::Technician) | None => false,
    }
}

async fn start_facts(session: &mut Session, next: &WorkOrderOverview) -> Result<Vec<StartFact>, EngineError> {
    let mut facts = Vec::new();
    if let Some(minutes) = next.order.planned_minutes {
        facts.push(StartFact::PlannedTime { minutes });
    }
    let steps = session.work_steps_of(next.order.work_order_id).await?;
    if !steps.is_empty() {
        let mandatory = steps.iter().filter(|step| step.mandatory).count() as i64;
        facts.push(StartFact::Checklist { steps: steps.len() as i64, mandatory });
    }
    if let Some(asset_id) = next.order.asset_id {
        let mut parts = part::of_asset(session, asset_id).await?;
        // What the job speaks of comes first: for «Replace mechanical seal» that is the seal.
        parts.sort_by_key(|overview| std::cmp::Reverse(shared_words(&next.order.title, &overview.part.name)));
        for overview in parts.into_iter().take(2) {
            facts.push(StartFact::PartOnStock {
                part_id: overview.part.part_id,
                name: overview.part.name,
                on_hand: overview.on_hand,
                place: overview.place,
            });
        }
    }
    Ok(facts)
}

/// How many words of some length two lines share.
fn shared_words(left: &str, right: &str) -> usize {
    let right = right.to_lowercase();
    left.to_lowercase().split_whitespace().filter(|word| word.len() >= 4 && right.contains(word)).count()
}

/// Machines with an abnormal or stale tag, the worst first, each with its worst tag.
async fn asking(engine: &Inner, session: &mut Session) -> Result<Vec<AskingMachine>, EngineError> {
    let assets: BTreeMap<AssetId, Asset> =
        session.assets().await?.into_iter().map(|asset| (asset.asset_id, asset)).collect();
    let mut worst: BTreeMap<AssetId, TagState> = BTreeMap::new();
    for state in tag::states(engine, session.tag_bindings().await?) {
        let Some(rank) = severity(state.condition) else { continue };
        let asset_id = state.binding.asset_id;
        let known = worst.get(&asset_id).and_then(|known| severity(known.condition));
        if known.is_none_or(|known| rank < known) {
            worst.insert(asset_id, state);
        }
    }
    let mut ranked: Vec<(TagState, &Asset)> =
        worst.into_iter().filter_map(|(asset_id, state)| Some((state, assets.get(&asset_id)?))).collect();
    ranked.sort_by_key(|(state, asset)| (severity(state.condition), asset.criticality, asset.code.clone()));
    ranked.truncate(ASKING_MAX);
    let now = engine.now();
    let mut asking = Vec::with_capacity(ranked.len());
    for (tag, asset) in ranked {
        let spark =
            engine.history.trend(&tag.binding.series, now.0 - SPARK_MS, now.0, SPARK_BUCKETS).await?.buckets;
        asking.push(AskingMachine {
            asset_id: asset.asset_id,
            code: asset.code.clone(),
            name: asset.name.clone(),
            since: since(&tag, &spark),
            spark,
            tag,
        });
    }
    Ok(asking)
}

/// How urgently a condition asks, 0 first; nothing when it does not.
fn severity(condition: TagCondition) -> Option<u8> {
    match condition {
        TagCondition::BeyondLimit => Some(0),
        TagCondition::Unusual => Some(1),
        TagCondition::Stale => Some(2),
        TagCondition::NotGood => Some(3),
        TagCondition::Normal | TagCondition::Silent => None,
    }
}

/// Since when the tag has been outside its band without a break, as far as the small trend knows.
fn since(tag: &TagState, spark: &[TrendBucket]) -> Option<TimestampMs> {
    if tag.condition == TagCondition::Stale {
        return tag.live.as_ref().map(|live| live.sample.at());
    }
    let (low, high) = (tag.binding.usual_low, tag.binding.usual_high);
    let outside = |bucket: &&TrendBucket| {
        high.is_some_and(|high| bucket.max > high) || low.is_some_and(|low| bucket.min < low)
    };
    spark.iter().rev().take_while(outside).last().map(|bucket| bucket.at)
}
