//! How much is taken of a file that comes from outside.

use super::ImportFault;
use crate::model::{NAME_CHARS_MAX, PARTS_MAX, TRIANGLES_MAX};

/// The most of everything. What a model may hold at all stands in [`crate::model`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file.
    pub bytes: usize,
    /// Bytes of the JSON in a glTF file.
    pub json_bytes: usize,
    /// Nodes of a file, or links of a robot.
    pub nodes: usize,
    /// Meshes.
    pub meshes: usize,
    /// Materials.
    pub materials: usize,
    /// Triangles of all meshes.
    pub triangles: usize,
    /// Corners of all meshes.
    pub corners: usize,
    /// Animations.
    pub animations: usize,
    /// Keys of all animations.
    pub keys: usize,
    /// Textures.
    pub textures: usize,
    /// Pixels along a side of a texture.
    pub texture_side_px: u32,
    /// Pixels of all textures.
    pub texture_pixels: u64,
    /// Characters of a name.
    pub name_chars: usize,
    /// Bytes of what else is known of one part.
    pub extras_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 * 1024 * 1024,
            json_bytes: 32 * 1024 * 1024,
            nodes: PARTS_MAX,
            meshes: PARTS_MAX,
            materials: 4_096,
            triangles: TRIANGLES_MAX,
            corners: TRIANGLES_MAX,
            animations: 1_024,
            keys: 1_000_000,
            textures: 256,
            texture_side_px: 8_192,
            texture_pixels: 64 * 1024 * 1024,
            name_chars: NAME_CHARS_MAX,
            extras_bytes: 64 * 1024,
        }
    }
}

impl Limits {
    pub(super) fn bytes_fit(&self, bytes: usize) -> Result<(), ImportFault> {
        if bytes == 0 {
            return Err(ImportFault::Nothing);
        }
        within("the file", "bytes", bytes as u64, self.bytes as u64)
    }

    pub(super) fn name(&self, at: &str, name: &str) -> Result<(), ImportFault> {
        within(at, "characters of a name", name.chars().count() as u64, self.name_chars as u64)
    }
}

/// Refuses more than the most.
pub(super) fn within(at: &str, what: &'static str, count: u64, limit: u64) -> Result<(), ImportFault> {
    if count > limit {
        return Err(ImportFault::TooMany { at: at.to_owned(), what, count, limit });
    }
    Ok(())
}

/// Counts what is taken over a whole file.
#[derive(Debug)]
pub(super) struct Tally {
    what: &'static str,
    taken: u64,
    limit: u64,
}

impl Tally {
    pub(super) fn of(what: &'static str, limit: u64) -> Self {
        Self { what, taken: 0, limit }
    }

    /// Counts more, before any memory is taken for it.
    pub(super) fn take(&mut self, at: &str, more: u64) -> Result<(), ImportFault> {
        self.taken = self.taken.saturating_add(more);
        within(at, self.what, self.taken, self.limit)
    }
}
