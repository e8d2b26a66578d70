//! The HTTP side of the ERP: sign-in, CSRF, faults on demand, and the way to reading and writing.

use std::net::Ipv4Addr;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::read::{Options, Reader};
use super::rules::Asking;
use super::schema::set_of;
use super::session::{Sessions, signed_in};
use super::store::Store;
use super::write::{Writing, Written};
use super::{Refusal, pages};
use crate::ready::Credentials;
use crate::seed::Seed;
use crate::{DemoError, wall_clock};

const ROOT: &str = "/sap/opu/odata/sap/";
const BODY_MAX_BYTES: usize = 4 * 1024 * 1024;

/// How the ERP misbehaves.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FaultMode {
    /// Not at all.
    #[default]
    None,
    /// It answers everything with 503 and does nothing.
    Down,
    /// It does what it is told, and the connection breaks before the answer is there.
    LoseAnswers,
    /// It refuses the next write, and behaves again.
    RejectNext,
}

#[derive(Copy, Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    mode: FaultMode,
}

/// The running ERP. Clones are the same one.
#[derive(Clone)]
pub struct Erp {
    inner: Arc<Inner>,
}

struct Inner {
    credentials: Credentials,
    /// The address of the services.
    root: String,
    store: Mutex<Store>,
    sessions: Mutex<Sessions>,
    fault: Mutex<FaultMode>,
}

/// Starts the ERP on a free port of loopback, with what stands in `folder`.
///
/// # Errors
/// When the folder or the port cannot be used.
pub async fn start(folder: &Path, seed: &Seed, credentials: &Credentials) -> Result<Erp, DemoError> {
    let store = Store::open(folder, seed, wall_clock())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(DemoError::Socket)?;
    let port = listener.local_addr().map_err(DemoError::Socket)?.port();
    let erp = Erp {
        inner: Arc::new(Inner {
            credentials: credentials.clone(),
            root: format!("http://127.0.0.1:{port}{ROOT}"),
            store: Mutex::new(store),
            sessions: Mutex::default(),
            fault: Mutex::default(),
        }),
    };
    let app = Router::new().fallback(handle).with_state(erp.clone());
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).await {
            tracing::error!("the ERP ended: {error}");
        }
    });
    Ok(erp)
}

impl Erp {
    /// The root of the services.
    pub fn url(&self) -> String {
        self.inner.root.clone()
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn handle(State(erp): State<Erp>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if !signed_in(&parts.headers, &erp.inner.credentials) {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"Millwright demo ERP\"")];
        return (StatusCode::UNAUTHORIZED, challenge, "Sign in.").into_response();
    }
    let body = match to_bytes(body, BODY_MAX_BYTES).await {
        Ok(body) => body,
        Err(error) => return refused(&Refusal::new(413, &error.to_string())),
    };
    let path = decoded(parts.uri.path());
    let mut response = match (parts.method.as_str(), path.as_str()) {
        ("GET", "/") => {
            let html = pages::page(&held(&erp.inner.store));
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
        }
        ("GET", "/demo/state") => json_response(200, &pages::state(&held(&erp.inner.store))),
        ("POST", "/demo/faults") => erp.set_fault(&body),
        (_, path) => match path.strip_prefix(ROOT) {
            Some(rest) => erp.odata(&parts, rest, &body),
            None => refused(&Refusal::not_found(path)),
        },
    };
    response.headers_mut().insert(header::SERVER, HeaderValue::from_static("Millwright demo ERP"));
    response
}

