//! The connection to the mail server: what is kept of it, and trying it with a message.

use std::collections::BTreeSet;

use millwright_local_db::Session;
use millwright_mail::{Login, Mail, MailServer, check_address};
use millwright_model::*;

use super::words::{self, Reader};
use crate::connection::refuse_in_demo;
use crate::engine::Inner;
use crate::team::shared::give_secrets;
use crate::{EngineError, plain};

pub(crate) const MAIL: &str = "mail_connection";
pub(crate) const MAIL_PASSWORD: &str = "mail_password";

/// What is kept of it.
pub(crate) async fn kept(session: &mut Session) -> Result<Option<MailConnection>, EngineError> {
    Ok(session.setting(MAIL).await?.flatten())
}

/// The server that this engine sends to; nothing where none is set up, and on a member of a team.
pub(super) async fn server(engine: &Inner) -> Result<Option<MailServer>, EngineError> {
    if engine.team.follows() {
        return Ok(None);
    }
    let kept = kept(&mut engine.database.read().await?).await?;
    Ok(kept.map(|connection| server_of(engine, &connection, None)))
}

fn server_of(engine: &Inner, connection: &MailConnection, password: Option<String>) -> MailServer {
    let login = connection.username.clone().map(|username| Login {
        username,
        password: password.or_else(|| engine.vault.text(MAIL_PASSWORD)).unwrap_or_default(),
    });
    MailServer {
        host: connection.host.clone(),
        port: connection.port,
        security: connection.security,
        ca_pem: connection.ca_pem.clone(),
        login,
        from: connection.from.clone(),
    }
}

fn unfit(said: impl ToString) -> EngineError {
    EngineError::Invalid(Refusal::Mail {
        trouble: MailTrouble::Settings,
        said: said.to_string(),
        cause: Cause::Settings,
    })
}

/// Refuses what could never work, or would reach somebody who was not meant.
fn check(connection: &MailConnection) -> Result<(), EngineError> {
    if connection.host.trim().is_empty() {
        return Err(unfit("the mail server has no name"));
    }
    check_address(&connection.from).map_err(unfit)?;
    for reader in &connection.readers {
        check_address(&reader.address).map_err(unfit)?;
    }
    if connection.readers.len() > MailConnection::READERS_MAX {
        return Err(unfit(format!("at most {} addresses are written to", MailConnection::READERS_MAX)));
    }
    let mut named = BTreeSet::new();
    if let Some(twice) =
        connection.readers.iter().find(|reader| !named.insert(reader.address.to_ascii_lowercase()))
    {
        return Err(unfit(format!("{} is named twice", twice.address)));
    }
    plain::check_reason(plain::mail_host(connection).as_deref(), connection.plain_reason.as_deref())
}

async fn check_password(
    engine: &Inner,
    connection: &MailConnection,
    password: Option<&String>,
) -> Result<(), EngineError> {
    let host = plain::mail_host(connection);
    let sends_kept = connection.username.is_some() && password.is_none();
    plain::check_credentials(engine, DeliveryTarget::Mail, host.as_deref(), sends_kept).await
}

pub(crate) async fn test(
    engine: &Inner,
    command: MailConnectionTest,
) -> Result<ConnectionFinding, EngineError> {
    // A test reaches somebody as well: the demo plant writes to nobody.
    refuse_in_demo(engine)?;
    let MailConnectionTest { connection, password, to } = command;
    check(&connection)?;
    check_address(&to).map_err(unfit)?;
    check_password(engine, &connection, password.as_ref()).await?;
    let reader = Reader::of(&mut engine.database.read().await?, &words::holders_language(engine)).await?;
    let now = engine.now();
    let mail = Mail {
        message_id: words::message_id(engine.ports.mint.uuid(now), &connection.from),
        subject: reader.subject_of_test(),
        text: reader.text_of_test(now, &connection.host),
        to: to.clone(),
        written_at: now,
    };
    match server_of(engine, &connection, password).send(&mail).await {
        Ok(()) => Ok(ConnectionFinding {
            works: true,
            lines: vec![format!("{} has taken a test e-mail to {to}. Look there.", connection.host)],
            refusal: None,
        }),
        Err(not_taken) => Ok(ConnectionFinding {
            works: false,
            lines: vec![not_taken.said.clone()],
            refusal: Some(Refusal::Mail {
                trouble: not_taken.trouble,
                said: not_taken.said,
                cause: not_taken.cause,
            }),
        }),
    }
}

pub(crate) async fn save(engine: &Inner, command: MailConnectionSave) -> Result<(), EngineError> {
    refuse_in_demo(engine)?;
    if let Some(connection) = &command.connection {
        check(connection)?;
        check_password(engine, connection, command.password.as_ref()).await?;
    }
    let host = command.connection.as_ref().and_then(plain::mail_host);
    let reason = command.connection.as_ref().and_then(|connection| connection.plain_reason.as_deref());
    let mut unit = plain::begin(engine, host.as_deref()).await?;
    plain::record(&mut unit, DeliveryTarget::Mail, host.as_deref(), reason).await?;
    if let Some(password) = &command.password {
        engine.vault.set(MAIL_PASSWORD, Some(password.as_bytes()), &*engine.ports.mint)?;
    }
    give_secrets(engine, &mut unit.session).await?;
    unit.session.set_setting(MAIL, &command.connection).await?;
    unit.commit().await?;
    // How it goes shows with the first e-mail.
    engine.set_mail_link(match command.connection {
        Some(_) => LinkState::Connecting,
        None => LinkState::NotConfigured,
    });
    engine.wake_delivering.notify_waiters();
    engine.tell_stale([CacheTag::Settings, CacheTag::Sync].into());
    Ok(())
}
