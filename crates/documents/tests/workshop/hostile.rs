//! Strangers at the door: what is not in order is refused before the board has it.

use std::sync::LazyLock;

use loro::{ExportMode, LoroDoc, LoroValue};
use millwright_documents::workshop::{Workshop, *};
use millwright_model::*;
use proptest::prelude::*;
use uuid::Uuid;

use crate::room::*;

/// Anna's room with a note of hers, while votes are given.
fn voting() -> Workshop {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    act(&mut anna, ANNA, &add(ANNA, 1, "strengths", "skills"));
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    anna
}

/// What a device would send whose program does not ask.
fn forged(from: &Workshop, device: u64, write: impl FnOnce(&LoroDoc)) -> Vec<u8> {
    let doc = LoroDoc::new();
    doc.import(&from.everything().unwrap()).unwrap();
    doc.set_peer_id(device).unwrap();
    let before = doc.oplog_vv();
    write(&doc);
    doc.commit();
    doc.export(ExportMode::updates(&before)).unwrap()
}

fn refused(workshop: &mut Workshop, update: &[u8]) -> WorkshopRefusal {
    let before = (workshop.board().clone(), workshop.version());
    let refusal = workshop.receive(update, Brought::PassedOn).unwrap_err();
    assert_eq!(before, (workshop.board().clone(), workshop.version()));
    // The board goes on.
    let mut again = Workshop::open([workshop.snapshot().unwrap().as_slice()], workshop.device()).unwrap();
    assert_eq!(again.board(), workshop.board());
    again.act(ANNA, &WorkshopAct::Title { title: "still here".into() }).unwrap();
    refusal
}

fn put(doc: &LoroDoc, map: &str, key: &str, value: impl Into<LoroValue>) {
    doc.get_map(map).insert(key, value.into()).unwrap();
}

fn note_value(frame: &str) -> Vec<LoroValue> {
    vec![frame.into(), false.into()]
}

#[test]
fn a_guest_cannot_vote_for_others_or_speak_for_them() {
    let mut anna = voting();
    let votes = |doc: &LoroDoc| {
        let vote = vec![LoroValue::I64(1), LoroValue::I64(5)];
        put(doc, &format!("votes_of_{BEN}"), &item(ANNA, 1).to_string(), vote);
    };
    let area = format!("votes_of_{BEN}");
    let update = forged(&anna, 4, votes);
    assert_eq!(refused(&mut anna, &update), WorkshopRefusal::Forged { device: device(4), area });
    let id = note_id(ANNA, 1);
    let update =
        forged(&anna, 4, |doc| put(doc, &format!("notes_of_{ANNA}"), &format!("{id}/text"), "spoilt"));
    assert!(matches!(refused(&mut anna, &update), WorkshopRefusal::Forged { .. }));
    // In their own part, but with the id of somebody else's note.
    let update = forged(&anna, 4, |doc| {
        put(doc, &format!("notes_of_{GUEST}"), &id.to_string(), note_value("strengths"));
    });
    assert!(matches!(refused(&mut anna, &update), WorkshopRefusal::Foreign { .. }));
    // What is everybody's, and what is the facilitator's.
    for (map, key, value) in [
        ("clusters", Uuid::from_u128(5).to_string(), LoroValue::from("mine")),
        ("head", "phase".to_owned(), "act".into()),
        ("hidden", id.to_string(), true.into()),
        ("grants", format!("facilitator/{GUEST}"), true.into()),
        ("grants", format!("device/4/{ANNA}"), true.into()),
        ("grants", format!("hands/{ANNA}/{GUEST}"), true.into()),
    ] {
        let update = forged(&anna, 4, |doc| put(doc, map, &key, value));
        let area = map.to_owned();
        assert_eq!(refused(&mut anna, &update), WorkshopRefusal::Forged { device: device(4), area });
    }
    // A member is no facilitator either, and cannot grow into one in the same update.
    let update = forged(&anna, 2, |doc| {
        put(doc, "grants", &format!("facilitator/{BEN}"), true);
        put(doc, "head", "phase", "act");
    });
    assert!(matches!(refused(&mut anna, &update), WorkshopRefusal::Forged { .. }));
}

