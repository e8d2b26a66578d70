//! Labels in true size: a code that says which machine, a fiducial that says where, and words, on A4, on die-cut rolls
//! (PDF) and for label printers (ZPL II).
//!
//! A pose is as true as the fiducial's printed size, so nothing here is scaled: cells are rectangles at exact places, a
//! label that does not fit is refused with the size that it would need, and every file has a bar of 100 mm by which a
//! person sees what the printer made of it.

mod check;
mod fault;
mod matrix;
mod page;
mod pdf;
mod plan;
mod size;
mod zpl;

pub use fault::{LabelFault, LabelFaultKind, LabelPart};
pub use matrix::Matrix;
pub use pdf::write_label_pdf;
pub use size::{LabelOutput, printed_size_m};
pub use zpl::write_label_zpl;

use crate::Made;

/// The most labels of one file.
pub const LABELS_MAX: usize = 500;
/// The most cells of a side of a matrix: a QR code of version 40.
pub const MATRIX_SIDE_MAX_CELLS: usize = 177;
/// The most letters of a title, and of the texts of the sheet.
pub const TITLE_CHARS_MAX: usize = 120;
/// The most letters of a line.
pub const LINE_CHARS_MAX: usize = 200;
/// The most lines of a label.
pub const LINES_MAX: usize = 6;
/// How wide a cell of a fiducial may be, in metres.
pub const FIDUCIAL_CELL_M: (f64, f64) = (0.000_5, 0.25);
/// How wide a module of a code may be, in metres.
pub const CODE_MODULE_M: (f64, f64) = (0.000_15, 0.01);
/// How wide and high a die-cut label may be, in millimetres.
pub const MEDIA_SIDE_MM: (f64, f64) = (15.0, 1_000.0);
/// How long the bar is that a person measures, in millimetres, between the outer edges of its ticks.
pub const BAR_MM: f64 = 100.0;
/// A cell of a matrix has at least so many dots of a label printer: one alone comes out too thin or too thick.
pub const CELL_DOTS_MIN: u32 = 2;

/// Labels that are printed together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelSheet {
    /// The name of the file, for its own particulars.
    pub title: String,
    /// The language of the texts, a BCP 47 tag.
    pub language: String,
    /// When it was made, for the file's own particulars.
    pub made: Made,
    /// What stands beside the bar (`100 mm – measure it`).
    pub bar_words: String,
    /// The labels, in the order in which they are printed.
    pub labels: Vec<Label>,
}

/// A label that hangs on a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Says which machine: the modules of a QR code or a Data Matrix. A light border around it is not looked at; four
    /// modules are kept free on each side.
    pub code: Matrix,
    /// How wide a module of the code is printed, in metres, within [`CODE_MODULE_M`].
    pub code_module_m: f64,
    /// Says where: the cells of a fiducial with all that belongs to it, also its white border. One that is dark at an edge
    /// gets one more cell of white around it.
    pub fiducial: Matrix,
    /// How wide a cell of the fiducial is printed, in metres, within [`FIDUCIAL_CELL_M`].
    pub fiducial_cell_m: f64,
    /// Its strongest line: the code of the machine.
    pub title: String,
    /// What stands below, a line each: its own name, family and number, the size. For a label printer the size to name
    /// is that of [`DotDensity::snapped_m`].
    pub lines: Vec<String>,
}

/// What a PDF of labels is printed on.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum LabelMedia {
    /// Sheets of A4, with marks to cut by.
    A4,
    /// A roll or fan-fold of die-cut labels, one label a page.
    DieCut {
        /// The width of a label in millimetres, within [`MEDIA_SIDE_MM`].
        width_mm: f64,
        /// The height of a label in millimetres, within [`MEDIA_SIDE_MM`].
        height_mm: f64,
    },
}

/// What a label printer prints on, and how finely.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct LabelPrinter {
    /// The width of a label in millimetres, within [`MEDIA_SIDE_MM`].
    pub width_mm: f64,
    /// The height of a label in millimetres, within [`MEDIA_SIDE_MM`].
    pub height_mm: f64,
    /// How finely it prints.
    pub density: DotDensity,
}

/// How finely a label printer prints.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DotDensity {
    /// 203 dots per inch, which are 8 per millimetre.
    Dpi203,
    /// 300 dots per inch. Some heads that are sold as such have 12 dots a millimetre, 1.6 % more: only the bar, measured,
    /// tells.
    Dpi300,
    /// 600 dots per inch; as with [`Self::Dpi300`], the bar tells.
    Dpi600,
}

impl DotDensity {
    /// Dots per millimetre.
    pub fn dots_per_mm(self) -> f64 {
        match self {
            // Heads «of 203 dpi» have 8 dots a millimetre: 203.2 an inch. A thousandth is seen in a pose.
            Self::Dpi203 => 8.0,
            Self::Dpi300 => 300.0 / 25.4,
            Self::Dpi600 => 600.0 / 25.4,
        }
    }

    /// How wide a cell of `cell_m` metres is printed, in metres: a whole number of dots. Nothing when that would be less
    /// than [`CELL_DOTS_MIN`], or `cell_m` is no size.
    pub fn snapped_m(self, cell_m: f64) -> Option<f64> {
        self.snapped_dots(cell_m * 1_000.0).map(|dots| dots / self.dots_per_mm() / 1_000.0)
    }

    fn snapped_dots(self, cell_mm: f64) -> Option<f64> {
        let dots = (cell_mm * self.dots_per_mm()).round();
        (dots.is_finite() && dots >= f64::from(CELL_DOTS_MIN)).then_some(dots)
    }
}

/// Where the bar stands that a person measures.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum BarPlace {
    /// On every page.
    EveryPage,
    /// On a page of its own before the labels, which do not have room for it. Where neither side of the media is as long
    /// as the bar, that page is longer than a label and runs over the gap between two.
    FirstPage,
}

/// Labels as a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPdf {
    /// The bytes of the PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: u32,
    /// Where the bar stands.
    pub bar: BarPlace,
    /// Which labels, counted from 0, have a text that was cut (`…` at its end) or a sign that was replaced (`□`).
    pub altered: Vec<usize>,
}

/// Labels as commands for a label printer.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelZpl {
    /// The commands, in ASCII.
    pub commands: String,
    /// How many labels come out, the one with the bar among them.
    pub pages: u32,
    /// Where the bar stands.
    pub bar: BarPlace,
    /// How long the bar is in whole dots, in millimetres.
    pub bar_mm: f64,
    /// How large each label's squares are printed, in the order of the labels.
    pub printed: Vec<PrintedLabel>,
    /// Which labels, counted from 0, have a text that was cut (`…` at its end) or a sign that was replaced (`?`).
    pub altered: Vec<usize>,
}

/// How large a label printer prints, in whole dots.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PrintedLabel {
    /// How wide a cell of the fiducial is, in metres. Times the family's cells between corners it is the fiducial's size.
    pub fiducial_cell_m: f64,
    /// How wide a module of the code is, in metres.
    pub code_module_m: f64,
}
