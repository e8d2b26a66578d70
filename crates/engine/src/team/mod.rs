//! What this device is in a team: alone, the node whose order is everyone's, or a member that follows it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::{BlobHash, Session, WriteSession};
use millwright_model::{DeviceId, OP_FORMAT, Scope, TimestampMs};
use millwright_team::Invitation;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use self::facts::Told;
use self::former::FormerSelf;
use crate::EngineError;
use crate::engine::Inner;

mod brought;
pub(crate) mod carried;
pub(crate) mod certificate;
pub(crate) mod copies;
pub(crate) mod facts;
pub(crate) mod follow;
pub(crate) mod former;
mod fresh;
pub(crate) mod judging;
pub(crate) mod letter;
pub(crate) mod line;
pub(crate) mod listen;
pub(crate) mod node;
mod opening;
mod photos;
pub(crate) mod scope;
pub(crate) mod seal;
pub(crate) mod shared;
mod undone;

const SETTING: &str = "team";

/// What this device is in a team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub(crate) enum Role {
    /// It has no team.
    #[default]
    Alone,
    /// Its order is everyone's.
    Node {
        /// The team.
        team_id: Uuid,
    },
    /// It has asked to be let in.
    Asking {
        /// The invitation as it was given.
        invitation: String,
        /// What people are to call this device.
        name: String,
    },
    /// It follows the node.
    Member(Membership),
    /// It was shut out, and what it held of the team was removed.
    ShutOut,
}

/// What a member knows of its team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) team_id: Uuid,
    /// Host and port of the node; of each of its processes, with commas, where it has several.
    pub(crate) address: String,
    /// The certificate of the node's authority, as DER in base64.
    pub(crate) authority: String,
    /// The certificate for this device, as DER in base64.
    pub(crate) certificate: String,
    /// The X25519 key of the node, as 64 hex digits.
    pub(crate) node_sealing_key: String,
    pub(crate) scope: Scope,
    /// How far this device has come in the node's order; nothing before the first start is over.
    pub(crate) checkpoint: Option<i64>,
    /// The format of ops that this device read when it filled up: kinds that came later are missing here.
    #[serde(default = "first_format")]
    pub(crate) filled_format: u16,
}

fn first_format() -> u16 {
    1
}

/// The team's part of an engine.
pub(crate) struct Team {
    role: RwLock<Role>,
    /// Who this device was before its directory was restored or copied, the oldest first.
    formers: RwLock<Vec<FormerSelf>>,
    /// The node's order grew, or a stranger asked.
    pub(crate) news: watch::Sender<i64>,
    /// Something was written here that the node has to hear.
    pub(crate) wrote: Notify,
    /// Somebody else holds this device.
    pub(crate) handed: Notify,
    /// The role changed.
    pub(crate) changed: watch::Sender<u64>,
    pub(crate) talk: RwLock<millwright_model::LinkState>,
    /// Two offers at once would race for the end of a chain.
    pub(crate) judging: tokio::sync::Mutex<()>,
    /// Wrong codes since the start: guessing gets nowhere.
    pub(crate) wrong_codes: std::sync::atomic::AtomicU32,
    /// When each device was told how the others stand, on the node.
    telling: Mutex<BTreeMap<DeviceId, TimestampMs>>,
    /// The newest format of ops that each device reads, as it said when it began to talk.
    reads: Mutex<BTreeMap<DeviceId, u16>>,
    /// The newest format of ops that the node reads, as it said last.
    node_reads: std::sync::atomic::AtomicU16,
    /// What the node told of the team's devices.
    told: RwLock<Option<Told>>,
    /// Where members said that others find them, on the node.
    listening: Mutex<BTreeMap<DeviceId, SocketAddr>>,
    /// The port at which other members find this device.
    pub(crate) listens_at: watch::Sender<Option<u16>>,
    /// Whether this device shares copies with other members.
    pub(crate) shares_copies: watch::Sender<bool>,
    /// The letter that each device is just bringing.
    pub(crate) arriving: Mutex<BTreeMap<DeviceId, BlobHash>>,
    /// Something lies here that the node is to have.
    pub(crate) carries: Notify,
}

impl Team {
    pub(crate) async fn load(session: &mut Session) -> Result<Self, EngineError> {
        let mut role: Role = session.setting(SETTING).await?.unwrap_or_default();
        if let Role::Member(membership) = &mut role
            && membership.filled_format < OP_FORMAT
        {
            // This version knows kinds of records that the one before was not told of: it fills up again.
            membership.checkpoint = None;
            membership.filled_format = OP_FORMAT;
        }
        let settings = crate::settings::kept(session).await?;
        Ok(Self {
            role: RwLock::new(role),
            formers: RwLock::new(former::load(session).await?),
            news: watch::channel(session.ledger_head().await?).0,
            wrote: Notify::new(),
            handed: Notify::new(),
            changed: watch::channel(0).0,
            talk: RwLock::default(),
            judging: tokio::sync::Mutex::new(()),
            wrong_codes: std::sync::atomic::AtomicU32::new(0),
            telling: Mutex::default(),
            reads: Mutex::default(),
            node_reads: std::sync::atomic::AtomicU16::new(OP_FORMAT),
            told: RwLock::new(session.setting::<Option<Told>>(facts::SETTING).await?.flatten()),
            listening: Mutex::default(),
            listens_at: watch::channel(None).0,
            shares_copies: watch::channel(settings.shares_copies).0,
            arriving: Mutex::default(),
            carries: Notify::new(),
        })
    }

