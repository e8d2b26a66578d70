//! A table as it was read: cells with their places, and how the file was understood.

use crate::{Encoding, Moment, Separator};

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// A text, as it stands there: leading zeros and all. Cells of CSV are always texts.
    Text(String),
    /// A number that the file says is one.
    Number(f64),
    /// A day or time that the file says is one.
    Moment(Moment),
    /// A yes or no.
    Flag(bool),
    /// An error of a formula, by its name (`#DIV/0!`).
    Fault(String),
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What it holds. Of a formula it is what the file kept of its last result.
    pub value: Value,
    /// Whether a formula stands behind it.
    pub formula: bool,
}

impl Cell {
    /// A cell that was entered.
    pub fn plain(value: Value) -> Self {
        Self { value, formula: false }
    }
}

/// A row that holds something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its number as people see it: the row of the sheet, or the line of the text in which it begins.
    pub number: u32,
    /// Its cells from column A on, without empty ones at the end.
    pub cells: Vec<Cell>,
}

/// What kind of file it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with separators.
    Csv,
    /// A workbook.
    Xlsx,
}

/// How a file was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// What kind of file it is.
    pub format: Format,
    /// How its characters are written, where it is text.
    pub encoding: Option<Encoding>,
    /// What stands between cells, where it is text.
    pub separator: Option<Separator>,
    /// The sheet that was read, where it is a workbook.
    pub sheet: Option<String>,
    /// All sheets with cells.
    pub sheets: Vec<String>,
    /// Whether days are counted from 1904 and not from 1900.
    pub from_1904: bool,
    /// How many cells have a formula behind them.
    pub formulas: u64,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// How the file was understood.
    pub understood: Understood,
    /// Its rows, those without anything left out.
    pub rows: Vec<Row>,
}

/// What a person says about a file, where it is not to be found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// How its characters are written.
    pub encoding: Option<Encoding>,
    /// What stands between cells.
    pub separator: Option<Separator>,
    /// The sheet to read.
    pub sheet: Option<String>,
}

/// The letter of a column, from 0: A, B, … Z, AA.
pub fn column_letter(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The column of a letter, from 0; nothing for what is none.
pub fn column_of_letter(letters: &str) -> Option<usize> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0_usize;
    for letter in letters.bytes() {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        column = column * 26 + usize::from(digit) + 1;
    }
    Some(column - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_that_excel_gives_them() {
        for (column, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(column_letter(column), letters);
            assert_eq!(column_of_letter(letters), Some(column));
        }
        assert_eq!(column_of_letter("1"), None);
        assert_eq!(column_of_letter(""), None);
    }
}
