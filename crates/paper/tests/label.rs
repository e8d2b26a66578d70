//! Labels as they come out of a printer: measured, read by the app's own camera code, and refused where they would not be
//! true.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

#[path = "label/pdf_reader.rs"]
mod pdf_reader;
#[path = "label/picture.rs"]
mod picture;
#[path = "label/zpl_reader.rs"]
mod zpl_reader;

use millwright_paper::Made;
use millwright_paper::label::{
    BarPlace, DotDensity, LABELS_MAX, Label, LabelFault, LabelFaultKind, LabelMedia, LabelPdf, LabelPrinter,
    LabelSheet, Matrix, printed_size_m, write_label_pdf, write_label_zpl,
};
use millwright_vision::{Detection, FiducialFamily, write_qr};
use picture::{Raster, Rectangle};
use proptest::prelude::*;
use rxing::datamatrix::DataMatrixWriter;
use rxing::{BarcodeFormat, Writer};

use FiducialFamily::{Tag36h11, TagStandard41h12};

const BAR_MM: f64 = 100.0;
const DENSITIES: [DotDensity; 3] = [DotDensity::Dpi203, DotDensity::Dpi300, DotDensity::Dpi600];

fn machine_id(number: u32) -> String {
    format!("millwright:asset:0192f0c1-2222-7333-8444-{number:012}")
}

/// A label with a fiducial whose corners are `corners_mm` apart.
fn label(family: FiducialFamily, number: u32, corners_mm: f64) -> Label {
    Label {
        code: Matrix::of_dark(write_qr(&machine_id(number)).unwrap()),
        code_module_m: 0.000_75,
        fiducial: Matrix::of_light(family.bitmap(number).unwrap()),
        fiducial_cell_m: corners_mm / 1_000.0 / f64::from(family.corner_distance_cells()),
        title: format!("P-{number}A"),
        lines: vec![
            "Kühlwasserpumpe, Antriebsseite".into(),
            format!("{} · {number}", family.as_str()),
            format!("{corners_mm} mm"),
        ],
    }
}

fn sheet(labels: Vec<Label>) -> LabelSheet {
    LabelSheet {
        title: "Schilder der Kühlung".into(),
        language: "de".into(),
        made: Made { year: 2026, month: 11, day: 29, hour: 17, minute: 5, second: 0 },
        bar_words: "100 mm – nachmessen".into(),
        labels,
    }
}

fn pdf(labels: Vec<Label>, media: LabelMedia) -> LabelPdf {
    write_label_pdf(&sheet(labels), media).unwrap()
}

fn refused(labels: Vec<Label>, media: LabelMedia) -> String {
    write_label_pdf(&sheet(labels), media).unwrap_err().to_string()
}

fn die_cut(width_mm: f64, height_mm: f64) -> LabelMedia {
    LabelMedia::DieCut { width_mm, height_mm }
}

/// Fails unless each side of a fiducial is as long as it is said to be, within two thousandths.
fn assert_size(seen: &Detection, said_px: f64) {
    assert!(seen.is_measured, "{seen:?}");
    for side_px in seen.sides_px() {
        assert!((side_px / said_px - 1.0).abs() < 0.002, "{side_px} pixels instead of {said_px}: {seen:?}");
    }
}

#[test]
fn the_bar_on_every_sheet_of_a4_is_a_hundred_millimetres_long() {
    let labels = (0..9).map(|number| label(Tag36h11, number, 60.0)).collect();
    let written = pdf(labels, LabelMedia::A4);
    assert_eq!(written.bar, BarPlace::EveryPage);
    let pages = pdf_reader::read(&written.bytes);
    assert!(pages.len() > 1 && pages.len() == written.pages as usize);
    for page in pages {
        let [bar] = page.bars()[..] else { panic!("{} bars", page.bars().len()) };
        assert!((bar.width() - BAR_MM).abs() < 0.01, "{} mm", bar.width());
        assert!(page.words.contains("100 mm – nachmessen"), "{}", page.words);
        assert!((page.width_mm - 210.0).abs() < 0.01 && (page.height_mm - 297.0).abs() < 0.01);
    }
}

