//! The reference of the language of models: every example in it runs, and comes out as it says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

use std::path::Path;

use millwright_methods::scenario::{Figures, Model, Run, Watch};

/// An example: what stands behind «model» on its fence, the line after that, and its text.
struct Example {
    mark: String,
    line: usize,
    text: String,
}

fn examples() -> Vec<Example> {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/model-language.md"))
            .unwrap();
    let mut examples: Vec<Example> = vec![];
    let mut open: Option<Example> = None;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(mark)) => {
                let mark =
                    mark.strip_prefix("model").unwrap_or_else(|| panic!("line {}: not a model", number + 1));
                open = Some(Example { mark: mark.trim().to_owned(), line: number + 2, text: String::new() });
            }
            (Some(_), Some(_)) => examples.extend(open.take()),
            (Some(example), None) => example.text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    assert!(examples.len() > 12 && open.is_none(), "only {} examples", examples.len());
    examples
}

fn run(text: &str) -> Result<Vec<Figures>, String> {
    let model = Model::read(text).map_err(|fault| fault.to_string())?;
    model.run(&Run { trials: 2_000, ..Run::default() }, &Watch::default()).map_err(|fault| fault.to_string())
}

#[test]
fn every_example_runs_and_comes_out_as_it_says() {
    for Example { mark, line, text } in examples() {
        let outcome = run(&text);
        if let Some(wanted) = mark.strip_prefix("fails ") {
            assert_eq!(outcome.err().as_deref(), Some(wanted), "the example of line {line}");
            continue;
        }
        let figures = outcome.unwrap_or_else(|fault| panic!("the example of line {line}: {fault}"));
        for told in text.lines().filter(|told| told.contains("# gives ")) {
            let name = told.split_whitespace().nth(1).unwrap();
            let wanted: f64 = told.rsplit("# gives ").next().unwrap().trim().parse().unwrap();
            let found = figures.iter().find(|figures| figures.name == name).unwrap();
            let off = (found.mean - wanted).abs() / wanted.abs().max(1.0);
            assert!(
                off < 1e-6 && found.deviation < 1e-9,
                "line {line}: {name} is {}, not {wanted}",
                found.mean
            );
        }
    }
}
