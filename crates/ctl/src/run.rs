//! From words to commands of the engine.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use millwright_engine::{EngineError, default_directory};
use millwright_erp::odata::{Mapping, SAP_V2, SAP_V4};
use millwright_local_db::restore;
use millwright_model::*;
use serde_json::Value as Json;

use crate::cli::{
    Arguments, AssetAct, ConfigAct, DbAct, LedgerAct, MoveTo, PartAct, PersonAct, PlantAct, RequestAct,
    RoleWord, Subject, SyncAct, WorkOrderAct,
};
use crate::face::{Face, internal};
use crate::guide::GuideAct;
use crate::output::{answer, write_line};
use crate::{
    alert, allocate, data, guide, label, paper, plan, scenario, serve, shift, sight, team, token, webhook,
    workshop,
};

pub(crate) async fn run(arguments: Arguments) -> Result<(), ApiError> {
    let json = arguments.json;
    match &arguments.subject {
        Subject::Man => return print_manual(),
        Subject::Openapi => {
            let document = serde_json::to_string_pretty(&millwright_http::document()).map_err(internal)?;
            return write_line(&document);
        }
        Subject::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "millwrightctl", &mut bytes);
            return write_line(&String::from_utf8_lossy(&bytes));
        }
        // What needs no data directory.
        Subject::Guide(GuideAct::Sight(act)) => return sight::act(json, act),
        Subject::Scenario(act) => return scenario::act(json, act),
        Subject::Workshop(act) => return workshop::act(json, act),
        Subject::Allocate(words) => return allocate::act(json, words),
        Subject::Config(ConfigAct::Check { mapping }) => return check_mapping(json, mapping.as_deref()),
        Subject::Db(DbAct::Restore { archive }) => {
            let report = restore(archive, &data_directory(&arguments)?)
                .map_err(millwright_engine::EngineError::from)?;
            return answer(json, "restore", &report, |report| {
                vec![format!("{} files restored.", report.file_count)]
            });
        }
        _ => {}
    }
    let path = data_directory(&arguments)?;
    let serving = matches!(arguments.subject, Subject::Serve { .. });
    let connects = serving || matches!(arguments.subject, Subject::Sync(SyncAct::Now));
    let name = if serving { "millwrightctl serve" } else { "millwrightctl" };
    let ledger = match &arguments.subject {
        Subject::Ledger(LedgerAct::Move { to: MoveTo::Postgres(address) }) => Some(address),
        _ => arguments.ledger.as_ref(),
    };
    let face = Face::open(&path, name, connects, ledger).await?;
    let outcome = act(&face, &arguments).await;
    face.close().await?;
    outcome
}

