//! Writing a workbook of one sheet: texts as texts, numbers as numbers, days as days, and never a formula.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use crate::{Moment, SheetFault, Value};

/// As many characters as Excel takes in a cell.
const CELL_CHARS_MAX: usize = 32_767;

/// Writes rows as a workbook with one sheet called `sheet`; the first row holds the names of the columns.
///
/// # Errors
/// When there are more rows, columns or characters than a workbook has.
pub fn write_xlsx(sheet: &str, rows: &[Vec<Value>]) -> Result<Vec<u8>, SheetFault> {
    write(sheet, rows).map_err(|error| SheetFault::NotWritten { reason: error.to_string() })
}

fn write(sheet: &str, rows: &[Vec<Value>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(sheet_name(sheet))?;
    let bold = Format::new().set_bold();
    // A text that looks like a number stays a text also when a person edits the cell.
    let as_text = Format::new().set_num_format("@");
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (row_place, row) in rows.iter().enumerate() {
        let row_number = u32::try_from(row_place).unwrap_or(u32::MAX);
        for (column_place, value) in row.iter().enumerate() {
            let column = u16::try_from(column_place).unwrap_or(u16::MAX);
            match value {
                Value::Empty => {}
                Value::Text(text) if text.is_empty() => {}
                Value::Text(text) => {
                    if text.chars().count() > CELL_CHARS_MAX {
                        return Err(XlsxError::MaxStringLengthExceeded);
                    }
                    let format = if row_place == 0 { &bold } else { &as_text };
                    worksheet.write_string_with_format(row_number, column, text, format)?;
                }
                Value::Number(number) => {
                    worksheet.write_number(row_number, column, *number)?;
                }
                Value::Flag(flag) => {
                    worksheet.write_boolean(row_number, column, *flag)?;
                }
                Value::Fault(name) => {
                    worksheet.write_string(row_number, column, name)?;
                }
                Value::Moment(moment) => {
                    let format = if moment.time_ms.is_some() { &time } else { &day };
                    worksheet.write_datetime_with_format(row_number, column, excel(*moment)?, format)?;
                }
            }
        }
    }
    if !rows.is_empty() {
        worksheet.set_freeze_panes(1, 0)?;
    }
    worksheet.set_autofit_max_width(420);
    worksheet.autofit();
    workbook.save_to_buffer()
}

fn excel(moment: Moment) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = moment.day.ymd();
    let date = ExcelDateTime::from_ymd(
        u16::try_from(year).unwrap_or_default(),
        u8::try_from(month).unwrap_or_default(),
        u8::try_from(day).unwrap_or_default(),
    )?;
    let time_ms = moment.time_or_midnight_ms();
    let (seconds, millis) = (time_ms.div_euclid(1000), time_ms.rem_euclid(1000));
    date.and_hms(
        u16::try_from(seconds / 3600).unwrap_or_default(),
        u8::try_from(seconds / 60 % 60).unwrap_or_default(),
        (seconds % 60) as f64 + millis as f64 / 1000.0,
    )
}

/// A name that a workbook takes: at most 31 characters, none of those it forbids.
fn sheet_name(wanted: &str) -> String {
    let name: String = wanted
        .chars()
        .filter(|character| !matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''))
        .filter(|character| !character.is_control())
        .take(31)
        .collect();
    if name.trim().is_empty() { "Sheet1".to_owned() } else { name }
}
