//! The store as its callers see it: one owner, foreign files untouched, rows that are a projection,
//! a chain that shows every change of its bytes, deliveries that wait for each other, backups.

mod common;

use common::*;
use millwright_local_db::*;
use millwright_model::*;

#[tokio::test]
async fn a_directory_has_one_owner_and_the_second_one_is_told_who() {
    let folder = tempfile::tempdir().unwrap();
    let _first = DataDirectory::open(folder.path(), "app").unwrap();
    let error = DataDirectory::open(folder.path(), "ctl").unwrap_err();
    assert!(error.to_string().contains("app"), "the owner is named: {error}");
}

#[tokio::test]
async fn a_newer_directory_is_left_untouched_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let format = r#"{"application":"millwright","schema":999,"sealed":false}"#;
    std::fs::write(folder.path().join("FORMAT"), format).unwrap();
    std::fs::write(folder.path().join("millwright.db"), b"from the future").unwrap();
    assert!(matches!(DataDirectory::open(folder.path(), "app"), Err(StoreError::Newer { found: 999, .. })));
    assert_eq!(std::fs::read_to_string(folder.path().join("FORMAT")).unwrap(), format);
    assert_eq!(std::fs::read(folder.path().join("millwright.db")).unwrap(), b"from the future");
    assert!(!folder.path().join("lock").exists(), "not even a lock file is left behind");
}

#[tokio::test]
async fn a_folder_of_somebody_else_is_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("holiday.jpg"), b"jpeg").unwrap();
    let error = DataDirectory::open(folder.path(), "app").unwrap_err();
    assert!(error.to_string().contains("holiday.jpg"), "{error}");
}

#[tokio::test]
async fn a_database_with_another_application_id_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("millwright.db");
    let database = Database::open(&path).await.unwrap();
    database.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    // The application id stands at offset 68 of the database header.
    bytes[68..72].copy_from_slice(&7_u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(Database::open(&path).await, Err(StoreError::Foreign { .. })));
}

#[tokio::test]
async fn every_column_of_a_projected_table_is_a_field_of_its_record() {
    let store = Store::new().await;
    for (entity, fields) in sample_records() {
        let mut session = store.database.write().await.unwrap();
        let id = uuid::Uuid::from_u128(7);
        session.apply(&op(1, entity, id, OpKind::Create, fields.clone())).await.unwrap();
        let read = session.fields(entity, id).await.unwrap().unwrap();
        for (name, value) in &fields {
            assert_eq!(read.get(name), Some(value), "{}.{name}", entity.as_str());
        }
        assert_eq!(
            read.len(),
            fields.len(),
            "{}: a column without a field, or a field without a column",
            entity.as_str()
        );
    }
}

#[tokio::test]
async fn a_field_of_a_newer_version_is_kept_verbatim() {
    let store = Store::new().await;
    let id = uuid::Uuid::from_u128(7);
    let mut session = store.database.write().await.unwrap();
    let mut fields = fields_of(&label("L1"));
    fields.insert("tint".to_owned(), serde_json::json!({"from": "the future"}));
    session.apply(&op(1, Entity::Label, id, OpKind::Create, fields)).await.unwrap();
    let read = session.fields(Entity::Label, id).await.unwrap().unwrap();
    assert_eq!(read["tint"], serde_json::json!({"from": "the future"}));
}

#[tokio::test]
async fn rows_built_anew_from_ops_equal_the_rows_that_grew() {
    let store = Store::new().await;
    store.write_label(1, "A", None).await;
    store.write_label(2, "B", None).await;
    store.write_label(1, "C", Some("A")).await;
    let before = store.database.read().await.unwrap().dump().await.unwrap();
    assert_eq!(store.database.rebuild().await.unwrap(), 3);
    let after = store.database.read().await.unwrap().dump().await.unwrap();
    assert_eq!(before, after);
    assert_eq!(after["label"].len(), 2);
}

#[tokio::test]
async fn what_is_not_committed_is_not_there() {
    let store = Store::new().await;
    let mut session = store.database.write().await.unwrap();
    session
        .apply(&op(1, Entity::Label, uuid::Uuid::from_u128(1), OpKind::Create, fields_of(&label("A"))))
        .await
        .unwrap();
    drop(session);
    let found = store.database.read().await.unwrap().label_by_code("A").await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let store = Store::new().await;
    store.write_label(1, "A", None).await;
    let mut first = store.database.read().await.unwrap();
    assert!(first.label_by_code("A").await.unwrap().is_some());
    store.write_label(2, "B", None).await;
    assert!(first.label_by_code("B").await.unwrap().is_none(), "a look stays as it was when it began");
}

