//! Who does what in which phase.

use millwright_documents::workshop::{Workshop, *};
use millwright_model::*;
use uuid::Uuid;

use crate::room::*;

fn refused(workshop: &mut Workshop, author: ParticipantId, act: &WorkshopAct) -> WorkshopRefusal {
    let before = (workshop.board().clone(), workshop.version());
    let refusal = workshop.act(author, act).unwrap_err();
    assert_eq!(before, (workshop.board().clone(), workshop.version()));
    refusal
}

#[test]
fn a_guest_writes_notes_and_votes_and_nothing_of_the_others() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Cluster));
    act(&mut anna, ANNA, &add(ANNA, 1, "strengths", "skills"));
    let mut guest = joined(&anna, 4);
    act(&mut guest, GUEST, &add(GUEST, 1, "strengths", "good coffee"));
    let members = [
        WorkshopAct::MoveNote { note_id: note_id(GUEST, 1), frame: "threats".into(), before: None },
        WorkshopAct::Cluster { cluster_id: ClusterId(Uuid::from_u128(5)), title: "x".into() },
    ];
    for wanted in members {
        assert!(matches!(refused(&mut guest, GUEST, &wanted), WorkshopRefusal::NoRight { .. }));
    }
    let facilitators = [
        phase(WorkshopPhase::Vote),
        WorkshopAct::Title { title: "mine".into() },
        WorkshopAct::HideNote { note_id: note_id(ANNA, 1), hidden: true },
        admit(GUEST, WorkshopRole::Facilitator),
    ];
    let mut ben = joined(&anna, 2);
    for wanted in facilitators {
        assert_eq!(
            refused(&mut guest, GUEST, &wanted),
            WorkshopRefusal::NoRight { needed: WorkshopNeeds::Facilitator }
        );
        assert_eq!(
            refused(&mut ben, BEN, &wanted),
            WorkshopRefusal::NoRight { needed: WorkshopNeeds::Facilitator }
        );
    }
    // Not in somebody else's name, and not with somebody else's note.
    assert!(matches!(
        refused(&mut guest, ANNA, &add(ANNA, 2, "strengths", "forged")),
        WorkshopRefusal::NoRight { .. }
    ));
    let foreign = WorkshopAct::NoteText { note_id: note_id(ANNA, 1), text: "spoilt".into() };
    assert!(matches!(refused(&mut guest, GUEST, &foreign), WorkshopRefusal::NoRight { .. }));
    assert!(matches!(
        refused(&mut guest, GUEST, &add(ANNA, 3, "strengths", "another's id")),
        WorkshopRefusal::Unfit { .. }
    ));
}

#[test]
fn each_phase_has_its_acts() {
    let mut anna = room();
    let not_now = |phase| WorkshopRefusal::NotNow { phase };
    let note = add(ANNA, 1, "strengths", "skills");
    assert_eq!(refused(&mut anna, ANNA, &note), not_now(WorkshopPhase::Collect));
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    act(&mut anna, ANNA, &note);
    assert!(matches!(refused(&mut anna, ANNA, &note), WorkshopRefusal::ThereAlready { .. }));
    let vote = WorkshopAct::Vote { item_id: item(ANNA, 1), votes: 1 };
    assert_eq!(refused(&mut anna, ANNA, &vote), not_now(WorkshopPhase::Reveal));
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    act(&mut anna, ANNA, &vote);
    let text = WorkshopAct::NoteText { note_id: note_id(ANNA, 1), text: "other".into() };
    assert_eq!(refused(&mut anna, ANNA, &text), not_now(WorkshopPhase::Vote));
    let points = WorkshopAct::Points { item_id: item(ANNA, 1), points: 100 };
    act(&mut anna, ANNA, &phase(WorkshopPhase::Weigh));
    assert!(matches!(refused(&mut anna, ANNA, &points), WorkshopRefusal::NotThere { .. }));
    act(&mut anna, ANNA, &WorkshopAct::Shortlist { item_id: item(ANNA, 1), on: true });
    act(&mut anna, ANNA, &points);
    act(&mut anna, ANNA, &WorkshopAct::Rate { item_id: item(ANNA, 1), rating: Some(4) });
    assert!(matches!(
        refused(&mut anna, ANNA, &WorkshopAct::Rate { item_id: item(ANNA, 1), rating: Some(2) }),
        WorkshopRefusal::Unfit { what: "the rating", .. }
    ));
    assert_eq!(anna.board().items[0].rating, Some(4));
    // What is said already is no change.
    assert_eq!(anna.act(ANNA, &points).unwrap(), None);
}

