//! Scenarios: begun from a template, answered, run, compared, frozen, decided on, and written by two devices apart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

const MODEL: &str = "model \"Spare seals\"\n\
    seals = 10 pcs asked \"How many seals lie on the shelf?\" between 0 pcs and 100 pcs from assumption \"guess\"\n\
    need = 20 to 40 pcs asked \"How many are needed?\" between 1 pcs and 200 pcs\n\
    decision buy = \"none\": 0 pcs, \"twenty\": 20 pcs\n\
    result short in pcs = max(need - seals - buy, 0 pcs), lower is better\n";

async fn begun(world: &World) -> ScenarioId {
    let create =
        ScenarioCreate { name: None, language: "en".into(), template: None, text: Some(MODEL.into()) };
    world.engine.handle(create).await.unwrap()
}

async fn show(world: &World, scenario_id: ScenarioId) -> ScenarioView {
    world.engine.handle(ScenarioShow { scenario_id }).await.unwrap()
}

async fn write(world: &World, scenario_id: ScenarioId, edits: Vec<ScenarioEdit>) -> ScenarioView {
    world.engine.handle(ScenarioWrite { scenario_id, edits }).await.unwrap()
}

fn says(name: &str, value: f64) -> ScenarioEdit {
    ScenarioEdit::Answer { name: name.into(), answer: ScenarioAnswer::Figure { value }, origin: None }
}

async fn run(world: &World, scenario_id: ScenarioId, tries: Vec<ScenarioTry>) -> ScenarioPicture {
    let command = ScenarioRun { scenario_id, tries, trials: 4_096, result: None };
    world.engine.handle(command).await.unwrap()
}

#[tokio::test]
async fn every_template_opens_as_questions_and_runs() {
    let world = World::new().await;
    let templates = world.engine.handle(ScenarioTemplateList { language: "en".into() }).await.unwrap();
    assert_eq!(templates.len(), 6);
    for template in templates {
        let create = ScenarioCreate {
            name: None,
            language: "en".into(),
            template: Some(template.key.clone()),
            text: None,
        };
        let scenario_id = world.engine.handle(create).await.unwrap();
        let view = show(&world, scenario_id).await;
        assert_eq!(view.scenario.name, template.title);
        assert!((1..=12).contains(&view.questions.len()), "{}: {}", template.key, view.questions.len());
        let command = ScenarioRun { scenario_id, tries: vec![], trials: 512, result: None };
        let picture = world.engine.handle(command).await.unwrap();
        assert!(!picture.options.is_empty(), "{}", template.key);
    }
    let listed = world.engine.handle(ScenarioList {}).await.unwrap();
    assert_eq!(listed.len(), 6);
}

#[tokio::test]
async fn an_answer_names_who_gave_it_and_when_and_no_name_is_in_the_document() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let view = write(&world, scenario_id, vec![says("seals", 34.0)]).await;
    let question = view.questions.iter().find(|question| question.name == "seals").unwrap();
    assert_eq!(question.answer, ScenarioAnswer::Figure { value: 34.0 });
    let person = world.engine.handle(PersonList {}).await.unwrap().remove(0);
    assert_eq!(question.answered_by, person.name);
    assert_eq!(question.answered_at, Some(view.written_at));
    assert!(!view.text.contains(&person.name.unwrap()), "{}", view.text);
}

#[tokio::test]
async fn a_slider_tries_an_answer_out_and_writes_nothing() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let before = show(&world, scenario_id).await;
    let written = run(&world, scenario_id, vec![]).await;
    let tried = ScenarioTry { name: "seals".into(), answer: ScenarioAnswer::Figure { value: 100.0 } };
    let tried = run(&world, scenario_id, vec![tried]).await;
    assert!(written.options[0].mean > 10.0, "{written:?}");
    assert!(tried.options[0].mean < 0.1, "{tried:?}");
    assert_eq!(show(&world, scenario_id).await, before);
}

#[tokio::test]
async fn options_are_compared_under_the_same_luck_with_regret() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let picture = run(&world, scenario_id, vec![]).await;
    assert_eq!(picture.lower_is_better, Some(true));
    assert_eq!(picture.best, 1, "buying twenty leaves fewer short");
    assert_eq!(picture.options[1].regret_mean, 0.0);
    let [none, twenty] = &picture.options[..] else { panic!("two options: {picture:?}") };
    assert!(none.regret_mean > 5.0 && none.mean > twenty.mean, "{picture:?}");
    assert_eq!(picture.limits.len(), none.exceedance.len());
    assert_eq!(picture.limits.len(), none.shares.len() + 1);
}

