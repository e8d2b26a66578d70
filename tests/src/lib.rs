//! What the test binaries share: where the workspace and the built programs are.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot set up its world fails"
)]

use std::path::{Path, PathBuf};

/// The workspace's folder.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_owned()
}

/// A program that `cargo xtask test` built before the tests.
pub fn program(name: &str) -> PathBuf {
    // This test binary lies in <target>/debug/deps.
    let binary = std::env::current_exe().unwrap();
    let debug = binary.ancestors().nth(2).expect("tests run from <target>/debug/deps");
    let program = debug.join(name);
    assert!(
        program.is_file(),
        "{} is not built: `cargo xtask test` builds it before the tests",
        program.display()
    );
    program
}
