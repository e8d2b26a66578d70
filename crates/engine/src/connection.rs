//! Connections: what is kept of them, trying them, and bringing them up; the demo plant as a child process.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use millwright_erp::odata::{Login, Mapping, ODataConfig, ODataErp, SAP_V2, SAP_V4};
use millwright_erp::tryton::{TrytonConfig, TrytonErp};
use millwright_erp::{ErpError, ErpPort, Secret};
use millwright_local_db::Session;
use millwright_model::*;
use millwright_plant::link::{
    Credentials, LinkConfig, ProtocolVersion, TlsSettings, Transport, test_connection,
};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command as Program};
use url::Url;

use crate::engine::Inner;
use crate::plant_link::PlantTarget;
use crate::team::shared::give_secrets;
use crate::unit::Unit;
use crate::{EngineError, demo_guide, plain};

const PLANT: &str = "plant_connection";
const ERP: &str = "erp_connection";
pub(crate) const PLANT_PASSWORD: &str = "plant_password";
pub(crate) const ERP_PASSWORD: &str = "erp_password";
pub(crate) const PLANT_CLIENT_KEY: &str = "plant_client_key";
/// The longest key file: a private key has a few thousand characters.
const KEY_MAX_CHARS: usize = 64 * 1024;

/// Where the events of the demo plant go.
pub(crate) const DEMO_EVENT_ROOT: &str = "umh/v1/millwright/north";
const DEMO_SYSTEM: &str = "demo";
/// The demo plant must say that it is ready within this.
const DEMO_READY_WITHIN: Duration = Duration::from_secs(30);
/// The most tags that are kept, where nothing else is said.
const TAGS_USUAL_MAX: u32 = 200_000;
/// More than this cannot be chosen: each kept tag takes about half a kilobyte of memory.
const TAGS_MAX: u32 = 2_000_000;
/// How long a broker is listened to when a connection is tried.
const LISTEN_MS: u64 = 1_500;

/// The running demo plant.
pub(crate) struct DemoPlant {
    child: Child,
}

impl DemoPlant {
    pub(crate) async fn stop(mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::warn!("the demo plant did not stop: {error}");
        }
    }
}

/// What is kept of the connections.
pub(crate) async fn kept(session: &mut Session) -> Result<Connections, EngineError> {
    session.look_up_settings(&[PLANT, ERP, crate::mail::connection::MAIL, crate::settings::SETTINGS]).await?;
    Ok(Connections {
        plant: session.setting(PLANT).await?.flatten(),
        erp: session.setting(ERP).await?.flatten(),
        mail: crate::mail::connection::kept(session).await?,
        plant_key_kept: false,
    })
}

/// Brings up what is set up, once, at the start.
pub(crate) async fn run(engine: Arc<Inner>) {
    let outcome = match engine.mode() {
        AppMode::FirstStart => Ok(()),
        AppMode::Demo => start_demo(&engine).await,
        AppMode::Plant => connect_kept(&engine).await,
    };
    if let Err(error) = outcome {
        tracing::error!("connections: {error}");
        let trouble = Trouble::new(Cause::Settings, error.to_string());
        engine.set_erp_link(LinkState::down(engine.now(), trouble.clone()));
        engine.set_plant_link(LinkState::down(engine.now(), trouble));
    }
}

pub(crate) async fn connect_kept(engine: &Inner) -> Result<(), EngineError> {
    let connections = kept(&mut engine.database.read().await?).await?;
    if let Some(plant) = &connections.plant {
        let target = plant_target(engine, plant, None, None).await?;
        set_plant_target(engine, Some(target));
    }
    if connections.mail.is_some() {
        engine.set_mail_link(LinkState::Connecting);
    }
    if let Some(erp) = &connections.erp {
        set_erp(engine, Some(erp_adapter(engine, erp, None)?)).await?;
    }
    Ok(())
}