    /// The newest format of ops that a device reads; the first one of all until it says so.
    pub(crate) fn format_read_by(&self, device_id: DeviceId) -> u16 {
        self.reads.lock().ok().and_then(|reads| reads.get(&device_id).copied()).unwrap_or(1)
    }

    /// A device said which format of ops it reads.
    fn reads_format(&self, device_id: DeviceId, op_format: u16) {
        if let Ok(mut reads) = self.reads.lock() {
            reads.insert(device_id, op_format);
        }
    }

    /// Where other members find a device, as it told the node last.
    pub(crate) fn listening(&self, device_id: DeviceId) -> Option<SocketAddr> {
        self.listening.lock().ok().and_then(|listening| listening.get(&device_id).copied())
    }

    /// A device said where other members find it. The others are told with their next answer.
    fn listens(&self, device_id: DeviceId, address: SocketAddr) {
        let before = self.listening.lock().ok().and_then(|mut all| all.insert(device_id, address));
        if before != Some(address)
            && let Ok(mut telling) = self.telling.lock()
        {
            telling.clear();
        }
    }

    /// The newest format of ops that the node reads.
    pub(crate) fn node_reads(&self) -> u16 {
        self.node_reads.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// What the node told of the team's devices, last.
    pub(crate) fn told(&self) -> Option<Told> {
        self.told.read().ok().and_then(|told| told.clone())
    }

    /// From now on this was told.
    fn was_told(&self, told: Option<Told>) {
        if let Ok(mut kept) = self.told.write() {
            *kept = told;
        }
    }

    /// Who this device was before, the oldest first.
    pub(crate) fn formers(&self) -> Vec<FormerSelf> {
        self.formers.read().map(|formers| formers.clone()).unwrap_or_default()
    }

    /// From now on it was nobody before.
    fn was_nobody(&self) {
        if let Ok(mut formers) = self.formers.write() {
            formers.clear();
        }
    }

    pub(crate) fn role(&self) -> Role {
        self.role.read().map(|role| role.clone()).unwrap_or_default()
    }

    /// The team; nothing where this device is in none.
    pub(crate) fn id(&self) -> Option<Uuid> {
        match self.role() {
            Role::Node { team_id } | Role::Member(Membership { team_id, .. }) => Some(team_id),
            Role::Alone | Role::Asking { .. } | Role::ShutOut => None,
        }
    }

    pub(crate) fn is_node(&self) -> bool {
        matches!(self.role(), Role::Node { .. })
    }

    /// Whether somebody else brings what is written here to the ERP and the plant.
    pub(crate) fn follows(&self) -> bool {
        matches!(self.role(), Role::Member(_))
    }

    /// How far this device has come in the node's order; nothing where it is no member or holds no rows yet.
    pub(crate) fn checkpoint(&self) -> Option<i64> {
        match self.role() {
            Role::Member(membership) => membership.checkpoint,
            Role::Alone | Role::Node { .. } | Role::Asking { .. } | Role::ShutOut => None,
        }
    }

    /// Keeps a role in `session`; it counts once [`Team::now_is`] is told after the commit.
    pub(crate) async fn keep(session: &mut WriteSession, role: &Role) -> Result<(), EngineError> {
        Ok(session.set_setting(SETTING, role).await?)
    }

    /// From now on this is the role.
    pub(crate) fn now_is(&self, role: Role) {
        if let Ok(mut kept) = self.role.write() {
            *kept = role;
        }
        self.changed.send_modify(|number| *number += 1);
    }

    /// The checkpoint moved; nothing that runs has to begin anew.
    fn came_to(&self, checkpoint: i64) {
        if let Ok(mut kept) = self.role.write()
            && let Role::Member(membership) = &mut *kept
        {
            membership.checkpoint = Some(checkpoint);
        }
    }
}

impl Inner {
    /// Whose transactions wait here for the node, in the order in which they build on each other: who this device was,
    /// and itself.
    pub(crate) fn writers(&self) -> Vec<DeviceId> {
        let formers = self.team.formers().into_iter().map(|former| former.device_id);
        formers.chain([self.device.device_id]).collect()
    }

    /// Makes this device the node of a new team, or says that it is one already.
    pub(crate) async fn become_node(&self) -> Result<Uuid, EngineError> {
        use millwright_model::Refusal;

        match self.team.role() {
            Role::Node { team_id } => return Ok(team_id),
            Role::Alone => {}
            Role::Asking { .. } | Role::Member(_) | Role::ShutOut => {
                return Err(EngineError::Precondition(Refusal::InAnotherTeam));
            }
        }
        let role = Role::Node { team_id: self.ports.mint.uuid(self.now()) };
        let mut session = self.database.write().await?;
        session.order_all().await?;
        let head = session.ledger_head().await?;
        Team::keep(&mut session, &role).await?;
        session.commit().await?;
        self.team.now_is(role.clone());
        self.team.news.send_replace(head);
        crate::use_case::team::record_node(self).await?;
        match role {
            Role::Node { team_id } => Ok(team_id),
            _ => Err(EngineError::Internal("the node has no team".to_owned())),
        }
    }
}

/// Hex digits of 32 bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hex digits, if there are exactly `N`.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    let mut bytes = [0; N];
    if digits.len() != 2 * N || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

pub(crate) fn base64_of(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The invitation of an asking role.
pub(crate) fn invitation_of(text: &str) -> Result<Invitation, EngineError> {
    text.parse::<Invitation>()
        .map_err(|_fault| EngineError::Invalid(millwright_model::Refusal::InvitationBroken))
}
