//! The local door of an engine: a socket (on Windows a named pipe) that only this user may open, where other
//! processes give commands to the owner of a data directory. One line of JSON each way.

use std::path::{Path, PathBuf};

use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::{GenericFilePath, ListenerOptions};
#[cfg(feature = "test-clock")]
use millwright_model::CacheTag;
use millwright_model::{ApiError, Code};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

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
    if cfg!(windows) {
        return PathBuf::from(format!(r"\\.\pipe\millwright-{name}"));
    }
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
    #[cfg(feature = "test-clock")]
    if ask.command == crate::test_clock::COMMAND {
        return match crate::test_clock::set(&ask.arguments) {
            Ok(offset_ms) => {
                // What is due by the new time is due now, and every age on the screen is another.
                engine.inner.wake_delivering.notify_waiters();
                engine.inner.tell_stale([CacheTag::Sync, CacheTag::Settings, CacheTag::WorkOrders].into());
                Answer::Done(offset_ms.into())
            }
            Err(message) => Answer::Failed(ApiError::new(Code::Invalid, message)),
        };
    }
    match engine.call(&ask.command, ask.arguments).await {
        Ok(answer) => Answer::Done(answer),
        Err(error) => Answer::Failed(error),
    }
}

/// Opens the door and serves it until the engine ends.
///
/// # Errors
/// When the socket cannot be made.
pub fn open(engine: &Engine, face: &str) -> Result<PathBuf, EngineError> {
    let path = path_of(&engine.path());
    let listener = listen(&path).map_err(EngineError::internal)?;
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
                Ok(stream) => {
                    tokio::spawn(serve(engine.clone(), stream));
                }
                Err(error) => tracing::warn!("the local door: {error}"),
            }
        }
    });
    Ok(path)
}

async fn serve(engine: Engine, stream: Stream) {
    let mut writer = &stream;
    let mut lines = BufReader::new((&stream).take(LINE_MAX_BYTES)).lines();
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
    let name = path.to_fs_name::<GenericFilePath>().map_err(unreachable)?;
    let stream = Stream::connect(name).await.map_err(unreachable)?;
    let mut writer = &stream;
    let ask = Ask { command: command.to_owned(), arguments };
    let mut bytes =
        serde_json::to_vec(&ask).map_err(|error| ApiError::new(Code::Internal, error.to_string()))?;
    bytes.push(b'\n');
    writer.write_all(&bytes).await.map_err(unreachable)?;
    let mut line = String::new();
    BufReader::new((&stream).take(LINE_MAX_BYTES)).read_line(&mut line).await.map_err(unreachable)?;
    match serde_json::from_str(&line) {
        Ok(Answer::Done(answer)) => Ok(answer),
        Ok(Answer::Failed(error)) => Err(error),
        Err(error) => Err(ApiError::new(Code::Unreachable, format!("the owner's answer broke off: {error}"))),
    }
}

#[cfg(unix)]
fn listen(path: &Path) -> std::io::Result<Listener> {
    use std::os::unix::fs::PermissionsExt;

    // The directory's lock is ours, so a socket that lies there is of an owner that died.
    match std::fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let listener = ListenerOptions::new().name(path.to_fs_name::<GenericFilePath>()?).create_tokio()?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

#[cfg(windows)]
fn listen(path: &Path) -> std::io::Result<Listener> {
    use interprocess::os::windows::local_socket::ListenerOptionsExt;
    use interprocess::os::windows::security_descriptor::SecurityDescriptor;

    // Nothing inherited; everything for the pipe's owner, nothing for anybody else.
    let only_the_owner = widestring::u16cstr!("D:P(A;;GA;;;OW)");
    ListenerOptions::new()
        .name(path.to_fs_name::<GenericFilePath>()?)
        .security_descriptor(SecurityDescriptor::deserialize(only_the_owner)?)
        .create_tokio()
}
