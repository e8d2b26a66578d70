//! The encrypted link to a mail server: TLS from the first byte, or begun with STARTTLS; never less than was asked for.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use millwright_model::{Cause, MailTrouble};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::outcome::NotTaken;

/// A line of a reply is not longer than this (RFC 5321 allows 512 bytes).
const LINE_MAX: u64 = 2_048;
/// A reply has no more lines than this.
const LINES_MAX: usize = 64;
/// What stands for the greeting that a server gave before STARTTLS: the session above begins with reading one.
const GREETED: &[u8] = b"220 secured\r\n";

/// An encrypted link.
pub(crate) struct Secured {
    greeting: &'static [u8],
    stream: TlsStream<TcpStream>,
    peer: SocketAddr,
}

/// Encrypts a link from its first byte.
pub(crate) async fn at_once(
    stream: TcpStream,
    host: &str,
    ca_pem: Option<&str>,
) -> Result<Secured, NotTaken> {
    encrypt(stream, host, ca_pem, &[]).await
}

/// Encrypts a link with STARTTLS; refuses a server that does not offer it.
pub(crate) async fn begun(
    mut stream: TcpStream,
    host: &str,
    ca_pem: Option<&str>,
) -> Result<Secured, NotTaken> {
    let not_secured = |said: &str| NotTaken::new(MailTrouble::NotSecured, said);
    let mut reader = BufReader::new(&mut stream);
    expect(&mut reader, "220").await?;
    let offers = ask(&mut reader, "EHLO [127.0.0.1]\r\n", "250").await?;
    let offered =
        |line: &String| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"));
    if !offers.iter().any(offered) {
        return Err(not_secured("the server does not offer STARTTLS; nothing was sent"));
    }
    ask(&mut reader, "STARTTLS\r\n", "220").await?;
    // What came before the encryption anybody on the way may have written: it must not be taken for an answer later.
    if !reader.buffer().is_empty() {
        return Err(not_secured(
            "the server said more before the encryption than it was asked; nothing was sent",
        ));
    }
    encrypt(stream, host, ca_pem, GREETED).await
}

async fn ask(
    reader: &mut BufReader<&mut TcpStream>,
    command: &str,
    wanted: &str,
) -> Result<Vec<String>, NotTaken> {
    reader.get_mut().write_all(command.as_bytes()).await.map_err(out_of_reach)?;
    expect(reader, wanted).await
}

fn out_of_reach(error: io::Error) -> NotTaken {
    NotTaken::of(MailTrouble::OutOfReach, &error)
}

/// The lines of a reply that begins as it should.
async fn expect(reader: &mut BufReader<&mut TcpStream>, wanted: &str) -> Result<Vec<String>, NotTaken> {
    let mut lines = Vec::new();
    while lines.len() < LINES_MAX {
        let mut line = String::new();
        let read = (&mut *reader).take(LINE_MAX).read_line(&mut line).await;
        let read = read.map_err(out_of_reach)?;
        if read == 0 || !line.ends_with('\n') {
            return Err(NotTaken::new(MailTrouble::OutOfReach, "the server ended the talk"));
        }
        if !line.starts_with(wanted) {
            return Err(NotTaken::new(MailTrouble::NotNow, line));
        }
        let is_last = line.as_bytes().get(3) != Some(&b'-');
        lines.push(line);
        if is_last {
            return Ok(lines);
        }
    }
    Err(NotTaken::new(MailTrouble::OutOfReach, "the server does not stop talking")
        .because(Cause::NotUnderstood))
}

