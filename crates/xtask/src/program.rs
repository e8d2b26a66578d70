//! Running other programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::place;
use crate::step::say;

/// Whether a program is on the path.
pub(crate) fn exists(name: &str) -> bool {
    Command::new("sh")
        .args(["-c", "command -v \"$1\"", "sh", name])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Cargo, as this task was started with, in `root`.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    cargo
}

/// Runs a program; anything but success is an error that names it.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} did not start", name_of(command)))?;
    ensure!(status.success(), "{} ended with {status}", name_of(command));
    Ok(())
}

/// What a program prints, where it succeeds.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{} did not start", name_of(command)))?;
    ensure!(output.status.success(), "{} ended with {}", name_of(command), output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A tool from the registry, built once at this version into the tools' cache.
pub(crate) fn tool(name: &str, version: &str) -> Result<PathBuf> {
    let folder = place::tools()?.join(format!("{name}-{version}"));
    let program = folder.join("bin").join(name);
    if !program.is_file() {
        say(&format!("building {name} once; it is kept for the next time"));
        let mut install = Command::new("cargo");
        // Unoptimised: it is built in a third of the time, and what it does takes seconds.
        install
            .args(["install", "-q", "--debug", "--locked", name, "--version", version, "--root"])
            .arg(&folder);
        succeed(install.env_remove("CARGO_TARGET_DIR"))?;
    }
    Ok(program)
}

fn name_of(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(command.get_program().to_string_lossy().into_owned())
        .chain(arguments)
        .take(6)
        .collect::<Vec<_>>()
        .join(" ")
}