/// A path without its percent signs.
fn decoded(path: &str) -> String {
    // In a form a plus is a space; in a path it is itself.
    let as_form = format!("path={}", path.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(as_form.as_bytes())
        .next()
        .map(|(_, path)| path.into_owned())
        .unwrap_or_default()
}

impl Erp {
    fn set_fault(&self, body: &[u8]) -> Response {
        match serde_json::from_slice::<Faults>(body) {
            Ok(faults) => {
                *held(&self.inner.fault) = faults.mode;
                json_response(200, &serde_json::json!(faults))
            }
            Err(error) => refused(&Refusal::bad(&format!(
                "Say {{\"mode\":\"none\"|\"down\"|\"lose_answers\"|\"reject_next\"}}: {error}"
            ))),
        }
    }

    fn odata(&self, parts: &Parts, rest: &str, body: &Bytes) -> Response {
        if *held(&self.inner.fault) == FaultMode::Down {
            return refused(&Refusal::new(503, "The system is down for maintenance."));
        }
        let (service, target) = rest.split_once('/').unwrap_or((rest, ""));
        let options: Options = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        match parts.method {
            Method::GET => {
                self.with_token(&parts.headers, self.read(&parts.headers, service, target, &options))
            }
            Method::POST | Method::PATCH | Method::PUT => self.write(parts, service, target, &options, body),
            _ => refused(&Refusal::new(405, "This is not done here.")),
        }
    }

    /// Adds a CSRF token where one is asked for.
    fn with_token(&self, headers: &HeaderMap, mut response: Response) -> Response {
        let wanted =
            headers.get("x-csrf-token").is_some_and(|said| said.as_bytes().eq_ignore_ascii_case(b"fetch"));
        if !wanted {
            return response;
        }
        match held(&self.inner.sessions).fetch(headers) {
            Ok(given) => {
                put_header(&mut response, "x-csrf-token", &given.token);
                put_header(&mut response, "set-cookie", &given.cookie);
                response
            }
            Err(error) => refused(&Refusal::new(500, &error.to_string())),
        }
    }

    fn read(&self, headers: &HeaderMap, service: &str, target: &str, options: &Options) -> Response {
        let store = held(&self.inner.store);
        let reader = Reader { store: &store, root: &self.inner.root };
        let answer = || {
            if target.is_empty() {
                return Ok(json_response(200, &Reader::service(service)?));
            }
            let (path, counted) = match target.strip_suffix("/$count") {
                Some(path) => (path, true),
                None => (target, false),
            };
            if let Some((parent, name)) = path.split_once(")/") {
                let (set, predicate) = parent.split_once('(').unwrap_or((parent, ""));
                let set = set_of(service, set).ok_or_else(|| Refusal::not_found(path))?;
                let row = reader.find(set, predicate)?;
                return Ok(json_response(200, &reader.below(set, row, name)?));
            }
            let (name, predicate) = match path.strip_suffix(')').and_then(|path| path.split_once('(')) {
                Some((name, predicate)) => (name, Some(predicate)),
                None => (path, None),
            };
            let set =
                set_of(service, name).ok_or_else(|| Refusal::not_found(&format!("{service}/{name}")))?;
            if counted {
                return Ok(reader.count(set, options)?.to_string().into_response());
            }
            if let Some(predicate) = predicate {
                let row = reader.find(set, predicate)?;
                let record = reader.record(set, row, options)?;
                let mut response = json_response(200, &serde_json::json!({ "d": record }));
                if let Some(etag) = super::read::etag(set, row) {
                    put_header(&mut response, "etag", &etag);
                }
                return Ok(response);
            }
            Ok(json_response(200, &reader.page(set, options, page_size(headers))?))
        };
        answer().unwrap_or_else(|refusal: Refusal| refused(&refusal))
    }

    fn write(&self, parts: &Parts, service: &str, target: &str, options: &Options, body: &Bytes) -> Response {
        if !held(&self.inner.sessions).may_write(&parts.headers) {
            let mut response = refused(&Refusal::new(403, "CSRF token validation failed."));
            put_header(&mut response, "x-csrf-token", "Required");
            return response;
        }
        let fault = {
            let mut fault = held(&self.inner.fault);
            let now = *fault;
            if now == FaultMode::RejectNext {
                *fault = FaultMode::None;
            }
            now
        };
        if fault == FaultMode::RejectNext {
            return refused(&Refusal::bad("The period is closed for postings."));
        }
        let if_match = parts.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        let asking = Asking { user: &self.inner.credentials.username, now: wall_clock() };
        let root = &self.inner.root;
        let writing = Writing { service, target, options, if_match, body, asking, root };
        let mut store = held(&self.inner.store);
        let outcome = match parts.method {
            Method::POST => writing.post(&mut store),
            _ => writing.patch(&mut store),
        };
        drop(store);
        let response = match outcome {
            Ok(written) => written_response(written),
            Err(refusal) => refused(&refusal),
        };
        if fault == FaultMode::LoseAnswers { broken_off() } else { response }
    }
}

fn page_size(headers: &HeaderMap) -> Option<usize> {
    let prefer = headers.get("prefer")?.to_str().ok()?;
    prefer.split([',', ';']).find_map(|wish| wish.trim().strip_prefix("odata.maxpagesize=")?.parse().ok())
}

fn written_response(written: Written) -> Response {
    let mut response = match &written.body {
        Some(body) => json_response(written.status, body),
        None => status(written.status).into_response(),
    };
    for (name, value) in [("etag", written.etag), ("location", written.location)] {
        if let Some(value) = value {
            put_header(&mut response, name, &value);
        }
    }
    response
}

fn refused(refusal: &Refusal) -> Response {
    json_response(refusal.status, &refusal.body())
}

fn json_response(code: u16, body: &serde_json::Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json;charset=utf-8")];
    (status(code), kind, body.to_string()).into_response()
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn put_header(response: &mut Response, name: &'static str, value: &str) {
    // Our own headers are plain ASCII; a key that is not simply gets no header.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A response whose body breaks off: the client learns nothing of what was done.
fn broken_off() -> Response {
    Response::new(Body::new(BreaksOff))
}

struct BreaksOff;

impl http_body::Body for BreaksOff {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Err(std::io::Error::other("the answer is lost on purpose"))))
    }
}
