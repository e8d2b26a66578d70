//! A step of a task: says what it does and how long it took.

use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result};

/// Says a line on standard error; a closed pipe is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut stderr = std::io::stderr();
    if writeln!(stderr, "{line}").is_err() {
        // Nobody listens.
    }
}

/// Runs one step and says its time.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let outcome = work().with_context(|| name.to_owned());
    let mark = if outcome.is_ok() { "done" } else { "FAILED" };
    say(&format!("{name}: {mark} in {:.1} s", started.elapsed().as_secs_f64()));
    outcome
}
