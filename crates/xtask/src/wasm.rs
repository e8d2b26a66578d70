//! The compiler for wasm32: rustup's target where it can be had, else Debian's own compiler with its sources.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::program;
use crate::step::say;

/// The target triple of the screens.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Debian 12's security suite carries a whole compiler with the sources of its library.
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "libstd-rust-web-dev", "rust-web-src", "cargo-web", "lld-22"];

/// Which compiler builds the screens.
enum Compiler {
    /// The one that runs this, with the target installed.
    Rustup,
    /// Debian's, which builds the standard library too.
    Debian { rustc: PathBuf, cargo: PathBuf, linker_folder: PathBuf },
}

/// Makes sure that one of the two ways works, and says which.
pub(crate) fn prepare() -> Result<()> {
    if target_is_installed()? {
        return Ok(());
    }
    let added = program::exists("rustup")
        && Command::new("rustup")
            .args(["target", "add", TARGET])
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
    if added && target_is_installed()? {
        say("took rustup's target");
        return Ok(());
    }
    say("rustup has no target to give: taking Debian's compiler");
    let mut install = Command::new("apt-get");
    install
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(DEBIAN_PACKAGES)
        .env("DEBIAN_FRONTEND", "noninteractive");
    program::succeed(install.stdin(Stdio::null()).stdout(Stdio::null())).with_context(|| {
        format!("install them by hand: sudo apt-get install {}", DEBIAN_PACKAGES.join(" "))
    })?;
    compiler().map(|_found| ())
}

/// A cargo call for wasm32: `cargo <subcommand> --target …`, with whatever the compiler in use needs.
pub(crate) fn cargo(root: &Path, subcommand: &str) -> Result<Command> {
    let mut command = match compiler()? {
        Compiler::Rustup => {
            let mut cargo = program::cargo(root);
            cargo.arg(subcommand);
            cargo
        }
        Compiler::Debian { rustc, cargo, linker_folder } => {
            let mut command = Command::new(cargo);
            let path = std::env::var("PATH").unwrap_or_default();
            command
                .current_dir(root)
                .arg(subcommand)
                .args(["-Z", "build-std=std,panic_abort"])
                .env("RUSTC", rustc)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("PATH", format!("{}:{path}", linker_folder.display()))
                .env_remove("RUSTUP_TOOLCHAIN");
            command
        }
    };
    command.args(["--target", TARGET]);
    Ok(command)
}

fn compiler() -> Result<Compiler> {
    if target_is_installed()? {
        return Ok(Compiler::Rustup);
    }
    let found = |names: &[&str]| names.iter().map(PathBuf::from).find(|path| path.is_file());
    let rustc = found(&["/usr/bin/rustc-web", "/usr/lib/rust-web/bin/rustc", "/usr/bin/rustc"]);
    let cargo = found(&["/usr/bin/cargo-web", "/usr/lib/rust-web/bin/cargo", "/usr/bin/cargo"]);
    let (Some(rustc), Some(cargo)) = (rustc, cargo) else {
        bail!("there is no compiler for {TARGET}: run `cargo xtask setup`");
    };
    let linker = sysroot()?.join("lib/rustlib").join(host()?).join("bin");
    Ok(Compiler::Debian { rustc, cargo, linker_folder: linker })
}

fn sysroot() -> Result<PathBuf> {
    Ok(PathBuf::from(program::output(Command::new("rustc").args(["--print", "sysroot"]))?.trim()))
}

fn host() -> Result<String> {
    let verbose = program::output(Command::new("rustc").arg("-vV"))?;
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say its host")
}

fn target_is_installed() -> Result<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}
