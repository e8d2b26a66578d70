//! The node's door for devices: a TLS listener on an interface that a person named.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use millwright_team::{FRAME_MAX_BYTES, ToNode};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::line::{LineError, read_frame, write_frame};
use super::node::{Peer, answer};
use crate::engine::Inner;
use crate::{Engine, EngineError};

/// The most devices that speak at once.
const CONNECTIONS_MAX: usize = 1_000;
/// A handshake takes no longer.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// A device that says nothing for so long is gone.
const SILENT_MAX: Duration = Duration::from_secs(120);
/// The longest message of a stranger.
const STRANGER_MAX_BYTES: usize = 16 * 1024;

impl Engine {
    /// Makes this device a team's node, where it is none, and lets devices speak to it at `address` until the engine
    /// ends. Answers where it listens.
    ///
    /// # Errors
    /// When this device is in another team, or the address cannot be listened at.
    pub async fn serve_team(&self, address: SocketAddr) -> Result<SocketAddr, EngineError> {
        self.inner.become_node().await?;
        let acceptor = TlsAcceptor::from(self.inner.authority()?.server_config()?);
        let listener = TcpListener::bind(address).await.map_err(EngineError::internal)?;
        let bound = listener.local_addr().map_err(EngineError::internal)?;
        let engine = self.inner.clone();
        tokio::spawn(async move {
            let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
            let mut shutdown = engine.shutdown.subscribe();
            loop {
                let accepted = tokio::select! {
                    _ = shutdown.wait_for(|ended| *ended) => return,
                    accepted = listener.accept() => accepted,
                };
                let (stream, from) = match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!("the team's door: {error}");
                        continue;
                    }
                };
                let Ok(place) = room.clone().try_acquire_owned() else {
                    tracing::warn!("the team's door is full: {from} is turned away");
                    continue;
                };
                let (engine, acceptor) = (engine.clone(), acceptor.clone());
                tokio::spawn(async move {
                    if let Err(error) = serve(&engine, acceptor, stream).await {
                        tracing::debug!("the talk with {from} ended: {error}");
                    }
                    drop(place);
                });
            }
        });
        Ok(bound)
    }
}

async fn serve(engine: &Inner, acceptor: TlsAcceptor, stream: TcpStream) -> Result<(), LineError> {
    stream.set_nodelay(true)?;
    let handshake = tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream));
    let mut stream = handshake.await.map_err(|_elapsed| LineError::Late(HANDSHAKE_WITHIN))??;
    let shown =
        stream.get_ref().1.peer_certificates().and_then(|chain| chain.first()).map(|own| own.to_vec());
    let peer = match shown {
        None => Peer::Stranger,
        Some(certificate) => known(engine, &certificate).await,
    };
    let limit = match peer {
        Peer::Stranger => STRANGER_MAX_BYTES,
        Peer::Device(_) => FRAME_MAX_BYTES,
    };
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        let next = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return Ok(()),
            next = tokio::time::timeout(SILENT_MAX, read_frame::<ToNode>(&mut stream, limit)) => next,
        };
        let Some(message) = next.map_err(|_elapsed| LineError::Late(SILENT_MAX))?? else { return Ok(()) };
        let answer = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return Ok(()),
            answer = Box::pin(answer(engine, peer, message)) => answer,
        };
        write_frame(&mut stream, &answer).await?;
    }
}

async fn known(engine: &Inner, certificate: &[u8]) -> Peer {
    let contact = async { engine.database.read().await?.contact_of_certificate(certificate).await };
    match contact.await {
        Ok(Some(contact)) => Peer::Device(contact.device_id),
        Ok(None) => Peer::Stranger,
        Err(error) => {
            tracing::error!("the team's node: {error}");
            Peer::Stranger
        }
    }
}
