//! Documents as other programs read them: every word can be found again, every page says which one it is.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

use std::sync::Arc;

use lopdf::Document;
use millwright_paper::{
    Align, Block, Column, Drawn, Fact, Furniture, Made, PAGES_MAX, Paper, Photo, Row, Written, write_pdf,
};

fn paper(blocks: Vec<Block>) -> Paper {
    Paper {
        name: "Auftrag K1-12".into(),
        title: "Gleitringdichtung an der Kühlwasserpumpe wechseln".into(),
        owner: "Werk Süd".into(),
        standing: "Erledigt".into(),
        made_words: "Erstellt 23.11.2026 16:20".into(),
        made: Made { year: 2026, month: 11, day: 23, hour: 15, minute: 20, second: 0 },
        language: "de".into(),
        blocks,
        furniture: Furniture {
            page: "Seite {page} von {pages}".into(),
            left_out: "und {count} weitere in der App".into(),
            replaced: "□ steht für ein Zeichen, das hier nicht gedruckt werden kann.".into(),
            no_photo: "Dieses Foto kann hier nicht gezeigt werden.".into(),
        },
        single_page: false,
    }
}

fn table(rows: usize) -> Block {
    let column = |head: &str, share: f32, align: Align| Column { head: head.into(), share, align };
    let columns = vec![
        column("Nr.", 1.0, Align::End),
        column("Schritt", 8.0, Align::Start),
        column("Wer", 3.0, Align::Start),
    ];
    let row = |number: usize| Row {
        cells: vec![number.to_string(), format!("Schraube {number} prüfen"), "Jürgen Weiß".into()],
        strong: number == 3,
    };
    Block::Table { columns, rows: (1..=rows).map(row).collect() }
}

