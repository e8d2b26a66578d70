//! Tryton's JSON-RPC: login, session, calls, and its way of writing dates, durations and errors.

use base64::Engine as _;
use millwright_model::{Cause, CivilDate, TimestampMs, Trouble};
use reqwest::Client;
use serde_json::{Map, Value, json};
use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

use super::TrytonConfig;
use crate::http::{self, Answer, ExchangeError};
use crate::{ErpError, PushError, Secret};

const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// A logged-in conversation with one database.
#[derive(Debug)]
pub(crate) struct Rpc {
    client: Client,
    server_url: Url,
    database_url: Url,
    user: String,
    password: Secret,
    session: Mutex<Option<LoggedIn>>,
}

#[derive(Clone, Debug)]
struct LoggedIn {
    authorization: Secret,
    /// The user's own settings: company, employee, language. Every call carries them.
    context: Map<String, Value>,
}

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum CallError {
    #[error("{0}")]
    NotSent(Trouble),
    #[error("{0}")]
    Lost(Trouble),
    #[error("{0}")]
    Refused(Trouble),
    #[error("{0}")]
    NotUnderstood(String),
    /// A rule of the ERP says no, in its own words.
    #[error("{0}")]
    Rejected(String),
    /// The record was changed meanwhile (Tryton's ConcurrencyException).
    #[error("{0}")]
    Changed(String),
}

impl From<ExchangeError> for CallError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::NotSent(trouble) => Self::NotSent(trouble),
            ExchangeError::Lost(trouble) => Self::Lost(trouble),
        }
    }
}

impl From<CallError> for ErpError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NotSent(trouble) | CallError::Lost(trouble) => Self::Unreachable(trouble),
            CallError::Refused(trouble) => Self::Refused(trouble),
            CallError::NotUnderstood(message)
            | CallError::Rejected(message)
            | CallError::Changed(message) => Self::NotUnderstood(message),
        }
    }
}

impl CallError {
    /// The same, of a call that only read: nothing can have had an effect.
    pub fn while_reading(self) -> PushError {
        PushError::NotSent(self.trouble())
    }

    /// Why, with the words for it.
    pub fn trouble(self) -> Trouble {
        match self {
            Self::NotSent(trouble) | Self::Lost(trouble) | Self::Refused(trouble) => trouble,
            Self::NotUnderstood(said) => Trouble::new(Cause::NotUnderstood, said),
            Self::Rejected(said) => Trouble::new(Cause::SaysNo, said),
            Self::Changed(said) => Trouble::new(Cause::ChangedThere { by: None }, said),
        }
    }
}

/// The result of a call and the server's clock.
pub(crate) struct Called {
    pub result: Value,
    pub server_ms: Option<i64>,
}

impl Rpc {
    pub fn new(config: &TrytonConfig) -> Result<Self, ErpError> {
        http::check_transport(&config.root, config.plain_http_is_chosen)?;
        let join = |base: &Url, path: &str| {
            base.join(path)
                .map_err(|error| ErpError::BadInput(format!("«{path}» is not part of an address: {error}")))
        };
        let mut root = config.root.clone();
        if !root.path().ends_with('/') {
            root.set_path(&format!("{}/", root.path()));
        }
        Ok(Self {
            client: http::client(config.timeout)?,
            server_url: join(&root, "rpc/")?,
            database_url: join(&root, &format!("{}/rpc/", crate::text::url_component(&config.database)))?,
            user: config.user.clone(),
            password: config.password.clone(),
            session: Mutex::new(None),
        })
    }

    /// Tryton's series (`8.2`).
    pub async fn server_version(&self) -> Result<String, CallError> {
        let body = json!({"id": 0, "method": "common.server.version", "params": []});
        let answer = self.send(&self.server_url, &body, None).await?;
        let version = answer.json().and_then(|body| Some(body.get("result")?.as_str()?.to_owned()));
        version.filter(|_| answer.is_success()).ok_or_else(|| {
            CallError::NotUnderstood(format!(
                "{} is not a Tryton server: check the address and the port.",
                self.server_url.host_str().unwrap_or("The server")
            ))
        })
    }

    /// Calls a method; `context` goes on top of the user's own.
    pub async fn call(&self, method: &str, params: Vec<Value>, context: Value) -> Result<Called, CallError> {
        for last_try in [false, true] {
            let session = self.logged_in().await?;
            let mut whole = session.context.clone();
            if let Value::Object(more) = &context {
                whole.extend(more.clone());
            }
            let mut params = params.clone();
            params.push(Value::Object(whole));
            let body = json!({"id": 1, "method": method, "params": params});
            let answer = self.send(&self.database_url, &body, Some(&session.authorization)).await?;
            if answer.status == 401 && !last_try {
                // The session ran out: the call was refused before it was looked at.
                *self.session.lock().await = None;
                continue;
            }
            return read_answer(&answer, method);
        }
        let said = format!("Tryton ends the session of «{}» again and again.", self.user);
        Err(CallError::Refused(Trouble::new(Cause::Credentials, said)))
    }