async fn encrypt(
    stream: TcpStream,
    host: &str,
    ca_pem: Option<&str>,
    greeting: &'static [u8],
) -> Result<Secured, NotTaken> {
    let settings = |said: String| NotTaken::new(MailTrouble::Settings, said);
    let name = ServerName::try_from(host.to_owned()).map_err(|error| settings(error.to_string()))?;
    let peer = stream.peer_addr().map_err(out_of_reach)?;
    let connector = TlsConnector::from(Arc::new(config(ca_pem)?));
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(Secured { greeting, stream, peer }),
        // A handshake that the certificate, or bytes that are no TLS, ended; anything else is the network's.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(NotTaken::of(MailTrouble::NotSecured, &error))
        }
        Err(error) => Err(out_of_reach(error)),
    }
}

fn config(ca_pem: Option<&str>) -> Result<ClientConfig, NotTaken> {
    let settings = |said: String| NotTaken::new(MailTrouble::Settings, said);
    let mut roots = RootCertStore::empty();
    match ca_pem {
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let certificate = certificate.map_err(|error| {
                    settings(format!("the certificate authority cannot be read: {error}"))
                })?;
                roots.add(certificate).map_err(|error| {
                    settings(format!("the certificate authority cannot be used: {error}"))
                })?;
            }
        }
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if roots.is_empty() {
        return Err(settings("there is no certificate authority to trust".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| settings(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

impl fmt::Debug for Secured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secured").field("peer", &self.peer).finish_non_exhaustive()
    }
}

impl AsyncTokioStream for Secured {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.greeting.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let (now, later) = self.greeting.split_at(self.greeting.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.greeting = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use millwright_model::{MailSecurity, MailTrouble, TimestampMs};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use crate::{Mail, MailServer};

    /// Answers each line with the next of `answers`, and gives back all that was said to it.
    async fn server_that_says(answers: Vec<&'static str>) -> (u16, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
            for answer in answers {
                stream.write_all(answer.as_bytes()).await.unwrap();
                let read = stream.read(&mut buffer).await.unwrap_or_default();
                heard.extend_from_slice(&buffer[..read]);
            }
            String::from_utf8_lossy(&heard).into_owned()
        });
        (port, heard)
    }

    async fn send_to(port: u16) -> crate::NotTaken {
        let server = MailServer {
            host: "localhost".into(),
            port,
            security: MailSecurity::StartTls,
            ca_pem: None,
            login: None,
            from: "mill@plant.example".into(),
        };
        let mail = Mail {
            message_id: "<1@plant.example>".into(),
            to: "anna@plant.example".into(),
            subject: "Urgent".into(),
            text: "Seal leaks".into(),
            written_at: TimestampMs(0),
        };
        server.send(&mail).await.unwrap_err()
    }

    #[tokio::test]
    async fn an_answer_slipped_in_before_the_encryption_ends_the_talk() {
        let (port, heard) = server_that_says(vec![
            "220 ready\r\n",
            "250-here\r\n250 STARTTLS\r\n",
            "220 go on\r\n250-here\r\n250 AUTH PLAIN\r\n",
        ])
        .await;
        let not_taken = send_to(port).await;
        assert_eq!(not_taken.trouble, MailTrouble::NotSecured, "{not_taken}");
        assert_eq!(heard.await.unwrap(), "EHLO [127.0.0.1]\r\nSTARTTLS\r\n");
    }

    #[tokio::test]
    async fn an_offer_of_starttls_that_was_taken_out_on_the_way_ends_the_talk() {
        let (port, heard) = server_that_says(vec!["220 ready\r\n", "250-here\r\n250 AUTH PLAIN\r\n"]).await;
        let not_taken = send_to(port).await;
        assert_eq!(not_taken.trouble, MailTrouble::NotSecured, "{not_taken}");
        assert_eq!(heard.await.unwrap(), "EHLO [127.0.0.1]\r\n");
    }

    #[tokio::test]
    async fn a_server_that_does_not_stop_talking_is_left() {
        let endless: &'static str = Box::leak("250-and more\r\n".repeat(1_000).into_boxed_str());
        let (port, _heard) = server_that_says(vec!["220 ready\r\n", endless]).await;
        assert_eq!(send_to(port).await.trouble, MailTrouble::OutOfReach);
    }
}
