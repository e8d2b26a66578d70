//! `cargo xtask simulate [FROM..TO]`: many devices on a bad network, seed by seed.

use anyhow::{Result, bail};

use crate::{place, program};

/// The seeds where none are named.
const ALL: &str = "0..1000000";

/// Runs the seeds; a failing one is named with the command that repeats it.
///
/// # Errors
/// When the seeds are no range, or one of them fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seeds = match arguments {
        [] => ALL,
        [seeds] if is_range(seeds) => seeds,
        _ => bail!("usage: cargo xtask simulate [FROM..TO]"),
    };
    let mut test = program::cargo(&place::root()?);
    test.args(["test", "-q", "-p", "millwright-engine", "--test", "simulation"]);
    program::succeed(test.env("MILLWRIGHT_SIMULATE", seeds))
}

fn is_range(seeds: &str) -> bool {
    seeds.split_once("..").is_some_and(
        |(from, to)| matches!((from.parse::<u64>(), to.parse::<u64>()), (Ok(from), Ok(to)) if from < to),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn seeds_are_a_range_that_goes_up() {
        assert!(super::is_range("7..8"));
        assert!(!super::is_range("8..8") && !super::is_range("8") && !super::is_range("a..b"));
    }
}
