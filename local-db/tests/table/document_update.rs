//! Updates of documents that several people write.

use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn the_updates_of_a_document_come_in_the_order_in_which_they_were_written() {
    let store = Store::new().await;
    let (late, early, other) =
        (document_update(1, 8, 20), document_update(2, 8, 10), document_update(3, 9, 5));
    put(&store, &[late.clone(), early.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.updates_of_document(Uuid::from_u128(8)).await.unwrap(), [early, late]);
}
