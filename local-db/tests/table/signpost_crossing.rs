//! Crossings of signposts.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn a_crossing_is_open_until_somebody_has_looked_at_it() {
    let store = Store::new().await;
    let (seen, other) = (signpost_crossing(1, 8, 10), signpost_crossing(3, 9, 30));
    let open = SignpostCrossing { seen_at: None, seen_by: None, ..signpost_crossing(2, 8, 20) };
    put(&store, &[seen.clone(), open.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.open_crossings().await.unwrap(), [open.clone()]);
    let of_signpost = session.crossings_of(SignpostId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(of_signpost, [open, seen]);
}
