//! The edge node: the engine until it is told to stop, a ready line, health and metrics on loopback, and the commands over
//! HTTP where a person asks for them.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use millwright_engine::{Engine, Handle, door};
use millwright_http::{HttpDoor, Tls, address_of};
use millwright_model::{ApiError, AppMode, AppStatus, DemoStart, LinkState, SyncState};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::face::internal;
use crate::output::write_line;
use crate::run::invalid;

/// The commands over HTTP.
#[derive(Debug, Args)]
pub(crate) struct HttpWords {
    /// Take commands of programs over HTTP, at a port of this machine or at an address and port. Each program needs a
    /// token (`millwrightctl token create`). Another address than a loopback one needs a certificate.
    #[arg(long, value_name = "ADDRESS")]
    http: Option<String>,
    /// The certificate to show, with those that lead to its authority, as PEM.
    #[arg(long, value_name = "FILE", requires = "http", requires = "http_key")]
    http_cert: Option<PathBuf>,
    /// The certificate's key, as PEM.
    #[arg(long, value_name = "FILE", requires = "http_cert")]
    http_key: Option<PathBuf>,
}

impl HttpWords {
    /// Opens the door that was asked for.
    async fn open(&self, engine: &Engine) -> Result<Option<HttpDoor>, ApiError> {
        let Some(address) = &self.http else { return Ok(None) };
        let opened = async {
            let tls = self.http_cert.as_ref().zip(self.http_key.as_ref());
            let tls = tls.map(|(certificates, key)| Tls::read(certificates, key)).transpose()?;
            HttpDoor::open(engine, address_of(address)?, tls).await
        };
        opened.await.map(Some).map_err(|error| invalid(error.to_string()))
    }
}

/// The longest request head that is read.
const HEAD_MAX_BYTES: usize = 8 * 1024;

/// What the node waits for.
enum Wake {
    Stop,
    Request(std::io::Result<(TcpStream, std::net::SocketAddr)>),
}

pub(crate) async fn serve(
    engine: &Engine,
    port: u16,
    demo: bool,
    team: Option<std::net::SocketAddr>,
    http: &HttpWords,
) -> Result<(), ApiError> {
    door::open(engine, "millwrightctl serve")?;
    let status = engine.handle(AppStatus {}).await?;
    if demo && status.mode == AppMode::FirstStart {
        engine.handle(DemoStart {}).await?;
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(internal)?;
    let address = listener.local_addr().map_err(internal)?;
    let mut ready = format!(
        "ready: data {} health http://{address}/health metrics http://{address}/metrics",
        engine.path().display()
    );
    if let Some(door) = team {
        let door = engine.serve_team(door).await?;
        // Writing to a String cannot fail.
        let _infallible = write!(ready, " team {door}").is_ok();
    }
    let http = http.open(engine).await?;
    if let Some(http) = &http {
        let _infallible = write!(ready, " http {}", http.url()).is_ok();
    }
    write_line(&ready)?;
    let stop = stop_signal();
    tokio::pin!(stop);
    loop {
        let wake = tokio::select! {
            () = &mut stop => Wake::Stop,
            accepted = listener.accept() => Wake::Request(accepted),
        };
        match wake {
            Wake::Stop => break,
            Wake::Request(Ok((stream, _from))) => {
                tokio::spawn(answer(engine.clone(), stream));
            }
            Wake::Request(Err(error)) => tracing::warn!("health and metrics: {error}"),
        }
    }
    if let Some(http) = http {
        http.close().await;
    }
    write_line("stopped")
}

#[cfg(unix)]
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = terminate.recv() => {}
        _interrupted = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    let _interrupted = tokio::signal::ctrl_c().await.is_ok();
}

async fn answer(engine: Engine, mut stream: TcpStream) {
    let mut head = vec![0; HEAD_MAX_BYTES];
    let Ok(length) = stream.read(&mut head).await else { return };
    let head = String::from_utf8_lossy(head.get(..length).unwrap_or_default()).into_owned();
    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let (code, body) = match (path.as_str(), engine.handle(AppStatus {}).await) {
        ("/health", Ok(_status)) => ("200 OK", "ok\n".to_owned()),
        ("/health", Err(error)) => ("503 Service Unavailable", format!("{}\n", error.message)),
        ("/metrics", Ok(status)) => ("200 OK", metrics(&status.sync)),
        ("/metrics", Err(error)) => ("503 Service Unavailable", format!("{}\n", error.message)),
        _ => ("404 Not Found", "there are /health and /metrics\n".to_owned()),
    };
    let response = format!(
        "HTTP/1.1 {code}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    if let Err(error) = stream.write_all(response.as_bytes()).await {
        tracing::debug!("health and metrics: {error}");
    }
}

/// The sync state in the text format of Prometheus.
fn metrics(state: &SyncState) -> String {
    let is_up = |link: &LinkState| i64::from(matches!(link, LinkState::Up { .. }));
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let rows: [(&str, &str, i64); 15] = [
        ("millwright_plant_link_up", "Whether the link to the broker is up.", is_up(&state.plant)),
        ("millwright_erp_link_up", "Whether the link to the ERP is up.", is_up(&state.erp)),
        ("millwright_erp_deliveries_waiting", "Deliveries that wait for the ERP.", state.erp_waiting),
        (
            "millwright_broker_deliveries_waiting",
            "Deliveries that wait for the broker.",
            state.broker_waiting,
        ),
        ("millwright_mail_waiting", "E-mails that wait.", state.mail_waiting),
        ("millwright_needs_person", "Deliveries and cards that need a person.", state.needs_you),
        (
            "millwright_records_only_here",
            "Transactions that are only on this device.",
            state.records_only_here,
        ),
        (
            "millwright_photos_only_here",
            "Photos and files that are only on this device.",
            state.photos_only_here,
        ),
        ("millwright_samples_dropped", "Samples given up since the start.", whole(state.samples_dropped)),
        (
            "millwright_values_refused",
            "Values of tags beyond the most that are kept, since the start.",
            whole(state.values_refused),
        ),
        ("millwright_values_heard", "Values taken in since the start.", whole(state.heard.values)),
        (
            "millwright_messages_refused",
            "Messages that could not be read or were too large, since the start.",
            whole(state.heard.messages_refused),
        ),
        (
            "millwright_held_on_the_way",
            "Messages that the broker holds until they are on the disk.",
            whole(state.held.on_the_way),
        ),
        (
            "millwright_held_reachable_per_second",
            "Messages a second that the broker's window allows at the disk's pace, 0 before the first.",
            whole(state.held.reachable_per_s.unwrap_or_default()),
        ),
        (
            "millwright_held_sessions_forgotten",
            "How often the broker had forgotten what it held, since the start.",
            whole(state.held.forgotten),
        ),
    ];
    let mut text = String::new();
    for (name, help, value) in rows {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n").is_ok();
    }
    text
}
