//! One row of a file: its cells by what they mean, each read or refused with the reason.

use millwright_model::*;
use millwright_sheet::{
    Cell, DateFault, Moment, NumberFault, Row, Value, column_letter, read_decimal, read_moment,
};

use super::columns::{Columns, sheet_mark};
use crate::use_case::date;

/// A cell that cannot be taken.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    /// What its column means; nothing where it is about the row.
    pub(super) field: Option<DataField>,
    /// Why.
    pub(super) why: RowFault,
}

impl Fault {
    /// A fault of a cell.
    pub(super) fn at(field: DataField, why: RowFault) -> Self {
        Self { field: Some(field), why }
    }

    /// A fault of the row.
    pub(super) fn row(why: RowFault) -> Self {
        Self { field: None, why }
    }
}

/// What was read, or why it is refused.
pub(super) type Read<T> = Result<T, Fault>;

/// A value as a person sees it in the file.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => format!("{number}"),
        Value::Moment(moment) => shown_moment(*moment),
        Value::Flag(true) => "true".to_owned(),
        Value::Flag(false) => "false".to_owned(),
        Value::Fault(name) => name.clone(),
    }
}

fn shown_moment(moment: Moment) -> String {
    let (year, month, day) = moment.day.ymd();
    let day = format!("{year:04}-{month:02}-{day:02}");
    match moment.time_ms {
        None => day,
        Some(time_ms) => {
            let seconds = time_ms / 1000;
            format!("{day} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
        }
    }
}

/// One row.
pub(super) struct Line<'t> {
    /// Its place among the rows of the file.
    pub(super) place: usize,
    /// Its number, as people see it.
    pub(super) row: u32,
    cells: &'t [Cell],
    columns: &'t Columns,
    /// In a matrix, the letters of the columns of the person and of the skill.
    letters: Option<&'t [String; 2]>,
}

impl<'t> Line<'t> {
    /// The row of a file with these columns.
    pub(super) fn new(
        place: usize,
        row: &'t Row,
        columns: &'t Columns,
        letters: Option<&'t [String; 2]>,
    ) -> Self {
        Self { place, row: row.number, cells: &row.cells, columns, letters }
    }

    /// Refuses a row with something beyond the last column that has a name.
    pub(super) fn fits(&self, header: usize) -> Read<()> {
        if self.cells.len() > header {
            let (count, header) = (self.cells.len() as u64, header as u64);
            return Err(Fault::row(RowFault::TooManyCells { count, header }));
        }
        Ok(())
    }

    /// Whether the file has a column for this.
    pub(super) fn has(&self, field: DataField) -> bool {
        self.columns.place(field).is_some()
    }

    /// The letter of the column that means this.
    pub(super) fn letter(&self, field: DataField) -> Option<String> {
        match (self.letters, field) {
            (None, _) => self.columns.place(field).map(column_letter),
            (Some([person, _]), DataField::Person) => Some(person.clone()),
            (Some([_, skill]), _) => Some(skill.clone()),
        }
    }

    /// What is read of a column, or what is kept where the file has none.
    pub(super) fn or_kept<T>(
        &self,
        field: DataField,
        kept: T,
        read: impl FnOnce(&Self) -> Read<T>,
    ) -> Read<T> {
        if self.has(field) { read(self) } else { Ok(kept) }
    }

