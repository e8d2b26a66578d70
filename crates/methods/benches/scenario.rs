//! Trials of a scenario, beside numpy in the same run: the OEE scenario, a slider on forty figures.
//!
//! `cargo bench -p millwright-methods --bench scenario`; `-- ours` runs the OEE scenario and the slider without their peers,
//! often, and tells what one thread's processor worked.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and fails where it cannot measure"
)]

#[path = "peers/mod.rs"]
mod peers;
#[path = "worked/mod.rs"]
mod worked;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use millwright_methods::scenario::{Model, Run, Session, Watch};
use worked::Worked;

const OEE: &str = "\
availability = 1 - 0.1 * weibull(1.5, 1)
performance = triangular(0.75, 0.9, 1)
quality = beta(50, 2)
cycle = normal(30 s, 2 s)
result output = availability * performance * quality * 28800 s / cycle
";

const TRIALS: usize = 1_000_000;
const ROUNDS: usize = 7;

fn quickest_ms(mut run: impl FnMut()) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64() * 1_000.0
        })
        .fold(f64::INFINITY, f64::min)
}

fn oee() {
    let model = Model::read(OEE).unwrap();
    let mut told = vec![];
    for threads in [1, 2] {
        let run = Run { trials: TRIALS, threads, ..Run::default() };
        let ms = quickest_ms(|| told = model.run(&run, &Watch::default()).unwrap());
        println!(
            "OEE, {TRIALS} trials | ours, {threads} threads | {ms:8.2} ms | {:7.1} M trials/s",
            TRIALS as f64 / ms / 1e3
        );
        let Some(python) = peers::python() else {
            println!("SKIPPED: no Python with numpy");
            continue;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/oee.py");
        let output = Command::new(python).arg(script).arg(TRIALS.to_string()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let figures: Vec<f64> = said.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
        println!(
            "OEE, {TRIALS} trials | numpy          | {:8.2} ms | {:7.1} M trials/s | {:.1}×",
            figures[0],
            TRIALS as f64 / figures[0] / 1e3,
            figures[0] / ms
        );
        let [_, low, _, median, _, high, _] = told[0].percentiles[..] else { unreachable!() };
        println!(
            "    P5 {low:.2} {:.2}, P50 {median:.2} {:.2}, P95 {high:.2} {:.2}",
            figures[1], figures[2], figures[3]
        );
    }
}

/// Each distribution, and the same in scipy's words.
const SAMPLERS: &[(&str, &str)] = &[
    ("uniform(2, 5)", "uniform(2, 3)"),
    ("triangular(1, 2, 5)", "triang(0.25, 1, 4)"),
    ("pert(10, 12, 20)", "beta(1.8, 4.2, 10, 10)"),
    ("normal(10, 3)", "norm(10, 3)"),
    ("2 to 10", "lognorm(0.48923, 0, numpy.exp(1.49787))"),
    ("beta(2, 7)", "beta(2, 7)"),
    ("beta(0.5, 0.5)", "beta(0.5, 0.5)"),
    ("gamma(3, 2)", "gamma(3, 0, 2)"),
    ("weibull(1.5, 40)", "weibull_min(1.5, 0, 40)"),
    ("exponential(4)", "expon(0, 4)"),
    ("poisson(3)", "poisson(3)"),
    ("discrete(1: 80 %, 5: 20 %)", "rv_discrete(values=([1, 5], [0.8, 0.2]))"),
];

/// A million draws of each distribution, held against scipy's: the distance of Kolmogorov and Smirnov; one sample in a
/// hundred lies beyond 0.00163. Of counted ones, the distance at each count.
const SCIPY: &str = r#"
import sys, numpy
from scipy.stats import *
draws = numpy.fromfile(sys.argv[1])
of = eval(sys.argv[2])
values, counts = numpy.unique(draws, return_counts=True)
if len(values) < 1000:
    print(numpy.max(numpy.abs(numpy.cumsum(counts) / len(draws) - of.cdf(values))))
else:
    print(kstest(draws, of.cdf).statistic)
"#;

fn samplers() {
    let Some(python) = peers::python() else {
        println!("SKIPPED: no Python with scipy");
        return;
    };
    let file = std::env::temp_dir().join(format!("millwright-draws-{}", std::process::id()));
    for (ours, theirs) in SAMPLERS {
        let model = Model::read(&format!("result x = {ours}")).unwrap();
        let run = Run { trials: TRIALS, seed: 5, threads: 2, ..Run::default() };
        let trials = model.run(&run, &Watch::default()).unwrap().remove(0).trials;
        let bytes: Vec<u8> = trials.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(&file, bytes).unwrap();
        let output = Command::new(&python).args(["-c", SCIPY]).arg(&file).arg(theirs).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let distance: f64 = said.trim().parse().unwrap_or(f64::NAN);
        println!("{TRIALS} draws of {ours:28} | scipy {theirs:40} | K–S {distance:.5}");
        assert!(distance < 0.001_63, "{ours} is not scipy's {theirs}");
    }
    std::fs::remove_file(&file).unwrap();
}

/// Forty figures, of which one is moved.
fn forty(moved: f64) -> String {
    let mut text = format!("moved = {moved}\n");
    for figure in 0..13 {
        text.push_str(&format!(
            "a{figure} = normal(100, 10)\nb{figure} = 2 to 10\nc{figure} = a{figure} * b{figure} + moved\n"
        ));
    }
    let sum: Vec<String> = (0..13).map(|figure| format!("c{figure}")).collect();
    text.push_str(&format!("result all = {}\n", sum.join(" + ")));
    text
}

fn slider() {
    for trials in [100_000, TRIALS] {
        let mut at = 0.0;
        let mut session = Session::new();
        let run = Run { trials, threads: 2, ..Run::default() };
        let first_ms = {
            let started = Instant::now();
            session.run(&Model::read(&forty(at)).unwrap(), &run, &Watch::default()).unwrap();
            started.elapsed().as_secs_f64() * 1_000.0
        };
        let ms = quickest_ms(|| {
            at += 1.0;
            let model = Model::read(&forty(at)).unwrap();
            session.run(&model, &run, &Watch::default()).unwrap();
        });
        println!(
            "slider, 40 figures, {trials} trials, 2 threads | {ms:8.2} ms (the first picture {first_ms:.2} ms)"
        );
    }
}

/// Rounds where nothing is run beside.
const OFTEN: usize = 60;

fn ours() {
    let model = Model::read(OEE).unwrap();
    for threads in [1, 2] {
        let run = Run { trials: TRIALS, threads, ..Run::default() };
        let (mut clock_ms, mut worked_ms) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..OFTEN {
            let (started, worked) = (Instant::now(), Worked::begin());
            model.run(&run, &Watch::default()).unwrap();
            worked_ms = worked_ms.min(worked.end_s() * 1e3);
            clock_ms = clock_ms.min(started.elapsed().as_secs_f64() * 1e3);
        }
        println!(
            "OEE, {TRIALS} trials, {threads} threads | {clock_ms:.2} ms by the clock, {worked_ms:.2} ms of the first one's processor"
        );
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "ours") {
        ours();
        slider();
        return;
    }
    oee();
    slider();
    samplers();
}
