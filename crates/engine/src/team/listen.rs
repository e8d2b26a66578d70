//! The node's door for devices: a TLS listener on an interface that a person named.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millwright_model::DeviceId;
use millwright_team::{FRAME_MAX_BYTES, ToNode};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use super::line::{LineError, read_frame, write_frame};
use super::node::{Peer, answer};
use crate::engine::Inner;
use crate::{Engine, EngineError};

/// The most connections of which nobody knows yet whose they are: with one more, the oldest of them is ended. A door
/// that turned the new one away instead could be held shut.
const UNPROVEN_MAX: usize = 200;
/// The most connections of one device: it talks on one and listens on another, and an old one may not have ended yet.
const OF_ONE_DEVICE_MAX: usize = 6;
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
            let door = Arc::new(Door::default());
            let mut shutdown = engine.shutdown.subscribe();
            loop {
                let accepted = tokio::select! {
                    _ = shutdown.wait_for(|ended| *ended) => return,
                    accepted = listener.accept() => accepted,
                };
                match accepted {
                    Ok((stream, from)) => door.come_in(&engine, &acceptor, stream, from),
                    Err(error) => tracing::warn!("the team's door: {error}"),
                }
            }
        });
        Ok(bound)
    }
}

/// Who is in the door.
#[derive(Default)]
struct Door {
    /// Connections that have not shown a member's certificate.
    unproven: Mutex<Queue>,
    /// Those of each device.
    proven: Mutex<BTreeMap<DeviceId, Queue>>,
    numbers: AtomicU64,
}

/// Connections by their number, the oldest first.
#[derive(Default)]
struct Queue(VecDeque<(u64, AbortHandle)>);

impl Queue {
    /// Takes one more in. With more than `most`, the oldest is ended.
    fn push(&mut self, number: u64, talk: AbortHandle, most: usize) {
        self.0.push_back((number, talk));
        if self.0.len() > most
            && let Some((_, oldest)) = self.0.pop_front()
        {
            tracing::warn!("the team's door: the oldest of more than {most} connections is ended");
            oldest.abort();
        }
    }

    fn take(&mut self, number: u64) -> Option<AbortHandle> {
        let place = self.0.iter().position(|(other, _)| *other == number)?;
        self.0.remove(place).map(|(_, talk)| talk)
    }
}

impl Door {
    fn come_in(
        self: &Arc<Self>,
        engine: &Arc<Inner>,
        acceptor: &TlsAcceptor,
        stream: TcpStream,
        from: SocketAddr,
    ) {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let (place, engine, acceptor) =
            (Place { door: self.clone(), number }, engine.clone(), acceptor.clone());
        // It is in the queue before it can leave it.
        let Ok(mut unproven) = self.unproven.lock() else { return };
        let talk = tokio::spawn(async move {
            if let Err(error) = serve(&place, &engine, acceptor, stream).await {
                tracing::debug!("the talk with {from} ended: {error}");
            }
        });
        unproven.push(number, talk.abort_handle(), UNPROVEN_MAX);
    }
}

/// A connection's place in the door, given back when it ends.
struct Place {
    door: Arc<Door>,
    number: u64,
}

impl Place {
    /// The connection is this device's.
    fn is_of(&self, device_id: DeviceId) {
        let talk = self.door.unproven.lock().ok().and_then(|mut unproven| unproven.take(self.number));
        if let (Some(talk), Ok(mut proven)) = (talk, self.door.proven.lock()) {
            proven.entry(device_id).or_default().push(self.number, talk, OF_ONE_DEVICE_MAX);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Ok(mut unproven) = self.door.unproven.lock() {
            unproven.take(self.number);
        }
        if let Ok(mut proven) = self.door.proven.lock() {
            proven.retain(|_, queue| {
                queue.take(self.number);
                !queue.0.is_empty()
            });
        }
    }
}

async fn serve(
    place: &Place,
    engine: &Inner,
    acceptor: TlsAcceptor,
    stream: TcpStream,
) -> Result<(), LineError> {
    stream.set_nodelay(true)?;
    let handshake = tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream));
    let mut stream = handshake.await.map_err(|_elapsed| LineError::Late(HANDSHAKE_WITHIN))??;
    let shown =
        stream.get_ref().1.peer_certificates().and_then(|chain| chain.first()).map(|own| own.to_vec());
    let peer = match shown {
        None => Peer::Stranger,
        Some(certificate) => known(engine, &certificate).await,
    };
    if let Peer::Device(device_id) = peer {
        place.is_of(device_id);
    }
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
