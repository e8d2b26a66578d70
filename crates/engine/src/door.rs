//! The local door of an engine: a socket that only this user may open, where other processes give commands
//! to the owner of a data directory. One line of JSON each way.

use std::path::{Path, PathBuf};

use millwright_model::{ApiError, Code};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Engine, EngineError};

/// The longest line that is read.
const LINE_MAX_BYTES: u64 = 80 * 1024 * 1024;

/// A command through the door.
#[derive(Debug, Serialize, Deserialize)]
struct Ask {
    command: String,
    arguments: Json,
}

/// Its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(Json),
    Failed(ApiError),
}

/// A line of either side, for the fuzz target.
pub(crate) fn fuzzed(line: &str) {
    let _ask = serde_json::from_str::<Ask>(line).is_ok();
    let _answer = serde_json::from_str::<Answer>(line).is_ok();
}

/// Where the door of a data directory is: short, since a socket's path may have 108 bytes.
pub fn path_of(directory: &Path) -> PathBuf {
    let absolute = std::fs::canonicalize(directory).unwrap_or_else(|_missing| directory.to_owned());
    let hash = blake3::hash(absolute.to_string_lossy().as_bytes()).to_hex();
    let name = hash.get(..16).unwrap_or_default().to_owned();
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_dir());
    match folder {
        Some(folder) => folder.join(format!("millwright-{name}.sock")),
        None => directory.join("door.sock"),
    }
}

async fn answer(engine: &Engine, line: &str) -> Answer {
    let ask: Ask = match serde_json::from_str(line) {
        Ok(ask) => ask,
        Err(error) => {
            return Answer::Failed(ApiError::new(
                Code::Invalid,
                format!("the door did not understand: {error}"),
            ));
        }
    };
    match engine.call(&ask.command, ask.arguments).await {
        Ok(answer) => Answer::Done(answer),
        Err(error) => Answer::Failed(error),
    }
}

#[cfg(unix)]
mod local {
    //! Unix domain sockets.

    use std::os::unix::fs::PermissionsExt;

    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{UnixListener, UnixStream};

    use super::*;

    /// Opens the door and serves it until the engine ends.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn open(engine: &Engine, face: &str) -> Result<PathBuf, EngineError> {
        let path = path_of(&engine.path());
        // The directory's lock is ours, so a socket that lies there is of an owner that died.
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(EngineError::internal(error)),
        }
        let listener = UnixListener::bind(&path).map_err(EngineError::internal)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
            .map_err(EngineError::internal)?;
        engine.announce(face, &path)?;
        let engine = engine.clone();
        tokio::spawn(async move {
            let mut shutdown = engine.inner.shutdown.subscribe();
            loop {
                let accepted = tokio::select! {
                    _ = shutdown.wait_for(|ended| *ended) => return,
                    accepted = listener.accept() => accepted,
                };
                match accepted {
                    Ok((stream, _address)) => {
                        tokio::spawn(serve(engine.clone(), stream));
                    }
                    Err(error) => tracing::warn!("the local door: {error}"),
                }
            }
        });
        Ok(path)
    }

    async fn serve(engine: Engine, stream: UnixStream) {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader.take(LINE_MAX_BYTES)).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = answer(&engine, &line).await;
            let Ok(mut bytes) = serde_json::to_vec(&answer) else { return };
            bytes.push(b'\n');
            if writer.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }

    /// Gives a command to the engine behind the door at `path`.
    ///
    /// # Errors
    /// When nobody opens, or the command fails there.
    pub async fn ask(path: &Path, command: &str, arguments: Json) -> Result<Json, ApiError> {
        let unreachable = |error: std::io::Error| {
            ApiError::new(Code::Unreachable, format!("the owner at {}: {error}", path.display()))
        };
        let mut stream = UnixStream::connect(path).await.map_err(unreachable)?;
        let ask = Ask { command: command.to_owned(), arguments };
        let mut bytes =
            serde_json::to_vec(&ask).map_err(|error| ApiError::new(Code::Internal, error.to_string()))?;
        bytes.push(b'\n');
        stream.write_all(&bytes).await.map_err(unreachable)?;
        let mut line = String::new();
        BufReader::new(stream.take(LINE_MAX_BYTES)).read_line(&mut line).await.map_err(unreachable)?;
        match serde_json::from_str(&line) {
            Ok(Answer::Done(answer)) => Ok(answer),
            Ok(Answer::Failed(error)) => Err(error),
            Err(error) => {
                Err(ApiError::new(Code::Unreachable, format!("the owner's answer broke off: {error}")))
            }
        }
    }
}

#[cfg(not(unix))]
mod local {
    //! Elsewhere there is no door yet: a second process is told who owns the directory.

    use super::*;

    /// Opens nothing.
    ///
    /// # Errors
    /// When the owner cannot be written down.
    pub fn open(engine: &Engine, face: &str) -> Result<PathBuf, EngineError> {
        let path = path_of(&engine.path());
        engine.announce(face, &path)?;
        Ok(path)
    }

    /// Says that there is no door.
    ///
    /// # Errors
    /// Always.
    pub async fn ask(path: &Path, _command: &str, _arguments: Json) -> Result<Json, ApiError> {
        let message = format!(
            "the data directory is in use, and {} cannot take commands on this system yet",
            path.display()
        );
        Err(ApiError::new(Code::Locked, message))
    }
}

pub use local::{ask, open};
