//! What a guest's browser asks and is answered: who may ask, how often and how much.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use millwright_listen::{Buckets, Pace};
use millwright_model::{Board, ParticipantId, Refusal, WorkshopFault, WorkshopId};
use serde::{Deserialize, Serialize};

use super::page;
use super::{GuestAct, do_act, seen};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::paper::words::Language;
use crate::use_case::workshop;

/// The longest body: a note of 500 letters, or an order of items.
const BODY_MAX_BYTES: usize = 8 * 1024;
/// So long an answer waits for something newer than what the browser has.
const WAIT: Duration = Duration::from_secs(20);
/// How often codes that nobody knows may be tried, by all together.
const STRANGER_PACE: Pace = Pace { burst: 40.0, per_s: 1.0 };
/// How often a guest may ask or act.
const GUEST_PACE: Pace = Pace { burst: 30.0, per_s: 8.0 };

/// A board as it was read, and whether the workshop ended; of which news.
#[derive(Clone)]
struct Read {
    news: u64,
    board: Arc<Board>,
    ended: bool,
}

/// What every request needs.
struct Room {
    engine: Weak<Inner>,
    workshop_id: WorkshopId,
    language: Language,
    /// What the address bar says: nothing else is answered, so that no other site can point its name at this door.
    host: String,
    strangers: Mutex<Buckets<()>>,
    guests: Mutex<Buckets<ParticipantId>>,
    /// The board as it was read last: everybody who waits is told of the same.
    read: tokio::sync::Mutex<Option<Read>>,
}

/// Why a browser is not answered.
#[derive(Debug)]
enum Refused {
    /// The door is shut.
    Shut,
    /// The code is used up, too old, or never was.
    Code,
    /// The browser did not come in, or somebody came in after it with a newer code.
    Stranger,
    /// It asks too often.
    TooOften,
    /// The engine refuses, or fails.
    Engine(EngineError),
}

impl From<EngineError> for Refused {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

#[derive(Serialize)]
struct Why {
    why: &'static str,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, why) = match self {
            Self::Shut => (StatusCode::GONE, "shut"),
            Self::Code => (StatusCode::FORBIDDEN, "code"),
            Self::Stranger => (StatusCode::UNAUTHORIZED, "stranger"),
            Self::TooOften => (StatusCode::TOO_MANY_REQUESTS, "too_often"),
            Self::Engine(error) => match why(&error) {
                Some(why) => (StatusCode::CONFLICT, why),
                None => {
                    tracing::error!("a guest's act: {error}");
                    (StatusCode::INTERNAL_SERVER_ERROR, "failed")
                }
            },
        };
        (status, Json(Why { why })).into_response()
    }
}

/// What a guest is told of a refusal: nothing that others wrote.
fn why(error: &EngineError) -> Option<&'static str> {
    let (EngineError::Invalid(Refusal::Workshop { fault })
    | EngineError::Precondition(Refusal::Workshop { fault })) = error
    else {
        return None;
    };
    Some(match fault {
        WorkshopFault::Ended => "ended",
        WorkshopFault::NotNow { .. } => "not_now",
        WorkshopFault::Locked { .. } => "locked",
        WorkshopFault::NotThere { .. } => "not_there",
        WorkshopFault::NoVotesLeft { .. } => "no_votes_left",
        WorkshopFault::Full { .. } => "full",
        WorkshopFault::NoRight { .. } => "no_right",
        WorkshopFault::NotHereYet
        | WorkshopFault::NotLetIn
        | WorkshopFault::DeviceNotLetIn
        | WorkshopFault::ThereAlready { .. }
        | WorkshopFault::Unfit { .. }
        | WorkshopFault::Unreadable { .. }
        | WorkshopFault::NoDoor
        | WorkshopFault::DoorRefused { .. }
        | WorkshopFault::NotOurAddress { .. }
        | WorkshopFault::NoGuest => "unfit",
    })
}

/// The routes of a door.
pub(super) fn routes(
    engine: &Arc<Inner>,
    workshop_id: WorkshopId,
    language: Language,
    address: SocketAddr,
) -> Router {
    let room = Arc::new(Room {
        engine: Arc::downgrade(engine),
        workshop_id,
        language,
        host: address.to_string(),
        strangers: Mutex::new(Buckets::new(STRANGER_PACE)),
        guests: Mutex::new(Buckets::new(GUEST_PACE)),
        read: tokio::sync::Mutex::default(),
    });
    Router::new()
        .route("/", get(html))
        .route("/page.js", get(async || part("text/javascript; charset=utf-8", page::SCRIPT)))
        .route("/page.css", get(async || part("text/css; charset=utf-8", page::STYLE)))
        .route("/enter", post(enter))
        .route("/board", get(board))
        .route("/act", post(act))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn_with_state(room.clone(), only_here))
        .with_state(room)
}