    /// Rows of a model.
    pub async fn search_read(
        &self,
        model: &str,
        domain: Value,
        limit: u32,
        fields: &[&str],
        context: Value,
    ) -> Result<Vec<Value>, CallError> {
        let params = vec![domain, json!(0), json!(limit), json!([["id", "ASC"]]), json!(fields)];
        let called = self.call(&format!("model.{model}.search_read"), params, context).await?;
        match called.result {
            Value::Array(rows) => Ok(rows),
            _ => Err(CallError::NotUnderstood(format!("Tryton answers no rows for «{model}»."))),
        }
    }

    /// The company that the user works for.
    pub async fn company(&self) -> Result<i64, CallError> {
        let session = self.logged_in().await?;
        session.context.get("company").and_then(Value::as_i64).ok_or_else(|| {
            let said = format!("The user «{}» has no company in Tryton: set one there.", self.user);
            CallError::Refused(Trouble::new(Cause::NotAllowed, said))
        })
    }

    async fn logged_in(&self) -> Result<LoggedIn, CallError> {
        let mut held = self.session.lock().await;
        if let Some(session) = held.as_ref() {
            return Ok(session.clone());
        }
        // Whatever goes wrong before the call itself, the call was not sent.
        let not_sent = |error: ExchangeError| CallError::NotSent(error.trouble());
        let body = json!({"id": 0, "method": "common.db.login",
            "params": [self.user, {"password": self.password.reveal()}, "en"]});
        let answer = self.send(&self.database_url, &body, None).await.map_err(not_sent)?;
        if let status @ 500.. = answer.status {
            let said = format!("Tryton answers {status} to the login.");
            return Err(CallError::NotSent(Trouble::new(Cause::ServerFailed { status }, said)));
        }
        let refused = match answer.status {
            401 | 403 => {
                Some((Cause::Credentials, format!("Tryton does not accept the password of «{}».", self.user)))
            }
            404 => {
                Some((Cause::Settings, format!("There is no Tryton database under {}.", self.database_url)))
            }
            429 => Some((
                Cause::Busy,
                format!("Tryton has locked «{}» for a while after wrong passwords.", self.user),
            )),
            _ => None,
        };
        if let Some((cause, said)) = refused {
            return Err(CallError::Refused(Trouble::new(cause, said)));
        }
        let result = answer.json().and_then(|body| body.get("result").cloned()).unwrap_or_default();
        let (Some(uid), Some(token)) =
            (result.get(0).and_then(Value::as_i64), result.get(1).and_then(Value::as_str))
        else {
            return Err(CallError::NotUnderstood(format!(
                "{} does not answer as a Tryton server: check address and database.",
                self.database_url.host_str().unwrap_or("The server")
            )));
        };
        let session = format!("{}:{uid}:{token}", self.user);
        let session = base64::engine::general_purpose::STANDARD.encode(session);
        let authorization = Secret::new(format!("Session {session}"));
        let body = json!({"id": 1, "method": "model.res.user.get_preferences", "params": [true, {}]});
        let answer = self.send(&self.database_url, &body, Some(&authorization)).await.map_err(not_sent)?;
        let context = match read_answer(&answer, "get_preferences")?.result {
            Value::Object(context) => context,
            _ => Map::new(),
        };
        let session = LoggedIn { authorization, context };
        *held = Some(session.clone());
        Ok(session)
    }

    async fn send(
        &self,
        url: &Url,
        body: &Value,
        authorization: Option<&Secret>,
    ) -> Result<Answer, ExchangeError> {
        let mut request = self.client.post(url.clone()).json(body);
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization.reveal());
        }
        http::exchange(request, MAX_ANSWER_BYTES).await
    }
}

fn read_answer(answer: &Answer, method: &str) -> Result<Called, CallError> {
    match answer.status {
        200..=299 => {}
        401 | 403 => {
            let said = format!("Tryton does not let this user call «{method}».");
            return Err(CallError::Refused(Trouble::new(Cause::NotAllowed, said)));
        }
        status @ (408 | 500..) => {
            let said = format!("Tryton answers {status} to «{method}».");
            return Err(CallError::Lost(Trouble::new(Cause::ServerFailed { status }, said)));
        }
        status => return Err(CallError::NotUnderstood(format!("Tryton answers {status} to «{method}»."))),
    }
    let Some(Value::Object(mut body)) = answer.json() else {
        let said = format!("Tryton's answer to «{method}» is not JSON.");
        return Err(CallError::Lost(Trouble::new(Cause::NotUnderstood, said)));
    };
    let server_ms = answer
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok())
        .and_then(|since| i64::try_from(since.as_millis()).ok());
    match body.get("error") {
        None => Ok(Called { result: body.remove("result").unwrap_or_default(), server_ms }),
        Some(error) => Err(error_of(error)),
    }
}

