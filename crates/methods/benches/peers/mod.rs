//! What simulation is measured beside: a Python with numpy, scipy and simpy, installed where the test peers are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python; nothing where it cannot be installed.
pub fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("../../.cache/peers/numbers");
    let script = root.join("benches/peers/install.sh");
    let is_there =
        Command::new("sh").arg(script).arg(&target).output().is_ok_and(|output| output.status.success());
    is_there.then(|| target.join("venv/bin/python"))
}
