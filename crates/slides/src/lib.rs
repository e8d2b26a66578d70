//! Decks of slides: words, lists, tables and pictures are laid out on 16:9 and written as PPTX (Office Open XML).
//!
//! Nothing here knows what a deck is about or which language it speaks. A deck is bounded, the same deck gives the same
//! bytes, and what finds no place on a slide goes on with the next one: nothing is left out.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod deck;
mod fault;
mod frame;
mod layout;
mod measure;
mod package;
mod picture;
mod slide;
mod text;
mod theme;

pub use deck::{Align, Block, Column, Deck, Furniture, Made, Picture, Row, Slide};
pub use deck::{COLUMNS_MAX, PICTURE_BYTES_MAX, ROWS_MAX, SLIDES_MAX, TEXT_CHARS_MAX};
pub use fault::{Counted, SlidesFault};

/// A deck that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The bytes of the PPTX.
    pub bytes: Vec<u8>,
    /// How many slides it has: where one did not hold all, more than were given.
    pub slides: usize,
}

/// Lays a deck out and writes it. The same deck gives the same bytes.
///
/// # Errors
/// When it has more of something than a deck holds, a picture is no PNG, or the archive cannot be written.
pub fn write_pptx(deck: &Deck) -> Result<Written, SlidesFault> {
    deck.check()?;
    let placed = layout::lay_out(deck)?;
    Ok(Written { bytes: package::write(deck, &placed)?, slides: placed.len() })
}
