//! The built demo plant as the engine starts it: orders and live values come, a closed order is at the ERP once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::path::Path;
use std::time::{Duration, Instant};

use millwright_engine::{Engine, Handle, KeySource, NoShell, OpenOptions, Ports};
use millwright_model::*;

/// Nothing here takes this long, even on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(90);

const PROGRAM: &str = env!("CARGO_BIN_EXE_millwright-demo");

async fn open(folder: &Path, program: &Path) -> Engine {
    let options = OpenOptions {
        path: folder.to_owned(),
        face: "test".to_owned(),
        key_source: KeySource::Given([7; 32]),
        demo_program: Some(program.to_owned()),
        connect: true,
        erp: None,
        ledger: None,
    };
    Engine::open(options, Ports::real(std::sync::Arc::new(NoShell))).await.unwrap()
}

/// Asks again and again until `look` finds something.
async fn wait_for<T, F: Future<Output = Result<T, String>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let began = Instant::now();
    loop {
        match look().await {
            Ok(found) => return found,
            Err(why) if began.elapsed() > PATIENCE => panic!("{what}: {why}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

fn live_series(tree: &[AssetNode], prefix: &str) -> Vec<String> {
    let tags = tree.iter().flat_map(|node| &node.tags);
    tags.filter(|tag| tag.binding.series.0.starts_with(prefix))
        .filter(|tag| tag.live.as_ref().is_some_and(|live| live.sample.quality == Quality::Good))
        .map(|tag| tag.binding.series.0.clone())
        .collect()
}

/// What the ERP says, asked with the login that only the ready line names; the engine does not give it away, so the
/// demo is asked from a second one on the same data after the first has ended.
async fn erp_state(data: &Path) -> serde_json::Value {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let mut child = tokio::process::Command::new(PROGRAM)
        .arg("--data")
        .arg(data)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let ready: DemoReady = serde_json::from_str(&line).unwrap();
    let root = ready.erp_url.trim_end_matches("/sap/opu/odata/sap/");
    let client = reqwest::Client::new();
    let request =
        client.get(format!("{root}/demo/state")).basic_auth(&ready.erp_username, Some(&ready.erp_password));
    let state = request.send().await.unwrap().json().await.unwrap();
    // The child ends by itself when its input closes.
    drop(child.stdin.take());
    let ended = tokio::time::timeout(Duration::from_secs(10), child.wait()).await;
    assert!(ended.unwrap().unwrap().success());
    state
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_done_at_the_demo_plant_and_the_erp_has_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("plant");
    let engine = open(&data, Path::new(PROGRAM)).await;
    engine.handle(DemoStart {}).await.unwrap();

    let people = engine.handle(PersonList {}).await.unwrap();
    assert_eq!(people.len(), 6, "{people:?}");
    let anna = people.iter().find(|person| person.name.as_deref() == Some("Anna Weber")).unwrap();
    engine.handle(PersonPick { person_id: Some(anna.person_id) }).await.unwrap();

    let next = wait_for("the next job", || async {
        let today = engine.handle(TodayShow {}).await.map_err(|error| error.to_string())?;
        today.next.ok_or_else(|| "none".to_owned())
    })
    .await;
    assert_eq!(next.order.title, "Replace mechanical seal");
    assert_eq!(next.asset_code.as_deref(), Some("P-101A"));
    assert_eq!(next.order.number(), "4000127");
    assert_eq!(next.steps, 9);

    wait_for("live values of both kinds", || async {
        let tree = engine.handle(AssetTree {}).await.map_err(|error| error.to_string())?;
        let (uns, sparkplug) = (live_series(&tree, "uns:"), live_series(&tree, "spb:"));
        if uns.len() >= 30 && sparkplug.len() >= 20 {
            return Ok(());
        }
        Err(format!("{} and {}; {:?}", uns.len(), sparkplug.len(), engine.handle(SyncShow {}).await))
    })
    .await;

    let order = next.order.work_order_id;
    engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    let view = engine.handle(WorkOrderShow { work_order_id: order }).await.unwrap();
    assert!(view.found_choices.iter().any(|choice| choice.code == "ELP"), "{:?}", view.found_choices);
    let kept = &view.overview.order;
    // Longer than the ERP's field, and due at an hour of the next day.
    let title = "Replace mechanical seal and look at the coupling while it is open";
    let due_at = kept.due_at.map(|due| due.plus_ms(24 * 3_600_000 - 3_600_000));
    let edit = WorkOrderEdit {
        work_order_id: order,
        title: title.to_owned(),
        description: "The spare coupling is in C-14".to_owned(),
        priority: Priority::Emergency,
        due_at,
        assignee_id: kept.assignee_id,
        asset_id: kept.asset_id,
    };
    engine.handle(edit).await.unwrap();
    let seal = view.suggested_parts.iter().find(|part| part.part.number == "SEAL-45").unwrap();
    let part_id = seal.part.part_id;
    let quantity = Quantity::whole(1, "EA");
    engine.handle(PartUseAdd { work_order_id: order, part_id, quantity, location: None }).await.unwrap();
    let closing = Closing::Full {
        found_code: Some("ELP".to_owned()),
        found_text: "Seal faces worn".to_owned(),
        done_code: Some("REPL".to_owned()),
        done_text: "Seal 45 mm replaced".to_owned(),
        minutes: 42,
    };
    engine.handle(WorkOrderClose { work_order_id: order, closing }).await.unwrap();

    wait_for("all deliveries", || async {
        let sync = engine.handle(SyncShow {}).await.map_err(|error| error.to_string())?;
        assert!(sync.needs_you.is_empty() && sync.conflicts.is_empty(), "{sync:#?}");
        let erp_done = sync.done.iter().filter(|one| one.target == DeliveryTarget::Erp).count();
        if sync.waiting.is_empty() && erp_done >= 5 {
            return Ok(());
        }
        Err(format!("{erp_done} done, waiting: {:?}", sync.waiting))
    })
    .await;
    engine.handle(ErpPullNow {}).await.unwrap();
    let seal = engine.handle(PartShow { part_id }).await.unwrap();
    assert_eq!(seal.overview.on_hand, Quantity::whole(1, "EA"));
    let sync = engine.handle(SyncShow {}).await.unwrap();
    assert!(sync.conflicts.is_empty() && sync.findings.is_empty(), "{sync:#?}");
    let after = engine.handle(WorkOrderShow { work_order_id: order }).await.unwrap().overview.order;
    assert_eq!(
        (after.title.as_str(), after.due_at),
        (title, due_at),
        "the echo of the edit takes nothing away"
    );
    engine.close().await.unwrap();

    let state = erp_state(&data.join("demo")).await;
    let of_order = |set: &str, field: &str| -> Vec<serde_json::Value> {
        let rows = state[set].as_array().unwrap().iter();
        rows.filter(|row| row[field] == "4000127").cloned().collect()
    };
    let confirmations = of_order("confirmations", "MaintenanceOrder");
    assert_eq!(confirmations.len(), 1, "{confirmations:?}");
    assert_eq!(confirmations[0]["ActualWorkQuantity"], "42");
    assert_eq!(confirmations[0]["PersonnelNumber"], "00000042");
    assert_eq!(of_order("movements", "ManufacturingOrder").len(), 1);
    let orders = of_order("orders", "MaintenanceOrder");
    assert_eq!(orders[0]["MaintOrdProcessPhaseCode"], "03");
    assert_eq!(orders[0]["MaintenanceOrderDesc"], "Replace mechanical seal and look at the…");
    assert_eq!(orders[0]["MaintPriority"], "1");
    let due_ms = due_at.unwrap().0;
    assert_eq!(orders[0]["MaintOrdBasicEndDateTime"], format!("/Date({due_ms}+0000)/"));
    assert_eq!(orders[0]["MaintOrdBasicEndTime"], "PT22H59M59S");
    let texts = of_order("texts", "MaintenanceOrder");
    let text = texts[0]["MaintenanceOrderLongText"].as_str().unwrap();
    assert!(texts.len() == 1 && text.contains("Seal faces worn"), "{texts:?}");
}

/// The demo plant behind a script that also keeps the ready line: only there stands the login for its faults.
#[cfg(unix)]
fn overheard(folder: &Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let script = folder.join("demo.sh");
    let kept = folder.join("ready.json");
    std::fs::write(&script, format!("#!/bin/sh\n'{PROGRAM}' \"$@\" | tee '{}'\n", kept.display())).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    script
}

/// Somebody at the ERP changes an order.
#[cfg(unix)]
async fn change_at_erp(ready: &DemoReady, order: &str, body: &serde_json::Value) {
    let client = reqwest::Client::new();
    let login = (&ready.erp_username, Some(&ready.erp_password));
    let service = format!("{}/API_MAINTENANCEORDER/", ready.erp_url.trim_end_matches('/'));
    let session = client.get(&service).basic_auth(login.0, login.1).header("x-csrf-token", "fetch");
    let session = session.send().await.unwrap();
    let header = |name: &str| session.headers()[name].to_str().unwrap().to_owned();
    let change = client
        .patch(format!("{service}MaintenanceOrder('{order}')"))
        .basic_auth(login.0, login.1)
        .header("x-csrf-token", header("x-csrf-token"))
        .header("cookie", header("set-cookie").split(';').next().unwrap())
        .header("If-Match", "*")
        .json(body);
    assert_eq!(change.send().await.unwrap().status(), 204);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_value_kept_here_is_written_over_the_erps() {
    let folder = tempfile::tempdir().unwrap();
    let program = overheard(folder.path());
    let engine = open(&folder.path().join("plant"), &program).await;
    engine.handle(DemoStart {}).await.unwrap();
    let ready = std::fs::read_to_string(folder.path().join("ready.json")).unwrap();
    let ready: DemoReady = serde_json::from_str(&ready).unwrap();
    let people = engine.handle(PersonList {}).await.unwrap();
    engine.handle(PersonPick { person_id: Some(people[0].person_id) }).await.unwrap();
    engine.handle(ErpPullNow {}).await.unwrap();
    let next = engine.handle(TodayShow {}).await.unwrap().next.unwrap().order;
    let edit = WorkOrderEdit {
        work_order_id: next.work_order_id,
        title: "Ours".to_owned(),
        description: next.description.clone(),
        priority: Priority::Emergency,
        due_at: next.due_at,
        assignee_id: next.assignee_id,
        asset_id: next.asset_id,
    };
    change_at_erp(&ready, next.number(), &serde_json::json!({ "MaintenanceOrderDesc": "Theirs" })).await;
    engine.handle(edit).await.unwrap();
    wait_for("the edit to come back", || async {
        let sync = engine.handle(SyncShow {}).await.map_err(|error| error.to_string())?;
        let conflict = sync.needs_you.iter().any(|one| one.state == DeliveryState::Conflict);
        if conflict { Ok(()) } else { Err(format!("{:?}", sync.waiting)) }
    })
    .await;
    engine.handle(ErpPullNow {}).await.unwrap();
    let card = engine.handle(SyncShow {}).await.unwrap().conflicts.remove(0);
    assert_eq!((card.field.as_str(), card.theirs.as_str()), ("title", Some("Theirs")));
    engine.handle(ConflictResolve { conflict_id: card.conflict_id, keep: Side::Ours }).await.unwrap();
    wait_for("our value to arrive", || async {
        let sync = engine.handle(SyncShow {}).await.map_err(|error| error.to_string())?;
        assert!(sync.needs_you.is_empty() && sync.conflicts.is_empty(), "{sync:#?}");
        if sync.waiting.is_empty() { Ok(()) } else { Err(format!("{:?}", sync.waiting)) }
    })
    .await;
    engine.handle(ErpPullNow {}).await.unwrap();
    assert!(engine.handle(SyncShow {}).await.unwrap().conflicts.is_empty());
    let kept = engine.handle(WorkOrderShow { work_order_id: next.work_order_id }).await.unwrap();
    assert_eq!(kept.overview.order.title, "Ours");
    engine.close().await.unwrap();
    let state = erp_state(&folder.path().join("plant").join("demo")).await;
    let order =
        state["orders"].as_array().unwrap().iter().find(|row| row["MaintenanceOrder"] == next.number());
    assert_eq!(order.unwrap()["MaintenanceOrderDesc"], "Ours");
    assert_eq!(order.unwrap()["MaintPriority"], "1", "the edit's other field arrived too");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_an_outage_and_a_refusal_leave_every_booking_once() {
    let folder = tempfile::tempdir().unwrap();
    let program = overheard(folder.path());
    let engine = open(&folder.path().join("plant"), &program).await;
    engine.handle(DemoStart {}).await.unwrap();
    let ready = std::fs::read_to_string(folder.path().join("ready.json")).unwrap();
    let ready: DemoReady = serde_json::from_str(&ready).unwrap();
    let root = ready.erp_url.trim_end_matches("/sap/opu/odata/sap/").to_owned();
    let client = reqwest::Client::new();
    let login = (&ready.erp_username, Some(&ready.erp_password));
    let fault = async |mode: &str| {
        let request = client.post(format!("{root}/demo/faults")).basic_auth(login.0, login.1);
        let body = serde_json::json!({ "mode": mode });
        assert!(request.json(&body).send().await.unwrap().status().is_success());
    };
    let people = engine.handle(PersonList {}).await.unwrap();
    engine.handle(PersonPick { person_id: Some(people[0].person_id) }).await.unwrap();
    let tree = engine.handle(AssetTree {}).await.unwrap();
    let pump = tree.iter().find(|node| node.asset.code == "P-102").unwrap().asset.asset_id;

    fault("lose_answers").await;
    let create = WorkOrderCreate {
        title: "Noise at the coupling, louder under load than at idle".to_owned(),
        description: "Since this morning".to_owned(),
        asset_id: Some(pump),
        priority: Priority::Medium,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    let order = engine.handle(create).await.unwrap();
    let raise = RequestRaise {
        asset_id: pump,
        part: None,
        text: "It drips".to_owned(),
        priority: Priority::High,
        machine_down: false,
    };
    engine.handle(raise).await.unwrap();
    engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    let closing = Closing::Full {
        found_code: None,
        found_text: "Coupling insert cracked".to_owned(),
        done_code: None,
        done_text: "Insert replaced".to_owned(),
        minutes: 25,
    };
    engine.handle(WorkOrderClose { work_order_id: order, closing }).await.unwrap();
    wait_for("a lost answer", || async {
        let sync = engine.handle(SyncShow {}).await.map_err(|error| error.to_string())?;
        let unknown = sync.waiting.iter().any(|one| one.state == DeliveryState::Unknown);
        if unknown { Ok(()) } else { Err(format!("{:?}", sync.waiting)) }
    })
    .await;
    fault("down").await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    fault("none").await;
    wait_for("all deliveries", || async {
        let sync = engine.handle(SyncShow {}).await.map_err(|error| error.to_string())?;
        assert!(sync.needs_you.is_empty() && sync.conflicts.is_empty(), "{sync:#?}");
        if sync.waiting.is_empty() { Ok(()) } else { Err(format!("{:?}", sync.waiting)) }
    })
    .await;
    engine.handle(ErpPullNow {}).await.unwrap();
    let view = engine.handle(WorkOrderShow { work_order_id: order }).await.unwrap();
    assert_eq!(view.overview.order.number(), "4000128");
    assert_eq!(view.overview.order.status, WorkOrderStatus::Completed);
    let sync = engine.handle(SyncShow {}).await.unwrap();
    assert!(sync.conflicts.is_empty() && sync.findings.is_empty(), "{sync:#?}");

    let request = client.get(format!("{root}/demo/state")).basic_auth(login.0, login.1);
    let state: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    let count = |set: &str, field: &str, value: &str| {
        state[set].as_array().unwrap().iter().filter(|row| row[field] == value).count()
    };
    assert_eq!(count("texts", "MaintenanceOrderLongText", "Coupling insert cracked – Insert replaced"), 1);
    assert_eq!(count("confirmations", "ActualWorkQuantity", "25"), 1);
    assert_eq!(count("notifications", "NotificationText", "It drips"), 1);

    fault("reject_next").await;
    let other = engine.handle(TodayShow {}).await.unwrap().next.unwrap().order.work_order_id;
    engine.handle(WorkOrderClose { work_order_id: other, closing: Closing::DetailsLater }).await.unwrap();
    wait_for("the refusal", || async {
        let sync = engine.handle(SyncShow {}).await.map_err(|error| error.to_string())?;
        if sync.needs_you.is_empty() { Err(format!("{:?}", sync.waiting)) } else { Ok(()) }
    })
    .await;
    engine.close().await.unwrap();
}