#[test]
fn a_roll_that_has_room_for_the_bar_gets_it_on_every_label() {
    let written = pdf(vec![label(Tag36h11, 1, 40.0), label(Tag36h11, 2, 40.0)], die_cut(110.0, 75.0));
    assert_eq!((written.bar, written.pages), (BarPlace::EveryPage, 2));
    for page in pdf_reader::read(&written.bytes) {
        let [bar] = page.bars()[..] else { panic!("{} bars", page.bars().len()) };
        assert!((bar.width() - BAR_MM).abs() < 0.01, "{} mm", bar.width());
        assert_eq!(page.squares().len(), 2);
    }
}

#[test]
fn a_roll_that_has_no_room_for_the_bar_gets_it_on_a_page_of_its_own_first() {
    // Narrow and long; wide, but full; and shorter than the bar both ways.
    for (width_mm, height_mm, page_height_mm) in
        [(62.0, 150.0, 150.0), (110.0, 52.0, 52.0), (62.0, 90.0, 104.0)]
    {
        let written = pdf(vec![label(Tag36h11, 1, 38.0)], die_cut(width_mm, height_mm));
        assert_eq!((written.bar, written.pages), (BarPlace::FirstPage, 2), "{width_mm} × {height_mm}");
        let pages = pdf_reader::read(&written.bytes);
        let [bar] = pages[0].bars()[..] else { panic!("{} bars", pages[0].bars().len()) };
        assert!((bar.width().max(bar.height()) - BAR_MM).abs() < 0.01, "{bar:?}");
        assert!((pages[0].height_mm - page_height_mm).abs() < 0.01);
        assert!(pages[0].words.contains("100 mm – nachmessen") && pages[0].squares().is_empty());
        assert!((pages[1].height_mm - height_mm).abs() < 0.01 && pages[1].bars().is_empty());
    }
}

#[test]
fn every_dark_cell_of_a_fiducial_is_printed_where_it_belongs() {
    for (family, number, corners_mm) in
        [(Tag36h11, 7, 40.0), (Tag36h11, 586, 61.37), (TagStandard41h12, 2_114, 33.3)]
    {
        let cell_mm = corners_mm / f64::from(family.corner_distance_cells());
        let light = family.bitmap(number).unwrap();
        for media in [LabelMedia::A4, die_cut(100.0, 120.0)] {
            let pages = pdf_reader::read(&pdf(vec![label(family, number, corners_mm)], media).bytes);
            let squares = pages.last().unwrap().squares();
            let figure = squares[0];
            assert_cells(figure, &light, cell_mm, 0.01);
        }
    }
}

/// Fails unless what is dark is dark, what is light is light, and edges are where cells end.
fn assert_cells(figure: &[Rectangle], light: &[Vec<bool>], cell: f64, tolerance: f64) {
    let around = Rectangle::around(figure);
    // Where the first cell begins, whether it is dark or not.
    let has_dark = |column: &usize| light.iter().any(|row| !row[*column]);
    let first_column = (0..light.len()).find(has_dark).unwrap();
    let first_row = light.iter().position(|row| row.contains(&false)).unwrap();
    let left = around.left - first_column as f64 * cell;
    let top = around.top - first_row as f64 * cell;
    for one in figure {
        for edge in [one.left - left, one.right - left, one.top - top, one.bottom - top] {
            let off = edge - (edge / cell).round() * cell;
            assert!(off.abs() <= tolerance, "an edge is off by {off} at {edge}");
        }
    }
    for (row, cells) in light.iter().enumerate() {
        for (column, is_light) in cells.iter().enumerate() {
            let (x, y) = (left + (column as f64 + 0.5) * cell, top + (row as f64 + 0.5) * cell);
            assert_eq!(figure.iter().any(|one| one.holds(x, y)), !is_light, "cell {column}, {row}");
        }
    }
}

