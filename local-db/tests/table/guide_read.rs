//! Who has read which revision.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn the_readers_of_a_revision_are_its_own() {
    let store = Store::new().await;
    let (ours, other) = (guide_read(1, 8, 31), guide_read(2, 9, 32));
    put(&store, &[ours.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    let read = session.reads_of(GuideRevisionId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(read, [ours]);
}
