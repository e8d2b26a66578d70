//! Workshops, and on which device what was written on their boards.

use millwright_model::DocumentUpdate;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn workshops_come_with_the_newest_first() {
    let store = Store::new().await;
    let (old, new) = (workshop(1, 10), workshop(2, 20));
    put(&store, &[old.clone(), new.clone()]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.workshops().await.unwrap(), [new, old]);
}

#[tokio::test]
async fn an_update_of_a_board_keeps_on_which_device_it_was_written() {
    let store = Store::new().await;
    let update = DocumentUpdate { written_on: Some(DEVICE), ..document_update(1, 8, 20) };
    put(&store, std::slice::from_ref(&update)).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.updates_of_document(Uuid::from_u128(8)).await.unwrap(), [update]);
}
