//! The views that other programs read: each is there, has the columns of the documentation and no name of a person.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::*;
use millwright_local_db::Database;
use millwright_model::*;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

/// The file as a dashboard opens it, beside the owner.
async fn read_only(path: &Path) -> SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true).connect().await.unwrap()
}

/// The views and their columns in the order of the documentation.
fn documented() -> BTreeMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/data.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut views: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut view = None;
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("### `v_") {
            view = heading.split_once('`').map(|(name, _)| format!("v_{name}"));
            views.insert(view.clone().unwrap(), Vec::new());
        } else if line.starts_with('#') {
            view = None;
        } else if let (Some(view), Some(row)) = (&view, line.strip_prefix("| `")) {
            let column = row.split_once('`').unwrap().0.to_owned();
            views.get_mut(view).unwrap().push(column);
        }
    }
    views
}

async fn columns(connection: &mut SqliteConnection, view: &str) -> Vec<String> {
    let rows = sqlx::query("select name from pragma_table_info(?) order by cid").bind(view);
    rows.fetch_all(connection).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn every_view_has_exactly_the_columns_of_the_documentation() {
    let store = Store::new().await;
    let mut reader = read_only(&store.directory.database_path()).await;
    let kept = sqlx::query("select name from sqlite_schema where type = 'view' order by name");
    let kept: Vec<String> = kept.fetch_all(&mut reader).await.unwrap().iter().map(|row| row.get(0)).collect();
    let documented = documented();
    assert_eq!(kept, documented.keys().cloned().collect::<Vec<_>>());
    for (view, described) in documented {
        assert_eq!(columns(&mut reader, &view).await, described, "{view}");
        let all = format!("select * from {view}");
        sqlx::query(AssertSqlSafe(all)).fetch_all(&mut reader).await.unwrap();
    }
}

#[tokio::test]
async fn an_order_is_read_with_its_number_and_times_beside_the_owner() {
    let store = Store::new().await;
    let order = WorkOrder {
        erp_number: Some("4000127".into()),
        due_at: Some(TimestampMs(1_795_476_600_000)),
        assignee_id: Some(PersonId(uuid::Uuid::from_u128(21))),
        ..work_order(20, WorkOrderStatus::OnHold)
    };
    put(&store, &[order]).await;
    let mut reader = read_only(&store.directory.database_path()).await;
    let row =
        sqlx::query("select number, status, due_at, assignee_id, labour_minutes, steps from v_work_order")
            .fetch_one(&mut reader)
            .await
            .unwrap();
    assert_eq!(row.get::<String, _>("number"), "4000127");
    assert_eq!(row.get::<String, _>("status"), "on_hold");
    assert_eq!(row.get::<String, _>("due_at"), "2026-11-23T23:30:00Z");
    assert_eq!(row.get::<String, _>("assignee_id"), uuid::Uuid::from_u128(21).to_string());
    assert_eq!((row.get::<i64, _>("labour_minutes"), row.get::<i64, _>("steps")), (0, 0));
    let refused = sqlx::query("delete from work_order").execute(&mut reader).await;
    assert!(refused.is_err(), "a reader writes nothing");
}

#[tokio::test]
async fn no_view_shows_a_sealed_name_or_a_key() {
    let store = Store::new().await;
    let person = Person {
        person_id: PersonId(uuid::Uuid::from_u128(21)),
        sealed_name: "SEALED-NAME".into(),
        sealed_erp_number: Some("SEALED-NUMBER".into()),
        language: "de".into(),
        left_at: None,
        role: None,
    };
    let mut session = store.database.write().await.unwrap();
    session
        .apply(&op(0, Entity::Person, person.person_id.0, OpKind::Create, fields_of(&person)))
        .await
        .unwrap();
    session.commit().await.unwrap();
    let mut reader = read_only(&store.directory.database_path()).await;
    let row = sqlx::query("select * from v_person").fetch_one(&mut reader).await.unwrap();
    let shown: Vec<Option<String>> = (0..row.len()).map(|place| row.get(place)).collect();
    assert_eq!(shown[0].as_deref(), Some(person.person_id.to_string().as_str()));
    assert!(!shown.iter().flatten().any(|text| text.contains("SEALED")), "{shown:?}");
}

#[tokio::test]
async fn a_file_with_views_of_another_version_gets_those_of_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("millwright.db");
    Database::open(&path).await.unwrap().close().await;
    let mut other = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let older = "drop view v_contract; create view v_contract as select 0 as version; \
        drop view v_part; create view v_gone as select 1 as one";
    sqlx::raw_sql(older).execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    Database::open(&path).await.unwrap().close().await;
    let mut reader = read_only(&path).await;
    assert_eq!(columns(&mut reader, "v_part").await, ["part_id", "number", "name", "unit"]);
    assert_eq!(columns(&mut reader, "v_gone").await, Vec::<String>::new());
    let version = sqlx::query("select version from v_contract").fetch_one(&mut reader).await.unwrap();
    assert_eq!(version.get::<i64, _>(0), 1);
}

#[tokio::test]
async fn an_opening_of_a_file_that_has_them_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("millwright.db");
    let schema = async || {
        Database::open(&path).await.unwrap().close().await;
        let mut reader = read_only(&path).await;
        sqlx::query("pragma schema_version").fetch_one(&mut reader).await.unwrap().get::<i64, _>(0)
    };
    let first = schema().await;
    assert_eq!(schema().await, first);
}

#[tokio::test]
async fn a_record_of_each_kind_is_told_by_its_view() {
    let store = Store::new().await;
    let mut session = store.database.write().await.unwrap();
    for (place, (entity, fields)) in sample_records().into_iter().enumerate() {
        let sample = op(place as u64, entity, uuid::Uuid::from_u128(7), OpKind::Create, fields);
        session.apply(&sample).await.unwrap();
    }
    session.commit().await.unwrap();
    let mut reader = read_only(&store.directory.database_path()).await;
    for view in documented().into_keys().filter(|view| view != "v_delivery") {
        let all = format!("select * from {view}");
        let rows = sqlx::query(AssertSqlSafe(all)).fetch_all(&mut reader).await.unwrap();
        assert_eq!(rows.len(), 1, "{view}");
    }
    let used = sqlx::query("select quantity, unit from v_part_use").fetch_one(&mut reader).await.unwrap();
    assert_eq!((used.get::<f64, _>(0), used.get::<String, _>(1)), (2.0, "EA".to_owned()));
}
