//! Links to other hosts that are not encrypted: only for a reason that a person gave, kept in the log, shown while it
//! is so, and never with a password that was given for something else.

use millwright_local_db::Session;
use millwright_model::*;
use url::Url;

use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::{actor, required_text};

const REASON_CHARS: usize = 500;

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The other host to which a connection to a broker is not encrypted.
pub(crate) fn plant_host(plant: &PlantConnection) -> Option<String> {
    let plain = match plant.transport {
        PlantTransport::Tcp | PlantTransport::WebSocket => true,
        PlantTransport::Tls | PlantTransport::WebSocketTls => false,
    };
    (plain && !is_loopback(&plant.host)).then(|| plant.host.clone())
}

/// The other host to which a connection to an ERP, or to where its tokens come from, is not encrypted.
pub(crate) fn erp_host(erp: &ErpConnection) -> Option<String> {
    [Some(&erp.url), erp.token_url.as_ref()].into_iter().flatten().find_map(|address| {
        let address = Url::parse(address).ok()?;
        let host = address.host_str()?.to_owned();
        (address.scheme() != "https" && !is_loopback(&host)).then_some(host)
    })
}

/// The other host to which a connection to a mail server is not encrypted.
pub(crate) fn mail_host(mail: &MailConnection) -> Option<String> {
    let plain = match mail.security {
        MailSecurity::Plain => true,
        MailSecurity::Tls | MailSecurity::StartTls => false,
    };
    (plain && !is_loopback(&mail.host)).then(|| mail.host.clone())
}

/// Refuses an unencrypted link to another host that nobody gave a reason for.
pub(crate) fn check_reason(host: Option<&str>, reason: Option<&str>) -> Result<(), EngineError> {
    let reasoned = reason.is_some_and(|reason| !reason.trim().is_empty());
    let Some(host) = host.filter(|_| !reasoned) else { return Ok(()) };
    Err(EngineError::Invalid(Refusal::NotEncrypted { host: host.to_owned() }))
}

/// Refuses to send a kept password over an unencrypted link for which it was not given.
pub(crate) async fn check_credentials(
    engine: &Inner,
    target: DeliveryTarget,
    host: Option<&str>,
    sends_kept_password: bool,
) -> Result<(), EngineError> {
    let Some(host) = host.filter(|_| sends_kept_password) else { return Ok(()) };
    let standing = engine.database.read().await?.plain_consent(target).await?;
    if standing.is_some_and(|consent| consent.host == host) {
        return Ok(());
    }
    Err(EngineError::Invalid(Refusal::PasswordInTheOpen { host: host.to_owned() }))
}

/// Begins the transaction that keeps a connection: in the name of a person where the link is not encrypted.
pub(crate) async fn begin<'e>(engine: &'e Inner, host: Option<&str>) -> Result<Unit<'e>, EngineError> {
    let actor = match host {
        Some(_) => actor(engine)?,
        None => actor(engine).unwrap_or_else(|_nobody| Actor::system()),
    };
    Unit::begin(engine, actor).await
}

/// Keeps in the log that a link is not encrypted, and why; or that this is over.
pub(crate) async fn record(
    unit: &mut Unit<'_>,
    target: DeliveryTarget,
    host: Option<&str>,
    reason: Option<&str>,
) -> Result<(), EngineError> {
    let standing = unit.plain_consent(target).await?;
    let reason = reason.unwrap_or_default().trim();
    let same = |consent: &PlainConsent| Some(consent.host.as_str()) == host && consent.reason == reason;
    if standing.as_ref().is_some_and(same) {
        return Ok(());
    }
    if let Some(before) = standing {
        let after = PlainConsent { ended_at: Some(unit.now), ..before.clone() };
        unit.update(&before, &after).await?;
    }
    if let (Some(host), Some(accepted_by)) = (host, unit.engine.person()) {
        let reason = required_text(reason, Input::Reason, REASON_CHARS)?;
        let consent = PlainConsent {
            plain_consent_id: unit.mint(),
            target,
            host: host.to_owned(),
            reason: reason.clone(),
            accepted_at: unit.now,
            accepted_by,
            ended_at: None,
        };
        unit.reason = Some(reason);
        unit.create(&consent).await?;
    }
    Ok(())
}

/// The links that are not encrypted now, for the badge.
pub(crate) async fn links(engine: &Inner, session: &mut Session) -> Result<Vec<PlainLink>, EngineError> {
    let kept = crate::connection::kept(session).await?;
    let hosts = [
        (
            DeliveryTarget::Broker,
            kept.plant.as_ref().and_then(plant_host),
            kept.plant.and_then(|plant| plant.plain_reason),
        ),
        (
            DeliveryTarget::Erp,
            kept.erp.as_ref().and_then(erp_host),
            kept.erp.and_then(|erp| erp.plain_reason),
        ),
        (
            DeliveryTarget::Mail,
            kept.mail.as_ref().and_then(mail_host),
            kept.mail.and_then(|mail| mail.plain_reason),
        ),
    ];
    let mut links = Vec::new();
    for (target, host, reason) in hosts {
        let Some(host) = host else { continue };
        let consent = session.plain_consent(target).await?;
        links.push(PlainLink {
            target,
            host,
            reason: reason.unwrap_or_default(),
            accepted_by: consent.as_ref().and_then(|consent| engine.people.name(Some(consent.accepted_by))),
            accepted_at: consent.map(|consent| consent.accepted_at),
        });
    }
    Ok(links)
}
