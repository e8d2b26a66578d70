//! The OData connector against a real OData server (SAP CAP), in versions 2 and 4.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod support;

use std::time::Duration;

use millwright_erp::odata::{Login, Mapping, ODataConfig, ODataErp, Protocol, SAP_V2, SAP_V4};
use millwright_erp::{ErpError, ErpPort, KnownKeys, OrderField, PushError, Secret};
use millwright_model::{
    AssetId, Cause, Changed, CivilDate, ErpRecord, ErpTime, ErpWorkOrder, ExternalKind, ExternalRef, Fact,
    LookupOutcome, PlantTime, Priority, PushOutcome, Quantity, RequestId, TimestampMs, WorkOrderId,
    WorkOrderStatus,
};
use serde_json::{Value, json};
use support::{
    Proxy, Server, Trick, day, end_of, free_port, op, order, part_line, person, plan, pull_all, push_all,
};
use url::Url;
use uuid::Uuid;

const BOTH: [Protocol; 2] = [Protocol::V2, Protocol::V4];

fn config(protocol: Protocol, port: u16, password: &str) -> ODataConfig {
    let (text, version) = match protocol {
        Protocol::V2 => (SAP_V2, "v2"),
        Protocol::V4 => (SAP_V4, "v4"),
    };
    let (mapping, _) = Mapping::load(text).unwrap();
    // «localhost», because the server's V2 adapter writes its links so.
    let root = Url::parse(&format!("http://localhost:{port}/odata/{version}")).unwrap();
    let login = Login::Basic { user: "planner".to_owned(), password: Secret::new(password) };
    let mut config = ODataConfig::new("S4", root, login, mapping);
    config.timeout = Duration::from_secs(30);
    config
}

fn erp(protocol: Protocol, port: u16) -> ODataErp {
    ODataErp::new(config(protocol, port, "plant-secret")).unwrap()
}

/// Rows as the server itself shows them, past our adapter.
async fn rows(server: &Server, user: &str, path: &str) -> Vec<Value> {
    let url = format!("http://localhost:{}/odata/v4/{path}", server.port);
    let answer = reqwest::Client::new().get(url).basic_auth(user, Some(password(user))).send().await.unwrap();
    answer.json::<Value>().await.unwrap()["value"].as_array().unwrap().clone()
}

fn password(user: &str) -> &'static str {
    if user == "other" { "other-secret" } else { "plant-secret" }
}

/// Someone else works at the ERP.
async fn someone_else(server: &Server, method: reqwest::Method, path: &str, body: Value) {
    let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let base = format!("http://localhost:{}/odata/v4/API_MAINTENANCEORDER/", server.port);
    let token = client
        .get(&base)
        .basic_auth("other", Some("other-secret"))
        .header("x-csrf-token", "fetch")
        .send()
        .await
        .unwrap();
    let token = token.headers()["x-csrf-token"].to_str().unwrap().to_owned();
    let answer = client
        .request(method, format!("{base}{path}"))
        .basic_auth("other", Some("other-secret"))
        .header("x-csrf-token", token)
        .header("If-Match", "*")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

fn completed(order: &ExternalRef<WorkOrderId>, text: &str) -> Fact {
    Fact::OrderStatusChanged {
        op_id: op(),
        order: order.clone(),
        from: WorkOrderStatus::InProgress,
        to: WorkOrderStatus::Completed,
        text: text.to_owned(),
        at: TimestampMs(1_795_420_800_000),
    }
}

/// An edit of one of the rig's orders: they are due on 30 November and have their number in their title.
fn edited(order: &ExternalRef<WorkOrderId>, title: &str) -> Fact {
    let number: u32 = order.label.parse::<u32>().unwrap() - 4_000_000;
    let november_30 = CivilDate::from_ymd(2026, 11, 30).unwrap();
    Fact::OrderChanged {
        op_id: op(),
        order: order.clone(),
        title: Some(Changed { from: format!("Replace bearing {number}"), to: title.to_owned() }),
        description: Some(Changed { from: String::new(), to: "kept here: not mapped".to_owned() }),
        priority: Some(Changed { from: Priority::High, to: Priority::Emergency }),
        due: Some(Changed { from: Some(end_of(november_30)), to: Some(end_of(day())) }),
    }
}

fn pulled<'a>(records: &'a [ErpRecord], key: &str) -> &'a ErpWorkOrder {
    let found = records.iter().find_map(|record| match record {
        ErpRecord::WorkOrder(order) if order.key == key => Some(order),
        _ => None,
    });
    found.unwrap()
}

