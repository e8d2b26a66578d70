//! Who may talk to the ERP: basic sign-in, and an ABAP gateway's CSRF guard (a token bound to a cookie).

use std::collections::VecDeque;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::DemoError;
use crate::ready::{Credentials, random_text};

const COOKIE: &str = "SAP_SESSIONID_DEMO";
/// The oldest sessions beyond this are forgotten.
const SESSIONS_MAX: usize = 50;

/// The sessions that have a token.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    /// Cookie and token, oldest first.
    held: VecDeque<(String, String)>,
}

/// What a client gets with a token.
pub(super) struct Given {
    pub cookie: String,
    pub token: String,
}

impl Sessions {
    /// A token, bound to the session of the cookie or to a new one.
    pub fn fetch(&mut self, headers: &HeaderMap) -> Result<Given, DemoError> {
        if let Some((cookie, token)) = self.of(headers) {
            return Ok(Given { cookie: cookie_header(&cookie), token });
        }
        let (cookie, token) = (random_text()?, random_text()?);
        self.held.push_back((cookie.clone(), token.clone()));
        if self.held.len() > SESSIONS_MAX {
            self.held.pop_front();
        }
        Ok(Given { cookie: cookie_header(&cookie), token })
    }

    /// Whether a request that writes has the token of its session.
    pub fn may_write(&self, headers: &HeaderMap) -> bool {
        let said = headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
        self.of(headers).is_some_and(|(_, token)| said == Some(token.as_str()))
    }

    fn of(&self, headers: &HeaderMap) -> Option<(String, String)> {
        let cookies = headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
        let ours = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)?;
        self.held.iter().find(|(cookie, _)| cookie == ours.1).cloned()
    }
}

fn cookie_header(cookie: &str) -> String {
    format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict")
}

/// Whether a request has the right user and password.
pub(super) fn signed_in(headers: &HeaderMap, credentials: &Credentials) -> bool {
    let said = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded).ok());
    let right = format!("{}:{}", credentials.username, credentials.password);
    // All bytes are looked at, so that the time of the answer says nothing.
    said.is_some_and(|said| {
        said.len() == right.len()
            && said.iter().zip(right.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other)) == 0
    })
}
