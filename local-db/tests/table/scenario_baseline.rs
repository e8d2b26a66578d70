//! Baselines of a scenario.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn the_baselines_of_a_scenario_are_its_own_and_the_newest_comes_first() {
    let store = Store::new().await;
    let (older, newer, other) =
        (scenario_baseline(1, 8, 10), scenario_baseline(2, 8, 20), scenario_baseline(3, 9, 30));
    put(&store, &[older.clone(), newer.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    let found = session.baselines_of(ScenarioId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(found, [newer, older]);
}
