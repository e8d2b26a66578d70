//! Assumptions as a workbook: out, changed by somebody, and in again.

use millwright_engine::brief::{BriefFault, Brought, bring_assumptions, write_assumptions};
use millwright_methods::scenario::{Answer, Model, answer};
use millwright_model::*;
use millwright_sheet::{Value, Wishes, read, write_xlsx};

use crate::TEMPLATES;
use crate::world::{decided, questions, reader, template};

/// A workbook as rows of values, to be changed like a person does.
fn rows(bytes: &[u8]) -> Vec<Vec<Value>> {
    let table = read(bytes, &Wishes::default()).unwrap();
    let width = table.rows[0].cells.len();
    let row = |row: &millwright_sheet::Row| {
        let mut values: Vec<Value> = row.cells.iter().map(|cell| cell.value.clone()).collect();
        values.resize(width, Value::Empty);
        values
    };
    table.rows.iter().map(row).collect()
}

fn written(language: &str, name: &str) -> (String, Vec<ScenarioQuestion>, Vec<Vec<Value>>) {
    let text = template(language, name);
    let asked = questions(&text);
    let rows = rows(&write_assumptions(&asked, &reader(language)).unwrap());
    (text, asked, rows)
}

fn bring(text: &str, asked: &[ScenarioQuestion], rows: &[Vec<Value>]) -> Brought {
    let bytes = write_xlsx("Annahmen", rows).unwrap();
    bring_assumptions(text, asked, &bytes, &reader("de")).unwrap()
}

