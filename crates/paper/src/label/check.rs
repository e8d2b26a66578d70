//! Bounds: labels as they came become labels that can be laid out, or a fault that names the one to blame.

use super::fault::{LabelFault, LabelFaultKind, LabelPart};
use super::matrix::{DarkRectangle, Matrix};
use super::{
    CELL_DOTS_MIN, CODE_MODULE_M, DotDensity, FIDUCIAL_CELL_M, LABELS_MAX, LINE_CHARS_MAX, LINES_MAX, Label,
    LabelSheet, MATRIX_SIDE_MAX_CELLS, TITLE_CHARS_MAX,
};
use crate::clean::clean;
use crate::font::{Faces, Weight};

/// All dark rectangles of a file: keeps what is made of hostile matrices within a few dozen megabytes.
const DARK_RECTANGLES_MAX: usize = 1_000_000;
/// Letters of a title that a fault repeats.
const NAMED_CHARS: usize = 60;
/// Modules that a code keeps free on each side: QR asks for four, Data Matrix for one.
const CODE_QUIET_CELLS: usize = 4;

/// A square of cells with what it keeps free around itself.
pub(super) struct Cells {
    pub(super) dark: Vec<DarkRectangle>,
    pub(super) cell_mm: f64,
    columns: usize,
    rows: usize,
    quiet_cells: usize,
}

impl Cells {
    fn new(matrix: &Matrix, cell_mm: f64, quiet_cells: usize) -> Self {
        let (columns, rows) = (matrix.columns(), matrix.rows());
        Self { dark: matrix.dark_rectangles(), cell_mm, columns, rows, quiet_cells }
    }

    /// What is kept free on each side, in millimetres.
    pub(super) fn quiet_mm(&self) -> f64 {
        self.quiet_cells as f64 * self.cell_mm
    }

    /// Its width with what is kept free, in millimetres.
    pub(super) fn width_mm(&self) -> f64 {
        (self.columns + 2 * self.quiet_cells) as f64 * self.cell_mm
    }

    /// Its height with what is kept free, in millimetres.
    pub(super) fn height_mm(&self) -> f64 {
        (self.rows + 2 * self.quiet_cells) as f64 * self.cell_mm
    }
}

/// A label within bounds, with texts that can be drawn.
pub(super) struct CheckedLabel {
    /// Which of the labels, counted from 0.
    pub(super) index: usize,
    pub(super) code: Cells,
    pub(super) fiducial: Cells,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    /// Whether a sign of its texts was replaced.
    pub(super) has_replaced: bool,
    named: String,
}

impl CheckedLabel {
    pub(super) fn fault(&self, what: LabelFaultKind) -> LabelFault {
        LabelFault::Label { place: self.index + 1, title: self.named.clone(), what }
    }
}

/// The labels within bounds. With a `density`, cells are whole dots.
pub(super) fn check(
    sheet: &LabelSheet,
    faces: &Faces,
    density: Option<DotDensity>,
) -> Result<Vec<CheckedLabel>, LabelFault> {
    if sheet.labels.is_empty() {
        return Err(LabelFault::None);
    }
    if sheet.labels.len() > LABELS_MAX {
        return Err(LabelFault::TooMany { found: sheet.labels.len(), limit: LABELS_MAX });
    }
    for text in [&sheet.title, &sheet.bar_words, &sheet.language] {
        if let Some(found) = too_long(text, TITLE_CHARS_MAX) {
            return Err(LabelFault::SheetText { found, limit: TITLE_CHARS_MAX });
        }
    }
    let mut checked = Vec::with_capacity(sheet.labels.len());
    let mut dark_count = 0;
    for (index, label) in sheet.labels.iter().enumerate() {
        let title = label.title.chars().filter(|letter| !letter.is_control()).take(NAMED_CHARS);
        let named: String = title.collect();
        let label = one(label, index, named.clone(), faces, density).map_err(|what| LabelFault::Label {
            place: index + 1,
            title: named,
            what,
        })?;
        dark_count += label.code.dark.len() + label.fiducial.dark.len();
        if dark_count > DARK_RECTANGLES_MAX {
            return Err(LabelFault::TooFinelyDivided { found: dark_count, limit: DARK_RECTANGLES_MAX });
        }
        checked.push(label);
    }
    Ok(checked)
}

