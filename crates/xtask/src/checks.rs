//! `cargo xtask test`: all the checks, each with its time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::budget::Budget;
use crate::cross::{self, WASM};
use crate::step::{say, step};
use crate::suite::{self, Counts, SUITES, Suite, TestProgram};
use crate::{bundle, fuzz, place, program, run, setup, ui};

/// cargo-deny, built once at this version into the tools' cache.
const CARGO_DENY_VERSION: &str = "0.20.2";
/// Less free space than this and a build may fill the disk.
const FREE_MIN_GIB: u64 = 15;

/// Sets up and runs everything.
///
/// # Errors
/// When any check fails; the failing part is named.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let long = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--long"] => true,
        ["--windows"] => return windows(),
        names if names.iter().all(|name| SUITES.iter().any(|suite| suite.name == *name)) => {
            return some(names);
        }
        _ => bail!("usage: cargo xtask test [--long | --windows | {}]", names_of_suites()),
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
    budget.part("the screens", || ui::run(&[]))?;
    let programs = budget.part("programs and tests", || suite::build(&root, run::TEST_FEATURES))?;
    let methods = methods_for_wasm(&root)?;
    let mut set = vec![("MILLWRIGHT_METHODS_WASM", methods.as_path())];
    if long {
        setup::for_office()?;
        set.push(("MILLWRIGHT_LONG", Path::new("1")));
    }
    let mut counts = match run_each(SUITES.iter(), &programs, &set, &mut budget) {
        Ok(counts) => counts,
        Err(red) => {
            budget.say();
            return Err(red);
        }
    };
    if long {
        counts.add(under_wine(&root, &programs)?);
        fuzz::run(&root)?;
    }
    budget.say();
    say(&format!("all checks in {:.0} s", started.elapsed().as_secs_f64()));
    say(&format!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.ignored));
    Ok(())
}

/// Runs suites one after the other, all of them also when one is red; then that is the error.
fn run_each<'s>(
    suites: impl Iterator<Item = &'s Suite>,
    programs: &[TestProgram],
    set: &[(&str, &Path)],
    budget: &mut Budget,
) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut red = Vec::new();
    for suite in suites {
        match budget.part(&part_of(suite), || suite::run(suite, programs, set)) {
            Ok(of_suite) => counts.add(of_suite),
            Err(error) => red.push(format!("{error:#}")),
        }
    }
    if !red.is_empty() {
        bail!("{}", red.join("\n"));
    }
    Ok(counts)
}

/// Some suites alone, on what is set up already: while one works on what they test.
fn some(names: &[&str]) -> Result<()> {
    let root = place::root()?;
    let mut budget = Budget::read()?;
    budget.part("the screens", || ui::run(&[]))?;
    let programs = budget.part("programs and tests", || suite::build(&root, run::TEST_FEATURES))?;
    let methods = methods_for_wasm(&root)?;
    let named = SUITES.iter().filter(|suite| names.contains(&suite.name));
    let counts = run_each(named, &programs, &[("MILLWRIGHT_METHODS_WASM", &methods)], &mut budget)?;
    say(&format!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.ignored));
    Ok(())
}

/// Builds the formulas for wasm32: their bits are held against those of this machine.
fn methods_for_wasm(root: &Path) -> Result<PathBuf> {
    step("formulas for wasm32", || {
        let mut build = cross::cargo(&WASM, root, "build")?;
        program::succeed(build.args(["-q", "-p", "millwright-bits", "--profile", "wasm-dev"]))?;
        Ok(place::target(root).join(WASM.triple).join("wasm-dev/millwright_bits.wasm"))
    })
}

fn names_of_suites() -> String {
    SUITES.iter().map(|suite| format!("\"{}\"", suite.name)).collect::<Vec<_>>().join(" | ")
}

/// The part of the long checks that is about Windows, alone.
fn windows() -> Result<()> {
    let root = place::root()?;
    let programs = suite::build(&root, run::TEST_FEATURES)?;
    let counts = under_wine(&root, &programs)?;
    say(&format!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.ignored));
    Ok(())
}

/// The command line for Windows, built here and run under wine.
fn under_wine(root: &Path, programs: &[TestProgram]) -> Result<Counts> {
    setup::for_windows()?;
    setup::for_wine()?;
    let release =
        step("the command line for Windows", || bundle::windows_programs(root, &["-p", "millwright-ctl"]))?;
    let ctl = release.join("millwrightctl.exe");
    step(&part_of(&suite::WINDOWS), || {
        suite::run(&suite::WINDOWS, programs, &[("MILLWRIGHT_WINDOWS_CTL", &ctl)])
    })
}

/// A suite as a part of the checks.
fn part_of(suite: &Suite) -> String {
    format!("tests: {}", suite.name)
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
        "millwright-methods",
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
        for suite in SUITES {
            assert!(budget.knows(&part_of(suite)), "«{}» has none in tests/budget.toml", suite.name);
        }
    }
}