#[test]
fn a_device_that_nobody_let_in_is_refused_until_somebody_does() {
    let mut anna = voting();
    let other = ParticipantId(Uuid::from_u128(77));
    let update = forged(&anna, 66, |doc| put(doc, "head", "title", "mine"));
    assert_eq!(refused(&mut anna, &update), WorkshopRefusal::UnknownDevice { device: device(66) });
    // A document that was founded apart is none of this workshop's, and cannot be poured into it.
    let apart = Workshop::begin(&Beginning { facilitator: other, ..beginning() }, device(66)).unwrap();
    let update = apart.everything().unwrap();
    assert_eq!(refused(&mut anna, &update), WorkshopRefusal::UnknownDevice { device: device(66) });
    let error = Workshop::join(&anna.everything().unwrap(), WorkshopId(Uuid::from_u128(1)), device(8));
    assert_eq!(error.err().unwrap(), WorkshopRefusal::AnotherWorkshop);
    // Ben's update builds on what Anna's does not bring.
    let mut ben = joined(&anna, 2);
    act(&mut anna, ANNA, &WorkshopAct::Title { title: "meanwhile".into() });
    let late = {
        bring(&anna, &mut ben);
        act(&mut ben, BEN, &WorkshopAct::Vote { item_id: item(ANNA, 1), votes: 1 })
    };
    let mut third = joined(&room(), 3);
    let refusal = third.receive(&late, Brought::PassedOn).unwrap_err();
    assert_eq!(refusal, WorkshopRefusal::TooEarly);
    assert!(third.board().notes.is_empty());
    bring(&ben, &mut third);
    assert_eq!(third.board(), ben.board());
}

#[test]
fn a_guests_link_brings_nothing_but_its_own() {
    let mut anna = voting();
    // In Ben's name: the link says whose it is.
    let update = forged(&anna, 2, |doc| {
        let vote = vec![LoroValue::I64(1), LoroValue::I64(5)];
        put(doc, &format!("votes_of_{BEN}"), &item(ANNA, 1).to_string(), vote);
    });
    assert_eq!(
        anna.receive(&update, Brought::ByWriter(device(4))).unwrap_err(),
        WorkshopRefusal::NotItsOwn { device: device(2), carrier: device(4) }
    );
    let received = anna.receive(&update, Brought::ByWriter(device(2))).unwrap();
    assert_eq!(received.writers, [device(2)]);
    assert_eq!(anna.receive(&update, Brought::PassedOn).unwrap().writers, []);
}

#[test]
fn giant_notes_and_floods_are_refused() {
    let mut anna = voting();
    let guests = |text: &str| {
        let (text, id) = (text.to_owned(), note_id(GUEST, 1));
        move |doc: &LoroDoc| {
            put(doc, &format!("notes_of_{GUEST}"), &id.to_string(), note_value("strengths"));
            put(doc, &format!("notes_of_{GUEST}"), &format!("{id}/text"), text);
        }
    };
    let ten_megabytes = forged(&anna, 4, guests(&"x".repeat(10 * 1024 * 1024)));
    // Either its bytes are too many, or, where they were pressed small, its letters.
    assert!(matches!(
        refused(&mut anna, &ten_megabytes),
        WorkshopRefusal::UpdateTooLarge { .. } | WorkshopRefusal::Foreign { .. }
    ));
    for text in ["x".repeat(501), "bell \u{7}".into(), " \n ".into()] {
        let update = forged(&anna, 4, guests(&text));
        assert!(matches!(refused(&mut anna, &update), WorkshopRefusal::Foreign { .. }), "{text}");
    }
    let flood = forged(&anna, 4, |doc| {
        for number in 0..501 {
            let id = note_id(GUEST, number);
            put(doc, &format!("notes_of_{GUEST}"), &id.to_string(), note_value("strengths"));
        }
    });
    assert!(matches!(refused(&mut anna, &flood), WorkshopRefusal::Full { .. }));
    let flood = forged(&anna, 4, |doc| {
        for number in 0..=CHANGES_OF_DEVICE_MAX {
            let vote = vec![LoroValue::I64(i64::from(number)), LoroValue::I64(1)];
            put(doc, &format!("votes_of_{GUEST}"), &item(ANNA, 1).to_string(), vote);
        }
    });
    assert!(matches!(refused(&mut anna, &flood), WorkshopRefusal::Full { .. }));
}

