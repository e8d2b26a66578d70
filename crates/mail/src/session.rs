//! The talk with a mail server: up to the message every failure is sure, from its first byte on only an answer is.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use millwright_model::{Cause, MailSecurity, MailTrouble};
use tokio::time::timeout;

use crate::message::Mail;
use crate::outcome::NotTaken;
use crate::secured;

/// The link, the sign-in and the envelope together take no longer.
const PREPARED_WITHIN: Duration = Duration::from_secs(60);
/// A server that has the message answers within this; it may look for harm in it first.
const ANSWERED_WITHIN: Duration = Duration::from_secs(180);
/// How long a goodbye may take.
const QUIT_WITHIN: Duration = Duration::from_secs(5);
/// «Sign in first» and «encrypt first»: our settings, not this message.
const WANTS_LOGIN: [u16; 3] = [530, 534, 538];

/// A mail server and who we are there.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the link is secured.
    pub security: MailSecurity,
    /// A certificate authority to trust, as PEM, instead of the system's.
    pub ca_pem: Option<String>,
    /// Who we are; nothing where it asks for no name.
    pub login: Option<Login>,
    /// The address that we write from.
    pub from: String,
}

/// A name and its password.
#[derive(Clone)]
pub struct Login {
    /// The name.
    pub username: String,
    /// The password: no log line shows it.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("username", &self.username).finish_non_exhaustive()
    }
}

impl MailServer {
    /// Sends one message; answers when the server has taken it.
    ///
    /// # Errors
    /// Says why it was not taken, or that nobody knows whether it was.
    pub async fn send(&self, mail: &Mail) -> Result<(), NotTaken> {
        let (envelope, bytes) = mail
            .written(&self.from)
            .map_err(|fault| NotTaken::new(MailTrouble::Refused, fault.to_string()))?;
        let prepared = timeout(PREPARED_WITHIN, async {
            let mut connection = self.connect().await?;
            connection.command(MailFrom::new(envelope.from().cloned(), Vec::new())).await.map_err(refusal)?;
            for to in envelope.to() {
                connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(refusal)?;
            }
            connection.command(Data).await.map_err(refusal)?;
            Ok(connection)
        });
        let silent =
            |trouble| NotTaken::new(trouble, "the server stopped answering").because(Cause::TimedOut);
        let mut connection = prepared.await.map_err(|_elapsed| silent(MailTrouble::OutOfReach))??;
        let answer = timeout(ANSWERED_WITHIN, connection.message(&bytes)).await;
        match answer.map_err(|_elapsed| silent(MailTrouble::AnswerLost))? {
            Ok(_taken) => {
                // It is taken, whatever comes of the goodbye.
                drop(timeout(QUIT_WITHIN, connection.quit()).await);
                Ok(())
            }
            Err(error) if error.status().is_some() => Err(refusal(error)),
            Err(error) => Err(not_taken(MailTrouble::AnswerLost, &error)),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, NotTaken> {
        let host = self.host.trim_matches(['[', ']']);
        let stream = millwright_cause::connect((host, self.port))
            .await
            .map_err(|error| NotTaken::of(MailTrouble::OutOfReach, &error))?;
        let ca_pem = self.ca_pem.as_deref();
        let stream: Box<dyn lettre::transport::smtp::client::AsyncTokioStream> = match self.security {
            MailSecurity::Tls => Box::new(secured::at_once(stream, host, ca_pem).await?),
            MailSecurity::StartTls => Box::new(secured::begun(stream, host, ca_pem).await?),
            MailSecurity::Plain => Box::new(stream),
        };
        let mut connection = AsyncSmtpConnection::connect_with_transport(stream, &ClientId::default())
            .await
            .map_err(not_now)?;
        if let Some(login) = &self.login {
            let credentials = Credentials::new(login.username.clone(), login.password.clone());
            let signed_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
            signed_in.map_err(|error| {
                let refused = error.is_permanent() || error.is_client();
                let trouble = if refused { MailTrouble::Login } else { not_now_trouble(&error) };
                not_taken(trouble, &error)
            })?;
        }
        Ok(connection)
    }
}

/// What a refusal of this very message means; anything but a final answer is tried again.
fn refusal(error: Error) -> NotTaken {
    let code = error.status().map(u16::from);
    let trouble = match code {
        Some(code) if WANTS_LOGIN.contains(&code) => MailTrouble::Login,
        Some(_) if error.is_permanent() => MailTrouble::Refused,
        _ => not_now_trouble(&error),
    };
    not_taken(trouble, &error)
}

/// What a failure before the envelope means: never that this message is refused.
fn not_now(error: Error) -> NotTaken {
    not_taken(not_now_trouble(&error), &error)
}

fn not_now_trouble(error: &Error) -> MailTrouble {
    if error.status().is_some() { MailTrouble::NotNow } else { MailTrouble::OutOfReach }
}

/// The trouble with what the server answered, or the network did.
fn not_taken(trouble: MailTrouble, error: &Error) -> NotTaken {
    let not_taken = NotTaken::new(trouble, words(error));
    match (error.status(), millwright_cause::of(error)) {
        (Some(_answer), _) => not_taken,
        (None, Cause::Other) if error.is_timeout() => not_taken.because(Cause::TimedOut),
        (None, Cause::Other) => not_taken,
        (None, cause) => not_taken.because(cause),
    }
}

fn words(error: &Error) -> String {
    if error.is_response() && error.status().is_none() {
        return "the server ended the talk without an answer".to_owned();
    }
    error.to_string()
}
