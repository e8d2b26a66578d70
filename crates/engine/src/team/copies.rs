//! Nothing on one tablet only: while the node cannot be reached, what waits here is copied to other members, sealed to the
//! node, and what others bring is kept for it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use millwright_local_db::BlobHash;
use millwright_model::*;
use millwright_team::*;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::certificate::member_server_config;
use super::follow::TalkError;
use super::line::{Line, TlsLine};
use super::listen::{House, keep_door};
use super::{Membership, Role, carried, former, from_base64, letter};
use crate::engine::Inner;
use crate::unit::is_held;
use crate::{Engine, EngineError};

/// So many other members have a copy of what waits here, where so many can be reached.
const PLACES: usize = 2;
/// How often what waits here is looked at while the node cannot be reached.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The node is gone for so long before others are asked: most breaks are shorter.
const GONE_FOR_MS: i64 = 15_000;
/// The pause before another try to listen.
const LISTEN_AGAIN: Duration = Duration::from_secs(30);

/// What was copied to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many other members have all that waits here and may leave.
    pub places: usize,
    /// How many letters were given to them now.
    pub letters: usize,
}

impl Engine {
    /// Copies what waits here to other members, once, whether or not the node can be reached. What runs connected does it
    /// by itself while the node is gone.
    ///
    /// # Errors
    /// When the store refuses. Members that cannot be reached are no error.
    pub async fn copy_to_others(&self) -> Result<Copied, EngineError> {
        give(&self.inner).await
    }

    /// Lets other members find this one at `address` until the engine ends, and answers where it listens. What runs connected
    /// does it by itself.
    ///
    /// # Errors
    /// When this device is no member, or the address cannot be listened at.
    pub async fn keep_for_others(&self, address: SocketAddr) -> Result<SocketAddr, EngineError> {
        let Role::Member(membership) = self.inner.team.role() else {
            return Err(EngineError::Precondition(Refusal::NoTeam));
        };
        let (listener, bound) = listen(&self.inner, &membership, address).await?;
        tokio::spawn(listener);
        Ok(bound)
    }
}

/// Listens for other members and looks after copies, for as long as this device is a member.
pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    let mut changed = engine.team.changed.subscribe();
    let mut shares_copies = engine.team.shares_copies.subscribe();
    loop {
        changed.borrow_and_update();
        let shares = *shares_copies.borrow_and_update();
        let role = engine.team.role();
        let part = async {
            match &role {
                Role::Member(membership) if shares => {
                    tokio::join!(keep_listening(&engine, membership), look_after(&engine));
                }
                Role::Alone | Role::Node { .. } | Role::Asking { .. } | Role::Member(_) | Role::ShutOut => {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return,
            _ = changed.changed() => {}
            _ = shares_copies.changed() => {}
            () = part => {}
        }
        engine.team.listens_at.send_replace(None);
    }
}

async fn keep_listening(engine: &Arc<Inner>, membership: &Membership) {
    loop {
        match listen(engine, membership, SocketAddr::new(interface(membership), 0)).await {
            Ok((listener, bound)) => {
                tracing::debug!("other members find this one at {bound}");
                listener.await;
            }
            Err(error) => tracing::warn!("other members cannot find this one: {error}"),
        }
        tokio::time::sleep(LISTEN_AGAIN).await;
    }
}

/// Where a team is on this machine alone, nobody else has to find a member.
fn interface(membership: &Membership) -> IpAddr {
    let mut addresses = Invitation::addresses_of(&membership.address);
    let loopback =
        |address: &str| address.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback());
    match addresses.all(loopback) {
        true => Ipv4Addr::LOCALHOST.into(),
        false => Ipv4Addr::UNSPECIFIED.into(),
    }
}

