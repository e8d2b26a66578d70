//! `cargo xtask bundle`: a Debian package and a Windows archive of the app, the command line and the demo plant.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cross::{self, WINDOWS};
use crate::step::{say, step};
use crate::{place, program, run, setup, ui};

/// The programs, and where they go.
const PROGRAMS: &[&str] = &["millwright", "millwrightctl", "millwright-demo"];
const LICENCES: &[&str] = &["LICENSE-MIT", "LICENSE-APACHE"];

/// Builds the packages into `target/bundle`.
///
/// # Errors
/// When an argument is unknown or a step fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let windows = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => true,
        ["--deb"] => false,
        _ => bail!("usage: cargo xtask bundle [--deb]"),
    };
    setup::for_solvers()?;
    let root = place::root()?;
    programs(&root)?;
    let package = step("the Debian package", || debian(&root))?;
    say(&format!("built {}", package.display()));
    if windows {
        setup::for_windows()?;
        let release =
            step("the programs for Windows", || windows_programs(&root, &run::all_programs(run::FEATURES)))?;
        let archive = step("the Windows archive", || windows_archive(&root, &release))?;
        say(&format!("built {}", archive.display()));
    }
    Ok(())
}

/// Builds the screens and the programs of this machine for release.
pub(crate) fn programs(root: &Path) -> Result<()> {
    step("the screens, small", || ui::run(&["--release".to_owned()]))?;
    step("the programs, optimised", || {
        program::succeed(
            program::cargo(root)
                .args(["build", "-q", "--release"])
                .args(run::all_programs(run::FEATURES_HERE)),
        )
    })
}

/// Builds programs for Windows; answers the folder they lie in.
pub(crate) fn windows_programs(root: &Path, packages: &[&str]) -> Result<PathBuf> {
    program::succeed(cross::cargo(&WINDOWS, root, "build")?.args(["-q", "--release"]).args(packages))?;
    Ok(place::target(root).join(WINDOWS.triple).join("release"))
}

/// Where the packages lie once they are built.
pub(crate) fn packages(root: &Path) -> Vec<PathBuf> {
    [debian_path(root), windows_path(root)].into_iter().filter(|path| path.is_file()).collect()
}

fn debian_path(root: &Path) -> PathBuf {
    place::target(root).join(format!("bundle/millwright_{}_amd64.deb", env!("CARGO_PKG_VERSION")))
}

fn windows_path(root: &Path) -> PathBuf {
    place::target(root).join(format!("bundle/millwright-{}-windows-x86_64.zip", env!("CARGO_PKG_VERSION")))
}

fn windows_archive(root: &Path, release: &Path) -> Result<PathBuf> {
    let archive = windows_path(root);
    let folder = archive.with_extension("");
    for stale in [&folder, &archive] {
        if stale.is_dir() {
            fs::remove_dir_all(stale)?;
        } else if stale.is_file() {
            fs::remove_file(stale)?;
        }
    }
    fs::create_dir_all(&folder)?;
    let programs = PROGRAMS.iter().map(|name| release.join(format!("{name}.exe")));
    // The build of the app lays the loader of Microsoft's webview beside it.
    let loader = [release.join("WebView2Loader.dll")];
    let licences = LICENCES.iter().map(|name| root.join(name));
    for from in programs.chain(loader).chain(licences) {
        let name = from.file_name().context("a file has a name")?;
        fs::copy(&from, folder.join(name)).with_context(|| from.display().to_string())?;
    }
    let mut zip = Command::new("zip");
    zip.args(["-q", "-9", "-r"]).arg(&archive).arg(folder.file_name().context("the folder has a name")?);
    program::succeed(zip.current_dir(folder.parent().context("the folder lies in one")?))?;
    Ok(archive)
}

fn debian(root: &Path) -> Result<PathBuf> {
    let target = place::target(root);
    let version = env!("CARGO_PKG_VERSION");
    let tree = target.join("bundle/deb");
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    let place_file = |from: &Path, to: &str| -> Result<()> {
        let to = tree.join(to);
        fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        fs::copy(from, &to).with_context(|| from.display().to_string())?;
        Ok(())
    };
    for program in PROGRAMS {
        place_file(&target.join("release").join(program), &format!("usr/bin/{program}"))?;
    }
    for size in ["32x32", "128x128", "256x256"] {
        place_file(
            &root.join(format!("assets/icons/{size}.png")),
            &format!("usr/share/icons/hicolor/{size}/apps/millwright.png"),
        )?;
    }
    for licence in LICENCES {
        place_file(&root.join(licence), &format!("usr/share/doc/millwright/{licence}"))?;
    }
    place_file(&root.join("assets/linux/millwright.desktop"), "usr/share/applications/millwright.desktop")?;
    place_file(
        &root.join("assets/linux/millwright-edge.service"),
        "usr/lib/systemd/user/millwright-edge.service",
    )?;
    let manual = program::output(Command::new(target.join("release/millwrightctl")).arg("man"))?;
    let manual_path = tree.join("usr/share/man/man1/millwrightctl.1");
    fs::create_dir_all(manual_path.parent().context("a file lies in a folder")?)?;
    fs::write(manual_path, manual)?;
    let control = format!(
        "Package: millwright\nVersion: {version}\nArchitecture: amd64\nMaintainer: The Millwright project <maintainers@millwright.invalid>\n\
         Section: misc\nPriority: optional\n\
         Depends: libwebkit2gtk-4.1-0, libgtk-3-0, libstdc++6, gstreamer1.0-plugins-base, gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad\n\
         Description: Maintenance that works offline\n Work orders, live plant data and guidance for the people who keep factories running.\n"
    );
    fs::create_dir_all(tree.join("DEBIAN"))?;
    fs::write(tree.join("DEBIAN/control"), control)?;
    let package = debian_path(root);
    program::succeed(
        Command::new("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&tree).arg(&package),
    )?;
    Ok(package)
}
