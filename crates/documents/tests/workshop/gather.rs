//! Many updates at once are looked at like one after the other.

use std::collections::BTreeSet;

use millwright_documents::workshop::{Workshop, *};
use millwright_model::*;

use crate::room::*;

/// Updates of Anna's and Ben's devices that build on the room, in the order in which they were written.
fn written() -> (Workshop, Vec<Vec<u8>>, Workshop) {
    let room = room();
    let (mut anna, mut ben) = (joined(&room, 1), joined(&room, 2));
    let mut updates = vec![act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal))];
    ben.receive(&updates[0], Brought::ByWriter(device(1))).unwrap();
    for number in 0..5 {
        updates.push(act(&mut anna, ANNA, &add(ANNA, number, "strengths", "Anna's")));
        updates.push(act(&mut ben, BEN, &add(BEN, number, "threats", "Ben's")));
    }
    meet(&mut anna, &mut ben);
    (room, updates, anna)
}

#[test]
fn many_updates_come_in_whichever_order_they_are_given() {
    let (room, mut updates, anna) = written();
    assert_eq!(room.with_all(&updates).unwrap().board(), anna.board());
    updates.reverse();
    let gathered = room.with_all(&updates).unwrap();
    assert_eq!(gathered.board(), anna.board());
    assert_eq!(gathered.device(), room.device());
}

#[test]
fn one_update_that_is_not_in_order_lets_none_of_them_in() {
    let (room, mut updates, _) = written();
    let strangers = Workshop::begin(&beginning(), device(77)).unwrap().everything().unwrap();
    updates.push(strangers);
    assert!(room.with_all(&updates).is_err());
    updates.pop();
    updates.remove(0);
    assert_eq!(room.with_all(&updates).err(), Some(WorkshopRefusal::TooEarly));
    assert_eq!(room.board().notes, [], "the room is as it was");
}

#[test]
fn who_wrote_an_update_is_told_also_where_it_comes_too_early() {
    let (_, updates, anna) = written();
    let one = |number| BTreeSet::from([device(number)]);
    assert_eq!(writers_of(&updates[0]).unwrap(), one(1));
    assert_eq!(writers_of(&updates[2]).unwrap(), one(2));
    assert_eq!(writers_of(&anna.everything().unwrap()).unwrap(), BTreeSet::from([device(1), device(2)]));
    assert!(writers_of(&anna.snapshot().unwrap()).is_err(), "a snapshot hides it");
    assert!(writers_of(b"no update").is_err());
}

#[test]
fn a_device_writes_on_under_another_name() {
    let mut shared = room();
    act(&mut shared, ANNA, &phase(WorkshopPhase::Reveal));
    shared.write_as(device(2)).unwrap();
    let update = act(&mut shared, BEN, &add(BEN, 1, "threats", "Ben's, on Anna's tablet"));
    assert_eq!(writers_of(&update).unwrap(), BTreeSet::from([device(2)]));
    let refused = shared.act(ANNA, &add(ANNA, 1, "threats", "Not hers any more"));
    assert_eq!(refused, Err(WorkshopRefusal::NoRight { needed: WorkshopNeeds::Device }));
}
