//! After a stop that closed nothing the records are checked while people work.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set up its world fails"
)]

mod common;

use common::World;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

/// Damages the records as a bad disk might: a row that the table's own rule forbids.
async fn damage(world: &World) {
    let options = SqliteConnectOptions::new()
        .filename(world.folder.path().join("millwright.db"))
        .foreign_keys(false)
        .pragma("ignore_check_constraints", "on");
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("insert into op (op_id, txn_id, seq, entity, entity_id, kind) values ('x', 'x', 1, 'x', 'x', 'nonsense')")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_fault_found_after_a_crash_is_said_in_the_sync_centre() {
    let world = World::new().await;
    damage(&world).await;
    let world = world.after_kill().await;
    while world.sync().await.findings.is_empty() {
        tokio::task::yield_now().await;
    }
    let findings = world.sync().await.findings;
    assert!(findings[0].contains("CHECK constraint failed in op"), "{findings:?}");
}

#[tokio::test]
async fn a_clean_stop_is_not_followed_by_a_check() {
    let world = World::new().await;
    damage(&world).await;
    world.engine.close().await.unwrap();
    assert!(!world.folder.path().join("running").exists(), "nothing says that the stop was not clean");
}
