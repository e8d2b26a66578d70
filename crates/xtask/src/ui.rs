//! `cargo xtask ui [--release] [app | stage3d]`: compiles the screens and the stage for wasm32 and lays `ui/dist` out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::cross::{self, WASM};
use crate::step::{say, step};
use crate::{place, program, setup};

/// A module of the webview: a package, the library that cargo makes of it, and its name in `ui/dist`.
struct Output {
    package: &'static str,
    library: &'static str,
    name: &'static str,
}

/// The modules. The webview loads the first at once, and the other when a machine is to be seen.
const OUTPUTS: &[Output] = &[
    Output { package: "millwright-ui", library: "millwright_ui.wasm", name: "app" },
    Output { package: "millwright-stage3d", library: "millwright_stage3d.wasm", name: "stage3d" },
];
/// What is copied as it is: from, to (in `ui/dist`).
const COPIED: &[(&str, &str)] = &[
    ("ui/index.html", "index.html"),
    ("ui/start.js", "start.js"),
    ("assets/tokens.css", "tokens.css"),
    ("assets/app.css", "app.css"),
    ("assets/icons/mark.svg", "icons/mark.svg"),
];
/// What wasm-opt is told. `-Oz` makes the file smaller on the disk but larger once compressed (measured). The features
/// are those that rustc uses: with `--all-features` it writes what no webview reads.
const WASM_OPT: &[&str] = &[
    "-O1",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Compiles the module in an engine that no one here wrote, so that a broken one never reaches a webview.
const COMPILE_ONCE: &str = "new WebAssembly.Module(require('fs').readFileSync(process.argv[1]))";
const COPIED_FOLDERS: &[(&str, &str)] = &[("assets/fonts", "fonts")];

/// Builds the screens.
///
/// # Errors
/// When an argument is unknown or a step fails; the failing step is named.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (flags, names): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|argument| argument.starts_with('-'));
    let is_known = |name: &&str| OUTPUTS.iter().any(|output| output.name == *name);
    if flags.iter().any(|flag| *flag != "--release") || !names.iter().all(is_known) {
        bail!("usage: cargo xtask ui [--release] [app | stage3d]");
    }
    let release = !flags.is_empty();
    let wanted = || OUTPUTS.iter().filter(|output| names.is_empty() || names.contains(&output.name));
    let root = place::root()?;
    let dist = root.join("ui/dist");
    fs::create_dir_all(&dist)?;
    for output in wanted() {
        output.build(&root, &dist, release)?;
    }
    step("lay out ui/dist", || copy(&root, &dist))?;
    for output in wanted() {
        say(&format!(
            "ui/dist/{}_bg.wasm: {} KiB",
            output.name,
            fs::metadata(output.module(&dist))?.len() / 1024
        ));
    }
    Ok(())
}

impl Output {
    fn build(&self, root: &Path, dist: &Path, release: bool) -> Result<()> {
        let name = self.name;
        let wasm = step(&format!("compile {name} for wasm32"), || self.compile(root, release))?;
        let stamp = wasm.with_extension("bound");
        if fs::read_to_string(&stamp).is_ok_and(|known| known == self.signs(&wasm, dist)) {
            return Ok(());
        }
        step(&format!("bind {name} to JavaScript"), || self.bind(&wasm, dist, release))?;
        if release {
            step(&format!("make {name} smaller"), || optimise(root, &self.module(dist)))?;
        }
        fs::write(stamp, self.signs(&wasm, dist))?;
        Ok(())
    }

    /// The module in `ui/dist`.
    fn module(&self, dist: &Path) -> PathBuf {
        dist.join(format!("{}_bg.wasm", self.name))
    }

    /// Signs by which what was compiled and what was made of it in `ui/dist` are known again: a build that changed
    /// nothing binds nothing.
    fn signs(&self, wasm: &Path, dist: &Path) -> String {
        let script = dist.join(format!("{}.js", self.name));
        let files = [wasm.to_path_buf(), self.module(dist), script];
        let sign = |file: &PathBuf| {
            let known = fs::metadata(file).ok()?;
            Some(format!("{} {} {:?}\n", file.display(), known.len(), known.modified().ok()?))
        };
        files.iter().map(|file| sign(file).unwrap_or_else(|| "missing\n".to_owned())).collect()
    }

    fn compile(&self, root: &Path, release: bool) -> Result<PathBuf> {
        let profile = if release { "wasm-release" } else { "wasm-dev" };
        // A call for each: together they would give each other's features to what both are made of.
        let mut build = cross::cargo(&WASM, root, "build")?;
        program::succeed(build.args(["-q", "-p", self.package, "--lib", "--profile", profile]))?;
        Ok(place::target(root).join(WASM.triple).join(profile).join(self.library))
    }

    fn bind(&self, wasm: &Path, dist: &Path, release: bool) -> Result<()> {
        let mut bindgen = Bindgen::new();
        bindgen
            .input_path(wasm)
            .out_name(self.name)
            .web(true)?
            .typescript(false)
            .debug(!release)
            .keep_debug(!release)
            .remove_name_section(release)
            .remove_producers_section(true);
        bindgen.generate(dist)
    }
}

/// Runs wasm-opt over the module, in its place.
fn optimise(root: &Path, wasm: &Path) -> Result<()> {
    let folder = setup::binaryen(root)?;
    let small = wasm.with_extension("small");
    let mut wasm_opt = Command::new(folder.join("node"));
    wasm_opt
        .arg(folder.join("node_modules/binaryen/bin/wasm-opt"))
        .args(WASM_OPT)
        .arg(wasm)
        .arg("-o")
        .arg(&small);
    program::succeed(&mut wasm_opt)?;
    program::succeed(Command::new(folder.join("node")).args(["-e", COMPILE_ONCE]).arg(&small))?;
    fs::rename(&small, wasm)?;
    Ok(())
}

fn copy(root: &Path, dist: &Path) -> Result<()> {
    for (from, to) in COPIED {
        copy_file(&root.join(from), &dist.join(to))?;
    }
    for (from, to) in COPIED_FOLDERS {
        for entry in fs::read_dir(root.join(from)).with_context(|| (*from).to_owned())? {
            let entry = entry?;
            copy_file(&entry.path(), &dist.join(to).join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Copies only what differs, so that a second run changes nothing.
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| from.display().to_string())?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, bytes).with_context(|| to.display().to_string())
}
