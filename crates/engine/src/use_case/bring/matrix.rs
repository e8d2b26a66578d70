//! A skills matrix as plants draw it: people in rows, skills in columns, levels where they meet. It is read as one row
//! per person and skill, and every cell keeps its place in the file.

use millwright_model::{DataField, DataKind, FileFault};
use millwright_sheet::{Cell, Limits, Row, Value, column_letter};

use super::columns;
use super::file::refuse;
use crate::EngineError;

/// The columns of what a matrix is read as.
pub(super) const FIELDS: [DataField; 4] =
    [DataField::Person, DataField::Skill, DataField::SkillName, DataField::SkillLevel];

/// A matrix, one row per person and skill.
pub(super) struct Unfolded {
    pub(super) rows: Vec<Row>,
    /// For each row the letters of the columns of the person and of the skill.
    pub(super) letters: Vec<[String; 2]>,
}

/// The rows of a matrix; nothing where the columns are those of a list.
pub(super) fn unfolded(headers: &[String], rows: &[Row]) -> Result<Option<Unfolded>, EngineError> {
    let known = columns::found(DataKind::Skills, headers);
    let place = |field: DataField| known.iter().find(|one| one.field == field).map(|one| one.column as usize);
    let listed = place(DataField::Skill).is_some() || place(DataField::SkillLevel).is_some();
    let Some(person) = place(DataField::Person).filter(|_| !listed) else { return Ok(None) };
    let skills: Vec<usize> = (0..headers.len())
        .filter(|column| *column != person && headers.get(*column).is_some_and(|header| !header.is_empty()))
        .filter(|column| holds_levels(rows, *column))
        .collect();
    if skills.is_empty() {
        return Ok(None);
    }
    let limit = Limits::default().rows;
    let mut unfolded = Unfolded { rows: Vec::new(), letters: Vec::new() };
    for row in rows {
        let cell = |column: usize| row.cells.get(column).cloned().unwrap_or_default();
        for column in &skills {
            let level = cell(*column);
            if is_empty(&level) {
                continue;
            }
            if unfolded.rows.len() >= limit {
                return Err(refuse(FileFault::TooManyRows { row: row.number, limit: limit as u64 }));
            }
            let header = headers.get(*column).map(String::as_str).unwrap_or_default();
            let (code, name) = named(header);
            let text = |text: &str| {
                Cell::plain(if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) })
            };
            unfolded
                .rows
                .push(Row { number: row.number, cells: vec![cell(person), text(code), text(name), level] });
            unfolded.letters.push([column_letter(person), column_letter(*column)]);
        }
    }
    Ok(Some(unfolded))
}

/// The code and the name in a column's head: `LOTO`, or `LOTO: Lock-out and tag-out`.
fn named(header: &str) -> (&str, &str) {
    match header.split_once(": ") {
        Some((code, name)) => (code.trim(), name.trim()),
        None => (header, ""),
    }
}

fn is_empty(cell: &Cell) -> bool {
    match &cell.value {
        Value::Empty => !cell.formula,
        Value::Text(text) => text.trim().is_empty(),
        Value::Number(_) | Value::Moment(_) | Value::Flag(_) | Value::Fault(_) => false,
    }
}

/// Whether most of what stands in a column is a single digit: what else stands there is then a slip, and told.
fn holds_levels(rows: &[Row], column: usize) -> bool {
    let cells = rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !is_empty(cell));
    let (mut all, mut levels) = (0, 0);
    for cell in cells {
        all += 1;
        levels += usize::from(match &cell.value {
            Value::Number(number) => number.fract() == 0.0 && (0.0..10.0).contains(number),
            Value::Text(text) => matches!(text.trim().as_bytes(), [digit] if digit.is_ascii_digit()),
            Value::Empty | Value::Moment(_) | Value::Flag(_) | Value::Fault(_) => false,
        });
    }
    all > 0 && levels * 2 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_columns_head_may_name_its_skill() {
        assert_eq!(named("LOTO"), ("LOTO", ""));
        assert_eq!(named("LOTO: Lock-out and tag-out"), ("LOTO", "Lock-out and tag-out"));
    }
}
