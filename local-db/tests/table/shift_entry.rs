//! Lines of the shift log.

use millwright_model::*;

use crate::common::*;

#[tokio::test]
async fn the_lines_of_a_shift_are_those_of_its_hours_newest_first() {
    let store = Store::new().await;
    put(&store, &[99, 100, 150, 199, 200].map(|at| shift_entry(at as u128, at))).await;
    let mut session = store.database.read().await.unwrap();
    let of = |entries: Vec<ShiftEntry>| entries.iter().map(|entry| entry.written_at.0).collect::<Vec<_>>();
    let (from, until) = (TimestampMs(100), TimestampMs(200));
    let all = session.shift_entries(from, until, 10).await.unwrap();
    assert_eq!(all.last(), Some(&shift_entry(100, 100)), "it comes out as it went in");
    assert_eq!(of(all), [199, 150, 100], "the end belongs to the next shift");
    assert_eq!(of(session.shift_entries(from, until, 2).await.unwrap()), [199, 150]);
}

#[tokio::test]
async fn a_line_follows_its_machine_when_that_gives_way_to_another_one() {
    let store = Store::new().await;
    put(&store, &[shift_entry(1, 5)]).await;
    let (gone, stays) = (uuid::Uuid::from_u128(7), uuid::Uuid::from_u128(8));
    put(&store, &[Alias { alias_id: AliasId(gone), record_kind: Entity::Asset, winner_id: stays }]).await;
    let mut session = store.database.read().await.unwrap();
    let entries = session.shift_entries(TimestampMs(0), TimestampMs(9), 10).await.unwrap();
    assert_eq!(entries[0].asset_id, Some(AssetId(stays)));
}