#[tokio::test]
async fn what_a_result_hangs_on_is_told_with_its_question() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let command =
        ScenarioInfluences { scenario_id, tries: vec![], trials: 512, result: None, choice: vec![] };
    let found = world.engine.handle(command).await.unwrap();
    assert_eq!(found[0].name, "need");
    assert_eq!(found[0].question.as_deref(), Some("How many are needed?"));
    assert!(found[0].at_high > found[0].at_low);
}

#[tokio::test]
async fn four_worlds_stand_at_the_ends_of_two_ranges_and_what_is_known_is_no_axis() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let seals =
        ScenarioTry { name: "seals".into(), answer: ScenarioAnswer::Between { low: 0.0, high: 60.0 } };
    let ask = |tries: Vec<ScenarioTry>| ScenarioWorldsShow {
        scenario_id,
        tries,
        across: "need".into(),
        up: "seals".into(),
        trials: 256,
        result: None,
    };
    let worlds = world.engine.handle(ask(vec![seals])).await.unwrap();
    let corners: Vec<(f64, f64)> = worlds.iter().map(|world| (world.across, world.up)).collect();
    assert_eq!(corners, [(20.0, 60.0), (40.0, 60.0), (20.0, 0.0), (40.0, 0.0)]);
    let short: Vec<f64> = worlds.iter().map(|world| world.options[0].mean).collect();
    assert_eq!(short, [0.0, 0.0, 20.0, 40.0], "everything else is known");
    let refused = world.engine.handle(ask(vec![])).await.unwrap_err();
    let fault = ScenarioFault::NoRange { name: "seals".into() };
    assert_eq!(refused.refusal, Some(Refusal::Scenario { fault }));
}

#[tokio::test]
async fn a_model_that_is_wrong_is_refused_at_its_place_and_the_last_good_one_stays() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let before = show(&world, scenario_id).await;
    for (wrong, line) in [
        (MODEL.replace("need - seals - buy", "need - 3 weeks"), 5),
        (MODEL.replace("seals = 10 pcs", "seals = short"), 5),
        (MODEL.replace("need = 20 to 40 pcs", "need = 40 to 20 pcs"), 3),
    ] {
        let edit = ScenarioEdit::Text { version: before.version.clone(), text: wrong };
        let refused =
            world.engine.handle(ScenarioWrite { scenario_id, edits: vec![edit] }).await.unwrap_err();
        let Some(Refusal::Scenario { fault: ScenarioFault::TextUnfit { line: at, .. } }) = refused.refusal
        else {
            panic!("{refused:?}")
        };
        assert_eq!(at, line, "{refused}");
    }
    let edit = says("nothing", 3.0);
    let refused = world.engine.handle(ScenarioWrite { scenario_id, edits: vec![edit] }).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid);
    assert_eq!(show(&world, scenario_id).await, before);
}

#[tokio::test]
async fn what_changed_is_told_with_how_far_it_moved_the_result() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let begun_at = show(&world, scenario_id).await.written_at;
    world.pass_ms(86_400_000);
    write(&world, scenario_id, vec![says("seals", 20.0)]).await;
    let command = ScenarioChangesShow { scenario_id, since: begun_at, result: None };
    let changes = world.engine.handle(command).await.unwrap();
    let names: Vec<&str> = changes.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(names, ["seals"]);
    assert!(changes.changes[0].moved < -5.0, "{changes:?}");
    assert!((changes.mean_after - changes.mean_before - changes.changes[0].moved).abs() < 1e-9);
}

async fn bring(world: &World, kind: DataKind, csv: &str) {
    let file = DataFile { file_name: "data.csv".into(), bytes_base64: STANDARD.encode(csv) };
    let reading = DataReading::default();
    let preview = DataPreview { kind, file: file.clone(), reading: reading.clone(), matches: None };
    let matches = world.engine.handle(preview).await.unwrap().matches;
    let report =
        world.engine.handle(DataBring { kind, file, reading, matches, dry_run: false }).await.unwrap();
    assert_eq!(report.refused_rows, [], "{kind}");
}

