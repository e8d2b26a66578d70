//! How long the parts of `cargo xtask test` may take, and how long they took.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::step::{say, step};

/// The ceilings, in minutes, by the name of the part.
const CEILINGS: &str = include_str!("../../../tests/budget.toml");
/// All of them together stay below this, with five minutes to spare of an hour.
const ALL_MINUTES_MAX: f64 = 55.0;

/// The ceilings, and what was spent so far.
pub(crate) struct Budget {
    ceilings: BTreeMap<String, f64>,
    spent: Vec<(String, f64)>,
}

impl Budget {
    /// Reads the ceilings.
    ///
    /// # Errors
    /// When the file cannot be read, or the ceilings together are too high.
    pub(crate) fn read() -> Result<Self> {
        let ceilings: BTreeMap<String, f64> = toml::from_str(CEILINGS).context("tests/budget.toml")?;
        let all: f64 = ceilings.values().sum();
        ensure!(
            all <= ALL_MINUTES_MAX,
            "tests/budget.toml allows {all} minutes in all; the most is {ALL_MINUTES_MAX}: move something to --long"
        );
        Ok(Self { ceilings, spent: Vec::new() })
    }

    /// Whether a part has a ceiling.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.ceilings.contains_key(name)
    }

    /// Runs a part and notes its time.
    ///
    /// # Errors
    /// When the part has no ceiling, or fails.
    pub(crate) fn part<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        ensure!(self.knows(name), "«{name}» has no ceiling in tests/budget.toml");
        let started = Instant::now();
        let outcome = step(name, work);
        self.spent.push((name.to_owned(), started.elapsed().as_secs_f64() / 60.0));
        outcome
    }

    /// Says what was spent. A part above its ceiling is named, not failed: other work may share the machine.
    pub(crate) fn say(&self) {
        for (name, minutes) in &self.spent {
            let ceiling = self.ceilings.get(name).copied().unwrap_or_default();
            let mark = if *minutes > ceiling { " ABOVE ITS CEILING" } else { "" };
            say(&format!("{minutes:5.1} of {ceiling:4.1} min  {name}{mark}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceilings_together_stay_below_an_hour() {
        assert!(Budget::read().is_ok());
    }

    #[test]
    fn a_part_without_a_ceiling_is_refused_before_it_runs() {
        let mut budget = Budget::read().unwrap();
        let refused =
            budget.part("something new", || -> Result<()> { panic!("it must not run") }).unwrap_err();
        assert!(refused.to_string().contains("no ceiling"), "{refused}");
    }
}
