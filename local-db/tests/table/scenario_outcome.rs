//! What came of decisions.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn what_came_of_a_decision_is_in_the_order_in_which_it_was_told() {
    let store = Store::new().await;
    let (later, earlier, other) =
        (scenario_outcome(1, 8, 20), scenario_outcome(2, 8, 10), scenario_outcome(3, 9, 5));
    put(&store, &[later.clone(), earlier.clone(), other]).await;
    let mut session = store.database.read().await.unwrap();
    let found = session.outcomes_of(ScenarioDecisionId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(found, [earlier, later]);
}
