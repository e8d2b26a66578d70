//! One `cargo test` call: its output is shown as it comes, its counts are kept.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::step::say;

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

/// Runs `cargo test` and counts; nothing executed is an error, as is a failure.
pub(crate) fn run(command: &mut Command) -> Result<Counts> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("cargo test has no output")?;
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
    let status = child.wait()?;
    ensure!(status.success(), "{} failed, {} passed ({status})", counts.failed, counts.passed);
    ensure!(counts.passed > 0, "no test was executed");
    Ok(counts)
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
}
