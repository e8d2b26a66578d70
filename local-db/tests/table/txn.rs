//! The transactions of a span of time, for the log of a shift.

use millwright_local_db::SealedTxn;
use millwright_model::*;

use crate::common::*;

/// A transaction of `actor` on a label, recorded at `at`.
async fn record(store: &Store, number: u64, actor: Actor, at: i64, undoes: Option<TxnId>) -> TxnId {
    let mut session = store.database.write().await.unwrap();
    let head = session.chain_head(DEVICE).await.unwrap();
    let id = uuid::Uuid::from_u128(u128::from(number));
    let label = Label { label_id: LabelId(id), ..label(&format!("L{number}")) };
    let op = Op { actor, ..op(head.next_seq, Entity::Label, id, OpKind::Create, fields_of(&label)) };
    session.apply(&op).await.unwrap();
    let made = sealed(u128::from(number) + 100, head.next_seq, head.hash, vec![op]);
    let txn = Txn { undoes, ..made.txn };
    let bytes = serde_json::to_vec(&txn).unwrap();
    let txn_id = txn.txn_id;
    session.append(&SealedTxn { txn, bytes, recorded_at: TimestampMs(at), ..made }).await.unwrap();
    session.commit().await.unwrap();
    txn_id
}

#[tokio::test]
async fn a_span_has_what_people_did_in_it_and_did_not_take_back() {
    let store = Store::new().await;
    let person = || Actor::picked(PersonId(uuid::Uuid::from_u128(21)));
    record(&store, 1, person(), 99, None).await;
    let first = record(&store, 2, person(), 100, None).await;
    record(&store, 3, Actor::erp("test"), 110, None).await;
    let undone = record(&store, 4, person(), 120, None).await;
    record(&store, 5, person(), 125, Some(undone)).await;
    let rule = record(&store, 6, Actor::rule("maintenance_plan"), 199, None).await;
    record(&store, 7, person(), 200, None).await;
    let mut session = store.database.read().await.unwrap();
    let (from, until) = (TimestampMs(100), TimestampMs(200));
    let here = [ActorKind::Person, ActorKind::Rule];
    let ids = |found: Vec<millwright_local_db::StoredTxn>| -> Vec<TxnId> {
        found.iter().map(|stored| stored.txn_id).collect()
    };
    let found = session.txns_between(from, until, &[Entity::Label], &here, 10).await.unwrap();
    assert_eq!(ids(found), [rule, first]);
    let found = session.txns_between(from, until, &[Entity::Label], &here, 1).await.unwrap();
    assert_eq!(ids(found), [rule], "the newest");
    assert!(session.txns_between(from, until, &[Entity::Asset], &here, 10).await.unwrap().is_empty());
    assert!(session.txns_between(from, until, &[Entity::Label], &[], 10).await.unwrap().is_empty());
}
