//! Errors as they cross the boundary: one closed code and a sentence for people.

use serde::{Deserialize, Serialize};

/// Why a command failed. A variant exists because a view, a script or an exit code branches on it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The input is not valid: fix the named field.
    Invalid,
    /// There is no such record.
    NotFound,
    /// It cannot be done in the present state.
    Precondition,
    /// The data directory belongs to another process.
    Locked,
    /// The files were written by a newer version, or are not ours.
    Foreign,
    /// The disk is full.
    DiskFull,
    /// The other side cannot be reached.
    Unreachable,
    /// Nobody is signed in or picked.
    NoActor,
    /// Something that should not happen: the log says more.
    Internal,
}

/// An error as views and scripts see it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct ApiError {
    /// The closed code.
    pub code: Code,
    /// What happened, what is safe, what to do: for people.
    pub message: String,
}

impl ApiError {
    /// An error of `code` that says `message`.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
