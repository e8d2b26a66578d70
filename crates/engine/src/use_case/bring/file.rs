//! A file of data, opened: its table, the row with the names of its columns, and how both were understood.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;
use millwright_sheet::{
    Cell, Encoding, Format, Limits, Row, Separator, SheetFault, Table, Value, Wishes, column_letter,
};

use super::columns::{self, Columns};
use super::line::shown;
use super::matrix;
use crate::EngineError;

/// Among so many rows the one with the names of the columns is looked for.
const HEADER_SEARCH_ROWS: usize = 20;
/// So many rows are shown before anything is tried.
const FIRST_ROWS: usize = 12;
/// So much of a cell is shown.
const SHOWN_CHARS: usize = 120;

/// So much of a file's name is kept.
const NAME_CHARS: usize = 200;

/// A file that was opened.
pub(super) struct Opened {
    pub(super) table: Table,
    /// The place of the row with the names among the rows.
    header: usize,
    /// The names of its columns.
    pub(super) headers: Vec<String>,
    decimal_mark: Option<DecimalMark>,
    /// Where a matrix was unfolded: for each row the letters of its columns in the file.
    letters: Option<Vec<[String; 2]>>,
    /// What the file is called, where it came with a name.
    pub(super) file_name: Option<String>,
}

impl Opened {
    /// Whether it was a matrix, read as one row per person and skill.
    pub(super) fn is_matrix(&self) -> bool {
        self.letters.is_some()
    }

    /// The letters of the columns behind a row of a matrix.
    pub(super) fn letters(&self, place: usize) -> Option<&[String; 2]> {
        self.letters.as_ref()?.get(place)
    }

    /// The decimal mark that the person says the file has.
    pub(super) fn wished_decimal_mark(&self) -> Option<DecimalMark> {
        self.decimal_mark
    }

    /// The rows below the names.
    pub(super) fn rows(&self) -> &[Row] {
        self.table.rows.get(self.header + 1..).unwrap_or_default()
    }

    /// The columns, for people.
    pub(super) fn columns(&self) -> Vec<FileColumn> {
        let column = |(place, header): (usize, &String)| FileColumn {
            letter: column_letter(place),
            header: header.clone(),
        };
        self.headers.iter().enumerate().map(column).collect()
    }

    /// The first rows, for people.
    pub(super) fn first_rows(&self) -> Vec<FileRow> {
        let cells = |row: &Row| {
            let text = |cell: &Cell| shown(&cell.value).chars().take(SHOWN_CHARS).collect();
            (0..self.headers.len()).map(|place| row.cells.get(place).map(text).unwrap_or_default()).collect()
        };
        self.rows()
            .iter()
            .take(FIRST_ROWS)
            .map(|row| FileRow { row: row.number, cells: cells(row) })
            .collect()
    }

    /// How it was understood.
    pub(super) fn understood(&self, columns: &Columns) -> DataUnderstood {
        let understood = &self.table.understood;
        DataUnderstood {
            format: self.format(),
            encoding: understood.encoding.map(|encoding| match encoding {
                Encoding::Utf8 => TextEncoding::Utf8,
                Encoding::Utf16Le => TextEncoding::Utf16Le,
                Encoding::Utf16Be => TextEncoding::Utf16Be,
                Encoding::Windows1252 => TextEncoding::Windows1252,
            }),
            separator: understood.separator.map(|separator| match separator {
                Separator::Semicolon => CellSeparator::Semicolon,
                Separator::Comma => CellSeparator::Comma,
                Separator::Tab => CellSeparator::Tab,
                Separator::Bar => CellSeparator::Bar,
            }),
            decimal_mark: columns.decimal_mark(),
            sheet: understood.sheet.clone(),
            sheets: understood.sheets.clone(),
            header_row: self.table.rows.get(self.header).map_or(1, |row| row.number),
            from_1904: understood.from_1904,
            matrix: self.is_matrix(),
            formulas: understood.formulas,
            rows: self.rows().len() as u64,
        }
    }

    /// What kind of file it is.
    pub(super) fn format(&self) -> FileFormat {
        match self.table.understood.format {
            Format::Csv => FileFormat::Csv,
            Format::Xlsx => FileFormat::Xlsx,
        }
    }
}

/// Opens a file that a face sent.
pub(super) async fn open(
    kind: DataKind,
    file: DataFile,
    reading: DataReading,
) -> Result<Opened, EngineError> {
    let limit = Limits::default().file_bytes;
    if file.bytes_base64.len() / 4 * 3 > limit + 3 {
        let bytes = (file.bytes_base64.len() / 4 * 3) as u64;
        return Err(EngineError::Invalid(Refusal::ImportTooLarge { bytes, limit: limit as u64 }));
    }
    let bytes = STANDARD
        .decode(&file.bytes_base64)
        .map_err(|error| EngineError::Invalid(Refusal::FileBroken { reason: error.to_string() }))?;
    let name: String = file.file_name.chars().take(NAME_CHARS).collect();
    let mut opened = open_bytes(kind, bytes, reading).await?;
    opened.file_name = (!name.trim().is_empty()).then_some(name);
    Ok(opened)
}

