//! The Tryton connector against a real Tryton 8.2 on a copy of the prepared database.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod support;

use std::time::Duration;

use millwright_erp::tryton::{TrytonConfig, TrytonErp};
use millwright_erp::{ErpError, ErpPort, KnownKeys, OrderField, PushError, Secret};
use millwright_model::{
    AssetId, Changed, ErpPart, ErpRecord, ErpWorkOrder, ExternalKind, ExternalRef, Fact, LookupOutcome, OpId,
    Priority, PushOutcome, Quantity, TimestampMs, WorkOrderId, WorkOrderStatus,
};
use support::{Proxy, Server, Trick, day, free_port, op, order, part_line, person, plan, pull_all, push_all};
use url::Url;
use uuid::Uuid;

/// What the rig's `trytond.conf` says.
const REQUEST_LIMIT: Duration = Duration::from_secs(3);

fn config(port: u16, password: &str) -> TrytonConfig {
    let root = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    let mut config = TrytonConfig::new("Tryton", root, "plant", "admin", Secret::new(password));
    config.request_limit_ms = u64::try_from(REQUEST_LIMIT.as_millis()).unwrap();
    config.timeout = Duration::from_secs(30);
    // Small, so that a pull of the 12 orders takes several pages.
    config.page_size = 5;
    config
}

fn erp(port: u16) -> TrytonErp {
    TrytonErp::new(config(port, "millwright-test")).unwrap()
}

fn orders(records: &[ErpRecord]) -> Vec<&ErpWorkOrder> {
    records
        .iter()
        .filter_map(|record| if let ErpRecord::WorkOrder(order) = record { Some(order) } else { None })
        .collect()
}

fn part<'a>(records: &'a [ErpRecord], number: &str) -> &'a ErpPart {
    let found = records.iter().find_map(|record| match record {
        ErpRecord::Part(part) if part.number == number => Some(part),
        _ => None,
    });
    found.unwrap()
}

fn on_hand(records: &[ErpRecord], part: &ErpPart) -> i64 {
    let found = records.iter().find_map(|record| match record {
        ErpRecord::Stock(stock) if stock.part_key == part.key => Some(stock.on_hand.thousandths),
        _ => None,
    });
    found.unwrap()
}

fn pump_order(records: &[ErpRecord]) -> &ErpWorkOrder {
    orders(records).into_iter().find(|order| order.title == "Replace the bearing").unwrap()
}

fn labour(op_id: OpId, order: &ExternalRef<WorkOrderId>, minutes: i64) -> Fact {
    Fact::LabourBooked {
        op_id,
        order: order.clone(),
        person: person("1"),
        minutes,
        on: day(),
        text: "bearing replaced".to_owned(),
    }
}

fn corrected(corrects: OpId, order: &ExternalRef<WorkOrderId>, from: i64, to: i64) -> Fact {
    Fact::LabourCorrected {
        op_id: op(),
        corrects,
        order: order.clone(),
        person: person("1"),
        minutes: to,
        previous_minutes: from,
        on: day(),
        reason: "typed wrong".to_owned(),
    }
}

/// The minutes of all timesheet lines and the number of lines and shipments, from the server's own database file.
async fn booked(erp: &TrytonErp, server: &Server) -> (i64, usize, usize) {
    let _ = erp;
    let sessions = reqwest::Client::new();
    let url = format!("http://127.0.0.1:{}/plant/rpc/", server.port);
    let login = serde_json::json!({"id": 0, "method": "common.db.login",
        "params": ["admin", {"password": "millwright-test"}, "en"]});
    let login: serde_json::Value =
        sessions.post(&url).json(&login).send().await.unwrap().json().await.unwrap();
    let session = format!("admin:{}:{}", login["result"][0], login["result"][1].as_str().unwrap());
    use base64::Engine as _;
    let session = base64::engine::general_purpose::STANDARD.encode(session);
    let mut answers = Vec::new();
    for (model, field) in [("timesheet.line", "duration"), ("stock.shipment.internal", "state")] {
        let call = serde_json::json!({"id": 1, "method": format!("model.{model}.search_read"),
            "params": [[], 0, null, null, [field], {}]});
        let answer: serde_json::Value = sessions
            .post(&url)
            .header("Authorization", format!("Session {session}"))
            .json(&call)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        answers.push(answer["result"].as_array().unwrap().clone());
    }
    let seconds: f64 = answers[0].iter().map(|row| row["duration"]["seconds"].as_f64().unwrap()).sum();
    ((seconds / 60.0) as i64, answers[0].len(), answers[1].len())
}