fn set_plant_target(engine: &Inner, target: Option<PlantTarget>) {
    if let Ok(mut kept) = engine.plant_target.lock() {
        *kept = target;
    }
    engine.plant_generation.send_modify(|generation| *generation += 1);
}

async fn set_erp(engine: &Inner, erp: Option<Arc<dyn ErpPort>>) -> Result<(), EngineError> {
    let state = if erp.is_some() { LinkState::Connecting } else { LinkState::NotConfigured };
    if let Ok(mut kept) = engine.erp.lock() {
        *kept = erp;
    }
    engine.set_erp_link(state);
    crate::outbound::plan_remembered(engine).await?;
    engine.wake_pulling.notify_waiters();
    engine.wake_delivering.notify_waiters();
    Ok(())
}

async fn plant_target(
    engine: &Inner,
    plant: &PlantConnection,
    password: Option<String>,
    client_key_pem: Option<String>,
) -> Result<PlantTarget, EngineError> {
    let path = || "/mqtt".to_owned();
    let transport = match plant.transport {
        PlantTransport::Tcp => Transport::Tcp,
        PlantTransport::Tls => Transport::Tls,
        PlantTransport::WebSocket => Transport::WebSocket { path: path() },
        PlantTransport::WebSocketTls => Transport::WebSocketTls { path: path() },
    };
    plain::check_reason(plain::plant_host(plant).as_deref(), plant.plain_reason.as_deref())?;
    let client_id: Option<String> = engine.database.read().await?.setting("mqtt_client_id").await?;
    let client_id = client_id.unwrap_or_else(|| format!("millwright-{}", engine.device.device_id));
    let filters: Vec<&str> = plant.filters.iter().map(String::as_str).collect();
    let mut config = LinkConfig::new(&plant.host, plant.port, &client_id, &filters);
    config.transport = transport;
    config.protocol = if plant.mqtt5 { ProtocolVersion::V5 } else { ProtocolVersion::V311 };
    config.listen_only = plant.listen_only;
    config.sparkplug_host_id = plant.sparkplug_host_id.clone();
    config.tls = TlsSettings {
        ca_pem: plant.ca_pem.clone().map(String::into_bytes),
        client_certificate_pem: plant.client_certificate_pem.clone().map(String::into_bytes),
    };
    let credentials = Credentials {
        username: plant.username.clone(),
        password: password.or_else(|| engine.vault.text(PLANT_PASSWORD)),
        client_key_pem: client_key_pem.map(String::into_bytes).or_else(|| engine.vault.get(PLANT_CLIENT_KEY)),
    };
    let tags_max = plant.tags_max.unwrap_or(TAGS_USUAL_MAX);
    if !(1..=TAGS_MAX).contains(&tags_max) {
        return Err(EngineError::Invalid(Refusal::TagsOutOfBounds { limit: u64::from(TAGS_MAX) }));
    }
    Ok(PlantTarget { config, credentials, tags_max: tags_max as usize })
}

fn address(text: &str) -> Result<Url, EngineError> {
    Url::parse(text).map_err(|error| {
        EngineError::Invalid(Refusal::NotAnAddress { address: text.to_owned(), reason: error.to_string() })
    })
}

/// What an ERP's error means to people; its words go along.
pub(crate) fn refused_by_erp(error: &ErpError) -> Refusal {
    let trouble = match error {
        ErpError::Unreachable(_) => ErpTrouble::OutOfReach,
        ErpError::Refused(_) => ErpTrouble::Login,
        ErpError::NotUnderstood(_) => ErpTrouble::NotUnderstood,
        ErpError::BadInput(_) => ErpTrouble::Settings,
    };
    let Trouble { cause, said } = error.trouble();
    Refusal::Erp { trouble, said, cause }
}

