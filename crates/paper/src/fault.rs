//! What can go wrong with a document.

/// Why a document was not written.
#[derive(Debug, thiserror::Error)]
pub enum PaperFault {
    /// A font of the app cannot be read.
    #[error("a font of the app cannot be read")]
    Font,
    /// The writer of PDFs refused it.
    #[error("the document cannot be written: {0}")]
    Refused(String),
}
