//! What can go wrong in a use-case, and the one place where it becomes a code of the boundary.

use millwright_local_db::StoreError;
use millwright_model::{ApiError, Code, KeyFault, LedgerFault, Missing, Refusal};

/// An error of the engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The input is not valid.
    #[error("{0}")]
    Invalid(Refusal),
    /// There is no such record.
    #[error("{0} is not here (any more)")]
    NotFound(Missing),
    /// It cannot be done in the present state.
    #[error("{0}")]
    Precondition(Refusal),
    /// Nobody is picked.
    #[error("{}", Refusal::NobodyPicked)]
    NoActor,
    /// The other side cannot be reached.
    #[error("{0}")]
    Unreachable(Refusal),
    /// The key that seals the secrets cannot be had.
    #[error("{0}")]
    KeyStore(KeyFault),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that should not happen.
    #[error("{0}")]
    Internal(String),
}

impl EngineError {
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<serde_json::Error> for EngineError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        let code = match &error {
            EngineError::Invalid(_) => Code::Invalid,
            EngineError::NotFound(_) => Code::NotFound,
            EngineError::Precondition(_) | EngineError::KeyStore(_) => Code::Precondition,
            EngineError::NoActor => Code::NoActor,
            EngineError::Unreachable(_) => Code::Unreachable,
            EngineError::Store(StoreError::Locked { .. }) => Code::Locked,
            EngineError::Store(
                StoreError::Newer { .. } | StoreError::Foreign { .. } | StoreError::NetworkFileSystem { .. },
            ) => Code::Foreign,
            EngineError::Store(StoreError::DiskFull) => Code::DiskFull,
            EngineError::Store(StoreError::DiskFailed) => Code::DiskFailed,
            EngineError::Store(StoreError::Ledger(
                LedgerFault::Unreachable { .. } | LedgerFault::Unclear { .. },
            )) => Code::Unreachable,
            EngineError::Store(StoreError::Ledger(LedgerFault::Unfit { .. } | LedgerFault::Moved { .. })) => {
                Code::Precondition
            }
            EngineError::Store(StoreError::Duplicate { .. }) => Code::Invalid,
            EngineError::Store(_) | EngineError::Internal(_) => Code::Internal,
        };
        if matches!(code, Code::Internal | Code::DiskFailed) {
            tracing::error!("{error}");
        }
        let message = error.to_string();
        let refusal = match error {
            EngineError::Invalid(refusal)
            | EngineError::Precondition(refusal)
            | EngineError::Unreachable(refusal) => Some(refusal),
            EngineError::NotFound(what) => Some(Refusal::NotHere { what }),
            EngineError::NoActor => Some(Refusal::NobodyPicked),
            EngineError::KeyStore(fault) => Some(Refusal::Key { fault }),
            EngineError::Store(StoreError::DiskFull) => Some(Refusal::DiskFull),
            EngineError::Store(StoreError::DiskFailed) => Some(Refusal::DiskFailed),
            EngineError::Store(StoreError::Ledger(fault)) => {
                Some(Refusal::Ledger { said: fault.to_string() })
            }
            EngineError::Store(StoreError::Duplicate { what }) => Some(Refusal::ExistsAlready { what }),
            EngineError::Store(_) | EngineError::Internal(_) => None,
        };
        Self { code, message, refusal }
    }
}
