//! Reading text with separators: quoted cells of several lines, line endings of every system, and a place for each
//! fault. A cell is a text until somebody who knows its column says otherwise.

use std::str::CharIndices;

use crate::encoding::decode;
use crate::guard::unguarded;
use crate::table::column_letter;
use crate::{Cell, Format, Limits, Row, SheetFault, Table, Understood, Value, Wishes, separator};

/// Reads a text.
pub(crate) fn read(bytes: &[u8], wishes: &Wishes, limits: &Limits) -> Result<Table, SheetFault> {
    let (text, encoding) = decode(bytes, wishes.encoding)?;
    let (named, body, first_line) = match separator::named(&text) {
        Some((separator, rest)) => (Some(separator), rest, 2),
        None => (None, text.as_str(), 1),
    };
    let separator = wishes.separator.or(named).unwrap_or_else(|| separator::guess(body, limits));
    let mut rows = Vec::new();
    let mut cells = 0_usize;
    for row in Records::new(body, separator.character(), first_line, limits) {
        let row = row?;
        if row.cells.is_empty() {
            continue;
        }
        if rows.len() >= limits.rows {
            return Err(SheetFault::TooManyRows { row: row.number, limit: limits.rows as u64 });
        }
        cells += row.cells.len();
        if cells > limits.cells {
            return Err(SheetFault::TooManyCells { row: row.number, limit: limits.cells as u64 });
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(SheetFault::Nothing);
    }
    let understood = Understood {
        format: Format::Csv,
        encoding: Some(encoding),
        separator: Some(separator),
        sheet: None,
        sheets: Vec::new(),
        from_1904: false,
        formulas: 0,
    };
    Ok(Table { understood, rows })
}

/// The rows of a text, one after the other.
pub(crate) struct Records<'t> {
    text: &'t str,
    characters: std::iter::Peekable<CharIndices<'t>>,
    separator: char,
    line: u32,
    limits: &'t Limits,
    failed: bool,
}

/// How a cell ended.
enum End {
    Cell,
    Row,
    Text,
}

impl<'t> Records<'t> {
    /// The rows of `text`, whose first line is `first_line`.
    pub(crate) fn new(text: &'t str, separator: char, first_line: u32, limits: &'t Limits) -> Self {
        Self {
            text,
            characters: text.char_indices().peekable(),
            separator,
            line: first_line,
            limits,
            failed: false,
        }
    }

    fn row(&mut self) -> Result<Row, SheetFault> {
        let number = self.line;
        let mut cells = Vec::new();
        loop {
            if cells.len() >= self.limits.columns {
                return Err(SheetFault::TooManyColumns { row: number, limit: self.limits.columns as u64 });
            }
            let (text, end) = self.cell(cells.len())?;
            let value = if text.is_empty() { Value::Empty } else { Value::Text(unguarded(text)) };
            cells.push(Cell::plain(value));
            match end {
                End::Cell => {}
                End::Row | End::Text => break,
            }
        }
        while cells.last().is_some_and(|cell| cell.value == Value::Empty) {
            cells.pop();
        }
        Ok(Row { number, cells })
    }

    fn cell(&mut self, column: usize) -> Result<(String, End), SheetFault> {
        let quoted = self.characters.peek().is_some_and(|(_, character)| *character == '"');
        let text = if quoted { self.quoted(column)? } else { String::new() };
        let begin = self.characters.peek().map_or(self.text.len(), |(place, _)| *place);
        let mut length = 0_usize;
        loop {
            let Some((place, character)) = self.characters.next() else {
                return Ok((self.ended(text, quoted, begin, self.text.len()), End::Text));
            };
            if character == self.separator {
                return Ok((self.ended(text, quoted, begin, place), End::Cell));
            }
            if character == '\n' || character == '\r' {
                if character == '\r' {
                    self.characters.next_if(|(_, next)| *next == '\n');
                }
                self.line = self.line.saturating_add(1);
                return Ok((self.ended(text, quoted, begin, place), End::Row));
            }
            if quoted {
                return Err(SheetFault::AfterQuote { line: self.line, column: column_letter(column) });
            }
            length += 1;
            if length > self.limits.cell_chars {
                return Err(self.too_long(column, self.line));
            }
        }
    }

    fn ended(&self, text: String, quoted: bool, begin: usize, end: usize) -> String {
        if quoted { text } else { self.text.get(begin..end).unwrap_or_default().to_owned() }
    }

