//! The loop that tells receivers of changes: one event after the other to each, signed, with the same id and bytes until
//! it is taken; what is refused is kept aside, and whoever is told nothing any more is named.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use millwright_local_db::{WebhookEvent, WebhookRow};
use millwright_model::{CacheTag, Op, TimestampMs, Txn};
use reqwest::{Certificate, Client, StatusCode, header};
use serde_json::json;
use sha2::Sha256;
use tokio::task::JoinSet;

use crate::EngineError;
use crate::delivering::{LONGEST_WAIT_MS, doubled_ms};
use crate::engine::Inner;

/// What a webhook's secret is sealed for.
pub(crate) const SECRET_PURPOSE: &str = "webhook_secret";
/// What every secret begins with, as Standard Webhooks has it.
pub(crate) const SECRET_MARK: &str = "whsec_";
/// A receiver answers within this.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// The pause after the first failure; it doubles up to [`RETRY_MAX_MS`].
const RETRY_MIN_MS: i64 = 1_000;
const RETRY_MAX_MS: i64 = 60 * 60 * 1000;
/// An event that was answered with a failure so often is kept aside, so that the next ones are told: after some nine
/// hours.
const ANSWERS_MAX: i64 = 20;
/// The most events that wait for one receiver: beyond it nothing more is planned for it.
const WAITING_MAX: i64 = 100_000;
/// The loop looks at least this often.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How long it waits while something fails or is held.
const LOOK_SOON: Duration = Duration::from_millis(500);

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// It was taken.
    Told,
    /// The receiver wants no more (410).
    Gone,
    /// The receiver does not take this one.
    Refused(String),
    /// Not now. `answered` is whether the receiver itself said so, `wait_ms` how long it wants to be left alone.
    Later { said: String, answered: bool, wait_ms: Option<i64> },
}

/// What an op tells: always the same bytes.
pub(crate) fn body_of(txn: &Txn, op: &Op) -> Result<String, EngineError> {
    let fields: serde_json::Map<String, serde_json::Value> =
        op.fields.iter().map(|(name, change)| (name.clone(), change.to.clone())).collect();
    let at = TimestampMs(i64::try_from(txn.hlc.wall_ms()).unwrap_or(i64::MAX));
    let body = json!({
        "type": format!("{}.{}", op.entity.as_str(), op.kind.as_str()),
        "timestamp": iso(at),
        "data": {
            "op_id": op.op_id,
            "txn_id": txn.txn_id,
            "entity": op.entity,
            "entity_id": op.entity_id,
            "hlc": txn.hlc,
            "actor": op.actor.actor_id,
            "via": op.actor.via,
            "fields": fields,
        },
    });
    Ok(serde_json::to_string(&body)?)
}

/// An instant as RFC 3339 has it.
fn iso(at: TimestampMs) -> String {
    jiff::Timestamp::from_millisecond(at.0).map(|instant| instant.to_string()).unwrap_or_default()
}

/// The signature of Standard Webhooks: HMAC-SHA256 over id, second and body.
pub(crate) fn signature(secret: &[u8], id: &str, second: i64, body: &str) -> Result<String, EngineError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(EngineError::internal)?;
    mac.update(format!("{id}.{second}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        let pause = match tell_due(&engine).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!("webhooks stopped for now: {error}");
                LOOK_AGAIN
            }
        };
        tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return,
            () = engine.wake_delivering.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Tells every receiver what is due now, each on its own: one that is silent holds up no other. Answers after how long to
/// look again.
pub(crate) async fn tell_due(engine: &Arc<Inner>) -> Result<Duration, EngineError> {
    if engine.team.follows() || !engine.speaks_outside() {
        return Ok(LOOK_AGAIN);
    }
    let now = engine.now();
    let rows = engine.database.read().await?.webhooks().await?;
    let mut talks = JoinSet::new();
    for row in rows {
        let (hook, longest) = (&row.webhook, now.plus_ms(RETRY_MAX_MS));
        let due = hook.next_attempt_at <= now || hook.next_attempt_at > longest;
        if hook.waiting > 0 && hook.stopped_at.is_none() && due {
            talks.spawn(tell(engine.clone(), row));
        }
    }
    while let Some(ended) = talks.join_next().await {
        ended.map_err(EngineError::internal)??;
    }
    let (now, rows) = (engine.now(), engine.database.read().await?.webhooks().await?);
    let waiting = rows.iter().filter(|row| row.webhook.waiting > 0 && row.webhook.stopped_at.is_none());
    let pauses = waiting.map(|row| row.webhook.next_attempt_at.since_ms(now).max(0).unsigned_abs());
    let pause = pauses.min().map_or(LOOK_AGAIN, Duration::from_millis);
    Ok(pause.clamp(LOOK_SOON, LOOK_AGAIN))
}

