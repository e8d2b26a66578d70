//! Squares of dark and light cells: the modules of a code, the cells of a fiducial.

/// Rows of cells, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    dark: Vec<Vec<bool>>,
}

/// Dark cells that together are a rectangle, counted in cells from the upper left corner.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct DarkRectangle {
    pub(super) column: usize,
    pub(super) row: usize,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Matrix {
    /// A matrix of rows in which true is dark, as codes are told.
    pub fn of_dark(rows: Vec<Vec<bool>>) -> Self {
        Self { dark: rows }
    }

    /// A matrix of rows in which true is light, as fiducials are told.
    pub fn of_light(rows: Vec<Vec<bool>>) -> Self {
        let turned = |row: Vec<bool>| row.into_iter().map(|light| !light).collect();
        Self { dark: rows.into_iter().map(turned).collect() }
    }

    /// How many cells the first row has.
    pub fn columns(&self) -> usize {
        self.dark.first().map_or(0, Vec::len)
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.dark.len()
    }

    /// Whether a cell is dark; outside of the matrix all is light.
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        self.dark.get(row).and_then(|row| row.get(column)).is_some_and(|dark| *dark)
    }

    /// Whether all rows are of one length.
    pub(super) fn is_even(&self) -> bool {
        let columns = self.columns();
        self.dark.iter().all(|row| row.len() == columns)
    }

    /// Whether no cell differs from the others.
    pub(super) fn is_blank(&self) -> bool {
        let first = self.is_dark(0, 0);
        self.dark.iter().flatten().all(|dark| *dark == first)
    }

    /// Whether the outermost cells are all light: such a matrix brings its own white border.
    pub(super) fn has_light_rim(&self) -> bool {
        let (last_column, last_row) = (self.columns().saturating_sub(1), self.rows().saturating_sub(1));
        let rows = [0, last_row].into_iter().all(|row| !self.row_has_dark(row));
        rows && self
            .dark
            .iter()
            .enumerate()
            .all(|(row, _)| [0, last_column].into_iter().all(|column| !self.is_dark(column, row)))
    }

    /// Without the light rows and columns around what is dark. The outermost modules of QR codes and of Data Matrix
    /// always hold some that are dark, so that nothing but a quiet zone goes.
    pub(super) fn without_light_border(&self) -> Self {
        let rows: Vec<usize> = (0..self.rows()).filter(|row| self.row_has_dark(*row)).collect();
        let has_dark = |column: &usize| (0..self.rows()).any(|row| self.is_dark(*column, row));
        let columns: Vec<usize> = (0..self.columns()).filter(has_dark).collect();
        let ((Some(&top), Some(&bottom)), (Some(&left), Some(&right))) =
            ((rows.first(), rows.last()), (columns.first(), columns.last()))
        else {
            return Self { dark: Vec::new() };
        };
        let row = |row| (left..=right).map(|column| self.is_dark(column, row)).collect();
        Self { dark: (top..=bottom).map(row).collect() }
    }

    /// All that is dark, as few rectangles that do not overlap: what touches across rows is one, so that no printer and
    /// no viewer shows a seam where there is none.
    pub(super) fn dark_rectangles(&self) -> Vec<DarkRectangle> {
        let mut closed = Vec::new();
        let mut open: Vec<DarkRectangle> = Vec::new();
        for (row, cells) in self.dark.iter().enumerate() {
            let mut kept = Vec::new();
            for (column, columns) in runs(cells) {
                let same = open.iter().position(|above| above.column == column && above.columns == columns);
                kept.push(match same.map(|place| open.remove(place)) {
                    Some(above) => DarkRectangle { rows: above.rows + 1, ..above },
                    None => DarkRectangle { column, row, columns, rows: 1 },
                });
            }
            closed.append(&mut open);
            open = kept;
        }
        closed.append(&mut open);
        closed
    }

    fn row_has_dark(&self, row: usize) -> bool {
        self.dark.get(row).is_some_and(|cells| cells.contains(&true))
    }
}

/// Where dark cells stand beside each other in a row: the first of them, and how many.
fn runs(cells: &[bool]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = None;
    for (column, dark) in cells.iter().chain([&false]).enumerate() {
        match (from, *dark) {
            (None, true) => from = Some(column),
            (Some(start), false) => {
                found.push((start, column - start));
                from = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(rows: &[&str]) -> Matrix {
        Matrix::of_dark(rows.iter().map(|row| row.chars().map(|cell| cell == '#').collect()).collect())
    }

    #[test]
    fn a_quiet_zone_goes_and_what_is_inside_stays() {
        let inner = drawn(&["# #", " # ", "## "]);
        assert_eq!(drawn(&["     ", " # # ", "  #  ", " ##  ", "     "]).without_light_border(), inner);
        assert_eq!(inner.without_light_border(), inner);
        assert_eq!(drawn(&["   ", "   "]).without_light_border().rows(), 0);
    }

    #[test]
    fn a_white_border_is_seen_only_where_it_goes_all_around() {
        assert!(drawn(&["    ", " ## ", "    "]).has_light_rim());
        assert!(!drawn(&["    ", " ###", "    "]).has_light_rim());
        assert!(!drawn(&["    ", " ## ", " #  "]).has_light_rim());
    }

    #[test]
    fn a_dark_frame_is_four_rectangles() {
        assert_eq!(drawn(&["####", "#  #", "#  #", "####"]).dark_rectangles().len(), 4);
    }

    proptest! {
        #[test]
        fn rectangles_cover_each_dark_cell_once_and_no_light_one(
            rows in (1_usize..12).prop_flat_map(|columns| {
                prop::collection::vec(prop::collection::vec(any::<bool>(), columns), 1..12)
            }),
        ) {
            let mut covered: Vec<Vec<u32>> = rows.iter().map(|row| vec![0; row.len()]).collect();
            let matrix = Matrix::of_dark(rows.clone());
            for found in matrix.dark_rectangles() {
                for row in &mut covered[found.row..found.row + found.rows] {
                    for cell in &mut row[found.column..found.column + found.columns] {
                        *cell += 1;
                    }
                }
            }
            let dark: Vec<Vec<u32>> =
                rows.iter().map(|row| row.iter().map(|dark| u32::from(*dark)).collect()).collect();
            prop_assert_eq!(covered, dark);
        }
    }
}
