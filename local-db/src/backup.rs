//! One archive that holds everything but secrets: database first, then history and blobs, and a manifest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::directory::sync_directory;
use crate::{Database, History, SCHEMA_VERSION, StoreError};

const MANIFEST: &str = "manifest.json";

/// What an archive holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    application: String,
    schema: u32,
    /// BLAKE3 of every file, in hex, by its path in the archive.
    files: BTreeMap<String, String>,
}

/// What was written or restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    /// How many files.
    pub file_count: usize,
    /// How many bytes before packing.
    pub total_bytes: u64,
}

/// Writes a backup of the data directory at `directory` to a new file at `archive` while others go on.
///
/// # Errors
/// When `archive` exists or cannot be written.
pub async fn back_up(
    directory: &Path,
    database: &Database,
    history: &History,
    archive: &Path,
) -> Result<BackupReport, StoreError> {
    if archive.exists() {
        return Err(StoreError::Duplicate { what: archive.display().to_string() });
    }
    let staging = directory.join("backup.part");
    remove_if_there(&staging)?;
    std::fs::create_dir_all(&staging).map_err(StoreError::file(&staging))?;
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    database.copy_to(&staging.join("millwright.db")).await?;
    files.push(("millwright.db".to_owned(), staging.join("millwright.db")));
    history.copy_to(&staging.join("history.db")).await?;
    files.push(("history.db".to_owned(), staging.join("history.db")));
    list_files(&directory.join("blobs"), "blobs", &mut files)?;
    let report = write_archive(archive, &files);
    remove_if_there(&staging)?;
    report
}

fn write_archive(archive: &Path, files: &[(String, PathBuf)]) -> Result<BackupReport, StoreError> {
    let part = archive.with_extension("part");
    let mut manifest =
        Manifest { application: "millwright".to_owned(), schema: SCHEMA_VERSION, files: BTreeMap::new() };
    let mut total_bytes = 0;
    let file = File::create(&part).map_err(StoreError::file(&part))?;
    let mut builder = tar::Builder::new(file);
    for (name, path) in files {
        let bytes = std::fs::read(path).map_err(StoreError::file(path))?;
        total_bytes += bytes.len() as u64;
        manifest.files.insert(name.clone(), blake3::hash(&bytes).to_hex().to_string());
        append(&mut builder, name, &bytes).map_err(StoreError::file(&part))?;
    }
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| StoreError::corrupt(MANIFEST, error))?;
    append(&mut builder, MANIFEST, &text).map_err(StoreError::file(&part))?;
    let finish = || -> std::io::Result<()> {
        builder.into_inner()?.sync_all()?;
        std::fs::rename(&part, archive)?;
        sync_directory(
            archive.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")),
        )
    };
    finish().map_err(StoreError::file(archive))?;
    Ok(BackupReport { file_count: files.len(), total_bytes })
}

fn append(builder: &mut tar::Builder<File>, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    builder.append_data(&mut header, name, bytes)
}

/// Unpacks a backup into `target`, which must be empty or not there. Every file is checked before any is kept.
///
/// The caller then mints a new device identity and turns undone deliveries to unknown.
///
/// # Errors
/// When the archive is not ours, newer, damaged, or `target` holds something.
pub fn restore(archive: &Path, target: &Path) -> Result<BackupReport, StoreError> {
    let occupied =
        target.is_dir() && std::fs::read_dir(target).map_err(StoreError::file(target))?.next().is_some();
    if occupied {
        let reason = "a backup is only restored into an empty folder".to_owned();
        return Err(StoreError::Foreign { path: target.to_owned(), reason });
    }
    let staging = target.with_extension("restore.part");
    remove_if_there(&staging)?;
    std::fs::create_dir_all(&staging).map_err(StoreError::file(&staging))?;
    let outcome = unpack(archive, &staging);
    let report = match outcome {
        Ok(report) => report,
        Err(error) => {
            remove_if_there(&staging)?;
            return Err(error);
        }
    };
    let format = format!("{{\"application\":\"millwright\",\"schema\":{SCHEMA_VERSION},\"sealed\":false}}");
    crate::directory::write_durably(&staging.join("FORMAT"), format.as_bytes())?;
    if target.is_dir() {
        std::fs::remove_dir(target).map_err(StoreError::file(target))?;
    }
    std::fs::rename(&staging, target).map_err(StoreError::file(target))?;
    Ok(report)
}

fn unpack(archive: &Path, staging: &Path) -> Result<BackupReport, StoreError> {
    let damaged = |reason: String| StoreError::Foreign { path: archive.to_owned(), reason };
    let file = File::open(archive).map_err(StoreError::file(archive))?;
    let mut reader = tar::Archive::new(file);
    let mut hashes: BTreeMap<String, String> = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    let mut total_bytes = 0;
    for entry in reader.entries().map_err(StoreError::file(archive))? {
        let mut entry = entry.map_err(StoreError::file(archive))?;
        let path = entry.path().map_err(StoreError::file(archive))?.into_owned();
        if !path.components().all(|component| matches!(component, Component::Normal(_))) {
            return Err(damaged(format!("it holds the path «{}», which leads outside", path.display())));
        }
        let name = path.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(StoreError::file(archive))?;
        if name == MANIFEST {
            manifest = Some(
                serde_json::from_slice(&bytes)
                    .map_err(|error| damaged(format!("its manifest cannot be read ({error})")))?,
            );
            continue;
        }
        total_bytes += bytes.len() as u64;
        hashes.insert(name, blake3::hash(&bytes).to_hex().to_string());
        let place = staging.join(&path);
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).map_err(StoreError::file(parent))?;
        }
        crate::directory::write_durably(&place, &bytes)?;
    }
    let manifest = manifest
        .ok_or_else(|| damaged("it has no manifest, so it is not a whole Millwright backup".to_owned()))?;
    if manifest.application != "millwright" {
        return Err(damaged("its manifest names another application".to_owned()));
    }
    if manifest.schema > SCHEMA_VERSION {
        return Err(StoreError::Newer {
            path: archive.to_owned(),
            found: manifest.schema,
            known: SCHEMA_VERSION,
        });
    }
    if let Some(name) =
        manifest.files.iter().find_map(|(name, hash)| (hashes.get(name) != Some(hash)).then_some(name))
    {
        return Err(damaged(format!("the file «{name}» in it is missing or damaged")));
    }
    Ok(BackupReport { file_count: hashes.len(), total_bytes })
}

fn list_files(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), StoreError> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut entries = std::fs::read_dir(folder)
        .map_err(StoreError::file(folder))?
        .collect::<Result<Vec<_>, _>>()
        .map_err(StoreError::file(folder))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let entry_name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            list_files(&path, &entry_name, files)?;
        } else if path.extension().is_none() {
            // A blob has no extension; `.part` files are writes that were cut off.
            files.push((entry_name, path));
        }
    }
    Ok(())
}

fn remove_if_there(folder: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::file(folder)(error)),
    }
}
