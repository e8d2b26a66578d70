//! Tables in files: CSV and XLSX bytes become a bounded table «as understood», and a table becomes such bytes.
//!
//! Nothing here knows what a column means. Whatever reads is bounded before it reads, says how it understood the file,
//! and refuses with the place; no formula is ever evaluated and none is ever written.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod archive;
mod csv_read;
mod csv_write;
mod date;
mod encoding;
mod fault;
mod guard;
mod limits;
mod number;
mod separator;
mod table;
mod xlsx_read;
mod xlsx_write;

pub use csv_write::write_csv;
pub use date::{DateFault, Day, Moment, read_moment};
pub use encoding::Encoding;
pub use fault::SheetFault;
pub use limits::Limits;
pub use number::{DecimalMark, NumberFault, decimal_evidence, read_decimal};
pub use separator::Separator;
pub use table::{Cell, Format, Row, Table, Understood, Value, Wishes, column_letter, column_of_letter};
pub use xlsx_write::write_xlsx;

/// Reads a file, whatever of the known formats it is.
///
/// # Errors
/// When it is no table that is read here, is damaged, or has more than is taken; the fault names the place.
pub fn read(bytes: &[u8], wishes: &Wishes) -> Result<Table, SheetFault> {
    read_within(bytes, wishes, &Limits::default())
}

/// The same, with other limits.
///
/// # Errors
/// As [`read`].
pub fn read_within(bytes: &[u8], wishes: &Wishes, limits: &Limits) -> Result<Table, SheetFault> {
    if bytes.is_empty() {
        return Err(SheetFault::Nothing);
    }
    if bytes.len() > limits.file_bytes {
        return Err(SheetFault::TooLarge { bytes: bytes.len() as u64, limit: limits.file_bytes as u64 });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return xlsx_read::read(bytes, wishes, limits);
    }
    // The container of workbooks before 2007, and of those behind a password.
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(SheetFault::OldOrLocked);
    }
    csv_read::read(bytes, wishes, limits)
}
