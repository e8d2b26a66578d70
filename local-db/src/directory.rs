//! The data directory: its exclusive lock, its FORMAT file, and where everything in it lies.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{SCHEMA_VERSION, StoreError};

/// The application named in `FORMAT`.
const APPLICATION: &str = "millwright";
/// Who owns the directory.
const OWNER: &str = "owner";
/// What a start that was cut off before `FORMAT` was written leaves behind.
const TRACES_OF_A_START: [&str; 4] = ["lock", OWNER, RUNNING, "FORMAT.part"];
/// There while an owner is at work: found at a start, the one before ended without closing.
const RUNNING: &str = "running";

/// What `DIR/FORMAT` says. It is read before any other file is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Format {
    application: String,
    schema: u32,
    sealed: bool,
}

/// Who holds a locked directory, as the owner wrote it beside the lock (a locked file cannot be read on Windows).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedBy {
    /// The owner's process id.
    pub process_id: u32,
    /// What it is (`app`, `millwrightctl serve`).
    pub face: String,
    /// The local socket where it takes commands, once it listens.
    pub socket: Option<PathBuf>,
}

/// An owned data directory. The kernel releases the lock when the process ends, however it ends.
#[derive(Debug)]
pub struct DataDirectory {
    path: PathBuf,
    /// Open and locked as long as this value lives.
    _lock: File,
    stopped_cleanly: bool,
}

impl DataDirectory {
    /// Takes `path` (made when it is not there) for `face`, before any database in it is opened.
    ///
    /// # Errors
    /// When another process owns it, a newer version wrote it, it is not ours, or it lies on a network.
    pub fn open(path: &Path, face: &str) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path).map_err(StoreError::file(path))?;
        refuse_network(path)?;
        refuse_foreign(path)?;
        let lock_path = path.join("lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let lock = options.open(&lock_path).map_err(StoreError::file(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let owner = Self::owner(path).map_or_else(
                    || "unknown".to_owned(),
                    |owner| format!("{} ({})", owner.process_id, owner.face),
                );
                return Err(StoreError::Locked { path: path.to_owned(), owner });
            }
            Err(std::fs::TryLockError::Error(source)) => return Err(StoreError::file(&lock_path)(source)),
        }
        let running = path.join(RUNNING);
        let stopped_cleanly = !running.exists();
        File::create(&running).map_err(StoreError::file(&running))?;
        let directory = Self { path: path.to_owned(), _lock: lock, stopped_cleanly };
        directory.announce(&LockedBy {
            process_id: std::process::id(),
            face: face.to_owned(),
            socket: None,
        })?;
        directory.check_format()?;
        Ok(directory)
    }

    /// Writes who owns the directory, for whoever finds it locked.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn announce(&self, owner: &LockedBy) -> Result<(), StoreError> {
        let text = serde_json::to_vec(owner).map_err(|error| StoreError::corrupt(OWNER, error))?;
        let path = self.path.join(OWNER);
        std::fs::write(&path, text).map_err(StoreError::file(path))
    }

    /// Who owns `path`, where a file says so. It says nothing about whether the owner still lives.
    pub fn owner(path: &Path) -> Option<LockedBy> {
        let mut text = String::new();
        File::open(path.join(OWNER)).ok()?.take(4096).read_to_string(&mut text).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Whether the owner before this one closed everything; where not, the files want a check.
    pub fn stopped_cleanly(&self) -> bool {
        self.stopped_cleanly
    }

    /// Says that everything is closed.
    ///
    /// # Errors
    /// When the mark cannot be taken away.
    pub fn close(&self) -> Result<(), StoreError> {
        let running = self.path.join(RUNNING);
        std::fs::remove_file(&running).map_err(StoreError::file(running))
    }

    /// Whether `path` holds a data directory of ours.
    pub fn exists(path: &Path) -> bool {
        path.join("FORMAT").is_file()
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The records.
    pub fn database_path(&self) -> PathBuf {
        self.path.join("millwright.db")
    }

    /// The telemetry.
    pub fn history_path(&self) -> PathBuf {
        self.path.join("history.db")
    }

    /// The photos and files.
    pub fn blobs_path(&self) -> PathBuf {
        self.path.join("blobs")
    }

    /// Letters of other devices.
    pub fn letters_path(&self) -> PathBuf {
        self.path.join("letters")
    }

    /// The sealed secrets.
    pub fn secrets_path(&self) -> PathBuf {
        self.path.join("secrets")
    }

    fn check_format(&self) -> Result<(), StoreError> {
        let Some(format) = read_format(&self.path)? else {
            return self.write_format(SCHEMA_VERSION);
        };
        if format.schema > SCHEMA_VERSION {
            return Err(StoreError::Newer {
                path: self.path.clone(),
                found: format.schema,
                known: SCHEMA_VERSION,
            });
        }
        if format.schema < SCHEMA_VERSION {
            self.write_format(SCHEMA_VERSION)?;
        }
        Ok(())
    }

    fn write_format(&self, schema: u32) -> Result<(), StoreError> {
        let format = Format { application: APPLICATION.to_owned(), schema, sealed: false };
        let bytes = serde_json::to_vec(&format).map_err(|error| StoreError::corrupt("FORMAT", error))?;
        write_durably(&self.path.join("FORMAT"), &bytes)
    }
}

/// Refuses a directory that a newer or another program wrote, without touching it.
fn refuse_foreign(path: &Path) -> Result<(), StoreError> {
    if let Some(format) = read_format(path)? {
        if format.application != APPLICATION {
            let reason = format!("its FORMAT file names «{}»", format.application);
            return Err(StoreError::Foreign { path: path.to_owned(), reason });
        }
        if format.schema > SCHEMA_VERSION {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found: format.schema,
                known: SCHEMA_VERSION,
            });
        }
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path).map_err(StoreError::file(path))?;
    let stranger = entries.find_map(|entry| {
        entry.ok().filter(|entry| !TRACES_OF_A_START.iter().any(|trace| entry.file_name() == *trace))
    });
    match stranger {
        None => Ok(()),
        Some(entry) => {
            let reason = format!("it has no FORMAT file but holds «{}»", entry.file_name().to_string_lossy());
            Err(StoreError::Foreign { path: path.to_owned(), reason })
        }
    }
}

