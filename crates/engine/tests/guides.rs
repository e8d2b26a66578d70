//! Guides: written by several, approved by somebody else, pinned by orders, worked by, and known to have been read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;
use uuid::Uuid;

fn step_id(number: u128) -> GuideStepId {
    GuideStepId(Uuid::from_u128(1 << 80 | number))
}

fn words(text: &str) -> Words {
    Words::of("en", text)
}

fn step(number: u128, title: &str) -> GuideStep {
    GuideStep { mandatory: true, ..GuideStep::plain(step_id(number), words(title)) }
}

fn asks(form: StepForm) -> Evidence {
    Evidence { title: Words::default(), form, names_instrument: false }
}

/// Isolate, look which way it goes, draw the cartridge (passed over where the faces are good), close up.
fn seal_steps() -> Vec<GuideStep> {
    let mut look = step(2, "Look at the faces");
    look.evidence = vec![asks(StepForm::Choice { options: vec!["worn".into(), "good".into()] })];
    look.branches = vec![Branch { when: BranchWhen::Chosen { option: "good".into() }, to: step_id(4) }];
    let mut draw = step(3, "Draw the cartridge");
    draw.text = words("Loosen four screws crosswise. Draw it straight out along the shaft.");
    draw.evidence = vec![
        asks(StepForm::Photo),
        asks(StepForm::Measurement { unit: "mm".into(), low: None, high: Some(0.05), decimals: 2 }),
    ];
    vec![step(1, "Isolate the pump"), look, draw, step(4, "Close up")]
}

fn task(steps: Vec<GuideStep>) -> GuideTask {
    GuideTask { task_id: GuideTaskId(Uuid::from_u128(77)), title: words("Replace the seal"), steps }
}

async fn person(world: &World, name: &str) -> PersonId {
    let add = PersonAdd { name: name.into(), erp_number: None, language: "en".into() };
    world.engine.handle(add).await.unwrap()
}

async fn hold(world: &World, person: PersonId) {
    world.engine.handle(PersonPick { person_id: Some(person) }).await.unwrap();
}

async fn begun(world: &World) -> (GuideId, GuideDraftView) {
    let create = GuideCreate {
        name: "Seal of P-101".into(),
        language: "en".into(),
        asset_id: None,
        asset_class: Some("centrifugal pump".into()),
    };
    let guide_id = world.engine.handle(create).await.unwrap();
    let draft = world.engine.handle(GuideDraftShow { guide_id }).await.unwrap();
    let edits = vec![GuideEdit::AddTask { task: task(seal_steps()), place: 0 }];
    let edit = GuideDraftEdit { guide_id, version: draft.version, edits };
    let draft = world.engine.handle(edit).await.unwrap();
    (guide_id, draft)
}

/// A guide that Anna wrote and Ben approved; Ben holds the device.
async fn approved(world: &World) -> (GuideId, GuideRevisionId) {
    let (anna, ben) = (person(world, "Anna").await, person(world, "Ben").await);
    hold(world, anna).await;
    let (guide_id, _) = begun(world).await;
    let revision = world.engine.handle(GuideSubmit { guide_id, news: "First".into() }).await.unwrap();
    hold(world, ben).await;
    world.engine.handle(GuideApprove { guide_revision_id: revision }).await.unwrap();
    (guide_id, revision)
}

async fn run_of(world: &World, work_order_id: WorkOrderId) -> GuideRunView {
    world.engine.handle(GuideRun { work_order_id }).await.unwrap()
}

async fn record(world: &World, work_order_id: WorkOrderId, number: u128, outcome: StepOutcome) {
    let run = run_of(world, work_order_id).await;
    let step = run.steps.iter().find(|step| step.step_id == step_id(number)).unwrap();
    let open = step.records.iter().find(|record| record.step.outcome.is_none()).unwrap();
    let record =
        WorkStepRecord { work_step_id: open.step.work_step_id, outcome: Some(outcome), instrument: None };
    world.engine.handle(record).await.unwrap();
}

