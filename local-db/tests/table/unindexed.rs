//! Records that came in bulk: found the same before the search index has them and after.

use std::borrow::Cow;
use std::collections::BTreeSet;

use millwright_model::*;
use uuid::Uuid;

use crate::common::*;

/// More than are indexed with what brings them.
const MANY: u128 = 700;

const NAMES: [&str; 5] =
    ["Kühlwasser-Pumpe", "Förderband Süd", "Cooling water pump", "Ölfilter (Ø 40)", "Crème conveyor"];

/// What people type, and what they misspell.
const TYPED: [&str; 14] = [
    "p1",
    "P-10",
    "p 101",
    "p101a",
    "1004",
    "kuhl",
    "Kühl pump",
    "forder",
    "süd",
    "ol",
    "creme",
    "water",
    "pumpe band",
    "\"; drop",
];

fn machine(number: u128, name: &str) -> Asset {
    Asset {
        asset_id: AssetId(Uuid::from_u128(number)),
        code: format!("P-{number}{}", if number.is_multiple_of(2) { "A" } else { "" }),
        name: name.to_owned(),
        erp_number: Some(format!("{}", 10_000 + number)),
        ..asset_record("", "")
    }
}

async fn bring(store: &Store, machines: impl Iterator<Item = Asset>) {
    let ops = machines.enumerate().map(|(seq, machine)| {
        op(seq as u64, Entity::Asset, machine.asset_id.0, OpKind::Create, fields_of(&machine))
    });
    let mut session = store.database.write().await.unwrap();
    session.apply_all(ops.map(Cow::Owned)).await.unwrap();
    session.commit().await.unwrap();
}

fn all() -> impl Iterator<Item = Asset> {
    (0..MANY).map(|number| machine(number, NAMES[number as usize % NAMES.len()]))
}

async fn found(store: &Store, typed: &str) -> BTreeSet<(u8, Uuid)> {
    let mut session = store.database.read().await.unwrap();
    let hits = session.search(typed, 10_000).await.unwrap();
    hits.into_iter().map(|hit| (hit.rank, hit.id)).collect()
}

async fn is_indexed(store: &Store) -> bool {
    !store.database.read().await.unwrap().any_unindexed().await.unwrap()
}

#[tokio::test]
async fn what_came_in_bulk_is_found_the_same_before_it_is_indexed_and_after() {
    let store = Store::new().await;
    bring(&store, all()).await;
    assert!(!is_indexed(&store).await, "it is left for later");
    let mut before = Vec::new();
    for typed in TYPED {
        before.push(found(&store, typed).await);
    }
    assert!(store.database.index_some().await.unwrap(), "bit by bit");
    while store.database.index_some().await.unwrap() {}
    assert!(is_indexed(&store).await);
    for (typed, before) in TYPED.into_iter().zip(before) {
        let after = found(&store, typed).await;
        let differ: Vec<_> = before.symmetric_difference(&after).take(3).collect();
        assert!(differ.is_empty(), "«{typed}»: {} before, {} after, {differ:?}", before.len(), after.len());
    }
    assert_eq!(found(&store, "forder").await.len(), 140);
}

#[tokio::test]
async fn what_changed_in_bulk_is_not_found_by_what_it_was() {
    let store = Store::new().await;
    bring(&store, all()).await;
    while store.database.index_some().await.unwrap() {}
    bring(&store, all().map(|before| Asset { name: "Bale press".into(), ..before })).await;
    assert!(!is_indexed(&store).await);
    assert_eq!(found(&store, "pumpe").await, BTreeSet::new());
    assert_eq!(found(&store, "press").await.len(), MANY as usize);
}

#[tokio::test]
async fn a_few_are_in_the_index_with_what_brings_them() {
    let store = Store::new().await;
    bring(&store, all().take(20)).await;
    assert!(is_indexed(&store).await);
    assert_eq!(found(&store, "conveyor").await.len(), 4);
}

#[tokio::test]
async fn whoever_indexes_is_woken_by_what_comes_in_bulk() {
    let store = Store::new().await;
    bring(&store, all()).await;
    store.database.came_in_bulk().await;
    assert!(store.database.index_some().await.unwrap());
}