#[test]
fn a_camera_reads_every_label_of_a_sheet_with_its_number_its_size_and_its_machine() {
    let wanted = [
        (Tag36h11, 3, 60.0),
        (TagStandard41h12, 1_999, 25.0),
        (Tag36h11, 41, 45.5),
        (TagStandard41h12, 8, 40.0),
    ];
    let labels = wanted.map(|(family, number, corners_mm)| label(family, number, corners_mm)).to_vec();
    let mut seen = vec![];
    for page in pdf_reader::read(&pdf(labels, LabelMedia::A4).bytes) {
        let pixels_per_mm = 5.0;
        let raster = Raster::of(&page.dark(), page.width_mm, page.height_mm, pixels_per_mm);
        seen.extend(raster.fiducials().into_iter().map(|fiducial| (fiducial, pixels_per_mm)));
        for (pair, found) in page.squares().chunks(2).zip(page_numbers(&page.words)) {
            let quiet_mm = 4.0 * 0.75;
            let around = Rectangle::around(pair[1]).grown(quiet_mm);
            let part = Rectangle {
                left: around.left * pixels_per_mm,
                top: around.top * pixels_per_mm,
                right: around.right * pixels_per_mm,
                bottom: around.bottom * pixels_per_mm,
            };
            assert_eq!(raster.code(part), Some(machine_id(found)));
        }
    }
    assert_eq!(seen.len(), wanted.len(), "{seen:#?}");
    for (family, number, corners_mm) in wanted {
        let is_it = |(one, _): &&(Detection, f64)| one.family == family && one.id == number;
        let (found, pixels_per_mm) = seen.iter().find(is_it).unwrap();
        assert_eq!(found.hamming, 0);
        assert_size(found, corners_mm * pixels_per_mm);
    }
}

/// The numbers of the machines whose labels are on a page, in their order, by their titles.
fn page_numbers(words: &str) -> Vec<u32> {
    let number = |word: &str| word.strip_prefix("P-")?.strip_suffix('A')?.parse().ok();
    words.split(' ').filter_map(number).collect()
}

#[test]
fn a_data_matrix_is_read_as_well() {
    let text = machine_id(12);
    let modules = DataMatrixWriter.encode(&text, &BarcodeFormat::DATA_MATRIX, 0, 0).unwrap();
    let row = |row| (0..modules.width()).map(|column| modules.get(column, row)).collect();
    let code = Matrix::of_dark((0..modules.height()).map(row).collect());
    let written = pdf(vec![Label { code, ..label(Tag36h11, 12, 40.0) }], LabelMedia::A4);
    let pages = pdf_reader::read(&written.bytes);
    let around = Rectangle::around(pages[0].squares()[1]).grown(3.0);
    let raster = Raster::of(&pages[0].dark(), 210.0, 297.0, 5.0);
    let part = Rectangle {
        left: around.left * 5.0,
        top: around.top * 5.0,
        right: around.right * 5.0,
        bottom: around.bottom * 5.0,
    };
    assert_eq!(raster.code(part), Some(text));
}

#[test]
fn words_say_what_the_squares_say() {
    let written = pdf(vec![label(Tag36h11, 41, 45.5)], die_cut(62.0, 100.0));
    let words = &pdf_reader::read(&written.bytes)[1].words;
    for said in ["P-41A", "Kühlwasserpumpe, Antriebsseite", "tag36h11 · 41", "45.5 mm"] {
        assert!(words.contains(said), "«{said}» is not in {words}");
    }
    assert!(written.altered.is_empty());
}

#[test]
fn readers_are_asked_not_to_scale() {
    for media in [LabelMedia::A4, die_cut(62.0, 100.0)] {
        let document = lopdf::Document::load_mem(&pdf(vec![label(Tag36h11, 1, 38.0)], media).bytes).unwrap();
        let preferences = document.catalog().unwrap().get(b"ViewerPreferences").unwrap().as_dict().unwrap();
        assert_eq!(preferences.get(b"PrintScaling").unwrap().as_name().unwrap(), b"None");
    }
}

