//! `cargo xtask setup`: everything that building and testing need, on a fresh Debian 12 with git and Rust.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::step::{say, step};
use crate::{cross, place, program};

/// What the desktop program is built with.
const BUILD_PACKAGES: &[&str] = &[
    "build-essential",
    "cmake",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "pkg-config",
];
/// What the solvers of `millwrightctl allocate` are built with: their bindings are read off headers of C by libclang.
const SOLVER_PACKAGES: &[&str] = &["libclang1-14", "libclang-common-14-dev"];
/// What the tests run against and with.
const TEST_PACKAGES: &[&str] = &[
    "chromium",
    "chromium-driver",
    "dbus-x11",
    "gnome-keyring",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "imagemagick",
    "libgl1-mesa-dri",
    "mesa-vulkan-drivers",
    "mosquitto",
    "postgresql-15",
    "python3-venv",
    "webkit2gtk-driver",
    "xdotool",
    "xvfb",
];
/// What the benches measure with, beside what the tests use.
const BENCH_PACKAGES: &[&str] = &["brotli"];
/// What links programs for Windows.
const WINDOWS_PACKAGES: &[&str] = &["gcc-mingw-w64-x86-64", "g++-mingw-w64-x86-64", "zip"];
/// What opens slides here as other people's offices do, for the long checks.
const OFFICE_PACKAGES: &[&str] = &["libreoffice-impress", "poppler-utils"];
/// What runs a program for Windows here, for the smoke run of the command line.
const WINE_PACKAGES: &[&str] = &["wine64"];
/// The install script of each test peer and the folder it fills.
const PEERS: &[(&str, &str)] = &[
    ("crates/plant/tests/peers/install.sh", "sparkplug"),
    ("crates/plant/tests/peers/python/install.sh", "sparkplug-python"),
    ("crates/erp/tests/peers/odata/install.sh", "odata"),
    ("crates/erp/tests/peers/tryton/install.sh", "tryton"),
    ("crates/mail/tests/peers/install.sh", "smtp"),
];

/// Installs all of it; what is there already is left alone.
///
/// # Errors
/// When a step fails, or cannot be done without rights that this user lacks.
pub(crate) fn run() -> Result<()> {
    for_solvers()?;
    let root = place::root()?;
    step("system packages for testing", || packages(TEST_PACKAGES))?;
    for (script, name) in PEERS {
        step(&format!("test peer {name}"), || install(&root, script, &place::peers(&root).join(name)))?;
    }
    Ok(())
}

/// What `cargo xtask run` needs.
pub(crate) fn for_building() -> Result<()> {
    step("system packages for building", || packages(BUILD_PACKAGES))?;
    step("the wasm32 target", || cross::prepare(&cross::WASM))?;
    Ok(())
}

/// What programs with their solvers need.
pub(crate) fn for_solvers() -> Result<()> {
    for_building()?;
    step("system packages for the solvers", || packages(SOLVER_PACKAGES))
}

/// What `cargo xtask bench` needs.
pub(crate) fn for_benches() -> Result<()> {
    for_solvers()?;
    step("system packages for testing", || packages(TEST_PACKAGES))?;
    step("system packages for measuring", || packages(BENCH_PACKAGES))
}

/// What `cargo xtask bundle` needs for the programs for Windows.
pub(crate) fn for_windows() -> Result<()> {
    step("system packages for Windows", || packages(WINDOWS_PACKAGES))?;
    step("the Windows target", || cross::prepare(&cross::WINDOWS))
}

/// What runs programs for Windows here.
pub(crate) fn for_wine() -> Result<()> {
    step("wine", || packages(WINE_PACKAGES))
}

/// What opens slides in the long checks.
pub(crate) fn for_office() -> Result<()> {
    step("an office that opens slides", || packages(OFFICE_PACKAGES))
}

/// What `cargo xtask bench stage` measures in.
pub(crate) fn for_stage_bench() -> Result<()> {
    for_building()?;
    packages(&["chromium"])
}

/// three.js, the peer of the stage, kept between clones; answers the folder it lies in.
pub(crate) fn three(root: &Path) -> Result<PathBuf> {
    let folder = place::tools()?.join("three-187");
    install(root, "ui/stage3d/bench/install.sh", &folder)?;
    Ok(folder)
}

/// wasm-opt, kept between clones; answers the folder it lies in.
pub(crate) fn binaryen(root: &Path) -> Result<PathBuf> {
    let folder = place::tools()?.join("binaryen-132");
    install(root, "crates/xtask/binaryen/install.sh", &folder)?;
    Ok(folder)
}

fn packages(wanted: &[&str]) -> Result<()> {
    if !program::exists("dpkg-query") {
        say("This is not a Debian system. Install the equivalents of these packages by hand:");
        say(&format!("  {}", wanted.join(" ")));
        return Ok(());
    }
    let missing: Vec<&str> = wanted.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("missing: {}", missing.join(" ")));
    let install = |as_root: &[&str]| -> Result<()> {
        let run = |arguments: &[&str]| {
            let mut words = as_root.to_vec();
            words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            words.extend(arguments);
            let (first, rest) = words.split_first().unwrap_or((&"apt-get", &[]));
            program::succeed(Command::new(first).args(rest).stdin(Stdio::null()).stdout(Stdio::null()))
        };
        run(&["update", "-q"])?;
        let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
        arguments.extend(&missing);
        run(&arguments)
    };
    if is_root() {
        install(&[])
    } else if can_sudo() {
        install(&["sudo", "-n"])
    } else {
        bail!(
            "this user may not install packages. Do it once by hand:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
            missing.join(" ")
        )
    }
}

fn is_installed(package: &str) -> bool {
    let query = Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .stderr(Stdio::null())
        .output();
    query.is_ok_and(|output| output.stdout == b"installed")
}

fn is_root() -> bool {
    program::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn can_sudo() -> bool {
    program::exists("sudo")
        && Command::new("sudo")
            .args(["-n", "true"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
}

fn install(root: &Path, script: &str, folder: &Path) -> Result<()> {
    program::succeed(Command::new("sh").arg(root.join(script)).arg(folder).stdin(Stdio::null()))
}
