//! When the broker's window is full, and that nothing held is lost.

use super::*;

fn samples(count: usize) -> Vec<(SeriesKey, StoredSample)> {
    let sample = StoredSample {
        at_ms: 1,
        ordinal: 0,
        value: None,
        quality: millwright_model::Quality::Good,
        source_time: true,
    };
    vec![(SeriesKey("uns:a".into()), sample); count]
}

fn messages(count: u16) -> HeldBatch {
    HeldBatch {
        samples: samples(usize::from(count)),
        receipts: (1..=count).map(MessageReceipt::for_test).collect(),
    }
}

#[test]
fn the_commit_comes_when_a_broker_that_says_nothing_has_handed_over_its_usual_window() {
    let mut held = Held::new();
    assert!(!held.take(messages(19)));
    assert!(held.take(messages(1)));
    let batch = held.begin_commit();
    assert_eq!(batch.receipts.len(), 20);
    assert!(!held.is_full(), "nothing waits while it is written");
    held.committed(2_000);
    assert_eq!(held.values().reachable_per_s, Some(10_000));
}

#[test]
fn a_wider_window_shows_itself_by_more_messages_than_were_awaited() {
    let mut held = Held::new();
    held.take(messages(20));
    let _writing = held.begin_commit();
    assert!(held.take(messages(30)), "50 in all: as wide as was ever seen");
    assert_eq!(held.values().window, 50);
    held.committed(1);
    assert!(!held.is_full(), "30 of 50");
}

#[test]
fn a_narrower_window_shows_itself_by_the_same_number_at_every_commit() {
    let mut held = Held::new();
    for _ in 0..=STALLED_TICKS {
        assert!(!held.take(messages(10)));
        let _written = held.begin_commit();
        held.committed(1);
    }
    assert!(held.take(messages(10)), "now the commit need not wait for its time");
}

#[test]
fn what_the_disk_refused_waits_again_in_its_order() {
    let mut held = Held::new();
    held.take(messages(2));
    let first = held.begin_commit();
    let receipts = first.receipts.clone();
    held.take(HeldBatch { samples: samples(1), receipts: vec![MessageReceipt::for_test(3)] });
    held.put_back(first);
    assert_eq!(held.values().on_the_way, 3);
    let again = held.begin_commit();
    assert_eq!(again.receipts[..2], receipts);
    assert_eq!(again.samples.len(), 3);
}

#[test]
fn a_new_link_takes_the_window_that_was_agreed() {
    let mut held = Held::new();
    held.set_window(Some(5_000));
    assert!(!held.take(messages(4_999)));
    assert!(held.take(messages(1)));
}
