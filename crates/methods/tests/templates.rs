//! The scenarios that come with the app: each reads, asks at most twelve plain questions, and tells options apart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

use std::path::PathBuf;

use millwright_methods::scenario::{Answer, Model, Run, Watch, answer, compare};

const QUESTIONS_MAX: usize = 12;
const TEMPLATES: [&str; 6] =
    ["cyber-attack", "demand-shock", "energy-price", "key-supplier", "new-technology", "people-leaving"];

fn text(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/scenarios/en");
    std::fs::read_to_string(folder.join(format!("{name}.model"))).unwrap()
}

#[test]
fn every_template_asks_at_most_twelve_questions_each_with_its_source_and_bounds() {
    for name in TEMPLATES {
        let model = Model::read(&text(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let questions = model.questions();
        assert!((1..=QUESTIONS_MAX).contains(&questions.len()), "{name} asks {}", questions.len());
        for question in questions {
            assert!(
                question.question.ends_with('?') && question.origin.is_some(),
                "{name}: {}",
                question.name
            );
            let is_told =
                matches!(question.answer, Answer::Figure(_) | Answer::Between(..) | Answer::YesOrNo(_));
            assert!(is_told && !question.unit.is_empty(), "{name}: {}", question.name);
        }
    }
}

#[test]
fn every_template_tells_its_options_apart() {
    for name in TEMPLATES {
        let model = Model::read(&text(name)).unwrap();
        let run = Run { trials: 2_000, ..Run::default() };
        let told =
            compare(&model, 0, &run, &Watch::default()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(told.options.len() >= 3, "{name} has {} options", told.options.len());
        let means: Vec<f64> = told.options.iter().map(|option| option.figures[0].mean).collect();
        assert!(means.windows(2).all(|pair| pair[0] != pair[1]), "{name}: {means:?}");
    }
}

#[test]
fn not_knowing_widens_every_answer_of_every_template() {
    for name in TEMPLATES {
        let text = text(name);
        let run = Run { trials: 500, ..Run::default() };
        for question in Model::read(&text).unwrap().questions() {
            let unknown = answer(&text, &question.name, &Answer::Unknown, None)
                .unwrap_or_else(|fault| panic!("{name}, {}: {fault}", question.name));
            let model = Model::read(&unknown).unwrap();
            let widened = model.questions().into_iter().find(|asked| asked.name == question.name).unwrap();
            let width = |of: &Answer| if let Answer::Between(low, high) = of { high - low } else { 0.0 };
            assert!(width(&widened.answer) > width(&question.answer), "{name}: {}", question.name);
            model
                .run(&run, &Watch::default())
                .unwrap_or_else(|fault| panic!("{name}, {}: {fault}", question.name));
        }
    }
}
