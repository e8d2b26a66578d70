//! Why a deck is not written.

/// What a deck holds only so much of.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Slides, those that went on counted too.
    Slides,
    /// Rows of a table.
    Rows,
    /// Columns of a table.
    Columns,
    /// Bytes of all pictures together.
    PictureBytes,
}

impl Counted {
    fn name(self) -> &'static str {
        match self {
            Self::Slides => "slides",
            Self::Rows => "rows in a table",
            Self::Columns => "columns in a table",
            Self::PictureBytes => "bytes of pictures",
        }
    }
}

/// Why a deck is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlidesFault {
    /// There is more of something than a deck holds.
    #[error("a deck has at most {most} {}", .what.name())]
    TooMany {
        /// Of what.
        what: Counted,
        /// The most.
        most: usize,
    },
    /// A row of a table has not as many cells as there are columns.
    #[error("row {row} of the table on slide {slide} has {cells} cells, not {columns}")]
    Ragged {
        /// The slide, from 1.
        slide: usize,
        /// The row, from 1.
        row: usize,
        /// How many cells it has.
        cells: usize,
        /// How many there must be.
        columns: usize,
    },
    /// A picture is no PNG, or has no sides.
    #[error("a picture on slide {slide} is no PNG")]
    NotAPng {
        /// The slide, from 1.
        slide: usize,
    },
    /// The archive cannot be written.
    #[error("the deck cannot be written: {reason}")]
    NotWritten {
        /// Why.
        reason: String,
    },
}
