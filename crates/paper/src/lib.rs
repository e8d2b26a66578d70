//! Records on paper: a document of headings, facts, tables and photos is laid out on A4 and written as PDF/A-2u.
//!
//! Nothing here knows what a record is or which language it speaks. Whatever the texts hold, the document is bounded,
//! every page says which one of how many it is, and what cannot be shown is said instead of left out.
//!
//! [`label`] prints what hangs on machines, in true size.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod clean;
mod document;
mod fault;
mod font;
pub mod label;
mod layout;
mod over;
mod pdf;
mod photo;
mod table;
mod wrap;

pub use document::{Align, Block, Column, Drawn, Fact, Furniture, Made, PAGES_MAX, Paper, Photo, Row};
pub use fault::PaperFault;
pub use photo::PHOTO_BYTES_MAX;

/// A document that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The bytes of the PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: u32,
}

/// Lays a document out and writes it.
///
/// # Errors
/// When the fonts of the app cannot be read, or the document cannot be written as PDF/A.
pub fn write_pdf(paper: &Paper) -> Result<Written, PaperFault> {
    pdf::write(paper)
}