async fn act(face: &Face, arguments: &Arguments) -> Result<(), ApiError> {
    let json = arguments.json;
    if let Some(person) = &arguments.person {
        pick(face, person).await?;
    }
    match &arguments.subject {
        Subject::Serve { port, demo, team, http } => {
            serve::serve(face.owned()?, *port, *demo, *team, http).await
        }
        Subject::Asset(AssetAct::List) => {
            let nodes = face.call(AssetTree {}).await?;
            answer(json, "asset-list", &nodes, |nodes| {
                nodes
                    .iter()
                    .map(|node| {
                        format!(
                            "{}\t{}\t{} tags, {} open orders",
                            node.asset.code,
                            node.asset.name,
                            node.tags.len(),
                            node.open_orders
                        )
                    })
                    .collect()
            })
        }
        Subject::Asset(AssetAct::Pdf { code, words }) => {
            let asset_id = find_asset(face, code).await?;
            paper::write(face, json, PaperSubject::Asset { asset_id }, words).await
        }
        Subject::Request(RequestAct::Pdf { request, words }) => {
            let request_id = paper::find_request(face, request).await?;
            paper::write(face, json, PaperSubject::Request { request_id }, words).await
        }
        Subject::Alert(act) => alert::act(face, json, act).await,
        Subject::Label(act) => label::act(face, json, act).await,
        Subject::Guide(act) => guide::act(face, json, act).await,
        Subject::Part(PartAct::Pdf { part, words }) => {
            let part_id = paper::find_part(face, part).await?;
            paper::write(face, json, PaperSubject::Part { part_id }, words).await
        }
        Subject::Asset(AssetAct::Import { file, dry_run }) => {
            let csv = read_text(file)?;
            let report = face.call(AssetImport { csv, dry_run: *dry_run }).await?;
            let refused = !report.refused.is_empty();
            answer(json, "asset-import", &report, import_lines)?;
            if refused {
                Err(ApiError::new(Code::Invalid, "Rows were refused; nothing was changed."))
            } else {
                Ok(())
            }
        }
        Subject::Asset(AssetAct::Join { code, into }) => {
            let (asset_id, into) = (find_asset(face, code).await?, find_asset(face, into).await?);
            let done = face.call(AssetJoin { asset_id, into }).await?;
            answer(json, "done", &done, |_done| vec!["Joined.".to_owned()])
        }
        Subject::Asset(AssetAct::Separate { code }) => {
            let stays = find_asset(face, code).await?;
            let view = face.call(AssetShow { asset_id: stays }).await?;
            let gone = view.joined.iter().find(|gone| gone.code == *code).ok_or_else(|| {
                ApiError::new(Code::NotFound, format!("No machine {code} gave way to another one"))
            })?;
            let done = face.call(AssetSeparate { asset_id: AssetId(gone.alias_id.0) }).await?;
            answer(json, "done", &done, |_done| vec!["Separated.".to_owned()])
        }
        Subject::WorkOrder(act) => work_order(face, json, act).await,
        Subject::Plant(act) => plant(face, json, act).await,
        Subject::Person(act) => person(face, json, act).await,
        Subject::Data(act) => data::act(face, json, act).await,
        Subject::Shift(act) => shift::shift(face, json, act).await,
        Subject::Plan(act) => plan::plan(face, json, act).await,
        Subject::Sync(act) => sync(face, json, act).await,
        Subject::Token(act) => token::act(face, json, act).await,
        Subject::Webhook(act) => webhook::act(face, json, act).await,
        Subject::Team(act) => team::act(face, json, act).await,
        Subject::Ledger(act) => ledger(face, json, act).await,
        Subject::Db(act) => db(face, json, act).await,
        Subject::Config(act) => config(face, act).await,
        Subject::Call { name, arguments } => {
            let arguments: Json = serde_json::from_str(arguments)
                .map_err(|error| invalid(format!("the arguments are not JSON: {error}")))?;
            let data = face.call_by_name(name, arguments).await?;
            answer(true, name, &data, |_data| Vec::new())
        }
        Subject::Man
        | Subject::Openapi
        | Subject::Completions { .. }
        | Subject::Scenario(_)
        | Subject::Allocate(_)
        | Subject::Workshop(_) => Ok(()),
    }
}

pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(Code::Invalid, message)
}

fn import_lines(report: &ImportReport) -> Vec<String> {
    let mut lines = vec![format!(
        "{} new, {} changed, {} as they were, {} refused",
        report.created,
        report.changed,
        report.same,
        report.refused.len()
    )];
    lines.extend(report.refused.iter().map(|row| format!("line {}: {}", row.line, row.reason)));
    lines
}

/// The machine that a code names, on its plate or in the books.
pub(crate) async fn find_asset(face: &Face, code: &str) -> Result<AssetId, ApiError> {
    match face.call(ScanResolve { code: code.to_owned() }).await? {
        ScanFinding::Asset { asset, .. } => Ok(asset.asset_id),
        ScanFinding::WorkOrder { .. }
        | ScanFinding::Part { .. }
        | ScanFinding::Candidates { .. }
        | ScanFinding::Unknown { .. } => {
            Err(ApiError::new(Code::NotFound, format!("There is no machine {code} here")))
        }
    }
}

