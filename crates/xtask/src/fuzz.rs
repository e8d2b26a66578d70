//! The fuzz targets of `tests/fuzz`, each for a bounded number of runs: part of `cargo xtask test --long`.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::step::step;
use crate::{place, program};

/// cargo-fuzz, built once at this version into the tools' cache.
const CARGO_FUZZ_VERSION: &str = "0.13.1";
const FOLDER: &str = "--fuzz-dir=tests/fuzz";
/// Runs of each target, and the seconds after which it ends however many it made.
const RUNS: &str = "-runs=200000";
const SECONDS: &str = "-max_total_time=120";
/// Memory that one input may take, in MiB; more is a finding.
const MEMORY: &str = "-rss_limit_mb=2048";

/// Builds all targets and runs each, from its seeds.
///
/// # Errors
/// When a target does not build, or an input is found that a parser cannot take; libFuzzer says where it left it.
pub(crate) fn run(root: &Path) -> Result<()> {
    let fuzz = step("cargo-fuzz", || program::tool("cargo-fuzz", CARGO_FUZZ_VERSION))?;
    step("fuzz targets: build", || {
        program::succeed(cargo_fuzz(&fuzz, root).args(["build", FOLDER, "-s", "none"]))
    })?;
    for target in targets(root)? {
        step(&format!("fuzz {target}: {RUNS} {SECONDS}"), || {
            let corpus = place::target(root).join("fuzz-corpus").join(&target);
            std::fs::create_dir_all(&corpus)?;
            let seeds = root.join("tests/fuzz/seeds").join(&target);
            let mut run = cargo_fuzz(&fuzz, root);
            // What it finds interesting goes to the first folder; the seeds stay as they are.
            run.args(["run", FOLDER, "-s", "none", &target]).arg(corpus).arg(seeds);
            run.args(["--", RUNS, SECONDS, MEMORY, "-timeout=20", "-verbosity=0"]);
            program::succeed(&mut run)
        })?;
    }
    Ok(())
}

/// A file in `tests/fuzz/targets` is a target.
fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("tests/fuzz/targets");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn cargo_fuzz(program: &Path, root: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .stdin(Stdio::null())
        // The coverage that libFuzzer steers by is an unstable flag of the stable compiler.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", place::target(root).join("fuzz"));
    command
}
