//! `cargo xtask bench`: builds for release and measures, beside a peer in the same run where there is one.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{say, step};
use crate::{bundle, place, program, setup, stage_bench};

/// The parts: a name, whether they drive the programs, and what `cargo bench` is told.
const PARTS: &[(&str, bool, &[&str])] = &[
    ("history", false, &["-p", "millwright-local-db", "--bench", "history"]),
    ("decode", false, &["-p", "millwright-plant"]),
    ("team", false, &["-p", "millwright-engine", "--bench", "team"]),
    ("start", true, &["-p", "millwright-tests", "--bench", "desk", "--", "start"]),
    ("soak", true, &["-p", "millwright-tests", "--bench", "desk", "--", "soak"]),
    ("fiducial", false, &["-p", "millwright-vision", "--features", "peer", "--bench", "fiducial"]),
    ("frames", false, &["-p", "millwright-scene", "--bench", "frames"]),
    ("scenario", false, &["-p", "millwright-methods", "--bench", "scenario"]),
    ("discrete", false, &["-p", "millwright-methods", "--bench", "discrete"]),
    ("sight", true, &["-p", "millwright-tests", "--bench", "desk", "--", "sight"]),
];
/// What guidance takes, and what planning does, all of it by one name each.
const WHOLES: &[(&str, &[&str])] =
    &[("guide", &["fiducial", "sight", "stage", "frames"]), ("plan", &["scenario", "discrete"])];
/// Parts that are no `cargo bench`.
const OTHERS: &[&str] = &["stage", "sizes"];
/// What the webview loads when the first machine is to be seen.
const FIRST_MACHINE: &[&str] = &["stage3d_bg.wasm", "stage3d.js"];
/// What the first screen makes the webview load.
const FIRST_SCREEN: &[&str] = &["app_bg.wasm", "app.js", "app.css", "tokens.css"];

/// Runs the named parts, or all of them and the sizes.
///
/// # Errors
/// When a part is unknown or fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let arguments = &whole(arguments);
    let known =
        |name: &String| OTHERS.contains(&name.as_str()) || PARTS.iter().any(|(part, ..)| part == name);
    if let Some(stranger) = arguments.iter().find(|name| !known(name)) {
        let names: Vec<&str> = PARTS.iter().map(|(part, ..)| *part).collect();
        bail!("«{stranger}» is no part of the bench: there are {}, {}", names.join(", "), OTHERS.join(", "));
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    let root = place::root()?;
    let drives = PARTS.iter().any(|(name, drives, _)| *drives && wanted(name));
    if drives || wanted("sizes") {
        setup::for_benches()?;
        bundle::programs(&root)?;
    }
    for (name, _, told) in PARTS.iter().filter(|(name, ..)| wanted(name)) {
        step(&format!("bench: {name}"), || {
            program::succeed(program::cargo(&root).arg("bench").arg("-q").args(*told))
        })?;
    }
    if wanted("stage") {
        stage_bench::run(&root)?;
    }
    if wanted("sizes") {
        sizes(&root)?;
    }
    Ok(())
}

/// The parts that are asked for, with those that go by one name each by its own.
fn whole(arguments: &[String]) -> Vec<String> {
    let parts_of = |name: &String| match WHOLES.iter().find(|(whole, _)| whole == name) {
        Some((_, parts)) => parts.iter().map(|part| (*part).to_owned()).collect(),
        None => vec![name.clone()],
    };
    arguments.iter().flat_map(parts_of).collect()
}

fn sizes(root: &Path) -> Result<()> {
    say("## Sizes\n\n| | bytes | brotli |\n|---|---|---|");
    for name in FIRST_SCREEN.iter().chain(FIRST_MACHINE) {
        let bytes = fs::read(root.join("ui/dist").join(name)).with_context(|| (*name).to_owned())?;
        say(&format!("| `{name}` | {} | {} |", bytes.len(), brotli_bytes(&bytes)?));
    }
    for package in bundle::packages(root) {
        let bytes = fs::metadata(&package).with_context(|| package.display().to_string())?.len();
        let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
        say(&format!("| `{name}` | {bytes} | |"));
    }
    Ok(())
}

/// Its size after brotli at its highest level, as a server or an installer would ship it.
fn brotli_bytes(bytes: &[u8]) -> Result<usize> {
    let folder = std::env::temp_dir().join(format!("millwright-brotli-{}", std::process::id()));
    fs::write(&folder, bytes)?;
    let output = Command::new("brotli").args(["-q", "11", "-c"]).arg(&folder).output();
    fs::remove_file(&folder)?;
    Ok(output.context("brotli")?.stdout.len())
}