async fn seals_driven_by(world: &World, scenario_id: ScenarioId, part_id: PartId) -> ScenarioView {
    let driver = Some(ScenarioDriver::Stock { part_id, times: 1.0 });
    write(world, scenario_id, vec![ScenarioEdit::Drive { name: "seals".into(), driver }]).await
}

#[tokio::test]
async fn a_frozen_baseline_takes_the_stock_of_a_part_and_names_its_origin() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    bring(&world, DataKind::Parts, "number,name,unit\nSEAL-1,Seal cartridge,pcs\n").await;
    bring(&world, DataKind::Stock, "part,location,on_hand\nSEAL-1,Main store,30\nSEAL-1,Line 2,4\n").await;
    let parts = world.engine.handle(PartList { asset_id: None, containing: "SEAL".into() }).await.unwrap();
    let part_id = parts[0].part.part_id;
    let view = seals_driven_by(&world, scenario_id, part_id).await;
    let bound = view.questions[0].bound_to.as_ref().map(|bound| bound.name.as_str());
    assert_eq!(bound, Some("SEAL-1 Seal cartridge"));
    let frozen = world.engine.handle(ScenarioFreeze { scenario_id }).await.unwrap();
    assert_eq!((frozen.taken, frozen.left), (vec!["seals".to_owned()], vec![]));
    let view = show(&world, scenario_id).await;
    let question = &view.questions[0];
    assert_eq!(question.answer, ScenarioAnswer::Figure { value: 34.0 }, "both places together");
    let origin = question.origin.as_ref().unwrap();
    assert_eq!(origin.kind, ScenarioOriginKind::Erp);
    assert!(origin.of.starts_with("SEAL-1 Seal cartridge, 20"), "part and time: {}", origin.of);
    assert_eq!(view.baselines.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_taken_stays_as_it_was_and_is_named() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let before = seals_driven_by(&world, scenario_id, PartId(uuid::Uuid::from_u128(99))).await;
    let frozen = world.engine.handle(ScenarioFreeze { scenario_id }).await.unwrap();
    assert_eq!(frozen.taken, Vec::<String>::new());
    let gone = ScenarioLeft { name: "seals".into(), why: ScenarioLeftWhy::Gone };
    assert_eq!(frozen.left, [gone]);
    let after = show(&world, scenario_id).await;
    assert_eq!(after.text, before.text);
    assert_eq!(after.baselines[0].scenario_baseline_id, frozen.scenario_baseline_id);
}

/// A supplier of three parts: a seal that nobody else has, a bearing and a belt that others deliver too. 26 seals and 52
/// bearings were used in a year.
async fn store_of_a_supplier(world: &World) -> SupplierId {
    bring(world, DataKind::Assets, "code,name,level\nP-1,Pump,machine\nP-2,Other pump,machine\n").await;
    bring(world, DataKind::Parts, "number,name,unit\nSEAL-1,Seal,pcs\nBEAR-1,Bearing,pcs\nBELT-1,Belt,pcs\n")
        .await;
    bring(
        world,
        DataKind::Suppliers,
        "supplier,supplier_name,part,lead_time_days\n100,Seals Ltd,SEAL-1,14\n100,Seals Ltd,BEAR-1,14\n\
         200,Others Inc,BEAR-1,21\n100,Seals Ltd,BELT-1,7\n200,Others Inc,BELT-1,35\n",
    )
    .await;
    bring(world, DataKind::WhereUsed, "part,asset,quantity\nSEAL-1,P-2,1\nSEAL-1,P-1,2\n").await;
    bring(world, DataKind::Stock, "part,location,on_hand\nSEAL-1,Main store,30\nBEAR-1,Main store,55\n")
        .await;
    let order = world.pulled_order().await;
    world.pass_ms(60_000);
    for (number, quantity) in [("SEAL-1", 26), ("BEAR-1", 52)] {
        let parts =
            world.engine.handle(PartList { asset_id: None, containing: number.into() }).await.unwrap();
        let use_it = PartUseAdd {
            work_order_id: order,
            part_id: parts[0].part.part_id,
            quantity: Quantity { thousandths: quantity * 1_000, unit: "pcs".into() },
            location: None,
        };
        world.engine.handle(use_it).await.unwrap();
    }
    let suppliers = world.engine.handle(SupplierList {}).await.unwrap();
    let told: Vec<(&str, u32, u32)> = suppliers
        .iter()
        .map(|one| (one.supplier.name.as_str(), one.part_count, one.single_source_count))
        .collect();
    assert_eq!(told, [("Others Inc", 2, 0), ("Seals Ltd", 3, 1)]);
    suppliers[1].supplier.supplier_id
}

