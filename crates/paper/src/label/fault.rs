//! Why labels were not written, with the label that is to blame.

use crate::PaperFault;

/// Why labels were not written.
#[derive(Debug, thiserror::Error)]
pub enum LabelFault {
    /// There is no label.
    #[error("there is no label to print")]
    None,
    /// There are more labels than one file holds.
    #[error("{found} labels were asked for; one file holds {limit}")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// All matrices together are too finely divided.
    #[error("the codes and fiducials of all labels together have {found} dark parts; one file holds {limit}")]
    TooFinelyDivided {
        /// How many rectangles are dark.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// What is said beside the bar, or the name of the file, is too long.
    #[error("a text of the sheet has {found} letters; it may have {limit}")]
    SheetText {
        /// Its letters.
        found: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A side of the media is none that a printer takes.
    #[error("the media is {width_mm} × {height_mm} mm; each side may have {low_mm} to {high_mm} mm")]
    Media {
        /// Its width in millimetres.
        width_mm: f64,
        /// Its height in millimetres.
        height_mm: f64,
        /// The least, in millimetres.
        low_mm: f64,
        /// The most, in millimetres.
        high_mm: f64,
    },
    /// One label cannot be printed.
    #[error("label {place} «{title}»: {what}")]
    Label {
        /// Which of the labels, counted from 1.
        place: usize,
        /// The beginning of its title.
        title: String,
        /// What is wrong with it.
        what: LabelFaultKind,
    },
    /// The document cannot be written.
    #[error(transparent)]
    Paper(#[from] PaperFault),
}

/// What is wrong with one label.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
pub enum LabelFaultKind {
    /// It is larger than what it would be printed on.
    #[error(
        "it needs {needed_width_mm:.1} × {needed_height_mm:.1} mm, and the media has {width_mm:.1} × {height_mm:.1} mm"
    )]
    TooLarge {
        /// The width of media that would hold it, in millimetres; for A4 the width of the label itself.
        needed_width_mm: f64,
        /// The height of media that would hold it, in millimetres; for A4 the height of the label itself.
        needed_height_mm: f64,
        /// The width of the media in millimetres; for A4 what can be printed of it.
        width_mm: f64,
        /// The height of the media in millimetres; for A4 what can be printed of it.
        height_mm: f64,
    },
    /// A matrix has no cells or too many.
    #[error("its {part} has {columns} × {rows} cells; each side may have 1 to {limit}")]
    MatrixSide {
        /// Which matrix.
        part: LabelPart,
        /// Cells in its first row.
        columns: usize,
        /// Its rows.
        rows: usize,
        /// The most cells of a side.
        limit: usize,
    },
    /// Rows of a matrix differ in length.
    #[error("the rows of its {0} differ in length")]
    Uneven(LabelPart),
    /// All cells of a matrix are alike.
    #[error("its {0} is blank")]
    Blank(LabelPart),
    /// A cell is too small, too large or no number.
    #[error("a cell of its {part} is {found_m} m wide; it may be {low_m} to {high_m} m")]
    CellSize {
        /// Which matrix.
        part: LabelPart,
        /// How wide a cell should be, in metres.
        found_m: f64,
        /// The least, in metres.
        low_m: f64,
        /// The most, in metres.
        high_m: f64,
    },
    /// A cell has too few dots of the printer.
    #[error("a cell of its {part} of {found_m} m is less than {dots_min} dots of the printer")]
    TooFine {
        /// Which matrix.
        part: LabelPart,
        /// How wide a cell should be, in metres.
        found_m: f64,
        /// How many dots it needs.
        dots_min: u32,
    },
    /// It has no title.
    #[error("it has no title")]
    NoTitle,
    /// A text is too long.
    #[error("a text of it has {found} letters; it may have {limit}")]
    Text {
        /// Its letters.
        found: usize,
        /// How many it may have.
        limit: usize,
    },
    /// There are too many lines.
    #[error("it has {found} lines; it may have {limit}")]
    Lines {
        /// How many it has.
        found: usize,
        /// How many it may have.
        limit: usize,
    },
}

/// One of the two squares of a label.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LabelPart {
    /// The square that says which machine.
    Code,
    /// The square that says where.
    Fiducial,
}

impl std::fmt::Display for LabelPart {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Code => "code",
            Self::Fiducial => "fiducial",
        })
    }
}
