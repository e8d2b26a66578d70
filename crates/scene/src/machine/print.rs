//! What is printed on plates: words and lines as small pictures, set in the shipped font.

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};

use crate::model::Texture;

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/inter-regular.ttf");
const STRONG: &[u8] = include_bytes!("../../../../assets/fonts/inter-semibold.ttf");

/// A plate that is being printed; places and sizes in pixels.
pub(super) struct Print {
    width_px: u32,
    height_px: u32,
    rgba: Vec<u8>,
}

/// How heavy letters are.
#[derive(Copy, Clone)]
pub(super) enum Weight {
    Regular,
    Strong,
}

impl Print {
    pub(super) fn blank(width_px: u32, height_px: u32, color: [u8; 3]) -> Self {
        let [red, green, blue] = color;
        let rgba = [red, green, blue, 255].repeat((width_px * height_px) as usize);
        Self { width_px, height_px, rgba }
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, left: i32, top: i32, width: i32, height: i32, color: [u8; 3]) {
        for y in top..top + height {
            for x in left..left + width {
                self.mix(x, y, color, 1.0);
            }
        }
    }

    /// The outline of a rectangle.
    pub(super) fn frame(&mut self, left: i32, top: i32, width: i32, height: i32, thick: i32, color: [u8; 3]) {
        self.fill(left, top, width, thick, color);
        self.fill(left, top + height - thick, width, thick, color);
        self.fill(left, top, thick, height, color);
        self.fill(left + width - thick, top, thick, height, color);
    }

    /// Words, with their baseline at a place.
    pub(super) fn words(
        &mut self,
        text: &str,
        left: f32,
        baseline: f32,
        size: f32,
        weight: Weight,
        color: [u8; 3],
    ) {
        let bytes = match weight {
            Weight::Regular => REGULAR,
            Weight::Strong => STRONG,
        };
        // A font that cannot be read leaves the plate blank.
        let Ok(font) = FontRef::try_from_slice(bytes) else { return };
        let scaled = font.as_scaled(PxScale::from(size * 1.21));
        let mut at = left;
        for letter in text.chars() {
            let glyph = scaled.scaled_glyph(letter);
            let advance = scaled.h_advance(glyph.id);
            let mut placed = glyph;
            placed.position = point(at, baseline);
            if let Some(outline) = font.outline_glyph(placed) {
                let bounds = outline.px_bounds();
                outline.draw(|x, y, cover| {
                    self.mix(bounds.min.x as i32 + x as i32, bounds.min.y as i32 + y as i32, color, cover);
                });
            }
            at += advance;
        }
    }

    /// A filled circle, or a ring where it has an inner radius.
    pub(super) fn ring(&mut self, middle: [f32; 2], inner: f32, outer: f32, color: [u8; 3]) {
        self.arc(middle, inner, outer, [0.0, std::f32::consts::TAU], color);
    }

    /// A part of a ring, from one turn to another, clockwise from the right.
    pub(super) fn arc(&mut self, middle: [f32; 2], inner: f32, outer: f32, turns: [f32; 2], color: [u8; 3]) {
        for y in 0..self.height_px as i32 {
            for x in 0..self.width_px as i32 {
                let (dx, dy) = (x as f32 + 0.5 - middle[0], y as f32 + 0.5 - middle[1]);
                let radius = dx.hypot(dy);
                let turn = dy.atan2(dx).rem_euclid(std::f32::consts::TAU);
                if turn < turns[0] || turn > turns[1] {
                    continue;
                }
                let cover = (outer - radius + 0.5).clamp(0.0, 1.0) * (radius - inner + 0.5).clamp(0.0, 1.0);
                self.mix(x, y, color, cover);
            }
        }
    }

    pub(super) fn texture(self, name: &str) -> Texture {
        // Few tones pack small, and are the same wherever letters are drawn a hair differently.
        let rgba = self.rgba.iter().map(|byte| ((u32::from(*byte) + 8) / 17 * 17).min(255) as u8).collect();
        Texture { name: name.to_owned(), width_px: self.width_px, height_px: self.height_px, rgba }
    }

    fn mix(&mut self, x: i32, y: i32, color: [u8; 3], cover: f32) {
        let is_inside = (0..self.width_px as i32).contains(&x) && (0..self.height_px as i32).contains(&y);
        if !is_inside {
            return;
        }
        let start = (y as usize * self.width_px as usize + x as usize) * 4;
        let cover = cover.clamp(0.0, 1.0);
        for (place, tone) in color.iter().enumerate() {
            if let Some(byte) = self.rgba.get_mut(start + place) {
                *byte = (f32::from(*byte) * (1.0 - cover) + f32::from(*tone) * cover).round() as u8;
            }
        }
    }
}
