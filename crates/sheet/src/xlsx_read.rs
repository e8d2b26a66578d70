//! Reading a sheet of a workbook, cell by cell: as much as is there, never as much as it claims.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::table::column_letter;
use crate::{
    Cell, Format, Limits, Moment, Row, SheetFault, Table, Understood, Value, Wishes, archive, read_moment,
};

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], wishes: &Wishes, limits: &Limits) -> Result<Table, SheetFault> {
    archive::check(bytes, limits)?;
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged("the workbook", &error))?;
    let from_1904 = workbook.has_1904_epoch();
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let sheet = match &wishes.sheet {
        Some(wished) if sheets.contains(wished) => wished.clone(),
        Some(wished) => return Err(SheetFault::NoSuchSheet { sheet: wished.clone(), sheets }),
        None => sheets.first().cloned().ok_or(SheetFault::Nothing)?,
    };
    let mut reader = workbook.worksheet_cells_reader(&sheet).map_err(|error| damaged(&sheet, &error))?;
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let (mut cells, mut formulas) = (0_usize, 0_u64);
    while let Some(found) =
        reader.next_cell_with_formula_metadata().map_err(|error| damaged(&sheet, &error))?
    {
        let formula = found.formula.is_some();
        let (row, column) = (found.pos.0.saturating_add(1), found.pos.1 as usize);
        let value = value(found.value, from_1904);
        if value == Value::Empty && !formula {
            continue;
        }
        if let Value::Text(text) = &value
            && text.len() > limits.cell_chars
            && text.chars().count() > limits.cell_chars
        {
            let limit = limits.cell_chars as u64;
            return Err(SheetFault::CellTooLong { column: column_letter(column), row, limit });
        }
        if column >= limits.columns {
            return Err(SheetFault::TooManyColumns { row, limit: limits.columns as u64 });
        }
        if !rows.contains_key(&row) && rows.len() >= limits.rows {
            return Err(SheetFault::TooManyRows { row, limit: limits.rows as u64 });
        }
        let held = rows.entry(row).or_default();
        if held.len() <= column {
            cells += column + 1 - held.len();
            if cells > limits.cells {
                return Err(SheetFault::TooManyCells { row, limit: limits.cells as u64 });
            }
            held.resize(column + 1, Cell::default());
        }
        formulas += u64::from(formula);
        if let Some(place) = held.get_mut(column) {
            *place = Cell { value, formula };
        }
    }
    if rows.is_empty() {
        return Err(SheetFault::Nothing);
    }
    let understood = Understood {
        format: Format::Xlsx,
        encoding: None,
        separator: None,
        sheet: Some(sheet),
        sheets,
        from_1904,
        formulas,
    };
    let rows = rows.into_iter().map(|(number, cells)| Row { number, cells }).collect();
    Ok(Table { understood, rows })
}

fn value(found: DataRef<'_>, from_1904: bool) -> Value {
    let text = |text: String| if text.is_empty() { Value::Empty } else { Value::Text(text) };
    match found {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Number(number as f64),
        DataRef::Float(number) if number.is_finite() => Value::Number(number),
        DataRef::Float(_) => Value::Fault("#NUM!".to_owned()),
        DataRef::String(said) => text(said),
        DataRef::SharedString(said) => text(said.to_owned()),
        DataRef::Bool(flag) => Value::Flag(flag),
        DataRef::DateTime(serial) => {
            let moment =
                serial.is_datetime().then(|| Moment::of_serial(serial.as_f64(), from_1904)).flatten();
            moment.map_or(Value::Number(serial.as_f64()), Value::Moment)
        }
        DataRef::DateTimeIso(said) => match read_moment(said.trim_end_matches('Z')) {
            Ok(moment) => Value::Moment(moment),
            Err(_no_day) => text(said),
        },
        DataRef::DurationIso(said) => text(said),
        DataRef::Error(name) => Value::Fault(name.to_string()),
    }
}

fn damaged(part: &str, error: &XlsxError) -> SheetFault {
    SheetFault::Damaged { part: part.chars().take(120).collect(), reason: error.to_string() }
}
