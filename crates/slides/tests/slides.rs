//! Decks as other programs read them: every part is there and well formed, every word comes back, nothing is left out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod read;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use millwright_slides::{
    Align, Block, COLUMNS_MAX, Column, Counted, Deck, Furniture, Made, Picture, ROWS_MAX, Row, SLIDES_MAX,
    Slide, SlidesFault, TEXT_CHARS_MAX, write_pptx,
};
use proptest::prelude::*;
use read::Parts;
use roxmltree::Document;

fn deck(slides: Vec<Slide>) -> Deck {
    Deck {
        title: "Ein wichtiger Lieferant geht insolvent".into(),
        owner: "Werk Süd".into(),
        made: Made { year: 2026, month: 11, day: 30, hour: 15, minute: 20, second: 0 },
        language: "de".into(),
        furniture: Furniture {
            foot: "Werk Süd · 30.11.2026".into(),
            goes_on: "({slide} von {slides})".into(),
        },
        slides,
    }
}

fn slide(title: &str, blocks: Vec<Block>) -> Slide {
    Slide { title: title.into(), blocks, notes: String::new() }
}

fn table(rows: usize) -> Block {
    let column = |head: &str, share: f32, align: Align| Column { head: head.into(), share, align };
    let columns = vec![
        column("Option", 4.0, Align::Start),
        column("P50", 1.5, Align::End),
        column("Bemerkung", 5.0, Align::Start),
    ];
    let row = |number: usize| Row {
        cells: vec![format!("Option {number}"), format!("{number} €"), "wie im letzten Jahr".into()],
        strong: number == 2,
    };
    Block::Table { columns, rows: (1..=rows).map(row).collect() }
}

