//! How long boards take: printed, never judged here. Run in a release build with `--ignored --nocapture`.

use std::time::{Duration, Instant};

use millwright_documents::workshop::{Workshop, *};
use millwright_model::*;

use crate::room::*;

fn middle(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

#[test]
#[ignore = "a measurement"]
fn five_devices_with_forty_notes_each_meet_and_a_board_of_500_opens() {
    let mut anna = room();
    let people: Vec<(ParticipantId, u64)> = (0..5_u64)
        .map(|number| (ParticipantId(uuid::Uuid::from_u128(u128::from(100 + number))), 100 + number))
        .collect();
    for (participant, number) in &people {
        act(&mut anna, ANNA, &admit(*participant, WorkshopRole::Member));
        act(&mut anna, ANNA, &lets_in(*participant, *number));
    }
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    let mut devices: Vec<(ParticipantId, Workshop)> =
        people.iter().map(|(participant, number)| (*participant, joined(&anna, *number))).collect();
    let text = "A note of about the length that people write on one, in two lines";
    for (participant, workshop) in &mut devices {
        for number in 0..40 {
            act(workshop, *participant, &add(*participant, number, "threats", &format!("{text} {number}")));
        }
    }
    let stored = anna.snapshot().unwrap();
    let version = anna.version();
    let updates: Vec<Vec<u8>> =
        devices.iter().map(|(_, workshop)| workshop.updates_since(&version).unwrap()).collect();
    let mut times = Vec::new();
    for _ in 0..21 {
        let mut node = Workshop::open([stored.as_slice()], device(1)).unwrap();
        let begun = Instant::now();
        for update in &updates {
            node.receive(update, Brought::PassedOn).unwrap();
        }
        times.push(begun.elapsed());
        assert_eq!(node.board().notes.len(), 200);
    }
    println!("40 notes x 5 devices meet, all five looked at and taken in: median, worst {:?}", middle(times));
    for update in &updates {
        anna.receive(update, Brought::PassedOn).unwrap();
    }
    for number in 0..300 {
        act(&mut anna, ANNA, &add(ANNA, number, "strengths", &format!("{text} {number}")));
    }
    let (stored, everything) = (anna.snapshot().unwrap(), anna.everything().unwrap());
    let (mut opened, mut joined) = (Vec::new(), Vec::new());
    for _ in 0..21 {
        let begun = Instant::now();
        let workshop = Workshop::open([stored.as_slice()], device(1)).unwrap();
        opened.push(begun.elapsed());
        assert_eq!(workshop.board().notes.len(), 500);
        let begun = Instant::now();
        Workshop::join(&everything, WORKSHOP, device(9)).unwrap();
        joined.push(begun.elapsed());
    }
    println!("a board of 500 notes opens, {} bytes: median, worst {:?}", stored.len(), middle(opened));
    println!("a board of 500 notes joined, each change looked at: median, worst {:?}", middle(joined));
    let begun = Instant::now();
    act(&mut anna, ANNA, &add(ANNA, 999, "strengths", "one more"));
    println!("one note more: {:?}", begun.elapsed());
    let begun = Instant::now();
    let hints = duplicate_hints(&anna.board().notes).len();
    println!("{hints} hints of duplicates: {:?}", begun.elapsed());
}
