//! Revisions: handed in by their authors, decided on by somebody else, read and signed by whoever works by them.

use millwright_local_db::Session;
use millwright_model::*;

use super::draft::Written;
use super::{check, not_now, of_document};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::document::text_of;
use crate::use_case::{actor, occasion_id, required_text};

const NEWS_CHARS: usize = 2_000;
const REASON_CHARS: usize = 2_000;

/// A revision as lists show it.
pub(super) async fn overview(
    engine: &Inner,
    session: &mut Session,
    revision: &GuideRevision,
) -> Result<RevisionOverview, EngineError> {
    let name = |person: PersonId| engine.people.name(Some(person));
    let readers = session.reads_of(revision.guide_revision_id).await?;
    let waits = revision.status == RevisionStatus::InReview;
    Ok(RevisionOverview {
        guide_revision_id: revision.guide_revision_id,
        number: revision.number,
        status: revision.status,
        status_reason: revision.status_reason.clone(),
        news: revision.news.clone(),
        author_names: revision.authors.iter().copied().filter_map(name).collect(),
        submitted_at: revision.submitted_at,
        decided_at: revision.decided_at,
        decided_by_name: engine.people.name(revision.decided_by),
        may_decide: waits && engine.person().is_some_and(|person| is_stranger(revision, person)),
        reader_names: readers.iter().filter_map(|read| name(read.person_id)).collect(),
    })
}

/// Whether a person had no part in a revision.
fn is_stranger(revision: &GuideRevision, person: PersonId) -> bool {
    !revision.authors.contains(&person) && revision.submitted_by != Some(person)
}

/// Whether whoever holds the device has not signed yet that they have read a revision.
pub(super) async fn is_to_read(
    engine: &Inner,
    session: &mut Session,
    revision: &GuideRevision,
) -> Result<bool, EngineError> {
    let Some(person) = engine.person() else { return Ok(false) };
    // Who wrote it or approved it has read it.
    if !is_stranger(revision, person) || revision.decided_by == Some(person) {
        return Ok(false);
    }
    let reads = session.reads_of(revision.guide_revision_id).await?;
    Ok(!reads.iter().any(|read| read.person_id == person))
}