/// A picture of some stripes.
fn picture(width: u32, height: u32) -> Picture {
    let mut png = vec![];
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> =
        (0..width * height).map(|at| if (at % width / 8).is_multiple_of(2) { 40 } else { 230 }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    Picture {
        png: Arc::new(png),
        says: "Streifen <schwarz & weiß>".into(),
        caption: "Was am meisten bewegt".into(),
    }
}

fn written(slides: Vec<Slide>) -> Parts {
    Parts::of(&write_pptx(&deck(slides)).unwrap().bytes)
}

fn all_kinds() -> Vec<Slide> {
    vec![
        Slide {
            notes: "Zuerst fragen,\ndann zeigen.".into(),
            ..slide(
                "Was ist zu entscheiden?",
                vec![
                    Block::Text("Eine Zeile\nund noch eine".into()),
                    Block::Strong("Wir geben einen zweiten Lieferanten frei.".into()),
                    Block::Bullets(vec!["erstens".into(), "zweitens".into()]),
                ],
            )
        },
        slide("Ergebnisse", vec![table(3), Block::Pictures(vec![picture(320, 120)])]),
        slide("Zwei Bilder", vec![Block::Pictures(vec![picture(320, 240), picture(200, 300)])]),
    ]
}

#[test]
fn every_part_is_well_formed_and_everybody_who_is_referred_to_is_there() {
    let parts = written(all_kinds());
    let types = Document::parse(parts.text("[Content_Types].xml")).unwrap();
    let is_told = |name: &str| {
        types.descendants().any(|node| node.attribute("PartName") == Some(&format!("/{name}")))
            || name.ends_with(".rels")
            || name.ends_with(".png")
    };
    let names: Vec<&String> = parts.0.keys().collect();
    for name in &names {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            Document::parse(parts.text(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert!(is_told(name) || *name == "[Content_Types].xml", "{name} has no kind");
    }
    let mut referred = 0;
    for name in names.iter().filter(|name| name.ends_with(".rels")) {
        let of = PathBuf::from(name.replace("_rels/", "").trim_end_matches(".rels"));
        let document = Document::parse(parts.text(name)).unwrap();
        for relation in document.descendants().filter(|node| node.tag_name().name() == "Relationship") {
            let mut at = of.parent().map(PathBuf::from).unwrap_or_default();
            for step in relation.attribute("Target").unwrap().split('/') {
                if step == ".." { assert!(at.pop()) } else { at.push(step) }
            }
            let target = at.to_str().unwrap();
            assert!(parts.0.contains_key(target), "{name} refers to {target}");
            referred += 1;
        }
        // Every relation that a part names is one that it has.
        if parts.0.contains_key(of.to_str().unwrap()) {
            let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("Id")).collect();
            let text = parts.text(of.to_str().unwrap());
            for named in text.split(" r:embed=\"").chain(text.split(" r:id=\"")).skip(1) {
                let id = named.split('"').next().unwrap();
                assert!(!id.starts_with("rId") || ids.contains(&id), "{} names {id}", of.display());
            }
        }
    }
    assert!(referred > 12, "{referred} relations");
}

#[test]
fn every_word_of_a_slide_comes_back_with_its_table_its_notes_and_what_a_picture_says() {
    let parts = written(all_kinds());
    assert_eq!(parts.slides(), 3);
    let first = parts.slide(1);
    let wanted = [
        "Was ist zu entscheiden?",
        "Eine Zeile",
        "und noch eine",
        "Wir geben einen zweiten Lieferanten frei.",
        "erstens",
        "zweitens",
        "Werk Süd · 30.11.2026",
        "1",
    ];
    assert_eq!(first, wanted);
    assert_eq!(parts.paragraphs("ppt/notesSlides/notesSlide1.xml"), ["Zuerst fragen,", "dann zeigen."]);
    let rows = parts.table(2);
    assert_eq!(rows[0], ["Option", "P50", "Bemerkung"]);
    assert_eq!(rows[3], ["Option 3", "3 €", "wie im letzten Jahr"]);
    let document = Document::parse(parts.text("ppt/slides/slide2.xml")).unwrap();
    let says = document.descendants().find_map(|node| node.attribute("descr"));
    assert_eq!(says, Some("Streifen <schwarz & weiß>"));
    let core = parts.text("docProps/core.xml");
    assert!(core.contains("Ein wichtiger Lieferant") && core.contains("2026-11-30T15:20:00Z"), "{core}");
}

#[test]
fn the_same_deck_gives_the_same_bytes_and_a_picture_shown_twice_is_kept_once() {
    let bytes = write_pptx(&deck(all_kinds())).unwrap().bytes;
    assert_eq!(bytes, write_pptx(&deck(all_kinds())).unwrap().bytes);
    let twice = vec![
        slide("a", vec![Block::Pictures(vec![picture(64, 64)])]),
        slide("b", vec![Block::Pictures(vec![picture(64, 64)])]),
    ];
    let parts = written(twice);
    assert_eq!(parts.0.keys().filter(|name| name.starts_with("ppt/media/")).count(), 1);
}

#[test]
fn a_table_that_no_slide_holds_goes_on_under_its_head_and_every_row_is_there_once() {
    let written = write_pptx(&deck(vec![slide("Annahmen", vec![table(100)])])).unwrap();
    let parts = Parts::of(&written.bytes);
    assert!(written.slides > 3 && parts.slides() == written.slides);
    let mut rows = vec![];
    for number in 1..=written.slides {
        let table = parts.table(number);
        assert_eq!(table[0][0], "Option", "the head stands on slide {number}");
        rows.extend(table.into_iter().skip(1).map(|row| row[0].clone()));
        let title = &parts.slide(number)[0];
        assert_eq!(*title, format!("Annahmen  ({number} von {})", written.slides));
    }
    assert_eq!(rows, (1..=100).map(|number| format!("Option {number}")).collect::<Vec<_>>());
}

#[test]
fn words_that_no_slide_holds_go_on_with_the_next_and_none_is_lost() {
    let text: Vec<String> = (0..700).map(|number| format!("Wort{number}")).collect();
    let blocks = vec![
        Block::Text("Kurz".into()),
        Block::Text(text.join(" ")),
        Block::Bullets(vec!["x".repeat(3_000), "Ende".into()]),
        Block::Pictures(vec![picture(300, 300)]),
    ];
    let written = write_pptx(&deck(vec![slide("Lang", blocks)])).unwrap();
    let parts = Parts::of(&written.bytes);
    let (mut told, mut letters) = (vec![], 0);
    for number in 1..=written.slides {
        for [x, y, width, height] in parts.frames(number) {
            let is_inside = x >= 0 && y >= 0 && x + width <= 12_192_000 && y + height <= 6_858_000;
            assert!(is_inside, "slide {number}: {x} {y} {width} {height}");
        }
        for paragraph in parts.slide(number) {
            told.extend(paragraph.split(' ').filter(|word| word.starts_with("Wort")).map(str::to_owned));
            letters += paragraph.chars().filter(|letter| *letter == 'x').count();
        }
    }
    assert_eq!(told, text);
    assert_eq!(letters, 3_000);
}

#[test]
fn a_cell_that_no_slide_holds_goes_on_in_the_next_row() {
    let columns = vec![
        Column { head: "Bemerkung".into(), share: 1.0, align: Align::Start },
        Column { head: "Zahl".into(), share: 1.0, align: Align::End },
    ];
    let long: Vec<String> = (0..900).map(|number| format!("Wort{number}")).collect();
    let rows = vec![Row { cells: vec![long.join(" "), "7".into()], strong: false }];
    let written = write_pptx(&deck(vec![slide("Annahmen", vec![Block::Table { columns, rows }])])).unwrap();
    let parts = Parts::of(&written.bytes);
    assert!(written.slides > 1);
    let document: String =
        (1..=written.slides).flat_map(|number| parts.slide(number)).collect::<Vec<_>>().join(" ");
    let told: Vec<&str> = document.split(' ').filter(|word| word.starts_with("Wort")).collect();
    assert_eq!(told, long);
}

#[test]
fn what_is_beyond_all_measure_is_refused_or_cut_visibly() {
    let fault = |slides: Vec<Slide>| write_pptx(&deck(slides)).unwrap_err();
    let many = |what: Counted, most: usize| SlidesFault::TooMany { what, most };
    assert_eq!(fault(vec![Slide::default(); SLIDES_MAX + 1]), many(Counted::Slides, SLIDES_MAX));
    assert_eq!(fault(vec![slide("", vec![table(ROWS_MAX + 1)])]), many(Counted::Rows, ROWS_MAX));
    // More than the slides of a deck are made of one.
    let long = Block::Bullets(vec!["x ".repeat(4_000); 500]);
    assert_eq!(fault(vec![slide("", vec![long])]), many(Counted::Slides, SLIDES_MAX));
    let columns = vec![Column { head: "a".into(), share: 1.0, align: Align::Start }; COLUMNS_MAX + 1];
    let wide = Block::Table { columns: columns.clone(), rows: vec![] };
    assert_eq!(fault(vec![slide("", vec![wide])]), many(Counted::Columns, COLUMNS_MAX));
    let ragged = Block::Table { columns: columns[..2].to_vec(), rows: vec![Row::default()] };
    let told = SlidesFault::Ragged { slide: 1, row: 1, cells: 0, columns: 2 };
    assert_eq!(fault(vec![slide("", vec![ragged])]), told);
    let no_png = Picture { png: Arc::new(b"GIF89a".to_vec()), says: String::new(), caption: String::new() };
    assert_eq!(
        fault(vec![slide("", vec![Block::Pictures(vec![no_png])])]),
        SlidesFault::NotAPng { slide: 1 }
    );
    let endless = written(vec![slide("", vec![Block::Text("y".repeat(TEXT_CHARS_MAX + 9))])]);
    let letters: String = (1..=endless.slides()).flat_map(|number| endless.slide(number)).collect();
    assert_eq!(letters.matches('y').count(), TEXT_CHARS_MAX);
    assert!(letters.contains('…'));
}

#[test]
fn a_deck_without_slides_and_a_slide_without_anything_are_decks() {
    assert_eq!(write_pptx(&deck(vec![])).unwrap().slides, 0);
    assert_eq!(written(vec![Slide::default()]).slides(), 1);
    let empty = vec![Block::Text(String::new()), Block::Bullets(vec![]), Block::Pictures(vec![])];
    assert_eq!(written(vec![slide("t", empty)]).slides(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_the_texts_hold_the_deck_is_well_formed(title in any::<String>(), text in any::<String>(), cell in any::<String>()) {
        let columns = vec![Column { head: title.clone(), share: f32::MIN, align: Align::End }];
        let rows = vec![Row { cells: vec![cell.clone()], strong: true }];
        let blocks = vec![
            Block::Text(text.clone()),
            Block::Bullets(vec![cell.clone()]),
            Block::Table { columns, rows },
            Block::Pictures(vec![Picture { says: text.clone(), caption: cell, ..picture(16, 16) }]),
        ];
        let mut deck = deck(vec![Slide { title: title.clone(), blocks, notes: text }]);
        deck.title = title.clone();
        deck.language = title.clone();
        deck.furniture.foot = title;
        let parts = Parts::of(&write_pptx(&deck).unwrap().bytes);
        for name in parts.0.keys().filter(|name| name.ends_with(".xml") || name.ends_with(".rels")) {
            prop_assert!(Document::parse(parts.text(name)).is_ok(), "{}", name);
        }
    }
}

/// The words of a PDF, by pdftotext.
fn words_of_pdf(pdf: &std::path::Path) -> String {
    let told = Command::new("pdftotext").arg(pdf).arg("-").output().unwrap();
    assert!(told.status.success());
    String::from_utf8_lossy(&told.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Somebody else's office opens a deck and prints it: only among the long checks, which install it.
#[test]
fn an_office_opens_a_deck_and_prints_every_slide() {
    if std::env::var_os("MILLWRIGHT_LONG").is_none() {
        return;
    }
    let folder = std::env::temp_dir().join(format!("millwright-slides-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("deck.pptx");
    let written =
        write_pptx(&deck([all_kinds(), vec![slide("Annahmen", vec![table(40)])]].concat())).unwrap();
    std::fs::write(&file, &written.bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(&folder)
        .arg(&file)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let pdf = folder.join("deck.pdf");
    let words = words_of_pdf(&pdf);
    for wanted in ["Was ist zu entscheiden?", "zweitens", "Option 3", "Was am meisten bewegt", "Option 40"] {
        assert!(words.contains(wanted), "«{wanted}» is not in {words}");
    }
    let told = Command::new("pdfinfo").arg(&pdf).output().unwrap();
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let pages = told.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().to_owned();
    assert_eq!(pages, written.slides.to_string());
    std::fs::remove_dir_all(&folder).unwrap();
}
