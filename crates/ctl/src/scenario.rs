//! Models of scenarios at a terminal: run, compared, what a result hangs on, formatted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use millwright_methods::scenario::{
    Answer, Change, Comparison, Figures, Influence, Model, PERCENTILES, Question, Run, RunFault, Spread,
    Watch, changes, compare, format, influences,
};
use millwright_model::ApiError;
use serde::Serialize;

use crate::guide::read;
use crate::output::{answer, write_line};
use crate::run::invalid;

#[derive(Debug, Subcommand)]
pub(crate) enum ScenarioAct {
    /// Run a model's trials, and say what its results come out as.
    Run {
        #[command(flatten)]
        words: RunWords,
    },
    /// Say what a result hangs on: each figure that comes by chance, the strongest first.
    Sensitivity {
        #[command(flatten)]
        words: RunWords,
        /// The result, by its name; the first where none is given.
        #[arg(long)]
        result: Option<String>,
    },
    /// Compare all options of all decisions under the same chances.
    Compare {
        #[command(flatten)]
        words: RunWords,
        /// The result by which they are compared; the first where none is given.
        #[arg(long)]
        result: Option<String>,
    },
    /// Print what a model asks people, and what is answered so far.
    Questions {
        /// The model.
        model: PathBuf,
    },
    /// Say what changed from one model to another, and how far each change moved a result.
    Changes {
        /// The model as it was.
        before: PathBuf,
        #[command(flatten)]
        words: RunWords,
        /// The result, by its name; the first of the newer model where none is given.
        #[arg(long)]
        result: Option<String>,
    },
    /// Print a model with each statement written in one way.
    Format {
        /// The model; docs/model-language.md says how one is written.
        model: PathBuf,
    },
}

/// How a model is run.
#[derive(Debug, Args)]
pub(crate) struct RunWords {
    /// The model; docs/model-language.md says how one is written.
    model: PathBuf,
    /// How many trials.
    #[arg(long, default_value_t = 10_000)]
    trials: usize,
    /// What all chance follows from: the same seed gives the same figures, bit for bit, on every machine.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many threads; as many as the machine has where none is given. The figures are the same.
    #[arg(long)]
    threads: Option<usize>,
    /// Spread trials evenly (Sobol's sequence) instead of by chance: nearer the truth with fewer of them.
    #[arg(long)]
    even: bool,
    /// Which option of a decision: `--choose buffer=2` takes the second one; the first where none is chosen.
    #[arg(long = "choose", value_name = "DECISION=OPTION")]
    choices: Vec<String>,
}

/// What a run came out as.
#[derive(Debug, Serialize)]
struct RunAnswer {
    title: String,
    trials: usize,
    seed: u64,
    /// Which percentiles each result tells.
    percents: [f64; PERCENTILES.len()],
    results: Vec<Figures>,
}

pub(crate) fn act(json: bool, act: &ScenarioAct) -> Result<(), ApiError> {
    match act {
        ScenarioAct::Run { words } => {
            let (model, run) = prepare(words)?;
            let results = model.run(&run, &Watch::default()).map_err(told(&words.model))?;
            let title = model.title().to_owned();
            let told =
                RunAnswer { title, trials: run.trials, seed: run.seed, percents: PERCENTILES, results };
            answer(json, "scenario-run", &told, |told| run_lines(&told.results))
        }
        ScenarioAct::Sensitivity { words, result } => {
            let (model, run) = prepare(words)?;
            let place = result_place(&model, result.as_deref())?;
            let told = influences(&model, place, &run, &Watch::default()).map_err(told(&words.model))?;
            answer(json, "scenario-sensitivity", &told, |told| influence_lines(told))
        }
        ScenarioAct::Compare { words, result } => {
            let (model, run) = prepare(words)?;
            let place = result_place(&model, result.as_deref())?;
            let told = compare(&model, place, &run, &Watch::default()).map_err(told(&words.model))?;
            answer(json, "scenario-compare", &told, comparison_lines)
        }
        ScenarioAct::Questions { model: file } => {
            let model = read_model(file)?;
            answer(json, "scenario-questions", &model.questions(), |questions| question_lines(questions))
        }
        ScenarioAct::Changes { before, words, result } => {
            let (model, run) = prepare(words)?;
            let earlier = read_model(before)?;
            let names = model.result_names();
            let place = result_place(&model, result.as_deref())?;
            let name = names.get(place).cloned().unwrap_or_default();
            let told =
                changes(&earlier, &model, &name, &run, &Watch::default()).map_err(told(&words.model))?;
            answer(json, "scenario-changes", &told, |told| change_lines(told))
        }
        ScenarioAct::Format { model } => {
            let formatted = format(&text(model)?).map_err(|fault| invalid(in_file(model, &fault)))?;
            if json {
                return answer(json, "scenario-format", &formatted, |_| vec![]);
            }
            write_line(formatted.trim_end())
        }
    }
}

fn text(model: &Path) -> Result<String, ApiError> {
    String::from_utf8(read(model)?)
        .map_err(|_not_text| invalid(format!("{}: this is not text", model.display())))
}