pub(crate) async fn submit(engine: &Inner, command: GuideSubmit) -> Result<GuideRevisionId, EngineError> {
    let person = engine.person().ok_or(EngineError::NoActor)?;
    let news = required_text(&command.news, Input::GuideNews, NEWS_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let guide: Guide = unit.need(command.guide_id, Missing::Guide).await?;
    let written = Written::of(&mut unit, guide.guide_id).await?;
    let content = written.draft.content().map_err(of_document)?;
    check::finished(&content)?;
    let newest = unit.revisions_of(guide.guide_id).await?.into_iter().next();
    if let Some(newest) = &newest {
        let number = newest.number;
        if newest.status == RevisionStatus::InReview {
            return Err(not_now(GuideFault::InReview { number }));
        }
        let stands = matches!(newest.status, RevisionStatus::Approved | RevisionStatus::Returned);
        if stands && newest.content == content {
            return Err(not_now(GuideFault::NothingNew { number }));
        }
    }
    let since = newest.as_ref().filter(|newest| newest.status != RevisionStatus::Returned);
    let mut authors = written.authors_since(since.map(|newest| newest.draft_version.as_str()))?;
    // What was returned is handed in again with who wrote it first.
    if let Some(returned) = newest.as_ref().filter(|newest| newest.status == RevisionStatus::Returned) {
        authors.extend(&returned.authors);
    }
    authors.push(person);
    authors.sort_unstable();
    authors.dedup();
    let revision = GuideRevision {
        guide_revision_id: unit.mint(),
        guide_id: guide.guide_id,
        number: newest.map_or(0, |newest| newest.number) + 1,
        content_hash: blake3::hash(&serde_json::to_vec(&content)?).to_hex().to_string(),
        draft_version: text_of(&written.draft.version()),
        content,
        news,
        authors,
        status: RevisionStatus::InReview,
        status_reason: None,
        submitted_at: unit.now,
        submitted_by: Some(person),
        decided_at: None,
        decided_by: None,
    };
    unit.create(&revision).await?;
    unit.stale(CacheTag::Guides);
    unit.commit().await?;
    Ok(revision.guide_revision_id)
}

pub(crate) async fn approve(engine: &Inner, command: GuideApprove) -> Result<Done, EngineError> {
    decide(engine, command.guide_revision_id, RevisionStatus::Approved, None).await
}

pub(crate) async fn return_(engine: &Inner, command: GuideReturn) -> Result<Done, EngineError> {
    let reason = required_text(&command.reason, Input::Reason, REASON_CHARS)?;
    decide(engine, command.guide_revision_id, RevisionStatus::Returned, Some(reason)).await
}

pub(crate) async fn withdraw(engine: &Inner, command: GuideWithdraw) -> Result<Done, EngineError> {
    let reason = required_text(&command.reason, Input::Reason, REASON_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let revision: GuideRevision = unit.need(command.guide_revision_id, Missing::Revision).await?;
    let to = RevisionStatus::Withdrawn;
    if !revision.status.may_become(to) {
        return Err(not_now(GuideFault::Decided { number: revision.number }));
    }
    let withdrawn = GuideRevision { status: to, status_reason: Some(reason), ..revision.clone() };
    unit.update(&revision, &withdrawn).await?;
    unit.stale(CacheTag::Guides);
    unit.commit().await
}

async fn decide(
    engine: &Inner,
    guide_revision_id: GuideRevisionId,
    to: RevisionStatus,
    reason: Option<String>,
) -> Result<Done, EngineError> {
    let person = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let revision: GuideRevision = unit.need(guide_revision_id, Missing::Revision).await?;
    if !revision.status.may_become(to) {
        return Err(not_now(GuideFault::Decided { number: revision.number }));
    }
    if !is_stranger(&revision, person) {
        return Err(not_now(GuideFault::OwnWork));
    }
    let decided = GuideRevision {
        status: to,
        status_reason: reason,
        decided_at: Some(unit.now),
        decided_by: Some(person),
        ..revision.clone()
    };
    unit.update(&revision, &decided).await?;
    unit.stale(CacheTag::Guides);
    unit.commit().await
}

pub(crate) async fn revision_show(
    engine: &Inner,
    command: GuideRevisionShow,
) -> Result<GuideRevision, EngineError> {
    let revision = engine.database.read().await?.get(command.guide_revision_id).await?;
    revision.ok_or(EngineError::NotFound(Missing::Revision))
}

pub(crate) async fn read_sign(engine: &Inner, command: GuideReadSign) -> Result<Done, EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let revision: GuideRevision = unit.need(command.guide_revision_id, Missing::Revision).await?;
    if revision.status != RevisionStatus::Approved {
        let guide: Guide = unit.need(revision.guide_id, Missing::Guide).await?;
        return Err(not_now(GuideFault::NotApproved { guide: guide.name }));
    }
    let subject = revision.guide_revision_id.to_string();
    let guide_read_id = GuideReadId(occasion_id("guide_read", &subject, person_id));
    if unit.get::<GuideRead>(guide_read_id).await?.is_none() {
        let read = GuideRead {
            guide_read_id,
            guide_revision_id: revision.guide_revision_id,
            person_id,
            read_at: unit.now,
        };
        unit.create(&read).await?;
    }
    unit.stale(CacheTag::Guides);
    unit.commit().await
}

pub(crate) async fn news(engine: &Inner, _command: GuideNewsList) -> Result<Vec<GuideNews>, EngineError> {
    let Some(person) = engine.person() else { return Ok(Vec::new()) };
    let mut session = engine.database.read().await?;
    let mut news = Vec::new();
    for guide_id in session.guides_used_by(person).await? {
        let guide: Option<Guide> = session.get(guide_id).await?;
        let Some(guide) = guide.filter(|guide| guide.ended_at.is_none()) else { continue };
        let Some(approved) = session.approved_revision(guide_id).await? else { continue };
        if is_to_read(engine, &mut session, &approved).await? {
            news.push(GuideNews {
                guide,
                guide_revision_id: approved.guide_revision_id,
                number: approved.number,
                news: approved.news,
                approved_at: approved.decided_at.unwrap_or(approved.submitted_at),
            });
        }
    }
    Ok(news)
}