#[tokio::test]
async fn a_guide_is_worked_by_once_somebody_who_did_not_write_it_has_approved_it() {
    let world = World::new().await;
    let (anna, ben) = (person(&world, "Anna").await, person(&world, "Ben").await);
    hold(&world, anna).await;
    let (guide_id, _) = begun(&world).await;
    let order = world.pulled_order().await;
    let work = || WorkOrderGuide { work_order_id: order, guide_id };
    let refused = world.engine.handle(work()).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::Guide { fault: GuideFault::NotApproved { .. } })));

    let revision = world.engine.handle(GuideSubmit { guide_id, news: "First".into() }).await.unwrap();
    let approve = || GuideApprove { guide_revision_id: revision };
    let own = world.engine.handle(approve()).await.unwrap_err();
    assert!(matches!(own.refusal, Some(Refusal::Guide { fault: GuideFault::OwnWork })), "{own:?}");
    hold(&world, ben).await;
    let view = world.engine.handle(GuideShow { guide_id }).await.unwrap();
    assert!(view.revisions[0].may_decide);
    assert_eq!(view.revisions[0].author_names, ["Anna"]);
    world.engine.handle(approve()).await.unwrap();
    let again = world.engine.handle(approve()).await.unwrap_err();
    assert!(matches!(again.refusal, Some(Refusal::Guide { fault: GuideFault::Decided { number: 1 } })));

    world.engine.handle(work()).await.unwrap();
    let run = run_of(&world, order).await;
    assert_eq!(run.revision.guide_revision_id, revision);
    assert_eq!(run.steps.len(), 4);
    assert_eq!(run.at, Some(step_id(1)));
    assert_eq!(world.show(order).await.overview.order.guide_revision_id, Some(revision));
}

#[tokio::test]
async fn what_two_people_write_in_a_draft_at_once_is_both_there() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    let (guide_id, seen) = begun(&world).await;
    let version = seen.version.clone();
    let mut by_anna = seal_steps()[2].clone();
    by_anna.tools = vec!["Hex key 8".into()];
    let mut by_ben = seal_steps()[2].clone();
    by_ben.text = words("Loosen four screws crosswise. Draw it straight out along the shaft, by hand.");
    for step in [by_anna, by_ben] {
        let edits = vec![GuideEdit::Step { step: Box::new(step) }];
        world.engine.handle(GuideDraftEdit { guide_id, version: version.clone(), edits }).await.unwrap();
    }
    let draft = world.engine.handle(GuideDraftShow { guide_id }).await.unwrap();
    let both = draft.content.step(step_id(3)).unwrap();
    assert_eq!(both.tools, ["Hex key 8"]);
    assert!(both.text.read("en", "en").ends_with("by hand."));

    let back = world.engine.handle(GuideDraftBack { guide_id, version }).await.unwrap();
    assert_eq!(back.content, seen.content, "all that was written since is taken back");
}

