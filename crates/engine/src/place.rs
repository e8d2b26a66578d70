//! Where a user's things are when nobody says otherwise: the data directory, and the demo plant's program.

use std::path::{Path, PathBuf};

/// This user's data directory: `MILLWRIGHT_DATA`, else the place the system gives to programs' data. Nothing where the
/// system gives none.
pub fn default_directory() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from);
    from("MILLWRIGHT_DATA")
        .or_else(|| from("XDG_DATA_HOME").map(|folder| folder.join("millwright")))
        .or_else(|| from("LOCALAPPDATA").map(|folder| folder.join("Millwright")))
        .or_else(|| from("HOME").map(|folder| folder.join(".local/share/millwright")))
}

/// This user's folder for downloads: the one that the desktop has, else `Downloads` in the home. Nothing where there is
/// no home.
pub(crate) fn downloads_directory() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let home = from("HOME").or_else(|| from("USERPROFILE"));
    let configuration = from("XDG_CONFIG_HOME").or_else(|| home.as_ref().map(|home| home.join(".config")));
    let named = configuration
        .and_then(|folder| std::fs::read_to_string(folder.join("user-dirs.dirs")).ok())
        .and_then(|text| named_downloads(&text, home.as_deref()));
    from("XDG_DOWNLOAD_DIR").or(named).or_else(|| home.map(|home| home.join("Downloads")))
}

/// The folder that the desktop's list of folders names.
fn named_downloads(list: &str, home: Option<&Path>) -> Option<PathBuf> {
    let named = list.lines().find_map(|line| line.trim().strip_prefix("XDG_DOWNLOAD_DIR="))?;
    let named = named.trim().trim_matches('"');
    let folder = match named.strip_prefix("$HOME") {
        Some(rest) => home?.join(rest.trim_start_matches('/')),
        None => PathBuf::from(named),
    };
    // The home itself stands there where somebody has no such folder.
    (folder.is_absolute() && Some(folder.as_path()) != home).then_some(folder)
}

/// The demo plant's program, which lies beside the one that runs.
pub fn demo_program() -> Option<PathBuf> {
    let name = format!("millwright-demo{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok()?.with_file_name(name);
    beside.is_file().then_some(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desktop_says_where_downloads_go() {
        let home = Path::new("/home/anna");
        let list =
            "# folders\nXDG_DESKTOP_DIR=\"$HOME/Desktop\"\nXDG_DOWNLOAD_DIR=\"$HOME/Heruntergeladen\"\n";
        assert_eq!(named_downloads(list, Some(home)), Some(home.join("Heruntergeladen")));
        assert_eq!(
            named_downloads("XDG_DOWNLOAD_DIR=\"/srv/files\"", None),
            Some(PathBuf::from("/srv/files"))
        );
        assert_eq!(named_downloads("XDG_DOWNLOAD_DIR=\"$HOME/\"", Some(home)), None);
        assert_eq!(named_downloads("", Some(home)), None);
    }
}
