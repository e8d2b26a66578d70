//! Drafts of guides that several authors write apart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

use millwright_documents::{DocumentError, DraftVersion, GuideDraft};
use millwright_model::*;
use uuid::Uuid;

fn step_id(number: u128) -> GuideStepId {
    GuideStepId(Uuid::from_u128(number))
}

const TASK: GuideTaskId = GuideTaskId(Uuid::from_u128(100));
const OTHER_TASK: GuideTaskId = GuideTaskId(Uuid::from_u128(200));

fn step(number: u128, title: &str) -> GuideStep {
    GuideStep::plain(step_id(number), Words::of("en", title))
}

/// A guide for a seal in two tasks, with everything that a step can have in one of them.
fn seal() -> GuideContent {
    let mut rich = step(2, "Draw the seal cartridge");
    rich.text =
        Words::of("en", "Loosen four screws crosswise. Draw the cartridge straight out along the shaft.");
    rich.tools = vec!["Hex key 8".into(), "Puller P2".into()];
    rich.hazards = vec![Hazard::CrushingOfHands];
    rich.protection = vec![Protection::Gloves];
    rich.torque = Some(Torque { nominal_nm: 45.0, tolerance_nm: Some(2.5) });
    rich.parts = vec![GuidePart { number: "SEAL-45".into(), count: 1.0 }];
    rich.evidence = vec![Evidence {
        title: Words::of("en", "Photo of the faces"),
        form: StepForm::Photo,
        names_instrument: false,
    }];
    rich.shows = vec![ShownPart {
        part: "SEAL-45".into(),
        how: ShowHow::Move { along_m: [-0.2, 0.0, 0.0] },
        label: Words::default(),
    }];
    rich.mandatory = true;
    rich.timer_s = Some(30);
    let task = |task_id, title: &str, steps| GuideTask { task_id, title: Words::of("en", title), steps };
    GuideContent {
        tasks: vec![
            task(TASK, "Take apart", vec![step(1, "Isolate the pump"), rich, step(3, "Clean the sleeve")]),
            task(OTHER_TASK, "Put together", vec![step(4, "Fit the new seal")]),
        ],
        ..GuideContent::empty("en", "Replace mechanical seal")
    }
}

fn updated(updates: &[Vec<u8>]) -> GuideDraft {
    GuideDraft::of_updates(updates.iter().map(Vec::as_slice)).unwrap()
}

fn titles(content: &GuideContent) -> Vec<String> {
    content.steps().map(|step| step.title.read("en", "en").to_owned()).collect()
}

#[test]
fn a_draft_says_what_it_was_begun_with() {
    let (draft, update) = GuideDraft::begin(&seal(), 1).unwrap();
    assert_eq!(draft.content().unwrap(), seal());
    assert_eq!(updated(&[update]).content().unwrap(), seal());
}

#[test]
fn what_two_authors_write_apart_is_all_there_whichever_update_comes_first() {
    let (mut draft, begun) = GuideDraft::begin(&seal(), 1).unwrap();
    let seen = draft.version();
    let mut anna = seal().step(step_id(2)).unwrap().clone();
    anna.text =
        Words::of("en", "Loosen all four screws crosswise. Draw the cartridge straight out along the shaft.");
    anna.tools.push("Torch".into());
    let one = draft.edit(&seen, &[GuideEdit::Step { step: Box::new(anna) }], 2).unwrap().unwrap();
    let mut ben = seal().step(step_id(2)).unwrap().clone();
    ben.text = Words::of(
        "en",
        "Loosen four screws crosswise. Draw the cartridge straight out along the shaft, by hand.",
    );
    ben.torque = Some(Torque { nominal_nm: 48.0, tolerance_nm: None });
    let edits = [
        GuideEdit::Step { step: Box::new(ben) },
        GuideEdit::MoveStep { step_id: step_id(3), task_id: OTHER_TASK, place: 0 },
    ];
    let other = draft.edit(&seen, &edits, 3).unwrap().unwrap();
    let content = draft.content().unwrap();
    for order in [[&begun, &one, &other], [&other, &begun, &one], [&one, &other, &begun]] {
        let updates: Vec<Vec<u8>> = order.into_iter().cloned().collect();
        assert_eq!(updated(&updates).content().unwrap(), content);
    }
    let both = content.step(step_id(2)).unwrap();
    assert_eq!(
        both.text.read("en", "en"),
        "Loosen all four screws crosswise. Draw the cartridge straight out along the shaft, by hand."
    );
    assert_eq!(both.tools, ["Hex key 8", "Puller P2", "Torch"]);
    assert_eq!(both.torque.unwrap().nominal_nm, 48.0);
    assert_eq!(
        titles(&content),
        ["Isolate the pump", "Draw the seal cartridge", "Clean the sleeve", "Fit the new seal"]
    );
    assert_eq!(content.tasks[1].steps.len(), 2, "the step stands in the other task");
}

