//! What kinds of cameras see by.

use millwright_model::*;

use crate::common::*;

#[tokio::test]
async fn the_newest_profile_of_a_camera_comes_first_and_none_that_was_given_up() {
    let store = Store::new().await;
    let stands = |number, camera: &str| CameraProfile { ended_at: None, ..camera_profile(number, camera) };
    let (before, after, other) = (stands(1, "A"), stands(2, "A"), stands(3, "B"));
    put(&store, &[before.clone(), after.clone(), other.clone(), camera_profile(4, "A")]).await;
    let mut session = store.database.read().await.unwrap();
    assert_eq!(session.camera_profiles().await.unwrap(), [after, before, other]);
}
