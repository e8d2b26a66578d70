//! One HTTP exchange with a bounded answer, and the question that matters afterwards: can it have had an effect?

use std::sync::Arc;
use std::time::Duration;

use millwright_cause::Names;
use millwright_model::{Cause, Trouble};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use thiserror::Error;
use url::{Host, Url};

use crate::{ErpError, PushError};

/// Larger requests are refused before they are sent.
pub(crate) const MAX_REQUEST_BYTES: usize = 4 * 1024 * 1024;

/// An answer with its body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON; nothing when it is none.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum ExchangeError {
    /// The request never reached the server.
    #[error("{0}")]
    NotSent(Trouble),
    /// It may have reached the server.
    #[error("{0}")]
    Lost(Trouble),
}

impl ExchangeError {
    /// Why, with the words for it.
    pub fn trouble(self) -> Trouble {
        match self {
            Self::NotSent(trouble) | Self::Lost(trouble) => trouble,
        }
    }

    /// The same, of a request that only prepared the one proper: that one was not sent.
    pub fn before_sending(self) -> PushError {
        PushError::NotSent(self.trouble())
    }
}

impl From<ExchangeError> for ErpError {
    fn from(error: ExchangeError) -> Self {
        Self::Unreachable(error.trouble())
    }
}

impl From<ExchangeError> for PushError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::NotSent(trouble) => Self::NotSent(trouble),
            ExchangeError::Lost(trouble) => Self::Unknown(trouble),
        }
    }
}

/// Reading failed before anything was written: nothing had an effect.
impl From<ErpError> for PushError {
    fn from(error: ErpError) -> Self {
        Self::NotSent(error.trouble())
    }
}

/// A client that keeps cookies, follows no redirects and gives up after `timeout`.
pub(crate) fn client(timeout: Duration) -> Result<Client, ErpError> {
    Client::builder()
        .connect_timeout(Duration::from_secs(10).min(timeout))
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .cookie_store(true)
        .dns_resolver(Arc::new(Names))
        .user_agent(concat!("Millwright/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| ErpError::BadInput(format!("The HTTP client cannot start: {}.", causes(&error))))
}

/// Sends `request` and reads at most `max_answer_bytes` of the answer.
pub(crate) async fn exchange(
    request: RequestBuilder,
    max_answer_bytes: usize,
) -> Result<Answer, ExchangeError> {
    let mut response = request.send().await.map_err(|error| {
        let host = error.url().and_then(Url::host_str).unwrap_or("the server").to_owned();
        if error.is_connect() || error.is_builder() {
            let said = format!("{host} cannot be reached: {}.", causes(&error));
            ExchangeError::NotSent(Trouble::new(cause_of(&error), said))
        } else if error.is_timeout() {
            ExchangeError::Lost(Trouble::new(Cause::TimedOut, format!("{host} did not answer in time.")))
        } else {
            let said = format!("the connection to {host} broke off: {}.", causes(&error));
            ExchangeError::Lost(Trouble::new(Cause::BrokeOff, said))
        }
    })?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await.map_err(|error| {
            let cause = if error.is_timeout() { Cause::TimedOut } else { Cause::BrokeOff };
            let said = format!("the answer of the server broke off: {}.", causes(&error));
            ExchangeError::Lost(Trouble::new(cause, said))
        })?;
        let Some(chunk) = chunk else { break };
        if body.len() + chunk.len() > max_answer_bytes {
            let said = format!("the answer of the server is larger than {max_answer_bytes} bytes.");
            return Err(ExchangeError::Lost(Trouble::new(Cause::TooLarge, said)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

/// Why no connection came about.
fn cause_of(error: &reqwest::Error) -> Cause {
    if error.is_builder() {
        return Cause::Settings;
    }
    match millwright_cause::of(error) {
        Cause::Other if error.is_timeout() => Cause::TimedOut,
        cause => cause,
    }
}

/// The innermost cause says what happened («Connection refused»); the outer ones only where.
fn causes(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Plain HTTP to another host needs a person's explicit choice.
pub(crate) fn check_transport(url: &Url, plain_http_is_chosen: bool) -> Result<(), ErpError> {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback || plain_http_is_chosen => Ok(()),
        "http" => Err(ErpError::BadInput(format!(
            "«{url}» would send the login unencrypted to another host. Use https, or choose plain HTTP explicitly."
        ))),
        other => Err(ErpError::BadInput(format!("«{other}» is not a way to reach an ERP: use https."))),
    }
}