#[test]
fn the_file_says_that_it_is_made_to_be_kept_and_is_the_same_each_time() {
    let labels = || vec![label(Tag36h11, 1, 38.0)];
    let written = pdf(labels(), LabelMedia::A4);
    let text = String::from_utf8_lossy(&written.bytes);
    assert!(text.contains("pdfaid:part") && !text.contains("/JavaScript"));
    assert!(!text.contains("/Subtype /Image"), "something is a picture");
    assert_eq!(pdf(labels(), LabelMedia::A4), written);
}

#[test]
fn a_label_printer_prints_what_a_camera_reads_in_the_size_that_is_returned() {
    for density in DENSITIES {
        for (family, number, corners_mm) in [(Tag36h11, 586, 41.3), (TagStandard41h12, 77, 29.7)] {
            let printer = LabelPrinter { width_mm: 102.0, height_mm: 76.0, density };
            let written = write_label_zpl(&sheet(vec![label(family, number, corners_mm)]), printer).unwrap();
            let formats = zpl_reader::print(&written.commands);
            assert_eq!((formats.len(), written.pages, written.bar), (2, 2, BarPlace::FirstPage));
            let format = &formats[1];
            let raster = Raster::of(&format.boxes, format.width, format.height, 1.0);
            let seen = raster.fiducials();
            let [found] = &seen[..] else { panic!("{seen:#?}") };
            assert_eq!((found.family, found.id, found.hamming), (family, number, 0));
            let printed = written.printed[0];
            let cells = f64::from(family.corner_distance_cells());
            let printed_mm = printed.fiducial_cell_m * 1_000.0 * cells;
            assert_size(found, printed_mm * density.dots_per_mm());
            // Half a dot a cell is all that it differs by.
            assert!((printed_mm - corners_mm).abs() <= cells * 0.5 / density.dots_per_mm() + 1e-9);
            let asked_m = corners_mm / 1_000.0 / cells;
            assert_eq!(density.snapped_m(asked_m), Some(printed.fiducial_cell_m));
            let (fiducial, code) = format.boxes.split_at(code_begins(&format.boxes));
            let cell = printed.fiducial_cell_m * 1_000.0 * density.dots_per_mm();
            assert_cells(fiducial, &family.bitmap(number).unwrap(), cell.round(), 0.0);
            assert!((cell - cell.round()).abs() < 1e-9, "{cell} dots");
            let around = Rectangle::around(code);
            let quiet = 4.0 * printed.code_module_m * 1_000.0 * density.dots_per_mm();
            assert_eq!(raster.code(around.grown(quiet)), Some(machine_id(number)));
            let words = format.texts.join(" ");
            assert!(words.starts_with(&format!("P-{number}A Kühlwasserpumpe, Antriebsseite")), "{words}");
        }
    }
}

#[test]
fn the_size_told_beforehand_is_the_size_that_a_label_printer_prints() {
    let mut largest_share = 0.0_f64;
    for density in DENSITIES {
        for size_mm in [24.0, 31.7, 38.0, 41.3, 60.0] {
            let printer = LabelPrinter { width_mm: 140.0, height_mm: 150.0, density };
            let cells = Tag36h11.corner_distance_cells();
            let told_m = printed_size_m(printer, size_mm / 1_000.0, cells).unwrap();
            let written = write_label_zpl(&sheet(vec![label(Tag36h11, 5, size_mm)]), printer).unwrap();
            let formats = zpl_reader::print(&written.commands);
            let boxes = &formats.last().unwrap().boxes;
            // The dark border of this family is as wide as its corners are apart.
            let fiducial = Rectangle::around(&boxes[..code_begins(boxes)]);
            let told_dots = told_m * 1_000.0 * density.dots_per_mm();
            assert!(
                (fiducial.width() - told_dots).abs() < 1e-6,
                "{density:?}, {size_mm} mm: {told_dots} dots"
            );
            assert!((fiducial.height() - told_dots).abs() < 1e-6, "{density:?}, {size_mm} mm");
            largest_share = largest_share.max((told_m * 1_000.0 / size_mm - 1.0).abs());
        }
    }
    assert!((0.005..0.03).contains(&largest_share), "what was asked for would be wrong by {largest_share}");
}