#[tokio::test]
async fn an_order_keeps_its_revision_and_people_read_the_next_one() {
    let world = World::new().await;
    let (guide_id, first) = approved(&world).await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderGuide { work_order_id: order, guide_id }).await.unwrap();
    let carl = person(&world, "Carl").await;
    hold(&world, carl).await;
    record(&world, order, 1, StepOutcome::Checked).await;
    let news = world.engine.handle(GuideNewsList {}).await.unwrap();
    assert_eq!(news.len(), 1, "Carl works by it and has not signed that he has read it");
    world.engine.handle(GuideReadSign { guide_revision_id: first }).await.unwrap();
    assert!(world.engine.handle(GuideNewsList {}).await.unwrap().is_empty());

    let dora = person(&world, "Dora").await;
    hold(&world, dora).await;
    let draft = world.engine.handle(GuideDraftShow { guide_id }).await.unwrap();
    let edits = vec![GuideEdit::RemoveStep { step_id: step_id(1) }];
    world.engine.handle(GuideDraftEdit { guide_id, version: draft.version, edits }).await.unwrap();
    let submit = GuideSubmit { guide_id, news: "No isolation here".into() };
    let second = world.engine.handle(submit).await.unwrap();
    let view = world.engine.handle(GuideShow { guide_id }).await.unwrap();
    assert_eq!(view.revisions[0].author_names, ["Dora"], "Anna wrote the one before");
    hold(&world, carl).await;
    world.engine.handle(GuideApprove { guide_revision_id: second }).await.unwrap();

    assert!(world.engine.handle(GuideNewsList {}).await.unwrap().is_empty(), "who approved it has read it");
    let run = run_of(&world, order).await;
    assert_eq!((run.revision.number, run.newer_number, run.steps.len()), (1, Some(2), 4));
}

#[tokio::test]
async fn steps_that_an_answer_leads_past_do_not_stand_in_the_way_of_closing() {
    let world = World::new().await;
    let (guide_id, _) = approved(&world).await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.engine.handle(WorkOrderGuide { work_order_id: order, guide_id }).await.unwrap();
    record(&world, order, 1, StepOutcome::Checked).await;
    assert_eq!(world.show(order).await.missing_to_close.len(), 4);
    record(&world, order, 2, StepOutcome::Chosen { option: "good".into() }).await;
    let run = run_of(&world, order).await;
    assert!(run.steps[2].passed_over);
    assert_eq!(run.at, Some(step_id(4)));
    let close = || WorkOrderClose { work_order_id: order, closing: full_closing(20) };
    let refused = world.engine.handle(close()).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::StepsToDo { steps }) if steps.len() == 1));
    record(&world, order, 4, StepOutcome::Checked).await;
    world.engine.handle(close()).await.unwrap();
}

#[tokio::test]
async fn what_is_recorded_by_a_guide_is_on_the_order_and_a_second_guide_does_not_take_it_away() {
    let world = World::new().await;
    let (guide_id, _) = approved(&world).await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderGuide { work_order_id: order, guide_id }).await.unwrap();
    world.engine.handle(WorkOrderGuide { work_order_id: order, guide_id }).await.unwrap();
    let steps = world.show(order).await.steps;
    let guided: Vec<_> = steps.iter().filter(|view| view.step.guide_place.is_some()).collect();
    assert_eq!(guided.len(), 5, "set twice, its steps are there once; the third asks for two things");
    let reading = guided.iter().find(|view| matches!(view.step.form, StepForm::Measurement { .. })).unwrap();
    let record = WorkStepRecord {
        work_step_id: reading.step.work_step_id,
        outcome: Some(StepOutcome::Measured { value: 0.08, in_limits: true }),
        instrument: Some("Dial gauge 17".into()),
    };
    world.engine.handle(record).await.unwrap();
    let steps = world.show(order).await.steps;
    let reading = steps.iter().find(|view| view.step.instrument.is_some()).unwrap();
    assert_eq!(reading.step.outcome, Some(StepOutcome::Measured { value: 0.08, in_limits: false }));
    assert_eq!(reading.step.instrument.as_deref(), Some("Dial gauge 17"));
    let again = world.engine.handle(WorkOrderGuide { work_order_id: order, guide_id }).await.unwrap_err();
    assert!(matches!(again.refusal, Some(Refusal::Guide { fault: GuideFault::OrderGuided { .. } })));
}

