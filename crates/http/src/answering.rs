//! One request after another: who asks, how often and how much, what the command answers.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use millwright_engine::{Engine, EngineError, Handle};
use millwright_listen::{Buckets, Pace};
use millwright_model::{ApiError, AppStatus, Code, TokenId};
use serde_json::Value as Json;
use tokio::sync::Semaphore;

use crate::openapi;
use crate::problem::{DoorProblem, Problem};

/// The longest body: a photo of 12 MB in base64.
pub(crate) const BODY_MAX_BYTES: usize = 16 * 1024 * 1024;
/// The most commands that run at once; each may hold a body.
const COMMANDS_AT_ONCE: usize = 16;
/// A body comes within this.
const BODY_WITHIN: Duration = Duration::from_secs(30);
/// The caller hears an answer within this; the command itself goes on.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// How often one token may ask.
const TOKEN_PACE: Pace = Pace { burst: 60.0, per_s: 20.0 };
/// How often secrets that nobody knows may be tried, by all together.
const STRANGER_PACE: Pace = Pace { burst: 20.0, per_s: 5.0 };

const COMMANDS: &str = "/v1/commands/";

/// What every request needs.
pub(crate) struct Desk {
    engine: Engine,
    tokens: Mutex<Buckets<TokenId>>,
    strangers: Mutex<Buckets<()>>,
    room: Semaphore,
}

/// The routes, of a door before `engine`.
pub(crate) fn routes(engine: Engine) -> Router {
    let desk = Desk {
        engine,
        tokens: Mutex::new(Buckets::new(TOKEN_PACE)),
        strangers: Mutex::new(Buckets::new(STRANGER_PACE)),
        room: Semaphore::new(COMMANDS_AT_ONCE),
    };
    Router::new()
        .route("/v1/health", get(health))
        .route("/v1/openapi.json", get(description))
        .route("/v1/commands/{name}", post(command))
        .fallback(async || Problem::from(DoorProblem::Nowhere))
        .method_not_allowed_fallback(async || Problem::from(DoorProblem::WrongMethod))
        .with_state(Arc::new(desk))
}

/// An answer as JSON that nobody on the way keeps.
fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn health(State(desk): State<Arc<Desk>>) -> Response {
    match desk.engine.handle(AppStatus {}).await {
        Ok(_status) => json(StatusCode::OK, r#"{"status":"ok"}"#),
        Err(_error) => json(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"failing"}"#),
    }
}

async fn description() -> Response {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| Bytes::from(openapi::document().to_string()));
    json(StatusCode::OK, document.clone())
}

async fn command(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    match Box::pin(answer(&desk, request)).await {
        Ok(answer) => json(StatusCode::OK, answer.to_string()),
        Err(problem) => problem.into_response(),
    }
}

async fn answer(desk: &Desk, request: Request) -> Result<Json, Problem> {
    let (head, body) = request.into_parts();
    let secret = bearer(&head.headers).ok_or(DoorProblem::NoToken)?;
    let internal = |error: EngineError| Problem::from(ApiError::from(error));
    let Some(caller) = desk.engine.caller(secret).await.map_err(internal)? else {
        within_pace(&desk.strangers, ())?;
        return Err(DoorProblem::TokenUnknown.into());
    };
    within_pace(&desk.tokens, caller.token().token_id)?;
    let name = head.uri.path().strip_prefix(COMMANDS).unwrap_or_default().to_owned();
    caller.may(&name)?;
    let _place = desk.room.try_acquire().map_err(|_full| DoorProblem::TooManyAtOnce)?;
    let arguments = arguments(&head.headers, body).await?;
    let key = idempotency_key(&head.headers);
    // A task of its own: a caller that hangs up does not end an act in the middle.
    let engine = desk.engine.clone();
    let act = tokio::spawn(async move { engine.call_for(&caller, &name, arguments, key.as_deref()).await });
    match tokio::time::timeout(ANSWER_WITHIN, act).await {
        Ok(Ok(answer)) => Ok(answer?),
        Ok(Err(ended)) => Err(ApiError::new(Code::Internal, ended.to_string()).into()),
        Err(_elapsed) => Err(DoorProblem::AnswerLate.into()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}

/// The key that the caller gave its act, with or without the quotation marks of a structured field.
fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get("idempotency-key")?.as_bytes()).into_owned();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    Some(bare.unwrap_or(&text).to_owned())
}

fn within_pace<Key: Eq + std::hash::Hash>(buckets: &Mutex<Buckets<Key>>, who: Key) -> Result<(), Problem> {
    let Ok(mut buckets) = buckets.lock() else {
        return Err(ApiError::new(Code::Internal, "the pace of callers is lost").into());
    };
    buckets.take(who, Instant::now()).map_err(|wait| {
        let retry_after_s = wait.as_secs_f64().ceil().max(1.0) as u64;
        DoorProblem::TooOften { retry_after_s }.into()
    })
}

/// The command's arguments: one JSON object, or nothing for a command that takes none.
async fn arguments(headers: &HeaderMap, body: Body) -> Result<Json, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > BODY_MAX_BYTES) {
        return Err(DoorProblem::TooLarge.into());
    }
    let collected = tokio::time::timeout(BODY_WITHIN, Limited::new(body, BODY_MAX_BYTES).collect()).await;
    let bytes = match collected.map_err(|_elapsed| DoorProblem::BodyLate)? {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(DoorProblem::TooLarge.into()),
        Err(error) => return Err(Problem::not_json(format!("The body broke off: {error}."))),
    };
    if bytes.is_empty() {
        return Ok(Json::Object(serde_json::Map::new()));
    }
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).map(str::trim);
    if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json")) {
        return Err(DoorProblem::NotJson.into());
    }
    match serde_json::from_slice(&bytes) {
        Ok(arguments @ Json::Object(_)) => Ok(arguments),
        Ok(_other) => Err(DoorProblem::NotJson.into()),
        Err(error) => Err(Problem::not_json(format!("The body is not JSON: {error}."))),
    }
}
