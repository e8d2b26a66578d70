//! The journal: every change of the ERP's tables is a line of JSON that is on disk before anybody is answered.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use millwright_model::TimestampMs;
use serde::{Deserialize, Serialize};

use super::Row;
use crate::DemoError;

const FILE_NAME: &str = "erp.jsonl";

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line: the seed is counted from here.
    Founded {
        /// When.
        at: TimestampMs,
    },
    /// Records that are new or replaced, whole or not at all: set and record.
    Put(Vec<(String, Row)>),
}

/// The open journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Journal {
    /// Opens or makes the journal in `folder`; gives its lines.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Line>), DemoError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| DemoError::File { path: folder.to_owned(), source })?;
        let path = folder.join(FILE_NAME);
        let failed = |source| DemoError::File { path: path.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        // The name of a new file must be durable too.
        #[cfg(unix)]
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        // What stands after the last line end was never answered for: a write that was cut off.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut lines = Vec::new();
        for (number, line) in bytes.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n').enumerate()
        {
            if line.is_empty() {
                continue;
            }
            let line = serde_json::from_slice(line).map_err(|source| DemoError::Journal {
                path: path.clone(),
                line: number + 1,
                source,
            })?;
            lines.push(line);
        }
        let mut journal = Self { path: path.clone(), file, length: whole as u64 };
        journal.cut_back().map_err(failed)?;
        Ok((journal, lines))
    }

    /// Writes a line; it is on disk when this answers, and gone when this fails.
    pub fn append(&mut self, line: &Line) -> Result<(), DemoError> {
        let failed = |path: &Path, source| DemoError::File { path: path.to_owned(), source };
        let mut bytes = serde_json::to_vec(line).map_err(|source| DemoError::Journal {
            path: self.path.clone(),
            line: 0,
            source,
        })?;
        bytes.push(b'\n');
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.cut_back().map_err(|source| failed(&self.path, source))?;
            return Err(failed(&self.path, error));
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn cut_back(&mut self) -> std::io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_and_a_cut_off_one_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let founded = Line::Founded { at: TimestampMs(5) };
        let put = Line::Put(vec![("A_Product".to_owned(), Row::new())]);
        let (mut journal, lines) = Journal::open(folder.path()).unwrap();
        assert_eq!(lines, []);
        journal.append(&founded).unwrap();
        journal.append(&put).unwrap();
        drop(journal);
        let path = folder.path().join(FILE_NAME);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"{\"put\":[[\"A_Pro");
        std::fs::write(&path, bytes).unwrap();
        let (mut journal, lines) = Journal::open(folder.path()).unwrap();
        assert_eq!(lines, [founded.clone(), put.clone()]);
        journal.append(&put).unwrap();
        assert_eq!(Journal::open(folder.path()).unwrap().1, [founded, put.clone(), put]);
    }

    #[test]
    fn a_damaged_line_in_the_middle_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE_NAME), "nonsense\n").unwrap();
        assert!(matches!(Journal::open(folder.path()), Err(DemoError::Journal { line: 1, .. })));
    }
}
