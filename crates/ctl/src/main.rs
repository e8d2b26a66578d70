//! `millwrightctl`: everything the engine can do, for scripts, edge nodes and people at a terminal.

mod alert;
mod allocate;
#[cfg(feature = "solver")]
mod allocation_told;
mod cli;
mod data;
mod face;
mod guide;
mod label;
mod output;
mod paper;
mod plan;
mod run;
mod scenario;
mod serve;
mod shift;
mod shift_paper;
mod sight;
mod team;
mod token;
mod webhook;
mod workshop;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("MILLWRIGHT_LOG").unwrap_or_else(|_unset| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = cli::Arguments::parse();
    let json = arguments.json;
    match Box::pin(run::run(arguments)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error, json);
            ExitCode::from(output::exit_code(error.code))
        }
    }
}
