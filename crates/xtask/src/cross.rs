//! Compilers for other machines: rustup's target where it can be had, else Debian's own compiler with its sources.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::program;
use crate::step::say;

/// A machine that is built for.
pub(crate) struct Target {
    /// Its triple.
    pub(crate) triple: &'static str,
    /// What Debian's compiler has to build of the standard library.
    build_std: &'static str,
}

/// The webview, which runs the screens.
pub(crate) const WASM: Target =
    Target { triple: "wasm32-unknown-unknown", build_std: "build-std=std,panic_abort" };
/// Windows, by way of mingw-w64.
pub(crate) const WINDOWS: Target =
    Target { triple: "x86_64-pc-windows-gnu", build_std: "build-std=std,panic_abort,panic_unwind" };

/// Debian 12's security suite carries a whole compiler with the sources of its library.
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "libstd-rust-web-dev", "rust-web-src", "cargo-web", "lld-22"];

/// Which compiler is taken.
enum Compiler {
    /// The one that runs this, with the target installed.
    Rustup,
    /// Debian's, which builds the standard library too.
    Debian { rustc: PathBuf, cargo: PathBuf, linker_folder: PathBuf },
}

/// Makes sure that one of the two ways works, and says which.
pub(crate) fn prepare(target: &Target) -> Result<()> {
    if is_installed(target)? {
        return Ok(());
    }
    let added = program::exists("rustup")
        && Command::new("rustup")
            .args(["target", "add", target.triple])
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
    if added && is_installed(target)? {
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
    compiler(target).map(|_found| ())
}

/// A cargo call for a target: `cargo <subcommand> --target …`, with whatever the compiler in use needs.
pub(crate) fn cargo(target: &Target, root: &Path, subcommand: &str) -> Result<Command> {
    let mut command = match compiler(target)? {
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
                .args(["-Z", target.build_std])
                .env("RUSTC", rustc)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("PATH", format!("{}:{path}", linker_folder.display()))
                .env_remove("RUSTUP_TOOLCHAIN");
            command
        }
    };
    command.args(["--target", target.triple]);
    Ok(command)
}

fn compiler(target: &Target) -> Result<Compiler> {
    if is_installed(target)? {
        return Ok(Compiler::Rustup);
    }
    let found = |names: &[&str]| names.iter().map(PathBuf::from).find(|path| path.is_file());
    let rustc = found(&["/usr/bin/rustc-web", "/usr/lib/rust-web/bin/rustc", "/usr/bin/rustc"]);
    let cargo = found(&["/usr/bin/cargo-web", "/usr/lib/rust-web/bin/cargo", "/usr/bin/cargo"]);
    let (Some(rustc), Some(cargo)) = (rustc, cargo) else {
        bail!("there is no compiler for {}: run `cargo xtask setup`", target.triple);
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

fn is_installed(target: &Target) -> Result<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(target.triple).join("lib").is_dir())
}
