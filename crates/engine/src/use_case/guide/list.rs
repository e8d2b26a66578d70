//! Guides as lists show them, and one with its revisions.

use std::collections::BTreeMap;

use millwright_local_db::Session;
use millwright_model::*;

use super::revision;
use crate::EngineError;
use crate::engine::Inner;

/// Fewer times of a step than this say nothing.
const TIMES_MIN: usize = 3;

pub(crate) async fn list(engine: &Inner, command: GuideList) -> Result<Vec<GuideOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let guides = match command.asset_id {
        Some(asset_id) => {
            let asset: Option<Asset> = session.get(asset_id).await?;
            session.guides_for(&asset.ok_or(EngineError::NotFound(Missing::Machine))?).await?
        }
        None => session.guides().await?,
    };
    let mut overviews = Vec::with_capacity(guides.len());
    for guide in guides {
        overviews.push(overview(&mut session, guide).await?);
    }
    Ok(overviews)
}

async fn overview(session: &mut Session, guide: Guide) -> Result<GuideOverview, EngineError> {
    let asset: Option<Asset> = match guide.asset_id {
        Some(asset_id) => session.get(asset_id).await?,
        None => None,
    };
    let revisions = session.revisions_of(guide.guide_id).await?;
    let approved = revisions.iter().find(|revision| revision.status == RevisionStatus::Approved);
    Ok(GuideOverview {
        asset_code: asset.map(|asset| asset.code),
        approved_number: approved.map(|revision| revision.number),
        step_count: approved.map_or(0, |revision| revision.content.steps().count() as i64),
        in_review: revisions
            .iter()
            .find(|revision| revision.status == RevisionStatus::InReview)
            .map(|revision| revision.guide_revision_id),
        guide,
    })
}

pub(crate) async fn show(engine: &Inner, command: GuideShow) -> Result<GuideView, EngineError> {
    let mut session = engine.database.read().await?;
    let guide: Option<Guide> = session.get(command.guide_id).await?;
    let guide = guide.ok_or(EngineError::NotFound(Missing::Guide))?;
    let asset = match guide.asset_id {
        Some(asset_id) => session.get(asset_id).await?,
        None => None,
    };
    let mut revisions = Vec::new();
    let mut approved = None;
    for revision in session.revisions_of(guide.guide_id).await? {
        revisions.push(revision::overview(engine, &mut session, &revision).await?);
        if approved.is_none() && revision.status == RevisionStatus::Approved {
            approved = Some(revision);
        }
    }
    let (to_read, times) = match &approved {
        Some(revision) => (
            revision::is_to_read(engine, &mut session, revision).await?,
            times(session.step_times_of(revision.guide_revision_id).await?),
        ),
        None => (false, Vec::new()),
    };
    Ok(GuideView { guide, asset, revisions, approved, to_read, times })
}

/// How long steps take, of those that were counted often enough.
fn times(counted: Vec<StepTime>) -> Vec<StepTimes> {
    let mut of_step: BTreeMap<GuideStepId, Vec<i64>> = BTreeMap::new();
    for time in counted {
        of_step.entry(time.step_id).or_default().push(time.took_ms);
    }
    let figures = |(step_id, mut took): (GuideStepId, Vec<i64>)| {
        took.sort_unstable();
        let at = |share: usize| took.get((took.len() - 1) * share / 100).copied().unwrap_or_default();
        (took.len() >= TIMES_MIN).then(|| StepTimes {
            step_id,
            count: took.len() as i64,
            median_ms: at(50),
            p90_ms: at(90),
        })
    };
    of_step.into_iter().filter_map(figures).collect()
}
