//! The system's viewer, which shows and prints a PDF that was kept.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file that lies in the folder for downloads itself and is a PDF, by its name and its first bytes.
///
/// # Errors
/// When it is not there, lies elsewhere (also by way of a link), or is no PDF.
pub(crate) fn kept_pdf(folder: &Path, path: &Path) -> Result<PathBuf> {
    use std::io::Read as _;
    let path = path.canonicalize()?;
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
    if path.parent() != Some(folder.canonicalize()?.as_path()) || !named {
        return Err(Error::new(ErrorKind::PermissionDenied, "it is no PDF of the folder for downloads"));
    }
    let mut first = [0; 5];
    std::fs::File::open(&path)?.read_exact(&mut first)?;
    if first != *b"%PDF-" {
        return Err(Error::new(ErrorKind::InvalidData, "it is no PDF"));
    }
    // By the folder's everyday name: Windows' viewers do not take the one that the system canonicalizes to.
    Ok(path.file_name().map_or_else(|| path.clone(), |name| folder.join(name)))
}

/// Hands a file to the program that the desktop shows PDFs with, and waits for it only until it has started.
///
/// # Errors
/// When there is no such program.
pub(crate) fn show(path: &Path) -> Result<()> {
    let program = if cfg!(windows) { "explorer.exe" } else { "xdg-open" };
    let mut opened = Command::new(program)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Error::new(error.kind(), format!("{program}: {error}")))?;
    // Somebody has to hear that it ended, or it stays in the table of processes.
    std::thread::spawn(move || opened.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pdf_of_the_folder_is_opened() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("Downloads");
        std::fs::create_dir(&folder).unwrap();
        let put = |path: PathBuf, bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let kept = put(folder.join("order.pdf"), b"%PDF-1.7");
        assert_eq!(kept_pdf(&folder, &kept).unwrap(), kept);
        let program = put(folder.join("order.sh"), b"%PDF-1.7");
        let disguised = put(folder.join("program.pdf"), b"#!/bin/sh");
        let elsewhere = put(root.path().join("other.pdf"), b"%PDF-1.7");
        let around = folder.join("../other.pdf");
        for path in [
            program,
            disguised,
            elsewhere,
            around,
            folder.join("missing.pdf"),
            PathBuf::from("https://x/y.pdf"),
        ] {
            assert!(kept_pdf(&folder, &path).is_err(), "{}", path.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out_of_the_folder() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("Downloads");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(root.path().join("other.pdf"), b"%PDF-1.7").unwrap();
        std::os::unix::fs::symlink(root.path().join("other.pdf"), folder.join("link.pdf")).unwrap();
        assert!(kept_pdf(&folder, &folder.join("link.pdf")).is_err());
    }
}
