//! The tasks of this repository: `cargo xtask <task>`. Each task is a module; this file only picks one.

mod audit;
mod bench;
mod budget;
mod bundle;
mod checks;
mod cross;
mod fuzz;
mod place;
mod program;
mod run;
mod setup;
mod simulate;
mod stage_bench;
mod step;
mod suite;
mod ui;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <task>
  setup            install what building and testing need: system packages, the wasm target, test peers
  run              set up, build, and run the app (on a new folder it offers the demo plant)
  test [--long]    set up, and run all the checks; with --windows the command line for Windows alone, under wine;
                   with names of suites («store», «engine», «the real window» …) those alone
  ui [--release] [part]  build the screens into ui/dist: app, stage3d
  simulate [FROM..TO]  many devices on a bad network, by seeds; a million where none are named
  bench [part…]    measure, beside peers: history, decode, start, soak, guide, stage, sizes
  bundle [--deb]   build the .deb and the programs for Windows, or the .deb alone
  audit            ask for known weaknesses of the libraries (needs the advisory database)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = arguments.first().map(String::as_str);
    let rest = arguments.get(1..).unwrap_or_default();
    let outcome = match task {
        Some("setup") => setup::run(),
        Some("run") => run::run(rest),
        Some("test") => checks::run(rest),
        Some("ui") => ui::run(rest),
        Some("bench") => bench::run(rest),
        Some("bundle") => bundle::run(rest),
        Some("simulate") => simulate::run(rest),
        Some("audit") => audit::run(),
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
