//! Models of machines.

use millwright_model::*;

use crate::common::*;

#[tokio::test]
async fn the_model_of_a_machine_comes_before_those_of_its_class() {
    let store = Store::new().await;
    let asset = Asset { class: Some("pump".into()), ..asset_record("P-1", "Pump") };
    let of_class = MachineModel { asset_id: None, ended_at: None, ..machine_model(2) };
    let own = MachineModel {
        asset_id: Some(asset.asset_id),
        asset_class: None,
        ended_at: None,
        ..machine_model(1)
    };
    put(&store, &[of_class.clone(), own.clone(), machine_model(3)]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.models_for(&asset).await.unwrap(), [own, of_class]);
}