    fn value(&self, field: DataField) -> Read<&'t Value> {
        let cell = self.columns.place(field).and_then(|place| self.cells.get(place));
        match cell {
            None => Ok(&Value::Empty),
            Some(Cell { value: Value::Empty, formula: true }) => Err(Fault::at(field, RowFault::NoResult)),
            Some(Cell { value: Value::Fault(name), .. }) => {
                Err(Fault::at(field, RowFault::FormulaError { given: name.clone() }))
            }
            Some(cell) => Ok(&cell.value),
        }
    }

    /// A text of one or more lines; nothing where it is empty.
    pub(super) fn lines(&self, field: DataField, limit: usize) -> Read<Option<String>> {
        let text = shown(self.value(field)?);
        let text = text.trim().replace("\r\n", "\n");
        let count = text.chars().count();
        if count > limit {
            let (count, limit) = (count as u64, limit as u64);
            return Err(Fault::at(field, RowFault::TooLong { count, limit }));
        }
        Ok((!text.is_empty()).then_some(text))
    }

    /// A text of one line; nothing where it is empty.
    pub(super) fn text(&self, field: DataField, limit: usize) -> Read<Option<String>> {
        Ok(self.lines(field, limit)?.map(|text| text.replace(['\n', '\r', '\t'], " ")))
    }

    /// A text of one line that must be there.
    pub(super) fn needed(&self, field: DataField, limit: usize) -> Read<String> {
        self.text(field, limit)?.ok_or(Fault::at(field, RowFault::Empty))
    }

    /// A number as a decimal with a point; nothing where it is empty.
    fn decimal(&self, field: DataField) -> Read<Option<String>> {
        match self.value(field)? {
            Value::Empty => Ok(None),
            // What a spreadsheet computed has a tail of digits that nobody entered.
            Value::Number(number) if number.abs() < 1e15 => {
                let text = format!("{number:.9}");
                Ok(Some(text.trim_end_matches('0').trim_end_matches('.').to_owned()))
            }
            Value::Text(text) if text.trim().is_empty() => Ok(None),
            Value::Text(text) => {
                let given = text.trim().to_owned();
                let decimal = read_decimal(text, sheet_mark(self.columns.decimal_mark()));
                decimal.map(Some).map_err(|fault| {
                    Fault::at(
                        field,
                        match fault {
                            NumberFault::NotANumber => RowFault::NotANumber { given },
                            NumberFault::Ambiguous { with_comma, with_point } => {
                                RowFault::OpenNumber { given, with_comma, with_point }
                            }
                        },
                    )
                })
            }
            other => Err(Fault::at(field, RowFault::NotANumber { given: shown(other) })),
        }
    }

    /// A number; nothing where it is empty.
    pub(super) fn number(&self, field: DataField) -> Read<Option<f64>> {
        if let Value::Number(number) = self.value(field)? {
            return Ok(Some(*number));
        }
        let Some(decimal) = self.decimal(field)? else { return Ok(None) };
        let number = decimal.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| Fault::at(field, RowFault::NotANumber { given: decimal }))
    }

    /// A whole number between bounds; nothing where it is empty.
    pub(super) fn whole(&self, field: DataField, least: i64, most: i64) -> Read<Option<i64>> {
        let Some(decimal) = self.decimal(field)? else { return Ok(None) };
        let (whole, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
        if fraction.chars().any(|digit| digit != '0') {
            let why = RowFault::TooManyDecimals { given: decimal.clone(), decimals: 0 };
            return Err(Fault::at(field, why));
        }
        let number = whole.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
        number.map(Some).ok_or_else(|| {
            let (least, most) = (least.to_string(), most.to_string());
            Fault::at(field, RowFault::OutOfBounds { given: decimal.clone(), least, most })
        })
    }

    /// Hundredths of a number that is not negative; nothing where it is empty.
    pub(super) fn hundredths(&self, field: DataField) -> Read<Option<i64>> {
        let Some(decimal) = self.decimal(field)? else { return Ok(None) };
        let quantity = Quantity::parse_decimal(&decimal, "");
        let thousandths = quantity.map(|quantity| quantity.thousandths);
        match thousandths {
            Some(thousandths) if thousandths % 10 != 0 => {
                Err(Fault::at(field, RowFault::TooManyDecimals { given: decimal, decimals: 2 }))
            }
            Some(thousandths) if (0..=100_000_000_000_000).contains(&thousandths) => {
                Ok(Some(thousandths / 10))
            }
            Some(_) => {
                let (least, most) = ("0".to_owned(), "100000000000".to_owned());
                Err(Fault::at(field, RowFault::OutOfBounds { given: decimal, least, most }))
            }
            None => Err(Fault::at(field, RowFault::TooManyDecimals { given: decimal, decimals: 2 })),
        }
    }

    /// A quantity in `unit` that is not negative; nothing where it is empty.
    pub(super) fn quantity(&self, field: DataField, unit: &str) -> Read<Option<Quantity>> {
        let Some(decimal) = self.decimal(field)? else { return Ok(None) };
        let Some(quantity) = Quantity::parse_decimal(&decimal, unit) else {
            return Err(Fault::at(field, RowFault::TooManyDecimals { given: decimal, decimals: 3 }));
        };
        if quantity.thousandths < 0 || quantity.thousandths > 1_000_000_000_000_000 {
            let (least, most) = ("0".to_owned(), "1000000000000".to_owned());
            return Err(Fault::at(field, RowFault::OutOfBounds { given: decimal, least, most }));
        }
        if Quantity::decimals_of(unit) == 0 && quantity.thousandths % 1000 != 0 {
            return Err(Fault::at(field, RowFault::WholePieces { given: decimal }));
        }
        Ok(Some(quantity))
    }

    fn moment(&self, field: DataField) -> Read<Option<Moment>> {
        match self.value(field)? {
            Value::Empty => Ok(None),
            Value::Moment(moment) => Ok(Some(*moment)),
            Value::Text(text) if text.trim().is_empty() => Ok(None),
            Value::Text(text) => {
                let given = text.trim().to_owned();
                read_moment(text).map(Some).map_err(|fault| {
                    Fault::at(
                        field,
                        match fault {
                            DateFault::NotADate => RowFault::NotADate { given },
                            DateFault::Ambiguous => RowFault::OpenDate { given },
                        },
                    )
                })
            }
            other => Err(Fault::at(field, RowFault::NotADate { given: shown(other) })),
        }
    }

    /// A day; nothing where it is empty.
    pub(super) fn day(&self, field: DataField) -> Read<Option<CivilDate>> {
        Ok(self.moment(field)?.and_then(civil))
    }

    /// An instant by the plant's clock; nothing where it is empty. `kept` is what is here: it stays where the file says
    /// the same to the second. A day alone is its beginning, or its end where `ends_its_day`.
    pub(super) fn instant(
        &self,
        field: DataField,
        kept: Option<TimestampMs>,
        ends_its_day: bool,
    ) -> Read<Option<TimestampMs>> {
        let Some(moment) = self.moment(field)? else { return Ok(None) };
        let Some(day) = civil(moment) else { return Ok(None) };
        if let Some(kept) = kept {
            let clock = date::plant_time(kept, &self.columns.zone);
            let same_time = match moment.time_ms {
                Some(time_ms) => clock.time_ms / 1000 == time_ms / 1000,
                // A workbook cannot tell midnight from a day alone.
                None => clock.time_ms < 1000 || (ends_its_day && clock.ends_its_day()),
            };
            if clock.on == day && same_time {
                return Ok(Some(kept));
            }
        }
        let without_time = if ends_its_day { PlantTime::LAST_SECOND_MS } else { 0 };
        let time_ms = moment.time_ms.unwrap_or(without_time);
        Ok(Some(date::instant(day, time_ms, &self.columns.zone)))
    }

    /// One of a closed list, by its name or by a further one; nothing where it is empty.
    pub(super) fn one_of<T: Copy>(&self, field: DataField, known: &[(&str, &[&str], T)]) -> Read<Option<T>> {
        let Some(given) = self.text(field, 80)? else { return Ok(None) };
        let lower = given.to_lowercase();
        let is = |name: &str| name.to_lowercase() == lower;
        let one = known.iter().find(|(name, more, _)| is(name) || more.iter().any(|name| is(name)));
        match one {
            Some((_, _, one)) => Ok(Some(*one)),
            None => {
                let known = known.iter().map(|(name, _, _)| (*name).to_owned()).collect();
                Err(Fault::at(field, RowFault::NotOneOf { given, known }))
            }
        }
    }
}

