//! A file of the version before: what it holds is there afterwards, and its rows are built anew from its ops alike.

use std::collections::BTreeMap;

use millwright_local_db::Database;
use millwright_model::*;
use sqlx::{ConnectOptions, Connection};

use crate::common::*;

const BEFORE: [&str; 3] = [
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_plain_consent.sql"),
    include_str!("../../migrations/0003_alias.sql"),
];

/// The fields of a record as the version before wrote them.
fn without<R: Record>(record: &R, newer: &[&str]) -> serde_json::Map<String, serde_json::Value> {
    let mut fields = fields_of(record);
    fields.retain(|name, value| !newer.contains(&name.as_str()) && !value.is_null());
    fields
}

#[tokio::test]
async fn a_file_of_the_version_before_keeps_its_rows_and_rebuilds_to_equal_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("millwright.db");
    let person = Person {
        person_id: PersonId(uuid::Uuid::from_u128(21)),
        sealed_name: "sealed".to_owned(),
        sealed_erp_number: None,
        language: "de".to_owned(),
        left_at: None,
        role: None,
    };
    let order = work_order(20, WorkOrderStatus::OnHold);
    let ops = vec![
        op(0, Entity::Person, person.person_id.0, OpKind::Create, without(&person, &["role"])),
        op(
            1,
            Entity::WorkOrder,
            order.work_order_id.0,
            OpKind::Create,
            without(&order, &["hold_cause", "plan_occasion"]),
        ),
    ];
    let kept = sealed(100, 0, [0; 32], ops);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    for migration in BEFORE {
        sqlx::raw_sql(migration).execute(&mut connection).await.unwrap();
    }
    sqlx::raw_sql("pragma application_id = 0x4d575254; pragma user_version = 3")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query(
        "insert into txn (txn_id, device_id, first_seq, format, hlc, recorded_at, prev_hash, hash, sig, bytes) \
         values (?, ?, 0, 1, 1, 1, ?, ?, ?, ?)",
    )
    .bind(kept.txn.txn_id.to_string())
    .bind(DEVICE.to_string())
    .bind(vec![0_u8; 32])
    .bind(vec![1_u8; 32])
    .bind(vec![0_u8; 64])
    .bind(kept.bytes)
    .execute(&mut connection)
    .await
    .unwrap();
    sqlx::query("insert into person (person_id, sealed_name, language) values (?, 'sealed', 'de')")
        .bind(person.person_id.to_string())
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query(
        "insert into work_order (work_order_id, title, description, work_kind, status, priority, details_pending, \
         created_at) values (?, 'Grease the bearings', '', 'preventive', 'on_hold', 'medium', 0, 20)",
    )
    .bind(order.work_order_id.to_string())
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();

    let database = Database::open(&path).await.unwrap();
    let mut session = database.read().await.unwrap();
    assert_eq!(session.get::<Person>(person.person_id).await.unwrap(), Some(person));
    assert_eq!(session.get::<WorkOrder>(order.work_order_id).await.unwrap(), Some(order));
    let before: BTreeMap<String, Vec<String>> = session.dump().await.unwrap();
    drop(session);
    assert_eq!(database.rebuild().await.unwrap(), 2);
    assert_eq!(database.read().await.unwrap().dump().await.unwrap(), before);
}

#[tokio::test]
async fn deliveries_of_the_version_before_keep_their_order_what_they_wait_for_and_what_they_learned() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("millwright.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    for migration in BEFORE {
        sqlx::raw_sql(migration).execute(&mut connection).await.unwrap();
    }
    sqlx::raw_sql("pragma application_id = 0x4d575254; pragma user_version = 3")
        .execute(&mut connection)
        .await
        .unwrap();
    let id = |number: u128| DeliveryId(uuid::Uuid::from_u128(number));
    // Ids do not say who came first: the place in the file does.
    let planned = [(id(9), "[]"), (id(3), &*format!("[\"{}\"]", id(9))), (id(1), "[]")];
    for (step, (delivery_id, depends_on)) in planned.into_iter().enumerate() {
        let state = if step == 2 { "done" } else { "waiting" };
        sqlx::query(
            "insert into delivery (delivery_id, txn_id, target, step, step_key, label, entity, entity_id, entity_label, \
             needs, depends_on, bytes, state, attempts, next_attempt_at, planned_at, receipt) \
             values (?, ?, 'erp', ?, 'key', 'words', 'work_order', ?, '4000127', '[]', ?, x'00ff', ?, 2, 5, 4, ?)",
        )
        .bind(delivery_id.to_string())
        .bind(uuid::Uuid::from_u128(100).to_string())
        .bind(step as i64)
        .bind(uuid::Uuid::from_u128(20).to_string())
        .bind(depends_on)
        .bind(state)
        .bind((step == 2).then_some(r#"{"external_key":"900","learned":[],"message":"ok"}"#))
        .execute(&mut connection)
        .await
        .unwrap();
    }
    connection.close().await.unwrap();

    let database = Database::open(&path).await.unwrap();
    let mut session = database.write().await.unwrap();
    let now = TimestampMs(10);
    let first = session.next_delivery(DeliveryTarget::Erp, now, 1_000).await.unwrap().unwrap();
    assert_eq!((first.delivery.delivery_id, first.delivery.attempts), (id(9), 2));
    assert_eq!(first.planned.bytes, [0, 255]);
    session.settle_delivery(id(9), DeliveryState::Done, None, None, now).await.unwrap();
    let second = session.next_delivery(DeliveryTarget::Erp, now, 1_000).await.unwrap().unwrap();
    assert_eq!(second.delivery.delivery_id, id(3));
    let done = session.delivery(id(1)).await.unwrap().unwrap().delivery;
    assert_eq!(done.receipt.unwrap().external_key.as_deref(), Some("900"));
}
