//! What people write apart meets whole, whatever their clocks say and whichever way updates go.

use std::collections::BTreeMap;

use millwright_documents::workshop::{Workshop, *};
use millwright_model::*;
use proptest::prelude::*;
use uuid::Uuid;

use crate::room::*;

#[test]
fn a_day_offline_with_a_clock_three_hours_off_loses_nothing() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    let (mut ben, mut bens_other) = (joined(&anna, 2), joined(&anna, 3));
    // A day apart: the timer is the only thing that a clock goes into, and this one is three hours off.
    let three_hours = 3 * 60 * 60 * 1000;
    let timer = WorkshopTimer { ends_at: TimestampMs(1_900_000_000_000 + three_hours), length_ms: 600_000 };
    act(&mut anna, ANNA, &WorkshopAct::Timer { timer: Some(timer) });
    for number in 0..20 {
        act(&mut anna, ANNA, &add(ANNA, number, "strengths", &format!("anna {number}")));
        act(&mut ben, BEN, &add(BEN, number, "threats", &format!("ben {number}")));
        act(&mut bens_other, BEN, &add(BEN, 100 + number, "strengths", &format!("ben's tablet {number}")));
    }
    // Ben votes on both of his devices, each time all that he has.
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    bring(&anna, &mut ben);
    bring(&anna, &mut bens_other);
    act(&mut ben, BEN, &WorkshopAct::Vote { item_id: item(BEN, 1), votes: 3 });
    act(&mut ben, BEN, &WorkshopAct::Vote { item_id: item(ANNA, 2), votes: 2 });
    act(&mut bens_other, BEN, &WorkshopAct::Vote { item_id: item(BEN, 101), votes: 5 });
    act(&mut anna, ANNA, &WorkshopAct::Vote { item_id: item(ANNA, 2), votes: 4 });
    meet(&mut ben, &mut bens_other);
    meet(&mut anna, &mut ben);
    meet(&mut bens_other, &mut anna);
    for workshop in [&anna, &ben, &bens_other] {
        let board = workshop.board();
        assert_eq!(board, anna.board());
        assert_eq!((board.notes.len(), board.set_aside.len()), (60, 0));
        // Each device's notes stand in the order in which they were written.
        for (name, frame) in [("anna", "strengths"), ("ben", "threats"), ("ben's tablet", "strengths")] {
            let of_frame = board.notes.iter().filter(|note| note.frame == frame);
            let own: Vec<&str> = of_frame
                .map(|note| note.text.as_str())
                .filter(|text| text.rsplit_once(' ').unwrap().0 == name)
                .collect();
            assert_eq!(own, (0..20).map(|number| format!("{name} {number}")).collect::<Vec<_>>());
        }
        assert_eq!(board.timer, Some(timer));
        let bens = board.votes.iter().find(|votes| votes.participant_id == BEN).unwrap();
        let counted: u32 = bens.counted.iter().map(|count| count.count).sum();
        let above: u32 = bens.above.iter().map(|count| count.count).sum();
        assert_eq!((counted, above, bens.left), (5, 5, 0));
        let given: u32 = board.items.iter().map(|item| item.votes).sum();
        assert_eq!(given, 9);
    }
}

