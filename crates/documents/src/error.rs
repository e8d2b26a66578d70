//! What can be wrong with a document.

/// Why a document cannot be read or edited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The bytes of an update are none that this version reads.
    #[error("update {place} of the document cannot be read: {reason}")]
    UpdateUnreadable {
        /// Which, from 0.
        place: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// It has more than is read.
    #[error("the document has more than {limit} {what}")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How many are read.
        limit: usize,
    },
    /// It does not hold what a guide has.
    #[error("{place} of the document does not fit: {reason}")]
    Unfit {
        /// Where.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// What is to be edited is not in it (any more).
    #[error("{what} is not in the document (any more)")]
    NotThere {
        /// What.
        what: String,
    },
    /// The version that was edited is none of this document.
    #[error("this version is none of the document")]
    NoSuchVersion,
    /// The library failed.
    #[error("the document cannot be edited: {0}")]
    Failed(String),
}

impl From<loro::LoroError> for DocumentError {
    fn from(error: loro::LoroError) -> Self {
        Self::Failed(error.to_string())
    }
}