#[test]
fn a_task_has_no_place_for_what_only_an_order_has() {
    let erp = erp(1);
    let lacks = [
        OrderField::Priority,
        OrderField::Due,
        OrderField::PlannedStart,
        OrderField::Assignee,
        OrderField::Kind,
    ];
    assert!(lacks.into_iter().all(|field| !erp.has_order_field(field)));
    assert!(erp.has_order_field(OrderField::Description) && erp.has_order_field(OrderField::Asset));
}

#[tokio::test]
async fn a_pull_reads_orders_parts_stock_people_and_machines_in_pages() {
    let server = Server::tryton();
    let erp = erp(server.port);
    let (records, cursor, pages) = pull_all(&erp, None).await;
    assert_eq!(orders(&records).len(), 12);
    assert!(pages >= 7, "12 orders in pages of 5: {pages}");
    let pump = pump_order(&records);
    assert_eq!(pump.asset_key.as_deref(), Some("P-101A"));
    assert_eq!(pump.status, WorkOrderStatus::Released);
    assert_eq!(pump.planned_minutes, Some(120));
    assert_eq!(pump.description, "Noise at the drive end.");
    assert_eq!(on_hand(&records, part(&records, "BRG-6204")), 40_000);
    assert_eq!(on_hand(&records, part(&records, "PUMP-CW")), 0);
    assert!(
        records
            .iter()
            .any(|record| matches!(record, ErpRecord::Person(person) if person.name == "Ada Fitter"))
    );
    assert!(records.iter().any(|record| matches!(record, ErpRecord::Asset(asset)
        if asset.code == "P-101A" && asset.name.contains("Cooling water pump"))));

    let (again, cursor, _) = pull_all(&erp, Some(cursor)).await;
    assert!(orders(&again).is_empty(), "nothing changed");
    let done = Fact::OrderStatusChanged {
        op_id: op(),
        order: order(&pump.key),
        from: WorkOrderStatus::InProgress,
        to: WorkOrderStatus::Completed,
        text: "Outer ring worn.".to_owned(),
        at: TimestampMs(1_795_420_800_000),
    };
    push_all(&erp, &plan(&erp, vec![done])).await;
    let (again, _, _) = pull_all(&erp, Some(cursor)).await;
    let changed = orders(&again);
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].status, WorkOrderStatus::Completed);
    assert_eq!(changed[0].description, "Noise at the drive end.\nOuter ring worn.");
    assert_eq!(changed[0].changed_by.as_deref(), Some("admin"));
}