#[tokio::test]
async fn a_guide_that_nobody_could_work_by_is_not_handed_in() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    let (guide_id, draft) = begun(&world).await;
    let mut version = draft.version;
    let mut back = seal_steps()[3].clone();
    back.branches = vec![Branch { when: BranchWhen::Failed, to: step_id(1) }];
    let mut crossed = seal_steps()[2].clone();
    crossed.evidence =
        vec![asks(StepForm::Measurement { unit: "mm".into(), low: Some(2.0), high: Some(1.0), decimals: 1 })];
    let mut nameless = seal_steps()[0].clone();
    nameless.title = Words::default();
    for bad in [back, crossed, nameless] {
        let edits = vec![GuideEdit::Step { step: Box::new(bad) }];
        let edited =
            world.engine.handle(GuideDraftEdit { guide_id, version: version.clone(), edits }).await.unwrap();
        let submit = GuideSubmit { guide_id, news: "First".into() };
        let refused = world.engine.handle(submit).await.unwrap_err();
        assert_eq!(refused.code, Code::Invalid, "{refused:?}");
        version = world.engine.handle(GuideDraftBack { guide_id, version }).await.unwrap().version;
        assert_ne!(edited.version, version);
    }
    let mut tight = seal_steps()[0].clone();
    tight.torque = Some(Torque { nominal_nm: f64::MAX, tolerance_nm: None });
    let edits = vec![GuideEdit::Step { step: Box::new(tight) }];
    let refused = world.engine.handle(GuideDraftEdit { guide_id, version, edits }).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::Guide { fault: GuideFault::StepUnfit { .. } })));
    world.engine.handle(GuideSubmit { guide_id, news: "First".into() }).await.unwrap();
}

#[tokio::test]
async fn a_guide_goes_out_as_a_file_and_comes_in_again_with_its_pictures() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    let (guide_id, draft) = begun(&world).await;
    let add = GuideFileAdd {
        guide_id,
        media_type: "image/jpeg".into(),
        file_name: "faces.jpg".into(),
        bytes_base64: STANDARD.encode(b"as good as a photo"),
    };
    let file = world.engine.handle(add).await.unwrap();
    let mut draw = seal_steps()[2].clone();
    draw.pictures = vec![GuidePicture {
        attachment_id: file.attachment_id,
        blob: file.blob.clone(),
        caption: words("The faces"),
        marks: vec![PictureMark::Number { at: PicturePoint { x: 0.5, y: 0.25 }, number: 1 }],
    }];
    let edits = vec![GuideEdit::Step { step: Box::new(draw) }];
    world.engine.handle(GuideDraftEdit { guide_id, version: draft.version, edits }).await.unwrap();
    let revision = world.engine.handle(GuideSubmit { guide_id, news: "First".into() }).await.unwrap();

    let export = |format| GuideExport { guide_revision_id: revision, format };
    let out = world.engine.handle(export(GuideFormat::Json)).await.unwrap();
    let elsewhere = World::new().await;
    let import = |out: GuideFileOut| GuideImport {
        file_name: out.file_name,
        bytes_base64: out.bytes_base64,
        asset_id: None,
        asset_class: Some("centrifugal pump".into()),
    };
    let came = elsewhere.engine.handle(import(out)).await.unwrap();
    assert_eq!((came.format, came.step_count, came.left_out.len()), (GuideFormat::Json, 4, 0));
    let there = elsewhere.engine.handle(GuideDraftShow { guide_id: came.guide_id }).await.unwrap();
    let picture = &there.content.step(step_id(3)).unwrap().pictures[0];
    assert_eq!((&picture.blob, picture.marks.len()), (&file.blob, 1));
    let read = AttachmentRead { attachment_id: picture.attachment_id };
    let bytes = elsewhere.engine.handle(read).await.unwrap().bytes_base64;
    assert_eq!(STANDARD.decode(bytes).unwrap(), b"as good as a photo");

    for format in [GuideFormat::Markdown, GuideFormat::Arlem] {
        let out = world.engine.handle(export(format)).await.unwrap();
        let came = elsewhere.engine.handle(import(out)).await.unwrap();
        assert_eq!((came.format, came.step_count), (format, 4));
        let there = elsewhere.engine.handle(GuideDraftShow { guide_id: came.guide_id }).await.unwrap();
        let titles: Vec<_> =
            there.content.steps().map(|step| step.title.read("en", "en").to_owned()).collect();
        assert_eq!(titles, ["Isolate the pump", "Look at the faces", "Draw the cartridge", "Close up"]);
        let text = there.content.steps().nth(2).unwrap().text.read("en", "en").trim().to_owned();
        assert_eq!(text, "Loosen four screws crosswise. Draw it straight out along the shaft.");
    }
    let paper = RecordPaper {
        subject: PaperSubject::Guide { guide_revision_id: revision },
        language: Some("de".into()),
    };
    let pdf = world.engine.handle(paper).await.unwrap();
    assert!(pdf.file_name.ends_with(".pdf") && pdf.pages >= 1);
}

