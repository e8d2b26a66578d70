//! Writing text with separators: RFC 4180, with the mark by which Excel knows UTF-8, and no text that it would take
//! for a formula.

use crate::guard::guarded;
use crate::{Moment, Value};

/// Writes rows as CSV: UTF-8 with its mark, commas, CRLF, points as decimal marks, days as `2026-11-23`.
pub fn write_csv(rows: &[Vec<Value>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    for row in rows {
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            push_cell(&mut text, &cell(value), row.len() == 1);
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn push_cell(text: &mut String, cell: &str, alone: bool) {
    // A line with nothing on it would be no row, and a blank at either end is lost in some programs.
    let quoted = cell.contains([',', '"', '\n', '\r', ';', '\t', '|'])
        || cell.starts_with(' ')
        || cell.ends_with(' ')
        || (alone && cell.is_empty());
    if quoted {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => guarded(text).unwrap_or_else(|| text.clone()),
        Value::Number(number) => decimal(*number),
        Value::Moment(moment) => written(*moment),
        Value::Flag(true) => "true".to_owned(),
        Value::Flag(false) => "false".to_owned(),
        Value::Fault(name) => name.clone(),
    }
}

/// A number with a point. Three decimals get a fourth, so that nobody takes the point for a group's.
fn decimal(number: f64) -> String {
    let text = format!("{number}");
    match text.split_once('.') {
        Some((_, fraction)) if fraction.len() == 3 => format!("{text}0"),
        _ => text,
    }
}

/// A moment as it is read back: the day, and the time where there is one.
pub(crate) fn written(moment: Moment) -> String {
    let (year, month, day) = moment.day.ymd();
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if let Some(time_ms) = moment.time_ms {
        let (seconds, millis) = (time_ms.div_euclid(1000), time_ms.rem_euclid(1000));
        text.push_str(&format!(" {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
        if millis > 0 {
            text.push_str(&format!(".{millis:03}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Day, Wishes};

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn the_bytes_are_those_of_the_standard() {
        let rows = vec![
            vec![text("code"), text("said"), text("n")],
            vec![text("007"), text("a \"b\", c\nd"), Value::Number(-1.5)],
            vec![text("=1+1"), Value::Empty, Value::Number(1.125)],
        ];
        let written = String::from_utf8(write_csv(&rows)).unwrap();
        assert_eq!(written, "\u{feff}code,said,n\r\n007,\"a \"\"b\"\", c\nd\",-1.5\r\n'=1+1,,1.1250\r\n");
    }

    #[test]
    fn days_are_written_as_they_are_read() {
        for text in ["2026-11-23", "2026-11-23 14:30:05", "2026-11-23 00:00:00", "2026-11-23 14:30:05.250"] {
            assert_eq!(written(crate::read_moment(text).unwrap()), text);
        }
        let day = Day::new(2026, 1, 2).unwrap();
        assert_eq!(written(Moment { day, time_ms: None }), "2026-01-02");
    }

    #[test]
    fn a_single_empty_cell_is_a_row_all_the_same() {
        let bytes = write_csv(&[vec![text("a")], vec![Value::Empty], vec![text("b")]]);
        let table = crate::read(&bytes, &Wishes::default()).unwrap();
        assert_eq!(table.rows.last().map(|row| row.number), Some(3));
    }
}
