//! Scenarios.

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

#[tokio::test]
async fn a_scenario_that_was_put_away_is_listed_no_more() {
    let store = Store::new().await;
    let (away, open) = (scenario(1), Scenario { ended_at: None, ..scenario(2) });
    put(&store, &[away.clone(), open.clone()]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.scenarios().await.unwrap(), [open]);
    let kept: Option<Scenario> = session.get(ScenarioId(Uuid::from_u128(1))).await.unwrap();
    assert_eq!(kept, Some(away), "it is still here by its id");
}