#[test]
fn private_notes_are_in_no_update_until_they_are_revealed() {
    let mut anna = room();
    let mut ben = joined(&anna, 2);
    let mut private = PrivateNotes::new(WORKSHOP);
    for number in 0..3 {
        let note = PrivateNote {
            note_id: note_id(BEN, number),
            author: BEN,
            frame: "weaknesses".into(),
            text: format!("secret {number}"),
            on_paper: number == 2,
        };
        private.put(note).unwrap();
    }
    let refused = ben.reveal(&mut private).unwrap_err();
    assert_eq!(refused, WorkshopRefusal::NotNow { phase: WorkshopPhase::Collect });
    assert_eq!(private.notes.len(), 3);
    let holds = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"secret");
    assert!(!holds(&ben.everything().unwrap()) && !holds(&ben.snapshot().unwrap()));
    // The facilitator went on to the votes and locked the frame before Ben's device heard of the revealing.
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    act(&mut anna, ANNA, &WorkshopAct::LockFrame { key: "weaknesses".into(), locked: true });
    bring(&anna, &mut ben);
    let kept = private.clone();
    let update = ben.reveal(&mut private).unwrap().unwrap();
    assert!(private.notes.is_empty());
    anna.receive(&update, Brought::ByWriter(device(2))).unwrap();
    assert_eq!(texts(anna.board()), ["secret 0", "secret 1", "secret 2"]);
    assert!(anna.board().notes[2].on_paper);
    // After a fall between the board's storing and theirs, they are there once.
    let mut again = kept;
    assert_eq!(ben.reveal(&mut again).unwrap(), None);
    assert!(again.notes.is_empty());
}

#[test]
fn an_offline_device_is_never_compacted_away() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    let (mut ben, guest) = (joined(&anna, 2), joined(&anna, 4));
    act(&mut anna, ANNA, &add(ANNA, 1, "strengths", "before"));
    act(&mut ben, BEN, &add(BEN, 1, "strengths", "offline"));
    let mut known: BTreeMap<WorkshopDevice, BoardVersion> =
        [(device(2), ben.version()), (device(4), guest.version())].into_iter().collect();
    assert_eq!(anna.compact(&known).unwrap_err(), WorkshopRefusal::UnknownReplica { device: device(3) });
    known.insert(device(3), guest.version());
    let before = anna.board().clone();
    let stored = anna.compact(&known).unwrap();
    assert_eq!(*anna.board(), before);
    assert_eq!(*Workshop::open([stored.as_slice()], device(1)).unwrap().board(), before);
    for number in 2..40 {
        act(&mut anna, ANNA, &add(ANNA, number, "strengths", &format!("after {number}")));
    }
    meet(&mut anna, &mut ben);
    assert_eq!(anna.board(), ben.board());
    assert_eq!(anna.board().notes.len(), 40);
    // Whoever is older than all that is known is told so, and not left waiting in silence.
    assert_eq!(anna.everything().unwrap_err(), WorkshopRefusal::TooOld);
    // And once everybody has everything, what came before is forgotten.
    let all = anna.version();
    let known = [2, 3, 4].map(|number| (device(number), all.clone())).into_iter().collect();
    anna.compact(&known).unwrap();
    act(&mut ben, BEN, &add(BEN, 2, "threats", "late"));
    meet(&mut anna, &mut ben);
    assert_eq!(anna.board(), ben.board());
    assert_eq!(anna.board().notes.len(), 41);
}

#[test]
fn a_board_opens_from_what_was_stored_in_whichever_order() {
    let mut anna = Workshop::begin(&beginning(), device(1)).unwrap();
    let mut stored = vec![anna.snapshot().unwrap()];
    stored.push(act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal)));
    for number in 0..10 {
        stored.push(act(&mut anna, ANNA, &add(ANNA, number, "threats", &number.to_string())));
    }
    let mut opened = Workshop::open(stored.iter().rev().map(Vec::as_slice), device(1)).unwrap();
    assert_eq!(opened.board(), anna.board());
    act(&mut opened, ANNA, &add(ANNA, 11, "threats", "eleven"));
    bring(&opened, &mut anna);
    assert_eq!(opened.board(), anna.board());
    let gap: Vec<&[u8]> = stored.iter().take(3).chain(stored.iter().skip(5)).map(Vec::as_slice).collect();
    assert_eq!(Workshop::open(gap, device(1)).err().unwrap(), WorkshopRefusal::TooEarly);
}

