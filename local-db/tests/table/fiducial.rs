//! Labels on machines.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn a_number_is_found_wherever_it_hangs_and_nowhere_that_it_was_taken_down() {
    let store = Store::new().await;
    let hangs = |number, asset, printed| Fiducial { removed_at: None, ..fiducial(number, asset, printed) };
    let (here, there, next) = (hangs(1, 8, 5), hangs(2, 9, 5), hangs(3, 8, 6));
    let small = Fiducial { family: FiducialFamily::TagStandard41h12, ..hangs(5, 9, 5) };
    put(&store, &[here.clone(), there.clone(), next.clone(), fiducial(4, 8, 5), small]).await;
    let mut session = store.database.read().await.unwrap();
    let of_machine = session.fiducials_of(AssetId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(of_machine, [here.clone(), next]);
    let found = session.fiducials_with(FiducialFamily::Tag36h11, 5).await.unwrap();
    assert_eq!(found, [here, there]);
}