#[test]
fn what_a_board_does_not_have_is_refused() {
    let mut anna = voting();
    let guest_notes = format!("notes_of_{GUEST}");
    let strange = [
        forged(&anna, 1, |doc| put(doc, "anything", "key", "value")),
        forged(&anna, 1, |doc| doc.get_text("head").insert(0, "text").unwrap()),
        forged(&anna, 1, |doc| {
            doc.get_list("order").insert(0, "no note").unwrap();
        }),
        forged(&anna, 1, |doc| doc.get_movable_list("order").insert(0, "no note").unwrap()),
        forged(&anna, 1, |doc| doc.get_movable_list("order").delete(0, 1).unwrap()),
        forged(&anna, 1, |doc| doc.get_movable_list("order").set(0, "other").unwrap()),
        forged(&anna, 1, |doc| doc.get_map("head").delete("title").unwrap()),
        forged(&anna, 1, |doc| {
            doc.get_map("head").insert_container("title", loro::LoroText::new()).unwrap();
        }),
        forged(&anna, 1, |doc| {
            doc.get_tree("outline").create(loro::TreeParentId::Root).unwrap();
        }),
        forged(&anna, 1, |doc| put(doc, "head", "phase", "party")),
        forged(&anna, 1, |doc| put(doc, "head", "format", 2_i64)),
        forged(&anna, 1, |doc| put(doc, "head", "allowance", 1_000_000_i64)),
        forged(&anna, 1, |doc| put(doc, "grants", "king/4", true)),
        forged(&anna, 1, |doc| put(doc, "grants", &format!("member/{GUEST}"), false)),
        forged(&anna, 4, |doc| put(doc, &guest_notes, "../../etc", "value")),
        forged(&anna, 4, |doc| {
            let key = note_id(GUEST, 0xabc).to_string().to_uppercase();
            put(doc, &guest_notes, &key, note_value("strengths"));
        }),
        forged(&anna, 4, |doc| {
            let vote = vec![LoroValue::I64(-1), LoroValue::I64(5)];
            put(doc, &format!("votes_of_{GUEST}"), &item(ANNA, 1).to_string(), vote);
        }),
        forged(&anna, 4, |doc| {
            put(doc, &format!("weights_of_{GUEST}"), &format!("points/{}", item(ANNA, 1)), 101_i64);
        }),
    ];
    for (place, update) in strange.iter().enumerate() {
        let refusal = refused(&mut anna, update);
        assert!(matches!(refusal, WorkshopRefusal::Foreign { .. }), "{place}: {refusal}");
    }
    let snapshot = joined(&anna, 4).snapshot().unwrap();
    assert!(matches!(refused(&mut anna, &snapshot), WorkshopRefusal::Unreadable { .. }));
    let other_id = forged(&anna, 1, |doc| put(doc, "head", "id", Uuid::from_u128(1).to_string().as_str()));
    assert_eq!(refused(&mut anna, &other_id), WorkshopRefusal::AnotherWorkshop);
}

#[test]
fn a_script_in_a_note_is_text_and_stays_so() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    let mut guest = joined(&anna, 4);
    let script = "<script>alert(1)</script> [x](javascript:alert(1)) ${x} '; drop table note; --";
    let update = act(&mut guest, GUEST, &add(GUEST, 1, "strengths", script));
    anna.receive(&update, Brought::ByWriter(device(4))).unwrap();
    assert_eq!(texts(anna.board()), [script]);
}

#[test]
fn strange_versions_are_refused_or_answered_and_nothing_falls_over() {
    let anna = voting();
    for bytes in [vec![], vec![255; 40], vec![1; 100_000], b"version".to_vec()] {
        let length = bytes.len();
        match anna.updates_since(&BoardVersion(bytes)) {
            Ok(update) => assert!(!update.is_empty()),
            Err(WorkshopRefusal::UpdateTooLarge { bytes, .. }) => assert_eq!(bytes, length),
            Err(refusal) => assert!(matches!(refusal, WorkshopRefusal::Unreadable { .. }), "{refusal}"),
        }
    }
}