fn read_format(path: &Path) -> Result<Option<Format>, StoreError> {
    let format_path = path.join("FORMAT");
    let mut text = String::new();
    match File::open(&format_path) {
        Ok(file) => file.take(4096).read_to_string(&mut text).map_err(StoreError::file(&format_path))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::file(&format_path)(error)),
    };
    serde_json::from_str(&text).map(Some).map_err(|error| StoreError::Foreign {
        path: path.to_owned(),
        reason: format!("its FORMAT file cannot be read ({error})"),
    })
}

/// Writes `bytes` to `path` so that after a power cut either the old or the new file is there, whole.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let part = path.with_extension("part");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)?;
        sync_directory(path.parent().unwrap_or(Path::new(".")))
    };
    write().map_err(StoreError::file(path))
}

/// Makes a rename in `directory` survive a power cut.
pub(crate) fn sync_directory(directory: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    File::open(directory)?.sync_all()?;
    // Windows has no handle to sync a directory with: NTFS journals the rename itself.
    #[cfg(not(unix))]
    let _directory = directory;
    Ok(())
}

#[cfg(target_os = "linux")]
fn refuse_network(path: &Path) -> Result<(), StoreError> {
    // Magic numbers of statfs(2).
    const NETWORK: [(u64, &str); 6] = [
        (0x6969, "NFS"),
        (0xff53_4d42, "CIFS"),
        (0xfe53_4d42, "SMB2"),
        (0x517b, "SMB"),
        (0x0102_1997, "9P"),
        (0x5346_414f, "AFS"),
    ];
    let statistics = rustix::fs::statfs(path).map_err(|error| StoreError::file(path)(error.into()))?;
    let magic = statistics.f_type as u64 & 0xffff_ffff;
    match NETWORK.iter().find(|(number, _)| *number == magic) {
        Some((_, kind)) => {
            Err(StoreError::NetworkFileSystem { path: path.to_owned(), kind: (*kind).to_owned() })
        }
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn refuse_network(path: &Path) -> Result<(), StoreError> {
    // A UNC path names another host; mapped drives are caught by the installer's advice only.
    if path.to_string_lossy().starts_with(r"\\") {
        return Err(StoreError::NetworkFileSystem { path: path.to_owned(), kind: "UNC path".to_owned() });
    }
    Ok(())
}
