//! The demo plant as a program: `millwright-demo --data DIR`. It says one line of JSON when it is ready and ends when
//! its standard input closes.

use std::path::PathBuf;
use std::process::ExitCode;

use millwright_demo::{DemoError, plant};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // The broker calls every client that leaves an error.
    let filter =
        EnvFilter::try_from_env("MILLWRIGHT_LOG").unwrap_or_else(|_unset| EnvFilter::new("warn,rumqttd=off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(std::io::stderr).init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), DemoError> {
    let data = data_folder(std::env::args_os().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(DemoError::Socket)?;
    let outcome = runtime.block_on(plant::run(&data));
    // The thread that reads standard input may wait for ever.
    runtime.shutdown_background();
    outcome
}

fn data_folder(mut arguments: impl Iterator<Item = std::ffi::OsString>) -> Result<PathBuf, DemoError> {
    match (arguments.next(), arguments.next(), arguments.next()) {
        (Some(flag), Some(folder), None) if flag == "--data" => Ok(PathBuf::from(folder)),
        (Some(other), _, _) if other != "--data" => {
            Err(DemoError::Usage(format!("«{}» is unknown", other.display())))
        }
        _ => Err(DemoError::Usage("--data needs a folder, and nothing else".to_owned())),
    }
}
