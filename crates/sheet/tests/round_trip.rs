//! What is written is read back equal, by us and by somebody else's reader.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot make its file fails")]

use millwright_sheet::*;
use proptest::prelude::*;

/// A text that files hold: no control characters but those that cells have.
fn cell_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9äöüß€ ,;|\"'=+@\\-\t\n]{0,12}",
        "['=+\\-@\t][0-9A-Z+='\"]{0,6}",
        "\\PC{0,8}",
        "0[0-9]{1,6}",
    ]
    .prop_map(|text| text.replace(['\u{fffe}', '\u{ffff}'], ""))
}

fn moment() -> impl Strategy<Value = Moment> {
    let time = prop_oneof![Just(None), (1_i64..86_400).prop_map(|second| Some(second * 1000))];
    (1901_i32..2999, 1_u32..=12, 1_u32..=28, time)
        .prop_map(|(year, month, day, time_ms)| Moment { day: Day::new(year, month, day).unwrap(), time_ms })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        cell_text().prop_map(|text| if text.is_empty() { Value::Empty } else { Value::Text(text) }),
        (-1_000_000_000_i64..1_000_000_000)
            .prop_map(|thousandths| Value::Number(thousandths as f64 / 1000.0)),
        moment().prop_map(Value::Moment),
        Just(Value::Empty),
    ]
}

/// Rows of three cells whose first one is never empty, so that every row is there.
fn rows() -> impl Strategy<Value = Vec<Vec<Value>>> {
    let row = ("[a-zA-Z0-9=+@-]{1,6}", value(), value())
        .prop_map(|(first, second, third)| vec![Value::Text(first), second, third]);
    prop::collection::vec(row, 1..8)
}

fn trimmed(mut row: Vec<Value>) -> Vec<Value> {
    while row.last() == Some(&Value::Empty) {
        row.pop();
    }
    row
}

/// Whether what was read from CSV says what was written: there every cell is a text.
fn says(read: &Value, written: &Value) -> bool {
    match (written, read) {
        (Value::Number(number), Value::Text(text)) => {
            read_decimal(text, None).ok().and_then(|decimal| decimal.parse::<f64>().ok()) == Some(*number)
        }
        (Value::Moment(moment), Value::Text(text)) => read_moment(text) == Ok(*moment),
        (written, read) => written == read,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn csv_comes_back_equal(rows in rows()) {
        let bytes = write_csv(&rows);
        let wishes = Wishes { separator: Some(Separator::Comma), ..Wishes::default() };
        let table = read(&bytes, &wishes).unwrap();
        prop_assert_eq!(table.rows.len(), rows.len());
        for (read, written) in table.rows.iter().zip(&rows) {
            let written = trimmed(written.clone());
            prop_assert_eq!(read.cells.len(), written.len());
            for (cell, value) in read.cells.iter().zip(&written) {
                prop_assert!(says(&cell.value, value), "{:?} is not {:?}", cell.value, value);
            }
        }
    }

    #[test]
    fn somebody_elses_reader_finds_the_same_cells_and_no_formula(rows in rows()) {
        let bytes = write_csv(&rows);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), rows.len());
        for (record, row) in records.iter().zip(&rows) {
            for (field, value) in record.iter().zip(row) {
                match value {
                    Value::Text(text) => {
                        prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{}", field);
                        let plain = field.strip_prefix('\'').unwrap_or(field);
                        prop_assert!(field == text || plain == text, "{} is not {}", field, text);
                    }
                    other => prop_assert!(says(&Value::Text(field.to_owned()), other) || field.is_empty()),
                }
            }
        }
    }

    #[test]
    fn whatever_comes_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let limits = Limits { rows: 20, columns: 10, cell_chars: 50, cells: 100, ..Limits::default() };
        if let Ok(table) = read_within(&bytes, &Wishes::default(), &limits) {
            prop_assert!(table.rows.len() <= 20);
            prop_assert!(table.rows.iter().all(|row| row.cells.len() <= 10));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn workbooks_come_back_equal_with_their_types(rows in rows()) {
        let bytes = write_xlsx("data", &rows).unwrap();
        let table = read(&bytes, &Wishes::default()).unwrap();
        prop_assert_eq!(table.understood.formulas, 0);
        prop_assert_eq!(table.rows.len(), rows.len());
        for (read, written) in table.rows.iter().zip(&rows) {
            let read: Vec<Value> = read.cells.iter().map(|cell| cell.value.clone()).collect();
            prop_assert_eq!(read, trimmed(written.clone()));
        }
    }
}
