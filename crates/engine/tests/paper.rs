//! Records on paper: what somebody finds who opens the file years later.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

/// A record as a reader of PDFs finds it: its name, and the words of each page.
async fn read(world: &World, subject: PaperSubject, language: &str) -> (String, Vec<String>) {
    let command = RecordPaper { subject, language: Some(language.to_owned()) };
    let file = world.engine.handle(command).await.unwrap();
    let bytes = STANDARD.decode(&file.bytes_base64).unwrap();
    if let Some(folder) = std::env::var_os("MILLWRIGHT_KEEP_PAPER") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{language}-{}", file.file_name)), &bytes)
            .unwrap();
    }
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    assert_eq!(numbers.len(), file.pages as usize);
    let words = |number: &u32| {
        document.extract_text(&[*number]).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    (file.file_name, numbers.iter().map(words).collect())
}

fn says(pages: &[String], said: &[&str]) {
    let all = pages.join(" ");
    for said in said {
        assert!(all.contains(said), "«{said}» is not in {all}");
    }
}

fn step(title: &str, form: StepForm) -> StepDraft {
    StepDraft { title: title.to_owned(), form, mandatory: true }
}

/// An order that went through everything that is printed.
async fn finished(world: &World) -> WorkOrderId {
    let engine = &world.engine;
    let asset_id = world.asset("P-101A").await;
    let steps = vec![
        step("Pumpe freischalten", StepForm::Check),
        step(
            "Spalt messen",
            StepForm::Measurement { unit: "mm".into(), low: Some(0.1), high: Some(0.25), decimals: 2 },
        ),
        step("Lager prüfen", StepForm::Inspection),
    ];
    let create = WorkOrderCreate {
        title: "Gleitringdichtung wechseln".into(),
        description: "Dichtung übermäßig verschlissen: wechseln und Spalt nachmessen.".into(),
        asset_id: Some(asset_id),
        priority: Priority::High,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps,
    };
    let id = engine.handle(create).await.unwrap();
    engine.handle(WorkOrderStart { work_order_id: id }).await.unwrap();
    let outcomes = [
        StepOutcome::Checked,
        StepOutcome::Measured { value: 0.31, in_limits: false },
        StepOutcome::Failed { remark: "Außenring rau".into() },
    ];
    for (view, outcome) in world.show(id).await.steps.into_iter().zip(outcomes) {
        let record =
            WorkStepRecord { work_step_id: view.step.work_step_id, outcome: Some(outcome), instrument: None };
        engine.handle(record).await.unwrap();
    }
    engine.handle(NoteAdd { work_order_id: id, text: "Ersatzlager bestellt".into() }).await.unwrap();
    let photo = AttachmentAdd {
        work_order_id: Some(id),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "lager.jpg".into(),
        bytes_base64: STANDARD.encode(include_bytes!("../../paper/tests/photo.jpg")),
        part: None,
    };
    engine.handle(photo).await.unwrap();
    engine.handle(SignatureAdd { work_order_id: id, meaning: "Arbeit erledigt".into() }).await.unwrap();
    let closing = Closing::Full {
        found_code: None,
        found_text: "Dichtung undicht".into(),
        done_code: None,
        done_text: "Dichtung gewechselt".into(),
        minutes: 45,
    };
    engine.handle(WorkOrderClose { work_order_id: id, closing }).await.unwrap();
    let booked = world.show(id).await.labour[0].labour.labour_id;
    let correct = WorkOrderCorrect {
        work_order_id: id,
        reason: "Zeit verwechselt".into(),
        labour: vec![LabourCorrection { labour_id: booked, minutes: 60 }],
        parts: vec![],
        found_text: Some("Dichtung und Lager undicht".into()),
        done_text: None,
    };
    engine.handle(correct).await.unwrap();
    id
}

