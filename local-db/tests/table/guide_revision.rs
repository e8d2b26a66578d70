//! Revisions of guides.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

const GUIDE: GuideId = GuideId(Uuid::from_u128(8));

#[tokio::test]
async fn people_work_by_the_newest_revision_that_was_approved() {
    let store = Store::new().await;
    let first = guide_revision(1, 8, 1, RevisionStatus::Approved);
    let second = guide_revision(2, 8, 2, RevisionStatus::Approved);
    let third = guide_revision(3, 8, 3, RevisionStatus::InReview);
    let other = guide_revision(4, 9, 7, RevisionStatus::Approved);
    put(&store, &[first.clone(), second.clone(), third.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.approved_revision(GUIDE).await.unwrap(), Some(second.clone()));
    assert_eq!(session.revisions_of(GUIDE).await.unwrap(), [third.clone(), second, first]);
    assert_eq!(session.revisions_in_review().await.unwrap(), [third]);
    assert_eq!(session.approved_revision(GuideId(Uuid::from_u128(1))).await.unwrap(), None);
}

#[tokio::test]
async fn who_signed_a_revision_or_recorded_a_step_of_it_uses_the_guide() {
    let store = Store::new().await;
    let (reader, worker) = (Uuid::from_u128(31), Uuid::from_u128(32));
    let revisions = [8, 9].map(|guide| guide_revision(guide + 10, guide, 1, RevisionStatus::Approved));
    put(&store, &revisions).await;
    put(&store, &[guide_read(1, 18, 31)]).await;
    let place = GuidePlace {
        guide_revision_id: GuideRevisionId(Uuid::from_u128(19)),
        step_id: GuideStepId(Uuid::from_u128(1)),
        evidence: 0,
    };
    let step = WorkStep {
        recorded_by: Some(PersonId(worker)),
        guide_place: Some(place),
        ..crate::work_step::step(5, true, StepOutcome::Checked, 100)
    };
    put(&store, &[step]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.guides_used_by(PersonId(reader)).await.unwrap(), [GUIDE]);
    assert_eq!(session.guides_used_by(PersonId(worker)).await.unwrap(), [GuideId(Uuid::from_u128(9))]);
    assert!(session.guides_used_by(PersonId(Uuid::from_u128(33))).await.unwrap().is_empty());
}
