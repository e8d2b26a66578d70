//! A line to the node: says a message, hears its answer. Over TLS, or straight into a node in tests.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use millwright_model::{Cause, Device, DeviceId};
use millwright_team::{FRAME_MAX_BYTES, FrameError, Invitation, ToDevice, ToNode, decode, encode, length};
use rustls::ClientConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::certificate::{certified_key, client_config, neighbour_config, node_name};
use super::{Membership, from_base64, hex};
use crate::engine::Inner;

/// How long a connection may take to come about.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long an answer may take: longer than the node holds back one to «wait».
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Why a line is of no use.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The node cannot be reached, or the line broke.
    #[error("{0}")]
    Broken(#[from] std::io::Error),
    /// Nothing came in time.
    #[error("no answer within {} s", .0.as_secs())]
    Late(Duration),
    /// What came is no message.
    #[error("{0}")]
    Unfit(#[from] FrameError),
    /// The certificates cannot be used.
    #[error("{0}")]
    Certificate(String),
}

impl LineError {
    pub(crate) fn cause(&self) -> Cause {
        match self {
            Self::Broken(error) => millwright_cause::of(error),
            Self::Late(_) => Cause::TimedOut,
            Self::Unfit(_) => Cause::NotUnderstood,
            Self::Certificate(_) => Cause::OwnCertificate,
        }
    }
}

/// A line to the node.
pub trait Line: Send {
    /// Says a message and hears the answer.
    fn say(&mut self, message: ToNode) -> impl Future<Output = Result<ToDevice, LineError>> + Send;
}

/// A line over TLS.
pub(crate) struct TlsLine {
    stream: TlsStream<TcpStream>,
    /// The member on the other side.
    device: Option<DeviceId>,
}

impl TlsLine {
    /// A line for a stranger.
    pub(crate) async fn stranger(address: &str, authority: &[u8]) -> Result<Self, LineError> {
        Self::connect(address, client_config(authority, None).map_err(unusable)?).await
    }

    /// A line for a member.
    pub(crate) async fn member(engine: &Inner, membership: &Membership) -> Result<Self, LineError> {
        let broken = || LineError::Certificate("the kept certificate cannot be read".to_owned());
        let authority = from_base64(&membership.authority).ok_or_else(broken)?;
        let certificate = from_base64(&membership.certificate).ok_or_else(broken)?;
        let own = Some((&certificate[..], engine.device.signing_secret()));
        Self::connect(&membership.address, client_config(&authority, own).map_err(unusable)?).await
    }

    /// A line to another member, which has to be one: [`TlsLine::device`] says which.
    pub(crate) async fn neighbour(
        engine: &Inner,
        membership: &Membership,
        address: &str,
    ) -> Result<Self, LineError> {
        let broken = || LineError::Certificate("the kept certificate cannot be read".to_owned());
        let authority = from_base64(&membership.authority).ok_or_else(broken)?;
        let certificate = from_base64(&membership.certificate).ok_or_else(broken)?;
        let own = (&certificate[..], engine.device.signing_secret());
        let mut line = Self::connect(address, neighbour_config(&authority, own).map_err(unusable)?).await?;
        let shown = line.stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        let key = shown.and_then(|certificate| certified_key(certificate));
        line.device = match key {
            Some(key) => member_with_key(engine, key).await,
            None => None,
        };
        Ok(line)
    }

    /// The member on the other side of a line to another member, where this one knows it.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        self.device
    }

    async fn connect(address: &str, config: Arc<ClientConfig>) -> Result<Self, LineError> {
        let name = node_name().map_err(unusable)?;
        let mut failed = LineError::Late(CONNECT_WITHIN);
        // A node of several processes is reached through any of them.
        for address in Invitation::addresses_of(address) {
            let connected = tokio::time::timeout(CONNECT_WITHIN, async {
                let stream = millwright_cause::connect(address).await?;
                stream.set_nodelay(true)?;
                TlsConnector::from(config.clone()).connect(name.clone(), stream).await
            });
            failed = match connected.await {
                Ok(Ok(stream)) => return Ok(Self { stream, device: None }),
                Ok(Err(error)) => error.into(),
                Err(_elapsed) => LineError::Late(CONNECT_WITHIN),
            };
        }
        Err(failed)
    }
}

fn unusable(error: crate::EngineError) -> LineError {
    LineError::Certificate(error.to_string())
}

/// The member of the team that has this Ed25519 key and was not shut out.
pub(crate) async fn member_with_key(engine: &Inner, key: [u8; 32]) -> Option<DeviceId> {
    let devices = async { engine.database.read().await?.devices().await };
    let key = hex(&key);
    let of_key = |device: &Device| device.verifying_key == key && device.revoked_at.is_none();
    match devices.await {
        Ok(devices) => devices.into_iter().find(of_key).map(|device| device.device_id),
        Err(error) => {
            tracing::error!("the team's devices cannot be read: {error}");
            None
        }
    }
}

impl Line for TlsLine {
    async fn say(&mut self, message: ToNode) -> Result<ToDevice, LineError> {
        let talk = async {
            write_frame(&mut self.stream, &message).await?;
            read_frame(&mut self.stream, FRAME_MAX_BYTES).await?.ok_or_else(|| {
                LineError::Broken(std::io::Error::new(
                    std::io::ErrorKind::UnexpectedEof,
                    "the node ended the connection",
                ))
            })
        };
        tokio::time::timeout(ANSWER_WITHIN, talk).await.map_err(|_elapsed| LineError::Late(ANSWER_WITHIN))?
    }
}

/// Writes a message.
pub(crate) async fn write_frame<M: Serialize>(
    stream: &mut (impl AsyncWrite + Unpin),
    message: &M,
) -> Result<(), LineError> {
    stream.write_all(&encode(message)?).await?;
    stream.flush().await?;
    Ok(())
}

/// Reads a message of at most `limit` bytes; nothing when the other side ended.
pub(crate) async fn read_frame<M: DeserializeOwned>(
    stream: &mut (impl AsyncRead + Unpin),
    limit: usize,
) -> Result<Option<M>, LineError> {
    let mut head = [0; 4];
    match stream.read_exact(&mut head).await {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let bytes = length(head)?;
    if bytes > limit {
        return Err(FrameError::TooLong { bytes }.into());
    }
    // The announced length is not believed: room is made as bytes come.
    let mut body = Vec::new();
    stream.take(bytes as u64).read_to_end(&mut body).await?;
    if body.len() < bytes {
        return Ok(None);
    }
    Ok(Some(decode(&body)?))
}