fn released(order: &ExternalRef<WorkOrderId>) -> Fact {
    Fact::OrderStatusChanged {
        op_id: op(),
        order: order.clone(),
        from: WorkOrderStatus::Planned,
        to: WorkOrderStatus::Released,
        text: String::new(),
        at: TimestampMs(1_795_420_800_000),
    }
}

#[test]
fn an_order_has_the_fields_that_the_mapping_names() {
    for protocol in BOTH {
        let erp = erp(protocol, 1);
        assert!(erp.has_order_field(OrderField::Priority) && erp.has_order_field(OrderField::Due));
        assert!(!erp.has_order_field(OrderField::Description), "the shipped mappings name no field for it");
    }
}

#[tokio::test]
async fn a_pull_reads_every_page_and_the_next_one_only_what_changed() {
    for protocol in BOTH {
        let server = Server::odata();
        let erp = erp(protocol, server.port);
        let (records, cursor, pages) = pull_all(&erp, None).await;
        let orders: Vec<_> = records
            .iter()
            .filter_map(|record| if let ErpRecord::WorkOrder(order) = record { Some(order) } else { None })
            .collect();
        assert_eq!(orders.len(), 120);
        assert!(pages >= 9, "120 orders come in 3 pages of 50, the 6 other sets in one each: {pages}");
        let first = orders.iter().find(|order| order.key == "4000001").unwrap();
        assert_eq!(first.operations.len(), 2);
        assert_eq!(first.status, WorkOrderStatus::Released);
        assert_eq!(first.asset_key.as_deref(), Some("equipment:10000001"));
        assert_eq!(first.due, Some(ErpTime::Day { day: CivilDate::from_ymd(2026, 11, 30).unwrap() }));
        let start = CivilDate::from_ymd(2026, 11, 20).unwrap();
        assert_eq!(first.planned_start, Some(ErpTime::TimeOfDay { day: start, time_ms: 8 * 3_600_000 }));
        assert!(first.version.is_some());
        assert!(records.iter().any(|record| matches!(record, ErpRecord::Stock(stock)
            if stock.part_key == "OIL-46" && stock.on_hand == Quantity { thousandths: 12_500, unit: "L".into() })));
        assert!(records.iter().any(|record| matches!(record, ErpRecord::Part(part)
            if part.key == "BRG-6204" && part.name == "Ball bearing 6204")));
        assert!(records.iter().any(|record| matches!(record, ErpRecord::Supplier(supplier)
            if supplier.offers.len() == 1 && supplier.offers[0].price_hundredths == Some(1250)
                && supplier.offers[0].lead_time_days == 14)));
        assert!(records.iter().any(|record| matches!(record, ErpRecord::Asset(asset)
            if asset.code == "P-101A" && asset.parent_key.as_deref() == Some("functional_location:PLANT-U1"))));
        assert!(records.iter().any(|record| matches!(record, ErpRecord::Person(_))));

        let changed = |records: &[ErpRecord]| -> Vec<String> {
            let keys = records.iter().filter_map(|record| match record {
                ErpRecord::WorkOrder(order) => Some(order.key.clone()),
                _ => None,
            });
            keys.collect()
        };
        let (again, cursor, _) = pull_all(&erp, Some(cursor)).await;
        assert_eq!(changed(&again), Vec::<String>::new(), "nothing changed");
        someone_else(
            &server,
            reqwest::Method::PATCH,
            "MaintenanceOrder('4000050')",
            json!({"MaintenanceOrderDesc": "Another title"}),
        )
        .await;
        let (again, cursor, _) = pull_all(&erp, Some(cursor)).await;
        assert_eq!(changed(&again), ["4000050"]);
        let (again, _, _) = pull_all(&erp, Some(cursor)).await;
        assert_eq!(changed(&again), Vec::<String>::new(), "the overlap brings it again, the cursor knows it");
    }
}

