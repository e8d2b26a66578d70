//! What a board comes to, and how it leaves and comes back as a file.

use std::collections::BTreeMap;

use millwright_documents::workshop::{Workshop, *};
use millwright_model::*;
use uuid::Uuid;

use crate::room::*;

/// Two strengths, a weakness, an opportunity and a threat, weighed by Anna and Ben, paired, with an action.
fn weighed() -> Workshop {
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
    let notes = [
        ("strengths", "Skilled fitters"),
        ("strengths", "Own tool shop"),
        ("weaknesses", "Old presses"),
        ("opportunities", "Subsidy for retrofits"),
        ("threats", "New rival <b>nearby</b> | cheap"),
    ];
    for (number, (frame, text)) in notes.into_iter().enumerate() {
        act(&mut anna, ANNA, &add(ANNA, number as u64, frame, text));
    }
    act(&mut anna, ANNA, &phase(WorkshopPhase::Vote));
    act(&mut anna, ANNA, &WorkshopAct::Vote { item_id: item(ANNA, 0), votes: 3 });
    for number in 0..5 {
        act(&mut anna, ANNA, &WorkshopAct::Shortlist { item_id: item(ANNA, number), on: true });
    }
    act(&mut anna, ANNA, &phase(WorkshopPhase::Weigh));
    for (number, rating) in [(0, 4), (1, 3), (2, 1), (3, 2), (4, 3)] {
        act(&mut anna, ANNA, &WorkshopAct::Rate { item_id: item(ANNA, number), rating: Some(rating) });
    }
    let mut ben = joined(&anna, 2);
    for (number, points) in [(0, 50), (1, 30), (2, 20), (3, 60), (4, 40)] {
        act(&mut anna, ANNA, &WorkshopAct::Points { item_id: item(ANNA, number), points });
    }
    for (number, points) in [(0, 60), (1, 20), (2, 20), (3, 40), (4, 60)] {
        act(&mut ben, BEN, &WorkshopAct::Points { item_id: item(ANNA, number), points });
    }
    let order = |items: [u64; 3]| items.map(|number| item(ANNA, number)).to_vec();
    act(&mut ben, BEN, &WorkshopAct::Rank { side: BoardSide::Internal, items: order([1, 0, 2]) });
    for (one, other, times) in [(0, 1, 2.0), (1, 2, 2.0), (0, 2, 4.0)] {
        let judgement = ItemJudgement { item_id: item(ANNA, one), other_id: item(ANNA, other), times };
        act(&mut ben, BEN, &WorkshopAct::Judge { judgement });
    }
    meet(&mut anna, &mut ben);
    act(&mut anna, ANNA, &phase(WorkshopPhase::Pair));
    let strategy_id = StrategyId(Uuid::from_u128(60));
    let strategy = WorkshopAct::Strategy {
        strategy_id,
        internal: item(ANNA, 0),
        external: item(ANNA, 3),
        text: "Retrofit".into(),
    };
    act(&mut anna, ANNA, &strategy);
    for (number, score) in [(0, 4), (3, 3)] {
        let scored =
            WorkshopAct::Attractiveness { strategy_id, item_id: item(ANNA, number), score: Some(score) };
        act(&mut anna, ANNA, &scored);
    }
    act(&mut anna, ANNA, &phase(WorkshopPhase::Act));
    let action = BoardAction {
        action_id: WorkshopActionId(Uuid::from_u128(70)),
        text: "Apply for the subsidy".into(),
        owner: Some(PersonId(Uuid::from_u128(11))),
        due: CivilDate::from_ymd(2027, 3, 1),
        strategy_id: Some(strategy_id),
        done: false,
    };
    act(&mut anna, ANNA, &WorkshopAct::Action { action });
    anna
}

fn near(value: f64, wanted: f64) {
    assert!((value - wanted).abs() < 1e-9, "{value} is not {wanted}");
}

#[test]
fn a_group_weighs_and_a_flipped_difference_is_a_tie() {
    let anna = weighed();
    let scores = score(anna.board());
    let weights = scores.internal.weights.as_ref().unwrap();
    [0.55, 0.25, 0.20].into_iter().zip(weights).for_each(|(wanted, weight)| near(weight.weight, wanted));
    // 0.55 × 4 + 0.25 × 3 + 0.20 × 1 and 0.5 × 2 + 0.5 × 3.
    near(scores.internal.table.as_ref().unwrap().total, 3.15);
    near(scores.external.table.as_ref().unwrap().total, 2.5);
    let [tie] = &scores.internal.agreement.as_ref().unwrap().ties[..] else { panic!("{scores:?}") };
    let ids = [item(ANNA, 0).to_string(), item(ANNA, 1).to_string()];
    assert!(ids.contains(&tie.item) && ids.contains(&tie.other));
    assert!(scores.internal.pairs.as_ref().unwrap().consistency_ratio < 1e-9);
    assert_eq!(scores.pairs.len(), 6);
    near(scores.pairs[0].score, 0.275);
    // 0.55 × 4 + 0.5 × 3.
    near(scores.strategies.as_ref().unwrap()[0].total, 3.7);
    assert!(scores.internal.missing.is_empty() && scores.internal.points_not_100.is_empty());
}

