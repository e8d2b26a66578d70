//! Files that go out: what is here, and the rows that were refused, each with the names of its columns above.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;
use millwright_sheet::{Value, write_csv, write_xlsx};

use super::line::text_cell;
use super::{Desk, file, planned, taken_out};
use crate::EngineError;
use crate::engine::Inner;
use crate::place::downloads_directory;
use crate::use_case::date;

/// The column that a file of refused rows has more than the file they come from.
pub(super) const REASON_HEADER: &str = "refused_because";

/// Files with the same name that lie beside each other.
const SAME_NAME_MAX: u32 = 10_000;
const NAME_CHARS_MAX: usize = 120;
/// So long may a reason be.
const REASON_CHARS_MAX: usize = 2_000;

pub(crate) async fn export(engine: &Inner, command: DataExport) -> Result<FileBytes, EngineError> {
    let mut session = engine.database.read().await?;
    let mut desk = Desk::at(engine, &mut session, engine.now()).await?;
    let mut rows = vec![command.kind.fields().iter().map(|(field, _)| text_cell(field.as_str())).collect()];
    rows.extend(taken_out(&mut desk, command.kind, &command.seen).await?);
    let day = date::civil_date(desk.now, &desk.zone);
    let stem = format!("{}-{day}", command.kind);
    made(&stem, command.kind.as_str(), command.format, rows).await
}

pub(crate) async fn refused(engine: &Inner, command: DataRefused) -> Result<FileBytes, EngineError> {
    let opened = file::open(command.kind, command.file.clone(), command.reading).await?;
    let mut session = engine.database.read().await?;
    let plan = planned(engine, &mut session, command.kind, &opened, &command.matches).await?;
    let width = opened.headers.len();
    let mut header: Vec<Value> = opened.headers.iter().map(|header| text_cell(header)).collect();
    // A file that was refused once and sent again has the column already.
    let again = header.last() == Some(&text_cell(REASON_HEADER));
    if again {
        header.pop();
    }
    let kept = header.len();
    header.push(text_cell(REASON_HEADER));
    let mut rows = vec![header];
    for (place, refusal) in plan.refusals() {
        let Some(row) = opened.rows().get(*place) else { continue };
        let cell = |place: usize| row.cells.get(place).map(|cell| cell.value.clone()).unwrap_or_default();
        let mut cells: Vec<Value> = (0..kept).map(cell).collect();
        // A row of a matrix stands for several, each with a reason of its own.
        let said = command.reasons.get(&refusal.row).filter(|_| !opened.is_matrix());
        let said = said.map(|said| said.chars().take(REASON_CHARS_MAX).collect());
        cells.push(text_cell(&said.unwrap_or_else(|| refusal.to_string())));
        // What stood beyond the last column that has a name is not lost either.
        cells.extend((width..row.cells.len()).map(cell));
        rows.push(cells);
    }
    let stem = Path::new(&command.file.file_name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stem = format!("{}-refused", stem.unwrap_or_else(|| command.kind.to_string()));
    made(&stem, "refused", opened.format(), rows).await
}

/// A file of these rows.
async fn made(
    stem: &str,
    sheet: &str,
    format: FileFormat,
    rows: Vec<Vec<Value>>,
) -> Result<FileBytes, EngineError> {
    let count = rows.len().saturating_sub(1) as u64;
    let sheet = sheet.to_owned();
    let write = tokio::task::spawn_blocking(move || match format {
        FileFormat::Csv => Ok(write_csv(&rows)),
        FileFormat::Xlsx => write_xlsx(&sheet, &rows),
    });
    let bytes = write.await.map_err(EngineError::internal)?;
    let bytes = bytes.map_err(|fault| file::refuse(FileFault::NotWritten { reason: fault.to_string() }))?;
    let file_name = format!("{stem}.{format}");
    Ok(FileBytes { file_name, rows: count, bytes_base64: STANDARD.encode(bytes) })
}

pub(crate) async fn save(_engine: &Inner, command: FileSave) -> Result<SavedFile, EngineError> {
    let bytes = STANDARD
        .decode(&command.bytes_base64)
        .map_err(|error| EngineError::Invalid(Refusal::FileBroken { reason: error.to_string() }))?;
    let folder = downloads_directory().ok_or_else(|| file::refuse(FileFault::NoFolder))?;
    let file_name = command.file_name;
    let kept = tokio::task::spawn_blocking(move || kept_beside(&folder, &file_name, &bytes));
    let path = kept.await.map_err(EngineError::internal)?.map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => EngineError::Store(millwright_local_db::StoreError::DiskFull),
        _ => file::refuse(FileFault::NotWritten { reason: error.to_string() }),
    })?;
    Ok(SavedFile { path: path.display().to_string() })
}

/// Writes a file under a name that nobody has yet.
fn kept_beside(folder: &Path, file_name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let (stem, extension) = tidy_name(file_name);
    for number in 1..=SAME_NAME_MAX {
        let name =
            if number == 1 { format!("{stem}{extension}") } else { format!("{stem} ({number}){extension}") };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                if let Err(error) = written {
                    // Half a file would be taken for a whole one.
                    drop(file);
                    std::fs::remove_file(&path)?;
                    return Err(error);
                }
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists))
}

/// A name without a folder and without what file systems do not take: stem, and extension with its point.
fn tidy_name(file_name: &str) -> (String, String) {
    let plain: String = file_name
        .chars()
        .map(|character| match character {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            control if control.is_control() => '_',
            other => other,
        })
        .collect();
    let (stem, extension) = match plain.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 8 => {
            (stem, format!(".{extension}"))
        }
        _ => (plain.as_str(), String::new()),
    };
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(NAME_CHARS_MAX).collect();
    (if stem.is_empty() { "millwright".to_owned() } else { stem }, extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_never_takes_the_place_of_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let keep = |bytes: &[u8]| kept_beside(folder.path(), "assets.csv", bytes).unwrap();
        let (first, second, third) = (keep(b"1"), keep(b"2"), keep(b"3"));
        assert_eq!(first, folder.path().join("assets.csv"));
        assert_eq!(second, folder.path().join("assets (2).csv"));
        assert_eq!(third, folder.path().join("assets (3).csv"));
        assert_eq!(std::fs::read(first).unwrap(), b"1");
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../../etc/passwd", "/etc/passwd", "..", "", "a\\b:c", ".hidden"] {
            let path = kept_beside(folder.path(), name, b"x").unwrap();
            assert_eq!(path.parent(), Some(folder.path()), "{name}");
            assert!(!path.file_name().unwrap().to_string_lossy().starts_with('.'), "{name}");
        }
    }
}
