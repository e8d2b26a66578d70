//! Errors as they cross the boundary: one closed code and a sentence for people.

use serde::{Deserialize, Deserializer, Serialize};

use crate::Refusal;

/// Why a command failed. A variant exists because a view, a script or an exit code branches on it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The disk answers with an error.
    DiskFailed,
    /// The other side cannot be reached.
    Unreachable,
    /// Nobody is signed in or picked.
    NoActor,
    /// Something that should not happen: the log says more.
    Internal,
}

/// An error as views and scripts see it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct ApiError {
    /// The closed code.
    pub code: Code,
    /// What happened, what is safe, what to do: in English, for logs and scripts.
    pub message: String,
    /// What was refused, where it is on our list: for faces that say it in the person's language.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub refusal: Option<Refusal>,
}

impl ApiError {
    /// An error of `code` that says `message`.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), refusal: None }
    }

    /// An error of `code` that says what was refused.
    pub fn refused(code: Code, refusal: Refusal) -> Self {
        Self { code, message: refusal.to_string(), refusal: Some(refusal) }
    }
}

/// A refusal that this version knows. An owner of another version may refuse what is not on our list: its sentence is
/// there all the same, and must not be lost with it.
fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Refusal>, D::Error> {
    let json = serde_json::Value::deserialize(from)?;
    Ok(serde_json::from_value(json).ok())
}
