//! Why a file is not read, each with its place.

use crate::Encoding;

/// Why a file is not read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    /// There is no byte in it, or no cell.
    #[error("there is nothing in the file")]
    Nothing,
    /// The file is too large.
    #[error("the file has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The most.
        limit: u64,
    },
    /// A workbook of before 2007, or one behind a password.
    #[error("a workbook in the old format (.xls) or behind a password is not read")]
    OldOrLocked,
    /// An archive that is no workbook.
    #[error("the file is an archive, but no XLSX workbook")]
    NotAWorkbook,
    /// A part of the workbook is damaged.
    #[error("the workbook is damaged at {part}: {reason}")]
    Damaged {
        /// The part.
        part: String,
        /// How that shows.
        reason: String,
    },
    /// The archive has too many parts.
    #[error("the workbook has {count} parts; at most {limit} are read")]
    TooManyParts {
        /// How many.
        count: u64,
        /// The most.
        limit: u64,
    },
    /// Unpacked it is beyond all measure.
    #[error("the workbook unpacks to more than {limit} bytes, at {part}")]
    Inflates {
        /// The part at which that shows.
        part: String,
        /// The most.
        limit: u64,
    },
    /// A part of the workbook declares entities of its own, which no workbook needs.
    #[error("{part} of the workbook declares a document type, which no workbook has")]
    Declares {
        /// The part.
        part: String,
    },
    /// There is no such sheet.
    #[error("there is no sheet «{sheet}»; there are {}", .sheets.join(", "))]
    NoSuchSheet {
        /// What was asked for.
        sheet: String,
        /// Those that are there.
        sheets: Vec<String>,
    },
    /// Bytes that mean nothing in the encoding.
    #[error("line {line} is not {}", .encoding.name())]
    NotEncoded {
        /// The encoding.
        encoding: Encoding,
        /// The line, from 1.
        line: u32,
    },
    /// A character that no text has.
    #[error("line {line} holds bytes that are no text")]
    NotText {
        /// The line, from 1.
        line: u32,
    },
    /// A quote that nobody closes.
    #[error("the quote that opens in line {line} is never closed")]
    QuoteOpen {
        /// The line, from 1.
        line: u32,
    },
    /// Something behind a closing quote.
    #[error("line {line}: something stands behind the closing quote of column {column}")]
    AfterQuote {
        /// The line, from 1.
        line: u32,
        /// The column's letter.
        column: String,
    },
    /// Too many rows.
    #[error("from row {row} on there are more than the {limit} rows that are read")]
    TooManyRows {
        /// Where the limit is crossed.
        row: u32,
        /// The most.
        limit: u64,
    },
    /// Too many columns.
    #[error("row {row} has more than the {limit} columns that are read")]
    TooManyColumns {
        /// Where.
        row: u32,
        /// The most.
        limit: u64,
    },
    /// Too many cells in all.
    #[error("at row {row} there are more than the {limit} cells that are read")]
    TooManyCells {
        /// Where.
        row: u32,
        /// The most.
        limit: u64,
    },
    /// A cell that is too long.
    #[error("cell {column}{row} has more than {limit} characters")]
    CellTooLong {
        /// The column's letter.
        column: String,
        /// The row.
        row: u32,
        /// The most.
        limit: u64,
    },
    /// A file cannot be made of these cells.
    #[error("the file cannot be written: {reason}")]
    NotWritten {
        /// Why.
        reason: String,
    },
}
