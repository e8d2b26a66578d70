//! The start: which data directory, one engine on it, one window.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use millwright_engine::{Engine, KeySource, OpenOptions, Ports, default_directory, demo_program, door};
use millwright_model::{ApiError, Code};
use tauri::{Manager, RunEvent};
use tracing_subscriber::EnvFilter;

use crate::commands;
use crate::window::{ScreenShell, allow_camera, keep_litter_small};

/// Exit codes, the same as those of `millwrightctl`.
const EXIT_FAILED: u8 = 1;
const EXIT_USAGE: u8 = 2;
const EXIT_LOCKED: u8 = 3;
const EXIT_FOREIGN: u8 = 4;

/// Opens the engine and the window and runs until the window closes.
pub fn run() -> ExitCode {
    let filter = EnvFilter::try_from_env("MILLWRIGHT_LOG")
        .unwrap_or_else(|_unset| EnvFilter::new("info,loro_internal=warn,wgpu=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    keep_litter_small();
    let path = match data_directory() {
        Ok(path) => path,
        Err(message) => {
            tracing::error!("{message}");
            return ExitCode::from(EXIT_USAGE);
        }
    };
    let builder = tauri::Builder::default();
    #[cfg(feature = "test-clock")]
    let builder = crate::test_face::dress(builder);
    let app = builder.invoke_handler(commands::handlers()).setup(move |app| {
        let shell = Arc::new(ScreenShell::of(app.handle()));
        let options = OpenOptions {
            path: path.clone(),
            face: "app".to_owned(),
            key_source: KeySource::of_this_user(),
            demo_program: demo_program(),
            connect: true,
            erp: None,
            ledger: None,
        };
        let engine = tauri::async_runtime::block_on(async {
            let engine = Engine::open(options, Ports::real(shell)).await?;
            door::open(&engine, "app")?;
            Ok::<Engine, millwright_engine::EngineError>(engine)
        });
        app.manage(engine.map_err(ApiError::from)?);
        allow_camera(app.handle());
        #[cfg(feature = "test-clock")]
        crate::test_face::open_stranger(app.handle())?;
        Ok(())
    });
    let app = match app.build(tauri::generate_context!()) {
        Ok(app) => app,
        Err(error) => return failed_to_start(&error),
    };
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            let engine = app.state::<Engine>();
            if let Err(error) = tauri::async_runtime::block_on(engine.close()) {
                tracing::error!("{error}");
            }
        }
    });
    ExitCode::SUCCESS
}

fn failed_to_start(error: &tauri::Error) -> ExitCode {
    tracing::error!("{error}");
    let code = match error {
        tauri::Error::Setup(setup) => std::error::Error::source(setup)
            .or(Some(setup))
            .and_then(|source| source.downcast_ref::<ApiError>())
            .map(|error| error.code),
        _ => None,
    };
    ExitCode::from(match code {
        Some(Code::Locked) => EXIT_LOCKED,
        Some(Code::Foreign) => EXIT_FOREIGN,
        _ => EXIT_FAILED,
    })
}

/// `--data DIR`, else this user's own place.
fn data_directory() -> Result<PathBuf, String> {
    let mut arguments = std::env::args_os().skip(1);
    let Some(first) = arguments.next() else {
        return default_directory()
            .ok_or_else(|| "There is no place for the data: give one with --data DIR".to_owned());
    };
    if first != "--data" {
        return Err(format!(
            "«{}» is not understood. Usage: millwright [--data DIR]",
            first.to_string_lossy()
        ));
    }
    arguments.next().map(PathBuf::from).ok_or_else(|| "--data needs a folder".to_owned())
}
