//! The document of a scenario, written by several people.

#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

use millwright_documents::{DocumentError, ScenarioDraft};
use millwright_model::{PartId, ScenarioDriver};
use uuid::Uuid;

const MODEL: &str = "a = 1\nb = 2\nresult c = a + b\n";

fn two() -> (ScenarioDraft, ScenarioDraft, Vec<u8>) {
    let (one, update) = ScenarioDraft::begin(MODEL, 1).unwrap();
    let other = ScenarioDraft::of_updates([update.as_slice()]).unwrap();
    (one, other, update)
}

#[test]
fn lines_that_two_people_changed_apart_are_both_there() {
    let (mut one, mut other, begin) = two();
    let seen = one.version();
    let first = one.write_text(&seen, "a = 10\nb = 2\nresult c = a + b\n", 2).unwrap().unwrap();
    let second = other.write_text(&seen, "a = 1\nb = 20\nresult c = a + b\n", 3).unwrap().unwrap();
    for updates in [[&begin, &first, &second], [&second, &begin, &first]] {
        let met = ScenarioDraft::of_updates(updates.map(Vec::as_slice)).unwrap();
        assert_eq!(met.text(), "a = 10\nb = 20\nresult c = a + b\n");
    }
}

#[test]
fn the_same_line_changed_by_two_people_is_there_twice_and_none_is_lost() {
    let (mut one, mut other, begin) = two();
    let seen = one.version();
    let first = one.write_text(&seen, "a = 10\nb = 2\nresult c = a + b\n", 2).unwrap().unwrap();
    let second = other.write_text(&seen, "a = 11\nb = 2\nresult c = a + b\n", 3).unwrap().unwrap();
    let met = ScenarioDraft::of_updates([begin.as_slice(), &first, &second]).unwrap();
    let text = met.text();
    assert!(text.contains("a = 10\n") && text.contains("a = 11\n"), "{text}");
    assert!(!text.contains("a = 1\n"), "{text}");
}

#[test]
fn who_writes_on_an_older_moment_keeps_what_came_since() {
    let (mut one, _, _) = two();
    let seen = one.version();
    one.write_text(&seen, "a = 1\nb = 2\nresult c = a * b\n", 2).unwrap();
    one.write_text(&seen, "a = 7\nb = 2\nresult c = a + b\n", 3).unwrap();
    assert_eq!(one.text(), "a = 7\nb = 2\nresult c = a * b\n");
}

#[test]
fn writing_what_is_there_makes_no_update() {
    let (mut one, _, _) = two();
    let seen = one.version();
    assert_eq!(one.write_text(&seen, MODEL, 2).unwrap(), None);
    assert_eq!(one.tell("demand high", " ", 3).unwrap(), None);
}

#[test]
fn stories_and_bindings_are_kept_and_taken_out() {
    let (mut one, _, begin) = two();
    let driver = ScenarioDriver::Stock { part_id: PartId(Uuid::from_u128(4)), times: 1.0 };
    let first = one.drive("a", Some(&driver), 2).unwrap().unwrap();
    let second = one.tell("demand high", "They all want it.", 3).unwrap().unwrap();
    let met = ScenarioDraft::of_updates([begin.as_slice(), &first, &second]).unwrap();
    assert_eq!(met.drivers(), [("a".to_owned(), driver)]);
    assert_eq!(met.narratives().first().map(|told| told.text.as_str()), Some("They all want it."));
    one.drive("a", None, 4).unwrap();
    assert_eq!(one.drivers(), []);
}

#[test]
fn a_model_that_is_too_long_is_refused_and_changes_nothing() {
    let (mut one, _, _) = two();
    let seen = one.version();
    let long = "# x\n".repeat(100_000);
    let refused = one.write_text(&seen, &long, 2);
    assert!(matches!(refused, Err(DocumentError::TooLarge { .. })), "{refused:?}");
    assert_eq!(one.text(), MODEL);
}

#[test]
fn bytes_that_are_no_update_are_named_by_their_place() {
    let (_, _, begin) = two();
    let refused = ScenarioDraft::of_updates([begin.as_slice(), b"no update".as_slice()]);
    assert!(matches!(refused.err(), Some(DocumentError::UpdateUnreadable { place: 1, .. })));
}

#[test]
fn figures_moved_by_two_people_stand_where_each_was_moved_last() {
    let (mut one, mut other, first) = two();
    let moved = one.place("a", Some((10, 20)), 2).unwrap().unwrap();
    let also = other.place("b", Some((30, 40)), 3).unwrap().unwrap();
    let met = ScenarioDraft::of_updates([&first[..], &moved, &also]).unwrap();
    let told: Vec<_> = met.places().into_iter().map(|place| (place.name, place.x, place.y)).collect();
    assert_eq!(told, [("a".to_owned(), 10, 20), ("b".to_owned(), 30, 40)]);
    assert!(one.place("a", Some((10, 20)), 4).unwrap().is_none(), "nothing moved, nothing is written");
}
