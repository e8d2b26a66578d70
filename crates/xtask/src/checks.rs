//! `cargo xtask test`: all the checks, each with its time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::budget::Budget;
use crate::cross::{self, WASM};
use crate::step::{say, step};
use crate::suite::{self, Counts};
use crate::{bundle, fuzz, place, program, run, setup};

/// cargo-deny, built once at this version into the tools' cache.
const CARGO_DENY_VERSION: &str = "0.20.2";
/// Less free space than this and a build may fill the disk.
const FREE_MIN_GIB: u64 = 15;

/// The test suites: a name, and what `cargo test` is told.
const SUITES: &[(&str, &[&str])] = &[
    (
        "words and rules",
        &[
            "-p",
            "millwright-model",
            "-p",
            "millwright-team",
            "-p",
            "millwright-ledger-pg",
            "-p",
            "millwright-charts",
            "-p",
            "xtask",
        ],
    ),
    ("store", &["-p", "millwright-local-db"]),
    ("plant", &["-p", "millwright-plant"]),
    ("ERP", &["-p", "millwright-cause", "-p", "millwright-erp", "-p", "millwright-mail"]),
    (
        "files and pictures",
        &[
            "-p",
            "millwright-paper",
            "-p",
            "millwright-manual",
            "-p",
            "millwright-sheet",
            "-p",
            "millwright-vision",
            "-p",
            "millwright-documents",
            "-p",
            "millwright-scene",
            "-p",
            "millwright-sight-runs",
        ],
    ),
    // With the clock of tests: the command line that these tests build anew is the one that the window's tests run.
    (
        "engine",
        &["-p", "millwright-engine", "-p", "millwright-ctl", "--features", "millwright-ctl/test-clock"],
    ),
    ("screens", &["-p", "millwright-ui", "-p", "millwright-stage3d", "-p", "millwright-step-scene"]),
    ("demo plant", &["-p", "millwright-demo"]),
    ("house and offline", &["-p", "millwright-tests", "--test", "house", "--test", "offline"]),
];

/// Sets up and runs everything.
///
/// # Errors
/// When any check fails; the failing part is named.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let long = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--long"] => true,
        ["--windows"] => return windows(),
        _ => bail!("usage: cargo xtask test [--long | --windows]"),
    };
    let started = Instant::now();
    let root = place::root()?;
    step("free space", || enough_space(&root))?;
    let mut budget = Budget::read()?;
    budget.part("set-up", setup::run)?;
    std::fs::create_dir_all(root.join("ui/dist"))?;
    budget
        .part("formatting", || program::succeed(program::cargo(&root).args(["fmt", "--all", "--check"])))?;
    budget.part("licences, bans and sources", || deny(&root))?;
    budget.part("clippy, this machine", || clippy(&root))?;
    budget.part("clippy, wasm32", || clippy_wasm(&root))?;
    budget.part("programs for the tests", || run::build(&root, run::TEST_FEATURES).map(|_target| ()))?;
    let mut counts = Counts::default();
    for (name, packages) in SUITES {
        let of_suite = budget.part(&format!("tests: {name}"), || {
            let mut test = program::cargo(&root);
            test.args(["test", "-q"]).args(*packages).env("RUST_BACKTRACE", "0");
            if long {
                test.env("MILLWRIGHT_LONG", "1");
            }
            suite::run(&mut test)
        })?;
        counts.add(of_suite);
    }
    let window = budget.part("tests: the real window", || {
        let mut test = program::cargo(&root);
        test.args(["test", "-q", "-p", "millwright-tests", "--test", "window", "--", "--test-threads=1"]);
        suite::run(test.env("RUST_BACKTRACE", "0"))
    })?;
    counts.add(window);
    if long {
        counts.add(under_wine(&root)?);
        fuzz::run(&root)?;
    }
    budget.say();
    say(&format!("all checks in {:.0} s", started.elapsed().as_secs_f64()));
    say(&format!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.ignored));
    Ok(())
}

/// The command line for Windows, built here and run under wine.
/// The part of the long checks that is about Windows, alone.
fn windows() -> Result<()> {
    let counts = under_wine(&place::root()?)?;
    say(&format!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.ignored));
    Ok(())
}

fn under_wine(root: &Path) -> Result<Counts> {
    setup::for_windows()?;
    setup::for_wine()?;
    let release =
        step("the command line for Windows", || bundle::windows_programs(root, &["-p", "millwright-ctl"]))?;
    step("tests: the command line for Windows, under wine", || {
        let mut test = program::cargo(root);
        test.args(["test", "-q", "-p", "millwright-tests", "--test", "windows", "--", "--test-threads=1"]);
        suite::run(test.env("MILLWRIGHT_WINDOWS_CTL", release.join("millwrightctl.exe")))
    })
}

fn enough_space(root: &Path) -> Result<()> {
    let listing = program::output(Command::new("df").args(["--output=avail", "-B1G"]).arg(root))?;
    let free: u64 =
        listing.lines().nth(1).and_then(|line| line.trim().parse().ok()).context("df said nothing")?;
    if free < FREE_MIN_GIB {
        bail!("only {free} GiB are free under {}; building and testing want {FREE_MIN_GIB}", root.display());
    }
    Ok(())
}

/// cargo-deny's program, installed when it is missing.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    program::tool("cargo-deny", CARGO_DENY_VERSION)
}

fn deny(root: &Path) -> Result<()> {
    program::succeed(Command::new(cargo_deny()?).current_dir(root).args([
        "--log-level",
        "error",
        "check",
        "licenses",
        "bans",
        "sources",
    ]))
}

fn clippy(root: &Path) -> Result<()> {
    let mut clippy = program::cargo(root);
    clippy.args([
        "clippy",
        "-q",
        "--workspace",
        "--all-targets",
        "--features",
        run::TEST_FEATURES,
        "--",
        "-D",
        "warnings",
    ]);
    program::succeed(&mut clippy)
}

fn clippy_wasm(root: &Path) -> Result<()> {
    let mut clippy = cross::cargo(&WASM, root, "clippy")?;
    clippy.args([
        "-q",
        "-p",
        "millwright-model",
        "-p",
        "millwright-charts",
        "-p",
        "millwright-ui",
        "-p",
        "millwright-stage3d",
        "--profile",
        "wasm-dev",
        "--",
        "-D",
        "warnings",
    ]);
    program::succeed(&mut clippy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_has_a_ceiling() {
        let budget = Budget::read().unwrap();
        for (name, _) in SUITES {
            assert!(budget.knows(&format!("tests: {name}")), "«{name}» has none in tests/budget.toml");
        }
    }
}