async fn of_a_supplier(world: &World) -> ScenarioId {
    let create = ScenarioCreate {
        name: None,
        language: "en".into(),
        template: Some("key-supplier".into()),
        text: None,
    };
    world.engine.handle(create).await.unwrap()
}

fn question<'v>(view: &'v ScenarioView, name: &str) -> &'v ScenarioQuestion {
    view.questions.iter().find(|question| question.name == name).unwrap()
}

#[tokio::test]
async fn the_supplier_template_fills_itself_from_the_store_and_says_what_is_missing() {
    let world = World::new().await;
    let supplier_id = store_of_a_supplier(&world).await;
    let scenario_id = of_a_supplier(&world).await;
    let subject = ScenarioSubject::Supplier { supplier_id };
    let told = world.engine.handle(ScenarioFill { scenario_id, subject }).await.unwrap();
    assert_eq!(told.filled, ["stock_reach", "ramp_up", "elsewhere"]);
    let view = show(&world, scenario_id).await;
    // 4 of 30 seals are left, half a seal goes in a week.
    let reach = question(&view, "stock_reach");
    assert_eq!(reach.answer, ScenarioAnswer::Figure { value: 8.0 });
    let origin = reach.origin.as_ref().unwrap();
    assert_eq!(origin.kind, ScenarioOriginKind::Erp);
    assert!(origin.of.starts_with("100 Seals Ltd; SEAL-1 Seal: 4 pcs / 26 pcs in 52 w, 20"), "{}", origin.of);
    // Others take 21 to 35 days, and deliver two of three of all that was used.
    assert_eq!(question(&view, "ramp_up").answer, ScenarioAnswer::Between { low: 3.0, high: 5.0 });
    assert_eq!(question(&view, "elsewhere").answer, ScenarioAnswer::Figure { value: 67.0 });
    let missing: Vec<&str> = told.missing.iter().map(|missing| missing.name.as_str()).collect();
    assert_eq!(
        missing,
        ["demand", "margin", "insolvency", "warning", "approval", "kept_waiting", "dearer", "approval_cost"]
    );
    assert!(told.missing.iter().all(|missing| missing.why == ScenarioMissingWhy::NotKept));
    // The seal comes first: nobody else has it.
    let seal = &told.parts[0];
    assert_eq!((seal.number.as_str(), seal.single_source), ("SEAL-1", true));
    assert_eq!(seal.machines, ["P-1", "P-2"]);
    assert_eq!(told.parts.len(), 3);
    assert!(told.parts.iter().any(|part| part.number == "BELT-1" && part.on_hand.is_none()));
    run(&world, scenario_id, vec![]).await;
}

#[tokio::test]
async fn what_a_person_said_stays_when_a_scenario_is_filled_again() {
    let world = World::new().await;
    let supplier_id = store_of_a_supplier(&world).await;
    let scenario_id = of_a_supplier(&world).await;
    write(&world, scenario_id, vec![says("elsewhere", 25.0)]).await;
    let subject = ScenarioSubject::Supplier { supplier_id };
    for _ in 0..2 {
        let told = world.engine.handle(ScenarioFill { scenario_id, subject }).await.unwrap();
        assert_eq!(told.filled, ["stock_reach", "ramp_up"], "what was filled is looked up anew");
        assert_eq!(told.stays, ["elsewhere"]);
    }
    let view = show(&world, scenario_id).await;
    assert_eq!(question(&view, "elsewhere").answer, ScenarioAnswer::Figure { value: 25.0 });
}

