//! The tasks of this repository: `cargo xtask <task>`. Each task is a module; this file only picks one.

mod step;
mod ui;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <task>\n  ui [--release]   build the screens into ui/dist";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = arguments.first().map(String::as_str);
    let rest = arguments.get(1..).unwrap_or_default();
    let outcome = match task {
        Some("ui") => ui::run(rest),
        _ => Err(anyhow::anyhow!("{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            step::say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