pub(crate) async fn find_order(face: &Face, order: &str) -> Result<WorkOrderId, ApiError> {
    if let Ok(id) = order.parse::<WorkOrderId>() {
        return Ok(id);
    }
    let all = face
        .call(WorkOrderList { filter: WorkOrderFilter { limit: Some(10_000), ..Default::default() } })
        .await?;
    let found = all.iter().find(|overview| {
        [&overview.order.erp_number, &overview.order.local_number]
            .into_iter()
            .flatten()
            .any(|number| number == order)
    });
    found
        .map(|overview| overview.order.work_order_id)
        .ok_or_else(|| ApiError::new(Code::NotFound, format!("There is no order {order} here")))
}

async fn work_order(face: &Face, json: bool, act: &WorkOrderAct) -> Result<(), ApiError> {
    match act {
        WorkOrderAct::List { all } => {
            let filter = WorkOrderFilter { open_only: !all, limit: Some(10_000), ..Default::default() };
            let orders = face.call(WorkOrderList { filter }).await?;
            answer(json, "work-order-list", &orders, |orders| orders.iter().map(order_line).collect())
        }
        WorkOrderAct::Show { order } => {
            let view = face.call(WorkOrderShow { work_order_id: find_order(face, order).await? }).await?;
            answer(json, "work-order", &view, order_lines)
        }
        WorkOrderAct::Pdf { order, words } => {
            let work_order_id = find_order(face, order).await?;
            paper::write(face, json, PaperSubject::WorkOrder { work_order_id }, words).await
        }
        WorkOrderAct::Start { order } => {
            let done = face.call(WorkOrderStart { work_order_id: find_order(face, order).await? }).await?;
            answer(json, "done", &done, |_done| vec!["Started.".to_owned()])
        }
        WorkOrderAct::Continue { order, reason } => {
            let work_order_id = find_order(face, order).await?;
            let done = face.call(WorkOrderContinue { work_order_id, reason: reason.clone() }).await?;
            answer(json, "done", &done, |_done| vec!["Taken over.".to_owned()])
        }
        WorkOrderAct::Step { order, position, outcome } => {
            let view = face.call(WorkOrderShow { work_order_id: find_order(face, order).await? }).await?;
            let step = view.steps.iter().find(|step| step.step.position == *position);
            let step = step
                .ok_or_else(|| ApiError::new(Code::NotFound, format!("The order has no step {position}")))?;
            let outcome: StepOutcome = serde_json::from_str(outcome)
                .map_err(|error| invalid(format!("the outcome does not fit: {error}")))?;
            let done = face
                .call(WorkStepRecord {
                    work_step_id: step.step.work_step_id,
                    outcome: Some(outcome),
                    instrument: None,
                })
                .await?;
            answer(json, "done", &done, |_done| vec!["Recorded.".to_owned()])
        }
        WorkOrderAct::Close { order, found, done, minutes } => {
            let closing = match (found, done, minutes) {
                (Some(found), Some(done), Some(minutes)) => Closing::Full {
                    found_code: None,
                    found_text: found.clone(),
                    done_code: None,
                    done_text: done.clone(),
                    minutes: *minutes,
                },
                _ => Closing::DetailsLater,
            };
            let done =
                face.call(WorkOrderClose { work_order_id: find_order(face, order).await?, closing }).await?;
            answer(json, "done", &done, |_done| vec!["Completed.".to_owned()])
        }
        WorkOrderAct::Correct { order, reason, labour, part } => {
            let id = find_order(face, order).await?;
            let view = face.call(WorkOrderShow { work_order_id: id }).await?;
            let command = WorkOrderCorrect {
                work_order_id: id,
                reason: reason.clone(),
                labour: labour.iter().map(|text| labour_correction(text)).collect::<Result<_, _>>()?,
                parts: part.iter().map(|text| part_correction(text, &view)).collect::<Result<_, _>>()?,
                found_text: None,
                done_text: None,
            };
            let done = face.call(command).await?;
            answer(json, "done", &done, |_done| vec!["Corrected.".to_owned()])
        }
    }
}

