//! Webhooks: who outside hears of changes.

use serde::{Deserialize, Serialize};

use crate::{Entity, TimestampMs, WebhookId};

/// A receiver of changes, and how it stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its id.
    pub webhook_id: WebhookId,
    /// Where it is told.
    pub url: String,
    /// The kinds of record that it hears of.
    pub entities: Vec<Entity>,
    /// When it was added.
    pub created_at: TimestampMs,
    /// How many events wait for it.
    pub waiting: i64,
    /// How many it refused; they are kept aside.
    pub refused: i64,
    /// Not before this, after a failure.
    pub next_attempt_at: TimestampMs,
    /// What went wrong last; nothing while all is well.
    pub problem: Option<String>,
    /// Since when it is told nothing, until a person says so.
    pub stopped_at: Option<TimestampMs>,
}

/// A webhook that was added just now.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookMade {
    /// The webhook.
    pub webhook: Webhook,
    /// The secret with which its events are signed, told this once.
    pub secret: String,
}
