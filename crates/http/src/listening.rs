//! The socket: loopback in the open, any other interface only with TLS, and bounds on who holds a connection how long.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use millwright_engine::Engine;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::answering::routes;

/// The most connections at once; more are turned away.
const CONNECTIONS_MAX: usize = 128;
/// A handshake takes no longer.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// A request's head is here within this, also the next one of a connection that rests.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// The longest head.
const HEAD_MAX_BYTES: usize = 16 * 1024;
/// No connection lives longer: whoever reads slowly gives its place back.
const CONNECTION_WITHIN: Duration = Duration::from_secs(300);
/// What runs when a connection's time is over may still be answered.
const LAST_ANSWER_WITHIN: Duration = Duration::from_secs(70);

/// Why nothing listens.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The address cannot be read.
    #[error(
        "«{text}» is no address: a port, or an address and a port, is wanted (8480, 127.0.0.1:8480, [::1]:8480)"
    )]
    NotAnAddress {
        /// What was given.
        text: String,
    },
    /// The address is reached from other machines, and nothing is encrypted.
    #[error(
        "{address} can be reached from other machines: tokens and records would be readable on the way. Give a certificate and its key (--http-cert, --http-key), or a loopback address"
    )]
    NeedsTls {
        /// The address.
        address: SocketAddr,
    },
    /// The certificate or its key cannot be used.
    #[error("{}: {reason}", .path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The system refuses the address.
    #[error("{address}: {error}")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
}

/// The address that people mean: a port alone is this machine's own.
///
/// # Errors
/// When it is none.
pub fn address_of(text: &str) -> Result<SocketAddr, ListenError> {
    let port = text.strip_prefix(':').unwrap_or(text);
    if let Ok(port) = port.parse() {
        return Ok((IpAddr::V4(Ipv4Addr::LOCALHOST), port).into());
    }
    let text =
        text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_not_one| ListenError::NotAnAddress { text })
}

/// The certificate that the door shows, and its key.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
}

impl Tls {
    /// Reads a chain of certificates and its key, both as PEM.
    ///
    /// # Errors
    /// When a file cannot be read or used, or both do not belong together.
    pub fn read(certificates: &Path, key: &Path) -> Result<Self, ListenError> {
        let at = |path: &Path, reason: String| ListenError::Certificate { path: path.to_owned(), reason };
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificates)
            .and_then(Iterator::collect)
            .map_err(|error| at(certificates, error.to_string()))?;
        if chain.is_empty() {
            return Err(at(certificates, "it holds no certificate".to_owned()));
        }
        let key_der = PrivateKeyDer::from_pem_file(key).map_err(|error| at(key, error.to_string()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| at(certificates, error.to_string()))?
            .with_no_client_auth()
            .with_single_cert(chain, key_der)
            .map_err(|error| at(key, error.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config) })
    }
}

/// A door that is open; it closes when this goes.
pub struct HttpDoor {
    address: SocketAddr,
    encrypted: bool,
    open: oneshot::Sender<()>,
    listening: JoinHandle<()>,
}

impl HttpDoor {
    /// Opens the door of `engine` at `address`.
    ///
    /// # Errors
    /// When others could listen in, or the system refuses the address.
    pub async fn open(engine: &Engine, address: SocketAddr, tls: Option<Tls>) -> Result<Self, ListenError> {
        if !address.ip().is_loopback() && tls.is_none() {
            return Err(ListenError::NeedsTls { address });
        }
        let refused = |error| ListenError::Refused { address, error };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let bound = listener.local_addr().map_err(refused)?;
        let encrypted = tls.is_some();
        let acceptor = tls.map(|tls| TlsAcceptor::from(tls.config));
        let (open, closed) = oneshot::channel();
        let listening = tokio::spawn(accept(listener, acceptor, routes(engine.clone()), closed));
        Ok(Self { address: bound, encrypted, open, listening })
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        let scheme = if self.encrypted { "https" } else { "http" };
        format!("{scheme}://{}/v1", self.address)
    }

    /// Closes it, and ends what is still said. A command that runs goes on.
    pub async fn close(self) {
        drop(self.open);
        if let Err(error) = self.listening.await {
            tracing::error!("commands over HTTP: {error}");
        }
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    routes: Router,
    mut closed: oneshot::Receiver<()>,
) {
    let mut talks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = &mut closed => break,
            Some(_ended) = talks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!("commands over HTTP: {error}");
                // Out of descriptors: asking again at once would only burn the processor.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if talks.len() >= CONNECTIONS_MAX {
            tracing::warn!("commands over HTTP: full, {from} is turned away");
            continue;
        }
        talks.spawn(meet(stream, acceptor.clone(), routes.clone()));
    }
    talks.shutdown().await;
}

async fn meet(stream: TcpStream, acceptor: Option<TlsAcceptor>, routes: Router) {
    let Some(acceptor) = acceptor else { return talk(stream, routes).await };
    match tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => talk(stream, routes).await,
        Ok(Err(error)) => tracing::debug!("commands over HTTP: {error}"),
        Err(_elapsed) => tracing::debug!("commands over HTTP: a handshake took too long"),
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, routes: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = tokio::time::sleep(CONNECTION_WITHIN) => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            match tokio::time::timeout(LAST_ANSWER_WITHIN, connection).await {
                Ok(ended) => ended,
                Err(_elapsed) => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!("commands over HTTP: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_this_machines_own() {
        for text in ["8480", ":8480", "localhost:8480", "127.0.0.1:8480"] {
            assert_eq!(
                address_of(text).map(|address| address.to_string()).ok().as_deref(),
                Some("127.0.0.1:8480")
            );
        }
        assert_eq!(address_of("[::1]:1").map(|address| address.ip().is_loopback()).ok(), Some(true));
        assert_eq!(address_of("0.0.0.0:80").map(|address| address.ip().is_loopback()).ok(), Some(false));
        for text in ["", "plant", "plant.example:80", "1.2.3.4", "70000"] {
            assert!(address_of(text).is_err(), "{text}");
        }
    }
}
