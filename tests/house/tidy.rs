//! What a reader may rely on in every file.

use std::path::{Path, PathBuf};

use millwright_tests::workspace;

/// Folders that hold our Rust.
const ROOMS: &[&str] = &["crates", "local-db", "src-tauri", "tests", "ui"];

fn rust_files() -> Vec<PathBuf> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "node_modules", "dist", ".cache"].contains(&name.as_str()) {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    for room in ROOMS {
        collect(&workspace().join(room), &mut files);
    }
    files.sort();
    files
}

fn offenders(is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let text_of = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    rust_files()
        .iter()
        .filter(|path| is_wrong(&text_of(path)))
        .map(|path| path.display().to_string())
        .collect()
}

#[test]
fn every_file_opens_with_a_line_on_what_it_owns() {
    let wrong = offenders(|text| !text.trim_start().starts_with("//!"));
    assert!(wrong.is_empty(), "no `//!` at the top of {wrong:#?}");
}

#[test]
fn no_file_outgrows_what_a_reader_can_hold() {
    let wrong = offenders(|text| text.lines().count() > 800);
    assert!(wrong.is_empty(), "more than 800 lines: {wrong:#?}");
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    // Put together here, so that this file does not accuse itself.
    let marks = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["unimple", "mented!("].concat(),
        ["to", "do!("].concat(),
    ];
    let wrong = offenders(|text| marks.iter().any(|mark| text.contains(mark.as_str())));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_say_what_a_thing_is() {
    let endings = ["Manager", "Helper", "Util", "Dto"];
    let names_badly = |line: &str| {
        let declared = ["struct ", "enum ", "trait ", "mod "]
            .iter()
            .find_map(|word| line.trim_start().trim_start_matches("pub ").strip_prefix(word));
        declared.is_some_and(|rest| {
            let name: String = rest
                .chars()
                .take_while(|character| character.is_alphanumeric() || *character == '_')
                .collect();
            endings.iter().any(|ending| name.ends_with(ending))
                || ["utils", "helpers"].contains(&name.as_str())
        })
    };
    let wrong = offenders(|text| text.lines().any(names_badly));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_package_takes_the_workspaces_lints_and_leaves_no_example_as_a_test() {
    let mut manifests = vec![
        workspace().join("Cargo.toml"),
        workspace().join("local-db/Cargo.toml"),
        workspace().join("tests/Cargo.toml"),
        workspace().join("ui/Cargo.toml"),
        workspace().join("ui/stage3d/Cargo.toml"),
    ];
    for entry in std::fs::read_dir(workspace().join("crates")).unwrap() {
        manifests.push(entry.unwrap().path().join("Cargo.toml"));
    }
    for manifest in manifests {
        let text = std::fs::read_to_string(&manifest).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{}", manifest.display());
        // `cargo xtask test` runs test programs alone: an example in a comment would be a test that nobody runs.
        let is_library = manifest.with_file_name("src/lib.rs").exists();
        assert!(!is_library || text.contains("doctest = false"), "{}", manifest.display());
    }
}