#[tokio::test]
async fn a_part_that_nobody_else_has_and_that_was_never_used_says_so() {
    let world = World::new().await;
    bring(&world, DataKind::Parts, "number,name,unit\nSEAL-1,Seal,pcs\n").await;
    let parts = world.engine.handle(PartList { asset_id: None, containing: "SEAL".into() }).await.unwrap();
    let subject = ScenarioSubject::Part { part_id: parts[0].part.part_id };
    let scenario_id = of_a_supplier(&world).await;
    let fill = || world.engine.handle(ScenarioFill { scenario_id, subject });
    let why = |told: &ScenarioFilled, name: &str| {
        told.missing.iter().find(|missing| missing.name == name).map(|missing| missing.why)
    };
    let told = fill().await.unwrap();
    assert_eq!(why(&told, "stock_reach"), Some(ScenarioMissingWhy::NoStock));
    assert_eq!(why(&told, "ramp_up"), Some(ScenarioMissingWhy::NoOtherOffer));
    assert_eq!(told.filled, ["elsewhere"]);
    let view = show(&world, scenario_id).await;
    assert_eq!(question(&view, "elsewhere").answer, ScenarioAnswer::Figure { value: 0.0 });
    bring(&world, DataKind::Stock, "part,location,on_hand\nSEAL-1,Main store,30\n").await;
    assert_eq!(why(&fill().await.unwrap(), "stock_reach"), Some(ScenarioMissingWhy::NoUse));
    let nobody = ScenarioSubject::Supplier { supplier_id: SupplierId(uuid::Uuid::from_u128(5)) };
    let gone = world.engine.handle(ScenarioFill { scenario_id, subject: nobody }).await.unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
}

#[tokio::test]
async fn a_decision_keeps_the_model_and_what_came_is_held_against_it() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let chosen = ScenarioChoice { decision: "buy".into(), option: "none".into() };
    let decide = |reason: &str| ScenarioDecide {
        scenario_id,
        choice: vec![chosen.clone()],
        reason: reason.into(),
        owner: None,
        review_on: CivilDate::from_ymd(2027, 3, 1),
    };
    let refused = world.engine.handle(decide(" ")).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid, "a decision says why");
    let scenario_decision_id = world.engine.handle(decide("Money is short")).await.unwrap();
    write(&world, scenario_id, vec![says("seals", 100.0)]).await;
    let view = show(&world, scenario_id).await;
    let decision = &view.decided[0].decision;
    assert_eq!(decision.text, MODEL, "as it stood");
    assert!(decision.expected[0].mean > 10.0, "{decision:?}");
    let tell = |came| ScenarioOutcomeTell { scenario_decision_id, result: "short".into(), came };
    let within = world.engine.handle(tell(decision.expected[0].p50)).await.unwrap();
    assert!(within.is_within_ninety_percent && (within.share_below - 0.5).abs() < 0.05, "{within:?}");
    world.pass_ms(1);
    let beyond = world.engine.handle(tell(500.0)).await.unwrap();
    assert!(!beyond.is_within_ninety_percent && beyond.off > within.off, "{beyond:?}");
    assert_eq!(show(&world, scenario_id).await.decided[0].outcomes, [within, beyond]);
}

#[tokio::test]
async fn a_scenario_survives_the_end_of_the_program() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    write(&world, scenario_id, vec![says("seals", 42.0)]).await;
    let before = show(&world, scenario_id).await;
    let world = world.after_kill().await;
    assert_eq!(show(&world, scenario_id).await, before);
}

#[tokio::test]
async fn a_scenario_that_was_put_away_is_listed_no_more_and_comes_back_with_an_undo() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let done = world.engine.handle(ScenarioEnd { scenario_id }).await.unwrap();
    assert!(world.engine.handle(ScenarioList {}).await.unwrap().is_empty());
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert_eq!(world.engine.handle(ScenarioList {}).await.unwrap().len(), 1);
}

