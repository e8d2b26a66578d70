//! Errors in the words of HTTP: problem details (RFC 9457) with the closed code of the boundary.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use millwright_engine::{CallError, Denied};
use millwright_model::{ApiError, Code, Refusal, TxnId};
use serde::Serialize;

/// Why a request has no answer.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Problem {
    /// What kind of problem: `urn:millwright:problem:` and a word that stays.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The status of HTTP.
    status: u16,
    /// What happened, what is safe, what to do: in English.
    detail: String,
    /// The closed code, where the command itself failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    /// What was refused, where it is on the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Box<Refusal>>,
    /// The transaction that an act made whose answer was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    txn_id: Option<TxnId>,
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

/// A problem of the door itself, before or beside the command.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum DoorProblem {
    NoToken,
    TokenUnknown,
    TooOften { retry_after_s: u64 },
    TooManyAtOnce,
    NotJson,
    TooLarge,
    BodyLate,
    AnswerLate,
    Nowhere,
    WrongMethod,
}

impl Problem {
    fn new(kind: &str, title: &'static str, status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:millwright:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            code: None,
            refusal: None,
            txn_id: None,
            retry_after_s: None,
        }
    }

    pub(crate) fn not_json(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::from(DoorProblem::NotJson) }
    }
}

impl From<DoorProblem> for Problem {
    fn from(problem: DoorProblem) -> Self {
        use StatusCode as Status;

        match problem {
            DoorProblem::NoToken => Self::new(
                "no_token",
                "A token is needed",
                Status::UNAUTHORIZED,
                "Send «Authorization: Bearer …» with a token that `millwrightctl token create` made.",
            ),
            DoorProblem::TokenUnknown => Self::new(
                "token_unknown",
                "This token opens nothing",
                Status::UNAUTHORIZED,
                "The token is not known here, has ended or was taken back.",
            ),
            DoorProblem::TooOften { retry_after_s } => Self {
                retry_after_s: Some(retry_after_s),
                ..Self::new(
                    "too_often",
                    "Too many requests",
                    Status::TOO_MANY_REQUESTS,
                    "Nothing was done. Ask again a little later.",
                )
            },
            DoorProblem::TooManyAtOnce => Self {
                retry_after_s: Some(1),
                ..Self::new(
                    "too_many_at_once",
                    "Too many requests at once",
                    Status::SERVICE_UNAVAILABLE,
                    "Nothing was done. Ask again in a moment.",
                )
            },
            DoorProblem::NotJson => Self::new(
                "not_json",
                "The body is not a JSON object",
                Status::BAD_REQUEST,
                "Send the command's arguments as one JSON object, with Content-Type: application/json.",
            ),
            DoorProblem::TooLarge => Self::new(
                "too_large",
                "The body is too large",
                Status::PAYLOAD_TOO_LARGE,
                format!("A body has at most {} bytes.", crate::answering::BODY_MAX_BYTES),
            ),
            DoorProblem::BodyLate => Self::new(
                "body_late",
                "The body did not come in time",
                Status::REQUEST_TIMEOUT,
                "Nothing was done.",
            ),
            DoorProblem::AnswerLate => Self::new(
                "answer_late",
                "The command takes long",
                Status::GATEWAY_TIMEOUT,
                "It goes on and may still have its effect. Ask again with the same Idempotency-Key to hear its answer.",
            ),
            DoorProblem::Nowhere => Self::new(
                "nowhere",
                "There is nothing here",
                Status::NOT_FOUND,
                "There are /v1/commands/{name}, /v1/openapi.json and /v1/health.",
            ),
            DoorProblem::WrongMethod => Self::new(
                "wrong_method",
                "Not with this method",
                Status::METHOD_NOT_ALLOWED,
                "Commands are given with POST, the others asked with GET.",
            ),
        }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        use StatusCode as Status;

        let (kind, title, status) = match error.code {
            Code::Invalid => ("invalid", "The input is not valid", Status::BAD_REQUEST),
            Code::NotFound => ("not_found", "There is no such record", Status::NOT_FOUND),
            Code::Precondition => ("precondition", "Not possible as things stand", Status::CONFLICT),
            Code::Locked => ("locked", "The data is in use", Status::SERVICE_UNAVAILABLE),
            Code::Foreign => ("foreign", "The files are of a newer version", Status::SERVICE_UNAVAILABLE),
            Code::DiskFull => ("disk_full", "The disk is full", Status::INSUFFICIENT_STORAGE),
            Code::DiskFailed => ("disk_failed", "The disk reports an error", Status::INTERNAL_SERVER_ERROR),
            Code::Unreachable => ("unreachable", "The other side cannot be reached", Status::BAD_GATEWAY),
            Code::NoActor => ("no_actor", "The token names no person", Status::FORBIDDEN),
            Code::Internal => ("internal", "Something went wrong here", Status::INTERNAL_SERVER_ERROR),
        };
        let detail = match error.code {
            Code::NoActor => {
                "This command is a person's act: make a token that names one (--for).".to_owned()
            }
            _ => error.message,
        };
        Self {
            code: Some(error.code),
            refusal: error.refusal.filter(|_| error.code != Code::NoActor).map(Box::new),
            ..Self::new(kind, title, status, detail)
        }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let (kind, title, status) = match denied {
            Denied::NoSuchCommand => ("no_such_command", "There is no such command", StatusCode::NOT_FOUND),
            Denied::Closed(_) => ("closed", "Programs may not give this command", StatusCode::FORBIDDEN),
            Denied::NotGranted => ("not_granted", "Not with this token", StatusCode::FORBIDDEN),
            Denied::ReadsOnly => ("reads_only", "This token only asks", StatusCode::FORBIDDEN),
        };
        Self::new(kind, title, status, format!("{denied}."))
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        let said = error.to_string();
        let of = |kind, title, status| Self::new(kind, title, status, format!("{said}."));
        match error {
            CallError::Failed(error) => error.into(),
            CallError::Denied(denied) => denied.into(),
            CallError::BadKey => of("bad_key", "Not an Idempotency-Key", StatusCode::BAD_REQUEST),
            CallError::KeyRunning => Self {
                retry_after_s: Some(1),
                ..of("key_running", "This act is still running", StatusCode::CONFLICT)
            },
            CallError::KeyOfAnother => {
                of("key_of_another", "This key was used before", StatusCode::UNPROCESSABLE_ENTITY)
            }
            CallError::TookEffect { txn_id } => {
                Self { txn_id, ..of("took_effect", "This act was done before", StatusCode::CONFLICT) }
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(retry_after_s) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response
    }
}