#[tokio::test]
async fn a_day_of_work_reaches_tryton_with_the_right_sums() {
    let server = Server::tryton();
    let erp = erp(server.port);
    let (records, _, _) = pull_all(&erp, None).await;
    let order = order(&pump_order(&records).key);
    let bearing = part(&records, "BRG-6204").clone();
    let first = op();
    let issue = Fact::PartsIssued {
        op_id: op(),
        order: order.clone(),
        lines: vec![
            part_line(&bearing.key, Quantity::whole(3, "u"), None),
            part_line(&part(&records, "SEAL-40").key, Quantity::whole(1, "u"), None),
        ],
        on: day(),
    };
    push_all(&erp, &plan(&erp, vec![labour(first, &order, 90), labour(op(), &order, 15), issue])).await;
    let back = Fact::PartsReturned {
        op_id: op(),
        corrects: op(),
        order: order.clone(),
        lines: vec![part_line(&bearing.key, Quantity::whole(1, "u"), None)],
        on: day(),
        reason: "one was enough".to_owned(),
    };
    push_all(&erp, &plan(&erp, vec![corrected(first, &order, 90, 60), back])).await;
    assert_eq!(booked(&erp, &server).await, (75, 2, 2));
    let (records, _, _) = pull_all(&erp, None).await;
    assert_eq!(on_hand(&records, &bearing), 38_000);

    // Someone corrected the booking at the ERP meanwhile: a person decides.
    let stale = plan(&erp, vec![corrected(first, &order, 90, 45)]);
    let outcome = erp.push(&stale[0], &KnownKeys::default()).await.unwrap();
    assert!(
        matches!(&outcome, PushOutcome::Conflict { message, .. } if message.contains("60 min")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_lost_answer_is_found_again_and_has_no_second_effect() {
    let server = Server::tryton();
    let proxy = Proxy::before(server.port).await;
    let erp = erp(proxy.port);
    let (records, _, _) = pull_all(&erp, None).await;
    let order = order(&pump_order(&records).key);
    let bearing = part(&records, "BRG-6204").clone();
    let first = op();
    let issue = Fact::PartsIssued {
        op_id: op(),
        order: order.clone(),
        lines: vec![part_line(&bearing.key, Quantity::whole(2, "u"), None)],
        on: day(),
    };
    let completed = Fact::OrderStatusChanged {
        op_id: op(),
        order: order.clone(),
        from: WorkOrderStatus::InProgress,
        to: WorkOrderStatus::Completed,
        text: "Bearing replaced.".to_owned(),
        at: TimestampMs(1_795_420_800_000),
    };
    let facts = vec![labour(first, &order, 40), corrected(first, &order, 40, 30), issue, completed];
    let steps = plan(&erp, facts);
    let calls = [
        "timesheet.line.create",
        "timesheet.line.write",
        "stock.shipment.internal.create",
        "stock.shipment.internal.do",
        "project.work.write",
    ];
    assert_eq!(steps.len(), calls.len());
    let keys = KnownKeys::default();
    for (step, call) in steps.iter().zip(calls) {
        proxy.once(&[call], Trick::LoseAnswer);
        let lost = erp.push(step, &keys).await;
        assert!(matches!(lost, Err(PushError::Unknown(_))), "{}: {lost:?}", step.label);
        // The rig's own request limit: before it «absent» would prove nothing.
        tokio::time::sleep(REQUEST_LIMIT).await;
        let found = erp.lookup(step, &keys).await;
        assert!(matches!(found, Ok(LookupOutcome::Done(_))), "{}: {found:?}", step.label);
        assert!(matches!(erp.push(step, &keys).await, Ok(PushOutcome::Applied(_))), "{}", step.label);
        assert_eq!(proxy.count(&[call]), 1, "{call}");
    }
    assert_eq!(booked(&erp, &server).await, (30, 1, 1));
    let (records, _, _) = pull_all(&erp, None).await;
    assert_eq!(on_hand(&records, &bearing), 38_000);
    assert_eq!(pump_order(&records).status, WorkOrderStatus::Completed);
}

#[tokio::test]
async fn an_order_born_here_is_made_once_and_recognised() {
    let server = Server::tryton();
    let proxy = Proxy::before(server.port).await;
    let erp = erp(proxy.port);
    let born = ExternalRef { id: WorkOrderId(Uuid::new_v4()), external_key: None, label: "T1-7".to_owned() };
    let created = Fact::OrderCreated {
        op_id: op(),
        order: born.clone(),
        asset: Some(ExternalRef {
            id: AssetId(Uuid::new_v4()),
            external_key: Some("P-101A".to_owned()),
            label: "P-101A".to_owned(),
        }),
        title: "Seal leaks".to_owned(),
        description: "At the drive end.".to_owned(),
        priority: Priority::High,
        due: None,
    };
    let steps = plan(&erp, vec![created, labour(op(), &born, 10)]);
    assert_eq!(erp.lookup(&steps[0], &KnownKeys::default()).await.unwrap(), LookupOutcome::Absent);
    assert!(matches!(erp.push(&steps[1], &KnownKeys::default()).await, Err(PushError::NotSent(_))));
    proxy.once(&["project.work.create"], Trick::LoseAnswer);
    assert!(matches!(erp.push(&steps[0], &KnownKeys::default()).await, Err(PushError::Unknown(_))));
    tokio::time::sleep(REQUEST_LIMIT).await;
    let Ok(LookupOutcome::Done(receipt)) = erp.lookup(&steps[0], &KnownKeys::default()).await else {
        panic!()
    };
    let mut keys = KnownKeys::default();
    for learned in receipt.learned {
        keys.keys.insert((learned.kind, learned.id), learned.external_key);
    }
    assert!(keys.keys.contains_key(&(ExternalKind::WorkOrder, born.id.0)));
    assert!(matches!(erp.push(&steps[1], &keys).await, Ok(PushOutcome::Applied(_))));
    let (records, _, _) = pull_all(&erp, None).await;
    let ours: Vec<_> = orders(&records).into_iter().filter(|order| order.our_id == Some(born.id)).collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0].description, "At the drive end.");
    assert_eq!(ours[0].asset_key.as_deref(), Some("P-101A"));
}

#[tokio::test]
async fn a_change_meanwhile_is_noticed_by_tryton_itself() {
    let server = Server::tryton();
    let proxy = Proxy::before(server.port).await;
    let erp = erp(proxy.port);
    let (records, _, _) = pull_all(&erp, None).await;
    let pump = order(&pump_order(&records).key);
    let moved = |to| Fact::OrderStatusChanged {
        op_id: op(),
        order: pump.clone(),
        from: WorkOrderStatus::InProgress,
        to,
        text: String::new(),
        at: TimestampMs(1_795_420_800_000),
    };
    let mut keys = KnownKeys::default();
    keys.versions.insert((ExternalKind::WorkOrder, pump.id.0), "2020-01-01 00:00:00".to_owned());
    // The version is old, and what changed since is not the status: written again with the new version.
    let outcome = erp.push(&plan(&erp, vec![moved(WorkOrderStatus::Cancelled)])[0], &keys).await;
    assert!(matches!(outcome, Ok(PushOutcome::Applied(_))), "{outcome:?}");
    assert_eq!(proxy.count(&["project.work.write"]), 2, "once refused as changed, once taken");
    let outcome = erp.push(&plan(&erp, vec![moved(WorkOrderStatus::Completed)])[0], &keys).await.unwrap();
    let PushOutcome::Conflict { message, changed_by } = outcome else { panic!("{outcome:?}") };
    assert!(message.contains("«Cancelled»"), "{message}");
    assert_eq!(changed_by.as_deref(), Some("admin"));
}

fn edited(order: &ExternalRef<WorkOrderId>, title: (&str, &str), description: (&str, &str)) -> Fact {
    let changed = |(from, to): (&str, &str)| Some(Changed { from: from.to_owned(), to: to.to_owned() });
    Fact::OrderChanged {
        op_id: op(),
        order: order.clone(),
        title: changed(title),
        description: changed(description),
        priority: Some(Changed { from: Priority::Medium, to: Priority::High }),
        due: None,
    }
}

#[tokio::test]
async fn an_edit_arrives_once_and_is_no_edit_of_what_someone_else_changed() {
    let server = Server::tryton();
    let proxy = Proxy::before(server.port).await;
    let erp = erp(proxy.port);
    let (records, _, _) = pull_all(&erp, None).await;
    let pump = order(&pump_order(&records).key);
    let title = ("Replace the bearing", "Replace bearing and seal");
    let description = ("Noise at the drive end.", "Loud noise at the drive end.");
    let step = &plan(&erp, vec![edited(&pump, title, description)])[0];
    let keys = KnownKeys::default();
    assert_eq!(erp.lookup(step, &keys).await.unwrap(), LookupOutcome::Absent);
    proxy.once(&["project.work.write"], Trick::LoseAnswer);
    let lost = erp.push(step, &keys).await;
    assert!(matches!(lost, Err(PushError::Unknown(_))), "{lost:?}");
    tokio::time::sleep(REQUEST_LIMIT).await;
    assert!(matches!(erp.lookup(step, &keys).await, Ok(LookupOutcome::Done(_))));
    assert!(matches!(erp.push(step, &keys).await, Ok(PushOutcome::Applied(_))));
    assert_eq!(proxy.count(&["project.work.write"]), 1, "sent once");
    let (records, _, _) = pull_all(&erp, None).await;
    let there = orders(&records).into_iter().find(|order| order.key == pump.label).unwrap();
    assert_eq!((there.title.as_str(), there.description.as_str()), (title.1, description.1));

    // The version is old, and the fields stand as they were: written again with the new version.
    let mut old = KnownKeys::default();
    old.versions.insert((ExternalKind::WorkOrder, pump.id.0), "2020-01-01 00:00:00".to_owned());
    let back = edited(&pump, (title.1, "Replace the coupling"), (description.1, "Vibrates."));
    let outcome = erp.push(&plan(&erp, vec![back])[0], &old).await;
    assert!(matches!(outcome, Ok(PushOutcome::Applied(_))), "{outcome:?}");
    assert_eq!(proxy.count(&["project.work.write"]), 3, "once refused as changed, once taken");

    // What was known here is not what stands there any more.
    let late = &plan(&erp, vec![edited(&pump, (title.1, "Ours"), (description.1, "Ours."))])[0];
    assert_eq!(erp.lookup(late, &keys).await.unwrap(), LookupOutcome::CannotTell);
    let outcome = erp.push(late, &keys).await.unwrap();
    let PushOutcome::Conflict { message, changed_by } = outcome else { panic!("{outcome:?}") };
    assert!(message.contains("«Replace the coupling»") && message.contains("«Vibrates.»"), "{message}");
    assert_eq!(changed_by.as_deref(), Some("admin"));
    assert_eq!(proxy.count(&["project.work.write"]), 3);
}

#[tokio::test]
async fn an_edit_of_an_order_born_here_keeps_the_line_it_is_known_by() {
    let server = Server::tryton();
    let erp = erp(server.port);
    let born = ExternalRef { id: WorkOrderId(Uuid::new_v4()), external_key: None, label: "T1-8".to_owned() };
    let created = Fact::OrderCreated {
        op_id: op(),
        order: born.clone(),
        asset: None,
        title: "Seal leaks".to_owned(),
        description: "At the drive end.".to_owned(),
        priority: Priority::Medium,
        due: None,
    };
    let edit = edited(&born, ("Seal leaks", "Seal leaks badly"), ("At the drive end.", "At both ends."));
    let completed = Fact::OrderStatusChanged {
        op_id: op(),
        order: born.clone(),
        from: WorkOrderStatus::Released,
        to: WorkOrderStatus::Completed,
        text: "Seal replaced.".to_owned(),
        at: TimestampMs(1_795_420_800_000),
    };
    let mut keys = KnownKeys::default();
    for step in plan(&erp, vec![created, edit, completed]) {
        let Ok(PushOutcome::Applied(receipt)) = erp.push(&step, &keys).await else {
            panic!("{}", step.label)
        };
        for learned in receipt.learned {
            keys.keys.insert((learned.kind, learned.id), learned.external_key);
        }
    }
    let (records, _, _) = pull_all(&erp, None).await;
    let there = orders(&records).into_iter().find(|order| order.our_id == Some(born.id)).unwrap();
    assert_eq!(there.title, "Seal leaks badly");
    assert_eq!(there.description, "At both ends.\nSeal replaced.");
    assert_eq!(there.status, WorkOrderStatus::Completed);
}

#[tokio::test]
async fn what_is_wrong_with_a_connection_is_said_plainly() {
    let server = Server::tryton();
    let good = erp(server.port);
    let report = good.test_connection().await.unwrap();
    assert_eq!((report.server.as_str(), report.problems.len()), ("Tryton 8.2", 0), "{report:?}");
    assert!(report.sources.iter().any(|source| source.name == "project.work" && source.count == Some(13)));

    let wrong = TrytonErp::new(config(server.port, "wrong")).unwrap();
    let error = wrong.test_connection().await.unwrap_err();
    assert!(
        matches!(&error, ErpError::Refused(trouble) if trouble.said.contains("password of «admin»")),
        "{error}"
    );
    let step = &plan(&wrong, vec![labour(op(), &order("2"), 5)])[0];
    assert!(matches!(wrong.push(step, &KnownKeys::default()).await, Err(PushError::NotSent(_))));

    let mut no_database = config(server.port, "millwright-test");
    no_database.database = "nothing".to_owned();
    let error = TrytonErp::new(no_database).unwrap().pull_changes(None).await.unwrap_err();
    assert!(
        matches!(&error, ErpError::Refused(trouble) if trouble.said.contains("no Tryton database")),
        "{error}"
    );

    let dead = erp(free_port());
    let error = dead.test_connection().await.unwrap_err();
    assert!(
        matches!(&error, ErpError::Unreachable(trouble) if trouble.said.contains("cannot be reached")),
        "{error}"
    );
    assert!(matches!(dead.push(step, &KnownKeys::default()).await, Err(PushError::NotSent(_))));
}