/// Whether a request is meant for this door, and comes from its own page.
fn is_for(room: &Room, request: &Request) -> bool {
    let says = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let own_host = says(header::HOST) == Some(room.host.as_str());
    let own_origin = says(header::ORIGIN).is_none_or(|origin| origin == format!("http://{}", room.host));
    own_host && (request.method() == Method::GET || own_origin)
}

/// Answers nothing under another name or for another site, and lets nothing be kept or framed.
async fn only_here(State(room): State<Arc<Room>>, request: Request, next: Next) -> Response {
    if !is_for(&room, &request) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, page::POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn part(media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

async fn html(State(room): State<Arc<Room>>) -> Response {
    part("text/html; charset=utf-8", page::html(room.language))
}

impl Room {
    fn engine(&self) -> Result<Arc<Inner>, Refused> {
        let engine = self.engine.upgrade().ok_or(Refused::Shut)?;
        if engine.guests.is_open(self.workshop_id) { Ok(engine) } else { Err(Refused::Shut) }
    }

    /// The guest whose browser asks.
    fn guest(&self, engine: &Inner, headers: &HeaderMap) -> Result<ParticipantId, Refused> {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|bearer| bearer.strip_prefix("Bearer ")).ok_or(Refused::Stranger)?;
        let guest = engine.guests.who(self.workshop_id, token, engine.now()).ok_or(Refused::Stranger)?;
        within(&self.guests, guest)?;
        Ok(guest)
    }

    /// The board as it stands, and whether the workshop ended; read once for everybody who asks.
    async fn board(&self, engine: &Inner) -> Result<Read, Refused> {
        let mut read = self.read.lock().await;
        let news = *engine.guests.news.borrow();
        if let Some(known) = read.as_ref().filter(|known| known.news == news) {
            return Ok(known.clone());
        }
        let (board, ended) = workshop::guest_board(engine, self.workshop_id).await?;
        let new = Read { news, board: Arc::new(board), ended };
        *read = Some(new.clone());
        Ok(new)
    }
}

fn within<Key: Eq + std::hash::Hash>(buckets: &Mutex<Buckets<Key>>, who: Key) -> Result<(), Refused> {
    let mut buckets = buckets.lock().map_err(|poisoned| Refused::Engine(EngineError::internal(poisoned)))?;
    buckets.take(who, Instant::now()).map_err(|_wait| Refused::TooOften)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enter {
    code: String,
}

#[derive(Serialize)]
struct Entered {
    token: String,
}

async fn enter(State(room): State<Arc<Room>>, body: Bytes) -> Result<Json<Entered>, Refused> {
    let engine = room.engine()?;
    within(&room.strangers, ())?;
    let enter: Enter = serde_json::from_slice(&body).map_err(|_unfit| Refused::Code)?;
    let (mint, now) = (&*engine.ports.mint, engine.now());
    let token = engine.guests.come_in(room.workshop_id, &enter.code, mint, now).ok_or(Refused::Code)?;
    engine.tell_stale([millwright_model::CacheTag::Workshops].into());
    Ok(Json(Entered { token: token.0 }))
}

#[derive(Deserialize)]
struct After {
    after: Option<u64>,
}

async fn board(
    State(room): State<Arc<Room>>,
    headers: HeaderMap,
    Query(After { after }): Query<After>,
) -> Result<Response, Refused> {
    let engine = room.engine()?;
    let guest = room.guest(&engine, &headers)?;
    let mut news = engine.guests.news.subscribe();
    if let Some(after) = after {
        let newer = news.wait_for(|news| *news != after);
        // Nothing new within the time is an answer as well: the browser knows that the door is open.
        drop(tokio::time::timeout(WAIT, newer).await);
        room.engine()?;
    }
    let Read { news, board, ended } = room.board(&engine).await?;
    let private = workshop::guest_private(&engine, room.workshop_id, guest).await?;
    let seen = seen(&board, guest, &private, ended, news, engine.now());
    Ok(Json(seen).into_response())
}

async fn act(State(room): State<Arc<Room>>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Refused> {
    let engine = room.engine()?;
    let guest = room.guest(&engine, &headers)?;
    let unfit = |error: serde_json::Error| {
        let fault = WorkshopFault::Unfit { what: "the act".to_owned(), reason: error.to_string() };
        Refused::Engine(EngineError::Invalid(Refusal::Workshop { fault }))
    };
    let act: GuestAct = serde_json::from_slice(&body).map_err(unfit)?;
    let phase = room.board(&engine).await?.board.phase;
    // A task of its own: a browser that goes away does not end an act in the middle.
    let workshop_id = room.workshop_id;
    let done = tokio::spawn(async move { do_act(&engine, workshop_id, guest, phase, act).await }).await;
    done.map_err(EngineError::internal)??;
    Ok(StatusCode::NO_CONTENT)
}