/// The words of each page, with blanks between them.
fn pages(written: &Written) -> Vec<String> {
    let document = Document::load_mem(&written.bytes).unwrap();
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    assert_eq!(numbers.len(), written.pages as usize);
    let words = |number: &u32| {
        let text = document.extract_text(&[*number]).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    numbers.iter().map(words).collect()
}

fn read(paper: &Paper) -> Vec<String> {
    pages(&write_pdf(paper).unwrap())
}

#[test]
fn every_word_can_be_read_back_umlauts_too() {
    let facts = vec![Fact { name: "Anlage".into(), value: "P-101A Kühlwasserpumpe".into() }];
    let words = Block::Words {
        name: "Befund".into(),
        text: "Dichtung übermäßig verschlissen, 25 µm Schlag".into(),
    };
    let pages =
        read(&paper(vec![Block::Facts(facts), Block::Heading("Prüfschritte".into()), words, table(3)]));
    let [page] = &pages[..] else { panic!("{pages:#?}") };
    for said in [
        "Auftrag K1-12",
        "Gleitringdichtung an der Kühlwasserpumpe wechseln",
        "Werk Süd",
        "Erledigt",
        "P-101A Kühlwasserpumpe",
        "Prüfschritte",
        "Dichtung übermäßig verschlissen, 25 µm Schlag",
        "Schraube 3 prüfen",
        "Jürgen Weiß",
        "Erstellt 23.11.2026 16:20",
        "Seite 1 von 1",
    ] {
        assert!(page.contains(said), "«{said}» is not in {page}");
    }
}

#[test]
fn two_hundred_steps_go_over_pages_that_each_repeat_the_heads() {
    let pages = read(&paper(vec![Block::Heading("Prüfschritte".into()), table(200)]));
    assert!((5..=8).contains(&pages.len()), "{} pages", pages.len());
    for (place, page) in pages.iter().enumerate() {
        assert!(page.contains("Auftrag K1-12") && page.contains("Schritt Wer"), "{page}");
        assert!(page.contains(&format!("Seite {} von {}", place + 1, pages.len())), "{page}");
    }
    let all = pages.join(" ");
    for number in 1..=200 {
        assert_eq!(all.matches(&format!("Schraube {number} prüfen")).count(), 1, "step {number}");
    }
}

#[test]
fn hostile_texts_are_bounded_and_cannot_turn_the_page_around() {
    let hostile = format!("\u{202e}dleif\u{0}\u{1b}[2J {} 泵 العربية", "W".repeat(100_000));
    let cells = vec![hostile.clone(), hostile.clone(), hostile.clone()];
    let Block::Table { columns, .. } = table(0) else { unreachable!() };
    let blocks = vec![
        Block::Heading(hostile.clone()),
        Block::Facts(vec![Fact { name: hostile.clone(), value: hostile.clone() }]),
        Block::Words { name: hostile.clone(), text: hostile.clone() },
        Block::Notice(hostile.clone()),
        Block::Table { columns, rows: vec![Row { cells, strong: true }] },
        Block::Photos(vec![Photo { bytes: None, caption: hostile.clone(), drawn: vec![] }]),
    ];
    let texts = Paper {
        name: hostile.clone(),
        title: hostile.clone(),
        owner: hostile.clone(),
        standing: hostile.clone(),
        made_words: hostile,
        ..paper(blocks)
    };
    let pages = read(&texts);
    assert!((2..=PAGES_MAX).contains(&pages.len()), "{} pages", pages.len());
    let all = pages.join(" ");
    assert!(!all.contains('\u{202e}') && !all.contains('\u{1b}') && all.contains("dleif[2J"));
    assert!(all.contains("Dieses Foto kann hier nicht gezeigt werden."));
}

#[test]
fn a_sign_that_cannot_be_printed_is_said_on_the_paper() {
    let said = "□ steht für ein Zeichen, das hier nicht gedruckt werden kann.";
    let with = |text: &str| read(&paper(vec![Block::Notice(text.into())])).join(" ");
    assert!(with("泵 P-101").contains(said));
    assert!(!with("Pumpe P-101").contains(said));
}

#[test]
fn one_page_stays_one_page_and_names_what_found_no_place() {
    let single = Paper { single_page: true, ..paper(vec![table(200), Block::Notice("Zuletzt".into())]) };
    let pages = read(&single);
    let [page] = &pages[..] else { panic!("{} pages", pages.len()) };
    let shown = page.matches(" prüfen").count();
    assert!(page.contains(&format!("und {} weitere in der App", 200 - shown + 1)), "{shown} shown: {page}");
    assert!(page.contains("Seite 1 von 1"));
}

#[test]
fn a_document_without_end_stops_and_says_so() {
    let endless = Block::Words { name: String::new(), text: "Wort\n".repeat(10_000) };
    let pages = read(&paper(vec![endless; 20]));
    assert_eq!(pages.len(), PAGES_MAX);
    assert!(pages.last().unwrap().contains("weitere in der App"));
}

#[test]
fn a_photo_is_kept_as_it_was_taken() {
    let jpeg = Arc::new(include_bytes!("photo.jpg").to_vec());
    let photo = Photo { bytes: Some(Arc::clone(&jpeg)), caption: "Lager vorher".into(), drawn: vec![] };
    let written = write_pdf(&paper(vec![Block::Photos(vec![photo])])).unwrap();
    assert!(written.bytes.windows(jpeg.len()).any(|window| window == jpeg.as_slice()));
    let page = pages(&written).join(" ");
    assert!(page.contains("Lager vorher") && !page.contains("nicht gezeigt"), "{page}");
}

#[test]
fn what_is_drawn_over_a_photo_stands_on_it_whatever_places_and_words_it_has() {
    let bytes = Some(Arc::new(include_bytes!("photo.jpg").to_vec()));
    let plate = |at, text: &str| Drawn::Plate { at, text: text.into() };
    let drawn = vec![
        Drawn::Arrow { from: (0.1, 0.9), to: (0.5, 0.5) },
        Drawn::Arrow { from: (f32::NAN, 7.0), to: (f32::NAN, 7.0) },
        Drawn::Ring { center: (0.5, 0.5), radius: 0.1 },
        Drawn::Ring { center: (-3.0, f32::INFINITY), radius: f32::NAN },
        plate((0.5, 0.2), "45 N·m"),
        plate((9.0, -9.0), &"W".repeat(10_000)),
    ];
    let with = |drawn| {
        let photo = Photo { bytes: bytes.clone(), caption: "Lager".into(), drawn };
        write_pdf(&paper(vec![Block::Photos(vec![photo])])).unwrap()
    };
    let (plain, marked) = (with(vec![]), with(drawn));
    let page = pages(&marked).join(" ");
    assert!(page.contains("45 N·m") && page.contains("WWW…"), "{page}");
    assert_eq!(pages(&plain).len(), pages(&marked).len());
}

#[test]
fn a_damaged_photo_costs_its_place_and_never_the_document() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0\x90\x91h6".to_vec();
    png.extend(b"\0\0\0\x04IDATnope\0\0\0\0\0\0\0\0IEND\xaeB`\x82");
    for bytes in [png, b"\xff\xd8\xff\xe0 no photo".to_vec(), b"RIFF voice".to_vec(), vec![]] {
        let photo = Photo { bytes: Some(Arc::new(bytes)), caption: "Lager".into(), drawn: vec![] };
        let page = read(&paper(vec![Block::Photos(vec![photo])])).join(" ");
        assert!(
            page.contains("Dieses Foto kann hier nicht gezeigt werden.") && page.contains("Lager"),
            "{page}"
        );
    }
}

#[test]
fn the_file_says_that_it_is_made_to_be_kept() {
    let written = write_pdf(&paper(vec![])).unwrap();
    let text = String::from_utf8_lossy(&written.bytes);
    assert!(text.contains("pdfaid:part") && text.contains("pdfaid:conformance"), "no word of PDF/A");
    assert!(!text.contains("/JavaScript") && !text.contains("/URI"));
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let paper = paper(vec![table(10)]);
    assert_eq!(write_pdf(&paper).unwrap(), write_pdf(&paper).unwrap());
}

#[test]
fn what_follows_a_page_break_begins_on_the_next_page_and_breaks_make_no_empty_one() {
    let words = |text: &str| Block::Words { name: String::new(), text: text.into() };
    let broken = read(&paper(vec![
        words("Ergebnisse"),
        Block::PageBreak,
        Block::PageBreak,
        words("Annahmen"),
        Block::PageBreak,
    ]));
    assert_eq!(broken.len(), 2);
    assert!(broken[0].contains("Ergebnisse") && !broken[0].contains("Annahmen"));
    assert!(broken[1].contains("Annahmen"));
    let mut single = paper(vec![words("eins"), Block::PageBreak, words("zwei")]);
    single.single_page = true;
    let single = read(&single);
    assert!(single.len() == 1 && single[0].contains("zwei"));
}
