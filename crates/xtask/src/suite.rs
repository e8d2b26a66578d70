//! The tests as suites: one build makes all their programs, each suite runs those of its folders and counts.
//!
//! Cargo unites the features of the packages that it is told: a `cargo test` for each suite would build the libraries
//! below again and again, each time with other features. So all are built at once, and run from here as cargo would.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::program;
use crate::step::say;

/// Test programs that belong together.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    /// Of these packages, by their folder.
    folders: &'static [&'static str],
    /// These programs alone; all of the folders where none is named.
    programs: &'static [&'static str],
    /// Whether one test runs at a time: they share a screen.
    one_at_a_time: bool,
}

impl Suite {
    const fn of(name: &'static str, folders: &'static [&'static str]) -> Self {
        Self { name, folders, programs: &[], one_at_a_time: false }
    }

    fn takes(&self, program: &TestProgram) -> bool {
        self.folders.iter().any(|folder| program.folder.ends_with(folder))
            && (self.programs.is_empty() || self.programs.contains(&program.name.as_str()))
    }
}

/// Where what is tested across rooms lies.
const ACROSS_ROOMS: &[&str] = &["tests"];

/// The suites, in the order in which they run.
pub(crate) const SUITES: &[Suite] = &[
    Suite::of(
        "words and rules",
        &[
            "crates/model",
            "crates/methods",
            "crates/team",
            "crates/ledger-pg",
            "crates/charts",
            "crates/xtask",
        ],
    ),
    Suite::of("store", &["local-db"]),
    Suite::of("plant", &["crates/plant"]),
    Suite::of("ERP", &["crates/cause", "crates/erp", "crates/mail"]),
    Suite::of(
        "files and pictures",
        &[
            "crates/paper",
            "crates/manual",
            "crates/sheet",
            "crates/slides",
            "crates/vision",
            "crates/documents",
            "crates/scene",
            "crates/sight-runs",
        ],
    ),
    Suite::of("engine", &["crates/engine", "crates/listen", "crates/http", "crates/ctl"]),
    Suite::of("screens", &["ui", "ui/stage3d", "crates/step-scene"]),
    Suite::of("demo plant", &["crates/demo"]),
    Suite {
        programs: &["millwright_tests", "house", "offline"],
        ..Suite::of("house and offline", ACROSS_ROOMS)
    },
    Suite { programs: &["window"], one_at_a_time: true, ..Suite::of("the real window", ACROSS_ROOMS) },
];

/// What the long checks run beside: the command line for Windows.
pub(crate) const WINDOWS: Suite = Suite {
    programs: &["windows"],
    one_at_a_time: true,
    ..Suite::of("the command line for Windows, under wine", ACROSS_ROOMS)
};

/// A test program that cargo built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestProgram {
    /// The package's folder: where its tests run.
    folder: PathBuf,
    /// The target's name.
    name: String,
    file: PathBuf,
}

/// Builds every program and every test of the workspace at once, and answers the tests.
///
/// # Errors
/// When something does not compile, or a test program belongs to no suite.
pub(crate) fn build(root: &Path, features: &str) -> Result<Vec<TestProgram>> {
    let mut cargo = program::cargo(root);
    cargo.args(["build", "-q", "--workspace", "--lib", "--bins", "--tests", "--features", features]);
    let built = program::output(cargo.arg("--message-format=json-render-diagnostics"))?;
    let programs: Vec<TestProgram> = built.lines().filter_map(test_program).collect();
    for program in &programs {
        let is_run = SUITES.iter().chain([&WINDOWS]).any(|suite| suite.takes(program));
        ensure!(is_run, "no suite runs the tests «{}» of {}", program.name, program.folder.display());
    }
    Ok(programs)
}

/// What a message of cargo says of a test program: `None` where it is about something else.
fn test_program(message: &str) -> Option<TestProgram> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_test = message.get("profile")?.get("test")?.as_bool()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let program = TestProgram {
        folder: PathBuf::from(text(message.get("manifest_path")?)?).parent()?.to_path_buf(),
        name: text(message.get("target")?.get("name")?)?,
        file: PathBuf::from(text(message.get("executable")?)?),
    };
    is_test.then_some(program)
}