/// Opens the bytes of a file.
pub(super) async fn open_bytes(
    kind: DataKind,
    bytes: Vec<u8>,
    reading: DataReading,
) -> Result<Opened, EngineError> {
    let wishes = Wishes {
        encoding: reading.encoding.map(|encoding| match encoding {
            TextEncoding::Utf8 => Encoding::Utf8,
            TextEncoding::Utf16Le => Encoding::Utf16Le,
            TextEncoding::Utf16Be => Encoding::Utf16Be,
            TextEncoding::Windows1252 => Encoding::Windows1252,
        }),
        separator: reading.separator.map(|separator| match separator {
            CellSeparator::Semicolon => Separator::Semicolon,
            CellSeparator::Comma => Separator::Comma,
            CellSeparator::Tab => Separator::Tab,
            CellSeparator::Bar => Separator::Bar,
        }),
        sheet: reading.sheet.clone(),
    };
    // A large file takes a while: the loops of the engine go on meanwhile.
    let read = tokio::task::spawn_blocking(move || millwright_sheet::read(&bytes, &wishes));
    let table = read.await.map_err(EngineError::internal)?.map_err(|fault| refuse_sheet(&fault))?;
    let header = header_place(kind, &table, reading.header_row)?;
    let cells = table.rows.get(header).map(|row| row.cells.as_slice()).unwrap_or_default();
    let headers: Vec<String> = cells.iter().map(|cell| columns::tidy(&shown(&cell.value))).collect();
    let below = table.rows.get(header + 1..).unwrap_or_default();
    if kind == DataKind::Skills
        && let Some(unfolded) = matrix::unfolded(&headers, below)?
    {
        let number = table.rows.get(header).map_or(1, |row| row.number);
        let headers: Vec<String> = matrix::FIELDS.iter().map(|field| field.to_string()).collect();
        let names = headers.iter().map(|name| Cell::plain(Value::Text(name.clone()))).collect();
        let mut rows = vec![Row { number, cells: names }];
        rows.extend(unfolded.rows);
        let (letters, decimal_mark) = (Some(unfolded.letters), reading.decimal_mark);
        let table = Table { rows, understood: table.understood };
        return Ok(Opened { table, header: 0, headers, decimal_mark, letters, file_name: None });
    }
    let letters = None;
    Ok(Opened { table, header, headers, decimal_mark: reading.decimal_mark, letters, file_name: None })
}

/// The row with the names: where the person says, else the one of the first rows that names most of what can be known.
fn header_place(kind: DataKind, table: &Table, wished: Option<u32>) -> Result<usize, EngineError> {
    if let Some(row) = wished {
        let place = table.rows.iter().position(|known| known.number == row);
        return place.ok_or_else(|| refuse(FileFault::NoSuchHeader { row }));
    }
    let mut best = (0, 0);
    for (place, row) in table.rows.iter().take(HEADER_SEARCH_ROWS).enumerate() {
        let names: Vec<String> = row
            .cells
            .iter()
            .map(|cell| match &cell.value {
                Value::Text(text) => columns::tidy(text),
                _ => String::new(),
            })
            .collect();
        let count = columns::found(kind, &names).len();
        if count > best.0 {
            best = (count, place);
        }
    }
    Ok(best.1)
}

/// The refusal of a whole file.
pub(super) fn refuse(fault: FileFault) -> EngineError {
    EngineError::Invalid(Refusal::FileRefused { fault })
}

fn refuse_sheet(fault: &SheetFault) -> EngineError {
    let fault = fault.clone();
    refuse(match fault {
        SheetFault::TooLarge { bytes, limit } => {
            return EngineError::Invalid(Refusal::ImportTooLarge { bytes, limit });
        }
        SheetFault::Nothing => FileFault::Nothing,
        SheetFault::OldOrLocked => FileFault::OldOrLocked,
        SheetFault::NotAWorkbook => FileFault::NotAWorkbook,
        SheetFault::Damaged { part, reason } => FileFault::Damaged { part, reason },
        SheetFault::TooManyParts { count, limit } => FileFault::TooManyParts { count, limit },
        SheetFault::Inflates { part, limit } => FileFault::Inflates { part, limit },
        SheetFault::Declares { part } => FileFault::Declares { part },
        SheetFault::NoSuchSheet { sheet, sheets } => FileFault::NoSuchSheet { sheet, sheets },
        SheetFault::NotEncoded { encoding, line } => FileFault::NotEncoded {
            encoding: match encoding {
                Encoding::Utf8 => TextEncoding::Utf8,
                Encoding::Utf16Le => TextEncoding::Utf16Le,
                Encoding::Utf16Be => TextEncoding::Utf16Be,
                Encoding::Windows1252 => TextEncoding::Windows1252,
            },
            line,
        },
        SheetFault::NotText { line } => FileFault::NotText { line },
        SheetFault::QuoteOpen { line } => FileFault::QuoteOpen { line },
        SheetFault::AfterQuote { line, column } => FileFault::AfterQuote { line, column },
        SheetFault::TooManyRows { row, limit } => FileFault::TooManyRows { row, limit },
        SheetFault::TooManyColumns { row, limit } => FileFault::TooManyColumns { row, limit },
        SheetFault::TooManyCells { row, limit } => FileFault::TooManyCells { row, limit },
        SheetFault::CellTooLong { column, row, limit } => FileFault::CellTooLong { column, row, limit },
        SheetFault::NotWritten { reason } => FileFault::NotWritten { reason },
    })
}