#[tokio::test]
async fn files_that_are_no_guides_are_refused_with_the_place() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    for (name, bytes) in [
        ("empty.md", &b""[..]),
        ("notes.md", b"# Notes\n\nNothing.\n"),
        ("broken.json", b"{\"format\": 7"),
        ("other.json", b"{\"format\": \"x\", \"version\": 1, \"name\": \"n\", \"content\": {\"language\": \"en\", \"title\": {}, \"tasks\": []}}"),
        ("broken.zip", b"PK\x03\x04 no archive"),
        ("binary.md", b"\xff\xfe\x00"),
    ] {
        let import = GuideImport {
            file_name: name.into(),
            bytes_base64: STANDARD.encode(bytes),
            asset_id: None,
            asset_class: None,
        };
        let refused = world.engine.handle(import).await.unwrap_err();
        let fault = Some(Refusal::Guide { fault: GuideFault::FileUnfit { reason: String::new() } });
        assert!(
            matches!((&refused.refusal, &fault), (Some(Refusal::Guide { fault: GuideFault::FileUnfit { reason } }), _) if !reason.is_empty()),
            "{name}: {refused:?}"
        );
    }
    assert!(
        world.engine.handle(GuideList { asset_id: None }).await.unwrap().is_empty(),
        "nothing is left of them"
    );
}

#[tokio::test]
async fn how_long_steps_take_is_known_without_a_person() {
    let world = World::new().await;
    let (guide_id, revision) = approved(&world).await;
    for took_ms in [10_000, 20_000, 30_000, 40_000, 100_000_000] {
        let time =
            StepTimeAdd { guide_revision_id: revision, step_id: step_id(1), work_order_id: None, took_ms };
        world.engine.handle(time).await.unwrap();
    }
    let view = world.engine.handle(GuideShow { guide_id }).await.unwrap();
    assert_eq!(view.times.len(), 1);
    assert_eq!((view.times[0].count, view.times[0].median_ms), (4, 20_000), "a night is no step");
    let mut session = world.engine.database().read().await.unwrap();
    let txns = session.txns_after(0, 10_000).await.unwrap();
    for txn in txns.iter().map(|stored| stored.txn().unwrap()) {
        for op in txn.ops.iter().filter(|op| op.entity == Entity::StepTime) {
            assert_eq!(op.actor.person_id(), None);
        }
    }
}

/// The machine or place that the plant calls `code`.
async fn known(world: &World, code: &str) -> AssetId {
    let tree = world.engine.handle(AssetTree {}).await.unwrap();
    tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id
}