fn erp_adapter(
    engine: &Inner,
    erp: &ErpConnection,
    password: Option<String>,
) -> Result<Arc<dyn ErpPort>, EngineError> {
    let root = address(&erp.url)?;
    plain::check_reason(plain::erp_host(erp).as_deref(), erp.plain_reason.as_deref())?;
    let plain = erp.plain_reason.is_some();
    let password = Secret::new(password.or_else(|| engine.vault.text(ERP_PASSWORD)).unwrap_or_default());
    let refuse = |error: ErpError| EngineError::Invalid(refused_by_erp(&error));
    let odata = |built_in: &str| -> Result<Arc<dyn ErpPort>, EngineError> {
        let text = erp.mapping_toml.as_deref().unwrap_or(built_in);
        let (mapping, _findings) = Mapping::load(text)
            .map_err(|error| EngineError::Invalid(Refusal::MappingUnfit { reason: error.to_string() }))?;
        let login = match &erp.token_url {
            Some(token_url) => Login::ClientCredentials {
                token_url: address(token_url)?,
                client_id: erp.username.clone(),
                client_secret: password.clone(),
                scope: None,
            },
            None => Login::Basic { user: erp.username.clone(), password: password.clone() },
        };
        let mut config = ODataConfig::new(&erp.system, root.clone(), login, mapping);
        config.plain_http_is_chosen = plain;
        if let Some(limit_s) = erp.request_limit_s {
            config.request_limit_ms = u64::from(limit_s) * 1000;
        }
        Ok(Arc::new(ODataErp::new(config).map_err(refuse)?))
    };
    match erp.protocol {
        ErpProtocol::ODataV2 => odata(SAP_V2),
        ErpProtocol::ODataV4 => odata(SAP_V4),
        ErpProtocol::Tryton => {
            // The database stands in the address, as in Tryton's own clients: http://host:8000/plant
            let database = root.path().trim_matches('/').to_owned();
            if database.is_empty() {
                return Err(EngineError::Invalid(Refusal::DatabaseMissing));
            }
            let mut server = root.clone();
            server.set_path("/");
            let mut config = TrytonConfig::new(&erp.system, server, database, &erp.username, password);
            config.plain_http_is_chosen = plain;
            if let Some(limit_s) = erp.request_limit_s {
                config.request_limit_ms = u64::from(limit_s) * 1000;
            }
            Ok(Arc::new(TrytonErp::new(config).map_err(refuse)?))
        }
    }
}

/// The demo plant speaks to nobody else.
pub(crate) fn refuse_in_demo(engine: &Inner) -> Result<(), EngineError> {
    if engine.mode() == AppMode::Demo {
        return Err(EngineError::Precondition(Refusal::DemoStaysApart));
    }
    Ok(())
}

pub(crate) async fn connections_show(
    engine: &Inner,
    _command: ConnectionsShow,
) -> Result<Connections, EngineError> {
    let connections = kept(&mut engine.database.read().await?).await?;
    Ok(Connections { plant_key_kept: engine.vault.get(PLANT_CLIENT_KEY).is_some(), ..connections })
}

/// Refuses a file that is no private key before it is kept or used.
fn check_key(pem: Option<&str>) -> Result<(), EngineError> {
    let Some(pem) = pem else { return Ok(()) };
    let is_key = pem.len() <= KEY_MAX_CHARS
        && pem.lines().any(|line| line.starts_with("-----BEGIN ") && line.contains("PRIVATE KEY-----"));
    if is_key && !pem.contains("ENCRYPTED") {
        return Ok(());
    }
    Err(EngineError::Invalid(Refusal::NotAKey))
}

