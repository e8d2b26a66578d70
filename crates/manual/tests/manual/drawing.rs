//! What is drawn of a page, and what a crop holds.

use millwright_manual::{Area, Manual, ManualFault, PagePicture};
use millwright_paper::{Block, Paper, write_pdf};

use crate::written::{Written, deflated};

fn pixel(picture: &PagePicture, x: f64, y: f64) -> [u8; 3] {
    let column = (x * f64::from(picture.width_px)) as usize;
    let row = (y * f64::from(picture.height_px)) as usize;
    let at = (row * picture.width_px as usize + column) * 3;
    picture.rgb[at..at + 3].try_into().unwrap()
}

/// A red square in the upper left quarter of the page, blue in its lower right.
const QUARTERS: &str = "1 0 0 rg 0 421 297.5 421 re f 0 0 1 rg 297.5 0 297.5 421 re f";

#[test]
fn a_page_is_drawn_on_white_in_the_size_asked_for() {
    let manual = Manual::open(Written::page(QUARTERS, "").bytes()).unwrap();
    let picture = manual.page_picture(1, 842).unwrap();
    assert_eq!((picture.width_px, picture.height_px), (595, 842));
    assert_eq!(picture.rgb.len(), 595 * 842 * 3);
    assert_eq!(pixel(&picture, 0.25, 0.25), [255, 0, 0]);
    assert_eq!(pixel(&picture, 0.75, 0.75), [0, 0, 255]);
    assert_eq!(pixel(&picture, 0.75, 0.25), [255; 3], "the paper is white");
    assert_eq!(manual.page_picture(1, 842).unwrap(), picture, "and the same each time");
}

#[test]
fn a_turned_page_is_shown_turned() {
    for (turn, red_at, blue_at) in [
        (90, (0.75, 0.25), (0.25, 0.75)),
        (180, (0.75, 0.75), (0.25, 0.25)),
        (270, (0.25, 0.75), (0.75, 0.25)),
    ] {
        let mut written = Written::new();
        written.add_page(QUARTERS, "", &format!("/Rotate {turn}"));
        let manual = Manual::open(written.bytes()).unwrap();
        let picture = manual.page_picture(1, 400).unwrap();
        let is_wide = picture.width_px > picture.height_px;
        assert_eq!(is_wide, turn != 180, "{turn}");
        assert_eq!(pixel(&picture, red_at.0, red_at.1), [255, 0, 0], "{turn}");
        assert_eq!(pixel(&picture, blue_at.0, blue_at.1), [0, 0, 255], "{turn}");
    }
}

#[test]
fn a_crop_is_a_png_of_that_piece_and_as_fine_as_asked() {
    let manual = Manual::open(Written::page(QUARTERS, "").bytes()).unwrap();
    let area = Area { left: 0.5, top: 0.5, width: 0.5, height: 0.25 };
    let crop = manual.crop(1, area, 144).unwrap();
    assert_eq!((crop.width_px, crop.height_px), (595, 421));
    assert!((crop.dots_per_inch - 144.0).abs() < 1e-9);
    let mut reader = png::Decoder::new(std::io::Cursor::new(&crop.png)).read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!((info.width, info.height), (595, 421));
    assert!(rgb.chunks(3).all(|pixel| pixel == [0, 0, 255]), "only the blue quarter is in it");
    // A sliver of white at the quarter's upper edge comes into a piece that begins above it.
    let above = manual.crop(1, Area { top: 0.4, ..area }, 72).unwrap();
    assert_ne!(above.png, crop.png);
}

#[test]
fn a_piece_too_large_for_a_picture_comes_less_fine_and_says_so() {
    let mut written = Written::new();
    // A drawing of A0.
    written.add_page_sized("0 0 2384 3370", "");
    let manual = Manual::open(written.bytes()).unwrap();
    let (width_pt, height_pt) = manual.page_size(1).unwrap();
    let crop = manual.crop(1, Area::PAGE, 300).unwrap();
    assert!(crop.width_px.max(crop.height_px) <= 4_096);
    let longest_px = width_pt.max(height_pt) / 72.0 * crop.dots_per_inch;
    assert!((longest_px - f64::from(crop.width_px.max(crop.height_px))).abs() < 1.0);
}