fn one(
    label: &Label,
    index: usize,
    named: String,
    faces: &Faces,
    density: Option<DotDensity>,
) -> Result<CheckedLabel, LabelFaultKind> {
    if label.lines.len() > LINES_MAX {
        return Err(LabelFaultKind::Lines { found: label.lines.len(), limit: LINES_MAX });
    }
    let texts = label.lines.iter().map(|line| (line, LINE_CHARS_MAX));
    for (text, limit) in texts.chain([(&label.title, TITLE_CHARS_MAX)]) {
        if let Some(found) = too_long(text, limit) {
            return Err(LabelFaultKind::Text { found, limit });
        }
    }
    check_matrix(&label.code, LabelPart::Code)?;
    check_matrix(&label.fiducial, LabelPart::Fiducial)?;
    let module_mm = cell_mm(LabelPart::Code, label.code_module_m, CODE_MODULE_M, density)?;
    let cell_mm = cell_mm(LabelPart::Fiducial, label.fiducial_cell_m, FIDUCIAL_CELL_M, density)?;
    let rim = usize::from(!label.fiducial.has_light_rim());
    let mut has_replaced = false;
    let title = drawable(&label.title, faces, &mut has_replaced);
    if title.is_empty() {
        return Err(LabelFaultKind::NoTitle);
    }
    let lines = label.lines.iter().map(|line| drawable(line, faces, &mut has_replaced));
    let lines = lines.filter(|line| !line.is_empty()).collect();
    Ok(CheckedLabel {
        index,
        code: Cells::new(&label.code.without_light_border(), module_mm, CODE_QUIET_CELLS),
        fiducial: Cells::new(&label.fiducial, cell_mm, rim),
        title,
        lines,
        has_replaced,
        named,
    })
}

fn check_matrix(matrix: &Matrix, part: LabelPart) -> Result<(), LabelFaultKind> {
    let (columns, rows, limit) = (matrix.columns(), matrix.rows(), MATRIX_SIDE_MAX_CELLS);
    let fits = |side: usize| (1..=limit).contains(&side);
    if !fits(columns) || !fits(rows) {
        return Err(LabelFaultKind::MatrixSide { part, columns, rows, limit });
    }
    if !matrix.is_even() {
        return Err(LabelFaultKind::Uneven(part));
    }
    if matrix.is_blank() {
        return Err(LabelFaultKind::Blank(part));
    }
    Ok(())
}

/// How wide a cell is printed, in millimetres.
fn cell_mm(
    part: LabelPart,
    found_m: f64,
    (low_m, high_m): (f64, f64),
    density: Option<DotDensity>,
) -> Result<f64, LabelFaultKind> {
    // No number is in no range.
    if !(low_m..=high_m).contains(&found_m) {
        return Err(LabelFaultKind::CellSize { part, found_m, low_m, high_m });
    }
    let Some(density) = density else { return Ok(found_m * 1_000.0) };
    let dots = density.snapped_dots(found_m * 1_000.0);
    dots.map(|dots| dots / density.dots_per_mm()).ok_or(LabelFaultKind::TooFine {
        part,
        found_m,
        dots_min: CELL_DOTS_MIN,
    })
}

/// How many letters a text has, where that is more than it may have.
fn too_long(text: &str, limit: usize) -> Option<usize> {
    let found = text.chars().count();
    (found > limit).then_some(found)
}

/// A text in one line, of signs that the font has.
pub(super) fn drawable(text: &str, faces: &Faces, has_replaced: &mut bool) -> String {
    let cleaned = clean(text, faces.face(Weight::Regular));
    *has_replaced |= cleaned.replaced;
    cleaned.text.split_whitespace().collect::<Vec<_>>().join(" ")
}
