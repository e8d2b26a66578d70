//! What readers of a brief find in it.

use lopdf::Document;
use millwright_engine::brief::{json, markdown, pdf, pptx};
use millwright_model::*;

use crate::TEMPLATES;
use crate::world::{decided, reader, template, told, undecided};

/// The words of each page, with single blanks between them.
fn pages(bytes: &[u8]) -> Vec<String> {
    let document = Document::load_mem(bytes).unwrap();
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    let words = |number: &u32| {
        let text = document.extract_text(&[*number]).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    numbers.iter().map(words).collect()
}

/// The words of all slides of a deck, each paragraph with a blank behind it.
fn slides(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let count = archive.file_names().filter(|name| name.starts_with("ppt/slides/slide")).count();
    (1..=count)
        .map(|number| {
            let part = archive.by_name(&format!("ppt/slides/slide{number}.xml")).unwrap();
            let xml = std::io::read_to_string(part).unwrap();
            let runs = xml.split("<a:t>").skip(1).map(|rest| rest.split("</a:t>").next().unwrap());
            runs.collect::<Vec<_>>().join(" ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        })
        .collect()
}

#[test]
fn every_template_has_its_brief_on_two_pages_in_either_language() {
    for language in ["en", "de"] {
        for name in TEMPLATES {
            let text = template(language, name);
            let brief = undecided(&text);
            let written = pdf(&brief, &reader(language)).unwrap();
            let pages = pages(&written.bytes);
            assert_eq!(pages.len(), 2, "{language}/{name}");
            for option in &brief.picture.options {
                assert!(pages[0].contains(&option.choice[0].option), "{language}/{name}: {}", pages[0]);
            }
            for assumption in brief.assumptions.iter().filter(|assumption| !assumption.question.is_empty()) {
                let begin: String = assumption.question.chars().take(20).collect();
                assert!(pages[1].contains(&begin), "{language}/{name}: «{begin}» in {}", pages[1]);
            }
            assert!(!pages[0].contains("in the app") && !pages[0].contains("in der App"), "{}", pages[0]);
        }
    }
}

#[test]
fn a_decision_and_signposts_still_leave_it_at_two_pages() {
    for name in TEMPLATES {
        let pages = pages(&pdf(&told(&decided(&template("de", name))), &reader("de")).unwrap().bytes);
        assert_eq!(pages.len(), 2, "{name}: {pages:?}");
    }
}

#[test]
fn the_first_page_says_what_comes_what_was_decided_and_what_is_watched_the_second_who_said_what() {
    let view = decided(&template("de", "key-supplier"));
    let brief = told(&view);
    let pages = pages(&pdf(&brief, &reader("de")).unwrap().bytes);
    assert_eq!(pages.len(), 2, "{pages:?}");
    for said in [
        "Ein wichtiger Lieferant geht insolvent",
        "Entschieden",
        "30.11.2026 09:00, Anna Weber",
        "zweiten Lieferanten freigeben",
        "Jürgen Weiß",
        "01.03.2027",
        "Lieferungen kommen spät",
        "über 12,5 für 2 h",
        "überschritten 30.11.2026 10:00",
        "Bedauern",
    ] {
        assert!(pages[0].contains(said), "«{said}» is not in {}", pages[0]);
    }
    assert!(!pages[0].contains("Weggenommen"), "a signpost that was taken away is not told");
    for said in
        ["Annahmen", "Person, Anna Weber, 30.11.2026 10:00", "180 bis 220", "pcs/week", "Annahme, Vorlage"]
    {
        assert!(pages[1].contains(said), "«{said}» is not in {}", pages[1]);
    }
}

#[test]
fn the_slides_say_the_same_and_their_pictures_say_what_is_on_them() {
    let view = decided(&template("de", "key-supplier"));
    let written = pptx(&told(&view), &reader("de")).unwrap();
    let slides = slides(&written.bytes);
    assert_eq!(slides.len(), written.slides);
    let all = slides.join(" ");
    for said in
        ["zweiten Lieferanten freigeben", "P95", "Was es am meisten bewegt", "Der Bestand fällt", "Vorlage"]
    {
        assert!(all.contains(said), "«{said}» is not in {all}");
    }
    assert!(slides[0].contains("Ein Lieferant von Teilen, ohne die nichts gefertigt wird"), "{}", slides[0]);
    assert!(all.contains("Der Ausfall trifft uns selten, aber dann für Monate: <b>das</b> | trägt niemand."));
    assert_eq!(written.bytes, pptx(&told(&view), &reader("de")).unwrap().bytes, "the same bytes each time");
}

#[test]
fn markdown_shows_tables_and_takes_nothing_that_people_wrote_for_marks() {
    let text = markdown(&told(&decided(&template("en", "key-supplier"))), &reader("en"));
    assert!(text.starts_with("# Scenario: A key supplier goes bankrupt\n"), "{text}");
    for said in [
        "| Option | P5 | P50 | P95 | Mean | Regret | at most | Best in |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n| as now |",
        "**approve a second supplier**",
        "\\<b\\>das\\</b\\> \\| trägt niemand.",
        "## Assumptions",
        "| demand: How many products that need its parts are sold in a week? | 180 to 220 | pcs/week | person, Anna Weber, 2026-11-30 10:00 |",
        "- Figures of the plant: 2026-11-30 09:00, Anna Weber",
    ] {
        assert!(text.contains(said), "«{said}» is not in {text}");
    }
}

#[test]
fn json_holds_all_of_a_brief_and_no_id_of_a_person() {
    let brief = told(&decided(&template("en", "energy-price")));
    let text = json(&brief).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["format"], "millwright-scenario-brief/1");
    let back: ScenarioBrief = serde_json::from_value(value["brief"].clone()).unwrap();
    assert_eq!(back.assumptions, brief.assumptions);
    assert_eq!(back.picture.options.len(), 4);
    for number in [11_u128, 12] {
        assert!(!text.contains(&uuid::Uuid::from_u128(number).to_string()), "{text}");
    }
}

#[test]
fn many_options_are_told_by_the_first_the_best_and_the_most_careful_and_the_others_are_counted() {
    let text = "decision size = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12\nneed = 3 to 9\n\
                result cost in EUR = (size - need) ^ 2 * 1 EUR, lower is better";
    let brief = undecided(text);
    let page = pages(&pdf(&brief, &reader("en")).unwrap().bytes).remove(0);
    assert!(page.contains("and 4 more options in the app"), "{page}");
    let best = &brief.picture.options[brief.picture.best as usize].choice[0].option;
    assert!(page.contains(&format!("«{best}» is best")), "{page}");
}

#[test]
fn a_scenario_without_decision_chance_or_question_has_a_brief_too() {
    let brief = undecided("price = 3 EUR  # as agreed\nresult cost in EUR = price * 2");
    let pages = pages(&pdf(&brief, &reader("en")).unwrap().bytes);
    assert!(pages[0].contains("as it is") && pages[0].contains("Nothing in the model comes by chance."));
    assert!(pages[1].contains("as agreed") && pages[1].contains("3 EUR"), "{}", pages[1]);
    assert!(pptx(&brief, &reader("en")).unwrap().slides >= 5);
}
