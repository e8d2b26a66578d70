//! Why the key that seals the secrets cannot be had, in words that say what is safe.

use serde::{Deserialize, Serialize};

/// Why the key that seals the secrets cannot be had. It is needed before any window opens.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum KeyFault {
    /// The key store has lost it.
    #[error(
        "The key store of this system no longer holds Millwright's key. Your records are safe and unchanged; \
         passwords and names cannot be read. Bring the key store back, or, to begin with new secrets, remove {mark}."
    )]
    Gone {
        /// The file that says where the key is.
        mark: String,
    },
    /// The key store is silent or locked.
    #[error(
        "The key store of this system does not answer ({reason}). Your records are safe and unchanged. Sign in to \
         the desktop, unlock the key store, and start again."
    )]
    Silent {
        /// In its words.
        reason: String,
    },
    /// A credential of the service manager that nobody should rely on.
    #[error("The credential {path} has {bytes} bytes; from {least} to {most} are taken.")]
    CredentialLength {
        /// Where it lies.
        path: String,
        /// How long it is.
        bytes: u64,
        /// How long it has to be.
        least: u64,
        /// How long it may be.
        most: u64,
    },
    /// A key file of another length.
    #[error("The key file {path} has {bytes} bytes instead of 32.")]
    FileLength {
        /// Where it lies.
        path: String,
        /// How long it is.
        bytes: u64,
    },
    /// A key file that cannot be read.
    #[error("The key file {path}: {reason}")]
    FileUnreadable {
        /// Where it lies.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A file beside the key that cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Where it lies.
        path: String,
        /// What the system said.
        reason: String,
    },
}