/// Tells one receiver event after event, until none is due or one does not arrive.
async fn tell(engine: Arc<Inner>, mut row: WebhookRow) -> Result<(), EngineError> {
    let webhook_id = row.webhook.webhook_id;
    let Some(secret) = engine.vault.open_sealed(SECRET_PURPOSE, &row.sealed_secret) else {
        return stop(&engine, &row, "its secret cannot be opened on this device: remove it and add it again")
            .await;
    };
    let client = client(row.authority_pem.as_deref())?;
    while !*engine.shutdown.borrow() && engine.speaks_outside() {
        let now = engine.now();
        let next = engine.database.read().await?.next_webhook_event(webhook_id, now, LONGEST_WAIT_MS).await?;
        let Some(event) = next else { return Ok(()) };
        let id = event.op_id.to_string();
        match send(&client, &row.webhook.url, &secret, &id, &event.body, now).await? {
            Telling::Told => {
                let mut session = engine.database.write().await?;
                session.webhook_told(webhook_id, event.event_id).await?;
                session.commit().await?;
                row.attempts = 0;
            }
            Telling::Gone => return stop(&engine, &row, "the receiver wants no more (410 Gone)").await,
            Telling::Refused(said) => refuse(&engine, &row, &event, &said).await?,
            Telling::Later { said, answered, .. } if answered && event.attempts + 1 >= ANSWERS_MAX => {
                refuse(&engine, &row, &event, &said).await?;
            }
            Telling::Later { said, answered, wait_ms } => {
                return postpone(&engine, &row, &event, &said, answered, wait_ms).await;
            }
        }
    }
    Ok(())
}

async fn postpone(
    engine: &Inner,
    row: &WebhookRow,
    event: &WebhookEvent,
    said: &str,
    answered: bool,
    wait_ms: Option<i64>,
) -> Result<(), EngineError> {
    if row.webhook.waiting > WAITING_MAX {
        return stop(engine, row, &format!("{said}; {} events wait, more are not kept", row.webhook.waiting))
            .await;
    }
    let now = engine.now();
    let wait_ms = wait_ms.unwrap_or(0).clamp(retry_after_ms(row.attempts), RETRY_MAX_MS);
    let mut session = engine.database.write().await?;
    let (webhook_id, next) = (row.webhook.webhook_id, now.plus_ms(wait_ms));
    session.webhook_failed(webhook_id, event.event_id, answered, said, next).await?;
    if row.attempts == 0 {
        session.add_finding("webhook", &format!("{}: {said}", row.webhook.url), now).await?;
    }
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

async fn refuse(
    engine: &Inner,
    row: &WebhookRow,
    event: &WebhookEvent,
    said: &str,
) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.write().await?;
    session.webhook_event_refused(event.event_id, said, now).await?;
    session.add_finding("webhook", &format!("{} refused an event: {said}", row.webhook.url), now).await?;
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

async fn stop(engine: &Inner, row: &WebhookRow, problem: &str) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.write().await?;
    session.stop_webhook(row.webhook.webhook_id, problem, now).await?;
    let words = format!("{} is told nothing any more: {problem}", row.webhook.url);
    session.add_finding("webhook", &words, now).await?;
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

/// A client that follows no redirect: a signed event goes where a person said and nowhere else.
pub(crate) fn client(authority_pem: Option<&str>) -> Result<Client, EngineError> {
    let mut builder = Client::builder()
        .connect_timeout(ANSWER_WITHIN)
        .timeout(ANSWER_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("Millwright/", env!("CARGO_PKG_VERSION")));
    if let Some(pem) = authority_pem {
        let authority = Certificate::from_pem(pem.as_bytes()).map_err(EngineError::internal)?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build().map_err(EngineError::internal)
}

/// Sends one event, once.
pub(crate) async fn send(
    client: &Client,
    url: &str,
    secret: &[u8],
    id: &str,
    body: &str,
    now: TimestampMs,
) -> Result<Telling, EngineError> {
    let second = now.0.div_euclid(1000);
    let request = client
        .post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", second)
        .header("webhook-signature", signature(secret, id, second, body)?)
        .body(body.to_owned());
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => {
            let said = match error.is_timeout() {
                true => "no answer in time".to_owned(),
                false => innermost(&error),
            };
            return Ok(Telling::Later { said, answered: false, wait_ms: None });
        }
    };
    let status = response.status();
    let said = format!("HTTP {status}");
    let wait_s =
        response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Ok(match status {
        status if status.is_success() => Telling::Told,
        StatusCode::GONE => Telling::Gone,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            Telling::Later {
                said,
                answered: true,
                wait_ms: wait_s.map(|wait_s: i64| wait_s.saturating_mul(1000)),
            }
        }
        status if status.is_client_error() => Telling::Refused(said),
        _ => Telling::Later {
            said,
            answered: true,
            wait_ms: wait_s.map(|wait_s: i64| wait_s.saturating_mul(1000)),
        },
    })
}

/// The innermost cause says what happened; the outer ones only where.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut said = "it cannot be reached".to_owned();
    while let Some(inner) = cause {
        said = inner.to_string();
        cause = inner.source();
    }
    said
}

fn retry_after_ms(attempts: i64) -> i64 {
    doubled_ms(attempts, RETRY_MIN_MS, RETRY_MAX_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_standard() {
        // The example of the specification's libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let said =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(said.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn pauses_between_tries_grow_and_end_at_an_hour() {
        let pauses: Vec<i64> = (0..20).map(retry_after_ms).collect();
        assert_eq!(pauses[..3], [1_000, 2_000, 4_000]);
        assert_eq!(pauses[19], RETRY_MAX_MS);
    }
}