#[test]
fn sizes_and_pieces_out_of_bounds_are_refused_before_anything_is_drawn() {
    let manual = Manual::open(Written::page(QUARTERS, "").bytes()).unwrap();
    for longest_px in [0, 4_097, u32::MAX] {
        let fault = manual.page_picture(1, longest_px).unwrap_err();
        assert_eq!(fault, ManualFault::PictureSize { longest_px, most_px: 4_096 });
    }
    for dots_per_inch in [0, 301] {
        let fault = manual.crop(1, Area::PAGE, dots_per_inch).unwrap_err();
        assert_eq!(fault, ManualFault::Fineness { dots_per_inch, most: 300 });
    }
    for (left, top, width, height) in [
        (-0.1, 0.0, 0.5, 0.5),
        (0.6, 0.0, 0.5, 0.5),
        (0.0, 0.0, 0.0, 0.5),
        (f64::NAN, 0.0, 0.5, 0.5),
        (0.0, 0.0, f64::INFINITY, 0.5),
    ] {
        let fault = manual.crop(1, Area { left, top, width, height }, 100).unwrap_err();
        assert_eq!(fault, ManualFault::NotWithinPage);
    }
    assert_eq!(manual.page_picture(2, 100), Err(ManualFault::NoSuchPage { page: 2, pages: 1 }));
}

#[test]
fn a_sliver_of_a_page_is_a_pixel_wide_at_least() {
    let manual = Manual::open(Written::page(QUARTERS, "").bytes()).unwrap();
    let crop = manual.crop(1, Area { left: 0.0, top: 0.0, width: 1e-7, height: 1.0 }, 100).unwrap();
    assert_eq!(crop.width_px, 1);
}

#[test]
fn an_embedded_jpeg_is_drawn() {
    let jpeg = include_bytes!("../../../paper/tests/photo.jpg");
    let (width, height) = (jpeg_side(jpeg, 7), jpeg_side(jpeg, 5));
    let mut written = Written::new();
    let image = written.add_stream(
        &format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 \
             /Filter /DCTDecode"
        ),
        jpeg,
    );
    written.add_page("595 0 0 842 0 0 cm /Photo Do", &format!("/XObject << /Photo {image} 0 R >>"), "");
    let picture = Manual::open(written.bytes()).unwrap().page_picture(1, 200).unwrap();
    let white = picture.rgb.chunks(3).filter(|pixel| *pixel == [255; 3]).count();
    assert!(white < picture.rgb.len() / 30, "the photo covers the page");
}

/// A side of a JPEG, found behind the marker of its frame.
fn jpeg_side(jpeg: &[u8], at: usize) -> u16 {
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0] || pair == [0xFF, 0xC2]).unwrap();
    u16::from_be_bytes([jpeg[frame + at], jpeg[frame + at + 1]])
}

#[test]
fn packed_pages_and_words_in_the_common_fonts_are_drawn() {
    let mut written = Written::new();
    let font = written.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>");
    let commands = deflated(b"BT /F 60 Tf 50 700 Td (Pumpe) Tj ET");
    let contents = written.add_stream("/Filter /FlateDecode", &commands);
    written.add_page_of(&format!("/Contents {contents} 0 R /Resources << /Font << /F {font} 0 R >> >>"));
    let picture = Manual::open(written.bytes()).unwrap().page_picture(1, 842).unwrap();
    let dark = picture.rgb.chunks(3).filter(|pixel| pixel[0] < 64).count();
    assert!((1_000..20_000).contains(&dark), "{dark} dark pixels");
}

#[test]
fn what_our_own_paper_writes_is_read_and_shown() {
    let manual = Manual::open(own_paper()).unwrap();
    let picture = manual.page_picture(1, 1_200).unwrap();
    let dark = picture.rgb.chunks(3).filter(|pixel| pixel[0] < 128).count();
    assert!(dark > 500, "{dark} dark pixels");
}

fn own_paper() -> Vec<u8> {
    let words = |text: &str| Block::Words { name: "Schritt 1".into(), text: text.into() };
    let paper = Paper {
        name: "Anleitung P-101".into(),
        title: "Gleitringdichtung wechseln".into(),
        language: "de".into(),
        blocks: vec![Block::Heading("Vorbereiten".into()), words("Die Pumpe freischalten und entlüften.")],
        ..Paper::default()
    };
    write_pdf(&paper).unwrap().bytes
}