#[test]
fn votes_never_go_above_the_allowance() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    for number in 0..3 {
        act(&mut anna, ANNA, &add(ANNA, number, "strengths", &number.to_string()));
    }
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    let vote = |number, votes| WorkshopAct::Vote { item_id: item(ANNA, number), votes };
    act(&mut anna, ANNA, &vote(0, 3));
    assert_eq!(refused(&mut anna, ANNA, &vote(1, 3)), WorkshopRefusal::NoVotesLeft { left: 2, wanted: 3 });
    act(&mut anna, ANNA, &vote(1, 2));
    assert_eq!(refused(&mut anna, ANNA, &vote(0, 4)), WorkshopRefusal::NoVotesLeft { left: 0, wanted: 1 });
    act(&mut anna, ANNA, &vote(0, 0));
    act(&mut anna, ANNA, &vote(2, 3));
    let votes: Vec<u32> = anna.board().items.iter().map(|item| item.votes).collect();
    assert_eq!(votes, [0, 2, 3]);
    // A smaller allowance: the votes that were given first count.
    act(&mut anna, ANNA, &WorkshopAct::Allowance { votes: 3 });
    let votes: Vec<u32> = anna.board().items.iter().map(|item| item.votes).collect();
    assert_eq!(votes, [0, 2, 1]);
    assert_eq!(anna.board().votes[0].above, [ItemCount { item_id: item(ANNA, 2), count: 2 }]);
    // A note that is set aside gives its votes back.
    act(&mut anna, ANNA, &WorkshopAct::HideNote { note_id: note_id(ANNA, 1), hidden: true });
    let votes: Vec<u32> = anna.board().items.iter().map(|item| item.votes).collect();
    assert_eq!(votes, [0, 3]);
}

#[test]
fn a_locked_frame_stays_as_it_is() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Cluster));
    act(&mut anna, ANNA, &add(ANNA, 1, "strengths", "skills"));
    act(&mut anna, ANNA, &add(ANNA, 2, "threats", "rival"));
    act(&mut anna, ANNA, &WorkshopAct::LockFrame { key: "strengths".into(), locked: true });
    let locked = WorkshopRefusal::Locked { frame: "strengths".into() };
    for wanted in [
        add(ANNA, 3, "strengths", "late"),
        WorkshopAct::NoteText { note_id: note_id(ANNA, 1), text: "other".into() },
        WorkshopAct::WithdrawNote { note_id: note_id(ANNA, 1), withdrawn: true },
        WorkshopAct::MoveNote { note_id: note_id(ANNA, 1), frame: "threats".into(), before: None },
        WorkshopAct::MoveNote { note_id: note_id(ANNA, 2), frame: "strengths".into(), before: None },
    ] {
        assert_eq!(refused(&mut anna, ANNA, &wanted), locked);
    }
    act(&mut anna, ANNA, &WorkshopAct::LockFrame { key: "strengths".into(), locked: false });
    act(&mut anna, ANNA, &WorkshopAct::WithdrawNote { note_id: note_id(ANNA, 1), withdrawn: true });
    assert_eq!(texts(anna.board()), ["rival"]);
    assert_eq!(anna.board().set_aside.len(), 1);
}

#[test]
fn one_device_enters_for_people_in_the_room() {
    let mut anna = room();
    let in_the_room = ParticipantId(Uuid::from_u128(9));
    act(&mut anna, ANNA, &admit(in_the_room, WorkshopRole::Member));
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    assert!(matches!(
        refused(&mut anna, in_the_room, &add(in_the_room, 1, "threats", "x")),
        WorkshopRefusal::NoRight { .. }
    ));
    act(&mut anna, ANNA, &WorkshopAct::EnterFor { participant_id: in_the_room, entered_by: ANNA });
    let on_paper = WorkshopAct::AddNote {
        note_id: note_id(in_the_room, 1),
        frame: "threats".into(),
        text: "rent goes up".into(),
        on_paper: true,
    };
    act(&mut anna, in_the_room, &on_paper);
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    act(&mut anna, in_the_room, &WorkshopAct::Vote { item_id: item(in_the_room, 1), votes: 5 });
    let ben = joined(&anna, 2);
    assert_eq!(ben.board().notes[0].author, in_the_room);
    assert!(ben.board().notes[0].on_paper);
    assert_eq!(ben.board().items[0].votes, 5);
}

#[test]
fn notes_cluster_and_their_votes_with_them() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Cluster));
    for (number, text) in ["rival", "new rival", "rent"].into_iter().enumerate() {
        act(&mut anna, ANNA, &add(ANNA, number as u64, "threats", text));
    }
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    act(&mut anna, ANNA, &WorkshopAct::Vote { item_id: item(ANNA, 1), votes: 2 });
    act(&mut anna, ANNA, &phase(WorkshopPhase::Cluster));
    let cluster_id = ClusterId(Uuid::from_u128(50));
    act(&mut anna, ANNA, &WorkshopAct::Cluster { cluster_id, title: "Rivals".into() });
    for number in [0, 1] {
        let into = WorkshopAct::IntoCluster { note_id: note_id(ANNA, number), cluster_id: Some(cluster_id) };
        act(&mut anna, ANNA, &into);
    }
    let items: Vec<(&str, u32)> =
        anna.board().items.iter().map(|item| (item.text.as_str(), item.votes)).collect();
    assert_eq!(items, [("Rivals", 2), ("rent", 0)]);
    let before = WorkshopAct::MoveNote {
        note_id: note_id(ANNA, 2),
        frame: "threats".into(),
        before: Some(note_id(ANNA, 0)),
    };
    act(&mut anna, ANNA, &before);
    assert_eq!(texts(anna.board()), ["rent", "rival", "new rival"]);
    act(&mut anna, ANNA, &WorkshopAct::IntoCluster { note_id: note_id(ANNA, 0), cluster_id: None });
    assert_eq!(anna.board().clusters[0].notes, [note_id(ANNA, 1)]);
}