#[tokio::test]
async fn a_day_of_work_reaches_the_erp_with_the_right_sums() {
    for protocol in BOTH {
        let server = Server::odata();
        let erp = erp(protocol, server.port);
        let order = order("4000003");
        let fitter = person("00000042");
        push_all(&erp, &plan(&erp, vec![released(&order)])).await;
        let booked = op();
        let labour = Fact::LabourBooked {
            op_id: booked,
            order: order.clone(),
            person: fitter.clone(),
            minutes: 90,
            on: day(),
            text: "Bearing replaced, seal checked and everything cleaned up".to_owned(),
        };
        let issue = Fact::PartsIssued {
            op_id: op(),
            order: order.clone(),
            lines: vec![
                part_line("BRG-6204", Quantity::whole(2, "EA"), None),
                part_line("OIL-46", Quantity { thousandths: 1_125, unit: "L".into() }, Some("1010/0001")),
            ],
            on: day(),
        };
        push_all(&erp, &plan(&erp, vec![labour, issue])).await;
        let correction = Fact::LabourCorrected {
            op_id: op(),
            corrects: booked,
            order: order.clone(),
            person: fitter,
            minutes: 60,
            previous_minutes: 90,
            on: day(),
            reason: "typed wrong".to_owned(),
        };
        let back = Fact::PartsReturned {
            op_id: op(),
            corrects: op(),
            order: order.clone(),
            lines: vec![part_line("BRG-6204", Quantity::whole(1, "EA"), None)],
            on: day(),
            reason: "only one was needed".to_owned(),
        };
        let closed = completed(&order, "Outer ring worn; replaced.");
        push_all(&erp, &plan(&erp, vec![correction, back, closed])).await;

        let confirmations =
            rows(&server, "planner", "API_MAINTORDERCONFIRMATION/MaintOrderConfirmation").await;
        let minutes: f64 = confirmations.iter().map(|row| row["ActualWorkQuantity"].as_f64().unwrap()).sum();
        assert_eq!((confirmations.len(), minutes), (2, 60.0));
        let stock = rows(&server, "planner", "API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod").await;
        let on_hand = |part: &str| {
            let row = stock.iter().find(|row| row["Material"] == part).unwrap();
            row["MatlWrhsStkQtyInMatlBaseUnit"].as_f64().unwrap()
        };
        assert_eq!((on_hand("BRG-6204"), on_hand("OIL-46")), (39.0, 11.375));
        let at_erp = &rows(
            &server,
            "planner",
            "API_MAINTENANCEORDER/MaintenanceOrder?$filter=MaintenanceOrder%20eq%20'4000003'",
        )
        .await[0];
        assert_eq!(at_erp["MaintOrdProcessPhaseCode"], "03");
        assert_eq!(at_erp["LastChangeByUser"], "planner");
        let texts = rows(&server, "planner", "API_MAINTENANCEORDER/MaintenanceOrderLongText").await;
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert_eq!(texts[0]["MaintenanceOrder"], "4000003");
        assert_eq!(texts[0]["TextObjectType"], "KOPF");
        assert_eq!(texts[0]["MaintenanceOrderLongText"], "Outer ring worn; replaced.");
    }
}