fn labour_correction(text: &str) -> Result<LabourCorrection, ApiError> {
    let parsed = text.split_once('=').and_then(|(id, minutes)| {
        Some(LabourCorrection { labour_id: id.parse().ok()?, minutes: minutes.parse().ok()? })
    });
    parsed.ok_or_else(|| invalid(format!("«{text}» is not LABOUR_ID=MINUTES")))
}

fn part_correction(text: &str, view: &WorkOrderView) -> Result<PartCorrection, ApiError> {
    let parsed = text.split_once('=').and_then(|(id, quantity)| {
        let part_use_id: PartUseId = id.parse().ok()?;
        let known = view.parts.iter().find(|part| part.part_use.part_use_id == part_use_id)?;
        Some(PartCorrection {
            part_use_id,
            quantity: Quantity::parse_decimal(quantity, &known.part_use.quantity.unit)?,
        })
    });
    parsed.ok_or_else(|| invalid(format!("«{text}» is not PART_USE_ID=QUANTITY of this order")))
}

fn order_line(overview: &WorkOrderOverview) -> String {
    let order = &overview.order;
    let machine = overview.asset_code.as_deref().unwrap_or("–");
    let person = overview.assignee_name.as_deref().unwrap_or("nobody");
    format!(
        "{}\t{}\tpriority {}\t{machine}\t{}\t{person}",
        order.number(),
        order.status.as_str(),
        order.priority.number(),
        order.title
    )
}

fn order_lines(view: &WorkOrderView) -> Vec<String> {
    let mut lines = vec![order_line(&view.overview)];
    for step in &view.steps {
        let mark = if step.step.outcome.is_some() { "x" } else { " " };
        lines.push(format!("[{mark}] {}. {}", step.step.position, step.step.title));
    }
    lines.extend(view.labour.iter().map(|labour| {
        format!(
            "labour {}\t{} min\t{}",
            labour.labour.labour_id,
            labour.labour.minutes,
            labour.person_name.as_deref().unwrap_or("?")
        )
    }));
    lines.extend(view.parts.iter().map(|part| {
        format!(
            "part {}\t{}\t{} {}",
            part.part_use.part_use_id, part.part_use.quantity, part.number, part.name
        )
    }));
    lines.extend(view.deliveries.iter().map(|delivery| {
        format!("{} {}\t{}", delivery.target.as_str(), delivery.state.as_str(), delivery.label)
    }));
    lines
}

async fn plant(face: &Face, json: bool, act: &PlantAct) -> Result<(), ApiError> {
    let line = |value: &LiveValue| {
        let shown = value
            .sample
            .value
            .as_ref()
            .map_or_else(|| "–".to_owned(), |value| serde_json::to_string(value).unwrap_or_default());
        format!(
            "{}\t{shown}\t{:?}\t{}",
            value.series,
            value.sample.quality,
            if value.stale.is_some() { "stale" } else { "current" }
        )
    };
    match act {
        PlantAct::Tags { containing } => {
            let values = face.call(TagList { containing: containing.clone(), limit: 10_000 }).await?;
            answer(json, "plant-tags", &values, |values| values.iter().map(line).collect())
        }
        PlantAct::Value { series } => {
            let values = face.call(LiveShow { series: vec![SeriesKey(series.clone())] }).await?;
            let value = values
                .first()
                .ok_or_else(|| ApiError::new(Code::NotFound, format!("Nothing was heard of «{series}»")))?;
            answer(json, "plant-value", value, |value| vec![line(value)])
        }
        PlantAct::History { series, minutes, buckets } => {
            let now = face.call(AppStatus {}).await?.now;
            let from = now.plus_ms(-minutes.saturating_mul(60_000));
            let trend = face
                .call(TagHistory { series: SeriesKey(series.clone()), from, to: now, buckets: *buckets })
                .await?;
            answer(json, "plant-history", &trend, |trend| {
                trend
                    .buckets
                    .iter()
                    .map(|bucket| {
                        format!(
                            "{}\t{}\t{}\t{}\t{}",
                            bucket.at.0, bucket.min, bucket.mean, bucket.max, bucket.count
                        )
                    })
                    .collect()
            })
        }
    }
}