async fn listen(
    engine: &Arc<Inner>,
    membership: &Membership,
    address: SocketAddr,
) -> Result<(impl Future<Output = ()> + use<>, SocketAddr), EngineError> {
    let broken = || EngineError::Internal("the kept certificate cannot be read".to_owned());
    let authority = from_base64(&membership.authority).ok_or_else(broken)?;
    let certificate = from_base64(&membership.certificate).ok_or_else(broken)?;
    let config = member_server_config(&authority, (&certificate, engine.device.signing_secret()))?;
    let listener = TcpListener::bind(address).await.map_err(EngineError::internal)?;
    let bound = listener.local_addr().map_err(EngineError::internal)?;
    engine.team.listens_at.send_replace(Some(bound.port()));
    Ok((keep_door(engine.clone(), House::Member, TlsAcceptor::from(config), listener), bound))
}

/// Tells the node where other members find this one.
pub(super) async fn announce(engine: &Inner, line: &mut impl Line) -> Result<(), TalkError> {
    let Some(port) = *engine.team.listens_at.borrow() else { return Ok(()) };
    if !engine.team.told().is_some_and(|told| told.facts.passes_on) {
        return Ok(());
    }
    match line.say(ToNode::ListensAt { port }).await? {
        ToDevice::Noted => Ok(()),
        ToDevice::Refused { why } => Err(TalkError::Refused(why)),
        other => Err(TalkError::Astray(format!("{other:?}"))),
    }
}

async fn look_after(engine: &Arc<Inner>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let talk = engine.team.talk.read().map(|talk| talk.clone()).unwrap_or_default();
        let gone = match talk {
            LinkState::Down { since, .. } => engine.now().since_ms(since).abs() >= GONE_FOR_MS,
            _ => false,
        };
        if !gone {
            continue;
        }
        if let Err(error) = give(engine).await {
            tracing::error!("what waits here could not be copied: {error}");
        }
    }
}

/// Another member, and where it was found last.
struct Neighbour {
    device_id: DeviceId,
    name: String,
    address: String,
}

async fn neighbours(engine: &Inner) -> Result<Vec<Neighbour>, EngineError> {
    let Some(told) = engine.team.told() else { return Ok(Vec::new()) };
    let mut session = engine.database.read().await?;
    let mut neighbours = Vec::new();
    for device in session.devices().await? {
        let other = device.device_id != engine.device.device_id && device.revoked_at.is_none();
        let address = told.of(device.device_id).and_then(|facts| facts.listens_at.clone());
        let Some(address) = address.filter(|_| other) else { continue };
        let has_copies = session.copied_up_to(device.device_id).await?.is_some();
        let neighbour = Neighbour { device_id: device.device_id, name: device.name, address };
        neighbours.push((!has_copies, neighbour));
    }
    // Who has some already gets the rest: as few members as possible hold copies. Of the others everybody begins with who
    // comes after itself, so that not all of them ask the same one.
    let own = engine.device.device_id;
    neighbours
        .sort_by_key(|(has_none, neighbour)| (*has_none, neighbour.device_id < own, neighbour.device_id));
    Ok(neighbours.into_iter().map(|(_, neighbour)| neighbour).collect())
}

async fn give(engine: &Inner) -> Result<Copied, EngineError> {
    let Role::Member(membership) = engine.team.role() else { return Ok(Copied::default()) };
    if membership.checkpoint.is_none() || !waits(engine).await? {
        return Ok(Copied::default());
    }
    let mut copied = Copied::default();
    for neighbour in neighbours(engine).await? {
        if copied.places >= PLACES {
            break;
        }
        if lacks(engine, neighbour.device_id).await?.is_nothing() {
            copied.places += 1;
            continue;
        }
        let given = async {
            let mut line = TlsLine::neighbour(engine, &membership, &neighbour.address).await?;
            if line.device() != Some(neighbour.device_id) {
                return Err(TalkError::Astray("another device is there now".to_owned()));
            }
            give_over(engine, &mut line, neighbour.device_id).await
        };
        match given.await {
            Ok(letters) => {
                copied.places += 1;
                copied.letters += letters;
            }
            Err(TalkError::Engine(error)) => return Err(error),
            Err(error) => tracing::debug!("{} keeps no copies: {error}", neighbour.name),
        }
    }
    if copied.letters > 0 {
        engine.tell_stale([CacheTag::Sync].into());
    }
    Ok(copied)
}

