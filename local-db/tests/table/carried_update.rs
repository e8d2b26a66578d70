//! Updates that came over the plant's broker: read as if they had come to rest, once each, and let go of later.

use millwright_local_db::CarriedUpdate;
use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

const DOCUMENT: Uuid = Uuid::from_u128(8);

fn update(number: u128, written_at: i64) -> DocumentUpdate {
    DocumentUpdate { written_on: Some(DEVICE), ..document_update(number, 8, written_at) }
}

fn carried(number: u128, written_at: i64) -> CarriedUpdate {
    CarriedUpdate { update: update(number, written_at), sig: "ab".into() }
}

#[tokio::test]
async fn what_was_carried_is_read_among_the_rest_until_the_same_comes_to_rest() {
    let store = Store::new().await;
    let (early, middle, late) = (update(1, 10), carried(2, 20), update(3, 30));
    put(&store, &[early.clone(), late.clone()]).await;
    let mut session = store.database.write().await.unwrap();
    let before = session.mark_of_document(DOCUMENT).await.unwrap();
    assert!(session.keep_carried(&middle, TimestampMs(25)).await.unwrap());
    assert!(!session.keep_carried(&middle, TimestampMs(26)).await.unwrap(), "it is new once");
    let all = [early.clone(), middle.update.clone(), late.clone()];
    assert_eq!(session.updates_of_document(DOCUMENT).await.unwrap(), all);
    assert_ne!(session.mark_of_document(DOCUMENT).await.unwrap(), before, "the document is another one");
    assert_eq!(session.update_ids_of_document(DOCUMENT).await.unwrap().len(), 3);
    assert_eq!(session.carried_of_document(DOCUMENT).await.unwrap(), std::slice::from_ref(&middle));

    session.commit().await.unwrap();
    put(&store, std::slice::from_ref(&middle.update)).await;
    let mut session = store.database.write().await.unwrap();
    assert_eq!(session.updates_of_document(DOCUMENT).await.unwrap(), all, "it is there once");
    assert_eq!(session.mark_of_document(DOCUMENT).await.unwrap().0, 3);
    assert!(!session.keep_carried(&middle, TimestampMs(27)).await.unwrap());
    session.let_go_of_carried(TimestampMs(25)).await.unwrap();
    assert_eq!(session.carried_of_document(DOCUMENT).await.unwrap().len(), 1, "it can still be passed on");
    session.let_go_of_carried(TimestampMs(2 * 24 * 3_600_000)).await.unwrap();
    assert_eq!(session.carried_of_document(DOCUMENT).await.unwrap(), []);
    assert_eq!(session.updates_of_document(DOCUMENT).await.unwrap(), all);
}

#[tokio::test]
async fn documents_that_are_written_in_are_told_the_last_first() {
    let store = Store::new().await;
    put(&store, &[update(1, 10)]).await;
    let mut session = store.database.write().await.unwrap();
    let other = DocumentUpdate { document_id: Uuid::from_u128(7), ..update(2, 40) };
    session.keep_carried(&CarriedUpdate { update: other, sig: "ab".into() }, TimestampMs(41)).await.unwrap();
    let live = session.live_documents(TimestampMs(0), 10).await.unwrap();
    assert_eq!(live.iter().map(|one| one.document_id).collect::<Vec<_>>(), [Uuid::from_u128(7), DOCUMENT]);
    assert_eq!(session.live_documents(TimestampMs(20), 10).await.unwrap().len(), 1);
}