pub(crate) async fn find_person(face: &Face, person: &str) -> Result<PersonId, ApiError> {
    let people = face.call(PersonList {}).await?;
    let found = people
        .iter()
        .find(|known| known.name.as_deref() == Some(person) || known.erp_number.as_deref() == Some(person));
    found
        .map(|known| known.person_id)
        .ok_or_else(|| ApiError::new(Code::NotFound, format!("There is nobody «{person}» on this device")))
}

async fn pick(face: &Face, person: &str) -> Result<(), ApiError> {
    let person_id = find_person(face, person).await?;
    face.call(PersonPick { person_id: Some(person_id) }).await
}

async fn person(face: &Face, json: bool, act: &PersonAct) -> Result<(), ApiError> {
    match act {
        PersonAct::List => {
            let people = face.call(PersonList {}).await?;
            answer(json, "person-list", &people, |people| {
                people
                    .iter()
                    .map(|person| {
                        format!(
                            "{}\t{}",
                            person.name.as_deref().unwrap_or("(erased)"),
                            person.erp_number.as_deref().unwrap_or("–")
                        )
                    })
                    .collect()
            })
        }
        PersonAct::Add { name, erp_number, language } => {
            let id = face
                .call(PersonAdd {
                    name: name.clone(),
                    erp_number: erp_number.clone(),
                    language: language.clone(),
                })
                .await?;
            answer(json, "person", &id, |_id| vec![format!("{name} was added.")])
        }
        PersonAct::Pick { person } => pick(face, person).await,
        PersonAct::Role { person, role } => {
            let person_id = find_person(face, person).await?;
            let role = match role {
                RoleWord::Technician => PersonRole::Technician,
                RoleWord::Supervisor => PersonRole::Supervisor,
            };
            let done = face.call(PersonRoleSet { person_id, role }).await?;
            answer(json, "done", &done, |_done| vec![format!("{person}: {}.", role.as_str())])
        }
    }
}

async fn sync(face: &Face, json: bool, act: &SyncAct) -> Result<(), ApiError> {
    match act {
        SyncAct::Now => {
            face.owned()?.synchronise().await?;
            status(face, json).await
        }
        SyncAct::Status => status(face, json).await,
        SyncAct::Errors => {
            let view = face.call(SyncShow {}).await?;
            answer(
                json,
                "sync-errors",
                &(&view.needs_you, &view.conflicts, &view.findings),
                |(needs_you, conflicts, findings)| {
                    let mut lines: Vec<String> = needs_you
                        .iter()
                        .map(|delivery| {
                            format!(
                                "{}\t{}\t{} {}\t{}",
                                delivery.delivery_id,
                                delivery.state.as_str(),
                                delivery.entity_label,
                                delivery.label,
                                delivery.error.as_deref().unwrap_or_default()
                            )
                        })
                        .collect();
                    lines.extend(conflicts.iter().map(|card| {
                        format!(
                            "{}\tconflict\t{} {}: here {}, there {}",
                            card.conflict_id, card.entity_label, card.field, card.ours, card.theirs
                        )
                    }));
                    lines.extend(findings.iter().map(|finding| format!("finding\t{finding}")));
                    lines
                },
            )
        }
        SyncAct::Retry { delivery } => {
            let delivery_id = delivery
                .parse()
                .map_err(|_not_an_id| invalid(format!("«{delivery}» is not the id of a delivery")))?;
            face.call(DeliveryRetry { delivery_id }).await
        }
    }
}

async fn status(face: &Face, json: bool) -> Result<(), ApiError> {
    let state = face.call(AppStatus {}).await?.sync;
    answer(json, "sync-status", &state, |state| {
        let mut lines = vec![
            format!("plant: {}", link_words(&state.plant)),
            format!("ERP: {}", link_words(&state.erp)),
            format!("e-mail: {}", link_words(&state.mail)),
            format!(
                "waiting: {} for the ERP, {} for the broker, {} e-mails; {} need a person",
                state.erp_waiting, state.broker_waiting, state.mail_waiting, state.needs_you
            ),
            format!("only here: {} records, {} photos", state.records_only_here, state.photos_only_here),
        ];
        lines.extend(heard_lines(state));
        lines
    })
}