#[tokio::test]
async fn a_tag_shows_that_energy_is_gone_once_two_people_say_so_and_a_try_out_wants_a_person() {
    let world = World::new().await;
    let (anna, ben) = (person(&world, "Anna").await, person(&world, "Ben").await);
    hold(&world, anna).await;
    let asset_id = world.asset("P-101").await;
    let source = EnergySourceSave {
        energy_source_id: None,
        asset_id,
        name: "Motor, 400 V".into(),
        energy: EnergyKind::Electrical,
        tag_binding_id: None,
        isolated_at: "Main switch Q1".into(),
    };
    let energy_source_id = world.engine.handle(source).await.unwrap();
    let approve = || EnergySourceApprove { energy_source_id };
    let none = world.engine.handle(approve()).await.unwrap_err();
    assert!(matches!(none.refusal, Some(Refusal::Guide { fault: GuideFault::NoTag { .. } })));

    let guide_id = begun(&world).await.0;
    let draft = world.engine.handle(GuideDraftShow { guide_id }).await.unwrap();
    let mut isolate = seal_steps()[0].clone();
    isolate.condition = Some(LiveCondition { energy_source_id, low: -1.0, high: 1.0 });
    let edits = vec![GuideEdit::Step { step: Box::new(isolate) }];
    world.engine.handle(GuideDraftEdit { guide_id, version: draft.version, edits }).await.unwrap();
    let revision = world.engine.handle(GuideSubmit { guide_id, news: "First".into() }).await.unwrap();
    hold(&world, ben).await;
    world.engine.handle(GuideApprove { guide_revision_id: revision }).await.unwrap();
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderGuide { work_order_id: order, guide_id }).await.unwrap();
    let run = run_of(&world, order).await;
    let work_step_id = run.steps[0].records[0].step.work_step_id;
    let view = world.engine.handle(ConditionShow { work_step_id }).await.unwrap();
    assert_eq!(view.held, Some(HeldStep::NotBound), "no tag shows it");
    let tried = |second_person_id| WorkStepRecord {
        work_step_id,
        outcome: Some(StepOutcome::TriedOut { shown: None, second_person_id }),
        instrument: None,
    };
    for nobody in [None, Some(ben)] {
        let alone = world.engine.handle(tried(nobody)).await.unwrap_err();
        assert_eq!(alone.refusal, Some(Refusal::TryOutAlone));
    }
    let ticked = WorkStepRecord { work_step_id, outcome: Some(StepOutcome::Checked), instrument: None };
    assert_eq!(world.engine.handle(ticked).await.unwrap_err().refusal, Some(Refusal::AnswerUnfit));
    world.engine.handle(tried(Some(anna))).await.unwrap();
    let run = run_of(&world, order).await;
    let outcome = run.steps[0].records[0].step.outcome.clone();
    assert_eq!(outcome, Some(StepOutcome::TriedOut { shown: None, second_person_id: Some(anna) }));
}

#[tokio::test]
async fn a_number_hangs_once_where_both_could_be_seen_and_as_often_as_wanted_elsewhere() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    let csv = "code,name,level,parent\nS,Site,site,\nA1,Hall 1,area,S\nA2,Hall 2,area,S\nL1,Line 1,line,A1\nL2,Line 2,line,A2\nM1,Pump 1,machine,L1\nM2,Pump 2,machine,L1\nM3,Pump 3,machine,L2\n";
    world.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    let family = FiducialFamily::Tag36h11;
    let hang = |asset_id, number, size_mm| FiducialHang {
        asset_id,
        family,
        number,
        size_mm,
        name: "Motor, north".into(),
    };
    let (m1, m2, m3) = (known(&world, "M1").await, known(&world, "M2").await, known(&world, "M3").await);
    world.engine.handle(hang(m1, Some(0), 100.0)).await.unwrap();
    let twice = world.engine.handle(hang(m2, Some(0), 100.0)).await.unwrap_err();
    assert!(
        matches!(twice.refusal, Some(Refusal::Guide { fault: GuideFault::NumberTwice { number: 0, machine } }) if machine == "M1")
    );
    let next = world.engine.handle(hang(m2, None, 100.0)).await.unwrap();
    world.engine.handle(hang(m3, Some(0), 100.0)).await.unwrap();
    for (number, size_mm) in [(Some(587), 100.0), (Some(-1), 100.0), (Some(5), 3.0), (Some(5), f64::NAN)] {
        world.engine.handle(hang(m1, number, size_mm)).await.unwrap_err();
    }
    let labels = world.engine.handle(FiducialList { asset_id: m2 }).await.unwrap();
    assert_eq!((labels.len(), labels[0].number, labels[0].fiducial_id), (1, 1, next));

    let find = |number, within| FiducialFind { family, number, within };
    let both = world.engine.handle(find(0, None)).await.unwrap();
    assert_eq!(both.len(), 2, "nothing in hand: people are asked which");
    for (within, code) in [(m1, "M1"), (m2, "M1"), (m3, "M3"), (known(&world, "L2").await, "M3")] {
        let found = world.engine.handle(find(0, Some(within))).await.unwrap();
        assert_eq!(found.iter().map(|one| one.asset.code.as_str()).collect::<Vec<_>>(), [code]);
    }

    let measure = |bar_mm| FiducialMeasure { fiducial_id: next, bar_mm };
    world.engine.handle(measure(150.0)).await.unwrap_err();
    world.engine.handle(measure(98.5)).await.unwrap();
    let label = world.engine.handle(FiducialList { asset_id: m2 }).await.unwrap().remove(0);
    assert!((label.true_size_m() - 0.0985).abs() < 1e-9, "the printer's scale counts");
}