#[test]
fn a_pdf_prints_the_size_asked_for_and_impossible_sizes_are_told_as_none() {
    let cells = Tag36h11.corner_distance_cells();
    for media in [LabelMedia::A4, die_cut(60.0, 40.0)] {
        assert_eq!(printed_size_m(media, 0.0413, cells), Some(0.0413));
    }
    let printer = LabelPrinter { width_mm: 60.0, height_mm: 40.0, density: DotDensity::Dpi203 };
    for (size_m, cells) in
        [(0.0, cells), (-0.04, cells), (f64::NAN, cells), (f64::INFINITY, cells), (0.04, 0), (0.003, cells)]
    {
        assert_eq!(printed_size_m(LabelMedia::A4, size_m, cells), None, "{size_m} m");
        assert_eq!(printed_size_m(printer, size_m, cells), None, "{size_m} m");
    }
    // What can be asked about beforehand is what is printed.
    for size_m in [0.0039, 0.0041, 0.01] {
        let made = write_label_zpl(
            &sheet(vec![label(Tag36h11, 5, size_m * 1_000.0)]),
            LabelPrinter { width_mm: 140.0, height_mm: 150.0, density: DotDensity::Dpi203 },
        );
        assert_eq!(made.is_ok(), printed_size_m(printer, size_m, cells).is_some(), "{size_m} m");
    }
}

/// The first box of the code, which comes after the fiducial: the first whose sides are no multiple of the fiducial's cell.
fn code_begins(boxes: &[Rectangle]) -> usize {
    let cell = boxes.iter().map(|one| one.width().min(one.height())).fold(0.0, f64::max);
    boxes.iter().position(|one| one.width().min(one.height()) < cell * 0.5).unwrap()
}

#[test]
fn the_bar_of_a_label_printer_is_as_long_as_is_returned() {
    for density in DENSITIES {
        for (width_mm, height_mm, place) in
            [(62.0, 100.0, BarPlace::FirstPage), (150.0, 100.0, BarPlace::EveryPage)]
        {
            let printer = LabelPrinter { width_mm, height_mm, density };
            let written = write_label_zpl(&sheet(vec![label(Tag36h11, 1, 38.0)]), printer).unwrap();
            assert_eq!(written.bar, place);
            let format = &zpl_reader::print(&written.commands)[0];
            let about = BAR_MM * density.dots_per_mm();
            let dots = format.bar_length(about).unwrap();
            assert!((dots / density.dots_per_mm() - written.bar_mm).abs() < 1e-9);
            assert!((written.bar_mm - BAR_MM).abs() < 0.03, "{} mm", written.bar_mm);
            assert!(format.texts.contains(&"100 mm – nachmessen".to_owned()), "{:?}", format.texts);
        }
    }
}

