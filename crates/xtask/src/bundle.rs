//! `cargo xtask bundle`: a Debian package of the app, the command line and the demo plant.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::step::{say, step};
use crate::{place, program, setup, ui};

/// The programs, and where they go.
const PROGRAMS: &[&str] = &["millwright", "millwrightctl", "millwright-demo"];

/// Builds the package into `target/bundle`.
///
/// # Errors
/// When a step fails.
pub(crate) fn run() -> Result<()> {
    setup::for_building()?;
    let root = place::root()?;
    step("the screens, small", || ui::run(&["--release".to_owned()]))?;
    step("the programs, optimised", || {
        let packages = [
            "-p",
            "millwright-demo",
            "-p",
            "millwright-ctl",
            "-p",
            "millwright",
            "--features",
            "millwright/custom-protocol",
        ];
        program::succeed(program::cargo(&root).args(["build", "-q", "--release"]).args(packages))
    })?;
    let package = step("the package", || package(&root))?;
    say(&format!("built {}", package.display()));
    Ok(())
}

fn package(root: &Path) -> Result<std::path::PathBuf> {
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
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
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
         Depends: libwebkit2gtk-4.1-0, libgtk-3-0, gstreamer1.0-plugins-base, gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad\n\
         Description: Maintenance that works offline\n Work orders, live plant data and guidance for the people who keep factories running.\n"
    );
    fs::create_dir_all(tree.join("DEBIAN"))?;
    fs::write(tree.join("DEBIAN/control"), control)?;
    let package = target.join(format!("bundle/millwright_{version}_amd64.deb"));
    program::succeed(
        Command::new("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&tree).arg(&package),
    )?;
    Ok(package)
}
