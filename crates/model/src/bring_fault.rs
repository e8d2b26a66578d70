//! Why a row of a file, or a whole file, is refused: closed lists, said by the screens in the person's language.

use serde::{Deserialize, Serialize};

use crate::{DataField, Missing, TextEncoding, WorkOrderStatus};

/// Why a row is refused.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum RowFault {
    /// A needed cell is empty.
    #[error("it is empty")]
    Empty,
    /// A text is longer than is kept.
    #[error("it has {count} characters; at most {limit} are kept")]
    TooLong {
        /// How long it is.
        count: u64,
        /// How long it may be.
        limit: u64,
    },
    /// More cells than the header has.
    #[error("it has {count} cells where the header has {header}")]
    TooManyCells {
        /// How many.
        count: u64,
        /// How many columns there are.
        header: u64,
    },
    /// No number.
    #[error("«{given}» is not a number")]
    NotANumber {
        /// What stands there.
        given: String,
    },
    /// A number that can be read in two ways.
    #[error("«{given}» can be {with_comma} or {with_point}: say which decimal mark the file has")]
    OpenNumber {
        /// What stands there.
        given: String,
        /// What it is if a comma is the decimal mark.
        with_comma: String,
        /// What it is if a point is.
        with_point: String,
    },
    /// A number outside what is possible.
    #[error("«{given}» is not between {least} and {most}")]
    OutOfBounds {
        /// What stands there.
        given: String,
        /// The least.
        least: String,
        /// The most.
        most: String,
    },
    /// Too many decimals.
    #[error("«{given}» has more than {decimals} decimals")]
    TooManyDecimals {
        /// What stands there.
        given: String,
        /// How many it may have.
        decimals: u8,
    },
    /// No day, or none that exists.
    #[error("«{given}» is not a date (as 2026-11-23 is)")]
    NotADate {
        /// What stands there.
        given: String,
    },
    /// A day that can be read in two ways.
    #[error("«{given}» can be two dates: write it as 2026-11-23")]
    OpenDate {
        /// What stands there.
        given: String,
    },
    /// A word that is not on the list.
    #[error("«{given}» is not known here; known are {}", .known.join(", "))]
    NotOneOf {
        /// What stands there.
        given: String,
        /// What could.
        known: Vec<String>,
    },
    /// A code that names nothing.
    #[error("«{given}» is neither in the file nor here")]
    NotHere {
        /// What stands there.
        given: String,
        /// What it should name.
        what: Missing,
    },
    /// A code that names several.
    #[error("«{given}» stands for several here")]
    Several {
        /// What stands there.
        given: String,
    },
    /// The same record twice in the file.
    #[error("it is in the file twice, first in row {first}")]
    Twice {
        /// The row that was taken.
        first: u32,
    },
    /// A row says something else of the same record than an earlier one.
    #[error("«{given}» differs from row {first}")]
    Differs {
        /// What stands there.
        given: String,
        /// The earlier row.
        first: u32,
    },
    /// A place that is part of itself.
    #[error("it would be part of itself, by way of «{given}»")]
    Circle {
        /// The parent that leads back.
        given: String,
    },
    /// A formula without a kept result.
    #[error("there is a formula, and the file keeps no result of it")]
    NoResult,
    /// A formula that failed.
    #[error("the file holds the error {given}")]
    FormulaError {
        /// Its name.
        given: String,
    },
    /// The unit of a part is not the file's to change.
    #[error("it is counted in {unit} here, not in {given}")]
    OtherUnit {
        /// The unit here.
        unit: String,
        /// The unit of the file.
        given: String,
    },
    /// A fraction of a piece.
    #[error("«{given}»: this is counted in whole pieces")]
    WholePieces {
        /// What stands there.
        given: String,
    },
    /// An end before its beginning, or a low above its high.
    #[error("{low} is above {high}")]
    Crossed {
        /// The lower end, which is the higher one.
        low: String,
        /// The upper end.
        high: String,
    },
    /// Closed orders stay as they are.
    #[error("the order is {}: it is corrected, not edited", .status.as_str())]
    OrderClosed {
        /// Where it stands.
        status: WorkOrderStatus,
    },
    /// A step in an order's life that a person takes on the order itself.
    #[error("an order becomes {} on its own page", .to.as_str())]
    StatusByHand {
        /// Where it should have gone.
        to: WorkOrderStatus,
    },
    /// A field of a record that is here already and that files do not change.
    #[error("a file does not change this of what is here already")]
    Fixed,
    /// A record that gave way to another one.
    #[error("«{given}» stands for {stays} here: name that one")]
    GaveWay {
        /// What stands there.
        given: String,
        /// What stays.
        stays: String,
    },
    /// The name of a person cannot be opened any more.
    #[error("the key of this person is gone")]
    KeyGone,
}

/// Why a whole file is refused.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum FileFault {
    /// There is nothing in it.
    #[error("there is nothing in the file")]
    Nothing,
    /// A workbook of before 2007, or one behind a password.
    #[error("a workbook in the old format (.xls) or behind a password is not read: save it as .xlsx")]
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
    /// A part of the workbook declares what no workbook needs.
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
    /// There is no such row for the names of the columns.
    #[error("row {row} cannot hold the names of the columns: nothing stands there")]
    NoSuchHeader {
        /// What was asked for.
        row: u32,
    },
    /// Bytes that mean nothing in the encoding.
    #[error("line {line} is not {encoding}")]
    NotEncoded {
        /// The encoding.
        encoding: TextEncoding,
        /// The line.
        line: u32,
    },
    /// Bytes that no text has.
    #[error("line {line} holds bytes that are no text")]
    NotText {
        /// The line.
        line: u32,
    },
    /// A quote that nobody closes.
    #[error("the quote that opens in line {line} is never closed")]
    QuoteOpen {
        /// The line.
        line: u32,
    },
    /// Something behind a closing quote.
    #[error("line {line}: something stands behind the closing quote of column {column}")]
    AfterQuote {
        /// The line.
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
    /// A column that is named twice, or is not there.
    #[error("the columns cannot be matched like that: «{column}»")]
    MatchUnfit {
        /// The column or field.
        column: String,
    },
    /// A needed column is missing.
    #[error("the columns {} are needed and not matched", .fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", "))]
    ColumnsMissing {
        /// Which.
        fields: Vec<DataField>,
    },
    /// A file cannot be made of what is here.
    #[error("the file cannot be written: {reason}")]
    NotWritten {
        /// Why.
        reason: String,
    },
    /// A file is not opened: it does not lie where files are kept, is no PDF, or nothing here shows it.
    #[error("the file cannot be opened: {reason}")]
    NotOpened {
        /// Why.
        reason: String,
    },
    /// There is no folder to keep it in.
    #[error("there is no folder for downloads here")]
    NoFolder,
}