#[test]
fn a_board_leaves_as_json_and_comes_back_whole() {
    let anna = weighed();
    let json = to_json(anna.board(), &score(anna.board())).unwrap();
    let begun = Beginning { workshop_id: WorkshopId(Uuid::from_u128(8_000)), ..beginning() };
    let mut again = from_json(json.as_bytes(), &begun, device(9)).unwrap();
    let whole = |board: &Board| Board {
        workshop_id: WORKSHOP,
        participants: Vec::new(),
        timer: None,
        ..board.clone()
    };
    assert_eq!(whole(again.board()), whole(anna.board()));
    assert_eq!(score(again.board()), score(anna.board()));
    // The facilitator goes on for those who are in it.
    again.act(ANNA, &phase(WorkshopPhase::Vote)).unwrap();
    again.act(BEN, &WorkshopAct::Vote { item_id: item(ANNA, 1), votes: 5 }).unwrap().unwrap();
    for spoilt in [
        json.replace("Skilled fitters", &"x".repeat(501)),
        json.replace("millwright-workshop", "other"),
        json.replace("\"strengths\"", "\"../strengths\""),
        json.replace("\"version\": 1", "\"version\": 2"),
        json.chars().take(json.len() / 2).collect(),
    ] {
        assert!(from_json(spoilt.as_bytes(), &begun, device(9)).is_err());
    }
}

#[test]
fn markdown_shows_what_people_wrote_and_does_nothing_with_it() {
    let anna = weighed();
    let words = MarkdownWords {
        frames: FrameKind::SWOT.map(|kind| (kind.key().to_owned(), kind.key().to_uppercase())).into(),
        votes: "Stimmen".into(),
        weight: "Gewicht".into(),
        item: "Punkt".into(),
        totals: "Summen".into(),
        internal_total: "IFE".into(),
        external_total: "EFE".into(),
        consistency: "Konsistenz".into(),
        ties: "Gleichstand".into(),
        strategies: "Strategien".into(),
        actions: "Maßnahmen".into(),
        owner: "Wer".into(),
        due: "Bis".into(),
        people: BTreeMap::from([(PersonId(Uuid::from_u128(11)), "Anna".to_owned())]),
        decimal: ',',
    };
    let text = to_markdown(anna.board(), &score(anna.board()), &words);
    for line in [
        "# Plant 2, next year",
        "## STRENGTHS",
        "| Skilled fitters | 3 | 0,550 |",
        "| New rival &#60;b&#62;nearby&#60;/b&#62; \\| cheap | 0 | 0,500 |",
        "- IFE: 3,15",
        "- Konsistenz (IFE): 0,000",
        "- Retrofit (Skilled fitters × Subsidy for retrofits): 3,70",
        "| Apply for the subsidy | Anna | 2027-03-01 |",
    ] {
        assert!(text.lines().any(|own| own == line), "{line} is not in\n{text}");
    }
    assert!(text.contains("## Gleichstand\n\n- "));
}

#[test]
fn notes_that_say_the_same_are_hinted_at() {
    assert!(likeness("Old presses", "presses, OLD!") > 0.99);
    assert!(likeness("Old presses", "New rival") < 0.2);
    let mut anna = room();
    act(&mut anna, ANNA, &phase(WorkshopPhase::Cluster));
    for (number, text) in
        ["Our presses are old", "Presses are too old", "Rent", "Fachkräfte fehlen", "FACHKRÄFTE fehlen!"]
            .into_iter()
            .enumerate()
    {
        act(&mut anna, ANNA, &add(ANNA, number as u64, "weaknesses", text));
    }
    let hints = duplicate_hints(&anna.board().notes);
    let pairs: Vec<_> = hints.iter().map(|hint| (hint.note_id, hint.other_id)).collect();
    let id = |number| note_id(ANNA, number);
    assert_eq!(pairs, [(id(3), id(4)), (id(0), id(1))]);
    let cluster_id = ClusterId(Uuid::from_u128(5));
    act(&mut anna, ANNA, &WorkshopAct::Cluster { cluster_id, title: "Presses".into() });
    for number in [0, 1] {
        act(&mut anna, ANNA, &WorkshopAct::IntoCluster { note_id: id(number), cluster_id: Some(cluster_id) });
    }
    assert_eq!(duplicate_hints(&anna.board().notes).len(), 1);
}

#[test]
fn this_years_board_stands_beside_last_years() {
    let board = |notes: &[(&str, &str)]| {
        let mut anna = room();
        act(&mut anna, ANNA, &phase(WorkshopPhase::Reveal));
        for (number, (frame, text)) in notes.iter().enumerate() {
            act(&mut anna, ANNA, &add(ANNA, number as u64, frame, text));
        }
        anna.board().clone()
    };
    let before =
        board(&[("weaknesses", "Old presses"), ("threats", "New rival"), ("strengths", "Skilled fitters")]);
    let now = board(&[
        ("strengths", "No old presses"),
        ("strengths", "Skilled fitters"),
        ("threats", "Energy price"),
    ]);
    let apart = compare_years(&now, &before);
    let kept: Vec<_> = apart.kept.iter().map(|kept| (kept.item_id, kept.before_id, kept.moved)).collect();
    assert_eq!(kept, [(item(ANNA, 0), item(ANNA, 0), true), (item(ANNA, 1), item(ANNA, 2), false)]);
    assert_eq!(apart.new, [item(ANNA, 2)]);
    assert_eq!(apart.gone, [item(ANNA, 1)]);
}