#[test]
fn a_step_that_one_moves_and_another_writes_is_moved_and_written() {
    let (mut draft, _) = GuideDraft::begin(&seal(), 1).unwrap();
    let seen = draft.version();
    draft.edit(&seen, &[GuideEdit::MoveTask { task_id: OTHER_TASK, place: 0 }], 2).unwrap();
    let written = GuideStep { title: Words::of("en", "Fit the seal"), ..step(4, "") };
    draft.edit(&seen, &[GuideEdit::Step { step: Box::new(written) }], 3).unwrap();
    assert_eq!(titles(&draft.content().unwrap())[0], "Fit the seal");
}

#[test]
fn a_translation_names_the_revision_that_it_says_again() {
    let (mut draft, _) = GuideDraft::begin(&seal(), 1).unwrap();
    let seen = draft.version();
    let mut step = seal().step(step_id(1)).unwrap().clone();
    step.title.0.insert("de".into(), Wording { text: "Pumpe freischalten".into(), of_revision: Some(4) });
    draft.edit(&seen, &[GuideEdit::Step { step: Box::new(step.clone()) }], 2).unwrap();
    assert_eq!(draft.content().unwrap().step(step_id(1)), Some(&step));
}

#[test]
fn what_was_written_is_taken_back_and_stands_as_it_stood() {
    let (mut draft, begun) = GuideDraft::begin(&seal(), 1).unwrap();
    let seen = draft.version();
    let removed = draft.edit(&seen, &[GuideEdit::RemoveTask { task_id: TASK }], 2).unwrap().unwrap();
    assert_eq!(titles(&draft.content().unwrap()), ["Fit the new seal"]);
    let back = draft.go_back(&seen, 3).unwrap().unwrap();
    assert_eq!(draft.content().unwrap(), seal());
    assert_eq!(updated(&[begun, removed, back]).content().unwrap(), seal());
}

#[test]
fn who_wrote_since_a_version_is_known_by_number() {
    let (mut draft, _) = GuideDraft::begin(&seal(), 7).unwrap();
    let seen = draft.version();
    assert_eq!(draft.writers_since(None).unwrap(), [7]);
    assert!(draft.writers_since(Some(&seen)).unwrap().is_empty());
    draft.edit(&seen, &[GuideEdit::MoveTask { task_id: TASK, place: 1 }], 9).unwrap();
    draft.edit(&seen, &[GuideEdit::RemoveStep { step_id: step_id(1) }], 8).unwrap();
    assert_eq!(draft.writers_since(Some(&seen)).unwrap(), [8, 9]);
}

#[test]
fn an_edit_of_what_is_not_there_changes_nothing() {
    let (mut draft, _) = GuideDraft::begin(&seal(), 1).unwrap();
    let seen = draft.version();
    let edits =
        [GuideEdit::RemoveTask { task_id: OTHER_TASK }, GuideEdit::RemoveStep { step_id: step_id(77) }];
    assert!(matches!(draft.edit(&seen, &edits, 2), Err(DocumentError::NotThere { .. })));
    assert_eq!(draft.content().unwrap(), seal());
    assert_eq!(draft.edit(&DraftVersion(vec![1, 2, 3]), &[], 2), Err(DocumentError::NoSuchVersion));
}

#[test]
fn an_edit_that_says_nothing_new_is_none() {
    let (mut draft, _) = GuideDraft::begin(&seal(), 1).unwrap();
    let seen = draft.version();
    let same = Box::new(seal().step(step_id(2)).unwrap().clone());
    assert_eq!(draft.edit(&seen, &[GuideEdit::Step { step: same }], 2).unwrap(), None);
}

#[test]
fn an_update_that_cannot_be_read_is_named_by_its_place() {
    let (_, update) = GuideDraft::begin(&seal(), 1).unwrap();
    let mut broken = update.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 0xff;
    let error = GuideDraft::of_updates([update.as_slice(), broken.as_slice()]).err().unwrap();
    assert!(matches!(error, DocumentError::UpdateUnreadable { place: 1, .. }), "{error}");
    let nothing = GuideDraft::of_updates([b"none".as_slice()]).err().unwrap();
    assert!(matches!(nothing, DocumentError::UpdateUnreadable { place: 0, .. }), "{nothing}");
}