#[tokio::test]
async fn a_changed_byte_in_the_chain_is_found_and_named() {
    let store = Store::new().await;
    store.write_label(1, "A", None).await;
    store.write_label(2, "B", None).await;
    assert_eq!(store.database.read().await.unwrap().chain_fault().await.unwrap(), None);
    let path = store.folder.path().join("millwright.db");
    store.database.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    let needle = br#""to":"B""#;
    let place =
        bytes.windows(needle.len()).position(|window| window == needle).expect("the op is in the file");
    bytes[place + 6] = b'X';
    std::fs::write(&path, bytes).unwrap();
    let database = Database::open(&path).await.unwrap();
    let fault = database.read().await.unwrap().chain_fault().await.unwrap().expect("the change shows");
    assert!(fault.reason.contains("hash"), "{}", fault.reason);
}

#[tokio::test]
async fn two_transactions_cannot_take_the_same_place_in_the_chain() {
    let store = Store::new().await;
    store.write_label(1, "A", None).await;
    let mut session = store.database.write().await.unwrap();
    let fork = sealed(
        9,
        0,
        [0; 32],
        vec![op(0, Entity::Label, uuid::Uuid::from_u128(9), OpKind::Create, fields_of(&label("Z")))],
    );
    session.append(&fork).await.unwrap();
    assert!(matches!(session.commit().await, Err(StoreError::Duplicate { .. })));
    let mut session = store.database.write().await.unwrap();
    assert_eq!(session.txn_count().await.unwrap(), 1, "nothing of the fork stays");
}

#[tokio::test]
async fn what_a_look_wrote_it_reads_and_what_it_gave_up_nobody_does() {
    let store = Store::new().await;
    let id = uuid::Uuid::from_u128(1);
    let record = Label { label_id: LabelId(id), ..label("A") };
    let created = op(0, Entity::Label, id, OpKind::Create, fields_of(&record));
    let mut session = store.database.write().await.unwrap();
    session.apply(&created).await.unwrap();
    session.append(&sealed(100, 0, [0; 32], vec![created])).await.unwrap();
    session.set_setting("counter", &7).await.unwrap();
    let label: Label = session.get(id).await.unwrap().expect("what was just written");
    assert_eq!(label.code, "A");
    drop(session);

    let mut session = store.database.write().await.unwrap();
    assert!(session.get::<Label>(id).await.unwrap().is_none());
    assert_eq!(session.setting::<i64>("counter").await.unwrap(), None);
    assert_eq!(session.chain_head(DEVICE).await.unwrap(), ChainHead::default());
}

#[tokio::test]
async fn a_look_goes_on_from_what_the_one_before_it_knew() {
    let store = Store::new().await;
    let mut session = store.database.write().await.unwrap();
    session.set_setting("counter", &1).await.unwrap();
    assert_eq!(session.chain_head(DEVICE).await.unwrap(), ChainHead::default());
    session.commit().await.unwrap();
    store.write_label(1, "A", None).await;
    store.write_label(1, "B", Some("A")).await;
    let mut given_up = store.database.write().await.unwrap();
    given_up.set_setting("counter", &9).await.unwrap();
    drop(given_up);

    let (mut writing, mut reading) =
        (store.database.write().await.unwrap(), store.database.read().await.unwrap());
    assert_eq!(writing.setting::<i64>("counter").await.unwrap(), Some(1));
    let head = writing.chain_head(DEVICE).await.unwrap();
    assert_eq!(head.next_seq, 2);
    assert_eq!(head, reading.chain_head(DEVICE).await.unwrap(), "as one that asks the database finds it");
}

#[tokio::test]
async fn a_row_that_is_written_is_read_anew() {
    let store = Store::new().await;
    store.write_label(1, "A", None).await;
    let id = uuid::Uuid::from_u128(1);
    let mut session = store.database.write().await.unwrap();
    assert_eq!(session.get::<Label>(id).await.unwrap().unwrap().code, "A");
    let change = Op {
        fields: [("code".to_owned(), FieldChange { from: "A".into(), to: "B".into() })].into(),
        ..op(1, Entity::Label, id, OpKind::Update, Default::default())
    };
    session.apply(&change).await.unwrap();
    assert_eq!(session.get::<Label>(id).await.unwrap().unwrap().code, "B");
    session.begin_part().await.unwrap();
    session.apply(&op(2, Entity::Label, id, OpKind::Delete, Default::default())).await.unwrap();
    assert!(session.get::<Label>(id).await.unwrap().is_none());
    session.end_part(false).await.unwrap();
    assert_eq!(session.get::<Label>(id).await.unwrap().unwrap().code, "B", "the part was given up");
}

