//! Who read which item of a hand-over.

use millwright_model::*;

use crate::common::*;

fn read(number: u128, person: u128, at: i64) -> HandoverAcknowledgement {
    let id = uuid::Uuid::from_u128;
    HandoverAcknowledgement {
        handover_acknowledgement_id: AcknowledgementId(id(number)),
        handover_id: HandoverId(id(1)),
        item_id: id(50),
        person_id: PersonId(id(person)),
        acknowledged_at: TimestampMs(at),
    }
}

#[tokio::test]
async fn who_read_it_is_told_in_the_order_they_came() {
    let store = Store::new().await;
    let (early, late) = (read(70, 22, 5), read(60, 21, 9));
    put(&store, &[late.clone(), early.clone()]).await;
    let mut session = store.database.read().await.unwrap();
    let found = session.acknowledgements_of(HandoverId(uuid::Uuid::from_u128(1))).await.unwrap();
    assert_eq!(found, [early, late]);
    assert!(
        session.acknowledgements_of(HandoverId(uuid::Uuid::from_u128(2))).await.unwrap().is_empty(),
        "another hand-over has its own readers"
    );
}

#[tokio::test]
async fn the_same_record_again_stays_one_row() {
    let store = Store::new().await;
    put(&store, &[read(60, 21, 5)]).await;
    put(&store, &[read(60, 21, 5)]).await;
    let mut session = store.database.read().await.unwrap();
    let found = session.acknowledgements_of(HandoverId(uuid::Uuid::from_u128(1))).await.unwrap();
    assert_eq!(found.len(), 1);
}
