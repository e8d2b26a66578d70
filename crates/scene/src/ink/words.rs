//! Words on the picture, letter by letter out of the atlas.

use glam::Vec2;

use super::{Corner, Ink, Mode, Spot};
use crate::frame::Rgba;
use crate::text::{Atlas, Faces, Weight};

/// What writes: the font and the picture of its letters.
pub struct Pen<'a> {
    /// The font.
    pub faces: &'a Faces,
    /// Its letters.
    pub atlas: &'a mut Atlas,
}

/// A line of text.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Words<'a> {
    /// What it says.
    pub text: &'a str,
    /// How heavy.
    pub weight: Weight,
    /// Pixels of an em.
    pub size_px: f32,
    /// Its colour.
    pub color: Rgba,
}

/// Writes a line that begins on its baseline at a place; answers its width in pixels.
pub fn words(ink: &mut Ink, pen: &mut Pen<'_>, line: &Words<'_>, start_px: Vec2) -> f32 {
    // On whole rows letters keep their sharp feet.
    let baseline = start_px.y.round();
    let letters: Vec<_> = pen.faces.letters(line.text, line.weight, line.size_px).collect();
    for (glyph, along) in letters {
        let placed = pen.atlas.letter(pen.faces, line.weight, glyph, line.size_px, start_px.x + along);
        let Some((slot, whole)) = placed else { continue };
        let [left, top, width, height] = slot.in_atlas_px.map(|number| number as f32);
        let low = Vec2::new((whole + slot.offset_px[0]) as f32, baseline + slot.offset_px[1] as f32);
        let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| {
            let shift = Vec2::new(x, y);
            ink.corners.push(Corner {
                spot: Spot::front(low + shift),
                atlas_px: Vec2::new(left, top) + shift,
                color: line.color,
                mode: Mode::Letter,
            });
            u32::try_from(ink.corners.len() - 1).unwrap_or(u32::MAX)
        });
        let [a, b, c, d] = corners;
        ink.triangles.extend([[a, b, c], [a, c, d]]);
    }
    pen.faces.width_px(line.text, line.weight, line.size_px)
}
