//! `cargo xtask simulate [FROM..TO]`: many devices on a bad network, seed by seed.

use anyhow::{Result, bail};

use crate::{place, program};

/// The seeds where none are named.
const ALL: &str = "0..1000000";
/// From so many seeds on it is worth the wait for a build that runs them several times as fast.
const OPTIMISED_FROM: u64 = 2_000;

/// Runs the seeds; a failing one is named with the command that repeats it.
///
/// # Errors
/// When the seeds are no range, or one of them fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seeds = match arguments {
        [] => ALL,
        [seeds] if count_of(seeds).is_some() => seeds,
        _ => bail!("usage: cargo xtask simulate [FROM..TO]"),
    };
    let mut test = program::cargo(&place::root()?);
    test.args(["test", "-q", "-p", "millwright-engine", "--test", "simulation"]);
    if count_of(seeds).is_some_and(|count| count >= OPTIMISED_FROM) {
        test.arg("--release");
    }
    program::succeed(test.env("MILLWRIGHT_SIMULATE", seeds))
}

/// How many seeds a range has, where it is one.
fn count_of(seeds: &str) -> Option<u64> {
    let (from, to) = seeds.split_once("..")?;
    let (from, to) = (from.parse::<u64>().ok()?, to.parse::<u64>().ok()?);
    to.checked_sub(from).filter(|count| *count > 0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn seeds_are_a_range_that_goes_up() {
        assert_eq!(super::count_of("7..9"), Some(2));
        for none in ["8..8", "9..8", "8", "a..b"] {
            assert_eq!(super::count_of(none), None, "{none}");
        }
    }
}
