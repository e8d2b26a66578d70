//! Talking to an OData server: login, cookies, CSRF tokens, and what an answer means for what was sent.

use std::time::{Duration, Instant};

use millwright_model::{Cause, Trouble};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::dialect::error_message;
use crate::http::{self, Answer, ExchangeError, MAX_REQUEST_BYTES};
use crate::{ErpError, PushError, Secret};

/// How to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// Not at all.
    Anonymous,
    /// User and password with every request.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
    /// OAuth 2.0 client credentials (RFC 6749, 4.4).
    ClientCredentials {
        /// Where tokens are given.
        token_url: Url,
        /// The client.
        client_id: String,
        /// Its secret.
        client_secret: Secret,
        /// The scope asked for, where the server wants one.
        scope: Option<String>,
    },
}

#[derive(Debug)]
struct AccessToken {
    text: Secret,
    good_until: Instant,
}

/// A logged-in conversation with one server.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    login: Login,
    max_answer_bytes: usize,
    access_token: Mutex<Option<AccessToken>>,
    csrf_token: Mutex<Option<String>>,
}

impl Session {
    pub fn new(login: Login, timeout: Duration, max_answer_bytes: usize) -> Result<Self, ErpError> {
        Ok(Self {
            client: http::client(timeout)?,
            login,
            max_answer_bytes,
            access_token: Mutex::new(None),
            csrf_token: Mutex::new(None),
        })
    }

    /// Reads `url`. Any answer below 400 that is not a redirect is given back.
    pub async fn read(&self, url: &Url, page_size: Option<u32>) -> Result<Answer, ErpError> {
        let answer = self
            .authorized(|| {
                let mut request = self.client.get(url.clone()).header("Accept", "application/json");
                if let Some(size) = page_size {
                    request = request.header("Prefer", format!("odata.maxpagesize={size}"));
                }
                request
            })
            .await?;
        self.readable(answer, url)
    }

    /// Reads `url`, where nothing may stand.
    pub async fn read_if_there(&self, url: &Url) -> Result<Option<Answer>, ErpError> {
        let build = || self.client.get(url.clone()).header("Accept", "application/json");
        let answer = self.authorized(build).await?;
        if answer.status == 404 { Ok(None) } else { self.readable(answer, url).map(Some) }
    }

    fn readable(&self, answer: Answer, url: &Url) -> Result<Answer, ErpError> {
        match answer.status {
            200..=299 => Ok(answer),
            401 | 403 => Err(ErpError::Refused(self.refusal(&answer, url))),
            300..=399 => Err(ErpError::NotUnderstood(format!(
                "{} sends requests on to «{}». Put the address that answers itself into the configuration.",
                host(url),
                answer.header("location").unwrap_or("another address")
            ))),
            429 => Err(ErpError::Unreachable(too_much_to_do(url))),
            500.. => Err(ErpError::Unreachable(failed(&answer, url))),
            status => Err(ErpError::NotUnderstood(format!(
                "{} answers {status} for «{}»: {}",
                host(url),
                url.path(),
                error_message(status, &answer.body)
            ))),
        }
    }

