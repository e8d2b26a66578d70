//! The clock of end-to-end tests never gets into a release.

use std::process::Command;

use millwright_tests::workspace;

/// What the compiler says of the file alone, with and without what a release build leaves out.
fn compiled(debug_assertions: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--cap-lints", "allow"])
        .args(["-C", &format!("debug-assertions={debug_assertions}"), "--out-dir"])
        .arg(folder.path())
        .arg(workspace().join("crates/engine/src/test_clock.rs"))
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_release_build_with_the_test_clock_does_not_compile() {
    let refusal = "the feature test-clock is for tests: a release build does not carry it";
    let (built, said) = compiled("off");
    assert!(!built && said.contains(refusal), "{said}");
    // The same file alone lacks its libraries, but in a debug build nobody refuses it.
    let (_, said) = compiled("on");
    assert!(!said.contains(refusal), "{said}");
}

#[test]
fn every_face_takes_the_test_clock_from_the_one_file() {
    for (manifest, feature) in [
        ("Cargo.toml", "test-clock = [\"millwright-engine/test-clock\"]"),
        ("crates/ctl/Cargo.toml", "test-clock = [\"millwright-engine/test-clock\"]"),
        ("crates/engine/Cargo.toml", "test-clock = []"),
    ] {
        let text = std::fs::read_to_string(workspace().join(manifest)).unwrap();
        assert!(text.contains(feature), "{manifest}");
        let default = text.lines().any(|line| line.starts_with("default = ") && line.contains("test-clock"));
        assert!(!default, "{manifest} carries it unasked");
    }
}