/// What was heard of the plant; nothing where no broker is set up.
fn heard_lines(state: &SyncState) -> Vec<String> {
    if state.plant == LinkState::NotConfigured {
        return Vec::new();
    }
    let heard = &state.heard;
    let mut lines = vec![format!(
        "heard: {} values; refused: {} messages, {} values beyond the most tags",
        heard.values, heard.messages_refused, state.values_refused
    )];
    if let Some(last) = &heard.last_refused {
        lines.push(format!("last refused: {}: {}", last.topic, last.fault));
    }
    if let Some(rate) = state.held.reachable_per_s.filter(|_| state.held.window_of_broker) {
        lines.push(format!(
            "history can take {rate} messages a second in the broker's window of {}",
            state.held.window
        ));
    }
    lines
}

fn link_words(state: &LinkState) -> String {
    match state {
        LinkState::NotConfigured => "not set up".to_owned(),
        LinkState::Connecting => "connecting".to_owned(),
        LinkState::Up { .. } => "up".to_owned(),
        LinkState::Down { problem, .. } => format!("down: {problem}"),
    }
}

async fn db(face: &Face, json: bool, act: &DbAct) -> Result<(), ApiError> {
    let engine = face.owned()?;
    let store =
        |error: millwright_local_db::StoreError| ApiError::from(millwright_engine::EngineError::from(error));
    match act {
        DbAct::Check => {
            let mut faults = engine.database().check(true).await.map_err(store)?;
            let mut session = engine.database().read().await.map_err(store)?;
            if let Some(fault) = session.chain_fault().await.map_err(store)? {
                faults.push(format!("transaction {}: {}", fault.txn_id, fault.reason));
            }
            answer(json, "db-check", &faults, |faults| {
                if faults.is_empty() { vec!["All is well.".to_owned()] } else { faults.clone() }
            })?;
            if faults.is_empty() {
                Ok(())
            } else {
                Err(ApiError::new(Code::Internal, format!("{} faults found", faults.len())))
            }
        }
        DbAct::Backup { archive } => {
            let report = engine.back_up(archive).await?;
            answer(json, "backup", &report, |report| {
                vec![format!(
                    "{} files, {} bytes kept in {}.",
                    report.file_count,
                    report.total_bytes,
                    archive.display()
                )]
            })
        }
        DbAct::Rebuild => {
            let applied = engine.database().rebuild().await.map_err(store)?;
            answer(json, "rebuild", &applied, |applied| vec![format!("{applied} ops applied.")])
        }
        DbAct::Restore { .. } => Ok(()),
    }
}

fn check_mapping(json: bool, file: Option<&Path>) -> Result<(), ApiError> {
    let texts = match file {
        Some(file) => vec![(file.display().to_string(), read_text(file)?)],
        None => vec![
            ("built-in SAP OData V2".to_owned(), SAP_V2.to_owned()),
            ("built-in SAP OData V4".to_owned(), SAP_V4.to_owned()),
        ],
    };
    for (name, text) in texts {
        let (_mapping, findings) =
            Mapping::load(&text).map_err(|error| invalid(format!("{name}: {error}")))?;
        let findings: Vec<String> =
            findings.into_iter().map(|finding| format!("{}: {}", finding.place, finding.message)).collect();
        answer(json, "config-check", &findings, |findings| {
            let mut lines = vec![format!("{name}: can be used, {} findings", findings.len())];
            lines.extend(findings.iter().cloned());
            lines
        })?;
    }
    Ok(())
}

