//! Receivers of changes: added, listed, tried, told again, removed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::WebhookRow;
use millwright_model::*;
use url::{Host, Url};

use crate::EngineError;
use crate::engine::Inner;
use crate::webhook::{SECRET_MARK, SECRET_PURPOSE, Telling, client, send};

/// How long a secret is, in bytes, as Standard Webhooks has it.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

pub(crate) async fn add(engine: &Inner, command: WebhookAdd) -> Result<WebhookMade, EngineError> {
    let url = address(&command.url)?;
    if command.entities.is_empty() {
        return Err(EngineError::Invalid(Refusal::Empty { input: Input::WebhookEntities }));
    }
    // An authority that cannot be read is found now, not with the first event.
    client(command.authority_pem.as_deref())
        .map_err(|error| not_an_address(url.as_str(), &error.to_string()))?;
    let secret = match command.secret {
        Some(secret) => secret.trim().to_owned(),
        None => format!("{SECRET_MARK}{}", STANDARD.encode(engine.ports.mint.secret())),
    };
    let bytes = secret.strip_prefix(SECRET_MARK).and_then(|rest| STANDARD.decode(rest).ok());
    let bytes = bytes.filter(|bytes| SECRET_BYTES.contains(&bytes.len()));
    let bytes = bytes.ok_or(EngineError::Invalid(Refusal::NoWebhookSecret))?;
    let now = engine.now();
    let webhook = Webhook {
        webhook_id: WebhookId(engine.ports.mint.uuid(now)),
        url: url.to_string(),
        entities: command.entities,
        created_at: now,
        waiting: 0,
        refused: 0,
        next_attempt_at: TimestampMs(0),
        problem: None,
        stopped_at: None,
    };
    let row = WebhookRow {
        webhook: webhook.clone(),
        sealed_secret: engine.vault.seal(SECRET_PURPOSE, &bytes, &*engine.ports.mint)?,
        authority_pem: command.authority_pem,
        attempts: 0,
    };
    let mut session = engine.database.write().await?;
    session.add_webhook(&row).await?;
    session.commit().await?;
    Ok(WebhookMade { webhook, secret })
}

fn not_an_address(address: &str, reason: &str) -> EngineError {
    let (address, reason) = (address.to_owned(), reason.to_owned());
    EngineError::Invalid(Refusal::NotAnAddress { address, reason })
}

/// Where a receiver may be: encrypted, or on this very machine. Private addresses are where a plant's systems are.
fn address(text: &str) -> Result<Url, EngineError> {
    let url = Url::parse(text.trim()).map_err(|error| not_an_address(text, &error.to_string()))?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(not_an_address(text, "it names no host")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(not_an_address(text, "a name or password in it would be shown in lists"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => Err(not_an_address(text, "https is wanted; http only to this very machine")),
    }
}

pub(crate) async fn list(engine: &Inner, _command: WebhookList) -> Result<Vec<Webhook>, EngineError> {
    let rows = engine.database.read().await?.webhooks().await?;
    Ok(rows.into_iter().map(|row| row.webhook).collect())
}

pub(crate) async fn remove(engine: &Inner, command: WebhookRemove) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    if !session.remove_webhook(command.webhook_id).await? {
        return Err(EngineError::NotFound(Missing::Webhook));
    }
    session.commit().await?;
    Ok(())
}

pub(crate) async fn resume(engine: &Inner, command: WebhookResume) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    if !session.resume_webhook(command.webhook_id).await? {
        return Err(EngineError::NotFound(Missing::Webhook));
    }
    session.commit().await?;
    engine.wake_delivering.notify_waiters();
    Ok(())
}

pub(crate) async fn test(engine: &Inner, command: WebhookTest) -> Result<String, EngineError> {
    let rows = engine.database.read().await?.webhooks().await?;
    let row = rows.into_iter().find(|row| row.webhook.webhook_id == command.webhook_id);
    let row = row.ok_or(EngineError::NotFound(Missing::Webhook))?;
    let secret = engine.vault.open_sealed(SECRET_PURPOSE, &row.sealed_secret);
    let secret = secret.ok_or(EngineError::Invalid(Refusal::NoWebhookSecret))?;
    let now = engine.now();
    let id = engine.ports.mint.uuid(now).to_string();
    let body = r#"{"type":"webhook.test","data":{}}"#;
    let client = client(row.authority_pem.as_deref())?;
    Ok(match send(&client, &row.webhook.url, &secret, &id, body, now).await? {
        Telling::Told => "taken".to_owned(),
        Telling::Gone => "the receiver wants no more (410 Gone)".to_owned(),
        Telling::Refused(said) | Telling::Later { said, .. } => said,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_go_encrypted_or_stay_on_this_machine() {
        for good in
            ["https://mes.example/hook", "https://10.0.0.5:8443/x", "http://localhost:1/", "http://[::1]/"]
        {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in
            ["http://mes.example/", "http://10.0.0.5/", "ftp://localhost/", "https://a:b@mes.example/", "mes"]
        {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
