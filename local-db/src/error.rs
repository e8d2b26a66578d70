//! What can go wrong in the store, named by what a caller can do about it.

use std::path::PathBuf;

use millwright_model::LedgerFault;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process owns the directory.
    #[error("{path} is in use by process {owner}. Close it there, or send your command to it.")]
    Locked {
        /// The directory.
        path: PathBuf,
        /// The owner, as it named itself.
        owner: String,
    },
    /// The directory was written by a newer version.
    #[error(
        "{path} was written by a newer Millwright (schema {found}, this one knows {known}). \
         Nothing was changed. Start the newer version."
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// The schema found.
        found: u32,
        /// The schema this version knows.
        known: u32,
    },
    /// The files are not ours.
    #[error("{path} is not a Millwright data directory: {reason}. Nothing was changed.")]
    Foreign {
        /// The directory or file.
        path: PathBuf,
        /// How that shows.
        reason: String,
    },
    /// The directory lies on a network file system.
    #[error(
        "{path} lies on a network file system ({kind}), where locks and syncs cannot be trusted. Choose a local folder."
    )]
    NetworkFileSystem {
        /// The directory.
        path: PathBuf,
        /// The kind of file system.
        kind: String,
    },
    /// The disk is full.
    #[error("The disk is full. What was recorded before is safe; free some space and try again.")]
    DiskFull,
    /// The disk answers with an error, and not for want of room.
    #[error(
        "The disk reports an error, and this was not done. What was recorded before is untouched: make a backup onto \
         another disk now, then try again. A disk that does this more than once has to be replaced."
    )]
    DiskFailed,
    /// A unique rule of the schema was broken.
    #[error("{what} exists already")]
    Duplicate {
        /// What it is, as the schema names it (`asset.code`).
        what: String,
    },
    /// A stored value cannot be read.
    #[error("{what} cannot be read from the store: {reason}")]
    Corrupt {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
    /// A file operation failed.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The team's ledger does not serve.
    #[error("{0}. What was recorded before is safe; devices keep what they record until it is back.")]
    Ledger(LedgerFault),
    /// The database refused.
    #[error("the database refused: {0}")]
    Database(sqlx::Error),
}

impl StoreError {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| {
            if source.kind() == std::io::ErrorKind::StorageFull {
                return Self::DiskFull;
            }
            if source.raw_os_error().is_some_and(|code| BROKEN_DISK.contains(&code)) {
                return Self::DiskFailed;
            }
            Self::File { path, source }
        }
    }

    pub(crate) fn corrupt(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Corrupt { what: what.into(), reason: reason.to_string() }
    }
}

/// SQLite's result code for a full disk (`SQLITE_FULL`).
const SQLITE_FULL: &str = "13";
/// SQLite's result code for a disk that answers with an error (`SQLITE_IOERR`); the bits above these eight say at what.
const SQLITE_IO_ERROR: i32 = 10;
/// What the system calls a disk that answers with an error: `EIO`.
#[cfg(not(windows))]
const BROKEN_DISK: [i32; 1] = [5];
/// What the system calls a disk that answers with an error: `ERROR_CRC`, `ERROR_DEVICE_HARDWARE_ERROR`, `ERROR_IO_DEVICE`.
#[cfg(windows)]
const BROKEN_DISK: [i32; 3] = [23, 483, 1117];

impl From<LedgerFault> for StoreError {
    fn from(fault: LedgerFault) -> Self {
        Self::Ledger(fault)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            if database.code().as_deref() == Some(SQLITE_FULL) {
                return Self::DiskFull;
            }
            let code = database.code().and_then(|code| code.parse::<i32>().ok());
            if code.is_some_and(|code| code & 0xff == SQLITE_IO_ERROR) {
                return Self::DiskFailed;
            }
            if database.is_unique_violation() {
                let what = database.message().rsplit(": ").next().unwrap_or("the record").to_owned();
                return Self::Duplicate { what };
            }
        }
        Self::Database(error)
    }
}
