//! Letters in one picture: each is drawn once for its size and its place within a pixel, so that texts are sharp.

use std::collections::HashMap;

use ab_glyph::GlyphId;

use super::{Faces, Weight};

/// Pixels along a side of the picture.
pub const ATLAS_SIDE_PX: u32 = 1024;
/// Places within a pixel at which a letter may begin.
const SHIFTS: u32 = 4;
/// Room around a letter, so that none runs into its neighbour.
const GAP_PX: u32 = 1;

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    weight: Weight,
    glyph: GlyphId,
    /// Sixteenths of a pixel.
    size: u32,
    shift: u32,
}

/// Where a letter is in the picture, and where it belongs.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Slot {
    /// Left, top, width and height in the picture, pixels.
    pub in_atlas_px: [u32; 4],
    /// From the start of the letter on its baseline to the upper left corner, whole pixels.
    pub offset_px: [i32; 2],
}

/// The picture: how much of each pixel is covered.
#[derive(Debug)]
pub struct Atlas {
    pixels: Vec<u8>,
    slots: HashMap<Key, Option<Slot>>,
    /// Where the next letter goes: its left edge, the top of the row, the height of the row.
    pen: [u32; 3],
    /// Rows that changed: from, to.
    stale: Option<[u32; 2]>,
    is_full: bool,
}

impl Default for Atlas {
    fn default() -> Self {
        Self {
            pixels: vec![0; (ATLAS_SIDE_PX * ATLAS_SIDE_PX) as usize],
            slots: HashMap::new(),
            pen: [GAP_PX, GAP_PX, 0],
            stale: None,
            is_full: false,
        }
    }
}

impl Atlas {
    /// The letter whose start on the baseline is at `x_px`, drawn if it is not there yet. Answers the whole pixel that it
    /// counts from too; nothing for a blank.
    pub fn letter(
        &mut self,
        faces: &Faces,
        weight: Weight,
        glyph: GlyphId,
        size_px: f32,
        x_px: f32,
    ) -> Option<(Slot, i32)> {
        let quarters = (x_px * SHIFTS as f32).round() as i32;
        let shift = quarters.rem_euclid(SHIFTS as i32) as u32;
        let whole = quarters.div_euclid(SHIFTS as i32);
        let key = Key { weight, glyph, size: (size_px * 16.0).round().max(1.0) as u32, shift };
        let slot = match self.slots.get(&key) {
            Some(known) => *known,
            None => {
                let slot = self.draw(faces, &key);
                self.slots.insert(key, slot);
                slot
            }
        };
        slot.map(|slot| (slot, whole))
    }

    fn draw(&mut self, faces: &Faces, key: &Key) -> Option<Slot> {
        let (size_px, shift_px) = (key.size as f32 / 16.0, key.shift as f32 / SHIFTS as f32);
        let outline = faces.outline(key.weight, key.glyph, size_px, shift_px)?;
        let bounds = outline.px_bounds();
        let (width, height) = (bounds.width().ceil() as u32, bounds.height().ceil() as u32);
        let [left, top] = self.room(width, height)?;
        outline.draw(|x, y, cover| {
            let at = ((top + y.min(height.saturating_sub(1))) * ATLAS_SIDE_PX + left + x) as usize;
            if let Some(pixel) = self.pixels.get_mut(at) {
                *pixel = (cover.clamp(0.0, 1.0) * 255.0).round() as u8;
            }
        });
        let rows = [top, top + height];
        self.stale = Some(self.stale.map_or(rows, |known| [known[0].min(rows[0]), known[1].max(rows[1])]));
        Some(Slot {
            in_atlas_px: [left, top, width, height],
            offset_px: [bounds.min.x.floor() as i32, bounds.min.y.floor() as i32],
        })
    }

    /// Room for a letter, row by row; nothing when the picture is full.
    fn room(&mut self, width: u32, height: u32) -> Option<[u32; 2]> {
        let [left, top, row] = self.pen;
        let [left, top, row] = match left + width + GAP_PX > ATLAS_SIDE_PX {
            true => [GAP_PX, top + row + GAP_PX, 0],
            false => [left, top, row],
        };
        if top + height + GAP_PX > ATLAS_SIDE_PX || width + 2 * GAP_PX > ATLAS_SIDE_PX {
            self.is_full = true;
            return None;
        }
        self.pen = [left + width + GAP_PX, top, row.max(height)];
        Some([left, top])
    }

    /// Whether a letter found no room since it was cleared.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Forgets all letters.
    pub fn clear(&mut self) {
        *self = Self { stale: Some([0, ATLAS_SIDE_PX]), ..Self::default() };
    }

    /// The rows that changed since it was asked last, and their pixels.
    pub fn take_stale(&mut self) -> Option<(u32, &[u8])> {
        let [from, to] = self.stale.take()?;
        let rows = self.pixels.get((from * ATLAS_SIDE_PX) as usize..(to * ATLAS_SIDE_PX) as usize)?;
        Some((from, rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(atlas: &mut Atlas, faces: &Faces, letter: char, x_px: f32) -> Option<(Slot, i32)> {
        let text = letter.to_string();
        let glyph = faces.letters(&text, Weight::Regular, 16.0).next().unwrap().0;
        atlas.letter(faces, Weight::Regular, glyph, 16.0, x_px)
    }

    #[test]
    fn a_letter_is_drawn_once_for_each_place_within_a_pixel() {
        let (faces, mut atlas) = (Faces::shipped().unwrap(), Atlas::default());
        let first = letter(&mut atlas, &faces, 'A', 10.0).unwrap();
        assert!(atlas.take_stale().is_some());
        assert_eq!(letter(&mut atlas, &faces, 'A', 42.0).unwrap().0, first.0);
        assert!(atlas.take_stale().is_none(), "nothing new was drawn");
        assert_ne!(letter(&mut atlas, &faces, 'A', 10.25).unwrap().0, first.0);
    }

    #[test]
    fn a_blank_has_no_picture() {
        let (faces, mut atlas) = (Faces::shipped().unwrap(), Atlas::default());
        assert_eq!(letter(&mut atlas, &faces, ' ', 0.0), None);
    }

    #[test]
    fn a_full_picture_says_so_and_starts_anew() {
        let (faces, mut atlas) = (Faces::shipped().unwrap(), Atlas::default());
        let glyph = faces.letters("W", Weight::Strong, 16.0).next().unwrap().0;
        for size in 20..400 {
            atlas.letter(&faces, Weight::Strong, glyph, size as f32, 0.0);
        }
        assert!(atlas.is_full());
        atlas.clear();
        assert!(letter(&mut atlas, &faces, 'A', 0.0).is_some() && !atlas.is_full());
    }
}
