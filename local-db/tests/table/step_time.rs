//! How long steps of guides took.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn the_newest_times_of_a_revision_come_first() {
    let store = Store::new().await;
    let (before, after, other) = (step_time(1, 8, 10), step_time(2, 8, 20), step_time(3, 9, 30));
    put(&store, &[before.clone(), after.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    let times = session.step_times_of(GuideRevisionId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(times, [after, before]);
}