#[tokio::test]
async fn a_code_is_found_however_it_is_typed() {
    let store = Store::new().await;
    let mut session = store.database.write().await.unwrap();
    let asset = uuid::Uuid::from_u128(7);
    session
        .apply(&op(
            1,
            Entity::Asset,
            asset,
            OpKind::Create,
            fields_of(&asset_record("P-101A", "Cooling water pump")),
        ))
        .await
        .unwrap();
    session.commit().await.unwrap();
    let mut session = store.database.read().await.unwrap();
    for typed in ["p101", "P 101", "101a", "P-101A", "cool", "water pump", "10"] {
        let hits = session.search(typed, 10).await.unwrap();
        assert!(hits.iter().any(|hit| hit.id == asset), "«{typed}» finds P-101A");
    }
    assert!(session.search("p102", 10).await.unwrap().is_empty());
    assert!(session.search("\"; drop table", 10).await.unwrap().is_empty(), "punctuation is not syntax");
}

#[tokio::test]
async fn a_delivery_waits_for_the_one_before_it_and_for_nothing_else() {
    let store = Store::new().await;
    let (order, other) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
    let mut session = store.database.write().await.unwrap();
    for (number, entity_id) in [(1, order), (2, order), (3, other)] {
        session.plan_delivery(&new_delivery(number, entity_id)).await.unwrap();
    }
    let next = session.next_delivery(DeliveryTarget::Erp, TimestampMs(10), 1_000).await.unwrap().unwrap();
    assert_eq!(next.delivery.step_key, "1");
    session
        .settle_delivery(
            next.delivery.delivery_id,
            DeliveryState::Rejected,
            None,
            Some(&Trouble::new(Cause::SaysNo, "no")),
            TimestampMs(10),
        )
        .await
        .unwrap();
    let next = session.next_delivery(DeliveryTarget::Erp, TimestampMs(10), 1_000).await.unwrap().unwrap();
    assert_eq!(next.delivery.step_key, "3", "the other order does not wait behind the rejected one");
    session
        .settle_delivery(next.delivery.delivery_id, DeliveryState::Done, None, None, TimestampMs(10))
        .await
        .unwrap();
    assert!(session.next_delivery(DeliveryTarget::Erp, TimestampMs(10), 1_000).await.unwrap().is_none());
    assert_eq!(session.dependents_of(delivery_id(1)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_on_its_way_at_a_crash_has_an_unknown_outcome() {
    let store = Store::new().await;
    let mut session = store.database.write().await.unwrap();
    session.plan_delivery(&new_delivery(1, uuid::Uuid::from_u128(1))).await.unwrap();
    let planned = session.delivery(delivery_id(1)).await.unwrap().unwrap().delivery;
    assert!(session.mark_sending(&planned).await.unwrap());
    assert!(!session.mark_sending(&planned).await.unwrap(), "it is on its way already");
    assert_eq!(session.sending_becomes_unknown(TimestampMs(5)).await.unwrap(), 1);
    let row = session.delivery(delivery_id(1)).await.unwrap().unwrap();
    assert_eq!(row.delivery.state, DeliveryState::Unknown);
    assert_eq!(row.unknown_since, Some(TimestampMs(5)));
}

#[tokio::test]
async fn a_backup_restores_to_the_same_rows_and_blobs() {
    let store = Store::new().await;
    store.write_label(1, "A", None).await;
    let before = store.database.read().await.unwrap().dump().await.unwrap();
    let blob = store.blobs.put(b"photo").unwrap();
    let outside = tempfile::tempdir().unwrap();
    let archive = outside.path().join("backup.tar");
    back_up(store.folder.path(), &store.database, &store.history, &archive).await.unwrap();
    let target = outside.path().join("restored");
    let report = restore(&archive, &target).unwrap();
    assert_eq!(report.file_count, 3);
    let directory = DataDirectory::open(&target, "test").unwrap();
    let database = Database::open(&directory.database_path()).await.unwrap();
    assert_eq!(database.read().await.unwrap().dump().await.unwrap(), before);
    let blobs = Blobs::open(&directory.blobs_path()).unwrap();
    assert_eq!(blobs.get(blob).unwrap().as_deref(), Some(&b"photo"[..]));
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_leaves_nothing_behind() {
    let store = Store::new().await;
    store.blobs.put(b"photo-bytes-in-the-archive").unwrap();
    let outside = tempfile::tempdir().unwrap();
    let archive = outside.path().join("backup.tar");
    back_up(store.folder.path(), &store.database, &store.history, &archive).await.unwrap();
    let mut bytes = std::fs::read(&archive).unwrap();
    let needle = b"photo-bytes-in-the-archive";
    let place = bytes.windows(needle.len()).position(|window| window == needle).unwrap();
    bytes[place] ^= 1;
    std::fs::write(&archive, bytes).unwrap();
    let target = outside.path().join("restored");
    let error = restore(&archive, &target).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert!(!target.exists());
}

#[tokio::test]
async fn a_file_that_is_no_backup_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    let archive = outside.path().join("holiday.tar");
    std::fs::write(&archive, vec![7; 5000]).unwrap();
    assert!(restore(&archive, &outside.path().join("restored")).is_err());
}
