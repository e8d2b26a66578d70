//! Real workbooks and hostile ones: what is read, and what is refused with its place.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot make its file fails")]

use std::io::{Cursor, Write};

use millwright_sheet::*;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn read_plain(bytes: &[u8]) -> Result<Table, SheetFault> {
    read(bytes, &Wishes::default())
}

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook written by hand, with this sheet and these shared strings.
fn by_hand(sheet: &str, strings: &str, workbook: &str) -> Vec<u8> {
    const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const PARTS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    archive(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", PARTS.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const STRINGS: &str = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1"><si><t>code</t></si></sst>"#;

fn sheet(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

#[test]
fn cells_keep_their_types_and_leading_zeros() {
    let mut workbook = Workbook::new();
    let day = CellFormat::new().set_num_format("dd.mm.yyyy");
    let time = CellFormat::new().set_num_format("dd.mm.yyyy hh:mm");
    let page = workbook.add_worksheet().set_name("Anlagen").unwrap();
    page.write_string(0, 0, "code").unwrap();
    page.write_string(1, 0, "00123").unwrap();
    page.write_number(1, 1, 1.5).unwrap();
    page.write_datetime_with_format(1, 2, ExcelDateTime::from_ymd(2026, 11, 23).unwrap(), &day).unwrap();
    let moment = ExcelDateTime::from_ymd(2026, 11, 23).unwrap().and_hms(14, 30, 5).unwrap();
    page.write_datetime_with_format(1, 3, moment, &time).unwrap();
    page.write_boolean(1, 4, true).unwrap();
    page.write_string(4, 0, "two\nlines").unwrap();
    workbook.add_worksheet().set_name("Zweites").unwrap().write_string(0, 0, "x").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let table = read_plain(&bytes).unwrap();
    assert_eq!(table.understood.sheet.as_deref(), Some("Anlagen"));
    assert_eq!(table.understood.sheets, ["Anlagen", "Zweites"]);
    let day = Day::new(2026, 11, 23).unwrap();
    let plain = |values: &[Value]| values.iter().cloned().map(Cell::plain).collect::<Vec<_>>();
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 5]);
    assert_eq!(
        table.rows[1].cells,
        plain(&[
            text("00123"),
            Value::Number(1.5),
            Value::Moment(Moment { day, time_ms: None }),
            Value::Moment(Moment { day, time_ms: Some(52_205_000) }),
            Value::Flag(true),
        ])
    );
    assert_eq!(table.rows[2].cells, plain(&[text("two\nlines")]));
    let second = Wishes { sheet: Some("Zweites".to_owned()), ..Wishes::default() };
    assert_eq!(read(&bytes, &second).unwrap().rows.len(), 1);
    let third = Wishes { sheet: Some("Drittes".to_owned()), ..Wishes::default() };
    assert!(matches!(read(&bytes, &third), Err(SheetFault::NoSuchSheet { sheets, .. }) if sheets.len() == 2));
}

#[test]
fn days_of_a_workbook_from_1904_are_the_same_days() {
    let rows = r#"<row r="1"><c r="A1" s="1"><v>44887</v></c></row>"#;
    let workbook = WORKBOOK.replace("<sheets>", r#"<workbookPr date1904="1"></workbookPr><sheets>"#);
    let styles = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let mut parts = zip::ZipArchive::new(Cursor::new(by_hand(&sheet(rows), STRINGS, &workbook))).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..parts.len() {
        writer.raw_copy_file(parts.by_index_raw(place).unwrap()).unwrap();
    }
    writer.start_file("xl/styles.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(styles.as_bytes()).unwrap();
    let table = read_plain(&writer.finish().unwrap().into_inner()).unwrap();
    assert!(table.understood.from_1904);
    let day = Day::new(2026, 11, 23).unwrap();
    assert_eq!(table.rows[0].cells[0].value, Value::Moment(Moment { day, time_ms: None }));
}

#[test]
fn a_formula_is_what_the_file_kept_of_its_result_and_is_marked() {
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet();
    page.write_formula(0, 0, Formula::new("=1+1").set_result("7")).unwrap();
    page.write_formula(0, 1, Formula::new("=WEBSERVICE(\"http://127.0.0.1/\")").set_result("x")).unwrap();
    page.write_formula(0, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    page.write_string(0, 3, "=1+1").unwrap();
    let table = read_plain(&workbook.save_to_buffer().unwrap()).unwrap();
    let cells = &table.rows[0].cells;
    assert_eq!((&cells[0].value, cells[0].formula), (&Value::Number(7.0), true), "kept, not computed");
    assert_eq!((&cells[1].value, cells[1].formula), (&text("x"), true));
    assert!(cells[2].formula, "{:?}", cells[2]);
    assert_eq!((&cells[3].value, cells[3].formula), (&text("=1+1"), false));
    assert_eq!(table.understood.formulas, 3);
    // A formula without a kept result is there, and empty.
    let bare = by_hand(&sheet(r#"<row r="1"><c r="A1"><f>1+1</f></c></row>"#), STRINGS, WORKBOOK);
    let table = read_plain(&bare).unwrap();
    assert_eq!(table.rows[0].cells[0], Cell { value: Value::Empty, formula: true });
}

#[test]
fn a_bomb_is_refused_by_what_it_declares_and_by_what_it_is() {
    let zeros = vec![b' '; 3_000_000];
    let bomb = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/worksheets/sheet1.xml", &zeros),
    ]);
    assert!(bomb.len() < 10_000, "{} bytes", bomb.len());
    let limits = Limits { inflated_bytes: 1_000_000, ..Limits::default() };
    let expected = SheetFault::Inflates { part: "xl/worksheets/sheet1.xml".to_owned(), limit: 1_000_000 };
    assert_eq!(read_within(&bomb, &Wishes::default(), &limits), Err(expected));
    // The same archive with sizes that lie: the uncompressed size stands in local and central headers.
    let mut lying = bomb.clone();
    let declared = 3_000_000_u32.to_le_bytes();
    let mut lies = 0;
    for place in 0..lying.len() - 4 {
        if lying[place..place + 4] == declared {
            lying[place..place + 4].copy_from_slice(&100_u32.to_le_bytes());
            lies += 1;
        }
    }
    assert!(lies >= 1, "the size stands there");
    let refused = read_within(&lying, &Wishes::default(), &limits).unwrap_err();
    assert!(matches!(refused, SheetFault::Inflates { .. } | SheetFault::Damaged { .. }), "{refused:?}");
}

#[test]
fn a_bomb_of_bombs_stays_packed() {
    let inner = archive(&[("a.xml", &vec![b' '; 2_000_000])]);
    let outer = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/embeddings/inner.zip", &inner),
    ]);
    let limits = Limits { inflated_bytes: 500_000, ..Limits::default() };
    // It is no workbook with a sheet, and it is not opened to find that out.
    let refused = read_within(&outer, &Wishes::default(), &limits).unwrap_err();
    assert!(matches!(refused, SheetFault::Damaged { .. }), "{refused:?}");
}

#[test]
fn too_many_parts_rows_columns_and_cells_are_refused_with_their_place() {
    let parts: Vec<(String, Vec<u8>)> = (0..30).map(|number| (format!("p{number}"), vec![])).collect();
    let borrowed: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
    let limits = Limits { parts: 20, ..Limits::default() };
    assert_eq!(
        read_within(&archive(&borrowed), &Wishes::default(), &limits),
        Err(SheetFault::TooManyParts { count: 30, limit: 20 })
    );
    let fault = |rows: &str, limits: Limits| {
        read_within(&by_hand(&sheet(rows), STRINGS, WORKBOOK), &Wishes::default(), &limits).unwrap_err()
    };
    let two = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9"><v>1</v></c></row>"#;
    assert_eq!(
        fault(two, Limits { rows: 1, ..Limits::default() }),
        SheetFault::TooManyRows { row: 9, limit: 1 }
    );
    let wide = r#"<row r="3"><c r="XFD3"><v>1</v></c></row>"#;
    assert_eq!(fault(wide, Limits::default()), SheetFault::TooManyColumns { row: 3, limit: 256 });
    let spread = r#"<row r="1"><c r="D1"><v>1</v></c></row><row r="2"><c r="D2"><v>1</v></c></row>"#;
    assert_eq!(
        fault(spread, Limits { cells: 7, ..Limits::default() }),
        SheetFault::TooManyCells { row: 2, limit: 7 }
    );
    let long = format!(r#"<row r="2"><c r="B2" t="str"><v>{}</v></c></row>"#, "x".repeat(32_768));
    assert_eq!(
        fault(&long, Limits::default()),
        SheetFault::CellTooLong { column: "B".to_owned(), row: 2, limit: 32_767 }
    );
}

#[test]
fn a_sheet_that_claims_to_be_endless_costs_what_is_in_it() {
    let rows =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>"#;
    let claimed =
        sheet(rows).replace("<sheetData>", r#"<dimension ref="A1:XFD1048576"></dimension><sheetData>"#);
    let shared =
        claimed.replace("<v>1</v>", r#"<f t="shared" ref="A1:XFD1048576" si="4000000000">A2</f><v>1</v>"#);
    for sheet in [claimed, shared] {
        let table = read_plain(&by_hand(&sheet, STRINGS, WORKBOOK)).unwrap();
        assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 1_048_576]);
    }
}

#[test]
fn entities_and_claims_of_endless_texts_are_refused_at_their_part() {
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst uniqueCount="1"><si><t>&b;</t></si></sst>"#;
    let refused = read_plain(&by_hand(&sheet(""), laughs, WORKBOOK)).unwrap_err();
    assert_eq!(refused, SheetFault::Declares { part: "xl/sharedStrings.xml".to_owned() });
    let endless = STRINGS.replace("uniqueCount=\"1\"", "uniqueCount=\"18446744073709551615\"");
    let refused = read_plain(&by_hand(&sheet(""), &endless, WORKBOOK)).unwrap_err();
    assert!(
        matches!(&refused, SheetFault::Damaged { part, .. } if part == "xl/sharedStrings.xml"),
        "{refused:?}"
    );
}

#[test]
fn truncated_and_foreign_files_are_refused() {
    let whole = by_hand(&sheet(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#), STRINGS, WORKBOOK);
    assert_eq!(read_plain(&whole).unwrap().rows[0].cells[0].value, text("code"));
    for length in (4..whole.len()).step_by(7) {
        assert!(read_plain(&whole[..length]).is_err(), "cut at {length}");
    }
    assert_eq!(read_plain(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"), Err(SheetFault::OldOrLocked));
    let office = archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")]);
    assert_eq!(read_plain(&office), Err(SheetFault::NotAWorkbook));
    assert_eq!(read_plain(&by_hand(&sheet(""), STRINGS, WORKBOOK)), Err(SheetFault::Nothing));
    let index = by_hand(&sheet(r#"<row r="1"><c r="A1" t="s"><v>9</v></c></row>"#), STRINGS, WORKBOOK);
    assert!(matches!(read_plain(&index), Err(SheetFault::Damaged { .. })), "a text that is not there");
}

#[test]
fn no_cell_of_a_written_workbook_is_a_formula() {
    let rows = vec![vec![text("code")], vec![text("=1+1")], vec![text("@SUM(A1)")], vec![text("+1")]];
    let bytes = write_xlsx("assets", &rows).unwrap();
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    for place in 0..parts.len() {
        let mut part = parts.by_index(place).unwrap();
        let mut xml = String::new();
        if part.name().starts_with("xl/worksheets/") {
            std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
            assert!(!xml.contains("<f"), "{xml}");
        }
    }
    let table = read_plain(&bytes).unwrap();
    assert_eq!(table.understood.formulas, 0);
    assert_eq!(table.rows[1].cells[0], Cell::plain(text("=1+1")));
}

#[test]
fn a_workbook_of_another_program_is_read_as_it_stands() {
    // Made with openpyxl, which writes dates, inline formulas and styles in its own way.
    let table = read_plain(include_bytes!("files/openpyxl.xlsx")).unwrap();
    assert_eq!(table.understood.sheets, ["Anlagen", "Notizen"]);
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4, 5]);
    let day = Day::new(2026, 11, 23).unwrap();
    let values: Vec<Value> = table.rows[2].cells.iter().map(|cell| cell.value.clone()).collect();
    assert_eq!(values[0], text("0042"));
    assert_eq!(values[4], Value::Number(2011.0));
    assert_eq!(values[5], Value::Moment(Moment { day, time_ms: None }));
    assert_eq!(table.rows[2].cells[6], Cell { value: Value::Empty, formula: true }, "never computed");
    let time = Some(((14 * 60 + 30) * 60 + 5) * 1000);
    assert_eq!(table.rows[3].cells[5].value, Value::Moment(Moment { day, time_ms: time }));
}

/// A generator of numbers that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn a_workbook_with_changed_bytes_is_read_or_refused() {
    const PIECES: [&str; 14] = [
        "<",
        ">",
        "\"",
        "&",
        "&#x0;",
        "</c>",
        "<f t=\"shared\" si=\"0\">A1</f>",
        "9999999999",
        "-1",
        "XFE1",
        " t=\"s\"",
        " t=\"e\"",
        " t=\"zz\"",
        "\u{0}",
    ];
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><f>1+1</f><v>2</v></c><c r="C1" s="1"><v>44887.5</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><r><t>rich</t></r></is></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#REF!</v></c></row>"#;
    let (plain_sheet, mut numbers) = (sheet(rows), Numbers(0x9E37_79B9_7F4A_7C15));
    let limits = Limits { rows: 50, columns: 20, cells: 500, ..Limits::default() };
    let (mut read, mut refused) = (0, 0);
    for _ in 0..1_500 {
        let mut parts = [plain_sheet.clone(), STRINGS.to_owned(), WORKBOOK.to_owned()];
        for _ in 0..=numbers.below(3) {
            let part = &mut parts[numbers.below(3)];
            let places: Vec<usize> = part.char_indices().map(|(place, _)| place).collect();
            let place = places[numbers.below(places.len())];
            let end = places[numbers.below(places.len())].clamp(place, place + 9).min(part.len());
            let end = if part.is_char_boundary(end) { end } else { place };
            part.replace_range(place..end, PIECES[numbers.below(PIECES.len())]);
        }
        let [sheet, strings, workbook] = &parts;
        match read_within(&by_hand(sheet, strings, workbook), &Wishes::default(), &limits) {
            Ok(table) => {
                read += 1;
                assert!(table.rows.len() <= 50 && table.rows.iter().all(|row| row.cells.len() <= 20));
            }
            Err(_fault) => refused += 1,
        }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused: both ways are tried");
}
