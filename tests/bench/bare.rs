//! The peer: the smallest webview there is, built here and shown on the same screen.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use millwright_tests::workspace;

use crate::screen::{Area, Screen};

/// Where its only line of text stands.
pub const TEXT: Area = Area { x: 40, y: 30, width: 600, height: 60 };

/// Builds it into `folder`.
pub fn built(folder: &Path) -> PathBuf {
    let program = folder.join("bare-webview");
    let flags = Command::new("pkg-config").args(["--cflags", "--libs", "webkit2gtk-4.1"]).output().unwrap();
    let flags = String::from_utf8(flags.stdout).unwrap();
    let status = Command::new("cc")
        .arg("-O2")
        .arg(workspace().join("tests/bench/bare.c"))
        .arg("-o")
        .arg(&program)
        .args(flags.split_whitespace())
        .status()
        .unwrap();
    assert!(status.success(), "the bare webview builds");
    program
}

/// Starts it.
pub fn start(program: &Path, screen: &Screen) -> Child {
    Command::new(program)
        .env("DISPLAY", &screen.display)
        .env("GTK_USE_PORTAL", "0")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("WAYLAND_DISPLAY")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