/// What came of tests.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Counts {
    /// Adds another suite's counts.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// Above this a test program's time is said.
const SLOW_S: f64 = 20.0;

/// Runs a suite's programs, one after the other, all of them also when one fails; `set` is added to their surroundings.
///
/// # Errors
/// When a test fails, a program ends badly, or none was executed.
pub(crate) fn run(suite: &Suite, programs: &[TestProgram], set: &[(&str, &Path)]) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut red = BTreeSet::new();
    for program in programs.iter().filter(|program| suite.takes(program)) {
        let started = Instant::now();
        let mut test = Command::new(&program.file);
        test.current_dir(&program.folder)
            .env("CARGO_MANIFEST_DIR", &program.folder)
            .env("RUST_BACKTRACE", "0")
            .envs(set.iter().copied());
        if suite.one_at_a_time {
            test.arg("--test-threads=1");
        }
        let (of_program, is_green) = one(&mut test)?;
        counts.add(of_program);
        if !is_green {
            red.insert(program.name.as_str());
        }
        let took_s = started.elapsed().as_secs_f64();
        if took_s > SLOW_S {
            say(&format!("  {}: {took_s:.0} s", program.name));
        }
    }
    if !red.is_empty() {
        let names = red.into_iter().collect::<Vec<_>>().join(", ");
        bail!("{} failed, {} passed; red: {names}", counts.failed, counts.passed);
    }
    ensure!(counts.passed > 0, "no test was executed");
    Ok(counts)
}

/// Runs one test program and counts: its counts, and whether it ended well.
fn one(command: &mut Command) -> Result<(Counts, bool)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("a test program has no output")?;
    let mut counts = Counts::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some(found) = counts_of(&line) {
            counts.add(found);
        }
        if shown(&line) {
            say(&line);
        }
    }
    Ok((counts, child.wait()?.success()))
}

/// Empty binaries and single passes are noise in a log that is read when something is red.
fn shown(line: &str) -> bool {
    !(line.is_empty()
        || line.starts_with("running ")
        || line.ends_with(" ... ok")
        || line.starts_with("test result: ok"))
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
fn counts_of(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    let number_before = |word: &str| -> Option<u64> {
        let end = rest.find(word)?;
        rest.get(..end)?.trim_end().rsplit([' ', '.']).next()?.parse().ok()
    };
    Some(Counts {
        passed: number_before("passed")?,
        failed: number_before("failed")?,
        ignored: number_before("ignored")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_of_a_test_binary_is_counted() {
        let line =
            "test result: ok. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(counts_of(line), Some(Counts { passed: 12, failed: 3, ignored: 1 }));
        assert_eq!(counts_of("running 12 tests"), None);
    }

    #[test]
    fn a_message_about_a_test_program_is_told_from_one_about_a_library() {
        let message = |is_test: bool, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/plant/crates/team/Cargo.toml",
                "target":{{"name":"seal"}},"profile":{{"test":{is_test}}},"executable":{executable}}}"#
            )
            .replace('\n', "")
        };
        let seal = TestProgram {
            folder: "/plant/crates/team".into(),
            name: "seal".into(),
            file: "/built/seal-1".into(),
        };
        assert_eq!(test_program(&message(true, r#""/built/seal-1""#)), Some(seal));
        assert_eq!(test_program(&message(false, r#""/built/seal-1""#)), None);
        assert_eq!(test_program(&message(true, "null")), None);
        assert_eq!(test_program(r#"{"reason":"build-finished","success":true}"#), None);
    }

    #[test]
    fn a_test_program_of_the_window_is_in_its_suite_alone() {
        let window =
            TestProgram { folder: "/plant/tests".into(), name: "window".into(), file: PathBuf::new() };
        let names: Vec<&str> =
            SUITES.iter().filter(|suite| suite.takes(&window)).map(|suite| suite.name).collect();
        assert_eq!(names, ["the real window"]);
    }
}