pub(crate) async fn plant_connection_test(
    engine: &Inner,
    command: PlantConnectionTest,
) -> Result<ConnectionFinding, EngineError> {
    check_key(command.client_key_pem.as_deref())?;
    let host = plain::plant_host(&command.connection);
    let sends_password = command.connection.username.is_some() && command.password.is_none();
    plain::check_credentials(engine, DeliveryTarget::Broker, host.as_deref(), sends_password).await?;
    let mut target =
        plant_target(engine, &command.connection, command.password, command.client_key_pem).await?;
    // A second connection under the same client id would throw the first one out.
    target.config.client_id.push_str("-test");
    match test_connection(&target.config, &target.credentials, LISTEN_MS).await {
        Ok(report) => {
            let mut lines = vec![format!("{}:{} answers.", command.connection.host, command.connection.port)];
            lines.push(format!(
                "{} messages on {} topics within {} s.",
                report.messages,
                report.topics,
                LISTEN_MS as f64 / 1000.0
            ));
            lines.extend(report.examples.iter().take(5).map(|topic| format!("Heard: {topic}")));
            lines.extend(
                report
                    .refused_filters
                    .iter()
                    .map(|filter| format!("The broker refuses the filter «{filter}».")),
            );
            Ok(ConnectionFinding { works: report.refused_filters.is_empty(), lines, refusal: None })
        }
        Err(problem) => {
            let Trouble { cause, said } = problem.trouble();
            let refusal = Some(Refusal::Broker { cause, said: said.clone() });
            Ok(ConnectionFinding { works: false, lines: vec![said], refusal })
        }
    }
}

