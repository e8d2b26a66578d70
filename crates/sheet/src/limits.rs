//! How much is taken of a file that comes from outside.

/// The most of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Parts that a workbook's archive holds.
    pub parts: usize,
    /// Bytes of all parts of a workbook together, unpacked.
    pub inflated_bytes: u64,
    /// Rows with something in them.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Characters of one cell: as many as Excel has.
    pub cell_chars: usize,
    /// Cells of the whole table.
    pub cells: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 50 * 1024 * 1024,
            parts: 2_000,
            inflated_bytes: 256 * 1024 * 1024,
            rows: 100_000,
            columns: 256,
            cell_chars: 32_767,
            cells: 2_000_000,
        }
    }
}
