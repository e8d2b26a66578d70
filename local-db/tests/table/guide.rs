//! Guides.

use millwright_model::*;

use crate::common::*;

#[tokio::test]
async fn the_guides_of_a_machine_come_before_those_of_its_class_and_none_that_was_given_up() {
    let store = Store::new().await;
    let asset = Asset { class: Some("pump".into()), ..asset_record("P-1", "Pump") };
    let of_class = Guide { asset_id: None, ended_at: None, ..guide(1) };
    let own = Guide { asset_id: Some(asset.asset_id), asset_class: None, ended_at: None, ..guide(2) };
    let elsewhere = Guide { asset_id: None, asset_class: Some("fan".into()), ended_at: None, ..guide(3) };
    put(&store, &[of_class.clone(), own.clone(), elsewhere.clone(), guide(4)]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.guides_for(&asset).await.unwrap(), [own.clone(), of_class.clone()]);
    assert_eq!(session.guides().await.unwrap(), [of_class, own, elsewhere]);
}