/// Whether anything waits for the node here.
async fn waits(engine: &Inner) -> Result<bool, EngineError> {
    let mut session = engine.database.read().await?;
    let (records, _) = session.waiting_for_node(engine.device.device_id).await?;
    Ok(records > 0 || session.attachment_count().await?.0 > 0)
}

/// What a member has no copy of.
struct Lacking {
    /// The place in this device's chain from which on it has no records; nothing when it has all that may leave.
    records_after: Option<Option<u64>>,
    photos: Vec<BlobHash>,
}

impl Lacking {
    fn is_nothing(&self) -> bool {
        self.records_after.is_none() && self.photos.is_empty()
    }
}

async fn lacks(engine: &Inner, keeper: DeviceId) -> Result<Lacking, EngineError> {
    let mut session = engine.database.read().await?;
    let after = session.copied_up_to(keeper).await?;
    let next = session.pending_after(engine.device.device_id, after, 1).await?.pop();
    let may_leave = next.is_some_and(|txn| txn.held_until.is_none_or(|until| !is_held(until, engine.now())));
    // What was recorded as who this device was comes first, and its node does not read that yet.
    let may_leave = may_leave && former::unread_by_node(engine, &mut session).await? == 0;
    let mut photos = Vec::new();
    for (text, _, at_node) in session.blobs_named().await? {
        let Some(hash) = BlobHash::parse(&text).filter(|hash| !at_node && letter::holds_blob(engine, *hash))
        else {
            continue;
        };
        if !session.blob_is_copied_to(&text, keeper).await? {
            photos.push(hash);
        }
    }
    Ok(Lacking { records_after: may_leave.then_some(after), photos })
}

/// Gives a member what it lacks: records first, since photos belong to them. Answers how many letters it took.
pub(crate) async fn give_over(
    engine: &Inner,
    line: &mut impl Line,
    keeper: DeviceId,
) -> Result<usize, TalkError> {
    let Lacking { records_after, photos } = lacks(engine, keeper).await?;
    let mut letters = 0;
    if let Some(after) = records_after
        && let Some((bytes, last)) = letter::copy_of_records(engine, after).await?
    {
        if let Some(why) = carried::give(line, &bytes).await? {
            return Err(TalkError::Refused(why));
        }
        let mut session = engine.database.write().await?;
        session.set_copied_up_to(keeper, last, engine.now()).await?;
        session.commit().await?;
        letters += 1;
    }
    for hash in photos {
        let Some(bytes) = letter::copy_of_blob(engine, hash)? else { continue };
        if let Some(why) = carried::give(line, &bytes).await? {
            return Err(TalkError::Refused(why));
        }
        let mut session = engine.database.write().await?;
        session.set_blob_copied(&hash.to_string(), keeper).await?;
        session.commit().await?;
        letters += 1;
    }
    Ok(letters)
}

/// Gives the node all that waits here, to be laid aside: this device was shut out.
pub(super) async fn give_up(engine: &Inner, line: &mut impl Line) -> Result<(), TalkError> {
    if let Some((bytes, _)) = letter::copy_of_records(engine, None).await?
        && let Some(why) = carried::give(line, &bytes).await?
    {
        return Err(TalkError::Refused(why));
    }
    for (text, _, at_node) in engine.database.read().await?.blobs_named().await? {
        let Some(hash) = BlobHash::parse(&text).filter(|_| !at_node) else { continue };
        if let Some(bytes) = letter::copy_of_blob(engine, hash)?
            && let Some(why) = carried::give(line, &bytes).await?
        {
            return Err(TalkError::Refused(why));
        }
    }
    Ok(())
}
