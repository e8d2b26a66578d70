//! What shifts handed over.

use millwright_model::*;

use crate::common::*;

const DAY: i64 = 86_400_000;

fn read(number: u128, handover: u128, item: u128, person: u128) -> HandoverAcknowledgement {
    let id = uuid::Uuid::from_u128;
    HandoverAcknowledgement {
        handover_acknowledgement_id: AcknowledgementId(id(number)),
        handover_id: HandoverId(id(handover)),
        item_id: id(item),
        person_id: PersonId(id(person)),
        acknowledged_at: TimestampMs(5),
    }
}

#[tokio::test]
async fn a_shift_has_its_own_handovers() {
    let store = Store::new().await;
    let (one, other) = (handover(1, 21, 1_000), handover(2, 21, 2_000));
    put(&store, &[one.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.handovers_of_span(TimestampMs(900), TimestampMs(1_100), 10).await.unwrap(), [one]);
    let later = session.handovers_of_span(TimestampMs(901), TimestampMs(1_900), 10).await.unwrap();
    assert!(later.is_empty(), "the end belongs to the next shift");
}

#[tokio::test]
async fn an_old_handover_is_to_be_read_until_somebody_has_read_all_of_it() {
    let store = Store::new().await;
    put(&store, &[handover(1, 21, DAY), handover(2, 21, 9 * DAY), handover(3, 30, 9 * DAY)]).await;
    let to_read = async |person: u128| -> Vec<u128> {
        let person = PersonId(uuid::Uuid::from_u128(person));
        let mut session = store.database.read().await.unwrap();
        let found = session.handovers_to_read(person, TimestampMs(8 * DAY), 10).await.unwrap();
        found.iter().map(|handover| handover.handover_id.0.as_u128()).collect()
    };
    assert_eq!(to_read(30).await, [2, 1], "one's own is not to be read");
    put(&store, &[read(60, 1, 50, 40)]).await;
    assert_eq!(to_read(30).await, [2, 1], "the words of it were read by nobody");
    put(&store, &[read(61, 1, 1, 40), read(62, 2, 50, 40), read(63, 2, 2, 40)]).await;
    assert_eq!(to_read(30).await, [2], "what is new is there for each one who comes");
    assert_eq!(to_read(21).await, [3]);
}
