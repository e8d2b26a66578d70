//! The description and what really happens: every open command is given once, its arguments and its answer fit their
//! schemas, and what says that it reads writes nothing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use common::*;
use jsonschema::Validator;
use millwright_engine::{Caller, Engine, Handle};
use millwright_model::*;
use serde_json::{Value as Json, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

/// Open commands that this world cannot give.
const NOT_HERE: &[(&str, &str)] = &[
    ("team_device_orders", "it is about a team, and this device has none"),
    (
        "signpost_crossing_seen",
        "no tag speaks here, so that no signpost is crossed: see the engine's own tests",
    ),
];

/// A world with a program that gives every command as the network would.
struct Program {
    world: World,
    caller: Caller,
    document: Json,
    given: Mutex<BTreeSet<&'static str>>,
    /// Another reader of the database: its version moves with every commit of somebody else.
    beside: tokio::sync::Mutex<SqliteConnection>,
}

impl Program {
    async fn new() -> Self {
        let world = World::new().await;
        let anna = world.engine.handle(PersonList {}).await.unwrap()[0].person_id;
        let caller = caller(&world.engine, Some(anna)).await;
        let file = world.folder.path().join("millwright.db");
        let beside =
            SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap();
        Self {
            world,
            caller,
            document: millwright_http::document(),
            given: Mutex::default(),
            beside: tokio::sync::Mutex::new(beside),
        }
    }

    /// Holds `value` against a schema that lies in the description at `place`.
    fn fits(&self, place: &str, value: &Json, what: &str) {
        let schema = json!({ "$ref": format!("#{place}"), "components": self.document["components"], "paths": self.document["paths"] });
        let validator = jsonschema::options().build(&schema).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(value)
            .map(|fault| format!("{fault} at {}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{what}: {faults:#?}\n{value:#}");
    }

    async fn version(&self) -> i64 {
        let mut beside = self.beside.lock().await;
        sqlx::query("pragma data_version").fetch_one(&mut *beside).await.unwrap().get(0)
    }

    /// Gives a command and holds both sides of it against the description.
    async fn give<C: Command>(&self, command: C) -> C::Output {
        self.give_as(&self.caller, command).await
    }

    /// As another caller gives it.
    async fn give_as<C: Command>(&self, caller: &Caller, command: C) -> C::Output {
        let name = C::NAME;
        let operation = format!("/paths/~1v1~1commands~1{name}/post");
        let arguments = serde_json::to_value(&command).unwrap();
        let body = "content/application~1json/schema";
        self.fits(&format!("{operation}/requestBody/{body}"), &arguments, &format!("asking {name}"));
        let before = self.version().await;
        let answer = self.world.engine.call_for(caller, name, arguments, None).await;
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
        if C::REACH == Reach::Reads {
            assert_eq!(self.version().await, before, "{name} says that it reads, and wrote");
        } else if answer.get("txn_id").is_some_and(Json::is_string) {
            assert_ne!(self.version().await, before, "{name} made a transaction, and nothing was seen of it");
        }
        self.fits(&format!("{operation}/responses/200/{body}"), &answer, &format!("the answer of {name}"));
        self.given.lock().unwrap().insert(name);
        serde_json::from_value(answer).unwrap()
    }
}

async fn caller(engine: &Engine, person_id: Option<PersonId>) -> Caller {
    let create = TokenCreate {
        name: format!("contract {person_id:?}"),
        reads_only: false,
        commands: None,
        person_id,
        days: 30,
    };
    let made = engine.handle(create).await.unwrap();
    engine.caller(&made.secret).await.unwrap().unwrap()
}

fn csv(text: &str) -> DataFile {
    use base64::Engine as _;
    let bytes_base64 = base64::engine::general_purpose::STANDARD.encode(text);
    DataFile { file_name: "in.csv".into(), bytes_base64 }
}

fn edit(order: WorkOrderId, title: &str) -> WorkOrderEdit {
    WorkOrderEdit {
        work_order_id: order,
        title: title.into(),
        description: "Both sides".into(),
        priority: Priority::High,
        due_at: Some(MORNING.plus_ms(86_400_000)),
        assignee_id: None,
        asset_id: None,
    }
}

#[test]
fn the_description_is_openapi_3_1() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema/openapi-3.1.json"));
    let published: Json = serde_json::from_str(&text.unwrap()).unwrap();
    let validator: Validator = jsonschema::options().build(&published).unwrap();
    let document = millwright_http::document();
    let faults: Vec<String> = validator
        .iter_errors(&document)
        .map(|fault| format!("{fault} at {}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let broken = json!({ "openapi": "3.1.0", "info": { "title": "without a version" }, "paths": {} });
    assert!(!validator.is_valid(&broken), "the published schema tells what is none");
    // Each of our schemas is a schema itself.
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{name}");
    }
}

#[test]
fn every_operation_says_what_it_does() {
    let document = millwright_http::document();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 60);
    for (path, item) in paths {
        let operation = item.get("post").or(item.get("get")).unwrap();
        let summary = operation["summary"].as_str().unwrap();
        assert!(summary.ends_with('.') && summary.len() > 8, "{path}: «{summary}»");
    }
    let summary = &document["paths"]["/v1/commands/work_order_close"]["post"]["summary"];
    assert_eq!(summary, "Completes an order.");
}

#[tokio::test]
async fn every_open_command_keeps_its_schemas_and_what_reads_writes_nothing() {
    let program = Program::new().await;
    let p = &program;
    people_and_machines(p).await;
    let order = orders(p).await;
    parts_and_files(p, order).await;
    shift_and_plans(p).await;
    erp(p).await;
    guides(p).await;
    scenarios(p).await;
    workshops(p).await;
    exercises(p).await;
    what_if(p).await;
    let open: BTreeSet<&str> = COMMAND_REACHES
        .iter()
        .filter(|(_, reach)| !matches!(reach, Reach::Closed(_)))
        .map(|(name, _)| *name)
        .collect();
    let mut given = p.given.lock().unwrap().clone();
    given.extend(NOT_HERE.iter().map(|(name, _)| *name));
    assert_eq!(given, open, "every open command is given here, or named with a reason");
}

async fn people_and_machines(p: &Program) {
    p.give(AppStatus {}).await;
    p.give(SettingsShow {}).await;
    p.give(HistorySize {}).await;
    let ben = PersonAdd { name: "Ben Novak".into(), erp_number: None, language: "en".into() };
    let person_id = p.give(ben).await;
    p.give(PersonRoleSet { person_id, role: PersonRole::Supervisor }).await;
    p.give(PersonList {}).await;
    let text = "code,name,level,parent,criticality,class,erp_number,uns_path\nP,Plant,site,,b,,,\nP-1,Pump,machine,P,a,,,\nP-2,Pump two,machine,P,b,,,\nP-1b,Pump,machine,P,b,,,\n";
    p.give(AssetImport { csv: text.into(), dry_run: true }).await;
    p.give(AssetImport { csv: text.into(), dry_run: false }).await;
    let tree = p.give(AssetTree {}).await;
    let id = |code: &str| tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id;
    let (asset_id, into) = (id("P-1b"), id("P-1"));
    p.give(AssetJoin { asset_id, into }).await;
    p.give(AssetShow { asset_id: into }).await;
    p.give(AssetSeparate { asset_id }).await;
    let binding = TagBinding {
        tag_binding_id: TagBindingId::default(),
        asset_id: into,
        series: SeriesKey("plant/line/p-1/hours".into()),
        name: "Hours".into(),
        unit: "h".into(),
        usual_low: None,
        usual_high: Some(1e6),
        limit_low: None,
        limit_high: None,
        silence_ms: 60_000,
        position: 1,
    };
    p.give(TagBindingSave { binding }).await;
    let view = p.give(AssetShow { asset_id: into }).await;
    p.give(TagList { containing: String::new(), limit: 10 }).await;
    let series = vec![SeriesKey("plant/line/p-1/hours".into())];
    p.give(LiveShow { series: series.clone() }).await;
    let to = MORNING;
    p.give(TagHistory { series: series[0].clone(), from: MORNING.plus_ms(-60_000), to, buckets: 10 }).await;
    p.give(TagBindingRemove { tag_binding_id: view.tags[0].binding.tag_binding_id }).await;
    p.give(CodeRead { width: 16, height: 16, brightness_base64: "A".repeat(16 * 16 / 3 * 4) + "AA==" }).await;
    p.give(LabelLearn { code: "LBL-1".into(), asset_id: into }).await;
    p.give(ScanResolve { code: "LBL-1".into() }).await;
    p.give(ScanResolve { code: "nobody".into() }).await;
    p.give(Search { text: "pump".into() }).await;
    let reading = ReadingAdd { asset_id: into, name: "Hours".into(), value: 12.5, unit: "h".into() };
    p.give(reading).await;
}

async fn orders(p: &Program) -> WorkOrderId {
    let tree = p.give(AssetTree {}).await;
    let asset_id = tree.iter().find(|node| node.asset.code == "P-1").unwrap().asset.asset_id;
    let raise = || RequestRaise {
        asset_id,
        part: None,
        text: "It leaks".into(),
        priority: Priority::High,
        machine_down: true,
    };
    let request_id = p.give(raise()).await;
    let declined = p.give(raise()).await;
    p.give(RequestDecline { request_id: declined, reason: "Known".into() }).await;
    let about = AlertSubject::Request(p.give(raise()).await);
    p.give(AlertPass { about, to: None, word: "I am on the roof".into() }).await;
    assert!(p.give(AlertList {}).await.alerts.iter().any(|alert| alert.about == about));
    p.give(AlertTake { about }).await;
    p.give(RequestList { open_only: false }).await;
    let draft = |title: &str, form| StepDraft { title: title.into(), form, mandatory: false };
    let measured =
        StepForm::Measurement { unit: "mm/s".into(), low: Some(0.0), high: Some(4.5), decimals: 1 };
    let work_order_id = p
        .give(WorkOrderCreate {
            title: "Replace seal".into(),
            description: String::new(),
            asset_id: Some(asset_id),
            priority: Priority::High,
            request_id: Some(request_id),
            due_at: Some(MORNING),
            assignee_id: None,
            steps: vec![draft("Isolate", StepForm::Check), draft("Vibration", measured)],
        })
        .await;
    let work_step_id = p.give(WorkStepAdd { work_order_id, draft: draft("Clean", StepForm::Check) }).await;
    p.give(WorkStepEdit { work_step_id, draft: draft("Clean it", StepForm::Text) }).await;
    p.give(WorkStepRemove { work_step_id }).await;
    p.give(edit(work_order_id, "Replace the seal")).await;
    p.give(WorkOrderAssign { work_order_id, assignee_id: None }).await;
    p.give(WorkOrderReserve { work_order_id, hours: 2 }).await;
    p.give(WorkOrderShow { work_order_id }).await;
    p.give(WorkOrderRelease { work_order_id }).await;
    p.give(WorkOrderStart { work_order_id }).await;
    let view = p.give(WorkOrderShow { work_order_id }).await;
    for (step, outcome) in
        view.steps.iter().zip([StepOutcome::Checked, StepOutcome::Measured { value: 3.1, in_limits: true }])
    {
        p.give(WorkStepRecord {
            work_step_id: step.step.work_step_id,
            outcome: Some(outcome),
            instrument: None,
        })
        .await;
    }
    let done = p.give(NoteAdd { work_order_id, text: "Oil on the floor".into() }).await;
    p.give(TxnUndo { txn_id: done.txn_id.unwrap() }).await;
    p.give(TimerStop { work_order_id }).await;
    p.give(TimerStart { work_order_id }).await;
    p.give(WorkOrderHold { work_order_id, reason: "No seal".into(), cause: Some(HoldCause::Part) }).await;
    p.give(WorkOrderContinue { work_order_id, reason: "It came".into() }).await;
    let attachment_id = p
        .give(AttachmentAdd {
            work_order_id: Some(work_order_id),
            work_step_id: None,
            asset_id: None,
            request_id: None,
            media_type: "text/plain".into(),
            file_name: "note.txt".into(),
            bytes_base64: "aGVsbG8=".into(),
            part: None,
        })
        .await;
    p.give(AttachmentRead { attachment_id }).await;
    p.give(TodayShow {}).await;
    p.give(WorkOrderList { filter: WorkOrderFilter::default() }).await;
    p.give(HistoryShow { entity: Entity::WorkOrder, entity_id: work_order_id.0 }).await;
    work_order_id
}

async fn parts_and_files(p: &Program, work_order_id: WorkOrderId) {
    let file = || csv("number,name,unit\n10-1,Seal,EA\n10-2,Seal old,EA\n10-3,Grease,\n");
    let (kind, reading) = (DataKind::Parts, DataReading::default());
    let preview = DataPreview { kind, file: file(), reading: reading.clone(), matches: None };
    let matches = p.give(preview).await.matches;
    for dry_run in [true, false] {
        let bring =
            DataBring { kind, file: file(), reading: reading.clone(), matches: matches.clone(), dry_run };
        p.give(bring).await;
    }
    p.give(DataRefused { kind, file: file(), reading, matches, reasons: Default::default() }).await;
    let seen = DataSeen { containing: String::new(), orders: WorkOrderFilter::default() };
    p.give(DataExport { kind, format: FileFormat::Csv, seen }).await;
    let parts = p.give(PartList { containing: String::new(), asset_id: None }).await;
    let id = |number: &str| parts.iter().find(|part| part.part.number == number).unwrap().part.part_id;
    let (part_id, into) = (id("10-2"), id("10-1"));
    p.give(PartJoin { part_id, into }).await;
    p.give(PartSeparate { part_id }).await;
    let quantity = Quantity::whole(2, "EA");
    p.give(PartUseAdd { work_order_id, part_id: into, quantity, location: None }).await;
    p.give(PartShow { part_id: into }).await;
    p.give(SignatureAdd { work_order_id, meaning: "Done well".into() }).await;
    let closing = Closing::Full {
        found_code: None,
        found_text: "Seal leaks".into(),
        done_code: None,
        done_text: "Seal replaced".into(),
        minutes: 35,
    };
    p.give(WorkOrderClose { work_order_id, closing }).await;
    let view = p.give(WorkOrderShow { work_order_id }).await;
    let labour =
        view.labour.iter().map(|labour| LabourCorrection { labour_id: labour.labour.labour_id, minutes: 30 });
    let correct = WorkOrderCorrect {
        work_order_id,
        reason: "It was less".into(),
        labour: labour.take(1).collect(),
        parts: vec![],
        found_text: None,
        done_text: Some("Seal replaced, cleaned".into()),
    };
    p.give(correct).await;
    let subject = PaperSubject::WorkOrder { work_order_id };
    p.give(RecordPaper { subject, language: Some("en".into()) }).await;
    p.give(WorkOrderShow { work_order_id }).await;
}

async fn shift_and_plans(p: &Program) {
    let shifts = [("Early", 360), ("Late", 840), ("Night", 1320)];
    let shifts = shifts.map(|(name, starts_min)| ShiftTime { name: name.into(), starts_min }).into();
    p.give(ShiftPatternSave { shifts }).await;
    let entry = ShiftEntryAdd {
        entry_kind: ShiftEntryKind::Safety,
        text: "Guard open".into(),
        asset_id: None,
        work_order_id: None,
        attachment: Some(AttachmentDraft {
            media_type: "text/plain".into(),
            file_name: "a.txt".into(),
            bytes_base64: "aGk=".into(),
        }),
    };
    p.give(entry).await;
    let at = Some(MORNING);
    p.give(ShiftShow { at }).await;
    let proposal = p.give(HandoverPrepare { at }).await;
    let items: Vec<uuid::Uuid> = proposal.items.iter().map(|item| item.line.item.item_id).collect();
    p.give(HandoverGive { at: MORNING, text: "Quiet".into(), items: items.clone() }).await;
    let view = p.give(ShiftShow { at }).await;
    let handover_id = view.handovers[0].handover_id;
    p.give(HandoverAcknowledge { handover_id, items }).await;
    let tree = p.give(AssetTree {}).await;
    let asset_id = tree.iter().find(|node| node.asset.code == "P-2").unwrap().asset.asset_id;
    let plan = MaintenancePlan {
        maintenance_plan_id: MaintenancePlanId::default(),
        asset_id,
        title: "Grease".into(),
        steps: vec![StepDraft { title: "Grease it".into(), form: StepForm::Inspection, mandatory: true }],
        priority: Priority::Medium,
        planned_minutes: Some(10),
        rhythm: PlanRhythm::Calendar {
            every: 1,
            unit: CalendarUnit::Month,
            first_due: CivilDate::from_ymd(2027, 1, 31).unwrap(),
        },
        mode: PlanMode::Floating,
        lead_days: 3,
        last_done_at: None,
        ended_at: None,
    };
    p.give(PlanSave { plan }).await;
    let plans = p.give(PlanList { asset_id: None }).await;
    p.give(PlanEnd { maintenance_plan_id: plans[0].plan.maintenance_plan_id }).await;
}

async fn erp(p: &Program) {
    let world = &p.world;
    let order = world.pulled_order().await;
    p.give(edit(order, "Ours")).await;
    let theirs = ErpWorkOrder { changed_by: Some("MUELLER".into()), ..erp_order("4000127", "Theirs") };
    world.erp.page(vec![ErpRecord::WorkOrder(theirs)]);
    world.engine.synchronise().await.unwrap();
    let cards = p.give(SyncShow {}).await.conflicts;
    p.give(ConflictResolve { conflict_id: cards[0].conflict_id, keep: Side::Ours }).await;
    world.erp.refuses.store(true, Ordering::SeqCst);
    world.deliver().await;
    let refused = p.give(SyncShow {}).await.needs_you;
    let delivery_id = refused[0].delivery_id;
    p.give(DeliveryRetry { delivery_id }).await;
    world.deliver().await;
    p.give(DeliveryDiscard { delivery_id, reason: "Done there by hand".into() }).await;
    p.give(ErpPullNow {}).await;
    p.give(SyncShow {}).await;
    p.give(WorkOrderCancel { work_order_id: order, reason: "Not needed".into() }).await;
}

/// A small workshop of Anna with Ben in it.
async fn workshops(p: &Program) {
    let begin = WorkshopCreate { title: "SWOT 2027".into(), language: "en".into(), last_year: None };
    let workshop_id = p.give(begin).await;
    let people = p.give(PersonList {}).await;
    let person_ids = people.iter().map(|person| person.person_id).collect();
    p.give(WorkshopAdmit { workshop_id, person_ids }).await;
    let view = p.give(WorkshopReveal { workshop_id }).await;
    let me = view.me.unwrap();
    let note = |random: u64, frame: FrameKind, text: &str| WorkshopAct::AddNote {
        note_id: WorkshopNoteId::of(me, random),
        frame: frame.key().into(),
        text: text.into(),
        on_paper: false,
    };
    let item = |random: u64| WorkshopItemId::from(WorkshopNoteId::of(me, random));
    let (strength, threat) = (item(1), item(2));
    let point = |item_id| WorkshopAct::Points { item_id, points: 100 };
    let list = |item_id| WorkshopAct::Shortlist { item_id, on: true };
    let pair = WorkshopAct::Strategy {
        strategy_id: StrategyId(uuid::Uuid::from_u128(1)),
        internal: strength,
        external: threat,
        text: "Use it".into(),
    };
    let action = BoardAction {
        action_id: WorkshopActionId(uuid::Uuid::from_u128(2)),
        text: "Ask supplier B".into(),
        owner: people.iter().map(|person| person.person_id).next(),
        due: CivilDate::from_ymd(2027, 1, 31),
        strategy_id: None,
        done: false,
    };
    let phase = |phase| WorkshopAct::Phase { phase };
    let acts = vec![
        note(1, FrameKind::Strengths, "Own seal workshop"),
        note(2, FrameKind::Threats, "Supplier A is in trouble"),
        phase(WorkshopPhase::Vote),
        WorkshopAct::Vote { item_id: strength, votes: 2 },
        list(strength),
        list(threat),
        phase(WorkshopPhase::Weigh),
        point(strength),
        point(threat),
        WorkshopAct::Rate { item_id: strength, rating: Some(4) },
        phase(WorkshopPhase::Pair),
        pair,
        phase(WorkshopPhase::Act),
        WorkshopAct::Action { action },
    ];
    let view = p.give(WorkshopWrite { workshop_id, acts, seat: None }).await;
    assert_eq!(view.scores.pairs.len(), 1);
    p.give(WorkshopShow { workshop_id }).await;
    p.give(WorkshopActionList {}).await;
    let mut files = Vec::new();
    for form in WorkshopForm::ALL {
        files.push(p.give(WorkshopExport { workshop_id, form, language: Some("de".into()) }).await);
    }
    let json = files.into_iter().find(|file| file.media_type == "application/json").unwrap();
    p.give(WorkshopImport { bytes_base64: json.bytes_base64 }).await;
    p.give(WorkshopSeatAdd { workshop_id }).await;
    p.give(WorkshopEnd { workshop_id }).await;
    p.give(WorkshopList {}).await;
}

/// A line of two machines, tried out and kept.
async fn what_if(p: &Program) {
    let csv =
        "code,name,level,parent\nL-9,Filling,line,P\nM-91,Washer,machine,L-9\nM-92,Filler,machine,L-9\n";
    p.give(AssetImport { csv: csv.into(), dry_run: false }).await;
    let line_id = p.give(WhatIfLines {}).await.into_iter().find(|line| line.code == "L-9").unwrap().line_id;
    let line = p.give(LineForkShow { line_id }).await;
    let options = vec![WhatIfOption { name: "Same".into(), line: line.clone() }];
    let (hours, replications) = (8.0, 10);
    let run = WhatIfRun { line: line.clone(), options: options.clone(), hours, replications };
    assert_eq!(p.give(run).await.outlooks.len(), 2);
    let (name, language) = ("What if".to_owned(), "en".to_owned());
    p.give(WhatIfKeep { name, language, line, options, hours, replications }).await;
}

/// A tabletop exercise of a key supplier that fails, from its plan to its report.
async fn exercises(p: &Program) {
    let create = ScenarioCreate {
        name: Some("Supplier".into()),
        language: "en".into(),
        template: Some("key-supplier".into()),
        text: None,
    };
    let scenario_id = p.give(create).await;
    let list = ExerciseTemplateList { scenario_id, language: "en".into() };
    let template = p.give(list).await.remove(0).key;
    let create = ExerciseCreate { scenario_id, title: None, language: "en".into(), template: Some(template) };
    let exercise_id = p.give(create.clone()).await;
    let removed = p.give(create).await;
    p.give(ExerciseRemove { exercise_id: removed }).await;
    let plan = ExercisePlan {
        exercise_id,
        title: "Supplier fails".into(),
        planned_on: CivilDate::from_ymd(2027, 1, 31),
        objectives: "Who calls whom".into(),
    };
    p.give(plan).await;
    let owner = p.give(PersonList {}).await.first().map(|person| person.person_id);
    let role =
        ExerciseRoleSave { exercise_role_id: None, exercise_id, name: "Observer".into(), person_id: owner };
    let exercise_role_id = p.give(role).await;
    let view = p.give(ExerciseShow { exercise_id }).await;
    let inject = ExerciseInjectSave {
        exercise_inject_id: None,
        exercise_id,
        at_ms: 60_000,
        sender: "Bank".into(),
        role_id: view.roles[0].exercise_role_id,
        means: InjectMeans::Phone,
        message: "What is open?".into(),
        expected: "A list".into(),
        notes: String::new(),
    };
    let exercise_inject_id = p.give(inject).await;
    p.give(ExerciseInjectMove { exercise_inject_id, at_ms: 120_000 }).await;
    p.give(ExerciseInjectRemove { exercise_inject_id }).await;
    p.give(ExerciseRoleRemove { exercise_role_id }).await;
    p.give(ExerciseClockMove { exercise_id, act: ExerciseAct::Start }).await;
    let log = ExerciseLog {
        exercise_id,
        entry_kind: ExerciseEntryKind::Response,
        inject_id: Some(view.injects[0].exercise_inject_id),
        role_id: None,
        text: "Called the team".into(),
        met: Some(InjectMet::Partly),
        corrects: None,
    };
    p.give(log).await;
    p.give(ExerciseClockMove { exercise_id, act: ExerciseAct::End }).await;
    let action = ExerciseActionSave {
        exercise_action_id: None,
        exercise_id,
        text: "Keep a list".into(),
        entry_id: None,
        owner,
        due: CivilDate::from_ymd(2027, 1, 31),
    };
    let exercise_action_id = p.give(action).await;
    p.give(ExerciseActionList {}).await;
    p.give(ExerciseActionDone { exercise_action_id, is_done: true }).await;
    for form in ExerciseReportForm::ALL {
        p.give(ExerciseReportWrite { exercise_id, form, language: Some("de".into()) }).await;
    }
    p.give(ExerciseList { scenario_id: None }).await;
}

/// Written for Anna and approved for Ben, with machines' labels, models and energy beside.
async fn guides(p: &Program) {
    let people = p.give(PersonList {}).await;
    let ben = people.iter().find(|person| person.name.as_deref() == Some("Ben Novak")).unwrap().person_id;
    let ben = caller(&p.world.engine, Some(ben)).await;
    let tree = p.give(AssetTree {}).await;
    let asset_id = tree.iter().find(|node| node.asset.code == "P-2").unwrap().asset.asset_id;
    let (guide_id, work_step_id) = written_and_worked_by(p, &ben, asset_id).await;
    let family = FiducialFamily::Tag36h11;
    let hang = FiducialHang { asset_id, family, number: None, size_mm: 100.0, name: "Motor".into() };
    let fiducial_id = p.give(hang).await;
    p.give(FiducialMeasure { fiducial_id, bar_mm: 99.5 }).await;
    let found = FiducialFound { fiducial_id, machine_from_label: Pose::IDENTITY, sigma: [0.001; 6] };
    p.give(FiducialSurvey { asset_id, found: vec![found] }).await;
    let number = p.give(FiducialList { asset_id }).await[0].number;
    p.give(FiducialFind { family, number, within: Some(asset_id) }).await;
    let media = LabelMedia::A4;
    p.give(LabelPrint { fiducial_ids: vec![fiducial_id], media }).await;
    p.give(BoardPrint {}).await;
    p.give(FiducialRemove { fiducial_id }).await;
    let profile = CameraProfile {
        camera_profile_id: CameraProfileId::default(),
        camera: "USB camera".into(),
        width_px: 1280,
        height_px: 720,
        focus: "fixed".into(),
        intrinsics_px: [900.0, 900.0, 640.0, 360.0],
        distortion: [0.0; 5],
        sigma_px: [0.5; 4],
        residual_px: 0.2,
        coverage: 0.8,
        picture_count: 20,
        made_at: MORNING,
        made_by: None,
        ended_at: None,
    };
    let camera_profile_id = p.give(CameraProfileAdd { profile }).await;
    p.give(CameraProfileList {}).await;
    p.give(CameraProfileEnd { camera_profile_id }).await;
    let binding = TagBinding {
        tag_binding_id: TagBindingId::default(),
        asset_id,
        series: SeriesKey("plant/line/p-2/volts".into()),
        name: "Voltage".into(),
        unit: "V".into(),
        usual_low: None,
        usual_high: None,
        limit_low: None,
        limit_high: None,
        silence_ms: 60_000,
        position: 1,
    };
    p.give(TagBindingSave { binding }).await;
    let tag = p.give(AssetShow { asset_id }).await.tags[0].binding.tag_binding_id;
    let source = p.give(EnergySourceList { asset_id }).await.remove(0);
    let energy_source_id = source.energy_source_id;
    p.give(EnergySourceSave {
        energy_source_id: Some(energy_source_id),
        asset_id,
        name: source.name,
        energy: source.energy,
        tag_binding_id: Some(tag),
        isolated_at: source.isolated_at,
    })
    .await;
    p.give_as(&ben, EnergySourceApprove { energy_source_id }).await;
    p.give(ConditionShow { work_step_id }).await;
    p.give(EnergySourceEnd { energy_source_id }).await;
    p.give(GuideEnd { guide_id }).await;
}

async fn written_and_worked_by(p: &Program, ben: &Caller, asset_id: AssetId) -> (GuideId, WorkStepId) {
    let create = |name: &str| GuideCreate {
        name: name.into(),
        language: "en".into(),
        asset_id: Some(asset_id),
        asset_class: None,
    };
    let guide_id = p.give(create("Seal")).await;
    let draft = p.give(GuideDraftShow { guide_id }).await;
    let stl = "solid seal\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid seal\n";
    p.give(GuideFileAdd {
        guide_id,
        media_type: "model/stl".into(),
        file_name: "seal.stl".into(),
        bytes_base64: csv(stl).bytes_base64,
    })
    .await;
    let paper = RecordPaper { subject: PaperSubject::Asset { asset_id }, language: Some("en".into()) };
    let bytes_base64 = p.give(paper).await.bytes_base64;
    let media_type = "application/pdf".to_owned();
    let manual = GuideFileAdd { guide_id, media_type, file_name: "manual.pdf".into(), bytes_base64 };
    let attachment_id = p.give(manual).await.attachment_id;
    p.give(ManualList { guide_id }).await;
    p.give(ManualPage { attachment_id, page: 1, longest_px: 200 }).await;
    let area = PageArea { left: 0.0, top: 0.0, width: 0.5, height: 0.5 };
    p.give(ManualCrop { guide_id, attachment_id, page: 1, area }).await;
    let machine_model_id = p.give(MachineModelList { asset_id }).await[0].machine_model_id;
    p.give(MachineModelEnd { machine_model_id }).await;
    let source = EnergySourceSave {
        energy_source_id: None,
        asset_id,
        name: "Motor, 400 V".into(),
        energy: EnergyKind::Electrical,
        tag_binding_id: None,
        isolated_at: "Main switch Q1".into(),
    };
    let energy_source_id = p.give(source).await;
    let step_id = GuideStepId(uuid::Uuid::from_u128(7));
    let mut step = GuideStep::plain(step_id, Words::of("en", "Isolate"));
    step.condition = Some(LiveCondition { energy_source_id, low: -1.0, high: 1.0 });
    let task_id = GuideTaskId(uuid::Uuid::from_u128(8));
    let task = GuideTask { task_id, title: Words::of("en", "Seal"), steps: vec![step] };
    let edits = vec![GuideEdit::AddTask { task, place: 0 }];
    let version = p.give(GuideDraftEdit { guide_id, version: draft.version, edits }).await.version;
    let edits = vec![GuideEdit::RemoveStep { step_id }];
    p.give(GuideDraftEdit { guide_id, version: version.clone(), edits }).await;
    p.give(GuideDraftBack { guide_id, version }).await;
    let returned = p.give(GuideSubmit { guide_id, news: "First".into() }).await;
    let reason = || "Say which switch".to_owned();
    p.give_as(ben, GuideReturn { guide_revision_id: returned, reason: reason() }).await;
    let more = GuideStep::plain(GuideStepId(uuid::Uuid::from_u128(17)), Words::of("en", "Lock switch Q1"));
    let task_id = GuideTaskId(uuid::Uuid::from_u128(18));
    let task = GuideTask { task_id, title: Words::of("en", "Lock"), steps: vec![more] };
    let version = p.give(GuideDraftShow { guide_id }).await.version;
    p.give(GuideDraftEdit { guide_id, version, edits: vec![GuideEdit::AddTask { task, place: 0 }] }).await;
    let guide_revision_id = p.give(GuideSubmit { guide_id, news: "With the switch".into() }).await;
    p.give_as(ben, GuideApprove { guide_revision_id }).await;
    p.give(GuideList { asset_id: Some(asset_id) }).await;
    p.give(GuideShow { guide_id }).await;
    p.give(GuideRevisionShow { guide_revision_id }).await;
    let order = WorkOrderCreate {
        title: "Seal".into(),
        description: String::new(),
        asset_id: Some(asset_id),
        priority: Priority::Low,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    let work_order_id = p.give(order).await;
    p.give(WorkOrderGuide { work_order_id, guide_id }).await;
    let run = p.give(GuideRun { work_order_id }).await;
    let time = StepTimeAdd { guide_revision_id, step_id, work_order_id: Some(work_order_id), took_ms: 9_000 };
    p.give(time).await;
    p.give(GuideReadSign { guide_revision_id }).await;
    p.give(GuideNewsList {}).await;
    let format = GuideFormat::Json;
    let GuideFileOut { file_name, bytes_base64, .. } =
        p.give(GuideExport { guide_revision_id, format }).await;
    let import = GuideImport { file_name, bytes_base64, asset_id: Some(asset_id), asset_class: None };
    p.give(import).await;
    p.give(GuideWithdraw { guide_revision_id, reason: "A new seal".into() }).await;
    // The task that was added last stands first: what is asked about is the step that waits for the source of energy.
    let records = run.steps.iter().flat_map(|step| &step.records);
    let waits = |record: &&StepView| matches!(record.step.form, StepForm::TryOut { .. });
    (guide_id, records.into_iter().find(waits).unwrap().step.work_step_id)
}

async fn scenarios(p: &Program) {
    p.give(ScenarioTemplateList { language: "en".into() }).await;
    let create = ScenarioCreate {
        name: Some("Seals".into()),
        language: "en".into(),
        template: Some("key-supplier".into()),
        text: None,
    };
    let scenario_id = p.give(create).await;
    p.give(ScenarioList {}).await;
    p.give(ScenarioRename { scenario_id, name: "Seals of pumps".into() }).await;
    let view = p.give(ScenarioShow { scenario_id }).await;
    let question = view.questions[0].clone();
    let answer = ScenarioEdit::Answer { name: question.name, answer: question.answer, origin: None };
    let story = ScenarioEdit::Narrative { about: "high".into(), text: "They all want it.".into() };
    p.give(ScenarioWrite { scenario_id, edits: vec![answer, story] }).await;
    p.give(ScenarioRun { scenario_id, tries: vec![], trials: 256, result: None }).await;
    let (tries, choice) = (vec![], vec![]);
    p.give(ScenarioInfluences { scenario_id, tries, trials: 64, result: None, choice: choice.clone() }).await;
    let ranges = view.questions.iter().filter(|one| matches!(one.answer, ScenarioAnswer::Between { .. }));
    let [across, up] = &ranges.take(2).map(|one| one.name.clone()).collect::<Vec<_>>()[..] else {
        panic!("two ranges: {:?}", view.questions)
    };
    let (across, up) = (across.clone(), up.clone());
    p.give(ScenarioWorldsShow { scenario_id, tries: vec![], across, up, trials: 64, result: None }).await;
    p.give(ScenarioChangesShow { scenario_id, since: MORNING, result: None }).await;
    for form in BriefForm::ALL {
        let file = p.give(ScenarioBriefWrite { scenario_id, form, language: Some("en".into()) }).await;
        if form == BriefForm::Xlsx {
            let bytes_base64 = file.bytes_base64;
            p.give(ScenarioAssumptionsBring { scenario_id, bytes_base64, dry_run: false }).await;
        }
    }
    p.give(ScenarioFreeze { scenario_id }).await;
    p.give(SupplierList {}).await;
    let parts = p.give(PartList { containing: String::new(), asset_id: None }).await;
    let subject = ScenarioSubject::Part { part_id: parts[0].part.part_id };
    p.give(ScenarioFill { scenario_id, subject }).await;
    p.give(SupplyRiskShow { outage_days: 90 }).await;
    let decide =
        ScenarioDecide { scenario_id, choice, reason: "Cheapest".into(), owner: None, review_on: None };
    let scenario_decision_id = p.give(decide).await;
    let result = view.results[0].name.clone();
    p.give(ScenarioOutcomeTell { scenario_decision_id, result, came: 1.0 }).await;
    let tree = p.give(AssetTree {}).await;
    let asset_id = tree.iter().find(|node| node.asset.code == "P-2").unwrap().asset.asset_id;
    let tag_binding_id = p.give(AssetShow { asset_id }).await.tags[0].binding.tag_binding_id;
    let save = SignpostSave {
        signpost_id: None,
        scenario_id,
        name: "Rough".into(),
        tag_binding_id,
        side: SignpostSide::Above,
        threshold: 3.5,
        holds_ms: 0,
    };
    let signpost_id = p.give(save).await;
    p.give(SignpostEnd { signpost_id }).await;
    p.give(ScenarioEnd { scenario_id }).await;
}