fn in_file(model: &Path, fault: &impl std::fmt::Display) -> String {
    format!("{}: {fault}", model.display())
}

fn told(model: &Path) -> impl Fn(RunFault) -> ApiError + '_ {
    move |fault| invalid(in_file(model, &fault))
}

fn read_model(file: &Path) -> Result<Model, ApiError> {
    Model::read(&text(file)?).map_err(|fault| invalid(in_file(file, &fault)))
}

fn prepare(words: &RunWords) -> Result<(Model, Run), ApiError> {
    let model = read_model(&words.model)?;
    let mut choice = BTreeMap::new();
    for chosen in &words.choices {
        let wrong =
            || invalid(format!("«{chosen}»: a decision and the number of its option, as in «buffer=2»"));
        let (name, option) = chosen.split_once('=').ok_or_else(wrong)?;
        let option: usize = option.parse().map_err(|_not_a_number| wrong())?;
        let decision = model.decisions().into_iter().find(|decision| decision.name == name);
        let decision = decision.ok_or_else(|| invalid(format!("there is no decision «{name}»")))?;
        if !(1..=decision.options.len()).contains(&option) {
            return Err(invalid(format!("«{name}» has {} options", decision.options.len())));
        }
        choice.insert(name.to_owned(), option - 1);
    }
    let threads = words
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
        .clamp(1, 256);
    let spread = if words.even { Spread::Even } else { Spread::ByChance };
    Ok((model, Run { trials: words.trials, seed: words.seed, spread, threads, choice }))
}

/// The place of a result's first figure among all.
fn result_place(model: &Model, name: Option<&str>) -> Result<usize, ApiError> {
    let Some(name) = name else { return Ok(0) };
    let names = model.result_names();
    let place = names.iter().position(|other| other == name);
    place.ok_or_else(|| invalid(format!("there is no result «{name}»")))
}

fn labelled(name: &str, members: &[String]) -> String {
    if members.is_empty() { name.to_owned() } else { format!("{name}[{}]", members.join(", ")) }
}

fn run_lines(results: &[Figures]) -> Vec<String> {
    let line = |figures: &Figures| {
        let name = labelled(&figures.name, &figures.members);
        if figures.is_truth {
            return format!("{name}\tyes in {:.2} %", figures.mean * 100.0);
        }
        let [_, low, _, median, _, high, _] = figures.percentiles[..] else { return name };
        format!(
            "{name}\tmean {} ± {}\tP5 {}\tP50 {}\tP95 {}\t{}",
            figure(figures.mean),
            figure(figures.mean_error),
            figure(low),
            figure(median),
            figure(high),
            figures.unit
        )
    };
    results.iter().map(line).collect()
}

fn influence_lines(influences: &[Influence]) -> Vec<String> {
    let line = |influence: &Influence| {
        format!(
            "{}\t{} to {}\trank {:+.2}\tfirst {:.1} %\ttotal {:.1} %",
            labelled(&influence.name, &influence.members),
            figure(influence.at_low),
            figure(influence.at_high),
            influence.rank_correlation,
            influence.first_order * 100.0,
            influence.total * 100.0
        )
    };
    influences.iter().map(line).collect()
}

fn comparison_lines(comparison: &Comparison) -> Vec<String> {
    let mut lines: Vec<String> = comparison
        .options
        .iter()
        .enumerate()
        .map(|(place, option)| {
            let names: Vec<String> =
                option.options.iter().map(|(name, option)| format!("{name}: {option}")).collect();
            let mark = if place == comparison.best { "best\t" } else { "\t" };
            format!(
                "{mark}{}\tbetter than the first by {} ± {}\tbest in {:.1} %\tgreatest regret {}",
                names.join(", "),
                figure(option.better_by),
                figure(option.better_by_error),
                option.best_share * 100.0,
                figure(option.regret_most)
            )
        })
        .collect();
    lines.push(format!(
        "Knowing all chances first would be worth {}.",
        figure(comparison.perfect_information)
    ));
    lines
}

fn question_lines(questions: &[Question]) -> Vec<String> {
    let line = |question: &Question| {
        let answer = match &question.answer {
            Answer::Figure(value) => figure(*value),
            Answer::Between(low, high) => format!("{} to {}", figure(*low), figure(*high)),
            Answer::YesOrNo(is) => (if *is { "yes" } else { "no" }).to_owned(),
            Answer::Unknown => "?".to_owned(),
            Answer::Other(text) => text.clone(),
        };
        format!("{}\t{}\t{answer} {}", question.name, question.question, question.unit)
    };
    questions.iter().map(line).collect()
}

fn change_lines(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        format!("{:+.4e}\t{}\t→ {}", change.moved, part(&change.before), part(&change.after))
    };
    changes.iter().map(line).collect()
}

/// Four digits that count.
fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let before = value.abs().log10().floor() as i32;
    let decimals = (3 - before).clamp(0, 12) as usize;
    format!("{value:.decimals$}")
}