    fn quoted(&mut self, column: usize) -> Result<String, SheetFault> {
        let opened = self.line;
        self.characters.next();
        let mut text = String::new();
        let mut length = 0_usize;
        while let Some((_, character)) = self.characters.next() {
            if character == '"' && self.characters.next_if(|(_, next)| *next == '"').is_none() {
                return Ok(text);
            }
            if character == '\n' {
                self.line = self.line.saturating_add(1);
            }
            text.push(character);
            length += 1;
            if length > self.limits.cell_chars {
                return Err(self.too_long(column, opened));
            }
        }
        Err(SheetFault::QuoteOpen { line: opened })
    }

    fn too_long(&self, column: usize, row: u32) -> SheetFault {
        SheetFault::CellTooLong { column: column_letter(column), row, limit: self.limits.cell_chars as u64 }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Row, SheetFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.characters.peek().is_none() {
            return None;
        }
        let row = self.row();
        self.failed = row.is_err();
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoding, Separator, read_within};

    fn texts(table: &Table) -> Vec<(u32, Vec<String>)> {
        let text = |cell: &Cell| match &cell.value {
            Value::Text(text) => text.clone(),
            Value::Empty => String::new(),
            other => panic!("{other:?} in a CSV"),
        };
        table.rows.iter().map(|row| (row.number, row.cells.iter().map(text).collect())).collect()
    }

    fn cells(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn cells_of_several_lines_keep_their_lines_and_the_rows_their_numbers() {
        let table = crate::read(
            b"code;text\r\n007;\"first\nsecond; \"\"quoted\"\"\"\r\n\r\n ; \n8;x;;\n",
            &Wishes::default(),
        )
        .unwrap();
        assert_eq!(table.understood.separator, Some(Separator::Semicolon));
        assert_eq!(
            texts(&table),
            [
                (1, cells(&["code", "text"])),
                (2, cells(&["007", "first\nsecond; \"quoted\""])),
                (5, cells(&[" ", " "])),
                (6, cells(&["8", "x"])),
            ]
        );
    }

    #[test]
    fn a_person_can_say_otherwise() {
        let wishes =
            Wishes { encoding: Some(Encoding::Windows1252), separator: Some(Separator::Comma), sheet: None };
        let table = crate::read("a;ä,b\n".as_bytes(), &wishes).unwrap();
        assert_eq!(texts(&table), [(1, cells(&["a;Ã¤", "b"]))]);
    }

    #[test]
    fn quotes_that_do_not_close_or_go_on_are_refused_with_their_line() {
        let fault = |text: &str| crate::read(text.as_bytes(), &Wishes::default()).unwrap_err();
        assert_eq!(fault("a,b\n1,2\n3,\"x\ny\n"), SheetFault::QuoteOpen { line: 3 });
        assert_eq!(fault("a,b\n1,\"x\"y\n"), SheetFault::AfterQuote { line: 2, column: "B".to_owned() });
        assert_eq!(fault("\n\n"), SheetFault::Nothing);
        assert_eq!(fault(""), SheetFault::Nothing);
    }

    #[test]
    fn what_is_beyond_the_limits_is_refused_with_its_place() {
        let small = Limits { rows: 3, columns: 3, cell_chars: 5, cells: 7, ..Limits::default() };
        let fault = |text: &str| read_within(text.as_bytes(), &Wishes::default(), &small).unwrap_err();
        assert_eq!(fault("a\nb\nc\nd\n"), SheetFault::TooManyRows { row: 4, limit: 3 });
        assert_eq!(fault("a,b\n1,2,3,4\n"), SheetFault::TooManyColumns { row: 2, limit: 3 });
        assert_eq!(fault("a,b,c\n1,2,3\n4,5,6\n"), SheetFault::TooManyCells { row: 3, limit: 7 });
        let long = SheetFault::CellTooLong { column: "B".to_owned(), row: 2, limit: 5 };
        assert_eq!(fault("a,b\n1,123456\n"), long);
        assert_eq!(fault("a,b\n1,\"123456\"\n"), long);
        let large = Limits { file_bytes: 4, ..Limits::default() };
        assert_eq!(
            read_within(b"a,b\n1", &Wishes::default(), &large).unwrap_err(),
            SheetFault::TooLarge { bytes: 5, limit: 4 }
        );
    }
}