#[test]
fn cells_finer_than_a_printer_can_print_are_refused() {
    let fine = Label { code_module_m: 0.000_15, ..label(Tag36h11, 1, 38.0) };
    let printer = LabelPrinter { width_mm: 102.0, height_mm: 76.0, density: DotDensity::Dpi203 };
    let fault = write_label_zpl(&sheet(vec![fine.clone()]), printer).unwrap_err().to_string();
    assert_eq!(fault, "label 1 «P-1A»: a cell of its code of 0.00015 m is less than 2 dots of the printer");
    assert_eq!(DotDensity::Dpi203.snapped_m(0.000_1), None);
    assert_eq!(DotDensity::Dpi203.snapped_m(f64::NAN), None);
    let printer = LabelPrinter { density: DotDensity::Dpi600, ..printer };
    write_label_zpl(&sheet(vec![fine]), printer).unwrap();
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = "^XZ^XA~JR_5E\u{202e}dleif\u{0}\u{1b}[2J\u{7f}\\& 泵 ü€\n^FS";
    let kept = "^XZ^XA~JR_5Edleif[2J\\& □ ü€ ^FS";
    let label = Label { title: hostile.into(), lines: vec![hostile.into(); 6], ..label(Tag36h11, 1, 38.0) };
    let texts = LabelSheet { title: hostile.into(), bar_words: hostile.into(), ..sheet(vec![label]) };
    let written = write_label_pdf(&texts, LabelMedia::A4).unwrap();
    assert_eq!(written.altered, [0]);
    let words = &pdf_reader::read(&written.bytes)[0].words;
    assert!(words.contains(kept) && !words.contains('\u{202e}'), "{words}");
    let printer = LabelPrinter { width_mm: 102.0, height_mm: 102.0, density: DotDensity::Dpi300 };
    let written = write_label_zpl(&texts, printer).unwrap();
    let formats = zpl_reader::print(&written.commands);
    assert_eq!(formats.len(), 2);
    assert!(formats[1].texts.contains(&kept.replace('□', "?")), "{:#?}", formats[1].texts);
}

#[test]
fn a_text_that_is_too_long_for_its_place_is_cut_and_said_to_be() {
    let label = Label { title: "W".repeat(120), lines: vec!["M".repeat(200)], ..label(Tag36h11, 1, 38.0) };
    let written = pdf(vec![label.clone(), Label { title: "P".into(), ..label }], die_cut(60.0, 100.0));
    assert_eq!(written.altered, [0, 1]);
    assert!(pdf_reader::read(&written.bytes)[1].words.contains("WW…"));
}

#[test]
fn a_label_too_large_for_the_media_is_refused_with_the_size_that_it_needs() {
    let labels = || vec![label(Tag36h11, 1, 20.0), label(Tag36h11, 2, 60.0)];
    let fault = refused(labels(), die_cut(62.0, 90.0));
    let rest = fault.strip_prefix("label 2 «P-2A»: it needs ").unwrap_or_else(|| panic!("{fault}"));
    let (needed, rest) = rest.split_once(" mm, and the media has ").unwrap();
    assert_eq!(rest, "62.0 × 90.0 mm");
    let (width_mm, height_mm) = needed.split_once(" × ").unwrap();
    let (width_mm, height_mm) = (width_mm.parse().unwrap(), height_mm.parse().unwrap());
    assert!(width_mm > 62.0 || height_mm > 90.0, "{needed}");
    assert_eq!(pdf(labels(), die_cut(width_mm, height_mm)).pages, 3);
    assert!(write_label_pdf(&sheet(labels()), die_cut(width_mm - 0.2, height_mm - 0.2)).is_err());
    let fault = refused(vec![label(Tag36h11, 5, 160.0)], LabelMedia::A4);
    assert!(fault.starts_with("label 1 «P-5A»: it needs 204.0 × "), "{fault}");
    assert!(fault.ends_with("the media has 192.0 × 269.0 mm"), "{fault}");
    let printer = LabelPrinter { width_mm: 62.0, height_mm: 90.0, density: DotDensity::Dpi203 };
    let fault = write_label_zpl(&sheet(labels()), printer).unwrap_err().to_string();
    assert!(fault.starts_with("label 2 «P-2A»: it needs "), "{fault}");
}

#[test]
fn no_label_and_too_many_are_refused() {
    assert_eq!(refused(vec![], LabelMedia::A4), "there is no label to print");
    let many = vec![label(Tag36h11, 1, 20.0); LABELS_MAX + 1];
    assert_eq!(refused(many, LabelMedia::A4), "501 labels were asked for; one file holds 500");
}