fn civil(moment: Moment) -> Option<CivilDate> {
    let (year, month, day) = moment.day.ymd();
    CivilDate::from_ymd(year, month, day)
}

/// A text as a cell of a file.
pub(super) fn text_cell(text: &str) -> Value {
    if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) }
}

/// A text that may not be there as a cell of a file.
pub(super) fn optional_cell(text: Option<&str>) -> Value {
    text.map_or(Value::Empty, text_cell)
}

/// A number that may not be there as a cell of a file.
pub(super) fn number_cell(number: Option<f64>) -> Value {
    number.map_or(Value::Empty, Value::Number)
}

/// A whole number as a cell of a file.
pub(super) fn whole_cell(number: i64) -> Value {
    Value::Number(number as f64)
}

/// A quantity as a cell of a file.
pub(super) fn quantity_cell(quantity: &Quantity) -> Value {
    Value::Number(quantity.thousandths as f64 / 1000.0)
}

/// An instant by the plant's clock as a cell of a file, to the second.
pub(super) fn instant_cell(at: Option<TimestampMs>, zone: &str) -> Value {
    let Some(at) = at else { return Value::Empty };
    let clock = date::plant_time(at, zone);
    day_cell(clock.on, Some(clock.time_ms / 1000 * 1000))
}

/// A day as a cell of a file.
pub(super) fn day_cell(day: CivilDate, time_ms: Option<i64>) -> Value {
    let (year, month, of_month) = day.ymd();
    match millwright_sheet::Day::new(year, month, of_month) {
        Some(day) => Value::Moment(Moment { day, time_ms }),
        None => Value::Empty,
    }
}
