//! Corners of ink, and the triangles between them.

use glam::Vec2;

use crate::frame::Rgba;

/// A place on the picture.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Spot {
    /// Pixels from the upper left corner.
    pub at_px: Vec2,
    /// What a depth buffer holds for it: 0 is before everything.
    pub depth: f32,
}

impl Spot {
    /// Before everything.
    pub const fn front(at_px: Vec2) -> Self {
        Self { at_px, depth: 0.0 }
    }

    /// Moved on the picture.
    #[must_use]
    pub fn moved(self, by_px: Vec2) -> Self {
        Self { at_px: self.at_px + by_px, ..self }
    }
}

/// How a triangle is filled.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Evenly.
    Plain,
    /// By what the atlas says of how much a pixel is covered.
    Letter,
    /// With stripes at 45 degrees.
    Hatched,
}

/// A corner.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Corner {
    /// Where.
    pub spot: Spot,
    /// Where in the atlas, pixels.
    pub atlas_px: Vec2,
    /// The colour.
    pub color: Rgba,
    /// How it is filled.
    pub mode: Mode,
}

/// Triangles, drawn in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ink {
    /// Corners.
    pub corners: Vec<Corner>,
    /// Three places of corners each.
    pub triangles: Vec<[u32; 3]>,
}

impl Ink {
    /// Nothing drawn.
    pub fn clear(&mut self) {
        self.corners.clear();
        self.triangles.clear();
    }

    /// A corner without a place in the atlas.
    pub fn corner(&mut self, spot: Spot, color: Rgba, mode: Mode) -> u32 {
        self.corners.push(Corner { spot, atlas_px: Vec2::ZERO, color, mode });
        u32::try_from(self.corners.len() - 1).unwrap_or(u32::MAX)
    }

    /// A strip between two lines of equally many corners.
    pub fn strip(&mut self, left: &[u32], right: &[u32]) {
        for (a, b) in left.windows(2).zip(right.windows(2)) {
            if let ([a, b], [c, d]) = (a, b) {
                self.triangles.push([*a, *c, *b]);
                self.triangles.push([*b, *c, *d]);
            }
        }
    }
}