#[tokio::test]
async fn an_order_tells_what_was_found_and_done_by_whom_and_what_was_put_right() {
    let world = World::new().await;
    let work_order_id = finished(&world).await;
    let number = world.show(work_order_id).await.overview.order.number().to_owned();
    let (name, pages) = read(&world, PaperSubject::WorkOrder { work_order_id }, "de").await;
    assert_eq!(name, format!("work-order-{number}.pdf"));
    let person = world.engine.handle(PersonList {}).await.unwrap().remove(0).name.unwrap();
    says(
        &pages,
        &[
            &format!("Auftrag {number}"),
            "Gleitringdichtung wechseln",
            "Erledigt",
            "P-101A",
            "Dichtung übermäßig verschlissen",
            "0,1 – 0,25 mm",
            "0,31 mm, außerhalb der Grenzen",
            "nicht in Ordnung: Außenring rau",
            "Ersatzlager bestellt",
            "Arbeit erledigt",
            "45 min",
            "15 min",
            "60 min",
            "Korrektur: Zeit verwechselt",
            "Dichtung und Lager undicht",
            "Korrekturen",
            &person,
            "Seite 1 von",
        ],
    );
    let (_, english) = read(&world, PaperSubject::WorkOrder { work_order_id }, "en").await;
    says(&english, &["Work order", "Completed", "0.31 mm, outside the limits", "Page 1 of"]);
}

#[tokio::test]
async fn two_hundred_steps_are_all_there() {
    let world = World::new().await;
    let steps: Vec<StepDraft> =
        (1..=200).map(|number| step(&format!("Schraube Nr{number}x anziehen"), StepForm::Check)).collect();
    let create = WorkOrderCreate {
        title: "Großrevision".into(),
        description: String::new(),
        asset_id: None,
        priority: Priority::Low,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: Vec::new(),
    };
    let work_order_id = world.engine.handle(create).await.unwrap();
    for draft in steps {
        world.engine.handle(WorkStepAdd { work_order_id, draft }).await.unwrap();
    }
    let (_, pages) = read(&world, PaperSubject::WorkOrder { work_order_id }, "de").await;
    assert!((6..=16).contains(&pages.len()), "{} pages", pages.len());
    let all = pages.join(" ");
    for number in 1..=200 {
        assert_eq!(all.matches(&format!("Nr{number}x")).count(), 1, "step {number}");
    }
    assert!(pages.iter().all(|page| page.contains("Großrevision")));
}

#[tokio::test]
async fn a_machine_tells_its_orders_and_requests() {
    let world = World::new().await;
    let work_order_id = finished(&world).await;
    let asset_id = world.asset("P-101A").await;
    let raise = RequestRaise {
        asset_id,
        part: None,
        text: "Pumpe läuft heiß".into(),
        priority: Priority::Emergency,
        machine_down: true,
    };
    let request_id = world.engine.handle(raise).await.unwrap();
    let number = world.show(work_order_id).await.overview.order.number().to_owned();
    let (name, pages) = read(&world, PaperSubject::Asset { asset_id }, "de").await;
    assert_eq!(name, "asset-P-101A.pdf");
    says(
        &pages,
        &[
            "P-101A",
            &number,
            "Gleitringdichtung wechseln",
            "Pumpe läuft heiß",
            "Es gibt keinen offenen Auftrag.",
        ],
    );
    let (_, pages) = read(&world, PaperSubject::Request { request_id }, "en").await;
    says(&pages, &["Pumpe läuft heiß", "Emergency", "Machine stands still", "Yes"]);
}

#[tokio::test]
async fn a_shift_is_one_page_whatever_happened() {
    let world = World::new().await;
    finished(&world).await;
    for number in 0..150 {
        let entry = ShiftEntryAdd {
            entry_kind: ShiftEntryKind::Watch,
            text: format!("Zeile {number}: {}", "läuft warm ".repeat(30)),
            asset_id: None,
            work_order_id: None,
            attachment: None,
        };
        world.engine.handle(entry).await.unwrap();
    }
    let (_, pages) = read(&world, PaperSubject::Shift { at: None }, "de").await;
    assert_eq!(pages.len(), 1);
    says(&pages, &["weitere in der App", "im Auge behalten", "Seite 1 von 1"]);
}

