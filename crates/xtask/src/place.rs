//! Where things are: the workspace, the build output, the cache of tools and test peers.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The workspace's folder.
pub(crate) fn root() -> Result<PathBuf> {
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").context("run it as `cargo xtask`")?);
    manifest.ancestors().nth(2).map(Path::to_path_buf).context("the workspace lies two folders up")
}

/// Where cargo puts what it builds.
pub(crate) fn target(root: &Path) -> PathBuf {
    root.join(std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from))
}

/// Where the test peers are installed.
pub(crate) fn peers(root: &Path) -> PathBuf {
    std::env::var_os("MILLWRIGHT_PEERS").map_or_else(|| root.join(".cache/peers"), PathBuf::from)
}

/// Where tools that take minutes to build are kept between clones.
pub(crate) fn tools() -> Result<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache")));
    Ok(cache.context("there is no home folder")?.join("millwright/tools"))
}
