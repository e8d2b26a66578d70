//! Files of data: text with separators and workbooks, read within bounds or refused.
#![no_main]

use millwright_sheet::{Limits, Value, Wishes, read_decimal, read_moment, read_within};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits =
        Limits { inflated_bytes: 4 << 20, rows: 200, columns: 50, cell_chars: 2_000, cells: 2_000, parts: 50, ..Limits::default() };
    let Ok(table) = read_within(bytes, &Wishes::default(), &limits) else { return };
    assert!(table.rows.len() <= limits.rows, "more rows than the limit");
    for row in &table.rows {
        assert!(row.cells.len() <= limits.columns, "more columns than the limit");
        for cell in &row.cells {
            if let Value::Text(text) = &cell.value {
                assert!(text.chars().count() <= limits.cell_chars, "a longer cell than the limit");
                let _number = read_decimal(text, None).is_ok();
                let _moment = read_moment(text).is_ok();
            }
        }
    }
});
