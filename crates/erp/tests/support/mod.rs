//! What the tests share: real servers on free ports, killed on drop, and a proxy that loses answers.
#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use millwright_erp::{ErpPort, KnownKeys};
use millwright_model::{
    CivilDate, ErpRecord, ExternalRef, Fact, OpId, OutboundTxn, PartId, PartLine, PersonId, PlannedStep,
    PlantTime, PushOutcome, Quantity, Receipt, TimestampMs, TxnId, WorkOrderId,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

/// Where an installed peer stands. A missing one fails the test: a skipped peer would prove nothing.
pub fn peer(name: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let peers = std::env::var_os("MILLWRIGHT_PEERS").map_or(workspace.join(".cache/peers"), PathBuf::from);
    let found = peers.join(name);
    assert!(
        found.join("stamp").exists(),
        "the test server «{name}» is not installed in {}: run `cargo xtask setup`",
        found.display()
    );
    found
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A child process that ends with the test.
pub struct Server {
    child: Child,
    pub port: u16,
    scratch: Option<PathBuf>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if let Some(scratch) = &self.scratch {
            drop(std::fs::remove_dir_all(scratch));
        }
    }
}

impl Server {
    fn start(mut command: Command, port: u16, scratch: Option<PathBuf>) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Self { child, port, scratch };
        let deadline = Instant::now() + Duration::from_secs(90);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!("the test server ended at once: {status}");
            }
            assert!(Instant::now() < deadline, "the test server did not open its port in 90 s");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// The OData peer, with its data as seeded.
    pub fn odata() -> Self {
        let home = peer("odata");
        let port = free_port();
        let mut command = Command::new(home.join("node"));
        command.arg("node_modules/@sap/cds/bin/serve.js").current_dir(&home).env("PORT", port.to_string());
        Self::start(command, port, None)
    }

    /// Tryton, on a copy of the prepared database.
    pub fn tryton() -> Self {
        let home = peer("tryton");
        let port = free_port();
        let scratch = std::env::temp_dir().join(format!("millwright-tryton-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&scratch).unwrap();
        std::fs::copy(home.join("data/plant.sqlite"), scratch.join("plant.sqlite")).unwrap();
        let pattern = std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/tryton/trytond.conf"),
        )
        .unwrap();
        let config =
            pattern.replace("@DATA@", scratch.to_str().unwrap()).replace("@PORT@", &port.to_string());
        let config_file = scratch.join("trytond.conf");
        std::fs::write(&config_file, config).unwrap();
        let mut command = Command::new(home.join("venv/bin/python"));
        command.arg(home.join("venv/bin/trytond")).arg("-c").arg(config_file).args(["-d", "plant"]);
        Self::start(command, port, Some(scratch))
    }
}

/// What the proxy does with the next requests that begin with a given line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trick {
    /// Forward it, then cut the connection instead of answering.
    LoseAnswer,
    /// Forward it without its `If-Match`.
    StripIfMatch,
}

/// A rule: which request (a piece of its head or body), what is done with it, and how often.
#[derive(Clone, Debug)]
pub struct Rule {
    pub request_with: Vec<String>,
    pub trick: Trick,
    pub times: usize,
}

/// A proxy in front of a server, one request per connection.
pub struct Proxy {
    pub port: u16,
    rules: Arc<Mutex<Vec<Rule>>>,
    pub forwarded: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub async fn before(server_port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let rules: Arc<Mutex<Vec<Rule>>> = Arc::default();
        let forwarded: Arc<Mutex<Vec<String>>> = Arc::default();
        let (shared, seen) = (rules.clone(), forwarded.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server_port, shared.clone(), seen.clone()));
            }
        });
        Self { port, rules, forwarded }
    }

    pub fn once(&self, request_with: &[&str], trick: Trick) {
        let request_with = request_with.iter().map(|piece| (*piece).to_owned()).collect();
        self.rules.lock().unwrap().push(Rule { request_with, trick, times: 1 });
    }

    /// How many requests with all these pieces went to the server.
    pub fn count(&self, pieces: &[&str]) -> usize {
        let forwarded = self.forwarded.lock().unwrap();
        forwarded.iter().filter(|request| pieces.iter().all(|piece| request.contains(piece))).count()
    }
}

