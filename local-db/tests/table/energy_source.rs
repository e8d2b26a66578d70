//! Sources of energy of machines.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn the_sources_of_a_machine_are_its_own_until_they_are_given_up() {
    let store = Store::new().await;
    let stands = |number, asset| EnergySource { ended_at: None, ..energy_source(number, asset) };
    let (ours, other) = (stands(1, 8), stands(2, 9));
    put(&store, &[ours.clone(), other, energy_source(3, 8)]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.energy_sources_of(AssetId(Uuid::from_u128(8))).await.unwrap(), [ours]);
}
