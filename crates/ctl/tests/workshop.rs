//! Boards of workshops in files at a terminal: scored, exported, and refused where they are none.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::Terminal;
use millwright_documents::workshop::{Beginning, Workshop, score, to_json};
use millwright_model::{
    FrameKind, ParticipantId, WorkshopAct, WorkshopDevice, WorkshopId, WorkshopItemId, WorkshopNoteId,
    WorkshopPhase,
};
use serde_json::json;
use uuid::Uuid;

const ANNA: ParticipantId = ParticipantId(Uuid::from_u128(1));

/// Two strengths and two threats, weighed by points and rated.
fn board() -> String {
    let beginning = Beginning {
        workshop_id: WorkshopId(Uuid::from_u128(9)),
        title: "Plant 2, next year".to_owned(),
        language: "en".to_owned(),
        allowance: 5,
        facilitator: ANNA,
        person_id: None,
    };
    let mut workshop = Workshop::begin(&beginning, WorkshopDevice(7)).unwrap();
    let note = |number: u64| WorkshopNoteId::of(ANNA, number);
    let item = |number: u64| WorkshopItemId::from(note(number));
    let notes = [
        (0, FrameKind::Strengths, "Skilled fitters", 70, 4),
        (1, FrameKind::Strengths, "Two suppliers for seals", 30, 3),
        (2, FrameKind::Threats, "Dear energy", 60, 2),
        (3, FrameKind::Threats, "A new rival", 40, 3),
    ];
    // Notes that everybody sees come after the silent ones.
    let mut acts = vec![WorkshopAct::Phase { phase: WorkshopPhase::Reveal }];
    for (number, frame, text, _, _) in notes {
        let (note_id, frame, text) = (note(number), frame.key().to_owned(), text.to_owned());
        acts.push(WorkshopAct::AddNote { note_id, frame, text, on_paper: false });
    }
    acts.push(WorkshopAct::Phase { phase: WorkshopPhase::Vote });
    acts.extend(notes.map(|(number, ..)| WorkshopAct::Shortlist { item_id: item(number), on: true }));
    acts.push(WorkshopAct::Phase { phase: WorkshopPhase::Weigh });
    for (number, _, _, points, rating) in notes {
        acts.push(WorkshopAct::Rate { item_id: item(number), rating: Some(rating) });
        acts.push(WorkshopAct::Points { item_id: item(number), points });
    }
    for act in acts {
        workshop.act(ANNA, &act).unwrap();
    }
    to_json(workshop.board(), &score(workshop.board())).unwrap()
}

#[test]
fn a_board_is_scored() {
    let device = Terminal::new();
    device.write("board.json", &board());
    let told = device.json("workshop-score", &["workshop", "score", "board.json"]);
    // 0.7 × 4 + 0.3 × 3, and 0.6 × 2 + 0.4 × 3.
    let total = |side: &str| told[side]["table"]["total"].as_f64().unwrap();
    assert!((total("internal") - 3.7).abs() < 1e-9 && (total("external") - 2.4).abs() < 1e-9, "{told}");
    let said = device.says(&["workshop", "score", "board.json"]);
    assert!(
        said.contains("internal\tSkilled fitters\t0.700") && said.contains("external\ttotal\t2.40"),
        "{said}"
    );
}

#[test]
fn a_board_is_exported_and_comes_back() {
    let device = Terminal::new();
    device.write("board.json", &board());
    let markdown = device.says(&["workshop", "export", "board.json"]);
    assert!(markdown.starts_with("# Plant 2, next year") && markdown.contains("## Strengths"), "{markdown}");
    let again = device.says(&["workshop", "export", "board.json", "--as", "json"]);
    device.write("again.json", &again);
    let told = |name: &str| device.json("workshop-score", &["workshop", "score", name]);
    assert_eq!(told("again.json"), told("board.json"));
}

#[test]
fn a_board_is_exported_as_slides() {
    let device = Terminal::new();
    device.write("board.json", &board());
    let words =
        ["workshop", "export", "board.json", "--as", "pptx", "--out", "board.pptx", "--language", "de"];
    assert_eq!(device.says(&words).trim(), "board.pptx written.");
    assert!(device.read("board.pptx").starts_with(b"PK"));
    let (code, _) = device.run(&words[..5]);
    assert_eq!(code, Some(2), "slides are nothing for a terminal");
}

#[test]
fn what_is_no_board_is_refused() {
    let device = Terminal::new();
    device.write("none.json", "{}");
    device.write("long.json", &board().replace("Dear energy", &"x".repeat(501)));
    for name in ["none.json", "long.json", "gone.json"] {
        assert_eq!(device.refuses(&["workshop", "score", name]), (Some(5), json!("invalid")), "{name}");
    }
}
