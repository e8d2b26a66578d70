//! How large a fiducial really comes out: what is to be kept of a label, once it is printed.

use super::{DotDensity, FIDUCIAL_CELL_M, LabelMedia, LabelPrinter};

/// What a label comes out of, as far as its size goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LabelOutput {
    /// A PDF, on A4 or on a roll: lines between exact places, so that it comes out as it was asked for.
    Pdf,
    /// A label printer, whose cells are whole dots.
    Zpl(DotDensity),
}

impl From<LabelMedia> for LabelOutput {
    fn from(_: LabelMedia) -> Self {
        Self::Pdf
    }
}

impl From<LabelPrinter> for LabelOutput {
    fn from(printer: LabelPrinter) -> Self {
        Self::Zpl(printer.density)
    }
}

/// How far apart the corners of a fiducial really come out, in metres, when they are asked for `size_m` metres apart and
/// lie `cells` cells from each other. This is the size that poses are true by: it belongs into the register, not the size
/// asked for, from which it differs by up to half a dot a cell.
///
/// The head itself is another matter: one that is sold as 300 dots per inch and has 12 a millimetre prints 1.6 % smaller.
/// Only the bar on the sheet, measured, tells; see [`DotDensity::Dpi300`].
///
/// Nothing when no such fiducial is printed: no size, no cells, or cells out of [`FIDUCIAL_CELL_M`] or finer than the
/// printer has them.
pub fn printed_size_m(output: impl Into<LabelOutput>, size_m: f64, cells: u32) -> Option<f64> {
    let cells = f64::from(cells);
    let cell_m = size_m / cells;
    let (least_m, most_m) = FIDUCIAL_CELL_M;
    if !(least_m..=most_m).contains(&cell_m) {
        return None;
    }
    match output.into() {
        LabelOutput::Pdf => Some(size_m),
        LabelOutput::Zpl(density) => density.snapped_m(cell_m).map(|cell_m| cell_m * cells),
    }
}
