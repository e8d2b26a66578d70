//! What is printed: JSON with a schema name, or lines for people. Answers go to standard output, errors beside it.

use std::io::Write;

use millwright_model::{ApiError, Code};
use serde::Serialize;

use crate::face::internal;

/// The exit code of an error; documented in `--help` and the manual page.
pub(crate) fn exit_code(code: Code) -> u8 {
    match code {
        Code::Internal => 1,
        Code::Locked => 3,
        Code::Foreign => 4,
        Code::Invalid | Code::NotFound => 5,
        Code::Precondition | Code::NoActor => 6,
        Code::Unreachable => 7,
        Code::DiskFull => 8,
        Code::DiskFailed => 9,
    }
}

#[derive(Serialize)]
struct Document<'a, T> {
    schema: String,
    data: &'a T,
}

/// Prints an answer: as `{"schema": "millwright/<name>/1", "data": …}`, or as `lines`.
pub(crate) fn answer<T: Serialize>(
    json: bool,
    name: &str,
    data: &T,
    lines: impl FnOnce(&T) -> Vec<String>,
) -> Result<(), ApiError> {
    let text = if json {
        serde_json::to_string_pretty(&Document { schema: format!("millwright/{name}/1"), data })
            .map_err(internal)?
    } else {
        lines(data).join("\n")
    };
    write_line(&text)
}

/// Prints one line and hands it on at once.
pub(crate) fn write_line(text: &str) -> Result<(), ApiError> {
    let mut out = std::io::stdout().lock();
    let outcome = writeln!(out, "{text}").and_then(|()| out.flush());
    match outcome {
        Ok(()) => Ok(()),
        // The reader of a pipe may have had enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(internal(error)),
    }
}

/// Prints an error for people, or as JSON.
pub(crate) fn error(error: &ApiError, json: bool) {
    let text = match serde_json::to_string(&Document { schema: "millwright/error/1".to_owned(), data: error })
    {
        Ok(text) if json => text,
        _ => format!("millwrightctl: {}", error.message),
    };
    let mut out = std::io::stderr().lock();
    // Nobody is left to be told when even this fails.
    let _unheard = writeln!(out, "{text}").is_err();
}
