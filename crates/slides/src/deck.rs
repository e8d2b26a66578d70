//! What a deck consists of, before anybody knows where on which slide it stands.

use std::sync::Arc;

use crate::fault::{Counted, SlidesFault};
use crate::picture;

/// The most slides of a deck, those on which others go on counted too.
pub const SLIDES_MAX: usize = 300;
/// The most rows of a table.
pub const ROWS_MAX: usize = 2_000;
/// The most columns of a table.
pub const COLUMNS_MAX: usize = 12;
/// So many characters of one text are written; what is cut off is shown by an ellipsis.
pub const TEXT_CHARS_MAX: usize = 8_000;
/// The pictures of a deck may hold so much together.
pub const PICTURE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A deck.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deck {
    /// What it is called, in the file's own particulars.
    pub title: String,
    /// Whose it is.
    pub owner: String,
    /// When it was made, for the file's own particulars.
    pub made: Made,
    /// The language, a BCP 47 tag.
    pub language: String,
    /// The words that the layout itself needs.
    pub furniture: Furniture,
    /// The slides, in order.
    pub slides: Vec<Slide>,
}

/// A moment by the clock of UTC.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month.
    pub day: u8,
    /// The hour.
    pub hour: u8,
    /// The minute.
    pub minute: u8,
    /// The second.
    pub second: u8,
}

/// The words that the layout itself needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Furniture {
    /// Stands at the foot of every slide.
    pub foot: String,
    /// Behind the title of a slide that goes on: `{slide} of {slides}`.
    pub goes_on: String,
}

/// A slide; where it does not hold all, more than one is made of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slide {
    /// Its title.
    pub title: String,
    /// What stands on it, one below the other.
    pub blocks: Vec<Block>,
    /// What the speaker sees beside it; empty for nothing.
    pub notes: String,
}

/// One thing on a slide.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Running words; line breaks are kept.
    Text(String),
    /// Words that should be seen before the others.
    Strong(String),
    /// A list with bullets.
    Bullets(Vec<String>),
    /// Rows below heads that are repeated on every slide.
    Table {
        /// The columns.
        columns: Vec<Column>,
        /// The rows.
        rows: Vec<Row>,
    },
    /// Pictures beside each other, as large as there is room.
    Pictures(Vec<Picture>),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What stands above it.
    pub head: String,
    /// How much of the width it gets, against the others.
    pub share: f32,
    /// At which side its cells stand.
    pub align: Align,
}

/// At which side words stand.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Where lines begin.
    #[default]
    Start,
    /// Where lines end: for numbers.
    End,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its cells, as many as there are columns.
    pub cells: Vec<String>,
    /// Whether it should be seen before the others.
    pub strong: bool,
}

/// A picture.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// The bytes of a PNG.
    pub png: Arc<Vec<u8>>,
    /// What is seen on it, for who does not see it.
    pub says: String,
    /// What stands below it; empty for nothing.
    pub caption: String,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("bytes", &self.png.len())
            .field("says", &self.says)
            .field("caption", &self.caption)
            .finish()
    }
}

impl Deck {
    /// Whether all of it is within bounds.
    pub(crate) fn check(&self) -> Result<(), SlidesFault> {
        at_most(self.slides.len(), SLIDES_MAX, Counted::Slides)?;
        let mut picture_bytes = 0_usize;
        for (place, slide) in self.slides.iter().enumerate() {
            for block in &slide.blocks {
                match block {
                    Block::Text(_) | Block::Strong(_) => {}
                    Block::Bullets(bullets) => at_most(bullets.len(), ROWS_MAX, Counted::Rows)?,
                    Block::Table { columns, rows } => check_table(place + 1, columns, rows)?,
                    Block::Pictures(pictures) => {
                        at_most(pictures.len(), COLUMNS_MAX, Counted::Columns)?;
                        for one in pictures {
                            picture_bytes = picture_bytes.saturating_add(one.png.len());
                            at_most(picture_bytes, PICTURE_BYTES_MAX, Counted::PictureBytes)?;
                            picture::sides(&one.png).ok_or(SlidesFault::NotAPng { slide: place + 1 })?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

fn check_table(slide: usize, columns: &[Column], rows: &[Row]) -> Result<(), SlidesFault> {
    at_most(columns.len(), COLUMNS_MAX, Counted::Columns)?;
    at_most(rows.len(), ROWS_MAX, Counted::Rows)?;
    match rows.iter().position(|row| row.cells.len() != columns.len()) {
        None => Ok(()),
        Some(place) => Err(SlidesFault::Ragged {
            slide,
            row: place + 1,
            cells: rows.get(place).map_or(0, |row| row.cells.len()),
            columns: columns.len(),
        }),
    }
}

pub(crate) fn at_most(count: usize, most: usize, what: Counted) -> Result<(), SlidesFault> {
    if count > most { Err(SlidesFault::TooMany { what, most }) } else { Ok(()) }
}