/// The result of an answer, for the fuzz target.
pub(crate) fn fuzzed_answer(answer: &Answer) -> Result<Value, CallError> {
    read_answer(answer, "fuzz").map(|called| called.result)
}

/// `["UserError", ["message", "description", domain]]` and its like.
pub(crate) fn error_of(error: &Value) -> CallError {
    let name = error.get(0).and_then(Value::as_str).unwrap_or("an error");
    let arguments = error.get(1);
    let words = |from: usize| {
        let parts = arguments.and_then(Value::as_array).into_iter().flatten().skip(from);
        let parts: Vec<&str> = parts.filter_map(Value::as_str).filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    };
    match name {
        "UserError" => CallError::Rejected(words(0)),
        "UserWarning" => CallError::Rejected(format!("Tryton asks first: {}", words(1))),
        "ConcurrencyException" => CallError::Changed(
            arguments.and_then(Value::as_str).unwrap_or("The record was changed meanwhile.").to_owned(),
        ),
        // An exception of the server itself: it rolls back, but only a look at the record proves it.
        other => {
            let said = format!("Tryton fails: {}", crate::text::shortened(other, 300));
            // It answers such a thing with the status 200.
            CallError::Lost(Trouble::new(Cause::ServerFailed { status: 500 }, said))
        }
    }
}

/// A date as Tryton reads it.
pub(crate) fn date_json(date: CivilDate) -> Value {
    let (year, month, day) = date.ymd();
    json!({"__class__": "date", "year": year, "month": month, "day": day})
}

/// A duration as Tryton reads it.
pub(crate) fn minutes_json(minutes: i64) -> Value {
    json!({"__class__": "timedelta", "seconds": minutes.saturating_mul(60)})
}

/// An instant as Tryton reads it, in the server's own reckoning.
pub(crate) fn instant_json(instant: TimestampMs) -> Value {
    let days = instant.0.div_euclid(86_400_000);
    let rest = instant.0.rem_euclid(86_400_000);
    let (year, month, day) = CivilDate::from_days(i32::try_from(days).unwrap_or(0)).ymd();
    let seconds = rest / 1000;
    json!({"__class__": "datetime", "year": year, "month": month, "day": day, "hour": seconds / 3600,
        "minute": seconds / 60 % 60, "second": seconds % 60, "microsecond": rest % 1000 * 1000})
}

/// The whole minutes of a duration of Tryton.
pub(crate) fn minutes_of(value: &Value) -> Option<i64> {
    let seconds = value.get("seconds")?.as_f64()?;
    (seconds.is_finite() && seconds.abs() < 1e12).then(|| (seconds / 60.0).round() as i64)
}

/// The instant of a `datetime` of Tryton.
pub(crate) fn instant_of(value: &Value) -> Option<TimestampMs> {
    let number = |name: &str| value.get(name).and_then(Value::as_i64);
    let year = i32::try_from(number("year")?).ok()?;
    let month = u32::try_from(number("month")?).ok()?;
    let day = u32::try_from(number("day")?).ok()?;
    let date = CivilDate::from_ymd(year, month, day)?;
    let clock = |name: &str, below: i64| number(name).filter(|value| (0..below).contains(value));
    let seconds = clock("hour", 24)? * 3600 + clock("minute", 60)? * 60 + clock("second", 60)?;
    let micros = clock("microsecond", 1_000_000).unwrap_or(0);
    Some(TimestampMs(i64::from(date.days()) * 86_400_000 + seconds * 1000 + micros / 1000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn errors_are_told_apart() {
        assert_eq!(
            error_of(&json!(["UserError", ["Stock is missing.", "3 u", null]])),
            CallError::Rejected("Stock is missing. 3 u".to_owned())
        );
        assert!(matches!(error_of(&json!(["ConcurrencyException", "Changed"])), CallError::Changed(_)));
        assert!(matches!(error_of(&json!(["database is locked", "Traceback"])), CallError::Lost(_)));
    }

    proptest! {
        #[test]
        fn an_instant_survives_the_way_there_and_back(ms in 0_i64..4_000_000_000_000) {
            prop_assert_eq!(instant_of(&instant_json(TimestampMs(ms))), Some(TimestampMs(ms)));
        }

        #[test]
        fn no_answer_makes_the_readers_panic(
            year in any::<i64>(), month in any::<i64>(), seconds in any::<f64>(), text in ".{0,20}",
        ) {
            let value = json!({"year": year, "month": month, "day": month, "hour": month, "minute": year,
                "second": year, "seconds": seconds, "microsecond": text});
            instant_of(&value);
            minutes_of(&value);
            error_of(&json!([text, value]));
            error_of(&value);
        }
    }
}
