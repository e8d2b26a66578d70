//! The doors for devices: the node's, a TLS listener on an interface that a person named, and that of a member for others.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millwright_model::DeviceId;
use millwright_team::{FRAME_MAX_BYTES, ToDevice, ToNode};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use super::certificate::certified_key;
use super::line::{LineError, member_with_key, read_frame, write_frame};
use super::node::{Peer, answer, answer_as_member};
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
        tokio::spawn(keep_door(self.inner.clone(), House::Node, acceptor, listener));
        Ok(bound)
    }
}

/// Whose door it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum House {
    /// The node's: strangers may ask to be let in.
    Node,
    /// A member's: other members may leave letters for the node.
    Member,
}

/// Lets devices in until the engine ends.
pub(super) async fn keep_door(
    engine: Arc<Inner>,
    house: House,
    acceptor: TlsAcceptor,
    listener: TcpListener,
) {
    let door = Arc::new(Door {
        house,
        unproven: Mutex::default(),
        proven: Mutex::default(),
        numbers: AtomicU64::new(0),
    });
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
}

/// Who is in the door.
struct Door {
    house: House,
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
            if let Err(error) = serve(&place, &engine, acceptor, stream, from).await {
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
    from: SocketAddr,
) -> Result<(), LineError> {
    let house = place.door.house;
    stream.set_nodelay(true)?;
    let handshake = tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream));
    let mut stream = handshake.await.map_err(|_elapsed| LineError::Late(HANDSHAKE_WITHIN))??;
    let shown =
        stream.get_ref().1.peer_certificates().and_then(|chain| chain.first()).map(|own| own.to_vec());
    let peer = match shown {
        None => Peer::Stranger,
        Some(certificate) => known(engine, house, &certificate).await,
    };
    if house == House::Member && peer == Peer::Stranger {
        return Ok(());
    }
    if let Peer::Device(device_id) = peer {
        place.is_of(device_id);
    }
    let limit = match peer {
        Peer::Stranger => STRANGER_MAX_BYTES,
        Peer::Device(_) | Peer::ByAnother(_) | Peer::LetIn(_) => FRAME_MAX_BYTES,
    };
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        let next = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return Ok(()),
            next = tokio::time::timeout(SILENT_MAX, read_frame::<ToNode>(&mut stream, limit)) => next,
        };
        let Some(message) = next.map_err(|_elapsed| LineError::Late(SILENT_MAX))?? else { return Ok(()) };
        let listens_at = match message {
            ToNode::ListensAt { port } => Some(SocketAddr::new(from.ip(), port)),
            _ => None,
        };
        let answering = async {
            match house {
                House::Node => answer(engine, peer, message).await,
                House::Member => answer_as_member(engine, peer, message).await,
            }
        };
        let answer = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return Ok(()),
            answer = Box::pin(answering) => answer,
        };
        if let (Some(address), Peer::Device(device_id), ToDevice::Noted) = (listens_at, peer, &answer) {
            engine.team.listens(device_id, address);
        }
        write_frame(&mut stream, &answer).await?;
    }
}

async fn known(engine: &Inner, house: House, certificate: &[u8]) -> Peer {
    if house == House::Member {
        // Who lets devices in is the node; a member goes by the keys of those that it was told of.
        let Some(key) = certified_key(certificate) else { return Peer::Stranger };
        return member_with_key(engine, key).await.map_or(Peer::Stranger, Peer::Device);
    }
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
