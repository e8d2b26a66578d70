//! PDFs made to panic, to hang or to fill memory: each is refused with its reason, or drawn as far as it goes, soon.

use std::time::Instant;

use millwright_manual::{Excess, Manual, ManualFault, PagePicture};

use crate::written::{Written, bomb, deflated, stream};

/// Opens a manual and draws its first page; says how long that took, and that it was not long.
fn shown(what: &str, bytes: Vec<u8>) -> Result<PagePicture, ManualFault> {
    shown_at(what, bytes, 500)
}

fn shown_at(what: &str, bytes: Vec<u8>, longest_px: u32) -> Result<PagePicture, ManualFault> {
    let (started, size) = (Instant::now(), bytes.len());
    let shown = Manual::open(bytes).and_then(|manual| manual.page_picture(1, longest_px));
    let taken = started.elapsed();
    println!("{what}: {size} bytes, {:.2} s, {shown:?}", taken.as_secs_f64());
    assert!(!matches!(shown, Err(ManualFault::GaveUp { .. })), "{what}: the renderer panicked");
    assert!(!matches!(shown, Err(ManualFault::TooLong { .. })), "{what}: took to the end of the time");
    shown
}

fn excess_of(what: &str, bytes: Vec<u8>) -> Excess {
    match shown(what, bytes) {
        Err(ManualFault::TooMuch { page: 1, excess }) => excess,
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn commands_that_unpack_to_a_gigabyte_are_never_unpacked() {
    let mut written = Written::new();
    let contents = written.add_stream("/Filter /FlateDecode", &bomb(b' ', 1 << 30));
    written.add_page_of(&format!("/Contents {contents} 0 R"));
    let fault = shown("a gigabyte of blanks", written.bytes()).unwrap_err();
    assert!(matches!(fault, ManualFault::Unpacks { .. }), "{fault}");
}

#[test]
fn commands_that_unpack_to_more_than_a_page_needs_are_refused_by_the_page() {
    let mut written = Written::new();
    let contents = written.add_stream("/Filter /FlateDecode", &bomb(b' ', 200 << 20));
    written.add_page_of(&format!("/Contents {contents} 0 R"));
    let excess = excess_of("200 MiB of blanks", written.bytes());
    assert!(matches!(excess, Excess::Unpacked { .. }), "{excess}");
}

#[test]
fn a_stream_named_over_and_over_counts_each_time() {
    let mut written = Written::new();
    let contents = written.add_stream("/Filter /FlateDecode", &bomb(b' ', 10 << 20));
    let all = format!("{contents} 0 R ").repeat(1_000);
    written.add_page_of(&format!("/Contents [{all}]"));
    assert!(matches!(excess_of("10 MiB named a thousand times", written.bytes()), Excess::Unpacked { .. }));
}

#[test]
fn what_is_packed_twice_is_refused() {
    let mut written = Written::new();
    let twice = deflated(&bomb(b' ', 100 << 20));
    let contents = written.add_stream("/Filter [/FlateDecode /FlateDecode]", &twice);
    written.add_page_of(&format!("/Contents {contents} 0 R"));
    assert_eq!(excess_of("packed twice", written.bytes()), Excess::PackedTwice);
}

#[test]
fn an_object_stream_that_is_a_bomb_is_found_before_the_file_is_opened() {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let at = bytes.len();
    bytes.extend(b"3 0 obj\n");
    bytes.extend(stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &bomb(b' ', 1 << 30)));
    bytes.extend(b"\nendobj\n");
    let table = bytes.len();
    let mut rows = vec![0_u8; 4];
    rows.extend([2, 0, 3, 0]);
    rows.extend([2, 0, 3, 1]);
    rows.extend([1, (at >> 8) as u8, at as u8, 0]);
    bytes.extend(b"4 0 obj\n");
    bytes.extend(stream("/Type /XRef /Size 4 /W [1 2 1] /Root 1 0 R", &rows));
    bytes.extend(format!("\nendobj\nstartxref\n{table}\n%%EOF\n").into_bytes());
    let fault = shown("an object stream", bytes).unwrap_err();
    assert!(matches!(fault, ManualFault::Unpacks { .. }), "{fault}");
}

#[test]
fn images_of_enormous_sides_are_refused_by_their_measures() {
    let jpeg_2000 = [
        &[0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0][..],
        &60_000_u32.to_be_bytes(),
        &60_000_u32.to_be_bytes(),
        &[0; 8],
        &60_000_u32.to_be_bytes(),
        &60_000_u32.to_be_bytes(),
        &[0; 8],
        &[0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1],
    ]
    .concat();
    let jbig2 = [
        &[0, 0, 0, 0, 0x30, 0, 1, 0, 0, 0, 19][..],
        &60_000_u32.to_be_bytes(),
        &60_000_u32.to_be_bytes(),
        &[0; 11],
    ]
    .concat();
    let large = "/Width 60000 /Height 60000";
    for (what, words, data) in [
        (
            "deflated",
            format!("{large} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"),
            deflated(b"x"),
        ),
        ("two colours", format!("{large} /ColorSpace /DeviceGray /BitsPerComponent 1"), vec![0; 100]),
        (
            "JPEG",
            format!("{large} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"),
            vec![0xFF, 0xD8],
        ),
        (
            "fax",
            "/Width 8 /Height 60000 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 >>".into(),
            vec![0; 99],
        ),
        ("JPEG 2000", "/Width 8 /Height 8 /Filter /JPXDecode".into(), jpeg_2000),
        (
            "JBIG2",
            "/Width 8 /Height 8 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode".into(),
            jbig2,
        ),
    ] {
        let mut written = Written::new();
        let image = written.add_stream(&format!("/Type /XObject /Subtype /Image {words}"), &data);
        written.add_page("500 0 0 500 0 0 cm /I Do", &format!("/XObject << /I {image} 0 R >>"), "");
        let excess = excess_of(what, written.bytes());
        assert!(matches!(excess, Excess::Image { samples: 3_600_000_000.., .. }), "{what}: {excess}");
    }
}

#[test]
fn an_enormous_mask_of_a_small_image_is_refused() {
    let mut written = Written::new();
    let mask = written.add_stream(
        "/Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 8",
        &[0; 16],
    );
    let image = written.add_stream(
        &format!(
            "/Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8 /SMask {mask} 0 R"
        ),
        &[0; 16],
    );
    written.add_page("500 0 0 500 0 0 cm /I Do", &format!("/XObject << /I {image} 0 R >>"), "");
    assert!(matches!(excess_of("a mask", written.bytes()), Excess::Image { .. }));
}

#[test]
fn an_image_drawn_over_and_over_is_refused() {
    let mut written = Written::new();
    let image = written.add_stream(
        "/Subtype /Image /Width 3000 /Height 3000 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
        &bomb(b' ', 9_000_000),
    );
    let commands = "q 500 0 0 500 0 0 cm /I Do Q ".repeat(1_000);
    written.add_page(&commands, &format!("/XObject << /I {image} 0 R >>"), "");
    assert!(matches!(excess_of("an image a thousand times", written.bytes()), Excess::Image { .. }));
}

#[test]
fn a_tree_of_pages_that_bites_its_tail_ends() {
    let mut written = Written::new();
    let page = written.add_page("", "", "");
    written.put(2, format!("<< /Type /Pages /Kids [2 0 R {page} 0 R 4 0 R 2 0 R] /Count 3 >>"));
    let manual = Manual::open(written.bytes()).unwrap();
    assert_eq!(manual.page_count(), 1);
}

#[test]
fn a_tree_of_pages_a_hundred_thousand_deep_ends() {
    let mut written = Written::new();
    let depth = 100_000;
    for level in 0..depth {
        written.add(format!("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", level + 4));
    }
    written.add("<< /Type /Page >>");
    written.put(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    assert!(shown("a deep tree", written.bytes()).is_ok());
}

#[test]
fn a_form_that_draws_itself_ends() {
    let mut written = Written::new();
    let words = "/Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F 3 0 R >> >>";
    written.add_stream(words, b"0 0 10 10 re f /F Do");
    written.add_page("/F Do", "/XObject << /F 3 0 R >>", "");
    assert!(shown("a form in itself", written.bytes()).is_ok());
}

#[test]
fn a_form_that_draws_itself_twice_ends() {
    let mut written = Written::new();
    let words = "/Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F 3 0 R >> >>";
    written.add_stream(words, b"0 0 10 10 re f /F Do /F Do");
    written.add_page("/F Do", "/XObject << /F 3 0 R >>", "");
    shown("a form twice in itself", written.bytes()).ok();
}

#[test]
fn a_large_form_that_draws_itself_counts_for_every_level() {
    let mut written = Written::new();
    let words = "/Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F 3 0 R >> >>";
    let mut data = vec![b' '; 20 << 20];
    data.extend(b"/F Do");
    written.add_stream(&format!("{words} /Filter /FlateDecode"), &deflated(&data));
    written.add_page("/F Do", "/XObject << /F 3 0 R >>", "");
    assert!(matches!(excess_of("a large form in itself", written.bytes()), Excess::Unpacked { .. }));
}

#[test]
fn forms_that_draw_the_next_ten_times_each_are_refused() {
    let mut written = Written::new();
    let levels = 12;
    for level in 0..levels {
        let next = level + 4;
        let words =
            format!("/Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F {next} 0 R >> >>");
        let commands = if level + 1 == levels { "0 0 1 1 re f".into() } else { "/F Do ".repeat(10) };
        written.add_stream(&words, commands.as_bytes());
    }
    written.add_page("/F Do", "/XObject << /F 3 0 R >>", "");
    excess_of("a million laughs", written.bytes());
}

#[test]
fn objects_nested_without_end_do_not_end_the_program() {
    // Dictionaries in each other are followed in the square of their number: by the million that ends with the time.
    for (open, close, times) in
        [("[", "]", 1_000_000), ("<< /A ", ">>", 20_000), ("q ", "", 1_000_000), ("BT ", "", 1_000_000)]
    {
        let deep = format!("{}{}", open.repeat(times), close.repeat(times));
        let mut written = Written::page(&format!("{deep} /X gs 0 0 9 9 re f"), "");
        written.add(deep.clone());
        shown(&format!("{open} in the commands"), written.bytes()).ok();
        let mut written = Written::new();
        written.add_page("0 0 9 9 re f", "", &format!("/Annots {deep}"));
        shown(&format!("{open} in the page"), written.bytes()).ok();
    }
}

#[test]
fn references_in_a_long_row_do_not_end_the_program() {
    let mut written = Written::new();
    written.add_page("", "/ExtGState << /G 5 0 R >>", "");
    for next in 6..50_006 {
        written.add(format!("<< /Next {next} 0 R >>"));
    }
    written.add("<< >>");
    assert_eq!(excess_of("a long row", written.bytes()), Excess::Objects);
}

/// A page that is filled with a pattern of red squares.
fn tiled(words: &str) -> Vec<u8> {
    let mut written = Written::new();
    let pattern = written.add_stream(
        &format!("/PatternType 1 /PaintType 1 /TilingType 1 /Resources << >> {words}"),
        b"1 0 0 rg 0 0 5 5 re f",
    );
    let resources = format!("/Pattern << /P {pattern} 0 R >>");
    written.add_page("/Pattern cs /P scn 0 0 595 842 re f", &resources, "");
    written.bytes()
}

#[test]
fn a_pattern_of_a_billion_tiles_is_refused() {
    assert!(shown("common tiles", tiled("/BBox [0 0 10 10] /XStep 10 /YStep 10")).is_ok());
    let overlapping = tiled("/BBox [0 0 1000000 1000000] /XStep 0.01 /YStep 0.01");
    assert!(matches!(excess_of("overlapping tiles", overlapping), Excess::Operations { .. }));
    shown("tiny tiles", tiled("/BBox [0 0 1 1] /XStep 0.00001 /YStep 0.00001")).ok();
}

#[test]
fn a_renderer_that_panics_takes_nothing_with_it() {
    // So slanted that the renderer loses its place in the tile.
    let bytes = tiled("/BBox [0 0 10 10] /XStep 10 /YStep 10 /Matrix [1 0 1 0.0000001 0 0]");
    let manual = Manual::open(bytes).unwrap();
    for _ in 0..3 {
        assert_eq!(manual.page_picture(1, 500), Err(ManualFault::GaveUp { page: Some(1) }));
    }
}

#[test]
fn a_pattern_that_is_painted_with_itself_ends() {
    let mut written = Written::new();
    written.add_stream(
        "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 \
         /Resources << /Pattern << /P 3 0 R >> >>",
        b"/Pattern cs /P scn 0 0 9 9 re f 0 0 5 5 re f",
    );
    written.add_page("/Pattern cs /P scn 0 0 595 842 re f", "/Pattern << /P 3 0 R >>", "");
    shown("a pattern in itself", written.bytes()).ok();
}

#[test]
fn a_line_cut_into_a_billion_dashes_is_refused() {
    for dashes in ["[0.0000001]", "[0]", "[0 0]", "[-1 1]", "[-1]"] {
        let commands = format!("{dashes} 0 d 0 0 m 1000000 1000000 l S");
        let excess = excess_of(dashes, Written::page(&commands, "").bytes());
        assert!(matches!(excess, Excess::Operations { .. }), "{dashes}: {excess}");
    }
}

#[test]
fn more_lines_than_fit_on_a_page_are_refused() {
    let commands = "0 0 m 595 842 l 0 842 l 595 0 l S ".repeat(60_000);
    let bytes = Written::page(&commands, "").bytes();
    let fault = shown_at("lines", bytes, 4_096).unwrap_err();
    assert!(matches!(fault, ManualFault::TooMuch { excess: Excess::Lines { .. }, .. }), "{fault}");
}

#[test]
fn commands_by_the_million_are_refused() {
    let commands = "0 0 1 1 re f ".repeat(3_000_000);
    assert!(matches!(
        excess_of("little squares", Written::page(&commands, "").bytes()),
        Excess::Operations { .. }
    ));
}

#[test]
fn masks_of_a_whole_page_each_are_refused_by_the_hundred() {
    let mut written = Written::new();
    let group = written.add_stream(
        "/Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /CS /DeviceGray >>",
        b"1 g 0 0 100 100 re f",
    );
    let state = written.add(format!("<< /SMask << /S /Luminosity /G {group} 0 R >> >>"));
    let commands = "q 1 0 0 1 0.001 0 cm /G gs 0 0 9 9 re f ".repeat(200);
    written.add_page(&commands, &format!("/ExtGState << /G {state} 0 R >>"), "");
    let fault = shown_at("masks", written.bytes(), 4_096).unwrap_err();
    assert!(matches!(fault, ManualFault::TooMuch { excess: Excess::Masks { .. }, .. }), "{fault}");
}

#[test]
fn groups_in_each_other_without_end_are_refused() {
    let mut written = Written::new();
    let words = "/Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency >>";
    for level in 0..300 {
        let next = level + 4;
        written.add_stream(&format!("{words} /Resources << /XObject << /F {next} 0 R >> >>"), b"/F Do");
    }
    written.add("null");
    written.add_page("/F Do", "/XObject << /F 3 0 R >>", "");
    shown("groups", written.bytes()).ok();
}

#[test]
fn sides_that_are_no_sides_do_not_panic() {
    for box_pt in ["0 0 0 0", "0 0 1e30 1e30", "5 5 -5 -5", "0 0 0.001 900000", "nan inf 1 1", "9 9 9 9"] {
        let mut written = Written::new();
        let contents = written.add_stream("", b"0 0 9 9 re f");
        written.add_page_sized(box_pt, &format!("/Contents {contents} 0 R"));
        shown(box_pt, written.bytes()).ok();
    }
}

#[test]
fn fonts_that_are_noise_leave_the_page_standing() {
    let noise: Vec<u8> = (0_u32..50_000).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    for (key, kind) in [("FontFile", "Type1"), ("FontFile2", "TrueType"), ("FontFile3", "Type1")] {
        let mut written = Written::new();
        let file = written.add_stream("/Subtype /Type1C", &noise);
        let descriptor = written.add(format!("<< /Type /FontDescriptor /FontName /X /{key} {file} 0 R >>"));
        let font = written.add(format!(
            "<< /Type /Font /Subtype /{kind} /BaseFont /X /FirstChar 0 /LastChar 255 /FontDescriptor {descriptor} 0 R >>"
        ));
        let commands = "1 0 0 rg 0 0 595 421 re f BT /F 60 Tf 50 700 Td (Pumpe) Tj ET";
        written.add_page(commands, &format!("/Font << /F {font} 0 R >>"), "");
        assert!(shown(key, written.bytes()).is_ok());
    }
}