fn word(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn what_goes_out_and_comes_in_untouched_changes_nothing() {
    for language in ["en", "de"] {
        for name in TEMPLATES {
            let (text, asked, rows) = written(language, name);
            assert_eq!(rows.len(), asked.len() + 1);
            let brought = bring(&text, &asked, &rows);
            assert_eq!(brought.report.same as usize, asked.len(), "{language}/{name}: {:?}", brought.report);
            assert!(brought.edits.is_empty() && brought.report.refused.is_empty());
        }
    }
    // What a person said goes out with their name, and comes in as it was.
    let view = decided(&template("de", "key-supplier"));
    let out = rows(&write_assumptions(&view.questions, &reader("de")).unwrap());
    assert_eq!(out[1][5..], [word("Person"), word("Anna Weber, 30.11.2026 10:00")]);
    let brought = bring(&view.text, &view.questions, &out);
    assert_eq!(brought.report.same as usize, view.questions.len());
}

#[test]
fn each_row_that_says_something_else_becomes_an_answer_that_the_model_takes() {
    let (text, asked, mut rows) = written("de", "key-supplier");
    rows[1][2] = Value::Number(150.0);
    // The origin that went out stays where it was: then it is the reader's own word.
    rows[2][3] = Value::Number(140.0);
    rows[3][2] = word("2,5");
    rows[4][2] = word("?");
    // Another origin is said, with a mark that would end it in the language of models.
    rows[5][5] = word("ERP");
    rows[5][6] = word("contract \"4711\"");
    // A person in a file is not taken into the text: whoever brings it in is named.
    rows[6][2] = Value::Number(9.0);
    rows[6][5] = word("person");
    rows[6][6] = word("Anna Weber");
    let brought = bring(&text, &asked, &rows);
    assert!(brought.report.refused.is_empty(), "{:?}", brought.report.refused);
    let names: Vec<&str> = asked.iter().take(6).map(|question| question.name.as_str()).collect();
    assert_eq!(brought.report.answered, names);
    assert_eq!(brought.report.same as usize, asked.len() - 6);
    let told: Vec<(&ScenarioAnswer, &Option<ScenarioOrigin>)> = brought
        .edits
        .iter()
        .map(|edit| match edit {
            ScenarioEdit::Answer { answer, origin, .. } => (answer, origin),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told[0], (&ScenarioAnswer::Between { low: 150.0, high: 220.0 }, &None));
    assert_eq!(told[1], (&ScenarioAnswer::Between { low: 80.0, high: 140.0 }, &None));
    assert_eq!(told[2], (&ScenarioAnswer::Figure { value: 2.5 }, &None));
    assert_eq!(told[3], (&ScenarioAnswer::Unknown, &None));
    let erp = ScenarioOrigin { kind: ScenarioOriginKind::Erp, of: "contract \"4711\"".to_owned() };
    assert_eq!(told[4], (&asked[4].answer, &Some(erp)));
    assert_eq!(told[5].1, &None);
    // All of them together are still a model.
    let mut changed = text;
    for (edit, name) in told.iter().zip(&names) {
        let said = match edit.0 {
            ScenarioAnswer::Figure { value } => Answer::Figure(*value),
            ScenarioAnswer::Between { low, high } => Answer::Between(*low, *high),
            ScenarioAnswer::Unknown => Answer::Unknown,
            other => panic!("{other:?}"),
        };
        changed = answer(&changed, name, &said, None).unwrap();
    }
    assert_ne!(Model::read(&changed).unwrap().questions()[0].answer, Answer::Between(180.0, 220.0));
}

#[test]
fn a_row_that_does_not_fit_is_refused_with_its_place_and_changes_nothing() {
    let (text, asked, mut rows) = written("en", "key-supplier");
    let last = rows.len();
    rows[1][2] = word("many");
    rows[2][2] = word("1.500");
    rows[3][2] = Value::Number(-4.0);
    rows[4][4] = word("weeks");
    rows[5][2] = Value::Number(5.0);
    rows[5][3] = Value::Number(3.0);
    rows[6][5] = word("hearsay");
    rows[7][3] = Value::Number(99.0);
    rows[8][2] = word("yes");
    rows.push(vec![word("nonsense"), Value::Empty, Value::Number(1.0)]);
    rows.push(rows[9].clone());
    rows.push(vec![Value::Empty, Value::Empty, Value::Number(1.0)]);
    let brought = bring(&text, &asked, &rows);
    let refused: Vec<String> = brought.report.refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        refused[..7],
        [
            "C2: «many» is not a number",
            "C3: «1.500» can be 1500 or 1.500: say which decimal mark the file has",
            "C4: «\u{2212}4» is not between 0 and 52",
            "E5: it is answered in % here, not in weeks",
            "D6: 5 is above 3",
            "F7: «hearsay» is not known here; known are Messwert, ERP, Datei, Person, Annahme",
            "D8: «99» is not between 0,5 and 52",
        ],
        "{refused:#?}"
    );
    assert!(refused[7].starts_with("C9: "), "yes is no share: {}", refused[7]);
    assert_eq!(refused[8], format!("A{}: the model does not ask for «nonsense»", last + 1));
    assert_eq!(refused[9], format!("A{}: it is in the file twice, first in row 10", last + 2));
    assert_eq!(refused[10], format!("A{}: it is empty", last + 3));
    assert_eq!(refused.len(), 11);
    assert!(brought.edits.is_empty() && brought.report.answered.is_empty());
}

#[test]
fn columns_are_found_by_their_names_in_either_language_and_order_also_in_a_text_with_separators() {
    let text = template("en", "key-supplier");
    let asked = questions(&text);
    let csv = "Answer, high;Name;ANTWORT, NIEDRIG;Something else\n8;ramp_up;3,5;x\n;demand;;x\n";
    let brought = bring_assumptions(&text, &asked, csv.as_bytes(), &reader("en")).unwrap();
    assert_eq!((brought.report.same, brought.report.refused.len()), (1, 0), "{:?}", brought.report);
    let told = ScenarioEdit::Answer {
        name: "ramp_up".to_owned(),
        answer: ScenarioAnswer::Between { low: 3.5, high: 8.0 },
        origin: None,
    };
    assert_eq!(brought.edits, [told]);
    let lacking = bring_assumptions(&text, &asked, b"Name;Question\nramp_up;?\n", &reader("en"));
    assert!(matches!(lacking, Err(BriefFault::ColumnMissing { column }) if column == "Answer, low"));
    assert!(bring_assumptions(&text, &asked, b"", &reader("en")).is_err());
}
