//! Why the demo plant cannot run.

use std::path::PathBuf;

use thiserror::Error;

/// Why the demo plant cannot start or go on.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The command line says something else than `--data DIR`.
    #[error("usage: millwright-demo --data DIR ({0})")]
    Usage(String),
    /// A file or folder of its data cannot be used.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The journal holds a line that is none of ours.
    #[error("{path}, line {line}: {source}")]
    Journal {
        /// The journal.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A seed file that was built in is damaged.
    #[error("the seed «{name}» is damaged: {source}")]
    Seed {
        /// Which.
        name: &'static str,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A socket on loopback cannot be opened or used.
    #[error("loopback: {0}")]
    Socket(std::io::Error),
    /// The broker did not come up.
    #[error("the broker did not come up: {0}")]
    Broker(String),
    /// The operating system gives no random numbers, so that no password can be drawn.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// The ready line could not be written: whoever started us is gone.
    #[error("the ready line: {0}")]
    Ready(std::io::Error),
}