#[tokio::test]
async fn a_plan_tells_when_it_comes_round() {
    let world = World::new().await;
    let plan = MaintenancePlan {
        maintenance_plan_id: MaintenancePlanId::default(),
        asset_id: world.asset("P-101A").await,
        title: "Lager schmieren".into(),
        steps: vec![step("Fett nachfüllen", StepForm::Check)],
        priority: Priority::Medium,
        planned_minutes: Some(30),
        rhythm: PlanRhythm::Calendar {
            every: 3,
            unit: CalendarUnit::Month,
            first_due: CivilDate::from_ymd(2027, 1, 31).unwrap(),
        },
        mode: PlanMode::Fixed,
        lead_days: 7,
        last_done_at: None,
        ended_at: None,
    };
    world.engine.handle(PlanSave { plan }).await.unwrap();
    let maintenance_plan_id =
        world.engine.handle(PlanList { asset_id: None }).await.unwrap()[0].plan.maintenance_plan_id;
    let (_, pages) = read(&world, PaperSubject::Plan { maintenance_plan_id }, "de").await;
    says(
        &pages,
        &["Lager schmieren", "alle 3 Monate, zuerst am 31.01.2027", "7 Tage vorher", "Fett nachfüllen"],
    );
}

#[tokio::test]
async fn a_record_that_is_not_here_is_said_so() {
    let world = World::new().await;
    let subject = PaperSubject::Part { part_id: PartId::default() };
    let error = world.engine.handle(RecordPaper { subject, language: None }).await.unwrap_err();
    assert_eq!(error.code, Code::NotFound);
}

#[tokio::test]
async fn a_step_that_is_shown_on_the_machines_model_has_its_picture_on_paper() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    let create = GuideCreate {
        name: "Seal".into(),
        language: "en".into(),
        asset_id: Some(asset_id),
        asset_class: None,
    };
    let guide_id = world.engine.handle(create).await.unwrap();
    let model = include_bytes!("../../../assets/machines/pump.glb");
    let add = GuideFileAdd {
        guide_id,
        media_type: "model/gltf-binary".into(),
        file_name: "pump.glb".into(),
        bytes_base64: STANDARD.encode(model),
    };
    world.engine.handle(add).await.unwrap();
    let step = |number: u128, shows: Vec<ShownPart>| GuideStep {
        shows,
        ..GuideStep::plain(
            GuideStepId(uuid::Uuid::from_u128(number)),
            Words::of("en", format!("Step {number}")),
        )
    };
    let shown = |part: &str, how: ShowHow| ShownPart { part: part.into(), how, label: Words::default() };
    let steps = vec![
        step(1, vec![shown("GRD-100", ShowHow::Play { animation: "guard-off".into() })]),
        step(2, vec![]),
        step(3, vec![shown("MOT-100", ShowHow::Highlight)]),
    ];
    let task =
        GuideTask { task_id: GuideTaskId(uuid::Uuid::from_u128(9)), title: Words::of("en", "Seal"), steps };
    let version = world.engine.handle(GuideDraftShow { guide_id }).await.unwrap().version;
    let edits = vec![GuideEdit::AddTask { task, place: 0 }];
    world.engine.handle(GuideDraftEdit { guide_id, version, edits }).await.unwrap();
    let guide_revision_id =
        world.engine.handle(GuideSubmit { guide_id, news: "First".into() }).await.unwrap();
    let subject = PaperSubject::Guide { guide_revision_id };
    let file = world.engine.handle(RecordPaper { subject, language: Some("en".into()) }).await.unwrap();
    let document = lopdf::Document::load_mem(&STANDARD.decode(&file.bytes_base64).unwrap()).unwrap();
    let is_picture = |object: &lopdf::Object| {
        let Ok(stream) = object.as_stream() else { return false };
        let named =
            |key: &[u8]| stream.dict.get(key).and_then(lopdf::Object::as_name).unwrap_or_default().to_vec();
        // What is clear in a picture lies beside it, as a picture of its own in grey.
        named(b"Subtype") == b"Image" && named(b"ColorSpace") != b"DeviceGray"
    };
    let pictures = document.objects.values().filter(|object| is_picture(object)).count();
    assert_eq!(pictures, 2, "the step that shows nothing has none");
}