#[test]
fn five_hundred_labels_all_get_a_place() {
    let labels = (0..500).map(|number| label(Tag36h11, number, 24.0)).collect();
    let pages = pdf_reader::read(&pdf(labels, LabelMedia::A4).bytes);
    assert_eq!(pages.iter().map(|page| page.squares().len()).sum::<usize>(), 1_000);
    let numbers: Vec<u32> = pages.iter().flat_map(|page| page_numbers(&page.words)).collect();
    assert_eq!(numbers, (0..500).collect::<Vec<_>>());
}

#[test]
fn what_is_no_label_is_refused_by_its_number_and_title() {
    let good = || label(Tag36h11, 9, 38.0);
    let square = |side: usize| Matrix::of_dark((0..side).map(|row| vec![row % 2 == 0; side]).collect());
    let uneven = Matrix::of_dark(vec![vec![true, false], vec![true]]);
    let cases = [
        (Label { code: square(178), ..good() }, "its code has 178 × 178 cells; each side may have 1 to 177"),
        (
            Label { code: Matrix::of_dark(vec![]), ..good() },
            "its code has 0 × 0 cells; each side may have 1 to 177",
        ),
        (
            Label { fiducial: Matrix::of_dark(vec![vec![]]), ..good() },
            "its fiducial has 0 × 1 cells; each side may have 1 to 177",
        ),
        (Label { fiducial: uneven, ..good() }, "the rows of its fiducial differ in length"),
        (Label { code: Matrix::of_dark(vec![vec![false; 21]; 21]), ..good() }, "its code is blank"),
        (Label { fiducial: Matrix::of_light(vec![vec![false; 9]; 9]), ..good() }, "its fiducial is blank"),
        (
            Label { fiducial_cell_m: f64::NAN, ..good() },
            "a cell of its fiducial is NaN m wide; it may be 0.0005 to 0.25 m",
        ),
        (
            Label { fiducial_cell_m: -0.01, ..good() },
            "a cell of its fiducial is -0.01 m wide; it may be 0.0005 to 0.25 m",
        ),
        (
            Label { code_module_m: f64::INFINITY, ..good() },
            "a cell of its code is inf m wide; it may be 0.00015 to 0.01 m",
        ),
        (Label { title: " \u{200b}\n".into(), ..good() }, "it has no title"),
        (Label { lines: vec!["x".repeat(201)], ..good() }, "a text of it has 201 letters; it may have 200"),
        (Label { lines: vec![String::new(); 7], ..good() }, "it has 7 lines; it may have 6"),
    ];
    for (bad, said) in cases {
        let title = bad.title.chars().filter(|letter| !letter.is_control()).collect::<String>();
        let fault = refused(vec![good(), bad.clone()], LabelMedia::A4);
        assert_eq!(fault, format!("label 2 «{title}»: {said}"));
        let printer = LabelPrinter { width_mm: 102.0, height_mm: 152.0, density: DotDensity::Dpi600 };
        let fault = write_label_zpl(&sheet(vec![good(), bad]), printer).unwrap_err().to_string();
        assert_eq!(fault, format!("label 2 «{title}»: {said}"));
    }
    for (width_mm, height_mm) in [(f64::NAN, 90.0), (62.0, f64::INFINITY), (0.0, 90.0), (62.0, 1_001.0)] {
        let fault = refused(vec![good()], die_cut(width_mm, height_mm));
        assert!(
            fault.starts_with("the media is ") && fault.ends_with("each side may have 15 to 1000 mm"),
            "{fault}"
        );
    }
    let long = LabelSheet { bar_words: "x".repeat(121), ..sheet(vec![good()]) };
    let fault = write_label_pdf(&long, LabelMedia::A4).unwrap_err().to_string();
    assert_eq!(fault, "a text of the sheet has 121 letters; it may have 120");
}

