//! Where a user's things are when nobody says otherwise: the data directory, and the demo plant's program.

use std::path::PathBuf;

/// This user's data directory: `MILLWRIGHT_DATA`, else the place the system gives to programs' data. Nothing where the
/// system gives none.
pub fn default_directory() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from);
    from("MILLWRIGHT_DATA")
        .or_else(|| from("XDG_DATA_HOME").map(|folder| folder.join("millwright")))
        .or_else(|| from("LOCALAPPDATA").map(|folder| folder.join("Millwright")))
        .or_else(|| from("HOME").map(|folder| folder.join(".local/share/millwright")))
}

/// The demo plant's program, which lies beside the one that runs.
pub fn demo_program() -> Option<PathBuf> {
    let name = format!("millwright-demo{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok()?.with_file_name(name);
    beside.is_file().then_some(beside)
}
