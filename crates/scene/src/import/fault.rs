//! Why a file is not read, and what of one that is read was left out.

use crate::model::ModelFault;

/// Why a file is not read. «At» is the place in the file: a node, a mesh, a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportFault {
    /// There is no byte in it, or no part.
    #[error("there is nothing in the file")]
    Nothing,
    /// It is of no kind that is known here.
    #[error("the file is neither glTF, GLB nor STL")]
    Unknown,
    /// It is of a kind that is known and not read.
    #[error("{format} is not read here. {advice}")]
    Stranger {
        /// What it is.
        format: &'static str,
        /// How to make something of it that is read.
        advice: &'static str,
    },
    /// It uses something that is not read.
    #[error("{at}: {what} is not read here. {advice}")]
    Unsupported {
        /// Where.
        at: String,
        /// What.
        what: String,
        /// How to do without.
        advice: &'static str,
    },
    /// More of something than is taken.
    #[error("{at}: {count} {what}; at most {limit} are read")]
    TooMany {
        /// Where.
        at: String,
        /// Of what.
        what: &'static str,
        /// How many.
        count: u64,
        /// The most.
        limit: u64,
    },
    /// It ends before it should, contradicts itself, or is no text where it should be.
    #[error("{at}: {reason}")]
    Damaged {
        /// Where.
        at: String,
        /// How that shows.
        reason: String,
    },
    /// A file that belongs to it was not given.
    #[error("{at}: the file «{uri}» that belongs to it was not given")]
    Missing {
        /// Where.
        at: String,
        /// How it is named there.
        uri: String,
    },
    /// A file that belongs to it is not read.
    #[error("{at}: {fault}")]
    Within {
        /// Where it is named.
        at: String,
        /// Why it is not read.
        #[source]
        fault: Box<ImportFault>,
    },
    /// What was read makes no model.
    #[error(transparent)]
    Model(#[from] ModelFault),
}

impl ImportFault {
    pub(super) fn damaged(at: impl Into<String>, reason: impl ToString) -> Self {
        Self::Damaged { at: at.into(), reason: reason.to_string() }
    }
}

/// What of a file is not in its model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Points or lines: only surfaces are read.
    NoSurface {
        /// Where.
        at: String,
    },
    /// A surface whose triangles are all flat.
    NoTriangles {
        /// Where.
        at: String,
    },
    /// A joint that follows another one, which stands on its own here.
    Follows {
        /// The joint.
        joint: String,
        /// What it would follow.
        followed: String,
    },
    /// A movement of something that is not moved here.
    NoMovement {
        /// Where.
        at: String,
    },
}