#[test]
fn matrices_that_are_too_finely_divided_are_refused_before_they_fill_the_memory() {
    let board = (0..177).map(|row| (0..177).map(|column| (row + column) % 2 == 0).collect()).collect();
    let fine = Label { code: Matrix::of_dark(board), code_module_m: 0.000_2, ..label(Tag36h11, 1, 38.0) };
    let fault = refused(vec![fine; 100], LabelMedia::A4);
    assert!(fault.ends_with("dark parts; one file holds 1000000"), "{fault}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn squares_keep_clear_of_each_other_of_words_and_of_what_a_printer_leaves_white(
        sizes in prop::collection::vec((any::<bool>(), 0_u32..587, 10.0_f64..90.0, 0.000_3_f64..0.001_5), 1..6),
        media in prop_oneof![
            Just(LabelMedia::A4),
            (30.0_f64..200.0, 30.0_f64..200.0).prop_map(|(width_mm, height_mm)| die_cut(width_mm, height_mm)),
        ],
        line in "\\PC{0,80}",
    ) {
        let labels = sizes.iter().map(|&(is_36h11, number, corners_mm, code_module_m)| {
            let family = if is_36h11 { Tag36h11 } else { TagStandard41h12 };
            let lines = vec![line.clone(); 3];
            Label { code_module_m, lines, ..label(family, number, corners_mm) }
        });
        let labels: Vec<Label> = labels.collect();
        let written = match write_label_pdf(&sheet(labels.clone()), media) {
            Ok(written) => written,
            Err(LabelFault::Label { place, what: LabelFaultKind::TooLarge { needed_width_mm, needed_height_mm, .. }, .. }) => {
                let alone = sheet(vec![labels[place - 1].clone()]);
                prop_assert!(write_label_pdf(&alone, die_cut(needed_width_mm, needed_height_mm)).is_ok());
                return Ok(());
            }
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        };
        let white_mm = if media == LabelMedia::A4 { 5.0 } else { 1.99 };
        let pages = pdf_reader::read(&written.bytes);
        let modules = sizes.iter().map(|size| size.3 * 1_000.0);
        let cells = labels.iter().map(|label| label.fiducial_cell_m * 1_000.0);
        let mut quiets = cells.zip(modules).flat_map(|(cell_mm, module_mm)| [cell_mm, 4.0 * module_mm]);
        for page in &pages {
            let printable = Rectangle { left: 0.0, top: 0.0, right: page.width_mm, bottom: page.height_mm };
            let printable = printable.grown(-white_mm);
            for one in page.dark() {
                prop_assert!(one.left >= printable.left && one.right <= printable.right, "{one:?}");
                prop_assert!(one.top >= printable.top && one.bottom <= printable.bottom, "{one:?}");
            }
            for figure in page.squares() {
                // 36h11 brings its rim, which is not dark; 41h12 gets one.
                let around = Rectangle::around(figure).grown(quiets.next().unwrap());
                for other in page.figures.iter().filter(|other| *other != figure).flatten() {
                    prop_assert!(!around.overlaps(other), "{around:?} and {other:?}");
                }
                for (x_mm, y_mm) in &page.text_starts {
                    prop_assert!(!around.holds(*x_mm, *y_mm), "{around:?} and words at {x_mm}, {y_mm}");
                }
            }
        }
        prop_assert_eq!(quiets.next(), None);
    }

    #[test]
    fn no_text_breaks_out_of_a_label_printers_field(title in "\\PC{1,100}", line in any::<String>(), words in ".{0,100}") {
        let line: String = line.chars().take(200).collect();
        let label = Label { title, lines: vec![line], ..label(Tag36h11, 1, 38.0) };
        let printer = LabelPrinter { width_mm: 62.0, height_mm: 100.0, density: DotDensity::Dpi203 };
        let sheet = LabelSheet { bar_words: words, ..sheet(vec![label]) };
        if let Ok(written) = write_label_zpl(&sheet, printer) {
            prop_assert_eq!(zpl_reader::print(&written.commands).len(), 2);
        }
    }
}
