//! `cargo xtask audit`: known weaknesses of the libraries, where the advisory database can be reached.

use anyhow::Result;

use crate::{checks, place, program};

/// Asks cargo-deny for advisories.
///
/// # Errors
/// When there are any, or the database cannot be reached.
pub(crate) fn run() -> Result<()> {
    let root = place::root()?;
    let deny = checks::cargo_deny()?;
    program::succeed(std::process::Command::new(deny).current_dir(&root).args(["check", "advisories"]))
}
