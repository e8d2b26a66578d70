//! Signposts.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn a_signpost_that_was_taken_away_is_watched_no_more() {
    let store = Store::new().await;
    let gone = signpost(1, 8);
    let (ours, other) =
        (Signpost { ended_at: None, ..signpost(2, 8) }, Signpost { ended_at: None, ..signpost(3, 9) });
    put(&store, &[gone, ours.clone(), other.clone()]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(
        session.signposts_of(ScenarioId(Uuid::from_u128(8))).await.unwrap(),
        std::slice::from_ref(&ours)
    );
    assert_eq!(session.signposts().await.unwrap(), [ours, other]);
}
