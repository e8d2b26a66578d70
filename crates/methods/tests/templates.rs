//! The scenarios that come with the app: each reads, asks at most twelve plain questions, and tells options apart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

use std::path::PathBuf;

use millwright_methods::scenario::{Answer, Figures, Model, Run, Watch, answer, compare};

const QUESTIONS_MAX: usize = 12;
const LANGUAGES: [&str; 2] = ["en", "de"];
const TEMPLATES: [&str; 6] =
    ["cyber-attack", "demand-shock", "energy-price", "key-supplier", "new-technology", "people-leaving"];

fn text(language: &str, name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/scenarios").join(language);
    std::fs::read_to_string(folder.join(format!("{name}.model"))).unwrap()
}

/// Each template in each language, with what it is called in a failed test.
fn all() -> Vec<(String, String)> {
    let told = |language| TEMPLATES.map(|name| (format!("{language}/{name}"), text(language, name)));
    LANGUAGES.into_iter().flat_map(told).collect()
}

#[test]
fn every_language_has_the_same_templates_and_no_others() {
    for language in LANGUAGES {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/scenarios").join(language);
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, TEMPLATES, "{language}");
    }
}

/// The bits of all that a run tells.
fn bits(told: &[Figures]) -> Vec<(String, String, Vec<u64>)> {
    let of = |figures: &Figures| {
        let bits = figures.trials.iter().map(|value| value.to_bits()).collect();
        (figures.name.clone(), figures.unit.clone(), bits)
    };
    told.iter().map(of).collect()
}

#[test]
fn a_template_comes_out_the_same_bit_for_bit_in_every_language_and_every_option() {
    let run = Run { trials: 2_000, ..Run::default() };
    for name in TEMPLATES {
        let [english, german] = LANGUAGES.map(|language| Model::read(&text(language, name)).unwrap());
        let questions = |model: &Model| -> Vec<_> {
            let asked = model.questions().into_iter();
            asked.map(|asked| (asked.name, asked.unit, asked.answer, asked.least, asked.most)).collect()
        };
        assert_eq!(questions(&english), questions(&german), "{name}");
        let compared = [&english, &german].map(|model| compare(model, 0, &run, &Watch::default()).unwrap());
        let told = compared
            .each_ref()
            .map(|told| told.options.iter().map(|option| bits(&option.figures)).collect::<Vec<_>>());
        assert!(!told[0].is_empty(), "{name}");
        assert!(told[0] == told[1], "{name} comes out otherwise in German");
    }
}

#[test]
fn a_german_template_has_german_titles_questions_options_and_remarks() {
    for name in TEMPLATES {
        let [english, german] = LANGUAGES.map(|language| text(language, name));
        let remarks =
            |text: &str| text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect();
        let pairs: [Vec<String>; 2] = [remarks(&english), remarks(&german)];
        assert_eq!(pairs[0].len(), pairs[1].len(), "{name}");
        assert!(pairs[0].iter().zip(&pairs[1]).all(|(english, german)| english != german), "{name}");
        let [english, german] = [english, german].map(|text| Model::read(&text).unwrap());
        assert_ne!(english.title(), german.title());
        for (english, german) in english.questions().iter().zip(german.questions()) {
            assert_ne!(english.question, german.question, "{name}, {}", english.name);
            let origins = (english.origin.as_ref().unwrap(), german.origin.as_ref().unwrap());
            assert_eq!(origins.0.kind, origins.1.kind);
            assert_ne!(origins.0.of, origins.1.of);
        }
        for (english, german) in english.decisions().iter().zip(german.decisions()) {
            assert_eq!((&english.name, english.options.len()), (&german.name, german.options.len()));
            for (english, german) in english.options.iter().zip(&german.options) {
                // An amount is called what it is, in any language.
                let is_amount = english.starts_with(|first: char| first.is_ascii_digit());
                assert!(is_amount == (english == german), "{name}: {english}, {german}");
            }
        }
    }
}

#[test]
fn every_template_asks_at_most_twelve_questions_each_with_its_source_and_bounds() {
    for (name, text) in all() {
        let model = Model::read(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
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
    for (name, text) in all() {
        let model = Model::read(&text).unwrap();
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
    for (name, text) in all() {
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
