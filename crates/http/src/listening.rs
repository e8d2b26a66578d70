//! The socket: loopback in the open, any other interface only with TLS, and bounds on who holds a connection how long.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use millwright_engine::Engine;
use millwright_listen::Door;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::answering::routes;

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
    door: Door,
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
        let door = Door::open("commands over HTTP", listener, acceptor, routes(engine.clone()));
        Ok(Self { address: bound, encrypted, door })
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        let scheme = if self.encrypted { "https" } else { "http" };
        format!("{scheme}://{}/v1", self.address)
    }

    /// Closes it, and ends what is still said. A command that runs goes on.
    pub async fn close(self) {
        self.door.close().await;
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