pub(crate) async fn plant_connection_save(
    engine: &Inner,
    command: PlantConnectionSave,
) -> Result<(), EngineError> {
    refuse_in_demo(engine)?;
    check_key(command.client_key_pem.as_deref())?;
    let host = command.connection.as_ref().and_then(plain::plant_host);
    let target = match &command.connection {
        Some(connection) => {
            let sends_password = connection.username.is_some() && command.password.is_none();
            plain::check_credentials(engine, DeliveryTarget::Broker, host.as_deref(), sends_password).await?;
            let (password, key) = (command.password.clone(), command.client_key_pem.clone());
            let target = plant_target(engine, connection, password, key).await?;
            // What could never work is refused where it is entered.
            target.config.check().map_err(|problem| {
                EngineError::Invalid(Refusal::BrokerSettings { reason: problem.to_string() })
            })?;
            Some(target)
        }
        None => None,
    };
    let reason = command.connection.as_ref().and_then(|connection| connection.plain_reason.as_deref());
    let mut unit = plain::begin(engine, host.as_deref()).await?;
    plain::record(&mut unit, DeliveryTarget::Broker, host.as_deref(), reason).await?;
    if let Some(key) = &command.client_key_pem {
        engine.vault.set(PLANT_CLIENT_KEY, Some(key.as_bytes()), &*engine.ports.mint)?;
    }
    if let Some(password) = &command.password {
        engine.vault.set(PLANT_PASSWORD, Some(password.as_bytes()), &*engine.ports.mint)?;
    }
    give_secrets(engine, &mut unit.session).await?;
    unit.session.set_setting(PLANT, &command.connection).await?;
    unit.commit().await?;
    if engine.connect {
        set_plant_target(engine, target);
    }
    engine.tell_stale([CacheTag::Settings, CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn erp_connection_test(
    engine: &Inner,
    command: ErpConnectionTest,
) -> Result<ConnectionFinding, EngineError> {
    let host = plain::erp_host(&command.connection);
    plain::check_credentials(engine, DeliveryTarget::Erp, host.as_deref(), command.password.is_none())
        .await?;
    let adapter = match erp_adapter(engine, &command.connection, command.password) {
        Ok(adapter) => adapter,
        Err(error) => {
            let ApiError { message, refusal, .. } = error.into();
            return Ok(ConnectionFinding { works: false, lines: vec![message], refusal });
        }
    };
    match adapter.test_connection().await {
        Ok(report) => {
            let mut lines = vec![report.server.clone()];
            lines.extend(report.sources.iter().map(|source| match source.count {
                Some(count) => format!("{}: {count} records can be read.", source.name),
                None => format!("{}: no answer.", source.name),
            }));
            lines.extend(report.problems.iter().cloned());
            Ok(ConnectionFinding { works: report.problems.is_empty(), lines, refusal: None })
        }
        Err(error) => {
            let refusal = Some(refused_by_erp(&error));
            Ok(ConnectionFinding { works: false, lines: vec![error.to_string()], refusal })
        }
    }
}

pub(crate) async fn erp_connection_save(
    engine: &Inner,
    command: ErpConnectionSave,
) -> Result<(), EngineError> {
    refuse_in_demo(engine)?;
    let host = command.connection.as_ref().and_then(plain::erp_host);
    let adapter = match &command.connection {
        Some(connection) => {
            let adapter = erp_adapter(engine, connection, command.password.clone())?;
            let sends_password = command.password.is_none();
            plain::check_credentials(engine, DeliveryTarget::Erp, host.as_deref(), sends_password).await?;
            Some(adapter)
        }
        None => None,
    };
    let reason = command.connection.as_ref().and_then(|connection| connection.plain_reason.as_deref());
    let mut unit = plain::begin(engine, host.as_deref()).await?;
    plain::record(&mut unit, DeliveryTarget::Erp, host.as_deref(), reason).await?;
    if let Some(password) = &command.password {
        engine.vault.set(ERP_PASSWORD, Some(password.as_bytes()), &*engine.ports.mint)?;
    }
    give_secrets(engine, &mut unit.session).await?;
    unit.session.set_setting(ERP, &command.connection).await?;
    unit.commit().await?;
    if engine.connect {
        set_erp(engine, adapter).await?;
    }
    engine.tell_stale([CacheTag::Settings, CacheTag::Sync].into());
    Ok(())
}

/// Starts the demo plant and connects to it. Its ports and passwords are drawn anew for every run.
pub(crate) async fn start_demo(engine: &Inner) -> Result<(), EngineError> {
    let mut running = engine.demo.lock().await;
    if running.is_some() {
        return Ok(());
    }
    let program = engine.demo_program.as_ref().ok_or(EngineError::Precondition(Refusal::NoDemoPlant))?;
    let data = engine.path().join("demo");
    let mut child = Program::new(program)
        .arg("--data")
        .arg(&data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            let program = program.display().to_string();
            EngineError::Precondition(Refusal::DemoNotStarted { program, reason: error.to_string() })
        })?;
    let output = child.stdout.take().ok_or_else(|| EngineError::internal("the demo plant has no output"))?;
    let mut line = String::new();
    let mut reader = BufReader::new(output);
    let read = tokio::time::timeout(DEMO_READY_WITHIN, reader.read_line(&mut line)).await;
    let failed = |reason: String| EngineError::Precondition(Refusal::DemoNotReady { reason });
    match read {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => return Err(failed(error.to_string())),
        Err(_elapsed) => return Err(failed("it said nothing for 30 s".to_owned())),
    }
    let ready: DemoReady = serde_json::from_str(&line).map_err(|error| failed(error.to_string()))?;
    *running = Some(DemoPlant { child });
    drop(running);
    seed(engine, &ready).await?;
    let plant = PlantConnection {
        host: "127.0.0.1".to_owned(),
        port: ready.mqtt_port,
        transport: PlantTransport::Tcp,
        mqtt5: false,
        username: Some(ready.mqtt_username.clone()),
        ca_pem: None,
        client_certificate_pem: None,
        filters: vec!["umh/v1/#".to_owned(), "spBv1.0/#".to_owned()],
        event_root: Some(DEMO_EVENT_ROOT.to_owned()),
        listen_only: false,
        sparkplug_host_id: None,
        tags_max: None,
        plain_reason: None,
    };
    let erp = ErpConnection {
        protocol: ErpProtocol::ODataV2,
        url: ready.erp_url.clone(),
        system: DEMO_SYSTEM.to_owned(),
        username: ready.erp_username.clone(),
        token_url: None,
        mapping_toml: None,
        request_limit_s: Some(3),
        plain_reason: None,
    };
    let adapter = erp_adapter(engine, &erp, Some(ready.erp_password.clone()))?;
    let target = plant_target(engine, &plant, Some(ready.mqtt_password.clone()), None).await?;
    set_erp(engine, Some(adapter)).await?;
    if let Err(error) = crate::pulling::pull(engine).await {
        tracing::warn!("the first pull from the demo plant's ERP: {error}");
    }
    seed(engine, &ready).await?;
    engine.live.load_bindings(&engine.database).await?;
    set_plant_target(engine, Some(target));
    Ok(())
}

/// What an integrator would have set up: tags bound to machines, where-used lists, finding codes. The ids come from
/// the contents, so that doing it again changes nothing.
async fn seed(engine: &Inner, ready: &DemoReady) -> Result<(), EngineError> {
    let mut unit = Unit::begin(engine, Actor::system()).await?;
    for (position, binding) in ready.bindings.iter().enumerate() {
        let Some(asset) = unit.asset_by_code(&binding.asset_code).await? else { continue };
        let record = TagBinding {
            tag_binding_id: TagBindingId(seed_id(&format!("binding:{}", binding.series))),
            asset_id: asset.asset_id,
            series: SeriesKey(binding.series.clone()),
            name: binding.name.clone(),
            unit: binding.unit.clone(),
            usual_low: binding.usual.map(|(low, _)| low),
            usual_high: binding.usual.map(|(_, high)| high),
            limit_low: binding.limit_low,
            limit_high: binding.limit_high,
            silence_ms: 10_000,
            position: position as i64,
        };
        create_once(&mut unit, &record).await?;
    }
    for line in &ready.where_used {
        let (Some(asset), Some(part)) =
            (unit.asset_by_code(&line.asset_code).await?, unit.part_by_number(&line.part_number).await?)
        else {
            continue;
        };
        let record = WhereUsed {
            where_used_id: WhereUsedId(seed_id(&format!("where:{}:{}", line.asset_code, line.part_number))),
            part_id: part.part_id,
            asset_id: asset.asset_id,
            quantity: line.quantity.clone(),
            place: line.place.clone(),
        };
        create_once(&mut unit, &record).await?;
    }
    seed_finding_codes(&mut unit, &ready.finding_codes).await?;
    for guide in &ready.guides {
        demo_guide::seed(&mut unit, guide).await?;
    }
    unit.stale(CacheTag::Assets);
    unit.stale(CacheTag::Guides);
    unit.stale(CacheTag::Tags);
    unit.commit().await?;
    Ok(())
}

/// Failure modes and maintenance activities that any plant can start from, after the terms of ISO 14224:2016,
/// annex B.
const FINDING_CODES: &str = include_str!("../../../assets/finding-codes.json");

/// Gives a new plant choices for found and done; it can add its own.
pub(crate) async fn seed_plant(engine: &Inner) -> Result<(), EngineError> {
    let codes: Vec<DemoFindingCode> = serde_json::from_str(FINDING_CODES)?;
    let mut unit = Unit::begin(engine, Actor::system()).await?;
    seed_finding_codes(&mut unit, &codes).await?;
    unit.commit().await?;
    Ok(())
}

async fn seed_finding_codes(unit: &mut Unit<'_>, codes: &[DemoFindingCode]) -> Result<(), EngineError> {
    for code in codes {
        let class = code.asset_class.as_deref().unwrap_or_default();
        let record = FindingCode {
            finding_code_id: FindingCodeId(seed_id(&format!("code:{class}:{}", code.code))),
            finding_kind: code.finding_kind,
            code: code.code.clone(),
            text: code.text.clone(),
            asset_class: code.asset_class.clone(),
        };
        create_once(unit, &record).await?;
    }
    Ok(())
}

pub(crate) fn seed_id(name: &str) -> uuid::Uuid {
    crate::pulling::outside_id(DEMO_SYSTEM, ExternalKind::Asset, name)
}

pub(crate) async fn create_once<R: Record>(unit: &mut Unit<'_>, record: &R) -> Result<(), EngineError> {
    if unit.fields(R::ENTITY, record.record_id()).await?.is_none() {
        unit.create(record).await?;
    }
    Ok(())
}
