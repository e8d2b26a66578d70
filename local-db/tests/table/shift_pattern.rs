//! When the plant's shifts begin.

use millwright_model::*;

use crate::common::*;

#[tokio::test]
async fn the_plant_has_one_pattern_and_it_comes_out_as_it_went_in() {
    let store = Store::new().await;
    let pattern = ShiftPattern { shift_pattern_id: ShiftPattern::ID, shifts: ShiftTime::usual() };
    put(&store, std::slice::from_ref(&pattern)).await;
    let read: Option<ShiftPattern> =
        store.database.read().await.unwrap().get(ShiftPattern::ID).await.unwrap();
    assert_eq!(read, Some(pattern));
}