async fn serve(
    mut client: TcpStream,
    server_port: u16,
    rules: Arc<Mutex<Vec<Rule>>>,
    forwarded: Arc<Mutex<Vec<String>>>,
) {
    let Some((head, body)) = read_request(&mut client).await else { return };
    let whole = format!("{head}{}", String::from_utf8_lossy(&body));
    forwarded.lock().unwrap().push(whole.clone());
    let trick = {
        let mut rules = rules.lock().unwrap();
        let fitting = rules.iter_mut().find(|rule| {
            rule.times > 0 && rule.request_with.iter().all(|piece| whole.contains(piece.as_str()))
        });
        fitting.map(|rule| {
            rule.times -= 1;
            rule.trick.clone()
        })
    };
    let mut lines: Vec<&str> = head
        .trim_end()
        .split("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"))
        .collect();
    if trick == Some(Trick::StripIfMatch) {
        lines.retain(|line| !line.to_ascii_lowercase().starts_with("if-match:"));
    }
    lines.push("Connection: close");
    let head = format!("{}\r\n\r\n", lines.join("\r\n"));
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", server_port)).await else { return };
    server.write_all(head.as_bytes()).await.unwrap();
    server.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    drop(server.read_to_end(&mut answer).await);
    if trick != Some(Trick::LoseAnswer) {
        drop(client.write_all(&answer).await);
        drop(client.shutdown().await);
    }
}

async fn read_request(client: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 8192];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end + 4]).into_owned();
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok()
                })
                .unwrap_or(0_usize);
            let mut body = bytes.split_off(end + 4);
            while body.len() < length {
                let read = client.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
                body.extend_from_slice(&chunk[..read]);
            }
            return Some((head, body));
        }
        let read = client.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    }
}

// Words of the tests -------------------------------------------------------------------------------------------

pub fn day() -> CivilDate {
    CivilDate::from_ymd(2026, 11, 23).unwrap()
}

/// A day as a whole, in a plant whose clock is UTC.
pub fn end_of(on: CivilDate) -> PlantTime {
    let time_ms = PlantTime::LAST_SECOND_MS;
    PlantTime { at: TimestampMs(i64::from(on.days()) * 86_400_000 + time_ms), on, time_ms }
}

pub fn op() -> OpId {
    OpId(Uuid::new_v4())
}

pub fn order(key: &str) -> ExternalRef<WorkOrderId> {
    ExternalRef { id: WorkOrderId(Uuid::new_v4()), external_key: Some(key.to_owned()), label: key.to_owned() }
}

pub fn person(key: &str) -> ExternalRef<PersonId> {
    ExternalRef { id: PersonId(Uuid::new_v4()), external_key: Some(key.to_owned()), label: key.to_owned() }
}

pub fn part_line(key: &str, quantity: Quantity, from: Option<&str>) -> PartLine {
    let part =
        ExternalRef { id: PartId(Uuid::new_v4()), external_key: Some(key.to_owned()), label: key.to_owned() };
    PartLine { part, quantity, from_location: from.map(str::to_owned), from_bin: None }
}

pub fn plan(erp: &dyn ErpPort, facts: Vec<Fact>) -> Vec<PlannedStep> {
    erp.plan(&OutboundTxn { txn_id: TxnId(Uuid::new_v4()), facts }).unwrap()
}

/// Pushes every step; each must take effect.
pub async fn push_all(erp: &dyn ErpPort, steps: &[PlannedStep]) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    for step in steps {
        match erp.push(step, &KnownKeys::default()).await {
            Ok(PushOutcome::Applied(receipt)) => receipts.push(receipt),
            other => panic!("{}: {other:?}", step.label),
        }
    }
    receipts
}

/// Everything there is to pull, the cursor after it, and how many pages it took.
pub async fn pull_all(erp: &dyn ErpPort, cursor: Option<String>) -> (Vec<ErpRecord>, String, usize) {
    let mut records = Vec::new();
    let mut cursor = cursor;
    let mut pages = 0;
    loop {
        let page = erp.pull_changes(cursor.as_deref()).await.unwrap();
        assert_eq!(page.findings, Vec::<String>::new());
        records.extend(page.records);
        pages += 1;
        if !page.more {
            return (records, page.next_cursor, pages);
        }
        cursor = Some(page.next_cursor);
    }
}