#[tokio::test]
async fn among_5_000_machines_with_reused_numbers_10_000_scans_find_no_wrong_one() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    // 100 lines with 50 machines each; numbers begin anew in every line, as people who hang labels do.
    let mut csv = "code,name,level,parent\nS,Site,site,\n".to_owned();
    for line in 0..100 {
        csv.push_str(&format!("L{line:02},Line {line},line,S\n"));
        for machine in 0..50 {
            csv.push_str(&format!("M{line:02}{machine:02},Machine,machine,L{line:02}\n"));
        }
    }
    world.engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
    let mut session = world.engine.database().write().await.unwrap();
    let assets: std::collections::BTreeMap<String, AssetId> =
        session.assets().await.unwrap().into_iter().map(|asset| (asset.code, asset.asset_id)).collect();
    let mut ops = Vec::new();
    for line in 0..100_u128 {
        for machine in 0..50_u128 {
            let fiducial = Fiducial {
                fiducial_id: FiducialId(Uuid::from_u128(1 << 90 | line << 16 | machine)),
                asset_id: assets[&format!("M{line:02}{machine:02}")],
                family: FiducialFamily::Tag36h11,
                number: machine as i64,
                size_m: 0.1,
                name: "Front".into(),
                bar_mm: None,
                survey: None,
                hung_at: TimestampMs(0),
                hung_by: None,
                removed_at: None,
            };
            ops.push(std::borrow::Cow::Owned(Op {
                op_id: OpId(fiducial.fiducial_id.0),
                seq: 0,
                actor: Actor::system(),
                entity: Entity::Fiducial,
                entity_id: fiducial.fiducial_id.0,
                kind: OpKind::Create,
                fields: field_changes(None, Some(&fiducial)).unwrap(),
            }));
        }
    }
    session.apply_all(ops).await.unwrap();
    session.commit().await.unwrap();
    let long = std::env::var_os("MILLWRIGHT_LONG").is_some();
    for scan in 0..if long { 10_000_u64 } else { 400 } {
        let mixed = scan.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        let (line, machine) = (mixed % 100, mixed / 100 % 50);
        let number = machine as i64;
        let within = assets.get(&format!("L{line:02}")).copied();
        let find = FiducialFind { family: FiducialFamily::Tag36h11, number, within };
        let found = world.engine.handle(find).await.unwrap();
        let codes: Vec<&str> = found.iter().map(|one| one.asset.code.as_str()).collect();
        assert_eq!(codes, [format!("M{line:02}{machine:02}")], "scan {scan}");
    }
}