/// Something that somebody does, out of some numbers.
fn some_act(
    author: ParticipantId,
    board: &Board,
    (what, one, other): (u8, u8, u8),
    fresh: u64,
) -> WorkshopAct {
    let frame = FrameKind::SWOT[usize::from(one) % 4].key().to_owned();
    let pick = |number: u8| board.notes.get(usize::from(number) % board.notes.len().max(1));
    let (Some(note), Some(second)) = (pick(one), pick(other)) else {
        return add(author, fresh, &frame, "first");
    };
    let cluster_id = ClusterId(Uuid::from_u128(u128::from(one % 5)));
    match what % 9 {
        0..=2 => add(author, fresh, &frame, &format!("note {fresh}")),
        3 => WorkshopAct::MoveNote { note_id: note.note_id, frame, before: Some(second.note_id) },
        4 => WorkshopAct::Cluster { cluster_id, title: format!("cluster {other}") },
        5 => WorkshopAct::IntoCluster { note_id: note.note_id, cluster_id: Some(cluster_id) },
        6 => WorkshopAct::NoteText { note_id: note.note_id, text: format!("says {other}") },
        7 => WorkshopAct::WithdrawNote { note_id: note.note_id, withdrawn: other % 2 == 0 },
        _ => {
            let items = &board.items;
            let item_id = items[usize::from(one) % items.len()].item_id;
            WorkshopAct::Vote { item_id, votes: u32::from(other % 5) }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn three_devices_that_meet_in_any_order_have_the_same_board(
        steps in proptest::collection::vec((0_u8..4, any::<(u8, u8, u8)>()), 1..40),
    ) {
        let mut anna = room();
        act(&mut anna, ANNA, &phase(WorkshopPhase::Cluster));
        let mut devices = vec![(BEN, joined(&anna, 2)), (BEN, joined(&anna, 3))];
        devices.insert(0, (ANNA, anna));
        let mut added = std::collections::BTreeSet::new();
        let mut fresh = 0;
        for (who, numbers) in steps {
            if who == 3 {
                let (from, to) = (usize::from(numbers.0) % 3, usize::from(numbers.1) % 3);
                let update = devices[from].1.updates_since(&devices[to].1.version()).unwrap();
                devices[to].1.receive(&update, Brought::PassedOn).unwrap();
                continue;
            }
            let (author, workshop) = &mut devices[usize::from(who)];
            fresh += 1;
            let wanted = some_act(*author, workshop.board(), numbers, fresh);
            // Votes are given in their phase: Anna's device alternates.
            if *author == ANNA {
                let to = if matches!(wanted, WorkshopAct::Vote { .. }) { WorkshopPhase::Vote } else { WorkshopPhase::Cluster };
                workshop.act(ANNA, &phase(to)).unwrap();
            }
            if workshop.act(*author, &wanted).is_ok() && let WorkshopAct::AddNote { note_id, .. } = wanted {
                added.insert(note_id);
            }
            // What a device reads from its document anew is what it holds.
            let opened = Workshop::open([workshop.snapshot().unwrap().as_slice()], device(99)).unwrap();
            prop_assert_eq!(opened.board(), workshop.board());
        }
        for (from, to) in [(0, 1), (1, 2), (2, 0), (0, 1), (0, 2)] {
            let update = devices[from].1.updates_since(&devices[to].1.version()).unwrap();
            devices[to].1.receive(&update, Brought::PassedOn).unwrap();
        }
        let board = devices[0].1.board();
        prop_assert_eq!(board, devices[1].1.board());
        prop_assert_eq!(board, devices[2].1.board());
        let there: std::collections::BTreeSet<_> =
            board.notes.iter().chain(&board.set_aside).map(|note| note.note_id).collect();
        prop_assert_eq!(there, added);
        for votes in &board.votes {
            prop_assert!(votes.counted.iter().map(|count| count.count).sum::<u32>() + votes.left == board.allowance);
        }
        // Whoever comes last gets everything, each change looked at.
        let late = Workshop::join(&devices[2].1.everything().unwrap(), WORKSHOP, device(50)).unwrap();
        prop_assert_eq!(late.board(), board);
    }
}