    /// Writes to `url` and gives back whatever the server answered, once login and CSRF are settled.
    /// `root` is the service's own address, where it gives CSRF tokens.
    pub async fn write(
        &self,
        method: Method,
        root: &Url,
        url: &Url,
        if_match: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, PushError> {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        if bytes.len() > MAX_REQUEST_BYTES {
            let said =
                format!("the record is larger than {MAX_REQUEST_BYTES} bytes and no ERP would take it.");
            return Err(PushError::NotSent(Trouble::new(Cause::TooLarge, said)));
        }
        let mut refetched = false;
        loop {
            let token = self.csrf(root).await?;
            let answer = self
                .authorized(|| {
                    let mut request = self
                        .client
                        .request(method.clone(), url.clone())
                        .header("Accept", "application/json")
                        .header("Content-Type", "application/json")
                        .body(bytes.clone());
                    if let Some(token) = &token {
                        request = request.header("x-csrf-token", token);
                    }
                    if let Some(etag) = if_match {
                        request = request.header("If-Match", etag);
                    }
                    request
                })
                .await?;
            let wants_token = answer.status == 403
                && answer.header("x-csrf-token").is_some_and(|said| said.eq_ignore_ascii_case("required"));
            if wants_token && !refetched {
                // The session ended meanwhile: the request was refused before it was read.
                *self.csrf_token.lock().await = None;
                refetched = true;
                continue;
            }
            return self.judged(answer, url);
        }
    }

    /// Sorts out answers that say nothing about the record: those about the login, the load and the server itself.
    fn judged(&self, answer: Answer, url: &Url) -> Result<Answer, PushError> {
        match answer.status {
            401 | 403 => Err(PushError::NotSent(self.refusal(&answer, url))),
            429 => Err(PushError::NotSent(too_much_to_do(url))),
            408 | 500.. => Err(PushError::Unknown(failed(&answer, url))),
            300..=399 => Err(PushError::unfit(format!("{} sends requests on elsewhere.", host(url)))),
            _ => Ok(answer),
        }
    }

    fn refusal(&self, answer: &Answer, url: &Url) -> Trouble {
        let cause = if answer.status == 401 { Cause::Credentials } else { Cause::NotAllowed };
        let host = host(url);
        let said = match (answer.status, &self.login) {
            (401, Login::Anonymous) => format!("{host} wants a login. Enter user and password."),
            (401, Login::Basic { user, .. }) => {
                format!(
                    "{host} does not accept the password of «{user}». Enter it again, or ask whether the user is locked."
                )
            }
            (401, Login::ClientCredentials { client_id, .. }) => {
                format!(
                    "{host} does not accept the access token of «{client_id}». Ask whether the client may use this service."
                )
            }
            _ => format!(
                "{host} does not let this login do that ({}): {}",
                url.path(),
                error_message(answer.status, &answer.body)
            ),
        };
        Trouble::new(cause, said)
    }

    async fn csrf(&self, root: &Url) -> Result<Option<String>, PushError> {
        let mut held = self.csrf_token.lock().await;
        if held.is_none() {
            let answer = self
                .authorized(|| {
                    self.client
                        .get(root.clone())
                        .header("Accept", "application/json")
                        .header("x-csrf-token", "Fetch")
                })
                .await
                .map_err(ExchangeError::before_sending)?;
            if matches!(answer.status, 401 | 403) {
                return Err(PushError::NotSent(self.refusal(&answer, root)));
            }
            // A server that gives none wants none.
            *held = answer.header("x-csrf-token").map(str::to_owned);
        }
        Ok(held.clone())
    }

    /// Sends what `build` makes with the login; a token that is refused is fetched anew once.
    async fn authorized(&self, build: impl Fn() -> RequestBuilder) -> Result<Answer, ExchangeError> {
        let first = self.send(build()).await?;
        if first.status != 401 || !matches!(self.login, Login::ClientCredentials { .. }) {
            return Ok(first);
        }
        *self.access_token.lock().await = None;
        self.send(build()).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, ExchangeError> {
        let request = match &self.login {
            Login::Anonymous => request,
            Login::Basic { user, password } => request.basic_auth(user, Some(password.reveal())),
            Login::ClientCredentials { token_url, client_id, client_secret, scope } => {
                let token = self.access_token(token_url, client_id, client_secret, scope.as_deref()).await?;
                request.bearer_auth(token.reveal())
            }
        };
        http::exchange(request, self.max_answer_bytes).await
    }

    async fn access_token(
        &self,
        token_url: &Url,
        client_id: &str,
        client_secret: &Secret,
        scope: Option<&str>,
    ) -> Result<Secret, ExchangeError> {
        let mut held = self.access_token.lock().await;
        if let Some(token) = held.as_ref().filter(|token| token.good_until > Instant::now()) {
            return Ok(token.text.clone());
        }
        let mut form = "grant_type=client_credentials".to_owned();
        if let Some(scope) = scope {
            form.push_str("&scope=");
            form.push_str(&crate::text::url_component(scope));
        }
        let asked_at = Instant::now();
        let request = self
            .client
            .post(token_url.clone())
            .basic_auth(client_id, Some(client_secret.reveal()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .body(form);
        let not_sent = |cause, said: String| ExchangeError::NotSent(Trouble::new(cause, said));
        // Whatever happens at the token server, the request proper was not sent.
        let answer = http::exchange(request, self.max_answer_bytes).await.map_err(|error| {
            let Trouble { cause, said } = error.trouble();
            not_sent(cause, format!("No access token: {said}"))
        })?;
        let json = answer.json();
        let text = json.as_ref().and_then(|body| body.get("access_token")).and_then(Value::as_str);
        let Some(text) = text.filter(|_| answer.is_success()) else {
            let reason = json
                .as_ref()
                .and_then(|body| body.get("error_description").or_else(|| body.get("error")))
                .and_then(Value::as_str)
                .unwrap_or("no reason given");
            let cause = match answer.status {
                // RFC 6749, 5.2: an unknown client or a wrong secret is 400 or 401.
                400 | 401 => Cause::Credentials,
                403 => Cause::NotAllowed,
                429 => Cause::Busy,
                status @ 500.. => Cause::ServerFailed { status },
                _ => Cause::NotUnderstood,
            };
            let said = format!(
                "{} gives «{client_id}» no access token ({}: {reason}). Check client id and secret.",
                host(token_url),
                answer.status
            );
            return Err(not_sent(cause, said));
        };
        let seconds =
            json.as_ref().and_then(|body| body.get("expires_in")).and_then(Value::as_u64).unwrap_or(300);
        // Half a minute early, so that it does not run out on its way.
        let good_for = Duration::from_secs(seconds.min(86_400).saturating_sub(30));
        let text = Secret::new(text);
        *held = Some(AccessToken { text: text.clone(), good_until: asked_at + good_for });
        Ok(text)
    }
}

fn failed(answer: &Answer, url: &Url) -> Trouble {
    let (status, host) = (answer.status, host(url));
    let said = format!("{host} answers {status}: {}", error_message(status, &answer.body));
    Trouble::new(Cause::ServerFailed { status }, said)
}

fn too_much_to_do(url: &Url) -> Trouble {
    Trouble::new(Cause::Busy, format!("{} has too much to do at the moment.", host(url)))
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("the server")
}