#[tokio::test]
async fn an_order_born_here_gets_its_number_and_is_recognised_when_it_is_pulled() {
    for protocol in BOTH {
        let server = Server::odata();
        let erp = erp(protocol, server.port);
        let born =
            ExternalRef { id: WorkOrderId(Uuid::new_v4()), external_key: None, label: "T1-7".to_owned() };
        let asset = ExternalRef {
            id: AssetId(Uuid::new_v4()),
            external_key: Some("equipment:10000001".to_owned()),
            label: "P-101A".to_owned(),
        };
        let created = Fact::OrderCreated {
            op_id: op(),
            order: born.clone(),
            asset: Some(asset.clone()),
            title: "Seal leaks at the drive end of the cooling water pump".to_owned(),
            description: String::new(),
            priority: Priority::High,
            due: Some(end_of(day())),
        };
        let labour = Fact::LabourBooked {
            op_id: op(),
            order: born.clone(),
            person: person("00000042"),
            minutes: 15,
            on: day(),
            text: "looked at it".to_owned(),
        };
        let raised = Fact::RequestRaised {
            op_id: op(),
            request: ExternalRef { id: RequestId(Uuid::new_v4()), external_key: None, label: "R-1".into() },
            asset,
            text: "It drips".to_owned(),
            priority: Priority::Low,
            at: end_of(day()),
        };
        let steps = plan(&erp, vec![created, labour, raised]);
        assert_eq!(steps[1].needs.len(), 1, "the labour waits for the number of the order");
        assert!(matches!(erp.push(&steps[1], &KnownKeys::default()).await, Err(PushError::NotSent(_))));
        let mut keys = KnownKeys::default();
        for step in &steps {
            let Ok(PushOutcome::Applied(receipt)) = erp.push(step, &keys).await else {
                panic!("{}", step.label)
            };
            for learned in receipt.learned {
                keys.keys.insert((learned.kind, learned.id), learned.external_key);
            }
        }
        let number = keys.keys[&(ExternalKind::WorkOrder, born.id.0)].clone();
        let (records, _, _) = pull_all(&erp, None).await;
        assert!(records.iter().any(|record| matches!(record, ErpRecord::WorkOrder(order)
            if order.key == number && order.our_id == Some(born.id) && order.priority == Priority::High)));
        let notifications = rows(&server, "planner", "API_MAINTNOTIFICATION/MaintenanceNotification").await;
        assert_eq!(notifications[0]["TechObjIsEquipOrFuncnlLoc"], "EAMS_EQUI");
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_again_and_has_no_second_effect() {
    for protocol in BOTH {
        let server = Server::odata();
        let proxy = Proxy::before(server.port).await;
        let erp = erp(protocol, proxy.port);
        let order = order("4000006");
        let labour = Fact::LabourBooked {
            op_id: op(),
            order: order.clone(),
            person: person("00000042"),
            minutes: 45,
            on: day(),
            text: "greased".to_owned(),
        };
        let issue = Fact::PartsIssued {
            op_id: op(),
            order: order.clone(),
            lines: vec![part_line("BRG-6204", Quantity::whole(3, "EA"), None)],
            on: day(),
        };
        let keys = KnownKeys::default();
        for (step, set) in plan(&erp, vec![labour, issue, released(&order)]).iter().zip([
            "MaintOrderConfirmation",
            "A_MaterialDocumentHeader",
            "ReleaseMaintenanceOrder",
        ]) {
            assert_eq!(erp.lookup(step, &keys).await.unwrap(), LookupOutcome::Absent, "{}", step.label);
            proxy.once(&["POST ", set], Trick::LoseAnswer);
            let lost = erp.push(step, &keys).await;
            assert!(matches!(lost, Err(PushError::Unknown(_))), "{}: {lost:?}", step.label);
            assert!(matches!(erp.lookup(step, &keys).await, Ok(LookupOutcome::Done(_))), "{}", step.label);
            assert!(matches!(erp.push(step, &keys).await, Ok(PushOutcome::Applied(_))), "{}", step.label);
            assert_eq!(proxy.count(&["POST ", set]), 1, "{} was sent once", step.label);
        }
        let confirmations =
            rows(&server, "planner", "API_MAINTORDERCONFIRMATION/MaintOrderConfirmation").await;
        assert_eq!(confirmations.len(), 1);
        let documents = rows(&server, "planner", "API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentHeader").await;
        assert_eq!(documents.len(), 1);
        let stock = rows(&server, "planner", "API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod").await;
        assert!(stock.iter().any(|row| row["MatlWrhsStkQtyInMatlBaseUnit"].as_f64() == Some(37.0)));
    }
}

/// The shipped mapping, but with a field of the order for what was found and done.
fn with_closing_field(protocol: Protocol) -> Mapping {
    let text = if protocol == Protocol::V2 { SAP_V2 } else { SAP_V4 };
    let (before, texts) = text.split_once("[work_order.closing_texts]").unwrap();
    let (_, after) = texts.split_once("[work_order.assets]").unwrap();
    let field = "title_length = 40\nclosing_text = \"YY1_ClosingText_ORD\"";
    let before = before.replacen("title_length = 40", field, 1);
    Mapping::load(&format!("{before}[work_order.assets]{after}")).unwrap().0
}

#[tokio::test]
async fn a_change_by_someone_else_is_a_conflict_that_names_them() {
    for protocol in BOTH {
        let server = Server::odata();
        let proxy = Proxy::before(server.port).await;
        let mut config = config(protocol, proxy.port, "plant-secret");
        config.mapping = with_closing_field(protocol);
        let erp = ODataErp::new(config).unwrap();
        let with_version = |order: &ExternalRef<WorkOrderId>| {
            let mut keys = KnownKeys::default();
            keys.versions
                .insert((ExternalKind::WorkOrder, order.id.0), "W/\"2020-01-01T00:00:00.000Z\"".to_owned());
            keys
        };

        // 412, and what changed does not touch ours: it goes through with the new version.
        let first = order("4000001");
        let steps = plan(&erp, vec![completed(&first, "Bearing replaced.")]);
        let outcome = erp.push(&steps[0], &with_version(&first)).await;
        assert!(matches!(outcome, Ok(PushOutcome::Applied(_))), "{outcome:?}");
        assert_eq!(proxy.count(&["PATCH ", "'4000001'"]).max(proxy.count(&["PATCH ", "%274000001%27"])), 2);

        // Someone completed the order meanwhile.
        let second = order("4000002");
        let steps = plan(&erp, vec![completed(&second, "Bearing replaced.")]);
        someone_else(
            &server,
            reqwest::Method::POST,
            "SetMaintOrdToTechCompleted",
            json!({"MaintenanceOrder": "4000002"}),
        )
        .await;
        let outcome = erp.push(&steps[0], &with_version(&second)).await.unwrap();
        let PushOutcome::Conflict { message, changed_by } = outcome else { panic!("{outcome:?}") };
        assert_eq!(changed_by.as_deref(), Some("other"));
        assert!(message.contains("completed") && message.contains("other"), "{message}");
        // The move itself is where it should be already.
        assert!(matches!(erp.push(&steps[1], &KnownKeys::default()).await, Ok(PushOutcome::Applied(_))));

        // 428: the precondition got lost on the way; the order is read again and written with its version.
        let third = order("4000004");
        let steps = plan(&erp, vec![completed(&third, "Aligned.")]);
        proxy.once(&["PATCH ", "4000004"], Trick::StripIfMatch);
        let outcome = erp.push(&steps[0], &KnownKeys::default()).await;
        assert!(matches!(outcome, Ok(PushOutcome::Applied(_))), "{outcome:?}");
        assert_eq!(proxy.count(&["PATCH ", "4000004"]), 2, "once refused with 428, once taken");
    }
}

#[tokio::test]
async fn an_edit_arrives_and_comes_back_as_it_was_sent() {
    for protocol in BOTH {
        let server = Server::odata();
        let erp = erp(protocol, server.port);
        let order = order("4000001");
        let steps = plan(&erp, vec![edited(&order, "Replace bearing and seal of the cooling water pump")]);
        assert_eq!(steps.len(), 1);
        push_all(&erp, &steps).await;
        let (records, _, _) = pull_all(&erp, None).await;
        let there = pulled(&records, "4000001");
        assert_eq!(there.title, "Replace bearing and seal of the cooling…");
        assert_eq!(there.priority, Priority::Emergency);
        assert_eq!(there.due, Some(ErpTime::At { at: end_of(day()).at }));
        assert_eq!(there.status, WorkOrderStatus::Released);
    }
}

#[tokio::test]
async fn a_due_time_goes_there_and_back_to_the_second() {
    for protocol in BOTH {
        let server = Server::odata();
        let erp = erp(protocol, server.port);
        let order = order("4000001");
        let at_two = PlantTime { at: end_of(day()).at.plus_ms(-35_999_000), ..end_of(day()) };
        let at_two = PlantTime { time_ms: at_two.time_ms - 35_999_000, ..at_two };
        let november_30 = Some(end_of(CivilDate::from_ymd(2026, 11, 30).unwrap()));
        for (from, to) in [(november_30, Some(at_two)), (Some(at_two), None), (None, Some(at_two))] {
            let due = Some(Changed { from, to });
            let edit = Fact::OrderChanged {
                op_id: op(),
                order: order.clone(),
                title: None,
                description: None,
                priority: None,
                due,
            };
            push_all(&erp, &plan(&erp, vec![edit])).await;
            let (records, _, _) = pull_all(&erp, None).await;
            let there = to.map(|due| ErpTime::At { at: due.at });
            assert_eq!(pulled(&records, "4000001").due, there, "{from:?} → {to:?}");
        }
    }
}

#[tokio::test]
async fn a_day_and_a_time_are_written_where_there_is_no_instant() {
    // The rig's start is a day and a time that can be written, as the end is at other servers.
    for protocol in BOTH {
        let server = Server::odata();
        let mut config = config(protocol, server.port, "plant-secret");
        let text = if protocol == Protocol::V2 { SAP_V2 } else { SAP_V4 };
        let text = text
            .replace("due_at = \"MaintOrdBasicEndDateTime\"\n", "")
            .replace("due_date = \"MaintOrdBasicEndDate\"", "due_date = \"MaintOrdBasicStartDate\"")
            .replace("due_time = \"MaintOrdBasicEndTime\"", "due_time = \"MaintOrdBasicStartTime\"");
        config.mapping = Mapping::load(&text).unwrap().0;
        let erp = ODataErp::new(config).unwrap();
        let order = order("4000001");
        let november_20 = CivilDate::from_ymd(2026, 11, 20).unwrap();
        let eight = ErpTime::TimeOfDay { day: november_20, time_ms: 8 * 3_600_000 };
        let (records, _, _) = pull_all(&erp, None).await;
        assert_eq!(pulled(&records, "4000001").due, Some(eight));
        let at_eight = PlantTime { on: november_20, time_ms: 8 * 3_600_000, ..end_of(november_20) };
        let at_two = PlantTime { on: day(), time_ms: 14 * 3_600_000, ..end_of(day()) };
        let due = Some(Changed { from: Some(at_eight), to: Some(at_two) });
        let edit = Fact::OrderChanged {
            op_id: op(),
            order: order.clone(),
            title: None,
            description: None,
            priority: None,
            due,
        };
        let steps = plan(&erp, vec![edit]);
        push_all(&erp, &steps).await;
        let looked_up = erp.lookup(&steps[0], &KnownKeys::default()).await;
        assert!(matches!(looked_up, Ok(LookupOutcome::Done(_))), "{looked_up:?}");
        let (records, _, _) = pull_all(&erp, None).await;
        let two = ErpTime::TimeOfDay { day: day(), time_ms: 14 * 3_600_000 };
        assert_eq!(pulled(&records, "4000001").due, Some(two));
    }
}

#[tokio::test]
async fn a_bin_is_told_where_the_mapping_has_a_field_for_it() {
    for protocol in BOTH {
        let server = Server::odata();
        let mut config = config(protocol, server.port, "plant-secret");
        let text = if protocol == Protocol::V2 { SAP_V2 } else { SAP_V4 };
        let text = text.replace("[movement.create]\n", "bin = \"EWMStorageBin\"\n\n[movement.create]\n");
        config.mapping = Mapping::load(&text).unwrap().0;
        let erp = ODataErp::new(config).unwrap();
        let mut from_bin = part_line("BRG-6204", Quantity::whole(1, "EA"), None);
        from_bin.from_bin = Some("C-14".to_owned());
        let lines = vec![from_bin, part_line("OIL-46", Quantity::whole(1, "L"), None)];
        let issue = Fact::PartsIssued { op_id: op(), order: order("4000001"), lines, on: day() };
        push_all(&erp, &plan(&erp, vec![issue])).await;
        let items = rows(&server, "planner", "API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentItem").await;
        let bins: Vec<&Value> = items.iter().map(|item| &item["EWMStorageBin"]).collect();
        assert_eq!(bins, [&json!("C-14"), &Value::Null]);
    }
}

#[tokio::test]
async fn a_closing_text_is_begun_below_its_order_or_goes_on_and_stands_there_once() {
    for protocol in BOTH {
        let server = Server::odata();
        let proxy = Proxy::before(server.port).await;
        let erp = erp(protocol, proxy.port);
        let keys = KnownKeys::default();
        let texts = "API_MAINTENANCEORDER/MaintenanceOrderLongText";
        let all = async || rows(&server, "planner", texts).await;
        // Nobody wrote anything yet: it is made, and its answer is lost.
        let begun = order("4000001");
        let step = &plan(&erp, vec![completed(&begun, "Outer ring worn.")])[0];
        assert_eq!(erp.lookup(step, &keys).await.unwrap(), LookupOutcome::Absent);
        proxy.once(&["POST ", "to_MaintenanceOrderLongText"], Trick::LoseAnswer);
        let lost = erp.push(step, &keys).await;
        assert!(matches!(lost, Err(PushError::Unknown(_))), "{lost:?}");
        assert!(matches!(erp.lookup(step, &keys).await, Ok(LookupOutcome::Done(_))));
        assert!(matches!(erp.push(step, &keys).await, Ok(PushOutcome::Applied(_))));
        assert_eq!(proxy.count(&["POST ", "to_MaintenanceOrderLongText"]), 1, "sent once");
        assert_eq!(all().await[0]["MaintenanceOrderLongText"], "Outer ring worn.");

        // The planner wrote there before: it goes on below, and the text in another language is left alone.
        for (language, text) in [("EN", "Mind the guard."), ("DE", "Schutz beachten.")] {
            let body =
                json!({"TextObjectType": "KOPF", "Language": language, "MaintenanceOrderLongText": text});
            let path = "MaintenanceOrder('4000002')/to_MaintenanceOrderLongText";
            someone_else(&server, reqwest::Method::POST, path, body).await;
        }
        let grown = order("4000002");
        let step = &plan(&erp, vec![completed(&grown, "Seal replaced.")])[0];
        proxy.once(&["PATCH ", "MaintenanceOrderLongText("], Trick::LoseAnswer);
        assert!(matches!(erp.push(step, &keys).await, Err(PushError::Unknown(_))));
        assert!(matches!(erp.lookup(step, &keys).await, Ok(LookupOutcome::Done(_))));
        assert!(matches!(erp.push(step, &keys).await, Ok(PushOutcome::Applied(_))));
        assert_eq!(proxy.count(&["PATCH ", "MaintenanceOrderLongText("]), 1, "sent once");
        let all = all().await;
        let said = |language: &str| {
            let mine = |row: &&Value| row["MaintenanceOrder"] == "4000002" && row["Language"] == language;
            all.iter().find(mine).unwrap()["MaintenanceOrderLongText"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            (said("EN").as_str(), said("DE").as_str()),
            ("Mind the guard.\nSeal replaced.", "Schutz beachten.")
        );
    }
}

#[tokio::test]
async fn an_edit_whose_answer_is_lost_is_found_again_and_written_once() {
    for protocol in BOTH {
        let server = Server::odata();
        let proxy = Proxy::before(server.port).await;
        let erp = erp(protocol, proxy.port);
        let order = order("4000001");
        let step = &plan(&erp, vec![edited(&order, "Replace the bearing")])[0];
        let keys = KnownKeys::default();
        assert_eq!(erp.lookup(step, &keys).await.unwrap(), LookupOutcome::Absent);
        proxy.once(&["PATCH ", "4000001"], Trick::LoseAnswer);
        let lost = erp.push(step, &keys).await;
        assert!(matches!(lost, Err(PushError::Unknown(_))), "{lost:?}");
        assert!(matches!(erp.lookup(step, &keys).await, Ok(LookupOutcome::Done(_))));
        assert!(matches!(erp.push(step, &keys).await, Ok(PushOutcome::Applied(_))));
        assert_eq!(proxy.count(&["PATCH ", "4000001"]), 1, "sent once");
        let priority = json!({"MaintPriority": "4"});
        someone_else(&server, reqwest::Method::PATCH, "MaintenanceOrder('4000001')", priority).await;
        assert_eq!(erp.lookup(step, &keys).await.unwrap(), LookupOutcome::CannotTell);
    }
}

#[tokio::test]
async fn an_edit_of_what_someone_else_changed_is_a_conflict_that_names_them() {
    for protocol in BOTH {
        let server = Server::odata();
        let proxy = Proxy::before(server.port).await;
        let erp = erp(protocol, proxy.port);
        let old = "W/\"2020-01-01T00:00:00.000Z\"".to_owned();

        // 412, and what changed there is another field: it goes through with the new version.
        let first = order("4000001");
        let mut keys = KnownKeys::default();
        keys.versions.insert((ExternalKind::WorkOrder, first.id.0), old.clone());
        let outcome = erp.push(&plan(&erp, vec![edited(&first, "Ours")])[0], &keys).await;
        assert!(matches!(outcome, Ok(PushOutcome::Applied(_))), "{outcome:?}");
        assert_eq!(proxy.count(&["PATCH ", "4000001"]), 2, "once refused with 412, once taken");

        // The same field: theirs stays.
        let fifth = order("4000005");
        let theirs = json!({"MaintenanceOrderDesc": "Theirs"});
        someone_else(&server, reqwest::Method::PATCH, "MaintenanceOrder('4000005')", theirs).await;
        let mut keys = KnownKeys::default();
        keys.versions.insert((ExternalKind::WorkOrder, fifth.id.0), old);
        let outcome = erp.push(&plan(&erp, vec![edited(&fifth, "Ours")])[0], &keys).await.unwrap();
        let PushOutcome::Conflict { message, changed_by } = outcome else { panic!("{outcome:?}") };
        assert_eq!(changed_by.as_deref(), Some("other"));
        assert!(message.contains("the title «Theirs»") && message.contains("other"), "{message}");
        let (records, _, _) = pull_all(&erp, None).await;
        assert_eq!(pulled(&records, "4000005").title, "Theirs");

        // 428: the precondition got lost on the way; the order is read again and written with its version.
        let seventh = order("4000009");
        proxy.once(&["PATCH ", "4000009"], Trick::StripIfMatch);
        let outcome = erp.push(&plan(&erp, vec![edited(&seventh, "Ours")])[0], &KnownKeys::default()).await;
        assert!(matches!(outcome, Ok(PushOutcome::Applied(_))), "{outcome:?}");
        assert_eq!(proxy.count(&["PATCH ", "4000009"]), 2, "once refused with 428, once taken");
    }
}

#[tokio::test]
async fn an_ended_session_fetches_a_new_token_once() {
    for protocol in BOTH {
        let server = Server::odata();
        let erp = erp(protocol, server.port);
        push_all(&erp, &plan(&erp, vec![released(&order("4000003"))])).await;
        let expire = format!("http://localhost:{}/rig/expire-sessions", server.port);
        reqwest::Client::new().post(expire).send().await.unwrap();
        push_all(&erp, &plan(&erp, vec![released(&order("4000006"))])).await;
    }
}

#[tokio::test]
async fn a_refusal_is_shown_in_the_words_of_the_erp() {
    for protocol in BOTH {
        let server = Server::odata();
        let erp = erp(protocol, server.port);
        let issue = Fact::PartsIssued {
            op_id: op(),
            order: order("4000001"),
            lines: vec![part_line("BRG-6204", Quantity::whole(100, "EA"), None)],
            on: day(),
        };
        let steps = plan(&erp, vec![issue]);
        let outcome = erp.push(&steps[0], &KnownKeys::default()).await.unwrap();
        let PushOutcome::Rejected { message } = outcome else { panic!("{outcome:?}") };
        assert!(message.contains("Deficit of BRG-6204: 60 EA"), "{message}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_connection_is_said_plainly() {
    for protocol in BOTH {
        let server = Server::odata();
        let report = erp(protocol, server.port).test_connection().await.unwrap();
        assert_eq!(report.problems, Vec::<String>::new());
        assert!(
            report
                .sources
                .iter()
                .any(|source| source.name.ends_with("/MaintenanceOrder") && source.count == Some(120))
        );

        let wrong = ODataErp::new(config(protocol, server.port, "wrong")).unwrap();
        let step = &plan(&wrong, vec![released(&order("4000003"))])[0];
        let refused = wrong.push(step, &KnownKeys::default()).await;
        assert!(matches!(refused, Err(PushError::NotSent(_))), "{refused:?}");
        // Equipment is open to everyone at this server, so the report names what is closed.
        let report = wrong.test_connection().await;
        let said = format!("{report:?}");
        assert!(said.contains("does not accept the password of «planner»"), "{said}");

        let dead = erp(protocol, free_port());
        let error = dead.test_connection().await.unwrap_err();
        assert_eq!(error.trouble().cause, Cause::ConnectionRefused, "{error}");
        let not_sent = dead.push(step, &KnownKeys::default()).await;
        assert!(matches!(not_sent, Err(PushError::NotSent(_))), "{not_sent:?}");

        let mut elsewhere = config(protocol, server.port, "plant-secret");
        elsewhere.root.set_path("/index/");
        let error = ODataErp::new(elsewhere).unwrap().test_connection().await.unwrap_err();
        assert!(
            matches!(&error, ErpError::NotUnderstood(message) if message.contains("not an OData server")),
            "{error}"
        );
    }
    let mut far = config(Protocol::V2, 80, "x");
    far.root = Url::parse("http://erp.example/odata/").unwrap();
    assert!(
        matches!(ODataErp::new(far), Err(ErpError::BadInput(message)) if message.contains("unencrypted"))
    );
}