#[test]
fn at_most_seven_items_are_judged_in_pairs() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    for number in 0..8 {
        act(&mut anna, ANNA, &add(ANNA, number, "strengths", &number.to_string()));
    }
    act(&mut anna, ANNA, &phase(WorkshopPhase::Weigh));
    for number in 0..7 {
        act(&mut anna, ANNA, &WorkshopAct::Shortlist { item_id: item(ANNA, number), on: true });
    }
    let judge = |one, other, times| WorkshopAct::Judge {
        judgement: ItemJudgement { item_id: item(ANNA, one), other_id: item(ANNA, other), times },
    };
    act(&mut anna, ANNA, &judge(0, 1, 3.0));
    // Said the other way round it is the same register.
    act(&mut anna, ANNA, &judge(1, 0, 4.0));
    let [weighing] = &anna.board().weighings[..] else { panic!("{:?}", anna.board().weighings) };
    assert_eq!(weighing.judgements.len(), 1);
    assert!((weighing.judgements[0].times - 0.25).abs() < 1e-12);
    assert!(matches!(refused(&mut anna, ANNA, &judge(0, 0, 3.0)), WorkshopRefusal::Unfit { .. }));
    assert!(matches!(refused(&mut anna, ANNA, &judge(0, 1, 10.0)), WorkshopRefusal::Unfit { .. }));
    act(&mut anna, ANNA, &WorkshopAct::Shortlist { item_id: item(ANNA, 7), on: true });
    assert_eq!(
        refused(&mut anna, ANNA, &judge(0, 2, 3.0)),
        WorkshopRefusal::Full { what: "items judged in pairs", limit: 7 }
    );
}

#[test]
fn pairs_become_strategies_and_actions_with_owner_and_date() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    act(&mut anna, ANNA, &add(ANNA, 1, "strengths", "skills"));
    act(&mut anna, ANNA, &add(ANNA, 2, "opportunities", "subsidy"));
    act(&mut anna, ANNA, &phase(WorkshopPhase::Pair));
    let strategy_id = StrategyId(Uuid::from_u128(60));
    let strategy = |internal, external| WorkshopAct::Strategy {
        strategy_id,
        internal: item(ANNA, internal),
        external: item(ANNA, external),
        text: "Retrofit with the subsidy".into(),
    };
    assert!(matches!(refused(&mut anna, ANNA, &strategy(2, 1)), WorkshopRefusal::Unfit { .. }));
    act(&mut anna, ANNA, &strategy(1, 2));
    let score = WorkshopAct::Attractiveness { strategy_id, item_id: item(ANNA, 1), score: Some(4) };
    act(&mut anna, ANNA, &score);
    act(&mut anna, ANNA, &phase(WorkshopPhase::Act));
    let mut ben = joined(&anna, 2);
    let action = BoardAction {
        action_id: WorkshopActionId(Uuid::from_u128(70)),
        text: "Apply for it".into(),
        owner: None,
        due: None,
        strategy_id: Some(strategy_id),
        done: false,
    };
    act(&mut anna, ANNA, &WorkshopAct::Action { action: action.clone() });
    bring(&anna, &mut ben);
    // One gives it an owner and the other a date, apart.
    let owner = Some(PersonId(Uuid::from_u128(11)));
    let due = CivilDate::from_ymd(2027, 3, 1);
    act(&mut anna, ANNA, &WorkshopAct::Action { action: BoardAction { owner, ..action.clone() } });
    act(&mut ben, BEN, &WorkshopAct::Action { action: BoardAction { due, ..action.clone() } });
    meet(&mut anna, &mut ben);
    assert_eq!(anna.board(), ben.board());
    assert_eq!(anna.board().actions, [BoardAction { owner, due, ..action.clone() }]);
    assert_eq!(anna.board().strategies[0].attractiveness.len(), 1);
    act(&mut ben, BEN, &WorkshopAct::DropAction { action_id: action.action_id, out: true });
    assert!(ben.board().actions.is_empty());
}

#[test]
fn what_an_excluded_guest_wrote_is_set_aside() {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    let mut guest = joined(&anna, 4);
    act(&mut guest, GUEST, &add(GUEST, 1, "strengths", "rude"));
    act(&mut anna, ANNA, &WorkshopAct::Exclude { participant_id: GUEST, excluded: true });
    // What it wrote before it heard of that is let in on every device, whichever came first, and does not count.
    meet(&mut anna, &mut guest);
    assert_eq!(anna.board(), guest.board());
    assert!(anna.board().notes.is_empty());
    assert_eq!(anna.board().set_aside.len(), 1);
}
