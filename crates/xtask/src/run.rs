//! `cargo xtask run`: set up, build, and start the app.

use std::process::Command;

use anyhow::Result;

use crate::step::{say, step};
use crate::{place, program, setup, ui};

/// Builds the app with everything in it and starts it; further arguments go to the app.
///
/// # Errors
/// When a step fails or the app ends badly.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    setup::for_building()?;
    let root = place::root()?;
    let target = build(&root, FEATURES)?;
    say("starting: on a new folder choose «Explore the demo plant»");
    program::succeed(Command::new(target.join("debug/millwright")).args(arguments).current_dir(&root))
}

/// What programs carry that end-to-end tests drive.
pub(crate) const TEST_FEATURES: &str =
    "millwright/custom-protocol,millwright/test-clock,millwright-ctl/test-clock,millwright-ctl/solver";

/// The features that everybody's programs are built with.
pub(crate) const FEATURES: &str = "millwright/custom-protocol";

/// The same with what is built of C++ here: not for Windows, where that was never built.
pub(crate) const FEATURES_HERE: &str = "millwright/custom-protocol,millwright-ctl/solver";

/// What cargo is told to build all programs.
pub(crate) fn all_programs(features: &str) -> [&str; 8] {
    ["-p", "millwright-demo", "-p", "millwright-ctl", "-p", "millwright", "--features", features]
}

/// Builds the screens, the demo plant, the command line and the app in debug; answers the target folder.
pub(crate) fn build(root: &std::path::Path, features: &str) -> Result<std::path::PathBuf> {
    step("the screens", || ui::run(&[]))?;
    step("the demo plant, the command line and the app", || {
        program::succeed(program::cargo(root).args(["build", "-q"]).args(all_programs(features)))
    })?;
    Ok(place::target(root))
}