async fn config(face: &Face, act: &ConfigAct) -> Result<(), ApiError> {
    match act {
        ConfigAct::Check { .. } => Ok(()),
        ConfigAct::Plant { file, key } => {
            let client_key_pem = key.as_deref().map(read_text).transpose()?;
            let connection = serde_json::from_str(&read_text(file)?)
                .map_err(|error| invalid(format!("{}: {error}", file.display())))?;
            face.call(PlantConnectionSave {
                connection: Some(connection),
                password: password()?,
                client_key_pem,
            })
            .await?;
            become_plant(face).await
        }
        ConfigAct::Erp { file } => {
            let connection = serde_json::from_str(&read_text(file)?)
                .map_err(|error| invalid(format!("{}: {error}", file.display())))?;
            face.call(ErpConnectionSave { connection: Some(connection), password: password()? }).await?;
            become_plant(face).await
        }
        ConfigAct::Mail { file, test } => {
            let connection: MailConnection = serde_json::from_str(&read_text(file)?)
                .map_err(|error| invalid(format!("{}: {error}", file.display())))?;
            let password = password()?;
            if let Some(to) = test {
                let (connection, password) = (connection.clone(), password.clone());
                let finding = face.call(MailConnectionTest { connection, password, to: to.clone() }).await?;
                if !finding.works {
                    return Err(invalid(finding.lines.join("\n")));
                }
                write_line(&finding.lines.join("\n"))?;
            }
            face.call(MailConnectionSave { connection: Some(connection), password }).await?;
            become_plant(face).await
        }
    }
}

/// A directory with a connection is a plant's: the first-start choice is made.
async fn become_plant(face: &Face) -> Result<(), ApiError> {
    if face.call(AppStatus {}).await?.mode == AppMode::FirstStart {
        face.call(PlantStart { plant_name: "Plant".to_owned() }).await?;
    }
    Ok(())
}

/// The password from standard input: never an argument, where others could read it.
fn password() -> Result<Option<String>, ApiError> {
    let mut text = String::new();
    std::io::stdin().take(10_000).read_to_string(&mut text).map_err(internal)?;
    let text = text.trim_end_matches(['\r', '\n']);
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

pub(crate) fn read_text(file: &Path) -> Result<String, ApiError> {
    let bytes = std::fs::read(file).map_err(|error| invalid(format!("{}: {error}", file.display())))?;
    String::from_utf8(bytes)
        .map_err(|error| invalid(format!("{}: it is not UTF-8 text ({error})", file.display())))
}

fn data_directory(arguments: &Arguments) -> Result<PathBuf, ApiError> {
    let directory = arguments.data.clone().or_else(default_directory);
    directory.ok_or_else(|| invalid("There is no place for the data: give one with --data DIR"))
}

fn print_manual() -> Result<(), ApiError> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut bytes).map_err(internal)?;
    write_line(&String::from_utf8_lossy(&bytes))
}

async fn ledger(face: &Face, json: bool, act: &LedgerAct) -> Result<(), ApiError> {
    let engine = face.owned()?;
    let Some(state) = engine.ledger_state().await? else {
        return Err(EngineError::Precondition(Refusal::NoLedger).into());
    };
    match act {
        LedgerAct::Show => answer(json, "ledger", &state, |state| {
            vec![
                format!("ledger at unit {}, this node at {}", state.unit, state.unit_here),
                format!("{} transactions, the last at place {}", state.transactions, state.place),
            ]
        }),
        // Opening it with an empty ledger moved the team there; one that held it already was followed.
        LedgerAct::Move { to: MoveTo::Postgres(address) } => answer(json, "ledger", &state, |state| {
            vec![
                format!("{} transactions are in the ledger at {}.", state.transactions, address.as_str()),
                "From now on give every node process this address with --ledger.".to_owned(),
            ]
        }),
        LedgerAct::Move { to: MoveTo::Sqlite } => {
            engine.leave_ledger().await?;
            answer(json, "ledger", &state, |state| {
                vec![
                    format!("{} transactions are in this data directory, and it is the team's truth.", state.transactions),
                    "The ledger is closed: other node processes that had it stop. Start this one without --ledger.".to_owned(),
                ]
            })
        }
    }
}
