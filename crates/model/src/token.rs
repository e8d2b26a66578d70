//! Tokens: with what programs give commands over HTTP.

use serde::{Deserialize, Serialize};

use crate::{PersonId, TimestampMs, TokenId};

/// A token as it is kept: without its secret.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub token_id: TokenId,
    /// What people call it: the name of the program.
    pub name: String,
    /// Whether it may only ask.
    pub reads_only: bool,
    /// The commands that it may give; nothing for all that programs may.
    pub commands: Option<Vec<String>>,
    /// The person for whom it acts; nothing for nobody.
    pub person_id: Option<PersonId>,
    /// When it was made.
    pub created_at: TimestampMs,
    /// When it ends.
    pub expires_at: TimestampMs,
    /// When it was taken back.
    pub revoked_at: Option<TimestampMs>,
    /// When it was last shown, to the hour.
    pub used_at: Option<TimestampMs>,
}

impl Token {
    /// Whether it opens anything at `now`.
    pub fn is_good_at(&self, now: TimestampMs) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A token that was made just now.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenMade {
    /// The token.
    pub token: Token,
    /// Its secret, which is kept nowhere and told this once.
    pub secret: String,
}