fn updates() -> Vec<Vec<u8>> {
    let mut anna = voting();
    let mut ben = joined(&anna, 2);
    let vote = act(&mut ben, BEN, &WorkshopAct::Vote { item_id: item(ANNA, 1), votes: 2 });
    act(&mut anna, ANNA, &phase(WorkshopPhase::Cluster));
    bring(&anna, &mut ben);
    let moved = WorkshopAct::MoveNote { note_id: note_id(ANNA, 1), frame: "threats".into(), before: None };
    let moved = act(&mut ben, BEN, &moved);
    vec![vote, moved, ben.everything().unwrap(), ben.snapshot().unwrap()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn bytes_that_were_spoilt_never_get_in_or_make_it_fall(
        which in 0_usize..4,
        spoilt in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        shorter in any::<bool>(),
        honest_sum in any::<bool>(),
    ) {
        // Made once: each case begins from what was stored.
        static MADE: LazyLock<(Vec<u8>, Vec<Vec<u8>>)> =
            LazyLock::new(|| (voting().snapshot().unwrap(), updates()));
        let mut anna = Workshop::open([MADE.0.as_slice()], device(1)).unwrap();
        let mut bytes = MADE.1[which].clone();
        for (place, value) in spoilt {
            let place = place.index(bytes.len());
            bytes[place] ^= value;
        }
        if shorter {
            bytes.truncate(cut.index(bytes.len()));
        }
        if honest_sum && bytes.len() > 22 {
            // The library's own sum over the bytes, as a stranger would make it: what is behind it has to hold too.
            let sum = xxhash32(&bytes[20..], u32::from_le_bytes(*b"LORO"));
            bytes[16..20].copy_from_slice(&sum.to_le_bytes());
        }
        let before = (anna.board().clone(), anna.version());
        match anna.receive(&bytes, Brought::PassedOn) {
            Err(_) => prop_assert_eq!(before, (anna.board().clone(), anna.version())),
            // Spoilt into something that is in order still: then it is as good as any other.
            Ok(_) => {
                let opened = Workshop::open([anna.snapshot().unwrap().as_slice()], device(1)).unwrap();
                prop_assert_eq!(opened.board(), anna.board());
            }
        }
        drop(Workshop::join(&bytes, WORKSHOP, device(8)).map(|joined| joined.board().clone()));
    }

    #[test]
    fn whatever_a_guest_writes_into_maps_only_their_own_part_changes(
        writes in proptest::collection::vec((0_usize..8, 0_usize..6, any::<i64>(), "[ -~]{0,40}"), 1..8),
    ) {
        let mut anna = voting();
        let id = note_id(GUEST, 1);
        let update = forged(&anna, 4, |doc| {
            for (map, key, number, text) in writes {
                let map = [
                    format!("notes_of_{GUEST}"), format!("votes_of_{GUEST}"), format!("weights_of_{GUEST}"),
                    format!("notes_of_{BEN}"), "head".into(), "grants".into(), "clusters".into(), text.clone(),
                ][map].clone();
                let key = [
                    id.to_string(), format!("{id}/text"), item(ANNA, 1).to_string(), format!("points/{}", item(ANNA, 1)),
                    "title".into(), text.clone(),
                ][key].clone();
                let value: LoroValue = match number % 4 {
                    0 => text.as_str().into(),
                    1 => number.into(),
                    2 => note_value("threats").into(),
                    _ => vec![LoroValue::I64(number % 7), LoroValue::I64(number % 7)].into(),
                };
                if !map.is_empty() && !map.contains('/') && !map.contains('\0') {
                    put(doc, &map, &key, value);
                }
            }
        });
        let before = anna.board().clone();
        if anna.receive(&update, Brought::PassedOn).is_ok() {
            let board = anna.board();
            prop_assert_eq!(&board.title, &before.title);
            prop_assert_eq!(&board.participants, &before.participants);
            let others = |board: &Board| board.notes.iter().filter(|note| note.author != GUEST).cloned().collect::<Vec<_>>();
            prop_assert_eq!(others(board), others(&before));
            prop_assert!(board.items.iter().map(|item| item.votes).sum::<u32>() <= board.allowance);
        }
    }
}

/// xxHash32, as its specification has it: what the library signs its bytes with.
fn xxhash32(bytes: &[u8], seed: u32) -> u32 {
    const PRIMES: [u32; 5] = [2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263, 374_761_393];
    let round = |lane: u32, word: u32| {
        lane.wrapping_add(word.wrapping_mul(PRIMES[1])).rotate_left(13).wrapping_mul(PRIMES[0])
    };
    let word = |four: &[u8]| u32::from_le_bytes(four.try_into().unwrap());
    let mut sixteens = bytes.chunks_exact(16);
    let mut sum = if bytes.len() >= 16 {
        let mut lanes = [
            seed.wrapping_add(PRIMES[0]).wrapping_add(PRIMES[1]),
            seed.wrapping_add(PRIMES[1]),
            seed,
            seed.wrapping_sub(PRIMES[0]),
        ];
        for sixteen in &mut sixteens {
            for (lane, four) in lanes.iter_mut().zip(sixteen.chunks_exact(4)) {
                *lane = round(*lane, word(four));
            }
        }
        let turned = lanes.iter().zip([1, 7, 12, 18]).map(|(lane, by)| lane.rotate_left(by));
        turned.fold(0, u32::wrapping_add)
    } else {
        seed.wrapping_add(PRIMES[4])
    };
    sum = sum.wrapping_add(bytes.len() as u32);
    let rest = if bytes.len() >= 16 { sixteens.remainder() } else { bytes };
    let mut fours = rest.chunks_exact(4);
    for four in &mut fours {
        sum = sum.wrapping_add(word(four).wrapping_mul(PRIMES[2])).rotate_left(17).wrapping_mul(PRIMES[3]);
    }
    for byte in fours.remainder() {
        sum = sum.wrapping_add(u32::from(*byte).wrapping_mul(PRIMES[4]));
        sum = sum.rotate_left(11).wrapping_mul(PRIMES[0]);
    }
    sum ^= sum >> 15;
    sum = sum.wrapping_mul(PRIMES[1]);
    sum ^= sum >> 13;
    sum = sum.wrapping_mul(PRIMES[2]);
    sum ^ (sum >> 16)
}