#[tokio::test]
async fn bounds_are_named() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let many = ScenarioRun { scenario_id, tries: vec![], trials: 1_000_001, result: None };
    let refused = world.engine.handle(many).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid);
    let none = ScenarioRun { scenario_id, tries: vec![], trials: 0, result: None };
    assert_eq!(world.engine.handle(none).await.unwrap_err().code, Code::Invalid);
    let wrong = ScenarioRun { scenario_id, tries: vec![], trials: 10, result: Some("profit".into()) };
    assert_eq!(world.engine.handle(wrong).await.unwrap_err().code, Code::Invalid);
    let gone = ScenarioRun { scenario_id: ScenarioId::default(), tries: vec![], trials: 10, result: None };
    assert_eq!(world.engine.handle(gone).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn what_is_drawn_in_the_diagram_is_written_in_the_model_and_moving_changes_no_figure() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let names = |view: &ScenarioView| {
        view.figures.iter().map(|figure| figure.name.clone()).collect::<Vec<_>>().join(" ")
    };
    let view = write(&world, scenario_id, vec![ScenarioEdit::Add { says: "lost = 1 to 3 pcs".into() }]).await;
    assert_eq!(names(&view), "seals need buy lost short");
    let says = "result short in pcs = max(need - seals - buy, 0 pcs) + lost, lower is better";
    let define = ScenarioEdit::Define { name: "short".into(), says: says.into() };
    let view = write(&world, scenario_id, vec![define]).await;
    let short = view.figures.iter().find(|figure| figure.name == "short").unwrap();
    assert_eq!((short.says.as_str(), short.made_of.len()), (says, 4));

    let text = view.text.clone();
    let place = |name: &str, at| ScenarioEdit::Place { name: name.into(), at };
    let moved = write(&world, scenario_id, vec![place("seals", Some((300, 40)))]).await;
    assert_eq!(moved.text, text);
    assert_eq!(moved.places, [ScenarioPlace { name: "seals".into(), x: 300, y: 40 }]);

    // A new name goes with what is kept of the figure: where it stands, and the story at its end.
    let story =
        ScenarioEdit::Narrative { about: "need high, seals low".into(), text: "Nothing is left.".into() };
    let rename = ScenarioEdit::Rename { name: "seals".into(), to: "on_the_shelf".into() };
    let renamed = write(&world, scenario_id, vec![story, rename]).await;
    assert_eq!(names(&renamed), "on_the_shelf need buy lost short");
    assert_eq!(renamed.places[0].name, "on_the_shelf");
    assert_eq!(renamed.narratives[0].about, "need high, on_the_shelf low");
    let back = write(&world, scenario_id, vec![place("on_the_shelf", None)]).await;
    assert!(back.places.is_empty());
}

#[tokio::test]
async fn a_figure_that_others_are_made_of_is_not_taken_out_and_nothing_changes() {
    let world = World::new().await;
    let scenario_id = begun(&world).await;
    let before = show(&world, scenario_id).await;
    for edit in [
        ScenarioEdit::Remove { name: "need".into() },
        ScenarioEdit::Remove { name: "short".into() },
        ScenarioEdit::Add { says: "lost = 3 kg + 1 h".into() },
        ScenarioEdit::Rename { name: "need".into(), to: "seals".into() },
        ScenarioEdit::Define { name: "seals".into(), says: "seals = 3 EUR".into() },
    ] {
        let refused = world.engine.handle(ScenarioWrite { scenario_id, edits: vec![edit.clone()] }).await;
        let refused = refused.unwrap_err().refusal;
        assert!(matches!(refused, Some(Refusal::Scenario { .. })), "{edit:?}: {refused:?}");
    }
    assert_eq!(show(&world, scenario_id).await.text, before.text);
}

#[tokio::test]
async fn the_plant_knows_how_long_it_lives_without_each_supplier() {
    let world = World::new().await;
    let supplier_id = store_of_a_supplier(&world).await;
    let risk = world.engine.handle(SupplyRiskShow { outage_days: 90 }).await.unwrap();
    let first = &risk.suppliers[0];
    // 4 seals are left, half a one goes in a week: 8 weeks. Bearings come from elsewhere on the day on which they run out.
    assert_eq!((first.supplier_id, first.runs_out.as_deref()), (supplier_id, Some("SEAL-1")));
    assert!((first.survives_days.unwrap() - 56.0).abs() < 1e-6, "{first:?}");
    assert!((first.short_days - 34.0).abs() < 1e-6, "{first:?}");
    assert_eq!(first.parts[0].part.machines, ["P-1", "P-2"]);
    assert_eq!(first.unknown_count(), 1, "nobody has counted the belts");
    let second = &risk.suppliers[1];
    assert_eq!((second.name.as_str(), second.short_days), ("Others Inc", 0.0));
    let soon = world.engine.handle(SupplyRiskShow { outage_days: 30 }).await.unwrap();
    assert!(soon.suppliers.iter().all(|supplier| supplier.short_days == 0.0));
    let refused = world.engine.handle(SupplyRiskShow { outage_days: 40_000 }).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::Scenario { fault: ScenarioFault::TooMany { .. } })));
}
