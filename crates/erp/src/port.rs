//! The port that the engine sees: pull, plan, push, look up, test the connection.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use millwright_model::{
    Cause, ExternalKind, LookupOutcome, OutboundTxn, PlannedStep, PullPage, PushOutcome, Trouble,
};
use thiserror::Error;
use uuid::Uuid;

/// What an asynchronous call of the port gives.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A field of an order that a system may have no place for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum OrderField {
    /// More on what is to be done.
    Description,
    /// What kind of work it is.
    Kind,
    /// The machine.
    Asset,
    /// How urgent it is.
    Priority,
    /// When it should be done.
    Due,
    /// The planned start.
    PlannedStart,
    /// How long it is planned to take.
    PlannedMinutes,
    /// Who is to do it.
    Assignee,
}

/// An ERP as the engine sees it.
pub trait ErpPort: Send + Sync {
    /// The name of the system instance: part of the identity of every record pulled from it.
    fn system(&self) -> &str;

    /// The next page of changes since `cursor`; nothing is the very first. The cursor is opaque.
    fn pull_changes<'a>(&'a self, cursor: Option<&'a str>) -> PortFuture<'a, Result<PullPage, ErpError>>;

    /// Whether the system has a place for a field of its orders. What it has none for is ours alone: what a pull says
    /// there means nothing.
    fn has_order_field(&self, field: OrderField) -> bool {
        let _: OrderField = field;
        true
    }

    /// The steps that tell the ERP of a transaction, in order. Pure: nothing is asked of the server.
    fn plan(&self, txn: &OutboundTxn) -> Result<Vec<PlannedStep>, PlanError>;

    /// Sends one step. Sending a step again that took effect has no second effect.
    fn push<'a>(
        &'a self,
        step: &'a PlannedStep,
        keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<PushOutcome, PushError>>;

    /// Asks whether a step took effect. Call it no earlier than `request_limit_ms` after the step was sent:
    /// before that, «absent» may still become «done».
    fn lookup<'a>(
        &'a self,
        step: &'a PlannedStep,
        keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<LookupOutcome, ErpError>>;

    /// How long after sending a request the server may still work on it, in milliseconds.
    fn request_limit_ms(&self) -> u64;

    /// Tries everything the configuration names, changes nothing, and says what was found.
    fn test_connection(&self) -> PortFuture<'_, Result<ConnectionReport, ErpError>>;
}

/// The keys that the engine knows, asked when a step is sent.
pub trait KeyLookup: Send + Sync {
    /// The system's key of a record of ours.
    fn external_key(&self, kind: ExternalKind, id: Uuid) -> Option<String>;

    /// The system's mark of the version that the engine saw last (ETag); a change there since is then noticed.
    fn version(&self, kind: ExternalKind, id: Uuid) -> Option<String> {
        let _: (ExternalKind, Uuid) = (kind, id);
        None
    }
}

/// Keys held in a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownKeys {
    /// The system's keys.
    pub keys: BTreeMap<(ExternalKind, Uuid), String>,
    /// The versions seen last.
    pub versions: BTreeMap<(ExternalKind, Uuid), String>,
}

impl KeyLookup for KnownKeys {
    fn external_key(&self, kind: ExternalKind, id: Uuid) -> Option<String> {
        self.keys.get(&(kind, id)).cloned()
    }

    fn version(&self, kind: ExternalKind, id: Uuid) -> Option<String> {
        self.versions.get(&(kind, id)).cloned()
    }
}

/// Why the ERP gave no usable answer to a question. Asking again changes nothing there.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ErpError {
    /// No answer: the network, the server or its name service is not there, or the answer broke off.
    #[error("{0}")]
    Unreachable(Trouble),
    /// The server does not accept the login, or the login may not do this.
    #[error("{0}")]
    Refused(Trouble),
    /// The server answered, but not as the system that is configured.
    #[error("{0}")]
    NotUnderstood(String),
    /// The stored cursor or instruction is not one of this adapter.
    #[error("{0}")]
    BadInput(String),
}

impl ErpError {
    /// Why, with the words for it.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Unreachable(trouble) | Self::Refused(trouble) => trouble.clone(),
            Self::NotUnderstood(said) => Trouble::new(Cause::NotUnderstood, said),
            Self::BadInput(said) => Trouble::new(Cause::Settings, said),
        }
    }
}

/// Why a step has no known outcome.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PushError {
    /// It was definitely not carried out: send it again later.
    #[error("not sent: {0}")]
    NotSent(Trouble),
    /// It was sent and the answer is lost: look it up before anything else.
    #[error("sent, answer lost: {0}")]
    Unknown(Trouble),
}

impl PushError {
    /// Not sent, since what is to be told does not fit what is set up or known of the system.
    pub(crate) fn unfit(said: impl Into<String>) -> Self {
        Self::NotSent(Trouble::new(Cause::Settings, said))
    }

    /// Not sent, since others write the same record all the time.
    pub(crate) fn changes_too_fast() -> Self {
        Self::NotSent(Trouble::new(Cause::Busy, "the order changes faster than it can be read"))
    }
}

/// Why a transaction cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A value does not fit what the system or the mapping takes.
    #[error("{0}")]
    DoesNotFit(String),
    /// The mapping has no place for this kind of fact.
    #[error("{0}")]
    NotMapped(String),
}

/// Something the person who sets up the connection should look at. It does not stop the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where (`work_order.create`).
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What a test of the connection found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionReport {
    /// What the server says it is.
    pub server: String,
    /// Every set of records that the configuration names, and how it answered.
    pub sources: Vec<ReachedSource>,
    /// What has to be mended, as sentences.
    pub problems: Vec<String>,
}

/// A set of records that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachedSource {
    /// Its name at the ERP.
    pub name: String,
    /// How many records the login may read, where it answered.
    pub count: Option<u64>,
}