#[tokio::test]
async fn a_model_is_kept_as_named_parts_and_what_is_none_is_refused() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    let (guide_id, _) = begun(&world).await;
    let add = |file_name: &str, bytes: &[u8]| GuideFileAdd {
        guide_id,
        media_type: "application/octet-stream".into(),
        file_name: file_name.into(),
        bytes_base64: STANDARD.encode(bytes),
    };
    let stl = "solid seal\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid seal\n";
    let kept = world.engine.handle(add("seal.stl", stl.as_bytes())).await.unwrap();
    assert!(!kept.parts.is_empty());
    for (name, bytes) in [
        ("pump.step", &b"ISO-10303-21;\nHEADER;\n"[..]),
        ("pump.glb", b"glTF nothing"),
        ("pump.stl", b"solid x\nfacet normal nan\n"),
    ] {
        let refused = world.engine.handle(add(name, bytes)).await.unwrap_err();
        let Some(Refusal::Guide { fault: GuideFault::ModelUnfit { reason } }) = refused.refusal else {
            panic!("{name}: {refused:?}")
        };
        assert!(!reason.is_empty(), "{name}");
    }
}

/// Any PDF: a machine as we print it.
async fn some_pdf(world: &World) -> String {
    let asset_id = world.asset("P-101A").await;
    let paper = RecordPaper { subject: PaperSubject::Asset { asset_id }, language: Some("en".into()) };
    world.engine.handle(paper).await.unwrap().bytes_base64
}

#[tokio::test]
async fn a_piece_of_a_manuals_page_is_kept_as_a_picture_and_what_is_no_manual_is_refused_whole() {
    let world = World::new().await;
    let anna = person(&world, "Anna").await;
    hold(&world, anna).await;
    let (guide_id, _) = begun(&world).await;
    let add = |bytes_base64: String| GuideFileAdd {
        guide_id,
        media_type: "application/pdf".into(),
        file_name: "pump manual.pdf".into(),
        bytes_base64,
    };
    let refused = world.engine.handle(add(STANDARD.encode(b"%PDF-1.7 and no more"))).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid, "{}", refused.message);
    assert_eq!(world.engine.handle(ManualList { guide_id }).await.unwrap(), vec![], "nothing of it is kept");

    let manual = world.engine.handle(add(some_pdf(&world).await)).await.unwrap();
    let attachment_id = manual.attachment_id;
    let listed = world.engine.handle(ManualList { guide_id }).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.attachment_id).collect::<Vec<_>>(), [attachment_id]);
    let page = |page| ManualPage { attachment_id, page, longest_px: 600 };
    let shown = world.engine.handle(page(1)).await.unwrap();
    assert_eq!((shown.page_count, shown.height_px), (1, 600), "A4 stands upright");
    assert!(STANDARD.decode(&shown.bytes_base64).unwrap().starts_with(b"\x89PNG"));
    let beyond = world.engine.handle(page(2)).await.unwrap_err();
    assert!(beyond.message.contains('2'), "it names the page: {}", beyond.message);

    let area = |width| PageArea { left: 0.0, top: 0.0, width, height: 0.25 };
    let crop = |area| ManualCrop { guide_id, attachment_id, page: 1, area };
    world.engine.handle(crop(area(1.5))).await.unwrap_err();
    let piece = world.engine.handle(crop(area(0.5))).await.unwrap();
    let read = AttachmentRead { attachment_id: piece.attachment_id };
    let picture = world.engine.handle(read).await.unwrap();
    assert_eq!(picture.media_type, "image/png");
    let png = STANDARD.decode(&picture.bytes_base64).unwrap();
    let side = |at: usize| f64::from(u32::from_be_bytes(png[at..at + 4].try_into().unwrap()));
    let shape = side(16) / side(20);
    assert!((shape - 210.0 * 0.5 / (297.0 * 0.25)).abs() < 0.01, "the piece has its own shape: {shape}");
}
